/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_FIND_H
#define SHIM_LINUX_FIND_H

#include <linux/types.h>

unsigned long shim_find_next(const unsigned long *addr, unsigned long size,
			     unsigned long from, unsigned long invert);
unsigned long find_last_bit(const unsigned long *addr, unsigned long size);

#define find_next_bit(addr, size, from)		shim_find_next(addr, size, from, 0)
#define find_next_zero_bit(addr, size, from)	shim_find_next(addr, size, from, ~0UL)
#define find_first_bit(addr, size)		find_next_bit(addr, size, 0)
#define find_first_zero_bit(addr, size)		find_next_zero_bit(addr, size, 0)

#endif
