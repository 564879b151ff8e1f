/* SPDX-License-Identifier: GPL-2.0 */
/* A warning is a failed test: it aborts, unless SHIM_WARN=continue is in the environment. */
#ifndef SHIM_LINUX_BUG_H
#define SHIM_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

void shim_warn(const char *site, const char *what) __cold;
void shim_bug(const char *site, const char *fmt, ...) __cold __noreturn __printf(2, 3);

#define WARN_ON(cond) ({						\
	int shim_cond_ = !!(cond);					\
	if (unlikely(shim_cond_))					\
		shim_warn(SHIM_SITE, #cond);				\
	unlikely(shim_cond_);						\
})
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define WARN(cond, fmt...)	WARN_ON(cond)
#define WARN_ONCE(cond, fmt...)	WARN_ON(cond)
#define WARN_ON_SMP(cond)	WARN_ON(cond)
#define WARN_TAINT(cond, taint, fmt...) WARN_ON(cond)
#define BUG()			shim_bug(SHIM_SITE, "BUG")
#define BUG_ON(cond) do { if (unlikely(cond)) shim_bug(SHIM_SITE, "BUG_ON(%s)", #cond); } while (0)
#define CHECK_DATA_CORRUPTION(cond, fmt...) WARN_ON(cond)

#endif
