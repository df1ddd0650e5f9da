/* SPDX-License-Identifier: MIT */
/* hypercall.c: the table of hypercalls. */
#include "hypercall.h"

#include <errno.h>
#include <string.h>

#include "abi.h"
#include "files/file_service.h"
#include "walk.h"

#define CHUNK 4096

struct call {
	struct guest_ram *ram;
	struct device_host *host;
	gpa_t cr3;
	uint64_t args[3];
};

static int64_t call_exit(struct call *call)
{
	uint64_t signal = call->args[1];

	if (signal > 127)
		return -EINVAL;
	call->host->end = signal != 0 ? GUEST_KILLED : GUEST_EXITED;
	call->host->no_memory = signal != 0 && call->args[2] == 1;
	call->host->code = signal != 0 ? (int)signal : (int)(call->args[0] & 0xff);
	return 0;
}

static int64_t call_console_write(struct call *call)
{
	int descriptor = call->args[0] == 1 ? call->host->output : call->args[0] == 2 ? call->host->error_output : -1;
	uint8_t bytes[CHUNK];
	uint64_t done = 0;

	if (descriptor < 0)
		return -EBADF;
	while (done < call->args[2]) {
		uint64_t wanted = call->args[2] - done < CHUNK ? call->args[2] - done : CHUNK;
		uint64_t got = walk_read(call->ram, call->cr3, call->args[1] + done, bytes, wanted);
		ssize_t written;

		if (got == 0)
			return done > 0 ? (int64_t)done : -EFAULT;
		written = device_host_write(call->host, descriptor, bytes, got);
		if (written < 0)
			return done > 0 ? (int64_t)done : written;
		done += (uint64_t)written;
		if ((uint64_t)written < wanted)
			break;
		/* Few frames can be mapped at very many addresses: the guest may not outlive its timeout in here. */
		if (call->host->stopped != NULL && call->host->stopped())
			break;
	}
	return (int64_t)done;
}

static int64_t call_console_read(struct call *call)
{
	uint8_t bytes[CHUNK];
	uint64_t wanted = call->args[2] < CHUNK ? call->args[2] : CHUNK;
	ssize_t got;

	if (call->args[0] != 0)
		return -EBADF;
	if (wanted == 0)
		return 0;
	/* Before input is consumed: is there room for it? Writing back what is there changes nothing. */
	wanted = walk_read(call->ram, call->cr3, call->args[1], bytes, wanted);
	wanted = walk_write(call->ram, call->cr3, call->args[1], bytes, wanted);
	if (wanted == 0)
		return -EFAULT;
	got = device_host_read(call->host, bytes, wanted);
	if (got <= 0)
		return got;
	return (int64_t)walk_write(call->ram, call->cr3, call->args[1], bytes, (uint64_t)got);
}

static int64_t call_panic(struct call *call)
{
	char *text = call->host->panic;
	uint64_t wanted = call->args[2] < sizeof(call->host->panic) - 1 ? call->args[2] : sizeof(call->host->panic) - 1;
	uint64_t got = walk_read(call->ram, call->cr3, call->args[1], text, wanted);

	for (uint64_t i = 0; i < got; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = ' '; /* it becomes one line on a terminal */
	while (got > 0 && text[got - 1] == ' ')
		got--;
	text[got] = '\0';
	call->host->end = GUEST_PANICKED;
	return 0;
}

static int64_t call_zero_pages(struct call *call)
{
	uint64_t pages = call->args[1];
	void *bytes;

	if (call->args[0] % PAGE_SIZE != 0 || pages > call->ram->size / PAGE_SIZE)
		return -EINVAL;
	bytes = gpa_to_hva(call->ram, call->args[0], pages * PAGE_SIZE);
	if (bytes == NULL)
		return -EFAULT;
	memset(bytes, 0, pages * PAGE_SIZE);
	return 0;
}

static int64_t call_copy_page(struct call *call)
{
	void *to = gpa_to_hva(call->ram, call->args[0], PAGE_SIZE);
	const void *from = gpa_to_hva(call->ram, call->args[1], PAGE_SIZE);

	if (call->args[0] % PAGE_SIZE != 0 || call->args[1] % PAGE_SIZE != 0)
		return -EINVAL;
	if (to == NULL || from == NULL)
		return -EFAULT;
	memmove(to, from, PAGE_SIZE);
	return 0;
}

static int64_t call_file(struct call *call)
{
	if (call->host->files == NULL)
		return -ENOSYS;
	return file_service_request(call->host->files, call->cr3, call->args[0]);
}

/* Only for the report: run_handle_io() passes it on to the tracer. */
static int64_t call_unimplemented(struct call *call)
{
	(void)call;
	return 0;
}

static const struct {
	const char *name;
	int64_t (*call)(struct call *call);
} calls[] = {
	[VMM_HYPERCALL_EXIT] = {"exit", call_exit},
	[VMM_HYPERCALL_CONSOLE_WRITE] = {"console_write", call_console_write},
	[VMM_HYPERCALL_CONSOLE_READ] = {"console_read", call_console_read},
	[VMM_HYPERCALL_PANIC] = {"panic", call_panic},
	[VMM_HYPERCALL_ZERO_PAGES] = {"zero_pages", call_zero_pages},
	[VMM_HYPERCALL_COPY_PAGE] = {"copy_page", call_copy_page},
	[VMM_HYPERCALL_FILE] = {"file", call_file},
	[VMM_HYPERCALL_UNIMPLEMENTED] = {"unimplemented", call_unimplemented},
};

void hypercall(struct guest_ram *ram, struct device_host *host, const struct cpu_state *state, struct event_exit *event)
{
	struct call call = {ram, host, state->cr3, {state->rdi, state->rsi, state->rcx}};
	uint32_t number = (uint32_t)state->rax; /* `out` wrote eax */

	memcpy(event->args, call.args, sizeof(event->args));
	event->device = "hypercall";
	if (number >= sizeof(calls) / sizeof(calls[0]) || calls[number].call == NULL) {
		event->call = "unknown";
		event->result = -ENOSYS;
		return;
	}
	event->call = calls[number].name;
	event->result = calls[number].call(&call);
}
