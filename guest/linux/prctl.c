/* SPDX-License-Identifier: MIT */
/* prctl.c: what a process may set about itself. What is not here gives -EINVAL, as from an older Linux. */
#include "kernel/memory.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define PR_SET_PDEATHSIG       1
#define PR_GET_PDEATHSIG       2
#define PR_GET_DUMPABLE        3
#define PR_SET_DUMPABLE        4
#define PR_GET_KEEPCAPS        7
#define PR_SET_NAME            15
#define PR_GET_NAME            16
#define PR_GET_SECCOMP         21
#define PR_CAPBSET_READ        23
#define PR_SET_TIMERSLACK      29
#define PR_GET_TIMERSLACK      30
#define PR_SET_CHILD_SUBREAPER 36
#define PR_GET_CHILD_SUBREAPER 37
#define PR_SET_NO_NEW_PRIVS    38
#define PR_GET_NO_NEW_PRIVS    39
#define PR_SET_THP_DISABLE     41
#define PR_GET_THP_DISABLE     42

#define NAME_BYTES    16
#define CAPABILITIES  41
#define TIMERSLACK_NS 50000

/* Bytes after the NUL are cleared, so that nothing of an older name shows. */
static int64_t set_name(uint64_t address)
{
	char name[NAME_BYTES];
	int64_t length = copy_string_from_user(name, address, sizeof(name) - 1);
	char *to = thread_name(current());

	if (length == -EFAULT)
		return -EFAULT;
	if (length < 0)
		length = NAME_BYTES - 1;
	(memset)(to, 0, VMM_PROCESS_NAME);
	(memcpy)(to, name, (size_t)length);
	return 0;
}

static int64_t get_name(uint64_t address)
{
	char name[NAME_BYTES];

	memcpy(name, thread_name(current()), NAME_BYTES);
	name[NAME_BYTES - 1] = '\0';
	return copy_to_user(address, name, sizeof(name));
}

static int64_t put_number(uint64_t address, uint32_t number)
{
	return copy_to_user(address, &number, sizeof(number));
}

static int64_t set(struct linux_process *state, int option, uint64_t value, uint64_t rest)
{
	switch (option) {
	case PR_SET_PDEATHSIG:
		if (value > SIGNALS)
			return -EINVAL;
		state->death_signal = (uint8_t)value;
		return 0;
	case PR_SET_DUMPABLE:
		if (value > 1)
			return -EINVAL;
		state->not_dumpable = value == 0;
		return 0;
	case PR_SET_NO_NEW_PRIVS:
		if (value != 1 || rest != 0)
			return -EINVAL;
		state->no_new_privileges = true;
		return 0;
	case PR_SET_TIMERSLACK:
	case PR_SET_THP_DISABLE:
		return 0;
	default:
		return -EINVAL;
	}
}

SYSTEM_CALL(prctl, int option, uint64_t value, uint64_t third, uint64_t fourth, uint64_t fifth)
{
	struct linux_process *state = &current_process()->linux_state;

	switch (option) {
	case PR_SET_NAME:
		return set_name(value);
	case PR_GET_NAME:
		return get_name(value);
	case PR_GET_PDEATHSIG:
		return put_number(value, state->death_signal);
	case PR_SET_CHILD_SUBREAPER:
		state->subreaper = value != 0;
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_number(value, state->subreaper);
	case PR_GET_DUMPABLE:
		return !state->not_dumpable;
	case PR_GET_NO_NEW_PRIVS:
		return value != 0 || third != 0 || fourth != 0 || fifth != 0 ? -EINVAL : state->no_new_privileges;
	case PR_CAPBSET_READ:
		return value < CAPABILITIES ? 1 : -EINVAL;
	case PR_GET_TIMERSLACK:
		return TIMERSLACK_NS;
	case PR_GET_KEEPCAPS:
	case PR_GET_SECCOMP:
	case PR_GET_THP_DISABLE:
		return 0;
	default:
		return set(state, option, value, third | fourth | fifth);
	}
}
