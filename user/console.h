/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a guest's console goes: the terminal, a file, or nowhere. A console
 * has one output and a buffer of input that a device takes from.
 *
 * On a terminal Ctrl-A is an escape: x quits, b sends a break, h helps, Ctrl-A
 * sends itself. The terminal's own settings come back however the launcher ends.
 */
#ifndef VMXL_USER_CONSOLE_H
#define VMXL_USER_CONSOLE_H

#include <pthread.h>

#include "loop.h"

#define CONSOLE_BUF	256

/* Called in the loop's thread, without locks. */
struct console_events {
	void (*input)(void *opaque);	/* console_read() has something to give */
	void (*brk)(void *opaque);	/* break; may be NULL */
	void *opaque;
};

struct console {
	struct loop *loop;
	int out_fd;		/* -1: none */
	int in_fd;		/* -1: none */
	bool tty, escaped;
	void (*quit)(void *opaque);
	void *quit_opaque;
	struct console_events events;
	pthread_mutex_t lock;	/* the buffer; a leaf lock */
	u8 buf[CONSOLE_BUF];
	unsigned int head, count;
};

/*
 * spec is "stdio", "none" or "file=PATH"; input: whether stdin may be taken.
 * quit is what Ctrl-A x does.
 */
int console_open(struct console *con, const char *spec, bool input, struct loop *loop,
		 void (*quit)(void *opaque), void *opaque);
void console_close(struct console *con);
/* Checks a spec without opening it. */
bool console_spec_valid(const char *spec);

void console_set_events(struct console *con, const struct console_events *events);
void console_write(struct console *con, const void *data, size_t len);
size_t console_read(struct console *con, void *data, size_t room);
size_t console_pending(struct console *con);

#endif
