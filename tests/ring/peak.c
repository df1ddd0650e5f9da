/* SPDX-License-Identifier: MIT */
/*
 * peak.c: Usage: peak FILE COMMAND [ARG...]     runs a command, and writes the most memory that it ever had resident
 * (KiB) to FILE. What runs a command counts there with its own memory until the exec: this is small.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage = {0};
	int status = 0;
	FILE *file;
	pid_t child;

	if (argc < 3)
		return 125;
	child = vfork();
	if (child == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 125;
	file = fopen(argv[1], "w");
	if (file == NULL || fprintf(file, "%ld\n", usage.ru_maxrss) < 0 || fclose(file) != 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
