/* SPDX-License-Identifier: MIT */
/*
 * main.c: runs every suite of unit tests. None of them needs /dev/kvm. Check's environment variables choose
 * (CK_RUN_SUITE, CK_RUN_CASE) and help (CK_FORK=no for a debugger, CK_VERBOSITY=verbose).
 */
#include <stdlib.h>

#include "suites.h"

/* clang-format off */
static Suite *(*const suites[])(void) = {
	access_suite,
	boot_suite,
	cpus_suite,
	crossings_suite,
	decode_suite,
	devices_suite,
	diff_suite,
	doctor_suite,
	elf_image_suite,
	elf_segments_suite,
	expect_suite,
	fault_suite,
	files_suite,
	filter_suite,
	guest_ram_suite,
	html_suite,
	hypercall_suite,
	json_numbers_suite,
	json_suite,
	layout_suite,
	namespace_suite,
	observation_suite,
	options_suite,
	processes_suite,
	protobuf_suite,
	quirks_suite,
	record_suite,
	replay_suite,
	rings_suite,
	sites_suite,
	standard_files_suite,
	stream_suite,
	svg_suite,
	symbols_suite,
	syscalls_suite,
	text_suite,
	trace_suite,
	tracer_suite,
	verdict_suite,
	vm_exit_suite,
	walk_suite,
	writer_suite,
};
/* clang-format on */

const char *__asan_default_options(void);

/* What is freed is kept for a while by AddressSanitizer, to find who still uses it: 256 MB by default. The process that
   runs the tests frees a message for each assertion, and every test is a fork of it, searched for leaks at its end. */
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=4";
}

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
