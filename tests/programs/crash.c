/* SPDX-License-Identifier: MIT */
/* crash.c: ends by a signal: abort, null (write to address 0), divide, illegal, stack, trap, jump, or a number. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((noinline)) static int recurse(volatile int level)
{
	volatile char space[4096];

	space[0] = (char)level;
	return level == 1 << 30 ? 0 : recurse(level + 1) + space[0];
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	volatile int one = 1, zero = 0;
	int *volatile nowhere = NULL;

	if (strcmp(how, "abort") == 0)
		abort();
	if (strcmp(how, "null") == 0)
		*nowhere = 1;
	if (strcmp(how, "divide") == 0)
		return one / zero;
	if (strcmp(how, "illegal") == 0)
		__asm__ volatile("ud2");
	if (strcmp(how, "trap") == 0)
		__asm__ volatile("int3");
	if (strcmp(how, "stack") == 0)
		return recurse(0);
	if (strcmp(how, "jump") == 0)
		((void (*)(void))0x123000)();
	kill(getpid(), atoi(how));
	return 1;
}
