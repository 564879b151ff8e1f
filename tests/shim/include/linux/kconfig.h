/* SPDX-License-Identifier: GPL-2.0 */
/* The configuration that the shim stands for. */
#ifndef SHIM_LINUX_KCONFIG_H
#define SHIM_LINUX_KCONFIG_H

#define CONFIG_64BIT		1
#define CONFIG_SMP		1
#define CONFIG_MMU		1
#define CONFIG_TRANSPARENT_HUGEPAGE	1
#define CONFIG_NR_CPUS		64
#define CONFIG_HZ		1000
#define CONFIG_EVENTFD		1

#define SHIM_ARG_PLACEHOLDER_1	0,
#define SHIM_SECOND(a, b, ...)	b
#define SHIM_IS_DEFINED_3(x)	SHIM_SECOND(x 1, 0)
#define SHIM_IS_DEFINED_2(v)	SHIM_IS_DEFINED_3(SHIM_ARG_PLACEHOLDER_##v)
#define SHIM_IS_DEFINED(x)	SHIM_IS_DEFINED_2(x)
#define IS_BUILTIN(x)		SHIM_IS_DEFINED(x)
#define IS_MODULE(x)		0
#define IS_ENABLED(x)		SHIM_IS_DEFINED(x)
#define IS_REACHABLE(x)		SHIM_IS_DEFINED(x)

#endif
