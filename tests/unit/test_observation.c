/* SPDX-License-Identifier: MIT */
/*
 * test_observation.c: what observing cost, as the summary tells it; and the file in which --calibrate leaves it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calibrate/saved.h"
#include "json_valid.h"
#include "report.h"
#include "suites.h"

static const struct observation_cost unknown = {.method = "trap"},
				     saved = {.method = "trap", .each_ns = 100, .source = "calibration"},
				     corrected = {
					     .method = "ring", .each_ns = 100, .source = "option", .correct = true};

static struct event_observation fill(const struct observation_cost *cost, uint64_t transitions, uint64_t exits,
				     uint64_t ns, uint64_t handled_ns)
{
	struct event_summary summary = {.transitions = transitions, .exits_observed = exits, .ns = ns};

	observation_fill(&summary, cost, handled_ns);
	return summary.observation;
}

START_TEST(price_unknown)
{
	struct event_observation observation = fill(&unknown, 10, 10, 4000, 300);

	ck_assert_str_eq(observation.method, "trap");
	ck_assert_uint_eq(observation.count, 10);
	ck_assert_uint_eq(observation.ns, 300);
	ck_assert_uint_eq(observation.share_ppm, 75000);
	ck_assert_uint_eq(observation.each_ns, 0);
	ck_assert_str_eq(observation.source, "measured");
	ck_assert(!observation.corrected);
}
END_TEST

START_TEST(price_known)
{
	struct event_observation observation = fill(&saved, 10, 10, 4000, 300);

	ck_assert_uint_eq(observation.ns, 1000);
	ck_assert_uint_eq(observation.share_ppm, 250000);
	ck_assert_str_eq(observation.source, "calibration");
	ck_assert(!observation.corrected);
	ck_assert_uint_eq(fill(&saved, 10, 10, 4000, 1700).ns, 1700); /* it cannot have been less */
	ck_assert(fill(&corrected, 1, 0, 4000, 0).corrected);
	ck_assert(!fill(&(struct observation_cost){.method = "trap", .correct = true}, 1, 1, 4000, 0).corrected);
}
END_TEST

/* Records in a ring have no exits; of exits some may have no event. */
START_TEST(what_is_counted)
{
	ck_assert_uint_eq(fill(&saved, 10, 1, 4000, 0).count, 10);
	ck_assert_uint_eq(fill(&saved, 4, 9, 4000, 0).count, 9);
	ck_assert_uint_eq(fill(&saved, 0, 0, 4000, 7).ns, 0);
	ck_assert_ptr_null(fill(&saved, 0, 0, 4000, 7).source);
}
END_TEST

START_TEST(extremes)
{
	const struct observation_cost dear = {.method = "trap", .each_ns = UINT64_MAX, .source = "option"};

	ck_assert_uint_eq(fill(&dear, 3, 3, 5000, 0).ns, 5000); /* no longer than the run */
	ck_assert_uint_eq(fill(&dear, 3, 3, 5000, 0).share_ppm, 1000000);
	ck_assert_uint_eq(fill(&saved, 3, 3, 0, 0).share_ppm, 0);
	ck_assert_uint_eq(fill(&saved, UINT64_MAX, 3, UINT64_MAX, 0).ns, UINT64_MAX);
}
END_TEST

START_TEST(rows)
{
	struct summary_row row = {
		.finished = 3, .faults = 1, .interrupts = 2, .ns = 5000, .ns_min = 90, .ns_max = 2000};

	observation_correct(&row, 100);
	ck_assert_uint_eq(row.ns, 5000 - (3 + 2 * 3) * 100);
	ck_assert_uint_eq(row.ns_min, 0);
	ck_assert_uint_eq(row.ns_max, 1900);
	observation_correct(&row, UINT64_MAX);
	ck_assert_uint_eq(row.ns, 0);
	ck_assert_uint_eq(row.ns_max, 0);
}
END_TEST

/* A call of 1,000 ns between two observed exits and one of the guest's own */
static char *summary_of(const char *format, const struct observation_cost *cost)
{
	struct event entry = make_syscall(1, "write"), back;
	struct report report;

	report_open(&report, format, &(struct render_options){.summary = true});
	stream_set_cost(report.stream, cost);
	ck_assert(stream_wants_times(report.stream));
	stream_count_exit(report.stream, EXIT_IO, true);
	stream_emit(report.stream, &entry);
	stream_exit_handled(report.stream, 30);
	stream_count_exit(report.stream, EXIT_IO, false);
	stream_exit_handled(report.stream, 5000);
	back = make_return(CAUSE_SYSRET, &entry, 1000);
	stream_count_exit(report.stream, EXIT_IO, true);
	stream_emit(report.stream, &back);
	stream_exit_handled(report.stream, 40);
	stream_exit_handled(report.stream, 600); /* after no exit at all: an interruption */
	stream_emit_summary(report.stream, 10000);
	return report_close(&report);
}

static void contains(const char *format, const struct observation_cost *cost, const char *wanted)
{
	char *text = summary_of(format, cost);

	ck_assert_msg(strstr(text, wanted) != NULL, "no %s in: %s", wanted, text);
	if (strcmp(format, "json") == 0)
		ck_assert(json_lines_valid(text));
	free(text);
}

START_TEST(shown)
{
	const struct observation_cost off = {.method = "off"}, nobody = {0};
	char *text;

	contains(
		"json", &unknown,
		"\"observation\":{\"method\":\"trap\",\"count\":2,\"ns\":70,\"share_ppm\":7000,\"source\":\"measured\","
		"\"corrected\":false}");
	contains("json", &saved, "\"ns\":200,\"share_ppm\":20000,\"each_ns\":100,\"source\":\"calibration\",");
	contains("json", &saved, "\"ns\":1000,\"ns_min\":1000,\"ns_max\":1000");
	contains("json", &corrected, "\"ns\":900,\"ns_min\":900,\"ns_max\":900");
	contains("json", &corrected, "\"source\":\"option\",\"corrected\":true}");
	contains("text", &unknown,
		 "Observation: method trap, 2 observations: at least 0.0us, 0.7 % of the time (vmm's own");
	contains("text", &saved, "2 observations: 0.2us, about 2.0 % of the time (100 ns each: vmm --calibrate)\n");
	contains("text", &corrected, "(100 ns each: --observation-cost)\nThe times above are without it");
	contains("text", &off, "method off, ");
	text = summary_of("text", &nobody);
	ck_assert_ptr_null(strstr(text, "Observation"));
	free(text);
}
END_TEST

/* ---- the file ------------------------------------------------------------------------------------------------------
 */

static char home[] = "/tmp/vmm-observation-XXXXXX", path[PATH_MAX];
static const struct calibration_place here = {.version = "1.2", .host = "amd-v", .cpu = "Some CPU @ 3 GHz"};
static struct calibration calibration;

static void setup(void)
{
	struct vmm_error error;

	strcpy(home + sizeof(home) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home));
	setenv("XDG_CACHE_HOME", home, 1);
	calibration = (struct calibration){.ways = {
						   {.method = "off", .report = "none"},
						   {.method = "ring", .report = "none", .why_not = "no"},
						   {.method = "ring", .report = "text", .quickest_ns = -3},
						   {.method = "ring", .report = "json", .quickest_ns = 40.4},
						   {.method = "trap", .report = "none", .quickest_ns = 2100.6},
						   {.method = "trap", .report = "text", .quickest_ns = 2500},
						   {.method = "trap", .report = "json", .quickest_ns = 2200},
					   }};
	ck_assert_msg(calibration_save(&calibration, &here, path, &error), "%s", error.text);
}

static void teardown(void)
{
	char directory[PATH_MAX + 8];

	unlink(path);
	snprintf(directory, sizeof(directory), "%s/vmm", home);
	rmdir(directory);
	rmdir(home);
}

START_TEST(found_again)
{
	ck_assert_uint_eq(calibration_saved(&here, "trap", "none"), 2101);
	ck_assert_uint_eq(calibration_saved(&here, "trap", "text"), 2500);
	ck_assert_uint_eq(calibration_saved(&here, "ring", "json"), 40);
	ck_assert_uint_eq(calibration_saved(&here, "ring", "none"), 0);
	ck_assert_uint_eq(calibration_saved(&here, "ring", "text"), 0); /* noise: less than nothing */
	ck_assert_uint_eq(calibration_saved(&here, "watch", "none"), 0);
}
END_TEST

START_TEST(another_machine)
{
	struct calibration_place place = here;

	place.version = "1.3";
	ck_assert_uint_eq(calibration_saved(&place, "trap", "none"), 0);
	place = here;
	place.host = "vt-x";
	ck_assert_uint_eq(calibration_saved(&place, "trap", "none"), 0);
	place = here;
	strcpy(place.cpu, "Some CPU @ 3 GH");
	ck_assert_uint_eq(calibration_saved(&place, "trap", "none"), 0);
	calibration_here(&place, "1", "pvm");
	ck_assert_uint_gt(strlen(place.cpu), 0);
}
END_TEST

/* Whatever stands in it, the answer is a number that can be true, or that there is none. */
START_TEST(damaged)
{
	static const char *const texts[] = {
		"",
		"trap none 5\n",
		"vmm calibration 1\nvmm 1.2\nhost amd-v\ncpu Some CPU @ 3 GHz\ntrap none 5x\n",
		"vmm calibration 1\nvmm 1.2\nhost amd-v\ncpu Some CPU @ 3 GHz\ntrap none -5\n",
		"vmm calibration 1\nvmm 1.2\nhost amd-v\ncpu Some CPU @ 3 GHz\ntrap none\n",
		"vmm calibration 1\nvmm 1.2\nhost amd-v\ncpu Some CPU @ 3 GHz\ntrap none 99999999999999999999999\n",
		"vmm calibration 2\nvmm 1.2\nhost amd-v\ncpu Some CPU @ 3 GHz\ntrap none 5\n",
		"vmm calibration 1\nvmm 1.2\nvmm 1.2\nhost amd-v\ncpu Some CPU @ 3 GHz\ntrap none 5 6\n",
		"vmm calibration 1\nvmm 1.2\nvmm 1.2\ncpu Some CPU @ 3 GHz\ntrap none 5\n",
	};
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(texts[_i], file);
	fclose(file);
	ck_assert_uint_eq(calibration_saved(&here, "trap", "none"), 0);
}
END_TEST

START_TEST(nowhere_to_save)
{
	char other[PATH_MAX];
	struct vmm_error error;

	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	ck_assert(!calibration_save(&calibration, &here, other, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "HOME"));
	ck_assert_uint_eq(calibration_saved(&here, "trap", "none"), 0);
	setenv("HOME", "/dev/null", 1);
	ck_assert(!calibration_save(&calibration, &here, other, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "/dev/null/.cache/vmm/calibration: "));
}
END_TEST

Suite *observation_suite(void)
{
	Suite *suite = suite_create("observation");
	TCase *summary = tcase_create("summary"), *file = tcase_create("file");

	tcase_add_checked_fixture(file, setup, teardown);
	tcase_add_test(summary, price_unknown);
	tcase_add_test(summary, price_known);
	tcase_add_test(summary, what_is_counted);
	tcase_add_test(summary, extremes);
	tcase_add_test(summary, rows);
	tcase_add_test(summary, shown);
	tcase_add_test(file, found_again);
	tcase_add_test(file, another_machine);
	tcase_add_loop_test(file, damaged, 0, 9);
	tcase_add_test(file, nowhere_to_save);
	suite_add_tcase(suite, summary);
	suite_add_tcase(suite, file);
	return suite;
}
