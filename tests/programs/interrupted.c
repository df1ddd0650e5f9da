/* SPDX-License-Identifier: MIT */
/*
 * interrupted.c: signals of a timer during calls that wait: read, wait4, nanosleep, poll and pause give EINTR; with
 * SA_RESTART read and wait4 go on, poll does not. The rest of a sleep is given back.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static int ends[2];

static void handler(int number)
{
	(void)number;
	if (write(ends[1], "x", 1) != 1)
		_exit(9);
}

/* Installs the handler, and arms the timer: once, in 50 ms */
static void arm(int flags)
{
	const struct itimerval timer = {.it_value = {.tv_usec = 50000}};
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigaction(SIGALRM, &action, NULL);
	if (setitimer(ITIMER_REAL, &timer, NULL) != 0)
		_exit(8);
}

/* Takes what the handler wrote */
static void drain(void)
{
	char byte;

	SAY("drained", read(ends[0], &byte, 1));
}

static void children(int flags)
{
	const struct timespec moment = {.tv_nsec = 200 * 1000 * 1000};
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		nanosleep(&moment, NULL);
		_exit(3);
	}
	arm(flags);
	pid_t waited = waitpid(child, &status, 0);
	printf("waitpid: %s\n", waited == child ? "the child" : strerror(errno));
	if (waited != child)
		waitpid(child, &status, 0);
	printf("status %d\n", WEXITSTATUS(status));
	drain();
}

int main(void)
{
	const struct timespec second = {.tv_sec = 1};
	struct timespec rest = {0};
	struct pollfd nothing = {.fd = -1};
	int other[2];
	char byte;

	if (pipe(ends) != 0 || pipe(other) != 0)
		return 1;
	setvbuf(stdout, NULL, _IONBF, 0);
	arm(0);
	SAY("read", read(other[0], &byte, 1));
	drain();
	arm(SA_RESTART);
	SAY("read, restarted", read(ends[0], &byte, 1));
	arm(0);
	SAY("nanosleep", nanosleep(&second, &rest));
	printf("rest below a second: %d\n", rest.tv_sec == 0 && rest.tv_nsec > 0);
	drain();
	arm(SA_RESTART);
	SAY("poll", poll(&nothing, 1, -1));
	drain();
	arm(SA_RESTART);
	SAY("pause", pause());
	drain();
	children(0);
	children(SA_RESTART);
	SAY("alarm", alarm(10));
	SAY("alarm, seconds left", alarm(0));
	return 0;
}
