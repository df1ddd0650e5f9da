/* SPDX-License-Identifier: MIT */
/* flags.c: sets of bits and single values as text. */
#include "flags.h"

#include <inttypes.h>

const char *value_name(uint64_t value, const struct value_names *names)
{
	for (const struct value_name *name = names->names; name->name != NULL; name++)
		if (name->value == value)
			return name->name;
	return NULL;
}

static void put_number(struct decoder *decoder, uint64_t value, const struct value_names *names)
{
	put(decoder, value != 0 ? "0x%" PRIx64 : "%" PRIx64, value);
	if (names->family[0] != '\0')
		put(decoder, " /* %s */", names->family);
}

void put_named(struct decoder *decoder, uint64_t value, const struct value_names *names)
{
	const char *name = value_name(value, names);

	if (name != NULL)
		put(decoder, "%s", name);
	else
		put_number(decoder, value, names);
}

void put_flags(struct decoder *decoder, uint64_t value, const struct value_names *names)
{
	uint64_t left = value;

	if (value == 0) {
		const char *zero = value_name(0, names);

		put(decoder, "%s", zero != NULL ? zero : "0");
		return;
	}
	for (const struct value_name *name = names->names; name->name != NULL; name++) {
		if (name->value == 0 || (left & name->value) != name->value)
			continue;
		put(decoder, "%s%s", left != value ? "|" : "", name->name);
		left &= ~name->value;
	}
	if (left == value)
		put_number(decoder, value, names);
	else if (left != 0)
		put(decoder, "|0x%" PRIx64, left);
}
