/* SPDX-License-Identifier: MIT */
/*
 * perfetto_threads.h: who is known in a trace: threads with the crossings that are open in each, and CPUs with the
 * thread that each runs.
 *
 * A crossing is drawn twice. On its thread's track it is one slice from entry to return, whatever happens in between.
 * On the track "ring 0" of a CPU it is there while the CPU is with that thread: when another thread shows up on the
 * CPU, the slices of the first end, and those that the other one has open begin again. So slices nest on both.
 */
#ifndef VMM_REPORT_PERFETTO_THREADS_H
#define VMM_REPORT_PERFETTO_THREADS_H

#include "abi.h"
#include "event.h"
#include "perfetto_packet.h"

/* Deeper ones are instants: Perfetto takes 512 on a track. */
#define CROSSINGS_SHOWN 256
/* Threads known at a time; of more, the trace forgets some. A guest of vmm's own kernel has fewer. */
#define THREADS_MAX    16384
#define THREAD_BUCKETS 1024

struct open_slice {
	uint64_t seq; /* of the entry */
	enum category category;
	char name[36];
};

struct thread {
	uint32_t pid, tid; /* tid 0: what runs on a CPU outside any process */
	uint64_t track;    /* where its crossings are drawn whole */
	struct lane *lane; /* the CPU that it was last seen on, until another thread is seen there; NULL: none */
	struct open_slice *open;
	size_t depth, capacity;
	uint64_t instant;    /* an entry that is drawn as an instant: its seq + 1; 0: none */
	struct thread *next; /* in the bucket */
	char name[EVENT_NAME];
};

/* A CPU */
struct lane {
	bool known; /* its tracks are described */
	bool nobody_known;
	unsigned cpu;
	struct thread *thread; /* that it runs; all open crossings of it are drawn on "ring 0"; NULL: not known */
	struct thread nobody;
	bool in_ring3; /* a slice is open on "ring 3" */
	bool in_base;  /* the kernel outside any crossing has a slice on "ring 0", below all others */
	uint64_t exits;
};

struct perfetto_threads {
	struct thread *buckets[THREAD_BUCKETS];
	size_t count, next_victim;
	struct lane lanes[VMM_CPUS_MAX];
};

/* The CPU of an event; a number beyond the last stands for the last. Its tracks are described when it is new. */
struct lane *lane_of(struct perfetto_threads *threads, struct perfetto_packet *packet, unsigned cpu);

/* The thread of an event. NULL: not known yet. tid 0: by its pid */
struct thread *thread_find(const struct perfetto_threads *threads, uint32_t pid, uint32_t tid);

/* The same, made known with its tracks if it is not; on that CPU, the one of no process when pid is 0, too. */
struct thread *thread_get(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns,
			  struct lane *lane, uint32_t pid, uint32_t tid, const char *name);

/* The thread is seen on that CPU: draws the switch, if it was not there. */
void lane_switch(struct perfetto_packet *packet, uint64_t ns, struct lane *lane, struct thread *thread);

/* The kernel outside any crossing, and ring 3, begin and end there. */
void lane_enter_base(struct perfetto_packet *packet, uint64_t ns, struct lane *lane);
void lane_leave_base(struct perfetto_packet *packet, uint64_t ns, struct lane *lane);
void lane_leave_ring3(struct perfetto_packet *packet, uint64_t ns, struct lane *lane);

/* Opens a slice on the "ring 0" of the CPU for the crossing, and begins its packet; the caller closes the packet. */
void lane_begin_slice(struct perfetto_packet *packet, uint64_t ns, const struct thread *thread,
		      const struct open_slice *slice, enum track_event_type type);

/* Notes an open crossing; false: too deep, or no memory. */
bool thread_push(struct thread *thread, const struct open_slice *slice);

/* Ends the innermost crossing of the thread, whose return was not seen, on all tracks. */
void thread_abandon(struct perfetto_packet *packet, uint64_t ns, struct thread *thread, const char *why);

/* Ends all of a thread, and forgets it. */
void thread_end(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns, struct thread *thread,
		const char *why);

/* Ends everything and frees it. */
void threads_close(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns);

#endif
