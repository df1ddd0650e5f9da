/* SPDX-License-Identifier: MIT */
/*
 * fields.h: the members of one JSON object by name, checked for type and range. The first mistake is kept in words;
 * what is asked for after it, or is not there, is 0, false or NULL. So a reader asks for all it needs, and looks once.
 *
 * A key is looked for behind the one that was found before: asked for in the order in which vmm writes them, each is
 * found at once.
 */
#ifndef VMM_VIEW_FIELDS_H
#define VMM_VIEW_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"
#include "tree.h"

struct fields {
	const struct tree *tree;
	uint32_t object, next; /* indices of values: the object, and where to look first */
	const char *what;      /* in front of the words: "transition" */
	char *problem;         /* where they go; "" so far */
	size_t problem_size;
	struct names *names;
};

/* `keys` are literals. */
const struct tree_value *fields_find(struct fields *fields, const char *key);
bool fields_has(struct fields *fields, const char *key);

/* Must be there */
uint64_t fields_unsigned(struct fields *fields, const char *key, uint64_t most);
int64_t fields_signed(struct fields *fields, const char *key);
uint64_t fields_hex(struct fields *fields, const char *key, uint64_t most);
bool fields_bool(struct fields *fields, const char *key);
const char *fields_string(struct fields *fields, const char *key); /* valid until the next line */
const char *fields_name(struct fields *fields, const char *key);   /* stays: names_keep() */
struct fields fields_object(struct fields *fields, const char *key);
uint32_t fields_array(struct fields *fields, const char *key, size_t most); /* its index in the tree; 0: a mistake */

/* The index of one of the words, which name_of() gives by index, from 0 to count - 1 */
unsigned fields_word(struct fields *fields, const char *key, const char *(*name_of)(unsigned), unsigned count);

/* May be missing */
uint64_t fields_unsigned_or(struct fields *fields, const char *key, uint64_t most, uint64_t otherwise);
uint64_t fields_hex_or_0(struct fields *fields, const char *key, uint64_t most);
bool fields_bool_or_false(struct fields *fields, const char *key);
const char *fields_name_or_null(struct fields *fields, const char *key);
void fields_text(struct fields *fields, const char *key, char *text, size_t size); /* into an array; "" without */

/* One value of an array; `key` is the array's, for the words. */
uint64_t value_unsigned(struct fields *fields, const char *key, const struct tree_value *value, uint64_t most);
uint64_t value_hex(struct fields *fields, const char *key, const struct tree_value *value, uint64_t most);
const char *value_string(struct fields *fields, const char *key, const struct tree_value *value);
struct fields value_object(struct fields *fields, const char *key, const struct tree_value *value);

/* Says what is wrong with the value of a key: "'key' " and the words. */
void fields_refuse(struct fields *fields, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool fields_good(const struct fields *fields); /* nothing was wrong */

#endif
