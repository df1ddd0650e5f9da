/* SPDX-License-Identifier: MIT */
/*
 * test_html.c: the frame of the page, the blocks of events in it, and that no byte of a guest's gets out of them.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "json_valid.h"
#include "report.h"
#include "report/html.h"
#include "suites.h"

#define BLOCK "<script type=\"application/json\" class=\"events\">\n"
#define CLOSE "</script>\n"
#define TAIL  "</body>\n</html>\n"

static size_t count(const char *text, const char *what)
{
	size_t found = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
		found++;
	return found;
}

static struct event make_note(const char *text)
{
	struct event event = {.type = EVENT_NOTE};

	strncpy(event.note, text, sizeof(event.note) - 1);
	return event;
}

/* What stands between the page and the end tags, which must be there */
static char *events_of(char *page)
{
	char *events = strstr(page, BLOCK), *tail;

	ck_assert_ptr_nonnull(events);
	tail = page + strlen(page) - strlen(CLOSE TAIL);
	ck_assert_str_eq(tail, CLOSE TAIL);
	*tail = '\0';
	return events + strlen(BLOCK);
}

START_TEST(frame)
{
	struct event event = make_note("hello");
	char *page = report_one("html", &event);

	ck_assert(!strncmp(page, "<!doctype html>", 15));
	ck_assert_uint_eq(count(page, BLOCK), 1);
	ck_assert_uint_eq(count(page, "<script"), 3);
	ck_assert_str_eq(events_of(page),
			 "{\"type\":\"note\",\"seq\":0,\"ns\":0,\"cpu\":0,\"pid\":0,\"text\":\"hello\"}\n");
	free(page);
}
END_TEST

/* The page is there before the guest runs, whatever happens to it */
START_TEST(written_at_once)
{
	struct event event = make_note("hello");
	struct report report;

	report_open(&report, "html", &show_all);
	stream_emit(report.stream, &event);
	ck_assert_uint_gt(writer_bytes(report.writer), 10000);
	free(report_close(&report));
}
END_TEST

START_TEST(nothing_breaks_out)
{
	static const char *const hostile[] = {
		"</script>", "</SCRIPT >", "<!--", "<!-- <script>", "<script>alert(1)</script>", "<<<", "]]>",
	};

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct event event = make_note(hostile[i]);
		char *page = report_one("html", &event), *events = events_of(page);

		ck_assert_msg(strchr(events, '<') == NULL, "%s", events);
		ck_assert_msg(json_lines_valid(events), "%s", events);
		free(page);
	}
}
END_TEST

START_TEST(less_than_is_kept)
{
	struct event event = make_note("a<b<");
	char *page = report_one("html", &event);

	ck_assert_ptr_nonnull(strstr(page, "\"text\":\"a\\u003cb\\u003c\"}"));
	free(page);
}
END_TEST

START_TEST(blocks)
{
	struct event event = make_note("<");
	struct report report;
	char *page;

	report_open(&report, "html", &show_all);
	for (int i = 0; i < 2500; i++)
		stream_emit(report.stream, &event);
	page = report_close(&report);
	ck_assert_uint_eq(count(page, BLOCK), 3);
	ck_assert_uint_eq(count(page, CLOSE BLOCK), 2);
	ck_assert_uint_eq(count(page, "\\u003c\"}\n"), 2500);
	free(page);
}
END_TEST

/* A block that is just full is closed once; nothing follows the end tags. */
START_TEST(full_block)
{
	struct event event = make_note("x");
	struct report report;
	char *page;

	report_open(&report, "html", &show_all);
	for (int i = 0; i < 1024; i++)
		stream_emit(report.stream, &event);
	page = report_close(&report);
	ck_assert_uint_eq(count(page, BLOCK), 1);
	ck_assert_uint_eq(count(page, CLOSE TAIL), 1);
	ck_assert_uint_eq(count(page, CLOSE CLOSE), 0);
	free(page);
}
END_TEST

/* Without -c too: the page has a part for it. */
START_TEST(summary_always)
{
	const struct render_options plain = {.events = true};
	struct report report;
	char *page;

	report_open(&report, "html", &plain);
	stream_emit_summary(report.stream, 5);
	page = report_close(&report);
	ck_assert_ptr_nonnull(strstr(page, "{\"type\":\"summary\",\"seq\":0"));
	free(page);
	report_open(&report, "json", &plain);
	stream_emit_summary(report.stream, 5);
	page = report_close(&report);
	ck_assert_str_eq(page, "");
	free(page);
}
END_TEST

Suite *html_suite(void)
{
	Suite *suite = suite_create("html");
	TCase *tests = tcase_create("html");

	tcase_add_test(tests, frame);
	tcase_add_test(tests, written_at_once);
	tcase_add_test(tests, nothing_breaks_out);
	tcase_add_test(tests, less_than_is_kept);
	tcase_add_test(tests, blocks);
	tcase_add_test(tests, full_block);
	tcase_add_test(tests, summary_always);
	suite_add_tcase(suite, tests);
	return suite;
}
