/* SPDX-License-Identifier: MIT */
/*
 * bench_calls.h: for calls.c, the system calls after which a function cannot simply return.
 */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

#define BENCH_SIGNAL 10 /* SIGUSR1 */

/* vfork, and the child becomes the program at `path`. Its pid, or a negative errno; a failed execve ends it with 127.
 */
long vfork_exec(const char *path, char *const *arguments, char *const *environment);

/* A thread of this process that calls `body`, which must not return. Its tid, or a negative errno. */
long make_thread(void (*body)(void), void *stack_top);

/* Has `handler` called for the signal. 0, or a negative errno. */
long handle_signal(int signal, void (*handler)(int signal));

#endif
