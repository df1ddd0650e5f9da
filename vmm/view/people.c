/* SPDX-License-Identifier: MIT */
/* people.c: a list of processes, searched from the youngest on. */
#include "people.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more item in an array of `count` */
static bool make_room(void **items, unsigned count, unsigned *room, unsigned most, size_t size)
{
	unsigned wanted = *room ? 2 * *room : 8;
	void *grown;

	if (count < *room)
		return true;
	if (count == most)
		return false;
	grown = realloc(*items, wanted * size);
	if (grown == NULL)
		return false;
	*items = grown;
	*room = wanted;
	return true;
}

static unsigned add_process(struct people *people, uint32_t pid)
{
	if (!make_room((void **)&people->processes, people->count, &people->room, PEOPLE_PROCESSES,
		       sizeof(*people->processes))) {
		people->incomplete = true;
		return 0;
	}
	people->processes[people->count] = (struct person){.pid = pid};
	return ++people->count;
}

static unsigned find(const struct people *people, uint32_t pid)
{
	for (unsigned i = people->count; i-- > 0;)
		if (people->processes[i].pid == pid && !people->processes[i].replaced)
			return i + 1;
	return 0;
}

unsigned people_process(struct people *people, uint32_t pid)
{
	unsigned number = pid != 0 ? find(people, pid) : 0;

	return number != 0 || pid == 0 ? number : add_process(people, pid);
}

unsigned people_thread(struct people *people, unsigned process, uint32_t tid)
{
	struct person *person = &people->processes[process - 1];

	for (unsigned i = person->thread_count; i-- > 0;)
		if (person->tids[i] == tid)
			return i + 1;
	if (!make_room((void **)&person->tids, person->thread_count, &person->thread_room, PEOPLE_THREADS,
		       sizeof(*person->tids))) {
		people->incomplete = true;
		return 0;
	}
	person->tids[person->thread_count] = tid;
	return ++person->thread_count;
}

void people_event(struct people *people, const struct event *event)
{
	const struct event_process *process = &event->process;
	unsigned number = people_process(people, process->pid), parent;
	struct person *person;

	if (number == 0)
		return;
	if (process->event == PROCESS_START && people->processes[number - 1].ended) { /* the pid is in use again */
		people->processes[number - 1].replaced = true;
		number = add_process(people, process->pid);
		if (number == 0)
			return;
	}
	parent = process->parent != 0 ? find(people, process->parent) : 0;
	person = &people->processes[number - 1];
	if (process->event == PROCESS_START)
		person->parent = parent;
	if (process->event == PROCESS_START || process->event == PROCESS_EXEC)
		memcpy(person->name, process->name, sizeof(person->name));
	if (process->event == PROCESS_EXIT) {
		person->ended = true;
		person->status = process->status;
	}
}

void people_close(struct people *people)
{
	for (unsigned i = 0; i < people->count; i++)
		free(people->processes[i].tids);
	free(people->processes);
	*people = (struct people){0};
}
