/* SPDX-License-Identifier: MIT */
/*
 * scenes.c: event streams made by hand, of what is rare in a real run. Usage: scenes SCENE FORMAT >FILE
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/stream.h"

static struct event at(enum event_type type, uint64_t ns, unsigned cpu, uint32_t tid)
{
	return (struct event){.type = type, .ns = ns, .tsc = 3 * ns, .cpu = cpu, .pid = tid, .tid = tid};
}

static void start(struct stream *stream, unsigned cpus)
{
	struct event event = at(EVENT_START, 0, 0, 0);

	event.start = (struct event_start){
		.version = "0", .host = "unknown", .image = "scene", .method = "trap", .trace = "all", .cpus = cpus};
	stream_emit(stream, &event);
}

static void end(struct stream *stream, uint64_t ns)
{
	struct event event = at(EVENT_END, ns, 0, 0);

	event.end = (struct event_end){.reason = "exit", .verdict = "complete"};
	stream_emit(stream, &event);
}

static void process(struct stream *stream, uint64_t ns, uint32_t pid, enum process_event what, const char *name)
{
	struct event event = at(EVENT_PROCESS, ns, 0, pid);

	event.process = (struct event_process){.event = what, .pid = pid, .parent = pid - 1};
	strncpy(event.process.name, name, sizeof(event.process.name) - 1);
	stream_emit(stream, &event);
}

static uint64_t entry(struct stream *stream, uint64_t ns, unsigned cpu, uint32_t tid, unsigned from, const char *name)
{
	struct event event = at(EVENT_TRANSITION, ns, cpu, tid);
	struct event_transition *out = &event.transition;

	out->from = from;
	out->name = name;
	out->cr3 = 0x1000;
	if (strcmp(name, "timer") == 0 || strcmp(name, "#PF") == 0) {
		out->cause = name[0] == '#' ? CAUSE_EXCEPTION : CAUSE_INTERRUPT;
		out->has_vector = true;
		out->vector = name[0] == '#' ? 14 : 32;
	} else {
		out->cause = CAUSE_SYSCALL;
		out->has_number = true;
	}
	return stream_emit(stream, &event);
}

static void back(struct stream *stream, uint64_t ns, unsigned cpu, uint32_t tid, unsigned to, uint64_t seq)
{
	struct event event = at(EVENT_TRANSITION, ns, cpu, tid);
	struct event_transition *out = &event.transition;

	out->is_return = true;
	out->cause = CAUSE_SYSRET;
	out->to = to;
	out->has_entry = true;
	out->entry = seq;
	stream_emit(stream, &event);
}

static void vm_exit(struct stream *stream, uint64_t ns, unsigned cpu, uint32_t tid, const char *call, uint64_t seq)
{
	struct event event = at(EVENT_EXIT, ns, cpu, tid);

	event.exit = (struct event_exit){.reason = EXIT_IO, .device = "hypercall", .call = call};
	event.exit.has_entry = true;
	event.exit.entry = seq;
	stream_emit(stream, &event);
}

static void note(struct stream *stream, uint64_t ns, const char *text)
{
	struct event event = at(EVENT_NOTE, ns, 0, 0);

	snprintf(event.note, sizeof(event.note), "%s", text);
	stream_emit(stream, &event);
}

static void address_space(struct stream *stream, uint64_t ns, uint32_t pid, const char *when, uint64_t user_pages)
{
	struct event event = at(EVENT_ADDRESS_SPACE, ns, 0, 0);

	event.address_space = (struct event_address_space){
		.when = when, .pid = pid, .user_pages = user_pages, .kernel_pages = 9, .name = "one"};
	stream_emit(stream, &event);
}

/* A read of thread 1 blocks: thread 2 runs on CPU 0; the read goes on on CPU 1. */
static void scene_switch(struct stream *stream)
{
	uint64_t read, fault, timer, write;

	process(stream, 0, 1, PROCESS_START, "one"); /* seq 1 */
	read = entry(stream, 100, 0, 1, 3, "read");  /* seq 2, so its flow is 3 */
	vm_exit(stream, 105, 0, 1, "file", read);
	fault = entry(stream, 110, 0, 1, 0, "#PF");
	back(stream, 120, 0, 1, 0, fault);
	process(stream, 150, 2, PROCESS_START, "two"); /* seen by thread 1: no switch */
	timer = entry(stream, 200, 0, 2, 3, "timer");
	back(stream, 300, 0, 2, 3, timer);
	write = entry(stream, 400, 0, 2, 3, "write");
	vm_exit(stream, 500, 1, 1, "fpu", read);
	back(stream, 600, 1, 1, 3, read);
	back(stream, 700, 0, 2, 3, write);
	end(stream, 800);
}

static void scene_no_returns(struct stream *stream)
{
	process(stream, 0, 1, PROCESS_START, "one");
	for (uint64_t i = 1; i <= 5; i++)
		vm_exit(stream, 100 * i + 10, 0, 1, "file", entry(stream, 100 * i, 0, 1, 3, "getpid"));
	end(stream, 800);
}

static void scene_unreturned(struct stream *stream)
{
	uint64_t read;

	process(stream, 0, 1, PROCESS_START, "one");
	process(stream, 0, 2, PROCESS_START, "two");
	read = entry(stream, 100, 0, 1, 3, "read");
	entry(stream, 200, 0, 1, 0, "#PF");
	back(stream, 300, 0, 1, 3, read);
	entry(stream, 400, 0, 1, 3, "exit_group");
	process(stream, 500, 1, PROCESS_EXIT, "one");
	process(stream, 510, 1, PROCESS_REAPED, "one");
	entry(stream, 600, 0, 2, 3, "pause");
	end(stream, 700);
}

static void scene_idle(struct stream *stream)
{
	uint64_t seq;

	address_space(stream, 0, 1, "start", 7); /* before anything else says that there is a process 1 */
	seq = entry(stream, 100, 0, 0, 0, "timer");
	back(stream, 200, 0, 0, 0, seq);
	seq = entry(stream, 300, 0, 0, 0, "timer");
	vm_exit(stream, 350, 0, 0, "fpu", seq);
	back(stream, 400, 0, 0, 0, seq);
	process(stream, 450, 1, PROCESS_START, "one");
	seq = entry(stream, 500, 0, 1, 3, "write");
	back(stream, 600, 0, 1, 3, seq);
	address_space(stream, 650, 1, "end", 8);
	end(stream, 700);
}

/* Too much of everything, and bytes that are no text. */
static void scene_hostile(struct stream *stream)
{
	char name[64];

	for (uint64_t i = 0; i < 1000; i++) /* deep */
		vm_exit(stream, i, 0, 1, "file", entry(stream, i, 0, 1, 0, "#PF"));
	for (uint64_t i = 0; i < 20000; i++) { /* many names; the clocks of the CPUs differ */
		snprintf(name, sizeof(name), "call_%llu", (unsigned long long)i);
		back(stream, 1000 + i, 0, 2, 3, entry(stream, 1000 + i - i % 5, (unsigned)i, 2, 3, name));
	}
	for (uint32_t i = 0; i < 20000; i++) /* many threads, none of which ends */
		entry(stream, 21000 + i, i % 3, 100 + i, 3, "pause");
	note(stream, 41000, "caf\xc3\xa9 \xff\xfe\x80 \xed\xa0\x80");
	note(stream, 41000, "\"\\\n\t\x01\x7f");
	note(stream, 41000, "plain");
	end(stream, 41000);
}

static unsigned next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth, MMIX */
	return (unsigned)(*state >> 33);
}

/* A byte of the kind that makes trouble, or one of any kind; never NUL, which ends a string */
static unsigned char random_byte(uint64_t *state)
{
	static const unsigned char edges[] = "\"\\/\x01\x1f\x20\x7e\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2"
					     "\xdf\xe0\xe2\xed\xef\xf0\xf4\xf5\xff";
	unsigned random = next_random(state);

	if (random & 1)
		return edges[(random >> 1) % (sizeof(edges) - 1)];
	return (unsigned char)(1 + (random >> 1) % 255);
}

/* Random bytes, and behind each note another one with the same bytes in hexadecimal */
static void scene_random(struct stream *stream)
{
	uint64_t state = 1;

	for (uint64_t i = 0; i < 20000; i++) {
		char text[EVENT_TEXT] = "", hex[EVENT_TEXT] = "";
		unsigned length = 1 + next_random(&state) % 90;

		for (unsigned at_byte = 0; at_byte < length; at_byte++) {
			unsigned char byte = random_byte(&state);

			text[at_byte] = (char)byte;
			snprintf(hex + 2 * at_byte, 3, "%02x", byte);
		}
		note(stream, i, text);
		note(stream, i, hex);
	}
	end(stream, 20000);
}

static const struct {
	const char *name;
	void (*play)(struct stream *stream);
} scenes[] = {
	{"switch", scene_switch}, {"no-returns", scene_no_returns}, {"unreturned", scene_unreturned},
	{"idle", scene_idle},     {"hostile", scene_hostile},       {"random", scene_random},
};

int main(int argc, char **argv)
{
	const struct render_options options = {.events = true, .layout = true, .summary = true, .frame = true};
	struct writer *writer = writer_open(STDOUT_FILENO, false);

	for (size_t i = 0; argc == 3 && i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		struct stream *stream;

		if (strcmp(scenes[i].name, argv[1]) != 0)
			continue;
		stream = stream_open(renderer_find(argv[2]), writer, &options);
		start(stream, 2);
		scenes[i].play(stream);
		stream_close(stream);
		return writer_close(writer) != 0;
	}
	fprintf(stderr, "usage: scenes SCENE FORMAT\n");
	return 2;
}
