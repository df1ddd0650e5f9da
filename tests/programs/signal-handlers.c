/* SPDX-License-Identifier: MIT */
/*
 * signal-handlers.c: what a handler gets (siginfo of kill, of sigqueue), masks and pending signals, a handler within a
 * handler and without by sa_mask, SA_RESETHAND, ignored signals, sigsuspend, sigtimedwait.
 */
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static volatile sig_atomic_t depth;

static void handler(int number, siginfo_t *info, void *context)
{
	(void)context;
	depth++;
	printf("handler %d: code %d, from me %d, value %d, depth %d\n", number, info->si_code, info->si_pid == getpid(),
	       info->si_code == SI_QUEUE ? info->si_value.sival_int : 0, (int)depth);
	if (number == SIGUSR1)
		raise(SIGUSR2);
	printf("handler %d ends\n", number);
	depth--;
}

static void install(int number, int flags, int masked)
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

	sigemptyset(&action.sa_mask);
	if (masked != 0)
		sigaddset(&action.sa_mask, masked);
	SAY("sigaction", sigaction(number, &action, NULL));
}

static void pending(sigset_t *set)
{
	sigset_t now, old;

	SAY("block", sigprocmask(SIG_BLOCK, set, &old));
	SAY("kill", kill(getpid(), SIGUSR2));
	SAY("sigpending", sigpending(&now));
	printf("SIGUSR2 pending %d, blocked before %d\n", sigismember(&now, SIGUSR2), sigismember(&old, SIGUSR2));
	SAY("sigsuspend", sigsuspend(&old));
	SAY("unblock", sigprocmask(SIG_SETMASK, &old, NULL));
}

static void waiting(sigset_t *set)
{
	const struct timespec moment = {.tv_nsec = 1000000};
	siginfo_t info;
	union sigval value = {.sival_int = 43};

	sigprocmask(SIG_BLOCK, set, NULL);
	SAY("sigtimedwait", sigtimedwait(set, &info, &moment));
	SAY("sigqueue", sigqueue(getpid(), SIGUSR2, value));
	SAY("sigwaitinfo", sigwaitinfo(set, &info));
	printf("code %d, value %d\n", info.si_code, info.si_value.sival_int);
	sigprocmask(SIG_UNBLOCK, set, NULL);
}

int main(void)
{
	sigset_t set;
	union sigval value = {.sival_int = 42};

	setvbuf(stdout, NULL, _IONBF, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	install(SIGUSR1, 0, 0);
	install(SIGUSR2, 0, 0);
	SAY("raise: the second within the first", raise(SIGUSR1));
	install(SIGUSR1, 0, SIGUSR2);
	SAY("raise: the second after the first", raise(SIGUSR1));
	SAY("sigqueue", sigqueue(getpid(), SIGUSR2, value));
	pending(&set);
	waiting(&set);
	signal(SIGHUP, SIG_IGN);
	SAY("kill, ignored", kill(getpid(), SIGHUP));
	SAY("kill 0", kill(getpid(), 0));
	SAY("kill 99", kill(getpid(), 99));
	install(SIGTERM, (int)SA_RESETHAND, 0);
	SAY("kill", kill(getpid(), SIGTERM));
	SAY("kill, for good", kill(getpid(), SIGTERM));
	return 1;
}
