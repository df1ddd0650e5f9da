# SPDX-License-Identifier: MIT
"""sandbox: the file tree of an entry, and the two ways to run it there: on Linux under strace, and under vmm.

Both see the tree as /, with an empty /tmp in memory, /dev and /proc, the same two variables, uid 0, and 8 MiB of stack.
"""
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import time

from . import strace_log, tree_list, vmm_trace

HERE = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = ["PATH=/bin:/usr/bin", "HOME=/"]
# Before all: what a program prints of the tree's times must not depend on today
LONG_AGO = 1704164645  # 2024-01-02 03:04:05 UTC
# Programs of the tree that are busybox under another name
APPLETS = ("sh", "cat", "echo", "ls", "sort", "uniq", "wc")
# The files are root's on both sides, whoever runs the tests
AS_ROOT = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]
NAMESPACES = ["unshare", "--mount", "--pid", "--fork", "--kill-child"] + AS_ROOT[1:]
NATIVE_SECONDS, GUEST_SECONDS = 20, 60


class Missing(Exception):
    """The entry cannot run here; the text says why."""


@dataclasses.dataclass
class Run:
    status: int
    output: bytes
    error: bytes
    tree: list
    tasks: dict
    first: int
    arguments: bool = True  # whether those of the calls are known
    seconds: float = 0  # that it took under vmm


def find_program(name, build):
    """The file behind bin/NAME."""
    places = [build / "tests/programs" / name, pathlib.Path("/bin", name), pathlib.Path("/sbin", name)]
    if name in APPLETS:
        places = [pathlib.Path("/bin/busybox")]
    for place in places:
        if place.is_file():
            return place
    raise Missing(f"{name} is not here: make deps")


def prepare_tree(programs, build, top):
    """Makes the tree `top` afresh: tests/programs/tree, and those programs. The order in which files are made is always
    the same, because it is that of the listing of a directory in some file systems."""
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir()
    files = [path.relative_to(HERE / "tree") for path in (HERE / "tree").rglob("*")]
    for path in sorted(files + [pathlib.Path(name) for name in ("bin", "dev", "proc", "tmp")]):
        if (HERE / "tree" / path).is_file():
            shutil.copyfile(HERE / "tree" / path, top / path)
        else:
            (top / path).mkdir()
    for name in programs:
        shutil.copyfile(find_program(name, build), top / "bin" / name)
    for directory, _, files in os.walk(top, topdown=False):
        for path in [os.path.join(directory, name) for name in files]:
            os.chmod(path, 0o755 if directory.endswith("/bin") else 0o644)
            os.utime(path, (LONG_AGO, LONG_AGO))
        os.chmod(directory, 0o755)
        os.utime(directory, (LONG_AGO, LONG_AGO))


def _spawn(command, entry, cwd, seconds):
    """Runs it with the entry's input; (status, output, error)."""
    keywords = {"input": entry.stdin} if entry.stdin is not None else {"stdin": subprocess.DEVNULL}
    if entry.stdin_file is not None:
        keywords = {"stdin": os.open(HERE / "tree" / entry.stdin_file, os.O_RDONLY)}
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=seconds, umask=0o022, start_new_session=True,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, check=False, **keywords)
    finally:
        if entry.stdin_file is not None:
            os.close(keywords["stdin"])
    return done.returncode, done.stdout, done.stderr


def _without(prefix, text):
    """`text` without the lines of the tool around the program."""
    return b"".join(line for line in text.splitlines(keepends=True) if not line.startswith(prefix))


def program_error(status, error):
    """The error output of a run under vmm without vmm's own lines; ValueError if vmm itself ended the run."""
    message = b" ".join(line for line in error.splitlines() if line.startswith(b"vmm: ")).decode(errors="replace")
    if status in (124, 125, 126) and message:
        raise ValueError(message)
    return _without(b"vmm: ", error)


def _status(tasks, first):
    """The status of the program as a shell would give it."""
    end = tasks[first].items[-1]
    words = getattr(end, "how", "").split()
    if words[:1] == ["exited"]:
        return int(words[-1])
    if words[:1] == ["killed"]:
        return 128 + vmm_trace.signal_number(words[-1])
    raise ValueError("strace does not say how it ended")


def run_native(entry, build, work, **_):
    """On Linux, in namespaces of its own, under strace."""
    top = work / "tree"
    prepare_tree(entry.programs, build, top)
    log = work / "strace"
    for old in work.glob("strace.*"):
        old.unlink()
    now = time.time()
    _, output, error = _spawn([*NAMESPACES, str(HERE / "native"), str(top), str(log),
                               *ENVIRONMENT, *entry.environment, "--", *entry.run], entry, work, NATIVE_SECONDS)
    try:
        tasks, first = strace_log.read(log, launcher=2)  # setsid, chroot
    except ValueError as problem:
        raise ValueError(f"{problem} {error.decode(errors='replace').strip()}") from problem
    error = _without(b"strace: ", error)
    return Run(_status(tasks, first), output, error, tree_list.lines(top, now), tasks, first)


def run_guest(entry, build, work, more=()):
    """Under vmm, with more options."""
    top = work / "tree"
    prepare_tree(entry.programs, build, top)
    trace = work / "trace.jsonl"
    trace.unlink(missing_ok=True)
    options = ["-f", "json", "-o", str(trace), "-e", "syscall,return", "--layout=never", "--timeout", str(GUEST_SECONDS),
               "--root", f"{top}:rw", *more]
    for variable in entry.environment:
        options += ["--env", variable]
    now, start = time.time(), time.monotonic()
    status, output, error = _spawn([*AS_ROOT, str(build / "vmm"), *options, "--", *entry.run], entry, top, GUEST_SECONDS + 10)
    seconds = time.monotonic() - start
    program = program_error(status, error)
    if not trace.exists():
        raise ValueError(f"vmm wrote no trace; status {status} {error.decode(errors='replace').strip()}")
    tasks, first, arguments, _ = vmm_trace.read(trace)
    return Run(status, output, program, tree_list.lines(top, now), tasks, first, arguments, seconds)


def usable():
    """None, or why nothing can run natively here."""
    if shutil.which("strace") is None:
        return "strace is not here: make deps"
    done = subprocess.run([*NAMESPACES, "strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return None if done.returncode == 0 else "no namespaces, or no tracing: " + done.stderr.decode(errors="replace").strip()


if __name__ == "__main__":
    sys.exit("this is a module; use tests/programs/run")
