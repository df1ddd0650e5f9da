/* SPDX-License-Identifier: MIT */
/*
 * space_parts.h: what the parts of space.h share: regions (space.c), pages (space_fault.c), the VMM's image
 * (space_boot.c).
 */
#ifndef KERNEL_SPACE_PARTS_H
#define KERNEL_SPACE_PARTS_H

#include "abi.h"
#include "space.h"

/* The last-level bits that go with a region's rights. */
pte_t space_page_bits(uint32_t rights);

/* Text and constants of the first program: from page_cache_boot_image, at the offset that is their address. */
bool space_boot_region_is_constant(const struct vmm_boot_region *region);

/* Before a fork of what may be the first process. */
void space_cache_boot_image(const struct space *space);

#endif
