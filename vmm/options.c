/* SPDX-License-Identifier: MIT */
/* options.c: getopt_long, and a clear line for every way to get an option wrong. */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "machine/guest_ram.h"
#include "report/stream.h"
#include "run/run.h"
#include "run/sites.h"
#include "x86.h"

#define TIMEOUT_MAX_SECONDS  31536000.0    /* a year */
#define OBSERVATION_COST_MAX 1000000000ULL /* ns: a second */

enum long_only {
	OPTION_LAYOUT = 256,
	OPTION_KERNEL,
	OPTION_MEMORY,
	OPTION_CPUS,
	OPTION_ROOT,
	OPTION_ENV,
	OPTION_TIMEOUT,
	OPTION_ALLOW_WX,
	OPTION_EXPECT,
	OPTION_DOCTOR,
	OPTION_CALIBRATE,
	OPTION_CORRECT,
	OPTION_OBSERVATION_COST,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct option long_options[] = {
	{"trace", required_argument, NULL, 'e'},
	{"method", required_argument, NULL, 'm'},
	{"format", required_argument, NULL, 'f'},
	{"output", required_argument, NULL, 'o'},
	{"summary", no_argument, NULL, 'c'},
	{"quiet", no_argument, NULL, 'q'},
	{"layout", optional_argument, NULL, OPTION_LAYOUT},
	{"kernel", required_argument, NULL, OPTION_KERNEL},
	{"memory", required_argument, NULL, OPTION_MEMORY},
	{"cpus", required_argument, NULL, OPTION_CPUS},
	{"root", required_argument, NULL, OPTION_ROOT},
	{"env", required_argument, NULL, OPTION_ENV},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"allow-wx", no_argument, NULL, OPTION_ALLOW_WX},
	{"expect", required_argument, NULL, OPTION_EXPECT},
	{"doctor", no_argument, NULL, OPTION_DOCTOR},
	{"calibrate", no_argument, NULL, OPTION_CALIBRATE},
	{"correct", no_argument, NULL, OPTION_CORRECT},
	{"observation-cost", required_argument, NULL, OPTION_OBSERVATION_COST},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{NULL, 0, NULL, 0},
};

struct word {
	const char *name;
	unsigned value;
};

static const struct word trace_words[] = {
	{"syscall", TRACE_SYSCALL},
	{"int", TRACE_INT},
	{"exception", TRACE_EXCEPTION},
	{"interrupt", TRACE_INTERRUPT},
	{"return", TRACE_RETURN},
	{"exit", TRACE_EXIT},
	{"all", TRACE_ALL},
	{"none", 0},
	{NULL, 0},
};

static const struct word layout_words[] = {
	{"start", LAYOUT_START}, {"switch", LAYOUT_SWITCH}, {"end", LAYOUT_END}, {"never", 0}, {NULL, 0},
};

/* ORs the values of a comma-separated list; returns the first word that is not in the table, or NULL. */
static const char *parse_words(const char *list, const struct word *words, unsigned *value, size_t *bad_length)
{
	*value = 0;
	for (;;) {
		size_t length = strcspn(list, ",");
		const struct word *word = words;

		while (word->name != NULL && (strlen(word->name) != length || strncmp(word->name, list, length) != 0))
			word++;
		if (word->name == NULL) {
			*bad_length = length;
			return list;
		}
		*value |= word->value;
		if (list[length] == '\0')
			return NULL;
		list += length + 1;
	}
}

static const struct word *find_word(const char *text, size_t length, const struct word *words)
{
	for (; words->name != NULL; words++)
		if (strlen(words->name) == length && strncmp(words->name, text, length) == 0)
			return words;
	return NULL;
}

static bool refuse_trace(const char *word, size_t length, struct vmm_error *error)
{
	const char *names[sizeof(trace_words) / sizeof(trace_words[0])];
	const char *nearest;
	size_t i = 0;

	for (; trace_words[i].name != NULL; i++)
		names[i] = trace_words[i].name;
	names[i] = NULL;
	nearest = call_filter_nearest(word, length, names);
	return error_set(
		error,
		"--trace: unknown event '%.*s'%s%s%s; known are syscall, int, exception, interrupt, return, exit, "
		"all, none, classes (file, process, memory, signal, desc, network...), names of system calls, and ! in "
		"front for all others",
		(int)(length < 40 ? length : 40), word, nearest != NULL ? " (did you mean '" : "",
		nearest != NULL ? nearest : "", nearest != NULL ? "'?)" : "");
}

/* Causes, classes of system calls and single ones, mixed; ! in front: everything else. */
static bool parse_trace(struct options *options, const char *text, struct vmm_error *error)
{
	const char *list = strncmp(text, "trace=", 6) == 0 ? text + 6 : text, *word;
	bool negate = list[0] == '!', more = true;
	struct call_filter calls = {.mode = FILTER_NONE};
	unsigned causes = 0;

	for (word = list + negate; more; word++) {
		size_t length = strcspn(word, ",");
		const struct word *cause = find_word(word, length, trace_words);

		if (cause != NULL)
			causes |= cause->value;
		else if (call_filter_add(&calls, word, length))
			calls.mode = negate ? FILTER_EXCEPT : FILTER_ONLY;
		else
			return refuse_trace(word, length, error);
		word += length;
		more = *word != '\0';
	}
	options->trace = negate ? TRACE_ALL & ~causes : causes;
	options->calls = calls;
	options->trace_text = list;
	return true;
}

static bool parse_method(struct options *options, const char *text, struct vmm_error *error)
{
	if (strcmp(text, "trap") == 0)
		options->method = METHOD_TRAP;
	else if (strcmp(text, "off") == 0)
		options->method = METHOD_OFF;
	else if (strcmp(text, "ring") == 0)
		options->method = METHOD_RING;
	else if (strcmp(text, "watch") == 0)
		return error_set(error, "--method %s: not in this version yet; use trap, ring or off", text);
	else
		return error_set(error, "--method: unknown method '%.40s'; known are trap, ring and off", text);
	return true;
}

const char *method_name(enum method method)
{
	static const char *const names[] = {[METHOD_TRAP] = "trap", [METHOD_RING] = "ring", [METHOD_OFF] = "off"};

	return names[method];
}

static bool parse_layout(struct options *options, const char *text, struct vmm_error *error)
{
	const char *bad;
	size_t length;

	if (text == NULL) {
		options->layout = LAYOUT_START | LAYOUT_END;
		return true;
	}
	bad = parse_words(text, layout_words, &options->layout, &length);
	if (bad != NULL)
		return error_set(error, "--layout: unknown time '%.*s'; known are start, switch, end, never",
				 (int)(length < 40 ? length : 40), bad);
	return true;
}

static bool parse_memory(struct options *options, const char *text, struct vmm_error *error)
{
	char *end;
	unsigned long long value;
	unsigned shift = 0;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || errno != 0)
		return error_set(error, "--memory: '%.40s' is not a size; give a number with K, M or G, such as 64M",
				 text);
	switch (toupper((unsigned char)*end)) {
	case 'G':
		shift += 10; /* fall through */
		__attribute__((fallthrough));
	case 'M':
		shift += 10;
		__attribute__((fallthrough));
	case 'K':
		shift += 10;
		end++;
	}
	if (*end != '\0')
		return error_set(error, "--memory: '%.40s' is not a size; give a number with K, M or G, such as 64M",
				 text);
	if (value > GUEST_RAM_MAX >> shift || value << shift < GUEST_RAM_MIN)
		return error_set(error, "--memory %.40s: out of range; at least %lluM, at most %lluG", text,
				 (unsigned long long)(GUEST_RAM_MIN >> 20), (unsigned long long)(GUEST_RAM_MAX >> 30));
	/* Whole large pages, for the direct map. */
	options->memory = ((value << shift) + LARGE_PAGE_SIZE - 1) & ~(LARGE_PAGE_SIZE - 1);
	return true;
}

static bool parse_cpus(struct options *options, const char *text, struct vmm_error *error)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end != '\0' || !isdigit((unsigned char)text[0]) || value < 1 || value > VMM_CPUS_MAX)
		return error_set(error, "--cpus: '%.40s' is not a number of CPUs from 1 to %d", text, VMM_CPUS_MAX);
	options->cpus = (unsigned)value;
	return true;
}

/* From the end: DIR may contain ':', but what follows the last one is a mount. */
static bool parse_root(struct options *options, const char *text, struct vmm_error *error)
{
	struct root_option root = {.directory = text};
	int length = (int)strnlen(text, 1 << 20);
	const char *colon;

	if (length > 3 && strncmp(text + length - 3, ":rw", 3) == 0) {
		root.writable = true;
		length -= 3;
	}
	colon = memrchr(text, ':', (size_t)length);
	root.directory_length = colon != NULL ? (int)(colon - text) : length;
	if (colon != NULL) {
		root.mount = colon + 1;
		root.mount_length = length - root.directory_length - 1;
	}
	if (root.directory_length == 0)
		return error_set(error,
				 "--root: '%.60s' names no directory; give DIR, DIR:/MOUNT, DIR:rw or DIR:/MOUNT:rw",
				 text);
	if (colon != NULL && root.mount[0] != '/')
		return error_set(error, "--root %.60s: the mount '%.*s' must begin with /, as in %.*s:/mnt", text,
				 root.mount_length < 60 ? root.mount_length : 60, root.mount,
				 root.directory_length < 60 ? root.directory_length : 60, text);
	if (options->root_count == ROOTS_MAX)
		return error_set(error, "--root %.60s: too many; at most %d", text, ROOTS_MAX);
	options->roots[options->root_count++] = root;
	return true;
}

static bool parse_env(struct options *options, char *text, struct vmm_error *error)
{
	size_t length = strcspn(text, "=");

	if (length == 0 || text[length] == '\0')
		return error_set(error, "--env: '%.60s' is not NAME=VALUE", text);
	for (unsigned i = 0; i < options->environment_count; i++)
		if (strncmp(options->environment[i], text, length + 1) == 0) {
			options->environment[i] = text; /* the last one counts */
			return true;
		}
	if (options->environment_count == ENVIRONMENT_MAX)
		return error_set(error, "--env %.60s: too many; at most %d", text, ENVIRONMENT_MAX);
	options->environment[options->environment_count++] = text;
	return true;
}

static bool parse_timeout(struct options *options, const char *text, struct vmm_error *error)
{
	char *end;
	double value = strtod(text, &end);

	if (*end != '\0' || end == text || !isfinite(value) || value <= 0 || value > TIMEOUT_MAX_SECONDS)
		return error_set(error, "--timeout: '%.40s' is not a time in seconds (more than 0, at most %.0f)", text,
				 TIMEOUT_MAX_SECONDS);
	options->timeout_ns = (uint64_t)(value * 1e9);
	if (options->timeout_ns == 0)
		options->timeout_ns = 1;
	return true;
}

static bool parse_observation_cost(struct options *options, const char *text, struct vmm_error *error)
{
	char *end;

	errno = 0;
	options->observation_cost = strtoull(text, &end, 10);
	if (*end != '\0' || !isdigit((unsigned char)text[0]) || errno != 0 || options->observation_cost == 0 ||
	    options->observation_cost > OBSERVATION_COST_MAX)
		return error_set(error, "--observation-cost: '%.40s' is not a number of ns from 1 to %llu", text,
				 OBSERVATION_COST_MAX);
	return true;
}

static bool parse_format(struct options *options, const char *text, struct vmm_error *error)
{
	char known[128];
	size_t used = 0;

	options->format = text;
	if (renderer_find(text) != NULL)
		return true;
	for (const struct renderer *renderer = renderers; renderer->name != NULL; renderer++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", used > 0 ? ", " : "",
					 renderer->name);
	return error_set(error, "--format: unknown format '%.40s'; known are %s%s", text, known,
			 strcmp(text, "f") == 0 ? " (strace's -f is not needed: all processes are shown)" : "");
}

static bool parse_one(struct options *options, int option, char *text, struct vmm_error *error)
{
	switch (option) {
	case 'e':
		return parse_trace(options, text, error);
	case 'm':
		return parse_method(options, text, error);
	case 'f':
		return parse_format(options, text, error);
	case 'o':
		options->output = text;
		return text[0] != '\0' ? true : error_set(error, "--output: the file name is empty");
	case 'c':
		options->summary = true;
		return true;
	case 'q':
		options->quiet = true;
		return true;
	case OPTION_LAYOUT:
		return parse_layout(options, text, error);
	case OPTION_KERNEL:
		options->kernel = text;
		return true;
	case OPTION_MEMORY:
		return parse_memory(options, text, error);
	case OPTION_CPUS:
		return parse_cpus(options, text, error);
	case OPTION_ROOT:
		return parse_root(options, text, error);
	case OPTION_ENV:
		return parse_env(options, text, error);
	case OPTION_TIMEOUT:
		return parse_timeout(options, text, error);
	case OPTION_ALLOW_WX:
		options->allow_wx = true;
		return true;
	case OPTION_EXPECT:
		return expect_add(&options->expectations, text, error);
	case OPTION_DOCTOR:
		options->action = ACTION_DOCTOR;
		return true;
	case OPTION_CALIBRATE:
		options->action = ACTION_CALIBRATE;
		return true;
	case OPTION_CORRECT:
		options->correct = options->summary = true;
		return true;
	case OPTION_OBSERVATION_COST:
		return parse_observation_cost(options, text, error);
	case 'h':
	case OPTION_HELP:
		options->action = ACTION_HELP;
		return true;
	default:
		options->action = ACTION_VERSION;
		return true;
	}
}

/* optopt is a short option's letter, a known long option's value, or 0 for an unknown or ambiguous long one. */
static bool refuse_option(char **argv, int result, struct vmm_error *error)
{
	const char *word = argv[optind - 1];
	bool is_long = strncmp(word, "--", 2) == 0;

	if (result == ':' && !is_long)
		return error_set(error, "option -%c needs an argument; see vmm --help", optopt);
	if (result == ':')
		return error_set(error, "option %.60s needs an argument; see vmm --help", word);
	if (!is_long)
		return error_set(error, "unknown option -%c; see vmm --help", optopt);
	if (optopt == 0)
		return error_set(error, "unknown option %.60s; see vmm --help", word);
	return error_set(error, "option %.60s takes no argument; see vmm --help", word);
}

/* The options of a run, and those of the command behind them. */
static void join_options(struct option *all, const struct options_more *more)
{
	size_t count = sizeof(long_options) / sizeof(long_options[0]) - 1;

	memcpy(all, long_options, sizeof(long_options));
	for (size_t i = 0; more != NULL && i < OPTIONS_MORE_MAX && more->options[i].name != NULL; i++) {
		all[count++] = more->options[i];
		all[count] = (struct option){0};
	}
}

/* Options and words in any order, up to IMAGE. */
static bool parse_all(struct options *options, int argc, char **argv, const struct options_more *more,
		      struct vmm_error *error)
{
	struct option all[sizeof(long_options) / sizeof(long_options[0]) + OPTIONS_MORE_MAX];
	unsigned words = more != NULL ? more->words : 0;
	int option;

	join_options(all, more);
	opterr = 0;
	for (;;) {
		/* '+': the guest's own options, behind IMAGE, are not ours. ':': tell a missing argument apart. */
		option = getopt_long(argc, argv, "+:e:m:f:o:cqh", all, NULL);
		if (option == '?' || option == ':')
			return refuse_option(argv, option, error);
		if (more != NULL && option >= OPTION_MORE ? !more->option(more->context, option, optarg, error)
							  : option != -1 && !parse_one(options, option, optarg, error))
			return false;
		if (option != -1)
			continue;
		if (words == 0 || optind == argc)
			return true;
		words--;
		if (!more->word(more->context, argv[optind++], error))
			return false;
	}
}

/* What nobody observes cannot be counted. */
static bool check_expectations(const struct options *options, struct vmm_error *error)
{
	bool off = options->method == METHOD_OFF;
	const struct expectation *item =
		expect_unobserved(&options->expectations, off ? 0 : options->trace, &options->calls);

	if (item == NULL)
		return true;
	return error_set(error,
			 "--expect '%.60s': %s %.60s leaves out what it counts; observe it, and hide events with -q",
			 item->text, off ? "--method" : "--trace", off ? "off" : options->trace_text);
}

bool options_parse_more(struct options *options, int argc, char **argv, const struct options_more *more,
			struct vmm_error *error)
{
	*options = (struct options){
		.action = ACTION_RUN,
		.trace = TRACE_ALL,
		.trace_text = "all",
		.method = METHOD_TRAP,
		.format = "text",
		.layout = LAYOUT_START | LAYOUT_END,
		.memory = DEFAULT_MEMORY,
		.cpus = 1,
	};
	if (!parse_all(options, argc, argv, more, error))
		return false;
	if (options->action == ACTION_CALIBRATE && optind < argc)
		return error_set(error, "--calibrate: measures with a guest of its own; '%.60s' is one word too many",
				 argv[optind]);
	if (options->action == ACTION_CALIBRATE && strcmp(options->format, "text") != 0 &&
	    strcmp(options->format, "json") != 0)
		return error_set(error, "--calibrate: prints text or json, not %s", options->format);
	if (options->action != ACTION_RUN)
		return true;
	if (strcmp(options->format, "svg") == 0 && (options->quiet || options->layout == 0))
		return error_set(error, "--format svg: draws the address space, which %s leaves out; run without that",
				 options->quiet ? "-q" : "--layout=never");
	if (optind == argc)
		return error_set(error, "%s",
				 more != NULL ? more->missing : "no IMAGE given; try: vmm guest.elf, or vmm --help");
	if (renderer_find(options->format)->binary && options->output == NULL)
		return error_set(error, "--format %s: is binary, and standard error also has messages; add -o FILE",
				 options->format);
	options->image = argv[optind];
	options->arguments = argv + optind;
	return check_expectations(options, error);
}

bool options_parse(struct options *options, int argc, char **argv, struct vmm_error *error)
{
	return options_parse_more(options, argc, argv, NULL, error);
}
