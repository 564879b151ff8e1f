// SPDX-License-Identifier: GPL-2.0
/*
 * The vCPU scheduler with simulated time: workers, and vCPUs that do what their
 * kind does. Prints what became of fairness, waiting and stealing.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched/stat.h>
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
	PARTNER,	/* spins but while the other one runs, too */
	WAITER,		/* spins until the lock's holder has run for so long, then is done */
	TAKER,		/* works, and takes a lock of tickets for a step of each piece of work */
};

struct task {
	struct vmxl_sched_ent se;
	enum kind does;
	bool yield;
	bool holder;		/* critical when it is preempted */
	struct task *partner;
	u64 with, alone;	/* PARTNER: ran when the other did; since when it has not */
	u64 ran, wake_at;	/* SLEEPER; @ran TAKER, too */
	bool in_line;		/* TAKER: has @ticket, and waits or holds the lock */
	u32 ticket, seen;	/* @seen: of the lock when it looked last */
	u64 waited, most;	/* since it was last on; the longest of these */
};

static struct vmxl_sched s;
static u64 tick_apart;	/* worker n's tick is n times so much after the first's */
static struct task task[MAX];
static struct task *on[VMXL_MAX_WORKERS];
static unsigned int nr_tasks, nr_workers;
static u64 now, wakes, lock_left, host_took[VMXL_MAX_WORKERS];
static u32 next_ticket, owner, in_vain;
static bool tells;	/* a TAKER says what it waits for */

static struct task *task_of(struct vmxl_sched_ent *se)
{
	return container_of(se, struct task, se);
}

static void sim_wake(struct vmxl_sched *sched, unsigned int nr)
{
	wakes++;
}

static unsigned int woken;

static void sim_woken(struct vmxl_sched *sched, struct vmxl_sched_ent *se)
{
	woken++;
}

static void sim_preempt(struct vmxl_sched *sched, struct vmxl_sched_ent *se)
{
	task_of(se)->yield = true;
}

static void sim_tick(struct vmxl_sched *sched, unsigned int nr)
{
}

static u64 sim_delay(struct vmxl_sched *sched, unsigned int nr)
{
	return host_took[nr];
}

/* One word, as the guest's: it changes with each that comes, too. */
static u32 lock_word(void)
{
	return next_ticket << 16 | (owner & 0xffff);
}

static bool sim_waits(struct vmxl_sched *sched, const struct vmxl_sched_ent *se)
{
	return container_of(se, struct task, se)->seen == lock_word();
}

static const struct vmxl_sched_host sim_host = {
	.wake = sim_wake, .woken = sim_woken, .preempt = sim_preempt,
	.tick = sim_tick, .delay = sim_delay, .waits = sim_waits,
};

static void reset(unsigned int workers, unsigned int policy)
{
	now = 1000 * MS;
	wakes = 0;
	lock_left = 0;
	next_ticket = 0;
	owner = 0;
	in_vain = 0;
	tells = false;
	nr_tasks = 0;
	nr_workers = workers;
	memset(task, 0, sizeof(task));
	memset(on, 0, sizeof(on));
	memset(host_took, 0, sizeof(host_took));
	vmxl_sched_init(&s, &sim_host);
	vmxl_sched_set_policy(&s, policy, now);
	while (workers--)
		vmxl_sched_online(&s, now);
}

static struct task *add(enum kind does, u32 weight)
{
	struct task *t = &task[nr_tasks];

	vmxl_sched_ent_init(&t->se, nr_tasks++);
	t->does = does;
	t->se.asked = weight;
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
	struct vmxl_sched_ent *next = vmxl_sched_next(&s, w, why, now);

	on[w]->yield = false;
	if (!next && !vmxl_sched_out_of_quota(&s, &on[w]->se, now))
		return;
	on[w]->se.critical = on[w]->holder && why == VMXL_SCHED_SLICE;
	on[w]->se.waits = tells && why == VMXL_SCHED_SPIN;
	put(w, why);
	if (next)
		run_on(w, next);
}

/* Two that hand a line to each other; PAUSE says that one spins after a while. */
static bool step_partner(struct task *t, unsigned int w)
{
	if (t->partner->se.state == VMXL_SCHED_RUNNING) {
		t->with += STEP;
		t->alone = 0;
	} else {
		t->alone += STEP;
	}
	return t->alone && !vmxl_sched_spins(&s, w, &t->se, now - t->alone, now);
}

/* Nine steps of work, then one with the lock. false: it waits for that. */
static bool step_taker(struct task *t)
{
	if (t->in_line && t->ticket != owner) {
		t->seen = lock_word();
		in_vain++;
		return false;
	}
	if (t->in_line) {
		t->in_line = false;
		t->ran = 0;
		owner++;
	} else if (t->ran >= 9 * STEP) {
		t->in_line = true;
		t->ticket = next_ticket++;
	}
	return true;
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
	} else if ((t->does == PARTNER && step_partner(t, w)) ||
		   (t->does == TAKER && !step_taker(t))) {
		switch_to_next(w, VMXL_SCHED_SPIN);
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
		if (now % TICK == w * tick_apart)
			vmxl_sched_tick(&s, w, now);
		if (on[w])
			step_task(w);
		se = on[w] ? NULL : vmxl_sched_next(&s, w, VMXL_SCHED_SLICE, now);
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
	return t->se.run_ns + (t->se.state == VMXL_SCHED_RUNNING ? now - t->se.charged : 0);
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

/* A task that does not run, or does not any more, wherever it is */
static void put_off(struct task *t)
{
	unsigned int w;

	for (w = 0; w < nr_workers; w++)
		if (on[w] == t)
			put(w, VMXL_SCHED_BLOCK);
	if (t->se.state == VMXL_SCHED_QUEUED)
		vmxl_sched_forget(&s, &t->se);
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

/*
 * Round robin knows no more than how long the first of a queue has waited; gangs that
 * are not full share with others.
 */
static const u64 most_unfair[] = {
	[VMXL_SCHED_POLICY_RR] = 300000,
	[VMXL_SCHED_POLICY_FAIR] = 20000,
	[VMXL_SCHED_POLICY_CREDIT] = 20000,
	[VMXL_SCHED_POLICY_GANG] = 700000,
};

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
		       vmxl_sched_policies[policy].name, sizes[i].tasks, sizes[i].workers,
		       (unsigned long long)err,
		       (unsigned long long)most, atomic_long_read(&s.nr_steals));
		ok(err <= most_unfair[policy], "%s: %u on %u run equally long",
		   vmxl_sched_policies[policy].name, sizes[i].tasks, sizes[i].workers);
		ok(most <= 3000 * (sizes[i].tasks / sizes[i].workers + 2), "nobody waits too long");
	}
}

static void test_weights(unsigned int policy)
{
	unsigned int i;
	u64 err;

	reset(1, policy);
	for (i = 0; i < 4; i++)
		add(HOG, VMXL_SCHED_WEIGHT << i);
	simulate(3000 * MS);
	err = unfairness(3000 * MS);
	printf("# %s, weights 1:2:4:8: error %llu us of 3 s\n", vmxl_sched_policies[policy].name,
	       (unsigned long long)err);
	ok(err <= 10000, "shares are by weight");
}

/* Who sleeps most of the time is let on soon. */
static void test_sleepers(void)
{
	u64 most[VMXL_SCHED_POLICIES];
	unsigned int p, i;

	for (p = 0; p < VMXL_SCHED_POLICIES; p++) {
		reset(2, p);
		for (i = 0; i < 16; i++)
			add(i < 12 ? HOG : SLEEPER, VMXL_SCHED_WEIGHT);
		simulate(100 * MS);
		for (i = 0; i < 16; i++)
			task[i].most = 0;
		simulate(1000 * MS);
		most[p] = most_waited(SLEEPER) / 1000;
		printf("# %s, 4 sleepers beside 12 hogs on 2: longest wait %llu us\n",
		       vmxl_sched_policies[p].name, (unsigned long long)most[p]);
	}
	ok(most[VMXL_SCHED_POLICY_FAIR] < most[0] && most[VMXL_SCHED_POLICY_FAIR] <= 3000 &&
	   most[VMXL_SCHED_POLICY_CREDIT] < most[0] && most[VMXL_SCHED_POLICY_CREDIT] <= 3000,
	   "who sleeps is let on soon");
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
	printf("# %s: 127 wait for 1 ms of one: %llu us\n", vmxl_sched_policies[policy].name,
	       (unsigned long long)(now - begin) / 1000);
	ok(now - begin <= 4 * MS, "%s: who spins makes room for whom it waits for",
	   vmxl_sched_policies[policy].name);
	simulate(20 * MS);
	for (i = 1; i < 128 && task[i].se.state == VMXL_SCHED_BLOCKED; i++)
		;
	ok(i == 128, "and all get it");
}

/* 32 take a lock in turn, in the order in which they come, wherever the next one waits. */
static void test_tickets(unsigned int policy)
{
	u32 pieces[2], looks[2];
	unsigned int i, n;

	for (i = 0; i < 2; i++) {
		reset(2, policy);
		tells = i;
		for (n = 0; n < 32; n++)
			add(TAKER, VMXL_SCHED_WEIGHT);
		simulate(200 * MS);
		pieces[i] = owner;
		looks[i] = in_vain;
	}
	printf("# %s: of 4000 pieces of work 32 do %u with %u looks in vain; %u with %u if it is known what they wait for\n",
	       vmxl_sched_policies[policy].name, pieces[0], looks[0], pieces[1], looks[1]);
	/* One look of each when it comes is no more than it takes. */
	ok(pieces[1] >= 3000 && looks[1] <= pieces[1] * 5 / 2,
	   "%s: who waits for a lock is run when it comes to it",
	   vmxl_sched_policies[policy].name);
}

/* Six spin on a worker for a lock that one of three keeps, which have the other one's queue. */
static void test_spin_apart(unsigned int policy)
{
	const u64 all = 20 * MS;
	unsigned int i;
	u64 ran = 0;

	reset(2, policy);
	lock_left = ~0ULL;
	for (i = 0; i < 9; i++) {
		vmxl_sched_ent_init(&task[i].se, nr_tasks++);
		task[i].does = i < 3 ? HOG : WAITER;
		task[i].se.rq = i < 3;
		vmxl_sched_wake(&s, &task[i].se, now);
	}
	simulate(all);
	for (i = 0; i < 3; i++)
		ran += run_ns(&task[i]);
	printf("# %s: of 2 x 20 ms those who do not spin have %llu us\n",
	       vmxl_sched_policies[policy].name, ran / 1000);
	ok(ran >= 2 * all * 9 / 10, "%s: who spins takes little from who does not",
	   vmxl_sched_policies[policy].name);
}

static void test_states(void)
{
	struct task *t;

	reset(1, VMXL_SCHED_POLICY_FAIR);
	woken = 0;
	t = add(HOG, VMXL_SCHED_WEIGHT);
	vmxl_sched_wake(&s, &t->se, now);
	ok(t->se.state == VMXL_SCHED_QUEUED && s.rq[0].nr == 1, "woken twice, queued once");
	ok(woken == 1, "and told once");
	step();
	ok(on[0] == t && !vmxl_sched_waiting(&s), "it runs");
	vmxl_sched_wake(&s, &t->se, now);
	put(0, VMXL_SCHED_BLOCK);
	ok(t->se.state == VMXL_SCHED_QUEUED && woken == 2,
	   "who was woken while it ran does not block");
	step();
	put(0, VMXL_SCHED_BLOCK);
	ok(t->se.state == VMXL_SCHED_BLOCKED && !s.rq[0].nr && woken == 2, "who was not does");
	vmxl_sched_set_idle(&s, 0, true);
	vmxl_sched_wake(&s, &t->se, now);
	ok(wakes == 1 && !vmxl_sched_is_idle(&s, 0), "an idle worker is woken");
	vmxl_sched_forget(&s, &t->se);
	ok(!s.rq[0].nr && !vmxl_sched_waiting(&s), "one that goes is in no queue");
	ok(vmxl_sched_set_policy(&s, VMXL_SCHED_POLICIES, now) == -EINVAL, "a policy that there is not");
}

static void test_workers(void)
{
	unsigned int i;
	u64 ready;
	int nr = 0;

	reset(0, VMXL_SCHED_POLICY_FAIR);
	for (i = 0; i < 4; i++)
		add(HOG, VMXL_SCHED_WEIGHT);
	ready = now;
	now += MS;
	for (i = 0; i < VMXL_MAX_WORKERS; i++)
		nr = vmxl_sched_online(&s, now);
	ok(nr == VMXL_MAX_WORKERS - 1 && vmxl_sched_online(&s, now) == -EBUSY, "64 workers");
	ok(s.rq[0].nr == 4, "the first gets what was there");
	vmxl_sched_offline(&s, 0, now);
	ok(!s.rq[0].nr && s.rq[1].nr == 4, "one that goes leaves it to another");
	for (i = 1; i < VMXL_MAX_WORKERS; i++)
		vmxl_sched_offline(&s, i, now);
	ok(!s.online && s.rq[VMXL_MAX_WORKERS - 1].nr == 4, "or keeps it, if it is the last");
	ok(task[3].se.ready == ready && task[3].se.since == now, "which waits since it could run");
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
		vmxl_sched_set_policy(&s, i % VMXL_SCHED_POLICIES, now);
		simulate(37 * MS);
	}
	ok(most_waited(HOG) < 200 * MS, "policies change and nobody is lost: %llu us",
	   (unsigned long long)most_waited(HOG) / 1000);
}

static struct vmxl_sched_limits no_limits(void)
{
	return (struct vmxl_sched_limits){
		.weight = VMXL_SCHED_WEIGHT, .period = 100 * MS, .workers = ~0UL, .nodes = ~0UL,
	};
}

/* What is off from @want, in tenths of a percent */
static u64 error_of(u64 is, u64 want)
{
	return (is > want ? is - want : want - is) * 1000 / want;
}

/* One vCPU with a quota beside three without, and each alone */
static void test_vcpu_quota(unsigned int policy)
{
	static const struct { u64 period, runtime; } quotas[] = {
		{ 100 * MS, 10 * MS }, { 100 * MS, 25 * MS }, { 10 * MS, 2 * MS },
		{ 10 * MS, MS / 2 }, { 7 * MS, 3 * MS },
	};
	struct vmxl_sched_limits limits = no_limits();
	unsigned int i, others;
	u64 err;

	for (i = 0; i < 2 * ARRAY_SIZE(quotas); i++) {
		limits.period = quotas[i / 2].period;
		limits.runtime = quotas[i / 2].runtime;
		reset(2, policy);
		add(HOG, VMXL_SCHED_WEIGHT);
		vmxl_sched_set_ent(&s, &task[0].se, &limits, now);
		for (others = i % 2 ? 3 : 0; others; others--)
			add(HOG, VMXL_SCHED_WEIGHT);
		simulate(2100 * MS);
		err = error_of(run_ns(&task[0]), 2100 * MS / limits.period * limits.runtime);
		printf("# %s, quota %llu of %llu us, %u others: error %llu.%llu %%, %llu throttles\n",
		       vmxl_sched_policies[policy].name, limits.runtime / 1000,
		       limits.period / 1000, nr_tasks - 1, err / 10, err % 10,
		       task[0].se.nr_throttles);
		ok(err <= 15 && task[0].se.nr_throttles, "a vCPU's quota is kept, and used");
	}
}

/* The quota is all vCPUs'; half of the time the host does not run the second worker. */
static void test_vm_quota(unsigned int policy)
{
	u64 all = 0, err;
	unsigned int i;

	reset(2, policy);
	for (i = 0; i < 5; i++)
		add(i < 4 ? HOG : SLEEPER, VMXL_SCHED_WEIGHT);
	vmxl_sched_set_quota(&s, 100 * MS, 60 * MS, now);
	for (i = 0; i < 2000; i++) {
		simulate(MS);
		host_took[1] += MS / 2;
	}
	for (i = 0; i < 5; i++)
		all += run_ns(&task[i]);
	err = error_of(all, 20 * 60 * MS);
	printf("# %s, VM's quota 60 of 100 ms: error %llu.%llu %%, %ld throttles\n",
	       vmxl_sched_policies[policy].name, err / 10, err % 10,
	       atomic_long_read(&s.nr_throttles));
	ok(err <= 15 && atomic_long_read(&s.nr_throttles) >= 10, "a VM's quota is kept, and used");
	ok(task[0].se.delay_ns || task[1].se.delay_ns, "what the host takes is no run time");
	vmxl_sched_set_quota(&s, 100 * MS, 0, now);
	all = run_ns(&task[0]) + run_ns(&task[1]) + run_ns(&task[2]) + run_ns(&task[3]);
	simulate(100 * MS);
	all = run_ns(&task[0]) + run_ns(&task[1]) + run_ns(&task[2]) + run_ns(&task[3]) - all;
	ok(all >= 180 * MS, "and can be taken away");
}

/* The host says that it took the worker's CPU when that is over, and ticks have passed. */
static void test_long_delay(void)
{
	reset(1, VMXL_SCHED_POLICY_FAIR);
	add(HOG, VMXL_SCHED_WEIGHT);
	vmxl_sched_set_quota(&s, 100 * MS, 90 * MS, now);
	simulate(10 * MS);
	host_took[0] = 5 * MS;
	simulate(10 * MS);
	put(0, VMXL_SCHED_SLICE);
	ok(task[0].se.delay_ns == 5 * MS, "all of what the host took is known");
	ok(task[0].se.run_ns / MS == 15 || task[0].se.run_ns / MS == 14, "and is no run time");
}

/* How much of the time in which vCPU 0 runs its gang runs, too */
static u64 together(unsigned int policy)
{
	u64 both = 0, one = 0, end;
	unsigned int i, k;

	reset(4, policy);
	for (i = 0; i < 12; i++)
		add(i == 7 ? SLEEPER : HOG, VMXL_SCHED_WEIGHT);
	simulate(50 * MS);
	for (end = now + 1000 * MS; now < end;) {
		step();
		if (task[0].se.state != VMXL_SCHED_RUNNING)
			continue;
		one++;
		for (k = 0, i = 0; i < 4; i++)
			k += task[i].se.state == VMXL_SCHED_RUNNING;
		both += k == 4;
	}
	return both * 100 / one;
}

static void test_gang(void)
{
	u64 share[VMXL_SCHED_POLICIES];
	unsigned int p;

	for (p = 0; p < VMXL_SCHED_POLICIES; p++) {
		share[p] = together(p);
		printf("# %s, 12 on 4: four run together %llu %% of the time\n",
		       vmxl_sched_policies[p].name, share[p]);
	}
	ok(share[VMXL_SCHED_POLICY_GANG] >= 90, "a gang runs at the same time");
}

static void test_masks(void)
{
	struct vmxl_sched_limits limits = no_limits();
	bool wrong = false;
	unsigned int i;
	u64 end;

	reset(4, VMXL_SCHED_POLICY_FAIR);
	vmxl_sched_set_node(&s, 2, 1);
	vmxl_sched_set_node(&s, 3, 1000);
	ok(s.on_node[0] == 3 && s.on_node[1] == 4 && s.on_node[VMXL_SCHED_NODES - 1] == 8,
	   "workers are on nodes");
	for (i = 0; i < 9; i++)
		add(HOG, VMXL_SCHED_WEIGHT);
	limits.workers = BIT(1);
	vmxl_sched_set_ent(&s, &task[0].se, &limits, now);
	limits.workers = ~0UL;
	limits.nodes = BIT(1);
	vmxl_sched_set_ent(&s, &task[1].se, &limits, now);
	vmxl_sched_set_ent(&s, &task[2].se, &limits, now);
	limits.nodes = BIT(5);
	vmxl_sched_set_ent(&s, &task[3].se, &limits, now);
	for (end = now + 500 * MS; now < end;) {
		step();
		wrong |= on[0] == &task[0] || on[2] == &task[0] || on[3] == &task[0] ||
			 on[0] == &task[1] || on[1] == &task[2] || on[3] == &task[2];
	}
	ok(!wrong, "vCPUs are where they may be");
	ok(run_ns(&task[0]) > 100 * MS && run_ns(&task[1]) > 100 * MS &&
	   run_ns(&task[3]) > 100 * MS, "and run there; a mask of no worker is none");
	for (i = 3; i < 9; i++)
		put_off(&task[i]);
	simulate(MS);
	for (i = 0; i < 4; i++)
		ok(vmxl_sched_has_work(&s, i) == (i == 2), "worker %u: work that it may have", i);
}

/* Those of a worker that blocks for long are taken over. */
static void test_balance(void)
{
	unsigned int i;

	reset(1, VMXL_SCHED_POLICY_RR);
	for (i = 0; i < 40; i++)
		add(HOG, VMXL_SCHED_WEIGHT);
	simulate(MS);
	vmxl_sched_online(&s, now);
	nr_workers = 2;
	simulate(40 * MS);
	printf("# 40 on one worker, then two: %u and %u, %ld moves, %ld steals\n", s.rq[0].nr,
	       s.rq[1].nr, atomic_long_read(&s.nr_moves), atomic_long_read(&s.nr_steals));
	ok(s.rq[0].nr + 2 > s.rq[1].nr && s.rq[1].nr + 2 > s.rq[0].nr &&
	   atomic_long_read(&s.nr_moves),
	   "queues become equally long");
}

/* The holder of a lock is taken off where it is critical: the first that spins lets it on. */
static void test_directed(unsigned int policy)
{
	unsigned int i;
	u64 begin;

	reset(2, policy);
	for (i = 0; i < 64; i++)
		add(HOG, VMXL_SCHED_WEIGHT);
	task[0].holder = true;
	while (on[0] != &task[0] && on[1] != &task[0])
		step();
	while (on[0] == &task[0] || on[1] == &task[0])
		step();
	task[40].does = WAITER;
	lock_left = 3 * MS;
	while (on[0] != &task[40] && on[1] != &task[40])
		step();
	begin = now;
	while (!task[0].se.nr_directed && now < begin + 100 * MS)
		step();
	printf("# %s: a holder is let on %llu us after another one spins\n",
	       vmxl_sched_policies[policy].name, (now - begin) / 1000);
	ok(now - begin <= 20000, "%s: who spins lets on who holds the lock",
	   vmxl_sched_policies[policy].name);
}

/*
 * Two that spin for each other share two workers with two hogs, whose ticks come
 * @ticks apart; @apart: each begins beside a hog. ns of a second in which they run together:
 * half of it is their share, and no more.
 */
static u64 pair(unsigned int policy, bool apart, u64 ticks)
{
	const enum kind does[2][4] = {
		{ PARTNER, PARTNER, HOG, HOG }, { PARTNER, HOG, HOG, PARTNER },
	};
	unsigned int i, other = apart ? 3 : 1;

	reset(2, policy);
	for (i = 0; i < 4; i++)
		add(does[apart][i], VMXL_SCHED_WEIGHT);
	task[0].partner = &task[other];
	task[other].partner = &task[0];
	tick_apart = ticks;
	simulate(1000 * MS);
	tick_apart = 0;
	printf("# %s: of 1 s a pair beside two hogs runs %llu ms, %llu ms together; hogs %llu and %llu; %llu spins\n",
	       vmxl_sched_policies[policy].name, run_ns(&task[0]) / MS, task[0].with / MS,
	       run_ns(&task[apart ? 1 : 2]) / MS, run_ns(&task[apart ? 2 : 3]) / MS,
	       task[0].se.nr_spins + task[other].se.nr_spins);
	return task[0].with;
}

static void test_pair(unsigned int policy)
{
	bool shares = vmxl_sched_policies[policy].ran, together = true;
	unsigned int i;

	/* rr looks at no shares, and apart they are of two gangs. */
	for (i = 0; i < (shares || policy == VMXL_SCHED_POLICY_GANG ? 6 : 2); i++)
		if (shares || i < 2 || !(i & 1))
			together &= pair(policy, i & 1, i / 2 * 370000) >= 440 * MS;
	ok(together, "%s: those that wait for each other run together",
	   vmxl_sched_policies[policy].name);
}

/* Halts of so many ns each: how many of @nr polling would have ended, and what it took */
static unsigned int halts(struct vmxl_halt *h, u64 ns, unsigned int nr, u64 *polled)
{
	unsigned int hits = 0;

	for (*polled = 0; nr; nr--) {
		hits += ns <= h->poll_ns;
		*polled += min_t(u64, ns, h->poll_ns);
		vmxl_halt_adapt(h, ns);
	}
	return hits;
}

static void test_halt_poll(void)
{
	static const struct { u64 ns; unsigned int least, most; } waits[] = {
		{ 5000, 99, 100 }, { 30000, 95, 100 }, { 150000, 94, 100 },
		{ 201000, 0, 0 }, { 1000000, 0, 0 }, { 100000000, 0, 0 },
	};
	struct vmxl_halt h = { 0 };
	unsigned int i, hits;
	u64 polled;

	for (i = 0; i < ARRAY_SIZE(waits); i++) {
		hits = halts(&h, waits[i].ns, 100, &polled);
		printf("# halts of %llu us: polling ends %u of 100, %llu us of it\n",
		       (unsigned long long)waits[i].ns / 1000, hits,
		       (unsigned long long)polled / 1000);
		ok(hits >= waits[i].least && hits <= waits[i].most, "polls as long as it pays");
	}
	ok(!h.poll_ns, "and not where it does not");
	ok(halts(&h, 20000, 10, &polled) >= 7, "begins again");
}

static bool at_last(void *arg)
{
	return !--*(int *)arg;
}

static void test_polling(void)
{
	struct vmxl_halt h = { .poll_ns = VMXL_HALT_POLL_NS };
	int never = 0, soon = 1;

	ok(!vmxl_halt_poll(&h, at_last, &soon) && soon == 1, "others want the CPU: no polling");
	WRITE_ONCE(shim_single_task, true);
	ok(vmxl_halt_poll(&h, at_last, &soon) && h.nr_hits == 1, "a hit");
	ok(!vmxl_halt_poll(&h, at_last, &never) && h.nr_misses == 1 &&
	   h.polled_ns >= VMXL_HALT_POLL_NS, "a miss");
	h.poll_ns = 0;
	ok(!vmxl_halt_poll(&h, at_last, &soon) && h.nr_misses == 1, "no time to poll for");
	WRITE_ONCE(shim_single_task, false);
}

int main(void)
{
	unsigned int p;

	test_states();
	test_workers();
	test_weights(VMXL_SCHED_POLICY_FAIR);
	test_weights(VMXL_SCHED_POLICY_CREDIT);
	test_sleepers();
	for (p = 0; p < VMXL_SCHED_POLICIES; p++) {
		test_equal(p);
		test_spin(p);
		test_spin_apart(p);
		test_tickets(p);
		test_directed(p);
		test_pair(p);
		test_vcpu_quota(p);
		test_vm_quota(p);
	}
	test_long_delay();
	test_gang();
	test_masks();
	test_balance();
	test_change();
	test_halt_poll();
	test_polling();
	return tap_done();
}
