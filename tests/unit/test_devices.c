/* SPDX-License-Identifier: MIT */
/*
 * test_devices.c: what answers at a port, and what becomes of the guest's input and output.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "abi.h"
#include "devices/device.h"
#include "suites.h"

static struct device_host host;
static int input[2], output[2];
static char text[64];
static volatile sig_atomic_t stopped;

static void setup(void)
{
	ck_assert_int_eq(pipe(input), 0);
	ck_assert_int_eq(pipe(output), 0);
	signal(SIGPIPE, SIG_IGN);
	host = (struct device_host){.input = input[0], .output = output[1], .error_output = -1};
	stopped = 0;
	memset(text, 0, sizeof(text));
}

static void teardown(void)
{
	close(input[0]);
	close(input[1]);
	close(output[0]);
	close(output[1]);
}

static uint32_t access_port(uint16_t port, bool write, unsigned size, uint32_t value)
{
	struct device_access access = {.write = write, .port = port, .size = size, .value = write ? value : UINT32_MAX};
	const struct device *device = device_at(port);

	ck_assert_ptr_nonnull(device);
	device->access(&host, &access);
	return access.value;
}

/* What has arrived on standard output */
static const char *printed(void)
{
	ssize_t got;

	fcntl(output[0], F_SETFL, O_NONBLOCK);
	got = read(output[0], text, sizeof(text) - 1);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

START_TEST(ports)
{
	ck_assert_str_eq(device_at(VMM_PORT_DEBUG_CONSOLE)->name, "debug console");
	ck_assert_str_eq(device_at(VMM_PORT_DEBUG_EXIT)->name, "debug exit");
	ck_assert_str_eq(device_at(VMM_PORT_SERIAL)->name, "serial port");
	ck_assert_ptr_eq(device_at(VMM_PORT_SERIAL + 7), device_at(VMM_PORT_SERIAL));
	ck_assert_ptr_null(device_at(VMM_PORT_SERIAL + 8));
	ck_assert_ptr_null(device_at(VMM_PORT_SERIAL - 1));
	ck_assert_ptr_null(device_at(0));
	ck_assert_ptr_null(device_at(0xffff));
}
END_TEST

START_TEST(debug_console)
{
	access_port(VMM_PORT_DEBUG_CONSOLE, true, 1, 'a');
	access_port(VMM_PORT_DEBUG_CONSOLE, true, 4, 0x65646362);
	ck_assert_str_eq(printed(), "abcde");
	ck_assert_uint_eq(access_port(VMM_PORT_DEBUG_CONSOLE, false, 1, 0), 0xe9);
	ck_assert_int_eq(host.end, GUEST_RUNS);
}
END_TEST

START_TEST(serial)
{
	access_port(VMM_PORT_SERIAL, true, 1, 'x');
	access_port(VMM_PORT_SERIAL + 3, true, 1, 'y'); /* line control */
	ck_assert_str_eq(printed(), "x");
	ck_assert_uint_eq(access_port(VMM_PORT_SERIAL + 5, false, 1, 0) & 0x61, 0x60); /* may send, nothing received */
	ck_assert_int_eq(host.end, GUEST_RUNS);
}
END_TEST

START_TEST(debug_exit)
{
	ck_assert_uint_eq(access_port(VMM_PORT_DEBUG_EXIT, false, 1, 0), UINT32_MAX);
	ck_assert_int_eq(host.end, GUEST_RUNS);
	access_port(VMM_PORT_DEBUG_EXIT, true, 4, 0x1234567);
	ck_assert_int_eq(host.end, GUEST_EXITED);
	ck_assert_int_eq(host.code, 0x67);
}
END_TEST

START_TEST(output_closed)
{
	close(output[0]);
	access_port(VMM_PORT_DEBUG_CONSOLE, true, 1, 'a');
	ck_assert_int_eq(host.end, GUEST_OUTPUT_CLOSED);
}
END_TEST

/* A device cannot tell the guest that its output was lost: that is the end of the run. */
START_TEST(output_full)
{
	host.output = open("/dev/full", O_WRONLY);
	ck_assert_int_eq(device_host_write(&host, host.output, "a", 1), -ENOSPC);
	ck_assert_int_eq(host.end, GUEST_RUNS); /* a hypercall does tell it */
	access_port(VMM_PORT_SERIAL, true, 1, 'a');
	ck_assert_int_eq(host.end, GUEST_OUTPUT_FAILED);
	ck_assert_int_eq(host.code, ENOSPC);
}
END_TEST

START_TEST(no_output)
{
	host.output = -1;
	access_port(VMM_PORT_DEBUG_CONSOLE, true, 1, 'a');
	ck_assert_int_eq(host.end, GUEST_OUTPUT_FAILED);
	ck_assert_int_eq(host.code, EBADF);
}
END_TEST

START_TEST(reading)
{
	char bytes[8] = "";

	ck_assert_int_eq(write(input[1], "hello", 5), 5);
	ck_assert_int_eq(device_host_read(&host, bytes, 3), 3);
	ck_assert_int_eq(device_host_read(&host, bytes + 3, 5), 2); /* what is there, not all that is wanted */
	ck_assert_str_eq(bytes, "hello");
	close(input[1]);
	ck_assert_int_eq(device_host_read(&host, bytes, 3), 0);
	host.input = -1;
	ck_assert_int_eq(device_host_read(&host, bytes, 3), -EBADF);
}
END_TEST

static void on_alarm(int number)
{
	stopped = number;
}

static bool is_stopped(void)
{
	return stopped != 0;
}

/* The run is to stop while the guest waits for input, or for a reader of its output. */
static void start_clock(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval soon = {.it_interval = {.tv_usec = 50000}, .it_value = {.tv_usec = 50000}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	host.stopped = is_stopped;
}

START_TEST(stopped_while_reading)
{
	char byte;

	if (_i == 1)
		fcntl(input[0], F_SETFL, O_NONBLOCK);
	start_clock();
	ck_assert_int_eq(device_host_read(&host, &byte, 1), -EINTR);
	ck_assert_int_eq(host.end, GUEST_RUNS);
}
END_TEST

START_TEST(stopped_while_writing)
{
	static char many[1 << 20];

	if (_i == 1)
		fcntl(output[1], F_SETFL, O_NONBLOCK);
	start_clock();
	ck_assert_int_gt(device_host_write(&host, output[1], many, sizeof(many)), 0); /* as much as the pipe holds */
	ck_assert_int_eq(device_host_write(&host, output[1], many, 1), -EINTR);
	access_port(VMM_PORT_DEBUG_CONSOLE, true, 1, 'a');
	ck_assert_int_eq(host.end, GUEST_RUNS); /* nothing failed: the user wants the end */
}
END_TEST

Suite *devices_suite(void)
{
	Suite *suite = suite_create("devices");
	TCase *devices = tcase_create("devices"), *descriptors = tcase_create("descriptors");

	tcase_add_checked_fixture(devices, setup, teardown);
	tcase_add_checked_fixture(descriptors, setup, teardown);
	tcase_add_test(devices, ports);
	tcase_add_test(devices, debug_console);
	tcase_add_test(devices, serial);
	tcase_add_test(devices, debug_exit);
	tcase_add_test(descriptors, output_closed);
	tcase_add_test(descriptors, output_full);
	tcase_add_test(descriptors, no_output);
	tcase_add_test(descriptors, reading);
	tcase_add_loop_test(descriptors, stopped_while_reading, 0, 2);
	tcase_add_loop_test(descriptors, stopped_while_writing, 0, 2);
	suite_add_tcase(suite, devices);
	suite_add_tcase(suite, descriptors);
	return suite;
}
