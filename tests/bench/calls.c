/* SPDX-License-Identifier: MIT */
/*
 * calls.c: a user program for count_instructions: does each thing whose instructions are to be counted, ROUNDS times,
 * and says which by a mark: a getpid whose first argument, which getpid does not have, names what comes next.
 */
#include "bench_marks.h"
#include "lib/syscalls.h"
#include "shared/syscalls.h"

#define PAGE 4096

int main(void);

static void mark(long what)
{
	syscall6(SYS_getpid, BENCH_MARK | what, 0, 0, 0, 0, 0);
}

static void end(void)
{
	mark(BENCH_NOTHING);
}

/* One after the other through a mapping: every page is a fresh one. */
static void touch_pages(char *memory)
{
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		mark(BENCH_FRESH_PAGE);
		memory[i * PAGE] = 1;
		end();
	}
}

static void copy_pages(char *memory)
{
	if (fork() == 0) {
		for (int i = 0; i < BENCH_ROUNDS; i++) {
			mark(BENCH_COPIED_PAGE);
			memory[i * PAGE] = 2;
			end();
		}
		exit(0);
	}
	wait4(-1, NULL, 0);
}

static void once(char *memory)
{
	void *mapping;

	mark(BENCH_GETPID);
	getpid();
	end();
	mark(BENCH_GETPPID);
	getppid();
	end();
	mark(BENCH_INT80);
	int80(I386_SYS_getpid, 0, 0, 0);
	end();
	mark(BENCH_WRITE);
	write(1, "Hello, world!\n", 14);
	end();
	mark(BENCH_MMAP);
	mapping = (void *)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
	end();
	*(volatile char *)mapping = 1;
	mark(BENCH_MUNMAP);
	munmap(mapping, PAGE);
	end();
	mark(BENCH_FORK_EXIT_WAIT);
	if (fork() == 0)
		exit(0);
	wait4(-1, NULL, 0);
	end();
	(void)memory;
}

int main(void)
{
	char *memory = (char *)mmap(NULL, BENCH_ROUNDS * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);

	touch_pages(memory);
	copy_pages(memory);
	for (int i = 0; i < BENCH_ROUNDS; i++)
		once(memory);
	return 0;
}
