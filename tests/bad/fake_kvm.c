/* SPDX-License-Identifier: MIT */
/*
 * fake_kvm.c: a library to be preloaded that plays a host whose KVM fails. From the environment:
 *   FAKE_OPEN=ERRNO        opening /dev/kvm fails
 *   FAKE_REQUEST=NUMBER    this ioctl (with FAKE_ARGUMENT=NUMBER only with that argument) is not made, but
 *   FAKE_ERROR=ERRNO       fails, or
 *   FAKE_RESULT=NUMBER     returns that
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static unsigned long number(const char *name)
{
	const char *text = getenv(name);

	return text != NULL ? strtoul(text, NULL, 0) : 0;
}

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
	va_list arguments;
	int mode;

	va_start(arguments, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, int) : 0;
	va_end(arguments);
	if (getenv("FAKE_OPEN") != NULL && strcmp(path, "/dev/kvm") == 0) {
		errno = (int)number("FAKE_OPEN");
		return -1;
	}
	return real(path, flags, mode);
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, ...) = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
	unsigned long argument;
	va_list arguments;

	va_start(arguments, request);
	argument = va_arg(arguments, unsigned long);
	va_end(arguments);
	if (getenv("FAKE_REQUEST") == NULL || (unsigned)request != (unsigned)number("FAKE_REQUEST") ||
	    (getenv("FAKE_ARGUMENT") != NULL && argument != number("FAKE_ARGUMENT")))
		return real(fd, request, argument);
	if (getenv("FAKE_ERROR") == NULL)
		return (int)number("FAKE_RESULT");
	errno = (int)number("FAKE_ERROR");
	return -1;
}
