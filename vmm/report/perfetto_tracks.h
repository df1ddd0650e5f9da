/* SPDX-License-Identifier: MIT */
/*
 * perfetto_tracks.h: the tracks of a trace, their numbers (uuid) and their descriptors. A number is made of what the
 * track is about, so that nothing has to be kept.
 */
#ifndef VMM_REPORT_PERFETTO_TRACKS_H
#define VMM_REPORT_PERFETTO_TRACKS_H

#include "perfetto_packet.h"

enum track_kind {
	TRACK_VMM = 1,  /* start, end, notes of nobody; id 0 */
	TRACK_OBSERVED, /* counter: exits of observation; id 0 */
	TRACK_CPU,      /* parent of the CPU's tracks; id: CPU, as in the next five */
	TRACK_RING3,    /* who ran there */
	TRACK_RING0,    /* crossings, as the CPU went through them */
	TRACK_HOST,     /* VM exits */
	TRACK_NOBODY,   /* crossings of no process, whole */
	TRACK_EXITS,    /* counter: the guest's own exits */
	TRACK_PROCESS,  /* id: pid */
	TRACK_RESIDENT, /* counter: pages mapped in the user half; id: pid */
	TRACK_THREAD,   /* crossings of a thread, whole; id: tid */
};

#define TRACK_KIND_BITS 4

static inline uint64_t track_id(enum track_kind kind, uint64_t id)
{
	return id << TRACK_KIND_BITS | kind;
}

void track_describe_vmm(struct perfetto_packet *packet, const char *image);
void track_describe_cpu(struct perfetto_packet *packet, unsigned cpu); /* all but TRACK_NOBODY */
void track_describe_nobody(struct perfetto_packet *packet, unsigned cpu);
void track_describe_observed(struct perfetto_packet *packet);
/* name: of the program; "" when unknown. The name given first is the one shown. */
void track_describe_process(struct perfetto_packet *packet, uint32_t pid, const char *name, size_t limit);
void track_describe_thread(struct perfetto_packet *packet, uint32_t pid, uint32_t tid, const char *name, size_t limit);
void track_describe_resident(struct perfetto_packet *packet, uint32_t pid);

/* Whose child a process is, and what it is called from now on. */
void track_process_tree(struct perfetto_packet *packet, uint64_t ns, uint32_t pid, uint32_t parent, const char *name,
			size_t limit);

/* A counter's new value */
void track_count(struct perfetto_packet *packet, uint64_t ns, uint64_t track, uint64_t value);

#endif
