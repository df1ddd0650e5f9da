/* SPDX-License-Identifier: MIT */
/* expect_words.c: one row a name. */
#include "expect_words.h"

#include "run/sites.h"

#define CALLS (TRACE_SYSCALL | TRACE_INT)
#define ALL   TRACE_TRANSITIONS

const struct expect_word expect_words[EXPECT_SUBJECTS] = {
	[EXPECT_TRANSITIONS] = {"transitions", ALL, "there were"},
	[EXPECT_ENTRIES] = {"entries", TRACE_ENTRIES, "there were"},
	[EXPECT_RETURNS] = {"returns", ALL, "there were"},
	[EXPECT_SYSCALLS] = {"syscalls", CALLS, "there were"},
	[EXPECT_INTS] = {"ints", TRACE_INT, "there were"},
	[EXPECT_EXCEPTIONS] = {"exceptions", TRACE_EXCEPTION, "there were"},
	[EXPECT_INTERRUPTS] = {"interrupts", TRACE_INTERRUPT, "there were"},
	[EXPECT_FAULTS] = {"faults", TRACE_EXCEPTION, "there were"},
	[EXPECT_SIGNALS] = {"signals", ALL, "there were"},
	[EXPECT_ERRORS] = {"errors", CALLS | TRACE_RETURN, "there were"},
	[EXPECT_PROCESSES] = {"processes", ALL, "there were"},
	[EXPECT_THREADS] = {"threads", ALL, "there were"},
	[EXPECT_CALL] = {NULL, CALLS, "there were"},
	[EXPECT_EXCEPTION] = {NULL, TRACE_EXCEPTION, "there were"},
	[EXPECT_EXITS] = {"exits", 0, "there were"},
	[EXPECT_EXITS_OBSERVED] = {"exits.observed", 0, "there were"},
	[EXPECT_EXITS_TOTAL] = {"exits.total", 0, "there were"},
	[EXPECT_LOST] = {"lost", 0, "there were"},
	[EXPECT_STATUS] = {"status", 0, "it was"},
	[EXPECT_NS] = {"ns", 0, "it took"},
	[EXPECT_MS] = {"ms", 0, "it took"},
	[EXPECT_NO_MISSING_CALLS] = {"no missing calls", 0, "missing calls, by name:"},
	[EXPECT_VERDICT_COMPLETE] = {"verdict complete", 0, "it is incomplete; doubts:"},
	[EXPECT_NO_WX] = {"no w+x", 0, "pages writable and executable:"},
	[EXPECT_NO_USER_KERNEL_PAGE] = {"no user-reachable kernel page", 0, "pages of the kernel half open to ring 3:"},
	[EXPECT_KERNEL_HALF_SHARED] = {"kernel half shared", 0, "address spaces where it is not:"},
};
