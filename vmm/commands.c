/* SPDX-License-Identifier: MIT */
/* commands.c: the words that the command line knows. */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "commands/diff.h"
#include "commands/view.h"
#include "session.h"

const struct command commands[] = {
	{"explain", "what an access would do, by which bit, and the proof", command_explain},
	{"layout", "the address space of the start, without running; needs no KVM", command_layout},
	{"diff", "compare two recorded traces: counts, costs, order, layout", diff_command},
	{"view", "show a recorded trace in any format, without KVM", view_command},
	{.word = NULL},
};

const struct command *command_find(const char *word)
{
	for (const struct command *command = commands; word != NULL && command->word != NULL; command++)
		if (strcmp(command->word, word) == 0)
			return command;
	return NULL;
}

int command_print(const char *text)
{
	struct vmm_error error;

	if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
		return 0;
	if (errno == EPIPE)
		return STATUS_SIGNAL + SIGPIPE;
	error_set(&error, "standard output: cannot write: %s", strerror(errno));
	return session_fail(&error);
}
