/* SPDX-License-Identifier: MIT */
/* view.c: the command line of `vmm view`, and its files. */
#include "view.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "run/run.h" /* the exit statuses */
#include "view/replay.h"

#define STATUS_DOUBTFUL 1

static const char help[] =
	"Usage: vmm view [options] [--] FILE\n"
	"\n"
	"Shows a trace that `vmm --format json -o FILE` has recorded, in any form that a run can be shown in. Needs no\n"
	"KVM. FILE is - for standard input.\n"
	"\n"
	"  -f, --format F       text (default) or any other format of vmm; json writes a trace again\n"
	"  -o, --output FILE    write to FILE; default: standard output\n"
	"  -c, --summary        counts, times and exits at the end, also when the trace has none\n"
	"  -q, --quiet          no events and no layout (with -c: only the summary)\n"
	"      --layout[=WHEN]  only these address spaces: start, switch, end (comma-separated), never; default: all\n"
	"  -h, --help\n"
	"\n"
	"Exit status: 0; 1 when the trace is cut off, or its numbers contradict its lines (what is there is shown);\n"
	"125 when FILE is no trace, or not from some line on, or on any other trouble.\n"
	"\n"
	"Examples:  vmm view t.jsonl | less\n"
	"           vmm view -q -c t.jsonl         only the summary\n"
	"           vmm -f json hello 2>&1 >/dev/null | vmm view -\n";

struct view_options {
	const struct renderer *renderer;
	const char *input, *output;
	struct replay_options replay;
	bool help;
};

static const struct option long_options[] = {
	{"format", required_argument, NULL, 'f'},
	{"output", required_argument, NULL, 'o'},
	{"summary", no_argument, NULL, 'c'},
	{"quiet", no_argument, NULL, 'q'},
	{"layout", optional_argument, NULL, 'l'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static bool parse_format(struct view_options *options, const char *text, struct vmm_error *error)
{
	char known[200] = "";

	options->renderer = renderer_find(text);
	for (const struct renderer *renderer = renderers; renderer->name != NULL; renderer++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", known[0] != '\0' ? ", " : "",
			 renderer->name);
	return options->renderer != NULL
		       ? true
		       : error_set(error, "view: --format: unknown format '%.40s'; known are %s", text, known);
}

static bool parse_layout(struct view_options *options, const char *list, struct vmm_error *error)
{
	static const struct {
		const char *word;
		unsigned bits;
	} words[] = {{"start", REPLAY_START}, {"switch", REPLAY_SWITCH}, {"end", REPLAY_END}, {"never", 0}};

	options->replay.layout = 0;
	for (bool more = true; more; list++) {
		size_t length = strcspn(list, ","), i = 0;

		while (i < 4 && (strlen(words[i].word) != length || strncmp(words[i].word, list, length) != 0))
			i++;
		if (i == 4)
			return error_set(error,
					 "view: --layout: unknown time '%.*s'; known are start, switch, end, never",
					 (int)(length < 40 ? length : 40), list);
		options->replay.layout |= words[i].bits;
		list += length;
		more = *list != '\0';
	}
	return true;
}

static bool parse_one(struct view_options *options, int option, const char *text, struct vmm_error *error)
{
	switch (option) {
	case 'f':
		return parse_format(options, text, error);
	case 'o':
		options->output = text;
		return text[0] != '\0' ? true : error_set(error, "view: --output: the file name is empty");
	case 'c':
		options->replay.summary = true;
		return true;
	case 'q':
		options->replay.quiet = true;
		return true;
	case 'l':
		return parse_layout(options, text != NULL ? text : "start,end", error);
	default:
		options->help = true;
		return true;
	}
}

static bool parse(struct view_options *options, int argc, char **argv, struct vmm_error *error)
{
	int option;

	*options = (struct view_options){.renderer = renderer_find("text"), .replay = {.layout = REPLAY_ALL}};
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":f:o:cqh", long_options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return command_refuse_option("view", argv, option, error);
		if (!parse_one(options, option, optarg, error))
			return false;
	}
	if (options->help)
		return true;
	if (optind == argc)
		return error_set(error, "view: no FILE given; record one by: vmm --format json -o FILE IMAGE");
	if (argc - optind > 1)
		return error_set(error, "view: %.100s: one FILE at a time, please; two are compared by: vmm diff",
				 argv[optind + 1]);
	options->input = argv[optind];
	if (strcmp(options->renderer->name, "svg") == 0 && (options->replay.quiet || options->replay.layout == 0))
		return error_set(error,
				 "view: --format svg: draws the address space, which %s leaves out; run without that",
				 options->replay.quiet ? "-q" : "--layout=never");
	if (options->output == NULL && (options->renderer->file || options->renderer->binary) && isatty(STDOUT_FILENO))
		return error_set(
			error, "view: --format %s: standard output is a terminal; give the report a file with -o FILE",
			options->renderer->name);
	return true;
}

/* The output is not touched before it is clear that there is something to write. */
static int show(struct trace *trace, int fd, struct view_options *options, struct vmm_error *error)
{
	static const int statuses[] = {
		[REPLAY_DONE] = 0, [REPLAY_DOUBTFUL] = STATUS_DOUBTFUL, [REPLAY_BAD] = STATUS_VMM_FAILED};
	struct output output;
	struct event event;
	enum replay_result result;
	int status;

	if (trace_next(trace, &event, error) != TRACE_EVENT || !output_open(&output, options->output, &fd, 1, error))
		return command_fail(error);
	options->replay.color = output.color;
	result = replay_trace(trace, &event, options->renderer, output.writer, &options->replay, error);
	status = output_close(&output, statuses[result]);
	if (result != REPLAY_DONE && status == statuses[result])
		command_fail(error);
	return status;
}

int view_command(int argc, char **argv)
{
	struct view_options options;
	struct vmm_error error;
	struct trace trace;
	int status, fd;

	if (!parse(&options, argc, argv, &error))
		return command_fail(&error);
	if (options.help)
		return command_print(help);
	fd = command_open_input(options.input, &error);
	if (fd < 0)
		return command_fail(&error);
	status = trace_open(&trace, fd, options.input, &error) ? show(&trace, fd, &options, &error)
							       : command_fail(&error);
	trace_close(&trace);
	command_close_input(fd);
	return status;
}
