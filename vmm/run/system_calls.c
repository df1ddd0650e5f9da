/* SPDX-License-Identifier: MIT */
/* system_calls.c: shared/syscalls.h as two arrays, and the way from decode/ to the guest's memory. */
#include "system_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/calls.h"
#include "syscalls.h"
#include "walk.h"

#define ROW(number, name, args) [number] = {#name, args},
static const struct system_call x86_64_calls[] = {LINUX_SYSCALLS(ROW)};
static const struct system_call i386_calls[] = {LINUX_I386_SYSCALLS(ROW)};
static const struct system_call unknown = {NULL, 6};

const struct system_call *system_call_x86_64(uint64_t number)
{
	if (number >= sizeof(x86_64_calls) / sizeof(x86_64_calls[0]) || x86_64_calls[number].name == NULL)
		return &unknown;
	return &x86_64_calls[number];
}

const struct system_call *system_call_i386(uint64_t number)
{
	if (number >= sizeof(i386_calls) / sizeof(i386_calls[0]) || i386_calls[number].name == NULL)
		return &unknown;
	return &i386_calls[number];
}

struct user_space {
	const struct guest_ram *ram;
	gpa_t cr3;
};

/* Up to the first byte that ring 3 may not read. */
static size_t read_user(void *context, uint64_t address, void *to, size_t count)
{
	const struct user_space *space = context;
	size_t done = 0;

	while (done < count) {
		struct walk walk;
		size_t part;

		walk_address(space->ram, space->cr3, address + done, &walk);
		if (!walk.present || !walk.user)
			break;
		part = PAGE_SIZE - (address + done) % PAGE_SIZE;
		part = part < count - done ? part : count - done;
		if (!guest_ram_read(space->ram, walk.gpa, (uint8_t *)to + done, part))
			break;
		done += part;
	}
	return done;
}

static void fill_event(struct open_call *open)
{
	open->event.count = open->decoded.count;
	memcpy(open->event.args, open->decoded.args, sizeof(open->event.args));
	memcpy(open->event.output, open->decoded.output, sizeof(open->event.output));
	open->event.result = open->decoded.result;
}

struct open_call *system_call_begin(const struct guest_ram *ram, gpa_t cr3, const char *name, bool i386,
				    const uint64_t args[DECODE_ARGS], uint64_t rsp)
{
	struct user_space space = {ram, cr3};
	const struct decode_memory memory = {&space, read_user};
	const struct call_row *row = name != NULL ? call_row_named(name) : NULL;
	struct open_call *open;

	if (row == NULL || !row->decoded)
		return NULL;
	open = malloc(sizeof(*open)); /* not cleared: most of it is room for text */
	if (open == NULL)
		return NULL;
	open->call = (struct decode_call){.row = row, .i386 = i386, .stack = rsp};
	memcpy(open->call.args, args, sizeof(open->call.args));
	open->cr3 = cr3;
	decode_entry(&open->call, &memory, &open->decoded);
	fill_event(open);
	return open;
}

void system_call_end(struct open_call *open, const struct guest_ram *ram, gpa_t cr3, int64_t result)
{
	struct user_space space = {ram, cr3};
	const struct decode_memory memory = {&space, read_user};

	if (cr3 != open->cr3) /* execve: what the addresses meant is gone */
		open->decoded.retry = 0;
	decode_return(&open->call, &memory, result, &open->decoded);
	fill_event(open);
}

/* It is the third argument of rt_sigqueueinfo. */
void system_call_siginfo(const struct guest_ram *ram, gpa_t cr3, uint64_t address, char *text, size_t size)
{
	const uint64_t args[DECODE_ARGS] = {0, 0, address};
	struct open_call *open = system_call_begin(ram, cr3, "rt_sigqueueinfo", false, args, 0);

	snprintf(text, size, "%s", open != NULL && open->event.count > 2 ? open->event.args[2] : "");
	free(open);
}
