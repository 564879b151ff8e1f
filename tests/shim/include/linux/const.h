/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CONST_H
#define SHIM_LINUX_CONST_H

#include_next <linux/const.h>

/* A constant expression is one that a null pointer constant can be made of. */
#define __is_constexpr(x) \
	(sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))

#endif
