/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What RISC-V guests and the devices made for them agree on: the numbers of
 * a hart's interrupt inputs, its clock, and the request that the clock makes.
 */
#ifndef VMXL_RV_LINES_H
#define VMXL_RV_LINES_H

#include <linux/hrtimer.h>
#include <linux/time64.h>
#include "../vm.h"

/* Interrupts: bits of mip; the line numbers of vmxl_guest.irq() */
#define RV_IRQ_SSI	1
#define RV_IRQ_MSI	3
#define RV_IRQ_STI	5
#define RV_IRQ_MTI	7
#define RV_IRQ_SEI	9
#define RV_IRQ_MEI	11
#define RV_IRQ_LCOFI	13

#define VMXL_RV_TIMEBASE	10000000ULL	/* Hz */
#define VMXL_RV_TICK_NS		(NSEC_PER_SEC / VMXL_RV_TIMEBASE)

static_assert(NSEC_PER_SEC % VMXL_RV_TIMEBASE == 0);

/* mtime was written: look at the hart's timer again */
#define VMXL_REQ_RV_TIMER	(VMXL_REQ_GUEST + 0)

/* mtime, which the time CSR shows; vmxl_rv64_tr_csr() has the same in IR. */
static inline u64 vmxl_rv_time(const struct vmxl_vm *vm)
{
	return vmxl_clock_ticks(&vm->clock) + READ_ONCE(vm->tick_offset);
}

/*
 * The host time (CLOCK_MONOTONIC) at which to look whether the clock has reached
 * @tick: 0 if it has, KTIME_MAX if it never does.
 */
static inline ktime_t vmxl_rv_tick_to_ktime(const struct vmxl_vm *vm, u64 tick)
{
	u64 now = vmxl_rv_time(vm);

	return tick <= now ? 0 : vmxl_clock_after(&vm->clock, tick - now);
}

/* Whether a timer for @tick that fires is early, and to fire again. */
static inline bool vmxl_rv_timer_early(const struct vmxl_vm *vm, struct hrtimer *timer, u64 tick)
{
	ktime_t when = vmxl_rv_tick_to_ktime(vm, tick);

	if (likely(!when))
		return false;
	hrtimer_set_expires(timer, when);
	return true;
}

#endif /* VMXL_RV_LINES_H */
