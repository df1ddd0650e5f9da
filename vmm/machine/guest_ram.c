/* SPDX-License-Identifier: MIT */
/* guest_ram.c: one anonymous mapping, and every bounds check on it. */
#include "guest_ram.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

bool guest_ram_open(struct guest_ram *ram, uint64_t size, struct vmm_error *error)
{
	/* NORESERVE: a guest that has 1 GiB and touches 5 MiB must cost 5 MiB. */
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (bytes == MAP_FAILED)
		return error_set(error, "cannot reserve %llu MiB of guest memory: %s; use a smaller --memory",
				 (unsigned long long)(size >> 20), strerror(errno));
	/* Transparent huge pages would turn each touched page into 2 MiB; a core dump must not hold a guest. */
	(void)madvise(bytes, size, MADV_NOHUGEPAGE);
	(void)madvise(bytes, size, MADV_DONTDUMP);
	ram->bytes = bytes;
	ram->size = size;
	return true;
}

void guest_ram_close(struct guest_ram *ram)
{
	if (ram->bytes != NULL)
		munmap(ram->bytes, ram->size);
	ram->bytes = NULL;
	ram->size = 0;
}

void guest_ram_populate(const struct guest_ram *ram, gpa_t gpa, uint64_t count)
{
	void *bytes = gpa_to_hva(ram, gpa, count);

	if (bytes != NULL)
		(void)madvise(bytes, (count + 0xfff) & ~0xfffull, MADV_POPULATE_WRITE);
}

void *gpa_to_hva(const struct guest_ram *ram, gpa_t gpa, uint64_t count)
{
	if (gpa > ram->size || count > ram->size - gpa)
		return NULL;
	return ram->bytes + gpa;
}

bool guest_ram_read(const struct guest_ram *ram, gpa_t gpa, void *to, uint64_t count)
{
	const void *from = gpa_to_hva(ram, gpa, count);

	if (from == NULL)
		return false;
	memcpy(to, from, count);
	return true;
}

bool guest_ram_write(struct guest_ram *ram, gpa_t gpa, const void *from, uint64_t count)
{
	void *to = gpa_to_hva(ram, gpa, count);

	if (to == NULL)
		return false;
	memcpy(to, from, count);
	return true;
}

bool guest_ram_read_u64(const struct guest_ram *ram, gpa_t gpa, uint64_t *value)
{
	return guest_ram_read(ram, gpa, value, sizeof(*value));
}
