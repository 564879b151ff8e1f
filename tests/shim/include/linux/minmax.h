/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#include <linux/compiler.h>
#include <linux/const.h>

/*
 * Constant where the arguments are (array sizes), and each argument read once
 * where they are not. The comparison of pointers rejects different types.
 */
#define shim_is_const(x, y) (__is_constexpr(x) && __is_constexpr(y))
#define shim_cmp_once(x, y, op) ({					\
	typeof(x) shim_x_ = (x);					\
	typeof(y) shim_y_ = (y);					\
	(void)(&shim_x_ == &shim_y_);					\
	shim_x_ op shim_y_ ? shim_x_ : shim_y_;				\
})
#define shim_cmp(x, y, op)						\
	__builtin_choose_expr(shim_is_const(x, y), ((x) op (y) ? (x) : (y)), \
			      shim_cmp_once(x, y, op))

#define min(x, y)	shim_cmp(x, y, <)
#define max(x, y)	shim_cmp(x, y, >)
#define min3(x, y, z)	min((typeof(x))min(x, y), z)
#define max3(x, y, z)	max((typeof(x))max(x, y), z)
#define min_t(t, x, y)	shim_cmp((t)(x), (t)(y), <)
#define max_t(t, x, y)	shim_cmp((t)(x), (t)(y), >)
#define umin(x, y)	min_t(unsigned long long, x, y)
#define umax(x, y)	max_t(unsigned long long, x, y)
#define clamp(v, lo, hi) min((typeof(v))max(v, lo), hi)
#define clamp_t(t, v, lo, hi) min_t(t, max_t(t, v, lo), hi)
#define clamp_val(v, lo, hi) clamp_t(typeof(v), v, lo, hi)
#define min_not_zero(x, y) ({						\
	typeof(x) shim_nx_ = (x);					\
	typeof(y) shim_ny_ = (y);					\
	shim_nx_ == 0 ? shim_ny_ : shim_ny_ == 0 ? shim_nx_ : min(shim_nx_, shim_ny_); \
})
#define swap(a, b) do { typeof(a) shim_t_ = (a); (a) = (b); (b) = shim_t_; } while (0)
#define in_range(v, start, len) ((v) - (start) < (len))

#endif
