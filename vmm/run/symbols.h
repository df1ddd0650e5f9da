/* SPDX-License-Identifier: MIT */
/*
 * symbols.h: addresses to names: "function+0x10" for code, ".text" for a page. Read from the ELF files on first use.
 */
#ifndef VMM_RUN_SYMBOLS_H
#define VMM_RUN_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

#include "boot/elf_image.h"

struct symbol {
	gva_t start;
	uint64_t size; /* 0: unknown, reaches to the next symbol */
	char *name;
};

struct symbol_list {
	struct symbol *items;
	size_t count, room;
};

/* The names of up to two images (kernel and program); the images are borrowed. */
struct symbols {
	const struct elf_image *images[2];
	struct symbol_list functions, sections;
	bool loaded;
};

void symbols_init(struct symbols *symbols, const struct elf_image *kernel, const struct elf_image *program);
void symbols_free(struct symbols *symbols);

/* "name" or "name+0x10", or "" where no symbol covers the address. */
void symbols_describe(struct symbols *symbols, gva_t address, char *text, size_t size);

/* Where a function, label or variable of this name lies, in either image. Returns how many different places there are,
   2 for more; so many are filled in. */
unsigned symbols_find(const struct symbols *symbols, const char *name, size_t length, gva_t places[2]);

/* The names of the sections in [start, end): the two largest in order of address, and how many more: ".data .bss +3".
 */
void symbols_sections(struct symbols *symbols, gva_t start, gva_t end, char *text, size_t size);

/* The section with the most bytes in the page at gva, or NULL. */
const char *symbols_section(struct symbols *symbols, gva_t page);

#endif
