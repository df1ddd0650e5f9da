/* SPDX-License-Identifier: MIT */
/*
 * system-calls.c: what a process asks and sets about itself: limits that a child inherits, and changes for itself
 * alone; its name; root, who is the only user; the CPUs there are; priorities; the signal at its parent's end.
 * Transitions: not compared: the output says that all answers were right.
 */
#include "test.h"

#define SIGUSR1       10
#define RLIMIT_NOFILE 7

struct limit {
	uint64_t soft, hard;
};

static void change_limit(void)
{
	struct limit limit = {0, 0};

	EXPECT(raw(SYS_getrlimit, RLIMIT_NOFILE, (long)&limit, 0) == 0 && limit.soft == 100 && limit.hard == 4096);
	limit.hard = limit.soft = 50;
	EXPECT(raw(SYS_setrlimit, RLIMIT_NOFILE, (long)&limit, 0) == 0);
}

static void limits(void)
{
	struct limit limit = {100, 4096}, old = {0, 0};

	EXPECT(syscall6(SYS_prlimit64, 0, RLIMIT_NOFILE, (long)&limit, (long)&old, 0, 0) == 0);
	EXPECT(old.soft == 1024 && old.hard == 4096);
	EXPECT(status_of(change_limit) == 0);
	EXPECT(raw(SYS_getrlimit, RLIMIT_NOFILE, (long)&limit, 0) == 0 && limit.soft == 100);
	limit.soft = 5000;
	EXPECT(raw(SYS_setrlimit, RLIMIT_NOFILE, (long)&limit, 0) == -EINVAL);
	EXPECT(raw(SYS_setrlimit, 16, (long)&limit, 0) == -EINVAL);
	EXPECT(raw(SYS_setrlimit, RLIMIT_NOFILE, (long)KERNEL_BASE, 0) == -EFAULT);
	EXPECT(syscall6(SYS_prlimit64, 999, RLIMIT_NOFILE, 0, (long)&old, 0, 0) == -ESRCH);
}

static void users(void)
{
	uint32_t ids[3] = {9, 9, 9}, header[2] = {0x20080522, 0}, sets[6] = {0};

	EXPECT(raw(SYS_getuid, 0, 0, 0) == 0 && raw(SYS_setuid, 0, 0, 0) == 0 && raw(SYS_setuid, 1, 0, 0) == -EINVAL);
	EXPECT(raw(SYS_setresuid, -1, 0, -1) == 0 && raw(SYS_setresgid, 0, 7, 0) == -EINVAL);
	EXPECT(raw(SYS_getresuid, (long)&ids[0], (long)&ids[1], (long)&ids[2]) == 0 && ids[0] + ids[1] + ids[2] == 0);
	EXPECT(raw(SYS_getgroups, 0, 0, 0) == 0 && raw(SYS_getgroups, -1, 0, 0) == -EINVAL);
	EXPECT(raw(SYS_capget, (long)header, (long)sets, 0) == 0 && sets[0] == 0xffffffff && sets[3] == 0x1ff);
	header[0] = 1;
	EXPECT(raw(SYS_capget, (long)header, (long)sets, 0) == -EINVAL && header[0] == 0x20080522);
}

static void names(void)
{
	char name[16] = "", version[400] = "";

	EXPECT(raw(SYS_prctl, 15, (long)"a name that is too long", 0) == 0);
	EXPECT(raw(SYS_prctl, 16, (long)name, 0) == 0 && name[14] == ' ' && name[15] == '\0');
	EXPECT(raw(SYS_prctl, 15, (long)"short", 0) == 0 && raw(SYS_prctl, 16, (long)name, 0) == 0);
	EXPECT(name[0] == 's' && name[5] == '\0' && name[6] == '\0');
	EXPECT(raw(SYS_prctl, 15, (long)KERNEL_BASE, 0) == -EFAULT && raw(SYS_prctl, 12345, 0, 0) == -EINVAL);
	EXPECT(raw(SYS_prctl, 39, 0, 0) == 0 && raw(SYS_prctl, 38, 1, 0) == 0 && raw(SYS_prctl, 39, 0, 0) == 1);
	EXPECT(raw(SYS_uname, (long)version, 0, 0) == 0 && version[130] == '6');
	EXPECT(raw(SYS_sethostname, (long)"x", 1, 0) == -EPERM);
}

static void scheduling(void)
{
	uint64_t mask = 0;
	uint32_t cpu = 9, node = 9;
	int32_t priority = 1;

	EXPECT(raw(SYS_sched_getaffinity, 0, 8, (long)&mask) == 8 && mask == 1);
	EXPECT(raw(SYS_sched_getaffinity, 0, 7, (long)&mask) == -EINVAL);
	EXPECT(raw(SYS_sched_setaffinity, 0, 8, (long)&mask) == 0);
	mask = 2;
	EXPECT(raw(SYS_sched_setaffinity, 0, 8, (long)&mask) == -EINVAL);
	EXPECT(raw(SYS_getcpu, (long)&cpu, (long)&node, 0) == 0 && cpu == 0 && node == 0);
	EXPECT(raw(SYS_sched_getscheduler, 0, 0, 0) == 0 && raw(SYS_sched_getscheduler, 999, 0, 0) == -ESRCH);
	EXPECT(raw(SYS_sched_setscheduler, 0, 1, (long)&priority) == -EPERM);
	EXPECT(raw(SYS_sched_get_priority_max, 1, 0, 0) == 99 && raw(SYS_sched_get_priority_max, 4, 0, 0) == -EINVAL);
	EXPECT(raw(SYS_getpriority, 0, 0, 0) == 20 && raw(SYS_setpriority, 0, 0, 30) == 0);
	EXPECT(raw(SYS_getpriority, 0, 0, 0) == 1 && raw(SYS_getpriority, 3, 0, 0) == -EINVAL);
	EXPECT(raw(SYS_membarrier, 0, 0, 0) == 24 && raw(SYS_membarrier, 8, 0, 0) == 0);
}

static volatile uint32_t *ready;

/* Its child waits for the signal, which comes when this one ends. */
static void leave_child(void)
{
	if (fork() == 0) {
		uint64_t set = UINT64_C(1) << (SIGUSR1 - 1);

		EXPECT(syscall6(SYS_rt_sigprocmask, 0, (long)&set, 0, 8, 0, 0) == 0);
		EXPECT(raw(SYS_prctl, 1, SIGUSR1, 0) == 0);
		*ready = 1;
		EXPECT(syscall6(SYS_rt_sigtimedwait, (long)&set, 0, 0, 8, 0, 0) == SIGUSR1);
		*ready = 2;
		exit(0);
	}
	while (*ready == 0)
		sched_yield();
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	limits();
	users();
	names();
	scheduling();
	ready = (volatile uint32_t *)map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	EXPECT(status_of(leave_child) == 0);
	while (*ready != 2)
		sched_yield();
	printf("all answers\n");
	return 0;
}
