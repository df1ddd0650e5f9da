/* SPDX-License-Identifier: MIT */
/*
 * perfetto_packet.h: writes the packets of a Perfetto trace, one after the other, each whole. Names and repeated texts
 * are interned in the packet that first needs them.
 *
 * A packet is opened, filled and closed: packet_track_event() ... packet_close(). What is too much for one packet is
 * left out of it.
 */
#ifndef VMM_REPORT_PERFETTO_PACKET_H
#define VMM_REPORT_PERFETTO_PACKET_H

#include "perfetto_fields.h"
#include "perfetto_strings.h"
#include "protobuf.h"
#include "writer.h"

#define PACKET_BYTES   (32 * 1024)
#define INTERNED_BYTES (16 * 1024)

/* Categories of events; `select distinct category from slice` finds them. Those of crossings are the causes. */
enum category {
	CATEGORY_NONE,
	CATEGORY_SYSCALL,
	CATEGORY_INT,
	CATEGORY_EXCEPTION,
	CATEGORY_INTERRUPT,
	CATEGORY_NMI,
	CATEGORY_RETURN, /* one whose entry is not in the trace */
	CATEGORY_RING3,
	CATEGORY_RING0,
	CATEGORY_EXIT,
	CATEGORY_PROCESS,
	CATEGORY_NOTE,
	CATEGORY_VMM,
	CATEGORIES,
};

/* Keys of debug annotations; perfetto_packet.c has their names. */
enum key {
	KEY_ADDRESS,
	KEY_ARG1, /* up to 6 follow each other */
	KEY_ARG6 = KEY_ARG1 + 5,
	KEY_CALL,
	KEY_CAUSE,
	KEY_CONTINUED,
	KEY_COUNT,
	KEY_CPU,
	KEY_CPUS,
	KEY_CR2,
	KEY_CR3,
	KEY_DETAIL,
	KEY_DEVICE,
	KEY_DIRECTION,
	KEY_DOUBT,
	KEY_ENTRIES,
	KEY_ENTRY,
	KEY_ERRNO,
	KEY_ERROR,
	KEY_EVENT,
	KEY_EXIT_STATUS,
	KEY_EXITS_GUEST,
	KEY_EXITS_INSIDE,
	KEY_EXITS_OBSERVED,
	KEY_EXITS_TOTAL,
	KEY_FAULTS_INSIDE,
	KEY_FRAME,
	KEY_FROM,
	KEY_HANDLER,
	KEY_HOST,
	KEY_IMAGE,
	KEY_INTERRUPTS_INSIDE,
	KEY_KERNEL,
	KEY_KERNEL_BYTES,
	KEY_KERNEL_HALF_SHARED,
	KEY_KERNEL_PAGES,
	KEY_LOST,
	KEY_MEMORY,
	KEY_MESSAGE,
	KEY_METHOD,
	KEY_NS_INSIDE,
	KEY_NUMBER,
	KEY_OUT1, /* up to 6 follow each other */
	KEY_OUT6 = KEY_OUT1 + 5,
	KEY_PARENT,
	KEY_PHYSICAL_ADDRESS,
	KEY_PID,
	KEY_PORT,
	KEY_PROBLEMS,
	KEY_PROTECTIONS,
	KEY_QUIRK,
	KEY_RAX,
	KEY_REASON,
	KEY_REGIONS,
	KEY_RESULT,
	KEY_RESULT_TEXT,
	KEY_RETURN,
	KEY_RETURNS,
	KEY_RFLAGS,
	KEY_RIP,
	KEY_RSP,
	KEY_SEQ,
	KEY_SEQ_RETURN,
	KEY_SIGINFO,
	KEY_SIGNAL,
	KEY_SIZE,
	KEY_STATUS,
	KEY_SYMBOL,
	KEY_TABLE_PAGES,
	KEY_TARGET,
	KEY_TEXT,
	KEY_TID,
	KEY_TO,
	KEY_TRACE,
	KEY_TRANSITIONS,
	KEY_USER_BYTES,
	KEY_USER_PAGES,
	KEY_VECTOR,
	KEY_VERDICT,
	KEY_VERSION,
	KEY_WALK,
	KEY_WHEN,
	KEY_WHY,
	KEY_WX_PAGES,
	KEYS,
};

/* All zero at first, but out. Between packets nothing but `strings` matters. */
struct perfetto_packet {
	struct writer *out;
	struct protobuf body, interned;
	size_t packet, event; /* where the open messages began */
	bool has_event;
	bool state_known; /* the trace has the fixed names */
	bool needs_state; /* this packet names something by its number */
	bool new_state;   /* this packet makes earlier numbers invalid */
	struct perfetto_strings strings;
	unsigned char body_bytes[PACKET_BYTES], interned_bytes[INTERNED_BYTES];
};

/* A packet without a time, for descriptors: open a field in packet->body, close it, close the packet. */
void packet_open(struct perfetto_packet *packet);

/* Opens a TrackEvent at that time. The end of a slice needs nothing more. */
void packet_track_event(struct perfetto_packet *packet, uint64_t ns, enum track_event_type type, uint64_t track);

void packet_category(struct perfetto_packet *packet, enum category category);
void packet_name(struct perfetto_packet *packet, const char *name, size_t limit);

/* Events with the same flow are connected by arrows, in order of time. */
void packet_flow(struct perfetto_packet *packet, uint64_t flow);

void annotate_unsigned(struct perfetto_packet *packet, enum key key, uint64_t value);
void annotate_signed(struct perfetto_packet *packet, enum key key, int64_t value);
void annotate_pointer(struct perfetto_packet *packet, enum key key, uint64_t value); /* shown in hexadecimal */
void annotate_bool(struct perfetto_packet *packet, enum key key, bool value);
/* A text up to `limit` bytes or its NUL; nothing when it is NULL or empty. _interned: one that comes again. */
void annotate_text(struct perfetto_packet *packet, enum key key, const char *text, size_t limit);
void annotate_interned(struct perfetto_packet *packet, enum key key, const char *text, size_t limit);

/* Hands the packet to the writer. */
void packet_close(struct perfetto_packet *packet);

#endif
