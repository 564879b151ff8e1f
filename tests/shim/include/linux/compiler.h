/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#include <stddef.h>

/* What sparse and objtool read means nothing here. */
#define __user
#define __kernel
#define __iomem
#define __rcu
#define __percpu
#define __force
#define __nocast
#define __safe
#define __private
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __acquire(x)	((void)0)
#define __release(x)	((void)0)
#define __cond_lock(x, c) (c)
#define __annotate_jump_table
#define __counted_by(m)
#define ACCESS_PRIVATE(p, member) ((p)->member)

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#undef __always_inline
#define __always_inline	inline __attribute__((__always_inline__))
#define noinline	__attribute__((__noinline__))
#define noinline_for_stack noinline
#define __must_check	__attribute__((__warn_unused_result__))
#define __maybe_unused	__attribute__((__unused__))
#define __always_unused	__attribute__((__unused__))
#define __used		__attribute__((__used__))
#define __weak		__attribute__((__weak__))
#define __cold		__attribute__((__cold__))
#define __hot		__attribute__((__hot__))
#define __noreturn	__attribute__((__noreturn__))
#define __packed	__attribute__((__packed__))
#define __aligned(x)	__attribute__((__aligned__(x)))
#define __printf(a, b)	__attribute__((__format__(printf, a, b)))
#define __section(s)	__attribute__((__section__(s)))
#define __malloc	__attribute__((__malloc__))
#define __visible	__attribute__((__externally_visible__))
#define __flatten	__attribute__((__flatten__))
#define __nonstring
#define __no_sanitize_address
#define __no_kcsan	__attribute__((no_sanitize("thread")))
#define __latent_entropy
#define __randomize_layout
#define __read_mostly
#define __ro_after_init
#define ____cacheline_aligned		__aligned(64)
#define ____cacheline_aligned_in_smp	__aligned(64)
#define __cacheline_aligned		__aligned(64)
#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#ifndef fallthrough
#define fallthrough	__attribute__((__fallthrough__))
#endif

#define barrier()	__asm__ __volatile__("" : : : "memory")
#define barrier_data(p)	__asm__ __volatile__("" : : "r"(p) : "memory")
#define OPTIMIZER_HIDE_VAR(v) __asm__("" : "=r"(v) : "0"(v))
#define RELOC_HIDE(p, off) ((typeof(p))((unsigned long)(p) + (off)))
#ifndef unreachable
#define unreachable()	__builtin_unreachable()
#endif

#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define __must_be_array(a) \
	(sizeof(struct { int: (-!!__same_type((a), &(a)[0])); }) * 0)
#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)
#define ___PASTE(a, b)	a##b
#define __PASTE(a, b)	___PASTE(a, b)
#define __UNIQUE_ID(p)	__PASTE(__PASTE(__UNIQUE_ID_, p), __COUNTER__)
#define sizeof_field(t, m) sizeof(((t *)0)->m)
#define offsetofend(t, m) (offsetof(t, m) + sizeof_field(t, m))
#define _THIS_IP_	((unsigned long)__builtin_return_address(0))
#define _RET_IP_	((unsigned long)__builtin_return_address(0))

/*
 * ThreadSanitizer does not take volatile for atomic, and does not understand
 * fences: it is told that marked accesses order what they order with them.
 */
#ifdef __SANITIZE_THREAD__
#define SHIM_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SHIM_TSAN 1
#endif
#endif

#ifdef SHIM_TSAN
#define __READ_ONCE(x)	__atomic_load_n((typeof(x) *)&(x), __ATOMIC_ACQUIRE)
#define READ_ONCE(x)	__READ_ONCE(x)
#define WRITE_ONCE(x, v) __atomic_store_n((typeof(x) *)&(x), (v), __ATOMIC_RELEASE)
#else
#define __READ_ONCE(x)	(*(const volatile typeof(x) *)&(x))
#define READ_ONCE(x)	__READ_ONCE(x)
#define WRITE_ONCE(x, v) do { *(volatile typeof(x) *)&(x) = (v); } while (0)
#endif
#define data_race(expr)	(expr)

#undef static_assert
#define static_assert(expr, ...) __static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...) _Static_assert(expr, msg)

#define SHIM_SITE	__FILE__ ":" __stringify(__LINE__)

#endif
