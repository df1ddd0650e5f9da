/* SPDX-License-Identifier: MIT */
/*
 * perfetto_fields.h: the numbers of Perfetto's fields that the renderer writes, from the published schema: the .proto
 * files in protos/perfetto/trace/ of github.com/google/perfetto, named below. They never change there: "TrackEvent is
 * the stable, extensible API".
 */
#ifndef VMM_REPORT_PERFETTO_FIELDS_H
#define VMM_REPORT_PERFETTO_FIELDS_H

enum { TRACE_PACKET = 1 }; /* Trace, trace.proto */

enum { /* TracePacket, trace_packet.proto */
       PACKET_PROCESS_TREE = 2,
       PACKET_TIMESTAMP = 8,
       PACKET_SEQUENCE_ID = 10, /* trusted_packet_sequence_id */
       PACKET_TRACK_EVENT = 11,
       PACKET_INTERNED_DATA = 12,
       PACKET_SEQUENCE_FLAGS = 13,
       PACKET_TRACK_DESCRIPTOR = 60,
};
enum { SEQUENCE_STATE_CLEARED = 1, SEQUENCE_NEEDS_STATE = 2 }; /* TracePacket.SequenceFlags */

enum { /* InternedData, interned_data/interned_data.proto; each entry has its iid and its text */
       INTERNED_CATEGORIES = 1,
       INTERNED_EVENT_NAMES = 2,
       INTERNED_ANNOTATION_NAMES = 3,
       INTERNED_ANNOTATION_STRINGS = 29,
};
enum { ENTRY_IID = 1, ENTRY_TEXT = 2 }; /* EventCategory, EventName, DebugAnnotationName, InternedString */

enum { /* TrackDescriptor, track_event/track_descriptor.proto */
       DESCRIPTOR_UUID = 1,
       DESCRIPTOR_NAME = 2,
       DESCRIPTOR_PROCESS = 3,
       DESCRIPTOR_THREAD = 4,
       DESCRIPTOR_PARENT = 5,
       DESCRIPTOR_COUNTER = 8,
       DESCRIPTOR_CHILD_ORDERING = 11,
       DESCRIPTOR_SIBLING_RANK = 12,
};
enum { ORDERING_EXPLICIT = 3 };                         /* TrackDescriptor.ChildTracksOrdering */
enum { PROCESS_FIELD_PID = 1, PROCESS_FIELD_NAME = 6 }; /* ProcessDescriptor, process_descriptor.proto */
enum {
	THREAD_FIELD_PID = 1,
	THREAD_FIELD_TID = 2,
	THREAD_FIELD_NAME = 5
};                                                             /* ThreadDescriptor, thread_descriptor.proto */
enum { COUNTER_FIELD_UNIT = 3 };                               /* CounterDescriptor, counter_descriptor.proto */
enum { UNIT_COUNT = 2 };                                       /* CounterDescriptor.Unit */
enum { TREE_PROCESSES = 1 };                                   /* ProcessTree, ps/process_tree.proto */
enum { TREE_PID = 1, TREE_PARENT = 2, TREE_COMMAND_LINE = 3 }; /* ProcessTree.Process */

enum { /* TrackEvent, track_event/track_event.proto */
       TRACK_EVENT_CATEGORY_IID = 3,
       TRACK_EVENT_ANNOTATION = 4,
       TRACK_EVENT_KIND = 9, /* type */
       TRACK_EVENT_NAME_IID = 10,
       TRACK_EVENT_TRACK = 11,
       TRACK_EVENT_EXTRA_VALUES = 12,
       TRACK_EVENT_NAME_TEXT = 23,
       TRACK_EVENT_COUNTER_VALUE = 30,
       TRACK_EVENT_EXTRA_TRACKS = 31,
       TRACK_EVENT_FLOW = 47,
};
enum track_event_type { /* TrackEvent.Type */
			SLICE_BEGIN = 1,
			SLICE_END = 2,
			INSTANT = 3,
			COUNTER = 4,
};

enum { /* DebugAnnotation, track_event/debug_annotation.proto */
       ANNOTATION_NAME_IID = 1,
       ANNOTATION_BOOL = 2,
       ANNOTATION_UNSIGNED = 3,
       ANNOTATION_SIGNED = 4,
       ANNOTATION_TEXT = 6,
       ANNOTATION_POINTER = 7,
       ANNOTATION_TEXT_IID = 17,
};

#endif
