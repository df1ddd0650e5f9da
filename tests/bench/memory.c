/* SPDX-License-Identifier: MIT */
/*
 * memory.c: what a vmm costs in memory while its guest waits for input: runs the command, waits until it prints
 * "ready", reads /proc/PID/smaps, lets it end.
 *
 * Usage: memory GUEST_MIB COMMAND [ARG...]      GUEST_MIB: the guest's memory, by whose size its mapping is known
 * Prints, in KiB: private pages without the guest's memory, pages of the guest's memory, and the peak of all resident
 * pages (shared ones of the program's file included) over those of the guest at that moment.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct memory {
	uint64_t private, guest; /* KiB */
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "memory: %s: %s\n", what, why);
	exit(125);
}

/* Adds up /proc/PID/smaps: a line "START-END ..." for each mapping, then lines "Name: N kB". */
static struct memory read_smaps(pid_t process, uint64_t guest_bytes)
{
	struct memory memory = {0};
	char path[64], line[512], name[64];
	uint64_t start, end, amount;
	int guest = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)process);
	file = fopen(path, "r");
	if (file == NULL)
		die(path, strerror(errno));
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &start, &end) == 2)
			guest = end - start == guest_bytes;
		else if (sscanf(line, "%63[A-Za-z_]: %" SCNu64 " kB", name, &amount) != 2)
			continue;
		else if (strcmp(name, "Private_Clean") == 0 || strcmp(name, "Private_Dirty") == 0)
			*(guest ? &memory.guest : &memory.private) += amount;
	}
	fclose(file);
	return memory;
}

static pid_t start(char **argv, int *input, int *output)
{
	int to[2], from[2];
	pid_t child;

	if (pipe(to) < 0 || pipe(from) < 0 || (child = fork()) < 0)
		die("pipe or fork", strerror(errno));
	if (child == 0) {
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		close(to[0]);
		close(to[1]);
		close(from[0]);
		close(from[1]);
		execv(argv[0], argv);
		die(argv[0], strerror(errno));
	}
	close(to[0]);
	close(from[1]);
	*input = to[1];
	*output = from[0];
	return child;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	struct memory memory;
	int input, output, status;
	char text[6];
	pid_t child;

	if (argc < 3)
		die("usage", "memory GUEST_MIB COMMAND [ARG...]");
	child = start(argv + 2, &input, &output);
	if (read(output, text, sizeof(text)) != sizeof(text) || memcmp(text, "ready\n", sizeof(text)) != 0)
		die(argv[2], "the guest did not say \"ready\"");
	memory = read_smaps(child, strtoull(argv[1], NULL, 10) << 20);
	close(input);
	if (wait4(child, &status, 0, &usage) < 0 || status != 0)
		die(argv[2], "the command failed");
	printf("%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", memory.private, memory.guest,
	       (uint64_t)usage.ru_maxrss - memory.guest);
	return 0;
}
