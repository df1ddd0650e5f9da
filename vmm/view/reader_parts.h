/* SPDX-License-Identifier: MIT */
/*
 * reader_parts.h: one function an event type. Each fills in its part of the event from the line's members; mistakes are
 * kept by fields.h.
 */
#ifndef VMM_VIEW_READER_PARTS_H
#define VMM_VIEW_READER_PARTS_H

#include "reader.h"

#define READER_REGIONS      100000 /* of an address space; vmm lists at most 20,000 */
#define READER_ROWS         8192   /* of a summary; vmm has at most 1,031 */
#define READER_DOUBTS       1024
#define READER_MISSING      65536 /* system calls that are not there */
#define READER_EXPECTATIONS 64    /* of --expect */

void read_start(struct reader *reader, struct fields *fields, struct event *event);
void read_transition(struct reader *reader, struct fields *fields, struct event *event);
void read_exit(struct reader *reader, struct fields *fields, struct event *event);
void read_process(struct reader *reader, struct fields *fields, struct event *event);
void read_address_space(struct reader *reader, struct fields *fields, struct event *event);
void read_note(struct reader *reader, struct fields *fields, struct event *event);
void read_summary(struct reader *reader, struct fields *fields, struct event *event);
void read_end(struct reader *reader, struct fields *fields, struct event *event);

/* Of several */
void read_place(struct fields *fields, struct event *event); /* cpu, pid, tid */
enum cause read_cause(struct fields *fields, const char *key);

/* A word of small letters and '-', which renderers print as it is */
const char *read_plain_word(struct fields *fields, const char *key);

/* Makes *array, of items of that size, at least `count` long. On false the mistake is noted. */
bool reader_grow(struct fields *fields, void **array, size_t *room, size_t count, size_t size);

#endif
