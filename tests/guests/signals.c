/* SPDX-License-Identifier: MIT */
/*
 * signals.c: what signals do to a process that handles none: end it, or nothing; blocked ones wait; ignored ones are
 * gone; SIGKILL is neither; nor can a fault be blocked or ignored. Transitions: each child: getpid, kill, and an
 * exit_group only where it lives on.
 */
#include "test.h"

#define SIG_IGN     1
#define SIG_BLOCK   0
#define SIG_UNBLOCK 1

static int number; /* of the signal; written before each child */

static void send(void)
{
	EXPECT(kill(getpid(), number) == 0);
}

static long change_mask(int how, int signal)
{
	uint64_t set = UINT64_C(1) << (signal - 1);

	return syscall6(SYS_rt_sigprocmask, how, (long)&set, 0, sizeof(set), 0, 0);
}

static long ignore(int signal)
{
	uint64_t action[4] = {SIG_IGN, 0, 0, 0};

	return syscall6(SYS_rt_sigaction, signal, (long)action, 0, 8, 0, 0);
}

static void send_blocked(void)
{
	EXPECT(change_mask(SIG_BLOCK, number) == 0);
	send();
	EXPECT(getpid() > 0);
	change_mask(SIG_UNBLOCK, number); /* and dies */
}

static void send_ignored(void)
{
	EXPECT(ignore(number) == 0);
	send();
}

static void try_to_survive_kill(void)
{
	EXPECT(ignore(SIGKILL) == -EINVAL);
	EXPECT(change_mask(SIG_BLOCK, SIGKILL) == 0);
	number = SIGKILL;
	send();
}

static void fault_ignored(void)
{
	EXPECT(ignore(SIGSEGV) == 0 && change_mask(SIG_BLOCK, SIGSEGV) == 0);
	(void)*(volatile char *)0;
}

int main(int argc, char **argv, char **envp)
{
	static const unsigned char deadly[] = {1, 2, 6, 10, 12, 13, 14, 15, 31, 34, 64};
	static const unsigned char harmless[] = {17, 18, 23, 28};

	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(deadly); i++) {
		number = deadly[i];
		EXPECT(status_of(send) == number);
	}
	for (size_t i = 0; i < sizeof(harmless); i++) {
		number = harmless[i];
		EXPECT(status_of(send) == 0);
	}
	number = SIGTERM;
	EXPECT(status_of(send_blocked) == SIGTERM);
	EXPECT(status_of(send_ignored) == 0);
	EXPECT(status_of(try_to_survive_kill) == SIGKILL);
	EXPECT(status_of(fault_ignored) == SIGSEGV);
	EXPECT(kill(99999, SIGTERM) == -ESRCH && kill(getpid(), 65) == -EINVAL && kill(getpid(), -1) == -EINVAL);
	EXPECT(kill(getpid(), 0) == 0);
	return 0;
}
