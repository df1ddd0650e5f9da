/* SPDX-License-Identifier: MIT */
/*
 * test_vm_exit.c: each exit of KVM becomes a value; whatever does not fit into the shared page becomes "unknown".
 */
#include <linux/kvm.h>
#include <string.h>

#include "run/vm_exit.h"
#include "suites.h"

#define PAGE_BYTES 0x3000

static union {
	struct kvm_run run;
	uint8_t bytes[PAGE_BYTES];
} page;
static struct vm_exit decoded;
static char text[EVENT_TEXT];

static void setup(void)
{
	memset(&page, 0, sizeof(page));
}

static void decode(uint32_t reason)
{
	page.run.exit_reason = reason;
	vm_exit_decode(&page.run, sizeof(page), &decoded);
	vm_exit_describe(&decoded, text, sizeof(text));
	ck_assert_ptr_null(strchr(text, '\n'));
	ck_assert_uint_gt(strlen(text), 3);
}

static void io(uint8_t direction, uint8_t size, uint32_t count, uint64_t offset)
{
	page.run.io.direction = direction;
	page.run.io.size = size;
	page.run.io.count = count;
	page.run.io.port = 0x3f8;
	page.run.io.data_offset = offset;
	decode(KVM_EXIT_IO);
}

START_TEST(port)
{
	io(KVM_EXIT_IO_OUT, 4, 1, 0x1000);
	ck_assert_int_eq(decoded.reason, EXIT_IO);
	ck_assert(decoded.write);
	ck_assert_uint_eq(decoded.address, 0x3f8);
	ck_assert_uint_eq(decoded.size, 4);
	ck_assert_uint_eq(decoded.count, 1);
	ck_assert_ptr_eq(decoded.data, page.bytes + 0x1000);
	io(KVM_EXIT_IO_IN, 1, 1, 0x1000);
	ck_assert(!decoded.write);
	io(KVM_EXIT_IO_IN, 2, 0x800, 0x2000); /* up to the last byte */
	ck_assert_int_eq(decoded.reason, EXIT_IO);
	ck_assert_uint_eq(decoded.count, 0x800);
}
END_TEST

START_TEST(port_data_outside)
{
	static const struct {
		uint8_t size;
		uint32_t count;
		uint64_t offset;
	} cases[] = {
		{1, 1, PAGE_BYTES},     {4, 1, PAGE_BYTES - 3}, {1, 1, UINT64_MAX},
		{4, 1, UINT64_MAX - 1}, {2, 0x801, 0x2000},     {4, UINT32_MAX, 0},
		{4, 0x40000000, 0}, /* 2^32 bytes */
		{0, 1, 0x1000},         {1, 0, 0x1000},         {3, 1, 0x1000},
		{8, 1, 0x1000}, /* wider than any port */
		{255, 1, 0x1000},
	};

	io(KVM_EXIT_IO_OUT, cases[_i].size, cases[_i].count, cases[_i].offset);
	ck_assert_int_eq(decoded.reason, EXIT_UNKNOWN);
	ck_assert_uint_eq(decoded.code, KVM_EXIT_IO);
}
END_TEST

START_TEST(memory)
{
	page.run.mmio.phys_addr = 0xfee00000;
	page.run.mmio.len = 8;
	page.run.mmio.is_write = 1;
	decode(KVM_EXIT_MMIO);
	ck_assert_int_eq(decoded.reason, EXIT_MMIO);
	ck_assert(decoded.write);
	ck_assert_uint_eq(decoded.address, 0xfee00000);
	ck_assert_uint_eq(decoded.size, 8);
	ck_assert_ptr_eq(decoded.data, page.run.mmio.data);
	page.run.mmio.len = 9;
	decode(KVM_EXIT_MMIO);
	ck_assert_int_eq(decoded.reason, EXIT_UNKNOWN);
	page.run.mmio.len = 0;
	decode(KVM_EXIT_MMIO);
	ck_assert_int_eq(decoded.reason, EXIT_UNKNOWN);
}
END_TEST

START_TEST(reasons)
{
	static const struct {
		uint32_t kvm;
		enum exit_reason reason;
		const char *words;
	} cases[] = {
		{KVM_EXIT_HLT, EXIT_HLT, "hlt"},
		{KVM_EXIT_DEBUG, EXIT_DEBUG, "debug exit"},
		{KVM_EXIT_SHUTDOWN, EXIT_SHUTDOWN, "triple fault"},
		{KVM_EXIT_FAIL_ENTRY, EXIT_FAIL_ENTRY, "refused to enter"},
		{KVM_EXIT_SYSTEM_EVENT, EXIT_SYSTEM_EVENT, "system event"},
		{KVM_EXIT_INTR, EXIT_INTERRUPTED, "interrupted"},
		{KVM_EXIT_INTERNAL_ERROR, EXIT_INTERNAL_ERROR, "KVM"},
		{KVM_EXIT_UNKNOWN, EXIT_UNKNOWN, "exit reason 0,"},
		{KVM_EXIT_EXCEPTION, EXIT_UNKNOWN, "exit reason 1,"},
		{0x12345678, EXIT_UNKNOWN, "exit reason 305419896,"},
		{UINT32_MAX, EXIT_UNKNOWN, "exit reason 4294967295,"},
	};

	decode(cases[_i].kvm);
	ck_assert_int_eq(decoded.reason, cases[_i].reason);
	ck_assert_msg(strstr(text, cases[_i].words) != NULL, "'%s' is not in: %s", cases[_i].words, text);
}
END_TEST

START_TEST(entry_failure)
{
	page.run.fail_entry.hardware_entry_failure_reason = 0x80000021;
	decode(KVM_EXIT_FAIL_ENTRY);
	ck_assert_uint_eq(decoded.hardware, 0x80000021);
	ck_assert_ptr_nonnull(strstr(text, "0x80000021"));
}
END_TEST

START_TEST(system_events)
{
	page.run.system_event.type = KVM_SYSTEM_EVENT_RESET;
	decode(KVM_EXIT_SYSTEM_EVENT);
	ck_assert_ptr_nonnull(strstr(text, "reset"));
	page.run.system_event.type = KVM_SYSTEM_EVENT_SHUTDOWN;
	decode(KVM_EXIT_SYSTEM_EVENT);
	ck_assert_ptr_nonnull(strstr(text, "shutdown"));
	page.run.system_event.type = 77;
	decode(KVM_EXIT_SYSTEM_EVENT);
	ck_assert_ptr_nonnull(strstr(text, "77"));
}
END_TEST

/* data[0]: flags, then a byte of length, then the instruction */
static void emulation_failure(uint32_t count, uint64_t flags, uint8_t length)
{
	static const uint8_t code[] = {0x0f, 0x01, 0xca, 0x11, 0x22, 0x33, 0x44, 0x55,
				       0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc};
	uint8_t *bytes = (uint8_t *)&page.run.internal.data[1];

	page.run.internal.suberror = KVM_INTERNAL_ERROR_EMULATION;
	page.run.internal.ndata = count;
	page.run.internal.data[0] = flags;
	bytes[0] = length;
	memcpy(bytes + 1, code, sizeof(code));
	decode(KVM_EXIT_INTERNAL_ERROR);
}

START_TEST(not_emulated)
{
	emulation_failure(4, 1, 3);
	ck_assert_uint_eq(decoded.instruction_size, 3);
	ck_assert_ptr_nonnull(strstr(text, "could not emulate"));
	ck_assert_ptr_nonnull(strstr(text, " 0f 01 ca"));
	ck_assert_ptr_null(strstr(text, "ca 11"));
	emulation_failure(4, 1, 15);
	ck_assert_ptr_nonnull(strstr(text, "bb cc"));
	emulation_failure(4, 1, 255); /* no instruction is that long */
	ck_assert_uint_le(decoded.instruction_size, INSTRUCTION_MAX);
	emulation_failure(4, 0, 3);
	ck_assert_ptr_nonnull(strstr(text, "does not tell"));
	emulation_failure(0, 1, 3);
	ck_assert_ptr_nonnull(strstr(text, "does not tell"));
	emulation_failure(1, 1, 3);
	ck_assert_uint_eq(decoded.instruction_size, 0);
}
END_TEST

START_TEST(other_internal_errors)
{
	static const char *const words[] = {"two exceptions", "could not deliver", "suberror 4", "suberror 99"};
	static const uint32_t errors[] = {KVM_INTERNAL_ERROR_SIMUL_EX, KVM_INTERNAL_ERROR_DELIVERY_EV,
					  KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON, 99};

	page.run.internal.suberror = errors[_i];
	page.run.internal.ndata = UINT32_MAX;
	decode(KVM_EXIT_INTERNAL_ERROR);
	ck_assert_msg(strstr(text, words[_i]) != NULL, "'%s' is not in: %s", words[_i], text);
}
END_TEST

Suite *vm_exit_suite(void)
{
	Suite *suite = suite_create("vm_exit");
	TCase *decoding = tcase_create("decoding");

	tcase_add_checked_fixture(decoding, setup, NULL);
	tcase_add_test(decoding, port);
	tcase_add_loop_test(decoding, port_data_outside, 0, 12);
	tcase_add_test(decoding, memory);
	tcase_add_loop_test(decoding, reasons, 0, 11);
	tcase_add_test(decoding, entry_failure);
	tcase_add_test(decoding, system_events);
	tcase_add_test(decoding, not_emulated);
	tcase_add_loop_test(decoding, other_internal_errors, 0, 4);
	suite_add_tcase(suite, decoding);
	return suite;
}
