# SPDX-License-Identifier: MIT
"""entries: the lists of command lines, tests/programs/*.list.

A list has comments (#), and entries: a name at the start of a line, and under it, indented, keys:

    run: WORDS...            the command line, with a shell's quotes; the program is a file of the tree, as bin/busybox
    with: FILE...            more programs that have to be in bin/ (sandbox.APPLETS: busybox under that name)
    stdin: TEXT              standard input, a pipe, with C's escapes; without it: /dev/null
    stdin file: FILE         standard input is this file of tests/programs/tree
    status: N                how it ends: a status, or 128 + signal; default 0
    env: NAME=VALUE          one more variable
    without output: REASON   what is not compared, and why: output, tree, calls,
    without NAME...: REASON  or single system calls; with exit_group also the ends of processes, but for the first
    random: PATTERN          a regular expression of what chance decides in the lines of system calls (temporary names)
    skip HOST: REASON        it does not run there: amd-v, vt-x
    children race: REASON    children end in any order: rt_sigreturn is left out, the results of wait4 are not told apart
"""
import dataclasses
import pathlib
import shlex


@dataclasses.dataclass
class Entry:
    name: str
    run: list = dataclasses.field(default_factory=list)
    programs: list = dataclasses.field(default_factory=list)
    stdin: bytes | None = None
    stdin_file: str | None = None
    status: int = 0
    environment: list = dataclasses.field(default_factory=list)
    without: dict = dataclasses.field(default_factory=dict)
    skip: dict = dataclasses.field(default_factory=dict)
    race: str = ""
    random: str = ""


def _set(entry, key, value):
    if key == "run":
        entry.run = shlex.split(value)
        entry.programs.insert(0, pathlib.PurePath(entry.run[0]).name)
    elif key == "with":
        entry.programs += value.split()
    elif key == "stdin":
        entry.stdin = value.encode("latin-1").decode("unicode_escape").encode("latin-1")
    elif key == "stdin file":
        entry.stdin_file = value
    elif key == "status":
        entry.status = int(value)
    elif key == "env":
        entry.environment.append(value)
    elif key.startswith("without ") and value:
        entry.without.update((word, value) for word in key.split()[1:])
    elif key.startswith("skip ") and value:
        entry.skip[key.removeprefix("skip ")] = value
    elif key == "random":
        entry.random = value
    elif key == "children race" and value:
        entry.race = value
    else:
        raise ValueError(f"unknown key '{key}', or no reason given")


def _read_list(path):
    entries = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if not line[0].isspace():
                entries.append(Entry(line.strip()))
            else:
                key, _, value = line.partition(":")
                _set(entries[-1], key.strip(), value.strip())
        except (ValueError, IndexError) as error:
            raise SystemExit(f"{path}:{number}: {error}") from error
    return entries


def read_all(directory):
    """The entries of every list in `directory`, by list and line; SystemExit names a bad line."""
    entries = [entry for path in sorted(directory.glob("*.list")) for entry in _read_list(path)]
    names = [entry.name for entry in entries]
    for entry in entries:
        if not entry.run:
            raise SystemExit(f"{entry.name}: no command line")
        if names.count(entry.name) > 1:
            raise SystemExit(f"{entry.name}: the name is there twice")
    return entries
