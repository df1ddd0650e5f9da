/* SPDX-License-Identifier: MIT */
/*
 * output.h: where a command writes what it has to say: standard output, or the file of -o.
 */
#ifndef VMM_COMMANDS_OUTPUT_H
#define VMM_COMMANDS_OUTPUT_H

#include <stdbool.h>

#include "commands.h"
#include "machine/error.h"
#include "report/writer.h"

struct output {
	const char *path; /* NULL: standard output */
	int fd;
	bool color; /* a terminal that wants colours */
	struct writer *writer;
};

/* input: a descriptor whose file must not be the output, which is emptied; -1: none. On false nothing is open. */
bool output_open(struct output *output, const char *path, const int *inputs, unsigned input_count,
		 struct vmm_error *error);

/* Writes out what is left, and closes. `status` is the command's own so far; returned is what it is now: 125 after a
   line on standard error when not everything could be written, and 128 + SIGPIPE without one when nobody reads. */
int output_close(struct output *output, int status);

/* Prints the error's line. Returns 125. */
int command_fail(const struct vmm_error *error);

/* Of getopt_long(): what is wrong with the option that it has returned '?' or ':' for. `command` is its word. */
bool command_refuse_option(const char *command, char **argv, int result, struct vmm_error *error);

/* Opens a file to read; "-" is standard input. Returns the descriptor; -1: no, see the error. */
int command_open_input(const char *path, struct vmm_error *error);
void command_close_input(int fd);

#endif
