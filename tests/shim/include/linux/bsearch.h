/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BSEARCH_H
#define SHIM_LINUX_BSEARCH_H

#include <linux/types.h>

void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);

#endif
