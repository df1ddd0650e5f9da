/* SPDX-License-Identifier: MIT */
/* main.c: which command, and the process's end. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "calibrate/calibrate.h"
#include "commands.h"
#include "doctor/doctor.h"
#include "session.h"
#include "version.h"

/* A standard descriptor that is closed must not be given to a file that we open: guest output would end up there.
   What takes its place refuses to be read and written, as the closed one would. */
static void reserve_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/", O_PATH);
}

/* The options, and the words that may stand first. */
static int print_help(void)
{
	char text[8192];
	int used = snprintf(text, sizeof(text),
			    "%s\nCommands, as the first word (vmm WORD --help says more; vmm -- WORD "
			    "runs an image of that name):\n",
			    options_help);

	for (const struct command *command = commands; command->word != NULL; command++)
		used += snprintf(text + used, sizeof(text) - (size_t)used, "  %-10s %s\n", command->word,
				 command->summary);
	return command_print(text);
}

int main(int argc, char **argv)
{
	static struct session zeroed; /* not from the heap, which would fill pages with zeros that nobody ever reads */
	struct session *session = &zeroed;
	const struct command *command;
	struct vmm_error error;
	int status;

	reserve_standard_descriptors();
	signal(SIGPIPE, SIG_IGN); /* a write that fails says so itself, */
	signal(SIGXFSZ, SIG_IGN); /* for each of its reasons */
	command = command_find(argc > 1 ? argv[1] : NULL);
	if (command != NULL)
		return command->run(argc - 1, argv + 1);
	session_init(session);
	if (!options_parse(&session->options, argc, argv, &error))
		status = session_fail(&error);
	else if (session->options.action == ACTION_HELP)
		status = print_help();
	else if (session->options.action == ACTION_VERSION)
		status = command_print("vmm " VMM_VERSION "\n");
	else if (session->options.action == ACTION_DOCTOR)
		status = doctor(stdout);
	else if (session->options.action == ACTION_CALIBRATE)
		status = calibrate(strcmp(session->options.format, "json") == 0, VMM_VERSION, &error)
				 ? 0
				 : session_fail(&error);
	else
		status = session_run(session);
	session_close(session);
	return status;
}
