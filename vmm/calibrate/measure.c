/* SPDX-License-Identifier: MIT */
/* measure.c: runs this very program with its built-in guest, again and again, and reads the guest's times. */
#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define OUTPUT_MAX 4096 /* of one run: BATCHES numbers, or an error line */
#define TEXT_(x)   #x
#define TEXT(x)    TEXT_(x)

extern const unsigned char calibrate_guest[];
extern const uint64_t calibrate_guest_size; /* bytes */
extern char **environ;

static const struct {
	const char *method, *report;
} ways[CALIBRATE_WAYS] = {
	{"off", "none"},  {"ring", "none"}, {"ring", "text"}, {"ring", "json"},
	{"trap", "none"}, {"trap", "text"}, {"trap", "json"},
};

static int compare(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

double calibration_tenth(const double *sorted, unsigned tenth)
{
	return sorted[CALIBRATE_ROUNDS * tenth / 10];
}

/* The guest as a file, which children inherit; -1: no memory. */
static int guest_file(void)
{
	int fd = memfd_create("calibrate", 0);

	if (fd >= 0 && write(fd, calibrate_guest, calibrate_guest_size) != (ssize_t)calibrate_guest_size) {
		close(fd);
		return -1;
	}
	return fd;
}

/* All that a child writes; what is more than `size` is dropped. */
static void read_all(int fd, char *text, size_t size)
{
	char dropped[256] = "";
	size_t used = 0;
	ssize_t got;

	do {
		bool full = used == size - 1;

		got = read(fd, full ? dropped : text + used, full ? sizeof(dropped) : size - 1 - used);
		if (got > 0 && !full)
			used += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	text[used] = '\0';
}

/* Runs a command with output and errors into `text`; its status, or -1. */
static int run(char **arguments, char *text, size_t size)
{
	posix_spawn_file_actions_t actions;
	int ends[2], status, error;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
	error = posix_spawn(&child, "/proc/self/exe", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (error == 0)
		read_all(ends[0], text, size);
	close(ends[0]);
	if (error != 0)
		return -1;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The quickest batch: what else the machine does can only make one slower. 0: these are not the numbers. */
static double least_ticks(const char *text)
{
	double least = 0;
	char *end;

	for (size_t i = 0; i < CALIBRATE_BATCHES; i++, text = end + 1) {
		double ticks = (double)strtoull(text, &end, 10);

		if (end == text || *end != '\n' || ticks == 0)
			return 0;
		least = i == 0 || ticks < least ? ticks : least;
	}
	return *text == '\0' ? least : 0;
}

/* One run. False, with what it said, if it failed. */
static bool run_way(size_t way, int guest, double *ticks, char text[OUTPUT_MAX])
{
	char image[32];
	const bool quiet = strcmp(ways[way].report, "none") == 0;
	const char *const arguments[] = {
		"vmm",
		"--method",
		ways[way].method,
		"--layout=never",
		"-o",
		"/dev/null",
		"--timeout",
		"60",
		quiet ? "-q" : "-f",
		quiet ? "--" : ways[way].report,
		image,
		TEXT(CALIBRATE_CALLS),
		TEXT(CALIBRATE_BATCHES),
		NULL,
	};

	snprintf(image, sizeof(image), "/proc/self/fd/%d", guest);
	if (run((char **)(uintptr_t)arguments, text, OUTPUT_MAX) != 0)
		return false;
	*ticks = least_ticks(text);
	return *ticks > 0;
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Which methods there are. Nobody else's fault than the machine's: `off` fails. */
static bool find_ways(struct calibration *calibration, int guest, struct vmm_error *error)
{
	for (size_t i = 0; i < CALIBRATE_WAYS; i++) {
		struct calibrated_way *way = &calibration->ways[i];
		char text[OUTPUT_MAX];
		double ticks;

		way->method = ways[i].method;
		way->report = ways[i].report;
		if (run_way(i, guest, &ticks, text))
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (i == 0)
			return error_set(error, "--calibrate: the built-in guest does not run: %.200s",
					 strncmp(text, "vmm: ", 5) == 0 ? text + 5 : text);
		snprintf(way->why_not, sizeof(way->why_not), "%.150s",
			 text[0] == '\0'                  ? "it failed"
			 : strncmp(text, "vmm: ", 5) == 0 ? text + 5
							  : text);
	}
	return true;
}

/* Ticks of a batch become ns of a call, and of an observation: against the run of `off` in the same round. */
static void finish(struct calibration *calibration, double ns_per_tick)
{
	struct calibrated_way *ways_end = calibration->ways + CALIBRATE_WAYS;
	const double *off = calibration->ways[0].call_ns;

	for (struct calibrated_way *way = calibration->ways; way < ways_end; way++)
		for (size_t round = 0; round < CALIBRATE_ROUNDS; round++)
			way->call_ns[round] *= ns_per_tick / CALIBRATE_CALLS;
	for (struct calibrated_way *way = calibration->ways; way < ways_end; way++)
		for (size_t round = 0; round < CALIBRATE_ROUNDS; round++)
			way->each_ns[round] = (way->call_ns[round] - off[round]) / 2;
	for (struct calibrated_way *way = calibration->ways; way < ways_end; way++) {
		qsort(way->call_ns, CALIBRATE_ROUNDS, sizeof(double), compare);
		qsort(way->each_ns, CALIBRATE_ROUNDS, sizeof(double), compare);
		way->quickest_ns = (way->call_ns[0] - off[0]) / 2; /* `off` is the first that is sorted */
	}
}

static bool measure(struct calibration *calibration, int guest, struct vmm_error *error)
{
	char text[OUTPUT_MAX];

	for (size_t round = 0; round < CALIBRATE_ROUNDS; round++)
		for (size_t turn = 0; turn < CALIBRATE_WAYS; turn++) { /* each round begins with another one */
			size_t i = (turn + round) % CALIBRATE_WAYS;
			struct calibrated_way *way = &calibration->ways[i];

			if (way->why_not[0] == '\0' && !run_way(i, guest, &way->call_ns[round], text))
				return error_set(error, "--calibrate: method %s failed in round %zu: %.150s",
						 way->method, round, text);
		}
	return true;
}

bool calibration_measure(struct calibration *calibration, struct vmm_error *error)
{
	double start_ns = now_ns(), start_ticks = (double)__rdtsc();
	int guest = guest_file();
	bool done;

	memset(calibration, 0, sizeof(*calibration));
	if (guest < 0)
		return error_set(error, "--calibrate: no memory for the built-in guest: %s", strerror(errno));
	done = find_ways(calibration, guest, error) && measure(calibration, guest, error);
	close(guest);
	if (done)
		finish(calibration, (now_ns() - start_ns) / ((double)__rdtsc() - start_ticks));
	return done;
}
