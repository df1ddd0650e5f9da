/* SPDX-License-Identifier: MIT */
/*
 * exec_arguments.c: what a new program finds on its stack: System V ABI, x86-64 supplement, "Process Initialization".
 * It is built in the frames that become the stack, so that each string is copied once.
 */
#include "kernel/boot_info.h"
#include "kernel/memory.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/exec.h"
#include "linux/system.h"

#define STRING_MAX      UINT64_C(0x20000)            /* of one string with its NUL: Linux's MAX_ARG_STRLEN */
#define FRAMES_MAX      (PAGE_SIZE / sizeof(phys_t)) /* 2 MiB: a quarter of the stack, as in Linux */
#define WORDS_PER_FRAME (PAGE_SIZE / sizeof(uint64_t))
#define POINTERS        8 /* read at a time */
#define RANDOM_WORDS    2
#define CLOCK_TICKS     100

#define AT_NULL     0
#define AT_PHDR     3
#define AT_PHENT    4
#define AT_PHNUM    5
#define AT_PAGESZ   6
#define AT_BASE     7
#define AT_FLAGS    8
#define AT_ENTRY    9
#define AT_UID      11
#define AT_EUID     12
#define AT_GID      13
#define AT_EGID     14
#define AT_PLATFORM 15
#define AT_HWCAP    16
#define AT_CLKTCK   17
#define AT_SECURE   23
#define AT_RANDOM   25
#define AT_HWCAP2   26
#define AT_EXECFN   31

#define AUXV_WORDS 38 /* 19 pairs: exec_arguments_place() */

static const char platform[] = "x86_64";

/* Where the next bytes go, *room of them at most; NULL with *error set. */
static char *place_of_next(struct exec_arguments *arguments, uint64_t *room, int64_t *error)
{
	uint64_t start = arguments->used & (PAGE_SIZE - 1);

	if (arguments->used == arguments->count * PAGE_SIZE) {
		phys_t frame = arguments->count < FRAMES_MAX ? frame_take_zeroed() : 0;

		if (frame == 0) {
			*error = arguments->count < FRAMES_MAX ? -ENOMEM : -E2BIG;
			return NULL;
		}
		arguments->frames[arguments->count++] = frame;
	}
	*room = PAGE_SIZE - start;
	return (char *)phys_to_virt(arguments->frames[arguments->used >> PAGE_SHIFT]) + start;
}

static int64_t put(struct exec_arguments *arguments, const void *bytes, uint64_t count)
{
	const char *from = bytes;
	int64_t error = 0;

	while (count > 0) {
		uint64_t room;
		char *to = place_of_next(arguments, &room, &error);

		if (to == NULL)
			return error;
		room = room < count ? room : count;
		(memcpy)(to, from, room);
		arguments->used += room;
		from += room;
		count -= room;
	}
	return 0;
}

static int64_t put_string(struct exec_arguments *arguments, const char *text)
{
	uint64_t length = 0;

	while (text[length] != '\0')
		length++;
	return put(arguments, text, length + 1);
}

static int64_t put_user_string(struct exec_arguments *arguments, uint64_t address)
{
	uint64_t end = arguments->used + STRING_MAX;
	int64_t error = 0;

	while (arguments->used < end) {
		uint64_t room;
		char *to = place_of_next(arguments, &room, &error);
		int64_t length;

		if (to == NULL)
			return error;
		room = room < end - arguments->used ? room : end - arguments->used;
		length = copy_string_from_user(to, address, room);
		if (length >= 0) {
			arguments->used += (uint64_t)length + 1;
			return 0;
		}
		if (length != -ENAMETOOLONG)
			return length;
		arguments->used += room;
		address += room;
	}
	return -E2BIG;
}

/* The pointers of an array up to its NULL, but for the first `skip`; counts them. */
static int64_t put_pointers(struct exec_arguments *arguments, uint64_t array, uint64_t skip, uint64_t *count)
{
	uint64_t zero = 0;

	while (array != 0) {
		uint64_t pointers[POINTERS], bytes = PAGE_SIZE - (array & (PAGE_SIZE - 1));

		if (bytes < sizeof(uint64_t)) /* one that two pages share */
			bytes = sizeof(uint64_t);
		if (bytes > sizeof(pointers))
			bytes = sizeof(pointers);
		if (copy_from_user(pointers, array, bytes & ~UINT64_C(7)) != 0)
			return -EFAULT;
		for (uint64_t i = 0; i < bytes / sizeof(uint64_t); i++, array += sizeof(uint64_t)) {
			int64_t error;

			if (pointers[i] == 0)
				return put(arguments, &zero, sizeof(zero));
			if (skip > 0) {
				skip--;
				continue;
			}
			error = put(arguments, &pointers[i], sizeof(uint64_t));
			if (error != 0)
				return error;
			++*count;
		}
	}
	return put(arguments, &zero, sizeof(zero));
}

/* Words never lie across two frames. */
static uint64_t *word(const struct exec_arguments *arguments, uint64_t index)
{
	return (uint64_t *)phys_to_virt(arguments->frames[index / WORDS_PER_FRAME]) + index % WORDS_PER_FRAME;
}

/* Replaces pointers to the caller's strings by where the copies are, from the beginning of the area. */
static int64_t put_strings(struct exec_arguments *arguments, uint64_t first, uint64_t count,
			   const struct exec_prefix *prefix)
{
	for (uint64_t i = 0; i < count; i++) {
		uint64_t *pointer = word(arguments, first + i), offset = arguments->used;
		int64_t error = prefix != NULL && i < prefix->count
					? put_string(arguments, prefix->text[prefix->count - 1 - i])
					: put_user_string(arguments, *pointer);

		if (error != 0)
			return error;
		*pointer = offset;
	}
	return 0;
}

/* A program without any argument gets an empty one, as from Linux: it may take argv[0] for granted. */
static int64_t put_vectors(struct exec_arguments *arguments, struct exec_prefix *prefix, uint64_t argv, uint64_t envp)
{
	static const uint64_t zeros[AUXV_WORDS];
	int64_t error = put(arguments, zeros, (1 + prefix->count) * sizeof(uint64_t));

	arguments->argc = prefix->count;
	if (error == 0)
		error = put_pointers(arguments, argv, prefix->count > 0, &arguments->argc);
	if (error == 0 && arguments->argc == 0) {
		prefix->text[prefix->count++] = "";
		arguments->argc = 1;
		error = put(arguments, zeros, sizeof(uint64_t));
	}
	if (error == 0)
		error = put_pointers(arguments, envp, 0, &arguments->envc);
	return error == 0 ? put(arguments, zeros, sizeof(zeros)) : error;
}

int64_t exec_arguments_copy(struct exec_arguments *arguments, const char *path, const struct exec_prefix *prefix,
			    uint64_t argv, uint64_t envp)
{
	uint64_t random[RANDOM_WORDS] = {random_bits(), random_bits()};
	struct exec_prefix before = *prefix;
	phys_t frame = frame_take();
	int64_t error;

	*arguments = (struct exec_arguments){.frames = frame != 0 ? phys_to_virt(frame) : NULL};
	if (frame == 0)
		return -ENOMEM;
	error = put_vectors(arguments, &before, argv, envp);
	if (error != 0)
		return error;
	arguments->random = arguments->used;
	error = put(arguments, random, sizeof(random));
	arguments->platform = arguments->used;
	if (error == 0)
		error = put(arguments, platform, sizeof(platform));
	arguments->path = arguments->used;
	if (error == 0)
		error = put_string(arguments, path);
	if (error == 0)
		error = put_strings(arguments, 1, arguments->argc, &before);
	if (error == 0)
		error = put_strings(arguments, 1 + arguments->argc + 1, arguments->envc, NULL);
	return error;
}

static void fill_auxv(struct exec_arguments *arguments, uint64_t base, const struct program *program)
{
	const uint64_t auxv[AUXV_WORDS] = {
		AT_HWCAP,    boot_info->hwcap,
		AT_PAGESZ,   PAGE_SIZE,
		AT_CLKTCK,   CLOCK_TICKS,
		AT_PHDR,     program->headers,
		AT_PHENT,    56,
		AT_PHNUM,    program->header_count,
		AT_BASE,     program->base,
		AT_FLAGS,    0,
		AT_ENTRY,    program->entry,
		AT_UID,      0,
		AT_EUID,     0,
		AT_GID,      0,
		AT_EGID,     0,
		AT_SECURE,   0,
		AT_RANDOM,   base + arguments->random,
		AT_HWCAP2,   0, /* no FSGSBASE */
		AT_EXECFN,   base + arguments->path,
		AT_PLATFORM, base + arguments->platform,
		AT_NULL,     0,
	};
	uint64_t first = 1 + arguments->argc + 1 + arguments->envc + 1;

	for (uint64_t i = 0, part; i < AUXV_WORDS; i += part) {
		uint64_t room = WORDS_PER_FRAME - (first + i) % WORDS_PER_FRAME;

		part = room < AUXV_WORDS - i ? room : AUXV_WORDS - i;
		(memcpy)(word(arguments, first + i), auxv + i, part * sizeof(uint64_t));
	}
}

uint64_t exec_arguments_place(struct exec_arguments *arguments, struct space *space, const struct program *program)
{
	uint64_t base = USER_STACK_TOP - arguments->count * PAGE_SIZE, spare = base - PAGE_SIZE;
	uint64_t words = 1 + arguments->argc + 1 + arguments->envc;
	phys_t frame;

	*word(arguments, 0) = arguments->argc;
	for (uint64_t i = 1; i < words; i++)
		if (i != 1 + arguments->argc)
			*word(arguments, i) += base;
	fill_auxv(arguments, base, program);
	while (arguments->count > 0) {
		uint64_t last = arguments->count - 1;

		if (!space_put(space, base + last * PAGE_SIZE, arguments->frames[last]))
			return 0;
		arguments->count = last;
	}
	frame = frame_take_zeroed(); /* the first calls do not fault */
	if (frame == 0 || !space_put(space, spare, frame))
		return 0;
	return base;
}

void exec_arguments_drop(struct exec_arguments *arguments)
{
	if (arguments->frames == NULL)
		return;
	while (arguments->count > 0)
		frame_drop(arguments->frames[--arguments->count]);
	frame_drop(virt_to_phys(arguments->frames));
	arguments->frames = NULL;
}
