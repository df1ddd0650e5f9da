/* SPDX-License-Identifier: MIT */
/* system_calls.c: shared/syscalls.h as two arrays, and the way from decode/ to the guest's memory. */
#include "system_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/calls.h"
#include "decode/kinds.h"
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

static size_t read_captured(const struct evidence *evidence, uint64_t address, void *to, size_t count)
{
	uint64_t offset = address - evidence->captured;
	size_t left;

	if (address < evidence->captured || offset >= evidence->captured_count)
		return 0;
	left = evidence->captured_count - (size_t)offset;
	count = count < left ? count : left;
	memcpy(to, evidence->bytes + offset, count);
	return count;
}

/* Up to the first byte that ring 3 may not read. */
static size_t read_user(void *context, uint64_t address, void *to, size_t count)
{
	const struct user_memory *space = context;
	size_t done = 0;

	if (space->evidence != NULL)
		return read_captured(space->evidence, address, to, count);
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

struct open_call *system_call_begin(const struct user_memory *user, const char *name, bool i386,
				    const uint64_t args[DECODE_ARGS], uint64_t rsp)
{
	struct user_memory space = *user;
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
	open->cr3 = user->cr3;
	decode_entry(&open->call, &memory, &open->decoded);
	fill_event(open);
	return open;
}

void system_call_end(struct open_call *open, const struct user_memory *user, int64_t result)
{
	struct user_memory space = *user;
	const struct decode_memory memory = {&space, read_user};

	if (user->cr3 != open->cr3) /* execve: what the addresses meant is gone */
		open->decoded.retry = 0;
	decode_return(&open->call, &memory, result, &open->decoded);
	fill_event(open);
}

/* It is the third argument of rt_sigqueueinfo. */
void system_call_siginfo(const struct user_memory *user, uint64_t address, char *text, size_t size)
{
	const uint64_t args[DECODE_ARGS] = {0, 0, address};
	struct open_call *open = system_call_begin(user, "rt_sigqueueinfo", false, args, 0);

	snprintf(text, size, "%s", open != NULL && open->event.count > 2 ? open->event.args[2] : "");
	free(open);
}

/* Calls that pass a buffer in rsi: the recorder itself takes what is shown of it. Of the others that use memory, the
   VMM has to look while the program stands still, at the return, too: what was not mapped at the entry is shown then.
 */
uint8_t system_call_plan(const char *name, bool i386)
{
	const struct call_row *row = name != NULL ? call_row_named(name) : NULL;
	unsigned plan = 0;

	if (row == NULL || !row->decoded)
		return 0;
	for (unsigned i = 0; i < DECODE_ARGS && row->kinds[i] != KIND_NONE; i++) {
		if (!kind_reads_memory(row->kinds[i]))
			continue;
		if (i == 1 && !i386 && row->kinds[i] == KIND_BUFFER && row->kinds[2] == KIND_SIZE)
			plan |= VMM_PLAN_ENTRY_CAPTURE | VMM_PLAN_RETURN_FLAGGED;
		else if (i == 1 && !i386 && row->kinds[i] == KIND_OUT_BUFFER && row->result == RESULT_NUMBER)
			plan |= VMM_PLAN_RETURN_CAPTURE;
		else if (kinds[row->kinds[i]].when & IN)
			plan |= VMM_PLAN_ENTRY_TRAP | VMM_PLAN_RETURN_TRAP;
		else
			plan |= VMM_PLAN_RETURN_TRAP;
	}
	if (plan & VMM_PLAN_ENTRY_TRAP)
		plan &= ~VMM_PLAN_ENTRY_CAPTURE;
	if (plan & VMM_PLAN_RETURN_TRAP)
		plan &= ~(VMM_PLAN_RETURN_CAPTURE | VMM_PLAN_RETURN_FLAGGED);
	return (uint8_t)plan;
}
