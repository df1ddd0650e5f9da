/* SPDX-License-Identifier: MIT */
/*
 * test_writer.c: nothing is lost while the descriptor takes it, and the first error is kept when it does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report/writer.h"
#include "suites.h"

#define STREAM_BYTES 3000017 /* more than any buffer, and a multiple of none */

static char pattern(size_t position)
{
	return (char)(position * 31 % 251);
}

/* A child reads the pipe to its end in small pieces; it exits with 0 when every byte was right. */
static pid_t start_reader(int fd, int other_end, unsigned pause_us)
{
	pid_t child = fork();
	char piece[1009];
	size_t position = 0;
	ssize_t got;

	ck_assert_int_ge(child, 0);
	if (child)
		return child;
	close(other_end);
	while ((got = read(fd, piece, sizeof(piece))) > 0) {
		for (ssize_t i = 0; i < got; i++)
			if (piece[i] != pattern(position++))
				_exit(1);
		if (pause_us)
			usleep(pause_us);
	}
	_exit(position == STREAM_BYTES && got == 0 ? 0 : 2);
}

static void write_pattern(struct writer *writer)
{
	char piece[777];

	for (size_t position = 0; position < STREAM_BYTES;) {
		size_t count = 0;

		while (count < sizeof(piece) && position < STREAM_BYTES)
			piece[count++] = pattern(position++);
		writer_put(writer, piece, count);
	}
}

static void check_pipe(int flags, unsigned pause_us)
{
	int ends[2], status;
	struct writer *writer;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	fcntl(ends[1], F_SETPIPE_SZ, 4096);
	child = start_reader(ends[0], ends[1], pause_us);
	close(ends[0]);
	ck_assert_int_eq(fcntl(ends[1], F_SETFL, flags), 0);
	writer = writer_open(ends[1], false);
	write_pattern(writer);
	ck_assert_int_eq(writer_flush(writer), 0);
	ck_assert_uint_eq(writer_bytes(writer), STREAM_BYTES);
	ck_assert_int_eq(writer_close(writer), 0);
	close(ends[1]);
	while (waitpid(child, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	ck_assert_int_eq(status, 0);
}

START_TEST(slow_pipe)
{
	check_pipe(0, 0);
}
END_TEST

/* A full non-blocking pipe gives EAGAIN and partial writes. */
START_TEST(non_blocking_pipe)
{
	check_pipe(O_NONBLOCK, 10);
}
END_TEST

static void do_nothing(int signal)
{
	(void)signal;
}

/* Signals without SA_RESTART cut writes short and make others fail with EINTR. */
START_TEST(interrupted_pipe)
{
	struct sigaction action = {.sa_handler = do_nothing};
	struct itimerval often = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL); /* not inherited by the reader */
	check_pipe(0, 100);
	setitimer(ITIMER_REAL, &never, NULL);
}
END_TEST

START_TEST(full_disk)
{
	int fd = open("/dev/full", O_WRONLY);
	struct writer *writer = writer_open(fd, false);

	ck_assert_int_ge(fd, 0);
	writer_put(writer, "x", 1);
	ck_assert_int_eq(writer_error(writer), 0); /* still in the buffer */
	ck_assert_int_eq(writer_flush(writer), ENOSPC);
	ck_assert_int_eq(writer_error(writer), ENOSPC);
	ck_assert_uint_eq(writer_bytes(writer), 0);
	write_pattern(writer); /* dropped, not buffered without end */
	ck_assert_int_eq(writer_close(writer), ENOSPC);
	close(fd);
}
END_TEST

START_TEST(closed_pipe)
{
	struct writer *writer;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(ends), 0);
	close(ends[0]);
	writer = writer_open(ends[1], true);
	writer_printf(writer, "%s", "line\n");
	ck_assert_int_eq(writer_error(writer), 0);
	writer_event_done(writer);
	ck_assert_int_eq(writer_error(writer), EPIPE);
	ck_assert_int_eq(writer_close(writer), EPIPE);
	close(ends[1]);
}
END_TEST

/* The first error stays, also when the descriptor works again later. */
START_TEST(first_error_is_kept)
{
	int full = open("/dev/full", O_WRONLY), null = open("/dev/null", O_WRONLY), fd = dup(full);
	struct writer *writer = writer_open(fd, true);

	writer_put(writer, "x", 1);
	writer_event_done(writer);
	ck_assert_int_eq(dup2(null, fd), fd);
	writer_put(writer, "y", 1);
	ck_assert_int_eq(writer_flush(writer), ENOSPC);
	ck_assert_uint_eq(writer_bytes(writer), 0);
	ck_assert_int_eq(writer_close(writer), ENOSPC);
	close(fd);
	close(full);
	close(null);
}
END_TEST

START_TEST(flushes_when_asked)
{
	struct writer *writer;
	char seen[8];
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	writer = writer_open(ends[1], true);
	writer_put(writer, "a\n", 2);
	ck_assert_int_eq(read(ends[0], seen, sizeof(seen)), -1);
	writer_event_done(writer);
	ck_assert_int_eq(read(ends[0], seen, sizeof(seen)), 2);
	ck_assert_int_eq(writer_close(writer), 0);
	writer = writer_open(ends[1], false);
	writer_put(writer, "b\n", 2);
	writer_event_done(writer);
	ck_assert_int_eq(read(ends[0], seen, sizeof(seen)), -1);
	ck_assert_int_eq(writer_close(writer), 0);
	ck_assert_int_eq(read(ends[0], seen, sizeof(seen)), 2);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* Longer than printf's small buffer, and than the writer's */
START_TEST(long_printf)
{
	static const size_t lengths[] = {0, 1, 510, 511, 512, 513, 131071, 131072, 131073, 500000};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		FILE *file = tmpfile();
		struct writer *writer = writer_open(fileno(file), false);
		char *text = calloc(1, lengths[i] + 1), *seen = calloc(1, lengths[i] + 3);

		memset(text, 'z', lengths[i]);
		writer_printf(writer, "<%s>", text);
		ck_assert_int_eq(writer_close(writer), 0);
		ck_assert_int_eq(pread(fileno(file), seen, lengths[i] + 3, 0), (ssize_t)lengths[i] + 2);
		ck_assert_int_eq(seen[0], '<');
		ck_assert_int_eq(seen[lengths[i] + 1], '>');
		ck_assert_mem_eq(seen + 1, text, lengths[i]);
		free(text);
		free(seen);
		fclose(file);
	}
}
END_TEST

Suite *writer_suite(void)
{
	Suite *suite = suite_create("writer");
	TCase *pipes = tcase_create("pipes"), *errors = tcase_create("errors");

	tcase_add_test(pipes, slow_pipe);
	tcase_add_test(pipes, non_blocking_pipe);
	tcase_add_test(pipes, interrupted_pipe);
	tcase_add_test(pipes, flushes_when_asked);
	tcase_add_test(pipes, long_printf);
	tcase_set_timeout(pipes, 60);
	suite_add_tcase(suite, pipes);
	tcase_add_test(errors, full_disk);
	tcase_add_test(errors, closed_pipe);
	tcase_add_test(errors, first_error_is_kept);
	suite_add_tcase(suite, errors);
	return suite;
}
