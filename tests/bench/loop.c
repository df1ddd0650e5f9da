/* SPDX-License-Identifier: MIT */
/* loop.c: a user program that makes as many null system calls as its argument says. */
#include "lib/syscalls.h"

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	unsigned long rounds = 0;

	for (const char *digit = argc > 1 ? argv[1] : ""; *digit != '\0'; digit++)
		rounds = 10 * rounds + (unsigned long)(*digit - '0');
	while (rounds-- > 0)
		getpid();
	return 0;
}
