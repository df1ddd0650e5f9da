/* SPDX-License-Identifier: MIT */
/*
 * test_elf_image.c: what kind of file is it? A good one is read as its headers say; any other is refused with the
 * reason.
 */
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "elf_file.h"
#include "suites.h"

#define NOBODY 65534

static struct elf_file file;

static void setup(void)
{
	elf_file_make(&file);
}

static void teardown(void)
{
	elf_file_remove(&file);
}

/* Is a good program read as its headers say? */
START_TEST(good_program)
{
	struct elf_image image;

	elf_file_open(&file, &image);
	ck_assert_int_eq(image.half, ELF_USER_ONLY);
	ck_assert(!image.relocatable);
	ck_assert_uint_eq(image.entry, ELF_FILE_ENTRY);
	ck_assert_uint_eq(image.segment_count, 2);
	ck_assert_uint_eq(image.segments[0].start, ELF_FILE_TEXT);
	ck_assert_uint_eq(image.segments[0].end, ELF_FILE_TEXT + 0x200);
	ck_assert_uint_eq(image.segments[0].rights, VMM_RIGHT_R | VMM_RIGHT_X);
	ck_assert_uint_eq(image.segments[1].file_size, 0x20);
	ck_assert_uint_eq(image.segments[1].end - image.segments[1].start, 0x20 + ELF_FILE_BSS);
	ck_assert_uint_eq(image.segments[1].rights, VMM_RIGHT_R | VMM_RIGHT_W);
	ck_assert_uint_eq(image.program_headers, ELF_FILE_TEXT + sizeof(Elf64_Ehdr));
	ck_assert_uint_eq(image.site_count, 1);
	ck_assert_uint_eq(image.sites[0].vector, 14);
	elf_image_close(&image);
}
END_TEST

/* The same bytes from memory, as the built-in kernel has them */
START_TEST(from_memory)
{
	struct elf_image image;
	struct vmm_error error;
	unsigned char code;

	file.bytes[0x100] = 0xf4;
	ck_assert(elf_image_open_memory(&image, "a name", file.bytes, file.size, &error));
	ck_assert_uint_eq(image.segment_count, 2);
	ck_assert(elf_image_read(&image, 0x100, &code, 1, &error));
	ck_assert_uint_eq(code, 0xf4);
	elf_image_close(&image);
	ck_assert(!elf_image_open_memory(&image, "a name", file.bytes, 3, &error));
	ck_assert_ptr_eq(strstr(error.text, "a name: "), error.text);
}
END_TEST

/* A static-PIE is linked at 0: everything in it moves by the same distance. */
START_TEST(position_independent)
{
	struct elf_image image;

	elf_file_header(&file)->e_type = ET_DYN;
	elf_file_header(&file)->e_entry -= ELF_FILE_TEXT;
	for (unsigned i = 0; i < 2; i++)
		elf_file_segment(&file, i)->p_vaddr -= ELF_FILE_TEXT;
	elf_file_open(&file, &image);
	ck_assert(image.relocatable);
	ck_assert_uint_eq(image.bias, USER_PIE_BASE);
	ck_assert_uint_eq(image.entry, USER_PIE_BASE + ELF_FILE_ENTRY - ELF_FILE_TEXT);
	ck_assert_uint_eq(image.segments[0].start, USER_PIE_BASE);
	ck_assert_uint_eq(image.program_headers, USER_PIE_BASE + sizeof(Elf64_Ehdr));
	ck_assert_int_eq(image.half, ELF_USER_ONLY);
	elf_image_close(&image);
}
END_TEST

START_TEST(kernel_half)
{
	struct elf_image image;

	elf_file_header(&file)->e_entry = KERNEL_BASE + 0x100;
	elf_file_segment(&file, 0)->p_vaddr = KERNEL_BASE;
	elf_file_open(&file, &image);
	ck_assert_int_eq(image.half, ELF_KERNEL_AND_USER);
	ck_assert_uint_eq(image.segments[0].start, ELF_FILE_DATA + 0x200);
	ck_assert_uint_eq(image.segments[1].start, KERNEL_BASE);
	elf_image_close(&image);
}
END_TEST

START_TEST(not_elf)
{
	struct elf_image image;
	struct vmm_error error;

	file.bytes[1] = 'X';
	elf_file_refused(&file, "not an ELF file", "7f 45 4c 46");
	ck_assert(!elf_image_open(&image, "/etc/passwd", false, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "/etc/passwd: not an ELF file"));
}
END_TEST

START_TEST(other_class)
{
	file.bytes[EI_CLASS] = ELFCLASS32;
	elf_file_refused(&file, "32-bit", "ELFCLASS64");
	file.bytes[EI_CLASS] = 7;
	elf_file_refused(&file, "neither", "ELFCLASS64");
}
END_TEST

START_TEST(other_byte_order)
{
	file.bytes[EI_DATA] = ELFDATA2MSB;
	elf_file_refused(&file, "big-endian", "ELFDATA2LSB");
	file.bytes[EI_DATA] = 0;
	elf_file_refused(&file, "unknown byte order", "ELFDATA2LSB");
}
END_TEST

START_TEST(other_version)
{
	file.bytes[EI_VERSION] = 2;
	elf_file_refused(&file, "version 2", "need 1");
	elf_file_make(&file);
	elf_file_header(&file)->e_version = 3;
	elf_file_refused(&file, "version 3", "need 1");
}
END_TEST

START_TEST(other_machine)
{
	elf_file_header(&file)->e_machine = EM_AARCH64;
	elf_file_refused(&file, "machine 183", "x86-64");
}
END_TEST

START_TEST(other_type)
{
	static const struct {
		unsigned type;
		const char *word, *fix;
	} types[] = {{ET_REL, "relocatable", "link it"},
		     {ET_CORE, "core dump", "executable"},
		     {ET_NONE, "no type", "executable"},
		     {0xfe00, "unknown type", "executable"}};

	elf_file_header(&file)->e_type = (Elf64_Half)types[_i].type;
	elf_file_refused(&file, types[_i].word, types[_i].fix);
}
END_TEST

START_TEST(dynamically_linked)
{
	elf_file_add_segment(&file)->p_type = PT_INTERP;
	elf_file_refused(&file, "dynamically linked", "-static");
}
END_TEST

static void refused_path(const char *path, const char *word)
{
	struct elf_image image;
	struct vmm_error error;

	ck_assert(!elf_image_open(&image, path, false, &error));
	ck_assert_ptr_eq(strstr(error.text, path), error.text);
	ck_assert_msg(strstr(error.text, word) != NULL, "'%s' is not in: %s", word, error.text);
	ck_assert_int_eq(image.fd, -1);
}

START_TEST(not_a_file)
{
	refused_path("/", "is a directory");
	refused_path("/dev/null", "is a device");
	refused_path("/nonexistent/guest.elf", "No such file");
}
END_TEST

/* A FIFO without a writer must be refused, not waited for. */
START_TEST(fifo)
{
	char path[] = "/tmp/vmm-fifo-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(path));
	rmdir(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	alarm(3);
	refused_path(path, "is a FIFO");
	alarm(0);
	unlink(path);
}
END_TEST

START_TEST(empty)
{
	file.size = 0;
	elf_file_refused(&file, "is empty", "ELF64");
}
END_TEST

/* Root may read everything, so somebody else has to try. */
START_TEST(unreadable)
{
	struct elf_image image;
	struct vmm_error error;
	int status;
	pid_t child;

	elf_file_write(&file);
	ck_assert_int_eq(chmod(file.path, 0), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
			_exit(3);
		if (elf_image_open(&image, file.path, false, &error))
			_exit(1);
		_exit(strstr(error.text, "Permission denied") != NULL && strstr(error.text, file.path) == error.text
			      ? 0
			      : 2);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

/* A file that is cut between opening and reading */
START_TEST(becomes_shorter)
{
	struct elf_image image;
	struct vmm_error error;
	unsigned char bytes[0x20];

	ck_assert(elf_image_open(&image, elf_file_write(&file), false, &error));
	ck_assert_int_eq(truncate(file.path, 0x210), 0);
	ck_assert(!elf_image_read(&image, 0x200, bytes, sizeof(bytes), &error));
	ck_assert_ptr_nonnull(strstr(error.text, "became shorter"));
	ck_assert_ptr_nonnull(strstr(error.text, "0x210"));
	elf_image_close(&image);
}
END_TEST

Suite *elf_image_suite(void)
{
	Suite *suite = suite_create("elf_image");
	TCase *good = tcase_create("good files"), *bad = tcase_create("wrong kinds of file");

	tcase_add_checked_fixture(good, setup, teardown);
	tcase_add_checked_fixture(bad, setup, teardown);
	tcase_add_test(good, good_program);
	tcase_add_test(good, from_memory);
	tcase_add_test(good, position_independent);
	tcase_add_test(good, kernel_half);
	tcase_add_test(bad, not_elf);
	tcase_add_test(bad, other_class);
	tcase_add_test(bad, other_byte_order);
	tcase_add_test(bad, other_version);
	tcase_add_test(bad, other_machine);
	tcase_add_loop_test(bad, other_type, 0, 4);
	tcase_add_test(bad, dynamically_linked);
	tcase_add_test(bad, not_a_file);
	tcase_add_test(bad, fifo);
	tcase_add_test(bad, empty);
	tcase_add_test(bad, unreadable);
	tcase_add_test(bad, becomes_shorter);
	suite_add_tcase(suite, good);
	suite_add_tcase(suite, bad);
	return suite;
}
