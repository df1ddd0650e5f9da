# SPDX-License-Identifier: MIT
"""perfetto_trace: reads a Perfetto trace with Google's protobuf library, and says what is wrong with it.

What a packet means is read as trace_processor reads it: interned data by sequence, slices as a stack for each track.
"""
import collections

SEQUENCE_CLEARED, SEQUENCE_NEEDED = 1, 2
TRACK_MAX = 512  # slices deep; trace_processor drops what is deeper


class Event:
    """A TrackEvent, with its numbers looked up."""

    def __init__(self, number, ts, kind, track, category, name, args, flows):
        self.number, self.ts, self.kind, self.track = number, ts, kind, track
        self.category, self.name, self.args, self.flows = category, name, args, flows
        self.end = None  # of a begin: the event that ends it
        self.parent = None  # the slice around it


class Trace:
    """tracks: uuid -> TrackDescriptor; events in order; problems: what is wrong, in words."""

    def __init__(self, schema, data, truncated=False):
        self.schema, self.problems = schema, []
        self.tracks, self.events, self.counters = {}, [], []
        self.cmdlines = collections.defaultdict(list)  # pid -> (ts, parent, name)
        self.packets, self.clears = 0, 0
        self._interned, self._seen_iids, self._valid = {}, {}, False
        self._stacks, self._last, self._counts = collections.defaultdict(list), {}, {}
        rest = self._read(data)
        if rest and not truncated:
            self._problem(f"{rest} bytes at the end are no packet")
        if not truncated:
            for track, stack in self._stacks.items():
                if stack:
                    self._problem(f"{len(stack)} slices of {self.track_name(track)} have no end: {stack[-1].name}")
        self._check_flows()

    def _problem(self, text):
        if len(self.problems) < 20:
            self.problems.append(f"packet {self.packets}: {text}")

    def _read(self, data):
        at = 0
        while at < len(data):
            start, length, shift = at + 1, 0, 0
            if data[at] != 0x0A:  # field 1, length-delimited
                self._problem(f"byte {at} is 0x{data[at]:02x}, not the tag of a packet")
                return len(data) - at
            while start < len(data):
                byte = data[start]
                start += 1
                length |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            else:
                return len(data) - at
            if start + length > len(data):
                return len(data) - at
            self._packet(self.schema.TracePacket.FromString(data[start : start + length]))
            at = start + length
        return 0

    def _packet(self, packet):
        self.packets += 1
        if packet.trusted_packet_sequence_id != 1:
            self._problem("sequence id is not 1")
        if packet.sequence_flags & SEQUENCE_CLEARED:
            self._interned, self._valid = {}, True
            self.clears += 1
        if packet.HasField("interned_data"):
            self._intern(packet.interned_data)
        if packet.HasField("track_descriptor"):
            self._descriptor(packet.track_descriptor)
        if packet.HasField("process_tree"):
            for process in packet.process_tree.processes:
                name = process.cmdline[0] if process.cmdline else ""
                self.cmdlines[process.pid].append((packet.timestamp, process.ppid, name))
        if packet.HasField("track_event"):
            self._event(packet, packet.track_event)

    def _intern(self, data):
        for index in ("event_categories", "event_names", "debug_annotation_names", "debug_annotation_string_values"):
            for entry in getattr(data, index):
                text = entry.str.decode("utf-8") if index == "debug_annotation_string_values" else entry.name
                self._interned[index, entry.iid] = text
                if self._seen_iids.setdefault((index, entry.iid), text) != text:
                    self._problem(f"{index} {entry.iid} is {text!r} and was {self._seen_iids[index, entry.iid]!r}")
                if not entry.iid:
                    self._problem(f"{index} has the number 0")

    def _lookup(self, packet, index, iid):
        if not (packet.sequence_flags & SEQUENCE_NEEDED and self._valid):
            self._problem(f"uses {index} {iid} without saying that it needs the sequence's state")
        if (index, iid) not in self._interned:
            self._problem(f"{index} {iid} is not known")
        return self._interned.get((index, iid))

    def _descriptor(self, descriptor):
        if not descriptor.uuid:
            self._problem("a track without a uuid")
        if descriptor.HasField("parent_uuid") and descriptor.parent_uuid not in self.tracks:
            self._problem(f"the parent of {descriptor.name} is not described")
        old = self.tracks.setdefault(descriptor.uuid, descriptor)
        if (old.name, old.process.pid, old.thread.pid, old.thread.tid) != (
            descriptor.name,
            descriptor.process.pid,
            descriptor.thread.pid,
            descriptor.thread.tid,
        ):
            self._problem(f"track {descriptor.uuid} is two things")

    def track_name(self, uuid):
        """For messages: "CPU 0 ring 3", "thread 2", ..."""
        track = self.tracks.get(uuid)
        if track is None:
            return f"unknown track {uuid}"
        if track.HasField("thread"):
            return f"thread {track.thread.tid}"
        if track.HasField("process"):
            return f"process {track.process.pid}"
        parent = self.tracks.get(track.parent_uuid)
        if parent is not None and parent.HasField("process"):
            return f"process {parent.process.pid} {track.name}"
        return f"{parent.name} {track.name}" if parent is not None else track.name

    def _args(self, packet, event):
        args = {}
        for annotation in event.debug_annotations:
            key = self._lookup(packet, "debug_annotation_names", annotation.name_iid)
            kind = annotation.WhichOneof("value")
            value = getattr(annotation, kind)
            if kind == "string_value_iid":
                value = self._lookup(packet, "debug_annotation_string_values", value)
            if key in args and key not in ("quirk", "doubt"):
                self._problem(f"two values of {key}")
            args.setdefault(key, []).append(value)
        return {key: values[0] if key not in ("quirk", "doubt") else values for key, values in args.items()}

    def _count(self, ts, track, value):
        if not self.tracks.get(track) or not self.tracks[track].HasField("counter"):
            self._problem(f"a count on {self.track_name(track)}, which is no counter")
        self.counters.append((ts, track, value))

    def _event(self, packet, event):
        kind = self.schema.TrackEvent.Type.Name(event.type)[5:]
        if event.track_uuid not in self.tracks:
            self._problem(f"track {event.track_uuid} is not described before its first event")
        if packet.timestamp < self._last.get(event.track_uuid, 0):
            self._problem(f"time goes back on {self.track_name(event.track_uuid)}")
        self._last[event.track_uuid] = packet.timestamp
        for track, value in zip(event.extra_counter_track_uuids, event.extra_counter_values):
            self._count(packet.timestamp, track, value)
        if kind == "COUNTER":
            self._count(packet.timestamp, event.track_uuid, event.counter_value)
            return
        name = event.name
        if event.WhichOneof("name_field") == "name_iid":
            name = self._lookup(packet, "event_names", event.name_iid)
        category = [self._lookup(packet, "event_categories", iid) for iid in event.category_iids]
        if (kind == "END") == bool(name) or len(category) != (kind != "END"):
            kind_and_name = f"{kind} {name!r} {category}"
            if kind != "SLICE_END":
                self._problem(f"an event without a name or category: {kind_and_name}")
        self._nest(
            Event(
                self.packets,
                packet.timestamp,
                kind,
                event.track_uuid,
                category[0] if category else None,
                name,
                self._args(packet, event),
                list(event.flow_ids),
            )
        )

    def _nest(self, event):
        stack = self._stacks[event.track]
        event.parent = stack[-1] if stack else None
        if event.kind == "SLICE_BEGIN":
            stack.append(event)
            if len(stack) > TRACK_MAX:
                self._problem(f"more than {TRACK_MAX} slices deep on {self.track_name(event.track)}")
        elif event.kind == "SLICE_END":
            if stack:
                stack.pop().end = event
            else:
                self._problem(f"an end without a begin on {self.track_name(event.track)}")
        self.events.append(event)

    def _check_flows(self):
        ends = collections.Counter(flow for event in self.events for flow in event.flows)
        for flow, count in ends.items():
            if count < 2:
                self._problem(f"flow {flow} has one end only")


def load_schema(path):
    """The message classes of a file that `protoc -o` wrote."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        files.ParseFromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    factory = message_factory.MessageFactory(pool)
    for file in files.file:
        pool.Add(file)

    class Schema:  # one attribute a message
        pass

    for name in files.file[0].message_type:
        found = pool.FindMessageTypeByName(f"perfetto.protos.{name.name}")
        setattr(Schema, name.name, factory.GetPrototype(found))
    return Schema
