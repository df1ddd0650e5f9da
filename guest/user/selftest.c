/* SPDX-License-Identifier: MIT */
/*
 * selftest.c: what the kernel promises to a program, tried from the program's side. One line for each promise that is
 * broken; status 0 if none is. Each check runs in a process of its own.
 */
#include <stdbool.h>

#include "lib/syscalls.h"
#include "lib/text.h"
#include "shared/layout.h"
#include "shared/syscalls.h"

#define ENOENT              2
#define ESRCH               3
#define EBADF               9
#define ECHILD              10
#define EAGAIN              11
#define ENOMEM              12
#define EACCES              13
#define EEXIST              17
#define EINVAL              22
#define ENOSYS              38
#define SIGTERM             15
#define WNOHANG             1
#define MAP_POPULATE        0x8000
#define MAP_FIXED_NOREPLACE 0x100000
#define RW                  (PROT_READ | PROT_WRITE)

static const char *check_name;
static char **arguments;
static int argument_count;

#define CHECK(condition)                                                                      \
	do {                                                                                  \
		if (!(condition)) {                                                           \
			printf("FAILED %s: line %d: %s\n", check_name, __LINE__, #condition); \
			exit(1);                                                              \
		}                                                                             \
	} while (0)

static long raw(long number, long a, long b, long c, long d, long e, long f)
{
	return syscall6(number, a, b, c, d, e, f);
}

static volatile char *map(size_t bytes, int protection, int flags)
{
	long result = mmap(NULL, bytes, protection, flags);

	CHECK(result > 0);
	return (volatile char *)result;
}

/* Runs `function` in a child and returns its wait status. */
static int status_of(void (*function)(volatile char *), volatile char *argument)
{
	int status = -1;
	long child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		function(argument);
		exit(0);
	}
	CHECK(wait4(child, &status, 0) == child);
	return status;
}

static void touch(volatile char *address)
{
	(void)*address;
}

static void write_to(volatile char *address)
{
	*address = 1;
}

static void run_at(volatile char *address)
{
	((void (*)(void))(uintptr_t)address)();
}

static void check_registers(void)
{
	/* all registers but rax, rcx and r11 come back from a system call; flags too */
	uint64_t before[6] = {1, 2, 3, 4, 5, 6}, flags;
	register uint64_t r8 asm("r8") = before[0];
	register uint64_t r9 asm("r9") = before[1];
	register uint64_t r10 asm("r10") = before[2];
	register uint64_t r12 asm("r12") = before[3];
	register uint64_t r15 asm("r15") = before[4];
	uint64_t rbx = before[5];
	long result;

	asm volatile("std; syscall; pushfq; popq %1; cld"
		     : "=a"(result), "=m"(flags), "+r"(r8), "+r"(r9), "+r"(r10), "+r"(r12), "+r"(r15), "+b"(rbx)
		     : "a"(SYS_getpid)
		     : "rcx", "r11", "memory");
	CHECK(result == getpid() && (flags & RFLAGS_DF));
	CHECK(r8 == 1 && r9 == 2 && r10 == 3 && r12 == 4 && r15 == 5 && rbx == 6);
	CHECK(int80(I386_SYS_getpid, 0, 0, 0) == getpid());
	CHECK(int80(9999, 0, 0, 0) == -ENOSYS);
	CHECK(raw(9999, 0, 0, 0, 0, 0, 0) == -ENOSYS && raw(-1, 0, 0, 0, 0, 0, 0) == -ENOSYS);
}

static void check_direction_flag(void)
{
	/* a page fault with DF = 1 must not confuse the kernel, which copies strings */
	volatile char *page = map(2 * PAGE_SIZE, RW, MAP_PRIVATE);

	page[PAGE_SIZE] = 3;
	if (fork() == 0) {
		asm volatile("std; movb $4, %0; cld" : "=m"(page[PAGE_SIZE]));
		exit(page[PAGE_SIZE - 1] == 0 && page[PAGE_SIZE] == 4 ? 0 : 1);
	}
	CHECK(wait4(-1, NULL, 0) > 0 && page[PAGE_SIZE] == 3);
}

static void check_mmap(void)
{
	volatile char *area = map(8 * PAGE_SIZE, RW, MAP_PRIVATE);

	for (int page = 0; page < 8; page++) {
		CHECK(area[page * PAGE_SIZE] == 0);
		area[page * PAGE_SIZE] = (char)(page + 1);
	}
	CHECK(munmap((void *)(uintptr_t)(area + 2 * PAGE_SIZE), 2 * PAGE_SIZE) == 0);
	CHECK(WTERMSIG(status_of(touch, area + 2 * PAGE_SIZE)) == SIGSEGV);
	CHECK(area[PAGE_SIZE] == 2 && area[4 * PAGE_SIZE] == 5);
	CHECK(mmap((void *)(uintptr_t)(area + 2 * PAGE_SIZE), PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED) ==
	      (long)(area + 2 * PAGE_SIZE));
	CHECK(area[2 * PAGE_SIZE] == 0);
	CHECK(mmap((void *)(uintptr_t)area, PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED) == (long)area && area[0] == 0);
	CHECK(mmap((void *)(uintptr_t)area, PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED_NOREPLACE) == -EEXIST);
	CHECK(mmap((void *)(uintptr_t)(area + 3 * PAGE_SIZE), PAGE_SIZE, RW, MAP_PRIVATE) ==
	      (long)(area + 3 * PAGE_SIZE));
	CHECK(mmap(NULL, 0, RW, MAP_PRIVATE) == -EINVAL && mmap(NULL, PAGE_SIZE, RW, 0) == -EINVAL);
	CHECK(mmap((void *)1, PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED) == -EINVAL);
	CHECK(mmap((void *)DIRECT_MAP, PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED) == -ENOMEM);
	CHECK(mmap(NULL, (size_t)-1, RW, MAP_PRIVATE) == -ENOMEM);
	CHECK(mmap((void *)(USER_STACK_BASE - PAGE_SIZE), PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED) == -ENOMEM);
	CHECK(mmap(NULL, PAGE_SIZE, RW | PROT_EXEC, MAP_PRIVATE) == -EACCES);
	CHECK(munmap((void *)1, PAGE_SIZE) == -EINVAL && munmap((void *)0x10000000, PAGE_SIZE) == 0);
	CHECK(raw(SYS_mmap, 0, PAGE_SIZE, PROT_READ, MAP_PRIVATE, 5, 0) == -EBADF);
}

static void check_mprotect(void)
{
	volatile char *area = map(4 * PAGE_SIZE, RW, MAP_PRIVATE);
	void *second = (void *)(uintptr_t)(area + PAGE_SIZE);

	for (int page = 0; page < 4; page++)
		area[page * PAGE_SIZE] = (char)0xc3; /* ret */
	CHECK(mprotect(second, PAGE_SIZE, PROT_READ) == 0);
	CHECK(area[PAGE_SIZE] == (char)0xc3 && WTERMSIG(status_of(write_to, area + PAGE_SIZE)) == SIGSEGV);
	CHECK(status_of(write_to, area + 2 * PAGE_SIZE) == 0);
	CHECK(WTERMSIG(status_of(run_at, area + PAGE_SIZE)) == SIGSEGV);
	CHECK(mprotect(second, PAGE_SIZE, PROT_READ | PROT_EXEC) == 0 && status_of(run_at, area + PAGE_SIZE) == 0);
	CHECK(mprotect(second, PAGE_SIZE, PROT_NONE) == 0);
	CHECK(WTERMSIG(status_of(touch, area + PAGE_SIZE)) == SIGSEGV);
	CHECK(write(1, second, 1) == -EFAULT);
	CHECK(mprotect(second, PAGE_SIZE, RW) == 0 && area[PAGE_SIZE] == (char)0xc3);
	CHECK(status_of(write_to, area + PAGE_SIZE) == 0 && area[PAGE_SIZE] == (char)0xc3);
	area[PAGE_SIZE] = 1;
	CHECK(mprotect(second, PAGE_SIZE, RW | PROT_EXEC) == -EACCES);
	CHECK(munmap(second, PAGE_SIZE) == 0 && mprotect((void *)(uintptr_t)area, 4 * PAGE_SIZE, PROT_READ) == -ENOMEM);
	CHECK(mprotect((void *)1, 1, RW) == -EINVAL && mprotect((void *)(uintptr_t)area, 1, 0x100) == -EINVAL);
}

static void check_brk(void)
{
	uintptr_t start = (uintptr_t)brk(0);
	volatile char *heap = (volatile char *)start;

	CHECK(brk(start + 3 * PAGE_SIZE + 5) == (long)(start + 3 * PAGE_SIZE + 5));
	heap[0] = 1;
	heap[3 * PAGE_SIZE + 4] = 2;
	CHECK(brk(start + PAGE_SIZE) == (long)(start + PAGE_SIZE) && heap[0] == 1);
	CHECK(WTERMSIG(status_of(touch, heap + 3 * PAGE_SIZE)) == SIGSEGV);
	CHECK(brk(start + 4 * PAGE_SIZE) == (long)(start + 4 * PAGE_SIZE) && heap[3 * PAGE_SIZE + 4] == 0);
	CHECK(brk(DIRECT_MAP) == (long)(start + 4 * PAGE_SIZE) && brk(0x1000) == (long)(start + 4 * PAGE_SIZE));
	CHECK(brk(start) == (long)start);
}

static volatile int in_data = 5;

static void check_fork(void)
{
	volatile char *area = map(3 * PAGE_SIZE, RW, MAP_PRIVATE);
	volatile char *shared = map(2 * PAGE_SIZE, RW, MAP_SHARED);
	int status;
	long child;

	area[0] = 1;
	area[PAGE_SIZE] = 2;
	child = fork();
	if (child == 0) {
		CHECK(area[0] == 1 && area[PAGE_SIZE] == 2 && area[2 * PAGE_SIZE] == 0 && in_data == 5);
		area[0] = 11;
		in_data = 6;
		shared[0] = 12;
		shared[PAGE_SIZE] = 13;
		CHECK(getppid() == 1 || getppid() > 1);
		exit(300);
	}
	CHECK(wait4(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == (300 & 0xff));
	CHECK(area[0] == 1 && in_data == 5 && shared[0] == 12 && shared[PAGE_SIZE] == 13);
	area[0] = 7; /* the last owner: no copy */
	CHECK(area[0] == 7);
	CHECK(wait4(child, &status, 0) == -ECHILD && wait4(-1, NULL, WNOHANG) == -ECHILD);
}

/* Grandchildren that nobody waits for become pid 1's. */
static void check_orphans(void)
{
	volatile long *shared = (volatile long *)map(PAGE_SIZE, RW, MAP_SHARED);
	struct timespec moment = {0, 20000000};

	if (fork() == 0) {
		if (fork() == 0) {
			while (getppid() != 1)
				sched_yield();
			shared[0] = getppid();
			exit(0);
		}
		exit(0);
	}
	CHECK(wait4(-1, NULL, 0) > 0);
	while (shared[0] == 0)
		nanosleep(&moment);
	CHECK(shared[0] == 1 && wait4(-1, NULL, 0) == -ECHILD);
}

static void check_wait(void)
{
	int status;
	long child = fork(), other;

	if (child == 0) {
		struct timespec moment = {0, 30000000};

		nanosleep(&moment);
		exit(3);
	}
	CHECK(wait4(child, &status, WNOHANG) == 0);
	other = fork();
	if (other == 0)
		for (;;)
			; /* the timer must take the CPU from it */
	CHECK(wait4(child, &status, 0) == child && status == 3 << 8);
	CHECK(kill(other, 0) == 0 && kill(other, SIGTERM) == 0);
	CHECK(wait4(-1, &status, 0) == other && status == SIGTERM);
	CHECK(kill(other, SIGTERM) == -ESRCH && kill(1, 99) == -EINVAL);
	CHECK(raw(SYS_wait4, -1, 0, 0x100, 0, 0, 0) == -EINVAL);
}

/* Two processes count in SSE registers, and the timer switches between them. */
static void check_fpu(void)
{
	for (int process = 1; process <= 2; process++) {
		if (fork() != 0)
			continue;
		for (long round = 0; round < 30; round++) {
			uint64_t value = (uint64_t)process * 1000, out;
			unsigned long spins = 2000000;

			asm volatile("movq %2, %%xmm5\n"
				     "1: dec %1\n"
				     "jnz 1b\n"
				     "movq %%xmm5, %0"
				     : "=r"(out), "+r"(spins)
				     : "r"(value)
				     : "xmm5");
			CHECK(out == value);
		}
		exit(0);
	}
	for (int process = 1; process <= 2; process++) {
		int status;

		CHECK(wait4(-1, &status, 0) > 0 && status == 0);
	}
}

static void check_stack(void)
{
	volatile char *deep = (volatile char *)(USER_STACK_BASE + 8);

	*deep = 1; /* anywhere in the 8 MiB */
	CHECK(*deep == 1 && WTERMSIG(status_of(write_to, (volatile char *)(USER_STACK_BASE - 8))) == SIGSEGV);
	CHECK(WTERMSIG(status_of(touch, (volatile char *)0)) == SIGSEGV);
	CHECK(WTERMSIG(status_of(touch, (volatile char *)UINT64_C(0x8000000000000000))) == SIGSEGV);
	CHECK(WTERMSIG(status_of(run_at, (volatile char *)UINT64_C(0x8000000000000000))) == SIGSEGV);
}

static void set_stack_to_hole(volatile char *unused)
{
	(void)unused;
	asm volatile("movq %0, %%rsp; popq %%rax" : : "r"(UINT64_C(0x8000000000000000)) : "rax");
}

static void overflow(volatile char *unused)
{
	(void)unused;
	asm volatile(".byte 0xcd, 4");
}

static void gate_of_timer(volatile char *unused)
{
	(void)unused;
	asm volatile("int $0x20");
}

static void missing_gate(volatile char *unused)
{
	(void)unused;
	asm volatile("int $0x77");
}

static void single_step(volatile char *unused)
{
	(void)unused;
	asm volatile("pushfq; orl $0x100, (%%rsp); popfq; nop; nop" : : : "memory");
}

/* A jump into the kernel is a fault like any other, even with what `syscall` leaves in rcx and r11. */
static void jump_into_kernel(volatile char *target)
{
	asm volatile("movl %1, %%eax; syscall; movl %2, %%eax; movl $99, %%edi; jmp *%0"
		     :
		     : "r"(target), "i"(SYS_getpid), "i"(SYS_exit_group)
		     : "rax", "rcx", "rdi", "r11");
}

/* "0x..." */
static uint64_t parse_hex(const char *digits)
{
	uint64_t number = 0;

	for (digits += 2; *digits != '\0'; digits++)
		number = number << 4 | (uint64_t)(*digits <= '9' ? *digits - '0' : (*digits | 0x20) - 'a' + 10);
	return number;
}

static void check_faults(void)
{
	int status = status_of(set_stack_to_hole, NULL);

	CHECK(status == SIGBUS || status == SIGSEGV); /* #SS; emulated CPUs may give #GP */
	CHECK(status_of(overflow, NULL) == SIGSEGV);
	CHECK(status_of(gate_of_timer, NULL) == SIGSEGV);
	CHECK(status_of(missing_gate, NULL) == SIGSEGV);
	CHECK(status_of(single_step, NULL) == SIGTRAP);
	CHECK(status_of(jump_into_kernel, (volatile char *)KERNEL_BASE) == SIGSEGV);
	for (int argument = 1; argument < argument_count; argument++) /* addresses of the kernel's, to be tried too */
		if (arguments[argument][0] == '0')
			CHECK(status_of(jump_into_kernel, (volatile char *)parse_hex(arguments[argument])) == SIGSEGV);
}

/* Every pointer argument of every call, pointing nowhere. */
static void check_bad_pointers(void)
{
	static const uint64_t bad[] = {0x10,       0x00007ffffffff000, 0x0000800000000000,
				       DIRECT_MAP, KERNEL_BASE,        UINT64_MAX - 3};
	volatile char *page = map(2 * PAGE_SIZE, RW, MAP_PRIVATE);
	int status;
	long child;

	CHECK(munmap((void *)(uintptr_t)(page + PAGE_SIZE), PAGE_SIZE) == 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		long pointer = (long)bad[i];

		CHECK(raw(SYS_write, 1, pointer, 5, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_writev, 1, pointer, 1, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_fstat, 1, pointer, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_newfstatat, 1, pointer, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_readlink, pointer, (long)page, 10, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_clock_gettime, 0, pointer, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_gettimeofday, pointer, 0, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_nanosleep, pointer, 0, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_uname, pointer, 0, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_times, pointer, 0, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_prlimit64, 0, 3, pointer, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_prlimit64, 0, 3, 0, pointer, 0, 0) == -EFAULT);
		CHECK(raw(SYS_getrandom, pointer, 16, 0, 0, 0, 0) == -EFAULT);
		CHECK(raw(SYS_rt_sigaction, SIGTERM, pointer, 0, 8, 0, 0) == -EFAULT);
		CHECK(raw(SYS_rt_sigprocmask, 0, 0, pointer, 8, 0, 0) == -EFAULT);
		CHECK(raw(SYS_arch_prctl, 0x1003, pointer, 0, 0, 0, 0) == -EFAULT);
		child = fork();
		if (child == 0)
			exit(0);
		CHECK(raw(SYS_wait4, child, pointer, 0, 0, 0, 0) == -EFAULT);
	}
	/* across the end of what is mapped: what can be written is written, as by Linux */
	memcpy((void *)(uintptr_t)(page + PAGE_SIZE - 3), "\r\r\r", 3);
	CHECK(raw(SYS_write, 1, (long)(page + PAGE_SIZE - 3), 10, 0, 0, 0) == 3);
	CHECK(raw(SYS_readlink, (long)(page + PAGE_SIZE - 1), (long)page, 10, 0, 0, 0) == -EFAULT);
	CHECK(raw(SYS_uname, (long)(page + PAGE_SIZE - 30), 0, 0, 0, 0, 0) == -EFAULT);
	/* the kernel brings pages in, and copies on write, on the program's behalf */
	page = map(PAGE_SIZE, RW, MAP_PRIVATE);
	CHECK(raw(SYS_uname, (long)page, 0, 0, 0, 0, 0) == 0 && page[0] == 'L');
	child = fork();
	if (child == 0) {
		CHECK(raw(SYS_clock_gettime, 1, (long)page, 0, 0, 0, 0) == 0 && page[0] != 'L');
		exit(0);
	}
	CHECK(wait4(child, &status, 0) == child && status == 0 && page[0] == 'L');
	CHECK(mprotect((void *)(uintptr_t)page, PAGE_SIZE, PROT_READ) == 0);
	CHECK(raw(SYS_uname, (long)page, 0, 0, 0, 0, 0) == -EFAULT);
	CHECK(raw(SYS_write, 7, (long)page, 1, 0, 0, 0) == -EBADF &&
	      raw(SYS_read, 1, (long)page, 1, 0, 0, 0) == -EBADF);
	CHECK(raw(SYS_close, 2, 0, 0, 0, 0, 0) == 0 && raw(SYS_close, 2, 0, 0, 0, 0, 0) == -EBADF);
}

static void check_time(void)
{
	struct timespec before, after, request = {0, 25000000};

	CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0 && nanosleep(&request) == 0);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &after) == 0);
	CHECK((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec >= request.tv_nsec);
	request.tv_nsec = 1000000000;
	CHECK(nanosleep(&request) == -EINVAL && clock_gettime(77, &after) == -EINVAL);
	CHECK(raw(SYS_clock_gettime, 0, (long)&after, 0, 0, 0, 0) == 0 && after.tv_sec > 1600000000);
}

static void check_bases(void)
{
	static uint64_t words[2] = {77, 88};
	uint64_t got = 0;

	CHECK(raw(SYS_arch_prctl, 0x1002, (long)&words[0], 0, 0, 0, 0) == 0);
	CHECK(raw(SYS_arch_prctl, 0x1001, (long)&words[1], 0, 0, 0, 0) == 0);
	sched_yield();
	asm volatile("movq %%fs:0, %0" : "=r"(got));
	CHECK(got == 77);
	asm volatile("movq %%gs:0, %0" : "=r"(got));
	CHECK(got == 88);
	CHECK(status_of(touch, (volatile char *)words) == 0);
	asm volatile("movq %%gs:0, %0" : "=r"(got));
	CHECK(got == 88);
	CHECK(raw(SYS_arch_prctl, 0x1003, (long)&got, 0, 0, 0, 0) == 0 && got == (uint64_t)&words[0]);
	CHECK(raw(SYS_arch_prctl, 0x1002, (long)KERNEL_BASE, 0, 0, 0, 0) == -1 /* EPERM */);
}

/* As many processes as there may be; then -EAGAIN, and all of them can be reaped. */
static void check_process_limit(void)
{
	long count = 0, child;

	for (;;) {
		child = fork();
		if (child == 0)
			for (;;) {
				struct timespec hour = {3600, 0};

				nanosleep(&hour);
			}
		if (child < 0)
			break;
		count++;
	}
	CHECK(child == -EAGAIN && count > 100);
	CHECK(kill(-1, SIGKILL) == 0);
	for (; count > 0; count--)
		CHECK(wait4(-1, NULL, 0) > 0);
	CHECK(wait4(-1, NULL, 0) == -ECHILD);
}

/* A process that takes all memory is killed; the others find it again. */
static void eat_memory(volatile char *unused)
{
	(void)unused;
	for (;;) {
		volatile char *area = map(LARGE_PAGE_SIZE, RW, MAP_PRIVATE | MAP_POPULATE);

		area[LARGE_PAGE_SIZE - 1] = 1;
	}
}

static void check_memory_limit(void)
{
	CHECK(mmap(NULL, UINT64_C(1) << 40, RW, MAP_SHARED) == -ENOMEM);
	CHECK(status_of(eat_memory, NULL) == SIGKILL);
	map(2 * LARGE_PAGE_SIZE, RW, MAP_SHARED);
}

static const struct check {
	const char *name;
	void (*run)(void);
} checks[] = {
	{"registers", check_registers},
	{"direction flag", check_direction_flag},
	{"mmap", check_mmap},
	{"mprotect", check_mprotect},
	{"brk", check_brk},
	{"fork", check_fork},
	{"orphans", check_orphans},
	{"wait and kill", check_wait},
	{"fpu", check_fpu},
	{"stack", check_stack},
	{"faults", check_faults},
	{"bad pointers", check_bad_pointers},
	{"time", check_time},
	{"fs and gs", check_bases},
	{"process limit", check_process_limit},
	{"memory limit", check_memory_limit},
};

/* Arguments: names of checks, or all; an address 0x... is one that ring 3 may not jump to (the check "faults"). */
int main(int argc, char **argv);
int main(int argc, char **argv)
{
	int failed = 0;

	arguments = argv;
	argument_count = argc;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		bool wanted = argc < 2 || argv[1][0] == '0';
		int status = -1;
		long child;

		for (int argument = 1; argument < argc; argument++)
			wanted = wanted || strcmp(argv[argument], checks[i].name) == 0;
		if (!wanted)
			continue;
		check_name = checks[i].name;
		child = fork();
		if (child == 0) {
			checks[i].run();
			exit(0);
		}
		while (wait4(child, &status, 0) != child)
			;
		if (status != 0)
			failed++;
		if (status != 0 && !WIFEXITED(status))
			printf("FAILED %s: killed by signal %d\n", check_name, WTERMSIG(status));
	}
	printf("%d failed\n", failed);
	return failed != 0;
}
