/* SPDX-License-Identifier: MIT */
/*
 * suites.h: every suite of unit tests. A new one is a file, a line here, and a line of the table in main.c.
 */
#ifndef TESTS_UNIT_SUITES_H
#define TESTS_UNIT_SUITES_H

#include <check.h>

Suite *access_suite(void);
Suite *boot_suite(void);
Suite *cpus_suite(void);
Suite *crossings_suite(void);
Suite *decode_suite(void);
Suite *devices_suite(void);
Suite *diff_suite(void);
Suite *doctor_suite(void);
Suite *elf_image_suite(void);
Suite *elf_segments_suite(void);
Suite *expect_suite(void);
Suite *fault_suite(void);
Suite *files_suite(void);
Suite *filter_suite(void);
Suite *guest_ram_suite(void);
Suite *html_suite(void);
Suite *hypercall_suite(void);
Suite *json_numbers_suite(void);
Suite *json_suite(void);
Suite *layout_suite(void);
Suite *namespace_suite(void);
Suite *observation_suite(void);
Suite *options_suite(void);
Suite *processes_suite(void);
Suite *protobuf_suite(void);
Suite *quirks_suite(void);
Suite *record_suite(void);
Suite *replay_suite(void);
Suite *rings_suite(void);
Suite *sites_suite(void);
Suite *standard_files_suite(void);
Suite *stream_suite(void);
Suite *svg_suite(void);
Suite *symbols_suite(void);
Suite *syscalls_suite(void);
Suite *text_suite(void);
Suite *trace_suite(void);
Suite *tracer_suite(void);
Suite *verdict_suite(void);
Suite *vm_exit_suite(void);
Suite *walk_suite(void);
Suite *writer_suite(void);

#endif
