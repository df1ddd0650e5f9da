/* SPDX-License-Identifier: MIT */
/* probe_stop.c: runs a probe guest to its next stop, and says what that was. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probes.h"

uint64_t probe_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The frame that the CPU pushed lies where rsp points, with the error code below it. */
static void read_frame(struct probe_guest *guest, struct probe_stop *stop)
{
	uint64_t words[6] = {0};
	size_t first = stop->number < VECTOR_EXCEPTIONS ? VECTORS_WITH_ERROR_CODE >> stop->number & 1 : 0;
	uint64_t offset = stop->cpu.rsp - PROBE_KERNEL_STACK;
	size_t size = (first + 5) * sizeof(words[0]);

	if (offset > PAGE_SIZE - size)
		return;
	memcpy(words, (uint8_t *)probe_page(guest, PROBE_KERNEL_STACK) + offset, size);
	stop->error = first ? (uint32_t)words[0] : 0;
	memcpy(&stop->frame, words + first, sizeof(stop->frame));
}

void probe_go(struct probe_guest *guest, struct probe_stop *stop)
{
	const struct kvm_run *run = guest->vcpu.run;
	uint64_t end = probe_now_ns() + guest->limit_ns;
	int error;

	do
		error = vcpu_run(&guest->vcpu);
	while (error == EINTR && probe_now_ns() < end);
	*stop = (struct probe_stop){.kind = STOP_EXIT, .number = run->exit_reason};
	vcpu_state(&guest->vcpu, &stop->cpu);
	if (error != 0) {
		stop->kind = error == EINTR ? STOP_LIMIT : STOP_REFUSED;
		stop->number = (unsigned)error;
	} else if (run->exit_reason == KVM_EXIT_IO && run->io.direction == KVM_EXIT_IO_OUT) {
		stop->kind = run->io.size == 1 ? STOP_VECTOR : STOP_MARK;
		stop->number = run->io.port;
		if (stop->kind == STOP_VECTOR)
			read_frame(guest, stop);
	}
}

void probe_run(struct probe_guest *guest, const struct probe_start *start, struct probe_stop *stop)
{
	probe_set(guest, start);
	probe_go(guest, stop);
}

bool probe_ended_at(const struct probe_stop *stop, const uint8_t *label)
{
	return stop->kind == STOP_VECTOR && stop->number == VECTOR_UD && stop->cpu.ring == 0 &&
	       stop->frame.cs == SELECTOR_USER_CODE && stop->frame.rip == probe_address(label);
}

bool probe_done(const struct probe_stop *stop)
{
	return stop->kind == STOP_MARK && stop->number == PROBE_PORT_DONE && stop->cpu.ring == 0;
}

static void vector_words(const struct probe_stop *stop, char *text, size_t size)
{
	static const char *const names[VECTOR_EXCEPTIONS] = {
		"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", NULL, "#TS", "#NP", "#SS", "#GP", "#PF",
	};
	unsigned from = stop->frame.cs & 3;

	if (stop->number == VECTOR_PF)
		snprintf(text, size, "#PF in ring %u, error 0x%x, address 0x%" PRIx64, from, stop->error,
			 stop->cpu.cr2);
	else if (stop->number >= VECTOR_EXCEPTIONS || names[stop->number] == NULL)
		snprintf(text, size, "vector %u in ring %u", stop->number, from);
	else if (VECTORS_WITH_ERROR_CODE >> stop->number & 1)
		snprintf(text, size, "%s in ring %u, error 0x%x", names[stop->number], from, stop->error);
	else
		snprintf(text, size, "%s in ring %u", names[stop->number], from);
}

static void exit_words(const struct probe_stop *stop, char *text, size_t size)
{
	switch (stop->number) {
	case KVM_EXIT_SHUTDOWN:
		snprintf(text, size, "triple fault");
		break;
	case KVM_EXIT_DEBUG:
		snprintf(text, size, "a debug exit");
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		snprintf(text, size, "KVM cannot run it");
		break;
	default:
		snprintf(text, size, "KVM exit %u", stop->number);
	}
}

const char *probe_words(const struct probe_stop *stop, char *text, size_t size)
{
	switch (stop->kind) {
	case STOP_VECTOR:
		vector_words(stop, text, size);
		break;
	case STOP_MARK:
		snprintf(text, size, "it went on, ring %u, rip 0x%" PRIx64, stop->cpu.ring, stop->cpu.rip);
		break;
	case STOP_EXIT:
		exit_words(stop, text, size);
		break;
	case STOP_LIMIT:
		snprintf(text, size, "nothing happened; stopped in ring %u at 0x%" PRIx64, stop->cpu.ring,
			 stop->cpu.rip);
		break;
	case STOP_REFUSED:
		snprintf(text, size, "KVM_RUN: %s", strerror((int)stop->number));
		break;
	}
	return text;
}

bool probe_unexpected(struct finding *finding, const struct probe_stop *stop)
{
	char words[80];

	return finding_no(finding, "%s", probe_words(stop, words, sizeof(words)));
}
