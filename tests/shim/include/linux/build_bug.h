/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BUILD_BUG_H
#define SHIM_LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define BUILD_BUG_ON_ZERO(e)	((int)(sizeof(struct { int: (-!!(e)); }) * 0))
#define BUILD_BUG_ON_MSG(cond, msg) \
	do { \
		extern void __PASTE(shim_build_bug_, __LINE__)(void) \
			__attribute__((__error__(msg))); \
		if (cond) \
			__PASTE(shim_build_bug_, __LINE__)(); \
	} while (0)
#ifdef __OPTIMIZE__
#define BUILD_BUG_ON(cond)	BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON failed: " #cond)
#else
#define BUILD_BUG_ON(cond)	((void)sizeof(char[1 - 2 * !!(cond)]))
#endif
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define BUILD_BUG_ON_INVALID(e) ((void)sizeof((long)(e)))
#define BUILD_BUG()		BUILD_BUG_ON(1)

#endif
