/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BITFIELD_H
#define SHIM_LINUX_BITFIELD_H

#include <linux/types.h>

#define shim_bf_shift(mask)	__builtin_ctzll(mask)
#define FIELD_GET(mask, v)	((typeof(mask))(((v) & (mask)) >> shim_bf_shift(mask)))
#define FIELD_PREP(mask, v)	(((typeof(mask))(v) << shim_bf_shift(mask)) & (mask))
#define FIELD_FIT(mask, v)	(!(((typeof(mask))(v) << shim_bf_shift(mask)) & ~(mask)))
#define FIELD_MAX(mask)		((typeof(mask))((mask) >> shim_bf_shift(mask)))

#endif
