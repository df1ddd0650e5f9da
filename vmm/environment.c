/* SPDX-License-Identifier: MIT */
/* environment.c: see there. */
#include "environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_given(const struct options *options, const char *text)
{
	size_t length = strcspn(text, "=") + 1;

	for (unsigned i = 0; i < options->environment_count; i++)
		if (strncmp(options->environment[i], text, length) == 0)
			return true;
	return false;
}

char *const *environment_make(struct environment *environment, const struct options *options)
{
	static char path[] = "PATH=/bin:/usr/bin", home[] = "HOME=/";
	const char *terminal = getenv("TERM");
	char *defaults[] = {path, home, environment->terminal};
	unsigned count = 0;

	environment->terminal[0] = '\0';
	if (terminal != NULL && strlen(terminal) < sizeof(environment->terminal) - 5 && isatty(STDOUT_FILENO))
		snprintf(environment->terminal, sizeof(environment->terminal), "TERM=%.58s", terminal);
	for (unsigned i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (defaults[i][0] != '\0' && !is_given(options, defaults[i]))
			environment->strings[count++] = defaults[i];
	for (unsigned i = 0; i < options->environment_count; i++)
		environment->strings[count++] = options->environment[i];
	environment->strings[count] = NULL;
	return environment->strings;
}
