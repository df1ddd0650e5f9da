/* SPDX-License-Identifier: MIT */
/* listing.c: reads and searches the list. */
#include "listing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE 256

static bool is_jump(const char *mnemonic)
{
	static const char *const beginnings[] = {"j", "call", "ret", "iret", "sysret", "loop", "int", "ud2", "hlt"};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (strncmp(mnemonic, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

void listing_read(struct listing *listing, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[LINE], mnemonic[LINE];
	uint64_t address;
	size_t room = 0;

	*listing = (struct listing){0};
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%" SCNx64 " %255s", &address, mnemonic) != 2)
			continue;
		if (listing->count == room) {
			room = room ? 2 * room : 4096;
			listing->instructions = realloc(listing->instructions, room * sizeof(struct instruction));
		}
		if (listing->instructions == NULL)
			break;
		listing->instructions[listing->count++] = (struct instruction){address, is_jump(mnemonic)};
	}
	if (file == NULL || listing->count == 0) {
		fprintf(stderr, "%s: no list of instructions: %s\n", path, strerror(errno));
		exit(125);
	}
	fclose(file);
}

static int compare(const void *left, const void *right)
{
	const struct instruction *a = left, *b = right;

	return a->address < b->address ? -1 : a->address > b->address;
}

static const struct instruction *find(const struct listing *listing, uint64_t address)
{
	const struct instruction key = {.address = address};

	return bsearch(&key, listing->instructions, listing->count, sizeof(key), compare);
}

unsigned listing_steps(const struct listing *listing, uint64_t from, uint64_t to)
{
	const struct instruction *at = find(listing, from), *end = listing->instructions + listing->count;

	if (at == NULL || find(listing, to) == NULL)
		return 0;
	for (unsigned steps = 1; steps <= 2 && at < end; steps++, at++)
		if (at->jumps || (at + 1 < end && at[1].address == to))
			return steps;
	return 0;
}
