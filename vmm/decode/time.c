/* SPDX-License-Identifier: MIT */
/* time.c: structures that hold times. */
#include <inttypes.h>
#include <time.h>

#include "kinds.h"

#define UTIME_NOW_  0x3fffffff
#define UTIME_OMIT_ 0x3ffffffe

void put_timespec_value(struct decoder *decoder, const int64_t time[2])
{
	put(decoder, "{tv_sec=%" PRId64 ", tv_nsec=%" PRId64 "}", time[0], time[1]);
}

void put_timeval_value(struct decoder *decoder, const int64_t time[2])
{
	put(decoder, "{tv_sec=%" PRId64 ", tv_usec=%" PRId64 "}", time[0], time[1]);
}

void put_timespec(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t time[2];

	(void)names;
	if (fetch_or_null(decoder, value, time, sizeof(time)))
		put_timespec_value(decoder, time);
}

/* What is left of a sleep is written only when a signal ends it. */
void put_remaining(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_address(decoder, value);
}

void put_timeval(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t time[2];

	(void)names;
	if (fetch_or_null(decoder, value, time, sizeof(time)))
		put_timeval_value(decoder, time);
}

void put_timezone(struct decoder *decoder, uint64_t value, const void *names)
{
	int32_t zone[2];

	(void)names;
	if (fetch_or_null(decoder, value, zone, sizeof(zone)))
		put(decoder, "{tz_minuteswest=%" PRId32 ", tz_dsttime=%" PRId32 "}", zone[0], zone[1]);
}

/* The date in a comment, as UTC: a guest has no time zone. */
static void put_date(struct decoder *decoder, int64_t seconds, int64_t nanoseconds)
{
	char text[32];
	struct tm parts;
	time_t time = seconds;

	if (nanoseconds < 0 || nanoseconds > 999999999 || gmtime_r(&time, &parts) == NULL ||
	    strftime(text, sizeof(text), "%FT%T", &parts) == 0)
		return;
	put(decoder, " /* %s", text);
	if (nanoseconds != 0)
		put(decoder, ".%09" PRId64, nanoseconds);
	put(decoder, "+0000 */");
}

void put_out_date(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t seconds;

	(void)names;
	if (!fetch_or_null(decoder, value, &seconds, sizeof(seconds)))
		return;
	put(decoder, "[%" PRId64, seconds);
	put_date(decoder, seconds, 0);
	put(decoder, "]");
}

/* "1700000000 (2023-11-14T22:13:20+0000)" */
void put_result_date(struct decoder *decoder)
{
	char text[32];
	struct tm parts;
	time_t time = decoder->result;

	put_result_number(decoder);
	if (gmtime_r(&time, &parts) != NULL && strftime(text, sizeof(text), "%FT%T", &parts) > 0)
		put(decoder, " (%s+0000)", text);
}

void put_utimes(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t times[2][2];

	(void)names;
	if (!fetch_or_null(decoder, value, times, sizeof(times)))
		return;
	for (unsigned i = 0; i < 2; i++) {
		put(decoder, i == 0 ? "[" : ", ");
		if (times[i][1] == UTIME_NOW_ || times[i][1] == UTIME_OMIT_) {
			put(decoder, times[i][1] == UTIME_NOW_ ? "UTIME_NOW" : "UTIME_OMIT");
			continue;
		}
		put_timespec_value(decoder, times[i]);
		put_date(decoder, times[i][0], times[i][1]);
	}
	put(decoder, "]");
}

void put_itimerval(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t times[2][2];

	(void)names;
	if (!fetch_or_null(decoder, value, times, sizeof(times)))
		return;
	put(decoder, "{it_interval=");
	put_timeval_value(decoder, times[0]);
	put(decoder, ", it_value=");
	put_timeval_value(decoder, times[1]);
	put(decoder, "}");
}

void put_times(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t ticks[4];

	(void)names;
	if (fetch_or_null(decoder, value, ticks, sizeof(ticks)))
		put(decoder,
		    "{tms_utime=%" PRId64 ", tms_stime=%" PRId64 ", tms_cutime=%" PRId64 ", tms_cstime=%" PRId64 "}",
		    ticks[0], ticks[1], ticks[2], ticks[3]);
}
