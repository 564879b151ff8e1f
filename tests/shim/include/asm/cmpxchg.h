/* SPDX-License-Identifier: GPL-2.0 */
/* On u8 to u64 and on pointers; a failed compare orders nothing in the kernel, more here. */
#ifndef SHIM_ASM_CMPXCHG_H
#define SHIM_ASM_CMPXCHG_H

#include <linux/compiler.h>

#define shim_cmpxchg(p, old, new, mo) ({				\
	typeof(*(p)) shim_o_ = (old);					\
	__atomic_compare_exchange_n(p, &shim_o_, new, 0, mo, __ATOMIC_ACQUIRE); \
	shim_o_;							\
})
#define shim_try_cmpxchg(p, oldp, new, mo) \
	likely(__atomic_compare_exchange_n(p, oldp, new, 0, mo, __ATOMIC_ACQUIRE))

#define cmpxchg(p, o, n)		shim_cmpxchg(p, o, n, __ATOMIC_SEQ_CST)
#define try_cmpxchg(p, o, n)		shim_try_cmpxchg(p, o, n, __ATOMIC_SEQ_CST)
#define xchg(p, v)			__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)

#endif
