/* SPDX-License-Identifier: MIT */
/* missing_calls.c: a list without doubles. The guest chooses the numbers, so it is bounded. */
#include "missing_calls.h"

#include "system_calls.h"

const struct event_missing_call *missing_call_note(struct missing_calls *calls, struct symbols *symbols,
						   uint64_t number, uint64_t rip, bool i386)
{
	struct event_missing_call *call = calls->items;

	for (; call < calls->items + calls->count; call++) {
		if (call->number != number || call->i386 != i386)
			continue;
		call->count++;
		return NULL;
	}
	if (calls->count == MISSING_CALLS_MAX)
		return NULL;
	calls->count++;
	*call = (struct event_missing_call){
		.name = (i386 ? system_call_i386(number) : system_call_x86_64(number))->name,
		.number = number,
		.i386 = i386,
		.count = 1,
		.rip = rip - 2, /* `syscall` and `int n` have two bytes */
	};
	symbols_describe(symbols, call->rip, call->symbol, sizeof(call->symbol));
	return call;
}
