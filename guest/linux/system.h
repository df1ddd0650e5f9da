/* SPDX-License-Identifier: MIT */
/* system.h: what other calls need of system.c. */
#ifndef LINUX_SYSTEM_H
#define LINUX_SYSTEM_H

#include <stdint.h>

/* 64 bits that nobody expects; not for secrets. */
uint64_t random_bits(void);

#endif
