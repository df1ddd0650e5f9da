/* SPDX-License-Identifier: MIT */
/*
 * exec.h: the parts of execve: arguments, which become the new stack (exec_arguments.c), and the program, which becomes
 * a new address space (exec_image.c). Until both are complete nothing of the old program is touched.
 */
#ifndef LINUX_EXEC_H
#define LINUX_EXEC_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/frames.h"
#include "kernel/page_cache.h"
#include "kernel/space.h"

#define PATH_MAX 4096 /* with its NUL */

/* A program as loaded. */
struct program {
	uint64_t start; /* where it is entered: in the interpreter, if it has one */
	uint64_t entry; /* its own */
	uint64_t base;  /* of the interpreter; 0: none */
	uint64_t headers, header_count;
	uint64_t brk;
};

/* Opens a program, whose path lies in kernel memory, for execution: a regular file that may be executed. 0, or a
   negative errno. The caller drops both. */
int64_t exec_open(int directory, const char *path, uint32_t flags, struct file **file, struct mapped_file **mapped);

/* Maps an ELF program into an empty address space, stack and interpreter too. 0, or a negative errno: -ENOEXEC: it is
   no program for us. */
int64_t exec_load(struct space *space, struct mapped_file *file, struct program *program);

/*
 * The top of the new stack while it is being made, as it will lie in memory from rsp upwards: argc, argv, envp and
 * auxiliary vector as words, then the strings.
 */
struct exec_arguments {
	phys_t *frames;                  /* a frame full of them; NULL: none so far */
	uint64_t count, used;            /* frames; bytes in them */
	uint64_t argc, envc;             /* words */
	uint64_t path, platform, random; /* where these strings are */
};

#define EXEC_PREFIX_MAX 16

/* What comes before the caller's arguments, instead of its first one: of scripts. */
struct exec_prefix {
	const char *text[EXEC_PREFIX_MAX];
	unsigned count; /* the last comes first */
};

/* Copies argv and envp (arrays at these addresses, 0: empty). 0 or a negative errno; then, too,
   exec_arguments_drop(). */
int64_t exec_arguments_copy(struct exec_arguments *arguments, const char *path, const struct exec_prefix *prefix,
			    uint64_t argv, uint64_t envp);

/* Puts them into the new space, whose stack is mapped and empty. Returns rsp; 0: no memory. */
uint64_t exec_arguments_place(struct exec_arguments *arguments, struct space *space, const struct program *program);

void exec_arguments_drop(struct exec_arguments *arguments);

#endif
