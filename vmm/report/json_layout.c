/* SPDX-License-Identifier: MIT */
/* json_layout.c: address spaces. */
#include "json_parts.h"

static void put_rights(struct json_line *line, bool readable, bool writable, bool executable)
{
	const char rights[] = {readable ? 'r' : '-', writable ? 'w' : '-', executable ? 'x' : '-', '\0'};

	json_string(line, rights);
}

/* The end of the last page is 2^64, one more than a uint64_t holds. */
static void put_region_end(struct json_line *line, uint64_t end)
{
	json_key(line, "end");
	if (end)
		json_hex(line, end);
	else
		json_string(line, "0x10000000000000000");
}

static void put_region(struct json_line *line, const struct event_region *region)
{
	json_open(line, '{');
	put_hex(line, "start", region->start);
	put_region_end(line, region->end);
	put_unsigned(line, "ring", region->ring);
	json_key(line, "rights");
	put_rights(line, region->readable, region->writable, region->executable);
	json_key(line, "kernel_rights");
	put_rights(line, region->kernel_readable, region->kernel_writable, region->kernel_executable);
	put_bool(line, "guard", region->guard);
	if (!region->guard) {
		put_unsigned(line, "page", region->page);
		put_hex(line, "phys", region->phys);
		put_bool(line, "contiguous", region->contiguous);
		put_unsigned(line, "shared_frames", region->shared_frames);
		put_unsigned(line, "cow_pages", region->cow_pages);
		json_key(line, "shared_with");
		json_open(line, '[');
		for (size_t i = 0; i < region->shared_with_count; i++)
			json_unsigned(line, region->shared_with[i]);
		json_close(line, ']');
	}
	put_array_text(line, "name", region->name);
	json_close(line, '}');
}

static void put_totals(struct json_line *line, const struct event_address_space *space)
{
	json_open(line, '{');
	put_unsigned(line, "user_bytes", space->user_bytes);
	put_unsigned(line, "kernel_bytes", space->kernel_bytes);
	put_unsigned(line, "user_pages", space->user_pages);
	put_unsigned(line, "kernel_pages", space->kernel_pages);
	put_unsigned(line, "user_half", space->user_half);
	put_unsigned(line, "hole", space->hole);
	put_unsigned(line, "kernel_half", space->kernel_half);
	put_unsigned(line, "table_pages", space->table_pages);
	put_bool(line, "kernel_half_shared", space->kernel_half_shared);
	put_unsigned(line, "kernel_tables", space->kernel_tables);
	put_unsigned(line, "compared_with", space->compared_with);
	put_unsigned(line, "wx_pages", space->wx_pages);
	put_unsigned(line, "problems", space->problems);
	if (space->cut_short)
		put_bool(line, "cut_short", true);
	json_close(line, '}');
}

void json_address_space(struct json_line *line, const struct event_address_space *space)
{
	put_string(line, "when", space->when);
	put_unsigned(line, "pid", space->pid);
	put_unsigned(line, "parent", space->parent);
	put_array_text(line, "name", space->name);
	put_hex(line, "cr3", space->cr3);
	json_key(line, "regions");
	json_open(line, '[');
	for (size_t i = 0; i < space->region_count; i++)
		put_region(line, &space->regions[i]);
	json_close(line, ']');
	json_key(line, "totals");
	put_totals(line, space);
}
