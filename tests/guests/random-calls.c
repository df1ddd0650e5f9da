/* SPDX-License-Identifier: MIT */
/*
 * random-calls.c [CALLS [SEED]]: makes system calls of every number with arguments of every kind, in processes and
 * threads that it makes and that make more of them, until so many calls have been made in all. Whatever becomes of
 * them, this process goes on and ends with status 0; the kernel survives.
 *
 * Each round is a child with its own random numbers, which does calls until it dies, ends or is killed after a while;
 * then everybody but this process is killed, too. CALLS is counted in memory that they share. Transitions: not
 * compared, and different each time; status 126 would be the kernel's end.
 */
#include "test.h"

#define ROUND_CALLS 400
#define ROUND_NS    INT64_C(150000000)
#define ARGUMENTS   6

#define CLONE_FLAGS_OF_THREADS 0x50f00 /* VM, FS, FILES, SIGHAND, THREAD, SYSVSEM */

#define COUNTER UINT64_C(0x35791357000) /* where hardly a call will write */

static volatile uint64_t *counter; /* shared by all */
static char *arena;                /* 64 KiB; what pointers point to */
static uint64_t random_state;

static uint64_t random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static uint64_t below(uint64_t limit)
{
	return random_bits() % limit;
}

static uint64_t random_pointer(void)
{
	static const uint64_t wild[] = {
		0,
		1,
		0x1000,
		0x7fffffffeffc,
		0x7ffffffff000,
		0x7fffffffffff,
		0x800000000000,
		0xffff800000000000,
		0xffff888000000000,
		0xfffffe0000000000,
		0xffffc90000006000,
		0xffffffff80000000,
		0xffffffffffffffff,
	};

	switch (below(4)) {
	case 0:
		return wild[below(sizeof(wild) / sizeof(wild[0]))];
	case 1:
		return (uint64_t)arena + 0xf000 - below(64); /* what it points to may reach into nothing */
	default:
		return (uint64_t)arena + (below(0x1000) & ~UINT64_C(7));
	}
}

static uint64_t random_argument(void)
{
	switch (below(8)) {
	case 0:
		return random_bits();
	case 1:
		return UINT64_C(1) << below(64);
	case 2:
		return (uint64_t)-below(200);
	case 3:
	case 4:
		return below(32);
	case 5:
		return (uint32_t)random_bits();
	default:
		return random_pointer();
	}
}

/* Paths, times and small structures in the arena, so that calls come further than their first check. */
static void fill_arena(void)
{
	static const char *const paths[] = {"/",  "/tmp/a", "/tmp/b/c", "/dev/zero", "/proc/self/exe",
					    "..", "/tmp",   "",         "a"};

	for (unsigned i = 0; i < 0x1000; i += 64) {
		uint64_t *words = (uint64_t *)(arena + i);
		const char *path = paths[below(sizeof(paths) / sizeof(paths[0]))];

		if (below(2) == 0) {
			for (unsigned j = 0; path[j] != '\0' || j == 0; j++)
				arena[i + j] = path[j], arena[i + j + 1] = '\0';
		} else {
			for (unsigned j = 0; j < 8; j++)
				words[j] = random_argument();
		}
	}
}

/* What would end the whole round at once, or say nothing about the kernel. */
static bool is_dull(uint64_t number)
{
	return number == SYS_exit_group || number == SYS_exit || number == SYS_rt_sigreturn || number == SYS_kill ||
	       number == SYS_pause;
}

/* Process 1 shall live; the others may kill each other. */
static bool hits_the_first(bool i386, uint64_t number, const uint64_t *args)
{
	bool sends = i386 ? number == I386_SYS_kill || number == I386_SYS_tkill || number == I386_SYS_tgkill ||
				     number == I386_SYS_rt_sigqueueinfo || number == I386_SYS_rt_tgsigqueueinfo
			  : number == SYS_tkill || number == SYS_tgkill || number == SYS_rt_sigqueueinfo ||
				     number == SYS_rt_tgsigqueueinfo;

	return sends && ((int32_t)args[0] <= 1 || (uint32_t)args[1] == 1);
}

static void make_calls(unsigned count);

static void thread_body(void)
{
	make_calls(ROUND_CALLS / 4);
	raw(SYS_exit, 0, 0, 0);
}

/* One more thread, on a stack in the arena. */
static void new_thread(void)
{
	uint64_t *stack = (uint64_t *)(arena + 0x4000 + below(10) * 0x1000);
	long result;

	stack[-1] = (uint64_t)thread_body;
	asm volatile("syscall\n\t"
		     "testq %%rax, %%rax\n\t"
		     "jnz 1f\n\t"
		     "xorl %%ebp, %%ebp\n\t"
		     "popq %%rax\n\t"
		     "andq $-16, %%rsp\n\t"
		     "call *%%rax\n"
		     "1:"
		     : "=a"(result)
		     : "a"(SYS_clone), "D"(CLONE_FLAGS_OF_THREADS), "S"(stack - 1), "d"(0)
		     : "rcx", "r11", "memory");
}

static void make_calls(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint64_t number = below(300) == 0 ? random_bits() : below(LINUX_SYSCALLS_END + 4), args[ARGUMENTS];
		bool i386;

		__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
		if (below(50) == 0)
			fill_arena();
		if (below(60) == 0)
			new_thread();
		if (below(80) == 0 && fork() == 0)
			random_state += (uint64_t)getpid() << 32;
		if (is_dull(number))
			continue;
		for (unsigned j = 0; j < ARGUMENTS; j++)
			args[j] = random_argument();
		i386 = below(16) == 0;
		if (hits_the_first(i386, i386 ? (uint32_t)number : number, args))
			continue;
		if (i386)
			int80((long)number, (long)args[0], (long)args[1], (long)args[2]);
		else
			syscall6((long)number, (long)args[0], (long)args[1], (long)args[2], (long)args[3],
				 (long)args[4], (long)args[5]);
	}
}

/* Waits for the round's child, but not for ever; then nobody is left. */
static void end_round(long child)
{
	const struct timespec while_it_runs = {0, 10000000};
	int64_t start = now_ns();
	int status;

	while (wait4(child, &status, WNOHANG) == 0 && now_ns() - start < ROUND_NS)
		nanosleep(&while_it_runs);
	for (int i = 0; i < 10; i++)
		kill(-1, SIGKILL);
	while (wait4(-1, &status, 0) > 0)
		continue;
}

static uint64_t number_of(const char *text, uint64_t otherwise)
{
	uint64_t number = 0;

	if (text == NULL)
		return otherwise;
	while (*text >= '0' && *text <= '9')
		number = number * 10 + (uint64_t)(*text++ - '0');
	return number;
}

int main(int argc, char **argv, char **envp)
{
	uint64_t calls = number_of(argc > 1 ? argv[1] : NULL, 2000);
	uint64_t seed = number_of(argc > 2 ? argv[2] : NULL, 1), rounds = 0;

	(void)envp;
	counter =
		(volatile uint64_t *)mmap((void *)COUNTER, PAGE_SIZE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED);
	EXPECT((uint64_t)counter == COUNTER);
	arena = (char *)(uintptr_t)map(0x10000, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
	EXPECT(munmap(arena + 0x10000 - PAGE_SIZE, PAGE_SIZE) == 0); /* pointers to its end reach into nothing */
	while (*counter < calls) {
		long child;

		random_state = (seed * 1000003 + ++rounds) * UINT64_C(0x9e3779b97f4a7c15) | 1;
		child = fork();
		if (child == 0) {
			fill_arena();
			make_calls(ROUND_CALLS);
			exit(0);
		}
		EXPECT(child > 0);
		end_round(child);
	}
	EXPECT(getpid() == 1);
	EXPECT(*counter < calls + 1000000); /* nobody has written over it */
	printf("\nrandom calls: all made, in %ld rounds\n", (long)rounds);
	return 0;
}
