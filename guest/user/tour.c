/* SPDX-License-Identifier: MIT */
/*
 * tour.c: a guided tour of the boundary between user space and kernel space. It says what it is about to do, and does
 * it; the VMM's report shows beside it what the CPU did. Every way into the kernel is used at least once.
 *
 * Children come from fork_and_wait(), so that everything happens in the same order each time; only the timer comes when
 * it likes.
 */
#include <stdbool.h>

#include "lib/syscalls.h"
#include "lib/text.h"
#include "shared/layout.h"
#include "shared/syscalls.h"

static int surprises; /* things that were not as expected */

static void expect(bool as_expected, const char *what)
{
	if (as_expected)
		return;
	surprises++;
	printf("  !! not as expected: %s\n", what);
}

static const char *signal_name(int signal)
{
	switch (signal) {
	case SIGILL:
		return "SIGILL";
	case SIGTRAP:
		return "SIGTRAP";
	case SIGBUS:
		return "SIGBUS";
	case SIGFPE:
		return "SIGFPE";
	case SIGKILL:
		return "SIGKILL";
	case SIGSEGV:
		return "SIGSEGV";
	default:
		return "?";
	}
}

/* Waits for a child and says how it ended. */
static void reap(long child, int expected_status)
{
	int status = -1;

	expect(wait4(child, &status, 0) == child, "wait4 gives the child");
	if (WIFEXITED(status))
		printf("  child %ld: exited with status %d\n", child, WEXITSTATUS(status));
	else
		printf("  child %ld: killed by signal %d (%s)\n", child, WTERMSIG(status),
		       signal_name(WTERMSIG(status)));
	expect(status == expected_status, "the way the child ended");
}

/* ---- 1: system calls ---- */

static void show_system_calls(void)
{
	static const char by_syscall[] = "  written by the instruction `syscall`\n";
	static const char by_int80[] = "  written by the older way, `int 0x80`\n";

	printf("1. Two doors into the kernel: the same system call, write, by both.\n");
	expect(syscall6(SYS_write, 1, (long)by_syscall, sizeof(by_syscall) - 1, 0, 0, 0) == sizeof(by_syscall) - 1,
	       "write by syscall");
	expect(int80(I386_SYS_write, 1, (long)by_int80, sizeof(by_int80) - 1) == sizeof(by_int80) - 1,
	       "write by int 0x80");
}

/* ---- 2 and 3: page faults that the kernel resolves ---- */

static void show_demand_paging(void)
{
	volatile char *page;
	long result;

	printf("2. Demand paging: mmap gives an address, but no memory; the first touch is a page fault.\n");
	result = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	expect(result > 0, "mmap");
	page = (volatile char *)result;
	page[0] = 1;
	printf("  the kernel has found a page: %s\n",
	       page[0] == 1 && page[1] == 0 ? "ours, and zero" : "but what is in it?");
	expect(page[0] == 1 && page[1] == 0, "a page of zeros");
	expect(munmap((void *)result, PAGE_SIZE) == 0, "munmap");
}

/* In its own page, so that its copy-on-write fault is the only one that its page has. */
static volatile struct {
	long value;
	char rest[PAGE_SIZE - sizeof(long)];
} mine __attribute__((aligned(PAGE_SIZE))) = {.value = 1};

static void show_copy_on_write(void)
{
	long child;

	printf("3. fork: two processes, the same kernel, and the same user memory until one of them writes to it.\n");
	printf("  parent: at %p is %ld\n", (void *)(uintptr_t)&mine.value, mine.value);
	child = fork_and_wait();
	if (child == 0) {
		printf("  child:  at %p is %ld; now I write 2 there, a copy-on-write fault\n",
		       (void *)(uintptr_t)&mine.value, mine.value);
		mine.value = 2;
		printf("  child:  at %p is %ld\n", (void *)(uintptr_t)&mine.value, mine.value);
		exit(7);
	}
	printf("  parent: at %p is %ld: the same address, another page\n", (void *)(uintptr_t)&mine.value, mine.value);
	expect(mine.value == 1, "the parent's memory");
	reap(child, 7 << 8);
}

/* ---- 4: the timer ---- */

static void spin(unsigned long rounds)
{
	for (volatile unsigned long round = 0; round < rounds; round++)
		;
}

static int64_t nanoseconds_now(void)
{
	struct timespec time = {0, 0};

	expect(clock_gettime(CLOCK_MONOTONIC, &time) == 0, "clock_gettime");
	return time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The CPU's own clock, for which nobody has to enter the kernel. AMD APM vol. 3, "RDTSC". */
static uint64_t cycles_now(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static void show_timer(void)
{
	const unsigned long sample = 1000000;
	const uint64_t busy_ns = 35000000; /* three times the 10 ms between two interrupts, and some more */
	uint64_t start, cycles;
	int64_t start_ns, elapsed_ns;

	printf("4. A loop without system calls, for about 35 ms: the timer interrupts it, and it does not notice.\n");
	start = cycles_now();
	start_ns = nanoseconds_now();
	spin(sample); /* how many cycles are a nanosecond? */
	cycles = cycles_now() - start;
	elapsed_ns = nanoseconds_now() - start_ns;
	expect(elapsed_ns > 0 && cycles > 0, "the clock goes on");
	for (start = cycles_now(); elapsed_ns > 0 && cycles_now() - start < cycles * busy_ns / (uint64_t)elapsed_ns;)
		;
}

/* ---- 5: one child a sin ---- */

static void read_kernel_memory(void)
{
	(void)*(volatile char *)KERNEL_BASE;
}

static void write_kernel_memory(void)
{
	*(volatile char *)DIRECT_MAP = 1;
}

static const char constant[] = "read-only";

static void write_read_only_memory(void)
{
	*(volatile char *)(uintptr_t)constant = 'R';
}

static unsigned char data_with_code[] = {0xc3}; /* ret */

static void execute_data(void)
{
	((void (*)(void))(uintptr_t)data_with_code)();
}

static void disable_interrupts(void)
{
	asm volatile("cli");
}

static void write_port(void)
{
	asm volatile("outb %%al, $0x80" : : "a"(0));
}

static void load_page_tables(void)
{
	asm volatile("movq %0, %%cr3" : : "r"(UINT64_C(0)));
}

static void write_lstar(void)
{
	asm volatile("wrmsr" : : "c"(MSR_LSTAR), "a"(0), "d"(0));
}

static void divide_by_zero(void)
{
	uint32_t high = 0, low = 1;

	asm volatile("divl %2" : "+d"(high), "+a"(low) : "r"(0));
}

static void undefined_instruction(void)
{
	asm volatile("ud2");
}

static void breakpoint(void)
{
	asm volatile("int3");
}

/* Calls without end, each pushing a return address. Begins near the end of the stack, to save the way there. */
static void overflow_stack(void)
{
	asm volatile("movq %0, %%rsp\n"
		     "1: call 1b"
		     :
		     : "r"(USER_STACK_BASE + 2 * PAGE_SIZE));
}

static void wild_jump(void)
{
	((void (*)(void))UINT64_C(0x123456789000))();
}

static const struct sin {
	const char *name;
	void (*commit)(void);
	int signal;
} sins[] = {
	{"read the kernel's memory", read_kernel_memory, SIGSEGV},
	{"write to all of RAM, through the kernel's direct map", write_kernel_memory, SIGSEGV},
	{"write to read-only memory", write_read_only_memory, SIGSEGV},
	{"execute data", execute_data, SIGSEGV},
	{"switch interrupts off (cli)", disable_interrupts, SIGSEGV},
	{"write to an I/O port (out)", write_port, SIGSEGV},
	{"load other page tables (mov to cr3)", load_page_tables, SIGSEGV},
	{"move the system-call entry (wrmsr)", write_lstar, SIGSEGV},
	{"divide by zero", divide_by_zero, SIGFPE},
	{"an undefined instruction (ud2)", undefined_instruction, SIGILL},
	{"a breakpoint (int3)", breakpoint, SIGTRAP},
	{"overflow the stack, into its guard page", overflow_stack, SIGSEGV},
	{"jump to nowhere", wild_jump, SIGSEGV},
};

static void show_sins(void)
{
	printf("5. What a program may not do. Each time a child tries; the fault ends that child, and nobody else.\n");
	for (size_t i = 0; i < sizeof(sins) / sizeof(sins[0]); i++) {
		long child;

		printf("- %s\n", sins[i].name);
		child = fork_and_wait();
		if (child == 0) {
			sins[i].commit();
			exit(0); /* it was let */
		}
		reap(child, sins[i].signal);
	}
}

/* ---- 6: a pointer is only a number ---- */

static void show_bad_pointers(void)
{
	long unmapped, kernel;

	printf("6. Bad pointers in a system call: the kernel looks before it touches, and says no.\n");
	unmapped = write(1, (const void *)0x10, 5);
	kernel = write(1, (const void *)KERNEL_BASE, 5);
	printf("  write from an unmapped address: %ld; from the kernel's memory: %ld (-EFAULT is %d)\n", unmapped,
	       kernel, -EFAULT);
	expect(unmapped == -EFAULT && kernel == -EFAULT, "-EFAULT");
}

int main(void)
{
	printf("A tour of the boundary between user space and kernel space. I am process %ld.\n", getpid());
	show_system_calls();
	show_demand_paging();
	show_copy_on_write();
	show_timer();
	show_sins();
	show_bad_pointers();
	if (surprises != 0) {
		printf("The end of the tour, but %d things were not as expected.\n", surprises);
		return 1;
	}
	printf("The end of the tour: everything was as expected.\n");
	return 0;
}
