/* SPDX-License-Identifier: MIT */
/*
 * partial-write.c: a buffer that ends in memory which is not there is written as far as it goes, as by Linux to a file;
 * the number of bytes is the result. A vector is written up to the first such part.
 * Transitions: no page fault for the page that the first write brings in; write = 3 and writev = 7 (no errors); -14
 * where nothing could be written.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	volatile char *area = map(2 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	char *last = (char *)(uintptr_t)(area + PAGE_SIZE - 3);
	struct {
		const void *base;
		size_t bytes;
	} vector[3] = {{"four", 4}, {last, 10}, {"never", 5}};

	(void)argc, (void)argv, (void)envp;
	EXPECT(munmap((void *)(uintptr_t)(area + PAGE_SIZE), PAGE_SIZE) == 0);
	EXPECT(write(1, (const void *)(uintptr_t)(area + 96), PAGE_SIZE) ==
	       PAGE_SIZE - 96); /* brought in for the call */
	memcpy(last, "abc", 3);
	EXPECT(write(1, last, 10) == 3);
	EXPECT(write(1, last + 3, 10) == -EFAULT);
	EXPECT(raw(SYS_writev, 1, (long)vector, 3) == 7);
	EXPECT(raw(SYS_writev, 1, (long)vector, 1) == 4);
	EXPECT(raw(SYS_writev, 1, (long)vector, 0) == 0);
	vector[0].base = last + 3;
	EXPECT(raw(SYS_writev, 1, (long)vector, 3) == -EFAULT);
	EXPECT(raw(SYS_writev, 1, (long)vector, -1) == -EINVAL);
	EXPECT(raw(SYS_writev, 1, (long)vector, 1025) == -EINVAL);
	vector[0].base = "four";
	vector[2].bytes = (size_t)-1;
	EXPECT(raw(SYS_writev, 1, (long)vector, 3) == -EINVAL); /* looked at before anything is written */
	EXPECT(raw(SYS_writev, 1, (long)last - 16 + 3 - 4, 2) == -EFAULT);
	return 0;
}
