// SPDX-License-Identifier: GPL-2.0
/*
 * Messages, text to numbers, whole files, eventfds. See util.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

#define LINE_MAX_LEN	1024

bool verbose_enabled;

/*
 * A line goes out in one write, so that lines of different threads do not mix.
 * The terminal may be raw: the carriage return is harmless where it is not.
 */
static void say(const char *suffix, const char *fmt, va_list ap)
{
	char line[LINE_MAX_LEN];
	int len;

	len = snprintf(line, sizeof(line), "vmxl: ");
	len += vsnprintf(line + len, sizeof(line) - len, fmt, ap);
	len = MIN(len, (int)sizeof(line) - 1);
	if (suffix)
		len += snprintf(line + len, sizeof(line) - len, ": %s", suffix);
	len = MIN(len, (int)sizeof(line) - 2);
	line[len++] = '\n';
	write_all(STDERR_FILENO, line, len);
}

int error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(NULL, fmt, ap);
	va_end(ap);
	return -1;
}

int error_errno(const char *fmt, ...)
{
	const char *why = strerror(errno);
	va_list ap;

	va_start(ap, fmt);
	say(why, fmt, ap);
	va_end(ap);
	return -1;
}

void report(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(NULL, fmt, ap);
	va_end(ap);
}

void verbose(const char *fmt, ...)
{
	va_list ap;

	if (!verbose_enabled)
		return;
	va_start(ap, fmt);
	say(NULL, fmt, ap);
	va_end(ap);
}

int parse_u64(const char *text, u64 min, u64 max, u64 *out)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || value < min || value > max)
		return -1;
	*out = value;
	return 0;
}

int parse_size(const char *text, u64 *out)
{
	static const char suffixes[] = "KMGT";
	unsigned int shift = 20;
	unsigned long long value;
	const char *s;
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno)
		return -1;
	if (*end) {
		s = strchr(suffixes, *end & ~0x20);
		if (!s || !*s || end[1])
			return -1;
		shift = 10 * (s - suffixes + 1);
	}
	if (value > (UINT64_MAX >> shift))
		return -1;
	*out = value << shift;
	return 0;
}

char *next_item(char **list)
{
	char *start = *list, *in = start, *out = start;

	if (!start)
		return NULL;
	*list = NULL;
	while (*in) {
		if (*in == ',' && *++in != ',') {
			*list = in;
			break;
		}
		*out++ = *in++;
	}
	*out = '\0';
	return start;
}

const char *item_value(const char *item, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(item, key, len) || item[len] != '=')
		return NULL;
	return item + len + 1;
}

static int read_fd(const char *what, const char *path, int fd, u64 max, struct file_data *out)
{
	struct stat st;
	size_t room;
	ssize_t n;
	u8 *grown;

	if (fstat(fd, &st))
		return error_errno("%s %s", what, path);
	if (S_ISDIR(st.st_mode))
		return error("%s %s: is a directory", what, path);
	for (room = MAX((size_t)st.st_size + 1, (size_t)4096);; room *= 2) {
		grown = realloc(out->data, room);
		if (!grown)
			return error("%s %s: out of memory", what, path);
		out->data = grown;
		while (out->len < room) {
			n = read(fd, out->data + out->len, room - out->len);
			if (!n)
				return 0;
			if (n < 0 && errno != EINTR)
				return error_errno("%s %s", what, path);
			out->len += n > 0 ? n : 0;
			if (out->len > max)
				return error("%s %s: larger than %llu bytes", what, path,
					     (unsigned long long)max);
		}
	}
}

int file_read(const char *what, const char *path, u64 max, struct file_data *out)
{
	int fd, ret;

	*out = (struct file_data){};
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno("%s %s", what, path);
	ret = read_fd(what, path, fd, max, out);
	close(fd);
	if (ret)
		file_free(out);
	return ret;
}

void file_free(struct file_data *file)
{
	free(file->data);
	*file = (struct file_data){};
}

int file_write(const char *what, const char *path, const void *data, size_t len)
{
	int fd, ret;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_errno("%s %s", what, path);
	ret = write_all(fd, data, len);
	if (close(fd) || ret)
		return error_errno("%s %s", what, path);
	return 0;
}

int write_all(int fd, const void *data, size_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	const u8 *p = data;
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EAGAIN)
			poll(&pfd, 1, -1);
		else if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			p += n;
			len -= n;
		}
	}
	return 0;
}

int event_create(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return error_errno("eventfd");
	return fd;
}

void event_signal(int fd)
{
	u64 one = 1;
	ssize_t n;

	do
		n = write(fd, &one, sizeof(one));
	while (n < 0 && errno == EINTR);
}

bool event_drain(int fd)
{
	u64 count;
	ssize_t n;

	do
		n = read(fd, &count, sizeof(count));
	while (n < 0 && errno == EINTR);
	return n == sizeof(count);
}

u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

void random_bytes(void *buf, size_t len)
{
	u8 *p = buf;
	ssize_t n;

	while (len) {
		n = getrandom(p, len, 0);
		if (n > 0) {
			p += n;
			len -= n;
		} else if (n < 0 && errno != EINTR) {
			/* No entropy source: the guest has others, zeros say so. */
			memset(p, 0, len);
			return;
		}
	}
}
