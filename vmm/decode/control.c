/* SPDX-License-Identifier: MIT */
/* control.c: fcntl and ioctl, whose last argument is what the command makes of it. */
#include <inttypes.h>

#include "kinds.h"

enum fcntl_command {
	DUPFD,
	GETFD,
	SETFD,
	GETFL,
	SETFL,
	GETLK,
	SETLK,
	SETLKW,
	SETOWN,
	GETOWN,
	SETSIG,
	GETSIG,
	OFD_GETLK = 36,
	OFD_SETLK,
	OFD_SETLKW,
	GETLEASE = 1025,
	DUPFD_CLOEXEC = 1030,
	SETPIPE_SZ,
	GETPIPE_SZ,
	GET_SEALS = 1034
};

static void put_lock(struct decoder *decoder, uint64_t address, bool with_pid)
{
	struct {
		int16_t type, whence;
		int32_t pad;
		int64_t start, length;
		int32_t pid, pad2;
	} lock;

	if (!fetch_or_null(decoder, address, &lock, sizeof(lock)))
		return;
	put(decoder, "{l_type=");
	put_named(decoder, (uint16_t)lock.type, &lock_types_names);
	put(decoder, ", l_whence=");
	put_named(decoder, (uint16_t)lock.whence, &whence_names);
	put(decoder, ", l_start=%" PRId64 ", l_len=%" PRId64, lock.start, lock.length);
	if (with_pid)
		put(decoder, ", l_pid=%" PRId32, lock.pid);
	put(decoder, "}");
}

void put_fcntl_value(struct decoder *decoder, uint64_t value, const void *names)
{
	switch ((uint32_t)argument(decoder, 1)) {
	case GETFD:
	case GETFL:
	case GETOWN:
	case GETSIG:
	case GETLEASE:
	case GETPIPE_SZ:
	case GET_SEALS:
		decoder->omit = true;
		break;
	case DUPFD:
	case DUPFD_CLOEXEC:
	case SETOWN:
		put_int(decoder, value, names);
		break;
	case SETPIPE_SZ:
		put_long(decoder, value, names);
		break;
	case SETFD:
		put_flags(decoder, (uint32_t)value, &descriptor_flags_names);
		break;
	case SETFL:
		put_open_flags(decoder, (uint32_t)value, names);
		break;
	case SETSIG:
		put_signal(decoder, value);
		break;
	case GETLK:
	case OFD_GETLK:
		put_lock(decoder, value, decoder->returned && !decoder->failed);
		break;
	case SETLK:
	case SETLKW:
	case OFD_SETLK:
	case OFD_SETLKW:
		put_lock(decoder, value, false);
		break;
	default:
		put_hex(decoder, value, names);
	}
}

void put_result_fcntl(struct decoder *decoder)
{
	uint64_t result = (uint64_t)decoder->result;

	switch ((uint32_t)argument(decoder, 1)) {
	case GETFD:
		put_hex(decoder, result, NULL);
		if (result != 0) {
			put(decoder, " (flags ");
			put_flags(decoder, result, &descriptor_flags_names);
			put(decoder, ")");
		}
		break;
	case GETFL:
		put_hex(decoder, result, NULL);
		put(decoder, " (flags ");
		put_open_flags(decoder, result, NULL);
		put(decoder, ")");
		break;
	case GETSIG:
		put_result_number(decoder);
		if (result != 0) {
			put(decoder, " (");
			put_signal(decoder, result);
			put(decoder, ")");
		}
		break;
	default:
		put_result_number(decoder);
	}
}

enum ioctl_request {
	TCGETS = 0x5401,
	TCSETS,
	TCSETSW,
	TCSETSF,
	TCSBRK = 0x5409,
	TCXONC,
	TCFLSH,
	TIOCEXCL,
	TIOCNXCL,
	TIOCSCTTY,
	TIOCGPGRP,
	TIOCSPGRP,
	TIOCOUTQ,
	TIOCGWINSZ = 0x5413,
	TIOCSWINSZ,
	FIONREAD = 0x541b,
	FIONBIO = 0x5421,
	TIOCNOTTY,
	TIOCGSID = 0x5429,
	FIONCLEX = 0x5450,
	FIOCLEX,
	FIOASYNC
};

/* asm-generic/ioctl.h: direction, type, number and size are packed into the request. */
void put_ioctl_request(struct decoder *decoder, uint64_t value, const void *names)
{
	static const char *const directions[] = {"_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"};
	uint32_t request = (uint32_t)value;
	const char *name = value_name(request, &ioctls_names);

	(void)names;
	if (name != NULL)
		put(decoder, "%s", name);
	else
		put(decoder, "_IOC(%s, %#" PRIx32 ", %#" PRIx32 ", %#" PRIx32 ")", directions[request >> 30],
		    request >> 8 & 0xff, request & 0xff, request >> 16 & 0x3fff);
}

static void put_winsize(struct decoder *decoder, uint64_t address)
{
	uint16_t size[4];

	if (fetch_or_null(decoder, address, size, sizeof(size)))
		put(decoder, "{ws_row=%u, ws_col=%u, ws_xpixel=%u, ws_ypixel=%u}", size[0], size[1], size[2], size[3]);
}

static void put_speed_and_size(struct decoder *decoder, uint32_t cflags)
{
	static const char *const low[] = {"B0",   "B50",   "B75",   "B110",  "B134",  "B150",  "B200",   "B300",
					  "B600", "B1200", "B1800", "B2400", "B4800", "B9600", "B19200", "B38400"};
	static const char *const high[] = {"0",        "B57600",   "B115200",  "B230400",  "B460800",  "B500000",
					   "B576000",  "B921600",  "B1000000", "B1152000", "B1500000", "B2000000",
					   "B2500000", "B3000000", "B3500000", "B4000000"};

	put(decoder, "%s|CS%u|", cflags & 0x1000 ? high[cflags & 15] : low[cflags & 15], 5 + (cflags >> 4 & 3));
}

static void put_termios(struct decoder *decoder, uint64_t address)
{
	struct {
		uint32_t input, output, control, local;
		uint8_t line, characters[19];
	} termios;

	if (!fetch_or_null(decoder, address, &termios, sizeof(termios)))
		return;
	put(decoder, "{c_iflag=");
	put_flags(decoder, termios.input, &termios_iflags_names);
	put(decoder, ", c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|");
	if (termios.output & 0x3f)
		put_flags(decoder, termios.output & 0x3f, &termios_oflags_names);
	put(decoder, ", c_cflag=");
	put_speed_and_size(decoder, termios.control);
	if (termios.control & 0xfc0)
		put_flags(decoder, termios.control & 0xfc0, &termios_cflags_names);
	put(decoder, ", c_lflag=");
	put_flags(decoder, termios.local, &termios_lflags_names);
	put(decoder, ", ...}");
}

void put_ioctl_value(struct decoder *decoder, uint64_t value, const void *names)
{
	bool done = decoder->returned && !decoder->failed;

	switch ((uint32_t)argument(decoder, 1)) {
	case TCGETS:
		done ? put_termios(decoder, value) : put_address(decoder, value);
		break;
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		put_termios(decoder, value);
		break;
	case TIOCGWINSZ:
		done ? put_winsize(decoder, value) : put_address(decoder, value);
		break;
	case TIOCSWINSZ:
		put_winsize(decoder, value);
		break;
	case TIOCGPGRP:
	case TIOCGSID:
	case TIOCOUTQ:
	case FIONREAD:
		done ? put_int_at(decoder, value, names) : put_address(decoder, value);
		break;
	case TIOCSPGRP:
	case FIONBIO:
	case FIOASYNC:
		put_int_at(decoder, value, names);
		break;
	case TCSBRK:
	case TCXONC:
	case TCFLSH:
	case TIOCSCTTY:
		put_int(decoder, value, names);
		break;
	case TIOCEXCL:
	case TIOCNXCL:
	case TIOCNOTTY:
	case FIONCLEX:
	case FIOCLEX:
		decoder->omit = true;
		break;
	default:
		put_hex(decoder, value, names);
	}
}
