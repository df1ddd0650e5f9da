/* SPDX-License-Identifier: MIT */
/* calibrate.c: measures, prints, saves. */
#include "calibrate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "machine/kvm.h"
#include "report/json_line.h"
#include "report/writer.h"
#include "saved.h"

struct result {
	struct calibration calibration;
	struct calibration_place place;
	bool saved;
	char path[PATH_MAX];
	struct vmm_error not_saved;
};

static void print_way(const struct calibrated_way *way)
{
	const bool off = strcmp(way->method, "off") == 0;

	printf("  %-7s %-7s", way->method, off ? "-" : way->report);
	if (way->why_not[0] != '\0') {
		printf(" not measured: %s\n", way->why_not);
		return;
	}
	printf(" %9.0f %9.0f %9.0f", calibration_tenth(way->call_ns, 0), calibration_tenth(way->call_ns, 5),
	       calibration_tenth(way->call_ns, 9));
	if (!off)
		printf("  %9.0f %9.0f %9.0f", way->quickest_ns, calibration_tenth(way->each_ns, 5),
		       calibration_tenth(way->each_ns, 9));
	putchar('\n');
}

static void print_text(const struct result *result)
{
	printf("host: KVM %s, %s; %d rounds of %d times %d null system calls, the methods take turns\n\n",
	       result->place.host, result->place.cpu, CALIBRATE_ROUNDS, CALIBRATE_BATCHES, CALIBRATE_CALLS);
	printf("                        ns a system call              ns an observation\n");
	printf("  METHOD  REPORT   quickest    median      90 %%   quickest    median      90 %%\n");
	for (size_t i = 0; i < CALIBRATE_WAYS; i++)
		print_way(&result->calibration.ways[i]);
	printf("\nA call is observed twice, at its entry and at its return; of each run its quickest batch counts.\n"
	       "REPORT: to /dev/null; none: -q.\n");
	if (result->saved)
		printf("The quickest are in %s; -c uses them from now on.\n", result->path);
	else
		printf("They could not be saved for later runs: %s. Give --observation-cost NS instead.\n",
		       result->not_saved.text);
}

static void put_spread(struct json_line *line, double quickest, const double *sorted)
{
	json_open(line, '{');
	json_key(line, "quickest");
	json_signed(line, (int64_t)quickest);
	json_key(line, "median");
	json_signed(line, (int64_t)calibration_tenth(sorted, 5));
	json_key(line, "p90");
	json_signed(line, (int64_t)calibration_tenth(sorted, 9));
	json_close(line, '}');
}

static void put_way(struct json_line *line, const struct calibrated_way *way)
{
	json_open(line, '{');
	json_key(line, "method");
	json_string(line, way->method);
	json_key(line, "report");
	json_string(line, way->report);
	if (way->why_not[0] != '\0') {
		json_key(line, "not_measured");
		json_string(line, way->why_not);
	} else {
		json_key(line, "call_ns");
		put_spread(line, way->call_ns[0], way->call_ns);
		json_key(line, "observation_ns");
		put_spread(line, way->quickest_ns, way->each_ns);
	}
	json_close(line, '}');
}

static bool print_json(const struct result *result, struct vmm_error *error)
{
	struct writer *writer = writer_open(STDOUT_FILENO, false);
	struct json_line line;
	int failed;

	if (writer == NULL)
		return error_set(error, "no memory for the report's buffer");
	json_begin(&line, writer);
	json_key(&line, "type");
	json_string(&line, "calibration");
	json_key(&line, "vmm");
	json_string(&line, result->place.version);
	json_key(&line, "kvm");
	json_string(&line, result->place.host);
	json_key(&line, "cpu");
	json_string(&line, result->place.cpu);
	json_key(&line, "rounds");
	json_unsigned(&line, CALIBRATE_ROUNDS);
	json_key(&line, "ways");
	json_open(&line, '[');
	for (size_t i = 0; i < CALIBRATE_WAYS; i++)
		put_way(&line, &result->calibration.ways[i]);
	json_close(&line, ']');
	json_key(&line, "saved");
	json_string(&line, result->saved ? result->path : NULL);
	json_end(&line);
	writer_event_done(writer);
	failed = writer_close(writer);
	return failed == 0 ? true : error_set(error, "standard output: cannot write: %s", strerror(failed));
}

bool calibrate(bool json, const char *version, struct vmm_error *error)
{
	struct result result;
	struct kvm kvm;
	bool opened = kvm_open(&kvm, error);

	kvm_close(&kvm);
	if (!opened || !calibration_measure(&result.calibration, error))
		return false;
	calibration_here(&result.place, version, kvm_kind_name(kvm.kind));
	result.saved = calibration_save(&result.calibration, &result.place, result.path, &result.not_saved);
	if (json)
		return print_json(&result, error);
	print_text(&result);
	return fflush(stdout) == 0 ? true : error_set(error, "standard output: cannot write: %s", strerror(errno));
}
