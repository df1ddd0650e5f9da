/* SPDX-License-Identifier: MIT */
/*
 * request.c: the hypercall, and what to do when the VMM meets user memory that is not there yet: only the kernel can
 * bring it in.
 */
#include "linux/request.h"

#include "kernel/hypercall.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"

#define STRING_MAX 4096
#define TCSETS     0x5402
#define TCSETSF    0x5404
#define AHEAD      UINT64_C(0x10000) /* how much is brought in at a time */

/* Does the operation write to its buffer? */
static bool fills_buffer(const struct vmm_file_request *request)
{
	switch (request->operation) {
	case VMM_FILE_WRITE:
	case VMM_FILE_UTIMENS:
		return false;
	case VMM_FILE_CONTROL:
		return request->flags < TCSETS || request->flags > TCSETSF;
	default:
		return true;
	}
}

static bool is_user(uint64_t address)
{
	return address != 0 && address < USER_TOP;
}

/* A string is at most two pages long in part; whether its end can be reached, the VMM will say. */
static bool bring_in_string(uint64_t address)
{
	uint64_t next = (address | (PAGE_SIZE - 1)) + 1;
	bool first = user_bring_in(address, 1, false) != 0;

	if (first && next < USER_TOP)
		user_bring_in(next, 1, false);
	return first;
}

/* False: nothing was, so that trying again has no sense. */
static bool bring_in(const struct vmm_file_request *request)
{
	bool any = false;

	if (is_user(request->path))
		any |= bring_in_string(request->path);
	if (is_user(request->path2))
		any |= bring_in_string(request->path2);
	if (is_user(request->buffer) && request->bytes != 0) {
		uint64_t bytes = request->bytes < AHEAD ? request->bytes : AHEAD;

		any |= user_bring_in(request->buffer, bytes, fills_buffer(request)) != 0;
	}
	return any;
}

static int64_t ask(struct vmm_file_request *request)
{
	return user_access_hypercall(VMM_HYPERCALL_FILE, (uint64_t)request, 0, 0);
}

int64_t file_request(struct vmm_file_request *request)
{
	int64_t result;

	request->pid = current_process()->pid;
	result = ask(request);
	if (result == -EFAULT && bring_in(request))
		result = ask(request);
	return result;
}

int64_t file_transfer(struct vmm_file_request *request)
{
	int64_t done = 0;

	for (;;) {
		int64_t result = file_request(request);

		if (result < 0)
			return done > 0 ? done : result;
		done += result;
		request->buffer += (uint64_t)result;
		request->bytes -= (uint64_t)result;
		if (!request->fault || request->bytes == 0 || !bring_in(request))
			return done;
	}
}

void request_close(int32_t handle)
{
	struct vmm_file_request request = {.operation = VMM_FILE_CLOSE, .handle = handle};

	file_request(&request);
}
