// SPDX-License-Identifier: GPL-2.0
/*
 * The vCPU scheduler with simulated time: workers, and vCPUs that do what their
 * kind does. Prints what became of fairness, waiting and stealing.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/string.h>
#include <shim/shim.h>
#include <shim/tap.h>
#include <uapi/linux/vmx_xlate.h>
#include "../../kmod/sched/sched.h"

#define STEP	10000ULL	/* ns */
#define TICK	1000000ULL
#define MS	1000000ULL
#define MAX	128

enum kind {
	HOG,		/* always runs */
	SLEEPER,	/* 200 us every 3 ms */
	WAITER,		/* spins until the lock's holder has run for so long, then is done */
};

struct task {
	struct vmxl_sched_ent se;
	enum kind does;
	bool yield;
	u64 ran, wake_at;	/* SLEEPER */
	u64 waited, most;	/* since it was last on; the longest of these */
};

static struct vmxl_sched s;
static struct task task[MAX];
static struct task *on[VMXL_MAX_WORKERS];
static unsigned int nr_tasks, nr_workers;
static u64 now, wakes, lock_left;

static struct task *task_of(struct vmxl_sched_ent *se)
{
	return container_of(se, struct task, se);
}

static void sim_wake(struct vmxl_sched *sched, unsigned int nr)
{
	wakes++;
}

static void sim_preempt(struct vmxl_sched *sched, struct vmxl_sched_ent *se)
{
	task_of(se)->yield = true;
}

static void sim_tick(struct vmxl_sched *sched, unsigned int nr)
{
}

static const struct vmxl_sched_host sim_host = {
	.wake = sim_wake, .preempt = sim_preempt, .tick = sim_tick,
};

static void reset(unsigned int workers, unsigned int policy)
{
	now = 1000 * MS;
	wakes = 0;
	lock_left = 0;
	nr_tasks = 0;
	nr_workers = workers;
	memset(task, 0, sizeof(task));
	memset(on, 0, sizeof(on));
	vmxl_sched_init(&s, &sim_host);
	vmxl_sched_set_policy(&s, policy);
	while (workers--)
		vmxl_sched_online(&s, now);
}

static struct task *add(enum kind does, u32 weight)
{
	struct task *t = &task[nr_tasks++];

	vmxl_sched_ent_init(&t->se);
	t->does = does;
	t->se.weight = weight;
	vmxl_sched_wake(&s, &t->se, now);
	return t;
}

static void put(unsigned int w, enum vmxl_sched_why why)
{
	struct task *t = on[w];

	on[w] = NULL;
	t->yield = false;
	vmxl_sched_put(&s, &t->se, why, now);
}

static void run_on(unsigned int w, struct vmxl_sched_ent *se)
{
	vmxl_sched_run(&s, w, se, now);
	on[w] = task_of(se);
	on[w]->most = max(on[w]->most, on[w]->waited);
	on[w]->waited = 0;
}

static void switch_to_next(unsigned int w, enum vmxl_sched_why why)
{
	struct vmxl_sched_ent *next = vmxl_sched_next(&s, w, now);

	on[w]->yield = false;
	if (!next)
		return;
	put(w, why);
	run_on(w, next);
}

/* What the task does with a step's time, and what comes of it */
static void step_task(unsigned int w)
{
	struct task *t = on[w];

	t->ran += STEP;
	if (t->does == HOG && lock_left && t == task)
		lock_left -= min(lock_left, STEP);
	if (t->does == SLEEPER && t->ran >= 200000) {
		t->ran = 0;
		t->wake_at = now + 3 * MS;
		put(w, VMXL_SCHED_BLOCK);
	} else if (t->does == WAITER && lock_left) {
		switch_to_next(w, VMXL_SCHED_SPIN);
	} else if (t->does == WAITER) {
		put(w, VMXL_SCHED_BLOCK);
	} else if (t->yield) {
		switch_to_next(w, VMXL_SCHED_SLICE);
	}
}

static void step(void)
{
	struct vmxl_sched_ent *se;
	unsigned int w, i;

	now += STEP;
	for (i = 0; i < nr_tasks; i++) {
		if (task[i].se.state == VMXL_SCHED_QUEUED)
			task[i].waited += STEP;
		if (task[i].wake_at && task[i].wake_at <= now) {
			task[i].wake_at = 0;
			vmxl_sched_wake(&s, &task[i].se, now);
		}
	}
	for (w = 0; w < nr_workers; w++) {
		if (now % TICK == 0)
			vmxl_sched_tick(&s, w, now);
		if (on[w])
			step_task(w);
		se = on[w] ? NULL : vmxl_sched_next(&s, w, now);
		if (se)
			run_on(w, se);
	}
}

static void simulate(u64 ns)
{
	u64 end = now + ns;

	while (now < end)
		step();
}

static u64 run_ns(const struct task *t)
{
	return t->se.run_ns + (t->se.state == VMXL_SCHED_RUNNING ? now - t->se.since : 0);
}

static u64 most_waited(enum kind does)
{
	u64 most = 0;
	unsigned int i;

	for (i = 0; i < nr_tasks; i++)
		if (task[i].does == does)
			most = max(most, max(task[i].most, task[i].waited));
	return most;
}

/* The largest difference, in us, between what one has run and what is its share */
static u64 unfairness(u64 all)
{
	u64 weights = 0, worst = 0, share, ran;
	unsigned int i;

	for (i = 0; i < nr_tasks; i++)
		weights += task[i].se.weight;
	for (i = 0; i < nr_tasks; i++) {
		share = all * task[i].se.weight / weights;
		ran = run_ns(&task[i]);
		worst = max(worst, ran > share ? ran - share : share - ran);
	}
	return worst / 1000;
}

static const char *const names[] = { "rr", "fair" };

static void test_equal(unsigned int policy)
{
	static const struct { unsigned int workers, tasks; } sizes[] = {
		{ 1, 2 }, { 1, 8 }, { 2, 3 }, { 2, 5 }, { 2, 128 }, { 4, 9 }, { 64, 65 },
	};
	unsigned int i, k;
	u64 err, most;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		reset(sizes[i].workers, policy);
		for (k = 0; k < sizes[i].tasks; k++)
			add(HOG, VMXL_SCHED_WEIGHT);
		simulate(2000 * MS);
		err = unfairness(2000 * MS * sizes[i].workers);
		most = most_waited(HOG) / 1000;
		printf("# %s, %u on %u: error %llu us of 2 s, longest wait %llu us, %ld steals\n",
		       names[policy], sizes[i].tasks, sizes[i].workers, (unsigned long long)err,
		       (unsigned long long)most, atomic_long_read(&s.nr_steals));
		/* Round robin knows no more than how long the first of a queue has waited. */
		ok(err <= (policy ? 20000 : 300000), "%s: %u on %u run equally long",
		   names[policy], sizes[i].tasks, sizes[i].workers);
		ok(most <= 3000 * (sizes[i].tasks / sizes[i].workers + 2), "nobody waits too long");
	}
}

static void test_weights(void)
{
	unsigned int i;
	u64 err;

	reset(1, VMXL_SCHED_POLICY_FAIR);
	for (i = 0; i < 4; i++)
		add(HOG, VMXL_SCHED_WEIGHT << i);
	simulate(3000 * MS);
	err = unfairness(3000 * MS);
	printf("# fair, weights 1:2:4:8: error %llu us of 3 s\n", (unsigned long long)err);
	ok(err <= 10000, "shares are by weight");
}

/* Who sleeps most of the time is let on soon. */
static void test_sleepers(void)
{
	u64 most[2];
	unsigned int p, i;

	for (p = 0; p < 2; p++) {
		reset(2, p);
		for (i = 0; i < 16; i++)
			add(i < 12 ? HOG : SLEEPER, VMXL_SCHED_WEIGHT);
		simulate(100 * MS);
		for (i = 0; i < 16; i++)
			task[i].most = 0;
		simulate(1000 * MS);
		most[p] = most_waited(SLEEPER) / 1000;
		printf("# %s, 4 sleepers beside 12 hogs on 2: longest wait %llu us\n", names[p],
		       (unsigned long long)most[p]);
	}
	ok(most[1] < most[0] && most[1] <= 3000, "who sleeps is let on soon");
}

/* A lock is held by one that is not on, and all others wait for it. */
static void test_spin(unsigned int policy)
{
	unsigned int i;
	u64 begin;

	reset(2, policy);
	add(HOG, VMXL_SCHED_WEIGHT);
	for (i = 1; i < 128; i++)
		add(WAITER, VMXL_SCHED_WEIGHT);
	lock_left = MS;
	begin = now;
	while (lock_left && now < begin + 1000 * MS)
		step();
	printf("# %s: 127 wait for 1 ms of one: %llu us\n", names[policy],
	       (unsigned long long)(now - begin) / 1000);
	ok(now - begin <= 4 * MS, "%s: who spins makes room for whom it waits for", names[policy]);
	simulate(20 * MS);
	for (i = 1; i < 128 && task[i].se.state == VMXL_SCHED_BLOCKED; i++)
		;
	ok(i == 128, "and all get it");
}

static void test_states(void)
{
	struct task *t;

	reset(1, VMXL_SCHED_POLICY_FAIR);
	t = add(HOG, VMXL_SCHED_WEIGHT);
	vmxl_sched_wake(&s, &t->se, now);
	ok(t->se.state == VMXL_SCHED_QUEUED && s.rq[0].nr == 1, "woken twice, queued once");
	step();
	ok(on[0] == t && !vmxl_sched_waiting(&s), "it runs");
	vmxl_sched_wake(&s, &t->se, now);
	put(0, VMXL_SCHED_BLOCK);
	ok(t->se.state == VMXL_SCHED_QUEUED, "who was woken while it ran does not block");
	step();
	put(0, VMXL_SCHED_BLOCK);
	ok(t->se.state == VMXL_SCHED_BLOCKED && !s.rq[0].nr, "who was not does");
	vmxl_sched_set_idle(&s, 0, true);
	vmxl_sched_wake(&s, &t->se, now);
	ok(wakes == 1 && !vmxl_sched_is_idle(&s, 0), "an idle worker is woken");
	vmxl_sched_forget(&s, &t->se);
	ok(!s.rq[0].nr && !vmxl_sched_waiting(&s), "one that goes is in no queue");
	ok(vmxl_sched_set_policy(&s, 2) == -EINVAL, "a policy that there is not");
}

static void test_workers(void)
{
	unsigned int i;
	int nr = 0;

	reset(0, VMXL_SCHED_POLICY_FAIR);
	for (i = 0; i < 4; i++)
		add(HOG, VMXL_SCHED_WEIGHT);
	for (i = 0; i < VMXL_MAX_WORKERS; i++)
		nr = vmxl_sched_online(&s, now);
	ok(nr == VMXL_MAX_WORKERS - 1 && vmxl_sched_online(&s, now) == -EBUSY, "64 workers");
	ok(s.rq[0].nr == 4, "the first gets what was there");
	vmxl_sched_offline(&s, 0, now);
	ok(!s.rq[0].nr && s.rq[1].nr == 4, "one that goes leaves it to another");
	for (i = 1; i < VMXL_MAX_WORKERS; i++)
		vmxl_sched_offline(&s, i, now);
	ok(!s.online && s.rq[VMXL_MAX_WORKERS - 1].nr == 4, "or keeps it, if it is the last");
	nr_workers = 2;
	ok(vmxl_sched_online(&s, now) == 0 && s.rq[0].nr == 4, "for the next");
	vmxl_sched_online(&s, now);
	simulate(100 * MS);
	ok(unfairness(200 * MS) < 3000, "and all go on");
}

/* From one policy to the other with a queue that is full */
static void test_change(void)
{
	unsigned int i;

	reset(2, VMXL_SCHED_POLICY_RR);
	for (i = 0; i < 20; i++)
		add(i % 4 ? HOG : SLEEPER, VMXL_SCHED_WEIGHT);
	for (i = 0; i < 20; i++) {
		vmxl_sched_set_policy(&s, i % 2);
		simulate(37 * MS);
	}
	ok(most_waited(HOG) < 200 * MS, "policies change and nobody is lost: %llu us",
	   (unsigned long long)most_waited(HOG) / 1000);
}

int main(void)
{
	test_states();
	test_workers();
	test_equal(VMXL_SCHED_POLICY_RR);
	test_equal(VMXL_SCHED_POLICY_FAIR);
	test_weights();
	test_sleepers();
	test_spin(VMXL_SCHED_POLICY_RR);
	test_spin(VMXL_SCHED_POLICY_FAIR);
	test_change();
	return tap_done();
}
