/* SPDX-License-Identifier: MIT */
/*
 * calls.c: makes many system calls with many kinds of arguments, good and bad, for comparing decoders with strace. What
 * they do does not matter. Everything is deterministic but pids and times.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define BAD ((void *)0x10)
#define S   syscall

static void handler(int signal)
{
	(void)signal;
}

static void files(void)
{
	struct stat st;
	struct statx stx;
	struct statfs fs;
	char buffer[4096], other[32];
	int fd, flags;
	struct iovec vectors[3] = {{"one\n", 4}, {"two\0\1\0012\177\200\"\\\t\r\n\v\f", 16}, {buffer, 40}};
	struct timespec times[2] = {{1700000000, 5}, {0, UTIME_OMIT}};

	for (flags = 1; flags < 1 << 26; flags <<= 1)
		S(SYS_open, "/nonexistent/x", flags, 0644);
	S(SYS_open, "/nonexistent", 0x7fffffff, 07777);
	S(SYS_open, "/nonexistent", O_TMPFILE | O_RDWR, 0600);
	S(SYS_open, "/nonexistent", O_SYNC | 3, 0);
	S(SYS_openat, AT_FDCWD, "/nonexistent/a-rather-long-path-that-is-not-cut-at-all", O_RDONLY);
	S(SYS_openat, -1, NULL, O_RDONLY);
	S(SYS_openat, 5, BAD, O_RDONLY | O_LARGEFILE);
	S(SYS_creat, "/nonexistent/x", 0);
	fd = (int)S(SYS_open, "decode-test.tmp", O_RDWR | O_CREAT | O_TRUNC, 0640);
	S(SYS_write, fd, "0123456789012345678901234567890123456789", 40);
	S(SYS_write, fd, "01234567890123456789012345678901", 32);
	S(SYS_write, fd, "a\0b\0001\1\377\7778", 9);
	S(SYS_write, fd, BAD, 5);
	S(SYS_write, fd, "", 0);
	S(SYS_write, -1, "x", 1);
	S(SYS_writev, fd, vectors, 3);
	S(SYS_writev, fd, vectors, 0);
	S(SYS_writev, fd, BAD, 2);
	S(SYS_lseek, fd, 0, SEEK_SET);
	S(SYS_lseek, fd, -5, SEEK_END);
	S(SYS_lseek, fd, 0, 99);
	S(SYS_pread64, fd, buffer, 10, 3);
	S(SYS_pwrite64, fd, "zz", 2, 1);
	S(SYS_lseek, fd, 0, SEEK_SET);
	S(SYS_read, fd, buffer, 100);
	S(SYS_read, fd, buffer, 100);
	S(SYS_read, fd, BAD, 100);
	S(SYS_lseek, fd, 0, SEEK_SET);
	vectors[0] = (struct iovec){buffer, 5};
	vectors[1] = (struct iovec){buffer + 10, 50};
	S(SYS_readv, fd, vectors, 2);
	S(SYS_readv, -1, vectors, 2);
	S(SYS_stat, "decode-test.tmp", &st);
	S(SYS_lstat, "/dev/null", &st);
	S(SYS_fstat, fd, &st);
	S(SYS_fstat, -1, &st);
	S(SYS_newfstatat, AT_FDCWD, "/tmp", &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
	S(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH);
	S(SYS_newfstatat, AT_FDCWD, "/tmp", &st, 0x40);
	S(SYS_statx, AT_FDCWD, "/tmp", AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS, &stx);
	S(SYS_statx, AT_FDCWD, "/dev/null", AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW, STATX_ALL, &stx);
	S(SYS_statx, AT_FDCWD, "/nonexistent", 0x6000, STATX_SIZE | STATX_MODE, &stx);
	S(SYS_access, "/tmp", R_OK | W_OK | X_OK);
	S(SYS_access, "/tmp", F_OK);
	S(SYS_access, "/tmp", 0x40);
	S(SYS_faccessat, AT_FDCWD, "/tmp", X_OK);
	S(SYS_faccessat2, AT_FDCWD, "/tmp", X_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
	S(SYS_mkdir, "decode-test.dir", 0755);
	S(SYS_mkdirat, AT_FDCWD, "decode-test.dir", 0);
	flags = (int)S(SYS_open, "decode-test.dir", O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	S(SYS_getdents64, flags, buffer, 4096);
	S(SYS_getdents64, flags, buffer, 4096);
	S(SYS_getdents64, -1, buffer, 4096);
	S(SYS_fchdir, -1);
	S(SYS_close, flags);
	S(SYS_rename, "decode-test.dir", "decode-test.dir2");
	S(SYS_renameat2, AT_FDCWD, "decode-test.dir2", AT_FDCWD, "decode-test.dir", RENAME_NOREPLACE);
	S(SYS_renameat, AT_FDCWD, "decode-test.dirx", 3, "b");
	S(SYS_rmdir, "decode-test.dir");
	S(SYS_mknod, "decode-test.fifo", S_IFIFO | 0644, 0);
	S(SYS_mknodat, AT_FDCWD, "/nonexistent/x", S_IFCHR | 0600, 0x103);
	S(SYS_unlinkat, AT_FDCWD, "decode-test.fifo", 0);
	S(SYS_unlinkat, AT_FDCWD, "decode-test.fifo", AT_REMOVEDIR);
	S(SYS_link, "decode-test.tmp", "decode-test.link");
	S(SYS_linkat, AT_FDCWD, "decode-test.tmp", AT_FDCWD, "decode-test.link", AT_SYMLINK_FOLLOW);
	S(SYS_unlink, "decode-test.link");
	S(SYS_symlink, "target", "decode-test.sym");
	S(SYS_symlinkat, "target", AT_FDCWD, "decode-test.sym");
	S(SYS_readlink, "decode-test.sym", buffer, 4096);
	S(SYS_readlinkat, AT_FDCWD, "decode-test.sym", buffer, 3);
	S(SYS_readlink, "/nonexistent", buffer, 4096);
	S(SYS_unlink, "decode-test.sym");
	S(SYS_chmod, "decode-test.tmp", 04755);
	S(SYS_fchmod, fd, 0);
	S(SYS_fchmodat, AT_FDCWD, "decode-test.tmp", 0600);
	S(SYS_chown, "decode-test.tmp", -1, -1);
	S(SYS_fchown, fd, 0, 0);
	S(SYS_lchown, "decode-test.tmp", 0, -1);
	S(SYS_fchownat, AT_FDCWD, "decode-test.tmp", 0, 0, AT_SYMLINK_NOFOLLOW);
	S(SYS_utimensat, AT_FDCWD, "decode-test.tmp", times, 0);
	S(SYS_utimensat, fd, NULL, NULL, 0);
	times[0].tv_nsec = 0;
	times[1].tv_nsec = UTIME_NOW;
	S(SYS_utimensat, AT_FDCWD, "decode-test.tmp", times, AT_SYMLINK_NOFOLLOW);
	S(SYS_truncate, "decode-test.tmp", 5000000000);
	S(SYS_ftruncate, fd, 10);
	S(SYS_ftruncate, fd, -1);
	S(SYS_fallocate, fd, 1, 0, 100);
	S(SYS_fadvise64, fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	S(SYS_fsync, -1);
	S(SYS_fdatasync, -1);
	S(SYS_statfs, "/", &fs);
	S(SYS_fstatfs, -1, &fs);
	S(SYS_statfs, "/proc", &fs);
	S(SYS_umask, 022);
	S(SYS_umask, 0);
	S(SYS_umask, 022);
	S(SYS_getcwd, buffer, 4096);
	S(SYS_getcwd, other, 1);
	S(SYS_chdir, "/nonexistent");
	S(SYS_dup, 1);
	S(SYS_dup2, 1, 20);
	S(SYS_dup3, 1, 21, O_CLOEXEC);
	S(SYS_dup3, 1, 21, 5);
	S(SYS_fcntl, 20, F_GETFD);
	S(SYS_fcntl, 21, F_GETFD);
	S(SYS_fcntl, 20, F_SETFD, FD_CLOEXEC);
	S(SYS_fcntl, fd, F_GETFL);
	S(SYS_fcntl, fd, F_SETFL, O_RDWR | O_NONBLOCK);
	S(SYS_fcntl, fd, F_DUPFD, 30);
	S(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 30);
	S(SYS_fcntl, fd, 77, 5);
	S(SYS_fcntl, fd, F_SETLK, &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10});
	S(SYS_fcntl, fd, F_GETLK, &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10});
	S(SYS_flock, fd, LOCK_EX | LOCK_NB);
	S(SYS_flock, fd, LOCK_UN);
	S(SYS_sendfile, 1, fd, NULL, 5);
	S(SYS_lseek, fd, 0, SEEK_SET);
	S(SYS_sendfile, -1, fd, &(off_t){3}, 5);
	S(SYS_sendfile, 20, fd, &(off_t){3}, 5);
	S(SYS_copy_file_range, fd, NULL, fd, &(off_t){3}, 5, 0);
	S(SYS_close, fd);
	S(SYS_close, -1);
	S(SYS_close_range, 25, 26, 4);
	S(SYS_sync_file_range, -1, 0, 0, 0);
	S(SYS_unlink, "decode-test.tmp");
}

static void pipes(void)
{
	int fds[2];
	struct pollfd polls[2];
	struct timeval tv = {0, 1000};
	struct timespec ts = {0, 1000000};
	fd_set in, out;
	struct termios termios;
	struct winsize size;
	int number = 1;
	struct {
		const sigset_t *set;
		size_t bytes;
	} mask = {&(sigset_t){0}, 8};

	S(SYS_pipe, fds);
	S(SYS_pipe2, BAD, O_CLOEXEC);
	S(SYS_pipe2, &(int[2]){0}, O_CLOEXEC | O_NONBLOCK);
	polls[0] = (struct pollfd){fds[0], POLLIN, 0};
	polls[1] = (struct pollfd){fds[1], POLLOUT | POLLRDHUP, 0};
	S(SYS_poll, polls, 2, 0);
	S(SYS_poll, polls, 1, 0);
	S(SYS_poll, polls, 0, 0);
	S(SYS_poll, NULL, 0, 1);
	S(SYS_poll, BAD, 1, -1);
	S(SYS_ppoll, polls, 1, &ts, NULL, 8);
	S(SYS_write, fds[1], "x", 1);
	S(SYS_ppoll, polls, 2, &ts, &(sigset_t){0}, 8);
	S(SYS_ppoll, polls, 2, NULL, NULL, 8);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(fds[0], &in);
	FD_SET(fds[1], &out);
	S(SYS_select, 10, &in, &out, NULL, &tv);
	S(SYS_select, 0, NULL, NULL, NULL, &tv);
	S(SYS_select, 10, &in, NULL, NULL, NULL);
	S(SYS_pselect6, 10, &in, &out, NULL, &ts, &mask);
	S(SYS_pselect6, 10, &in, &out, NULL, NULL, NULL);
	S(SYS_ioctl, fds[0], FIONREAD, &number);
	S(SYS_ioctl, fds[0], FIONBIO, &number);
	S(SYS_ioctl, fds[0], FIOCLEX);
	S(SYS_ioctl, 0, TCGETS, &termios);
	S(SYS_ioctl, 0, TIOCGWINSZ, &size);
	S(SYS_ioctl, 0, TIOCGPGRP, &number);
	S(SYS_ioctl, 0, TIOCSPGRP, &number);
	S(SYS_ioctl, 0, TCSETS, &termios);
	S(SYS_ioctl, 0, TIOCNOTTY);
	S(SYS_ioctl, 0, 0x80049999, &number);
	S(SYS_close, fds[0]);
	S(SYS_close, fds[1]);
}

static void memory(void)
{
	char *page = (char *)S(SYS_mmap, NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	S(SYS_mmap, NULL, 0, PROT_NONE, MAP_SHARED, 77, 0x3000);
	S(SYS_mmap, 0x10000, 1, 0x87, 0x7ffffff2, -1, 0);
	S(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_DENYWRITE | MAP_STACK | MAP_NORESERVE, 77, 0);
	S(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_POPULATE | MAP_GROWSDOWN | MAP_LOCKED | MAP_NONBLOCK, 77,
	  0);
	S(SYS_mprotect, page, 4096, PROT_READ);
	S(SYS_mprotect, page, 4096, PROT_NONE);
	S(SYS_mprotect, page, 4096, 0x100);
	S(SYS_madvise, page, 4096, MADV_DONTNEED);
	S(SYS_madvise, page, 4096, 999);
	S(SYS_msync, page, 4096, MS_SYNC);
	S(SYS_mremap, page, 8192, 4096, 0);
	S(SYS_mremap, page, 4096, 8192, MREMAP_MAYMOVE);
	S(SYS_mremap, 0x1000, 4096, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, 0x20000);
	S(SYS_munmap, page, 8192);
	S(SYS_munmap, 1, 8192);
	S(SYS_brk, 0);
	S(SYS_mlock, 0x1000, 4096);
	S(SYS_munlockall);
}

static void processes(void)
{
	int status;
	struct rusage usage;
	siginfo_t info;
	struct rlimit limit = {100, RLIM_INFINITY};
	char name[16];
	unsigned char set[128] = {0};
	long number;
	pid_t child;

	for (int i = 0; i < 3; i++) {
		child = (pid_t)S(SYS_fork);
		if (child == 0) {
			if (i == 1)
				raise(SIGKILL);
			_exit(i);
		}
		if (i < 2)
			S(SYS_wait4, -1, &status, 0, i == 0 ? NULL : &usage);
		else
			S(SYS_waitid, P_ALL, 0, &info, WEXITED | WSTOPPED, NULL);
	}
	S(SYS_wait4, 5, &status, WNOHANG | WUNTRACED | WCONTINUED, &usage);
	S(SYS_wait4, -1, NULL, 0, NULL);
	child = (pid_t)S(SYS_clone, CLONE_CHILD_SETTID | CLONE_PARENT_SETTID | SIGCHLD, NULL, &status, &number, 0);
	if (child == 0) {
		pause();
		_exit(1);
	}
	S(SYS_wait4, child, &status, WNOHANG, NULL);
	S(SYS_kill, child, SIGTERM);
	S(SYS_wait4, child, &status, 0, NULL);
	S(SYS_clone, CLONE_THREAD, 0x1000, NULL, NULL, 0);
	S(SYS_clone3, BAD, 88);
	S(SYS_clone3,
	  &(struct clone_args_ { unsigned long v[11]; }){
		  {CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, 0, 1, 2, 17, 0x3000,
		   0x4000, 5}},
	  88);
	S(SYS_execve, "/nonexistent/program", (char *[]){"a", "b\n", "0123456789012345678901234567890123456789", NULL},
	  (char *[]){"A=1", "B=2", NULL});
	S(SYS_execve, "/nonexistent/program", (char *[]){NULL}, (char *[]){"A=1", NULL});
	S(SYS_execve, BAD, NULL, NULL);
	S(SYS_execveat, AT_FDCWD, "/nonexistent/program", BAD, BAD, AT_EMPTY_PATH);
	S(SYS_getpid);
	S(SYS_getppid);
	S(SYS_gettid);
	S(SYS_getpgrp);
	S(SYS_getpgid, 0);
	S(SYS_getsid, 0);
	S(SYS_setpgid, -1, 0);
	S(SYS_getuid);
	S(SYS_geteuid);
	S(SYS_getgid);
	S(SYS_getegid);
	S(SYS_setuid, 0);
	S(SYS_setresuid, -1, 0, -1);
	S(SYS_getresuid, &status, &status, &status);
	S(SYS_getgroups, 0, NULL);
	S(SYS_getgroups, 20, set);
	S(SYS_prctl, PR_SET_NAME, "a-name-of-more-than-15");
	S(SYS_prctl, PR_GET_NAME, name);
	S(SYS_prctl, PR_SET_PDEATHSIG, 0);
	S(SYS_prctl, PR_GET_PDEATHSIG, &status);
	S(SYS_prctl, PR_GET_DUMPABLE);
	S(SYS_prctl, PR_SET_DUMPABLE, 1);
	S(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	S(SYS_prctl, 9999, 1, 2, 3, 4);
	S(SYS_arch_prctl, 0x1003, &number);
	S(SYS_arch_prctl, 0x9999, 0x1000);
	S(SYS_set_tid_address, &status);
	S(SYS_set_robust_list, 0x1000, 24);
	S(SYS_futex, &status, FUTEX_WAKE_PRIVATE, 1);
	S(SYS_futex, &status, FUTEX_WAIT, 12345, NULL);
	S(SYS_futex, &status, FUTEX_WAIT_PRIVATE, status, &(struct timespec){0, 1000});
	S(SYS_futex, &status, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME | FUTEX_PRIVATE_FLAG, 12345, NULL, NULL, -1);
	S(SYS_futex, &status, FUTEX_WAKE_BITSET, 1, NULL, NULL, 5);
	S(SYS_futex, &status, FUTEX_REQUEUE, 1, 2, &number);
	S(SYS_futex, &status, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, &number, 3);
	S(SYS_futex, &status, FUTEX_UNLOCK_PI);
	S(SYS_futex, &status, 99, 1, 2, 3, 4);
	S(SYS_sched_yield);
	S(SYS_sched_getaffinity, 0, 128, set);
	S(SYS_sched_setaffinity, 0, 128, set);
	S(SYS_membarrier, 0, 0, 0);
	S(SYS_getcpu, &status, NULL, NULL);
	S(SYS_getrlimit, RLIMIT_NOFILE, &limit);
	S(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &limit);
	S(SYS_prlimit64, 0, RLIMIT_CORE, &(struct rlimit){4096, 2000}, &limit);
	S(SYS_setrlimit, 99, &limit);
	S(SYS_getrusage, RUSAGE_SELF, &usage);
	S(SYS_getrusage, RUSAGE_CHILDREN, &usage);
	S(SYS_getrusage, 9, &usage);
}

static void signals(void)
{
	struct {
		void *handler;
		unsigned long flags;
		void *restorer;
		unsigned long mask;
	} action = {SIG_IGN, 0, NULL, 0};
	unsigned long mask = 1UL << (SIGINT - 1) | 1UL << 31 | 1UL << 40;
	stack_t stack = {NULL, SS_DISABLE, 0};
	struct itimerval timer = {{0, 0}, {0, 0}};

	signal(SIGUSR1, handler);
	S(SYS_rt_sigaction, SIGUSR2, &action, NULL, 8);
	action.flags = 0xffffffffUL & ~0x4000000UL;
	S(SYS_rt_sigaction, SIGUSR2, &action, NULL, 9);
	S(SYS_rt_sigaction, SIGUSR1, NULL, &action, 8);
	S(SYS_rt_sigaction, 99, NULL, BAD, 8);
	S(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8);
	S(SYS_rt_sigprocmask, SIG_SETMASK, &(unsigned long){~mask}, &mask, 8);
	S(SYS_rt_sigprocmask, 5, NULL, &mask, 8);
	S(SYS_rt_sigpending, &mask, 8);
	S(SYS_rt_sigprocmask, SIG_SETMASK, &(unsigned long){0}, NULL, 8);
	S(SYS_kill, getpid(), SIGUSR1);
	S(SYS_kill, getpid(), 0);
	S(SYS_kill, 99999999, 64);
	S(SYS_tkill, 99999999, 32);
	S(SYS_tgkill, getpid(), gettid(), 99);
	S(SYS_rt_sigtimedwait, &(unsigned long){1}, NULL, &(struct timespec){0, 0}, 8);
	S(SYS_sigaltstack, NULL, &stack);
	S(SYS_sigaltstack, &stack, NULL);
	S(SYS_alarm, 0);
	S(SYS_setitimer, ITIMER_REAL, &timer, &timer);
	S(SYS_getitimer, ITIMER_VIRTUAL, &timer);
	S(SYS_rt_sigsuspend, BAD, 8);
}

static void times_and_system(void)
{
	struct timespec ts = {0, 1};
	struct timeval tv;
	struct timezone zone;
	struct tms tms;
	struct utsname uts;
	struct sysinfo info;
	long seconds;
	unsigned char random[40];

	S(SYS_nanosleep, &ts, NULL);
	S(SYS_nanosleep, &ts, &ts);
	S(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){1, 1}, NULL);
	S(SYS_clock_gettime, CLOCK_BOOTTIME, &ts);
	S(SYS_clock_gettime, 99, &ts);
	S(SYS_clock_gettime, -6, &ts);
	S(SYS_clock_getres, CLOCK_MONOTONIC_COARSE, &ts);
	S(SYS_gettimeofday, &tv, NULL);
	S(SYS_gettimeofday, &tv, &zone);
	S(SYS_time, NULL);
	S(SYS_time, &seconds);
	S(SYS_times, &tms);
	S(SYS_times, NULL);
	S(SYS_uname, &uts);
	S(SYS_sysinfo, &info);
	S(SYS_getrandom, random, 3, 0);
	S(SYS_getrandom, random, 40, GRND_RANDOM | GRND_NONBLOCK);
	S(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	S(SYS_memfd_create, "name", 1);
	S(SYS_listen, -1, 5);
	S(SYS_epoll_create1, 0);
	S(SYS_eventfd2, 1, 0);
}

static void sockets(void)
{
	struct sockaddr_un local = {AF_UNIX, "/nonexistent/socket"}, abstract = {AF_UNIX, "\0abstract"};
	struct sockaddr_in inet = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr_in6 inet6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_scope_id = 1};
	int fd = (int)S(SYS_socket, AF_UNIX, SOCK_STREAM, 0), value = 1, length = sizeof(value), room = 16, none = 0;
	char buffer[8];

	S(SYS_socket, AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	S(SYS_socket, AF_INET6, SOCK_STREAM, 99);
	S(SYS_connect, fd, &local, sizeof(local));
	S(SYS_connect, fd, &local, 10);
	S(SYS_connect, fd, &abstract, 11);
	S(SYS_connect, fd, &local, 2);
	S(SYS_connect, fd, &local, 1);
	S(SYS_connect, fd, BAD, 16);
	S(SYS_connect, fd, &inet, sizeof(inet));
	S(SYS_connect, fd, &inet6, sizeof(inet6));
	S(SYS_connect, fd, &(struct sockaddr){.sa_family = 77, .sa_data = "data"}, 8);
	S(SYS_bind, -1, &inet, 8);
	S(SYS_getpeername, 0, &inet, &room);
	S(SYS_getpeername, fd, &inet, NULL);
	S(SYS_accept, 0, NULL, NULL);
	S(SYS_accept4, 0, &inet, &room, SOCK_CLOEXEC);
	S(SYS_sendto, -1, "text", 4, MSG_NOSIGNAL | MSG_DONTWAIT, NULL, 0);
	S(SYS_sendto, -1, "text", 4, 0, &inet, sizeof(inet));
	S(SYS_recvfrom, -1, buffer, 8, MSG_PEEK, NULL, NULL);
	S(SYS_setsockopt, fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof(value));
	S(SYS_setsockopt, fd, 99, 99, &value, sizeof(value));
	S(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, &value, &length);
	S(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &value, &length);
	S(SYS_getsockopt, -1, SOL_SOCKET, SO_TYPE, &value, &none);
}

int main(void)
{
	files();
	pipes();
	memory();
	processes();
	signals();
	times_and_system();
	sockets();
	return 3;
}
