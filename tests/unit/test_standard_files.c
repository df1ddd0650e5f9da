/* SPDX-License-Identifier: MIT */
/*
 * test_standard_files.c: handles 0, 1 and 2: nothing waits, what becomes ready is told once, a closed pipe ends the
 * guest, and a terminal gets its settings back.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "file_guest.h"
#include "suites.h"

static atomic_int told;

static void input_ready(void *context)
{
	atomic_int *count = context;

	*count += 1;
}

static void setup(void)
{
	files_setup();
	files.input_ready = input_ready;
	files.input_context = &told;
	files_open(NULL, 0);
}

static void wait_until_told(int times)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int i = 0; i < 3000 && told < times; i++)
		nanosleep(&pause, NULL);
	ck_assert_int_eq(told, times);
}

static int64_t read_input(uint64_t bytes)
{
	return CALL(READ, 0, .buffer = FILE_BUFFER, .bytes = bytes);
}

START_TEST(reading)
{
	char text[8] = "";

	ck_assert_int_eq(read_input(4), -EAGAIN);
	ck_assert_int_eq(read_input(4), -EAGAIN);
	ck_assert_int_eq(told, 0);
	ck_assert_int_eq(write(files.input[1], "123456", 6), 6);
	wait_until_told(1);
	ck_assert_int_eq(CALL(READ, 0, .buffer = 0, .bytes = 4), -EFAULT); /* takes nothing */
	ck_assert_int_eq(read_input(4), 4);
	files_buffer(0, text, 4);
	ck_assert_str_eq(text, "1234");
	ck_assert_int_eq(read_input(4), 2);
	ck_assert_int_eq(read_input(4), -EAGAIN);
	ck_assert_int_eq(told, 1);
	close(files.input[1]);
	wait_until_told(2); /* the end is news too */
	ck_assert_int_eq(read_input(4), 0);
	files.input[1] = dup(0);
}
END_TEST

START_TEST(polling)
{
	ck_assert_int_eq(CALL(POLL, 0), 0);
	ck_assert_int_eq(CALL(POLL, 1), POLLOUT);
	ck_assert_int_eq(CALL(POLL, 0), 0);
	ck_assert_int_eq(write(files.input[1], "1", 1), 1);
	wait_until_told(1);
	ck_assert_int_eq(CALL(POLL, 0), POLLIN);
	close(files.input[1]);
	ck_assert_int_eq(read_input(4), 1);
	ck_assert_int_eq(CALL(POLL, 0), POLLHUP);
	files.input[1] = dup(0);
}
END_TEST

/* A file is read at the host's own offset, to its end, without waiting. */
START_TEST(regular_file)
{
	char text[8] = "";

	files_host_write("in", "0123456789");
	files.host.input = open(files_host("in"), O_RDONLY);
	ck_assert_int_eq(CALL(READ, 0, .buffer = FILE_BUFFER, .bytes = 4, .offset = 99), 4);
	ck_assert_int_eq(CALL(READ, 0, .buffer = FILE_BUFFER, .bytes = 99), 6);
	files_buffer(0, text, 6);
	ck_assert_str_eq(text, "456789");
	ck_assert_int_eq(read_input(4), 0);
	ck_assert_int_eq(CALL(SIZE, 0), 10);
	ck_assert_int_eq(CALL(SIZE, 1), -ESPIPE);
	ck_assert_int_eq(CALL(SEEK, 0, .mode = SEEK_CUR), 10);
	ck_assert_int_eq(CALL(SEEK, 0, .offset = 3, .mode = SEEK_SET), 3);
	ck_assert_int_eq(read_input(1), 1);
	ck_assert_int_eq(CALL(SEEK, 0, .offset = 2, .mode = SEEK_HOLE), 10);
	ck_assert_int_eq(CALL(SEEK, 0, .offset = (uint64_t)-1, .mode = SEEK_SET), -EINVAL);
	ck_assert_int_eq(CALL(SEEK, 0, .mode = SEEK_HOLE + 1), -EINVAL);
	ck_assert_int_eq(CALL(SEEK, 1, .mode = SEEK_CUR), -ESPIPE);
	ck_assert_int_eq(CALL(SEEK, 99, .mode = SEEK_CUR), -EBADF);
	close(files.host.input);
}
END_TEST

START_TEST(writing)
{
	char text[16] = "";

	ck_assert_int_eq(files_write_text(1, "out"), 3);
	ck_assert_int_eq(files_write_text(2, "put"), 3);
	ck_assert_int_eq(read(files.output[0], text, sizeof(text)), 6);
	ck_assert_str_eq(text, "output");
	ck_assert_int_eq(files_write_text(0, "x"), -EBADF);
	ck_assert_int_eq(CALL(READ, 1, .buffer = FILE_BUFFER, .bytes = 4), -EBADF); /* not -EAGAIN, for ever */
	ck_assert_int_eq(files.host.end, GUEST_RUNS);
	close(files.output[0]);
	ck_assert_int_eq(files_write_text(1, "x"), -EPIPE);
	ck_assert_int_eq(files.host.end, GUEST_OUTPUT_CLOSED);
	files.output[0] = dup(0);
}
END_TEST

START_TEST(other_operations)
{
	char text[64] = "";
	struct stat status;
	int64_t length;

	ck_assert_int_eq(CALL(STAT, 0, .buffer = FILE_BUFFER), 0);
	files_buffer(0, &status, sizeof(status));
	ck_assert(S_ISFIFO(status.st_mode));
	ck_assert_int_eq(CALL(STATFS, 0, .buffer = FILE_BUFFER), 0);
	files.host.input = open("/", O_PATH); /* as main.c does for a closed one */
	ck_assert_int_eq(CALL(STAT, 0, .buffer = FILE_BUFFER), -EBADF);
	ck_assert_int_eq(CALL(POLL, 0), POLLNVAL);
	ck_assert_int_eq(read_input(4), -EBADF);
	close(files.host.input);
	files.host.input = files.input[0];
	ck_assert_int_eq(CALL(CLOSE, 0), 0);
	ck_assert_int_eq(CALL(CHMOD, 1, .mode = 0), -EPERM);
	ck_assert_int_eq(CALL(TRUNCATE, 1), -EINVAL);
	ck_assert_int_eq(CALL(GETDENTS, 0, .buffer = FILE_BUFFER, .bytes = 99), -ENOTDIR);
	ck_assert_int_eq(CALL(CONTROL, 0, .flags = TCGETS, .buffer = FILE_BUFFER), -ENOTTY);
	ck_assert_int_eq(CALL(CONTROL, 0, .flags = TIOCSTI, .buffer = FILE_BUFFER), -ENOTTY);
	length = CALL(PATH, 0, .buffer = FILE_BUFFER, .bytes = 64);
	files_buffer(0, text, (uint64_t)length);
	ck_assert_ptr_eq(strstr(text, "pipe:["), text);
}
END_TEST

/* The kernel's struct termios has 36 bytes, and the flags of line discipline behind three others. */
START_TEST(terminal)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	struct termios before, now;
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	uint32_t raw[9];

	ck_assert_int_eq(grantpt(master) | unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(slave, 0);
	ioctl(master, TIOCSWINSZ, &size);
	tcgetattr(slave, &before);
	files.host.input = slave;
	ck_assert_int_eq(CALL(CONTROL, 0, .flags = TIOCGWINSZ, .buffer = FILE_BUFFER), 0);
	files_buffer(0, &size, sizeof(size));
	ck_assert_uint_eq(size.ws_col, 80);
	ck_assert_int_eq(CALL(CONTROL, 0, .flags = TCGETS, .buffer = FILE_BUFFER), 0);
	ck_assert_int_eq(CALL(CONTROL, 0, .flags = TCGETS, .buffer = FILE_BUFFER + FILE_BUFFER_MAX - 35), -EFAULT);
	files_buffer(0, raw, sizeof(raw));
	raw[3] &= ~(uint32_t)(ICANON | ECHO);
	files_fill(0, raw, sizeof(raw));
	ck_assert_int_eq(CALL(CONTROL, 0, .flags = TCSETSW, .buffer = FILE_BUFFER), 0);
	tcgetattr(slave, &now);
	ck_assert(!(now.c_lflag & ICANON));
	ck_assert_int_eq(read_input(1), -EAGAIN);
	ck_assert_int_eq(write(master, "k", 1), 1);
	wait_until_told(1);
	ck_assert_int_eq(read_input(9), 1);
	file_service_close(files.service);
	files.service = NULL;
	tcgetattr(slave, &now);
	ck_assert_uint_eq(now.c_lflag, before.c_lflag);
	close(slave);
	close(master);
}
END_TEST

Suite *standard_files_suite(void)
{
	Suite *suite = suite_create("standard_files");
	TCase *test = tcase_create("standard_files");

	tcase_add_checked_fixture(test, setup, files_teardown);
	tcase_add_test(test, reading);
	tcase_add_test(test, polling);
	tcase_add_test(test, regular_file);
	tcase_add_test(test, writing);
	tcase_add_test(test, other_operations);
	tcase_add_test(test, terminal);
	suite_add_tcase(suite, test);
	return suite;
}
