// SPDX-License-Identifier: GPL-2.0
/*
 * The goldfish clock. See rtc_goldfish.h.
 */
#define _GNU_SOURCE
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "rtc_goldfish.h"

enum rtc_reg {
	RTC_TIME_LOW = 0x00,
	RTC_TIME_HIGH = 0x04,
	RTC_ALARM_LOW = 0x08,
	RTC_ALARM_HIGH = 0x0c,
	RTC_IRQ_ENABLED = 0x10,
	RTC_CLEAR_ALARM = 0x14,
	RTC_ALARM_STATUS = 0x18,
	RTC_CLEAR_INTERRUPT = 0x1c,
};

static u64 guest_time(struct rtc *rtc)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec + rtc->offset;
}

static void update_irq(struct rtc *rtc)
{
	vm_irq_line(rtc->vm, rtc->irq, rtc->irq_enabled && rtc->irq_pending);
}

/* A time of zero stops the timer; an alarm in the past is due in a nanosecond. */
static void arm(struct rtc *rtc)
{
	struct itimerspec its = {};
	u64 now = guest_time(rtc), wait;

	if (rtc->alarm_running) {
		wait = rtc->alarm > now ? rtc->alarm - now : 1;
		its.it_value.tv_sec = wait / 1000000000;
		its.it_value.tv_nsec = wait % 1000000000;
	}
	timerfd_settime(rtc->timer_fd, 0, &its, NULL);
}

static void alarm_ready(void *opaque)
{
	struct rtc *rtc = opaque;
	u64 expirations;

	if (read(rtc->timer_fd, &expirations, sizeof(expirations)) != sizeof(expirations))
		return;
	pthread_mutex_lock(&rtc->lock);
	if (rtc->alarm_running) {
		rtc->alarm_running = false;
		rtc->irq_pending = true;
		update_irq(rtc);
	}
	pthread_mutex_unlock(&rtc->lock);
}

static u64 read_register(struct rtc *rtc, u64 offset)
{
	u64 now;

	switch (offset) {
	case RTC_TIME_LOW:
		now = guest_time(rtc);
		rtc->time_high = now >> 32;
		return (u32)now;
	case RTC_TIME_HIGH: return rtc->time_high;
	case RTC_ALARM_LOW: return (u32)rtc->alarm;
	case RTC_ALARM_HIGH: return rtc->alarm >> 32;
	case RTC_IRQ_ENABLED: return rtc->irq_enabled;
	case RTC_ALARM_STATUS: return rtc->alarm_running;
	default: return 0;
	}
}

static void write_register(struct rtc *rtc, u64 offset, u32 value)
{
	u64 now = guest_time(rtc);

	switch (offset) {
	case RTC_TIME_LOW:
		rtc->offset += ((now & ~0xffffffffULL) | value) - now;
		break;
	case RTC_TIME_HIGH:
		rtc->offset += ((u64)value << 32 | (u32)now) - now;
		break;
	case RTC_ALARM_LOW:
		rtc->alarm = (u64)rtc->alarm_high << 32 | value;
		rtc->alarm_running = true;
		arm(rtc);
		break;
	case RTC_ALARM_HIGH:
		rtc->alarm_high = value;
		break;
	case RTC_IRQ_ENABLED:
		rtc->irq_enabled = value & 1;
		update_irq(rtc);
		break;
	case RTC_CLEAR_ALARM:
		rtc->alarm_running = false;
		arm(rtc);
		break;
	case RTC_CLEAR_INTERRUPT:
		rtc->irq_pending = false;
		update_irq(rtc);
		break;
	}
}

static u64 rtc_read(void *opaque, u64 offset, unsigned int len)
{
	struct rtc *rtc = opaque;
	u64 value;

	if (len != 4)
		return 0;
	pthread_mutex_lock(&rtc->lock);
	value = read_register(rtc, offset);
	pthread_mutex_unlock(&rtc->lock);
	return value;
}

static void rtc_write(void *opaque, u64 offset, u64 value, unsigned int len)
{
	struct rtc *rtc = opaque;

	if (len != 4)
		return;
	pthread_mutex_lock(&rtc->lock);
	write_register(rtc, offset, value);
	pthread_mutex_unlock(&rtc->lock);
}

static const struct mmio_ops rtc_ops = {
	.name = "rtc", .read = rtc_read, .write = rtc_write,
};

int rtc_init(struct rtc *rtc, struct vm *vm, u64 base, u32 irq)
{
	*rtc = (struct rtc) { .vm = vm, .irq = irq };
	pthread_mutex_init(&rtc->lock, NULL);
	rtc->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (rtc->timer_fd < 0)
		return error_errno("timerfd");
	if (mmio_add(&vm->mmio, base, RTC_SIZE, &rtc_ops, rtc))
		return -1;
	return loop_add(vm->loop, rtc->timer_fd, NULL, alarm_ready, rtc);
}

/* Also after an rtc_init() that failed. */
void rtc_destroy(struct rtc *rtc)
{
	if (rtc->timer_fd >= 0) {
		loop_del(rtc->vm->loop, rtc->timer_fd);
		close(rtc->timer_fd);
	}
	pthread_mutex_destroy(&rtc->lock);
}
