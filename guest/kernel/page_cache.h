/* SPDX-License-Identifier: MIT */
/*
 * page_cache.h: the pages of files that are mapped, in frames that all processes share. Nobody ever writes to them:
 * who wants to gets a copy. A file that has other bytes, by its size and times, is another one here.
 */
#ifndef KERNEL_PAGE_CACHE_H
#define KERNEL_PAGE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "frames.h"

struct file; /* linux/files.h */

/* What makes two open files the same; and who may do what with it. As in struct stat. */
struct file_identity {
	uint64_t device, number, size;
	uint64_t seconds, nanoseconds; /* of the last change */
	uint32_t mode;
};

/* A file as mapped; found again for as long as memory lasts, even if nobody maps it. */
struct mapped_file {
	struct mapped_file *next;
	struct file *file; /* where missing pages are read; NULL: nowhere */
	unsigned users;    /* regions and others who hold it */
	bool settled;      /* its times tell whether it has changed since */
	unsigned levels;   /* of the table below */
	phys_t table;      /* of frames; 0: none so far */
	struct file_identity identity;
};

/* Is such a page read or mapped, so are its neighbours: those in the same aligned group of so many. */
#define PAGE_CACHE_AROUND 16

/* What a file is now; 0 or a negative errno. */
int64_t mapped_file_identify(struct file *file, struct file_identity *identity);

/* The file, held once more. NULL: no memory. `file` is held too, if it is needed. */
struct mapped_file *mapped_file_of(struct file *file, const struct file_identity *identity);

void mapped_file_hold(struct mapped_file *file);
void mapped_file_drop(struct mapped_file *file); /* NULL is allowed */

enum page_cache_result { PAGE_CACHE_FOUND, PAGE_CACHE_PAST_FILE, PAGE_CACHE_NO_MEMORY };

/* The frame of a page of the file, with one owner more: the caller. Reads it, and what is missing around it, if it is
   not there. */
enum page_cache_result page_cache_take(struct mapped_file *file, uint64_t page, phys_t *frame);

/* The frames (0: not there) of page `page` and of those behind it, *count of them; NULL: none is there. Good until
   somebody takes a frame. */
const phys_t *page_cache_frames(const struct mapped_file *file, uint64_t page, unsigned *count);

/* Copies from the file. False: it has not so many bytes, or no memory. */
bool page_cache_read(struct mapped_file *file, uint64_t offset, void *to, size_t bytes);

/* For what the VMM loaded: a file that cannot be read, whose pages are put into page_cache_places(). */
extern struct mapped_file page_cache_boot_image;

/* Where the frames of a page, and of those behind it up to the next multiple of 512, are noted. NULL: no memory. */
phys_t *page_cache_places(struct mapped_file *file, uint64_t page);

/* Memory is short: gives all frames back that nobody has mapped. True: there were some. */
bool page_cache_shrink(void);

#endif
