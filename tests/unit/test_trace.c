/* SPDX-License-Identifier: MIT */
/*
 * test_trace.c: what is said of files that are no traces, or were damaged, and what of JSON itself the reader bears.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suites.h"
#include "view/trace.h"

#define START                                                                                                           \
	"{\"type\":\"start\",\"seq\":0,\"ns\":0,\"version\":1,\"vmm\":\"0.1.0\",\"host\":{\"kvm\":\"pvm\",\"quirks\":[" \
	"]},\"image\":\"i\",\"method\":\"trap\",\"memory\":67108864,\"cpus\":1}\n"
#define PLACE     "\"tsc\":1,\"cpu\":0,\"pid\":1"
#define REGISTERS "\"rip\":\"0x1\",\"target\":\"0x2\",\"rsp\":\"0x3\",\"cr3\":\"0x4\",\"rflags\":\"0x5\",\"depth\":0"
#define ENTRY(seq)                                                 \
	"{\"type\":\"transition\",\"seq\":" seq ",\"ns\":1," PLACE \
	",\"from\":3,\"to\":0,\"cause\":\"syscall\"," REGISTERS "}\n"
#define CALL(more)                                                                                                   \
	"{\"type\":\"transition\",\"seq\":1,\"ns\":1," PLACE ",\"from\":3,\"to\":0,\"cause\":\"syscall\"," REGISTERS \
	",\"number\":1," more "}\n"
#define RETURN(seq, entry)                                                         \
	"{\"type\":\"transition\",\"seq\":" seq ",\"ns\":1," PLACE                 \
	",\"from\":0,\"to\":3,\"cause\":\"sysret\"," REGISTERS ",\"entry\":" entry \
	",\"entry_cause\":\"syscall\",\"ns_inside\":1,\"exits_inside\":0}\n"
#define EXIT(seq, entry)                                     \
	"{\"type\":\"exit\",\"seq\":" seq ",\"ns\":1," PLACE \
	",\"reason\":\"hlt\",\"from\":0,\"rip\":\"0x1\",\"depth\":0,\"entry\":" entry "}\n"
#define NOTE(seq, text) "{\"type\":\"note\",\"seq\":" seq ",\"ns\":1,\"pid\":1,\"text\":\"" text "\"}\n"
#define TOTALS                                                                                                            \
	"\"totals\":{\"user_bytes\":0,\"kernel_bytes\":0,\"user_pages\":0,\"kernel_pages\":0,\"user_half\":0,\"hole\":0," \
	"\"kernel_half\":0,\"table_pages\":0,\"kernel_half_shared\":true,\"kernel_tables\":0,\"compared_with\":0,"        \
	"\"wx_pages\":0,\"problems\":0}"
#define SPACE(seq, regions)                                                  \
	"{\"type\":\"address_space\",\"seq\":" seq                           \
	",\"ns\":1,\"when\":\"end\",\"pid\":1,\"parent\":0,\"cr3\":\"0x1\"," \
	"\"regions\":[" regions "]," TOTALS "}\n"
#define REGION(start, end)                        \
	"{\"start\":\"" start "\",\"end\":\"" end \
	"\",\"ring\":3,\"rights\":\"r--\",\"kernel_rights\":\"r--\",\"guard\":true}"
#define END(seq)                                                                                                    \
	"{\"type\":\"end\",\"seq\":" seq ",\"ns\":1,\"status\":0,\"reason\":\"exit\",\"message\":\"\",\"verdict\":" \
	"\"complete\",\"doubts\":[],\"lost\":0,\"transitions\":0,\"entries\":0,\"returns\":0}\n"

static int memory_file(const char *bytes, size_t length)
{
	int fd = memfd_create("trace", 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Reads to the end; the events before it must be good. */
static enum trace_result read_all(const char *bytes, size_t length, struct event *last, struct vmm_error *error)
{
	int fd = memory_file(bytes, length);
	enum trace_result result = TRACE_EVENT;
	struct trace trace;
	struct event event = {0};

	ck_assert(trace_open(&trace, fd, "t", error));
	while (result == TRACE_EVENT || result == TRACE_UNKNOWN) {
		if (last != NULL)
			*last = event;
		result = trace_next(&trace, &event, error);
	}
	trace_close(&trace);
	close(fd);
	return result;
}

static void check_refused(const char *text, enum trace_result expected, const char *line)
{
	struct vmm_error error;

	ck_assert_int_eq(read_all(text, strlen(text), NULL, &error), expected);
	ck_assert_msg(strncmp(error.text, line, strlen(line)) == 0, "%s, not %s", error.text, line);
}

/* Of a file as a whole */
START_TEST(not_traces)
{
	static const struct {
		const char *text, *line;
	} cases[] = {
		{"", "t:1: is empty"},
		{"\n", "t:1: not a trace: it does not begin with a JSON object"},
		{"hello", "t:1: not a trace: it does not begin with a JSON object"},
		{"[]\n", "t:1: not a trace: it does not begin with a JSON object"},
		{"\x1f\x8b\x08", "t:1: not a trace: it is compressed; try: zcat"},
		{"\x7f"
		 "ELF\x02",
		 "t:1: not a trace: it is an ELF file"},
		{"vmm 0.1.0: guest.elf\n", "t:1: not a trace: it is a report of the text format"},
		{"{", "t:1: the trace is cut off in this line"},
		{"{}\n", "t:1: line: 'type' is missing"},
		{"{\"type\":\"start\",\"seq\":0,\"ns\":0,\"version\":2}\n",
		 "t:1: start: 'version' is 2; this vmm reads version 1"},
		{NOTE("0", "x"), "t:1: a trace begins with the line of type start"},
		{START START, "t:2: 'seq' is 0, not 1: lines are missing, or in disorder"},
		{START NOTE("2", "x"), "t:2: 'seq' is 2, not 1"},
		{START END("1") NOTE("2", "x"), "t:3: there is a line behind the line of type end"},
		{START END("1") "\n", "t:3: there is a line behind the line of type end"},
		{START "\n", "t:2: the line is empty"},
	};

	check_refused(cases[_i].text, TRACE_BAD, cases[_i].line);
}
END_TEST
#define NOT_TRACES 16

/* Of a line behind a good start */
START_TEST(bad_lines)
{
	static const struct {
		const char *text, *line;
	} cases[] = {
		{"{\"type\":\"note\",\"seq\":1,\"ns\":1,\"pid\":1,\"text\":\"a\" \"b\"}\n", "t:2: not JSON: "},
		{"{} {}\n", "t:2: the line is not exactly one object"},
		{"[1]\n", "t:2: the line is not exactly one object"},
		{"{\"type\":\n", "t:2: not JSON: the line ends inside of a value"},
		{"{\"type\":\"note\",\"type\":\"note\"}\n", "t:2: an object has the same key twice"},
		{NOTE("1", "\xff"), "t:2: not JSON: "},
		{NOTE("1", "\xff\\u0080"), "t:2: not JSON: "},
		{NOTE("1", "\\u0000"), "t:2: note: 'text' has a NUL character"},
		{NOTE("-1", "x"), "t:2: line: 'seq' must be an integer from 0 to 18446744073709551615"},
		{NOTE("1.0", "x"), "t:2: line: 'seq' must be an integer"},
		{NOTE("18446744073709551616", "x"), "t:2: line: 'seq' must be an integer"},
		{NOTE("1e400", "x"), "t:2: line: 'seq' must be an integer"},
		{"{\"type\":3,\"seq\":1}\n", "t:2: line: 'type' must be a string"},
		{"{\"type\":\"note\",\"seq\":1,\"ns\":null,\"pid\":1,\"text\":\"\"}\n",
		 "t:2: note: 'ns' must be an integer"},
		{"{\"type\":\"note\",\"seq\":1,\"ns\":1,\"pid\":4294967296,\"text\":\"\"}\n",
		 "t:2: note: 'pid' must be an integer from 0 to 4294967295"},
		{"{\"type\":\"note\",\"seq\":1,\"ns\":1,\"pid\":1,\"cpu\":1,\"text\":\"\"}\n",
		 "t:2: 'cpu' is 1, but the guest has 1"},
		{RETURN("1", "1"), "t:2: transition: 'entry' is 1, and no earlier line"},
		{RETURN("1", "7"), "t:2: transition: 'entry' is 7, and no earlier line"},
		{RETURN("1", "0"), "t:2: transition: 'entry' is 0, and no earlier line"},
		{ENTRY("1") RETURN("2", "1") RETURN("3", "1"), "t:4: transition: 'entry' is 1, and no earlier line"},
		{ENTRY("1") EXIT("2", "1") EXIT("3", "2"), "t:4: exit: 'entry' is 2, and no earlier line"},
		{CALL("\"args\":[\"0x1\",\"0x1\",\"0x1\",\"0x1\",\"0x1\",\"0x1\",\"0x1\"]"),
		 "t:2: transition: 'args' has 7 values; at most 6"},
		{CALL("\"args\":[],\"decoded\":[\"\",\"\",\"\",\"\",\"\",\"\",\"\"]"),
		 "t:2: transition: 'decoded' has 7 values; at most 6"},
		{CALL("\"args\":[],\"walk\":[{},{},{},{},{}]"), "t:2: transition: 'walk' has 5 values; at most 4"},
		{CALL("\"args\":[],\"walk\":[{\"index\":512}]"), "t:2: walk: 'index' must be an integer from 0 to 511"},
		{CALL("\"args\":[[1]]"), "t:2: transition: 'args' must be a string of hexadecimal digits"},
		{CALL("\"args\":{}"), "t:2: transition: 'args' must be an array"},
		{CALL("\"args\":[],\"vector\":256"), "t:2: transition: 'vector' must be an integer from 0 to 255"},
		{SPACE("1", "1"), "t:2: address_space: 'region' must be an object"},
		{SPACE("1", "{}"), "t:2: region: 'start' is missing"},
		{SPACE("1", REGION("0x2", "0x2")), "t:2: region: 'end' must be above 'start'"},
		{SPACE("1", REGION("0x2", "0x4") "," REGION("0x3", "0x5")),
		 "t:2: region: 'start' must not be below the end of the region before it"},
		{SPACE("1", REGION("0x2", "0x10000000000000000") "," REGION("0x3", "0x5")),
		 "t:2: region: 'start' must not be below"},
		{SPACE("1", REGION("2", "3")), "t:2: region: 'start' must be a string of hexadecimal digits"},
		{SPACE("1", REGION("0x11112222333344445", "0x5")),
		 "t:2: region: 'start' must be a string of hexadecimal"},
	};
	char *text = malloc(strlen(START) + strlen(cases[_i].text) + 1);

	strcpy(text, START);
	strcat(text, cases[_i].text);
	check_refused(text, TRACE_BAD, cases[_i].line);
	free(text);
}
END_TEST
#define BAD_LINES 35

START_TEST(cut_off)
{
	check_refused(START, TRACE_CUT, "t:1: the trace is cut off behind this line");
	check_refused(START NOTE("1", "x") "{\"ty", TRACE_CUT, "t:3: the trace is cut off in this line, after 4 bytes");
	check_refused(START "{\"a\":{}", TRACE_CUT, "t:2: the trace is cut off in this line");
	check_refused(START "{\"type\":\"note\",\"seq\":9}", TRACE_BAD, "t:2: note: 'ns' is missing");
}
END_TEST

/* The newline of the last line alone may be missing: nothing else is. */
START_TEST(unended)
{
	struct vmm_error error;
	char text[] = START END("1");

	text[strlen(text) - 1] = '\0';
	ck_assert_int_eq(read_all(text, strlen(text), NULL, &error), TRACE_END);
}
END_TEST

/* An endless line of zeros is not read to its end. */
START_TEST(zeros)
{
	struct vmm_error error;
	static char text[] = START "{\"type\":\0\0\0";

	ck_assert_int_eq(read_all(text, sizeof(text) - 1, NULL, &error), TRACE_BAD);
	ck_assert_str_eq(error.text, "t:2: a NUL byte behind 8 bytes of the line: not a trace");
}
END_TEST

/* Numbers of 64 bits, escapes, bytes that are no UTF-8 */
START_TEST(values_survive)
{
	struct vmm_error error;
	struct event event;
	const char *text = START
		"{\"type\":\"transition\",\"seq\":1,\"ns\":18446744073709551615,\"tsc\":9007199254740993,\"cpu\":0,\"pid\":1,"
		"\"from\":3,\"to\":0,\"cause\":\"syscall\",\"number\":18446744073709551615,\"args\":[\"0xffffffffffffffff\"],"
		"\"symbol\":\"\xc3\xa9\\u00e9\\u00FF\\n\\u0041\\\\u00e9\\ud83d\\ude00\"," REGISTERS "}\n";

	ck_assert_int_eq(read_all(text, strlen(text), &event, &error), TRACE_CUT);
	ck_assert_uint_eq(event.ns, UINT64_MAX);
	ck_assert_uint_eq(event.tsc, 9007199254740993);
	ck_assert_uint_eq(event.transition.number, UINT64_MAX);
	ck_assert_uint_eq(event.transition.args[0], UINT64_MAX);
	ck_assert_str_eq(event.transition.symbol, "\xc3\xa9\xe9\xff\nA\\u00e9\xf0\x9f\x98\x80");
}
END_TEST

static char *repeated(const char *before, const char *part, size_t count, const char *after)
{
	size_t length = strlen(part), used = strlen(before);
	char *text = malloc(used + count * length + strlen(after) + 1);

	strcpy(text, before);
	for (size_t i = 0; i < count; i++, used += length)
		memcpy(text + used, part, length);
	strcpy(text + used, after);
	return text;
}

/* What costs memory or time without end */
START_TEST(too_much)
{
	static const struct {
		const char *before, *part, *after, *line;
		size_t count;
	} cases[] = {
		{START "{\"x\":", "[", "\n", "t:2: it is nested more than 32 deep", 100000},
		{START "{\"x\":", "{\"x\":", "\n", "t:2: it is nested more than 32 deep", 100000},
		{START "{\"x\":[0", ",0", "]}\n", "t:2: the line has more than 4194304 values", 5000000},
		{START NOTE("1", "x") "{\"x\":\"", "x", "\"}\n", "t:3: the line has more than 64 MiB", 65 << 20},
		{START SPACE("1",
			     REGION("0x1", "0x2")) "{\"type\":\"address_space\",\"seq\":2,\"ns\":1,\"when\":\"end\","
						   "\"pid\":1,\"parent\":0,\"cr3\":\"0x1\",\"regions\":[{}",
		 ",{}", "]}\n", "t:3: address_space: 'regions' has 100001 values; at most 100000", 100000},
		{START "{\"type\":\"note\",\"seq\":1,\"ns\":1,\"pid\":1,\"text\":\"", "x", "\"}\n",
		 "t:2: note: 'text' has 192 bytes; at most 191", 192},
		{START "{\"type\":\"note\",\"seq\":", "1", "}\n", "t:2: line: 'seq' must be an integer", 1 << 20},
	};
	char *text = repeated(cases[_i].before, cases[_i].part, cases[_i].count, cases[_i].after);

	check_refused(text, TRACE_BAD, cases[_i].line);
	free(text);
}
END_TEST
#define TOO_MUCH 7

START_TEST(too_many_keys)
{
	char *text = malloc(10000), *place = text + sprintf(text, "%s{\"type\":\"note\"", START);

	for (unsigned i = 0; i < 300; i++)
		place += sprintf(place, ",\"k%u\":1", i);
	strcpy(place, "}\n");
	check_refused(text, TRACE_BAD, "t:2: an object has more than 256 keys");
	free(text);
}
END_TEST

START_TEST(too_many_names)
{
	size_t room = 5000 * 400, used;
	char *text = malloc(room);
	struct vmm_error error;

	used = (size_t)sprintf(text, "%s", START);
	for (unsigned i = 1; i < 5000; i++)
		used += (size_t)sprintf(text + used,
					"{\"type\":\"transition\",\"seq\":%u,\"ns\":1," PLACE
					",\"from\":3,\"to\":0,\"cause\":\"syscall\"," REGISTERS ",\"name\":\"n%u\"}\n",
					i, i);
	ck_assert_int_eq(read_all(text, used, NULL, &error), TRACE_BAD);
	ck_assert_ptr_nonnull(strstr(error.text, ": transition: 'name' is too long a name, or one too many"));
	free(text);
}
END_TEST

/* Lines of all lengths around the size of what is read at once */
START_TEST(line_lengths)
{
	static const size_t lengths[] = {1, 262143, 262144, 262145, 524287, 524288, 524289, 1 << 20};
	size_t total = 0, count = sizeof(lengths) / sizeof(lengths[0]), length;
	char *bytes, *line;
	struct lines lines;
	int fd;

	for (size_t i = 0; i < count; i++)
		total += lengths[i] + 1;
	bytes = malloc(total);
	memset(bytes, 'x', total);
	total = 0;
	for (size_t i = 0; i < count; i++) {
		bytes[total] = (char)('a' + i);
		bytes[total += lengths[i]] = '\n';
		total++;
	}
	fd = memory_file(bytes, total);
	lines_open(&lines, fd);
	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(lines_next(&lines, &line, &length), LINES_LINE);
		ck_assert_uint_eq(length, lengths[i]);
		ck_assert_int_eq(line[0], (char)('a' + i));
		ck_assert_uint_eq(lines.number, i + 1);
	}
	ck_assert_int_eq(lines_next(&lines, &line, &length), LINES_END);
	lines_close(&lines);
	close(fd);
	free(bytes);
}
END_TEST

/* A long path leaves room for what is wrong with it. */
START_TEST(long_path)
{
	char path[4000];
	struct vmm_error error;
	struct trace trace;
	struct event event;
	int fd = memory_file("", 0);

	memset(path, 'p', sizeof(path));
	strcpy(path + sizeof(path) - 6, "/name");
	ck_assert(trace_open(&trace, fd, path, &error));
	ck_assert_int_eq(trace_next(&trace, &event, &error), TRACE_BAD);
	ck_assert_ptr_nonnull(strstr(error.text, "p/name:1: is empty; a trace is recorded by"));
	trace_close(&trace);
	close(fd);
}
END_TEST

Suite *trace_suite(void)
{
	Suite *suite = suite_create("trace");
	TCase *refused = tcase_create("refused"), *good = tcase_create("good"), *limits = tcase_create("limits");

	tcase_add_loop_test(refused, not_traces, 0, NOT_TRACES);
	tcase_add_loop_test(refused, bad_lines, 0, BAD_LINES);
	tcase_add_test(refused, cut_off);
	tcase_add_test(refused, zeros);
	suite_add_tcase(suite, refused);
	tcase_add_test(good, unended);
	tcase_add_test(good, values_survive);
	tcase_add_test(good, line_lengths);
	tcase_add_test(good, long_path);
	suite_add_tcase(suite, good);
	tcase_add_loop_test(limits, too_much, 0, TOO_MUCH);
	tcase_add_test(limits, too_many_keys);
	tcase_add_test(limits, too_many_names);
	suite_add_tcase(suite, limits);
	return suite;
}
