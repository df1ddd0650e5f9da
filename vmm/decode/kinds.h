/* SPDX-License-Identifier: MIT */
/*
 * kinds.h: the kinds of arguments: when one is read, and the function that shows it.
 *
 * IN: at the entry (and again at the return if its memory was not there yet). OUT: at the return; an address until
 * then, or if the call failed. AT_RETURN: the same, but read of a call that failed, too. BOTH: at the entry, and once
 * more at the return.
 */
#ifndef VMM_DECODE_KINDS_H
#define VMM_DECODE_KINDS_H

#include "flags.h"

enum when { IN = 1, OUT = 2, BOTH = 3, AT_RETURN = 6 };

typedef void put_argument(struct decoder *decoder, uint64_t value, const void *names);

/* clang-format off */

/* X(kind, when, function, names): kinds that are shown by the registers alone */
#define DECODE_PLAIN_KINDS(X) \
	/* numbers */ \
	X(INT, IN, put_int, NULL) \
	X(UNSIGNED, IN, put_unsigned, NULL) \
	X(SIZE, IN, put_size, NULL) \
	X(LONG, IN, put_long, NULL) \
	X(HEX, IN, put_hex, NULL) \
	X(HEX32, IN, put_hex32, NULL) \
	X(ADDRESS, IN, put_plain_address, NULL) \
	X(MODE, IN, put_mode, NULL) \
	X(FILE_MODE, IN, put_file_mode, NULL) \
	X(FILE_DEVICE, IN, put_file_device, NULL) \
	X(ID, IN, put_id, NULL) \
	X(FD, IN, put_int, NULL) \
	X(AT_FD, IN, put_at_fd, NULL) \
	X(SIGNAL, IN, put_signal_argument, NULL) \
	/* numbers with names */ \
	X(OPEN_FLAGS, IN, put_open_flags, NULL) \
	X(OPEN_MODE, IN, put_open_mode, NULL) \
	X(AT_FLAGS, IN, put_flags32, &at_flags_names) \
	X(ACCESS_FLAGS, IN, put_access_flags, &at_flags_names) \
	X(STATX_FLAGS, IN, put_statx_flags, &statx_flags_names) \
	X(STATX_MASK, IN, put_flags32, &statx_mask_names) \
	X(ACCESS, IN, put_flags32, &access_flags_names) \
	X(WHENCE, IN, put_named32, &whence_names) \
	X(FLOCK, IN, put_flags32, &flock_operations_names) \
	X(RENAME_FLAGS, IN, put_flags32, &rename_flags_names) \
	X(PROT, IN, put_flags64, &prot_names) \
	X(MAP_FLAGS, IN, put_map_flags, NULL) \
	X(MADVISE, IN, put_named32, &madvise_names) \
	X(MSYNC_FLAGS, IN, put_flags32, &msync_flags_names) \
	X(MREMAP_FLAGS, IN, put_flags64, &mremap_flags_names) \
	X(MLOCKALL_FLAGS, IN, put_flags32, &mlock_flags_names) \
	X(PIPE_FLAGS, IN, put_flags32, &pipe_flags_names) \
	X(WAIT_OPTIONS, IN, put_flags32, &wait_options_names) \
	X(WAITID_TYPE, IN, put_named32, &waitid_types_names) \
	X(SIGNAL_HOW, IN, put_named32, &signal_how_names) \
	X(CLOCK, IN, put_clock, &clocks_names) \
	X(TIMER_FLAGS, IN, put_flags32, &timer_flags_names) \
	X(ITIMER, IN, put_named32, &itimers_names) \
	X(RESOURCE, IN, put_named32, &resources_names) \
	X(RUSAGE_WHO, IN, put_named32, &rusage_who_names) \
	X(ARCH_CODE, IN, put_named32, &arch_codes_names) \
	X(GETRANDOM_FLAGS, IN, put_flags32, &getrandom_flags_names) \
	X(RSEQ_FLAGS, IN, put_flags32, &rseq_flags_names) \
	X(MEMBARRIER, IN, put_flags32, &membarrier_commands_names) \
	X(FALLOCATE_MODE, IN, put_flags32, &fallocate_modes_names) \
	X(FADVISE, IN, put_named32, &fadvise_names) \
	X(CLOSE_RANGE_FLAGS, IN, put_flags32, &close_range_flags_names) \
	X(EPOLL_FLAGS, IN, put_flags32, &epoll_flags_names) \
	X(EVENTFD_FLAGS, IN, put_flags32, &eventfd_flags_names) \
	X(MEMFD_FLAGS, IN, put_flags32, &memfd_flags_names) \
	X(SOCKET_DOMAIN, IN, put_named32, &socket_domains_names) \
	X(SOCKET_TYPE, IN, put_socket_type, NULL) \
	X(SOCKET_PROTOCOL, IN, put_socket_protocol, &socket_protocols_names) \
	X(SOCKET_FLAGS, IN, put_flags32, &socket_flags_names) \
	X(SOCKET_LEVEL, IN, put_named32, &socket_levels_names) \
	X(SOCKET_OPTION, IN, put_socket_option, &socket_options_names) \
	X(MESSAGE_FLAGS, IN, put_flags32, &message_flags_names) \
	X(SCHED_POLICY, IN, put_named32, &sched_policies_names) \
	X(PRIORITY_WHICH, IN, put_named32, &priorities_names) \
	/* what depends on another argument */ \
	X(CLONE_STACK, IN, put_clone_stack, NULL) \
	X(CLONE_FLAGS, IN, put_clone_flags, NULL) \
	X(CLONE_TLS, IN, put_clone_tls, NULL) \
	X(CLONE_CHILD_TID, IN, put_clone_child_tid, NULL) \
	X(FUTEX_OP, IN, put_named32, &futex_operations_names) \
	X(FUTEX_VALUE, IN, put_futex_value, NULL) \
	X(FUTEX_ADDRESS2, IN, put_futex_address2, NULL) \
	X(FUTEX_VALUE3, IN, put_futex_value3, NULL) \
	X(MREMAP_ADDRESS, IN, put_mremap_address, NULL) \
	X(FCNTL_COMMAND, IN, put_named32, &fcntl_commands_names) \
	X(IOCTL_REQUEST, IN, put_ioctl_request, NULL) \
	X(PRCTL_OPTION, IN, put_named32, &prctl_options_names) \
	X(PRCTL_MORE, IN, put_prctl_more, NULL)

/* and those that may read memory */
#define DECODE_MEMORY_KINDS(X) \
	/* strings and buffers */ \
	X(PATH, IN, put_path, NULL) \
	X(STRING, IN, put_string, NULL) \
	X(BUFFER, IN, put_buffer, NULL) /* as long as the next argument says */ \
	X(OUT_BUFFER, OUT, put_out_buffer, NULL) /* as long as the result */ \
	X(OUT_RANDOM, OUT, put_out_random, NULL) \
	X(OUT_CWD, OUT, put_out_cwd, NULL) \
	X(OUT_ENTRIES, OUT, put_out_entries, NULL) \
	X(STRINGS, IN, put_strings, NULL) \
	X(ENVIRONMENT, IN, put_environment, NULL) \
	X(IOVEC, IN, put_iovec, NULL) \
	X(OUT_IOVEC, AT_RETURN, put_out_iovec, NULL) \
	/* numbers in memory */ \
	X(OUT_PAIR, OUT, put_pair, NULL) \
	X(OUT_INT, OUT, put_int_at, NULL) \
	X(INT_AT, BOTH, put_int_at, NULL) \
	X(OUT_LONG, OUT, put_long_at, NULL) \
	X(OUT_ADDRESS, OUT, put_address_at, NULL) \
	X(LONG_AT, IN, put_long_at, NULL) \
	X(OFFSET, BOTH, put_offset, NULL) \
	X(GROUPS, IN, put_groups, NULL) \
	X(OUT_GROUPS, OUT, put_groups, NULL) \
	X(CPU_SET, IN, put_cpu_set, NULL) \
	X(OUT_CPU_SET, OUT, put_cpu_set, NULL) \
	/* structures */ \
	X(OUT_STAT, OUT, put_stat, NULL) \
	X(OUT_STATX, OUT, put_statx, NULL) \
	X(OUT_STATFS, OUT, put_statfs, NULL) \
	X(OUT_UTSNAME, OUT, put_utsname, NULL) \
	X(OUT_SYSINFO, OUT, put_sysinfo, NULL) \
	X(OUT_RUSAGE, OUT, put_rusage, NULL) \
	X(OUT_WAIT_RUSAGE, OUT, put_wait_rusage, NULL) \
	X(OUT_STATUS, OUT, put_wait_status, NULL) \
	X(SIGINFO, IN, put_siginfo, NULL) \
	X(OUT_SIGINFO, OUT, put_siginfo, NULL) \
	X(RLIMIT, IN, put_rlimit, NULL) \
	X(OUT_RLIMIT, OUT, put_rlimit, NULL) \
	X(OUT_DATE, OUT, put_out_date, NULL) \
	X(OUT_TIMES, OUT, put_times, NULL) \
	X(TIMESPEC, IN, put_timespec, NULL) \
	X(OUT_TIMESPEC, OUT, put_timespec, NULL) \
	X(OUT_REMAINING, OUT, put_remaining, NULL) \
	X(TIMEVAL, IN, put_timeval, NULL) \
	X(OUT_TIMEVAL, OUT, put_timeval, NULL) \
	X(TIMEZONE, IN, put_timezone, NULL) \
	X(OUT_TIMEZONE, OUT, put_timezone, NULL) \
	X(UTIMES, IN, put_utimes, NULL) \
	X(ITIMERVAL, IN, put_itimerval, NULL) \
	X(OUT_ITIMERVAL, OUT, put_itimerval, NULL) \
	X(SIGACTION, IN, put_sigaction, NULL) \
	X(OUT_SIGACTION, OUT, put_sigaction, NULL) \
	X(SIGSET, IN, put_sigset_at, NULL) \
	X(OUT_SIGSET, OUT, put_sigset_at, NULL) \
	X(SIGALTSTACK, IN, put_sigaltstack, NULL) \
	X(OUT_SIGALTSTACK, OUT, put_sigaltstack, NULL) \
	X(SIGNAL_FRAME, IN, put_signal_frame, NULL) \
	X(POLLFDS, IN, put_pollfds, NULL) \
	X(FD_SET, IN, put_fd_set, NULL) \
	X(SELECT_MASK, IN, put_select_mask, NULL) \
	X(SOCKET_ADDRESS, IN, put_socket_address, NULL) \
	X(OUT_SOCKET_ADDRESS, OUT, put_out_socket_address, NULL) \
	X(OPTION, IN, put_option, NULL) \
	X(OUT_OPTION, OUT, put_out_option, NULL) \
	/* what depends on another argument */ \
	X(CLONE_PARENT_TID, BOTH, put_clone_parent_tid, NULL) \
	X(CLONE_ARGS, BOTH, put_clone_args, NULL) \
	X(FUTEX_TIMEOUT, IN, put_futex_timeout, NULL) \
	X(FCNTL_VALUE, BOTH, put_fcntl_value, NULL) \
	X(IOCTL_VALUE, BOTH, put_ioctl_value, NULL) \
	X(PRCTL_VALUE, BOTH, put_prctl_value, NULL) \
	X(ARCH_VALUE, BOTH, put_arch_value, NULL)

#define DECODE_KINDS(X) DECODE_PLAIN_KINDS(X) DECODE_MEMORY_KINDS(X)

/* X(how, function): how a result that is no error is shown */
#define DECODE_RESULTS(X) \
	X(NUMBER, put_result_number) \
	X(ADDRESS, put_result_address) \
	X(OCTAL, put_result_octal) \
	X(NEVER, put_result_never) \
	X(FCNTL, put_result_fcntl) \
	X(POLL, put_result_poll) \
	X(PPOLL, put_result_ppoll) \
	X(SELECT, put_result_select) \
	X(PSELECT, put_result_pselect) \
	X(PRCTL, put_result_prctl) \
	X(MEMBARRIER, put_result_membarrier) \
	X(DATE, put_result_date)

/* clang-format on */

enum kind_number {
	KIND_NONE,
#define X(kind, when, function, names) KIND_##kind,
	DECODE_PLAIN_KINDS(X) KIND_LAST_PLAIN,
	KIND_BEFORE_MEMORY = KIND_LAST_PLAIN - 1,
	DECODE_MEMORY_KINDS(X)
#undef X
};

static inline bool kind_reads_memory(unsigned kind)
{
	return kind >= KIND_LAST_PLAIN;
}

enum result_number {
#define X(how, function) RESULT_##how,
	DECODE_RESULTS(X)
#undef X
};

struct kind {
	enum when when;
	put_argument *put;
	const void *names;
};

extern const struct kind kinds[]; /* by KIND_* */
typedef void put_result(struct decoder *decoder);
extern put_result *const results[]; /* by RESULT_* */

#define X(kind, when, function, names) put_argument function;
DECODE_KINDS(X)
#undef X
#define X(how, function) put_result function;
DECODE_RESULTS(X)
#undef X

/* Parts that several files use */
void put_signal(struct decoder *decoder, uint64_t number);           /* "SIGINT", "SIGRT_1" */
void put_sigset(struct decoder *decoder, uint64_t mask);             /* "[INT]", "~[RTMIN]" */
void put_file_type_and_mode(struct decoder *decoder, uint32_t mode); /* "S_IFREG|0644" */
void put_mode_number(struct decoder *decoder, uint32_t mode);        /* "0644" */
void put_timespec_value(struct decoder *decoder, const int64_t time[2]);
void put_timeval_value(struct decoder *decoder, const int64_t time[2]);

#endif
