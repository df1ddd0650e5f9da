/* SPDX-License-Identifier: MIT */
/*
 * mappings.c: a private mapping of a file shows it and keeps changes to itself; what lies behind its end is zero, pages
 * after it give SIGBUS; mremap grows, moves and shrinks; holes by munmap; MAP_FIXED, hints, brk, madvise, errors.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

#define PAGE 4096L

static void of_file(void)
{
	int fd = open("/data/words", O_RDONLY);
	char text[6] = "";
	char *map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	if (map == MAP_FAILED)
		exit(1);
	printf("first word %.4s, byte behind the end %d\n", map, map[PAGE - 1]);
	memcpy(map, "PLUM", 4);
	SAY("pread", pread(fd, text, 4, 0));
	printf("mapped %.4s, file %s\n", map, text);
	fflush(stdout);
	if (fork() == 0) {
		volatile char byte = map[PAGE];

		_exit(byte);
	}
	int status;
	wait(&status);
	printf("behind it: signal %d\n", WTERMSIG(status));
	SAY("close", close(fd));
	printf("still %.4s\n", map);
	SAY("munmap", munmap(map, 2 * PAGE));
}

static void moved(void)
{
	char *map = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 4; i++)
		map[i * PAGE] = (char)('a' + i);
	SAY("hole", munmap(map + PAGE, PAGE));
	SAY("mprotect over the hole", mprotect(map, 4 * PAGE, PROT_READ));
	SAY("mprotect", mprotect(map, PAGE, PROT_READ | PROT_WRITE));
	char *larger = mremap(map + 2 * PAGE, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
	if (larger == MAP_FAILED)
		exit(1);
	printf("%c %c %d\n", larger[0], larger[PAGE], larger[63 * PAGE]);
	SAY("shrunk in place", mremap(larger, 64 * PAGE, PAGE, 0) == larger);
	char *fixed = mmap(larger, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	SAY("over it", fixed == larger && larger[0] == 0);
	SAY("madvise", madvise(map, PAGE, MADV_DONTNEED));
	SAY("zero again", map[0]);
}

static void errors(void)
{
	int fd = open("/data/words", O_RDONLY);

	SAY("no length", (long)mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SAY("no descriptor", (long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 77, 0));
	SAY("odd offset", (long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 17));
	SAY("neither private nor shared", (long)mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
	SAY("far too much", (long)mmap(NULL, 1UL << 50, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SAY("munmap, odd", munmap((void *)17, PAGE));
	SAY("mremap of nothing", (long)mremap((void *)PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
	SAY("mprotect of nothing", mprotect((void *)(16 * PAGE), PAGE, PROT_READ));
}

int main(void)
{
	char *heap = sbrk(0);

	setvbuf(stdout, NULL, _IONBF, 0);
	of_file();
	moved();
	errors();
	printf("brk: %d\n", sbrk(0) >= (void *)heap);
	return 0;
}
