/* SPDX-License-Identifier: MIT */
/* process.c: calls about processes and memory whose arguments depend on each other. */
#include <inttypes.h>

#include "kinds.h"

#define CSIGNAL_              0xff
#define CLONE_PIDFD_          0x1000
#define CLONE_SETTLS_         0x80000
#define CLONE_PARENT_SETTID_  0x100000
#define CLONE_CHILD_CLEARTID_ 0x200000
#define CLONE_CHILD_SETTID_   0x1000000
#define MREMAP_NEW_ADDRESS    6 /* MREMAP_FIXED | MREMAP_DONTUNMAP */

/* clone(flags, stack, parent_tid, child_tid, tls): shown in another order, by name, and only what the flags use */

static uint64_t clone_flags(const struct decoder *decoder)
{
	return (uint32_t)argument(decoder, 0);
}

void put_clone_stack(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)value, (void)names;
	put(decoder, "child_stack=");
	put_address(decoder, argument(decoder, 1));
}

static void put_clone_flag_names(struct decoder *decoder, uint64_t flags)
{
	uint64_t signal = flags & CSIGNAL_, rest = flags & ~(uint64_t)CSIGNAL_;

	put(decoder, "flags=");
	if (rest != 0)
		put_flags(decoder, rest, &clone_flags_names);
	if (rest != 0 && signal != 0)
		put(decoder, "|");
	if (signal != 0)
		put_signal(decoder, signal);
	else if (rest == 0)
		put(decoder, "0");
}

void put_clone_flags(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)value, (void)names;
	put_clone_flag_names(decoder, clone_flags(decoder));
}

void put_clone_parent_tid(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t flags = clone_flags(decoder);

	decoder->omit = !(flags & (CLONE_PARENT_SETTID_ | CLONE_PIDFD_));
	put(decoder, flags & CLONE_PIDFD_ ? "pidfd=" : "parent_tid=");
	if (decoder->returned && !decoder->failed)
		put_int_at(decoder, value, names);
	else
		put_address(decoder, value);
}

void put_clone_tls(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)value;
	decoder->omit = !(clone_flags(decoder) & CLONE_SETTLS_);
	put(decoder, "tls=");
	put_hex(decoder, argument(decoder, 4), names);
}

void put_clone_child_tid(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)value, (void)names;
	decoder->omit = !(clone_flags(decoder) & (CLONE_CHILD_SETTID_ | CLONE_CHILD_CLEARTID_));
	put(decoder, "child_tidptr=");
	put_hex(decoder, argument(decoder, 3), names);
}

struct linux_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

/* " => {parent_tid=[5]}": what the kernel has written */
static void put_clone_results(struct decoder *decoder, const struct linux_clone_args *args)
{
	uint32_t number;
	bool any = false;

	if ((args->flags & CLONE_PIDFD_) &&
	    decoder->memory->read(decoder->memory->context, args->pidfd, &number, 4) == 4) {
		put(decoder, " => {pidfd=[%" PRIu32 "]", number);
		any = true;
	}
	if ((args->flags & CLONE_PARENT_SETTID_) &&
	    decoder->memory->read(decoder->memory->context, args->parent_tid, &number, 4) == 4) {
		put(decoder, "%sparent_tid=[%" PRIu32 "]", any ? ", " : " => {", number);
		any = true;
	}
	put(decoder, any ? "}" : "");
}

void put_clone_args(struct decoder *decoder, uint64_t value, const void *names)
{
	struct linux_clone_args args;

	(void)names;
	if (argument(decoder, 1) < sizeof(args)) {
		put_address(decoder, value);
		return;
	}
	if (!fetch_or_null(decoder, value, &args, sizeof(args)))
		return;
	put(decoder, "{flags=");
	put_flags(decoder, args.flags, &clone_flags_names);
	if (args.flags & CLONE_PIDFD_)
		put(decoder, ", pidfd=%#" PRIx64, args.pidfd);
	if (args.flags & (CLONE_CHILD_SETTID_ | CLONE_CHILD_CLEARTID_))
		put(decoder, ", child_tid=%#" PRIx64, args.child_tid);
	if (args.flags & CLONE_PARENT_SETTID_)
		put(decoder, ", parent_tid=%#" PRIx64, args.parent_tid);
	put(decoder, ", exit_signal=");
	put_signal(decoder, args.exit_signal);
	put(decoder, ", stack=");
	put_address(decoder, args.stack);
	put(decoder, ", stack_size=%#" PRIx64, args.stack_size);
	if (args.flags & CLONE_SETTLS_)
		put(decoder, ", tls=%#" PRIx64, args.tls);
	put(decoder, "}");
	if (decoder->returned && !decoder->failed)
		put_clone_results(decoder, &args);
}

/* futex(address, operation, value, timeout or value2, address2, value3): the operation says how many */

enum futex_operation {
	WAIT,
	WAKE,
	REQUEUE = 3,
	CMP_REQUEUE,
	WAKE_OP,
	LOCK_PI,
	UNLOCK_PI,
	TRYLOCK_PI,
	WAIT_BITSET,
	WAKE_BITSET,
	WAIT_REQUEUE_PI,
	CMP_REQUEUE_PI,
	LOCK_PI2
};
#define BIT(operation) (1U << (operation))

static bool futex_is(const struct decoder *decoder, unsigned operations)
{
	unsigned operation = argument(decoder, 1) & 0x7f;

	/* an unknown operation shows all arguments */
	return operation > LOCK_PI2 || operation == 2 || (operations & BIT(operation));
}

void put_futex_value(struct decoder *decoder, uint64_t value, const void *names)
{
	unsigned operation = argument(decoder, 1) & 0x7f;

	decoder->omit = futex_is(decoder, BIT(LOCK_PI) | BIT(LOCK_PI2) | BIT(UNLOCK_PI) | BIT(TRYLOCK_PI)) &&
			operation <= LOCK_PI2 && operation != 2;
	put_unsigned(decoder, value, names);
}

void put_futex_timeout(struct decoder *decoder, uint64_t value, const void *names)
{
	static const unsigned timeouts =
		BIT(WAIT) | BIT(WAIT_BITSET) | BIT(LOCK_PI) | BIT(LOCK_PI2) | BIT(WAIT_REQUEUE_PI);
	unsigned operation = argument(decoder, 1) & 0x7f;

	decoder->omit =
		!futex_is(decoder, timeouts | BIT(REQUEUE) | BIT(CMP_REQUEUE) | BIT(CMP_REQUEUE_PI) | BIT(WAKE_OP));
	if (operation <= LOCK_PI2 && (timeouts & BIT(operation)))
		put_timespec(decoder, value, names);
	else if (operation > LOCK_PI2)
		put_hex(decoder, value, names);
	else
		put_unsigned(decoder, value, names);
}

void put_futex_address2(struct decoder *decoder, uint64_t value, const void *names)
{
	unsigned operation = argument(decoder, 1) & 0x7f;

	if (operation == WAIT_BITSET) { /* nothing is said of the address that it does not use */
		put_address(decoder, value);
		decoder->omit = true;
		return;
	}
	decoder->omit = !futex_is(decoder, BIT(REQUEUE) | BIT(CMP_REQUEUE) | BIT(CMP_REQUEUE_PI) | BIT(WAKE_OP) |
						   BIT(WAIT_REQUEUE_PI));
	put_plain_address(decoder, value, names);
}

void put_futex_value3(struct decoder *decoder, uint64_t value, const void *names)
{
	unsigned operation = argument(decoder, 1) & 0x7f;

	decoder->omit = !futex_is(decoder, BIT(WAIT_BITSET) | BIT(WAKE_BITSET) | BIT(CMP_REQUEUE) |
						   BIT(CMP_REQUEUE_PI) | BIT(WAKE_OP));
	if ((operation == WAIT_BITSET || operation == WAKE_BITSET) && (uint32_t)value == UINT32_MAX)
		put(decoder, "FUTEX_BITSET_MATCH_ANY");
	else if (operation == CMP_REQUEUE || operation == CMP_REQUEUE_PI)
		put_unsigned(decoder, value, names);
	else
		put_hex32(decoder, value, names);
}

void put_mremap_address(struct decoder *decoder, uint64_t value, const void *names)
{
	decoder->omit = !(argument(decoder, 3) & MREMAP_NEW_ADDRESS);
	put_plain_address(decoder, value, names);
}

/* prctl(option, ...) */

enum {
	PR_SET_PDEATHSIG_ = 1,
	PR_GET_PDEATHSIG_ = 2,
	PR_GET_DUMPABLE_ = 3,
	PR_SET_DUMPABLE_ = 4,
	PR_SET_NAME_ = 15,
	PR_GET_NAME_ = 16,
	PR_GET_TID_ADDRESS_ = 40
};
#define PR_NAME_BYTES 15

void put_prctl_value(struct decoder *decoder, uint64_t value, const void *names)
{
	/* options without an argument: the various PR_GET_* that return the value */
	static const uint64_t without = 1ULL << 3 | 1ULL << 7 | 1ULL << 13 | 1ULL << 21 | 1ULL << 27 | 1ULL << 30;
	uint32_t option = (uint32_t)argument(decoder, 0);

	decoder->omit = option < 64 && (without >> option & 1);
	if (option == PR_SET_NAME_)
		put_path_at(decoder, value, PR_NAME_BYTES);
	else if (option == PR_GET_NAME_ && decoder->returned && !decoder->failed)
		put_path_at(decoder, value, PR_NAME_BYTES);
	else if (option == PR_GET_TID_ADDRESS_ && decoder->returned && !decoder->failed)
		put_address_at(decoder, value, names);
	else if (option == PR_GET_PDEATHSIG_ && decoder->returned && !decoder->failed)
		put_int_at(decoder, value, names);
	else if (option == PR_SET_DUMPABLE_)
		put_named(decoder, value, &dumpable_names);
	else if (option == PR_SET_PDEATHSIG_)
		put_signal(decoder, value);
	else if (option == PR_GET_NAME_ || option == PR_GET_TID_ADDRESS_ || option == PR_GET_PDEATHSIG_)
		put_address(decoder, value);
	else if (value < 4096 && option <= 38)
		put_size(decoder, value, names);
	else
		put_hex(decoder, value, names);
}

void put_result_prctl(struct decoder *decoder)
{
	const char *name = value_name((uint64_t)decoder->result, &dumpable_names);

	put_result_number(decoder);
	if ((uint32_t)argument(decoder, 0) == PR_GET_DUMPABLE_ && name != NULL)
		put(decoder, " (%s)", name);
}

void put_result_membarrier(struct decoder *decoder)
{
	put_hex(decoder, (uint64_t)decoder->result, NULL);
	if ((uint32_t)argument(decoder, 0) != 0 || decoder->result == 0)
		return;
	put(decoder, " (");
	put_flags(decoder, (uint64_t)decoder->result, &membarrier_commands_names);
	put(decoder, ")");
}

/* Arguments 3 to 5 are shown of those options that use them or insist on zeros. */
void put_prctl_more(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t option = (uint32_t)argument(decoder, 0);

	decoder->omit = option <= 34 || option == 36 || option == 37 || option == PR_GET_TID_ADDRESS_;
	put_hex(decoder, value, names);
}

enum { ARCH_GET_FS_ = 0x1003, ARCH_GET_GS_ = 0x1004 };

void put_arch_value(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t code = argument(decoder, 0);

	if ((code == ARCH_GET_FS_ || code == ARCH_GET_GS_) && decoder->returned && !decoder->failed)
		put_address_at(decoder, value, names);
	else
		put_hex(decoder, value, names);
}
