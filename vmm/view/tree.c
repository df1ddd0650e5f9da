/* SPDX-License-Identifier: MIT */
/*
 * tree.c: YAJL's callbacks, one a kind of value.
 *
 * YAJL, because it hands out numbers as text (64 bits survive), has no recursion that depth could exhaust, and reads
 * five times as fast as the libraries that build objects.
 */
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

static int refuse(struct tree *tree, const char *what)
{
	snprintf(tree->problem, tree->problem_size, "%s", what);
	return 0;
}

/* Keeps a text, with a NUL behind it. The room is enough for the line: no text is longer than its own JSON. */
static const char *keep(struct tree *tree, const void *text, size_t length)
{
	char *copy = tree->texts + tree->text_used;

	memcpy(copy, text, length);
	copy[length] = '\0';
	tree->text_used += length + 1;
	return copy;
}

static struct tree_value *add(struct tree *tree, enum tree_type type)
{
	struct tree_value *value;

	if (tree->depth == 0 && (tree->count > 0 || type != TREE_OBJECT)) {
		refuse(tree, "the line is not exactly one object");
		return NULL;
	}
	if (tree->count == TREE_VALUES) {
		refuse(tree, "the line has more than 4194304 values, which no line of a trace has");
		return NULL;
	}
	if (tree->count == tree->room) {
		size_t room = tree->room ? 2 * tree->room : 256;
		struct tree_value *values = realloc(tree->values, room * sizeof(*values));

		if (values == NULL) {
			refuse(tree, "no memory for the values of the line");
			return NULL;
		}
		tree->values = values;
		tree->room = room;
	}
	value = &tree->values[tree->count++];
	*value = (struct tree_value){
		.type = (uint8_t)type, .next = (uint32_t)tree->count, .key = tree->key, .key_length = tree->key_length};
	tree->key = NULL;
	tree->key_length = 0;
	if (tree->depth > 0 && tree->values[tree->open[tree->depth - 1]].type == TREE_ARRAY)
		tree->values[tree->open[tree->depth - 1]].length++;
	return value;
}

static int on_null(void *context)
{
	return add(context, TREE_NULL) != NULL;
}

static int on_bool(void *context, int truth)
{
	struct tree_value *value = add(context, TREE_BOOL);

	if (value == NULL)
		return 0;
	value->truth = truth;
	return 1;
}

static int on_text(struct tree *tree, enum tree_type type, const void *text, size_t length)
{
	struct tree_value *value = add(tree, type);

	if (value == NULL)
		return 0;
	value->text = keep(tree, text, length);
	value->length = (uint32_t)length;
	return 1;
}

static int on_number(void *context, const char *text, size_t length)
{
	return on_text(context, TREE_NUMBER, text, length);
}

static int on_string(void *context, const unsigned char *text, size_t length)
{
	return on_text(context, TREE_STRING, text, length);
}

static int open_value(struct tree *tree, enum tree_type type)
{
	if (tree->depth == TREE_DEPTH)
		return refuse(tree, "it is nested more than 32 deep, which no line of a trace is");
	if (add(tree, type) == NULL)
		return 0;
	tree->open[tree->depth++] = (uint32_t)tree->count - 1;
	return 1;
}

static int close_value(void *context)
{
	struct tree *tree = context;

	tree->values[tree->open[--tree->depth]].next = (uint32_t)tree->count;
	return 1;
}

static int on_object(void *context)
{
	return open_value(context, TREE_OBJECT);
}

static int on_array(void *context)
{
	return open_value(context, TREE_ARRAY);
}

static bool has_key(const struct tree *tree, const struct tree_value *object, const void *key, size_t length)
{
	const struct tree_value *end = tree->values + tree->count;

	for (const struct tree_value *value = object + 1; value < end; value = tree->values + value->next)
		if (value->key_length == length && memcmp(value->key, key, length) == 0)
			return true;
	return false;
}

static int on_key(void *context, const unsigned char *key, size_t length)
{
	struct tree *tree = context;
	struct tree_value *object = &tree->values[tree->open[tree->depth - 1]];
	uint64_t bit = tree_key_bit((const char *)key, length);

	if (object->keys == TREE_KEYS)
		return refuse(tree, "an object has more than 256 keys, which none of a trace has");
	if ((object->seen & bit) && has_key(tree, object, key, length))
		return refuse(tree, "an object has the same key twice");
	object->seen |= bit;
	object->keys++;
	tree->key = keep(tree, key, length);
	tree->key_length = (uint32_t)length;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_bool,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_object,
	.yajl_map_key = on_key,
	.yajl_end_map = close_value,
	.yajl_start_array = on_array,
	.yajl_end_array = close_value,
};

/* Replaces \u0080 to \u00ff by their bytes, and returns the new length. Outside of strings a backslash is an error in
   any case, so nobody needs to know where strings begin. */
static size_t replace_bytes(char *line, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		char digits[3] = {0};

		if (line[i] == '\\' && length - i >= 6 && memcmp(line + i, "\\u00", 4) == 0 &&
		    strchr("89abcdefABCDEF", line[i + 4]) != NULL) {
			memcpy(digits, line + i + 4, 2);
			line[used++] = (char)strtoul(digits, NULL, 16);
			i += 5;
			continue;
		}
		if (line[i] == '\\' && i + 1 < length)
			line[used++] = line[i++];
		line[used++] = line[i];
	}
	return used;
}

/* Are there such escapes? One behind another backslash is none, but takes nothing but time. */
static bool has_byte_escapes(const char *line, size_t length)
{
	const char *end = line + length, *escape = line;

	while ((escape = memmem(escape, (size_t)(end - escape), "\\u00", 4)) != NULL) {
		escape += 4;
		if (escape < end && *escape >= '8')
			return true;
	}
	return false;
}

/* A handle is for many lines: each is a value of its own, as JSON Lines wants it. */
static yajl_handle handle_of(void **place, const yajl_callbacks *with, bool check_utf8, struct tree *tree)
{
	if (*place != NULL)
		return *place;
	*place = yajl_alloc(with, NULL, tree);
	if (*place != NULL) {
		yajl_config(*place, yajl_allow_multiple_values, 1);
		if (!check_utf8)
			yajl_config(*place, yajl_dont_validate_strings, 1);
	}
	return *place;
}

/* YAJL's own words, without the picture that it draws below them */
static void explain(struct tree *tree, yajl_handle handle)
{
	unsigned char *words;

	if (tree->problem[0] != '\0')
		return;
	words = yajl_get_error(handle, 0, NULL, 0);
	snprintf(tree->problem, tree->problem_size, "not JSON: %.*s at byte %zu",
		 words != NULL ? (int)strcspn((const char *)words, "\n") : 0, words != NULL ? (const char *)words : "",
		 yajl_get_bytes_consumed(handle));
	yajl_free_error(handle, words);
}

static bool parse(struct tree *tree, yajl_handle handle, const char *line, size_t length)
{
	static const unsigned char newline[] = "\n"; /* ends a number */

	if (handle == NULL)
		return refuse(tree, "no memory for reading JSON");
	if (yajl_parse(handle, (const unsigned char *)line, length) == yajl_status_ok &&
	    yajl_parse(handle, newline, 1) == yajl_status_ok)
		return true;
	explain(tree, handle);
	return false;
}

static bool make_room(struct tree *tree, size_t length)
{
	/* `"",` is three bytes, and its text with the NUL one */
	if (length + 1 <= tree->text_room)
		return true;
	free(tree->texts);
	tree->text_room = length < 4096 ? 4096 : length + length / 2;
	tree->texts = malloc(tree->text_room);
	if (tree->texts == NULL)
		tree->text_room = 0;
	return tree->texts != NULL;
}

bool tree_parse(struct tree *tree, char *line, size_t length, char *problem, size_t problem_size)
{
	static const yajl_callbacks no_callbacks = {0};

	tree->problem = problem;
	tree->problem_size = problem_size;
	tree->count = tree->text_used = tree->depth = 0;
	tree->key = NULL;
	tree->key_length = 0;
	problem[0] = '\0';
	if (!make_room(tree, length))
		return refuse(tree, "no memory for the texts of the line");
	if (has_byte_escapes(line, length)) {
		/* Checked as it is, then read with bytes in it that are no UTF-8 any more */
		if (!parse(tree, handle_of(&tree->checker, &no_callbacks, true, NULL), line, length))
			return false;
		length = replace_bytes(line, length);
		if (!parse(tree, handle_of(&tree->bytes, &callbacks, false, tree), line, length))
			return false;
	} else if (!parse(tree, handle_of(&tree->strict, &callbacks, true, tree), line, length)) {
		return false;
	}
	if (tree->depth > 0)
		return refuse(tree, "not JSON: the line ends inside of a value");
	return tree->count > 0 ? true : refuse(tree, "the line is empty");
}

void tree_close(struct tree *tree)
{
	void *const handles[] = {tree->strict, tree->checker, tree->bytes};

	for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++)
		if (handles[i] != NULL)
			yajl_free(handles[i]);
	free(tree->values);
	free(tree->texts);
	*tree = (struct tree){0};
}
