/* SPDX-License-Identifier: MIT */
/*
 * children.c: fork and what wait4 and waitid tell: status, signal, WNOHANG, WNOWAIT, a process group, ECHILD; SIGCHLD
 * with its siginfo, SIGCHLD ignored; memory that is not shared, an offset that is.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

static volatile sig_atomic_t seen_status = -1, seen_code;
static int variable = 1;

static void on_child(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	seen_status = info->si_status;
	seen_code = info->si_code;
}

static void statuses(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		variable = 2;
		_exit(200);
	}
	printf("the child %d", waitpid(child, &status, 0) == child);
	printf(", exited %d with %d, variable %d\n", WIFEXITED(status), WEXITSTATUS(status), variable);
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	SAY("WNOHANG", waitpid(child, &status, WNOHANG));
	usleep(50000); /* it has come to pause */
	SAY("kill", kill(child, SIGKILL));
	printf("the child %d", waitpid(-1, &status, 0) == child);
	printf(", signalled %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));
	SAY("no child", waitpid(-1, &status, 0));
	SAY("not my child", waitpid(1 << 20, &status, 0));
	SAY("kill of nobody", kill(1 << 20, 0));
}

static void by_waitid(void)
{
	siginfo_t info;
	pid_t child = fork();

	if (child == 0)
		abort();
	SAY("waitid, WNOWAIT", waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
	printf("code %d, status %d\n", info.si_code, info.si_status);
	SAY("waitid", waitid(P_ALL, 0, &info, WEXITED));
	SAY("waitid", waitid(P_ALL, 0, &info, WEXITED));
}

static void handled(void)
{
	struct sigaction action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO};
	sigset_t set, old;

	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	if (fork() == 0)
		_exit(17);
	SAY("sigsuspend", sigsuspend(&old));
	printf("SIGCHLD: code %d, status %d\n", (int)seen_code, (int)seen_status);
	SAY("wait", wait(NULL) > 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	signal(SIGCHLD, SIG_IGN);
	if (fork() == 0)
		_exit(0);
	SAY("ignored", wait(NULL));
	signal(SIGCHLD, SIG_DFL);
}

static void group(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(child, child);
	usleep(50000);
	printf("its own group %d\n", getpgid(child) == child);
	SAY("kill of the group", kill(-child, SIGTERM));
	printf("the child %d", waitpid(-child, &status, 0) == child);
	printf(", by %d\n", WTERMSIG(status));
}

static void shared_offset(void)
{
	char text[6] = "";
	int fd = open("/data/words", O_RDONLY);

	if (fork() == 0)
		_exit(read(fd, text, 5) == 5 ? 0 : 1);
	wait(NULL);
	SAY("read on", read(fd, text, 5));
	printf("%s\n", text);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	statuses();
	by_waitid();
	handled();
	group();
	shared_offset();
	return 0;
}
