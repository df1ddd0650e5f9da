/* SPDX-License-Identifier: MIT */
/* reader.c: which function reads a line, and what several of them need. */
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "reader_parts.h"

static const struct {
	const char *name;
	enum event_type type;
	void (*read)(struct reader *reader, struct fields *fields, struct event *event);
} types[] = {
	{"transition", EVENT_TRANSITION, read_transition},
	{"exit", EVENT_EXIT, read_exit},
	{"process", EVENT_PROCESS, read_process},
	{"address_space", EVENT_ADDRESS_SPACE, read_address_space},
	{"note", EVENT_NOTE, read_note},
	{"start", EVENT_START, read_start},
	{"summary", EVENT_SUMMARY, read_summary},
	{"end", EVENT_END, read_end},
};
#define TYPES (sizeof(types) / sizeof(types[0]))

/* All that later code may look at, and not the whole union, which is large. */
static void clear(struct event *event)
{
	event->seq = event->ns = event->tsc = 0;
	event->cpu = 0;
	event->pid = event->tid = 0;
}

enum reader_result reader_read(struct reader *reader, char *line, size_t length, struct event *event)
{
	struct fields fields = {
		.tree = &reader->tree,
		.next = 1,
		.what = "line",
		.problem = reader->problem,
		.problem_size = sizeof(reader->problem),
		.names = &reader->names,
	};
	const char *type;
	size_t i = 0;

	if (!tree_parse(&reader->tree, line, length, reader->problem, sizeof(reader->problem)))
		return READER_BAD;
	clear(event);
	type = fields_string(&fields, "type");
	event->seq = fields_unsigned(&fields, "seq", UINT64_MAX);
	if (type == NULL || !fields_good(&fields))
		return READER_BAD;
	while (i < TYPES && strcmp(type, types[i].name) != 0)
		i++;
	if (i == TYPES)
		return READER_UNKNOWN;
	fields.what = types[i].name;
	event->type = types[i].type;
	event->ns = fields_unsigned(&fields, "ns", UINT64_MAX);
	types[i].read(reader, &fields, event);
	return fields_good(&fields) ? READER_EVENT : READER_BAD;
}

void reader_close(struct reader *reader)
{
	tree_close(&reader->tree);
	names_close(&reader->names);
	free(reader->regions);
	free(reader->rows);
	free(reader->missing);
	free(reader->expectations);
	free(reader->doubts);
	free(reader->pids);
	*reader = (struct reader){0};
}

void read_place(struct fields *fields, struct event *event)
{
	event->cpu = (unsigned)fields_unsigned_or(fields, "cpu", VMM_CPUS_MAX - 1, 0);
	event->pid = (uint32_t)fields_unsigned(fields, "pid", UINT32_MAX);
	event->tid = (uint32_t)fields_unsigned_or(fields, "tid", UINT32_MAX, 0);
}

static const char *cause_of(unsigned index)
{
	return cause_name((enum cause)index);
}

enum cause read_cause(struct fields *fields, const char *key)
{
	return (enum cause)fields_word(fields, key, cause_of, CAUSES);
}

bool reader_grow(struct fields *fields, void **array, size_t *room, size_t count, size_t size)
{
	size_t wanted = count < 16 ? 16 : count;
	void *grown;

	if (count <= *room)
		return true;
	grown = realloc(*array, wanted * size);
	if (grown == NULL) {
		if (fields_good(fields))
			snprintf(fields->problem, fields->problem_size, "no memory for what the line says");
		return false;
	}
	*array = grown;
	*room = wanted;
	return true;
}

const char *read_plain_word(struct fields *fields, const char *key)
{
	const char *word = fields_name(fields, key);

	if (word == NULL || (word[0] != '\0' && strlen(word) < EVENT_NAME &&
			     word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0'))
		return word;
	fields_refuse(fields, key, "must be a word of small letters");
	return NULL;
}
