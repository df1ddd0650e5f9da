/* SPDX-License-Identifier: MIT */
/*
 * test_elf_segments.c: segments that lie wrong in the file or in memory, and files with any byte damaged or missing.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elf_file.h"
#include "suites.h"

static struct elf_file file;
static Elf64_Phdr *text, *data;

static void setup(void)
{
	elf_file_make(&file);
	text = elf_file_segment(&file, 0);
	data = elf_file_segment(&file, 1);
}

static void teardown(void)
{
	elf_file_remove(&file);
}

START_TEST(no_headers)
{
	elf_file_header(&file)->e_phnum = 0;
	elf_file_refused(&file, "no program headers", "nothing to load");
}
END_TEST

START_TEST(nothing_to_load)
{
	text->p_type = data->p_type = PT_NOTE;
	elf_file_refused(&file, "no PT_LOAD", "nothing to load");
	text->p_type = data->p_type = PT_LOAD;
	text->p_memsz = text->p_filesz = data->p_memsz = data->p_filesz = 0;
	elf_file_refused(&file, "no PT_LOAD", "nothing to load");
}
END_TEST

START_TEST(header_table)
{
	Elf64_Ehdr *header = elf_file_header(&file);

	header->e_phentsize = 32;
	elf_file_refused(&file, "32 bytes", "ELF64 has 56");
	header->e_phentsize = sizeof(Elf64_Phdr);
	header->e_phoff = file.size;
	elf_file_refused(&file, "truncated", "2 program headers");
	header->e_phoff = UINT64_MAX - 8; /* offset + size wraps */
	elf_file_refused(&file, "truncated", "beyond the file's");
	header->e_phoff = sizeof(*header);
	header->e_phnum = 0xfffe;
	elf_file_refused(&file, "truncated", "65534 program headers");
}
END_TEST

START_TEST(past_the_end)
{
	data->p_filesz = data->p_memsz = file.size;
	elf_file_refused(&file, "segment 1", "past the end of the file");
	data->p_offset = UINT64_MAX - 0xdff; /* wraps around together with p_filesz */
	data->p_filesz = data->p_memsz = 0x1000;
	elf_file_refused(&file, "segment 1", "past the end of the file");
}
END_TEST

START_TEST(file_size_above_memory_size)
{
	data->p_memsz = data->p_filesz - 1;
	elf_file_refused(&file, "p_filesz 0x20", "p_memsz 0x1f");
}
END_TEST

START_TEST(wraps)
{
	data->p_vaddr = UINT64_MAX - 0xdff;
	data->p_memsz = 0x10000;
	elf_file_refused(&file, "segment 1", "wraps");
	data->p_memsz = UINT64_MAX;
	elf_file_refused(&file, "segment 1", "wraps");
}
END_TEST

/* The distance that a static-PIE is moved by must not carry a segment around either. */
START_TEST(wraps_when_moved)
{
	elf_file_header(&file)->e_type = ET_DYN;
	data->p_vaddr = 0 - UINT64_C(0xe00);
	data->p_memsz = 0x20;
	elf_file_refused(&file, "segment 1", "wraps");
}
END_TEST

START_TEST(misaligned)
{
	data->p_vaddr += 1;
	elf_file_refused(&file, "segment 1", "misaligned");
	data->p_vaddr -= 1;
	data->p_align = 0x1001;
	elf_file_refused(&file, "alignment 0x1001", "power of two");
}
END_TEST

START_TEST(in_the_hole)
{
	data->p_vaddr = USER_HALF_END + 0x200;
	elf_file_refused(&file, "segment 1", "half");
	data->p_vaddr = USER_HALF_END - 0xe00; /* begins below, ends inside */
	data->p_memsz = 0x2000;
	elf_file_refused(&file, "segment 1", "half");
	data->p_vaddr = 0x402200; /* across the whole hole */
	data->p_memsz = KERNEL_HALF;
	elf_file_refused(&file, "segment 1", "half");
}
END_TEST

START_TEST(null_page)
{
	text->p_vaddr = 0;
	elf_file_refused(&file, "segment 0", "below 0x10000");
}
END_TEST

START_TEST(overlap)
{
	data->p_vaddr = text->p_vaddr + 0x100;
	data->p_align = 1;
	elf_file_refused(&file, "overlap", "segments 0 and 1");
	data->p_vaddr = text->p_vaddr; /* the very same start */
	elf_file_refused(&file, "overlap", "1");
	data->p_vaddr = 0x3ff000; /* swallows the other one */
	data->p_memsz = 0x10000;
	elf_file_refused(&file, "overlap", "segments 1 and 0");
}
END_TEST

/* Two segments that both reach the last byte of the address space */
START_TEST(overlap_at_the_top)
{
	text->p_vaddr = data->p_vaddr = 0 - UINT64_C(0x1000);
	text->p_memsz = data->p_memsz = 0x1000;
	text->p_align = data->p_align = 1;
	elf_file_header(&file)->e_entry = 0 - UINT64_C(0x1000) + 0x100;
	elf_file_refused(&file, "overlap", "segments");
	data->p_vaddr -= 0x1000;
	data->p_memsz += 0x1000;
	elf_file_refused(&file, "overlap", "segments");
}
END_TEST

/* A segment may end with the address space. */
START_TEST(last_page)
{
	struct elf_image image;

	text->p_vaddr = 0 - UINT64_C(0x1000);
	text->p_memsz = 0x1000;
	elf_file_header(&file)->e_entry = 0 - UINT64_C(0x1000) + 0x100;
	elf_file_open(&file, &image);
	ck_assert_uint_eq(image.entry, 0 - UINT64_C(0xf00));
	ck_assert(elf_image_contains(&image, UINT64_MAX, VMM_RIGHT_X));
	ck_assert(!elf_image_contains(&image, 0 - UINT64_C(0x1001), VMM_RIGHT_X));
	ck_assert(!elf_image_contains(&image, 0, VMM_RIGHT_X));
	elf_image_close(&image);
}
END_TEST

START_TEST(shared_page)
{
	data->p_vaddr = ELF_FILE_TEXT + 0xa00;
	data->p_align = 1;
	elf_file_refused(&file, "share the page 0x400000", "separate-code");
}
END_TEST

START_TEST(too_many)
{
	for (unsigned i = 2; i <= ELF_SEGMENTS_MAX; i++)
		elf_file_add_segment(&file)->p_vaddr += i * PAGE_SIZE;
	elf_file_refused(&file, "more than 24 segments", "load");
}
END_TEST

START_TEST(entry_outside)
{
	elf_file_header(&file)->e_entry = ELF_FILE_DATA + 0x200;
	elf_file_refused(&file, "entry point 0x402200", "executable");
	elf_file_header(&file)->e_entry = ELF_FILE_TEXT + 0x200; /* the first byte behind the code */
	elf_file_refused(&file, "entry point 0x400200", "executable");
	elf_file_header(&file)->e_entry = 0;
	elf_file_refused(&file, "entry point 0x0", "executable");
}
END_TEST

START_TEST(entry_in_the_wrong_half)
{
	data->p_vaddr = KERNEL_BASE + 0x200;
	elf_file_refused(&file, "entry point 0x400100 is in the user half", "ENTRY");
}
END_TEST

START_TEST(writable_and_executable)
{
	struct elf_image image;
	struct vmm_error error;

	data->p_flags = VMM_RIGHT_R | VMM_RIGHT_W | VMM_RIGHT_X;
	elf_file_refused(&file, "W+X", "--allow-wx");
	ck_assert(elf_image_open(&image, elf_file_write(&file), true, &error));
	ck_assert_uint_eq(image.segments[1].rights, VMM_RIGHT_R | VMM_RIGHT_W | VMM_RIGHT_X);
	elf_image_close(&image);
}
END_TEST

START_TEST(sites_section)
{
	Elf64_Shdr *sites = elf_file_section(&file, 3);

	sites->sh_size = 17;
	elf_file_refused(&file, ".vmm.sites", "multiple of 16");
	sites->sh_size = 16 * (ELF_SITES_MAX + 1);
	elf_file_refused(&file, ".vmm.sites", "at most 4096");
	sites->sh_size = 16;
	sites->sh_offset = file.size - 8;
	elf_file_refused(&file, ".vmm.sites", "past the end");
	sites->sh_offset = UINT64_MAX - 7;
	elf_file_refused(&file, ".vmm.sites", "past the end");
}
END_TEST

static void count(void *context, const char *name, gva_t start, uint64_t size)
{
	ck_assert_uint_lt(strlen(name), ELF_FILE_ROOM); /* readable to its end */
	*(uint64_t *)context += 1 + (start ^ size) % 2;
}

/* Either a reason, or an image that can be used in every way. */
static bool opens(const void *bytes, size_t size)
{
	struct vmm_error error = {""};
	struct elf_image image;
	uint64_t seen = 0;
	char room[ELF_FILE_ROOM];

	if (!elf_image_open_memory(&image, "damaged", bytes, size, &error)) {
		/* One assertion, and only when it fails: each is a message to the process that runs the tests. */
		if (strstr(error.text, "damaged: ") != error.text || strlen(error.text) <= strlen("damaged: ") + 8 ||
		    strstr(error.text, "no error") != NULL || strstr(error.text, "(null)") != NULL)
			ck_abort_msg("%s", error.text);
		return false;
	}
	ck_assert(elf_image_contains(&image, image.entry, VMM_RIGHT_X));
	for (size_t i = 0; i < image.segment_count; i++) {
		const struct elf_segment *segment = &image.segments[i];

		ck_assert_uint_le(segment->file_size, segment->end - segment->start);
		ck_assert_uint_le(segment->file_size, size);
		ck_assert(elf_image_read(&image, segment->offset, room, segment->file_size, &error));
	}
	elf_image_symbols(&image, VMM_RIGHT_X, count, &seen);
	elf_image_sections(&image, count, &seen);
	elf_image_close(&image);
	return true;
}

/* Cut at every length: never a crash, and never accepted while a byte of a segment is missing. The exact size of the
   copy lets a sanitizer see a read behind it. */
START_TEST(truncated_anywhere)
{
	for (size_t size = 0; size < file.size; size++) {
		unsigned char *copy = malloc(size > 0 ? size : 1);
		bool opened;

		memcpy(copy, file.bytes, size);
		opened = opens(copy, size);
		free(copy);
		ck_assert_msg(!opened || size >= 0x220, "accepted with %zu bytes", size);
	}
}
END_TEST

START_TEST(truncated_file)
{
	size_t whole = file.size;

	for (size_t size = 1; size < 0x220; size += size < 0x100 ? 1 : 7) {
		file.size = size;
		ck_assert_uint_gt(strlen(elf_file_refusal(&file)), 20);
	}
	file.size = 5;
	elf_file_refused(&file, "truncated: 5 bytes", "64");
	file.size = 63;
	elf_file_refused(&file, "truncated: 63 bytes", "64");
	file.size = 64 + 111;
	elf_file_refused(&file, "truncated", "2 program headers");
	file.size = whole;
	ck_assert(opens(file.bytes, file.size));
}
END_TEST

/* Every bit of the file turned over: a reason or an image, never a crash */
START_TEST(flipped_bits)
{
	unsigned char *copy = malloc(file.size);
	unsigned accepted = 0;

	memcpy(copy, file.bytes, file.size);
	for (size_t bit = 0; bit < 8 * file.size; bit++) {
		copy[bit / 8] ^= (unsigned char)(1 << bit % 8);
		accepted += opens(copy, file.size);
		copy[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	free(copy);
	ck_assert_uint_gt(accepted, 8 * (0x200 - 0xb0)); /* code and data may be anything */
	ck_assert_uint_lt(accepted, 8 * file.size - 500);
}
END_TEST

/* Every byte of the headers replaced by the values that hurt most */
START_TEST(extreme_bytes)
{
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	unsigned char *copy = malloc(file.size);

	for (size_t i = 0; i < file.size; i++) {
		for (size_t run = 1; run <= 8; run++) {
			memcpy(copy, file.bytes, file.size);
			memset(copy + i, values[_i], run < file.size - i ? run : file.size - i);
			opens(copy, file.size);
		}
	}
	free(copy);
}
END_TEST

Suite *elf_segments_suite(void)
{
	Suite *suite = suite_create("elf_segments");
	TCase *segments = tcase_create("segments"), *damage = tcase_create("damage");

	tcase_add_checked_fixture(segments, setup, teardown);
	tcase_add_checked_fixture(damage, setup, teardown);
	tcase_set_timeout(damage, 60);
	tcase_add_test(segments, no_headers);
	tcase_add_test(segments, nothing_to_load);
	tcase_add_test(segments, header_table);
	tcase_add_test(segments, past_the_end);
	tcase_add_test(segments, file_size_above_memory_size);
	tcase_add_test(segments, wraps);
	tcase_add_test(segments, wraps_when_moved);
	tcase_add_test(segments, misaligned);
	tcase_add_test(segments, in_the_hole);
	tcase_add_test(segments, null_page);
	tcase_add_test(segments, overlap);
	tcase_add_test(segments, overlap_at_the_top);
	tcase_add_test(segments, last_page);
	tcase_add_test(segments, shared_page);
	tcase_add_test(segments, too_many);
	tcase_add_test(segments, entry_outside);
	tcase_add_test(segments, entry_in_the_wrong_half);
	tcase_add_test(segments, writable_and_executable);
	tcase_add_test(segments, sites_section);
	tcase_add_test(damage, truncated_anywhere);
	tcase_add_test(damage, truncated_file);
	tcase_add_test(damage, flipped_bits);
	tcase_add_loop_test(damage, extreme_bytes, 0, 5);
	suite_add_tcase(suite, segments);
	suite_add_tcase(suite, damage);
	return suite;
}
