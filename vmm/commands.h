/* SPDX-License-Identifier: MIT */
/*
 * commands.h: the words that may stand first on the command line (`vmm view FILE`), and what they do. Without one, vmm
 * runs an image. One file a command in commands/.
 */
#ifndef VMM_COMMANDS_H
#define VMM_COMMANDS_H

struct command {
	const char *word;
	const char *summary; /* for --help: one line */
	/* argv[0] is the word. Returns vmm's exit status; has printed its own error line ("vmm: ..."). */
	int (*run)(int argc, char **argv);
};

/* The table of commands, ended by a NULL word; a new one is one file and one line there. */
extern const struct command commands[];

int command_explain(int argc, char **argv);
int command_layout(int argc, char **argv);

/* Prints to standard output, for --help and the like. Returns vmm's exit status. */
int command_print(const char *text);

/* The command of that word; NULL: none, as for a NULL word. */
const struct command *command_find(const char *word);

#endif
