/* SPDX-License-Identifier: MIT */
/* user_stack.c: builds the initial stack as Linux would, from the top down. */
#include "user_stack.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define RANDOM_BYTES      16
#define CLOCK_TICKS       100
#define AUXV_PAIRS        ((size_t)19)
#define STACK_SPARE_PAGES 1 /* mapped below rsp, so that the first calls do not fault */

/* Strings and words are placed from the top down; `next` is the lowest byte used. */
struct builder {
	uint8_t *bytes;
	size_t count, next;
};

static gva_t address_of(const struct builder *builder, size_t offset)
{
	return USER_STACK_TOP - builder->count + offset;
}

static gva_t push_bytes(struct builder *builder, const void *bytes, size_t count)
{
	builder->next -= count;
	memcpy(builder->bytes + builder->next, bytes, count);
	return address_of(builder, builder->next);
}

static gva_t push_string(struct builder *builder, const char *text)
{
	return push_bytes(builder, text, strlen(text) + 1);
}

static void push_word(struct builder *builder, uint64_t word)
{
	push_bytes(builder, &word, sizeof(word));
}

static size_t list_length(char *const *list)
{
	size_t length = 0;

	while (list[length] != NULL)
		length++;
	return length;
}

static size_t list_bytes(char *const *list)
{
	size_t bytes = 0;

	for (; *list != NULL; list++)
		bytes += strlen(*list) + 1;
	return bytes;
}

struct strings {
	gva_t *pointers; /* argv, then envp */
	size_t arguments, variables;
	gva_t file_name, platform, random;
	uint64_t hwcap;
};

/* What Linux says about this CPU, which is the guest's as well; `cpuid` would be an exit where we are in a virtual
   machine. (getauxval() does not tell: the C library has put a number of its own there.) The vector follows the
   environment that this process began with; we never change that. */
static uint64_t host_hwcap(void)
{
	char **variable = environ;
	const uint64_t *pair;

	while (*variable != NULL)
		variable++;
	for (pair = (const uint64_t *)(variable + 1); pair[0] != AT_NULL; pair += 2)
		if (pair[0] == AT_HWCAP)
			return pair[1];
	return 0;
}

static void push_strings(struct builder *builder, struct strings *strings, const struct elf_image *image,
			 char *const *argv, char *const *envp)
{
	uint8_t random[RANDOM_BYTES] = {0};

	if (getrandom(random, sizeof(random), GRND_NONBLOCK) < 0)
		memset(random, 0x5a, sizeof(random)); /* early boot: a canary without entropy is still a canary */
	push_word(builder, 0);
	strings->file_name = push_string(builder, image->name);
	for (size_t i = strings->variables; i-- > 0;)
		strings->pointers[strings->arguments + i] = push_string(builder, envp[i]);
	for (size_t i = strings->arguments; i-- > 0;)
		strings->pointers[i] = push_string(builder, argv[i]);
	strings->platform = push_string(builder, "x86_64");
	strings->random = push_bytes(builder, random, sizeof(random));
}

static void push_vectors(struct builder *builder, const struct strings *strings, const struct elf_image *image)
{
	bool headers = image->program_headers != 0 && image->program_headers < USER_HALF_END;
	bool own_entry = image->half == ELF_USER_ONLY;
	const uint64_t auxv[AUXV_PAIRS][2] = {
		{AT_HWCAP, strings->hwcap},
		{AT_PAGESZ, PAGE_SIZE},
		{AT_CLKTCK, CLOCK_TICKS},
		{AT_PHDR, headers ? image->program_headers : 0},
		{AT_PHENT, image->program_header_size},
		{AT_PHNUM, image->program_header_count},
		{AT_BASE, 0},
		{AT_FLAGS, 0},
		{AT_ENTRY, own_entry ? image->entry : 0},
		{AT_UID, 0},
		{AT_EUID, 0},
		{AT_GID, 0},
		{AT_EGID, 0},
		{AT_SECURE, 0},
		{AT_RANDOM, strings->random},
		{AT_HWCAP2, 0}, /* no FSGSBASE */
		{AT_EXECFN, strings->file_name},
		{AT_PLATFORM, strings->platform},
		{AT_NULL, 0},
	};
	size_t words = 1 + strings->arguments + 1 + strings->variables + 1 + 2 * AUXV_PAIRS;

	builder->next &= ~(size_t)15;
	if (words % 2 != 0)
		push_word(builder, 0); /* so that rsp ends on a multiple of 16 */
	for (size_t i = AUXV_PAIRS; i-- > 0;) {
		push_word(builder, auxv[i][1]);
		push_word(builder, auxv[i][0]);
	}
	push_word(builder, 0);
	for (size_t i = strings->variables; i-- > 0;)
		push_word(builder, strings->pointers[strings->arguments + i]);
	push_word(builder, 0);
	for (size_t i = strings->arguments; i-- > 0;)
		push_word(builder, strings->pointers[i]);
	push_word(builder, strings->arguments);
}

bool user_stack_build(struct user_stack *stack, const struct elf_image *image, char *const *argv, char *const *envp,
		      struct vmm_error *error)
{
	struct strings strings = {
		.arguments = list_length(argv),
		.variables = list_length(envp),
		.hwcap = host_hwcap(),
	};
	size_t text = list_bytes(argv) + list_bytes(envp) + strlen(image->name) + 64;
	size_t words = strings.arguments + strings.variables + 2 * AUXV_PAIRS + 8;
	size_t bytes = text + words * sizeof(uint64_t);
	struct builder builder = {0};

	if (bytes > USER_STACK_CONTENT_MAX)
		return error_set(error,
				 "arguments and environment take %zu bytes; at most %llu fit on the initial stack",
				 bytes, (unsigned long long)USER_STACK_CONTENT_MAX);
	builder.count = (bytes + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE + STACK_SPARE_PAGES * PAGE_SIZE;
	builder.next = builder.count;
	builder.bytes = calloc(1, builder.count);
	strings.pointers = calloc(strings.arguments + strings.variables + 1, sizeof(gva_t));
	if (builder.bytes == NULL || strings.pointers == NULL) {
		free(builder.bytes);
		free(strings.pointers);
		return error_set(error, "no memory for the program's arguments");
	}
	push_strings(&builder, &strings, image, argv, envp);
	push_vectors(&builder, &strings, image);
	free(strings.pointers);
	*stack = (struct user_stack){
		.bytes = builder.bytes,
		.count = builder.count,
		.rsp = address_of(&builder, builder.next),
		.hwcap = strings.hwcap,
	};
	return true;
}
