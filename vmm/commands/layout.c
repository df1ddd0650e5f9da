/* SPDX-License-Identifier: MIT */
/* layout.c: `vmm layout IMAGE`: the address space of the start, of a guest that is built but never runs. */
#include "commands.h"

#include <string.h>

#include "run/sites.h"
#include "session.h"

static const char help[] =
	"Usage: vmm layout [options] IMAGE [ARG...]\n"
	"\n"
	"Shows the address space that a run of IMAGE would start with, byte for byte what its report shows at the start,\n"
	"on standard output. Nothing runs, and /dev/kvm is not needed.\n"
	"\n"
	"Options as for a run: --format, --output, --kernel, --memory, --cpus, --env, --allow-wx.\n"
	"Where /dev/kvm cannot be asked, the rights of ring 0 are those under the protections that this CPU has.\n";

/* What only a run could do is refused, not ignored. */
static bool check_options(const struct options *options, struct vmm_error *error)
{
	const char *without = options->timeout_ns != 0                         ? "--timeout"
			      : options->summary                               ? "--summary"
			      : options->quiet                                 ? "--quiet"
			      : options->method != METHOD_TRAP                 ? "--method"
			      : strcmp(options->trace_text, "all") != 0        ? "--trace"
			      : options->layout != (LAYOUT_START | LAYOUT_END) ? "--layout"
									       : NULL;

	if (without != NULL)
		return error_set(error, "layout: %s is for a guest that runs, and this one does not; see vmm --help",
				 without);
	for (size_t i = 0; i < options->expectations.count; i++)
		if (!expect_is_layout(&options->expectations.items[i]))
			return error_set(error,
					 "layout: --expect '%.60s' is for a guest that runs, and this one does not",
					 options->expectations.items[i].text);
	return true;
}

static void emit_end(struct session *session)
{
	struct event event = {
		.type = EVENT_END,
		.end = {.reason = "not-run", .verdict = "complete"},
	};

	stream_emit(session->stream, &event);
}

static bool show(struct session *session, struct vmm_error *error)
{
	if (!session_open_images(session, error) || !session_open_output(session, error) ||
	    !session_build_memory(session, error) || !session_open_stream(session, error) ||
	    !session_prepare(session, error))
		return false;
	emit_end(session);
	return true;
}

int command_layout(int argc, char **argv)
{
	static struct session session; /* as in main.c */
	struct options *options = &session.options;
	struct vmm_error error;
	int status;

	session_init(&session);
	session.to_standard_output = session.bare = true;
	if (!options_parse(options, argc, argv, &error) || !check_options(options, &error)) {
		status = session_fail(&error);
	} else if (options->action != ACTION_RUN) {
		status = command_print(help);
	} else {
		options->method = METHOD_OFF;
		options->layout = LAYOUT_START;
		status = show(&session, &error) ? session_finish_report(&session) : session_fail(&error);
		session_complain(&session);
	}
	session_close(&session);
	return status;
}
