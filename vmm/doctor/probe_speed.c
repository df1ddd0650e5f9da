/* SPDX-License-Identifier: MIT */
/* probe_speed.c: what an exit costs, and whether ring 0 runs or is interpreted. */
#include "probes.h"

#include <inttypes.h>
#include <stdlib.h>

#define WARM_UP        20
#define ROUNDS         301
#define REPEATS        4
#define LONG_ENOUGH_NS UINT64_C(2000000)
#define FIRST_COUNT    UINT64_C(500)
#define LAST_COUNT     (UINT64_C(1) << 24)
#define SLOW_RATIO     20 /* no CPU runs ring 0 that much slower than ring 3 */

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

bool probe_exit_cost(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	uint64_t times[ROUNDS];
	struct probe_stop stop;

	(void)unused;
	probe_set(guest, &(struct probe_start){.code = probe_outs});
	for (unsigned i = 0; i < WARM_UP; i++)
		probe_go(guest, &stop);
	if (!probe_done(&stop))
		return probe_unexpected(finding, &stop);
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t start = probe_now_ns();

		(void)vcpu_run(&guest->vcpu); /* one that a signal cuts short is an outlier, and the median stands */
		times[i] = probe_now_ns() - start;
	}
	qsort(times, ROUNDS, sizeof(times[0]), compare);
	return finding_ok(finding, "%" PRIu64 " ns (median of %d; fastest %" PRIu64 ")", times[ROUNDS / 2], ROUNDS,
			  times[0]);
}

/* Time of one run of `count` rounds; 0: the guest did something else (see stop). */
static uint64_t time_rounds(struct probe_guest *guest, const uint8_t *code, uint64_t count, struct probe_stop *stop)
{
	uint64_t start;

	probe_set(guest, &(struct probe_start){.code = code, .rcx = count});
	start = probe_now_ns();
	probe_go(guest, stop);
	return stop->cpu.rcx == 0 && (stop->kind == STOP_MARK || stop->kind == STOP_VECTOR) ? probe_now_ns() - start
											    : 0;
}

/* Nanoseconds an instruction; 0: the guest did something else (see stop). */
static double time_instruction(struct probe_guest *guest, const uint8_t *code, struct probe_stop *stop)
{
	for (uint64_t count = FIRST_COUNT;; count *= 4) {
		uint64_t best = UINT64_MAX;

		/* The best of some: whatever else the host does can only add to it. */
		for (unsigned i = 0; i < REPEATS; i++) {
			uint64_t time = time_rounds(guest, code, count, stop);

			best = time < best ? time : best;
		}
		/* A short run would measure the exit. */
		if (best == 0 || best >= LONG_ENOUGH_NS || count >= LAST_COUNT)
			return (double)best / (double)(count * PROBE_COUNT_ROUND);
	}
}

bool probe_ring0_speed(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;
	double ring0, ring3;

	(void)unused;
	ring3 = time_instruction(guest, probe_user_count, &stop);
	if (ring3 == 0)
		return probe_unexpected(finding, &stop);
	ring0 = time_instruction(guest, probe_count0, &stop);
	if (ring0 == 0)
		return probe_unexpected(finding, &stop);
	if (ring0 > ring3 * SLOW_RATIO)
		return finding_quirk(finding, "slow-ring0", "%.0f ns an instruction, ring 3 %.2f ns; worked round",
				     ring0, ring3);
	return finding_ok(finding, "%.2f ns an instruction, ring 3 %.2f ns", ring0, ring3);
}
