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
#define cmpxchg64(p, o, n)		cmpxchg(p, o, n)
#define cmpxchg_relaxed(p, o, n)	shim_cmpxchg(p, o, n, __ATOMIC_ACQUIRE)
#define cmpxchg_acquire(p, o, n)	shim_cmpxchg(p, o, n, __ATOMIC_ACQUIRE)
#define cmpxchg_release(p, o, n)	shim_cmpxchg(p, o, n, __ATOMIC_ACQ_REL)
#define cmpxchg_local(p, o, n)		cmpxchg(p, o, n)
#define try_cmpxchg(p, o, n)		shim_try_cmpxchg(p, o, n, __ATOMIC_SEQ_CST)
#define try_cmpxchg64(p, o, n)		try_cmpxchg(p, o, n)
#define try_cmpxchg_relaxed(p, o, n)	shim_try_cmpxchg(p, o, n, __ATOMIC_ACQUIRE)
#define try_cmpxchg_acquire(p, o, n)	shim_try_cmpxchg(p, o, n, __ATOMIC_ACQUIRE)
#define try_cmpxchg_release(p, o, n)	shim_try_cmpxchg(p, o, n, __ATOMIC_ACQ_REL)
#define xchg(p, v)			__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define xchg_relaxed(p, v)		__atomic_exchange_n(p, v, __ATOMIC_RELAXED)
#define xchg_acquire(p, v)		__atomic_exchange_n(p, v, __ATOMIC_ACQUIRE)
#define xchg_release(p, v)		__atomic_exchange_n(p, v, __ATOMIC_RELEASE)

#endif
