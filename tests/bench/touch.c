/* SPDX-License-Identifier: MIT */
/*
 * touch.c: a user program that writes to as many MiB of fresh memory as its argument says, tells so, and waits for its
 * input to end: somebody outside can now look at what it costs.
 */
#include "lib/syscalls.h"

#define PAGE 4096
#define MIB  (1024 * 1024)

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	size_t bytes = 0;
	char *memory, byte;

	for (const char *digit = argc > 1 ? argv[1] : ""; *digit != '\0'; digit++)
		bytes = 10 * bytes + (size_t)(*digit - '0');
	bytes *= MIB;
	if (bytes > 0) {
		memory = (char *)mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
		if ((long)memory < 0)
			return 1;
		for (size_t i = 0; i < bytes; i += PAGE)
			memory[i] = 1;
	}
	write(1, "ready\n", 6);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
