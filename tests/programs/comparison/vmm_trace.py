# SPDX-License-Identifier: MIT
"""vmm_trace: reads the JSON Lines report of vmm (docs/json.md) into the same form as strace's log."""
import errno
import json
import signal

from .recording import Call, End, Task

_ALIASES = {"ENOTSUP": "EOPNOTSUPP", "EDEADLOCK": "EDEADLK"}
_RESTARTS = {512: "ERESTARTSYS", 513: "ERESTARTNOINTR", 514: "ERESTARTNOHAND", 516: "ERESTART_RESTARTBLOCK"}


def _result(event):
    value = event.get("result")
    if value is None:
        return "?"
    if isinstance(value, str):
        value = int(value, 0)
    if -4095 <= value < 0:
        if -value in _RESTARTS:
            return "? " + _RESTARTS[-value]
        name = event.get("error") or errno.errorcode.get(-value, str(-value))
        return "-1 " + _ALIASES.get(name, name)
    return str(value % 2**64 if value < 0 else value)


def signal_name(number):
    """As strace has it: the first real-time signal is the kernel's, 32, not the C library's."""
    return signal.Signals(number).name if number < 32 else f"SIGRT_{number - 32}"


def signal_number(name):
    """The reverse."""
    return 32 + int(name[6:]) if name.startswith("SIGRT_") else signal.Signals[name].value


def _how(status):
    """wait4's status in strace's words."""
    if status % 128 == 0:
        return f"exited with {status >> 8 & 255}"
    return "killed by " + signal_name(status % 128)


def _exit_status(event):
    """The argument of a call that does not return, from its entry."""
    return [str((int(argument, 0) + 2**31) % 2**32 - 2**31) for argument in event.get("args", [])[:1]]


def _end(event):
    """How process 1 ended, from the line of type end."""
    if event.get("reason") == "signal":
        return _how(event["status"] - 128)
    return _how(event["status"] << 8)


def read(path):
    """({tid: Task}, tid of the program, whether arguments are known, the line of type end or None)"""
    tasks, calls, first, decoded, end = {}, {}, None, False, None
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            event = json.loads(line)
            kind, number = event.get("type"), event.get("tid", event.get("pid", 0))
            if kind == "end":
                end = event
            elif kind == "transition" and event.get("number") is not None and event["from"] == 3:
                task = tasks.setdefault(number, Task(number, thread=number != event["pid"]))
                first = number if first is None else first
                calls[event["seq"]] = call = Call(event.get("name") or str(event["number"]), event.get("decoded"), "?")
                if call.arguments is None and call.name in ("exit", "exit_group"):
                    call.arguments = _exit_status(event)
                task.items.append(call)
            elif kind == "transition" and event.get("entry") in calls:
                call = calls.pop(event["entry"])
                call.result = _result(event)
                if "decoded" in event:
                    call.arguments, decoded = event["decoded"], True
            elif kind == "process" and event.get("event") == "exit" and number in tasks:
                tasks[number].items.append(End(_how(event["status"])))
    if first is None:
        raise ValueError("the trace has no system call")
    if end is not None and not any(isinstance(item, End) for item in tasks[first].items):
        tasks[first].items.append(End(_end(end)))
    return tasks, first, decoded, end
