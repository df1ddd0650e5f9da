/* SPDX-License-Identifier: MIT */
/* hello.c: arguments, environment, floating point, a buffer of the heap, and an exit status from atexit's side. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static void at_exit(void)
{
	printf("at exit\n");
}

int main(int argc, char **argv)
{
	char *copy = strdup(argc > 1 ? argv[1] : "world");

	if (copy == NULL || atexit(at_exit) != 0)
		return 1;
	printf("hello %s from %s, %d arguments\n", copy, argv[0], argc);
	for (char **variable = environ; *variable != NULL; variable++)
		printf("environment: %s\n", *variable);
	printf("square root of %d: %.6f\n", argc + 1, sqrt(argc + 1));
	fprintf(stderr, "standard error\n");
	free(copy);
	return argc == 3 ? atoi(argv[2]) : 0;
}
