/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <string.h>
#include <linux/types.h>

ssize_t strscpy(char *dst, const char *src, size_t size);
ssize_t strscpy_pad(char *dst, const char *src, size_t size);
void *memchr_inv(const void *p, int c, size_t n);
char *strim(char *s);
char *skip_spaces(const char *s);
bool sysfs_streq(const char *a, const char *b);
int match_string(const char * const *array, size_t n, const char *s);

static inline void *memset64(u64 *p, u64 v, size_t n)
{
	while (n--)
		p[n] = v;
	return p;
}

static inline void *memset32(u32 *p, u32 v, size_t n)
{
	while (n--)
		p[n] = v;
	return p;
}

static inline void *memset16(u16 *p, u16 v, size_t n)
{
	while (n--)
		p[n] = v;
	return p;
}

static inline bool strstarts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

#define memzero_explicit(p, n)	explicit_bzero(p, n)
#define memset_after(obj, v, m) \
	memset((char *)(obj) + offsetofend(typeof(*(obj)), m), v, \
	       sizeof(*(obj)) - offsetofend(typeof(*(obj)), m))
#define memset_startat(obj, v, m) \
	memset((char *)(obj) + offsetof(typeof(*(obj)), m), v, \
	       sizeof(*(obj)) - offsetof(typeof(*(obj)), m))

/* Allocating ones */
#define kmemdup(p, n, gfp)	shim_kmemdup(p, n, gfp, SHIM_SITE)
#define kstrdup(s, gfp)		shim_kstrdup(s, gfp, SHIM_SITE)
#define memdup_user(p, n)	shim_memdup_user(p, n, SHIM_SITE)
#define vmemdup_user(p, n)	shim_memdup_user(p, n, SHIM_SITE)
void *shim_kmemdup(const void *p, size_t n, gfp_t gfp, const char *site);
char *shim_kstrdup(const char *s, gfp_t gfp, const char *site);
void *shim_memdup_user(const void __user *p, size_t n, const char *site);

#endif
