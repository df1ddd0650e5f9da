/* SPDX-License-Identifier: MIT */
/*
 * offsets.h: where assembly finds things in the structures of C. For C and for assembly; each number is checked
 * against its structure by a static assertion beside that structure.
 */
#ifndef KERNEL_OFFSETS_H
#define KERNEL_OFFSETS_H

/* struct cpu (cpu.h), reached through GS */
#define CPU_CURRENT   0
#define CPU_STACK_TOP 8
#define CPU_USER_RSP  16
#define CPU_SELF      24

/* the same, of the recorder */
#define CPU_RECORD_CURSOR 32
#define CPU_RECORD_RSP    40
#define CPU_RECORD_RAX    48
#define CPU_RECORD_RDX    56

/* struct thread (thread.h) */
#define THREAD_WORK       0
#define THREAD_UNCAPTURED 8

/* struct vmm_boot_info (abi.h) */
#define BOOT_INFO_USER_RSP 88

/* struct trap_frame (trap.h) */
#define FRAME_RBX    40
#define FRAME_R11    48
#define FRAME_R10    56
#define FRAME_R9     64
#define FRAME_R8     72
#define FRAME_RCX    80
#define FRAME_RDX    88
#define FRAME_RSI    96
#define FRAME_RDI    104
#define FRAME_RAX    112
#define FRAME_ERROR  120
#define FRAME_RIP    128
#define FRAME_CS     136
#define FRAME_RFLAGS 144
#define FRAME_RSP    152
#define FRAME_SIZE   168

/* tables of linux/table.c: one more than the highest number */
#define SYSCALLS_END      463
#define I386_SYSCALLS_END 463

#endif
