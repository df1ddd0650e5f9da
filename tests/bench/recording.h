/* SPDX-License-Identifier: MIT */
/*
 * recording.h: a recorded stream of events, as long as one wants: what a shell with a pipe of two commands does, on two
 * CPUs, over and over. The shares of causes, the page walks, decoded arguments, exits and context switches are those of
 * a trace of `busybox sh -c 'echo hi | wc -c'`; its lines of JSON are as long on average as there (450 bytes).
 */
#ifndef TESTS_BENCH_RECORDING_H
#define TESTS_BENCH_RECORDING_H

#include "report/stream.h"

struct recording;

/* Returns NULL when memory is short. */
struct recording *recording_open(void);

/* Emits the start, `count` events and the end. Times advance as in the trace it is taken from. */
void recording_play(struct recording *recording, struct stream *stream, unsigned long count);

void recording_close(struct recording *recording);

#endif
