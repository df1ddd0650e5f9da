/* SPDX-License-Identifier: MIT */
/* symbols.c: sorted tables of functions and sections. */
#include "symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/digits.h"

static void add(void *context, const char *name, gva_t start, uint64_t size)
{
	struct symbol_list *list = context;
	char *copy;

	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 256;
		struct symbol *items = realloc(list->items, room * sizeof(*items));

		if (items == NULL)
			return; /* a name less is no reason to stop */
		list->items = items;
		list->room = room;
	}
	copy = strdup(name);
	if (copy != NULL)
		list->items[list->count++] = (struct symbol){.start = start, .size = size, .name = copy};
}

/* By address; of two at the same place the sized one (a function, not a label) comes last and is found. */
static int compare(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return strcmp(b->name, a->name);
}

static void sort(struct symbol_list *list)
{
	if (list->count > 0) /* qsort() may not be given NULL */
		qsort(list->items, list->count, sizeof(list->items[0]), compare);
}

static void load(struct symbols *symbols)
{
	if (symbols->loaded)
		return;
	symbols->loaded = true;
	for (size_t i = 0; i < 2; i++) {
		if (symbols->images[i] == NULL)
			continue;
		elf_image_symbols(symbols->images[i], VMM_RIGHT_X, add, &symbols->functions);
		elf_image_sections(symbols->images[i], add, &symbols->sections);
	}
	sort(&symbols->functions);
	sort(&symbols->sections);
}

void symbols_init(struct symbols *symbols, const struct elf_image *kernel, const struct elf_image *program)
{
	*symbols = (struct symbols){.images = {kernel, program != kernel ? program : NULL}};
}

static void free_list(struct symbol_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].name);
	free(list->items);
}

void symbols_free(struct symbols *symbols)
{
	free_list(&symbols->functions);
	free_list(&symbols->sections);
	*symbols = (struct symbols){0};
}

/* The last symbol that starts at or below the address, or NULL. */
static const struct symbol *find(const struct symbol_list *list, gva_t address)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->items[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &list->items[low - 1] : NULL;
}

static bool in_same_image(const struct symbols *symbols, gva_t a, gva_t b)
{
	for (size_t i = 0; i < 2; i++)
		if (symbols->images[i] != NULL && elf_image_contains(symbols->images[i], a, VMM_RIGHT_X) &&
		    elf_image_contains(symbols->images[i], b, VMM_RIGHT_X))
			return true;
	return false;
}

static void append(char *text, size_t *used, size_t size, const char *more)
{
	size_t length = strnlen(more, size - 1 - *used);

	memcpy(text + *used, more, length);
	*used += length;
	text[*used] = '\0';
}

void symbols_describe(struct symbols *symbols, gva_t address, char *text, size_t size)
{
	char offset[DIGITS_MAX];
	const struct symbol *symbol;
	size_t used = 0;

	load(symbols);
	text[0] = '\0';
	symbol = find(&symbols->functions, address);
	if (symbol == NULL || !in_same_image(symbols, symbol->start, address))
		return;
	if (symbol->size != 0 && address - symbol->start >= symbol->size)
		return;
	append(text, &used, size, symbol->name);
	if (address == symbol->start)
		return;
	append(text, &used, size, "+");
	digits_hex(offset, address - symbol->start);
	append(text, &used, size, offset);
}

struct wanted {
	const char *name;
	size_t length;
	gva_t *places;
	unsigned count;
};

static void compare_name(void *context, const char *name, gva_t start, uint64_t size)
{
	struct wanted *wanted = context;

	(void)size;
	if (strlen(name) != wanted->length || strncmp(name, wanted->name, wanted->length) != 0 ||
	    (wanted->count > 0 && wanted->places[0] == start) || wanted->count == 2)
		return;
	wanted->places[wanted->count++] = start;
}

unsigned symbols_find(const struct symbols *symbols, const char *name, size_t length, gva_t places[2])
{
	struct wanted wanted = {.name = name, .length = length, .places = places};

	for (size_t i = 0; i < 2; i++)
		if (symbols->images[i] != NULL)
			elf_image_symbols(symbols->images[i], 0, compare_name, &wanted);
	return wanted.count;
}

/* How many bytes of the section lie in [start, end). */
static uint64_t overlap(const struct symbol *section, gva_t start, gva_t end)
{
	gva_t low = section->start > start ? section->start : start;
	gva_t high = section->start + section->size < end ? section->start + section->size : end;

	return low < high ? high - low : 0;
}

const char *symbols_section(struct symbols *symbols, gva_t page)
{
	const char *best = NULL;
	uint64_t most = 0;

	load(symbols);
	for (size_t i = 0; i < symbols->sections.count; i++) {
		uint64_t bytes = overlap(&symbols->sections.items[i], page, page + PAGE_SIZE);

		if (bytes > most) {
			most = bytes;
			best = symbols->sections.items[i].name;
		}
	}
	return best;
}

void symbols_sections(struct symbols *symbols, gva_t start, gva_t end, char *text, size_t size)
{
	const struct symbol *first = NULL, *second = NULL; /* by bytes */
	unsigned count = 0;
	int used;

	load(symbols);
	for (size_t i = 0; i < symbols->sections.count; i++) {
		const struct symbol *section = &symbols->sections.items[i];
		uint64_t bytes = overlap(section, start, end);

		if (bytes == 0)
			continue;
		count++;
		if (first == NULL || bytes > overlap(first, start, end)) {
			second = first;
			first = section;
		} else if (second == NULL || bytes > overlap(second, start, end)) {
			second = section;
		}
	}
	text[0] = '\0';
	if (first == NULL)
		return;
	if (second == NULL)
		used = snprintf(text, size, "%s", first->name);
	else
		used = snprintf(text, size, "%s %s", first < second ? first->name : second->name,
				first < second ? second->name : first->name);
	if (count > 2 && used > 0 && (size_t)used < size)
		snprintf(text + used, size - (size_t)used, " +%u", count - 2);
}
