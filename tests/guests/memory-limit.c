/* SPDX-License-Identifier: MIT */
/*
 * memory-limit.c, with little memory: more memory than there is is refused with -ENOMEM; MAP_NORESERVE memory is
 * promised as by Linux, and the process whose page fault finds none is killed. The others find all of it again.
 * Transitions: not compared: how many pages there are is the kernel's affair. The output says how often it was so.
 */
#include "test.h"

#define MAP_NORESERVE 0x4000

static void eat(void)
{
	volatile char *area = map(UINT64_C(1) << 30, PROT_RW, MAP_PRIVATE | MAP_NORESERVE);

	for (size_t page = 0; page < (UINT64_C(1) << 30) / PAGE_SIZE; page++)
		area[page * PAGE_SIZE] = 1;
}

/* The kernel itself meets the fault. */
static void eat_by_system_calls(void)
{
	volatile char *area = map(UINT64_C(1) << 30, PROT_RW, MAP_PRIVATE | MAP_NORESERVE);

	for (size_t page = 0; page < (UINT64_C(1) << 30) / PAGE_SIZE; page++)
		if (raw(SYS_clock_gettime, 1, (long)(area + page * PAGE_SIZE), 0) != 0)
			exit(1);
}

static void eat_by_mapping(void)
{
	for (long result = 0; result != -ENOMEM;)
		result = mmap(NULL, 64 * PAGE_SIZE, PROT_RW, MAP_SHARED);
}

/* Until fork itself finds no memory for tables or stacks: it says so, and nothing is lost. */
static void eat_by_forking(void)
{
	long child, children = 0;

	for (uint64_t address = UINT64_C(1) << 32; address < UINT64_C(1) << 35; address += UINT64_C(1) << 30)
		if (mmap((void *)address, PAGE_SIZE, PROT_RW, MAP_PRIVATE | MAP_FIXED) == (long)address)
			*(volatile char *)address = 1;
	for (;; children++) {
		child = fork();
		if (child == 0)
			for (;;)
				nanosleep(&(struct timespec){3600, 0});
		if (child < 0)
			break;
	}
	EXPECT(child == -ENOMEM && children > 2);
	EXPECT(kill(-1, SIGKILL) == 0);
	for (; children > 0; children--)
		EXPECT(wait4(-1, NULL, 0) > 0);
	EXPECT(wait4(-1, NULL, 0) == -ECHILD);
}

static void nothing(void)
{
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(mmap(NULL, UINT64_C(1) << 40, PROT_RW, MAP_SHARED) == -ENOMEM);
	EXPECT(mmap(NULL, UINT64_C(1) << 30, PROT_RW, MAP_PRIVATE) == -ENOMEM);
	for (int round = 0; round < 2; round++) {
		EXPECT(status_of(eat) == SIGKILL);
		EXPECT(status_of(eat_by_system_calls) == SIGKILL);
		EXPECT(status_of(eat_by_mapping) == 0);
		EXPECT(status_of(eat_by_forking) == 0);
		EXPECT(status_of(nothing) == 0);
	}
	printf("all memory, twice\n");
	return 0;
}
