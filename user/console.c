// SPDX-License-Identifier: GPL-2.0
/*
 * Consoles and the terminal. See console.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "console.h"

#define ESCAPE_KEY	1	/* Ctrl-A */

/* The one terminal of this process, for exit and signal handlers. */
static struct termios saved_termios;
static volatile sig_atomic_t terminal_is_raw;

static void terminal_restore(void)
{
	if (!terminal_is_raw)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &saved_termios);
	terminal_is_raw = 0;
}

/* A crash: the terminal back, then what would have happened anyway. */
static void on_crash(int sig)
{
	terminal_restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void make_raw(void)
{
	struct termios t = saved_termios;

	t.c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t.c_lflag &= ~(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	t.c_oflag |= OPOST;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
	terminal_is_raw = 1;
}

/* Stopped and continued: the shell has put its own settings back. */
static void on_continue(int sig)
{
	int saved_errno = errno;

	(void)sig;
	if (terminal_is_raw)
		make_raw();
	errno = saved_errno;
}

static void terminal_setup(void)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
	struct sigaction sa = { .sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_NODEFER };
	struct sigaction old;
	unsigned int i;

	if (tcgetattr(STDIN_FILENO, &saved_termios))
		return;
	atexit(terminal_restore);
	for (i = 0; i < ARRAY_SIZE(crashes); i++) {
		/* Somebody else's handler (a sanitizer's, the hosted engine's) stays. */
		if (!sigaction(crashes[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(crashes[i], &sa, NULL);
	}
	sa = (struct sigaction) { .sa_handler = on_continue, .sa_flags = SA_RESTART };
	sigaction(SIGCONT, &sa, NULL);
	make_raw();
}

static short console_want(void *opaque)
{
	struct console *con = opaque;

	return con->in_fd >= 0 && console_pending(con) < CONSOLE_BUF ? POLLIN : 0;
}

static void put(struct console *con, u8 c)
{
	pthread_mutex_lock(&con->lock);
	if (con->count < CONSOLE_BUF)
		con->buf[(con->head + con->count++) % CONSOLE_BUF] = c;
	pthread_mutex_unlock(&con->lock);
}

static void escape_help(struct console *con)
{
	static const char text[] =
		"\nCtrl-A h  this help\n"
		"Ctrl-A x  end the VM\n"
		"Ctrl-A b  send a break (magic SysRq)\n"
		"Ctrl-A Ctrl-A  send Ctrl-A\n";

	console_write(con, text, sizeof(text) - 1);
}

static void escape(struct console *con, u8 c)
{
	switch (c) {
	case 'x':
		con->quit(con->quit_opaque);
		break;
	case 'b':
		if (con->events.brk)
			con->events.brk(con->events.opaque);
		break;
	case 'h':
	case '?':
		escape_help(con);
		break;
	case ESCAPE_KEY:
		put(con, c);
		break;
	}
}

static void input_byte(struct console *con, u8 c)
{
	if (con->escaped) {
		con->escaped = false;
		escape(con, c);
	} else if (con->tty && c == ESCAPE_KEY) {
		con->escaped = true;
	} else {
		put(con, c);
	}
}

static void console_ready(void *opaque)
{
	struct console *con = opaque;
	u8 buf[CONSOLE_BUF];
	ssize_t n, i;

	n = read(con->in_fd, buf, CONSOLE_BUF - console_pending(con));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		loop_del(con->loop, con->in_fd);
		con->in_fd = -1;
		return;
	}
	for (i = 0; i < n; i++)
		input_byte(con, buf[i]);
	if (con->events.input && console_pending(con))
		con->events.input(con->events.opaque);
}

static int open_input(struct console *con)
{
	con->tty = isatty(STDIN_FILENO);
	/* A background job must not touch the terminal: it would be stopped. */
	if (con->tty && tcgetpgrp(STDIN_FILENO) != getpgrp())
		return 0;
	if (fcntl(STDIN_FILENO, F_GETFD) < 0)
		return 0;
	if (con->tty)
		terminal_setup();
	con->in_fd = STDIN_FILENO;
	return loop_add(con->loop, con->in_fd, console_want, console_ready, con);
}

bool console_spec_valid(const char *spec)
{
	const char *path = item_value(spec, "file");

	return (path && *path) || !strcmp(spec, "stdio") || !strcmp(spec, "none");
}

int console_open(struct console *con, const char *spec, bool input, struct loop *loop,
		 void (*quit)(void *opaque), void *opaque)
{
	const char *path = item_value(spec, "file");

	*con = (struct console) {
		.loop = loop, .out_fd = -1, .in_fd = -1, .quit = quit, .quit_opaque = opaque,
	};
	pthread_mutex_init(&con->lock, NULL);
	if (path) {
		con->out_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		return con->out_fd < 0 ? error_errno("console %s", path) : 0;
	}
	if (strcmp(spec, "stdio"))
		return 0;
	con->out_fd = STDOUT_FILENO;
	return input ? open_input(con) : 0;
}

void console_close(struct console *con)
{
	if (con->in_fd >= 0)
		loop_del(con->loop, con->in_fd);
	if (con->tty)
		terminal_restore();
	if (con->out_fd > STDERR_FILENO)
		close(con->out_fd);
	con->in_fd = -1;
	con->out_fd = -1;
	pthread_mutex_destroy(&con->lock);
}

void console_set_events(struct console *con, const struct console_events *events)
{
	con->events = events ? *events : (struct console_events){};
}

/* A reader that has gone away is no reason to stop the guest. */
void console_write(struct console *con, const void *data, size_t len)
{
	if (con->out_fd >= 0)
		write_all(con->out_fd, data, len);
}

size_t console_read(struct console *con, void *data, size_t room)
{
	u8 *p = data;
	size_t n = 0;
	bool was_full;

	pthread_mutex_lock(&con->lock);
	was_full = con->count == CONSOLE_BUF;
	while (n < room && con->count) {
		p[n++] = con->buf[con->head];
		con->head = (con->head + 1) % CONSOLE_BUF;
		con->count--;
	}
	pthread_mutex_unlock(&con->lock);
	if (was_full && n)
		loop_wake(con->loop);
	return n;
}

size_t console_pending(struct console *con)
{
	size_t n;

	pthread_mutex_lock(&con->lock);
	n = con->count;
	pthread_mutex_unlock(&con->lock);
	return n;
}
