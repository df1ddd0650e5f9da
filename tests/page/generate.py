# SPDX-License-Identifier: MIT
"""generate.py: a page with as many events as one likes, made of a page of a real run.

The crossings and exits of the run are repeated, each time later and with numbers of their own, between its own start
and end. Usage: generate.py PAGE EVENTS >BIG_PAGE"""
import json
import sys

BEGIN = '<script type="application/json" class="events">\n'


def split(page):
    """The page before its first event, and the events."""
    head, *blocks = page.split(BEGIN)
    lines = [line for block in blocks for line in block.split("</script>")[0].split("\n") if line]
    return head, [json.loads(line) for line in lines]


def shift(event, seq, ns, tsc, new_seq):
    event = dict(event, seq=seq, ns=event["ns"] + ns)
    if "tsc" in event:
        event["tsc"] += tsc
    if "entry" in event:
        event["entry"] = new_seq[event["entry"]]
    return event


def repeat(events, count):
    """count events: those of the run over and over, without what is there once."""
    start, ends = events[0], [event for event in events if event["type"] in ("summary", "end")]
    once = [event for event in events[1:] if event["type"] in ("address_space", "note", "process")]
    body = [event for event in events if event["type"] in ("transition", "exit")]
    span = body[-1]["ns"] - body[0]["ns"] + 100000
    result = [start] + [dict(event, seq=seq + 1) for seq, event in enumerate(once)]
    turn = 0
    while len(result) < count - len(ends):
        new_seq = {}
        for event in body[:count - len(ends) - len(result)]:
            new_seq[event["seq"]] = len(result)
            if event.get("entry", event["seq"]) in new_seq:
                result.append(shift(event, len(result), turn * span, turn * span * 3, new_seq))
        turn += 1
    return result + [dict(event, seq=len(result) + i, ns=result[-1]["ns"]) for i, event in enumerate(ends)]


def write(head, events, out):
    out.write(head)
    for first in range(0, len(events), 1024):
        out.write(BEGIN)
        for event in events[first:first + 1024]:
            out.write(json.dumps(event, separators=(",", ":")).replace("<", "\\u003c") + "\n")
        out.write("</script>\n")
    out.write("</body>\n</html>\n")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        head, events = split(file.read())
    write(head, repeat(events, int(sys.argv[2])), sys.stdout)


if __name__ == "__main__":
    main()
