/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The google,goldfish-rtc clock: wall time in nanoseconds, settable by the
 * guest, and an alarm interrupt.
 */
#ifndef VMXL_USER_RTC_GOLDFISH_H
#define VMXL_USER_RTC_GOLDFISH_H

#include "vm.h"

#define RTC_SIZE	0x1000

struct rtc {
	struct vm *vm;
	u32 irq;
	int timer_fd;
	pthread_mutex_t lock;	/* all below */
	u64 offset;		/* guest's time - ours */
	u32 time_high;		/* latched by a read of the low half */
	u32 alarm_high;		/* kept until the low half is written */
	u64 alarm;
	bool alarm_running, irq_enabled, irq_pending;
};

int rtc_init(struct rtc *rtc, struct vm *vm, u64 base, u32 irq);
void rtc_destroy(struct rtc *rtc);

#endif
