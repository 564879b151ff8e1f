/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TIMEX_H
#define SHIM_LINUX_TIMEX_H

#include <linux/ktime.h>

#if defined(__x86_64__)
#include <asm/tsc.h>
#define get_cycles()	rdtsc_ordered()
#else
#define get_cycles()	ktime_get_ns()
#endif

#endif
