/* SPDX-License-Identifier: MIT */
/*
 * fault-handler.c: SIGSEGV handlers on an alternate stack: code and address of a fault at an unmapped and at a
 * read-only page, left by siglongjmp; one that repairs and returns; a stack overflow; SIGFPE, SIGILL, SIGTRAP.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "say.h"

static sigjmp_buf back;
static char *page;
static char *stack;
static volatile int repair;

static void handler(int number, siginfo_t *info, void *context)
{
	char here;

	(void)context;
	printf("signal %d code %d on the alternate stack %d", number, info->si_code,
	       &here >= stack && &here < stack + 65536);
	if (number == SIGSEGV && info->si_addr >= (void *)page && info->si_addr < (void *)(page + 8192))
		printf(" at %ld", (long)((char *)info->si_addr - page));
	printf("\n");
	if (repair) {
		repair = 0;
		mprotect(page, 4096, PROT_READ | PROT_WRITE);
		return;
	}
	siglongjmp(back, 1);
}

/* The result keeps the compiler from making a loop of it */
__attribute__((noinline)) static int recurse(volatile int level)
{
	volatile char space[1024];

	space[0] = (char)level;
	return level == 1 << 30 ? 0 : recurse(level + 1) + space[0];
}

static void divide(void)
{
	volatile int zero = 0, one = 1;

	one /= zero;
}

int main(void)
{
	static const int signals[] = {SIGSEGV, SIGFPE, SIGILL, SIGTRAP};
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	stack_t alternate = {.ss_size = 65536};

	setvbuf(stdout, NULL, _IONBF, 0);
	alternate.ss_sp = stack = malloc(alternate.ss_size);
	page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == NULL || page == MAP_FAILED || munmap(page + 4096, 4096) != 0)
		return 1;
	SAY("sigaltstack", sigaltstack(&alternate, NULL));
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
	if (sigsetjmp(back, 1) == 0)
		*(volatile char *)(page + 5) = 1;
	if (sigsetjmp(back, 1) == 0)
		*(volatile char *)(page + 4096 + 6) = 1;
	repair = 1;
	*(volatile char *)(page + 9) = 3;
	printf("repaired: %d\n", page[9]);
	if (sigsetjmp(back, 1) == 0)
		printf("%d\n", recurse(1));
	if (sigsetjmp(back, 1) == 0)
		divide();
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile("ud2");
	if (sigsetjmp(back, 1) == 0)
		__asm__ volatile("int3");
	printf("done\n");
	return 0;
}
