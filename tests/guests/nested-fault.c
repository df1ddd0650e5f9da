/* SPDX-License-Identifier: MIT */
/*
 * nested-fault.c: a system call that reads or writes memory which is not there yet takes the page fault itself, in
 * ring 0, and goes on. For `write` the VMM reads the buffer, so that the kernel brings the page in without a fault.
 * Transitions: inside uname #PF 0x2 (0>0) with its iret: twice, as the structure lies across two pages; inside
 * nanosleep #PF 0x0; after fork, in the child, inside clock_gettime #PF 0x3; none inside write.
 */
#include "test.h"

static volatile char *area;

static void fork_child(void)
{
	EXPECT(raw(SYS_clock_gettime, CLOCK_MONOTONIC, (long)area, 0) == 0);
	EXPECT(area[15] == 0 && area[16] == 'L'); /* the nanoseconds are fewer than 2^56 */
}

int main(int argc, char **argv, char **envp)
{
	const char *text;

	(void)argc, (void)argv, (void)envp;
	area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	EXPECT(raw(SYS_uname, (long)area + PAGE_SIZE - 65, 0, 0) == 0);
	EXPECT(strcmp((const char *)(uintptr_t)(area + PAGE_SIZE - 65), "Linux") == 0);
	EXPECT(strcmp((const char *)(uintptr_t)(area + PAGE_SIZE + 3 * 65), "x86_64") == 0);
	EXPECT(raw(SYS_nanosleep, (long)(area + 2 * PAGE_SIZE), 0, 0) == 0);
	text = (const char *)(uintptr_t)(area + 3 * PAGE_SIZE);
	EXPECT(write(1, text, 10) == 10 && text[9] == 0);
	area[15] = area[16] = 'L';
	EXPECT(status_of(fork_child) == 0 && area[15] == 'L');
	return 0;
}
