/* SPDX-License-Identifier: MIT */
/*
 * fpu.c: three ways to save and load: by fxsave, where there is no AVX; by xsave; and by the VMM, where ring 0 is
 * interpreted by something that does not know xsave although ring 3 has AVX.
 */
#include "fpu.h"

#include "boot_info.h"
#include "hypercall.h"
#include "memory.h"

enum fpu_way { FPU_FXSAVE, FPU_XSAVE, FPU_VMM };

static enum fpu_way way(void)
{
	if (boot_info->xcr0 == 0 || boot_info->xsave_bytes > FPU_IMAGE_MAX)
		return FPU_FXSAVE;
	return boot_info->flags & VMM_BOOT_SLOW_RING0 ? FPU_VMM : FPU_XSAVE;
}

size_t fpu_bytes(void)
{
	return way() == FPU_FXSAVE ? FXSAVE_BYTES : boot_info->xsave_bytes;
}

/* AMD APM vol. 4, "XSAVE" and "XRSTOR": edx:eax chooses components; all that XCR0 has. */
static void xsave(struct fpu_image *image)
{
	asm volatile("xsave64 %0" : "+m"(*image) : "a"(-1), "d"(-1));
}

static void xrstor(const struct fpu_image *image)
{
	asm volatile("xrstor64 %0" : : "m"(*image), "a"(-1), "d"(-1));
}

void fpu_switch(struct fpu_image *save, const struct fpu_image *load)
{
	switch (way()) {
	case FPU_FXSAVE:
		if (save != NULL)
			asm volatile("fxsave64 %0" : "=m"(*save));
		if (load != NULL)
			asm volatile("fxrstor64 %0" : : "m"(*load));
		break;
	case FPU_XSAVE:
		if (save != NULL)
			xsave(save);
		if (load != NULL)
			xrstor(load);
		break;
	case FPU_VMM:
		hypercall(VMM_HYPERCALL_FPU, (uint64_t)save, (uint64_t)load, 0);
		break;
	}
}

void fpu_save(struct fpu_image *image)
{
	fpu_switch(image, NULL);
}

void fpu_load(const struct fpu_image *image)
{
	fpu_switch(NULL, image);
}

void fpu_fresh(struct fpu_image *image)
{
	memset(image, 0, fpu_bytes());
	image->control = FPU_CONTROL;
	image->mxcsr = FPU_MXCSR;
}

/* Bits that would make the load fault: reserved ones of MXCSR, components that there are not, the compacted form. */
void fpu_sanitize(struct fpu_image *image)
{
	image->mxcsr &= 0xffff;
	if (way() == FPU_FXSAVE)
		return;
	image->present &= boot_info->xcr0;
	image->compacted = 0;
	memset(image->reserved, 0, sizeof(image->reserved));
}
