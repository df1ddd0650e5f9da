/* SPDX-License-Identifier: MIT */
/*
 * ring.h: the records of method `ring`. The kernel's recorder writes one record a transition into a ring of its CPU's,
 * without an exit; the VMM empties it. For C and for assembly.
 *
 * A ring is a row of slots of 192 bytes. A CPU's *cursor* holds the address of the tail of its next free slot; a record
 * is pushed downwards from there:
 *
 *     slot +   0  captured bytes of user memory (a system call's buffer), 40 bytes    = word 22 and those above it
 *          + ...  words 17 to 1: word n lies at tail - 8 * n
 *     tail + 176  state: 0 while the slot is free; the recorder writes it last, and the VMM makes it 0 again
 *          + 184  not used
 *
 * The recorder moves the cursor on by one slot before it reads the TSC. If the slot at the cursor is not free (the ring is
 * full, its end is reached, or the VMM wants to look), it executes the site's own `out` instead: the transition is
 * observed as by method `trap`, and the VMM sets the cursor to where the ring begins.
 */
#ifndef SHARED_RING_H
#define SHARED_RING_H

#include "x86.h"

#define VMM_RING_SLOT     192
#define VMM_RING_TAIL     176 /* from the start of the slot */
#define VMM_RING_CAPTURE  40  /* bytes */
#define VMM_CAPTURE_BYTES 32  /* that the recorder captures at most */

/* state: the address of the trace site (trace.h), and 1 more if what rsi points at lies at the start of the slot. The address
   of a stand-in of the page fault's site: the page fault in place of `syscall`. */
#define VMM_RECORD_CAPTURED 1

/* words of every record */
#define VMM_WORD_RAX       1
#define VMM_WORD_RDX       2
#define VMM_WORD_TSC_LOW   3
#define VMM_WORD_TSC_HIGH  4
#define VMM_WORD_CR3       5
#define VMM_WORD_STACK_TOP 6 /* of the thread's kernel stack */
/* of `syscall`, the first three also of sysretq */
#define VMM_WORD_RCX       7
#define VMM_WORD_R11       8
#define VMM_WORD_RSP       9
#define VMM_WORD_RDI       10
#define VMM_WORD_RSI       11
#define VMM_WORD_R10       12
#define VMM_WORD_R8        13
#define VMM_WORD_R9        14
#define VMM_WORD_QUIRK_FRAME 15 /* if a page fault was in its place */
#define VMM_WORD_QUIRK_CS    16
/* of a vector, and of iretq: what lies on the stack; in ring 3's case the frame ends at the top of the thread's stack */
#define VMM_WORD_FRAME_RIP    7
#define VMM_WORD_FRAME_CS     8
#define VMM_WORD_FRAME_RFLAGS 9
#define VMM_WORD_FRAME_RSP    10
#define VMM_WORD_FRAME        11 /* its address, if CS is ring 0's */
#define VMM_WORD_INT_RBX      11 /* of `int n`, by ring 3 */
#define VMM_WORD_INT_RCX      12
#define VMM_WORD_INT_RSI      13
#define VMM_WORD_INT_RDI      14
#define VMM_WORD_INT_RBP      15
/* of the page fault: some words are others */
#define VMM_WORD_FAULT_STACK_TOP 1
#define VMM_WORD_FAULT_RSP       2 /* 24 bytes below the error code */
#define VMM_WORD_FAULT_ERROR     6
#define VMM_WORD_FAULT_CR2       11
#define VMM_WORD_FAULT_WALK      12 /* to 15: PML4E, PDPE, PDE, PTE; nothing behind one that is not present counts */
#define VMM_WORDS            22

/* What the recorder does about memory that a system call's arguments point to, by the call's number: a byte a call,
   filled in by the VMM. For what is not said here it needs no memory. */
#define VMM_PLAN_CALLS          1024 /* entries of a plan; the recorder takes so many low bits of the number */
#define VMM_PLAN_ENTRY_TRAP     1  /* the entry is observed by an exit */
#define VMM_PLAN_ENTRY_CAPTURE  2  /* record the first rdx bytes at rsi */
#define VMM_PLAN_RETURN_TRAP    16 /* the same for the return */
#define VMM_PLAN_RETURN_CAPTURE 32 /* record the first rax bytes at rsi */
#define VMM_PLAN_RETURN_FLAGGED 64 /* by an exit if nothing could be captured at the entry */

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* Where the kernel keeps what the VMM fills in: named by vmm_rings in trace.h. Addresses are virtual. */
struct vmm_rings {
	uint64_t cursor; /* of CPU 0: a uint64_t */
	uint64_t stride; /* to the next CPU's */
	uint64_t cpus;   /* how many there are */
	uint64_t plan;      /* uint8_t[VMM_PLAN_CALLS], for `syscall`: VMM_PLAN_* */
	uint64_t i386_plan; /* the same for `int 0x80` */
};
_Static_assert(sizeof(struct vmm_rings) == 40, "ABI");

#endif
#endif
