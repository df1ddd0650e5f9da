/* SPDX-License-Identifier: MIT */
/* commands.c: the words that the command line knows. */
#include "commands.h"

#include <stddef.h>
#include <string.h>

const struct command commands[] = {
	{.word = NULL},
};

const struct command *command_find(const char *word)
{
	for (const struct command *command = commands; word != NULL && command->word != NULL; command++)
		if (strcmp(command->word, word) == 0)
			return command;
	return NULL;
}
