/* SPDX-License-Identifier: MIT */
/*
 * fuzz-calls.c: 20,000 system calls, of every number up to beyond the last, with wild arguments: no program can harm
 * the kernel. The sequence is always the same. A call may end the process that makes it; the next one then goes on.
 * Left out are the calls that would end or multiply the test itself: exit, fork and their like, kill, sleeping.
 * Transitions: not compared: the output says that all was done, and status 126 would be the kernel's end.
 */
#include "test.h"

#define CALLS    20000
#define NUMBERS  480                    /* the last is 462 */
#define PROGRESS INT64_C(0x35791357000) /* where hardly a call will write */

static volatile uint64_t *progress; /* shared */
static uint64_t own_page[2 * PAGE_SIZE / sizeof(uint64_t)] __attribute__((aligned(PAGE_SIZE)));

/* The finalizer of splitmix64. */
static uint64_t mix(uint64_t bits)
{
	bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
	return bits ^ bits >> 31;
}

static uint64_t argument(uint64_t seed)
{
	static const uint64_t interesting[] = {
		0,
		1,
		2,
		3,
		4,
		8,
		16,
		64,
		PAGE_SIZE,
		PAGE_SIZE - 1,
		2 * PAGE_SIZE,
		0x10000,
		0x400000,
		0x401000,
		1 << 30,
		UINT64_C(1) << 40,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		USER_STACK_BASE,
		USER_STACK_TOP - PAGE_SIZE,
		USER_TOP - 1,
		USER_TOP,
		USER_HALF_END - 1,
		USER_HALF_END,
		UINT64_C(0x8000000000000000),
		KERNEL_HALF,
		DIRECT_MAP,
		KERNEL_STACKS,
		KERNEL_STACKS + KERNEL_STACK_SLOT - 64,
		CPU_AREA,
		CPU_AREA_PER_CPU + CPU_AREA_TSS,
		KERNEL_BASE,
		UINT64_MAX,
		UINT64_MAX - PAGE_SIZE,
		INT64_MAX,
		USER_MMAP_TOP,
		USER_MMAP_TOP - PAGE_SIZE,
	};
	const uint64_t count = sizeof(interesting) / sizeof(interesting[0]);

	switch (mix(seed) % 8) {
	case 0:
		return mix(seed + 1);
	case 1:
		return mix(seed + 1) % 64;
	case 2:
		return (uint64_t)own_page + mix(seed + 1) % sizeof(own_page);
	case 3:
		return (uint64_t)own_page;
	default:
		return interesting[mix(seed + 1) % count] + (mix(seed + 2) % 4 == 0 ? mix(seed + 3) % 17 - 8 : 0);
	}
}

/* Arguments that may well be right, so that the address space fills with pieces. */
static void change_memory(uint64_t seed)
{
	static const uint32_t flags[] = {0x22, 0x21, 0x32, 0x31, 0x8022, 0x100022}; /* MAP_* */
	void *address = (void *)(USER_MMAP_TOP - (mix(seed) % 256 + 1) * PAGE_SIZE);
	size_t bytes = mix(seed + 1) % 32 * PAGE_SIZE + mix(seed + 2) % 2;
	int protection = (int)(mix(seed + 3) % 6); /* not W+X */

	switch (mix(seed + 4) % 8) {
	case 0:
	case 1:
	case 2:
		mmap(mix(seed + 5) % 4 == 0 ? NULL : address, bytes, protection, (int)flags[mix(seed + 6) % 6]);
		break;
	case 3:
	case 4:
		munmap(address, bytes);
		break;
	case 5:
		mprotect(address, bytes, protection);
		break;
	case 6:
		brk((uintptr_t)brk(0) + mix(seed + 5) % 0x20000 - 0xe000);
		break;
	default:
		if (mix(seed + 5) % 16 != 0)
			break;
		if (fork_and_wait() == 0)
			exit(0);
		wait4(-1, NULL, 0);
	}
}

static bool left_out(uint64_t number)
{
	switch (number) {
	case SYS_exit:
	case SYS_exit_group:
	case SYS_fork:
	case SYS_vfork:
	case SYS_clone:
	case SYS_clone3:
	case SYS_kill:
	case SYS_tkill:
	case SYS_tgkill:
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
	case SYS_pause:
		return true;
	default:
		return false;
	}
}

static void make_calls(void)
{
	raw(SYS_close, 1, 0, 0);
	raw(SYS_close, 2, 0, 0);
	while (progress[0] < CALLS) {
		uint64_t seed = mix(++progress[0]) & ~UINT64_C(0xff);
		/* one in two is a call that is there and takes addresses, in most cases */
		static const unsigned char favourites[] = {SYS_mmap, SYS_munmap, SYS_mprotect, SYS_brk,
							   SYS_read, SYS_uname,  SYS_wait4,    SYS_rt_sigaction};
		uint64_t number = mix(seed + 0x10) % 2 == 0 ? favourites[mix(seed + 0x11) % sizeof(favourites)]
							    : mix(seed + 0x11) % NUMBERS;

		if (mix(seed + 0x12) % 16 == 0)
			change_memory(seed + 0x20);
		else if (!left_out(number))
			syscall6((long)number, (long)argument(seed + 0x20), (long)argument(seed + 0x30),
				 (long)argument(seed + 0x40), (long)argument(seed + 0x50), (long)argument(seed + 0x60),
				 (long)argument(seed + 0x70));
	}
}

int main(int argc, char **argv, char **envp)
{
	unsigned deaths = 0;

	(void)argc, (void)argv, (void)envp;
	progress = (volatile uint64_t *)mmap((void *)PROGRESS, PAGE_SIZE, PROT_RW, MAP_SHARED | MAP_FIXED);
	EXPECT((long)progress == PROGRESS);
	while (progress[0] < CALLS) {
		uint64_t before = progress[0];
		int status = status_of(make_calls);

		deaths += status != 0;
		if (progress[0] == before)
			progress[0]++;
	}
	printf("%lu calls\n", progress[0]);
	EXPECT(deaths > 5 && deaths < CALLS / 2); /* else it was not wild, or made no calls */
	return 0;
}
