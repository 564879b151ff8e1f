/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The event loop of the main thread: descriptors and what to do when they are
 * ready. Sources are added and removed by the thread that runs the loop, or
 * while it does not run; loop_wake() and loop_stop() may come from any thread.
 */
#ifndef VMXL_USER_LOOP_H
#define VMXL_USER_LOOP_H

#include <poll.h>
#include <stdatomic.h>

#include "util.h"

#define LOOP_MAX_SOURCES	64

struct loop_source {
	int fd;
	/* The events to wait for now; NULL is POLLIN, always. */
	short (*want)(void *opaque);
	void (*ready)(void *opaque);
	void *opaque;
	int slot;	/* index into loop.pfd in this round, -1: not asked for */
};

/* For a library that has its own idea of what to poll. One is enough. */
struct loop_hook {
	/* Adds descriptors with loop_poll_add(), may lower the time-out. */
	void (*fill)(void *opaque, int *timeout_ms);
	/* Looks at loop_poll_events(). */
	void (*polled)(void *opaque, bool failed);
	void *opaque;
};

struct loop {
	int wake_fd;
	atomic_bool stop;
	struct loop_source sources[LOOP_MAX_SOURCES];
	int nr_sources;
	struct loop_hook hook;
	struct pollfd *pfd;
	int nr_pfd, room_pfd;
};

int loop_init(struct loop *loop);
void loop_destroy(struct loop *loop);
int loop_add(struct loop *loop, int fd, short (*want)(void *opaque),
	     void (*ready)(void *opaque), void *opaque);
void loop_del(struct loop *loop, int fd);
void loop_wake(struct loop *loop);
void loop_stop(struct loop *loop);
/* Runs until loop_stop(). */
void loop_run(struct loop *loop);

/* For hooks: a descriptor of this round, and its result; -1 if there is no room. */
int loop_poll_add(struct loop *loop, int fd, short events);
short loop_poll_events(struct loop *loop, int index);

#endif
