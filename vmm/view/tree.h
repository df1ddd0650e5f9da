/* SPDX-License-Identifier: MIT */
/*
 * tree.h: one line of JSON as a list of values in the order of the text, parsed by YAJL. Its memory is kept from line
 * to line. What JSON allows and no reader should have to bear is refused: depth, keys twice, more values than a line of
 * vmm's ever has.
 *
 * An escape \u0080 to \u00ff gives that one byte, not the character: that is how the report writes a byte of the
 * guest's that is not UTF-8 (docs/json.md).
 */
#ifndef VMM_VIEW_TREE_H
#define VMM_VIEW_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_DEPTH  32
#define TREE_KEYS   256 /* in one object */
#define TREE_VALUES ((size_t)4 << 20)

enum tree_type { TREE_NULL, TREE_BOOL, TREE_NUMBER, TREE_STRING, TREE_ARRAY, TREE_OBJECT };

/* A value. An array's or object's own values follow it, up to `next`. */
struct tree_value {
	uint8_t type;
	bool truth;      /* of a TREE_BOOL */
	uint16_t keys;   /* of a TREE_OBJECT: how many */
	uint32_t next;   /* index of what follows this value and all in it */
	const char *key; /* of a member of an object; ended by NUL, though there may be others in it */
	union {
		const char *text; /* a number as it is written; a string; ended by NUL */
		uint64_t seen;    /* of a TREE_OBJECT: a bit for the hash of each key */
	};
	uint32_t key_length;
	uint32_t length; /* of the text; of an array: how many values */
};

struct tree {
	struct tree_value *values;
	size_t count, room;
	char *texts; /* of the keys, strings and numbers */
	size_t text_used, text_room;
	void *strict;          /* YAJL's handle for most lines */
	void *checker, *bytes; /* for those with such escapes: the first checks all, the second reads */
	/* while parsing */
	uint32_t open[TREE_DEPTH];
	unsigned depth;
	const char *key;
	uint32_t key_length;
	char *problem;
	size_t problem_size;
};

/* One bit for a key, which may be that of other keys, too. */
static inline uint64_t tree_key_bit(const char *key, size_t length)
{
	uint64_t hash = length;

	for (size_t i = 0; i < length; i++)
		hash = hash * 31 + (unsigned char)key[i];
	return UINT64_C(1) << ((hash ^ hash >> 6) & 63);
}

/* Parses a line that must be exactly one object, values[0]. On false `problem` says in words what was wrong. Changes
   the line. A tree that is all zero is empty. */
bool tree_parse(struct tree *tree, char *line, size_t length, char *problem, size_t problem_size);

void tree_close(struct tree *tree);

#endif
