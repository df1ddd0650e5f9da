/* SPDX-License-Identifier: MIT */
/*
 * errno.h: Linux's error numbers. A system call returns one of them negated.
 */
#ifndef LINUX_ERRNO_H
#define LINUX_ERRNO_H

#define EPERM           1   /* operation not permitted */
#define ENOENT          2   /* no such file or directory */
#define ESRCH           3   /* no such process */
#define EINTR           4   /* interrupted by a signal */
#define EIO             5   /* input/output error */
#define ENXIO           6   /* no such device or address */
#define E2BIG           7   /* argument list too long */
#define ENOEXEC         8   /* not an executable file */
#define EBADF           9   /* bad file descriptor */
#define ECHILD          10  /* no child processes */
#define EAGAIN          11  /* resource temporarily unavailable */
#define ENOMEM          12  /* out of memory */
#define EACCES          13  /* permission denied */
#define EFAULT          14  /* bad address */
#define EBUSY           16  /* device or resource busy */
#define EEXIST          17  /* exists already */
#define EXDEV           18  /* in another file system */
#define ENODEV          19  /* no such device */
#define ENOTDIR         20  /* not a directory */
#define EISDIR          21  /* is a directory */
#define EINVAL          22  /* invalid argument */
#define ENFILE          23  /* too many open files in the system */
#define EMFILE          24  /* too many open files */
#define ENOTTY          25  /* not a terminal */
#define ETXTBSY         26  /* executable file is in use */
#define EFBIG           27  /* file too large */
#define ENOSPC          28  /* no space left */
#define ESPIPE          29  /* cannot seek */
#define EROFS           30  /* read-only file system */
#define EPIPE           32  /* nobody reads the pipe */
#define ERANGE          34  /* result too large */
#define ENAMETOOLONG    36  /* string too long */
#define ENOSYS          38  /* no such system call */
#define ENOTEMPTY       39  /* directory not empty */
#define ELOOP           40  /* too many symbolic links */
#define EREMOTE         66  /* only the kernel knows (VMM_FILE_KIND_SELF_*) */
#define EOVERFLOW       75  /* value too large */
#define ENOTSOCK        88  /* not a socket */
#define EOPNOTSUPP      95  /* not supported */
#define ENOPROTOOPT     92  /* no such option */
#define EPROTONOSUPPORT 93  /* no such protocol */
#define EAFNOSUPPORT    97  /* no such family of addresses */
#define ENOTCONN        107 /* nobody is at the other end */
#define ETIMEDOUT       110 /* time has run out */
#define ECONNREFUSED    111 /* nobody listens */
#define EOWNERDEAD      130 /* the owner of a mutex has ended */

#endif
