/* SPDX-License-Identifier: MIT */
/*
 * render_yajl.c: the same JSON Lines by yajl, a library that generates JSON as a stream. Of the recorded stream it
 * writes the same bytes as vmm's own renderer, except for the summary, which it leaves out.
 */
#include "render_yajl.h"

#include <string.h>
#include <yajl/yajl_gen.h>

#include "report/names.h"

struct yajl_state {
	yajl_gen gen;
};

static void text(yajl_gen gen, const char *value)
{
	yajl_gen_string(gen, (const unsigned char *)value, strlen(value));
}

/* Lengths of keys are known, and should not be what is measured. */
#define key(gen, name) yajl_gen_string(gen, (const unsigned char *)(name), sizeof(name) - 1)

#define put_text(gen, name, value)                         \
	do {                                               \
		if ((value) && ((const char *)value)[0]) { \
			key(gen, name);                    \
			text(gen, value);                  \
		}                                          \
	} while (0)
#define put_number(gen, name, value) (key(gen, name), yajl_gen_integer(gen, (long long)(value)))
#define put_hex(gen, name, value)    (key(gen, name), hex(gen, value))

static void hex(yajl_gen gen, uint64_t value)
{
	char digits[18];
	size_t start = sizeof(digits);

	do {
		digits[--start] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	digits[--start] = 'x';
	digits[--start] = '0';
	yajl_gen_string(gen, (const unsigned char *)digits + start, sizeof(digits) - start);
}

static void put_place(yajl_gen gen, const struct event *event)
{
	put_number(gen, "tsc", event->tsc);
	put_number(gen, "cpu", event->cpu);
	put_number(gen, "pid", event->pid);
	if (event->tid)
		put_number(gen, "tid", event->tid);
}

static void put_call(yajl_gen gen, const struct event_call *call)
{
	key(gen, "decoded");
	yajl_gen_array_open(gen);
	for (unsigned i = 0; i < call->count; i++)
		text(gen, call->args[i]);
	yajl_gen_array_close(gen);
	put_text(gen, "result_text", call->result);
}

static void put_args(yajl_gen gen, const uint64_t *args, unsigned count)
{
	key(gen, "args");
	yajl_gen_array_open(gen);
	for (unsigned i = 0; i < count; i++)
		hex(gen, args[i]);
	yajl_gen_array_close(gen);
}

static void put_walk(yajl_gen gen, const struct event_walk *walk)
{
	static const char *const names[EVENT_WALK_LEVELS] = {"PML4E", "PDPE", "PDE", "PTE"};

	key(gen, "walk");
	yajl_gen_array_open(gen);
	for (unsigned i = 0; i < walk->levels; i++) {
		yajl_gen_map_open(gen);
		put_text(gen, "entry", names[i]);
		put_number(gen, "index", walk->entries[i].index);
		put_hex(gen, "value", walk->entries[i].value);
		yajl_gen_map_close(gen);
	}
	yajl_gen_array_close(gen);
}

static void put_entry(yajl_gen gen, const struct event_transition *entry)
{
	if (entry->has_vector)
		put_number(gen, "vector", entry->vector);
	if (entry->has_number)
		put_number(gen, "number", entry->number);
	put_text(gen, "name", entry->name);
	if (entry->has_number)
		put_args(gen, entry->args, entry->arg_count);
	if (entry->call)
		put_call(gen, entry->call);
	if (entry->has_error)
		put_hex(gen, "error", entry->error);
	if (entry->has_cr2)
		put_hex(gen, "cr2", entry->cr2);
	put_text(gen, "why", entry->why);
	if (entry->walk.levels)
		put_walk(gen, &entry->walk);
}

static void put_return(yajl_gen gen, const struct event_transition *back)
{
	if (back->first) {
		key(gen, "first");
		yajl_gen_bool(gen, 1);
		put_hex(gen, "rax", back->rax);
	}
	if (back->has_result) {
		put_number(gen, "result", (uint64_t)back->result);
		put_text(gen, "error", errno_name(back->result));
	}
	if (back->call)
		put_call(gen, back->call);
	if (!back->has_entry)
		return;
	put_number(gen, "entry", back->entry);
	put_text(gen, "entry_cause", cause_name(back->entry_cause));
	put_text(gen, "entry_name", back->entry_name);
	put_number(gen, "ns_inside", back->ns_inside);
	put_number(gen, "exits_inside", back->exits_inside);
	if (back->faults_inside)
		put_number(gen, "faults_inside", back->faults_inside);
}

static void put_transition(yajl_gen gen, const struct event *event)
{
	const struct event_transition *transition = &event->transition;

	put_place(gen, event);
	put_number(gen, "from", transition->from);
	put_number(gen, "to", transition->to);
	put_text(gen, "cause", cause_name(transition->cause));
	put_hex(gen, "rip", transition->rip);
	put_hex(gen, "target", transition->target);
	put_hex(gen, "rsp", transition->rsp);
	put_hex(gen, "cr3", transition->cr3);
	put_hex(gen, "rflags", transition->rflags);
	if (transition->frame) {
		put_hex(gen, "frame", transition->frame);
		put_hex(gen, "cs", transition->cs);
	}
	if (transition->is_return)
		put_return(gen, transition);
	else
		put_entry(gen, transition);
	put_text(gen, "symbol", transition->symbol);
	put_text(gen, "target_symbol", transition->target_symbol);
	put_number(gen, "depth", transition->depth);
	put_text(gen, "quirk", transition->quirk);
}

static void put_exit(yajl_gen gen, const struct event *event)
{
	const struct event_exit *exit = &event->exit;

	put_place(gen, event);
	put_text(gen, "reason", exit_reason_name(exit->reason));
	put_text(gen, "direction", exit->write ? "out" : "in");
	put_hex(gen, "port", exit->address);
	put_number(gen, "size", exit->size);
	put_number(gen, "count", exit->count);
	put_text(gen, "device", exit->device);
	put_text(gen, "call", exit->call);
	put_args(gen, exit->args, 3);
	put_number(gen, "result", (uint64_t)exit->result);
	if (exit->has_entry)
		put_number(gen, "entry", exit->entry);
	put_number(gen, "from", exit->from);
	put_hex(gen, "rip", exit->rip);
	put_text(gen, "symbol", exit->symbol);
	put_number(gen, "depth", exit->depth);
}

static void put_process(yajl_gen gen, const struct event *event)
{
	const struct event_process *process = &event->process;

	put_number(gen, "pid", process->pid);
	put_number(gen, "tid", event->tid);
	put_number(gen, "parent", process->parent);
	put_text(gen, "event", process_event_name(process->event));
	put_text(gen, "name", process->name);
	put_hex(gen, "cr3", process->cr3);
}

static void put_event(yajl_gen gen, const struct event *event, const char *type)
{
	put_text(gen, "type", type);
	put_number(gen, "seq", event->seq);
	put_number(gen, "ns", event->ns);
	if (event->type == EVENT_TRANSITION) {
		put_transition(gen, event);
	} else if (event->type == EVENT_EXIT) {
		put_exit(gen, event);
	} else if (event->type == EVENT_PROCESS) {
		put_process(gen, event);
	} else {
		put_number(gen, "pid", event->pid);
		put_text(gen, "text", event->note);
	}
}

static void yajl_event(struct writer *out, const struct event *event, const struct render_options *options,
		       void *opaque)
{
	static const char *const types[] = {
		[EVENT_TRANSITION] = "transition",
		[EVENT_EXIT] = "exit",
		[EVENT_PROCESS] = "process",
		[EVENT_NOTE] = "note",
		[EVENT_END] = NULL,
	};
	struct yajl_state *state = opaque;
	const unsigned char *bytes;
	size_t length;

	(void)options;
	if (!types[event->type])
		return;
	if (!state->gen)
		state->gen = yajl_gen_alloc(NULL);
	yajl_gen_map_open(state->gen);
	put_event(state->gen, event, types[event->type]);
	yajl_gen_map_close(state->gen);
	yajl_gen_get_buf(state->gen, &bytes, &length);
	writer_put(out, (const char *)bytes, length);
	writer_put(out, "\n", 1);
	yajl_gen_clear(state->gen);
	yajl_gen_reset(state->gen, NULL);
}

static void yajl_finish(struct writer *out, void *opaque)
{
	struct yajl_state *state = opaque;

	(void)out;
	if (state->gen)
		yajl_gen_free(state->gen);
}

const struct renderer yajl_renderer = {
	.name = "yajl",
	.event = yajl_event,
	.state_size = sizeof(struct yajl_state),
	.finish = yajl_finish,
};
