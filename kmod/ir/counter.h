/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's counter: what the IR's COUNTER reads. Whether it is good for a clock is
 * vmxl_host.counter_khz's to say.
 */
#ifndef VMXL_COUNTER_H
#define VMXL_COUNTER_H

#include <linux/timex.h>
#include <asm/barrier.h>

static inline u64 vmxl_counter(void)
{
	rmb();	/* earlier loads are done: who has seen another's store sees no earlier time */
	return get_cycles();
}

#endif /* VMXL_COUNTER_H */
