/* SPDX-License-Identifier: MIT */
/* perfetto_packet.c: TracePacket, TrackEvent, DebugAnnotation and InternedData. */
#include "perfetto_packet.h"

#include <stdint.h>
#include <string.h>

#define SEQUENCE 1  /* the trace has one writer */
#define RESERVE  64 /* bytes that closing a packet may need */

static const char *const category_names[CATEGORIES] = {
	[CATEGORY_SYSCALL] = "syscall", [CATEGORY_INT] = "int",         [CATEGORY_EXCEPTION] = "exception",
	[CATEGORY_NMI] = "nmi",         [CATEGORY_RETURN] = "return",   [CATEGORY_INTERRUPT] = "interrupt",
	[CATEGORY_RING3] = "ring 3",    [CATEGORY_RING0] = "ring 0",    [CATEGORY_EXIT] = "exit",
	[CATEGORY_NOTE] = "note",       [CATEGORY_PROCESS] = "process", [CATEGORY_VMM] = "vmm",
};

/* As in docs/json.md where the same thing is there. */
static const char *const key_names[KEYS] = {
	[KEY_ADDRESS] = "address",
	[KEY_ARG1] = "arg1",
	[KEY_ARG1 + 1] = "arg2",
	[KEY_ARG1 + 2] = "arg3",
	[KEY_ARG1 + 3] = "arg4",
	[KEY_ARG1 + 4] = "arg5",
	[KEY_ARG6] = "arg6",
	[KEY_CALL] = "call",
	[KEY_CAUSE] = "cause",
	[KEY_CONTINUED] = "continued",
	[KEY_COUNT] = "count",
	[KEY_CPU] = "cpu",
	[KEY_CPUS] = "cpus",
	[KEY_CR2] = "cr2",
	[KEY_CR3] = "cr3",
	[KEY_DETAIL] = "detail",
	[KEY_DEVICE] = "device",
	[KEY_DIRECTION] = "direction",
	[KEY_DOUBT] = "doubt",
	[KEY_ENTRIES] = "entries",
	[KEY_ENTRY] = "entry",
	[KEY_ERRNO] = "errno",
	[KEY_ERROR] = "error",
	[KEY_EVENT] = "event",
	[KEY_EXITS_GUEST] = "exits_guest",
	[KEY_EXITS_INSIDE] = "exits_inside",
	[KEY_EXITS_OBSERVED] = "exits_observed",
	[KEY_EXITS_TOTAL] = "exits_total",
	[KEY_EXIT_STATUS] = "exit_status",
	[KEY_FAULTS_INSIDE] = "faults_inside",
	[KEY_FRAME] = "frame",
	[KEY_FROM] = "from",
	[KEY_HANDLER] = "handler",
	[KEY_HOST] = "host",
	[KEY_IMAGE] = "image",
	[KEY_INTERRUPTS_INSIDE] = "interrupts_inside",
	[KEY_KERNEL] = "kernel",
	[KEY_KERNEL_BYTES] = "kernel_bytes",
	[KEY_KERNEL_HALF_SHARED] = "kernel_half_shared",
	[KEY_KERNEL_PAGES] = "kernel_pages",
	[KEY_LOST] = "lost",
	[KEY_MEMORY] = "memory",
	[KEY_MESSAGE] = "message",
	[KEY_METHOD] = "method",
	[KEY_NS_INSIDE] = "ns_inside",
	[KEY_NUMBER] = "number",
	[KEY_OUT1] = "out1",
	[KEY_OUT1 + 1] = "out2",
	[KEY_OUT1 + 2] = "out3",
	[KEY_OUT1 + 3] = "out4",
	[KEY_OUT1 + 4] = "out5",
	[KEY_OUT6] = "out6",
	[KEY_PARENT] = "parent",
	[KEY_PHYSICAL_ADDRESS] = "physical_address",
	[KEY_PID] = "pid",
	[KEY_PORT] = "port",
	[KEY_PROBLEMS] = "problems",
	[KEY_PROTECTIONS] = "protections",
	[KEY_QUIRK] = "quirk",
	[KEY_RAX] = "rax",
	[KEY_REASON] = "reason",
	[KEY_REGIONS] = "regions",
	[KEY_RESULT] = "result",
	[KEY_RESULT_TEXT] = "result_text",
	[KEY_RETURN] = "return",
	[KEY_RETURNS] = "returns",
	[KEY_RFLAGS] = "rflags",
	[KEY_RIP] = "rip",
	[KEY_RSP] = "rsp",
	[KEY_SEQ] = "seq",
	[KEY_SEQ_RETURN] = "seq_return",
	[KEY_SIGINFO] = "siginfo",
	[KEY_SIGNAL] = "signal",
	[KEY_SIZE] = "size",
	[KEY_STATUS] = "status",
	[KEY_SYMBOL] = "symbol",
	[KEY_TABLE_PAGES] = "table_pages",
	[KEY_TARGET] = "target",
	[KEY_TEXT] = "text",
	[KEY_TID] = "tid",
	[KEY_TO] = "to",
	[KEY_TRACE] = "trace",
	[KEY_TRANSITIONS] = "transitions",
	[KEY_USER_BYTES] = "user_bytes",
	[KEY_USER_PAGES] = "user_pages",
	[KEY_VECTOR] = "vector",
	[KEY_VERDICT] = "verdict",
	[KEY_VERSION] = "version",
	[KEY_WALK] = "walk",
	[KEY_WHEN] = "when",
	[KEY_WHY] = "why",
	[KEY_WX_PAGES] = "wx_pages",
};

static void put_entry(struct perfetto_packet *packet, unsigned index, uint64_t iid, const char *text, size_t limit)
{
	size_t opened = protobuf_open(&packet->interned, index);

	protobuf_number(&packet->interned, ENTRY_IID, iid);
	protobuf_text(&packet->interned, ENTRY_TEXT, text, limit);
	protobuf_close(&packet->interned, opened);
}

/* Numbers of fixed names: those of the enum, from 1 */
static void put_fixed_names(struct perfetto_packet *packet)
{
	for (unsigned category = 1; category < CATEGORIES; category++)
		put_entry(packet, INTERNED_CATEGORIES, category, category_names[category], SIZE_MAX);
	for (unsigned key = 0; key < KEYS; key++)
		put_entry(packet, INTERNED_ANNOTATION_NAMES, key + 1, key_names[key], SIZE_MAX);
	packet->state_known = packet->new_state = packet->needs_state = true;
}

void packet_open(struct perfetto_packet *packet)
{
	packet->body = (struct protobuf){.bytes = packet->body_bytes, .capacity = PACKET_BYTES - INTERNED_BYTES};
	packet->interned = (struct protobuf){.bytes = packet->interned_bytes, .capacity = INTERNED_BYTES - RESERVE};
	packet->has_event = packet->needs_state = packet->new_state = false;
	packet->packet = protobuf_open(&packet->body, TRACE_PACKET);
	protobuf_number(&packet->body, PACKET_SEQUENCE_ID, SEQUENCE);
	if (strings_nearly_full(&packet->strings)) {
		strings_clear(&packet->strings);
		packet->state_known = false;
	}
	if (!packet->state_known)
		put_fixed_names(packet);
}

void packet_track_event(struct perfetto_packet *packet, uint64_t ns, enum track_event_type type, uint64_t track)
{
	packet_open(packet);
	protobuf_number(&packet->body, PACKET_TIMESTAMP, ns);
	packet->event = protobuf_open(&packet->body, PACKET_TRACK_EVENT);
	packet->has_event = true;
	protobuf_number(&packet->body, TRACK_EVENT_KIND, type);
	protobuf_number(&packet->body, TRACK_EVENT_TRACK, track);
}

void packet_close(struct perfetto_packet *packet)
{
	struct protobuf *body = &packet->body;

	body->capacity = PACKET_BYTES; /* what was kept free for the end */
	if (packet->has_event)
		protobuf_close(body, packet->event);
	if (packet->interned.used > 0)
		protobuf_message(body, PACKET_INTERNED_DATA, &packet->interned);
	if (packet->needs_state)
		protobuf_number(body, PACKET_SEQUENCE_FLAGS,
				SEQUENCE_NEEDS_STATE | (packet->new_state ? SEQUENCE_STATE_CLEARED : 0));
	protobuf_close(body, packet->packet);
	writer_put(packet->out, (const char *)body->bytes, body->used);
}

/* Forgets what has been written since `used`, if not all of it found room. */
static void keep_if_whole(struct protobuf *message, size_t used)
{
	if (message->full)
		message->used = used;
	message->full = false;
}

/* The number of a text; 0: it must be written out. */
static uint64_t intern(struct perfetto_packet *packet, unsigned index, const char *text, size_t length)
{
	bool is_new;
	size_t used = packet->interned.used;
	uint64_t iid;

	/* Nothing may become known that could not be written. */
	if (INTERNED_BYTES - RESERVE - used < 2 * length + RESERVE)
		return 0;
	iid = strings_find(&packet->strings, index, text, length, &is_new);
	if (is_new)
		put_entry(packet, index, iid, text, length);
	if (iid)
		packet->needs_state = true;
	return iid;
}

void packet_category(struct perfetto_packet *packet, enum category category)
{
	protobuf_number(&packet->body, TRACK_EVENT_CATEGORY_IID, category);
	packet->needs_state = true;
}

void packet_name(struct perfetto_packet *packet, const char *name, size_t limit)
{
	size_t used = packet->body.used, length = strnlen(name, limit);
	uint64_t iid = intern(packet, INTERNED_EVENT_NAMES, name, length);

	if (iid)
		protobuf_number(&packet->body, TRACK_EVENT_NAME_IID, iid);
	else
		protobuf_text(&packet->body, TRACK_EVENT_NAME_TEXT, name, length);
	keep_if_whole(&packet->body, used);
}

void packet_flow(struct perfetto_packet *packet, uint64_t flow)
{
	size_t used = packet->body.used;

	protobuf_fixed64(&packet->body, TRACK_EVENT_FLOW, flow);
	keep_if_whole(&packet->body, used);
}

static void annotate_number(struct perfetto_packet *packet, enum key key, unsigned field, uint64_t value)
{
	size_t used = packet->body.used, opened = protobuf_open(&packet->body, TRACK_EVENT_ANNOTATION);

	protobuf_number(&packet->body, ANNOTATION_NAME_IID, key + 1);
	protobuf_number(&packet->body, field, value);
	protobuf_close(&packet->body, opened);
	keep_if_whole(&packet->body, used);
	packet->needs_state = true;
}

void annotate_unsigned(struct perfetto_packet *packet, enum key key, uint64_t value)
{
	annotate_number(packet, key, ANNOTATION_UNSIGNED, value);
}

void annotate_signed(struct perfetto_packet *packet, enum key key, int64_t value)
{
	annotate_number(packet, key, ANNOTATION_SIGNED, (uint64_t)value);
}

void annotate_pointer(struct perfetto_packet *packet, enum key key, uint64_t value)
{
	annotate_number(packet, key, ANNOTATION_POINTER, value);
}

void annotate_bool(struct perfetto_packet *packet, enum key key, bool value)
{
	annotate_number(packet, key, ANNOTATION_BOOL, value);
}

void annotate_text(struct perfetto_packet *packet, enum key key, const char *text, size_t limit)
{
	size_t used = packet->body.used, opened;

	if (!text || limit == 0 || !text[0])
		return;
	opened = protobuf_open(&packet->body, TRACK_EVENT_ANNOTATION);
	protobuf_number(&packet->body, ANNOTATION_NAME_IID, key + 1);
	protobuf_text(&packet->body, ANNOTATION_TEXT, text, limit);
	protobuf_close(&packet->body, opened);
	keep_if_whole(&packet->body, used);
	packet->needs_state = true;
}

void annotate_interned(struct perfetto_packet *packet, enum key key, const char *text, size_t limit)
{
	size_t length = text ? strnlen(text, limit) : 0;
	uint64_t iid;

	if (length == 0)
		return;
	iid = intern(packet, INTERNED_ANNOTATION_STRINGS, text, length);
	if (iid)
		annotate_number(packet, key, ANNOTATION_TEXT_IID, iid);
	else
		annotate_text(packet, key, text, length);
}
