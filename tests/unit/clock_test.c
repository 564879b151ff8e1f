// SPDX-License-Identifier: GPL-2.0
/*
 * A VM's clock: by the host's counter where that is good, and how it goes on when that
 * is not so any more.
 */
#include <unistd.h>
#include <linux/suspend.h>
#include "../../kmod/clock.h"
#include "rv64_env.h"

/* Ticks in which the clock went on by what it should, and not back; -1: it did not. */
static s64 passes(const struct vmxl_clock *c, unsigned int us)
{
	u64 begin = ktime_get_ns(), a = vmxl_clock_ticks(c), b, end;

	usleep(us);
	b = vmxl_clock_ticks(c);
	end = ktime_get_ns();
	/* Rates are measured to some ppm; the reads in between take time, too. */
	if (b < a || (b - a) * c->tick_ns > (end - begin) * 1001 / 1000 + c->tick_ns ||
	    (b - a) * c->tick_ns < us * 999ULL)
		return -1;
	return b - a;
}

/* Of a row of reads from before and after @lose, none is less than the one before. */
static void test_loss(struct env *e, void (*lose)(struct vmxl_clock *c), const char *how)
{
	struct vmxl_clock *c = &e->vm->clock;
	u64 last = vmxl_clock_ticks(c), now;
	unsigned int i;

	for (i = 0; i < 1000; i++, last = now) {
		if (i == 500)
			lose(c);
		now = vmxl_clock_ticks(c);
		check(now >= last, "%s: %llu before %llu", how, now, last);
	}
	ok(!c->mult && !vmxl_clock_readable(c), "%s: the counter is lost", how);
	ok(passes(c, 10000) > 0, "%s: the clock goes on", how);
}

static void by_check(struct vmxl_clock *c)
{
	shim_tsc_unstable = 1;
	vmxl_clock_check(c);
	vmxl_clock_check(c);
	shim_tsc_unstable = 0;
}

static void by_sleep(struct vmxl_clock *c)
{
	shim_pm_notify(PM_SUSPEND_PREPARE);
	shim_pm_notify(PM_POST_SUSPEND);
}

/* What guest code reads the clock by, as poll() leaves it */
static bool shown(struct env *e)
{
	vmxl_rv64_time_update(e->v);
	return e->r->time_on == 2;
}

static void test_counter(struct env *e)
{
	const struct vmxl_clock *c = &e->vm->clock;
	u64 before, in_ir, after;

	before = vmxl_rv_time(e->vm);
	ok(shown(e), "code may read it");
	in_ir = mul_u64_u64_shr(vmxl_counter() - e->r->time_base, e->r->time_mult, 64) +
		e->r->time_offset;
	after = vmxl_rv_time(e->vm);
	ok(before <= in_ir && in_ir <= after, "and reads the same");
	e->vm->tick_offset = 1ULL << 50;
	ok(shown(e) && e->r->time_offset == 1ULL << 50, "with its offset");
	e->vm->tick_offset = 0;
	ok(passes(c, 20000) > 0, "it goes at its rate");
}

static void test_after(struct env *e)
{
	const struct vmxl_clock *c = &e->vm->clock;
	struct hrtimer timer = {};
	ktime_t now = ktime_get(), t = vmxl_clock_after(c, 10);

	ok(t >= now + 1000 && t <= ktime_get() + 1000, "in 10 ticks");
	ok(vmxl_clock_after(c, ~0ULL) == KTIME_MAX &&
	   vmxl_clock_after(c, KTIME_MAX / 2 / 100) == KTIME_MAX, "never");
	ok(vmxl_clock_after(c, KTIME_MAX / 2 / 100 - 1) < KTIME_MAX, "late");
	ok(!vmxl_rv_tick_to_ktime(e->vm, 0) && !vmxl_rv_tick_to_ktime(e->vm, vmxl_rv_time(e->vm)),
	   "it has been");
	ok(vmxl_rv_timer_early(e->vm, &timer, vmxl_rv_time(e->vm) + 100000000) &&
	   hrtimer_get_expires(&timer) > now, "a timer that is early fires again");
	ok(!vmxl_rv_timer_early(e->vm, &timer, vmxl_rv_time(e->vm)), "one that is not does not");
}

/* @lose: NULL: the counter is not good from the beginning */
static void with_vm(void (*lose)(struct vmxl_clock *c), const char *how)
{
	struct env e;

	shim_tsc_unstable = !lose;
	env_open(&e, VMXL_VM_FIRMWARE);
	if (!lose) {
		ok(!e.vm->clock.mult && !shown(&e), "%s", how);
		ok(passes(&e.vm->clock, 10000) > 0, "it goes at its rate");
	} else if (e.vm->clock.mult) {
		test_counter(&e);
	}
	test_after(&e);
	if (lose && e.vm->clock.mult) {
		clear_bit(VMXL_REQ_RV_TIMER, &e.v->requests);
		WRITE_ONCE(e.v->run->kick, 0);
		test_loss(&e, lose, how);
		ok(e.v->run->kick && !shown(&e), "%s: code is to leave, and reads it no more", how);
	}
	shim_tsc_unstable = 0;
	env_close(&e);
}

int main(void)
{
	with_vm(NULL, "a host without");
	with_vm(by_check, "the kernel says that it is not stable");
	with_vm(by_sleep, "the host goes to sleep");
	return tap_done();
}
