/* SPDX-License-Identifier: MIT */
/* progress.c: ECMA-48, "EL - Erase In Line": ESC [ K erases from the cursor to the end of the line. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define FIRST_NS UINT64_C(1000000000)
#define STEP_NS  UINT64_C(250000000)
#define ERASE    "\r\x1b[K"
#define KIB      1024
#define MIB      (UINT64_C(1024) * KIB)

void progress_init(struct progress *progress, const struct stream *stream, const struct writer *writer)
{
	*progress = (struct progress){.stream = stream, .writer = writer, .next_ns = FIRST_NS};
}

/* A terminal that does not take it now does without. */
static void put(const char *text, int length)
{
	ssize_t unheeded = length > 0 ? write(STDERR_FILENO, text, (size_t)length) : 0;

	(void)unheeded;
}

static void draw(struct progress *progress)
{
	char text[128], size[32] = "";
	uint64_t bytes = progress->writer != NULL ? writer_bytes(progress->writer) : 0;
	int length;

	if (bytes >= MIB)
		snprintf(size, sizeof(size), ", %" PRIu64 ".%" PRIu64 " MiB written", bytes / MIB,
			 bytes % MIB * 10 / MIB);
	else if (progress->writer != NULL)
		snprintf(size, sizeof(size), ", %" PRIu64 " KiB written", bytes / KIB);
	length = snprintf(text, sizeof(text), ERASE "vmm: %" PRIu64 " s, %" PRIu64 " events%s",
			  progress->now_ns / FIRST_NS, stream_events(progress->stream), size);
	put(text, length);
	progress->drawn = true;
}

static void erase(struct progress *progress)
{
	if (progress->drawn)
		put(ERASE, sizeof(ERASE) - 1);
	progress->drawn = false;
}

void progress_tick(struct progress *progress, uint64_t ns)
{
	progress->now_ns = ns;
	if (ns < progress->next_ns || progress->off || progress->within_line)
		return;
	progress->next_ns = ns + STEP_NS;
	draw(progress);
}

void progress_touched(void *context, int descriptor, const void *bytes, size_t count)
{
	struct progress *progress = context;

	if (progress->off || (bytes != NULL && count == 0) || !isatty(descriptor))
		return;
	erase(progress);
	if (bytes == NULL) {
		progress->off = true;
		return;
	}
	progress->within_line = ((const char *)bytes)[count - 1] != '\n';
	progress->next_ns = progress->now_ns + STEP_NS > FIRST_NS ? progress->now_ns + STEP_NS : FIRST_NS;
}

void progress_end(struct progress *progress)
{
	erase(progress);
	progress->off = true;
}
