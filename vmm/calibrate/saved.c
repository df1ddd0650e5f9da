/* SPDX-License-Identifier: MIT */
/* saved.c: lines of a key and its value. Who wrote the file is not known: a line that is none is as one that is
 * missing. */
#include "saved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE    256
#define LINES   64
#define NS_MAX  UINT64_C(1000000000) /* a second: nobody's observation */
#define FORMAT1 "vmm calibration 1"

void calibration_here(struct calibration_place *place, const char *version, const char *host)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[LINE];

	*place = (struct calibration_place){.version = version, .host = host, .cpu = "unknown"};
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		const char *name = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || name == NULL)
			continue;
		name += strspn(name, ": ");
		snprintf(place->cpu, sizeof(place->cpu), "%.*s", (int)strcspn(name, "\n"), name);
		break;
	}
	if (file != NULL)
		fclose(file);
}

/* False: there is no home for it. */
static bool find_path(char path[PATH_MAX])
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int length;

	if (cache != NULL && cache[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/vmm/calibration", cache);
	else if (home != NULL && home[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/.cache/vmm/calibration", home);
	else
		return false;
	return length < PATH_MAX;
}

/* The directories on the way to it; those that are missing. */
static void make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
}

static bool write_file(FILE *file, const struct calibration *calibration, const struct calibration_place *place)
{
	fprintf(file, FORMAT1 "\nvmm %s\nhost %s\ncpu %s\n", place->version, place->host, place->cpu);
	for (size_t i = 1; i < CALIBRATE_WAYS; i++) {
		const struct calibrated_way *way = &calibration->ways[i];

		if (way->why_not[0] == '\0' && way->quickest_ns >= 1)
			fprintf(file, "%s %s %.0f\n", way->method, way->report, way->quickest_ns);
	}
	return fflush(file) == 0 && ferror(file) == 0;
}

bool calibration_save(const struct calibration *calibration, const struct calibration_place *place, char path[PATH_MAX],
		      struct vmm_error *error)
{
	FILE *file;
	bool written;

	if (!find_path(path))
		return error_set(error, "neither XDG_CACHE_HOME nor HOME says where");
	make_directories(path);
	file = fopen(path, "we");
	if (file == NULL)
		return error_set(error, "%.200s: %s", path, strerror(errno));
	written = write_file(file, calibration, place);
	if (fclose(file) != 0 || !written) {
		error_set(error, "%.200s: %s", path, strerror(errno));
		(void)unlink(path);
		return false;
	}
	return true;
}

/* The rest of a line that begins with this word and a space; NULL: it does not. */
static char *value_of(char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && line[length] == ' ' ? line + length + 1 : NULL;
}

static bool is_value(char *line, const char *key, const char *wanted)
{
	const char *value = value_of(line, key);

	return value != NULL && strcmp(value, wanted) == 0;
}

static uint64_t find_value(FILE *file, const struct calibration_place *place, const char *method, const char *report)
{
	char line[LINE], *value, *end;
	bool format = false, version = false, host = false, cpu = false;
	uint64_t ns = 0;

	for (unsigned i = 0; i < LINES && fgets(line, sizeof(line), file) != NULL; i++) {
		line[strcspn(line, "\n")] = '\0';
		format |= i == 0 && strcmp(line, FORMAT1) == 0;
		version |= is_value(line, "vmm", place->version);
		host |= is_value(line, "host", place->host);
		cpu |= is_value(line, "cpu", place->cpu);
		value = value_of(line, method);
		value = value != NULL ? value_of(value, report) : NULL;
		if (value == NULL)
			continue;
		ns = strtoull(value, &end, 10);
		if (*end != '\0' || end == value || ns > NS_MAX)
			ns = 0;
	}
	return format && version && host && cpu ? ns : 0;
}

uint64_t calibration_saved(const struct calibration_place *place, const char *method, const char *report)
{
	char path[PATH_MAX];
	uint64_t ns = 0;
	FILE *file;

	if (!find_path(path) || (file = fopen(path, "re")) == NULL)
		return 0;
	ns = find_value(file, place, method, report);
	fclose(file);
	return ns;
}
