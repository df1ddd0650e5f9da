# SPDX-License-Identifier: MIT
"""normalise: a recording -> lines to compare. What is left out here is all that may differ, with the reason.

- addresses: kernel and machine choose them. A hexadecimal number from 0x10000 on becomes @.
- pids: become the names of recording.py; a process outside of the program's own becomes 0.
- DROPPED, ANY_RESULT, BYTES, MACHINE and TIMES below.
- the arguments of a call that never returned, as its thread was ended by SIGKILL or by another one: strace itself is
  not sure of them.
- an interrupted call: whether it says EINTR or one of the kernel's ERESTART values is seen by strace only.
- a fork that a signal interrupts (ERESTARTNOINTR): it begins again, and is there once more.
- the result of a call on whose way back a signal's default action ends the process: strace sees it, ring 3 does not.
"""
import re

from .recording import FORKS, Call, End, label_order, label_tasks

DROPPED = {
    "clock_gettime": "Linux's vdso answers without a system call",
    "gettimeofday": "the same",
    "time": "the same",
    "getcpu": "the same",
    "rseq": "a kernel without restartable sequences refuses the first one, and the C library tries no other",
}

ANY_RESULT = {
    "times": "a number of ticks",
}

# Arguments that hold random bytes
BYTES = {"getrandom": [0]}

# Arguments that tell about the machine, not about the program
MACHINE = {
    "uname": [0],
    "sysinfo": [0],
    "sched_getaffinity": [2],
    "getrusage": [1],
    "times": [0],
    "prlimit64": [3],
    "getrlimit": [1],
    "statfs": [1],
    "fstatfs": [1],
    "wait4": [3],
}
MACHINE_RESULT = {"sched_getaffinity": "bytes of the set of CPUs"}

# Arguments that are a time left, or a moment of this day
TIMES = {
    "setitimer": [2],
    "getitimer": [1],
    "nanosleep": [1],
    "clock_nanosleep": [3],
}

# Results that are addresses; rt_sigreturn's is rax as it was, which often is one
ADDRESSES = ("mmap", "mremap", "brk", "shmat", "rt_sigreturn")

# Arguments that are pids (or minus a process group), and calls whose result is one
PIDS = {
    "kill": [0], "tkill": [0], "tgkill": [0, 1], "wait4": [0], "waitid": [1], "getpgid": [0], "getsid": [0],
    "setpgid": [0, 1], "prlimit64": [0], "sched_getaffinity": [0], "sched_setaffinity": [0], "rt_sigqueueinfo": [0],
}
PID_RESULTS = FORKS + ("wait4", "getpid", "getppid", "gettid", "getpgid", "getpgrp", "getsid", "setsid",
                       "set_tid_address")
_PID_FIELD = re.compile(r"\b(parent_tid|child_tid|si_pid|l_pid|pid)=(\[?)(\d+)")
# The machine's limit, and times
_MACHINE_FIELD = re.compile(r"\b(rlim_max|si_utime|si_stime)=[^,}]*")
# What a thread that waits for another one's end waits for: until this is no longer its tid
_JOIN = "FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME"
# Ends that no fault in ring 3 makes: the process met them on its way back from the kernel, or was not asked
_FAULTS = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{5,}\b")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _pid(labels, text):
    """A pid (or minus a process group) by its name."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not digits.isdigit() or text in ("0", "-1"):
        return text
    label = labels.get(int(digits))
    return f"{sign}<{label}>" if label else "0"


def _outside_strings(pattern, replace, text):
    """re.sub, but not within string literals."""
    parts, at = [], 0
    for match in _STRING.finditer(text):
        parts += [pattern.sub(replace, text[at:match.start()]), match[0]]
        at = match.end()
    return "".join(parts) + pattern.sub(replace, text[at:])


def _argument(call, position, text, labels):
    if any(position in table.get(call.name, ()) for table in (BYTES, MACHINE, TIMES)):
        return text if text == "NULL" else "*"
    if call.name == "clock_nanosleep" and position == 2 and call.arguments[1] == "TIMER_ABSTIME":
        return "*"
    if position in PIDS.get(call.name, ()):
        return _pid(labels, text)
    if call.name == "futex" and position == 2 and call.arguments[1] == _JOIN and int(text) in labels:
        return _pid(labels, text)
    if call.name == "ioctl" and position == 2 and re.fullmatch(r"\[\d+\]", text):  # TIOCGPGRP
        return f"[{_pid(labels, text[1:-1])}]"
    text = _outside_strings(_PID_FIELD, lambda match: f"{match[1]}={match[2]}{_pid(labels, match[3])}", text)
    text = _outside_strings(_MACHINE_FIELD, r"\1=*", text)
    return _outside_strings(_ADDRESS, "@", text)


def _result(call, labels, race):
    if call.name in ANY_RESULT or call.name in MACHINE_RESULT:
        return "*"
    if call.result == "-1 EINTR" or call.result.startswith("? E"):
        return "interrupted"
    if not call.result.isdigit():
        return call.result
    if call.name in ADDRESSES and int(call.result) >= 0x10000:
        return "@"
    if call.name in PID_RESULTS:
        return "*" if race and call.name == "wait4" and call.result != "0" else _pid(labels, call.result)
    return call.result


def _line(call, labels, race, arguments, killed):
    never = call.result == "?" and not killed and call.name not in ("exit", "exit_group")
    if not arguments or call.arguments is None or never:
        shown = "..."
    elif race and call.name in ("wait4", "waitid"):
        shown = "*"
    else:
        shown = ", ".join(_argument(call, at, text, labels) for at, text in enumerate(call.arguments))
    return f"{call.name}({shown}) = {'killed' if killed else _result(call, labels, race)}"


def _is_killed(following):
    """Whether a signal that is no fault ended the process when it was about to return from the call before."""
    words = following.how.split() if isinstance(following, End) else []
    return words[:1] == ["killed"] and words[-1] not in _FAULTS + ("SIGKILL",)


def lines(tasks, first, *, without=(), race="", random="", arguments=True):
    """The lines of a recording, task by task, each with the name of its task.

    without: names of calls that are left out (with exit_group, the ends of all processes but the first); race: not empty: children end in any order;
    random: a pattern of what chance decides; arguments: show them."""
    labels = label_tasks(tasks, first)
    dropped = set(DROPPED) | set(without) | ({"rt_sigreturn"} if race else set())
    result = []
    for number, label in sorted(labels.items(), key=lambda item: label_order(item[1])):
        task = tasks.get(number)
        items = task.items if task else []
        for item, following in zip(items, [*items[1:], None]):
            if isinstance(item, End):
                if not task.thread and (label == "1" or "exit_group" not in without):
                    result.append(f"{label} +++ {item.how} +++")
            elif item.name not in dropped and not (item.name in FORKS and item.result == "? ERESTARTNOINTR"):
                result.append(f"{label} {_line(item, labels, race, arguments, _is_killed(following))}")
    return [re.sub(random, "*", line) for line in result] if random else result
