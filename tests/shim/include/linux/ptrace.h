/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PTRACE_H
#define SHIM_LINUX_PTRACE_H

#include <asm/ptrace.h>
#include <linux/sched.h>

#define task_pt_regs(t)		((t)->regs)
#define current_pt_regs()	task_pt_regs(current)

#endif
