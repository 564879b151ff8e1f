// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's library: messages, warnings, strings, numbers, bitmaps, sort.
 */
#include <execinfo.h>
#include <sys/random.h>

#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/debugfs.h>
#include <linux/random.h>
#include <linux/seq_file.h>
#include <linux/sort.h>
#include <linux/uaccess.h>
#include "internal.h"

/* Messages and warnings */

static int loglevel(void)
{
	const char *s = getenv("SHIM_LOGLEVEL");

	return s ? atoi(s) : 4;
}

int _printk(const char *fmt, ...)
{
	static int level = -1;
	char line[1024];
	int prio = 4, n;
	va_list ap;
	char *s = line;

	if (level < 0)
		level = loglevel();
	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (line[0] == '<' && line[1] && line[2] == '>') {
		prio = line[1] - '0';
		s += 3;
	}
	if (prio <= level)
		fputs(s, stderr);
	return n;
}

static void trace(void)
{
	void *pc[32];

	backtrace_symbols_fd(pc, backtrace(pc, ARRAY_SIZE(pc)), 2);
}

static unsigned int warn_count;
static bool warn_counting;

unsigned int shim_warn_count(bool on)
{
	__atomic_store_n(&warn_counting, on, __ATOMIC_SEQ_CST);
	return __atomic_exchange_n(&warn_count, 0, __ATOMIC_SEQ_CST);
}

void shim_warn(const char *site, const char *what)
{
	const char *s = getenv("SHIM_WARN");

	__atomic_fetch_add(&warn_count, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&warn_counting, __ATOMIC_SEQ_CST))
		return;
	fprintf(stderr, "shim: WARNING: %s: %s\n", site, what);
	trace();
	if (!s || strcmp(s, "continue"))
		abort();
}

void shim_bug(const char *site, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "shim: BUG: %s: ", site);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	trace();
	abort();
}

/* Strings */

int vscnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(buf, size, fmt, ap);

	return !size ? 0 : n >= (int)size ? (int)size - 1 : n;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vscnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vscnprintf(buf, PAGE_SIZE, fmt, ap);
	va_end(ap);
	return n;
}

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t n = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (n < size) {
		memcpy(dst, src, n + 1);
		return n;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = 0;
	return -E2BIG;
}

ssize_t strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t n = strscpy(dst, src, size);

	if (n >= 0)
		memset(dst + n, 0, size - n);
	return n;
}

void *memchr_inv(const void *p, int c, size_t n)
{
	const unsigned char *s = p;

	for (; n; n--, s++) {
		if (*s != (unsigned char)c)
			return (void *)s;
	}
	return NULL;
}

char *skip_spaces(const char *s)
{
	return (char *)s + strspn(s, " \t\n\r\v\f");
}

char *strim(char *s)
{
	size_t n = strlen(s);

	while (n && strchr(" \t\n\r\v\f", s[n - 1]))
		s[--n] = 0;
	return skip_spaces(s);
}

bool sysfs_streq(const char *a, const char *b)
{
	size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

	return n == m && !memcmp(a, b, n);
}

int match_string(const char * const *array, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++) {
		if (!strcmp(array[i], s))
			return i;
	}
	return -EINVAL;
}

/* Numbers: the whole string, but for one newline */

static bool number_ends(const char *s, const char *end)
{
	return end != s && (!*end || (end[0] == '\n' && !end[1]));
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	char *end;

	if (*s == '-' || strchr(" \t\n", *s))
		return -EINVAL;
	errno = 0;
	*res = strtoull(s, &end, base);
	if (!number_ends(s, end))
		return -EINVAL;
	return errno == ERANGE ? -ERANGE : 0;
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	char *end;

	if (!*s || strchr(" \t\n", *s))
		return -EINVAL;
	errno = 0;
	*res = strtoll(s, &end, base);
	if (!number_ends(s, end))
		return -EINVAL;
	return errno == ERANGE ? -ERANGE : 0;
}

#define KSTRTO(name, type, from, wide)					\
int name(const char *s, unsigned int base, type *res)			\
{									\
	wide v;								\
	int ret = from(s, base, &v);					\
									\
	if (ret)							\
		return ret;						\
	if (v != (wide)(type)v)						\
		return -ERANGE;						\
	*res = v;							\
	return 0;							\
}
KSTRTO(kstrtoul, unsigned long, kstrtoull, unsigned long long)
KSTRTO(kstrtouint, unsigned int, kstrtoull, unsigned long long)
KSTRTO(kstrtoint, int, kstrtoll, long long)
KSTRTO(kstrtou16, u16, kstrtoull, unsigned long long)
KSTRTO(kstrtou8, u8, kstrtoull, unsigned long long)

int kstrtobool(const char *s, bool *res)
{
	if (!*s || !strchr("yY1tTnN0fFoO", *s))
		return -EINVAL;
	if ((*s == 'o' || *s == 'O') && !strchr("nNfF", s[1]))
		return -EINVAL;
	*res = strchr("yY1tT", *s) || ((*s == 'o' || *s == 'O') && strchr("nN", s[1]));
	return 0;
}

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	return strtoull(s, end, base);
}

unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	return strtoul(s, end, base);
}

long simple_strtol(const char *s, char **end, unsigned int base)
{
	return strtol(s, end, base);
}

void get_random_bytes(void *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= n) {
		n = getrandom(buf, len, 0);
		if (n < 0)
			n = 0;
	}
}

u64 get_random_u64(void)
{
	u64 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

u32 get_random_u32(void)
{
	return get_random_u64();
}

u32 get_random_u32_below(u32 ceil)
{
	return get_random_u64() % ceil;
}

/* Bitmaps */

unsigned long shim_find_next(const unsigned long *addr, unsigned long size, unsigned long from,
			     unsigned long invert)
{
	unsigned long i, w;

	if (from >= size)
		return size;
	i = from / BITS_PER_LONG;
	w = (READ_ONCE(addr[i]) ^ invert) & (~0UL << (from % BITS_PER_LONG));
	while (!w) {
		if (++i * BITS_PER_LONG >= size)
			return size;
		w = READ_ONCE(addr[i]) ^ invert;
	}
	return min(size, i * BITS_PER_LONG + __ffs(w));
}

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long i;

	for (i = size; i-- > 0;) {
		if (test_bit(i, addr))
			return i;
	}
	return size;
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int len)
{
	while (len--)
		__set_bit(start++, map);
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len)
{
	while (len--)
		__clear_bit(start++, map);
}

unsigned int bitmap_weight(const unsigned long *map, unsigned int n)
{
	unsigned int i, w = 0;

	for (i = 0; i < n / BITS_PER_LONG; i++)
		w += hweight64(map[i]);
	if (n % BITS_PER_LONG)
		w += hweight64(map[i] & BITMAP_LAST_WORD_MASK(n));
	return w;
}

unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	unsigned long i, end, used;

	for (;;) {
		i = __ALIGN_MASK(find_next_zero_bit(map, size, start), align_mask);
		end = i + nr;
		if (end > size)
			return end;
		used = find_next_bit(map, end, i);
		if (used >= end)
			return i;
		start = used + 1;
	}
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap_func)
{
	qsort(base, num, size, cmp);
}

/* seq_file and debugfs */

struct dentry shim_dentry;

static void seq_vprintf(struct seq_file *m, const char *fmt, va_list ap)
{
	char *line;
	int n = vasprintf(&line, fmt, ap);

	m->buf = realloc(m->buf, m->count + n + 1);
	memcpy(m->buf + m->count, line, n + 1);
	m->count += n;
	free(line);
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	seq_vprintf(m, fmt, ap);
	va_end(ap);
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_printf(m, "%s", s);
}

void seq_putc(struct seq_file *m, char c)
{
	seq_printf(m, "%c", c);
}

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	struct seq_file *m = calloc(1, sizeof(*m));

	m->private = data;
	file->private_data = m;
	return show(m, NULL);
}

int single_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	free(m->buf);
	free(m);
	return 0;
}

ssize_t seq_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	struct seq_file *m = file->private_data;

	return simple_read_from_buffer(buf, n, pos, m->buf, m->count);
}

loff_t seq_lseek(struct file *file, loff_t off, int whence)
{
	return -ESPIPE;
}
