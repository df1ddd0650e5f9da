/* SPDX-License-Identifier: MIT */
/*
 * exec_image.c: an ELF program into an address space: regions with the file behind them, so that its pages come when
 * they are needed; and its interpreter. System V ABI, "Object Files" and "Program Loading".
 * Differs from Linux on purpose: no segment may be writable and executable (-EACCES).
 */
#include "kernel/memory.h"
#include "linux/errno.h"
#include "linux/exec.h"
#include "linux/file.h"

#define ELF_EXEC    2
#define ELF_DYN     3
#define ELF_X86_64  62
#define PT_LOAD     1
#define PT_INTERP   3
#define HEADERS_MAX 512

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, headers, sections;
	uint32_t flags;
	uint16_t size, header_size, header_count, section_size, section_count, names;
};

struct elf_segment {
	uint32_t type, rights; /* VMM_RIGHT_* are ELF's bits */
	uint64_t offset, address, physical, file_bytes, bytes, alignment;
};
_Static_assert(sizeof(struct elf_header) == 64 && sizeof(struct elf_segment) == 56, "ELF64");

/* An ELF file while it is being loaded. */
struct elf {
	struct mapped_file *file;
	const char *first_page;
	struct elf_header header;
	uint64_t low, high;             /* of its segments, pages, as linked */
	uint64_t alignment;             /* the largest of them */
	uint64_t bias;                  /* added to all addresses */
	uint64_t headers;               /* where they lie in memory; 0: nowhere */
	struct elf_segment interpreter; /* type PT_INTERP, if there is one */
};

static uint64_t page_down(uint64_t address)
{
	return address & ~(PAGE_SIZE - 1);
}

static uint64_t page_up(uint64_t address)
{
	return page_down(address + PAGE_SIZE - 1);
}

static bool read_header(struct elf *elf)
{
	static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1}; /* 64 bits, little-endian, version 1 */
	const struct elf_header *header = &elf->header;

	if (elf->file->identity.size < sizeof(elf->header))
		return false;
	memcpy(&elf->header, elf->first_page, sizeof(elf->header));
	for (size_t i = 0; i < sizeof(ident); i++)
		if (header->ident[i] != ident[i])
			return false;
	return header->machine == ELF_X86_64 && (header->type == ELF_EXEC || header->type == ELF_DYN) &&
	       header->header_size == sizeof(struct elf_segment) && header->header_count > 0 &&
	       header->header_count <= HEADERS_MAX;
}

/* A program header: nearly always in the first page, whose frame is at hand; else in `buffer`. NULL: not there. */
static const struct elf_segment *segment_at(const struct elf *elf, unsigned index, struct elf_segment *buffer)
{
	uint64_t offset = elf->header.headers + index * sizeof(*buffer);

	if (offset < elf->header.headers)
		return NULL;
	if (offset + sizeof(*buffer) <= PAGE_SIZE && offset + sizeof(*buffer) <= elf->file->identity.size)
		return (const struct elf_segment *)(elf->first_page + offset);
	return page_cache_read(elf->file, offset, buffer, sizeof(*buffer)) ? buffer : NULL;
}

/* A segment against the address space, as linked. */
static int64_t check_segment(const struct elf_segment *segment)
{
	if (segment->file_bytes > segment->bytes || segment->address >= USER_MMAP_TOP ||
	    segment->bytes > USER_MMAP_TOP - segment->address ||
	    (segment->address - segment->offset) % PAGE_SIZE != 0 || segment->offset + segment->bytes < segment->offset)
		return -ENOEXEC;
	return (segment->rights & VMM_RIGHT_W) && (segment->rights & VMM_RIGHT_X) ? -EACCES : 0;
}

/* Looks at all headers before anything is mapped. */
static int64_t survey(struct elf *elf)
{
	elf->low = UINT64_MAX;
	for (unsigned i = 0; i < elf->header.header_count; i++) {
		struct elf_segment buffer;
		const struct elf_segment *segment = segment_at(elf, i, &buffer);
		int64_t error;

		if (segment == NULL)
			return -ENOEXEC;
		if (segment->type == PT_INTERP)
			elf->interpreter = *segment;
		if (segment->type != PT_LOAD || segment->bytes == 0)
			continue;
		error = check_segment(segment);
		if (error != 0)
			return error;
		if (page_down(segment->address) < elf->low)
			elf->low = page_down(segment->address);
		if (page_up(segment->address + segment->bytes) > elf->high)
			elf->high = page_up(segment->address + segment->bytes);
		if (segment->alignment > elf->alignment)
			elf->alignment = segment->alignment;
	}
	return elf->high != 0 ? 0 : -ENOEXEC;
}

/* The page in which the file's part ends and zeros begin: a copy, whose rest is zero already. */
static int64_t put_last_page(struct space *space, const struct elf *elf, const struct elf_segment *segment)
{
	uint64_t end = segment->address + segment->file_bytes, bytes = end % PAGE_SIZE;
	phys_t frame = frame_take_zeroed();
	int64_t got;

	if (frame == 0)
		return -ENOMEM;
	got = file_read_frame(elf->file->file, segment->offset + segment->file_bytes - bytes, phys_to_virt(frame),
			      bytes);
	if (got == (int64_t)bytes && space_put(space, page_down(elf->bias + end), frame))
		return 0;
	frame_drop(frame);
	return got == (int64_t)bytes ? -ENOMEM : -ENOEXEC;
}

static int64_t map_segment(struct space *space, const struct elf *elf, const struct elf_segment *segment)
{
	uint64_t start = elf->bias + segment->address, file_end = page_up(start + segment->file_bytes);
	uint64_t end = page_up(start + segment->bytes);
	struct region region = {
		.start = page_down(start),
		.end = segment->file_bytes != 0 ? file_end : page_down(start),
		.rights = segment->rights & VMM_RIGHT_W || segment->rights & VMM_RIGHT_X
				  ? (segment->rights & 7) | VMM_RIGHT_R
				  : segment->rights & VMM_RIGHT_R,
		.file = elf->file,
		.offset = page_down(segment->offset),
	};

	if (region.start < USER_MIN || space_overlaps(space, region.start, end))
		return -ENOEXEC;
	if (region.end > region.start && !space_map(space, &region))
		return -ENOMEM;
	if (segment->bytes > segment->file_bytes && segment->file_bytes != 0 &&
	    (segment->address + segment->file_bytes) % PAGE_SIZE != 0) {
		int64_t error = put_last_page(space, elf, segment);

		if (error != 0)
			return error;
	}
	region = (struct region){.start = region.end, .end = end, .rights = region.rights};
	return region.end == region.start || space_map(space, &region) ? 0 : -ENOMEM;
}

static int64_t map_segments(struct space *space, struct elf *elf)
{
	for (unsigned i = 0; i < elf->header.header_count; i++) {
		uint64_t headers = elf->header.headers;
		struct elf_segment buffer;
		const struct elf_segment *segment = segment_at(elf, i, &buffer);
		int64_t error;

		if (segment == NULL)
			return -ENOEXEC;
		if (segment->type != PT_LOAD || segment->bytes == 0)
			continue;
		error = map_segment(space, elf, segment);
		if (error != 0)
			return error;
		if (headers >= segment->offset && headers - segment->offset < segment->file_bytes)
			elf->headers = elf->bias + segment->address + (headers - segment->offset);
	}
	return 0;
}

/* Where a program that can lie anywhere goes. */
static uint64_t choose_bias(const struct space *space, const struct elf *elf, bool is_interpreter)
{
	uint64_t mask = elf->alignment > PAGE_SIZE && (elf->alignment & (elf->alignment - 1)) == 0 ? elf->alignment - 1
												   : PAGE_SIZE - 1;
	uint64_t bytes = elf->high - elf->low, place;

	if (!is_interpreter)
		return (USER_PIE_BASE & ~mask) - (elf->low & ~mask);
	place = space_find_gap(space, bytes + mask);
	return place != 0 ? ((place + mask) & ~mask) - (elf->low & ~mask) : 0;
}

static int64_t load_with_first_page(struct space *space, struct elf *elf, bool is_interpreter)
{
	int64_t error = read_header(elf) ? survey(elf) : -ENOEXEC;

	if (error != 0)
		return error;
	if (elf->header.type == ELF_DYN) {
		elf->bias = choose_bias(space, elf, is_interpreter);
		if (elf->bias == 0)
			return -ENOMEM;
		if (elf->high > USER_MMAP_TOP - elf->bias)
			return -ENOEXEC;
	}
	return map_segments(space, elf);
}

static int64_t load(struct space *space, struct elf *elf, bool is_interpreter)
{
	int64_t error;
	phys_t frame;

	switch (page_cache_take(elf->file, 0, &frame)) {
	case PAGE_CACHE_PAST_FILE:
		return -ENOEXEC;
	case PAGE_CACHE_NO_MEMORY:
		return -ENOMEM;
	case PAGE_CACHE_FOUND:
		break;
	}
	elf->first_page = phys_to_virt(frame);
	error = load_with_first_page(space, elf, is_interpreter);
	frame_drop(frame);
	return error;
}

/* Its path is in the program. */
static int64_t load_interpreter(struct space *space, const struct elf *elf, struct program *program)
{
	struct elf interpreter = {0};
	char path[256];
	uint64_t bytes = elf->interpreter.file_bytes;
	struct file *file;
	int64_t error;

	if (bytes < 2 || bytes > sizeof(path) || !page_cache_read(elf->file, elf->interpreter.offset, path, bytes) ||
	    path[bytes - 1] != '\0')
		return -ENOEXEC;
	error = exec_open(AT_FDCWD, path, 0, &file, &interpreter.file);
	if (error != 0)
		return error;
	error = load(space, &interpreter, true);
	mapped_file_drop(interpreter.file);
	file_drop(file);
	program->start = interpreter.bias + interpreter.header.entry;
	program->base = interpreter.bias;
	return error;
}

int64_t exec_load(struct space *space, struct mapped_file *file, struct program *program)
{
	const struct region stack = {
		.start = USER_STACK_BASE,
		.end = USER_STACK_TOP,
		.rights = VMM_RIGHT_R | VMM_RIGHT_W,
	};
	struct elf elf = {.file = file};
	int64_t error = load(space, &elf, false);

	if (error != 0)
		return error;
	if (!space_map(space, &stack))
		return -ENOMEM;
	*program = (struct program){
		.start = elf.bias + elf.header.entry,
		.entry = elf.bias + elf.header.entry,
		.headers = elf.headers,
		.header_count = elf.header.header_count,
		.brk = elf.bias + elf.high,
	};
	if (elf.interpreter.type == PT_INTERP)
		error = load_interpreter(space, &elf, program);
	if (error == 0 && (program->start < USER_MIN || program->start >= USER_TOP))
		error = -ENOEXEC;
	return error;
}
