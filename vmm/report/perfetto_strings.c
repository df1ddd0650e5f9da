/* SPDX-License-Identifier: MIT */
/* perfetto_strings.c: a hash table with open addressing; the texts lie one behind the other. */
#include "perfetto_strings.h"

#include <string.h>

#define MOST_SLOTS  (STRINGS_SLOTS * 3 / 4)
#define PACKET_NEED 8192 /* bytes of new text that a packet may bring */
#define LEAST_IID   256  /* smaller numbers are those of fixed names */

/* Eight bytes at a time; the multiplier is that of Fibonacci hashing. */
static uint64_t hash_of(unsigned field, const char *text, size_t length)
{
	uint64_t hash = field + length * 131, word;

	for (; length >= sizeof(word); text += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, text, length);
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static bool is_same(const struct perfetto_strings *strings, const struct interned_string *string, uint64_t hash,
		    const char *text, size_t length)
{
	return string->hash == hash && string->length == length &&
	       memcmp(strings->bytes + string->start, text, length) == 0;
}

uint64_t strings_find(struct perfetto_strings *strings, unsigned field, const char *text, size_t length, bool *is_new)
{
	uint64_t hash = hash_of(field, text, length);
	size_t slot = hash % STRINGS_SLOTS;

	*is_new = false;
	for (; strings->slots[slot].iid; slot = (slot + 1) % STRINGS_SLOTS)
		if (is_same(strings, &strings->slots[slot], hash, text, length))
			return strings->slots[slot].iid;
	if (strings->count >= STRINGS_SLOTS - 1 || length > STRINGS_BYTES - strings->used)
		return 0;
	if (strings->last_iid < LEAST_IID)
		strings->last_iid = LEAST_IID;
	strings->slots[slot] = (struct interned_string){
		.hash = hash, .iid = ++strings->last_iid, .start = (uint32_t)strings->used, .length = (uint32_t)length};
	memcpy(strings->bytes + strings->used, text, length);
	strings->used += length;
	strings->count++;
	*is_new = true;
	return strings->last_iid;
}

bool strings_nearly_full(const struct perfetto_strings *strings)
{
	return strings->count > MOST_SLOTS || strings->used > STRINGS_BYTES - PACKET_NEED;
}

void strings_clear(struct perfetto_strings *strings)
{
	memset(strings->slots, 0, sizeof(strings->slots));
	strings->count = strings->used = 0;
}
