/* SPDX-License-Identifier: MIT */
/*
 * pool.h: small objects of one size, cut out of frames.
 */
#ifndef KERNEL_POOL_H
#define KERNEL_POOL_H

#include <stddef.h>

struct pool {
	size_t size; /* of an object, in bytes; at least a pointer's */
	struct pool_object *free;
	char *fresh, *end; /* the part of the latest frame that was never handed out */
};

#define POOL_OF(type)                \
	{                            \
		.size = sizeof(type) \
	}

/* An object of any content; NULL: no memory. */
void *pool_take(struct pool *pool);
void pool_put(struct pool *pool, void *object);

#endif
