/* SPDX-License-Identifier: MIT */
/* elf_image.c: reads an executable through libelf and refuses, with a reason, what could not run. */
#include "elf_image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SITES_SECTION ".vmm.sites"

static const char *file_kind(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

static bool open_file(struct elf_image *image, const char *path, struct vmm_error *error)
{
	struct stat status;

	/* Non-blocking: opening a FIFO without a writer must not hang. */
	image->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (image->fd < 0)
		return error_set(error, "%s: cannot open: %s", path, strerror(errno));
	if (fstat(image->fd, &status) < 0)
		return error_set(error, "%s: cannot examine: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(error, "%s: is %s; need an ELF64 x86-64 executable file", path,
				 file_kind(status.st_mode));
	image->file_size = (uint64_t)status.st_size;
	if (image->file_size == 0)
		return error_set(error, "%s: is empty; need an ELF64 x86-64 executable", path);
	return true;
}

static const char *type_advice(unsigned type)
{
	switch (type) {
	case ET_REL:
		return "a relocatable object (ET_REL); link it first";
	case ET_CORE:
		return "a core dump (ET_CORE); need an executable";
	case ET_NONE:
		return "of no type (ET_NONE); need an executable";
	default:
		return "of an unknown type; need an executable (ET_EXEC)";
	}
}

/* e_ident comes first: libelf would read the rest by what it says. */
static bool check_identity(const struct elf_image *image, struct vmm_error *error)
{
	unsigned char ident[EI_NIDENT];

	if (image->file_size < SELFMAG || !elf_image_read(image, 0, ident, SELFMAG, error) ||
	    memcmp(ident, ELFMAG, SELFMAG) != 0)
		return error_set(error, "%s: not an ELF file (it does not begin with 7f 45 4c 46)", image->name);
	if (image->file_size < sizeof(Elf64_Ehdr) && image->file_size < EI_NIDENT)
		return error_set(error, "%s: truncated: %" PRIu64 " bytes, the ELF header needs %zu", image->name,
				 image->file_size, sizeof(Elf64_Ehdr));
	if (!elf_image_read(image, 0, ident, EI_NIDENT, error))
		return false;
	if (ident[EI_CLASS] != ELFCLASS64)
		return error_set(error, "%s: %s ELF; need 64-bit (ELFCLASS64): compile for x86-64, without -m32",
				 image->name, ident[EI_CLASS] == ELFCLASS32 ? "32-bit" : "neither 32-bit nor 64-bit");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return error_set(error, "%s: %s; need little-endian (ELFDATA2LSB)", image->name,
				 ident[EI_DATA] == ELFDATA2MSB ? "big-endian ELF" : "ELF of unknown byte order");
	if (ident[EI_VERSION] != EV_CURRENT)
		return error_set(error, "%s: ELF version %u; need %u", image->name, ident[EI_VERSION], EV_CURRENT);
	if (image->file_size < sizeof(Elf64_Ehdr))
		return error_set(error, "%s: truncated: %" PRIu64 " bytes, the ELF header needs %zu", image->name,
				 image->file_size, sizeof(Elf64_Ehdr));
	return true;
}

static bool check_header(struct elf_image *image, const GElf_Ehdr *header, struct vmm_error *error)
{
	const char *name = image->name;
	uint64_t table_size;

	if (header->e_machine != EM_X86_64)
		return error_set(error, "%s: for machine %u; need x86-64 (EM_X86_64, %u)", name, header->e_machine,
				 EM_X86_64);
	if (header->e_version != EV_CURRENT)
		return error_set(error, "%s: ELF version %u; need %u", name, header->e_version, EV_CURRENT);
	if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
		return error_set(error, "%s: is %s", name, type_advice(header->e_type));
	if (header->e_phnum == 0)
		return error_set(error, "%s: no program headers, so nothing to load; link it as an executable", name);
	if (header->e_phentsize != sizeof(Elf64_Phdr))
		return error_set(error, "%s: program headers of %u bytes; ELF64 has %zu", name, header->e_phentsize,
				 sizeof(Elf64_Phdr));
	table_size = (uint64_t)header->e_phnum * sizeof(Elf64_Phdr);
	if (header->e_phoff > image->file_size || table_size > image->file_size - header->e_phoff)
		return error_set(error,
				 "%s: truncated: %u program headers at offset 0x%" PRIx64
				 " end beyond the file's %" PRIu64 " bytes",
				 name, header->e_phnum, header->e_phoff, image->file_size);
	image->program_header_count = header->e_phnum;
	image->program_header_size = header->e_phentsize;
	return true;
}

static bool canonical_range(gva_t start, gva_t end)
{
	return end <= USER_HALF_END || start >= KERNEL_HALF;
}

/* One PT_LOAD against the file and the address space. */
static bool check_segment(const struct elf_image *image, const GElf_Phdr *header, unsigned number, bool allow_wx,
			  struct vmm_error *error)
{
	const char *name = image->name;
	gva_t start = header->p_vaddr + image->bias;

	if (header->p_filesz > header->p_memsz)
		return error_set(error, "%s: segment %u: p_filesz 0x%" PRIx64 " is larger than p_memsz 0x%" PRIx64,
				 name, number, header->p_filesz, header->p_memsz);
	if (header->p_offset > image->file_size || header->p_filesz > image->file_size - header->p_offset)
		return error_set(error,
				 "%s: segment %u: bytes 0x%" PRIx64 "+0x%" PRIx64
				 " lie past the end of the file (0x%" PRIx64 " bytes); it is truncated",
				 name, number, header->p_offset, header->p_filesz, image->file_size);
	if (start < image->bias || (start + header->p_memsz < start && start + header->p_memsz != 0))
		return error_set(error, "%s: segment %u: address 0x%" PRIx64 " + size 0x%" PRIx64 " wraps around", name,
				 number, header->p_vaddr, header->p_memsz);
	if (header->p_align > 1 && (header->p_align & (header->p_align - 1)) != 0)
		return error_set(error, "%s: segment %u: alignment 0x%" PRIx64 " is not a power of two", name, number,
				 header->p_align);
	if (header->p_align > 1 && ((header->p_vaddr - header->p_offset) & (header->p_align - 1)) != 0)
		return error_set(error,
				 "%s: segment %u: misaligned: address 0x%" PRIx64 " and file offset 0x%" PRIx64
				 " differ modulo its alignment 0x%" PRIx64,
				 name, number, header->p_vaddr, header->p_offset, header->p_align);
	if (!canonical_range(start, start + header->p_memsz - 1))
		return error_set(error,
				 "%s: segment %u: 0x%" PRIx64 "-0x%" PRIx64
				 " is not inside one half of the address space "
				 "(user 0-0x%" PRIx64 ", kernel from 0x%" PRIx64 ")",
				 name, number, start, start + header->p_memsz, USER_HALF_END, KERNEL_HALF);
	if (start < USER_MIN)
		return error_set(error, "%s: segment %u: address 0x%" PRIx64 " is below 0x%" PRIx64 "; link it higher",
				 name, number, start, USER_MIN);
	if ((header->p_flags & VMM_RIGHT_W) && (header->p_flags & VMM_RIGHT_X) && !allow_wx)
		return error_set(error,
				 "%s: segment %u at 0x%" PRIx64
				 " is writable and executable (W+X); separate code from data "
				 "(ld -z separate-code, no -N), or pass --allow-wx",
				 name, number, start);
	return true;
}

static bool add_segment(struct elf_image *image, const GElf_Phdr *header, unsigned number, bool allow_wx,
			struct vmm_error *error)
{
	struct elf_segment *segment;

	if (header->p_memsz == 0)
		return true;
	if (!check_segment(image, header, number, allow_wx, error))
		return false;
	if (image->segment_count == ELF_SEGMENTS_MAX)
		return error_set(error, "%s: more than %d segments to load", image->name, ELF_SEGMENTS_MAX);
	segment = &image->segments[image->segment_count++];
	*segment = (struct elf_segment){
		.start = header->p_vaddr + image->bias,
		.end = header->p_vaddr + image->bias + header->p_memsz,
		.offset = header->p_offset,
		.file_size = header->p_filesz,
		.rights = header->p_flags & (VMM_RIGHT_R | VMM_RIGHT_W | VMM_RIGHT_X),
		.header = number,
	};
	return true;
}

static int compare_segments(const void *left, const void *right)
{
	const struct elf_segment *a = left, *b = right;

	return a->start < b->start ? -1 : a->start > b->start;
}

/* A page has one set of rights, so two segments may not meet in one. */
static bool check_overlaps(struct elf_image *image, struct vmm_error *error)
{
	qsort(image->segments, image->segment_count, sizeof(image->segments[0]), compare_segments);
	for (size_t i = 1; i < image->segment_count; i++) {
		const struct elf_segment *low = &image->segments[i - 1], *high = &image->segments[i];

		/* By the last byte: the highest segment may end at 2^64, which is 0. */
		if (high->start <= low->end - 1)
			return error_set(error,
					 "%s: segments %u and %u overlap: 0x%" PRIx64 "-0x%" PRIx64 " and 0x%" PRIx64
					 "-0x%" PRIx64,
					 image->name, low->header, high->header, low->start, low->end, high->start,
					 high->end);
		if ((high->start & ~(PAGE_SIZE - 1)) <= low->end - 1)
			return error_set(error,
					 "%s: segments %u and %u share the page 0x%" PRIx64
					 ", which can have only one set of "
					 "rights; link with -z max-page-size=4096 -z separate-code",
					 image->name, low->header, high->header, high->start & ~(PAGE_SIZE - 1));
	}
	return true;
}

static bool read_segments(struct elf_image *image, const GElf_Ehdr *elf_header, bool allow_wx, struct vmm_error *error)
{
	uint64_t table = elf_header->e_phoff;

	for (unsigned i = 0; i < elf_header->e_phnum; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(image->elf, (int)i, &header) == NULL)
			return error_set(error, "%s: program header %u: %s", image->name, i, elf_errmsg(-1));
		if (header.p_type == PT_INTERP)
			return error_set(
				error,
				"%s: is dynamically linked; there is no dynamic loader in the guest: link it with -static",
				image->name);
		if (header.p_type != PT_LOAD)
			continue;
		if (!add_segment(image, &header, i, allow_wx, error))
			return false;
		if (table >= header.p_offset && table - header.p_offset < header.p_filesz)
			image->program_headers = header.p_vaddr + image->bias + (table - header.p_offset);
	}
	if (image->segment_count == 0)
		return error_set(error, "%s: no PT_LOAD segment, so nothing to load", image->name);
	return check_overlaps(image, error);
}

static bool check_entry(struct elf_image *image, struct vmm_error *error)
{
	if (!elf_image_contains(image, image->entry, VMM_RIGHT_X))
		return error_set(error, "%s: entry point 0x%" PRIx64 " is not inside an executable segment",
				 image->name, image->entry);
	image->half = image->entry >= KERNEL_HALF ? ELF_KERNEL_AND_USER : ELF_USER_ONLY;
	if (image->half == ELF_KERNEL_AND_USER)
		return true;
	for (size_t i = 0; i < image->segment_count; i++)
		if (image->segments[i].start >= KERNEL_HALF)
			return error_set(error,
					 "%s: entry point 0x%" PRIx64
					 " is in the user half, but segment %u lies in the kernel "
					 "half; a complete guest starts in its kernel (ENTRY in the linker script)",
					 image->name, image->entry, image->segments[i].header);
	return true;
}

static bool read_sites(struct elf_image *image, struct vmm_error *error)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(image->elf, &names) < 0)
		return true;
	while ((section = elf_nextscn(image->elf, section)) != NULL) {
		const char *name;

		if (gelf_getshdr(section, &header) == NULL)
			continue;
		name = elf_strptr(image->elf, names, header.sh_name);
		if (name == NULL || strcmp(name, SITES_SECTION) != 0)
			continue;
		if (header.sh_size % sizeof(struct vmm_site) != 0 ||
		    header.sh_size / sizeof(struct vmm_site) > ELF_SITES_MAX)
			return error_set(error,
					 "%s: section " SITES_SECTION " has 0x%" PRIx64
					 " bytes; need a multiple of %zu, at "
					 "most %d records",
					 image->name, header.sh_size, sizeof(struct vmm_site), ELF_SITES_MAX);
		if (header.sh_offset > image->file_size || header.sh_size > image->file_size - header.sh_offset)
			return error_set(error, "%s: section " SITES_SECTION " lies past the end of the file",
					 image->name);
		image->site_count = header.sh_size / sizeof(struct vmm_site);
		image->sites = calloc(image->site_count + 1, sizeof(struct vmm_site));
		if (image->sites == NULL)
			return error_set(error, "%s: no memory for " SITES_SECTION, image->name);
		return elf_image_read(image, header.sh_offset, image->sites, header.sh_size, error);
	}
	return true;
}

static bool read_image(struct elf_image *image, bool allow_wx, struct vmm_error *error)
{
	GElf_Ehdr header;

	if (!check_identity(image, error))
		return false;
	if (elf_version(EV_CURRENT) == EV_NONE)
		return error_set(error, "libelf is too old: %s", elf_errmsg(-1));
	/* libelf does not write to the memory of a file that is in the host's own byte order. */
	image->elf = image->memory != NULL ? elf_memory((char *)(uintptr_t)image->memory, image->file_size)
					   : elf_begin(image->fd, ELF_C_READ, NULL);
	if (image->elf == NULL || elf_kind(image->elf) != ELF_K_ELF || gelf_getehdr(image->elf, &header) == NULL)
		return error_set(error, "%s: damaged ELF header: %s", image->name, elf_errmsg(-1));
	if (!check_header(image, &header, error))
		return false;
	/* A static-PIE is linked at 0 and moves itself; anything else says where it wants to be. */
	image->relocatable = header.e_type == ET_DYN && header.e_entry < KERNEL_HALF;
	image->bias = image->relocatable ? USER_PIE_BASE : 0;
	image->entry = header.e_entry + image->bias;
	return read_segments(image, &header, allow_wx, error) && check_entry(image, error) && read_sites(image, error);
}

bool elf_image_open(struct elf_image *image, const char *path, bool allow_wx, struct vmm_error *error)
{
	*image = (struct elf_image){.name = path, .fd = -1};
	if (open_file(image, path, error) && read_image(image, allow_wx, error))
		return true;
	elf_image_close(image);
	return false;
}

bool elf_image_open_memory(struct elf_image *image, const char *name, const void *bytes, size_t count,
			   struct vmm_error *error)
{
	*image = (struct elf_image){.name = name, .fd = -1, .memory = bytes, .file_size = count};
	if (read_image(image, false, error))
		return true;
	elf_image_close(image);
	return false;
}

void elf_image_close(struct elf_image *image)
{
	if (image->elf != NULL)
		elf_end(image->elf);
	if (image->fd >= 0)
		close(image->fd);
	free(image->sites);
	*image = (struct elf_image){.fd = -1};
}

bool elf_image_read(const struct elf_image *image, uint64_t offset, void *to, uint64_t count, struct vmm_error *error)
{
	uint64_t done = 0;

	if (image->memory != NULL) {
		memcpy(to, image->memory + offset, count);
		return true;
	}
	while (done < count) {
		ssize_t got = pread(image->fd, (char *)to + done, count - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(error, "%s: cannot read at offset 0x%" PRIx64 ": %s", image->name,
					 offset + done, strerror(errno));
		if (got == 0)
			return error_set(error, "%s: became shorter while it was read (at offset 0x%" PRIx64 ")",
					 image->name, offset + done);
		done += (uint64_t)got;
	}
	return true;
}

static bool is_named_place(unsigned type, bool data)
{
	return type == STT_FUNC || type == STT_NOTYPE || type == STT_GNU_IFUNC || (data && type == STT_OBJECT);
}

void elf_image_symbols(const struct elf_image *image, unsigned rights,
		       void (*found)(void *context, const char *name, gva_t start, uint64_t size), void *context)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while (image->elf != NULL && (section = elf_nextscn(image->elf, section)) != NULL) {
		Elf_Data *data;

		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB || header.sh_entsize == 0)
			continue;
		data = elf_getdata(section, NULL);
		for (size_t i = 0; data != NULL && i < data->d_size / header.sh_entsize; i++) {
			GElf_Sym symbol;
			const char *name;

			if (gelf_getsym(data, (int)i, &symbol) == NULL || symbol.st_shndx == SHN_UNDEF)
				continue;
			if (!is_named_place(GELF_ST_TYPE(symbol.st_info), !(rights & VMM_RIGHT_X)))
				continue;
			name = elf_strptr(image->elf, header.sh_link, symbol.st_name);
			if (name != NULL && name[0] != '\0' &&
			    elf_image_contains(image, symbol.st_value + image->bias, rights))
				found(context, name, symbol.st_value + image->bias, symbol.st_size);
		}
	}
}

void elf_image_sections(const struct elf_image *image,
			void (*found)(void *context, const char *name, gva_t start, uint64_t size), void *context)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (image->elf == NULL || elf_getshdrstrndx(image->elf, &names) < 0)
		return;
	while ((section = elf_nextscn(image->elf, section)) != NULL) {
		const char *name;

		if (gelf_getshdr(section, &header) == NULL || !(header.sh_flags & SHF_ALLOC) || header.sh_size == 0 ||
		    ((header.sh_flags & SHF_TLS) && header.sh_type == SHT_NOBITS))
			continue;
		name = elf_strptr(image->elf, names, header.sh_name);
		if (name != NULL)
			found(context, name, header.sh_addr + image->bias, header.sh_size);
	}
}

bool elf_image_has_user_half(const struct elf_image *image)
{
	return image->segments[0].start < USER_HALF_END; /* they are in order, and there is at least one */
}

bool elf_image_contains(const struct elf_image *image, gva_t address, unsigned rights)
{
	for (size_t i = 0; i < image->segment_count; i++)
		if (address - image->segments[i].start < image->segments[i].end - image->segments[i].start &&
		    (image->segments[i].rights & rights) == rights)
			return true;
	return false;
}
