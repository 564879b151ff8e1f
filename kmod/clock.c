// SPDX-License-Identifier: GPL-2.0
/*
 * Clocks that have the host's counter, and how they lose it: when the kernel finds it
 * out of step, and before the host sleeps, for it may begin anew then. A clock goes on
 * where it was, as CLOCK_MONOTONIC.
 */
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/suspend.h>
#include "clock.h"
#include "codegen/code.h"
#include "host/host.h"
#include "host/uregs.h"
#include "vm.h"

static LIST_HEAD(clocks);
static DEFINE_MUTEX(clocks_lock);

static u32 counter_khz(void)
{
	return vmxl_host ? vmxl_host->counter_khz() : 0;
}

/* Ticks of a count, by 2^64; 0: not below 1. @tick_ns is at least 1, @khz below 2^32. */
static u64 mult_of(u32 khz, u32 tick_ns)
{
	u64 tick_khz = div_u64(NSEC_PER_MSEC, tick_ns), high, rest;

	if (tick_khz >= khz)
		return 0;
	high = div64_u64_rem(tick_khz << 32, khz, &rest);
	return high << 32 | div_u64(rest << 32, khz);
}

/**
 * vmxl_clock_init() - a clock that is 0 now
 * @c: the clock, all zeroes
 * @tick_ns: ns of a tick; a millisecond is a multiple of it
 *
 * Context: may sleep. vmxl_clock_destroy() undoes it.
 */
void vmxl_clock_init(struct vmxl_clock *c, u32 tick_ns)
{
	u32 khz = counter_khz();

	c->tick_ns = tick_ns;
	c->epoch = ktime_get_ns();
	c->base = vmxl_counter();
	mutex_lock(&clocks_lock);
	c->mult = khz ? mult_of(khz, tick_ns) : 0;
	list_add(&c->all, &clocks);
	mutex_unlock(&clocks_lock);
}

/**
 * vmxl_clock_destroy() - forget a clock
 * @c: the clock
 */
void vmxl_clock_destroy(struct vmxl_clock *c)
{
	mutex_lock(&clocks_lock);
	list_del(&c->all);
	mutex_unlock(&clocks_lock);
}

/*
 * Whoever still reads the counter reads what the clock is at this time. Translated code
 * that does is to leave.
 */
static void lose(struct vmxl_clock *c)
{
	struct vmxl_vm *vm = container_of(c, struct vmxl_vm, clock);
	struct vmxl_vcpu *vcpu;
	unsigned int i;
	u64 now;

	lockdep_assert_held(&clocks_lock);
	if (!c->mult)
		return;
	now = ktime_get_ns();		/* first: what is read of the counter later is not ahead */
	c->epoch = now - vmxl_clock_ticks(c) * c->tick_ns;
	smp_store_release(&c->mult, 0);		/* pairs with vmxl_clock_ticks() */
	vmxl_for_each_vcpu(vm, vcpu, i)
		vmxl_vcpu_kick(vcpu);
}

/**
 * vmxl_clock_check() - is the host's counter still good?
 * @c: a VM's clock
 *
 * To be called now and then. Context: may sleep.
 */
void vmxl_clock_check(struct vmxl_clock *c)
{
	if (likely(!READ_ONCE(c->mult) || counter_khz()))
		return;
	mutex_lock(&clocks_lock);
	lose(c);
	mutex_unlock(&clocks_lock);
}

/**
 * vmxl_clock_readable() - may translated code read the clock by itself?
 * @c: the clock
 *
 * Context: the thread that will execute the code.
 * Return: whether it may, until it comes back.
 */
bool vmxl_clock_readable(const struct vmxl_clock *c)
{
	return READ_ONCE(c->mult) && vmxl_uregs_counter();
}

/**
 * vmxl_clock_after() - when some ticks will have passed
 * @c: the clock
 * @ticks: so many from now on
 *
 * The counter may go slower than CLOCK_MONOTONIC: what waits for a tick looks at the
 * clock again, and waits for the rest. Context: any.
 * Return: CLOCK_MONOTONIC, or KTIME_MAX: never.
 */
ktime_t vmxl_clock_after(const struct vmxl_clock *c, u64 ticks)
{
	if (ticks >= div_u64(KTIME_MAX / 2, c->tick_ns))
		return KTIME_MAX;
	return ktime_add_ns(ktime_get(), ticks * c->tick_ns);
}

static int before_sleep(struct notifier_block *nb, unsigned long event, void *data)
{
	struct vmxl_clock *c;

	if (event != PM_SUSPEND_PREPARE && event != PM_HIBERNATION_PREPARE)
		return NOTIFY_DONE;
	mutex_lock(&clocks_lock);
	list_for_each_entry(c, &clocks, all)
		lose(c);
	mutex_unlock(&clocks_lock);
	return NOTIFY_OK;
}

static struct notifier_block sleep_block = { .notifier_call = before_sleep };

/**
 * vmxl_clock_module_init() - hear when the host goes to sleep
 *
 * Return: 0 or -errno.
 */
int vmxl_clock_module_init(void)
{
	return register_pm_notifier(&sleep_block);
}

/**
 * vmxl_clock_module_exit() - undo vmxl_clock_module_init()
 */
void vmxl_clock_module_exit(void)
{
	unregister_pm_notifier(&sleep_block);
}
