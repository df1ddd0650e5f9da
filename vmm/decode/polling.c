/* SPDX-License-Identifier: MIT */
/* polling.c: poll and select: what is asked, and what the result says. */
#include <inttypes.h>
#include <stdio.h>

#include "kinds.h"

#define FDS_MAX     1024
#define POLLFDS_MAX 1024

struct linux_pollfd {
	int32_t fd;
	uint16_t events, found;
};

static bool read_pollfd(struct decoder *decoder, uint64_t index, struct linux_pollfd *entry)
{
	return decoder->memory->read(decoder->memory->context, argument(decoder, 0) + index * sizeof(*entry), entry,
				     sizeof(*entry)) == sizeof(*entry);
}

void put_pollfds(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t count = (uint32_t)argument(decoder, 1);
	struct linux_pollfd entry;

	(void)names;
	if (value == 0 || count > POLLFDS_MAX) {
		put_address(decoder, value);
		return;
	}
	if (count > 0 && !fetch(decoder, value, &entry, sizeof(entry)))
		return;
	put(decoder, "[");
	for (uint32_t i = 0; i < count; i++) {
		put(decoder, i > 0 ? ", " : "");
		if (i == STRING_MAX || !read_pollfd(decoder, i, &entry)) {
			put(decoder, "...");
			break;
		}
		put(decoder, "{fd=%" PRId32, entry.fd);
		if (entry.fd >= 0) {
			put(decoder, ", events=");
			put_flags(decoder, entry.events, &poll_events_names);
		}
		put(decoder, "}");
	}
	put(decoder, "]");
}

/* The rest of the time is written back by ppoll and select. */
static void put_left(struct decoder *decoder, unsigned index, bool microseconds, const char *before)
{
	int64_t time[2];

	if (argument(decoder, index) == 0 || decoder->memory->read(decoder->memory->context, argument(decoder, index),
								   time, sizeof(time)) != sizeof(time))
		return;
	put(decoder, "%sleft ", before);
	if (microseconds)
		put_timeval_value(decoder, time);
	else
		put_timespec_value(decoder, time);
}

/* "2 ([{fd=0, revents=POLLIN}, ...])": only those with something */
static void put_poll(struct decoder *decoder, bool has_timespec)
{
	uint32_t count = (uint32_t)argument(decoder, 1), shown = 0;
	struct linux_pollfd entry;

	put(decoder, "%" PRId64, decoder->result);
	if (decoder->result == 0) {
		put(decoder, " (Timeout)");
		return;
	}
	put(decoder, " (");
	for (uint32_t i = 0; i < count && i < POLLFDS_MAX && read_pollfd(decoder, i, &entry); i++) {
		if (entry.found == 0)
			continue;
		put(decoder, shown == 0 ? "[" : ", ");
		if (shown++ == STRING_MAX) {
			put(decoder, "...");
			break;
		}
		put(decoder, "{fd=%" PRId32 ", revents=", entry.fd);
		put_flags(decoder, entry.found, &poll_events_names);
		put(decoder, "}");
	}
	put(decoder, shown > 0 ? "]" : "");
	if (has_timespec)
		put_left(decoder, 2, false, shown > 0 ? ", " : "");
	put(decoder, ")");
}

void put_result_poll(struct decoder *decoder)
{
	put_poll(decoder, false);
}

void put_result_ppoll(struct decoder *decoder)
{
	put_poll(decoder, true);
}

static uint64_t set_word(struct decoder *decoder, uint64_t address, unsigned word)
{
	uint64_t bits = 0;

	(void)decoder->memory->read(decoder->memory->context, address + word * 8, &bits, sizeof(bits));
	return bits;
}

static void put_fds(struct decoder *decoder, uint64_t address)
{
	int32_t count = (int32_t)argument(decoder, 0);
	const char *separator = "";
	uint64_t bits = 0;

	count = count < 0 ? 0 : count > FDS_MAX ? FDS_MAX : count;
	put(decoder, "[");
	for (int32_t fd = 0; fd < count; fd++) {
		if (fd % 64 == 0)
			bits = set_word(decoder, address, (unsigned)fd / 64);
		if (!(bits >> fd % 64 & 1))
			continue;
		put(decoder, "%s%" PRId32, separator, fd);
		separator = " ";
	}
	put(decoder, "]");
}

void put_fd_set(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t first;

	(void)names;
	if ((int32_t)argument(decoder, 0) <= 0)
		put_address(decoder, value);
	else if (fetch_or_null(decoder, value, &first, sizeof(first)))
		put_fds(decoder, value);
}

static bool set_has_any(struct decoder *decoder, uint64_t address, int32_t count)
{
	for (int32_t first = 0; first < count && first < FDS_MAX; first += 64) {
		uint64_t bits = set_word(decoder, address, (unsigned)first / 64);

		if (count - first < 64)
			bits &= (UINT64_C(1) << (count - first)) - 1;
		if (bits != 0)
			return true;
	}
	return false;
}

/* "1 (in [3], left {tv_sec=1, tv_usec=0})" */
static void put_select(struct decoder *decoder, bool microseconds)
{
	static const char *const names[] = {"in ", "out ", "except "};
	bool any = false;

	put(decoder, "%" PRId64, decoder->result);
	if (decoder->result == 0) {
		put(decoder, " (Timeout)");
		return;
	}
	put(decoder, " (");
	for (unsigned i = 0; i < 3; i++) {
		uint64_t set = argument(decoder, i + 1);

		if (set == 0 || !set_has_any(decoder, set, (int32_t)argument(decoder, 0)))
			continue;
		put(decoder, "%s%s", any ? ", " : "", names[i]);
		put_fds(decoder, set);
		any = true;
	}
	put_left(decoder, 4, microseconds, any ? ", " : "");
	put(decoder, ")");
}

void put_result_select(struct decoder *decoder)
{
	put_select(decoder, true);
}

void put_result_pselect(struct decoder *decoder)
{
	put_select(decoder, false);
}

/* pselect6's last argument: a pointer to the set's pointer and size */
void put_select_mask(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t mask[2];

	if (!fetch_or_null(decoder, value, mask, sizeof(mask)))
		return;
	put(decoder, "{sigmask=");
	put_sigset_at(decoder, mask[0], names);
	put(decoder, ", sigsetsize=%" PRIu64 "}", mask[1]);
}
