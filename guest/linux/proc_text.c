/* SPDX-License-Identifier: MIT */
/* proc_text.c: files of /proc/self that only the kernel can fill: the list of regions, the list of descriptors. */
#include "kernel/memory.h"
#include "kernel/pool.h"
#include "kernel/user_memory.h"
#include "linux/file.h"

#define TEXT_FRAMES 16
#define NAME_COLUMN 73

struct text {
	uint64_t bytes;
	char *frames[TEXT_FRAMES];
};

static struct pool pool = POOL_OF(struct text);

static void add(struct text *text, const char *line, uint64_t bytes)
{
	for (uint64_t i = 0; i < bytes; i++, text->bytes++) {
		uint64_t index = text->bytes / PAGE_SIZE;

		if (index == TEXT_FRAMES)
			return;
		if (text->frames[index] == NULL) {
			phys_t frame = frame_take();

			if (frame == 0)
				return;
			text->frames[index] = phys_to_virt(frame);
		}
		text->frames[index][text->bytes % PAGE_SIZE] = line[i];
	}
}

static void add_number(struct text *text, uint64_t value, unsigned base, unsigned least_digits)
{
	char digits[20];
	unsigned count = sizeof(digits), used = 0;

	do {
		digits[--count] = "0123456789abcdef"[value % base];
		value /= base;
		used++;
	} while (value != 0 || used < least_digits);
	add(text, digits + count, used);
}

static void add_string(struct text *text, const char *string)
{
	while (*string != '\0')
		add(text, string++, 1);
}

#define HEADERS_MAX  512 /* bytes of an ELF file in which its program headers are looked for */
#define HEADER_BYTES 56
#define PT_LOAD      1

/* Where in the program's file a region of it lies that the VMM has loaded: the file's headers tell. */
static uint64_t offset_of_boot_region(struct file *program, const struct space *space, const struct region *region)
{
	uint64_t head[HEADERS_MAX / 8], base = 0, result = 0, offset, address;
	int64_t count = file_read_frame(program, 0, head, sizeof(head));
	unsigned entries = count >= 64 ? (uint16_t)head[7] : 0; /* e_phnum */
	bool based = false;

	for (uint64_t at = head[4]; entries > 0 && at % 8 == 0; entries--, at += HEADER_BYTES) { /* e_phoff */
		const uint64_t *entry = head + at / 8;

		if (at > (uint64_t)count - HEADER_BYTES)
			break;
		offset = entry[1] & ~(PAGE_SIZE - 1);
		address = entry[2] & ~(PAGE_SIZE - 1);
		if ((uint32_t)entry[0] != PT_LOAD)
			continue;
		if (!based)
			base = space->regions->start - address;
		based = true;
		if (base + address <= region->start)
			result = offset + (region->start - base - address);
	}
	return result;
}

/* Is it of what the VMM has loaded? */
static bool is_boot_image(const struct region *region)
{
	return region->no_copy || region->file == &page_cache_boot_image;
}

/* Device and number of what is mapped, and from where on. */
static void add_origin(struct text *text, const struct region *region, const struct space *space)
{
	struct file_identity identity = {0};
	struct file *program = is_boot_image(region) ? file_program() : NULL;
	uint64_t offset = 0;

	if (region->file != NULL && !is_boot_image(region)) {
		identity = region->file->identity;
		offset = region->offset;
	} else if (program != NULL && mapped_file_identify(program, &identity) == 0) {
		offset = offset_of_boot_region(program, space, region);
	}
	add_number(text, offset, 16, 8);
	add(text, " ", 1);
	add_number(text, identity.device >> 8 & 0xfff, 16, 2);
	add(text, ":", 1);
	add_number(text, (identity.device >> 12 & 0xfff00) | (identity.device & 0xff), 16, 2);
	add(text, " ", 1);
	add_number(text, identity.number, 10, 1);
	add(text, " ", 1);
}

/* Names begin in one column. `page`: room for one. */
static void add_name(struct text *text, const struct region *region, const struct space *space, uint64_t line,
		     char *page)
{
	bool heap = region->file == NULL && !is_boot_image(region) && region->start < space->brk &&
		    region->end > space->brk_start; /* there may be zeros of .bss in it, too */
	const char *name = region->end == USER_STACK_TOP ? "[stack]" : heap ? "[heap]" : NULL;

	struct file *file = region->file != NULL ? region->file->file : NULL;

	if (is_boot_image(region) && name == NULL)
		file = file_program();
	if (file != NULL) {
		int64_t length = file_path(file, page, PAGE_SIZE - 1);

		page[length > 0 ? length : 0] = '\0';
		name = page;
	}
	if (name == NULL)
		return;
	while (text->bytes - line < NAME_COLUMN)
		add(text, " ", 1);
	add_string(text, name);
}

static void add_region(struct text *text, const struct region *region, const struct space *space, char *page)
{
	uint64_t line = text->bytes;

	add_number(text, region->start, 16, 8);
	add(text, "-", 1);
	add_number(text, region->end, 16, 8);
	add(text, region->rights & VMM_RIGHT_R ? " r" : " -", 2);
	add(text, region->rights & VMM_RIGHT_W ? "w" : "-", 1);
	add(text, region->rights & VMM_RIGHT_X ? "x" : "-", 1);
	add(text, region->shared ? "s " : "p ", 2);
	add_origin(text, region, space);
	add_name(text, region, space, line, page);
	add(text, "\n", 1);
}

int64_t text_open_maps(struct file **file)
{
	struct text *text = pool_take(&pool);
	const struct space *space = current_space();
	phys_t page = frame_take();

	*file = file_new();
	if (text == NULL || page == 0 || *file == NULL) {
		if (text != NULL)
			pool_put(&pool, text);
		if (page != 0)
			frame_drop(page);
		if (*file != NULL)
			file_discard(*file);
		return -ENOMEM;
	}
	memset(text, 0, sizeof(*text));
	for (const struct region *region = space->regions; region != NULL; region = region->next)
		add_region(text, region, space, phys_to_virt(page));
	frame_drop(page);
	(*file)->users = 1;
	(*file)->kind = FILE_TEXT;
	(*file)->flags = O_LARGEFILE;
	(*file)->text = text;
	return 0;
}

int64_t text_read(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset)
{
	const struct text *text = file->text;
	uint64_t done = 0;

	while (done < bytes && *offset < text->bytes) {
		uint64_t in_page = *offset % PAGE_SIZE, part = PAGE_SIZE - in_page;

		if (part > text->bytes - *offset)
			part = text->bytes - *offset;
		if (part > bytes - done)
			part = bytes - done;
		if (text->frames[*offset / PAGE_SIZE] == NULL)
			break;
		if (copy_to_user(buffer + done, text->frames[*offset / PAGE_SIZE] + in_page, part) != 0)
			return done > 0 ? (int64_t)done : -EFAULT;
		done += part;
		*offset += part;
	}
	return (int64_t)done;
}

void text_close(struct file *file)
{
	for (int i = 0; i < TEXT_FRAMES; i++)
		if (file->text->frames[i] != NULL)
			frame_drop(virt_to_phys(file->text->frames[i]));
	pool_put(&pool, file->text);
}

/* struct linux_dirent64 with a number for its name */
struct entry {
	uint64_t number, next;
	uint16_t bytes;
	uint8_t type;
	char name[13];
};
_Static_assert(sizeof(struct entry) == 32, "a multiple of 8");

#define DT_DIR 4
#define DT_LNK 10

/* The offset counts entries: ".", "..", then descriptors. */
static bool fill_entry(struct entry *entry, uint64_t offset)
{
	int fd = (int)offset - 2;
	char digits[8];
	int count = 0;

	if (offset >= DESCRIPTORS + 2 || (fd >= 0 && file_of(fd) == NULL))
		return false;
	*entry = (struct entry){.number = offset + 1, .next = offset + 1, .bytes = sizeof(*entry), .type = DT_DIR};
	if (fd < 0) {
		entry->name[0] = '.';
		entry->name[1] = offset == 1 ? '.' : '\0';
		return true;
	}
	entry->type = DT_LNK;
	do
		digits[count++] = (char)('0' + fd % 10);
	while ((fd /= 10) != 0);
	for (int i = 0; count > 0; i++)
		entry->name[i] = digits[--count];
	return true;
}

int64_t fd_list_read(struct file *file, uint64_t buffer, uint64_t bytes)
{
	uint64_t done = 0;
	struct entry entry;

	if (bytes < sizeof(entry))
		return -EINVAL;
	for (; file->offset < DESCRIPTORS + 2 && bytes - done >= sizeof(entry); file->offset++) {
		if (!fill_entry(&entry, file->offset))
			continue;
		if (copy_to_user(buffer + done, &entry, sizeof(entry)) != 0)
			return done > 0 ? (int64_t)done : -EFAULT;
		done += sizeof(entry);
	}
	return (int64_t)done;
}
