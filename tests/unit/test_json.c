/* SPDX-License-Identifier: MIT */
/*
 * test_json.c: the JSON Lines renderer: exact lines, and valid JSON whatever the guest puts into names and registers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_valid.h"
#include "report.h"
#include "suites.h"

static void check_line(struct event *event, const char *expected)
{
	char *text = report_one("json", event);

	ck_assert_str_eq(text, expected);
	ck_assert(json_lines_valid(text));
	free(text);
}

static void check_contains(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no %s in %s", part, text);
}

/* Does the checker that the other tests trust tell good from bad? */
START_TEST(checker)
{
	static const char *const good[] = {"{}", "[1,-2,0]", "{\"a\":[true,false,null,\"\\u00e9\\n\xc3\xa9\"]}",
					   "\"\xf0\x9f\x98\x80\""};
	static const char *const bad[] = {
		"",
		"{",
		"{\"a\"}",
		"{\"a\":1,}",
		"[1,]",
		"01",
		"-",
		"\"\x01\"",
		"\"\\x\"",
		"\"\\u12g4\"",
		"\"\xff\"",
		"\"\xc0\x80\"",
		"\"\xed\xa0\x80\"",
		"\"\xf4\x90\x80\x80\"",
		"\"\xe2\x82\"",
		"\"a",
		"{}{}",
		"{\"a\":1 \"b\":2}",
		"tru",
		"{a:1}",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(json_valid(good[i], strlen(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!json_valid(bad[i], strlen(bad[i])), "%s", bad[i]);
	ck_assert(!json_lines_valid("{}\n[]\n"));
	ck_assert(!json_lines_valid("{}\n{}"));
}
END_TEST

START_TEST(start_line)
{
	static const char *const quirks[] = {"syscall-faults", "int-is-ud"};
	struct event event = {
		.type = EVENT_START,
		.start = {.version = "0.1.0",
			  .host = "pvm",
			  .quirks = quirks,
			  .quirk_count = 2,
			  .image = "guest.elf",
			  .method = "trap",
			  .trace = "all",
			  .protections = "wp nx",
			  .memory = 64 << 20,
			  .cpus = 1},
	};

	check_line(
		&event,
		"{\"type\":\"start\",\"seq\":0,\"ns\":0,\"version\":1,\"vmm\":\"0.1.0\",\"host\":{\"kvm\":\"pvm\","
		"\"quirks\":[\"syscall-faults\",\"int-is-ud\"]},\"image\":\"guest.elf\",\"method\":\"trap\",\"trace\":\"all\","
		"\"protections\":\"wp nx\",\"memory\":67108864,\"cpus\":1}\n");
	event.start.kernel = "built-in";
	event.start.quirk_count = 0;
	event.start.trace = event.start.protections = NULL;
	check_line(&event,
		   "{\"type\":\"start\",\"seq\":0,\"ns\":0,\"version\":1,\"vmm\":\"0.1.0\",\"host\":{\"kvm\":\"pvm\","
		   "\"quirks\":[]},\"image\":\"guest.elf\",\"kernel\":\"built-in\",\"method\":\"trap\","
		   "\"memory\":67108864,\"cpus\":1}\n");
}
END_TEST

START_TEST(syscall_entry_line)
{
	struct event event = make_syscall(1, "write");

	event.transition.arg_count = 3;
	event.transition.args[0] = 1;
	event.transition.args[1] = 0x402000;
	event.transition.args[2] = 14;
	check_line(
		&event,
		"{\"type\":\"transition\",\"seq\":0,\"ns\":51200,\"tsc\":133120,\"cpu\":0,\"pid\":1,\"from\":3,\"to\":0,"
		"\"cause\":\"syscall\",\"rip\":\"0x401010\",\"target\":\"0xffffffff80001000\",\"rsp\":\"0x7ffffffde000\","
		"\"cr3\":\"0x8000\",\"rflags\":\"0x246\",\"number\":1,\"name\":\"write\",\"args\":[\"0x1\",\"0x402000\",\"0xe\"],"
		"\"symbol\":\"main+0x10\",\"target_symbol\":\"entry\",\"depth\":0}\n");
}
END_TEST

START_TEST(fault_line)
{
	struct event event = make_entry(CAUSE_EXCEPTION, "#PF");

	event.transition.has_vector = event.transition.has_error = event.transition.has_cr2 = true;
	event.transition.vector = 14;
	event.transition.error = 5;
	event.transition.cr2 = 0xffff800000000000;
	event.transition.depth = 2;
	event.transition.quirk = "syscall-faults";
	strcpy(event.transition.why, "user read of a supervisor page: PML4E.U=0 at index 256");
	event.transition.symbol[0] = event.transition.target_symbol[0] = '\0';
	check_line(
		&event,
		"{\"type\":\"transition\",\"seq\":0,\"ns\":51200,\"tsc\":133120,\"cpu\":0,\"pid\":1,\"from\":3,\"to\":0,"
		"\"cause\":\"exception\",\"rip\":\"0x401010\",\"target\":\"0xffffffff80001000\",\"rsp\":\"0x7ffffffde000\","
		"\"cr3\":\"0x8000\",\"rflags\":\"0x246\",\"vector\":14,\"name\":\"#PF\",\"error\":\"0x5\","
		"\"cr2\":\"0xffff800000000000\",\"why\":\"user read of a supervisor page: PML4E.U=0 at index 256\","
		"\"depth\":2,\"quirk\":\"syscall-faults\"}\n");
}
END_TEST

START_TEST(return_line)
{
	struct event entry = make_syscall(1, "write"), event;

	entry.seq = 7;
	event = make_return(CAUSE_SYSRET, &entry, 1900);
	event.transition.has_result = true;
	event.transition.result = -14;
	event.transition.exits_inside = 1;
	check_line(
		&event,
		"{\"type\":\"transition\",\"seq\":0,\"ns\":51200,\"tsc\":133120,\"cpu\":0,\"pid\":1,\"from\":0,\"to\":3,"
		"\"cause\":\"sysret\",\"rip\":\"0x401010\",\"target\":\"0xffffffff80001000\",\"rsp\":\"0x7ffffffde000\","
		"\"cr3\":\"0x8000\",\"rflags\":\"0x246\",\"result\":-14,\"error\":\"EFAULT\",\"entry\":7,\"entry_cause\":\"syscall\","
		"\"entry_name\":\"write\",\"ns_inside\":1900,\"exits_inside\":1,\"symbol\":\"main+0x10\","
		"\"target_symbol\":\"entry\",\"depth\":0}\n");
}
END_TEST

/* A return whose entry was not seen claims nothing about it. */
START_TEST(return_without_entry)
{
	struct event entry = make_syscall(1, "write"), event = make_return(CAUSE_IRET, &entry, 5);
	char *text;

	event.transition.has_entry = false;
	text = report_one("json", &event);
	ck_assert(json_lines_valid(text));
	ck_assert_ptr_null(strstr(text, "\"entry\":"));
	ck_assert_ptr_null(strstr(text, "\"entry_"));
	ck_assert_ptr_null(strstr(text, "inside"));
	ck_assert_ptr_null(strstr(text, "result"));
	free(text);
}
END_TEST

START_TEST(exit_lines)
{
	struct event event = {.type = EVENT_EXIT, .ns = 9, .pid = 1};

	event.exit = (struct event_exit){.reason = EXIT_IO,
					 .write = true,
					 .address = 0xe9,
					 .size = 1,
					 .count = 14,
					 .device = "console",
					 .rip = 0xffffffff80000010,
					 .symbol = "putc+0x2",
					 .depth = 1};
	check_line(
		&event,
		"{\"type\":\"exit\",\"seq\":0,\"ns\":9,\"tsc\":0,\"cpu\":0,\"pid\":1,\"reason\":\"io\",\"direction\":\"out\","
		"\"port\":\"0xe9\",\"size\":1,\"count\":14,\"device\":\"console\",\"from\":0,\"rip\":\"0xffffffff80000010\","
		"\"symbol\":\"putc+0x2\",\"depth\":1}\n");
	event.exit = (struct event_exit){.reason = EXIT_IO,
					 .address = 0xe00,
					 .size = 4,
					 .count = 1,
					 .call = "console_write",
					 .args = {1, 2, 3},
					 .result = -14};
	check_line(
		&event,
		"{\"type\":\"exit\",\"seq\":0,\"ns\":9,\"tsc\":0,\"cpu\":0,\"pid\":1,\"reason\":\"io\",\"direction\":\"in\","
		"\"port\":\"0xe00\",\"size\":4,\"count\":1,\"call\":\"console_write\",\"args\":[\"0x1\",\"0x2\",\"0x3\"],"
		"\"result\":-14,\"from\":0,\"rip\":\"0x0\",\"depth\":0}\n");
	event.exit = (struct event_exit){.reason = EXIT_MMIO, .address = 0xd0000000, .size = 8, .count = 1};
	check_line(
		&event,
		"{\"type\":\"exit\",\"seq\":0,\"ns\":9,\"tsc\":0,\"cpu\":0,\"pid\":1,\"reason\":\"mmio\",\"direction\":\"read\","
		"\"address\":\"0xd0000000\",\"size\":8,\"count\":1,\"from\":0,\"rip\":\"0x0\",\"depth\":0}\n");
	event.exit = (struct event_exit){.reason = EXIT_INTERNAL_ERROR, .detail = "bytes 0f 01 ca"};
	check_line(&event,
		   "{\"type\":\"exit\",\"seq\":0,\"ns\":9,\"tsc\":0,\"cpu\":0,\"pid\":1,\"reason\":\"internal-error\","
		   "\"from\":0,\"rip\":\"0x0\",\"depth\":0,\"detail\":\"bytes 0f 01 ca\"}\n");
}
END_TEST

START_TEST(process_lines)
{
	struct event event = {.type = EVENT_PROCESS,
			      .process = {.event = PROCESS_START, .pid = 2, .parent = 1, .cr3 = 0x9000, .name = "sh"}};

	check_line(
		&event,
		"{\"type\":\"process\",\"seq\":0,\"ns\":0,\"cpu\":0,\"pid\":2,\"parent\":1,\"event\":\"start\",\"name\":\"sh\","
		"\"cr3\":\"0x9000\"}\n");
	event.process.event = PROCESS_EXIT;
	event.process.status = 0x0300;
	check_line(
		&event,
		"{\"type\":\"process\",\"seq\":0,\"ns\":0,\"cpu\":0,\"pid\":2,\"parent\":1,\"event\":\"exit\",\"name\":\"sh\","
		"\"cr3\":\"0x9000\",\"status\":768,\"exit_status\":3}\n");
	event.process.event = PROCESS_REAPED;
	event.process.status = 11;
	check_line(
		&event,
		"{\"type\":\"process\",\"seq\":0,\"ns\":0,\"cpu\":0,\"pid\":2,\"parent\":1,\"event\":\"reaped\",\"name\":\"sh\","
		"\"cr3\":\"0x9000\",\"status\":11,\"signal\":11}\n");
}
END_TEST

START_TEST(address_space_line)
{
	static const uint32_t with[] = {2, 3};
	static const struct event_region regions[] = {
		{.start = 0x400000,
		 .end = 0x402000,
		 .ring = 3,
		 .readable = true,
		 .executable = true,
		 .kernel_readable = true,
		 .page = 4096,
		 .contiguous = true,
		 .phys = 0x210000,
		 .shared_frames = 2,
		 .shared_with = with,
		 .shared_with_count = 2,
		 .cow_pages = 1,
		 .name = ".text"},
		{.start = 0xfffffffffffff000, .guard = true},
	};
	struct event event = {
		.type = EVENT_ADDRESS_SPACE,
		.address_space = {.when = "end",
				  .pid = 1,
				  .parent = 4,
				  .cr3 = 0x8000,
				  .name = "tour",
				  .regions = regions,
				  .region_count = 2,
				  .user_bytes = 1,
				  .kernel_bytes = 2,
				  .user_pages = 3,
				  .kernel_pages = 4,
				  .user_half = 5,
				  .hole = 6,
				  .kernel_half = 7,
				  .table_pages = 8,
				  .kernel_half_shared = true,
				  .kernel_tables = 9,
				  .compared_with = 10,
				  .wx_pages = 11,
				  .problems = 12},
	};

	check_line(
		&event,
		"{\"type\":\"address_space\",\"seq\":0,\"ns\":0,\"when\":\"end\",\"pid\":1,\"parent\":4,\"name\":\"tour\",\"cr3\":\"0x8000\","
		"\"regions\":[{\"start\":\"0x400000\",\"end\":\"0x402000\",\"ring\":3,\"rights\":\"r-x\",\"kernel_rights\":\"r--\","
		"\"guard\":false,\"page\":4096,\"phys\":\"0x210000\",\"contiguous\":true,\"shared_frames\":2,\"cow_pages\":1,"
		"\"shared_with\":[2,3],\"name\":\".text\"},{\"start\":\"0xfffffffffffff000\",\"end\":\"0x10000000000000000\","
		"\"ring\":0,\"rights\":\"---\",\"kernel_rights\":\"---\",\"guard\":true}],\"totals\":{\"user_bytes\":1,"
		"\"kernel_bytes\":2,\"user_pages\":3,\"kernel_pages\":4,\"user_half\":5,\"hole\":6,\"kernel_half\":7,"
		"\"table_pages\":8,\"kernel_half_shared\":true,\"kernel_tables\":9,\"compared_with\":10,\"wx_pages\":11,"
		"\"problems\":12}}\n");
}
END_TEST

START_TEST(end_line)
{
	static const char *const doubts[] = {"one", "two"};
	struct event event = {
		.type = EVENT_END,
		.end = {.status = 124,
			.reason = "timeout",
			.message = "5 s",
			.verdict = "incomplete",
			.doubts = doubts,
			.doubt_count = 2,
			.lost = 3},
	};

	check_line(&event,
		   "{\"type\":\"end\",\"seq\":0,\"ns\":0,\"status\":124,\"reason\":\"timeout\",\"message\":\"5 s\","
		   "\"verdict\":\"incomplete\",\"doubts\":[\"one\",\"two\"],\"lost\":3,\"transitions\":0,\"entries\":0,"
		   "\"returns\":0}\n");
}
END_TEST

START_TEST(note_line)
{
	struct event event = {.type = EVENT_NOTE, .ns = 1, .pid = 3, .note = "port 0x1234: \"nobody\""};

	check_line(
		&event,
		"{\"type\":\"note\",\"seq\":0,\"ns\":1,\"cpu\":0,\"pid\":3,\"text\":\"port 0x1234: \\\"nobody\\\"\"}\n");
}
END_TEST

/* Every byte alone, between letters, and at the end of a full array without a NUL */
START_TEST(every_byte)
{
	struct event event = {.type = EVENT_NOTE};

	for (int byte = 1; byte < 256; byte++) {
		char expected[80], *text;

		memset(event.note, 'x', sizeof(event.note));
		snprintf(event.note, 8, "a%cb", byte);
		text = report_one("json", &event);
		ck_assert_msg(json_lines_valid(text), "byte 0x%02x: %s", (unsigned)byte, text);
		if (byte == '"' || byte == '\\')
			snprintf(expected, sizeof(expected), "\"text\":\"a\\%cb\"}\n", byte);
		else if (byte < 0x20 || byte >= 0x7f)
			snprintf(expected, sizeof(expected), "\"text\":\"a\\u00%02xb\"}\n", (unsigned)byte);
		else
			snprintf(expected, sizeof(expected), "\"text\":\"a%cb\"}\n", byte);
		check_contains(text, expected);
		free(text);
		memset(event.note, byte, sizeof(event.note));
		text = report_one("json", &event);
		ck_assert_msg(json_lines_valid(text), "array of byte 0x%02x: %s", (unsigned)byte, text);
		free(text);
	}
}
END_TEST

/* Every pair of bytes: all the ways in which UTF-8 can be cut or malformed start with two of them. */
START_TEST(every_pair_of_bytes)
{
	struct event event = {.type = EVENT_NOTE};
	struct report report;
	char *text;

	report_open(&report, "json", &show_all);
	for (int first = 0x80; first < 256; first++) {
		for (int second = 1; second < 256; second++) {
			snprintf(event.note, sizeof(event.note), "%c%c", first, second);
			stream_emit(report.stream, &event);
			snprintf(event.note, sizeof(event.note), "%c%c\x80\x80", first, second);
			stream_emit(report.stream, &event);
			snprintf(event.note, sizeof(event.note), "%c%c\xbf", first, second);
			stream_emit(report.stream, &event);
		}
	}
	text = report_close(&report);
	ck_assert(json_lines_valid(text));
	free(text);
}
END_TEST

START_TEST(utf8_stays)
{
	struct event event = {.type = EVENT_NOTE, .note = "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"};
	char *text = report_one("json", &event);

	check_contains(text, "\"text\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
	free(text);
	/* overlong, surrogate, above U+10FFFF, cut short */
	strcpy(event.note, "\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82");
	text = report_one("json", &event);
	check_contains(text,
		       "\"text\":\"\\u00c0\\u00af\\u00ed\\u00a0\\u0080\\u00f4\\u0090\\u0080\\u0080\\u00e2\\u0082\"");
	free(text);
}
END_TEST

/* A character that the end of an array cuts in two, with its other half lying behind the array */
START_TEST(cut_character)
{
	struct event event = make_entry(CAUSE_EXCEPTION, "#UD");
	char *text;

	memset(event.transition.symbol, 's', sizeof(event.transition.symbol));
	event.transition.symbol[sizeof(event.transition.symbol) - 1] = '\xc3';
	event.transition.target_symbol[0] = '\xa9';
	text = report_one("json", &event);
	check_contains(text, "sss\\u00c3\",\"target_symbol\":\"\\u00a9ntry\"");
	free(text);
}
END_TEST

/* A name much longer than the line buffer and the writer's comes out whole. */
START_TEST(huge_string)
{
	const size_t length = 1000003;
	char *name = malloc(length + 1), *text;
	struct event event = {.type = EVENT_START,
			      .start = {.version = "0", .host = "vt-x", .image = name, .method = "trap"}};

	for (size_t i = 0; i < length; i++)
		name[i] = "ab\n\xff"[i % 4];
	name[length] = '\0';
	text = report_one("json", &event);
	ck_assert(json_lines_valid(text));
	ck_assert_uint_gt(strlen(text),
			  length / 2 + length / 4 * 12); /* two letters and two escapes of six bytes in four */
	check_contains(text, "ab\\u000a\\u00ffab");
	check_contains(text, "\\u00ffab\\u000a\",\"method\"");
	free(text);
	free(name);
}
END_TEST

START_TEST(extremes)
{
	struct event event;
	char *text;

	memset(&event, 0xff, sizeof(event)); /* every flag set, every number at its end */
	event.type = EVENT_TRANSITION;
	event.transition.cause = CAUSE_INT;
	event.transition.first = true;
	event.transition.is_return = false;
	event.transition.has_vector = event.transition.has_error = event.transition.has_cr2 =
		event.transition.has_number = true;
	event.transition.name = event.transition.quirk = NULL;
	event.transition.call = NULL;
	event.transition.walk.levels = EVENT_WALK_LEVELS;
	text = report_one("json", &event);
	ck_assert(json_lines_valid(text));
	check_contains(text, "{\"entry\":\"PTE\",\"index\":4294967295,\"value\":\"0xffffffffffffffff\"}]");
	check_contains(
		text, "\"ns\":18446744073709551615,\"tsc\":18446744073709551615,\"cpu\":4294967295,\"pid\":4294967295");
	check_contains(text, "\"rip\":\"0xffffffffffffffff\"");
	check_contains(text, "\"error\":\"0xffffffff\"");
	check_contains(text, "\"number\":18446744073709551615");
	check_contains(
		text,
		"\"args\":[\"0xffffffffffffffff\",\"0xffffffffffffffff\",\"0xffffffffffffffff\","
		"\"0xffffffffffffffff\",\"0xffffffffffffffff\",\"0xffffffffffffffff\"]"); /* never more than six */
	free(text);
	event.transition.is_return = event.transition.has_entry = event.transition.has_result =
		event.transition.handler = true;
	event.transition.entry_cause = (enum cause)99;
	event.transition.entry_name = NULL;
	event.transition.result = INT64_MIN;
	text = report_one("json", &event);
	ck_assert(json_lines_valid(text));
	check_contains(text, "\"result\":-9223372036854775808");
	check_contains(text, "\"entry_cause\":\"unknown\"");
	free(text);
}
END_TEST

/* Hexadecimal of every length, and zero */
START_TEST(hexadecimal)
{
	for (int bits = 0; bits <= 64; bits++) {
		struct event event = make_entry(CAUSE_NMI, NULL);
		char expected[40], *text;

		event.transition.rip = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
		snprintf(expected, sizeof(expected), "\"rip\":\"0x%llx\",", (unsigned long long)event.transition.rip);
		text = report_one("json", &event);
		check_contains(text, expected);
		free(text);
	}
}
END_TEST

Suite *json_suite(void)
{
	Suite *suite = suite_create("json");
	TCase *lines = tcase_create("lines"), *robust = tcase_create("robust");

	tcase_add_test(lines, checker);
	tcase_add_test(lines, start_line);
	tcase_add_test(lines, syscall_entry_line);
	tcase_add_test(lines, fault_line);
	tcase_add_test(lines, return_line);
	tcase_add_test(lines, return_without_entry);
	tcase_add_test(lines, exit_lines);
	tcase_add_test(lines, process_lines);
	tcase_add_test(lines, address_space_line);
	tcase_add_test(lines, end_line);
	tcase_add_test(lines, note_line);
	suite_add_tcase(suite, lines);
	tcase_add_test(robust, every_byte);
	tcase_add_test(robust, every_pair_of_bytes);
	tcase_add_test(robust, utf8_stays);
	tcase_add_test(robust, cut_character);
	tcase_add_test(robust, huge_string);
	tcase_add_test(robust, extremes);
	tcase_add_test(robust, hexadecimal);
	tcase_set_timeout(robust, 60);
	suite_add_tcase(suite, robust);
	return suite;
}
