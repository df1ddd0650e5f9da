# SPDX-License-Identifier: MIT
"""strace_log: reads the files of `strace -ff -o PREFIX`: PREFIX.PID for each process and thread."""
import pathlib
import re

from .recording import FORKS, Call, End, Task

_CALL = re.compile(r"([a-z_0-9]+)\((.*)\)\s+= (\?(?: E[A-Z_0-9]+)?|-1 E[A-Z0-9]+|-?(?:0x)?[0-9a-f]+)(?: .*|<.*)?$")
_UNFINISHED = re.compile(r"([a-z_0-9]+)\((.*?),? ?<unfinished \.\.\.>(?:\)\s+= \?)?$")
_END = re.compile(r"\+\+\+ (exited with \d+|killed by SIG\w+).*\+\+\+$")


def split_arguments(text):
    """The arguments of a call: `text` parted at the commas that are in no string, bracket or comment."""
    arguments, start, depth, at = [], 0, 0, 0
    while at < len(text):
        char = text[at]
        if char == '"':
            at += 1
            while at < len(text) and text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif text.startswith("/*", at):
            at = text.index("*/", at) + 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            arguments.append(text[start:at].strip())
            start = at + 1
        at += 1
    if text.strip():
        arguments.append(text[start:].strip())
    return arguments


def _result(text):
    """"? ERESTARTSYS" and "-1 ENOENT" stay; numbers become decimal."""
    if text.startswith("?") or text.startswith("-1 E"):
        return text
    if text.startswith("0x"):
        return str(int(text, 16))
    if len(text) > 1 and text.startswith("0"):
        return str(int(text, 8))
    return text


def _read_item(line):
    match = _CALL.match(line)
    if match:
        return Call(match[1], split_arguments(match[2]), _result(match[3]))
    match = _UNFINISHED.match(line)
    if match:
        return Call(match[1], split_arguments(match[2]), "?")
    match = _END.match(line)
    if match:
        return End(match[1])
    if line.startswith(("--- ", "???(")):
        return None  # a signal: what follows shows it; or the task died before strace could look
    raise ValueError(f"strace wrote what nobody understands: {line}")


def _is_execve(item):
    return isinstance(item, Call) and item.name == "execve" and item.result == "0"


def read(prefix, launcher):
    """({pid: Task}, pid of the program). The calls up to and with the execve after `launcher`'s own are left out."""
    prefix = pathlib.Path(prefix)
    tasks = {}
    for path in prefix.parent.glob(prefix.name + ".*"):
        pid = int(path.suffix[1:])
        lines = path.read_text(encoding="latin-1").splitlines()
        tasks[pid] = Task(pid, items=[item for item in map(_read_item, lines) if item is not None])
    if not tasks:
        raise ValueError("strace wrote nothing")
    first = min(tasks)
    starts = [at for at, item in enumerate(tasks[first].items) if _is_execve(item)]
    if len(starts) <= launcher:
        raise ValueError("the program was not started: " + str(tasks[first].items[-2:]))
    del tasks[first].items[:starts[launcher] + 1]
    for task in list(tasks.values()):
        for call in task.items:
            if isinstance(call, Call) and call.name in FORKS and "CLONE_THREAD" in " ".join(call.arguments):
                if call.result.isdigit() and int(call.result) in tasks:
                    tasks[int(call.result)].thread = True
    return tasks, first
