/* SPDX-License-Identifier: MIT */
/*
 * test_hypercall.c: every argument is the guest's word: wild pointers, lengths, numbers and frames give an error, and
 * nothing outside the guest is read or written.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"
#include "guest_tables.h"
#include "run/hypercall.h"
#include "suites.h"

#define TEXT (KERNEL_BASE + PAGE_SIZE - 4) /* its four bytes end a page, the next page is mapped elsewhere */

static struct guest guest;
static struct device_host host;
static struct event_exit event;
static int input[2], output[2];

static void setup(void)
{
	guest_open(&guest);
	guest_map(&guest, KERNEL_BASE, PTE_P | PTE_W);
	guest_frame(&guest);
	guest_map(&guest, KERNEL_BASE + PAGE_SIZE, PTE_P);
	guest_poke(&guest, TEXT, "abcd", 4);
	guest_poke(&guest, TEXT + 4, "efgh", 4);
	ck_assert_int_eq(pipe(input), 0);
	ck_assert_int_eq(pipe(output), 0);
	fcntl(output[0], F_SETFL, O_NONBLOCK);
	fcntl(input[0], F_SETFL, O_NONBLOCK);
	signal(SIGPIPE, SIG_IGN);
	host = (struct device_host){.input = input[0], .output = output[1], .error_output = output[1]};
}

static void teardown(void)
{
	guest_close(&guest);
}

static int64_t call(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	struct cpu_state state = {.rax = number, .rdi = first, .rsi = second, .rcx = third, .cr3 = guest.root};

	memset(&event, 0, sizeof(event));
	hypercall(&guest.ram, &host, &state, &event);
	ck_assert_uint_eq(event.args[0], first);
	ck_assert_uint_eq(event.args[2], third);
	return event.result;
}

static void printed(const char *expected)
{
	char text[64] = "";
	ssize_t got = read(output[0], text, sizeof(text) - 1);

	text[got > 0 ? got : 0] = '\0';
	ck_assert_str_eq(text, expected);
}

START_TEST(unknown)
{
	static const uint64_t numbers[] = {0, 77, 88, 0x7fffffff, 0xffffffff};

	ck_assert_int_eq(call(numbers[_i], 1, 2, 3), -ENOSYS);
	ck_assert_str_eq(event.call, "unknown");
	ck_assert_int_eq(host.end, GUEST_RUNS);
}
END_TEST

/* The number is in eax; what is above it in rax is not looked at. */
START_TEST(number_in_eax)
{
	ck_assert_int_eq(call(UINT64_C(0xdeadbeef00000000) | VMM_HYPERCALL_CONSOLE_WRITE, 1, TEXT, 4), 4);
	ck_assert_str_eq(event.call, "console_write");
	printed("abcd");
}
END_TEST

START_TEST(exits)
{
	ck_assert_int_eq(call(VMM_HYPERCALL_EXIT, 0x1ff, 128, 0), -EINVAL);
	ck_assert_int_eq(call(VMM_HYPERCALL_EXIT, 0, UINT64_MAX, 0), -EINVAL);
	ck_assert_int_eq(host.end, GUEST_RUNS);
	ck_assert_int_eq(call(VMM_HYPERCALL_EXIT, 0x1ff, 0, 0), 0);
	ck_assert_int_eq(host.end, GUEST_EXITED);
	ck_assert_int_eq(host.code, 0xff);
	ck_assert_int_eq(call(VMM_HYPERCALL_EXIT, 0, 11, 0), 0);
	ck_assert_int_eq(host.end, GUEST_KILLED);
	ck_assert_int_eq(host.code, 11);
}
END_TEST

START_TEST(console_write)
{
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, 1, TEXT, 8), 8); /* across two pages */
	printed("abcdefgh");
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, 2, TEXT, 2), 2);
	printed("ab");
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, 1, TEXT, 0), 0);
	printed("");
}
END_TEST

START_TEST(console_write_wild)
{
	static const struct {
		uint64_t fd, pointer, bytes;
		int64_t result;
	} cases[] = {
		{0, TEXT, 4, -EBADF},
		{3, TEXT, 4, -EBADF},
		{UINT64_MAX, TEXT, 4, -EBADF},
		{UINT64_C(0x100000001), TEXT, 4, -EBADF}, /* 1, modulo 2^32 */
		{1, 0, 4, -EFAULT},
		{1, KERNEL_BASE - 1, 4, -EFAULT},
		{1, UINT64_C(0x800000000000), 4, -EFAULT},
		{1, UINT64_MAX, UINT64_MAX, -EFAULT},
		{1, UINT64_MAX, 4, -EFAULT},
	};

	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, cases[_i].fd, cases[_i].pointer, cases[_i].bytes),
			 cases[_i].result);
	printed("");
}
END_TEST

/* What is mapped is written, as write(2) does. */
START_TEST(console_write_partly)
{
	gva_t last = KERNEL_BASE + 2 * PAGE_SIZE - 3;

	guest_poke(&guest, last, "xyz", 3);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, 1, last, UINT64_MAX), 3);
	printed("xyz");
}
END_TEST

static bool always(void)
{
	return true;
}

/* One frame at very many addresses must not hold up the end of the run. */
START_TEST(console_write_endless)
{
	uint64_t *table = guest_entry(&guest, KERNEL_BASE, 3);

	for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++)
		table[i] = table[0];
	host.output = open("/dev/null", O_WRONLY);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, 1, KERNEL_BASE, 100 * PAGE_SIZE), 100 * PAGE_SIZE);
	host.stopped = always;
	ck_assert_int_le(call(VMM_HYPERCALL_CONSOLE_WRITE, 1, KERNEL_BASE, 100 * PAGE_SIZE), PAGE_SIZE);
}
END_TEST

START_TEST(console_write_fails)
{
	host.output = open("/dev/full", O_WRONLY);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, 1, TEXT, 4), -ENOSPC);
	ck_assert_int_eq(host.end, GUEST_RUNS); /* the guest knows */
	host.output = output[1];
	close(output[0]);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_WRITE, 1, TEXT, 4), -EPIPE);
	ck_assert_int_eq(host.end, GUEST_OUTPUT_CLOSED);
}
END_TEST

START_TEST(console_read)
{
	const uint8_t *page = guest.ram.bytes + (*guest_entry(&guest, KERNEL_BASE, 3) & PTE_ADDRESS);

	ck_assert_int_eq(write(input[1], "12345678", 8), 8);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, KERNEL_BASE + 8, 2), 2);
	ck_assert_mem_eq(page + 8, "12\0", 3);
	/* Up to the end of what may be written; the rest of the input is not lost. */
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, TEXT, 8), 4);
	ck_assert_mem_eq(page + PAGE_SIZE - 4, "3456", 4);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, KERNEL_BASE, UINT64_MAX), 2);
	ck_assert_mem_eq(page, "78\0", 3);
	close(input[1]);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, KERNEL_BASE, 4), 0);
}
END_TEST

START_TEST(console_read_wild)
{
	char byte;

	ck_assert_int_eq(write(input[1], "x", 1), 1);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 1, KERNEL_BASE, 4), -EBADF);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, KERNEL_BASE, 0), 0);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, 0, 4), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, UINT64_MAX, UINT64_MAX), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_CONSOLE_READ, 0, TEXT + 4, 4), -EFAULT); /* read-only */
	ck_assert_int_eq(read(input[0], &byte, 1), 1);                               /* no input was lost by that */
}
END_TEST

START_TEST(panic)
{
	ck_assert_int_eq(call(VMM_HYPERCALL_PANIC, 0, TEXT, 6), 0);
	ck_assert_int_eq(host.end, GUEST_PANICKED);
	ck_assert_str_eq(host.panic, "abcdef");
}
END_TEST

START_TEST(panic_wild)
{
	char long_text[600];

	memset(long_text, 'w', sizeof(long_text));
	guest_poke(&guest, KERNEL_BASE, long_text, sizeof(long_text));
	call(VMM_HYPERCALL_PANIC, 0, KERNEL_BASE, UINT64_MAX);
	ck_assert_uint_eq(strlen(host.panic), sizeof(host.panic) - 1);
	guest_poke(&guest, KERNEL_BASE, "a\nb\r\033[2J\xc2\x9b\x7f\0c \n", 15);
	call(VMM_HYPERCALL_PANIC, 0, KERNEL_BASE, 15);
	for (const char *c = host.panic; *c != '\0'; c++)
		ck_assert_msg(*c >= ' ' && *c <= '~', "0x%02x", (unsigned char)*c);
	ck_assert_ptr_eq(strstr(host.panic, "a b"), host.panic);
	ck_assert_int_eq(host.panic[strlen(host.panic) - 1], 'c');
	call(VMM_HYPERCALL_PANIC, 0, 0, 10);
	ck_assert_str_eq(host.panic, "");
	ck_assert_int_eq(host.end, GUEST_PANICKED);
}
END_TEST

START_TEST(zero_pages)
{
	memset(guest.ram.bytes + 0x300000, 0x55, 4 * PAGE_SIZE);
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, 0x301000, 2, 0), 0);
	ck_assert_uint_eq(guest.ram.bytes[0x300fff], 0x55);
	ck_assert_uint_eq(guest.ram.bytes[0x301000], 0);
	ck_assert_uint_eq(guest.ram.bytes[0x302fff], 0);
	ck_assert_uint_eq(guest.ram.bytes[0x303000], 0x55);
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, GUEST_RAM_SIZE - PAGE_SIZE, 1, 0), 0);
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, GUEST_RAM_SIZE - PAGE_SIZE, 2, 0), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, GUEST_RAM_SIZE, 1, 0), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, 0x301001, 1, 0), -EINVAL);
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, 0, UINT64_C(1) << 52, 0), -EINVAL); /* 0 bytes, modulo 2^64 */
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, 0x1000, UINT64_MAX, 0), -EINVAL);
	ck_assert_int_eq(call(VMM_HYPERCALL_ZERO_PAGES, 0 - PAGE_SIZE, 1, 0), -EFAULT);
}
END_TEST

START_TEST(copy_page)
{
	memset(guest.ram.bytes + 0x300000, 0x66, PAGE_SIZE);
	ck_assert_int_eq(call(VMM_HYPERCALL_COPY_PAGE, 0x302000, 0x300000, 0), 0);
	ck_assert_mem_eq(guest.ram.bytes + 0x302000, guest.ram.bytes + 0x300000, PAGE_SIZE);
	ck_assert_uint_eq(guest.ram.bytes[0x303000], 0);
	ck_assert_int_eq(call(VMM_HYPERCALL_COPY_PAGE, 0x302000, 0x302000, 0), 0);
	ck_assert_int_eq(call(VMM_HYPERCALL_COPY_PAGE, 0x302008, 0x300000, 0), -EINVAL);
	ck_assert_int_eq(call(VMM_HYPERCALL_COPY_PAGE, 0x302000, 0x300008, 0), -EINVAL);
	ck_assert_int_eq(call(VMM_HYPERCALL_COPY_PAGE, GUEST_RAM_SIZE, 0x300000, 0), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_COPY_PAGE, 0x302000, 0 - PAGE_SIZE, 0), -EFAULT);
}
END_TEST

Suite *hypercall_suite(void)
{
	Suite *suite = suite_create("hypercall");
	TCase *console = tcase_create("console"), *others = tcase_create("others");

	tcase_add_checked_fixture(console, setup, teardown);
	tcase_add_checked_fixture(others, setup, teardown);
	tcase_add_test(console, console_write);
	tcase_add_loop_test(console, console_write_wild, 0, 9);
	tcase_add_test(console, console_write_partly);
	tcase_add_test(console, console_write_endless);
	tcase_add_test(console, console_write_fails);
	tcase_add_test(console, console_read);
	tcase_add_test(console, console_read_wild);
	tcase_add_loop_test(others, unknown, 0, 5);
	tcase_add_test(others, number_in_eax);
	tcase_add_test(others, exits);
	tcase_add_test(others, panic);
	tcase_add_test(others, panic_wild);
	tcase_add_test(others, zero_pages);
	tcase_add_test(others, copy_page);
	suite_add_tcase(suite, console);
	suite_add_tcase(suite, others);
	return suite;
}
