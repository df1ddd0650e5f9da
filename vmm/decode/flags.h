/* SPDX-License-Identifier: MIT */
/*
 * flags.h: numbers that have names: sets of bits, and single values. The numbers are Linux's on x86-64, written out,
 * because the guest's are Linux's whatever C library this is built with. The order of names is that of the text.
 */
#ifndef VMM_DECODE_FLAGS_H
#define VMM_DECODE_FLAGS_H

#include "decoder.h"

struct value_name {
	uint64_t value;
	const char *name; /* NULL ends the list */
};

struct value_names {
	const char *family; /* "PROT_???": what stands behind a number without a name */
	const struct value_name *names;
};

/* "PROT_READ|PROT_WRITE|0x80"; "0x80" and a comment with the family if no bit has a name; "0", unless 0 has a name. */
void put_flags(struct decoder *decoder, uint64_t value, const struct value_names *names);

/* "SEEK_SET"; "0x7" and a comment with the family if it has no name. */
void put_named(struct decoder *decoder, uint64_t value, const struct value_names *names);

/* NULL: it has none */
const char *value_name(uint64_t value, const struct value_names *names);

/* clang-format off */
#define DECODE_VALUE_NAMES(X) \
	X(access_modes) X(pipe_flags) X(dumpable) X(open_flags) X(at_flags) X(statx_flags) X(access_flags) \
	X(prot) X(map_types) X(map_flags) X(whence) X(madvise) X(msync_flags) X(mremap_flags) X(mlock_flags) X(clone_flags) \
	X(wait_options) X(waitid_types) X(signal_how) X(sigaction_flags) X(sigaltstack_flags) X(clocks) \
	X(timer_flags) X(fcntl_commands) X(descriptor_flags) X(lock_types) X(flock_operations) X(resources) \
	X(poll_events) X(arch_codes) X(prctl_options) X(getrandom_flags) X(rename_flags) X(itimers) \
	X(rusage_who) X(futex_operations) X(rseq_flags) X(membarrier_commands) X(statx_mask) \
	X(statx_attributes) X(fs_types) X(mount_flags) X(ioctls) X(fallocate_modes) X(memfd_flags) \
	X(socket_domains) X(socket_types) X(socket_flags) X(socket_protocols) X(socket_levels) \
	X(socket_options) X(message_flags) X(wait_codes) X(fadvise) X(close_range_flags) \
	X(epoll_flags) X(eventfd_flags) X(sched_policies) X(priorities) X(personalities) X(termios_iflags) \
	X(termios_oflags) X(termios_cflags) X(termios_lflags)
/* clang-format on */
#define X(name) extern const struct value_names name##_names;
DECODE_VALUE_NAMES(X)
#undef X

#endif
