/* SPDX-License-Identifier: MIT */
/*
 * calls.c: a user program that does each thing whose price is to be known (bench_marks.h) BENCH_ROUNDS times. For
 * count_instructions it says which by a mark: a getpid whose first argument, which getpid does not have, names what
 * comes next. With the argument "time" it reads the TSC instead, and prints at the end: thing, median, smallest and
 * largest time in ns; tabs between them. With "end" it ends at once.
 */
#include "bench_calls.h"
#include "bench_marks.h"
#include "lib/syscalls.h"
#include "lib/text.h"
#include "shared/syscalls.h"

#define PAGE        4096
#define BYTES       4096     /* of a stack, of a list of names */
#define CALIBRATION 20000000 /* ns */

/* Shared with the children: they measure, too. */
struct samples {
	uint64_t ticks[BENCH_END][BENCH_ROUNDS];
	unsigned done[BENCH_END];
};

static struct samples *samples; /* NULL: somebody outside counts instructions */
static long what;
static uint64_t start;

int main(int argc, char **argv);

static inline uint64_t tsc(void)
{
	uint32_t low, high;

	asm volatile("rdtscp" : "=a"(low), "=d"(high) : : "ecx", "memory");
	return (uint64_t)high << 32 | low;
}

static void mark(long thing)
{
	if (samples == NULL) {
		syscall6(SYS_getpid, BENCH_MARK | thing, 0, 0, 0, 0, 0);
		return;
	}
	what = thing;
	start = tsc();
}

static void end(void)
{
	uint64_t now;

	if (samples == NULL) {
		mark(BENCH_NOTHING);
		return;
	}
	now = tsc();
	if (samples->done[what] < BENCH_ROUNDS)
		samples->ticks[what][samples->done[what]++] = now - start;
}

static void need(long result)
{
	if (result < 0)
		exit(1);
}

static long open_file(const char *path, int flags)
{
	return syscall6(SYS_open, (long)path, flags, 0600, 0, 0, 0);
}

static long close_file(long fd)
{
	return syscall6(SYS_close, fd, 0, 0, 0, 0, 0);
}

/* ---- memory ---------------------------------------------------------------------------------------------------------
 */

static char *map(size_t pages, int kind)
{
	long address = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS);

	need(address);
	return (char *)address;
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

/* Each page lies in a mapping of its own, so that a fault cannot bring its neighbours along, and was read before. */
static void read_file_pages(long fd)
{
	volatile char *address;

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		for (int round = 0; round < 2; round++) {
			address = (volatile char *)syscall6(SYS_mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, fd, i * PAGE);
			need((long)address);
			if (round == 1)
				mark(BENCH_FILE_PAGE);
			(void)*address;
			if (round == 1)
				end();
			munmap((void *)(uintptr_t)address, PAGE);
		}
	}
}

static void map_and_unmap(void)
{
	volatile char *mapping;

	mark(BENCH_MMAP);
	mapping = (volatile char *)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
	end();
	*mapping = 1;
	mark(BENCH_MUNMAP);
	munmap((void *)(uintptr_t)mapping, PAGE);
	end();
}

/* ---- calls, files ---------------------------------------------------------------------------------------------------
 */

static void null_calls(void)
{
	mark(BENCH_GETPID);
	getpid();
	end();
	mark(BENCH_GETPPID);
	getppid();
	end();
	mark(BENCH_INT80);
	int80(I386_SYS_getpid, 0, 0, 0);
	end();
	mark(BENCH_YIELD);
	sched_yield();
	end();
}

static void use_files(long fd, long directory)
{
	static char names[BYTES];
	long opened;

	if (samples == NULL) { /* of a time nobody could say what the host's part in it is */
		mark(BENCH_WRITE);
		write(1, "Hello, world!\n", 14);
		end();
	}
	names[0] = 0; /* since the last fork it is copy-on-write */
	mark(BENCH_OPEN_CLOSE);
	opened = open_file("/tmp/pages", 0);
	close_file(opened);
	end();
	need(opened);
	mark(BENCH_READ);
	need(syscall6(SYS_pread64, fd, (long)names, 1, 0, 0, 0));
	end();
	mark(BENCH_GETDENTS);
	need(syscall6(SYS_getdents64, directory, (long)names, sizeof(names), 0, 0, 0));
	end();
	syscall6(SYS_lseek, directory, 0, 0, 0, 0, 0);
}

/* ---- processes ------------------------------------------------------------------------------------------------------
 */

static void make_processes(void)
{
	static char *const arguments[] = {(char *)(uintptr_t) "calls", (char *)(uintptr_t) "end", NULL};
	static char *const environment[] = {NULL};

	mark(BENCH_FORK_EXIT_WAIT);
	if (fork() == 0)
		exit(0);
	wait4(-1, NULL, 0);
	end();
	mark(BENCH_VFORK_EXEC_WAIT);
	need(vfork_exec("/proc/self/exe", arguments, environment));
	wait4(-1, NULL, 0);
	end();
}

/* There and back, to a process that waits for a byte. */
static void use_pipes(void)
{
	int there[2], back[2];
	char byte = 'x';

	need(syscall6(SYS_pipe, (long)there, 0, 0, 0, 0, 0));
	need(syscall6(SYS_pipe, (long)back, 0, 0, 0, 0, 0));
	if (fork() == 0) {
		close_file(there[1]);
		while (read(there[0], &byte, 1) == 1)
			write(back[1], &byte, 1);
		exit(0);
	}
	for (int i = 0; i <= BENCH_ROUNDS; i++) { /* the first one is not counted: there are copies of pages in it */
		if (i > 0)
			mark(BENCH_PIPE);
		write(there[1], &byte, 1);
		read(back[0], &byte, 1);
		if (i > 0)
			end();
	}
	close_file(there[0]);
	close_file(there[1]);
	wait4(-1, NULL, 0);
	close_file(back[0]);
	close_file(back[1]);
}

/* sched_yield to one that does nothing else, and back: two calls, two switches. */
static void yield_rounds(long thing)
{
	sched_yield();
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		mark(thing);
		sched_yield();
		end();
	}
}

static void switch_processes(void)
{
	volatile char *over = map(1, MAP_SHARED);

	if (fork() == 0) {
		while (!*over)
			sched_yield();
		exit(0);
	}
	yield_rounds(BENCH_SWITCH_PROCESSES);
	*over = 1;
	wait4(-1, NULL, 0);
}

/* ---- threads --------------------------------------------------------------------------------------------------------
 */

static volatile int turn; /* 0: the first thread's */
static volatile int stage;

static void wait_while(int value)
{
	while (turn == value)
		syscall6(SYS_futex, (long)&turn, 0, value, 0, 0, 0);
}

static void give_turn(int to)
{
	turn = to;
	syscall6(SYS_futex, (long)&turn, 1, 1, 0, 0, 0);
}

static void second_thread(void)
{
	while (stage == 0)
		sched_yield();
	for (;;) {
		wait_while(0);
		give_turn(0);
	}
}

static void use_threads(void)
{
	need(make_thread(second_thread, map(1, MAP_PRIVATE) + PAGE));
	yield_rounds(BENCH_SWITCH_THREADS);
	stage = 1;
	for (int i = 0; i <= BENCH_ROUNDS; i++) { /* as with the pipes */
		if (i > 0)
			mark(BENCH_FUTEX);
		give_turn(1);
		wait_while(1);
		if (i > 0)
			end();
	}
}

/* ---- signals --------------------------------------------------------------------------------------------------------
 */

static void handler(int signal)
{
	(void)signal;
}

static void use_signals(void)
{
	need(handle_signal(BENCH_SIGNAL, handler));
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		mark(BENCH_SELF_SIGNAL);
		kill(1, BENCH_SIGNAL);
		end();
	}
}

/* ---- all of it ------------------------------------------------------------------------------------------------------
 */

static void everything(void)
{
	static char block[BENCH_ROUNDS * PAGE];
	char *memory = map(BENCH_ROUNDS, MAP_PRIVATE);
	long fd = open_file("/tmp/pages", 0x42 /* O_RDWR | O_CREAT */), directory = open_file("/", 0);

	need(fd);
	need(directory);
	touch_pages(memory);
	copy_pages(memory);
	need(write((int)fd, block, sizeof(block)));
	read_file_pages(fd);
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		null_calls();
		map_and_unmap();
		use_files(fd, directory);
		make_processes();
	}
	use_pipes();
	switch_processes();
	use_signals();
	use_threads();
}

static void sort(uint64_t *values, unsigned count)
{
	for (unsigned i = 1; i < count; i++)
		for (unsigned j = i; j > 0 && values[j - 1] > values[j]; j--) {
			uint64_t larger = values[j - 1];

			values[j - 1] = values[j];
			values[j] = larger;
		}
}

/* How many ticks of the TSC there are in CALIBRATION ns. */
static uint64_t calibrate(void)
{
	struct timespec first, now;
	uint64_t ticks;

	clock_gettime(CLOCK_MONOTONIC, &first);
	ticks = tsc();
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - first.tv_sec) * 1000000000 + now.tv_nsec - first.tv_nsec < CALIBRATION);
	return tsc() - ticks;
}

static void print(void)
{
	static const struct {
		const char *name;
		unsigned parts;
	} things[BENCH_END] = {
#define BENCH_ROW(name, text, parts, limit) [BENCH_##name] = {text, parts},
		BENCH_THINGS(BENCH_ROW)
#undef BENCH_ROW
	};
	uint64_t ticks = calibrate();

	for (int thing = BENCH_NOTHING + 1; thing < BENCH_END; thing++) {
		uint64_t *values = samples->ticks[thing];
		unsigned done = samples->done[thing];
		uint64_t each = ticks * things[thing].parts;

		if (done == 0)
			continue;
		sort(values, done);
		printf("%s\t%lu\t%lu\t%lu\n", things[thing].name, values[done / 2] * CALIBRATION / each,
		       values[0] * CALIBRATION / each, values[done - 1] * CALIBRATION / each);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "end") == 0)
		return 0;
	if (argc > 1 && strcmp(argv[1], "time") == 0) {
		samples = (struct samples *)map(sizeof(*samples) / PAGE + 1, MAP_SHARED);
		memset(samples, 0, sizeof(*samples));
	}
	everything();
	if (samples != NULL)
		print();
	return 0;
}
