/* SPDX-License-Identifier: MIT */
/* pool.c: a free list, filled from frames. A frame never goes back: the kernel will want as many objects again. */
#include "pool.h"

#include "frames.h"

struct pool_object {
	struct pool_object *next;
};

void *pool_take(struct pool *pool)
{
	struct pool_object *object = pool->free;
	char *fresh = pool->fresh;

	if (object != NULL) {
		pool->free = object->next;
		return object;
	}
	if (fresh == NULL || fresh + pool->size > pool->end) {
		phys_t frame = frame_take();

		if (frame == 0)
			return NULL;
		fresh = phys_to_virt(frame);
		pool->end = fresh + PAGE_SIZE;
	}
	pool->fresh = fresh + pool->size;
	return fresh;
}

void pool_put(struct pool *pool, void *object)
{
	struct pool_object *head = object;

	head->next = pool->free;
	pool->free = head;
}
