/* SPDX-License-Identifier: MIT */
/*
 * user_stack.h: what a new program finds on its stack: argc, argv, envp and the auxiliary vector.
 * Source: System V ABI, x86-64 supplement, "Process Initialization"; getauxval(3).
 */
#ifndef VMM_BOOT_USER_STACK_H
#define VMM_BOOT_USER_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf_image.h"
#include "machine/error.h"

#define USER_STACK_CONTENT_MAX (UINT64_C(1) << 20) /* arguments and environment together */

struct user_stack {
	uint8_t *bytes; /* malloc'ed picture of the top of the stack, ending at USER_STACK_TOP */
	size_t count;   /* a multiple of PAGE_SIZE */
	gva_t rsp;
	uint64_t hwcap; /* AT_HWCAP */
};

/* argv and envp end with NULL; argv[0] may be missing. Free stack->bytes afterwards. */
bool user_stack_build(struct user_stack *stack, const struct elf_image *image, char *const *argv, char *const *envp,
		      struct vmm_error *error);

#endif
