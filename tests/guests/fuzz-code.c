/* SPDX-License-Identifier: MIT */
/*
 * fuzz-code.c: 400 programs of random bytes: no instruction of ring 3 can harm the kernel. Each runs in a child that
 * ends by an exception, by the kill of its parent, or by its own exit. Transitions: not compared: what the bytes mean
 * depends on the CPU. Status 126 would be the kernel's end.
 */
#include "test.h"

#define PROGRAMS 400
#define BYTES    64

static uint64_t state = 88172645463325252;

static uint64_t random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* `out`, `in` and system instructions begin with few bytes: let them be more frequent than by chance. */
static unsigned char random_byte(void)
{
	static const unsigned char likely[] = {0x0f, 0x0f, 0x01, 0x20, 0x22, 0x30, 0x48, 0xcd,
					       0xcf, 0xe6, 0xf4, 0xfa, 0x8e, 0xff, 0x66, 0x9d};

	return random() % 3 == 0 ? likely[random() % sizeof(likely)] : (unsigned char)random();
}

/* PVM does not come back from these: vmcall, vmmcall. */
static void avoid_hypercalls(unsigned char *code)
{
	for (int i = 0; i < BYTES; i++)
		if (code[i] == 0x0f && code[i + 1] == 0x01 && (code[i + 2] == 0xc1 || code[i + 2] == 0xd9))
			code[i + 2] = 0xd0;
}

int main(int argc, char **argv, char **envp)
{
	volatile unsigned char *code = (volatile unsigned char *)map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	unsigned ends[2] = {0, 0};

	(void)argc, (void)argv, (void)envp;
	for (int program = 0; program < PROGRAMS; program++) {
		int status = -1;
		long child;

		memset((void *)(uintptr_t)code, 0xcc, PAGE_SIZE);
		for (int i = 0; i < BYTES; i++)
			code[i] = random_byte();
		avoid_hypercalls((unsigned char *)(uintptr_t)code);
		child = fork();
		if (child == 0) {
			raw(SYS_close, 1, 0, 0);
			raw(SYS_close, 2, 0, 0);
			mprotect((void *)(uintptr_t)code, PAGE_SIZE, PROT_READ | PROT_EXEC);
			((void (*)(void))(uintptr_t)code)();
			exit(0);
		}
		for (int waits = 0; wait4(child, &status, WNOHANG) == 0; waits++) {
			if (waits < 3)
				sched_yield();
			else if (waits == 3)
				nanosleep(&(struct timespec){0, 15000000});
			else
				kill(child, SIGKILL);
		}
		ends[status == SIGKILL]++;
		while (wait4(-1, NULL, WNOHANG) > 0)
			;
	}
	printf("%d programs\n", PROGRAMS);
	EXPECT(ends[0] > PROGRAMS / 2);
	return 0;
}
