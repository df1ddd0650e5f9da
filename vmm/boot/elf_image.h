/* SPDX-License-Identifier: MIT */
/*
 * elf_image.h: an ELF64 x86-64 executable, checked, as values. The only file that knows libelf is elf_image.c.
 * Source: System V ABI, "Object Files" and "Program Loading"; the x86-64 supplement.
 */
#ifndef VMM_BOOT_ELF_IMAGE_H
#define VMM_BOOT_ELF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "machine/error.h"
#include "machine/guest_ram.h"

#define ELF_SEGMENTS_MAX 24
#define ELF_SITES_MAX    4096

/* One PT_LOAD with something in it. */
struct elf_segment {
	gva_t start, end;           /* bytes, not rounded; end 0 stands for 2^64 */
	uint64_t offset, file_size; /* the rest up to end is zero */
	unsigned rights;            /* VMM_RIGHT_* */
	unsigned header;            /* number of its program header, for messages */
};

enum elf_half { ELF_KERNEL_AND_USER, ELF_USER_ONLY };

struct elf_image {
	const char *name; /* as the user wrote it; borrowed */
	int fd;           /* -1: from memory */
	const uint8_t *memory;
	uint64_t file_size;
	struct Elf *elf;
	enum elf_half half; /* by the entry point */
	bool relocatable;   /* static-PIE: bias was added to every address */
	uint64_t bias;
	gva_t entry;
	struct elf_segment segments[ELF_SEGMENTS_MAX];
	size_t segment_count;
	gva_t program_headers; /* where the program finds its own headers; 0: nowhere */
	unsigned program_header_count, program_header_size;
	struct vmm_site *sites; /* contents of ".vmm.sites" */
	size_t site_count;
};

/* Opens and checks; every reason for refusal gives a line that names file, place, limit and fix. */
bool elf_image_open(struct elf_image *image, const char *path, bool allow_wx, struct vmm_error *error);
bool elf_image_open_memory(struct elf_image *image, const char *name, const void *bytes, size_t count,
			   struct vmm_error *error);
void elf_image_close(struct elf_image *image);

/* Copies `count` bytes of the file from `offset` (both checked at opening). A file cut short since gives an error. */
bool elf_image_read(const struct elf_image *image, uint64_t offset, void *to, uint64_t count, struct vmm_error *error);

/* Calls back for each symbol in a segment with all of the rights, in no order: functions and labels; data too, if they
   need not be executable. */
void elf_image_symbols(const struct elf_image *image, unsigned rights,
		       void (*found)(void *context, const char *name, gva_t start, uint64_t size), void *context);

/* Calls back for each section that occupies memory. */
void elf_image_sections(const struct elf_image *image,
			void (*found)(void *context, const char *name, gva_t start, uint64_t size), void *context);

/* Does anything of it belong to ring 3? */
bool elf_image_has_user_half(const struct elf_image *image);

/* Is the address inside a segment with all of the rights? */
bool elf_image_contains(const struct elf_image *image, gva_t address, unsigned rights);

#endif
