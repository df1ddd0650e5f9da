/* SPDX-License-Identifier: MIT */
/*
 * test_replay.c: does a recorded trace give back what was recorded? The same events go into a renderer, and into JSON
 * Lines that are then replayed into that renderer: both must be the same bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "suites.h"
#include "view/replay.h"

/* Shows where two texts differ, which are too long to be shown whole. */
static void check_same(const char *left, const char *right)
{
	size_t same = 0, from;

	while (left[same] != '\0' && left[same] == right[same])
		same++;
	from = same < 60 ? 0 : same - 60;
	ck_assert_msg(left[same] == right[same], "at byte %zu:\n%.120s\n%.120s", same, left + from, right + from);
}

static const struct replay_options everything = {.layout = REPLAY_ALL};

static int memory_file(const char *text)
{
	int fd = memfd_create("trace", 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* What a trace looks like in a format; to be freed. */
static char *replayed(const char *lines, const char *format, const struct replay_options *options,
		      enum replay_result expected, struct vmm_error *error)
{
	int fd = memory_file(lines), output = memfd_create("output", 0);
	struct writer *writer = writer_open(output, false);
	struct trace trace;
	struct event event;
	char *text;
	off_t length;

	ck_assert(trace_open(&trace, fd, "t.jsonl", error));
	ck_assert_msg(trace_next(&trace, &event, error) == TRACE_EVENT, "%s", error->text);
	ck_assert_int_eq(replay_trace(&trace, &event, renderer_find(format), writer, options, error), expected);
	trace_close(&trace);
	close(fd);
	ck_assert_int_eq(writer_close(writer), 0);
	length = lseek(output, 0, SEEK_END);
	text = calloc(1, (size_t)length + 1);
	ck_assert_int_eq(pread(output, text, (size_t)length, 0), length);
	close(output);
	return text;
}

static const char *const quirks[] = {"syscall-faults", "int-is-ud"};
static const char *const doubts[] = {"one thing \"quoted\"", "another \xff thing"};
static const uint32_t sharers[] = {2, 3, 4294967295};

static struct event_start a_start(void)
{
	return (struct event_start){.version = "0.1.0",
				    .host = "pvm",
				    .quirks = quirks,
				    .quirk_count = 2,
				    .image = "dir/\xc3\xa9\xe9\"\\ image",
				    .kernel = "built-in",
				    .method = "trap",
				    .trace = "all",
				    .protections = "wp nx",
				    .memory = 64 << 20,
				    .cpus = 2};
}

static uint64_t emit(struct report *report, struct event event)
{
	return stream_emit(report->stream, &event);
}

/* Calls with all that decoding knows: the second returns more than was known at its entry */
static void emit_calls(struct report *report)
{
	struct event_call known = {.count = 3, .args = {"3", "0x402000", "\"a\\0\\\"\""}, .result = ""};
	struct event_call whole = {.count = 3,
				   .args = {"3", "\"text\"", "[3] => [8]"},
				   .output = {NULL, "\"text\"", "[8]"},
				   .result = "-1 ENOENT (No such file or directory)"};
	struct event_call gone = {.count = 1, .args = {"0"}, .result = "?"};
	struct event entry = make_syscall(UINT64_MAX, NULL), back;

	entry.tid = 7;
	entry.cpu = 1;
	entry.transition.arg_count = 6;
	entry.transition.args[5] = UINT64_MAX;
	entry.seq = emit(report, entry);
	back = make_return(CAUSE_SYSRET, &entry, 8800);
	back.transition.has_result = true;
	back.transition.result = INT64_MIN;
	back.transition.faults_inside = 2;
	emit(report, back);
	entry = make_syscall(0, "read");
	entry.transition.call = &known;
	entry.transition.quirk = "syscall-faults";
	entry.seq = emit(report, entry);
	back = make_return(CAUSE_IRET, &entry, 12345678901);
	back.transition.frame = 0xffffc90000003fd8;
	back.transition.cs = 0x33;
	back.transition.has_result = back.transition.handler = true;
	back.transition.result = -2;
	back.transition.call = &whole;
	back.transition.signal = 11;
	strcpy(back.transition.siginfo, "{si_signo=SIGSEGV}");
	back.transition.exits_inside = 3;
	emit(report, back);
	entry = make_syscall(231, "exit_group");
	entry.transition.call = &gone;
	emit(report, entry);
}

static void emit_faults(struct report *report)
{
	struct event fault = make_entry(CAUSE_EXCEPTION, "#PF"), other = make_entry(CAUSE_INTERRUPT, NULL);
	struct event first = make_entry(CAUSE_SYSRET, NULL);

	fault.transition.has_vector = fault.transition.has_error = fault.transition.has_cr2 = true;
	fault.transition.vector = 14;
	fault.transition.error = 5;
	fault.transition.cr2 = 0xffff800000000000;
	strcpy(fault.transition.why, "user read of a supervisor page: PML4E.U=0 at index 256");
	fault.transition.walk.levels = 2;
	fault.transition.walk.entries[0].index = 256;
	fault.transition.walk.entries[1].value = UINT64_MAX;
	emit(report, fault);
	other.transition.has_vector = true;
	other.transition.vector = 32;
	other.transition.depth = 1;
	other.transition.symbol[0] = '\0';
	strcpy(other.transition.target_symbol, "na\x01me\xe9");
	emit(report, other);
	first.transition.is_return = first.transition.first = true;
	first.transition.from = 0;
	first.transition.to = 3;
	first.transition.rax = 0x1234567890;
	emit(report, first);
}

static void emit_others(struct report *report)
{
	struct event exit = {.type = EVENT_EXIT, .cpu = 1, .pid = 2, .tid = 3, .exit = {.reason = EXIT_IO}};
	struct event process = {.type = EVENT_PROCESS, .cpu = 1, .pid = 2, .tid = 3};
	struct event note = {.type = EVENT_NOTE, .cpu = 1, .pid = 2, .tid = 9, .note = "port 0x1: \"x\""};

	exit.exit.write = true;
	exit.exit.address = 0xe00;
	exit.exit.size = 4;
	exit.exit.count = 2;
	emit(report, exit);
	exit.exit.device = "hypercall";
	exit.exit.call = "file";
	exit.exit.args[2] = UINT64_MAX;
	exit.exit.result = -66;
	exit.exit.has_entry = true;
	exit.exit.entry = 5; /* the exit_group */
	emit(report, exit);
	exit.exit =
		(struct event_exit){.reason = EXIT_MMIO, .address = UINT64_MAX, .rip = 1, .depth = 3, .detail = "so"};
	emit(report, exit);
	for (unsigned i = 0; i <= PROCESS_THREAD_EXIT; i++) {
		process.process =
			(struct event_process){.event = i, .pid = 2, .parent = 1, .status = 0x8b, .name = "sh"};
		emit(report, process);
	}
	emit(report, note);
}

static void emit_space(struct report *report, const char *when)
{
	struct event event = {.type = EVENT_ADDRESS_SPACE};
	struct event_region regions[] = {
		{.start = 0x1000, .end = 0x2000, .ring = 3, .page = 4096, .guard = true, .name = "null guard"},
		{.start = 0x400000,
		 .end = 0x402000,
		 .ring = 3,
		 .readable = true,
		 .executable = true,
		 .kernel_readable = true,
		 .page = 4096,
		 .phys = 0x210000,
		 .shared_frames = 2,
		 .shared_with = sharers,
		 .shared_with_count = 3,
		 .cow_pages = 1,
		 .name = "\xc3\xa9 .text"},
		{.start = 0xffffffffffe00000,
		 .writable = true,
		 .executable = true,
		 .page = 2 << 20,
		 .contiguous = true},
	};

	event.address_space = (struct event_address_space){
		.when = when,
		.pid = 2,
		.parent = 1,
		.cr3 = 0x9000,
		.name = "sh",
		.regions = regions,
		.region_count = 3,
		.user_half = 1ull << 47,
		.hole = 18446462598732840960ull,
		.kernel_half = 1ull << 47,
		.kernel_half_shared = true,
		.kernel_tables = 4,
		.compared_with = 2,
		.wx_pages = 1,
		.problems = 7,
	};
	emit(report, event);
}

/* A run with something of everything */
static char *recorded(const char *format, const struct render_options *options)
{
	static const struct event_missing_call missing[] = {
		{.number = 435, .name = "clone3", .count = 2, .rip = 0x401000, .symbol = "main"},
		{.number = UINT64_MAX, .i386 = true, .count = 1}};
	struct event start = {.type = EVENT_START, .start = a_start()}, end = {.type = EVENT_END, .ns = 99};
	struct report report;

	report_open(&report, format, options);
	emit(&report, start);
	emit_calls(&report);
	emit_space(&report, "start");
	emit_faults(&report);
	emit_others(&report);
	emit_space(&report, "switch");
	emit_space(&report, "end");
	stream_count_exit(report.stream, EXIT_IO, false);
	stream_count_exit(report.stream, EXIT_IO, false);
	stream_count_exit(report.stream, EXIT_MMIO, false);
	stream_count_exit(report.stream, EXIT_IO, true);
	stream_emit_summary(report.stream, 98);
	end.end = (struct event_end){.status = 139,
				     .reason = "signal",
				     .message = "killed by \"SIGSEGV\" \xff",
				     .verdict = "incomplete",
				     .doubts = doubts,
				     .doubt_count = 2,
				     .missing = missing,
				     .missing_count = 2,
				     .lost = 3};
	emit(&report, end);
	return report_close(&report);
}

/* For each renderer that there is */
START_TEST(same_as_recorded)
{
	static const struct render_options shown[] = {
		{.events = true, .layout = true, .summary = true, .frame = true},
		{.events = true, .layout = true, .frame = true},
		{.events = true, .layout = true, .summary = true, .frame = true, .color = true},
	};
	struct replay_options options = everything;
	const struct renderer *renderer = &renderers[_i];
	struct vmm_error error;

	for (unsigned i = 0; i < 3; i++) {
		char *lines, *direct, *again;

		/* A format that always has a summary counts it then, and cannot know the exits to observe. */
		if (renderer->summary && !shown[i].summary)
			continue;
		lines = recorded("json", &shown[i]);
		direct = recorded(renderer->name, &shown[i]);
		options.color = shown[i].color;
		again = replayed(lines, renderer->name, &options, REPLAY_DONE, &error);
		check_same(direct, again);
		free(lines);
		free(direct);
		free(again);
	}
}
END_TEST

/* As a run with -q -c shows it */
START_TEST(same_when_quiet)
{
	static const struct render_options shown = {.summary = true};
	static const struct replay_options options = {.quiet = true, .summary = true};
	struct vmm_error error;
	char *lines = recorded("json", &show_all), *direct = recorded("text", &shown);
	char *again = replayed(lines, "text", &options, REPLAY_DONE, &error);

	check_same(direct, again);
	free(lines);
	free(direct);
	free(again);
}
END_TEST

/* A trace without one is counted: the same numbers as the run's own, but for the exits to observe */
START_TEST(summary_is_counted)
{
	static const struct render_options events = {.events = true, .layout = true, .frame = true};
	struct replay_options options = {.summary = true, .layout = REPLAY_ALL};
	struct vmm_error error;
	char *lines = recorded("json", &events), *with = recorded("json", &show_all), *again, *rows, *ours;

	again = replayed(lines, "json", &options, REPLAY_DONE, &error);
	ck_assert_ptr_null(strstr(lines, "\"summary\""));
	rows = strstr(with, "\"rows\"");
	ours = strstr(again, "\"rows\"");
	ck_assert_ptr_nonnull(ours);
	ck_assert_int_eq(strncmp(rows, ours, strcspn(rows, "\n")), 0);
	ck_assert_ptr_nonnull(strstr(again, "\"exits\":{\"guest\":3,\"by_reason\":{\"io\":2,\"mmio\":1}}"));
	free(lines);
	free(with);
	/* and what was written is a trace in turn, which agrees with itself */
	lines = again;
	again = replayed(lines, "json", &options, REPLAY_DONE, &error);
	check_same(lines, again);
	free(lines);
	free(again);
}
END_TEST

/* Lines that are left out leave no gaps, and `entry` moves with its line. */
START_TEST(numbered_anew)
{
	static const char *const kept[] = {"\"when\":\"start\"", "\"when\":\"switch\"", "\"when\":\"end\""};
	struct replay_options options = {.layout = 1u << _i};
	struct vmm_error error;
	char *lines = recorded("json", &show_all), *some = replayed(lines, "json", &options, REPLAY_DONE, &error);
	char *again = replayed(some, "json", &everything, REPLAY_DONE, &error);

	check_same(some, again);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(strstr(some, kept[i]) != NULL, i == _i);
	free(lines);
	free(some);
	free(again);
}
END_TEST

/* Types of a later version are left out. */
START_TEST(unknown_lines)
{
	struct vmm_error error;
	char *lines = recorded("json", &show_all), *more = calloc(1, strlen(lines) + 500), *again;
	const char *second = strchr(lines, '\n') + 1;
	unsigned seq = 1;

	memcpy(more, lines, (size_t)(second - lines));
	strcat(more, "{\"type\":\"new\",\"seq\":1,\"deep\":[[[{\"x\":null}]]]}\n{\"type\":\"newer\",\"seq\":2}\n");
	for (const char *line = second; *line != '\0'; line = strchr(line, '\n') + 1) {
		const char *rest = strchr(strstr(line, "\"seq\":"), ',');
		const char *entry = strstr(line, "\"entry\":");
		size_t used = strlen(more);

		more = realloc(more, used + strlen(lines) + 500);
		used += (size_t)sprintf(more + used, "{\"seq\":%u,\"new\":1.5e3,%.*s", 2 + seq++,
					(int)(strstr(line, ",\"seq\"") - line - 1), line + 1);
		if (entry != NULL && entry < strchr(line, '\n') && entry[8] != '"')
			used += (size_t)sprintf(more + used, "%.*s\"entry\":%d", (int)(entry - rest), rest,
						atoi(entry + 8) + 2),
				rest = entry + 8 + strspn(entry + 8, "0123456789");
		sprintf(more + used, "%.*s", (int)(strchr(line, '\n') + 1 - rest), rest);
	}
	again = replayed(more, "json", &everything, REPLAY_DONE, &error);
	check_same(lines, again);
	free(lines);
	free(more);
	free(again);
}
END_TEST

/* What is there is shown, and how it ends is said in the report and in the error. */
START_TEST(cut_off)
{
	struct vmm_error error;
	char *lines = recorded("json", &show_all), *text, *again;
	size_t whole = strlen(lines), first = strcspn(lines, "\n") + 1;

	for (size_t length = first; length < whole - 1; length += 17) {
		char *part = strndup(lines, length);

		again = replayed(part, "json", &everything, REPLAY_DOUBTFUL, &error);
		ck_assert_ptr_nonnull(strstr(error.text, "the trace is cut off"));
		ck_assert_ptr_nonnull(strstr(again, "\"reason\":\"cut-off\""));
		ck_assert_ptr_nonnull(strstr(again, "\"verdict\":\"incomplete\""));
		text = replayed(again, "json", &everything, REPLAY_DONE, &error);
		check_same(again, text);
		free(text);
		free(again);
		free(part);
	}
	free(lines);
}
END_TEST

/* One number in the summary or the end that is not true of the lines */
START_TEST(contradictions)
{
	static const struct {
		const char *from, *to, *line;
	} cases[] = {
		{"\"transitions\":8,\"entries\":5,\"returns\":3,\"exits\"",
		 "\"transitions\":9,\"entries\":5,\"returns\":3,\"exits\"",
		 "t.jsonl:23: 'transitions' says 9, but the lines before it give 8"},
		{"\"name\":\"read\",\"count\":1", "\"name\":\"read\",\"count\":7",
		 "t.jsonl:23: 'count' of read says 7, but the lines before it give 1"},
		{"\"by_reason\":{\"io\":2", "\"by_reason\":{\"io\":1",
		 "t.jsonl:23: 'by_reason' of io says 1, but the lines before it give 2"},
		{"\"lost\":3,\"transitions\":8,\"entries\":5", "\"lost\":3,\"transitions\":8,\"entries\":4",
		 "t.jsonl:24: 'entries' says 4, but the lines before it give 5"},
	};
	struct vmm_error error;
	char *lines = recorded("json", &show_all), *place = strstr(lines, cases[_i].from), *again;

	ck_assert_msg(place != NULL, "%s not in %s", cases[_i].from, lines);
	memcpy(place, cases[_i].to, strlen(cases[_i].to));
	again = replayed(lines, "json", &everything, REPLAY_DOUBTFUL, &error);
	check_same(lines, again);
	ck_assert_str_eq(error.text, cases[_i].line);
	free(lines);
	free(again);
}
END_TEST

Suite *replay_suite(void)
{
	Suite *suite = suite_create("replay");
	TCase *same = tcase_create("same"), *changed = tcase_create("changed");
	int formats = 0;

	while (renderers[formats].name != NULL)
		formats++;
	tcase_add_loop_test(same, same_as_recorded, 0, formats);
	tcase_add_test(same, same_when_quiet);
	tcase_add_test(same, summary_is_counted);
	tcase_add_loop_test(same, numbered_anew, 0, 3);
	tcase_add_test(same, unknown_lines);
	suite_add_tcase(suite, same);
	tcase_add_test(changed, cut_off);
	tcase_add_loop_test(changed, contradictions, 0, 4);
	suite_add_tcase(suite, changed);
	return suite;
}
