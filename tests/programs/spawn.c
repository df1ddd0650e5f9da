/* SPDX-License-Identifier: MIT */
/*
 * spawn.c: vfork and execve of itself, posix_spawn with file actions, what is inherited (descriptors, ignored signals,
 * mask, directory, environment) and what is not (close-on-exec, handlers, mappings); what cannot be executed.
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

extern char **environ;

static void handler(int number)
{
	(void)number;
}

/* What the program sees that was executed */
static int executed(int argc, char **argv)
{
	struct sigaction action;
	char where[64];
	sigset_t mask;

	printf("executed with %d arguments: %s\n", argc, argv[argc - 1]);
	printf("VARIABLE %s, PATH %s\n", getenv("VARIABLE"), getenv("PATH"));
	SAY("kept descriptor", fcntl(30, F_GETFD));
	SAY("closed descriptor", fcntl(31, F_GETFD));
	sigaction(SIGUSR1, NULL, &action);
	printf("handler is default %d\n", action.sa_handler == SIG_DFL);
	sigaction(SIGUSR2, NULL, &action);
	printf("ignored %d\n", action.sa_handler == SIG_IGN);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	printf("blocked %d, in %s\n", sigismember(&mask, SIGHUP), getcwd(where, sizeof(where)));
	return 6;
}

static void wait_for(const char *what, pid_t child)
{
	int status = 0;

	printf("%s: waited for it %d", what, waitpid(child, &status, 0) == child);
	printf(", status %#x\n", (unsigned)status);
}

static void by_vfork(char *self)
{
	static char *environment[] = {"VARIABLE=set", NULL};
	char *arguments[] = {self, "child", "of vfork", NULL};
	pid_t child = vfork();

	if (child == 0) {
		execve("/proc/self/exe", arguments, environment);
		_exit(99);
	}
	wait_for("vfork", child);
	child = vfork();
	if (child == 0)
		_exit(errno == 12345);
	wait_for("vfork and exit", child);
}

static void by_posix_spawn(char *self)
{
	char *arguments[] = {self, "child", "of posix_spawn", NULL};
	posix_spawn_file_actions_t actions;
	pid_t child;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/data/out", O_CREAT | O_WRONLY, 0644);
	SAY("posix_spawn", posix_spawn(&child, self, &actions, NULL, arguments, environ));
	wait_for("spawned", child);
	SAY("posix_spawn of nothing", posix_spawn(&child, "/bin/nothing", NULL, NULL, arguments, environ));
}

static void try_execute(const char *what, const char *path)
{
	char *arguments[] = {(char *)path, NULL};

	SAY(what, execve(path, arguments, environ));
}

int main(int argc, char **argv)
{
	sigset_t mask;

	if (argc == 3)
		return executed(argc, argv);
	setvbuf(stdout, NULL, _IONBF, 0);
	dup2(open("/data/words", O_RDONLY), 30);
	fcntl(30, F_DUPFD_CLOEXEC, 31);
	signal(SIGUSR1, handler);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	by_vfork(argv[0]);
	SAY("chdir", chdir("/data"));
	by_posix_spawn("/bin/spawn");
	try_execute("a missing file", "/data/missing");
	try_execute("a directory", "/data");
	try_execute("a file without permission", "/data/words");
	SAY("chmod", chmod("/data/words", 0755));
	try_execute("no executable format", "/data/words");
	SAY("chmod", chmod("/data/empty", 0755));
	try_execute("an empty file", "/data/empty");
	return 0;
}
