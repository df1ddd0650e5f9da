/* SPDX-License-Identifier: MIT */
/*
 * test_text.c: the text report: columns that stay where they are, indentation, errno names, and ASCII whatever comes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "report/names.h"
#include "report/text_line.h"
#include "suites.h"

#define COLUMN_EVENT 26
#define COLUMN_AT    98

/* The last line of what the event alone gives, without the newline; to be freed. */
static char *last_line(struct event *event)
{
	char *text = report_one("text", event), *line, *copy;

	text[strlen(text) - 1] = '\0';
	line = strrchr(text, '\n');
	copy = strdup(line ? line + 1 : text);
	free(text);
	return copy;
}

static void check_last_line(struct event *event, const char *expected)
{
	char *line = last_line(event);

	ck_assert_str_eq(line, expected);
	free(line);
}

static void check_contains(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in\n%s", part, text);
}

static struct event make_write(void)
{
	struct event event = make_syscall(1, "write");

	event.transition.arg_count = 3;
	event.transition.args[0] = 1;
	event.transition.args[1] = 0x402000;
	event.transition.args[2] = 14;
	return event;
}

START_TEST(syscall_and_its_return)
{
	struct event entry = make_write(), back;

	check_last_line(
		&entry,
		"      51.200    1  3 > 0  syscall    write(1, 0x402000, 14)                                       "
		"main+0x10");
	entry.seq = 0;
	back = make_return(CAUSE_SYSRET, &entry, 8850);
	back.transition.has_result = true;
	back.transition.result = 14;
	back.transition.exits_inside = 1;
	check_last_line(
		&back,
		"      51.200    1  3 < 0  sysret     write = 14                                      8.8us     1  "
		"main+0x10");
}
END_TEST

/* As strace prints it: at the return the result, and of the arguments what is new */
START_TEST(decoded_call)
{
	struct event entry = make_syscall(0, "read"), back;
	struct event_call call = {.count = 3, .args = {"3", "0x402000", "100"}, .result = ""};

	entry.transition.call = &call;
	check_last_line(
		&entry,
		"      51.200    1  3 > 0  syscall    read(3, 0x402000, 100)                                       "
		"main+0x10");
	back = make_return(CAUSE_SYSRET, &entry, 8850);
	back.tid = 2;
	call.args[1] = call.output[1] = "\"hi\\n\"";
	call.result = "3";
	back.transition.call = &call;
	back.transition.has_result = true;
	back.transition.result = 3;
	check_last_line(
		&back,
		"      51.200  1/2  3 < 0  sysret     read = 3, \"hi\\n\"                                8.8us     0  "
		"main+0x10");
}
END_TEST

START_TEST(titles_stand_above_their_columns)
{
	struct event entry = make_write(), back;
	struct report report;
	char *text, *titles, *row;

	report_open(&report, "text", &show_all);
	stream_emit(report.stream, &entry);
	back = make_return(CAUSE_SYSRET, &entry, 8850);
	stream_emit(report.stream, &back);
	text = report_close(&report);
	titles = text + 1;
	row = strchr(strchr(titles, '\n') + 1, '\n') + 1;
	ck_assert_int_eq(text[0], '\n');
	ck_assert_int_eq(strstr(titles, "EVENT") - titles, COLUMN_EVENT);
	ck_assert_int_eq(strstr(row, "sysret") - row, COLUMN_EVENT);
	ck_assert_int_eq(strstr(titles, "RING") - titles, strstr(row, "3 < 0") - row);
	ck_assert_int_eq(strstr(titles, "INSIDE") + 6 - titles, strstr(row, "8.8us") + 5 - row);
	ck_assert_int_eq(strstr(titles, "AT\n") - titles, strstr(row, "main+0x10") - row);
	ck_assert_ptr_null(strstr(row, "EVENT")); /* the titles come once */
	free(text);
}
END_TEST

START_TEST(nesting_indents)
{
	static const struct {
		unsigned depth, indent;
	} cases[] = {{0, 0}, {1, 2}, {2, 4}, {16, 32}, {17, 32}, {4000000000, 32}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct event entry = make_write(), back, exit = {.type = EVENT_EXIT, .exit = {.reason = EXIT_HLT}};
		char *line;

		entry.transition.depth = exit.exit.depth = cases[i].depth;
		back = make_return(CAUSE_SYSRET, &entry, 1);
		line = last_line(&entry);
		ck_assert_int_eq(strstr(line, "syscall") - line, COLUMN_EVENT + cases[i].indent);
		free(line);
		line = last_line(&back);
		ck_assert_int_eq(strstr(line, "sysret") - line, COLUMN_EVENT + cases[i].indent);
		free(line);
		line = last_line(&exit);
		ck_assert_int_eq(strstr(line, "exit hlt") - line, COLUMN_EVENT + cases[i].indent);
		free(line);
	}
}
END_TEST

START_TEST(faults)
{
	struct event event = make_entry(CAUSE_EXCEPTION, "#PF");

	event.transition.has_vector = event.transition.has_error = event.transition.has_cr2 = true;
	event.transition.vector = 14;
	event.transition.error = 5;
	event.transition.cr2 = 0x402000;
	strcpy(event.transition.why, "user read of a supervisor page");
	check_last_line(
		&event,
		"      51.200    1  3 > 0  #PF(0x5)   0x402000: user read of a supervisor page                     "
		"main+0x10");
	strcpy(event.transition.why, "user read of 0x402000, a supervisor page"); /* the address is not said twice */
	check_last_line(
		&event,
		"      51.200    1  3 > 0  #PF(0x5)   user read of 0x402000, a supervisor page                     "
		"main+0x10");
	event.transition.has_cr2 = false;
	event.transition.name = "#GP";
	event.transition.error = 0;
	strcpy(event.transition.why, "cli with IOPL 0");
	event.transition.symbol[0] = '\0'; /* no symbol: the address */
	check_last_line(
		&event,
		"      51.200    1  3 > 0  #GP(0)     cli with IOPL 0                                              "
		"0x401010");
}
END_TEST

/* A long explanation pushes the place to the right; it never runs into it. */
START_TEST(long_lines)
{
	struct event event = make_entry(CAUSE_EXCEPTION, "#UD");
	char *line;

	memset(event.transition.why, 'w', sizeof(event.transition.why) - 1);
	line = last_line(&event);
	check_contains(line, "www  main+0x10");
	free(line);
}
END_TEST

START_TEST(other_entries)
{
	struct event event = make_entry(CAUSE_INTERRUPT, "timer");
	char *line;

	event.transition.has_vector = true;
	event.transition.vector = 0x20;
	line = last_line(&event);
	check_contains(line, "3 > 0  interrupt  vector 0x20, timer  ");
	free(line);
	event = make_write();
	event.transition.cause = CAUSE_INT;
	event.transition.has_vector = true;
	event.transition.vector = 0x80;
	event.transition.quirk = "int-is-ud";
	line = last_line(&event);
	check_contains(line, "3 > 0  int 0x80   write(1, 0x402000, 14) [quirk of this host: int-is-ud]  ");
	free(line);
	event = make_syscall(0x3e7, NULL);
	event.transition.arg_count = 2;
	event.transition.args[0] = UINT64_MAX;
	event.transition.args[1] = 0x8000000000000000;
	event.pid = 0;
	line = last_line(&event);
	check_contains(line, "    -  3 > 0  syscall    syscall_0x3e7(-1, 0x8000000000000000)  ");
	free(line);
}
END_TEST

static void check_result(int64_t result, const char *expected)
{
	struct event entry = make_write(), back = make_return(CAUSE_SYSRET, &entry, 1);
	char *line;

	back.transition.has_result = true;
	back.transition.result = result;
	line = last_line(&back);
	check_contains(line, expected);
	free(line);
}

START_TEST(results)
{
	check_result(0, "write = 0  ");
	check_result(65535, "write = 65535  ");
	check_result(0x7ffff7ff0000, "write = 0x7ffff7ff0000  ");
	check_result(-14, "write = -14 EFAULT (Bad address)  ");
	check_result(-1, "write = -1 EPERM (Operation not permitted)  ");
	check_result(-4095, "write = -4095  "); /* an error without a name */
	check_result(-4097, "write = 0xffffffffffffefff  ");
	check_result(INT64_MIN, "write = 0x8000000000000000  ");
}
END_TEST

START_TEST(return_without_entry)
{
	struct event entry = make_write(), back = make_return(CAUSE_IRET, &entry, 1);
	char *line;

	back.transition.has_entry = false;
	line = last_line(&back);
	check_contains(line, "3 < 0  iret       into ring 3  ");
	ck_assert_ptr_null(strstr(line, "us  "));
	free(line);
}
END_TEST

START_TEST(exits)
{
	struct event event = {.type = EVENT_EXIT, .ns = 1000, .pid = 1};
	char *line;

	event.exit = (struct event_exit){
		.reason = EXIT_IO, .write = true, .address = 0xe9, .size = 1, .count = 14, .device = "console"};
	line = last_line(&event);
	check_contains(line, "       1.000    1  0 > H  exit io    out 0xe9, 1 byte x 14, console  ");
	free(line);
	event.exit = (struct event_exit){.reason = EXIT_IO, .address = 0x60, .size = 2, .count = 1};
	line = last_line(&event);
	check_contains(line, "exit io    in 0x60, 2 bytes, nobody answers  ");
	free(line);
	event.exit = (struct event_exit){
		.reason = EXIT_IO, .call = "console_write", .args = {1, 0x402000, 14}, .result = -14};
	line = last_line(&event);
	check_contains(line, "exit io    console_write(1, 0x402000, 14) = -14 EFAULT (Bad address)  ");
	free(line);
	event.exit = (struct event_exit){.reason = EXIT_INTERNAL_ERROR, .detail = "bytes 0f 01 ca"};
	line = last_line(&event);
	check_contains(line, "exit internal-error bytes 0f 01 ca  ");
	free(line);
}
END_TEST

START_TEST(processes)
{
	struct event event = {.type = EVENT_PROCESS,
			      .process = {.event = PROCESS_START, .pid = 2, .parent = 1, .name = "tour"}};

	check_last_line(&event, "       0.000    2         +++ process 2 starts, child of 1: tour +++");
	event.process.event = PROCESS_EXEC;
	check_last_line(&event, "       0.000    2         +++ process 2 runs a new program: tour +++");
	event.process.event = PROCESS_EXIT;
	event.process.status = 3 << 8;
	check_last_line(&event, "       0.000    2         +++ exited with 3 (tour) +++");
	event.process.status = 11;
	check_last_line(&event, "       0.000    2         +++ killed by SIGSEGV (tour) +++");
	event.process.status = 0x40;
	check_last_line(&event, "       0.000    2         +++ killed by signal 64 (tour) +++");
	event.process.event = PROCESS_REAPED;
	check_last_line(&event, "       0.000    2         +++ reaped by 1 +++");
}
END_TEST

START_TEST(frame)
{
	static const char *const quirks[] = {"syscall-faults"}, *const doubts[] = {"first", "second"};
	struct event start = {
		.type = EVENT_START,
		.start = {.version = "0.1.0",
			  .host = "pvm",
			  .quirks = quirks,
			  .quirk_count = 1,
			  .image = "guest.elf",
			  .method = "trap",
			  .trace = "all",
			  .protections = "wp nx",
			  .memory = 64 << 20,
			  .cpus = 1},
	};
	struct event end = {
		.type = EVENT_END,
		.end = {.status = 139,
			.reason = "signal",
			.message = "vmm: killed",
			.verdict = "incomplete",
			.doubts = doubts,
			.doubt_count = 2,
			.lost = 1},
	};
	struct render_options quiet = show_all;
	struct report report;
	char *text = report_one("text", &start);

	check_contains(text, "vmm 0.1.0: guest.elf, a complete guest\n");
	check_contains(text, "host: KVM pvm, quirk: syscall-faults\n");
	check_contains(text, "guest: 64 MiB, 1 CPU; protections wp nx\n");
	check_contains(text, "method: trap; trace all\n");
	free(text);
	text = report_one("text", &end);
	check_contains(text, "end: status 139, signal: vmm: killed\n"
			     "verdict: incomplete: 0 transitions (0 entries, 0 returns), 1 lost\n"
			     "  doubt: first\n  doubt: second\n");
	free(text);
	quiet.frame = false;
	quiet.summary = true;
	report_open(&report, "text", &quiet);
	stream_emit(report.stream, &start);
	stream_emit(report.stream, &end);
	text = report_close(&report);
	check_contains(text, "verdict: incomplete"); /* never left out: numbers must not look better than they are */
	free(text);
	end.end.verdict = "complete";
	report_open(&report, "text", &quiet);
	stream_emit(report.stream, &start);
	stream_emit(report.stream, &end);
	text = report_close(&report);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

START_TEST(layout)
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
		 .name = "tour .text"},
		{.start = 0x7fffff6ff000, .end = 0x7fffff7ff000, .guard = true},
		{.start = 0xfffffffffffff000,
		 .end = 0,
		 .readable = true,
		 .writable = true,
		 .executable = true,
		 .page = 4096,
		 .phys = 0xf000,
		 .name = "odd"},
	};
	struct event event = {
		.type = EVENT_ADDRESS_SPACE,
		.address_space = {.when = "start",
				  .pid = 1,
				  .cr3 = 0x8000,
				  .name = "tour",
				  .regions = regions,
				  .region_count = 3,
				  .user_bytes = 8192,
				  .user_pages = 2,
				  .kernel_bytes = 4096,
				  .kernel_pages = 1,
				  .user_half = UINT64_C(1) << 47,
				  .hole = -(UINT64_C(1) << 48),
				  .kernel_half = UINT64_C(1) << 47,
				  .table_pages = 4,
				  .kernel_half_shared = true,
				  .kernel_tables = 4,
				  .compared_with = 2,
				  .wx_pages = 1},
	};
	char *text = report_one("text", &event);

	ck_assert_str_eq(
		text,
		"\nAddress space of process 1 (tour), CR3 0x8000, at the start\n"
		"START            END                       SIZE  RING3 RING0   PAGE  FRAMES       NAME              PAGES\n"
		"0000000000000000-0000800000000000       128 TiB  USER HALF: 8 KiB mapped, 2 pages, 4 page tables of its own\n"
		"0000000000400000-0000000000402000         8 KiB  r-x   r--    4 KiB  210000       tour .text        "
		"2 shared with 2,3; 1 copy-on-write\n"
		"00007fffff6ff000-00007fffff7ff000         1 MiB  ---   ---                        guard\n"
		"0000800000000000-ffff800000000000  16776960 TiB  HOLE: no address in it is canonical\n"
		"ffff800000000000-2^64                   128 TiB  KERNEL HALF: 4 KiB mapped, 1 page\n"
		"fffffffffffff000-2^64                     4 KiB  ---   rwx    4 KiB  f000...      odd               "
		"writable AND executable\n"
		"  kernel half: 4 top-level entries, the same tables in all 3 address spaces (checked)\n"
		"  W^X: 1 page is both writable and executable\n");
	free(text);
	event.address_space.kernel_half_shared = false;
	event.address_space.wx_pages = 0;
	event.address_space.problems = 1;
	text = report_one("text", &event);
	check_contains(text, "NOT the same in all 3 address spaces\n");
	check_contains(text, "W^X: no page is both writable and executable\n");
	check_contains(text, "page tables: 1 entry outside RAM or with reserved bits, not followed\n");
	free(text);
	event.address_space.compared_with = 0;
	text = report_one("text", &event);
	check_contains(text, "no other address space to compare with\n");
	ck_assert_ptr_null(strstr(text, "checked"));
	free(text);
}
END_TEST

/* A hundred processes that share a page do not make a line of a hundred numbers. */
START_TEST(many_sharers)
{
	static const uint32_t with[100] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct event_region region = {
		.start = 0x1000, .end = 0x2000, .ring = 3, .shared_frames = 1, .shared_with = with};
	struct event event = {
		.type = EVENT_ADDRESS_SPACE,
		.address_space = {.when = "end", .regions = &region, .region_count = 1},
	};
	char *text;

	region.shared_with_count = 100;
	text = report_one("text", &event);
	check_contains(text, "  1 shared with 1,2,3,4,5,6,7,8 and 92 more\n");
	free(text);
	region.shared_with_count = 8;
	text = report_one("text", &event);
	check_contains(text, "  1 shared with 1,2,3,4,5,6,7,8\n");
	free(text);
}
END_TEST

START_TEST(summary)
{
	struct event entry = make_write(), back;
	struct report report;
	char *text;

	report_open(&report, "text", &show_all);
	for (int i = 0; i < 4; i++) {
		stream_emit(report.stream, &entry);
		back = make_return(CAUSE_SYSRET, &entry, i == 0 ? 1000 : 4000);
		back.transition.has_result = true;
		back.transition.result = i == 0 ? -14 : 14;
		back.transition.exits_inside = 1;
		back.transition.faults_inside = 2;
		stream_emit(report.stream, &back);
	}
	stream_count_exit(report.stream, EXIT_IO, true);
	stream_count_exit(report.stream, EXIT_IO, false);
	stream_count_exit(report.stream, EXIT_HLT, false);
	stream_emit_summary(report.stream, 123456);
	text = report_close(&report);
	check_contains(text,
		       "Summary: 8 transitions (4 entries, 4 returns) in 123.4us\n"
		       "% time     seconds  usecs/call     calls    errors    faults     intrs     exits syscall\n"
		       "------ ----------- ----------- --------- --------- --------- --------- --------- "
		       "----------------\n"
		       "100.00    0.000013           3         4         1         8                   4 write\n"
		       "------ ----------- ----------- --------- --------- --------- --------- --------- "
		       "----------------\n"
		       "100.00    0.000013           3         4         1         8                   4 total\n"
		       "\n"
		       "    COUNT  ERRORS      TOTAL/us     MEAN/us      MIN/us      MAX/us    EXITS  CAUSE\n"
		       "        4                                                                     sysret\n"
		       "VM exits: 3: 1 to observe, 2 the guest's own (io 1, hlt 1)\n");
	free(text);
}
END_TEST

/* Bytes that could move the cursor, colour the terminal or fake a line come out as \xNN. */
START_TEST(hostile_names)
{
	for (int byte = 1; byte < 256; byte++) {
		struct event entry = make_write(), note = {.type = EVENT_NOTE};
		char *text, expected[16];

		memset(entry.transition.symbol, byte, sizeof(entry.transition.symbol)); /* without a NUL, too */
		memset(note.note, byte, sizeof(note.note));
		text = report_one("text", &entry);
		for (const char *at = text; *at; at++)
			if (*at != '\n' && (*at < 0x20 || *at >= 0x7f))
				ck_abort_msg("byte 0x%02x got through", (unsigned)byte);
		free(text);
		text = report_one("text", &note);
		snprintf(expected, sizeof(expected), byte >= 0x20 && byte < 0x7f ? "note: %c" : "note: \\x%02x",
			 (unsigned)byte);
		check_contains(text, expected);
		free(text);
	}
}
END_TEST

/* The same report with and without colour, once the colours are taken out again */
START_TEST(color_changes_nothing_else)
{
	struct render_options options = show_all;
	char *plain, *color, *from, *to;
	struct report report;

	for (int pass = 0; pass < 2; pass++) {
		struct event entry = make_write(), fault = make_entry(CAUSE_EXCEPTION, "#UD"), back;
		struct event exit = {.type = EVENT_EXIT},
			     end = {.type = EVENT_END, .end = {.verdict = "complete", .reason = "exit"}};

		options.color = pass == 1;
		report_open(&report, "text", &options);
		stream_emit(report.stream, &entry);
		stream_emit(report.stream, &fault);
		stream_emit(report.stream, &exit);
		back = make_return(CAUSE_SYSRET, &entry, 1);
		back.transition.has_result = true;
		back.transition.result = -14;
		stream_emit(report.stream, &back);
		stream_emit_summary(report.stream, 1);
		stream_emit(report.stream, &end);
		if (pass == 0)
			plain = report_close(&report);
		else
			color = report_close(&report);
	}
	ck_assert_ptr_null(strchr(plain, '\033'));
	ck_assert_ptr_nonnull(strchr(color, '\033'));
	for (from = to = color; *from;) {
		if (*from == '\033')
			from = strchr(from, 'm') + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	ck_assert_str_eq(color, plain);
	free(plain);
	free(color);
}
END_TEST

START_TEST(extremes)
{
	struct event event;
	char *text;

	for (int is_return = 0; is_return < 2; is_return++) {
		memset(&event, 0xff, sizeof(event));
		event.type = EVENT_TRANSITION;
		event.transition.cause = CAUSE_INT;
		event.transition.is_return = is_return;
		event.transition.first = event.transition.handler = false;
		event.transition.has_vector = event.transition.has_error = event.transition.has_cr2 =
			event.transition.has_number = true;
		event.transition.has_entry = event.transition.has_result = true;
		event.transition.entry_cause = CAUSE_INT;
		event.transition.name = event.transition.quirk = event.transition.entry_name = NULL;
		event.transition.call = NULL;
		event.transition.symbol[0] = event.transition.why[0] = '\0';
		text = report_one("text", &event);
		check_contains(text, "18446744073709551.615 4294967295 4294967295");
		check_contains(text, is_return
					     ? "18446744073.7s 18446744073709551615  0xffffffffffffffff"
					     : "syscall_0xffffffffffffffff(-1, -1, -1, -1, -1, -1)0xffffffffffffffff");
		free(text);
	}
}
END_TEST

START_TEST(units)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} durations[] = {
		{0, "0.0us"},         {999, "0.9us"},           {8850, "8.8us"},        {9999999, "9999.9us"},
		{10000000, "10.0ms"}, {9999999999, "9999.9ms"}, {10000000000, "10.0s"}, {UINT64_MAX, "18446744073.7s"}};
	static const struct {
		uint64_t bytes;
		const char *text;
	} sizes[] = {{0, "0 bytes"},
		     {1, "1 bytes"},
		     {4096, "4 KiB"},
		     {UINT64_C(3) << 19, "1536 KiB"},
		     {UINT64_C(1) << 47, "128 TiB"},
		     {-(UINT64_C(1) << 48), "16776960 TiB"},
		     {UINT64_C(1) << 60, "1048576 TiB"},
		     {UINT64_MAX, "18446744073709551615 bytes"}};
	struct text_unit unit;

	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		ck_assert_str_eq(unit_duration(&unit, durations[i].ns), durations[i].text);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		ck_assert_str_eq(unit_bytes(&unit, sizes[i].bytes), sizes[i].text);
	ck_assert_str_eq(unit_microseconds(&unit, UINT64_MAX), "18446744073709551.615");
}
END_TEST

START_TEST(errno_names)
{
	ck_assert_str_eq(errno_name(-1), "EPERM");
	ck_assert_str_eq(errno_name(-14), "EFAULT");
	ck_assert_str_eq(errno_name(-133), "EHWPOISON");
	ck_assert_ptr_null(errno_name(0));
	ck_assert_ptr_null(errno_name(14));
	ck_assert_ptr_null(errno_name(-41)); /* a hole in the list */
	ck_assert_ptr_null(errno_name(-134));
	ck_assert_ptr_null(errno_name(INT64_MIN));
	ck_assert_ptr_null(errno_name(INT64_MAX));
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 32) /* an independent list */
	for (int number = 1; number < 140; number++) {
		if (strerrorname_np(number))
			ck_assert_str_eq(errno_name(-number), strerrorname_np(number));
		else
			ck_assert_ptr_null(errno_name(-number));
		if (strerrordesc_np(number))
			ck_assert_str_eq(errno_text(-number), strerrordesc_np(number));
	}
#endif
#endif
	ck_assert_str_eq(signal_name(11), "SIGSEGV");
	ck_assert_ptr_null(signal_name(0));
	ck_assert_ptr_null(signal_name(32));
}
END_TEST

Suite *text_suite(void)
{
	Suite *suite = suite_create("text");
	TCase *lines = tcase_create("lines"), *parts = tcase_create("parts"), *robust = tcase_create("robust");

	tcase_add_test(lines, syscall_and_its_return);
	tcase_add_test(lines, decoded_call);
	tcase_add_test(lines, titles_stand_above_their_columns);
	tcase_add_test(lines, nesting_indents);
	tcase_add_test(lines, faults);
	tcase_add_test(lines, long_lines);
	tcase_add_test(lines, other_entries);
	tcase_add_test(lines, results);
	tcase_add_test(lines, return_without_entry);
	tcase_add_test(lines, exits);
	tcase_add_test(lines, processes);
	suite_add_tcase(suite, lines);
	tcase_add_test(parts, frame);
	tcase_add_test(parts, layout);
	tcase_add_test(parts, many_sharers);
	tcase_add_test(parts, summary);
	suite_add_tcase(suite, parts);
	tcase_add_test(robust, hostile_names);
	tcase_add_test(robust, color_changes_nothing_else);
	tcase_add_test(robust, extremes);
	tcase_add_test(robust, units);
	tcase_add_test(robust, errno_names);
	suite_add_tcase(suite, robust);
	return suite;
}
