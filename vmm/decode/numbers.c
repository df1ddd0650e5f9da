/* SPDX-License-Identifier: MIT */
/* numbers.c: arguments that are numbers, with or without names. */
#include <inttypes.h>

#include "kinds.h"
#include "report/names.h"

#define AT_FDCWD_    (-100)
#define SIGNAL_RTMIN 32
#define SIGNAL_LAST  64

void put_int(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_decimal(decoder, (int32_t)value);
}

void put_unsigned(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_count(decoder, (uint32_t)value);
}

void put_size(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_count(decoder, value);
}

void put_long(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_decimal(decoder, decoder->call->i386 ? (int32_t)value : (int64_t)value);
}

void put_hex(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put(decoder, value != 0 ? "0x%" PRIx64 : "%" PRIx64, value);
}

void put_hex32(struct decoder *decoder, uint64_t value, const void *names)
{
	put_hex(decoder, (uint32_t)value, names);
}

void put_plain_address(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_address(decoder, value);
}

/* -1 leaves an owner as it is. */
void put_id(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put(decoder, (uint32_t)value == UINT32_MAX ? "-1" : "%" PRIu32, (uint32_t)value);
}

void put_at_fd(struct decoder *decoder, uint64_t value, const void *names)
{
	if ((int32_t)value == AT_FDCWD_)
		put(decoder, "AT_FDCWD");
	else
		put_int(decoder, value, names);
}

void put_mode_number(struct decoder *decoder, uint32_t mode)
{
	put(decoder, "%#03" PRIo32, mode);
}

void put_mode(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_mode_number(decoder, (uint16_t)value);
}

void put_file_type_and_mode(struct decoder *decoder, uint32_t mode)
{
	static const char *const types[16] = {
		[1] = "S_IFIFO", [2] = "S_IFCHR",  [4] = "S_IFDIR",   [6] = "S_IFBLK",
		[8] = "S_IFREG", [10] = "S_IFLNK", [12] = "S_IFSOCK",
	};
	const char *type = types[mode >> 12 & 15];

	if (type != NULL)
		put(decoder, "%s%s%s%s|", type, mode & 04000 ? "|S_ISUID" : "", mode & 02000 ? "|S_ISGID" : "",
		    mode & 01000 ? "|S_ISVTX" : "");
	put_mode_number(decoder, type != NULL ? mode & 0777 : mode);
}

void put_file_mode(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_file_type_and_mode(decoder, (uint16_t)value);
}

/* mknod's third argument matters for devices only. */
void put_file_device(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t type = argument(decoder, decoder->index - 1) >> 12 & 15;

	(void)names;
	decoder->omit = type != 2 && type != 6;
	put(decoder, "makedev(%#" PRIx64 ", %#" PRIx64 ")", (value >> 8 & 0xfff),
	    (value & 0xff) | (value >> 12 & 0xfff00));
}

void put_signal(struct decoder *decoder, uint64_t number)
{
	const char *name = number <= SIGNAL_LAST ? signal_name((unsigned)number) : NULL;

	if (name != NULL)
		put(decoder, "%s", name);
	else if (number == SIGNAL_RTMIN)
		put(decoder, "SIGRTMIN");
	else if (number > SIGNAL_RTMIN && number <= SIGNAL_LAST)
		put(decoder, "SIGRT_%u", (unsigned)number - SIGNAL_RTMIN);
	else
		put(decoder, "%" PRId32, (int32_t)number);
}

void put_signal_argument(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_signal(decoder, (uint32_t)value);
}

static bool is_in_set(uint64_t mask, unsigned number)
{
	return mask >> (number - 1) & 1;
}

void put_sigset(struct decoder *decoder, uint64_t mask)
{
	const char *separator = "";

	if (__builtin_popcountll(mask) >= SIGNAL_LAST * 2 / 3) { /* shorter the other way round */
		put(decoder, "~");
		mask = ~mask;
	}
	put(decoder, "[");
	for (unsigned number = 1; number <= SIGNAL_LAST; number++) {
		const char *name = signal_name(number);

		if (!is_in_set(mask, number))
			continue;
		if (name != NULL)
			put(decoder, "%s%s", separator, name + 3); /* without SIG */
		else if (number == SIGNAL_RTMIN)
			put(decoder, "%sRTMIN", separator);
		else
			put(decoder, "%sRT_%u", separator, number - SIGNAL_RTMIN);
		separator = " ";
	}
	put(decoder, "]");
}

void put_flags32(struct decoder *decoder, uint64_t value, const void *names)
{
	put_flags(decoder, (uint32_t)value, names);
}

void put_flags64(struct decoder *decoder, uint64_t value, const void *names)
{
	put_flags(decoder, value, names);
}

/* The type is a number in the lowest four bits, the others are flags. */
void put_map_flags(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_named(decoder, value & 0xf, &map_types_names);
	if (value & ~UINT64_C(0xf)) {
		put(decoder, "|");
		put_flags(decoder, value & ~UINT64_C(0xf), &map_flags_names);
	}
}

void put_named32(struct decoder *decoder, uint64_t value, const void *names)
{
	put_named(decoder, (uint32_t)value, names);
}

/* The access mode is a number in the lowest two bits, the others are flags. */
void put_open_flags(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t flags = (uint32_t)value & ~3U;

	(void)names;
	put(decoder, "%s", value_name(value & 3, &access_modes_names));
	if (flags == 0)
		return;
	put(decoder, "|");
	put_flags(decoder, flags, &open_flags_names);
}

/* open() looks at a mode only if it may make a file. */
void put_open_mode(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t flags = (uint32_t)argument(decoder, decoder->index - 1);

	decoder->omit = !(flags & (0100 | 020000000)); /* O_CREAT, __O_TMPFILE */
	put_mode(decoder, value, names);
}

/* The same bit is AT_EACCESS here. */
void put_access_flags(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t flags = (uint32_t)value;

	if ((flags & 0x200) == 0) {
		put_flags(decoder, flags, names);
		return;
	}
	if (flags != 0x200) {
		put_flags(decoder, flags & ~0x200U, names);
		put(decoder, "|");
	}
	put(decoder, "AT_EACCESS");
}

void put_statx_flags(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t sync = value & 0x6000, rest = (uint32_t)value & ~0x6000U;

	if (sync == 0)
		put(decoder, "AT_STATX_SYNC_AS_STAT");
	else
		put_flags(decoder, sync, names);
	if (rest != 0) {
		put(decoder, "|");
		put_flags(decoder, rest, &at_flags_names);
	}
}

/* A negative number is the clock of a process, by its bits: ~pid in the upper ones. */
void put_clock(struct decoder *decoder, uint64_t value, const void *names)
{
	int32_t clock = (int32_t)value;
	static const char *const kinds_of_time[] = {"CPUCLOCK_PROF", "CPUCLOCK_VIRT", "CPUCLOCK_SCHED", "3"};

	if (clock >= 0 || (uint32_t)~clock >> 3 == 0)
		put_named(decoder, (uint32_t)clock, names);
	else if ((clock & 7) == 3)
		put(decoder, "FD_TO_CLOCKID(%" PRIu32 ")", (uint32_t)~clock >> 3);
	else
		put(decoder, "MAKE_%s_CPUCLOCK(%" PRIu32 ", %s)", clock & 4 ? "THREAD" : "PROCESS",
		    (uint32_t)~clock >> 3, kinds_of_time[clock & 3]);
}

void put_socket_type(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_named(decoder, value & 0xf, &socket_types_names);
	if (value & ~UINT64_C(0xf)) {
		put(decoder, "|");
		put_flags(decoder, (uint32_t)value & ~0xfU, &socket_flags_names);
	}
}
