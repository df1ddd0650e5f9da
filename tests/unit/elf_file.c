/* SPDX-License-Identifier: MIT */
/*
 * elf_file.c: writes a small executable, byte by byte as the System V ABI says.
 */
#include "elf_file.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"

enum section { NONE, TEXT, DATA, SITES, SYMBOLS, STRINGS, NAMES, SECTIONS };

#define DATA_OFFSET     0x200
#define DATA_SIZE       0x20
#define SITES_OFFSET    0x220
#define SYMBOLS_OFFSET  0x240
#define STRINGS_OFFSET  0x2a0
#define NAMES_OFFSET    0x2c0
#define SECTIONS_OFFSET 0x300

static const char strings[] = "\0start\0leaf";
static const char names[] = "\0.text\0.data\0.vmm.sites\0.symtab\0.strtab\0.shstrtab";

Elf64_Ehdr *elf_file_header(struct elf_file *file)
{
	return (Elf64_Ehdr *)file->bytes;
}

Elf64_Phdr *elf_file_segment(struct elf_file *file, unsigned number)
{
	return (Elf64_Phdr *)(file->bytes + elf_file_header(file)->e_phoff) + number;
}

Elf64_Shdr *elf_file_section(struct elf_file *file, unsigned number)
{
	return (Elf64_Shdr *)(file->bytes + elf_file_header(file)->e_shoff) + number;
}

static void add_section(struct elf_file *file, enum section number, const char *name, const Elf64_Shdr *header)
{
	Elf64_Shdr *section = elf_file_section(file, number);
	size_t at = 0;

	while (strcmp(names + at, name) != 0)
		at += strlen(names + at) + 1;
	*section = *header;
	section->sh_name = (Elf64_Word)at;
}

static void add_sections(struct elf_file *file)
{
	const Elf64_Sym symbols[] = {
		{0},
		{.st_name = 1, .st_info = STT_FUNC, .st_shndx = TEXT, .st_value = ELF_FILE_ENTRY, .st_size = 0x10},
		{.st_name = 7, .st_info = STT_NOTYPE, .st_shndx = TEXT, .st_value = ELF_FILE_ENTRY + 0x20},
	};
	const struct vmm_site site = {.address = ELF_FILE_ENTRY, .kind = VMM_SITE_ENTRY, .vector = 14};

	memcpy(file->bytes + SITES_OFFSET, &site, sizeof(site));
	memcpy(file->bytes + SYMBOLS_OFFSET, symbols, sizeof(symbols));
	memcpy(file->bytes + STRINGS_OFFSET, strings, sizeof(strings));
	memcpy(file->bytes + NAMES_OFFSET, names, sizeof(names));
	add_section(file, TEXT, ".text",
		    &(Elf64_Shdr){.sh_type = SHT_PROGBITS,
				  .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
				  .sh_addr = ELF_FILE_ENTRY,
				  .sh_offset = 0x100,
				  .sh_size = 0x40});
	add_section(file, DATA, ".data",
		    &(Elf64_Shdr){.sh_type = SHT_PROGBITS,
				  .sh_flags = SHF_ALLOC | SHF_WRITE,
				  .sh_addr = ELF_FILE_DATA + DATA_OFFSET,
				  .sh_offset = DATA_OFFSET,
				  .sh_size = DATA_SIZE});
	add_section(file, SITES, ".vmm.sites",
		    &(Elf64_Shdr){.sh_type = SHT_PROGBITS, .sh_offset = SITES_OFFSET, .sh_size = sizeof(site)});
	add_section(file, SYMBOLS, ".symtab",
		    &(Elf64_Shdr){.sh_type = SHT_SYMTAB,
				  .sh_offset = SYMBOLS_OFFSET,
				  .sh_size = sizeof(symbols),
				  .sh_link = STRINGS,
				  .sh_entsize = sizeof(Elf64_Sym)});
	add_section(file, STRINGS, ".strtab",
		    &(Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_offset = STRINGS_OFFSET, .sh_size = sizeof(strings)});
	add_section(file, NAMES, ".shstrtab",
		    &(Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_offset = NAMES_OFFSET, .sh_size = sizeof(names)});
}

void elf_file_make(struct elf_file *file)
{
	memset(file, 0, sizeof(*file));
	file->size = SECTIONS_OFFSET + SECTIONS * sizeof(Elf64_Shdr);
	*elf_file_header(file) = (Elf64_Ehdr){
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = ELF_FILE_ENTRY,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_shoff = SECTIONS_OFFSET,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = SECTIONS,
		.e_shstrndx = NAMES,
	};
	*elf_file_segment(file, 0) = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = VMM_RIGHT_R | VMM_RIGHT_X,
		.p_vaddr = ELF_FILE_TEXT,
		.p_filesz = DATA_OFFSET,
		.p_memsz = DATA_OFFSET,
		.p_align = PAGE_SIZE,
	};
	*elf_file_segment(file, 1) = (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = VMM_RIGHT_R | VMM_RIGHT_W,
		.p_offset = DATA_OFFSET,
		.p_vaddr = ELF_FILE_DATA + DATA_OFFSET,
		.p_filesz = DATA_SIZE,
		.p_memsz = DATA_SIZE + ELF_FILE_BSS,
		.p_align = PAGE_SIZE,
	};
	add_sections(file);
}

Elf64_Phdr *elf_file_add_segment(struct elf_file *file)
{
	Elf64_Ehdr *header = elf_file_header(file);
	size_t table = header->e_phnum * sizeof(Elf64_Phdr);
	size_t end = header->e_phoff > sizeof(*header) ? header->e_phoff : (file->size + 15) / 16 * 16;

	ck_assert_uint_le(end + table + sizeof(Elf64_Phdr), sizeof(file->bytes));
	if (end != header->e_phoff)
		memcpy(file->bytes + end, file->bytes + header->e_phoff, table);
	header->e_phoff = end; /* once it has moved, there is room behind it */
	header->e_phnum++;
	file->size = end + table + sizeof(Elf64_Phdr);
	*elf_file_segment(file, header->e_phnum - 1u) = *elf_file_segment(file, 1);
	return elf_file_segment(file, header->e_phnum - 1u);
}

const char *elf_file_write(struct elf_file *file)
{
	int fd;

	if (file->path[0] == '\0') {
		strcpy(file->path, "/tmp/vmm-elf-XXXXXX");
		fd = mkstemp(file->path);
	} else {
		fd = open(file->path, O_WRONLY | O_TRUNC);
	}
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, file->bytes, file->size), (ssize_t)file->size);
	close(fd);
	return file->path;
}

void elf_file_remove(struct elf_file *file)
{
	if (file->path[0] != '\0')
		unlink(file->path);
	file->path[0] = '\0';
}

void elf_file_open(struct elf_file *file, struct elf_image *image)
{
	struct vmm_error error;

	ck_assert_msg(elf_image_open(image, elf_file_write(file), false, &error), "%s", error.text);
	unlink(file->path); /* the image has it open */
}

const char *elf_file_refusal(struct elf_file *file)
{
	static struct vmm_error error;
	struct elf_image image;
	bool opened;

	memset(&error, 0, sizeof(error));
	opened = elf_image_open(&image, elf_file_write(file), false, &error);
	elf_file_remove(file);
	ck_assert_msg(!opened, "an image that cannot run was accepted");
	ck_assert_ptr_eq(strstr(error.text, "/tmp/vmm-elf-"), error.text);
	ck_assert_ptr_null(strchr(error.text, '\n'));
	return error.text;
}

void elf_file_refused(struct elf_file *file, const char *word, const char *other)
{
	const char *line = elf_file_refusal(file);

	ck_assert_msg(strstr(line, word) != NULL, "'%s' is not in: %s", word, line);
	ck_assert_msg(strstr(line, other) != NULL, "'%s' is not in: %s", other, line);
}
