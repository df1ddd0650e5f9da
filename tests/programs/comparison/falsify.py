# SPDX-License-Identifier: MIT
"""falsify: false recordings of a run; a comparison that does not see one of them is worth nothing."""
import copy
import difflib

from . import normalise, strace_log, vmm_trace
from .recording import Call, End


def _first_call(run, wanted):
    """(list of items, position) of the first call for which wanted(call), in any task"""
    for task in run.tasks.values():
        for at, item in enumerate(task.items):
            if isinstance(item, Call) and wanted(item):
                return task.items, at
    raise LookupError("no such call to falsify")


def _with_string(call):
    return call.name in ("write", "writev", "openat", "readlink", "execve", "newfstatat") and any('"' in text for text in call.arguments)


def _other_result(run):
    items, at = _first_call(run, lambda call: call.name in ("mprotect", "prctl", "write", "writev", "close"))
    items[at].result = "77"


def _other_error(run):
    items, at = _first_call(run, lambda call: call.name in ("mprotect", "prctl", "write", "writev", "close"))
    items[at].result = "-1 EBADF" if items[at].result != "-1 EBADF" else "-1 EINVAL"


def _other_argument(run):
    items, at = _first_call(run, _with_string)
    items[at].arguments = [text.replace('"', '"~', 1) if '"' in text else text for text in items[at].arguments]


def _missing_call(run):
    items, at = _first_call(run, lambda call: call.name in ("mprotect", "set_tid_address", "write", "close"))
    del items[at]


def _one_more_call(run):
    run.tasks[run.first].items.insert(1, Call("getegid", [], "0"))


def _swapped_calls(run):
    items = run.tasks[run.first].items
    places = [at for at, item in enumerate(items) if isinstance(item, Call) and item.name in ("set_tid_address", "exit_group")]
    if not places or places[0] == 0:
        raise LookupError("no such call to falsify")
    items.insert(places[0] - 1, items.pop(places[0]))


def _other_end(run):
    items = run.tasks[run.first].items
    items[-1] = End("exited with 99")


def _status(run):
    run.status += 1


def _output(run):
    run.output += b"\n"


def _error(run):
    run.error += b"x"


def _file(run):
    run.tree.append("-0644 0:0 new 0 bytes")


CALLS = (_other_result, _other_error, _other_argument, _missing_call, _one_more_call, _swapped_calls, _other_end)


def sample_problems(directory):
    """A log of strace's and a trace of vmm's that tell of the same run: the differences that are found nevertheless."""
    tasks, first = strace_log.read(directory / "strace", launcher=1)
    native = normalise.lines(tasks, first)
    tasks, first, arguments, _ = vmm_trace.read(directory / "trace.jsonl")
    guest = normalise.lines(tasks, first)
    result = list(difflib.unified_diff(native, guest, "linux", "guest", lineterm="", n=0))
    return result if arguments and len(native) > 15 else [*result, "the samples were not read"]


def problems(entry, run, compare):
    """Lines: which false recordings of `run` the comparison took for equal, or that the true one is not."""
    tries = [(_status, ())]
    tries += [(change, ("calls",)) for change in CALLS] + [(change, ("output",)) for change in (_output, _error)] + [(_file, ("tree",))]
    result = ["a recording is not equal to itself"] if compare(entry, run, copy.deepcopy(run)) else []
    for change, unless in tries:
        if any(word in entry.without for word in unless):
            continue
        false = copy.deepcopy(run)
        try:
            change(false)
        except LookupError:
            continue  # this program makes no such call
        if not compare(entry, run, false):
            result.append(f"not seen: {change.__name__.strip('_').replace('_', ' ')}")
    return result
