/* SPDX-License-Identifier: MIT */
/*
 * perfetto_strings.h: interned strings. A text that was written once is named by its number (iid) from then on. Memory
 * is fixed: when the table is nearly full it is emptied, and the trace says that numbers begin anew.
 */
#ifndef VMM_REPORT_PERFETTO_STRINGS_H
#define VMM_REPORT_PERFETTO_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRINGS_SLOTS 4096 /* a power of two */
#define STRINGS_BYTES (128 * 1024)

struct interned_string {
	uint64_t hash;
	uint64_t iid; /* 0: the slot is free */
	uint32_t start, length;
};

/* All zero: empty */
struct perfetto_strings {
	struct interned_string slots[STRINGS_SLOTS];
	size_t count, used;
	uint64_t last_iid; /* goes on after strings_clear(): a number never stands for two texts */
	char bytes[STRINGS_BYTES];
};

/* The number of a text in one of the indices of InternedData (`field`); 0: no room. is_new: it has to be written. */
uint64_t strings_find(struct perfetto_strings *strings, unsigned field, const char *text, size_t length, bool *is_new);

/* Is it time for strings_clear()? Until then there is room for what one packet needs. */
bool strings_nearly_full(const struct perfetto_strings *strings);
void strings_clear(struct perfetto_strings *strings);

#endif
