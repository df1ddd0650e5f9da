/* SPDX-License-Identifier: MIT */
/*
 * calls.c: what the tests of method `ring` observe.
 *
 * Usage: calls getppid N      N calls of getppid
 *        calls seek N         N calls that fail, and tell their number: lseek(-1, number, 0). After each 500th it says
 * how many there were calls threads N      the same by two threads at once; they seek on -1 and -2 calls mixed one of
 * each kind: every run does the same
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE  4096
#define PAGES 8

static long rounds;

static void *seek(void *argument)
{
	for (long i = 0; i < rounds; i++)
		syscall(SYS_lseek, (long)argument, i, 0);
	return NULL;
}

static void seek_and_say(void)
{
	char text[32];

	for (long i = 0; i < rounds; i++) {
		syscall(SYS_lseek, -1, i, 0);
		if (i % 500 == 499 && write(1, text, (size_t)sprintf(text, "%ld\n", i + 1)) < 0)
			exit(1);
	}
}

static void threads(void)
{
	pthread_t other;

	if (pthread_create(&other, NULL, seek, (void *)-2) != 0)
		exit(1);
	seek((void *)-1);
	pthread_join(other, NULL);
}

static long int80(long number)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number) : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static void touch(volatile char *memory)
{
	for (int i = 0; i < PAGES; i++)
		memory[i * PAGE] = (char)(memory[i * PAGE] + 1);
}

/* System calls that pass memory and such that do not, both ways of calling, page faults, a process. */
static void mixed(void)
{
	static char buffer[64];
	char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDONLY), status, ends[2];

	if (memory == MAP_FAILED || null < 0 || zero < 0 || pipe(ends) != 0)
		exit(1);
	for (int round = 0; round < 3; round++) {
		syscall(SYS_getppid);
		int80(20); /* getpid */
		if (write(null, "Hello, world!\n", 14) != 14 || read(zero, buffer, sizeof(buffer)) != sizeof(buffer))
			exit(1);
		if (write(null, memory + PAGE - 5, 10) != 10 || syscall(SYS_write, ends[1], 16, 4) != -1)
			exit(1);
		if (open("/nowhere", O_RDONLY) != -1 || read(-1, buffer, 1) != -1)
			exit(1);
	}
	touch(memory);
	/* The parent waits twice, and so never runs at the same time as the child: chance decides nothing. */
	if (vfork() == 0) {
		execl("/proc/self/exe", "calls", "getppid", "3", NULL);
		_exit(1);
	}
	wait(&status);
	touch(memory);
	exit(status == 0 ? 7 : 1);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	rounds = argc > 2 ? atol(argv[2]) : 0;
	if (strcmp(what, "getppid") == 0)
		for (long i = 0; i < rounds; i++)
			syscall(SYS_getppid);
	else if (strcmp(what, "seek") == 0)
		seek_and_say();
	else if (strcmp(what, "threads") == 0)
		threads();
	else if (strcmp(what, "mixed") == 0)
		mixed();
	else
		return 125;
	return 0;
}
