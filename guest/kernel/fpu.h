/* SPDX-License-Identifier: MIT */
/*
 * fpu.h: x87, SSE and AVX registers of ring 3, as an image in memory. The kernel itself uses none of them.
 */
#ifndef KERNEL_FPU_H
#define KERNEL_FPU_H

#include <stddef.h>
#include <stdint.h>

#define FPU_IMAGE_MAX 4096
#define FXSAVE_BYTES  512
#define FPU_MXCSR     0x1f80 /* at the start of a program: all SSE exceptions masked */
#define FPU_CONTROL   0x037f /* the same of x87, and 64 bits of precision */

/* AMD APM vol. 2, "FXSAVE Image" and "XSAVE Image": the first 512 bytes are the same in both. */
struct fpu_image {
	uint16_t control; /* x87 */
	uint8_t x87[22];
	uint32_t mxcsr, mxcsr_mask; /* SSE control and status */
	uint8_t registers[384];
	uint8_t unused[48];
	uint8_t software[48]; /* the CPU does not touch it: signal frames say there how long the image is */
	/* XSAVE only: */
	uint64_t present;   /* XSTATE_BV: components that are not in their initial state */
	uint64_t compacted; /* XCOMP_BV: 0 */
	uint64_t reserved[6];
	uint8_t components[FPU_IMAGE_MAX - FXSAVE_BYTES - 64];
} __attribute__((aligned(64)));
_Static_assert(sizeof(struct fpu_image) == FPU_IMAGE_MAX && offsetof(struct fpu_image, mxcsr) == 24 &&
		       offsetof(struct fpu_image, software) == 464 && offsetof(struct fpu_image, present) == 512,
	       "XSAVE image");

/* How many bytes of the image are in use on this machine: 512, or more with AVX. */
size_t fpu_bytes(void);

void fpu_save(struct fpu_image *image);
void fpu_load(const struct fpu_image *image);

/* Saves the registers of one thread and loads those of another; NULL: not that half. */
void fpu_switch(struct fpu_image *save, const struct fpu_image *load);

/* Registers as they are when a program starts. */
void fpu_fresh(struct fpu_image *image);

/* Makes an image that comes from ring 3 one that can be loaded. */
void fpu_sanitize(struct fpu_image *image);

#endif
