/* SPDX-License-Identifier: MIT */
/*
 * expect.h: what a run must be like (--expect): counts, times, rights. Watches the event stream, shown or not, and
 * judges at the end. docs/questions.md lists the names.
 */
#ifndef VMM_EXPECT_EXPECT_H
#define VMM_EXPECT_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/filter.h"
#include "machine/error.h"
#include "report/event.h"

#define EXPECTATIONS_MAX 64
#define EXPECT_TEXT      160

enum expect_subject {
	EXPECT_TRANSITIONS,
	EXPECT_ENTRIES,
	EXPECT_RETURNS,
	EXPECT_SYSCALLS, /* by `syscall` and by `int n` */
	EXPECT_INTS,
	EXPECT_EXCEPTIONS,
	EXPECT_INTERRUPTS,
	EXPECT_FAULTS, /* page faults */
	EXPECT_SIGNALS,
	EXPECT_ERRORS,
	EXPECT_PROCESSES,
	EXPECT_THREADS,
	EXPECT_CALL,      /* the system calls of `calls` */
	EXPECT_EXCEPTION, /* the exception of `vector` */
	/* from here on, nothing that transitions tell */
	EXPECT_EXITS,
	EXPECT_EXITS_OBSERVED,
	EXPECT_EXITS_TOTAL,
	EXPECT_LOST,
	EXPECT_STATUS,
	EXPECT_NS,
	EXPECT_MS,
	EXPECT_NO_MISSING_CALLS,
	EXPECT_VERDICT_COMPLETE,
	/* from here on, of the layout */
	EXPECT_NO_WX,
	EXPECT_NO_USER_KERNEL_PAGE,
	EXPECT_KERNEL_HALF_SHARED,
	EXPECT_SUBJECTS,
};

enum expect_operator { EXPECT_LE, EXPECT_LT, EXPECT_GE, EXPECT_GT, EXPECT_EQ, EXPECT_NE };

struct expectation {
	const char *text; /* as given */
	enum expect_subject subject;
	enum expect_operator comparison;
	uint64_t wanted;
	struct call_filter calls;
	unsigned vector;
	/* found */
	uint64_t value;
	bool known;   /* the stream has told it, */
	bool partial; /* but not all of it */
	bool met;
	bool doubtful; /* met by what was seen, but not all was seen */
};

struct expectations {
	struct expectation items[EXPECTATIONS_MAX];
	size_t count;
	size_t failed; /* after the end */
	struct event_expectation results[EXPECTATIONS_MAX];
};

/* Adds one; the text stays the caller's. On false the error line says what is wrong with it. */
bool expect_add(struct expectations *expectations, const char *text, struct vmm_error *error);

/* The first one that cannot be judged, because the events that it counts are left out: only causes (TRACE_* of
   run/sites.h) and calls chosen by -e are observed. NULL: all of them can be. */
const struct expectation *expect_unobserved(const struct expectations *expectations, unsigned causes,
					    const struct call_filter *calls);

/* Is it about address spaces? */
bool expect_is_layout(const struct expectation *expectation);
bool expect_needs_layout(const struct expectations *expectations);

/* For stream_watch(): counts the event; at the end judges, puts the results into the event, and makes its status 1 if
   one is not met (unless vmm itself has failed). */
void expect_watch(void *expectations, struct event *event);

/* After the end: what is not met about one that is not, in words: "expected syscalls<=20: there were 23". */
void expect_describe(const struct expectation *expectation, char *text, size_t size);

#endif
