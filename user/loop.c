// SPDX-License-Identifier: GPL-2.0
/*
 * The event loop. See loop.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"

/* Bounds what a library may ask for in one round. */
#define LOOP_MAX_POLL	4096

int loop_init(struct loop *loop)
{
	memset(loop, 0, sizeof(*loop));
	loop->wake_fd = event_create();
	return loop->wake_fd < 0 ? -1 : 0;
}

void loop_destroy(struct loop *loop)
{
	close(loop->wake_fd);
	free(loop->pfd);
}

int loop_add(struct loop *loop, int fd, short (*want)(void *opaque),
	     void (*ready)(void *opaque), void *opaque)
{
	if (loop->nr_sources == LOOP_MAX_SOURCES)
		return error("too many event sources");
	loop->sources[loop->nr_sources++] = (struct loop_source) {
		.fd = fd, .want = want, .ready = ready, .opaque = opaque, .slot = -1,
	};
	return 0;
}

/* The entry only goes blank: the loop may be walking the table just now. */
void loop_del(struct loop *loop, int fd)
{
	int i;

	for (i = 0; i < loop->nr_sources; i++) {
		if (loop->sources[i].fd == fd)
			loop->sources[i] = (struct loop_source) { .fd = -1, .slot = -1 };
	}
	while (loop->nr_sources && loop->sources[loop->nr_sources - 1].fd < 0)
		loop->nr_sources--;
}

void loop_wake(struct loop *loop)
{
	event_signal(loop->wake_fd);
}

void loop_stop(struct loop *loop)
{
	atomic_store(&loop->stop, true);
	loop_wake(loop);
}

int loop_poll_add(struct loop *loop, int fd, short events)
{
	struct pollfd *grown;
	int room;

	if (loop->nr_pfd == loop->room_pfd) {
		room = loop->room_pfd ? loop->room_pfd * 2 : LOOP_MAX_SOURCES;
		grown = room > LOOP_MAX_POLL ? NULL : realloc(loop->pfd, room * sizeof(*grown));
		if (!grown)
			return -1;
		loop->pfd = grown;
		loop->room_pfd = room;
	}
	loop->pfd[loop->nr_pfd] = (struct pollfd) { .fd = fd, .events = events };
	return loop->nr_pfd++;
}

short loop_poll_events(struct loop *loop, int index)
{
	return index >= 0 && index < loop->nr_pfd ? loop->pfd[index].revents : 0;
}

static void add_sources(struct loop *loop)
{
	struct loop_source *s;
	short events;

	for (s = loop->sources; s < loop->sources + loop->nr_sources; s++) {
		events = s->fd < 0 ? 0 : s->want ? s->want(s->opaque) : POLLIN;
		/* Without an event even a hang-up would be reported: leave it out. */
		s->slot = events ? loop_poll_add(loop, s->fd, events) : -1;
	}
}

static void run_ready(struct loop *loop)
{
	struct loop_source *s;

	for (s = loop->sources; s < loop->sources + loop->nr_sources; s++) {
		if (s->slot >= 0 && loop_poll_events(loop, s->slot))
			s->ready(s->opaque);
	}
}

static void run_once(struct loop *loop)
{
	struct loop_hook *hook = &loop->hook;
	int timeout = -1, n;

	loop->nr_pfd = 0;
	loop_poll_add(loop, loop->wake_fd, POLLIN);
	add_sources(loop);
	if (hook->fill)
		hook->fill(hook->opaque, &timeout);
	n = poll(loop->pfd, loop->nr_pfd, timeout);
	if (n < 0 && errno != EINTR)
		verbose("poll: %s", strerror(errno));
	if (n >= 0) {
		event_drain(loop->wake_fd);
		run_ready(loop);
	}
	if (hook->polled)
		hook->polled(hook->opaque, n < 0);
}

void loop_run(struct loop *loop)
{
	while (!atomic_load(&loop->stop))
		run_once(loop);
	atomic_store(&loop->stop, false);
}
