/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MATH_H
#define SHIM_LINUX_MATH_H

#include <stdlib.h>
#include <linux/types.h>

#define shim_round_mask(x, y)	((typeof(x))((y) - 1))
#define round_up(x, y)		((((x) - 1) | shim_round_mask(x, y)) + 1)
#define round_down(x, y)	((x) & ~shim_round_mask(x, y))
#define roundup(x, y)		((((x) + ((y) - 1)) / (y)) * (y))
#define rounddown(x, y)		((x) - (x) % (y))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((unsigned long long)(n), d)
#define DIV_ROUND_CLOSEST(n, d)	(((n) + (d) / 2) / (d))
#define abs(x)	({ typeof(x) shim_a_ = (x); shim_a_ < 0 ? -shim_a_ : shim_a_; })
#define mult_frac(x, n, d)	({ typeof(x) q_ = (x) / (d), r_ = (x) % (d); \
				   q_ * (n) + r_ * (n) / (d); })

#endif
