/* SPDX-License-Identifier: MIT */
/* names.c: an open hash that never fills by more than half. */
#include "names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS (2 * NAMES_MOST)
_Static_assert((SLOTS & (SLOTS - 1)) == 0, "a power of two");

static size_t slot_of(const char *text, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	return (hash ^ hash >> 32) & (SLOTS - 1);
}

static const char *add(struct names *names, size_t slot, const char *text, size_t length)
{
	char *copy;

	if (names->count == NAMES_MOST || length > NAMES_LONGEST || names->bytes + length > NAMES_BYTES)
		return NULL;
	copy = strndup(text, length);
	if (copy == NULL)
		return NULL;
	names->slots[slot] = copy;
	names->count++;
	names->bytes += length;
	return copy;
}

const char *names_keep(struct names *names, const char *text, size_t length)
{
	size_t slot = slot_of(text, length);

	if (names->slots == NULL)
		names->slots = calloc(SLOTS, sizeof(*names->slots));
	if (names->slots == NULL)
		return NULL;
	for (; names->slots[slot] != NULL; slot = (slot + 1) & (SLOTS - 1))
		if (strncmp(names->slots[slot], text, length) == 0 && names->slots[slot][length] == '\0')
			return names->slots[slot];
	return add(names, slot, text, length);
}

void names_close(struct names *names)
{
	for (size_t i = 0; names->slots != NULL && i < SLOTS; i++)
		free((char *)names->slots[i]);
	free(names->slots);
	*names = (struct names){0};
}
