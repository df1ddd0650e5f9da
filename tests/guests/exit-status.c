/* SPDX-License-Identifier: MIT */
/*
 * exit-status.c: the VMM's exit status is the program's own. Called with a number it exits with that, called with
 * "signal" and a number it sends itself that signal. The .expect files status-* are its specifications. Transitions:
 * exit_group; or getpid and kill.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	bool by_signal = argc == 3 && strcmp(argv[1], "signal") == 0;
	int number = 0;

	(void)envp;
	for (const char *digit = argv[argc - 1]; *digit != '\0'; digit++)
		number = number * 10 + *digit - '0';
	if (by_signal)
		kill(getpid(), number);
	return by_signal ? 99 : number;
}
