/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM's clock: the one definition of guest time, for translated code, the
 * interpreter, timers and devices. It counts what the host's counter counts, at the
 * guest's rate, where that counter is good for it (vmxl_host.counter_khz); else
 * CLOCK_MONOTONIC. Documentation/translator.rst says what follows from that.
 */
#ifndef VMXL_CLOCK_H
#define VMXL_CLOCK_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <asm/barrier.h>
#include "ir/counter.h"

/**
 * struct vmxl_clock - a VM's clock; it never goes back
 * @all: in the list of those that have the host's counter; under clocks_lock
 * @tick_ns: ns of a tick
 * @mult: ticks of a count of the host's counter, by 2^64; 0: the clock is
 *	CLOCK_MONOTONIC, and stays it
 * @base: the host's counter at tick 0
 * @epoch: ktime_get_ns() at tick 0; of meaning once @mult is 0
 */
struct vmxl_clock {
	struct list_head all;
	u32 tick_ns;
	u64 mult;
	u64 base;
	u64 epoch;
};

/* Ticks. Context: any. */
static inline u64 vmxl_clock_ticks(const struct vmxl_clock *c)
{
	u64 mult = smp_load_acquire(&c->mult);	/* pairs with lose() */

	if (mult)
		return mul_u64_u64_shr(vmxl_counter() - c->base, mult, 64);
	return div_u64(ktime_get_ns() - c->epoch, c->tick_ns);
}

void vmxl_clock_init(struct vmxl_clock *c, u32 tick_ns);
void vmxl_clock_destroy(struct vmxl_clock *c);
void vmxl_clock_check(struct vmxl_clock *c);
bool vmxl_clock_readable(const struct vmxl_clock *c);
ktime_t vmxl_clock_after(const struct vmxl_clock *c, u64 ticks);

int vmxl_clock_module_init(void);
void vmxl_clock_module_exit(void);

#endif /* VMXL_CLOCK_H */
