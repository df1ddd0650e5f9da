# SPDX-License-Identifier: MIT
"""emulated: the entries under vmm in an emulated KVM host (tests/hosts/boot), all in one boot.

Output, error output, status and files come back; the system calls are held against Linux on this machine's KVM only.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tarfile

from . import sandbox, tree_list

HERE = pathlib.Path(__file__).resolve().parent.parent
HOSTS = ("amd-v", "vt-x")
# For the native runs: as in the emulated host, whose files are all in memory. Order and size of directories are those of
# the file system.
MEMORY = pathlib.Path("/dev/shm")
# Every transition is seen, but none written down
OPTIONS = ["-q", "--timeout", str(sandbox.GUEST_SECONDS), "--root", ".:rw"]


def usable(host):
    """None, or why that host cannot be booted here."""
    if not MEMORY.is_dir():
        return f"{MEMORY} is not here"
    done = subprocess.run([HERE.parent / "hosts/fetch-kernel"], capture_output=True, check=False)
    return f"{host}: {(done.stderr or done.stdout).decode(errors='replace').strip()}" if done.returncode else None


def _input(entry, payload):
    """Where its standard input comes from, for `collect`."""
    if entry.stdin is not None:
        (payload / "input" / entry.name).write_bytes(entry.stdin)
        return "pipe"
    return entry.stdin_file if entry.stdin_file is not None else "/dev/null"


def _of_root(member):
    member.uid, member.gid, member.uname, member.gname = 0, 0, "", ""
    return member


def _payload(entries, build, payload, more):
    """Makes the directory `payload`: what `collect` expects."""
    shutil.rmtree(payload, ignore_errors=True)
    for name in ("programs", "input", "entries", "out"):
        (payload / name).mkdir(parents=True)
    sandbox.prepare_tree([], build, payload / "tree")
    with tarfile.open(payload / "tree.tar", "w") as archive:
        archive.add(payload / "tree", "work", filter=_of_root)
    shutil.rmtree(payload / "tree")
    shutil.copyfile(HERE / "collect", payload / "run")
    shutil.copyfile(build / "vmm", payload / "vmm")
    for name in sorted({name for entry in entries for name in entry.programs}):
        shutil.copyfile(sandbox.find_program(name, build), payload / "programs" / name)
    for path in [payload / "run", payload / "vmm"]:
        path.chmod(0o755)
    for entry in entries:
        options = [*OPTIONS, *more]
        for variable in entry.environment:
            options += ["--env", variable]
        (payload / "entries" / entry.name).write_text(
            f"programs={shlex.quote(' '.join(entry.programs))}\ninput={_input(entry, payload)}\n"
            f"long_ago={sandbox.LONG_AGO}\nset -- {shlex.join([*options, '--', *entry.run])}\n")
    (payload / "plan").write_text("".join(f"{entry.name}\n" for entry in entries))


def _tree(listing, now):
    """The lines of tree_list for what `listing` of `collect` wrote. Who is root there is the caller here."""
    links = dict(re.findall(r"^link '(.*)' -> '(.*)'$", listing, re.M))
    sums = {path: digest for digest, path in re.findall(r"^([0-9a-f]{64})  (.*)$", listing, re.M)}
    result = []
    for words in re.findall(r"^([0-9a-f]{4}) (\d+:\d+) (\d+) (\d+) (\d+) (.*)$", listing, re.M):
        mode, owner, size, count, changed, path = words
        owner = f"{os.geteuid()}:{os.getegid()}" if owner == "0:0" else owner
        content = ""
        if path in links:
            content = tree_list.link(links[path])
        elif path in sums:
            content = tree_list.regular(size, count, sums[path])
        result.append(tree_list.line(int(mode, 16), owner, path.removeprefix("./"), content, int(changed), now))
    return sorted(result)


def read(name, out):
    """The run of entry `name` from the directory `out` that came back; ValueError if it ended by vmm's own doing."""
    def part(which):
        return (out / f"{name}.{which}").read_bytes()

    if not (out / f"{name}.tree").exists():
        raise ValueError("was not run")
    status, (now, start, end) = int(part("status")), part("times").split()
    return sandbox.Run(status, part("output"), sandbox.program_error(status, part("error")),
                       _tree(part("tree").decode(errors="surrogateescape"), int(now)), {}, 0, seconds=float(end) - float(start))


def boot(host, entries, build, work, more):
    """Runs the entries (whose programs are there) on `host`, with more options: the directory with what came back.
    OSError says that the host failed; what ran before that is lost."""
    _payload(entries, build, work / "payload", more)
    shutil.rmtree(work / "out", ignore_errors=True)
    command = [HERE.parent / "hosts/boot", host, work / "payload", work / "out"]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise OSError((done.stderr + done.stdout).decode(errors="replace").strip())
    return work / "out"
