/* SPDX-License-Identifier: MIT */
/* read_space.c: address spaces and their regions. */
#include <string.h>

#include "reader_parts.h"

#define PAGE_4K (UINT64_C(1) << 12)
#define PAGE_2M (UINT64_C(1) << 21)
#define PAGE_1G (UINT64_C(1) << 30)

static void read_rights(struct fields *fields, const char *key, bool *readable, bool *writable, bool *executable)
{
	const char *rights = fields_string(fields, key);

	*readable = *writable = *executable = false;
	if (rights == NULL)
		return;
	if (strlen(rights) != 3 || strchr("r-", rights[0]) == NULL || strchr("w-", rights[1]) == NULL ||
	    strchr("x-", rights[2]) == NULL) {
		fields_refuse(fields, key, "must be three letters such as \"r-x\"");
		return;
	}
	*readable = rights[0] == 'r';
	*writable = rights[1] == 'w';
	*executable = rights[2] == 'x';
}

/* 2^64, where the last page ends, is one more than fits: it stands as 0. */
static uint64_t read_region_end(struct fields *fields)
{
	const struct tree_value *value = fields_find(fields, "end");

	if (value != NULL && value->type == TREE_STRING && strcmp(value->text, "0x10000000000000000") == 0)
		return 0;
	return fields_hex(fields, "end", UINT64_MAX);
}

static void read_sharers(struct reader *reader, struct fields *fields, struct event_region *region)
{
	const struct tree_value *values = fields->tree->values;
	uint32_t array = fields_array(fields, "shared_with", TREE_VALUES);

	region->shared_with = reader->pids + reader->pid_count;
	region->shared_with_count = 0;
	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		reader->pids[reader->pid_count++] =
			(uint32_t)value_unsigned(fields, "shared_with", &values[i], UINT32_MAX);
		region->shared_with_count++;
	}
}

static void read_frames(struct reader *reader, struct fields *fields, struct event_region *region)
{
	region->page = fields_unsigned(fields, "page", PAGE_1G);
	if (region->page != PAGE_4K && region->page != PAGE_2M && region->page != PAGE_1G)
		fields_refuse(fields, "page", "must be 4096, 2097152 or 1073741824");
	region->phys = fields_hex(fields, "phys", UINT64_MAX);
	region->contiguous = fields_bool(fields, "contiguous");
	region->shared_frames = fields_unsigned(fields, "shared_frames", UINT64_MAX);
	region->cow_pages = fields_unsigned(fields, "cow_pages", UINT64_MAX);
	read_sharers(reader, fields, region);
}

static void read_region(struct reader *reader, struct fields *fields, struct event_region *region)
{
	*region = (struct event_region){.page = PAGE_4K};
	region->start = fields_hex(fields, "start", UINT64_MAX);
	region->end = read_region_end(fields);
	if (region->end != 0 && region->end <= region->start)
		fields_refuse(fields, "end", "must be above 'start'");
	region->ring = (unsigned)fields_unsigned(fields, "ring", 3);
	if (region->ring != 0 && region->ring != 3)
		fields_refuse(fields, "ring", "must be 0 or 3");
	read_rights(fields, "rights", &region->readable, &region->writable, &region->executable);
	read_rights(fields, "kernel_rights", &region->kernel_readable, &region->kernel_writable,
		    &region->kernel_executable);
	region->guard = fields_bool(fields, "guard");
	if (!region->guard)
		read_frames(reader, fields, region);
	fields_text(fields, "name", region->name, sizeof(region->name));
}

static void read_regions(struct reader *reader, struct fields *fields, struct event_address_space *space)
{
	const struct tree_value *values = fields->tree->values;
	uint32_t array = fields_array(fields, "regions", READER_REGIONS);
	uint64_t end = 0;
	size_t count = 0;

	/* No more pids than values in all */
	if (!reader_grow(fields, (void **)&reader->regions, &reader->region_room, values[array].length,
			 sizeof(*reader->regions)) ||
	    !reader_grow(fields, (void **)&reader->pids, &reader->pid_room, fields->tree->count, sizeof(*reader->pids)))
		return;
	reader->pid_count = 0;
	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		struct event_region *region = &reader->regions[count];
		struct fields members = value_object(fields, "region", &values[i]);

		if (!fields_good(fields))
			return;
		read_region(reader, &members, region);
		if (region->start < end || (count > 0 && end == 0))
			fields_refuse(&members, "start", "must not be below the end of the region before it");
		end = region->end;
		count++;
	}
	space->regions = reader->regions;
	space->region_count = count;
}

static void read_totals(struct fields *fields, struct event_address_space *space)
{
	struct fields totals = fields_object(fields, "totals");

	space->user_bytes = fields_unsigned(&totals, "user_bytes", UINT64_MAX);
	space->kernel_bytes = fields_unsigned(&totals, "kernel_bytes", UINT64_MAX);
	space->user_pages = fields_unsigned(&totals, "user_pages", UINT64_MAX);
	space->kernel_pages = fields_unsigned(&totals, "kernel_pages", UINT64_MAX);
	space->user_half = fields_unsigned(&totals, "user_half", UINT64_MAX);
	space->hole = fields_unsigned(&totals, "hole", UINT64_MAX);
	space->kernel_half = fields_unsigned(&totals, "kernel_half", UINT64_MAX);
	space->table_pages = fields_unsigned(&totals, "table_pages", UINT64_MAX);
	space->kernel_half_shared = fields_bool(&totals, "kernel_half_shared");
	space->kernel_tables = (unsigned)fields_unsigned(&totals, "kernel_tables", UINT32_MAX);
	space->compared_with = (unsigned)fields_unsigned(&totals, "compared_with", UINT32_MAX);
	space->wx_pages = fields_unsigned(&totals, "wx_pages", UINT64_MAX);
	space->problems = fields_unsigned(&totals, "problems", UINT64_MAX);
	space->cut_short = fields_bool_or_false(&totals, "cut_short");
}

static const char *time_of(unsigned index)
{
	static const char *const times[] = {"start", "switch", "end"};

	return times[index];
}

void read_address_space(struct reader *reader, struct fields *fields, struct event *event)
{
	struct event_address_space *space = &event->address_space;

	memset(space, 0, sizeof(*space));
	space->when = time_of(fields_word(fields, "when", time_of, 3));
	read_place(fields, event);
	space->pid = event->pid;
	space->parent = (uint32_t)fields_unsigned(fields, "parent", UINT32_MAX);
	fields_text(fields, "name", space->name, sizeof(space->name));
	space->cr3 = fields_hex(fields, "cr3", UINT64_MAX);
	read_regions(reader, fields, space);
	read_totals(fields, space);
}
