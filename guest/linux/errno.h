/* SPDX-License-Identifier: MIT */
/*
 * errno.h: Linux's error numbers. A system call returns one of them negated.
 */
#ifndef LINUX_ERRNO_H
#define LINUX_ERRNO_H

#define EPERM        1  /* operation not permitted */
#define ENOENT       2  /* no such file or directory */
#define ESRCH        3  /* no such process */
#define EINTR        4  /* interrupted by a signal */
#define EBADF        9  /* bad file descriptor */
#define ECHILD       10 /* no child processes */
#define EAGAIN       11 /* resource temporarily unavailable */
#define ENOMEM       12 /* out of memory */
#define EACCES       13 /* permission denied */
#define EFAULT       14 /* bad address */
#define EEXIST       17 /* exists already */
#define EINVAL       22 /* invalid argument */
#define ENOTTY       25 /* not a terminal */
#define ESPIPE       29 /* cannot seek */
#define ENAMETOOLONG 36 /* string too long */
#define ENOSYS       38 /* no such system call */

#endif
