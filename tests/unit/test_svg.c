/* SPDX-License-Identifier: MIT */
/*
 * test_svg.c: the picture of the address space: valid XML whatever comes, every region in its place and to scale, the
 * kernel half once, what should not be in plain sight, and limits that are told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "report/svg_rows.h"
#include "report/svg_text.h"
#include "suites.h"

#define USER_HALF   (UINT64_C(1) << 47)
#define KERNEL      UINT64_C(0xffffffff80000000)
#define KERNEL_HALF UINT64_C(0xffff800000000000)

static struct event_region make_region(uint64_t start, uint64_t end, const char *rights, const char *name)
{
	struct event_region region = {
		.start = start,
		.end = end,
		.ring = start < USER_HALF ? 3 : 0,
		.readable = rights[0] == 'r',
		.writable = rights[1] == 'w',
		.executable = rights[2] == 'x',
		.page = 4096,
		.contiguous = true,
		.phys = 0x6000,
	};

	snprintf(region.name, sizeof(region.name), "%s", name);
	return region;
}

static struct event_region make_guard(uint64_t start, uint64_t end)
{
	struct event_region region = make_region(start, end, "---", "guard");

	region.ring = 0;
	region.guard = true;
	return region;
}

static struct event make_space(uint32_t pid, const struct event_region *regions, size_t count)
{
	struct event event = {.type = EVENT_ADDRESS_SPACE, .pid = pid};

	event.address_space = (struct event_address_space){
		.when = "start",
		.pid = pid,
		.cr3 = 0x1000 * pid,
		.name = "tour",
		.regions = regions,
		.region_count = count,
		.user_half = USER_HALF,
		.hole = KERNEL_HALF - USER_HALF,
		.kernel_half = USER_HALF,
		.kernel_half_shared = true,
	};
	return event;
}

/* An ordinary process: program, stack with its guard, kernel */
static size_t fill_regions(struct event_region *regions)
{
	size_t count = 0;

	regions[count++] = make_region(0x400000, 0x401000, "r-x", ".text");
	regions[count++] = make_region(0x401000, 0x403000, "rw-", ".data");
	regions[count++] = make_guard(0x7ffffff00000, 0x7ffffffff000);
	regions[count++] = make_region(KERNEL, KERNEL + 0x17000, "r-x", "kernel .text");
	return count;
}

/* An independent parser reads it to its end. */
static void check_xml(const char *svg)
{
	FILE *parser = popen("python3 -c 'import sys, xml.dom.minidom as dom; dom.parse(sys.stdin.buffer)'", "w");

	ck_assert_ptr_nonnull(parser);
	ck_assert_uint_eq(fwrite(svg, 1, strlen(svg), parser), strlen(svg));
	ck_assert_msg(pclose(parser) == 0, "not XML:\n%.2000s", svg);
}

static void check_contains(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in\n%.3000s", part, text);
}

static unsigned count_of(const char *text, const char *part)
{
	unsigned count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

START_TEST(nothing_to_draw)
{
	struct event event = {.type = EVENT_NOTE};
	char *svg = report_one("svg", &event);

	check_xml(svg);
	check_contains(svg, "No address space to draw");
	check_contains(svg, "--layout");
	free(svg);
}
END_TEST

START_TEST(every_region_with_its_facts)
{
	static const uint32_t pids[] = {2, 3};
	struct event_region regions[4];
	struct event event = make_space(1, regions, fill_regions(regions));
	char *svg;

	regions[1].shared_frames = 2;
	regions[1].shared_with = pids;
	regions[1].shared_with_count = 2;
	regions[1].cow_pages = 1;
	svg = report_one("svg", &event);
	check_xml(svg);
	ck_assert_uint_eq(count_of(svg, "class=\"region"), 4);
	check_contains(svg, "data-pid=\"1\" data-start=\"0x400000\" data-end=\"0x401000\" data-ring=\"3\" "
			    "data-rights=\"r-x\" data-name=\".text\"");
	check_contains(svg, "<title>.data\n0x401000 to 0x403000, 8 KiB\nring 3: rw-\n");
	check_contains(svg, "2 pages in the same frames as in process 2, 3\n1 copy-on-write");
	check_contains(svg, "guard: nothing is mapped, on purpose");
	check_contains(svg, ">0x7ffffff00000<");
	check_contains(svg, "process 1: tour");
	check_contains(svg, "no address here is canonical");
	free(svg);
}
END_TEST

START_TEST(last_moment_of_a_process)
{
	struct event_region early = make_region(0x400000, 0x401000, "r-x", "early");
	struct event_region late = make_region(0x500000, 0x501000, "r-x", "late");
	struct event events[] = {make_space(1, &early, 1), make_space(2, &early, 1), make_space(1, &late, 1)};
	struct report report;
	char *svg;

	events[2].address_space.when = "end";
	report_open(&report, "svg", &show_all);
	for (size_t i = 0; i < 3; i++)
		stream_emit(report.stream, &events[i]);
	svg = report_close(&report);
	check_contains(svg, "data-pid=\"1\" data-start=\"0x500000\"");
	check_contains(svg, "data-pid=\"2\" data-start=\"0x400000\"");
	ck_assert_uint_eq(count_of(svg, "class=\"region"), 2);
	check_contains(svg, "at the end, CR3 0x1000");
	check_contains(svg, "at the start, CR3 0x2000");
	free(svg);
}
END_TEST

/* Of so many processes, each with the regions */
static char *draw_processes(unsigned count, const struct event_region *regions, size_t region_count, bool shared)
{
	struct report report;

	report_open(&report, "svg", &show_all);
	for (unsigned pid = 1; pid <= count; pid++) {
		struct event event = make_space(pid, regions, region_count);

		event.address_space.kernel_half_shared = shared;
		stream_emit(report.stream, &event);
	}
	return report_close(&report);
}

START_TEST(kernel_half_once_for_all)
{
	struct event_region regions[4];
	size_t count = fill_regions(regions);
	char *svg = draw_processes(3, regions, count, true);

	check_xml(svg);
	ck_assert_uint_eq(count_of(svg, "data-start=\"0x400000\""), 3);
	ck_assert_uint_eq(count_of(svg, "data-start=\"0xffffffff80000000\""), 1);
	check_contains(svg, "kernel half, the same in every process");
	free(svg);
	svg = draw_processes(3, regions, count, false);
	ck_assert_uint_eq(count_of(svg, "data-start=\"0xffffffff80000000\""), 3);
	check_contains(svg, "NOT the same tables");
	free(svg);
}
END_TEST

/* A process more than columns, and many more: who is not drawn is told. */
START_TEST(limited_columns)
{
	struct event_region regions[4];
	size_t count = fill_regions(regions);
	char *svg = draw_processes(SVG_COLUMNS + 1, regions, count, true);

	ck_assert_uint_eq(count_of(svg, ": tour</text>"), SVG_COLUMNS);
	check_contains(svg, "Not drawn: 1 more process (9)");
	free(svg);
	svg = draw_processes(256, regions, count, true);
	check_xml(svg);
	ck_assert_uint_eq(count_of(svg, ": tour</text>"), SVG_COLUMNS);
	check_contains(svg, "Not drawn: 248 more processes (9, 10, 11, 12, 13, 14, 15, 16, ...)");
	free(svg);
}
END_TEST

static unsigned height_of(const char *svg)
{
	unsigned height = 0;

	ck_assert_int_eq(sscanf(strstr(svg, " height=\""), " height=\"%u\"", &height), 1);
	return height;
}

/* A stack and its guard for each of 256 threads */
START_TEST(repetitions_are_folded)
{
	struct event_region regions[512];
	struct event event = make_space(1, regions, 512);
	char *svg;

	for (unsigned i = 0; i < 256; i++) {
		regions[2 * i] = make_guard(KERNEL + i * 0x4000, KERNEL + i * 0x4000 + 0x2000);
		regions[2 * i + 1] =
			make_region(KERNEL + i * 0x4000 + 0x2000, KERNEL + (i + 1) * 0x4000, "rw-", "stack");
	}
	svg = report_one("svg", &event);
	check_xml(svg);
	ck_assert_uint_eq(count_of(svg, "class=\"region"), 6);
	check_contains(svg, "class=\"fold\" data-regions=\"506\"");
	check_contains(svg, "506 more regions, 4 MiB, not drawn");
	ck_assert_uint_lt(height_of(svg), 900);
	free(svg);
}
END_TEST

/* Six structures for each of 16 CPUs, which have numbers in their names */
START_TEST(numbers_in_names_are_alike)
{
	struct event_region regions[96];
	struct event event = make_space(1, regions, 96);
	char *svg;

	for (unsigned i = 0; i < 96; i++) {
		char name[32];

		snprintf(name, sizeof(name), "part %c of CPU %u", 'a' + i % 6, i / 6);
		regions[i] = make_region(KERNEL + i * 0x1000, KERNEL + (i + 1) * 0x1000, "r--", name);
	}
	svg = report_one("svg", &event);
	ck_assert_uint_eq(count_of(svg, "class=\"region"), 12);
	check_contains(svg, "class=\"fold\" data-regions=\"84\"");
	check_contains(svg, "data-name=\"part a of CPU 0\"");
	check_contains(svg, "data-name=\"part f of CPU 15\"");
	free(svg);
}
END_TEST

/* Nothing repeats, but it is too much: the middle is folded, and what glares in it is told. */
START_TEST(too_much_is_folded)
{
	struct event_region *regions = calloc(3000, sizeof(*regions));
	struct event event = make_space(1, regions, 3000);
	uint64_t start = 0x400000;
	char *svg;

	for (unsigned i = 0; i < 3000; i++) {
		char name[16];

		for (unsigned letter = 0; letter < 12; letter++)
			name[letter] = i >> letter & 1 ? 'b' : 'a';
		name[12] = '\0';
		regions[i] = make_region(start, start + 0x1000, i == 1000 ? "rwx" : "rw-", name);
		start += 0x2000;
	}
	svg = report_one("svg", &event);
	check_xml(svg);
	ck_assert_uint_lt(height_of(svg), 3000);
	check_contains(svg, "1 of them as they should not be");
	check_contains(svg, "1 region is writable AND executable");
	check_contains(svg, "Not drawn: 952 regions");
	free(svg);
	free(regions);
}
END_TEST

/* XML 1.0 forbids most control characters; and a name must not end an attribute or an element. */
START_TEST(every_byte_in_a_name)
{
	for (unsigned first = 1; first < 256; first += 60) {
		struct event start = {.type = EVENT_START,
				      .start = {.version = "<1>", .host = "pvm", .method = "trap"}};
		struct event_region region = make_region(0x400000, 0x401000, "r-x", "");
		struct event event = make_space(1, &region, 1);
		struct report report;
		char name[61], *svg;

		for (unsigned i = 0; i < 60; i++)
			name[i] = (char)(first + i < 256 ? first + i : '&');
		name[60] = '\0';
		snprintf(region.name, sizeof(region.name), "%s", name);
		snprintf(event.address_space.name, sizeof(event.address_space.name), "%s", name);
		start.start.image = name;
		report_open(&report, "svg", &show_all);
		stream_emit(report.stream, &start);
		stream_emit(report.stream, &event);
		svg = report_close(&report);
		check_xml(svg);
		for (const char *byte = svg; *byte; byte++)
			ck_assert(*byte == '\n' || (*byte >= 0x20 && *byte < 0x7f) || !memcmp(byte, "\u2026", 3) ||
				  !memcmp(byte - 1, "\u2026", 3) || !memcmp(byte - 2, "\u2026", 3));
		free(svg);
	}
}
END_TEST

START_TEST(what_should_not_be_glares)
{
	struct event_region regions[4];
	size_t count = fill_regions(regions);
	struct event event = make_space(1, regions, count);
	char *svg = report_one("svg", &event);

	ck_assert_ptr_null(strstr(svg, "danger\" data-pid"));
	ck_assert_ptr_null(strstr(svg, "class=\"warning\""));
	free(svg);
	regions[0].writable = true;
	regions[3].ring = 3;
	svg = report_one("svg", &event);
	check_xml(svg);
	ck_assert_uint_eq(count_of(svg, "class=\"region danger\""), 2);
	check_contains(svg, "class=\"region danger\" data-pid=\"1\" data-start=\"0x400000\"");
	check_contains(svg, "class=\"region danger\" data-pid=\"1\" data-start=\"0xffffffff80000000\"");
	check_contains(svg, "1 region is writable AND executable; ring 3 reaches 1 region of the kernel half");
	free(svg);
	/* also when only ring 0 may do both */
	fill_regions(regions);
	regions[1].kernel_writable = regions[1].kernel_executable = true;
	svg = report_one("svg", &event);
	ck_assert_uint_eq(count_of(svg, "class=\"region danger\""), 1);
	free(svg);
}
END_TEST

/* Regions that no walk of page tables gives, but an edited report may */
START_TEST(nonsense_does_no_harm)
{
	struct event_region regions[] = {
		make_region(0x5000, 0x4000, "r--", "backwards"),
		make_region(0x5000, 0x5000, "r--", "empty"),
		make_region(0x400000, 0x800000, "r--", "below"),
		make_region(0x600000, 0xa00000, "rw-", "above"),
		make_region(0x700000, 0x700001, "r--", "a byte"),
		make_region(0x7fff00000000, 0x900000000000, "r--", "into the hole"),
		make_region(UINT64_C(0xa00000000000), UINT64_C(0xa00000001000), "r--", "in the hole"),
		make_region(UINT64_C(0xfffffffffffff000), 0, "r--", "the last page"),
		make_region(0, 0, "r--", "everything"),
	};
	struct event event = make_space(1, regions, sizeof(regions) / sizeof(regions[0]));
	char *svg = report_one("svg", &event);

	check_xml(svg);
	ck_assert_uint_eq(count_of(svg, "class=\"region"), 7);
	check_contains(svg, "data-end=\"0x10000000000000000\"");
	free(svg);
	event.address_space.user_half = event.address_space.kernel_half = UINT64_MAX;
	svg = report_one("svg", &event);
	check_xml(svg);
	free(svg);
}
END_TEST

/* The rows of one process's regions */
static void make_rows(struct svg_spaces *spaces, struct svg_rows *rows, const struct event_region *regions,
		      size_t count)
{
	struct event event = make_space(1, regions, count);

	svg_spaces_keep(spaces, &event);
	ck_assert(svg_rows_make(rows, spaces));
}

static int height_at(const struct svg_rows *rows, uint64_t start)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->rows[i].start == start)
			return rows->rows[i].height;
	ck_abort_msg("no row begins at 0x%llx", (unsigned long long)start);
}

START_TEST(small_regions_to_scale_large_ones_broken)
{
	static struct svg_spaces spaces;
	struct event_region regions[] = {
		make_region(0x400000, 0x401000, "r-x", "1"),
		make_region(0x401000, 0x403000, "rw-", "2"),
		make_region(0x403000, 0x443000, "r--", "64"),
		make_region(0x443000, 0x40443000, "r--", "a GiB"),
	};
	struct svg_rows rows;

	make_rows(&spaces, &rows, regions, 4);
	ck_assert_int_eq(height_at(&rows, 0x401000), 2 * height_at(&rows, 0x400000));
	ck_assert_int_gt(height_at(&rows, 0x403000), height_at(&rows, 0x401000));
	ck_assert_int_gt(height_at(&rows, 0x443000), height_at(&rows, 0x403000));
	for (size_t i = 1; i < rows.count; i++) { /* higher addresses are above, and nothing overlaps */
		int heading = rows.rows[i - 1].start + rows.rows[i - 1].size == rows.user_end ? SVG_HEADING : 0;

		ck_assert_int_eq(rows.rows[i].y + rows.rows[i].height + heading, rows.rows[i - 1].y);
		ck_assert_uint_eq(rows.rows[i - 1].start + rows.rows[i - 1].size, rows.rows[i].start);
	}
	for (size_t i = 0; i < rows.count; i++)
		ck_assert_int_eq(rows.rows[i].broken, !rows.rows[i].hole && rows.rows[i].size > rows.linear * 4096);
	svg_rows_free(&rows);
	svg_spaces_free(&spaces);
}
END_TEST

START_TEST(sizes_in_words)
{
	struct svg_size size;

	ck_assert_str_eq(svg_bytes(&size, 4096), "4 KiB");
	ck_assert_str_eq(svg_bytes(&size, 1912 << 10), "1912 KiB");
	ck_assert_str_eq(svg_bytes(&size, 1), "1 bytes");
	ck_assert_str_eq(svg_roughly(&size, 1912 << 10), "1.9 MiB");
	ck_assert_str_eq(svg_roughly(&size, (1024 << 20) - 1), "1 GiB");
	ck_assert_str_eq(svg_roughly(&size, 1023), "1023 bytes");
	ck_assert_str_eq(svg_roughly(&size, KERNEL_HALF - USER_HALF), "16 EiB");
	ck_assert_str_eq(svg_roughly(&size, UINT64_MAX), "16 EiB");
}
END_TEST

Suite *svg_suite(void)
{
	Suite *suite = suite_create("svg");
	TCase *tcase = tcase_create("svg");

	tcase_add_test(tcase, nothing_to_draw);
	tcase_add_test(tcase, every_region_with_its_facts);
	tcase_add_test(tcase, last_moment_of_a_process);
	tcase_add_test(tcase, kernel_half_once_for_all);
	tcase_add_test(tcase, limited_columns);
	tcase_add_test(tcase, repetitions_are_folded);
	tcase_add_test(tcase, numbers_in_names_are_alike);
	tcase_add_test(tcase, too_much_is_folded);
	tcase_add_test(tcase, every_byte_in_a_name);
	tcase_add_test(tcase, what_should_not_be_glares);
	tcase_add_test(tcase, nonsense_does_no_harm);
	tcase_add_test(tcase, small_regions_to_scale_large_ones_broken);
	tcase_add_test(tcase, sizes_in_words);
	tcase_set_timeout(tcase, 30); /* a parser in another process */
	suite_add_tcase(suite, tcase);
	return suite;
}
