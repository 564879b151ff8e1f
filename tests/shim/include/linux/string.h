/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <string.h>
#include <linux/types.h>

ssize_t strscpy(char *dst, const char *src, size_t size);
void *memchr_inv(const void *p, int c, size_t n);

/* Allocating ones */
#define kmemdup(p, n, gfp)	shim_kmemdup(p, n, gfp, SHIM_SITE)
void *shim_kmemdup(const void *p, size_t n, gfp_t gfp, const char *site);

#endif
