/* SPDX-License-Identifier: MIT */
/*
 * event.h: what happened, as values. The run loop fills events in, the stream numbers them, renderers print them.
 * Nothing here knows KVM or guest memory: every string and number has been copied out before.
 */
#ifndef VMM_REPORT_EVENT_H
#define VMM_REPORT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_TEXT   192 /* an explanation in words */
#define EVENT_SYMBOL 96  /* "function+0x10" */
#define EVENT_NAME   64

#define EVENT_RESTARTED (-512) /* Linux's ERESTARTSYS, which programs never see */

enum event_type {
	EVENT_START,
	EVENT_TRANSITION,
	EVENT_EXIT,
	EVENT_PROCESS,
	EVENT_ADDRESS_SPACE,
	EVENT_NOTE, /* something the reader must know, in words: an unknown port, a guest's mistake, a limit */
	EVENT_SUMMARY,
	EVENT_END,
};

enum cause {
	/* entries */
	CAUSE_SYSCALL,
	CAUSE_INT,
	CAUSE_EXCEPTION,
	CAUSE_INTERRUPT,
	CAUSE_NMI,
	/* returns */
	CAUSE_SYSRET,
	CAUSE_IRET,
	CAUSES,
};

/* The first event. */
struct event_start {
	const char *version; /* of vmm */
	const char *host;    /* "amd-v", "vt-x", "pvm", "unknown" */
	const char *const *quirks;
	size_t quirk_count;
	const char *image;       /* file name */
	const char *kernel;      /* "built-in", a file name, or NULL: the image has its own */
	const char *method;      /* "trap", "off" */
	const char *trace;       /* the causes traced, as -e takes them */
	const char *protections; /* "wp nx smep smap umip": the ones in force */
	uint64_t memory;         /* bytes */
	unsigned cpus;
};

/* A system call as strace would print it. What it points to is there while the event is emitted. */
struct event_call {
	unsigned count;
	const char *args[6];   /* printable ASCII; fewer or more than the registers where the call says so */
	const char *output[6]; /* at the return: what of them was not known at the entry; NULL: nothing */
	const char *result;    /* at the return: "3", "-1 ENOENT (No such file or directory)"; "?": there is none */
};

#define EVENT_WALK_LEVELS 4

/* The entries of the page tables on the way to an address, the root's first; those behind one that is not present were
   not read. */
struct event_walk {
	unsigned levels; /* how many were read; 0: no walk */
	struct {
		unsigned index; /* in its table */
		uint64_t value;
	} entries[EVENT_WALK_LEVELS];
};

/* One privilege transition, read from the CPU's state at the first instruction of an entry, or the last before a return
 */
struct event_transition {
	unsigned from, to; /* rings */
	enum cause cause;
	bool is_return;
	uint64_t rip;              /* entry: the interrupted or next instruction; return: where execution goes on */
	uint64_t target;           /* entry: the first instruction of the kernel's stub; return: the iretq or sysretq */
	uint64_t rsp, cr3, rflags; /* rsp and rflags of the interrupted (entry) or resumed (return) code */
	uint64_t frame;            /* where the CPU pushed (entry) or pops (return) its frame; 0: `syscall`, `sysret` */
	unsigned cs;               /* in that frame */
	unsigned depth;            /* crossings already open around this one, 0 = outermost; a return has its entry's */
	char symbol[EVENT_SYMBOL]; /* of rip; "" when unknown */
	char target_symbol[EVENT_SYMBOL]; /* of target; "" when unknown */
	const char *quirk;                /* NULL, or the named quirk of this host that shaped the event */

	/* entries */
	bool has_vector;
	unsigned vector;
	bool has_error;
	uint32_t error;
	bool has_cr2;
	uint64_t cr2;
	bool has_number; /* a system call: `syscall`, or `int n` from ring 3 */
	uint64_t number;
	const char *name; /* "write", "#PF", "timer"; NULL when unknown */
	unsigned arg_count;
	uint64_t args[6];
	const struct event_call *call; /* decoded: at the entry as far as known, at the return whole; NULL: not */
	char why[EVENT_TEXT];          /* a fault in words; "" otherwise */
	struct event_walk walk;        /* a page fault: the way to cr2, before the kernel's handler ran */

	/* returns */
	bool first;     /* the process has never been in ring 3 before */
	uint64_t rax;   /* what it finds in rax then: 0 in the child of a fork */
	bool has_entry; /* the matching entry was seen */
	uint64_t entry; /* its seq */
	enum cause entry_cause;
	const char *entry_name; /* as `name` of the entry */
	bool has_result;        /* it ends a system call */
	int64_t result;  /* as the program finds it; EVENT_RESTARTED: the call was interrupted and begins again */
	bool handler;    /* it does not go on where it was at once: a signal handler comes first */
	unsigned signal; /* that handler's; 0: unknown */
	char siginfo[EVENT_TEXT]; /* what the handler is told, as strace prints it; "" */
	uint64_t ns_inside;
	uint64_t exits_inside; /* the guest's own, not those of observation */
	uint64_t faults_inside, interrupts_inside;
};

enum exit_reason {
	EXIT_IO,
	EXIT_MMIO,
	EXIT_HLT,
	EXIT_DEBUG,
	EXIT_SHUTDOWN,
	EXIT_INTERNAL_ERROR,
	EXIT_FAIL_ENTRY,
	EXIT_SYSTEM_EVENT,
	EXIT_INTERRUPTED, /* a signal to the VMM; not an event of the guest */
	EXIT_UNKNOWN,
	EXIT_REASONS,
};

/* A VM exit of the guest's own (those of observation are not shown). */
struct event_exit {
	enum exit_reason reason;
	bool write;           /* IO: out; MMIO: write */
	uint64_t address;     /* IO: port; MMIO: physical address */
	unsigned size, count; /* bytes an item, items */
	const char *device;   /* who answered; NULL: nobody */
	const char *call;     /* a hypercall's name; NULL: none */
	uint64_t args[3];     /* its arguments */
	int64_t result;       /* its result */
	unsigned from;        /* ring that the CPU was in */
	bool has_entry;       /* it happened inside a crossing that is shown */
	uint64_t entry;       /* the seq of the innermost one's entry */
	uint64_t rip;
	char symbol[EVENT_SYMBOL];
	unsigned depth;
	char detail[EVENT_TEXT]; /* more in words; "" */
};

enum process_event {
	PROCESS_START,
	PROCESS_EXEC,
	PROCESS_EXIT,
	PROCESS_REAPED,
	PROCESS_THREAD_START,
	PROCESS_THREAD_EXIT,
};

struct event_process {
	enum process_event event;
	uint32_t pid, parent;
	uint32_t status; /* exit: as wait4 gives it */
	uint64_t cr3;
	char name[EVENT_NAME];
};

/* A range of pages with the same rights, name and kind, contiguous in virtual addresses. */
struct event_region {
	uint64_t start, end;                 /* [start, end); end 0 stands for 2^64 */
	unsigned ring;                       /* 3: ring 3 may reach it; 0: ring 0 only */
	bool readable, writable, executable; /* for the code it belongs to: effective, over all levels */
	bool kernel_readable, kernel_writable, kernel_executable; /* what ring 0 may do, after WP, SMEP and SMAP */
	uint64_t page;                                            /* bytes: 4 KiB, 2 MiB, 1 GiB */
	bool guard;                                               /* nothing mapped, on purpose */
	bool contiguous;                                          /* frames follow each other from phys on */
	uint64_t phys;                                            /* frame of the first page */
	uint64_t shared_frames;                                   /* pages whose frame another process maps too */
	const uint32_t *shared_with;                              /* their pids */
	size_t shared_with_count;
	uint64_t cow_pages; /* pages that the kernel marked copy-on-write */
	char name[EVENT_NAME];
};

struct event_address_space {
	const char *when; /* "start", "switch", "end" */
	uint32_t pid, parent;
	uint64_t cr3;
	char name[EVENT_NAME];
	const struct event_region *regions;
	size_t region_count;
	uint64_t user_bytes, kernel_bytes;     /* mapped */
	uint64_t user_pages, kernel_pages;     /* leaf entries */
	uint64_t user_half, hole, kernel_half; /* sizes in bytes of the three parts of the 64-bit space */
	uint64_t table_pages;                  /* page-table pages of this address space's own (user half and root) */
	bool kernel_half_shared; /* all top-level entries of the upper half equal those of every other address space */
	unsigned kernel_tables;  /* how many top-level entries that is */
	unsigned compared_with;  /* how many other address spaces were compared */
	uint64_t wx_pages;       /* pages both writable and executable: should be 0 */
	uint64_t problems;       /* entries that could not be followed (outside RAM, reserved bits) */
	bool cut_short;          /* there were too many tables or pages: not everything is listed */
};

struct summary_row {
	enum cause cause;
	bool total;       /* all of the cause; otherwise one system call or vector of it */
	const char *name; /* system call or exception; NULL: unknown, or the cause's own total */
	bool has_vector;
	uint64_t number;             /* vector or system-call number */
	uint64_t count, errors;      /* errors: results in [-4095, -1] */
	uint64_t finished;           /* how many returns were seen */
	uint64_t ns, ns_min, ns_max; /* inside */
	uint64_t exits, faults, interrupts;
};

/* A system call that the kernel says it does not have. */
struct event_missing_call {
	const char *name; /* NULL: the number has none */
	uint64_t number;
	bool i386;
	uint64_t count, rip; /* rip: of the first one */
	char symbol[EVENT_SYMBOL];
};

/* What observing cost, or cost at least. */
struct event_observation {
	const char *method; /* NULL: unknown */
	uint64_t count;     /* of transitions observed, in whichever way */
	uint64_t ns;        /* all of them together, at most the run */
	uint64_t share_ppm; /* that part of the run's time, in millionths */
	uint64_t each_ns;   /* one of them; 0: unknown */
	const char
		*source; /* "calibration", "option": each_ns; "measured": ns is vmm's own part only; NULL: count is 0 */
	bool corrected;  /* the times of the rows are without it */
};

struct event_summary {
	const struct summary_row *rows;
	size_t row_count;
	uint64_t transitions, entries, returns;
	uint64_t exits_total;                   /* every return from KVM_RUN */
	uint64_t exits_observed;                /* only because somebody observes */
	bool observed_unknown;                  /* counted from a trace, which has only the guest's own exits */
	uint64_t exits_guest;                   /* the guest's own */
	uint64_t exits_by_reason[EXIT_REASONS]; /* of the guest's own */
	uint64_t ns;                            /* since the first guest instruction */
	struct event_observation observation;
};

/* Something that the user expected of the run (--expect). */
struct event_expectation {
	const char *text; /* as given */
	uint64_t value;   /* what it was */
	bool met;
};

struct event_end {
	int status; /* vmm's own exit status */
	/* "exit", "signal", "timeout", "triple-fault", "panic", "halted", "host-error", "interrupted" */
	const char *reason;
	char message[256];         /* the line on standard error; "" when all went well */
	const char *verdict;       /* "complete" or "incomplete" */
	const char *const *doubts; /* what may be missing and why, one sentence each */
	size_t doubt_count;
	const struct event_missing_call *missing;
	size_t missing_count;
	const struct event_expectation *expectations; /* the stream's watcher fills them in */
	size_t expectation_count;
	uint64_t lost;
	uint64_t transitions, entries, returns; /* seen in all; the stream fills them in */
};

struct event {
	enum event_type type;
	uint64_t seq; /* numbers every event shown, from 0, without gaps; the stream fills it in */
	uint64_t ns;  /* since the first guest instruction */
	uint64_t tsc;
	unsigned cpu;
	uint32_t pid; /* 0: unknown */
	uint32_t tid; /* 0: unknown; that of the first thread is its pid */
	union {
		struct event_start start;
		struct event_transition transition;
		struct event_exit exit;
		struct event_process process;
		struct event_address_space address_space;
		struct event_summary summary;
		struct event_end end;
		char note[EVENT_TEXT];
	};
};

const char *cause_name(enum cause cause);                 /* "syscall", "int", ... */
const char *exit_reason_name(enum exit_reason reason);    /* "io", "mmio", ... */
const char *process_event_name(enum process_event event); /* "start", ... */

#endif
