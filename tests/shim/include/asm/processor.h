/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_PROCESSOR_H
#define SHIM_ASM_PROCESSOR_H

#include <linux/compiler.h>

#if defined(__x86_64__)
#define cpu_relax()	__builtin_ia32_pause()
#else
#define cpu_relax()	barrier()
#endif

#define TASK_SIZE	0x7ffffffff000UL
#define TASK_SIZE_MAX	TASK_SIZE

#endif
