/* SPDX-License-Identifier: MIT */
/*
 * test_stream.c: numbering, what the options hide, and the arithmetic of the summary.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "report/summary.h"
#include "suites.h"

static const struct summary_row *find_row(const struct event_summary *result, enum cause cause, bool total,
					  uint64_t number)
{
	for (size_t i = 0; i < result->row_count; i++) {
		const struct summary_row *row = &result->rows[i];

		if (row->cause == cause && row->total == total && (total || row->number == number))
			return row;
	}
	return NULL;
}

static void count(struct summary *summary, struct event *event, uint64_t seq)
{
	event->seq = seq;
	summary_count(summary, event);
}

static void count_crossing(struct summary *summary, uint64_t seq, struct event entry, uint64_t ns, int64_t result)
{
	struct event back;

	count(summary, &entry, seq);
	back = make_return(CAUSE_SYSRET, &entry, ns);
	back.transition.has_result = true;
	back.transition.result = result;
	back.transition.exits_inside = 2;
	count(summary, &back, seq + 1);
}

START_TEST(formats)
{
	ck_assert_ptr_nonnull(renderer_find("text"));
	ck_assert_ptr_nonnull(renderer_find("json"));
	ck_assert_str_eq(renderer_find("json")->name, "json");
	ck_assert_ptr_nonnull(renderer_find("html"));
	ck_assert_ptr_null(renderer_find("jso"));
	ck_assert_ptr_null(renderer_find(""));
}
END_TEST

START_TEST(names)
{
	for (int i = 0; i < CAUSES; i++)
		ck_assert_str_ne(cause_name((enum cause)i), "unknown");
	for (int i = 0; i < EXIT_REASONS; i++)
		ck_assert_ptr_nonnull(exit_reason_name((enum exit_reason)i));
	ck_assert_str_eq(exit_reason_name(EXIT_INTERNAL_ERROR), "internal-error");
	ck_assert_str_eq(cause_name((enum cause) - 1), "unknown");
	ck_assert_str_eq(cause_name(CAUSES), "unknown");
	ck_assert_str_eq(exit_reason_name((enum exit_reason)99), "unknown");
	ck_assert_str_eq(process_event_name(PROCESS_REAPED), "reaped");
	ck_assert_str_eq(process_event_name((enum process_event)6), "unknown");
}
END_TEST

/* Emits one event of each type, several times; returns how many. */
static uint64_t emit_everything(struct stream *stream)
{
	uint64_t emitted = 0;

	for (int round = 0; round < 3; round++) {
		struct event start = {.type = EVENT_START,
				      .start = {.version = "0", .host = "pvm", .image = "i", .method = "trap"}};
		struct event entry = make_syscall(1, "write"), note = {.type = EVENT_NOTE, .note = "n"};
		struct event exit = {.type = EVENT_EXIT}, process = {.type = EVENT_PROCESS};
		struct event space = {.type = EVENT_ADDRESS_SPACE, .address_space = {.when = "end"}}, back;
		struct event end = {.type = EVENT_END, .end = {.reason = "exit", .verdict = "complete"}};

		stream_emit(stream, &start);
		stream_emit(stream, &entry);
		stream_emit(stream, &note);
		stream_emit(stream, &exit);
		back = make_return(CAUSE_SYSRET, &entry, 10);
		stream_emit(stream, &back);
		stream_emit(stream, &process);
		stream_emit(stream, &space);
		stream_emit_summary(stream, 5);
		ck_assert_uint_eq(stream_emit(stream, &end), end.seq);
		emitted += 9;
	}
	return emitted;
}

/* The numbers in the output are 0, 1, 2, ... whatever is hidden. Returns how many lines there are. */
static uint64_t check_numbers(const char *text)
{
	uint64_t expected = 0;

	while ((text = strstr(text, "\"seq\":"))) {
		text += strlen("\"seq\":");
		ck_assert_uint_eq(strtoull(text, NULL, 10), expected);
		expected++;
	}
	return expected;
}

START_TEST(numbers_without_gaps)
{
	static const uint64_t lines[] = {[0] = 6, [1] = 6 + 15, [2] = 6 + 3, [4] = 6 + 3, [7] = 27};

	for (unsigned shown = 0; shown < 8; shown++) {
		struct render_options options = {.events = shown & 1, .layout = shown & 2, .summary = shown & 4};
		struct report report;
		uint64_t emitted;
		char *text;

		report_open(&report, "json", &options);
		emitted = emit_everything(report.stream);
		text = report_close(&report);
		ck_assert_uint_eq(emitted, 27);
		if (lines[shown])
			ck_assert_uint_eq(check_numbers(text), lines[shown]);
		else
			check_numbers(text);
		free(text);
	}
}
END_TEST

/* -c -q: the transitions are hidden but counted, with their times. */
START_TEST(hidden_events_are_counted)
{
	struct render_options options = {.summary = true};
	struct report report;
	char *text;

	report_open(&report, "json", &options);
	emit_everything(report.stream);
	text = report_close(&report);
	ck_assert_ptr_nonnull(strstr(text, "\"transitions\":6,\"entries\":3,\"returns\":3,\"exits\""));
	ck_assert_ptr_nonnull(
		strstr(text, "\"number\":1,\"name\":\"write\",\"count\":3,\"errors\":0,\"finished\":3,\"ns\":30,"
			     "\"ns_min\":10,\"ns_max\":10,\"exits\":0,\"faults\":0,\"interrupts\":0}"));
	ck_assert_ptr_nonnull(strstr(text, "\"lost\":0,\"transitions\":6,\"entries\":3,\"returns\":3}"));
	free(text);
}
END_TEST

START_TEST(summary_arithmetic)
{
	struct summary *summary = summary_open();
	struct event_summary result;
	const struct summary_row *row;

	count_crossing(summary, 0, make_syscall(1, "write"), 100, 14);
	count_crossing(summary, 2, make_syscall(1, "write"), 50, -14);
	count_crossing(summary, 4, make_syscall(1, "write"), 400, -4095);
	count_crossing(summary, 6, make_syscall(9, "mmap"), 1000, -4096); /* not an error: an address */
	summary_result(summary, &result);
	ck_assert_uint_eq(result.transitions, 8);
	ck_assert_uint_eq(result.entries, 4);
	ck_assert_uint_eq(result.returns, 4);
	row = find_row(&result, CAUSE_SYSCALL, false, 1);
	ck_assert_str_eq(row->name, "write");
	ck_assert_uint_eq(row->count, 3);
	ck_assert_uint_eq(row->finished, 3);
	ck_assert_uint_eq(row->errors, 2);
	ck_assert_uint_eq(row->ns, 550);
	ck_assert_uint_eq(row->ns_min, 50);
	ck_assert_uint_eq(row->ns_max, 400);
	ck_assert_uint_eq(row->exits, 6);
	row = find_row(&result, CAUSE_SYSCALL, true, 0);
	ck_assert_ptr_null(row->name);
	ck_assert_uint_eq(row->count, 4);
	ck_assert_uint_eq(row->errors, 2);
	ck_assert_uint_eq(row->ns, 1550);
	ck_assert_uint_eq(row->ns_min, 50);
	ck_assert_uint_eq(row->ns_max, 1000);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSRET, true, 0)->count, 4);
	ck_assert_ptr_null(find_row(&result, CAUSE_IRET, true, 0)); /* nothing of that kind happened */
	summary_close(summary);
}
END_TEST

/* Causes in their order; in each the total, then the dearest first */
START_TEST(summary_order)
{
	struct summary *summary = summary_open();
	struct event fault = make_entry(CAUSE_EXCEPTION, "#PF");
	struct event_summary result;

	fault.transition.has_vector = true;
	fault.transition.vector = 14;
	count(summary, &fault, 100);
	count_crossing(summary, 0, make_syscall(1, "write"), 10, 0);
	count_crossing(summary, 2, make_syscall(2, "open"), 30, 0);
	summary_result(summary, &result);
	ck_assert_uint_eq(result.row_count, 6);
	ck_assert(result.rows[0].total && result.rows[0].cause == CAUSE_SYSCALL);
	ck_assert_str_eq(result.rows[1].name, "open");
	ck_assert_str_eq(result.rows[2].name, "write");
	ck_assert(result.rows[3].total && result.rows[3].cause == CAUSE_EXCEPTION);
	ck_assert_str_eq(result.rows[4].name, "#PF");
	ck_assert(result.rows[4].has_vector);
	ck_assert_uint_eq(result.rows[4].finished, 0);
	ck_assert_uint_eq(result.rows[4].ns_min, 0);
	ck_assert(result.rows[5].total && result.rows[5].cause == CAUSE_SYSRET);
	summary_close(summary);
}
END_TEST

/* Two processes inside calls at once: each return finds its own entry. */
START_TEST(interleaved_crossings)
{
	struct summary *summary = summary_open();
	struct event wait = make_syscall(61, "wait4"), write = make_syscall(1, "write"), back;
	struct event_summary result;

	count(summary, &wait, 0);
	for (uint64_t i = 0; i < 1000; i++) {
		count(summary, &write, 1 + 2 * i);
		back = make_return(CAUSE_SYSRET, &write, 3);
		count(summary, &back, 2 + 2 * i);
	}
	back = make_return(CAUSE_SYSRET, &wait, 5000);
	count(summary, &back, 3000);
	count(summary, &back, 3001); /* the same again: there is no such entry any more */
	summary_result(summary, &result);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, false, 1)->ns, 3000);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, false, 61)->ns, 5000);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, false, 61)->finished, 1);
	summary_close(summary);
}
END_TEST

/* A process is entered, another one too, and the first returns first. */
START_TEST(crossings_that_overlap)
{
	struct summary *summary = summary_open();
	struct event read = make_syscall(0, "read"), write = make_syscall(1, "write"), back;
	struct event_summary result;

	count(summary, &read, 0);
	count(summary, &write, 1);
	back = make_return(CAUSE_SYSRET, &read, 70);
	count(summary, &back, 2);
	back = make_return(CAUSE_SYSRET, &write, 5);
	count(summary, &back, 3);
	summary_result(summary, &result);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, false, 0)->ns, 70);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, false, 1)->ns, 5);
	summary_close(summary);
}
END_TEST

/* Many rows with the same numbers under different causes: none is taken for another. */
START_TEST(crowded_table)
{
	struct summary *summary = summary_open();
	struct event_summary result;

	for (uint64_t number = 0; number < 250; number++) {
		struct event syscall = make_syscall(number, NULL), gate = syscall, bare = make_entry(CAUSE_INT, NULL);
		struct event interrupt = make_entry(CAUSE_INTERRUPT, NULL);

		gate.transition.cause = CAUSE_INT;
		bare.transition.has_vector = interrupt.transition.has_vector = true;
		bare.transition.vector = interrupt.transition.vector = (unsigned)number;
		count(summary, &syscall, 4 * number);
		count(summary, &gate, 4 * number + 1);
		count(summary, &bare, 4 * number + 2);
		count(summary, &interrupt, 4 * number + 3);
	}
	summary_result(summary, &result);
	ck_assert_uint_eq(result.row_count, 3 + 4 * 250);
	for (size_t i = 0; i < result.row_count; i++)
		if (!result.rows[i].total)
			ck_assert_uint_eq(result.rows[i].count, 1);
	summary_close(summary);
}
END_TEST

/* A guest that makes calls of every number, and never returns, costs bounded memory; totals stay exact. */
START_TEST(hostile_numbers)
{
	struct summary *summary = summary_open();
	struct event_summary result;

	for (uint64_t i = 0; i < 300000; i++) {
		struct event entry = make_syscall(i * 0x10001, NULL);

		count(summary, &entry, i);
	}
	count_crossing(summary, 300000, make_syscall(UINT64_MAX, NULL), 7, -1);
	summary_result(summary, &result);
	ck_assert_uint_eq(result.entries, 300001);
	ck_assert_uint_le(result.row_count, 1024 + CAUSES);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, true, 0)->count, 300001);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, true, 0)->errors, 1);
	ck_assert_uint_eq(find_row(&result, CAUSE_SYSCALL, false, 0x10001)->count, 1);
	summary_close(summary);
}
END_TEST

/* `int 0x80` and `syscall`, a vector and a call of the same number are different things. */
START_TEST(kinds_apart)
{
	struct summary *summary = summary_open();
	struct event syscall = make_syscall(14, "rt_sigprocmask"), fault = make_entry(CAUSE_EXCEPTION, "#PF");
	struct event gate = make_entry(CAUSE_INT, "rename"), bare = make_entry(CAUSE_NMI, NULL);
	struct event_summary result;

	fault.transition.has_vector = gate.transition.has_vector = gate.transition.has_number = true;
	fault.transition.vector = 14;
	gate.transition.vector = 0x80;
	gate.transition.number = 14;
	count(summary, &syscall, 0);
	count(summary, &fault, 1);
	count(summary, &gate, 2);
	count(summary, &bare, 3);
	summary_result(summary, &result);
	ck_assert_str_eq(find_row(&result, CAUSE_SYSCALL, false, 14)->name, "rt_sigprocmask");
	ck_assert_str_eq(find_row(&result, CAUSE_EXCEPTION, false, 14)->name, "#PF");
	ck_assert_str_eq(find_row(&result, CAUSE_INT, false, 14)->name, "rename");
	ck_assert(!find_row(&result, CAUSE_INT, false, 14)->has_vector);
	ck_assert_uint_eq(find_row(&result, CAUSE_NMI, true, 0)->count, 1);
	ck_assert_uint_eq(result.row_count, 7);
	summary_close(summary);
}
END_TEST

START_TEST(exits)
{
	struct summary *summary = summary_open();
	struct event_summary result;

	for (int i = 0; i < 10; i++)
		summary_count_exit(summary, EXIT_IO, true);
	summary_count_exit(summary, EXIT_IO, false);
	summary_count_exit(summary, EXIT_HLT, false);
	summary_count_exit(summary, (enum exit_reason)1000, false);
	summary_result(summary, &result);
	ck_assert_uint_eq(result.exits_total, 13);
	ck_assert_uint_eq(result.exits_observed, 10);
	ck_assert_uint_eq(result.exits_guest, 3);
	ck_assert_uint_eq(result.exits_by_reason[EXIT_IO], 1);
	ck_assert_uint_eq(result.exits_by_reason[EXIT_HLT], 1);
	ck_assert_uint_eq(result.exits_by_reason[EXIT_UNKNOWN], 1);
	summary_close(summary);
}
END_TEST

START_TEST(close_nothing)
{
	stream_close(NULL);
	summary_close(NULL);
	ck_assert_int_eq(writer_close(NULL), 0);
}
END_TEST

Suite *stream_suite(void)
{
	Suite *suite = suite_create("stream");
	TCase *stream = tcase_create("stream"), *summary = tcase_create("summary");

	tcase_add_test(stream, formats);
	tcase_add_test(stream, names);
	tcase_add_test(stream, numbers_without_gaps);
	tcase_add_test(stream, hidden_events_are_counted);
	tcase_add_test(stream, close_nothing);
	suite_add_tcase(suite, stream);
	tcase_add_test(summary, summary_arithmetic);
	tcase_add_test(summary, summary_order);
	tcase_add_test(summary, interleaved_crossings);
	tcase_add_test(summary, crossings_that_overlap);
	tcase_add_test(summary, crowded_table);
	tcase_add_test(summary, hostile_numbers);
	tcase_add_test(summary, kinds_apart);
	tcase_add_test(summary, exits);
	tcase_set_timeout(summary, 60);
	suite_add_tcase(suite, summary);
	return suite;
}
