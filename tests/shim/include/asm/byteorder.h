/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_BYTEORDER_H
#define SHIM_ASM_BYTEORDER_H

#include_next <asm/byteorder.h>
#include <linux/swab.h>
#include <linux/types.h>

#define SHIM_ENDIAN(end, bits)					\
static inline __##end##bits cpu_to_##end##bits(u##bits v)	\
{								\
	return __cpu_to_##end##bits(v);				\
}								\
static inline u##bits end##bits##_to_cpu(__##end##bits v)	\
{								\
	return __##end##bits##_to_cpu(v);			\
}
SHIM_ENDIAN(le, 16)
SHIM_ENDIAN(le, 32)
SHIM_ENDIAN(le, 64)
SHIM_ENDIAN(be, 16)
SHIM_ENDIAN(be, 32)
SHIM_ENDIAN(be, 64)
#undef SHIM_ENDIAN

#endif
