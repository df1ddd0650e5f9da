# SPDX-License-Identifier: MIT
"""recording: what was seen of one run, in one form for both sides, and how its processes are named.

Processes have other numbers on each side, and race: a process is named after its parent and the order of the parent's
forks. "1" is the program, "1.2" the second child (or thread) that it made, "1.2.1" the first of that one.
"""
import dataclasses

FORKS = ("clone", "clone3", "fork", "vfork")


@dataclasses.dataclass
class Call:
    name: str
    arguments: list | None  # as strace writes them; None: unknown
    result: str  # a decimal number, "-1 ERRNO", or "?": it did not return


@dataclasses.dataclass
class End:
    how: str  # "exited with N", "killed by SIGNAL"


@dataclasses.dataclass
class Task:
    """A process or thread."""
    number: int  # its pid or tid there
    thread: bool = False
    items: list = dataclasses.field(default_factory=list)  # Call and End, in order


def label_tasks(tasks, first):
    """{number: label} for the tasks (a dict by number) that the forks of task `first` and its descendants made."""
    labels = {first: "1"}
    waiting = [first]
    while waiting:
        parent = waiting.pop()
        made = 0
        for call in tasks[parent].items if parent in tasks else []:
            if isinstance(call, Call) and call.name in FORKS and call.result.isdigit() and int(call.result) > 0:
                made += 1
                child = int(call.result)
                if child not in labels:
                    labels[child] = f"{labels[parent]}.{made}"
                    waiting.append(child)
    return labels


def label_order(label):
    """A sort key: 1.2 before 1.10."""
    return [int(part) for part in label.split(".") if part.isdigit()]
