/* SPDX-License-Identifier: MIT */
/*
 * wild-files.c: every call on files with pointers that the program itself could not use: -EFAULT, and nothing happens.
 * Null, unmapped, the kernel's, read-only where the call writes; a string that runs into nothing.
 */
#include "file_calls.h"

static const char constant[256] = "constant";
static long file;

static void expect_fault(long bad)
{
	static const int paths[] = {SYS_open,   SYS_creat, SYS_mkdir, SYS_rmdir,  SYS_unlink,   SYS_chdir,
				    SYS_access, SYS_chmod, SYS_chown, SYS_lchown, SYS_truncate, SYS_utime};
	struct stat status;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		EXPECT(raw(paths[i], bad, 0, 0) == -EFAULT);
	EXPECT(CALL(stat, bad, &status) == -EFAULT && CALL(lstat, bad, &status) == -EFAULT);
	EXPECT(CALL(rename, bad, "x") == -EFAULT && CALL(link, bad, "x") == -EFAULT &&
	       CALL(symlink, bad, "x") == -EFAULT);
	EXPECT(CALL(rename, "/tmp", bad) == -EFAULT && CALL(link, "/tmp", bad) == -EFAULT);
	EXPECT(CALL(symlink, "x", bad) == -EFAULT && CALL(readlink, bad, &status, 9) == -EFAULT);
	EXPECT(bad == 0 || CALL(newfstatat, AT_FDCWD, bad, &status, AT_EMPTY_PATH) == -EFAULT);
	EXPECT(CALL(utimensat, AT_FDCWD, "/tmp", bad == 0 ? 8 : bad, 0) == -EFAULT);
}

static void expect_fault_for_writing(long bad)
{
	EXPECT(CALL(lseek, file, 0, SEEK_SET) == 0 && CALL(read, file, bad, 4) == -EFAULT);
	EXPECT(CALL(pread64, file, bad, 4, 0) == -EFAULT && CALL(lseek, file, 0, SEEK_CUR) == 0);
	EXPECT(CALL(fstat, file, bad) == -EFAULT && CALL(stat, "/tmp", bad) == -EFAULT &&
	       CALL(statfs, "/tmp", bad) == -EFAULT);
	EXPECT(CALL(pipe, bad) == -EFAULT && CALL(getcwd, bad, 64) == -EFAULT);
	EXPECT(CALL(poll, bad, 1, 0) == -EFAULT && CALL(sendfile, file, file, bad == 0 ? 8 : bad, 1) == -EFAULT);
}

static void expect_fault_of_data(long bad)
{
	EXPECT(CALL(write, file, bad, 4) == -EFAULT && CALL(writev, file, bad, 1) == -EFAULT);
	EXPECT(CALL(pwrite64, file, bad, 4, 0) == -EFAULT && CALL(readv, file, bad, 1) == -EFAULT);
	EXPECT(CALL(fcntl, file, 6, bad) == -EFAULT && CALL(ioctl, file, 0x5421, bad) == -EFAULT);
}

int main(int argc, char **argv, char **envp)
{
	static const uint64_t bad[] = {0, 8, 0x10000000, KERNEL_HALF, DIRECT_MAP, KERNEL_BASE, UINT64_MAX - 3};
	volatile char *area = map(2 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	char byte;

	(void)argc, (void)argv, (void)envp;
	file = CALL(open, "/tmp/vmm-wild-files", O_CREAT | O_RDWR, 0600);
	EXPECT(file > 2 && CALL(unlink, "/tmp/vmm-wild-files") == 0 && write((int)file, "0123", 4) == 4);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		expect_fault((long)bad[i]);
		expect_fault_for_writing((long)bad[i]);
		expect_fault_of_data((long)bad[i]);
	}
	expect_fault_for_writing((long)constant);
	EXPECT(munmap((void *)(uintptr_t)(area + PAGE_SIZE), PAGE_SIZE) == 0);
	memset((void *)(uintptr_t)(area + PAGE_SIZE - 8), 'x', 8);
	expect_fault((long)(area + PAGE_SIZE - 8));
	/* into memory that nobody has touched: all of it */
	area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	EXPECT(CALL(ftruncate, file, 3 * PAGE_SIZE) == 0);
	EXPECT(CALL(pread64, file, area + 100, 4 * PAGE_SIZE - 100, 0) == 3 * PAGE_SIZE);
	EXPECT(area[101] == '1' && CALL(read, 99, &byte, 1) == -EBADF);
	return 0;
}
