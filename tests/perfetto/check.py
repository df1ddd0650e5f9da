#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""check.py: holds Perfetto traces against the rules of the format and against JSON of the same run.

Usage: check.py SCHEMA rules TRACE              the rules alone: nesting, ends, tracks, interned data, flows
       check.py SCHEMA same TRACE JSON          both are of one stream: every event is there, with the same values
       check.py SCHEMA alike TRACE JSON         two runs of a deterministic guest: all but times and interrupts
       check.py SCHEMA random TRACE JSON        both show the bytes of scene `random` as they must
       check.py SCHEMA cut TRACE                every beginning of the trace is a trace up to its last packet
       check.py SCHEMA scene-NAME TRACE         what a scene of scenes.c must look like
Prints nothing and ends with 0 if all is well, otherwise what is wrong.
"""
import codecs
import collections
import json
import sys

import perfetto_trace

CROSSINGS = ("syscall", "int", "exception", "interrupt", "nmi")


def read_json(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def crossings(trace):
    """Entries on the tracks where they are whole: of threads, and of CPUs outside any process."""
    for event in trace.events:
        track = trace.tracks[event.track]
        if event.category in CROSSINGS and (track.HasField("thread") or track.name == "no process"):
            yield event


def number(value):
    return int(value, 16) if isinstance(value, str) and value.startswith("0x") else value


class Comparison:
    """One stream, twice: seq names the same event in both."""

    def __init__(self, trace, lines):
        self.trace, self.problems = trace, []
        self.lines = {line["seq"]: line for line in lines}
        self.seen = set()
        self.clock = {}
        now = 0
        for line in lines:  # a trace's time never goes back
            now = max(now, line["ns"])
            self.clock[line["seq"]] = now

    def want(self, seq, what, got, expected):
        if got != expected and len(self.problems) < 20:
            self.problems.append(f"seq {seq}: {what} is {got!r}, in JSON {expected!r}")

    def line(self, event, seq, kind):
        line = self.lines.get(seq, {})
        self.want(seq, "type", kind, line.get("type"))
        if seq in self.seen:
            self.problems.append(f"seq {seq} is there twice")
        self.seen.add(seq)
        if seq in self.clock:
            self.want(seq, "ns", event.ts, self.clock[seq])
        return line

    def values(self, seq, args, line, names):
        for name, key in names.items():
            self.want(seq, name, args.get(name), number(line.get(key)))

    def place(self, event, seq, line):
        track = self.trace.tracks[event.track]
        if track.HasField("thread"):
            self.want(seq, "pid", track.thread.pid, line.get("pid"))
            self.want(seq, "tid", track.thread.tid, line.get("tid", line.get("pid")))
        else:
            self.want(seq, "pid", 0, line.get("pid"))

    def entry(self, event):
        seq, args = event.args["seq"], event.args
        line = self.line(event, seq, "transition")
        self.place(event, seq, line)
        self.want(seq, "cause", event.category, line.get("cause"))
        if "name" in line:
            self.want(seq, "name", event.name, line["name"][:35])
        same = ("cpu", "from", "number", "vector", "why", "symbol", "rip", "rsp", "cr3", "rflags", "frame", "error", "cr2")
        self.values(seq, args, line, {name: name for name in same})
        self.want(seq, "quirk", args.get("quirk"), [line["quirk"]] if "quirk" in line else None)
        self.want(seq, "target", args["target"], line.get("target_symbol") or number(line["target"]))
        given = [args.get(f"arg{i}", "") for i in range(1, 7) if f"arg{i}" in args]
        expected = line.get("decoded") or [number(arg) for arg in line.get("args", [])]
        self.want(seq, "arguments", given, [arg for arg in expected if arg != ""])
        walk = " ".join(f"{step['entry']}[{step['index']}]={step['value']}" for step in line.get("walk", []))
        self.want(seq, "walk", args.get("walk", ""), walk)
        if event.end is not None and "seq_return" in event.end.args:
            self.back(event.end, line)
            self.want(seq, "entry of the return", self.lines[event.end.args["seq_return"]].get("entry"), seq)

    def back(self, event, entry):
        seq, args = event.args["seq_return"], event.args
        line = self.line(event, seq, "transition")
        self.place(event, seq, line)
        self.want(seq, "cause", args["return"], line.get("cause"))
        self.values(seq, args, line, {name: name for name in ("result", "ns_inside", "exits_inside", "handler")})
        self.want(seq, "errno", args.get("errno"), line.get("error"))
        self.want(seq, "result_text", args.get("result_text"), line.get("result_text"))
        if entry is not None and "decoded" in line and "decoded" in entry:
            for i, (old, new) in enumerate(zip(entry["decoded"], line["decoded"]), 1):
                if old != new:
                    self.want(seq, f"out{i}", args.get(f"out{i}"), new)

    def exit(self, event):
        seq, args = event.args["seq"], event.args
        line = self.line(event, seq, "exit")
        self.want(seq, "CPU", self.trace.track_name(event.track), f"CPU {line['cpu']} host")
        names = ("reason", "direction", "device", "call", "size", "count", "entry", "from", "pid", "result")
        for name in names:
            self.want(seq, name, args.get(name), line.get(name))
        self.values(seq, args, line, {"port": "port", "physical_address": "address", "rip": "rip"})
        if "entry" in line:
            self.want(seq, "flows", event.flows, [line["entry"] + 1])

    def processes(self):
        """Parents and names as the process events say, and pages as the address spaces do."""
        named, pages = collections.defaultdict(list), collections.defaultdict(list)
        for seq, line in self.lines.items():
            if line.get("event") in ("start", "exec"):
                named[line["pid"]].append((self.clock[seq], line["parent"], line.get("name", "")))
            elif line["type"] == "address_space":
                pages[line["pid"]].append((self.clock[seq], line["totals"]["user_pages"]))
        self.want("-", "processes", dict(self.trace.cmdlines), dict(named))
        drawn = collections.defaultdict(list)
        for ts, track, value in self.trace.counters:
            if self.trace.tracks[track].name == "resident pages":
                drawn[self.trace.tracks[self.trace.tracks[track].parent_uuid].process.pid].append((ts, value))
        self.want("-", "resident pages", dict(drawn), dict(pages))

    def run(self):
        self.processes()
        for event in self.trace.events:
            track = self.trace.tracks[event.track]
            whole = track.HasField("thread") or track.name == "no process"
            if event.category in CROSSINGS and whole:
                self.entry(event)
            elif event.category == "return":
                self.back(event, None)
            elif event.category == "exit":
                self.exit(event)
            elif event.category in ("process", "vmm", "note"):
                line = self.lines.get(event.args["seq"], {})
                self.seen.add(event.args["seq"])
                expected = {"process": line.get("event", "address space"), "vmm": line.get("type")}
                self.want(event.args["seq"], "name", event.name, expected.get(event.category, line.get("text")))
        for seq in sorted(set(self.lines) - self.seen)[:5]:
            self.problems.append(f"seq {seq} is missing: {json.dumps(self.lines[seq])[:150]}")
        return self.problems


def counts_problems(trace, lines):
    """Counts of each cause, and those of the end event, which the stream counted."""
    problems = []
    drawn = collections.Counter(event.category for event in crossings(trace))
    listed = collections.Counter(line["cause"] for line in lines if line.get("cause") in CROSSINGS)
    if drawn != listed:
        problems.append(f"crossings: {dict(drawn)}, in JSON {dict(listed)}")
    exits = sum(event.category == "exit" for event in trace.events)
    listed = sum(line["type"] == "exit" for line in lines)
    if exits != listed:
        problems.append(f"{exits} exits, in JSON {listed}")
    return problems


def own_counts_problems(trace):
    """What the trace draws, against what its own `end` says."""
    end = next(event for event in trace.events if event.category == "vmm" and event.name == "end").args
    entries = sum(1 for _ in crossings(trace))
    returns = sum("seq_return" in event.args for event in trace.events)
    if (entries, returns) != (end["entries"], end["returns"]):
        return [f"{entries} entries and {returns} returns are drawn, the end says {end['entries']} and {end['returns']}"]
    return []


def lane_problems(trace):
    """On a CPU, ring 3 and ring 0 take turns, and a crossing is there only while its thread is."""
    problems, ring3 = [], {}
    for event in trace.events:
        name = trace.track_name(event.track)
        if not name.startswith("CPU "):
            continue
        cpu = name.split()[1]
        if name.endswith("ring 3"):
            ring3[cpu] = event.kind == "SLICE_BEGIN"
        elif name.endswith("ring 0") and event.kind == "SLICE_BEGIN" and ring3.get(cpu):
            problems.append(f"packet {event.number}: {event.name} begins on {name} while ring 3 runs")
        if name.endswith("ring 0") and event.kind == "SLICE_BEGIN" and event.category != "ring 0":
            around = event.parent
            if around is not None and around.category != "ring 0":
                if around.args.get("tid") != event.args.get("tid"):
                    problems.append(f"packet {event.number}: {event.name} is inside another thread's {around.name}")
    return problems[:10]


def track_problems(trace):
    """Each CPU has its lanes, in their order; each thread is in its process."""
    problems = []
    children = collections.defaultdict(dict)
    for track in trace.tracks.values():
        children[track.parent_uuid][track.sibling_order_rank] = track.name
        parent = trace.tracks.get(track.parent_uuid)
        if track.HasField("thread") and (parent is None or parent.process.pid != track.thread.pid):
            problems.append(f"thread {track.thread.tid} is not in process {track.thread.pid}")
    for uuid, track in trace.tracks.items():
        if track.name.startswith("CPU "):
            names = [name for _, name in sorted(children[uuid].items()) if name != "no process"]
            problems += expect(track.name, names, ["ring 3", "ring 0", "host", "exits"])
            problems += expect(f"order of {track.name}", track.child_ordering, 3)  # EXPLICIT
    return problems


def alike(trace, lines):
    """By thread: causes, names, results and arguments, in order. Interrupts come when they come."""

    def key(pid, cause, name, result):
        return pid, cause, name, result

    drawn, listed = collections.defaultdict(list), collections.defaultdict(list)
    for event in crossings(trace):
        track = trace.tracks[event.track]
        if event.category != "interrupt":
            result = event.end.args.get("result_text") if event.end is not None else None
            drawn[track.thread.tid].append(key(track.thread.pid, event.category, event.name, result))
    results = {line["entry"]: line.get("result_text") for line in lines if "entry" in line and "cause" in line}
    for line in lines:
        if line.get("cause") in CROSSINGS and line["cause"] != "interrupt":
            name = line.get("name") or f"{line['cause']} {line.get('number', line.get('vector'))}"
            listed[line.get("tid", line["pid"])].append(key(line["pid"], line["cause"], name, results.get(line["seq"])))
    problems = []
    for tid in sorted(set(drawn) | set(listed)):
        if drawn[tid] != listed[tid]:
            different = [pair for pair in zip(drawn[tid], listed[tid]) if pair[0] != pair[1]][:1]
            problems.append(f"thread {tid}: {len(drawn[tid])} crossings, in JSON {len(listed[tid])}: {different}")
    return problems


def cut(schema, data):
    """Every kind of cut: at the end of packets, one byte off, in the middle."""
    whole = perfetto_trace.Trace(schema, data).packets
    problems, last = [] if whole else ["the trace has no packets"], -1
    step = max(1, len(data) // 97)
    for end in sorted(set(range(0, len(data), step)) | set(range(len(data) - 300, len(data)))):
        trace = perfetto_trace.Trace(schema, data[:end], truncated=True)
        problems += [f"cut at {end}: {problem}" for problem in trace.problems if "one end only" not in problem]
        if not last <= trace.packets <= whole:
            problems.append(f"cut at {end}: {trace.packets} packets, before {last}, in all {whole}")
        last = trace.packets
    return problems[:5]


def on_track(trace, name):
    return [event for event in trace.events if trace.track_name(event.track) == name]


def slices(trace, name):
    return [
        (event.name, event.ts, event.end and event.end.ts, bool(event.args.get("continued")))
        for event in on_track(trace, name)
        if event.kind == "SLICE_BEGIN"
    ]


def expect(what, got, wanted):
    return [] if got == wanted else [f"{what}: {got}\n    wanted: {wanted}"]


def as_text(data):
    """Bytes as reports show them: UTF-8 stays, of the rest each byte is the character with its number."""
    codecs.register_error("one by one", lambda error: (chr(error.object[error.start]), error.start + 1))
    return data.decode("utf-8", errors="one by one")


def random_bytes(trace, lines):
    """Each note and its bytes in hexadecimal, by two parsers that are not vmm's."""
    problems = []
    drawn = [event.name for event in trace.events if event.category == "note"]
    listed = [line["text"] for line in lines if line["type"] == "note"]
    problems += expect("notes", (len(drawn), len(listed)), (40000, 40000))
    for kind, texts in (("Perfetto", drawn), ("JSON", listed)):
        for text, digits in zip(texts[::2], texts[1::2]):
            problems += expect(f"{kind} of {digits}", text, as_text(bytes.fromhex(digits)))
    return problems


def scene_switch(trace):
    """A read that blocks while another thread runs, and goes on on another CPU."""
    problems = expect("thread 1", slices(trace, "thread 1"), [("read", 100, 600, False), ("#PF", 110, 120, False)])
    problems += expect("thread 2", slices(trace, "thread 2"), [("timer", 200, 300, False), ("write", 400, 700, False)])
    problems += expect(
        "CPU 0 ring 0",
        slices(trace, "CPU 0 ring 0"),
        [
            ("read", 100, 200, False),
            ("#PF", 110, 120, False),
            ("timer", 200, 300, False),
            ("write", 400, 700, False),
        ],
    )
    problems += expect("CPU 1 ring 0", slices(trace, "CPU 1 ring 0"), [("read", 500, 600, True)])
    problems += expect("CPU 0 ring 3", slices(trace, "CPU 0 ring 3"), [("two", 300, 400, False), ("two", 700, 800, False)])
    problems += expect("CPU 1 ring 3", slices(trace, "CPU 1 ring 3"), [("one", 600, 800, False)])
    flow = [(trace.track_name(event.track), event.name, event.ts) for event in trace.events if 3 in event.flows]
    problems += expect(
        "flow of the read",
        flow,
        [
            ("thread 1", "read", 100),
            ("CPU 0 ring 0", "read", 100),
            ("CPU 0 host", "file", 105),
            ("CPU 1 ring 0", "read", 500),
            ("CPU 1 host", "fpu", 500),
        ],
    )
    counts = [(ts, trace.track_name(track), value) for ts, track, value in trace.counters]
    problems += expect("exits", counts, [(105, "CPU 0 exits", 1), (500, "CPU 1 exits", 1)])
    return problems


def scene_no_returns(trace):
    """-e without `return`: after the first, entries are instants, not slices without an end."""
    kinds = [(event.kind, event.name) for event in on_track(trace, "thread 1") if event.category in CROSSINGS]
    return expect("thread 1", kinds, [("SLICE_BEGIN", "getpid")] + [("INSTANT", "getpid")] * 4)


def scene_unreturned(trace):
    """A fault whose return is missing ends with the call around it; a process that exits ends what it has open."""
    ends = [(e.name, e.end.ts, e.end.args.get("return")) for e in crossings(trace) if e.end is not None]
    return expect(
        "ends",
        ends,
        [
            ("read", 300, "sysret"),
            ("#PF", 300, "not seen"),
            ("exit_group", 500, "none: it ended"),
            ("pause", 700, "not seen: the trace ends"),
        ],
    )


def scene_idle(trace):
    """What runs outside any process: interrupts that wake an idle CPU."""
    problems = expect(
        "no process", slices(trace, "CPU 0 no process"), [("timer", 100, 200, False), ("timer", 300, 400, False)]
    )
    return problems + expect(
        "CPU 0 ring 0",
        slices(trace, "CPU 0 ring 0"),
        [("timer", 100, 200, False), ("kernel", 200, 500, False), ("timer", 300, 400, False), ("write", 500, 600, False)],
    )


def scene_hostile(trace):
    """More names, threads and nesting than there is room for, in one trace."""
    problems = [] if trace.clears > 2 else [f"the interned names were cleared {trace.clears} times"]
    entries = sum(1 for _ in crossings(trace))
    problems += expect("entries", entries, 1000 + 20000 + 20000)
    names = {event.name for event in trace.events if event.category == "note"}
    problems += expect("notes", names, {"caf\u00e9 \u00ff\u00fe\u0080 \u00ed\u00a0\u0080", "plain", '"\\\n\t\x01\x7f'})
    return problems


SCENES = {
    "scene-switch": scene_switch,
    "scene-no-returns": scene_no_returns,
    "scene-unreturned": scene_unreturned,
    "scene-idle": scene_idle,
    "scene-hostile": scene_hostile,
}


def main(schema_path, what, trace_path, json_path=None):
    schema = perfetto_trace.load_schema(schema_path)
    with open(trace_path, "rb") as file:
        data = file.read()
    if what == "cut":
        return cut(schema, data)
    if what == "rules-cut":
        trace = perfetto_trace.Trace(schema, data, truncated=True)
        short = [] if trace.packets > 50 else [f"only {trace.packets} packets"]
        return short + [problem for problem in trace.problems if "one end only" not in problem]
    trace = perfetto_trace.Trace(schema, data)
    problems = [] if trace.events else ["the trace has no events"]
    problems += trace.problems + lane_problems(trace) + track_problems(trace)
    if what == "rules":
        problems += own_counts_problems(trace)
    elif what == "same":
        lines = read_json(json_path)
        problems += Comparison(trace, lines).run() + counts_problems(trace, lines)
    elif what == "random":
        problems += random_bytes(trace, read_json(json_path))
    elif what == "alike":
        problems += alike(trace, read_json(json_path)) + own_counts_problems(trace)
    else:
        problems += SCENES[what](trace)
    return problems


if __name__ == "__main__":
    found = main(*sys.argv[1:])
    print("\n".join(found[:20]), end="\n" if found else "")
    sys.exit(1 if found else 0)
