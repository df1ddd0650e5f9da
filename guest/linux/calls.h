/* SPDX-License-Identifier: MIT */
/*
 * calls.h: which system calls there are, a line each. Included by table.c, several times, each time with another
 * meaning of CALL(name) and I386_CALL(name of the i386 call, name of the function).
 */

/* clang-format off */

/* files.c */
CALL(close)
CALL(close_range)
CALL(dup)
CALL(dup2)
CALL(dup3)

/* fcntl.c */
CALL(fcntl)
CALL(flock)

/* open.c */
CALL(open)
CALL(openat)
CALL(creat)
CALL(umask)
CALL(chdir)
CALL(fchdir)
CALL(getcwd)

/* read_write.c */
CALL(read)
CALL(write)
CALL(readv)
CALL(writev)
CALL(pread64)
CALL(pwrite64)
CALL(preadv)
CALL(pwritev)

/* seek.c */
CALL(lseek)
CALL(getdents64)

/* copy.c */
CALL(sendfile)
CALL(copy_file_range)

/* path.c */
CALL(mkdir)
CALL(mkdirat)
CALL(mknod)
CALL(mknodat)
CALL(unlink)
CALL(unlinkat)
CALL(rmdir)
CALL(rename)
CALL(renameat)
CALL(renameat2)
CALL(link)
CALL(linkat)
CALL(symlink)
CALL(symlinkat)
CALL(access)
CALL(faccessat)
CALL(faccessat2)
CALL(chmod)
CALL(fchmod)
CALL(fchmodat)
CALL(chown)
CALL(fchown)
CALL(lchown)
CALL(fchownat)
CALL(truncate)
CALL(ftruncate)
CALL(fallocate)
CALL(fadvise64)
CALL(fsync)
CALL(fdatasync)
CALL(syncfs)
CALL(sync)

/* link.c */
CALL(readlink)
CALL(readlinkat)

/* file_times.c */
CALL(utimensat)
CALL(futimesat)
CALL(utimes)
CALL(utime)

/* stat.c */
CALL(stat)
CALL(lstat)
CALL(fstat)
CALL(newfstatat)
CALL(statx)
CALL(statfs)
CALL(fstatfs)

/* pipe.c */
CALL(pipe)
CALL(pipe2)

/* poll.c */
CALL(poll)
CALL(ppoll)
CALL(select)
CALL(pselect6)

/* ioctl.c */
CALL(ioctl)

/* event.c, epoll.c */
CALL(eventfd)
CALL(eventfd2)
CALL(epoll_create)
CALL(epoll_create1)
CALL(epoll_ctl)
CALL(epoll_wait)
CALL(epoll_pwait)
CALL(epoll_pwait2)

/* socket.c */
CALL(socket)
CALL(socketpair)
CALL(connect)
CALL(accept)
CALL(accept4)
CALL(bind)
CALL(listen)
CALL(sendto)
CALL(recvfrom)
CALL(sendmsg)
CALL(recvmsg)
CALL(shutdown)
CALL(getsockname)
CALL(getpeername)
CALL(setsockopt)
CALL(getsockopt)

/* memory.c */
CALL(brk)
CALL(mmap)
CALL(munmap)
CALL(mprotect)

/* mremap.c, memory_advice.c */
CALL(mremap)
CALL(madvise)
CALL(msync)
CALL(mlock)
CALL(mlock2)
CALL(munlock)
CALL(mlockall)
CALL(munlockall)
CALL(mincore)
CALL(membarrier)

/* exec.c */
CALL(execve)
CALL(execveat)

/* process.c */
CALL(fork)
CALL(vfork)
CALL(clone)
CALL(clone3)
CALL(exit)
CALL(exit_group)
CALL(getpid)
CALL(getppid)
CALL(gettid)
CALL(sched_yield)
CALL(set_tid_address)
CALL(rseq)
CALL(getpgid)
CALL(getpgrp)
CALL(setpgid)
CALL(getsid)
CALL(setsid)
CALL(arch_prctl)

/* wait.c */
CALL(wait4)
CALL(waitid)

/* futex.c */
CALL(futex)
CALL(set_robust_list)
CALL(get_robust_list)

/* signal_calls.c, signal_take.c */
CALL(kill)
CALL(tkill)
CALL(tgkill)
CALL(rt_sigqueueinfo)
CALL(rt_tgsigqueueinfo)
CALL(rt_sigaction)
CALL(rt_sigprocmask)
CALL(rt_sigpending)
CALL(rt_sigsuspend)
CALL(rt_sigtimedwait)
CALL(pause)
CALL(rt_sigreturn)
CALL(sigaltstack)

/* time.c */
CALL(nanosleep)
CALL(clock_nanosleep)
CALL(restart_syscall)
CALL(clock_gettime)
CALL(clock_getres)
CALL(gettimeofday)
CALL(time)
CALL(times)
CALL(getrusage)
CALL(alarm)
CALL(getitimer)
CALL(setitimer)

/* system.c */
CALL(uname)
CALL(sethostname)
CALL(setdomainname)
CALL(syslog)
CALL(personality)
CALL(sysinfo)
CALL(getrandom)

/* limits.c */
CALL(prlimit64)
CALL(getrlimit)
CALL(setrlimit)

/* users.c */
CALL(getuid)
CALL(geteuid)
CALL(getgid)
CALL(getegid)
CALL(setuid)
CALL(setgid)
CALL(setresuid)
CALL(setresgid)
CALL(setreuid)
CALL(setregid)
CALL(setfsuid)
CALL(setfsgid)
CALL(getresuid)
CALL(getresgid)
CALL(getgroups)
CALL(setgroups)
CALL(capget)
CALL(capset)

/* prctl.c */
CALL(prctl)

/* schedule.c */
CALL(sched_getaffinity)
CALL(sched_setaffinity)
CALL(sched_getscheduler)
CALL(sched_setscheduler)
CALL(sched_getparam)
CALL(sched_setparam)
CALL(sched_get_priority_max)
CALL(sched_get_priority_min)
CALL(sched_rr_get_interval)
CALL(getpriority)
CALL(setpriority)
CALL(getcpu)

/* `int 0x80`: only calls whose arguments look the same in 32 bits */
I386_CALL(exit, exit)
I386_CALL(fork, fork)
I386_CALL(vfork, vfork)
I386_CALL(read, read)
I386_CALL(write, write)
I386_CALL(close, close)
I386_CALL(waitpid, waitpid)
I386_CALL(getpid, getpid)
I386_CALL(getppid, getppid)
I386_CALL(gettid, gettid)
I386_CALL(getuid, getuid)
I386_CALL(getgid, getgid)
I386_CALL(geteuid, geteuid)
I386_CALL(getegid, getegid)
I386_CALL(getuid32, getuid)
I386_CALL(getgid32, getgid)
I386_CALL(geteuid32, geteuid)
I386_CALL(getegid32, getegid)
I386_CALL(kill, kill)
I386_CALL(tkill, tkill)
I386_CALL(tgkill, tgkill)
I386_CALL(brk, brk)
I386_CALL(munmap, munmap)
I386_CALL(mprotect, mprotect)
I386_CALL(sched_yield, sched_yield)
I386_CALL(uname, uname)
I386_CALL(exit_group, exit_group)

#undef CALL
#undef I386_CALL
