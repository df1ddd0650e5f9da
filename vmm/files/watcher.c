/* SPDX-License-Identifier: MIT */
/* watcher.c: the thread that waits for the standard descriptors, made when it is first needed. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "standard_files.h"

/* Takes back what is ready: it is told once. */
static bool take_ready(struct watcher *watcher, const struct pollfd *polled)
{
	bool ready = false;

	pthread_mutex_lock(&watcher->lock);
	for (int i = 0; i < STANDARD_FILES; i++) {
		if (polled[i].revents == 0 || watcher->wanted[i] == 0)
			continue;
		watcher->wanted[i] = 0;
		ready = true;
	}
	pthread_mutex_unlock(&watcher->lock);
	return ready;
}

/* false: it is over */
static bool collect_wishes(struct standard_files *files, struct pollfd *polled)
{
	struct watcher *watcher = &files->watcher;
	bool end;

	pthread_mutex_lock(&watcher->lock);
	for (int i = 0; i < STANDARD_FILES; i++)
		polled[i] = (struct pollfd){
			.fd = watcher->wanted[i] != 0 ? standard_descriptor(files, i) : -1,
			.events = watcher->wanted[i],
		};
	end = watcher->end;
	pthread_mutex_unlock(&watcher->lock);
	polled[STANDARD_FILES] = (struct pollfd){.fd = watcher->wake, .events = POLLIN};
	return !end;
}

static void *watch(void *argument)
{
	struct standard_files *files = argument;
	struct pollfd polled[STANDARD_FILES + 1];

	while (collect_wishes(files, polled)) {
		eventfd_t ignored;

		if (poll(polled, STANDARD_FILES + 1, -1) < 0)
			continue;
		if (polled[STANDARD_FILES].revents != 0)
			(void)eventfd_read(files->watcher.wake, &ignored);
		if (take_ready(&files->watcher, polled))
			files->watcher.ready(files->watcher.context);
	}
	return NULL;
}

/* Signals are for the thread that runs the guest. */
static bool start(struct standard_files *files)
{
	struct watcher *watcher = &files->watcher;
	sigset_t all, before;

	watcher->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (watcher->wake < 0)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	watcher->running = pthread_create(&watcher->thread, NULL, watch, files) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (watcher->running)
		return true;
	close(watcher->wake);
	watcher->wake = -1;
	return false;
}

void watcher_watch(struct standard_files *files, int32_t handle, short events)
{
	struct watcher *watcher = &files->watcher;
	bool changed;

	if (watcher->ready == NULL || (!watcher->running && !start(files)))
		return;
	pthread_mutex_lock(&watcher->lock);
	changed = (watcher->wanted[handle] | events) != watcher->wanted[handle];
	watcher->wanted[handle] |= events;
	pthread_mutex_unlock(&watcher->lock);
	if (changed)
		(void)eventfd_write(watcher->wake, 1);
}

void watcher_close(struct standard_files *files)
{
	struct watcher *watcher = &files->watcher;

	if (!watcher->running)
		return;
	pthread_mutex_lock(&watcher->lock);
	watcher->end = true;
	pthread_mutex_unlock(&watcher->lock);
	(void)eventfd_write(watcher->wake, 1);
	pthread_join(watcher->thread, NULL);
	watcher->running = false;
	close(watcher->wake);
}
