/* SPDX-License-Identifier: MIT */
/* output.c: what all commands do alike with their files. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/run.h" /* the exit statuses */

static bool is_same_file(int fd, const struct stat *status)
{
	struct stat other;

	return fd >= 0 && fstat(fd, &other) == 0 && other.st_dev == status->st_dev && other.st_ino == status->st_ino;
}

/* Only emptied when nobody is reading from it. */
static bool open_file(struct output *output, const int *inputs, unsigned input_count, struct vmm_error *error)
{
	struct stat status;
	bool good;

	output->fd = open(output->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (output->fd < 0 || fstat(output->fd, &status) < 0)
		return error_set(error, "%s: cannot write the report: %s", output->path, strerror(errno));
	good = !S_ISREG(status.st_mode);
	for (unsigned i = 0; i < input_count && S_ISREG(status.st_mode); i++)
		if (is_same_file(inputs[i], &status))
			return error_set(error, "%s: is the trace itself; choose another file for the report",
					 output->path);
	if (!good && ftruncate(output->fd, 0) < 0)
		return error_set(error, "%s: cannot write the report: %s", output->path, strerror(errno));
	return true;
}

static bool wants_color(int fd)
{
	const char *terminal = getenv("TERM");

	return isatty(fd) && getenv("NO_COLOR") == NULL && (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

bool output_open(struct output *output, const char *path, const int *inputs, unsigned input_count,
		 struct vmm_error *error)
{
	*output = (struct output){.path = path, .fd = STDOUT_FILENO};
	if (path != NULL && !open_file(output, inputs, input_count, error)) {
		if (output->fd >= 0)
			close(output->fd);
		return false;
	}
	output->color = wants_color(output->fd);
	output->writer = writer_open(output->fd, false);
	if (output->writer != NULL)
		return true;
	if (path != NULL)
		close(output->fd);
	return error_set(error, "no memory for the report's buffer");
}

int output_close(struct output *output, int status)
{
	int error = writer_close(output->writer);
	struct vmm_error line;

	if (output->path != NULL && close(output->fd) < 0 && error == 0)
		error = errno;
	if (error == 0)
		return status;
	if (error == EPIPE)
		return STATUS_SIGNAL + SIGPIPE;
	error_set(&line, "%s: cannot write the report: %s", output->path != NULL ? output->path : "standard output",
		  strerror(error));
	return command_fail(&line);
}

int command_fail(const struct vmm_error *error)
{
	fprintf(stderr, "vmm: %s\n", error->text);
	return STATUS_VMM_FAILED;
}

bool command_refuse_option(const char *command, char **argv, int result, struct vmm_error *error)
{
	const char *word = argv[optind - 1];
	bool is_long = strncmp(word, "--", 2) == 0;

	if (result == ':' && !is_long)
		return error_set(error, "%s: option -%c needs an argument; see vmm %s --help", command, optopt,
				 command);
	if (result == ':')
		return error_set(error, "%s: option %.60s needs an argument; see vmm %s --help", command, word,
				 command);
	if (!is_long)
		return error_set(error, "%s: unknown option -%c; see vmm %s --help", command, optopt, command);
	if (optopt == 0)
		return error_set(error, "%s: unknown option %.60s; see vmm %s --help", command, word, command);
	return error_set(error, "%s: option %.60s takes no argument; see vmm %s --help", command, word, command);
}

int command_open_input(const char *path, struct vmm_error *error)
{
	struct stat status;
	int fd;

	if (strcmp(path, "-") == 0)
		return STDIN_FILENO;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		error_set(error, "%s: cannot open: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		error_set(error, "%s: is a directory; need a trace, as vmm --format json writes it", path);
		close(fd);
		return -1;
	}
	return fd;
}

void command_close_input(int fd)
{
	if (fd > STDIN_FILENO)
		close(fd);
}
