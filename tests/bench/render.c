/* SPDX-License-Identifier: MIT */
/*
 * render.c: how many events a second a format writes out, from a recorded stream: numbering, counting for the summary,
 * the renderer, the writer, and the file. Nothing is run, so no KVM is needed.
 *
 * Usage: render FORMAT FILE EVENTS     prints: format, events, CPU seconds, events a second, bytes, bytes resident
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "recording.h"
#ifdef WITH_YAJL
#include "render_yajl.h"
#endif

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const struct renderer *find(const char *name)
{
#ifdef WITH_YAJL
	if (strcmp(name, yajl_renderer.name) == 0)
		return &yajl_renderer;
#endif
	return renderer_find(name);
}

int main(int argc, char **argv)
{
	const struct render_options options = {.events = true, .layout = true, .summary = true, .frame = true};
	const struct renderer *renderer = argc == 4 ? find(argv[1]) : NULL;
	unsigned long count = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	struct recording *recording = recording_open();
	struct rusage usage;
	double start, took;
	int fd, error;

	if (!renderer || !recording) {
		fprintf(stderr, "usage: render FORMAT FILE EVENTS\n");
		return 2;
	}
	fd = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	struct writer *writer = fd < 0 ? NULL : writer_open(fd, false);
	struct stream *stream = writer ? stream_open(renderer, writer, &options) : NULL;

	if (!stream) {
		fprintf(stderr, "render: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	start = cpu_seconds();
	recording_play(recording, stream, count);
	stream_close(stream);
	error = writer_flush(writer);
	took = cpu_seconds() - start;
	getrusage(RUSAGE_SELF, &usage);
	printf("%s\t%lu\t%.3f\t%.0f\t%llu\t%ld\n", argv[1], count, took, (double)count / took, writer_bytes(writer),
	       usage.ru_maxrss * 1024);
	writer_close(writer);
	recording_close(recording);
	if (error)
		fprintf(stderr, "render: %s: %s\n", argv[2], strerror(error));
	return error ? 1 : 0;
}
