/* SPDX-License-Identifier: MIT */
/*
 * descriptor-limit.c: all 1024 descriptors can be used, and one more is -EMFILE; then one that is closed is the next to
 * be used. A child has them, too, and closes its own ones only.
 */
#include "file_calls.h"

static void close_all(void)
{
	EXPECT(CALL(close_range, 0, UINT32_MAX, 0) == 0 && CALL(dup, 1023) == -EBADF);
}

static void all_of_them(void)
{
	int last = 0;
	long result;

	while ((result = CALL(dup, 0)) >= 0)
		last = (int)result;
	EXPECT(result == -EMFILE && last == 1023 && CALL(openat, AT_FDCWD, "/tmp", O_RDONLY) == -EMFILE);
	EXPECT(CALL(pipe, (int[2]){0}) == -EMFILE && CALL(close, 700) == 0);
	EXPECT(CALL(pipe, (int[2]){0}) == -EMFILE && CALL(dup, 0) == 700);
}

int main(int argc, char **argv, char **envp)
{
	static const uint64_t limit[] = {1024, 1024};

	(void)argc, (void)argv, (void)envp;
	EXPECT(CALL(prlimit64, 0, 7 /* RLIMIT_NOFILE */, limit, 0) == 0);
	all_of_them();
	EXPECT(status_of(close_all) == 0 && CALL(dup2, 1023, 5) == 5);
	return 0;
}
