/* SPDX-License-Identifier: MIT */
/* fields.c: looks up, checks, converts. */
#include "fields.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void fields_refuse(struct fields *fields, const char *key, const char *format, ...)
{
	va_list arguments;
	int used;

	if (!fields_good(fields))
		return;
	used = snprintf(fields->problem, fields->problem_size, "%s: '%s' ", fields->what, key);
	if (used < 0 || (size_t)used >= fields->problem_size)
		return;
	va_start(arguments, format);
	vsnprintf(fields->problem + used, fields->problem_size - (size_t)used, format, arguments);
	va_end(arguments);
}

bool fields_good(const struct fields *fields)
{
	return fields->problem[0] == '\0';
}

const struct tree_value *fields_find(struct fields *fields, const char *key)
{
	const struct tree_value *values = fields->tree->values;
	size_t length = strlen(key);
	uint32_t first = fields->object + 1, end = values[fields->object].next, i = fields->next;

	if (!(values[fields->object].seen & tree_key_bit(key, length)))
		return NULL;
	for (unsigned left = values[fields->object].keys; left > 0; left--) {
		if (i >= end)
			i = first;
		if (values[i].key_length == length && memcmp(values[i].key, key, length) == 0) {
			fields->next = values[i].next;
			return &values[i];
		}
		i = values[i].next;
	}
	return NULL;
}

bool fields_has(struct fields *fields, const char *key)
{
	return fields_find(fields, key) != NULL;
}

static const struct tree_value *needed(struct fields *fields, const char *key)
{
	const struct tree_value *value = fields_find(fields, key);

	if (value == NULL)
		fields_refuse(fields, key, "is missing");
	return value;
}

static bool parse_unsigned(const char *text, uint64_t *number)
{
	*number = 0;
	for (const char *digit = text; *digit != '\0'; digit++)
		if (*digit < '0' || *digit > '9' || __builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(*digit - '0'), number))
			return false;
	return text[0] != '\0';
}

uint64_t value_unsigned(struct fields *fields, const char *key, const struct tree_value *value, uint64_t most)
{
	uint64_t number;

	if (value == NULL)
		return 0;
	if (value->type == TREE_NUMBER && parse_unsigned(value->text, &number) && number <= most)
		return number;
	fields_refuse(fields, key, "must be an integer from 0 to %" PRIu64, most);
	return 0;
}

static int hex_digit(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	if (letter >= 'a' && letter <= 'f')
		return letter - 'a' + 10;
	return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

static bool parse_hex(const struct tree_value *value, uint64_t *number)
{
	*number = 0;
	if (value->type != TREE_STRING || value->length < 3 || value->length > 18 || memcmp(value->text, "0x", 2) != 0)
		return false;
	for (uint32_t i = 2; i < value->length; i++) {
		int digit = hex_digit(value->text[i]);

		if (digit < 0)
			return false;
		*number = *number << 4 | (uint64_t)digit;
	}
	return true;
}

uint64_t value_hex(struct fields *fields, const char *key, const struct tree_value *value, uint64_t most)
{
	uint64_t number;

	if (value == NULL)
		return 0;
	if (parse_hex(value, &number) && number <= most)
		return number;
	fields_refuse(fields, key, "must be a string of hexadecimal digits, from \"0x0\" to \"0x%" PRIx64 "\"", most);
	return 0;
}

const char *value_string(struct fields *fields, const char *key, const struct tree_value *value)
{
	if (value == NULL)
		return NULL;
	if (value->type != TREE_STRING)
		fields_refuse(fields, key, "must be a string");
	else if (memchr(value->text, '\0', value->length) != NULL)
		fields_refuse(fields, key, "has a NUL character (\\u0000) in it, which no text of a trace has");
	else
		return value->text;
	return NULL;
}

struct fields value_object(struct fields *fields, const char *key, const struct tree_value *value)
{
	struct fields inner = *fields;

	inner.what = key;
	if (value != NULL && value->type == TREE_OBJECT) {
		inner.object = (uint32_t)(value - fields->tree->values);
		inner.next = inner.object + 1;
		return inner;
	}
	if (value != NULL)
		fields_refuse(fields, key, "must be an object");
	return inner; /* the outer one: it is looked at no more */
}

uint64_t fields_unsigned(struct fields *fields, const char *key, uint64_t most)
{
	return value_unsigned(fields, key, needed(fields, key), most);
}

int64_t fields_signed(struct fields *fields, const char *key)
{
	const struct tree_value *value = needed(fields, key);
	bool negative = value != NULL && value->type == TREE_NUMBER && value->text[0] == '-';
	uint64_t number;

	if (value == NULL)
		return 0;
	if (value->type == TREE_NUMBER && parse_unsigned(value->text + negative, &number) &&
	    number <= (uint64_t)INT64_MAX + negative)
		return negative ? (int64_t)-number : (int64_t)number;
	fields_refuse(fields, key, "must be an integer of 64 bits with a sign");
	return 0;
}

uint64_t fields_hex(struct fields *fields, const char *key, uint64_t most)
{
	return value_hex(fields, key, needed(fields, key), most);
}

static bool to_bool(struct fields *fields, const char *key, const struct tree_value *value)
{
	if (value != NULL && value->type != TREE_BOOL)
		fields_refuse(fields, key, "must be true or false");
	return value != NULL && value->truth;
}

bool fields_bool(struct fields *fields, const char *key)
{
	return to_bool(fields, key, needed(fields, key));
}

const char *fields_string(struct fields *fields, const char *key)
{
	return value_string(fields, key, needed(fields, key));
}

static const char *to_name(struct fields *fields, const char *key, const struct tree_value *value)
{
	const char *text = value_string(fields, key, value), *name;

	if (text == NULL)
		return NULL;
	name = names_keep(fields->names, text, value->length);
	if (name == NULL)
		fields_refuse(fields, key, "is too long a name, or one too many; a trace has at most %d", NAMES_MOST);
	return name;
}

const char *fields_name(struct fields *fields, const char *key)
{
	return to_name(fields, key, needed(fields, key));
}

struct fields fields_object(struct fields *fields, const char *key)
{
	return value_object(fields, key, needed(fields, key));
}

uint32_t fields_array(struct fields *fields, const char *key, size_t most)
{
	const struct tree_value *value = needed(fields, key);

	if (value == NULL)
		return 0;
	if (value->type == TREE_ARRAY && value->length <= most)
		return (uint32_t)(value - fields->tree->values);
	if (value->type == TREE_ARRAY)
		fields_refuse(fields, key, "has %" PRIu32 " values; at most %zu", value->length, most);
	else
		fields_refuse(fields, key, "must be an array");
	return 0;
}

unsigned fields_word(struct fields *fields, const char *key, const char *(*name_of)(unsigned), unsigned count)
{
	const char *text = fields_string(fields, key);

	for (unsigned i = 0; text != NULL && i < count; i++)
		if (strcmp(text, name_of(i)) == 0)
			return i;
	if (text != NULL)
		fields_refuse(fields, key, "is a word that this vmm does not know; it knows %s, %s ...", name_of(0),
			      name_of(1));
	return 0;
}

uint64_t fields_unsigned_or(struct fields *fields, const char *key, uint64_t most, uint64_t otherwise)
{
	const struct tree_value *value = fields_find(fields, key);

	return value == NULL ? otherwise : value_unsigned(fields, key, value, most);
}

uint64_t fields_hex_or_0(struct fields *fields, const char *key, uint64_t most)
{
	return value_hex(fields, key, fields_find(fields, key), most);
}

bool fields_bool_or_false(struct fields *fields, const char *key)
{
	return to_bool(fields, key, fields_find(fields, key));
}

const char *fields_name_or_null(struct fields *fields, const char *key)
{
	return to_name(fields, key, fields_find(fields, key));
}

void fields_text(struct fields *fields, const char *key, char *text, size_t size)
{
	const struct tree_value *value = fields_find(fields, key);

	text[0] = '\0';
	if (value_string(fields, key, value) == NULL)
		return;
	if (value->length < size)
		memcpy(text, value->text, value->length + 1);
	else
		fields_refuse(fields, key, "has %" PRIu32 " bytes; at most %zu", value->length, size - 1);
}
