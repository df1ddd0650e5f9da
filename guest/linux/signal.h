/* SPDX-License-Identifier: MIT */
/*
 * signal.h: signals, so far without handlers: each is ignored, or ends the process.
 */
#ifndef LINUX_SIGNAL_H
#define LINUX_SIGNAL_H

#define SIGILL   4
#define SIGTRAP  5
#define SIGABRT  6
#define SIGBUS   7
#define SIGFPE   8
#define SIGKILL  9
#define SIGSEGV  11
#define SIGTERM  15
#define SIGCHLD  17
#define SIGCONT  18
#define SIGSTOP  19
#define SIGTSTP  20
#define SIGTTIN  21
#define SIGTTOU  22
#define SIGURG   23
#define SIGWINCH 28
#define SIGNALS  64 /* 1 to 64 */

struct process;

/* Leaves a signal for a process, which takes it on its way back to ring 3. */
void signal_send(struct process *process, int signal);

/* The current process made a fault in ring 3. */
void signal_fault(int signal);

#endif
