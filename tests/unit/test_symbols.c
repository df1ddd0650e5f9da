/* SPDX-License-Identifier: MIT */
/*
 * test_symbols.c: is each address named by the function that covers it, and by no other?
 */
#include <string.h>

#include "elf_file.h"
#include "run/symbols.h"
#include "suites.h"

static struct elf_file file;
static struct elf_image image;
static struct symbols symbols;

static void setup(void)
{
	elf_file_make(&file);
	memset(&symbols, 0, sizeof(symbols));
}

static void teardown(void)
{
	symbols_free(&symbols);
	elf_image_close(&image);
}

static void load(void)
{
	elf_file_open(&file, &image);
	symbols_init(&symbols, &image, &image);
}

static const char *describe(gva_t address)
{
	static char text[64];

	symbols_describe(&symbols, address, text, sizeof(text));
	return text;
}

START_TEST(functions)
{
	load();
	ck_assert_str_eq(describe(ELF_FILE_ENTRY), "start");
	ck_assert_str_eq(describe(ELF_FILE_ENTRY + 1), "start+0x1");
	ck_assert_str_eq(describe(ELF_FILE_ENTRY + 0xf), "start+0xf");
	ck_assert_str_eq(describe(ELF_FILE_ENTRY + 0x10), ""); /* behind its end */
	ck_assert_str_eq(describe(ELF_FILE_ENTRY - 1), "");
	ck_assert_str_eq(describe(ELF_FILE_ENTRY + 0x20), "leaf");
	ck_assert_str_eq(describe(ELF_FILE_ENTRY + 0x55), "leaf+0x35"); /* no size: up to the next one */
	ck_assert_str_eq(describe(ELF_FILE_TEXT + 0x200), "");          /* outside the segment */
	ck_assert_str_eq(describe(ELF_FILE_DATA + 0x200), "");
	ck_assert_str_eq(describe(0), "");
	ck_assert_str_eq(describe(UINT64_MAX), "");
}
END_TEST

START_TEST(by_name)
{
	gva_t places[2] = {0, 0};

	load();
	ck_assert_uint_eq(symbols_find(&symbols, "start", 5, places), 1);
	ck_assert_uint_eq(places[0], ELF_FILE_ENTRY);
	ck_assert_uint_eq(symbols_find(&symbols, "leaf+0x10", 4, places), 1);
	ck_assert_uint_eq(places[0], ELF_FILE_ENTRY + 0x20);
	ck_assert_uint_eq(symbols_find(&symbols, "lea", 3, places), 0);
	ck_assert_uint_eq(symbols_find(&symbols, "leaff", 5, places), 0);
	ck_assert_uint_eq(symbols_find(&symbols, "", 0, places), 0);
}
END_TEST

START_TEST(short_buffer)
{
	char text[4] = "xxx";

	load();
	symbols_describe(&symbols, ELF_FILE_ENTRY + 4, text, sizeof(text));
	ck_assert_str_eq(text, "sta");
}
END_TEST

/* A label and a function at the same address: the function. */
START_TEST(same_address)
{
	Elf64_Sym *table = (Elf64_Sym *)(file.bytes + elf_file_section(&file, 4)->sh_offset);

	table[2].st_value = table[1].st_value;
	load();
	ck_assert_str_eq(describe(ELF_FILE_ENTRY), "start");
}
END_TEST

START_TEST(not_functions)
{
	Elf64_Sym *table = (Elf64_Sym *)(file.bytes + elf_file_section(&file, 4)->sh_offset);

	table[1].st_info = STT_OBJECT;
	table[2].st_shndx = SHN_UNDEF;
	load();
	ck_assert_str_eq(describe(ELF_FILE_ENTRY), "");
	ck_assert_str_eq(describe(ELF_FILE_ENTRY + 0x20), "");
}
END_TEST

START_TEST(sections)
{
	load();
	ck_assert_str_eq(symbols_section(&symbols, ELF_FILE_TEXT), ".text");
	ck_assert_str_eq(symbols_section(&symbols, ELF_FILE_DATA), ".data");
	ck_assert_ptr_null(symbols_section(&symbols, ELF_FILE_TEXT + PAGE_SIZE));
	ck_assert_ptr_null(symbols_section(&symbols, 0));
}
END_TEST

/* Of two sections in a page the one that fills more of it */
START_TEST(largest_section)
{
	elf_file_section(&file, 2)->sh_addr = ELF_FILE_TEXT + 0x600;
	elf_file_section(&file, 2)->sh_size = 0x41;
	load();
	ck_assert_str_eq(symbols_section(&symbols, ELF_FILE_TEXT), ".data");
	elf_image_close(&image);
	symbols_free(&symbols);
	elf_file_section(&file, 2)->sh_addr = ELF_FILE_TEXT + 0xfe0; /* the most of it lies in the next page */
	file.path[0] = '\0';
	load();
	ck_assert_str_eq(symbols_section(&symbols, ELF_FILE_TEXT), ".text");
	ck_assert_str_eq(symbols_section(&symbols, ELF_FILE_TEXT + PAGE_SIZE), ".data");
}
END_TEST

/* A region is named after its sections in order of address, cut where there is no room */
START_TEST(region_names)
{
	char text[32];

	load();
	symbols_sections(&symbols, ELF_FILE_TEXT, ELF_FILE_TEXT + PAGE_SIZE, text, sizeof(text));
	ck_assert_str_eq(text, ".text");
	symbols_sections(&symbols, ELF_FILE_TEXT, ELF_FILE_DATA + PAGE_SIZE, text, sizeof(text));
	ck_assert_str_eq(text, ".text .data");
	symbols_sections(&symbols, 0, PAGE_SIZE, text, sizeof(text));
	ck_assert_str_eq(text, "");
	symbols_sections(&symbols, ELF_FILE_TEXT, ELF_FILE_DATA + PAGE_SIZE, text, 8);
	ck_assert_str_eq(text, ".text .");
}
END_TEST

START_TEST(two_images)
{
	struct elf_file other;
	struct elf_image kernel;

	elf_file_make(&other);
	elf_file_header(&other)->e_entry = KERNEL_BASE + 0x100;
	elf_file_segment(&other, 0)->p_vaddr = KERNEL_BASE;
	((Elf64_Sym *)(other.bytes + elf_file_section(&other, 4)->sh_offset))[1].st_value = KERNEL_BASE + 0x100;
	elf_file_open(&other, &kernel);
	elf_file_open(&file, &image);
	symbols_init(&symbols, &kernel, &image);
	ck_assert_str_eq(describe(KERNEL_BASE + 0x101), "start+0x1");
	ck_assert_str_eq(describe(ELF_FILE_ENTRY + 0x22), "leaf+0x2");
	elf_image_close(&kernel);
}
END_TEST

/* Without any symbol or section */
START_TEST(stripped)
{
	elf_file_header(&file)->e_shoff = 0;
	elf_file_header(&file)->e_shnum = 0;
	elf_file_header(&file)->e_shstrndx = 0;
	load();
	ck_assert_str_eq(describe(ELF_FILE_ENTRY), "");
	ck_assert_ptr_null(symbols_section(&symbols, ELF_FILE_TEXT));
}
END_TEST

Suite *symbols_suite(void)
{
	Suite *suite = suite_create("symbols");
	TCase *names = tcase_create("names");

	tcase_add_checked_fixture(names, setup, teardown);
	tcase_add_test(names, functions);
	tcase_add_test(names, by_name);
	tcase_add_test(names, short_buffer);
	tcase_add_test(names, same_address);
	tcase_add_test(names, not_functions);
	tcase_add_test(names, sections);
	tcase_add_test(names, largest_section);
	tcase_add_test(names, region_names);
	tcase_add_test(names, two_images);
	tcase_add_test(names, stripped);
	suite_add_tcase(suite, names);
	return suite;
}
