/* SPDX-License-Identifier: GPL-2.0 */
/* User registers, by x86-64's names on every host; see user.c. */
#ifndef SHIM_ASM_PTRACE_H
#define SHIM_ASM_PTRACE_H

#include <linux/types.h>

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};

#define user_mode(r)		1
#define user_64bit_mode(r)	((void)(r), 1)
#define instruction_pointer(r)	((r)->ip)
#define user_stack_pointer(r)	((r)->sp)

#endif
