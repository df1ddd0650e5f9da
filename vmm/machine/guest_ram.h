/* SPDX-License-Identifier: MIT */
/*
 * guest_ram.h: the guest's memory, and the only door to it. No other file adds a guest's number to a host pointer.
 */
#ifndef VMM_MACHINE_GUEST_RAM_H
#define VMM_MACHINE_GUEST_RAM_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

typedef uint64_t gpa_t; /* guest physical address */
typedef uint64_t gva_t; /* guest virtual address: means nothing without a CR3 */

#define GUEST_RAM_MIN (UINT64_C(4) << 20)
#define GUEST_RAM_MAX (UINT64_C(3) << 30) /* the local APIC's page lies above, at 0xfee00000 */

/* One region from physical address 0 on. */
struct guest_ram {
	uint8_t *bytes;
	uint64_t size;
};

/* Reserves size bytes (a multiple of 2 MiB, GUEST_RAM_MIN..GUEST_RAM_MAX); the host gives pages when they are touched.
 */
bool guest_ram_open(struct guest_ram *ram, uint64_t size, struct vmm_error *error);
void guest_ram_close(struct guest_ram *ram);

/* About to be written: the host may as well give all of these pages now, and not one by one. gpa is page aligned. */
void guest_ram_populate(const struct guest_ram *ram, gpa_t gpa, uint64_t count);

/* The host address of [gpa, gpa + count), or NULL if any byte of it is outside the RAM. */
void *gpa_to_hva(const struct guest_ram *ram, gpa_t gpa, uint64_t count);

/* Copies out of, or into, the RAM. Returns false, having copied nothing, if any byte is outside. */
bool guest_ram_read(const struct guest_ram *ram, gpa_t gpa, void *to, uint64_t count);
bool guest_ram_write(struct guest_ram *ram, gpa_t gpa, const void *from, uint64_t count);

/* One page-table entry at gpa (8-byte aligned); false if it lies outside. */
bool guest_ram_read_u64(const struct guest_ram *ram, gpa_t gpa, uint64_t *value);

#endif
