/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_UNALIGNED_H
#define SHIM_LINUX_UNALIGNED_H

#include <asm/byteorder.h>
#include <linux/types.h>

#define shim_unaligned(T)	struct { T v; } __packed
#define get_unaligned(p)	(((const shim_unaligned(typeof(*(p))) *)(p))->v)
#define put_unaligned(x, p)	((void)(((shim_unaligned(typeof(*(p))) *)(p))->v = (x)))

#define SHIM_UNALIGNED(bits, end)					\
static inline u##bits get_unaligned_##end##bits(const void *p)		\
{									\
	return end##bits##_to_cpu(get_unaligned((const u##bits *)p));	\
}									\
static inline void put_unaligned_##end##bits(u##bits v, void *p)	\
{									\
	put_unaligned(cpu_to_##end##bits(v), (u##bits *)p);		\
}
SHIM_UNALIGNED(16, le)
SHIM_UNALIGNED(32, le)
SHIM_UNALIGNED(64, le)
SHIM_UNALIGNED(16, be)
SHIM_UNALIGNED(32, be)
SHIM_UNALIGNED(64, be)
#undef SHIM_UNALIGNED

#endif
