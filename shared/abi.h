/* SPDX-License-Identifier: MIT */
/*
 * abi.h: everything that VMM and guest kernel say to each other. Version 1.
 *
 * At the first instruction (ring 0, long mode, interrupts off):
 *   rip = the ELF entry, rdi = BOOT_INFO_ADDRESS, rsp = top of the boot stack (16-byte aligned),
 *   CR3 = tables that map the image, the user stack and the kernel half; GDT, IDT, TR loaded; LSTAR, STAR, FMASK set.
 */
#ifndef SHARED_ABI_H
#define SHARED_ABI_H

#include "layout.h"
#include "ring.h"
#include "trace.h"

#define VMM_ABI_VERSION 1
#define VMM_BOOT_MAGIC  X86_U64(0x31746f6f626d6d76) /* "vmmboot1" */

/*
 * Hypercall: `out %eax, %dx` with dx = VMM_PORT_HYPERCALL, eax = number, arguments in rdi, rsi, rcx; the result comes
 * back in rax: 0 or a count, or a negative Linux errno. Pointers are virtual addresses in the current CR3, used with
 * the rights of ring 0; a bad one gives -EFAULT. An unknown number gives -ENOSYS. Works from ring 0 only (IOPL is 0).
 */
#define VMM_PORT_HYPERCALL          0x0e00
#define VMM_HYPERCALL_EXIT          1 /* (code, signal, 1: no memory was left): the guest is done; code 0-255, signal 0 or what killed it */
#define VMM_HYPERCALL_CONSOLE_WRITE 2 /* (fd 1 or 2, pointer, bytes): to the VMM's standard output or error */
#define VMM_HYPERCALL_CONSOLE_READ  3 /* (0, pointer, bytes): from the VMM's standard input; 0 at its end */
#define VMM_HYPERCALL_PANIC         4 /* (0, pointer, bytes): the kernel gives up; the text says why */
#define VMM_HYPERCALL_ZERO_PAGES    5 /* (physical address, pages): fill with zeros */
#define VMM_HYPERCALL_COPY_PAGE     6 /* (physical to, physical from): copy one page */
#define VMM_HYPERCALL_FILE          7 /* (pointer to struct vmm_file_request): see there */
#define VMM_HYPERCALL_FPU           8 /* (save to, load from): x87, SSE and AVX state as XSAVE has it; 0: not that half */
#define VMM_HYPERCALL_HOST_EVENTS   9  /* (): VMM_HOST_* that have happened since the last time */
#define VMM_HYPERCALL_UNIMPLEMENTED 10 /* (system call's number, rip, 1: it is an i386 number): for the report */
#define VMM_HYPERCALL_YIELD         11 /* (): this CPU waits for what another one does; the host may run that one first */

/* Plain devices, for kernels that know nothing of the above (see docs/guest-abi.md) */
#define VMM_PORT_DEBUG_CONSOLE 0xe9  /* a byte written goes to standard output; reads 0xe9 */
#define VMM_PORT_SERIAL        0x3f8 /* COM1: data and line status */
#define VMM_PORT_DEBUG_EXIT    0xf4  /* a byte written ends the guest with that status */

/*
 * The VMM raises this interrupt at CPU 0 when there is something to ask VMM_HYPERCALL_HOST_EVENTS about; only if the
 * kernel has an entry site for the vector.
 */
#define VMM_VECTOR_HOST    0x21
#define VMM_HOST_INPUT     1 /* a file on which VMM_FILE_READ gave -EAGAIN, or VMM_FILE_POLL found nothing, is ready */
#define VMM_HOST_INTERRUPT 2 /* the interrupt key: SIGINT for the foreground processes */
#define VMM_HOST_RESIZED   4 /* the terminal has another size */
#define VMM_HOST_QUIT      8 /* the quit key: SIGQUIT for the foreground processes */

#define VMM_CPUS_MAX 16

/* Seconds: /proc/uptime at the start, and a kernel's monotonic clock if it agrees: as after a boot that took its time.
   Programs compute moments that were some minutes ago, and times before 0 are not valid. */
#define VMM_UPTIME_AT_START 1000

#define VMM_BOOT_REGIONS 32
#define VMM_PROCESS_NAME 24
#define VMM_PROCESSES    256

/* `flags` of vmm_boot_info */
#define VMM_BOOT_SLOW_RING0 1 /* ring 0 is interpreted here: let the VMM fill and copy whole pages */
#define VMM_BOOT_SMAP       2 /* CR4.SMAP is on: user pages need RFLAGS.AC=1 */
#define VMM_BOOT_QUIRKS     4 /* the sites marked with a quirk were wired */

/* `rights` of vmm_boot_region: as PF_R, PF_W, PF_X in ELF */
#define VMM_RIGHT_X 1
#define VMM_RIGHT_W 2
#define VMM_RIGHT_R 4

#define VMM_REGION_IMAGE 1
#define VMM_REGION_STACK 2 /* all of it; only its top pages are mapped at the start */

#define VMM_PROCESS_FREE   0
#define VMM_PROCESS_LIVE   1
#define VMM_PROCESS_EXITED 2 /* not yet reaped */

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* One record of the ELF section ".vmm.sites"; the macros of trace.h write them */
struct vmm_site {
	uint64_t address;
	uint8_t kind;   /* VMM_SITE_* */
	uint8_t vector; /* of an entry */
	uint8_t dpl;    /* 3: ring 3 may reach it by `int n` */
	uint8_t ist;    /* 0: the current stack, or the TSS's */
	uint8_t quirk;  /* VMM_QUIRK_* */
	uint8_t first;  /* of a process table: not 0: the VMM fills in the first entry */
	int16_t recorder; /* from address: to the site's recorder, 0: none; of a stand-in: to the site */
};
_Static_assert(sizeof(struct vmm_site) == 16, "trace.h writes 16 bytes");

/* A range of the user half that the VMM prepared, page aligned, [start, end) */
struct vmm_boot_region {
	uint64_t start, end;
	uint32_t rights, kind;
};

/* Read-only for the guest, at BOOT_INFO_ADDRESS */
struct vmm_boot_info {
	uint64_t magic;
	uint32_t version, size;
	uint32_t cpus, flags;
	uint64_t memory_size; /* bytes of RAM, from physical address 0 */
	uint64_t free_start;  /* physical; from here to the end RAM is unused and zero */
	uint64_t kernel_cr3;  /* tables that map the kernel half only (the tables of CR3's own kernel half) */
	uint64_t user_cr3;    /* the CR3 at the start: also maps the user image and the stack, if any */
	uint64_t tsc_khz;     /* 0: unknown */
	uint64_t start_ns;    /* wall clock at the start, since 1970 */
	uint64_t start_tsc;   /* the TSC that belongs to it */
	uint64_t user_entry;  /* of the user program; 0: the image's kernel knows it */
	uint64_t user_rsp;    /* System V initial stack: argc, argv, envp, auxv are there; 0: no user segments */
	uint64_t user_brk;    /* where the heap begins: the page after the image */
	char user_name[VMM_PROCESS_NAME];
	uint32_t region_count, reserved;
	struct vmm_boot_region regions[VMM_BOOT_REGIONS];
	uint64_t xcr0;        /* the state components that XSAVE keeps; 0: CR4.OSXSAVE is off, there is fxsave only */
	uint32_t xsave_bytes; /* of their image */
	int32_t program;      /* handle (VMM_FILE_*) of the user program's file; -1: none */
	uint64_t hwcap;       /* CPUID.1:EDX, for AT_HWCAP of programs that the kernel starts */
};
_Static_assert(sizeof(struct vmm_boot_info) <= 0x1000, "one page");

/*
 * Optional, kept by the kernel, read by the VMM: who lives. `generation` is raised after every change.
 *
 * With first=1 (vmm_process_table in trace.h), if there are user segments, the VMM writes entry 0 before the start: pid
 * 1, parent 0, live, cr3 = user_cr3, name = user_name, kernel_stack = top of the boot stack; count = generation = 1.
 */
struct vmm_process {
	uint32_t pid, parent;
	uint32_t state;  /* VMM_PROCESS_* */
	uint32_t status; /* as wait4 gives it */
	uint64_t cr3;
	char name[VMM_PROCESS_NAME];
	uint64_t kernel_stack; /* top of its stack in ring 0, as in the TSS; tells threads of one address space apart */
	uint32_t tid;          /* 0: as pid. Another number: not a process, but one more thread of process `pid` */
	uint32_t program;      /* what it runs; 0: the program that the VMM loaded, whose symbols it knows */
};
_Static_assert(sizeof(struct vmm_process) == 64 && offsetof(struct vmm_process, kernel_stack) == 48, "ABI");

#endif

/*
 * VMM_HYPERCALL_FILE: the guest's file system is the VMM's: host directories (--root), an in-memory /tmp, /dev and
 * /proc. The kernel keeps descriptors, offsets and pipes, and asks for everything else with one of these, which lies in
 * its own memory. Pointers are virtual addresses, used as in every hypercall; the kernel has checked that those of ring
 * 3 point to the user half. Results: 0, a count or a handle, or a negative errno; -EFAULT: nothing was done, and
 * accessing memory again after bringing it in may help.
 *
 * A handle is a number that VMM_FILE_OPEN gave and VMM_FILE_CLOSE takes back. 0, 1 and 2 are the VMM's own standard
 * descriptors. A path begins at the directory `handle`, or at the guest's root if it is absolute.
 */
#define VMM_FILE_ROOT (-1) /* as `handle`: the guest's root directory */

#define VMM_FILE_OPEN     1  /* handle, path, flags O_*, mode: a new handle; sets kind, number */
#define VMM_FILE_CLOSE    2  /* handle */
#define VMM_FILE_READ     3  /* handle, buffer, bytes, offset: a count; sets offset, fault. Never waits: -EAGAIN */
#define VMM_FILE_WRITE    4  /* the same, and flags O_APPEND: at the end, wherever offset is */
#define VMM_FILE_STAT     5  /* handle, path or 0, flags AT_SYMLINK_NOFOLLOW, buffer: struct stat, 144 bytes */
#define VMM_FILE_STATX    6  /* the same, mode: the mask, buffer: struct statx, 256 bytes */
#define VMM_FILE_GETDENTS 7  /* handle, buffer, bytes, offset: struct linux_dirent64; sets offset */
#define VMM_FILE_SIZE     8  /* handle: its size; -ESPIPE: it has none */
#define VMM_FILE_TRUNCATE 9  /* handle, path or 0, offset: the new size */
#define VMM_FILE_MKDIR    10 /* handle, path, mode */
#define VMM_FILE_UNLINK   11 /* handle, path, flags AT_REMOVEDIR */
#define VMM_FILE_RENAME   12 /* handle, path, handle2, path2, flags RENAME_* */
#define VMM_FILE_LINK     13 /* handle, path, handle2, path2, flags AT_SYMLINK_FOLLOW */
#define VMM_FILE_SYMLINK  14 /* path: the target's text; handle2, path2: the link */
#define VMM_FILE_READLINK 15 /* handle, path, buffer, bytes: a count */
#define VMM_FILE_ACCESS   16 /* handle, path, mode R_OK..., flags AT_* */
#define VMM_FILE_CHMOD    17 /* handle, path or 0, mode */
#define VMM_FILE_CHOWN    18 /* handle, path or 0, mode: uid, number: gid, flags AT_SYMLINK_NOFOLLOW */
#define VMM_FILE_UTIMENS  19 /* handle, path or 0, buffer: two struct timespec or 0, flags AT_SYMLINK_NOFOLLOW */
#define VMM_FILE_SYNC     20 /* handle */
#define VMM_FILE_STATFS   21 /* handle, path or 0, buffer: struct statfs, 120 bytes */
#define VMM_FILE_PATH     22 /* handle, buffer, bytes: its path in the guest, without NUL: a count; -ERANGE */
#define VMM_FILE_POLL     23 /* handle, flags: POLLIN, POLLOUT wanted (0: both): POLL* that hold; see VMM_HOST_INPUT */
#define VMM_FILE_CONTROL  24 /* handle, flags: a terminal's ioctl (TCGETS, TCSETS*, TIOCGWINSZ), buffer */
#define VMM_FILE_SEEK     25 /* handle 0, 1 or 2, offset, mode: SEEK_*: the new offset, which is the host's */
#define VMM_FILE_FLAGS    26 /* handle 0, 1 or 2: O_ACCMODE, O_APPEND, O_NONBLOCK of the host's file */
#define VMM_FILE_MKNOD    27 /* handle, path, mode: S_IFREG or S_IFIFO with the rights; -EPERM: another type */

/* `kind` after VMM_FILE_OPEN */
#define VMM_FILE_KIND_REGULAR   1 /* also a generated text: its offset matters */
#define VMM_FILE_KIND_DIRECTORY 2
#define VMM_FILE_KIND_DEVICE    3 /* /dev/null and the like: always ready, offsets do not matter; `number`: which one it is,
                                     major * 256 + minor as in Linux; 0: not said */
#define VMM_FILE_KIND_TERMINAL  4 /* of the host */
#define VMM_FILE_KIND_STREAM    5 /* a pipe or socket of the host */
#define VMM_FILE_KIND_FIFO      6 /* the handle is of its name only, as with O_PATH: what goes through it is the kernel's */
/* Names for what only the kernel knows. The result is -EREMOTE, of whatever operation had such a path; the kernel does
   it with what is meant. */
#define VMM_FILE_KIND_SELF_EXE  16 /* /proc/self/exe */
#define VMM_FILE_KIND_SELF_FD   17 /* /proc/self/fd/N, /dev/stdin...: descriptor `number` */
#define VMM_FILE_KIND_SELF_CWD  18 /* /proc/self/cwd */
#define VMM_FILE_KIND_SELF_MAPS 19 /* /proc/self/maps, a text to be generated */
#define VMM_FILE_KIND_TTY       20 /* /dev/tty */
#define VMM_FILE_KIND_FD_LIST   21 /* the directory /proc/self/fd */

#ifndef __ASSEMBLER__
struct vmm_file_request {
	uint32_t operation; /* VMM_FILE_* */
	uint32_t flags;
	int32_t handle, handle2;
	uint64_t path, path2; /* strings with their NUL, at most 4096 bytes with it */
	uint64_t buffer, bytes;
	uint64_t offset;
	uint32_t mode;
	uint32_t pid; /* of whom /proc/self speaks */
	/* results */
	uint32_t kind;
	int32_t number;
	uint32_t fault; /* the count is short only because the memory behind it could not be accessed */
	uint32_t reserved;
};
_Static_assert(sizeof(struct vmm_file_request) == 80, "ABI");

struct vmm_process_table {
	uint32_t generation;
	uint32_t count; /* entries in use or once used, at most VMM_PROCESSES */
	uint64_t reserved;
	struct vmm_process entries[VMM_PROCESSES];
};

#endif
#endif
