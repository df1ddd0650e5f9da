/* SPDX-License-Identifier: MIT */
/*
 * file-mapping.c: private mappings of a file: pages come by fault, with those around them; a write copies; the rest of
 * the last page is zero, and what is behind it gives SIGBUS; a second process that maps the file gets the same frames;
 * what cannot be mapped is refused.
 * Transitions: the calls, one fault for 16 pages that are read, in a child again, and one for each page that is
 * written.
 */
#include "test.h"

#define PAGES         20
#define BYTES         (PAGES * PAGE_SIZE + 100)
#define O_RDWR        2
#define O_WRONLY      1
#define O_CREAT       0100
#define MADV_DONTNEED 4

static char page[PAGE_SIZE];
static long file;

static long map_file(size_t bytes, int protection, int flags, long fd, size_t offset)
{
	return syscall6(SYS_mmap, 0, (long)bytes, protection, flags, fd, (long)offset);
}

static void make_file(void)
{
	file = raw(SYS_open, (long)"/tmp/file", O_RDWR | O_CREAT, 0644);
	EXPECT(file > 2);
	for (size_t i = 0; i < PAGES; i++) {
		page[0] = page[PAGE_SIZE - 1] = (char)('A' + i);
		EXPECT(write((int)file, page, PAGE_SIZE) == PAGE_SIZE);
	}
	page[0] = '!';
	EXPECT(write((int)file, page, 100) == 100);
}

static void refused(void)
{
	long writer = raw(SYS_open, (long)"/tmp/file", O_WRONLY, 0), directory = raw(SYS_open, (long)"/tmp", 0, 0);

	EXPECT(map_file(BYTES, PROT_READ, MAP_PRIVATE, 99, 0) == -EBADF);
	EXPECT(map_file(BYTES, PROT_READ, MAP_PRIVATE, writer, 0) == -EACCES);
	EXPECT(map_file(BYTES, PROT_READ, MAP_PRIVATE, directory, 0) == -ENODEV);
	EXPECT(map_file(BYTES, PROT_RW, MAP_SHARED, file, 0) == -ENODEV);
	EXPECT(map_file(BYTES, PROT_READ, MAP_PRIVATE, file, 1) == -EINVAL);
	EXPECT(map_file(0, PROT_READ, MAP_PRIVATE, file, 0) == -EINVAL);
	EXPECT(map_file(BYTES, PROT_READ, 0, file, 0) == -EINVAL);
	EXPECT(map_file(BYTES, PROT_READ, MAP_PRIVATE, file, -PAGE_SIZE) == -EOVERFLOW);
}

static volatile char *area;

static void past_the_end(void)
{
	(void)area[(PAGES + 1) * PAGE_SIZE];
}

static void by_a_call(void)
{
	EXPECT(raw(SYS_write, 1, (long)area + (PAGES + 1) * PAGE_SIZE, 1) == -EFAULT);
}

static void write_here(void)
{
	EXPECT(area[2 * PAGE_SIZE] == 'C');
	area[2 * PAGE_SIZE] = 'c';
}

static uint64_t free_memory(void)
{
	uint64_t info[14];

	EXPECT(raw(SYS_sysinfo, (long)info, 0, 0) == 0);
	return info[5];
}

/* The pages of the cache are there already: a second mapping costs tables only. */
static void share(void)
{
	uint64_t before = free_memory();
	volatile char *again = (volatile char *)map_file(BYTES, PROT_READ, MAP_PRIVATE, file, 0);

	for (size_t i = 0; i < PAGES; i++)
		EXPECT(again[i * PAGE_SIZE] == (char)('A' + i));
	EXPECT(before - free_memory() < 8 * PAGE_SIZE);
}

int main(int argc, char **argv, char **envp)
{
	volatile char *shared;

	(void)argc, (void)argv, (void)envp;
	make_file();
	nanosleep(&(struct timespec){0, 150000000}); /* then its time tells that it does not change any more */
	refused();
	area = (volatile char *)map_file(BYTES + PAGE_SIZE, PROT_RW, MAP_PRIVATE, file, 0);
	EXPECT((long)area > 0);
	EXPECT(area[0] == 'A' && area[15 * PAGE_SIZE] == 'P' && area[PAGES * PAGE_SIZE] == '!');
	EXPECT(area[PAGES * PAGE_SIZE + 100] == 0 && area[(PAGES + 1) * PAGE_SIZE - 1] == 0);
	EXPECT(status_of(past_the_end) == SIGBUS);
	EXPECT(status_of(by_a_call) == 0);
	EXPECT(status_of(write_here) == 0 && area[2 * PAGE_SIZE] == 'C');
	write_here();
	area[17 * PAGE_SIZE] = 'r';
	EXPECT(raw(SYS_pread64, file, (long)page, PAGE_SIZE) == PAGE_SIZE && page[0] == 'A');
	EXPECT(area[2 * PAGE_SIZE] == 'c' && area[3 * PAGE_SIZE - 1] == 'C');
	EXPECT(raw(SYS_madvise, (long)area + 2 * PAGE_SIZE, PAGE_SIZE, MADV_DONTNEED) == 0);
	EXPECT(area[2 * PAGE_SIZE] == 'C' && area[17 * PAGE_SIZE] == 'r');
	EXPECT(munmap((void *)(uintptr_t)(area + PAGE_SIZE), PAGE_SIZE) == 0);
	EXPECT(area[3 * PAGE_SIZE] == 'D'); /* the part behind the hole knows its place in the file */
	EXPECT(status_of(share) == 0);
	shared = (volatile char *)map_file(PAGE_SIZE, PROT_READ, MAP_SHARED, file, 4 * PAGE_SIZE);
	EXPECT(shared[0] == 'E');
	EXPECT(mprotect((void *)(uintptr_t)shared, PAGE_SIZE, PROT_RW) == -EACCES);
	return 0;
}
