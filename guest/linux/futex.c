/* SPDX-License-Identifier: MIT */
/*
 * futex.c: waiting for a word of user memory to change. A waiter is known by the place of its word: address space and
 * address, or for memory that processes share its physical address.
 */
#include "linux/futex.h"

#include "kernel/clock.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/signal.h"
#include "linux/syscall.h"
#include "linux/time.h"

#define FUTEX_WAIT           0
#define FUTEX_WAKE           1
#define FUTEX_REQUEUE        3
#define FUTEX_CMP_REQUEUE    4
#define FUTEX_WAKE_OP        5
#define FUTEX_WAIT_BITSET    9
#define FUTEX_WAKE_BITSET    10
#define FUTEX_CLOCK_REALTIME 256
#define FUTEX_COMMANDS       0x7f
#define FUTEX_ALL_BITS       UINT32_MAX

#define FUTEX_WAITERS    0x80000000u
#define FUTEX_OWNER_DIED 0x40000000u
#define FUTEX_TID_MASK   0x3fffffffu
#define ROBUST_LIMIT     2048

/* Where a word lies. */
struct place {
	const void *space; /* NULL: `word` is physical */
	uint64_t word;
};

/* The place of a word that can be accessed; 0 or a negative errno. */
static int64_t find_place(uint64_t address, struct place *place)
{
	struct space *space = current_space();
	uint32_t value;
	phys_t phys;

	if (address % sizeof(value) != 0)
		return -EINVAL;
	if (copy_from_user(&value, address, sizeof(value)) != 0)
		return -EFAULT;
	phys = space_shared_frame(space, address);
	*place = phys != 0 ? (struct place){NULL, phys + address % PAGE_SIZE} : (struct place){space, address};
	return 0;
}

struct wake_request {
	struct place place;
	uint32_t bits;
};

static bool waits_there(const struct thread *thread, const struct place *place)
{
	return thread->linux_state.futex == place->word && thread->linux_state.futex_space == place->space;
}

static bool to_be_woken(struct thread *thread, void *context)
{
	const struct wake_request *request = context;

	if (thread->channel != &thread->linux_state.futex || !waits_there(thread, &request->place) ||
	    !(thread->linux_state.futex_bits & request->bits))
		return false;
	thread->linux_state.futex = 0;
	return true;
}

static unsigned wake_at(const struct place *place, unsigned count, uint32_t bits)
{
	struct wake_request request = {.place = *place, .bits = bits};

	return count == 0 ? 0 : wake_matching(to_be_woken, &request, count);
}

void futex_wake_private(uint64_t address, unsigned count)
{
	struct place place;

	if (find_place(address, &place) == 0)
		wake_at(&place, count, FUTEX_ALL_BITS);
}

static int64_t wait(uint64_t address, uint32_t expected, uint64_t deadline, uint32_t bits)
{
	struct linux_thread *state = &current()->linux_state;
	struct place place;
	uint32_t value;
	int64_t result = find_place(address, &place);

	if (result < 0)
		return result;
	if (bits == 0)
		return -EINVAL;
	if (copy_from_user(&value, address, sizeof(value)) != 0)
		return -EFAULT;
	if (value != expected)
		return -EAGAIN;
	state->futex = place.word;
	state->futex_space = place.space;
	state->futex_bits = bits;
	while (state->futex != 0) {
		if (deadline <= clock_now()) {
			state->futex = 0;
			return -ETIMEDOUT;
		}
		if (signal_waits()) {
			state->futex = 0;
			return deadline == NO_DEADLINE ? interrupted(RESTART_SYS) : interrupted(RESTART_NOHAND);
		}
		sleep_on(&state->futex, deadline);
	}
	return 0;
}

struct requeue_request {
	struct place from, to;
	unsigned left;
	int64_t moved;
};

static void move(struct thread *thread, void *context)
{
	struct requeue_request *request = context;

	if (request->left == 0 || thread->state != THREAD_SLEEPS || thread->channel != &thread->linux_state.futex ||
	    !waits_there(thread, &request->from))
		return;
	thread->linux_state.futex = request->to.word;
	thread->linux_state.futex_space = request->to.space;
	request->left--;
	request->moved++;
}

static int64_t requeue(uint64_t from, uint64_t to, unsigned wakes, unsigned moves)
{
	struct requeue_request request = {.left = moves};
	int64_t result = find_place(from, &request.from), woken;

	if (result == 0)
		result = find_place(to, &request.to);
	if (result < 0)
		return result;
	woken = wake_at(&request.from, wakes, FUTEX_ALL_BITS);
	thread_each(move, &request);
	return woken + request.moved;
}

/* FUTEX_WAKE_OP: changes a second word, and wakes waiters there if it was as the operation says. futex(2). */
static int64_t wake_op(uint64_t first, uint64_t second, unsigned wakes, unsigned more_wakes, uint32_t operation)
{
	int32_t argument = (int32_t)(operation << 8) >> 20, compared = (int32_t)(operation << 20) >> 20, old, new;
	struct place place, other;
	int64_t result = find_place(first, &place);
	bool holds;

	if (result == 0)
		result = find_place(second, &other);
	if (result < 0)
		return result;
	if (copy_from_user(&old, second, sizeof(old)) != 0)
		return -EFAULT;
	if (operation & 0x80000000u)
		argument = (int32_t)(1u << (argument & 31));
	switch (operation >> 28 & 7) {
	case 0:
		new = argument;
		break;
	case 1:
		new = (int32_t)((uint32_t)old + (uint32_t)argument);
		break;
	case 2:
		new = old | argument;
		break;
	case 3:
		new = old & ~argument;
		break;
	case 4:
		new = old ^ argument;
		break;
	default:
		return -ENOSYS;
	}
	if (user_exchange(second, (uint32_t)old, (uint32_t) new) != 0)
		return -EAGAIN; /* another CPU was quicker, or it is read-only: Linux would try again, or fault */
	switch (operation >> 24 & 15) {
	case 0:
		holds = old == compared;
		break;
	case 1:
		holds = old != compared;
		break;
	case 2:
		holds = old < compared;
		break;
	case 3:
		holds = old <= compared;
		break;
	case 4:
		holds = old > compared;
		break;
	case 5:
		holds = old >= compared;
		break;
	default:
		return -ENOSYS;
	}
	result = wake_at(&place, wakes, FUTEX_ALL_BITS);
	return holds ? result + wake_at(&other, more_wakes, FUTEX_ALL_BITS) : result;
}

/* When a wait ends: FUTEX_WAIT counts from now, FUTEX_WAIT_BITSET says a time on a clock. */
static int64_t find_deadline(uint64_t address, bool absolute, bool wall, uint64_t *deadline)
{
	struct timespec time;
	uint64_t ns, now;

	if (!absolute || address == 0)
		return time_deadline(address, deadline);
	if (copy_from_user(&time, address, sizeof(time)) != 0)
		return -EFAULT;
	if (time.seconds < 0 || (uint64_t)time.nanoseconds >= NANOSECONDS)
		return -EINVAL;
	now = wall ? clock_wall() : clock_now();
	if (time.seconds > INT32_MAX * INT64_C(4)) {
		*deadline = NO_DEADLINE;
		return 0;
	}
	ns = (uint64_t)time.seconds * NANOSECONDS + (uint64_t)time.nanoseconds;
	*deadline = clock_now() + (ns > now ? ns - now : 0);
	return 0;
}

static bool waits(uint32_t command)
{
	return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
}

/* Priority inheritance and robust operations of newer kernels are not there. */
SYSTEM_CALL(futex, uint64_t address, uint32_t operation, uint32_t value, uint64_t timeout, uint64_t second,
	    uint32_t third)
{
	uint32_t command = operation & FUTEX_COMMANDS, bits = FUTEX_ALL_BITS, seen;
	struct place place;
	uint64_t deadline;
	int64_t result;

	if (command == FUTEX_WAIT_BITSET || command == FUTEX_WAKE_BITSET)
		bits = third;
	if (waits(command)) {
		result = find_deadline(timeout, command == FUTEX_WAIT_BITSET, operation & FUTEX_CLOCK_REALTIME,
				       &deadline);
		return result < 0 ? result : wait(address, value, deadline, bits);
	}
	switch (command) {
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		result = bits == 0 ? -EINVAL : find_place(address, &place);
		return result < 0 ? result : wake_at(&place, value, bits);
	case FUTEX_CMP_REQUEUE:
		if (copy_from_user(&seen, address, sizeof(seen)) != 0)
			return -EFAULT;
		if (seen != third)
			return -EAGAIN;
		return requeue(address, second, value, (unsigned)timeout);
	case FUTEX_REQUEUE:
		return requeue(address, second, value, (unsigned)timeout);
	case FUTEX_WAKE_OP:
		return wake_op(address, second, value, (unsigned)timeout, third);
	default:
		return -ENOSYS;
	}
}

/* Marks a mutex whose owner has ended without unlocking it, and wakes one who waits for it. */
static void release_robust(const struct thread *thread, uint64_t word)
{
	uint32_t value;

	if (word % sizeof(value) != 0 || copy_from_user(&value, word, sizeof(value)) != 0 ||
	    (value & FUTEX_TID_MASK) != thread->tid)
		return;
	if (user_exchange(word, value, (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED) == 0 && (value & FUTEX_WAITERS))
		futex_wake_private(word, 1);
}

/* struct robust_list_head: the list, the offset of the word from a list entry, an entry that is being changed. Entries
   with bit 0 set are for priority inheritance. */
void futex_release_robust(struct thread *thread)
{
	struct {
		uint64_t first, offset, changing;
	} head;
	uint64_t list = thread->linux_state.robust_list, entry;

	if (list == 0 || copy_from_user(&head, list, sizeof(head)) != 0)
		return;
	entry = head.first & ~UINT64_C(1);
	for (int i = 0; i < ROBUST_LIMIT && entry != list; i++) {
		uint64_t next;

		if (copy_from_user(&next, entry, sizeof(next)) != 0)
			break;
		if (entry != (head.changing & ~UINT64_C(1)))
			release_robust(thread, entry + head.offset);
		entry = next & ~UINT64_C(1);
	}
	if (head.changing != 0)
		release_robust(thread, (head.changing & ~UINT64_C(1)) + head.offset);
}

SYSTEM_CALL(set_robust_list, uint64_t head, uint64_t bytes)
{
	if (bytes != 24) /* sizeof(struct robust_list_head) */
		return -EINVAL;
	current()->linux_state.robust_list = head;
	return 0;
}

SYSTEM_CALL(get_robust_list, int tid, uint64_t head_address, uint64_t bytes_address)
{
	const struct thread *thread = tid == 0 ? current() : thread_find((uint32_t)tid);
	uint64_t bytes = 24;

	if (thread == NULL)
		return -ESRCH;
	if (copy_to_user(bytes_address, &bytes, sizeof(bytes)) != 0)
		return -EFAULT;
	return copy_to_user(head_address, &thread->linux_state.robust_list, sizeof(uint64_t));
}
