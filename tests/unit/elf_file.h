/* SPDX-License-Identifier: MIT */
/*
 * elf_file.h: ELF files made in memory, written down without libelf, so that a test can spoil any byte of them.
 */
#ifndef TESTS_UNIT_ELF_FILE_H
#define TESTS_UNIT_ELF_FILE_H

#include "boot/elf_image.h"

/* After x86.h, whose PF_W (the page-fault error code) has the same value. */
#include <elf.h>
#include <stddef.h>

#define ELF_FILE_ROOM 0x2000

/* What elf_file_make() builds: headers and code in segment 0, data in segment 1, then sections and symbols. */
#define ELF_FILE_TEXT  0x400000
#define ELF_FILE_ENTRY 0x400100
#define ELF_FILE_DATA  0x402000
#define ELF_FILE_BSS   0x300 /* bytes of segment 1 that are not in the file */

struct elf_file {
	_Alignas(16) unsigned char bytes[ELF_FILE_ROOM];
	size_t size;
	char path[64]; /* of the temporary file, once there is one */
};

/* A good static program in the user half: two segments, the functions "start" (at the entry, 0x10 bytes) and "leaf"
   (behind it, of no size), the sections .text and .data, and one record in .vmm.sites. */
void elf_file_make(struct elf_file *file);

Elf64_Ehdr *elf_file_header(struct elf_file *file);
Elf64_Phdr *elf_file_segment(struct elf_file *file, unsigned number);
Elf64_Shdr *elf_file_section(struct elf_file *file, unsigned number);

/* One more program header, a copy of segment 1; the table moves to the end of the file. */
Elf64_Phdr *elf_file_add_segment(struct elf_file *file);

/* Writes it to a temporary file, which elf_file_remove() deletes. Returns its path. */
const char *elf_file_write(struct elf_file *file);
void elf_file_remove(struct elf_file *file);

/* Opens it as an image; the test fails, with the reason, when that does not work. */
void elf_file_open(struct elf_file *file, struct elf_image *image);

/* The file must be refused: returns the line, which names the file. */
const char *elf_file_refusal(struct elf_file *file);

/* The same, and the line holds each of the words. */
void elf_file_refused(struct elf_file *file, const char *word, const char *other);

#endif
