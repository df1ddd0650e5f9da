/* SPDX-License-Identifier: MIT */
/* structures.c: structures about files and the system, as far as strace shows them without -v. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "kinds.h"

#define S_TYPE    0170000
#define S_CHAR    0020000
#define S_BLOCK   0060000
#define INFINITY_ UINT64_MAX

/* include/uapi and arch/x86/include/uapi/asm: stat.h */
struct linux_stat {
	uint64_t device, inode, links;
	uint32_t mode, uid, gid, pad;
	uint64_t special_device;
	int64_t size, block_size, blocks;
	int64_t times[6], unused[3];
};
_Static_assert(sizeof(struct linux_stat) == 144, "struct stat of x86-64");

static void put_device(struct decoder *decoder, uint64_t major, uint64_t minor)
{
	put(decoder, "makedev(%#" PRIx64 ", %#" PRIx64 ")", major, minor);
}

void put_stat(struct decoder *decoder, uint64_t value, const void *names)
{
	struct linux_stat stat;

	(void)names;
	if (!fetch_or_null(decoder, value, &stat, sizeof(stat)))
		return;
	put(decoder, "{st_mode=");
	put_file_type_and_mode(decoder, stat.mode);
	if ((stat.mode & S_TYPE) == S_CHAR || (stat.mode & S_TYPE) == S_BLOCK) {
		uint64_t device = stat.special_device;

		put(decoder, ", st_rdev=");
		put_device(decoder, (device >> 8 & 0xfff) | (device >> 32 & 0xfffff000),
			   (device & 0xff) | (device >> 12 & 0xffffff00));
	} else {
		put(decoder, ", st_size=%" PRId64, stat.size);
	}
	put(decoder, ", ...}");
}

/* include/uapi/linux/stat.h */
struct linux_statx {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, spare;
	uint64_t inode, size, blocks, attributes_mask;
	uint8_t times[64];
	uint32_t special_major, special_minor, major, minor;
	uint8_t rest[112];
};
_Static_assert(sizeof(struct linux_statx) == 256, "struct statx");

void put_statx(struct decoder *decoder, uint64_t value, const void *names)
{
	struct linux_statx stat;

	(void)names;
	if (!fetch_or_null(decoder, value, &stat, sizeof(stat)))
		return;
	put(decoder, "{stx_mask=");
	put_flags(decoder, stat.mask, &statx_mask_names);
	put(decoder, ", stx_attributes=");
	put_flags(decoder, stat.attributes, &statx_attributes_names);
	put(decoder, ", stx_mode=");
	put_file_type_and_mode(decoder, stat.mode);
	put(decoder, ", stx_size=%" PRIu64 ", ...}", stat.size);
}

void put_statfs(struct decoder *decoder, uint64_t value, const void *names)
{
	struct {
		uint64_t type, block_size, blocks, free, available, files, free_files;
		uint32_t id[2];
		uint64_t name_length, fragment_size, flags, spare[4];
	} fs;

	(void)names;
	if (!fetch_or_null(decoder, value, &fs, sizeof(fs)))
		return;
	put(decoder, "{f_type=");
	put_named(decoder, fs.type, &fs_types_names);
	put(decoder, ", f_bsize=%" PRIu64 ", f_blocks=%" PRIu64 ", f_bfree=%" PRIu64 ", f_bavail=%" PRIu64,
	    fs.block_size, fs.blocks, fs.free, fs.available);
	put(decoder, ", f_files=%" PRIu64 ", f_ffree=%" PRIu64, fs.files, fs.free_files);
	put(decoder, ", f_fsid={val=[%#" PRIx32 ", %#" PRIx32 "]}, f_namelen=%" PRIu64 ", f_frsize=%" PRIu64, fs.id[0],
	    fs.id[1], fs.name_length, fs.fragment_size);
	put(decoder, ", f_flags=");
	put_flags(decoder, fs.flags, &mount_flags_names);
	put(decoder, "}");
}

void put_utsname(struct decoder *decoder, uint64_t value, const void *names)
{
	struct {
		char system[65], node[65], rest[4 * 65];
	} uts;

	(void)names;
	if (!fetch_or_null(decoder, value, &uts, sizeof(uts)))
		return;
	put(decoder, "{sysname=");
	put_quoted(decoder, (uint8_t *)uts.system, strnlen(uts.system, sizeof(uts.system)), false);
	put(decoder, ", nodename=");
	put_quoted(decoder, (uint8_t *)uts.node, strnlen(uts.node, sizeof(uts.node)), false);
	put(decoder, ", ...}");
}

void put_sysinfo(struct decoder *decoder, uint64_t value, const void *names)
{
	struct {
		int64_t uptime;
		uint64_t loads[3], total, free, shared, buffer, total_swap, free_swap;
		uint16_t processes, pad;
		uint64_t total_high, free_high;
		uint32_t unit;
	} info;

	(void)names;
	if (!fetch_or_null(decoder, value, &info, offsetof(__typeof__(info), unit) + sizeof(info.unit)))
		return;
	put(decoder, "{uptime=%" PRId64 ", loads=[%" PRIu64 ", %" PRIu64 ", %" PRIu64 "]", info.uptime, info.loads[0],
	    info.loads[1], info.loads[2]);
	put(decoder, ", totalram=%" PRIu64 ", freeram=%" PRIu64 ", sharedram=%" PRIu64 ", bufferram=%" PRIu64,
	    info.total, info.free, info.shared, info.buffer);
	put(decoder, ", totalswap=%" PRIu64 ", freeswap=%" PRIu64 ", procs=%u", info.total_swap, info.free_swap,
	    info.processes);
	put(decoder, ", totalhigh=%" PRIu64 ", freehigh=%" PRIu64 ", mem_unit=%" PRIu32 "}", info.total_high,
	    info.free_high, info.unit);
}

void put_rusage(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t times[2][2];

	(void)names;
	if (!fetch_or_null(decoder, value, times, sizeof(times)))
		return;
	put(decoder, "{ru_utime=");
	put_timeval_value(decoder, times[0]);
	put(decoder, ", ru_stime=");
	put_timeval_value(decoder, times[1]);
	put(decoder, ", ...}");
}

static void put_limit(struct decoder *decoder, uint64_t limit)
{
	if (limit == INFINITY_)
		put(decoder, "RLIM64_INFINITY");
	else if (limit > 1024 && limit % 1024 == 0)
		put(decoder, "%" PRIu64 "*1024", limit / 1024);
	else
		put(decoder, "%" PRIu64, limit);
}

void put_rlimit(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t limits[2];

	(void)names;
	if (!fetch_or_null(decoder, value, limits, sizeof(limits)))
		return;
	put(decoder, "{rlim_cur=");
	put_limit(decoder, limits[0]);
	put(decoder, ", rlim_max=");
	put_limit(decoder, limits[1]);
	put(decoder, "}");
}
