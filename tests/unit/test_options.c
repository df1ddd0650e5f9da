/* SPDX-License-Identifier: MIT */
/*
 * test_options.c: each option right, and each wrong in its own way.
 */
#include <getopt.h>
#include <string.h>

#include "environment.h"
#include "options.h"
#include "run/run.h"
#include "run/sites.h"
#include "suites.h"

static struct options options;
static struct vmm_error error;

/* The words of one command line, separated by single blanks, which may be empty. */
static bool parse(const char *line)
{
	static char words[512], *argv[32];
	int argc = 0;

	memset(argv, 0, sizeof(argv));
	argv[argc++] = "vmm";
	optind = 0; /* start anew, also inside a cluster */
	strcpy(words, line);
	for (char *word = words; word != NULL && argc < 31;)
		argv[argc++] = strsep(&word, " ");
	memset(&error, 0, sizeof(error));
	return options_parse(&options, argc, argv, &error);
}

static void accepted(const char *line)
{
	ck_assert_msg(parse(line), "%s: %s", line, error.text);
}

static void refused(const char *line, const char *words)
{
	ck_assert_msg(!parse(line), "accepted: %s", line);
	ck_assert_msg(strstr(error.text, words) != NULL, "'%s' is not in: %s", words, error.text);
	ck_assert_ptr_null(strchr(error.text, '\n'));
}

START_TEST(defaults)
{
	accepted("guest.elf");
	ck_assert_int_eq(options.action, ACTION_RUN);
	ck_assert_str_eq(options.image, "guest.elf");
	ck_assert_str_eq(options.arguments[0], "guest.elf");
	ck_assert_ptr_null(options.arguments[1]);
	ck_assert_uint_eq(options.trace, TRACE_ALL);
	ck_assert_int_eq(options.method, METHOD_TRAP);
	ck_assert_str_eq(options.format, "text");
	ck_assert_ptr_null(options.output);
	ck_assert_ptr_null(options.kernel);
	ck_assert(!options.summary && !options.quiet && !options.allow_wx);
	ck_assert_uint_eq(options.layout, LAYOUT_START | LAYOUT_END);
	ck_assert_uint_eq(options.memory, 64 << 20);
	ck_assert_uint_eq(options.cpus, 1);
	ck_assert_uint_eq(options.timeout_ns, 0);
}
END_TEST

START_TEST(trace)
{
	static const struct {
		const char *line;
		unsigned trace;
	} cases[] = {
		{"-e syscall x", TRACE_SYSCALL},
		{"-e trace=syscall x", TRACE_SYSCALL},
		{"--trace=int,exception x", TRACE_INT | TRACE_EXCEPTION},
		{"--trace interrupt x", TRACE_INTERRUPT},
		{"-ereturn,exit x", TRACE_RETURN | TRACE_EXIT},
		{"-e !exit x", TRACE_ALL & ~TRACE_EXIT},
		{"-e trace=!exit,int x", TRACE_ALL & ~(TRACE_EXIT | TRACE_INT)},
		{"-e none x", 0},
		{"-e !none x", TRACE_ALL},
		{"-e all x", TRACE_ALL},
		{"-e !all x", 0},
		{"-e int -e syscall x", TRACE_SYSCALL}, /* the last one counts */
	};

	accepted(cases[_i].line);
	ck_assert_uint_eq(options.trace, cases[_i].trace);
}
END_TEST

START_TEST(layout)
{
	accepted("--layout x");
	ck_assert_uint_eq(options.layout, LAYOUT_START | LAYOUT_END);
	ck_assert_str_eq(options.image, "x");
	accepted("--layout=switch x");
	ck_assert_uint_eq(options.layout, LAYOUT_SWITCH);
	accepted("--layout=start,switch,end x");
	ck_assert_uint_eq(options.layout, LAYOUT_START | LAYOUT_SWITCH | LAYOUT_END);
	accepted("--layout=never x");
	ck_assert_uint_eq(options.layout, 0);
}
END_TEST

/* Classes and names of system calls, mixed with causes */
START_TEST(trace_calls)
{
	accepted("-e exception x");
	ck_assert_int_eq(options.calls.mode, FILTER_NONE);
	accepted("-e openat,exception,%memory x");
	ck_assert_uint_eq(options.trace, TRACE_EXCEPTION);
	ck_assert_int_eq(options.calls.mode, FILTER_ONLY);
	ck_assert(call_filter_lists(&options.calls, false, 257)); /* openat */
	ck_assert(call_filter_lists(&options.calls, false, 9));   /* mmap */
	ck_assert(!call_filter_lists(&options.calls, false, 1));
	accepted("-e trace=!file,exit x");
	ck_assert_uint_eq(options.trace, TRACE_ALL & ~TRACE_EXIT);
	ck_assert_int_eq(options.calls.mode, FILTER_EXCEPT);
	ck_assert(call_filter_lists(&options.calls, false, 257));
	accepted("-e openat -e syscall x"); /* the last one counts */
	ck_assert_int_eq(options.calls.mode, FILTER_NONE);
}
END_TEST

START_TEST(memory)
{
	static const struct {
		const char *line;
		uint64_t memory;
	} cases[] = {
		{"--memory 4M x", 4 << 20},           {"--memory 128m x", 128 << 20},
		{"--memory=65536k x", 64 << 20},      {"--memory 1g x", 1 << 30},
		{"--memory 3G x", UINT64_C(3) << 30}, {"--memory 4194305 x", 6 << 20}, /* up to whole large pages */
	};

	accepted(cases[_i].line);
	ck_assert_uint_eq(options.memory, cases[_i].memory);
}
END_TEST

START_TEST(roots)
{
	static const struct {
		const char *line, *directory, *mount;
		bool writable;
	} cases[] = {
		{"--root dir x", "dir", NULL, false},
		{"--root /a/dir:rw x", "/a/dir", NULL, true},
		{"--root=dir:/mnt x", "dir", "/mnt", false},
		{"--root dir:/mnt/deep:rw x", "dir", "/mnt/deep", true},
		{"--root with:colon:/mnt x", "with:colon", "/mnt", false},
		{"--root .:/:rw x", ".", "/", true},
	};
	const struct root_option *root = &options.roots[0];

	accepted(cases[_i].line);
	ck_assert_uint_eq(options.root_count, 1);
	ck_assert_int_eq(root->directory_length, (int)strlen(cases[_i].directory));
	ck_assert_int_eq(strncmp(root->directory, cases[_i].directory, (size_t)root->directory_length), 0);
	ck_assert_int_eq(root->mount != NULL, cases[_i].mount != NULL);
	if (root->mount != NULL) {
		ck_assert_int_eq(root->mount_length, (int)strlen(cases[_i].mount));
		ck_assert_int_eq(strncmp(root->mount, cases[_i].mount, (size_t)root->mount_length), 0);
	}
	ck_assert(root->writable == cases[_i].writable);
}
END_TEST

START_TEST(wrong_roots)
{
	refused("--root  x", "--root: '' names no directory");
	refused("--root :/mnt x", "--root: ':/mnt' names no directory");
	refused("--root :rw x", "names no directory");
	refused("--root dir:mnt x", "the mount 'mnt' must begin with /");
	refused("--root dir: x", "the mount '' must begin with /");
	refused("--root dir:ro x", "the mount 'ro' must begin with /");
	refused("--root dir:/mnt:wr x", "the mount 'wr' must begin with /");
}
END_TEST

START_TEST(environment)
{
	static struct environment made;
	char *const *strings;

	accepted("--env A=1 --env B=two=2 --env A= --env HOME=/tmp x");
	ck_assert_uint_eq(options.environment_count, 3);
	strings = environment_make(&made, &options);
	ck_assert_str_eq(strings[0], "PATH=/bin:/usr/bin");
	ck_assert_str_eq(strings[1], "A="); /* the last one counts */
	ck_assert_str_eq(strings[2], "B=two=2");
	ck_assert_str_eq(strings[3], "HOME=/tmp"); /* in place of the default */
	ck_assert_ptr_null(strings[4]);
	refused("--env A x", "--env: 'A' is not NAME=VALUE");
	refused("--env =A x", "--env: '=A' is not NAME=VALUE");
	refused("--env  x", "--env: '' is not NAME=VALUE");
}
END_TEST

START_TEST(others)
{
	accepted("-m off -f json -o out.json -c -q --kernel k.elf --cpus 1 --timeout 1.5 --allow-wx x");
	ck_assert_int_eq(options.method, METHOD_OFF);
	ck_assert_str_eq(options.format, "json");
	ck_assert_str_eq(options.output, "out.json");
	ck_assert_str_eq(options.kernel, "k.elf");
	ck_assert(options.summary && options.quiet && options.allow_wx);
	ck_assert_uint_eq(options.timeout_ns, 1500000000);
	accepted("-qcf text x");
	ck_assert(options.summary && options.quiet);
	accepted("--timeout 1e-12 x"); /* shorter than the clock can tell is not "none" */
	ck_assert_uint_eq(options.timeout_ns, 1);
}
END_TEST

START_TEST(actions)
{
	accepted("--help");
	ck_assert_int_eq(options.action, ACTION_HELP);
	accepted("--version");
	ck_assert_int_eq(options.action, ACTION_VERSION);
	accepted("--doctor");
	ck_assert_int_eq(options.action, ACTION_DOCTOR);
	accepted("--calibrate -f json");
	ck_assert_int_eq(options.action, ACTION_CALIBRATE);
}
END_TEST

START_TEST(cost)
{
	accepted("x");
	ck_assert(!options.correct && !options.summary);
	ck_assert_uint_eq(options.observation_cost, 0);
	accepted("--correct --observation-cost 1000000000 x");
	ck_assert(options.correct && options.summary);
	ck_assert_uint_eq(options.observation_cost, 1000000000);
}
END_TEST

/* What stands behind IMAGE belongs to the guest. */
START_TEST(guest_arguments)
{
	accepted("-q prog -q --memory many -- -x");
	ck_assert_str_eq(options.image, "prog");
	ck_assert_str_eq(options.arguments[1], "-q");
	ck_assert_str_eq(options.arguments[4], "--");
	ck_assert_str_eq(options.arguments[5], "-x");
	ck_assert_ptr_null(options.arguments[6]);
	ck_assert_uint_eq(options.memory, 64 << 20);
	accepted("-- -strange-name");
	ck_assert_str_eq(options.image, "-strange-name");
}
END_TEST

START_TEST(wrong)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{"-q", "no IMAGE"},
		{"--nonsense x", "unknown option --nonsense"},
		{"-z x", "unknown option -z"},
		{"-qz x", "unknown option -z"},
		{"--m 1 x", "unknown option --m"},
		{"--memory", "option --memory needs an argument"},
		{"--trace", "option --trace needs an argument"},
		{"-e", "option -e needs an argument"},
		{"-qo", "option -o needs an argument"},
		{"--quiet=1 x", "option --quiet=1 takes no argument"},
		{"--allow-wx=no x", "option --allow-wx=no takes no argument"},
		{"-e foo x", "unknown event 'foo'"},
		{"-e syscall,foo x", "unknown event 'foo'"},
		{"-e ,syscall x", "unknown event ''"},
		{"-e syscal x", "unknown event 'syscal' (did you mean 'syscall'?); known are"},
		{"-e file,opennat x", "unknown event 'opennat' (did you mean 'openat'?)"},
		{"-e syscalls x", "unknown event 'syscalls'"},
		{"-m traps x", "unknown method 'traps'"},
		{"-m watch x", "not in this version"},
		{"-f xml x", "unknown format 'xml'"},
		{"-f perfetto x", "is binary, and standard error also has messages; add -o FILE"},
		{"-f htm x", "known are text, json, "},
		{"-f svg -q x", "--format svg: draws the address space, which -q leaves out"},
		{"-f svg --layout=never x", "which --layout=never leaves out"},
		{"-o  x", "file name is empty"},
		{"--layout=sometimes x", "unknown time 'sometimes'"},
		{"--layout= x", "unknown time ''"},
		{"--memory x x", "not a size"},
		{"--memory  x", "not a size"},
		{"--memory -5M x", "not a size"},
		{"--memory 5T x", "not a size"},
		{"--memory 5MM x", "not a size"},
		{"--memory 18446744073709551616 x", "not a size"},
		{"--memory 4095K x", "at least 4M, at most 3G"},
		{"--memory 3221225473 x", "at least 4M, at most 3G"},
		{"--memory 18014398509547520K x", "at least 4M, at most 3G"}, /* 2^64 bytes + 64 MiB */
		{"--memory 17179869188G x", "at least 4M, at most 3G"},       /* 2^64 + 4 GiB bytes */
		{"--cpus 0 x", "from 1 to 16"},
		{"--cpus 17 x", "from 1 to 16"},
		{"--cpus 1x x", "from 1 to 16"},
		{"--cpus 99999999999999999999 x", "from 1 to 16"},
		{"--timeout 0 x", "not a time"},
		{"--observation-cost 0 x", "not a number of ns from 1 to 1000000000"},
		{"--observation-cost -5 x", "not a number of ns"},
		{"--observation-cost 5us x", "not a number of ns"},
		{"--observation-cost 1000000001 x", "not a number of ns"},
		{"--observation-cost 99999999999999999999 x", "not a number of ns"},
		{"--timeout -1 x", "not a time"},
		{"--timeout nan x", "not a time"},
		{"--timeout inf x", "not a time"},
		{"--timeout 1e30 x", "not a time"},
		{"--timeout 5s x", "not a time"},
	};

	ck_assert_uint_lt((size_t)_i, sizeof(cases) / sizeof(cases[0]));
	refused(cases[_i].line, cases[_i].words);
}
END_TEST

/* Every option of the table is in the help text. */
START_TEST(help)
{
	static const char *const words[] = {
		"--trace",   "--method",           "--format", "--output",  "--summary",  "--quiet",  "--layout",
		"--kernel",  "--memory",           "--cpus",   "--timeout", "--allow-wx", "--doctor", "--calibrate",
		"--correct", "--observation-cost", "--help",   "--version"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_msg(strstr(options_help, words[i]) != NULL, "%s is not in the help", words[i]);
}
END_TEST

Suite *options_suite(void)
{
	Suite *suite = suite_create("options");
	TCase *right = tcase_create("right"), *wrong_ones = tcase_create("wrong");

	tcase_add_test(right, defaults);
	tcase_add_loop_test(right, trace, 0, 12);
	tcase_add_test(right, layout);
	tcase_add_test(right, trace_calls);
	tcase_add_loop_test(right, memory, 0, 6);
	tcase_add_test(right, others);
	tcase_add_loop_test(right, roots, 0, 6);
	tcase_add_test(right, wrong_roots);
	tcase_add_test(right, environment);
	tcase_add_test(right, actions);
	tcase_add_test(right, cost);
	tcase_add_test(right, guest_arguments);
	tcase_add_test(right, help);
	tcase_add_loop_test(wrong_ones, wrong, 0, 49);
	suite_add_tcase(suite, right);
	suite_add_tcase(suite, wrong_ones);
	return suite;
}
