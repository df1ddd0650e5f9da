/* SPDX-License-Identifier: MIT */
/*
 * compare_times.c: wall time of whole processes (spawn, exec, wait), of several commands that take turns, so that what
 * else the machine does meets all of them alike.
 *
 * Usage: compare_times ROUNDS LABEL COMMAND [ARG...] [-- LABEL COMMAND [ARG...]]...
 * Prints for each command a line: label, median, 10th and 90th percentile (nanoseconds), and the ratio of its median to
 * that of the first; tabs between them. The commands' standard input and output are /dev/null; one that fails ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16
#define WARM_UP      3 /* rounds that are not counted: files come into the page cache */

struct command {
	const char *label;
	char **argv;
	uint64_t *times; /* ns, one a round */
};

extern char **environ;

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "compare_times: %s: %s\n", what, why);
	exit(125);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t time_once(const struct command *command, const posix_spawn_file_actions_t *actions)
{
	uint64_t start = now_ns();
	int status, error;
	pid_t child;

	error = posix_spawn(&child, command->argv[0], actions, NULL, command->argv, environ);
	if (error != 0)
		die(command->argv[0], strerror(error));
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		die(command->label, "the command failed");
	return now_ns() - start;
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* Splits the arguments at "--"; returns how many commands there are. */
static size_t parse(char **arguments, struct command *commands, size_t rounds)
{
	size_t count = 0;

	while (*arguments != NULL) {
		struct command *command = &commands[count];

		if (count++ == COMMANDS_MAX)
			die("arguments", "too many commands");
		command->label = *arguments++;
		command->argv = arguments;
		while (*arguments != NULL && strcmp(*arguments, "--") != 0)
			arguments++;
		if (command->argv == arguments)
			die(command->label, "no command after this label");
		if (*arguments != NULL)
			*arguments++ = NULL;
		command->times = calloc(rounds, sizeof(*command->times));
		if (command->times == NULL)
			die("calloc", strerror(errno));
	}
	return count;
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX + 1];
	posix_spawn_file_actions_t actions;
	size_t rounds, count;
	uint64_t first;

	if (argc < 4 || (rounds = strtoul(argv[1], NULL, 10)) == 0)
		die("usage", "compare_times ROUNDS LABEL COMMAND [ARG...] [-- LABEL COMMAND [ARG...]]...");
	count = parse(argv + 2, commands, rounds);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < WARM_UP * count; i++)
		time_once(&commands[i % count], &actions);
	/* Each round begins with another command: nobody always comes after the same neighbour. */
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++) {
			struct command *command = &commands[(i + round) % count];

			command->times[round] = time_once(command, &actions);
		}
	for (size_t i = 0; i < count; i++)
		qsort(commands[i].times, rounds, sizeof(uint64_t), compare);
	first = commands[0].times[rounds / 2];
	for (size_t i = 0; i < count; i++) {
		const uint64_t *times = commands[i].times;

		printf("%s\t%lu\t%lu\t%lu\t%.3f\n", commands[i].label, times[rounds / 2], times[rounds / 10],
		       times[rounds * 9 / 10], (double)times[rounds / 2] / (double)first);
		free(commands[i].times);
	}
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}
