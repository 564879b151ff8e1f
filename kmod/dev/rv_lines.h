/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What RISC-V guests and the devices made for them agree on: the numbers of
 * a hart's interrupt inputs, its clock, and the request that the clock makes.
 */
#ifndef VMXL_RV_LINES_H
#define VMXL_RV_LINES_H

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

/* mtime, which the time CSR shows */
static inline u64 vmxl_rv_time(const struct vmxl_vm *vm)
{
	return vmxl_vm_ns(vm) / VMXL_RV_TICK_NS + READ_ONCE(vm->tick_offset);
}

/*
 * The host time (CLOCK_MONOTONIC) at which the clock reaches @tick: 0 if it
 * has already, KTIME_MAX if the host's clock never gets there.
 */
static inline ktime_t vmxl_rv_tick_to_ktime(const struct vmxl_vm *vm, u64 tick)
{
	u64 since = tick - READ_ONCE(vm->tick_offset);

	if (tick <= vmxl_rv_time(vm))
		return 0;
	if (since >= KTIME_MAX / VMXL_RV_TICK_NS / 2)
		return KTIME_MAX;
	return vm->epoch + since * VMXL_RV_TICK_NS;
}

#endif /* VMXL_RV_LINES_H */
