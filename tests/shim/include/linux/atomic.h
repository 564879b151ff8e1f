/* SPDX-License-Identifier: GPL-2.0 */
/* The families are made by macros: operation, then ordering. */
#ifndef SHIM_LINUX_ATOMIC_H
#define SHIM_LINUX_ATOMIC_H

#include <asm/barrier.h>
#include <asm/cmpxchg.h>
#include <asm/processor.h>
#include <linux/types.h>

#define SHIM_ATOMIC_RET(A, T, op, expr, sfx, mo)			\
static __always_inline T A##_fetch_##op##sfx(T i, A##_t *v)		\
{									\
	return __atomic_fetch_##expr(&v->counter, (i), mo);		\
}
#define SHIM_ATOMIC_NEW(A, T, op, sfx, mo)				\
static __always_inline T A##_##op##_return##sfx(T i, A##_t *v)		\
{									\
	return __atomic_##op##_fetch(&v->counter, i, mo);		\
}
#define SHIM_ATOMIC_MO(A, T, sfx, mo)					\
	SHIM_ATOMIC_RET(A, T, add, add, sfx, mo)			\
	SHIM_ATOMIC_RET(A, T, sub, sub, sfx, mo)			\
	SHIM_ATOMIC_RET(A, T, and, and, sfx, mo)			\
	SHIM_ATOMIC_RET(A, T, or, or, sfx, mo)				\
	SHIM_ATOMIC_RET(A, T, xor, xor, sfx, mo)			\
	SHIM_ATOMIC_NEW(A, T, add, sfx, mo)				\
	SHIM_ATOMIC_NEW(A, T, sub, sfx, mo)				\
static __always_inline T A##_fetch_andnot##sfx(T i, A##_t *v)		\
{									\
	return __atomic_fetch_and(&v->counter, ~i, mo);			\
}									\
static __always_inline T A##_fetch_inc##sfx(A##_t *v)			\
{									\
	return __atomic_fetch_add(&v->counter, 1, mo);			\
}									\
static __always_inline T A##_fetch_dec##sfx(A##_t *v)			\
{									\
	return __atomic_fetch_sub(&v->counter, 1, mo);			\
}									\
static __always_inline T A##_inc_return##sfx(A##_t *v)			\
{									\
	return __atomic_add_fetch(&v->counter, 1, mo);			\
}									\
static __always_inline T A##_dec_return##sfx(A##_t *v)			\
{									\
	return __atomic_sub_fetch(&v->counter, 1, mo);			\
}									\
static __always_inline T A##_xchg##sfx(A##_t *v, T n)			\
{									\
	return __atomic_exchange_n(&v->counter, n, mo);			\
}									\
static __always_inline T A##_cmpxchg##sfx(A##_t *v, T o, T n)		\
{									\
	__atomic_compare_exchange_n(&v->counter, &o, n, 0, mo, __ATOMIC_RELAXED); \
	return o;							\
}									\
static __always_inline bool A##_try_cmpxchg##sfx(A##_t *v, T *o, T n)	\
{									\
	return __atomic_compare_exchange_n(&v->counter, o, n, 0, mo, __ATOMIC_RELAXED); \
}
#define SHIM_ATOMIC_VOID(A, T, op)					\
static __always_inline void A##_##op(T i, A##_t *v)			\
{									\
	__atomic_fetch_##op(&v->counter, i, __ATOMIC_RELAXED);		\
}
#define SHIM_ATOMIC(A, T)						\
	SHIM_ATOMIC_MO(A, T, , __ATOMIC_SEQ_CST)			\
	SHIM_ATOMIC_MO(A, T, _relaxed, __ATOMIC_RELAXED)		\
	SHIM_ATOMIC_MO(A, T, _acquire, __ATOMIC_ACQUIRE)		\
	SHIM_ATOMIC_MO(A, T, _release, __ATOMIC_RELEASE)		\
	SHIM_ATOMIC_VOID(A, T, add)					\
	SHIM_ATOMIC_VOID(A, T, sub)					\
	SHIM_ATOMIC_VOID(A, T, and)					\
	SHIM_ATOMIC_VOID(A, T, or)					\
	SHIM_ATOMIC_VOID(A, T, xor)					\
static __always_inline T A##_read(const A##_t *v)			\
{									\
	return READ_ONCE(v->counter);					\
}									\
static __always_inline T A##_read_acquire(const A##_t *v)		\
{									\
	return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);		\
}									\
static __always_inline void A##_set(A##_t *v, T i)			\
{									\
	WRITE_ONCE(v->counter, i);					\
}									\
static __always_inline void A##_set_release(A##_t *v, T i)		\
{									\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);		\
}									\
static __always_inline void A##_andnot(T i, A##_t *v)			\
{									\
	__atomic_fetch_and(&v->counter, ~i, __ATOMIC_RELAXED);		\
}									\
static __always_inline void A##_inc(A##_t *v)				\
{									\
	__atomic_fetch_add(&v->counter, 1, __ATOMIC_RELAXED);		\
}									\
static __always_inline void A##_dec(A##_t *v)				\
{									\
	__atomic_fetch_sub(&v->counter, 1, __ATOMIC_RELAXED);		\
}									\
static __always_inline bool A##_inc_and_test(A##_t *v)			\
{									\
	return A##_inc_return(v) == 0;					\
}									\
static __always_inline bool A##_dec_and_test(A##_t *v)			\
{									\
	return A##_dec_return(v) == 0;					\
}									\
static __always_inline bool A##_sub_and_test(T i, A##_t *v)		\
{									\
	return A##_sub_return(i, v) == 0;				\
}									\
static __always_inline bool A##_add_negative(T i, A##_t *v)		\
{									\
	return A##_add_return(i, v) < 0;				\
}									\
static __always_inline T A##_fetch_add_unless(A##_t *v, T a, T u)	\
{									\
	T o = A##_read(v);						\
									\
	while (o != u && !A##_try_cmpxchg(v, &o, o + a))		\
		;							\
	return o;							\
}									\
static __always_inline bool A##_add_unless(A##_t *v, T a, T u)		\
{									\
	return A##_fetch_add_unless(v, a, u) != u;			\
}									\
static __always_inline bool A##_inc_not_zero(A##_t *v)			\
{									\
	return A##_add_unless(v, 1, 0);					\
}									\
static __always_inline T A##_dec_if_positive(A##_t *v)			\
{									\
	T o = A##_read(v);						\
									\
	while (o > 0 && !A##_try_cmpxchg(v, &o, o - 1))			\
		;							\
	return o - 1;							\
}

SHIM_ATOMIC(atomic, int)
SHIM_ATOMIC(atomic64, s64)
SHIM_ATOMIC(atomic_long, long)

#endif
