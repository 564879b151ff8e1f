/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_BARRIER_H
#define SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

#if defined(SHIM_TSAN)
/* A read-modify-write that all fences share: what a fence orders, in TSan's terms. */
extern int shim_fence_word;
#define smp_mb()	((void)__atomic_fetch_add(&shim_fence_word, 1, __ATOMIC_SEQ_CST))
#define smp_rmb()	smp_mb()
#define smp_wmb()	smp_mb()
#elif defined(__x86_64__)
#define smp_mb()	__asm__ __volatile__("lock; addl $0,-4(%%rsp)" : : : "memory", "cc")
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()
#else
#define smp_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)
#endif

#define mb()		smp_mb()
#define rmb()		smp_rmb()
#define wmb()		smp_wmb()
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()
#define smp_mb__after_spinlock() smp_mb()
#define smp_mb__after_srcu_read_unlock() smp_mb()
#define smp_mb__after_unlock_lock() smp_mb()

#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define smp_store_mb(v, x)	do { WRITE_ONCE(v, x); smp_mb(); } while (0)
#define smp_acquire__after_ctrl_dep() smp_rmb()
#define smp_cond_load_acquire(p, cond) ({				\
	typeof(*(p)) VAL;						\
	while (VAL = smp_load_acquire(p), !(cond))			\
		cpu_relax();						\
	VAL;								\
})
#define barrier_nospec()	barrier()

#endif
