/* SPDX-License-Identifier: GPL-2.0 */
/* What is asked for of the processor is whether its TSC is good. */
#ifndef SHIM_ASM_CPUFEATURE_H
#define SHIM_ASM_CPUFEATURE_H

#include <asm/tsc.h>

enum { X86_FEATURE_CONSTANT_TSC, X86_FEATURE_NONSTOP_TSC };

#define boot_cpu_has(feature)	((void)(feature), shim_tsc_khz() != 0)

#endif
