/* SPDX-License-Identifier: MIT */
/*
 * boot_info.h: what the VMM says about the machine and the program (abi.h). It lies at a constant address, mapped in
 * every address space, and never changes; so whoever wants to know something reads it there, and nobody keeps a copy.
 */
#ifndef KERNEL_BOOT_INFO_H
#define KERNEL_BOOT_INFO_H

#include "abi.h"

#define boot_info ((const struct vmm_boot_info *)BOOT_INFO_ADDRESS)

#endif
