/* SPDX-License-Identifier: MIT */
/* diff.c: the command line of `vmm diff`, and its files. */
#include "diff.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "run/run.h" /* the exit statuses */
#include "view/diff_show.h"
#include "view/two_traces.h"

static const char help[] =
	"Usage: vmm diff [options] [--] A B\n"
	"\n"
	"Compares two traces that `vmm --format json -o FILE` has recorded: what was counted and what it cost, the order of\n"
	"the transitions of each thread, the processes, and the address spaces. Needs no KVM. One of them may be - for\n"
	"standard input.\n"
	"\n"
	"  -e, --trace LIST     what makes the runs differ: syscall,int,exception (default), interrupt, exit, all\n"
	"      --times PERCENT  so do mean times inside that are further apart than that\n"
	"  -f, --format F       text (default), json (one object a line)\n"
	"  -o, --output FILE    write to FILE; default: standard output\n"
	"  -q, --quiet          write nothing: the exit status says it\n"
	"  -h, --help\n"
	"\n"
	"Processes and threads are matched by order of appearance. Times, frames and addresses in arguments are shown, but\n"
	"make no difference; nor do the options and the host of a run, so that methods and hosts can be compared.\n"
	"\n"
	"Exit status: 0 the same, 1 not the same, 125 trouble.\n";

struct diff_command {
	struct diff_options options;
	const struct diff_sink *sink;
	const char *inputs[2], *output;
	bool quiet, help;
};

enum { OPTION_TIMES = 256 };

static const struct option long_options[] = {
	{"trace", required_argument, NULL, 'e'},
	{"times", required_argument, NULL, OPTION_TIMES},
	{"format", required_argument, NULL, 'f'},
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static bool parse_trace(struct diff_options *options, const char *list, struct vmm_error *error)
{
	static const struct {
		const char *word;
		unsigned causes;
	} words[] = {
		{"syscall", DIFF_CAUSE(CAUSE_SYSCALL)},
		{"int", DIFF_CAUSE(CAUSE_INT)},
		{"exception", DIFF_CAUSE(CAUSE_EXCEPTION)},
		{"interrupt", DIFF_CAUSE(CAUSE_INTERRUPT) | DIFF_CAUSE(CAUSE_NMI)},
		{"exit", DIFF_EXIT},
		{"all", DIFF_ALL},
	};
	const size_t count = sizeof(words) / sizeof(words[0]);

	options->causes = 0;
	for (bool more = true; more; list++) {
		size_t length = strcspn(list, ","), i = 0;

		while (i < count && (strlen(words[i].word) != length || strncmp(words[i].word, list, length) != 0))
			i++;
		if (i == count)
			return error_set(
				error,
				"diff: --trace: unknown event '%.*s'; known are syscall, int, exception, interrupt, exit, all",
				(int)(length < 40 ? length : 40), list);
		options->causes |= words[i].causes;
		list += length;
		more = *list != '\0';
	}
	return true;
}

static bool parse_times(struct diff_options *options, const char *text, struct vmm_error *error)
{
	char *end;

	options->times = true;
	options->percent = strtod(text, &end);
	return *end == '\0' && end != text && isfinite(options->percent) && options->percent >= 0
		       ? true
		       : error_set(error, "diff: --times: '%.40s' is not a percentage, such as 20", text);
}

static bool parse_format(struct diff_command *command, const char *text, struct vmm_error *error)
{
	command->sink = strcmp(text, "text") == 0 ? &diff_text : strcmp(text, "json") == 0 ? &diff_json : NULL;
	return command->sink != NULL
		       ? true
		       : error_set(error, "diff: --format: unknown format '%.40s'; known are text and json", text);
}

static bool parse_one(struct diff_command *command, int option, const char *text, struct vmm_error *error)
{
	switch (option) {
	case 'e':
		return parse_trace(&command->options, text, error);
	case OPTION_TIMES:
		return parse_times(&command->options, text, error);
	case 'f':
		return parse_format(command, text, error);
	case 'o':
		command->output = text;
		return text[0] != '\0' ? true : error_set(error, "diff: --output: the file name is empty");
	case 'q':
		command->quiet = true;
		return true;
	default:
		command->help = true;
		return true;
	}
}

static bool parse(struct diff_command *command, int argc, char **argv, struct vmm_error *error)
{
	int option;

	*command = (struct diff_command){.options = {.causes = DIFF_DEFAULT}, .sink = &diff_text};
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":e:f:o:qh", long_options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return command_refuse_option("diff", argv, option, error);
		if (!parse_one(command, option, optarg, error))
			return false;
	}
	if (command->help)
		return true;
	if (argc - optind != 2)
		return error_set(error,
				 "diff: needs two traces, A and B; record one by: vmm --format json -o FILE IMAGE");
	command->inputs[0] = argv[optind];
	command->inputs[1] = argv[optind + 1];
	if (strcmp(command->inputs[0], "-") == 0 && strcmp(command->inputs[1], "-") == 0)
		return error_set(error, "diff: only one of the two can be standard input");
	return true;
}

/* What has been compared, into the output */
static int show(const struct diff_command *command, struct profile profiles[2], const struct order *order,
		struct vmm_error *error)
{
	const int inputs[2] = {profiles[0].fd, profiles[1].fd};
	struct diff_show show = {.names = {profiles[0].trace.name, profiles[1].trace.name}};
	struct output output;
	bool same;

	if (!output_open(&output, command->quiet ? "/dev/null" : command->output, inputs, 2, error))
		return command_fail(error);
	show.out = output.writer;
	show.color = output.color;
	same = compare_profiles(&profiles[0], &profiles[1], order, &command->options, command->sink, &show);
	return output_close(&output, same ? 0 : 1);
}

static bool open_side(struct profile *profile, const char *path, struct vmm_error *error)
{
	profile->fd = command_open_input(path, error);
	if (profile->fd < 0)
		return false;
	profile->path = path;
	if (!trace_open(&profile->trace, profile->fd, path, error))
		return false;
	return profile_open(profile) ? true : error_set(error, "%s: no memory to read it", profile->trace.name);
}

static void close_side(struct profile *profile)
{
	profile_close(profile);
	trace_close(&profile->trace);
	command_close_input(profile->fd);
}

int diff_command(int argc, char **argv)
{
	struct profile *profiles = calloc(2, sizeof(*profiles));
	struct diff_command command;
	struct order order = {0};
	struct vmm_error error;
	int status;

	if (profiles == NULL)
		status = command_fail((error_set(&error, "diff: no memory"), &error));
	else if (!parse(&command, argc, argv, &error))
		status = command_fail(&error);
	else if (command.help)
		status = command_print(help);
	else if (!open_side(&profiles[0], command.inputs[0], &error) ||
		 !open_side(&profiles[1], command.inputs[1], &error) ||
		 !read_two_traces(profiles, &order, &command.options, &error))
		status = command_fail(&error);
	else
		status = show(&command, profiles, &order, &error);
	for (unsigned i = 0; profiles != NULL && i < 2; i++)
		close_side(&profiles[i]);
	order_close(&order);
	free(profiles);
	return status;
}
