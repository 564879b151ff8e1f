// SPDX-License-Identifier: GPL-2.0
/*
 * Clocks, what is known of the TSC, and hrtimers. One queue, sorted by time, and one thread; a callback
 * runs without the lock and may start its timer anew.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/suspend.h>
#include <linux/timex.h>
#include <linux/timer.h>
#include "internal.h"

static u64 clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * (u64)NSEC_PER_SEC + ts.tv_nsec;
}

u64 ktime_get_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

u64 ktime_get_real_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

u64 ktime_get_boottime_ns(void)
{
	return clock_ns(CLOCK_BOOTTIME);
}

#if defined(__x86_64__)
int shim_tsc_unstable;

static unsigned int tsc_rate;
static pthread_once_t tsc_once = PTHREAD_ONCE_INIT;

/* The TSC, and the time when it was that as near as can be: of some tries, the quickest */
static u64 tsc_at(u64 *ns)
{
	u64 best = ~0ULL, tsc = 0, begin, mid, end;
	int i;

	for (i = 0; i < 16; i++) {
		begin = rdtsc_ordered();
		mid = clock_ns(CLOCK_MONOTONIC);
		end = rdtsc_ordered();
		if (end - begin < best) {
			best = end - begin;
			tsc = begin + best / 2;
			*ns = mid;
		}
	}
	return tsc;
}

static bool tsc_is_clock(void)
{
	FILE *f = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "r");
	char name[16] = "";

	if (!f)
		return false;
	if (!fgets(name, sizeof(name), f))
		name[0] = 0;
	fclose(f);
	return !strcmp(name, "tsc\n");
}

static void tsc_measure(void)
{
	u64 tsc, ns, ns2;

	if (!tsc_is_clock())
		return;
	tsc = tsc_at(&ns);
	usleep(10000);
	tsc = tsc_at(&ns2) - tsc;
	tsc_rate = mul_u64_u64_div_u64(tsc, NSEC_PER_MSEC, ns2 - ns);
}

unsigned int shim_tsc_khz(void)
{
	pthread_once(&tsc_once, tsc_measure);
	return tsc_rate;
}
#endif

static struct notifier_block *pm_chain;

int register_pm_notifier(struct notifier_block *nb)
{
	nb->next = pm_chain;
	pm_chain = nb;
	return 0;
}

int unregister_pm_notifier(struct notifier_block *nb)
{
	struct notifier_block **p;

	for (p = &pm_chain; *p; p = &(*p)->next) {
		if (*p == nb) {
			*p = nb->next;
			return 0;
		}
	}
	return -ENOENT;
}

void shim_pm_notify(unsigned long event)
{
	struct notifier_block *nb;

	for (nb = pm_chain; nb; nb = nb->next)
		nb->notifier_call(nb, event, NULL);
}

unsigned long shim_jiffies(void)
{
	return ktime_get_ns() / (NSEC_PER_SEC / HZ);
}

static pthread_mutex_t timer_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t timer_change;	/* CLOCK_MONOTONIC */
static pthread_cond_t timer_idle = PTHREAD_COND_INITIALIZER;
static pthread_once_t timer_once = PTHREAD_ONCE_INIT;
static LIST_HEAD(timer_queue);
static struct hrtimer *timer_running;
static ktime_t timer_sleep_until;	/* a timer before it must wake the thread */
static __thread bool timer_thread_self;

static void timer_enqueue(struct hrtimer *timer)
{
	struct hrtimer *t;

	list_for_each_entry(t, &timer_queue, node) {
		if (t->expires > timer->expires)
			break;
	}
	list_add_tail(&timer->node, &t->node);
}

static void timer_wait(ktime_t until)
{
	struct timespec ts = { until / NSEC_PER_SEC, until % NSEC_PER_SEC };

	timer_sleep_until = until;
	if (until == KTIME_MAX)
		pthread_cond_wait(&timer_change, &timer_lock);
	else
		pthread_cond_timedwait(&timer_change, &timer_lock, &ts);
	timer_sleep_until = 0;
}

static void timer_run(struct hrtimer *timer)
{
	enum hrtimer_restart restart;

	list_del_init(&timer->node);
	timer_running = timer;
	pthread_mutex_unlock(&timer_lock);
	shim_irq_enter();
	restart = timer->function(timer);
	shim_irq_exit();
	pthread_mutex_lock(&timer_lock);
	timer_running = NULL;
	/* What does not restart may be gone. */
	if (restart == HRTIMER_RESTART && list_empty(&timer->node))
		timer_enqueue(timer);
	pthread_cond_broadcast(&timer_idle);
}

static void *timer_thread(void *arg)
{
	struct hrtimer *timer;

	timer_thread_self = true;
	/* It stands for an interrupt, which waits for no thread. Not everybody may. */
	if (setpriority(PRIO_PROCESS, gettid(), -20))
		errno = 0;
	pthread_mutex_lock(&timer_lock);
	for (;;) {
		timer = list_first_entry_or_null(&timer_queue, struct hrtimer, node);
		if (timer && timer->expires <= ktime_get())
			timer_run(timer);
		else
			timer_wait(timer ? timer->expires : KTIME_MAX);
	}
	return NULL;
}

static void timer_start_thread(void)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&timer_change, &attr);
	shim_thread(timer_thread, NULL, "shim-timer");
}

void hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode)
{
	BUG_ON(clock != CLOCK_MONOTONIC);
	*timer = (struct hrtimer) { };
	INIT_LIST_HEAD(&timer->node);
}

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *),
		   clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}

void hrtimer_start(struct hrtimer *timer, ktime_t t, enum hrtimer_mode mode)
{
	bool wake;

	pthread_once(&timer_once, timer_start_thread);
	if (mode & HRTIMER_MODE_REL)
		t = ktime_add_safe(ktime_get(), t);
	pthread_mutex_lock(&timer_lock);
	if (!list_empty(&timer->node))
		list_del_init(&timer->node);
	timer->expires = t;
	timer_enqueue(timer);
	wake = t < timer_sleep_until;
	if (wake)
		timer_sleep_until = t;
	pthread_mutex_unlock(&timer_lock);
	if (wake)
		pthread_cond_signal(&timer_change);
}

static int timer_try_cancel(struct hrtimer *timer)
{
	bool queued = !list_empty(&timer->node);

	if (timer_running == timer)
		return -1;
	if (queued)
		list_del_init(&timer->node);
	return queued;
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	int ret;

	pthread_mutex_lock(&timer_lock);
	ret = timer_try_cancel(timer);
	pthread_mutex_unlock(&timer_lock);
	return ret;
}

int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	pthread_mutex_lock(&timer_lock);
	while ((ret = timer_try_cancel(timer)) < 0) {
		if (timer_thread_self)
			shim_bug(SHIM_SITE, "hrtimer_cancel() by the timer's callback");
		pthread_cond_wait(&timer_idle, &timer_lock);
	}
	pthread_mutex_unlock(&timer_lock);
	return ret;
}

bool hrtimer_is_queued(struct hrtimer *timer)
{
	bool queued;

	pthread_mutex_lock(&timer_lock);
	queued = !list_empty(&timer->node);
	pthread_mutex_unlock(&timer_lock);
	return queued;
}

int hrtimer_callback_running(struct hrtimer *timer)
{
	int running;

	pthread_mutex_lock(&timer_lock);
	running = timer_running == timer;
	pthread_mutex_unlock(&timer_lock);
	return running;
}

bool hrtimer_active(const struct hrtimer *timer)
{
	return hrtimer_is_queued((struct hrtimer *)timer) ||
	       hrtimer_callback_running((struct hrtimer *)timer);
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	s64 late = now - timer->expires;
	u64 n;

	if (late < 0)
		return 0;
	n = interval > 0 ? late / interval + 1 : 1;
	timer->expires += n * interval;
	return n;
}

ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return timer->expires - ktime_get();
}

static enum hrtimer_restart timer_list_fn(struct hrtimer *hrtimer)
{
	struct timer_list *t = container_of(hrtimer, struct timer_list, hrtimer);

	t->function(t);
	return HRTIMER_NORESTART;
}

void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *), unsigned int flags)
{
	hrtimer_setup(&timer->hrtimer, timer_list_fn, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	timer->function = fn;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	int ret = hrtimer_is_queued(&timer->hrtimer);

	timer->expires = expires;
	hrtimer_start(&timer->hrtimer, jiffies_to_nsecs(expires), HRTIMER_MODE_ABS);
	return ret;
}

int shim_timers_report(void)
{
	struct hrtimer *t;
	int n = 0;

	pthread_mutex_lock(&timer_lock);
	list_for_each_entry(t, &timer_queue, node) {
		fprintf(stderr, "shim: leak: timer %p is queued\n", t);
		n++;
	}
	pthread_mutex_unlock(&timer_lock);
	return n;
}
