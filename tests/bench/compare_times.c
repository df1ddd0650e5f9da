/* SPDX-License-Identifier: MIT */
/*
 * compare_times.c: wall time of whole processes (spawn, exec, wait), of several commands that take turns, so that what
 * else the machine does meets all of them alike.
 *
 * Usage: compare_times ROUNDS LABEL COMMAND [ARG...] [-- LABEL COMMAND [ARG...]]...
 * Prints for each command a line: label, median, 10th and 90th percentile of the wall time, median of the CPU time (all
 * in nanoseconds), and the ratios of both medians to those of the first; tabs between them. The commands' standard
 * input and output are /dev/null; one that fails ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 32
#define WARM_UP      3 /* rounds that are not counted: files come into the page cache */

struct command {
	const char *label;
	char **argv;
	uint64_t *times, *cpu_times; /* ns, one a round */
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

static uint64_t ns_of(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000000 + (uint64_t)time->tv_usec * 1000;
}

static void time_once(const struct command *command, const posix_spawn_file_actions_t *actions, size_t round)
{
	uint64_t start = now_ns();
	struct rusage usage;
	int status, error;
	pid_t child;

	error = posix_spawnp(&child, command->argv[0], actions, NULL, command->argv, environ);
	if (error != 0)
		die(command->argv[0], strerror(error));
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			die("wait4", strerror(errno));
	command->times[round] = now_ns() - start;
	command->cpu_times[round] = ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		die(command->label, "the command failed");
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
		command->cpu_times = calloc(rounds, sizeof(*command->cpu_times));
		if (command->times == NULL || command->cpu_times == NULL)
			die("calloc", strerror(errno));
	}
	return count;
}

static void print(const struct command *commands, size_t count, size_t rounds)
{
	for (size_t i = 0; i < count; i++) {
		qsort(commands[i].times, rounds, sizeof(uint64_t), compare);
		qsort(commands[i].cpu_times, rounds, sizeof(uint64_t), compare);
	}
	for (size_t i = 0; i < count; i++) {
		const uint64_t *times = commands[i].times, *cpu_times = commands[i].cpu_times;
		size_t middle = rounds / 2;

		printf("%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%.3f\t%.3f\n", commands[i].label,
		       times[middle], times[rounds / 10], times[rounds * 9 / 10], cpu_times[middle],
		       (double)times[middle] / (double)commands[0].times[middle],
		       (double)cpu_times[middle] / (double)commands[0].cpu_times[middle]);
	}
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX + 1];
	posix_spawn_file_actions_t actions;
	size_t rounds, count;

	if (argc < 4 || (rounds = strtoul(argv[1], NULL, 10)) == 0)
		die("usage", "compare_times ROUNDS LABEL COMMAND [ARG...] [-- LABEL COMMAND [ARG...]]...");
	count = parse(argv + 2, commands, rounds);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < WARM_UP * count; i++)
		time_once(&commands[i % count], &actions, 0);
	/* Each round begins with another command: nobody always comes after the same neighbour. */
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++)
			time_once(&commands[(i + round) % count], &actions, round);
	print(commands, count, rounds);
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}
