/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_JHASH_H
#define SHIM_LINUX_JHASH_H

#include <linux/hash.h>

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return hash_64(((u64)a << 32 | b) + initval * GOLDEN_RATIO_64, 32);
}

#endif
