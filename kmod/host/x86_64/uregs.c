// SPDX-License-Identifier: GPL-2.0
/*
 * User registers, x86-64: struct pt_regs of the current thread. A system call
 * returns by sysret where rcx and r11 agree with rip and the flags, else by the
 * slower iret: they are made to agree.
 */
#include <linux/compat.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/thread_info.h>
#include "../uregs.h"
#include "x86.h"

/**
 * vmxl_uregs_usable() - may the calling thread execute translated code?
 *
 * Context: ioctl.
 * Return: whether it is a thread in 64-bit mode that called the ioctl itself.
 */
bool vmxl_uregs_usable(void)
{
	return !(current->flags & PF_KTHREAD) && !in_compat_syscall() &&
	       user_64bit_mode(task_pt_regs(current));
}

/**
 * vmxl_uregs_counter() - may the calling thread read the TSC?
 *
 * Return: whether RDTSC is no fault to it (PR_SET_TSC).
 */
bool vmxl_uregs_counter(void)
{
	return !test_thread_flag(TIF_NOTSC);
}

/**
 * vmxl_uregs_fd() - the ioctl's descriptor
 *
 * Return: its first argument.
 */
int vmxl_uregs_fd(void)
{
	return task_pt_regs(current)->di;
}

/**
 * vmxl_uregs_save() - keep the registers of the ioctl
 * @u: where
 */
void vmxl_uregs_save(struct vmxl_uregs *u)
{
	u->regs = *task_pt_regs(current);
}

static void set_ip(struct pt_regs *regs, u64 ip)
{
	regs->ip = ip;
	regs->cx = ip;
	regs->r11 = regs->flags;
}

/**
 * vmxl_uregs_restore() - return from the ioctl as if it were the one that was kept
 * @u: what was kept
 *
 * The result is the ioctl's own.
 */
void vmxl_uregs_restore(const struct vmxl_uregs *u)
{
	struct pt_regs *regs = task_pt_regs(current);
	unsigned long orig_ax = regs->orig_ax, flags = regs->flags;

	*regs = u->regs;
	regs->orig_ax = orig_ax;
	regs->flags = flags;
	set_ip(regs, u->regs.ip);
}

/**
 * vmxl_uregs_enter() - return to the entry stub
 * @stub: its address
 * @uarea: address of the user area's middle
 * @window: base of the window
 * @at: where it jumps to
 */
void vmxl_uregs_enter(u64 stub, u64 uarea, u64 window, u64 at)
{
	struct pt_regs *regs = task_pt_regs(current);

	regs->di = uarea;
	regs->si = window;
	regs->dx = at;
	set_ip(regs, stub);
}

/**
 * vmxl_uregs_ip() - where the thread faulted
 *
 * Return: address of the instruction.
 */
u64 vmxl_uregs_ip(void)
{
	return task_pt_regs(current)->ip;
}

/**
 * vmxl_uregs_get() - general registers at a fault
 * @general: out: 16 of them, as instructions number them
 */
void vmxl_uregs_get(u64 *general)
{
	const struct pt_regs *r = task_pt_regs(current);
	const u64 all[16] = {
		r->ax, r->cx, r->dx, r->bx, r->sp, r->bp, r->si, r->di,
		r->r8, r->r9, r->r10, r->r11, r->r12, r->r13, r->r14, r->r15,
	};

	memcpy(general, all, sizeof(all));
}

/**
 * vmxl_uregs_redirect() - go on at a stub after a fault
 * @stub: its address
 * @uarea: address of the user area's middle
 * @id: exit id
 */
void vmxl_uregs_redirect(u64 stub, u64 uarea, u32 id)
{
	struct pt_regs *regs = task_pt_regs(current);

	regs->ax = id;
	regs->r15 = uarea;
	regs->ip = stub;
}

/**
 * vmxl_uregs_return() - after a fault: return from the ioctl that was kept
 * @u: what was kept
 * @ret: its result
 */
void vmxl_uregs_return(const struct vmxl_uregs *u, long ret)
{
	struct pt_regs *regs = task_pt_regs(current);
	unsigned long flags = regs->flags, orig_ax = regs->orig_ax;

	*regs = u->regs;
	regs->flags = flags;
	regs->orig_ax = orig_ax;
	regs->ax = ret;
}
