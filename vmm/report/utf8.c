/* SPDX-License-Identifier: MIT */
/* utf8.c: the table of well-formed sequences, as conditions. */
#include "utf8.h"

/* The Unicode Standard, "Well-Formed UTF-8 Byte Sequences" */
size_t utf8_length(const unsigned char *text, size_t left)
{
	unsigned char lowest = 0x80, highest = 0xbf; /* of the second byte */
	size_t length;

	if (text[0] >= 0xc2 && text[0] <= 0xdf) {
		length = 2;
	} else if (text[0] >= 0xe0 && text[0] <= 0xef) {
		length = 3;
		if (text[0] == 0xe0)
			lowest = 0xa0; /* shorter forms exist */
		else if (text[0] == 0xed)
			highest = 0x9f; /* surrogates */
	} else if (text[0] >= 0xf0 && text[0] <= 0xf4) {
		length = 4;
		if (text[0] == 0xf0)
			lowest = 0x90;
		else if (text[0] == 0xf4)
			highest = 0x8f; /* above U+10FFFF */
	} else {
		return 0;
	}
	if (length > left || text[1] < lowest || text[1] > highest)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	return length;
}
