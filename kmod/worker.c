// SPDX-License-Identifier: GPL-2.0
/*
 * Workers. A worker is a descriptor; the thread that calls VMXL_RUN on it runs one
 * vCPU after the other, as the scheduler picks them, until one has an exit for
 * user space, or the thread is wanted elsewhere. Its registers at RUN serve all of
 * them: any thread of the owner can be in translated code with any vCPU.
 *
 * In: sched/, which says what comes next. A worker has its vCPU (worker->cur) from
 * vmxl_sched_next() to vmxl_sched_put(); it holds vcpu->mutex meanwhile, but
 * while it is in translated code (entry->owner) or in user space with an exit.
 * vcpu->worker says that somebody is to put the vCPU back; who clears it does.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/wait.h>
#include "compat.h"
#include "enter.h"
#include "guest/guest.h"
#include "mmu/mem.h"
#include "netlink.h"
#include "sched/sched.h"
#include "stats.h"
#include "trace.h"
#include "uabi.h"
#include "vm.h"
#include "worker.h"

#define TICK_NS		1000000
#define MIN_SLICE_NS	100000
#define MAX_SLICE_NS	1000000000
#define MIN_PERIOD_NS	1000000
#define MAX_PERIOD_NS	1000000000
#define PERIOD_NS	100000000
#define CAP_PERIOD_NS	10000000
#define MIN_RUNTIME_NS	100000
#define MAX_WEIGHT	65536

/* What a worker's number stands for; lives as long as the VM */
struct slot {
	wait_queue_head_t wq;		/* the worker, when it is idle */
	struct hrtimer tick;
	struct task_struct *task;	/* who called RUN last, or NULL; under its queue's lock */
	u64 delay;			/* what the host took from those before, less @task's own */
	struct vmxl_halt halt;		/* by the worker */
	struct vmxl_workers *workers;
};

/**
 * struct vmxl_workers - the workers of a VM
 * @sched: queues and policy; numbers of workers under vm->lock
 * @slot: by number
 */
struct vmxl_workers {
	struct vmxl_sched sched;
	struct slot slot[VMXL_MAX_WORKERS];
};

/**
 * struct vmxl_worker - a worker
 * @vm: its VM, of which it has a reference
 * @all: vm->workers
 * @nr: its number
 * @mutex: held by RUN but while it is in translated code; protects the rest
 * @cur: the vCPU that it has
 * @out: @cur's exit is in user space
 * @stop: RUN is to return, at once or when it is called next
 * @off: the caller cannot execute translated code
 * @fd: the descriptor that RUN was called on
 * @saved: the caller's registers
 */
struct vmxl_worker {
	struct vmxl_vm *vm;
	struct vmxl_workers *all;
	unsigned int nr;
	struct mutex mutex;
	struct vmxl_vcpu *cur;
	bool out;
	bool stop;
	bool off;
	int fd;
	struct vmxl_uregs saved;
};

static struct vmxl_vcpu *vcpu_of(struct vmxl_sched_ent *se)
{
	return container_of(se, struct vmxl_vcpu, se);
}

static struct vmxl_sched *sched_of(const struct vmxl_vm *vm)
{
	/* Pairs with get_workers(). */
	struct vmxl_workers *all = smp_load_acquire(&vm->workers);

	return all ? &all->sched : NULL;
}

/* ---- what the scheduler asks for ---- */

static struct slot *slot_of(struct vmxl_sched *s, unsigned int nr)
{
	return &container_of(s, struct vmxl_workers, sched)->slot[nr];
}

static void host_wake(struct vmxl_sched *s, unsigned int nr)
{
	wake_up(&slot_of(s, nr)->wq);
}

/* It may also have been out of queues without a halt, when an ioctl had it. */
static void host_woken(struct vmxl_sched *s, struct vmxl_sched_ent *se)
{
	struct vmxl_vcpu *vcpu = vcpu_of(se);

	if (!vcpu->asleep)
		return;
	vcpu->asleep = false;
	trace_vmxl_wake(vcpu);
}

static void host_preempt(struct vmxl_sched *s, struct vmxl_sched_ent *se)
{
	vmxl_vcpu_yield(vcpu_of(se));
}

/* All workers' at the same time, at multiples of their length */
static u64 next_tick(u64 now)
{
	return (div64_u64(now, TICK_NS) + 1) * TICK_NS;
}

static void host_tick(struct vmxl_sched *s, unsigned int nr)
{
	hrtimer_start(&slot_of(s, nr)->tick, ns_to_ktime(next_tick(ktime_get_ns())),
		      HRTIMER_MODE_ABS);
}

static u64 host_delay(struct vmxl_sched *s, unsigned int nr)
{
	struct slot *slot = slot_of(s, nr);

	return slot->task ? slot->delay + vmxl_run_delay(slot->task) : slot->delay;
}

/*
 * Who takes a page away asks for VMXL_REQ_TLB_FLUSH, then waits for vm->srcu: if nothing is
 * asked for, what vcpu->wait points to is there.
 */
static bool host_waits(struct vmxl_sched *s, const struct vmxl_sched_ent *se)
{
	const struct vmxl_vcpu *vcpu = container_of(se, struct vmxl_vcpu, se);
	int idx = srcu_read_lock(&vcpu->vm->srcu);
	bool ret = !READ_ONCE(vcpu->requests) && !vmxl_kicked(vcpu->gs) &&
		   vmxl_mem_unchanged(&vcpu->wait);

	srcu_read_unlock(&vcpu->vm->srcu, idx);
	return ret;
}

static const struct vmxl_sched_host host = {
	.wake = host_wake,
	.woken = host_woken,
	.preempt = host_preempt,
	.tick = host_tick,
	.delay = host_delay,
	.waits = host_waits,
};

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct slot *slot = container_of(timer, struct slot, tick);
	u64 now = ktime_get_ns();

	if (!vmxl_sched_tick(&slot->workers->sched, slot - slot->workers->slot, now))
		return HRTIMER_NORESTART;
	hrtimer_set_expires(timer, ns_to_ktime(next_tick(now)));
	return HRTIMER_RESTART;
}

/* ---- what the rest of the module tells ---- */

/**
 * vmxl_worker_wake() - a vCPU has something to do, or may be taken again
 * @vcpu: the vCPU
 *
 * Does nothing where there are no workers.
 * Context: any.
 */
void vmxl_worker_wake(struct vmxl_vcpu *vcpu)
{
	struct vmxl_sched *s = sched_of(vcpu->vm);

	if (s)
		vmxl_sched_wake(s, &vcpu->se, ktime_get_ns());
}

/**
 * vmxl_worker_waits() - whether a vCPU that spins keeps its worker
 * @vcpu: the vCPU, by its own thread
 * @now: time
 *
 * Return: vmxl_sched_spins()'s; where it has a thread of its own, whether it has not spun for
 * long yet.
 */
bool vmxl_worker_waits(struct vmxl_vcpu *vcpu, u64 now)
{
	struct vmxl_worker *w = READ_ONCE(vcpu->worker);

	if (!w)
		return now - vcpu->spins_since < VMXL_SCHED_PATIENCE_NS;
	return vmxl_sched_spins(&w->all->sched, w->nr, &vcpu->se, vcpu->spins_since, now);
}

/**
 * vmxl_worker_want() - an ioctl of the vCPU's own is to have it
 * @vcpu: the vCPU
 *
 * Workers leave it alone until vmxl_worker_unwant().
 * Context: process.
 */
void vmxl_worker_want(struct vmxl_vcpu *vcpu)
{
	if (!sched_of(vcpu->vm))
		return;
	atomic_inc(&vcpu->wanted);
	vmxl_vcpu_yield(vcpu);
}

/**
 * vmxl_worker_unwant() - the ioctl is done
 * @vcpu: the vCPU
 *
 * Context: process.
 */
void vmxl_worker_unwant(struct vmxl_vcpu *vcpu)
{
	if (atomic_add_unless(&vcpu->wanted, -1, 0))
		vmxl_worker_wake(vcpu);
}

/**
 * vmxl_worker_forget() - the vCPU goes
 * @vcpu: the vCPU
 *
 * Nobody kicks it any more.
 * Context: the VM has no descriptor left.
 */
void vmxl_worker_forget(struct vmxl_vcpu *vcpu)
{
	struct vmxl_sched *s = sched_of(vcpu->vm);

	if (s)
		vmxl_sched_forget(s, &vcpu->se);
}

/**
 * vmxl_worker_gone() - its thread left translated code for good, and RUN with it
 * @vcpu: the vCPU
 *
 * Context: a page fault of that thread.
 */
void vmxl_worker_gone(struct vmxl_vcpu *vcpu)
{
	struct vmxl_sched *s = sched_of(vcpu->vm);

	if (s && xchg(&vcpu->worker, NULL))
		vmxl_sched_put(s, &vcpu->se, VMXL_SCHED_SLICE, ktime_get_ns());
}

/* ---- taking and giving up vCPUs ---- */

/* Give the vCPU up: nobody else can have it before the last line. */
static void give(struct vmxl_worker *w, enum vmxl_sched_why why)
{
	struct vmxl_vcpu *vcpu = w->cur;
	const struct vmxl_guest *guest = vcpu->vm->guest;

	w->cur = NULL;
	w->out = false;
	WRITE_ONCE(vcpu->yield, 0);
	if (why != VMXL_SCHED_BLOCK && guest->preempted)
		guest->preempted(vcpu);
	vcpu->se.critical = why == VMXL_SCHED_SLICE && guest->critical && guest->critical(vcpu);
	vcpu->se.waits = vcpu->wait.p && why == VMXL_SCHED_SPIN;
	vmxl_entry_release(vcpu);
	mutex_unlock(&vcpu->mutex);
	if (xchg(&vcpu->worker, NULL))
		vmxl_sched_put(&w->all->sched, &vcpu->se, why, ktime_get_ns());
}

/* Have vcpu->mutex; false: somebody else has it, or wants it, who will wake the vCPU. */
static bool lock_cur(struct vmxl_worker *w)
{
	struct vmxl_vcpu *vcpu = w->cur;

	if (!atomic_read(&vcpu->wanted) && mutex_trylock(&vcpu->mutex)) {
		if (!vmxl_entry_owned(vcpu))
			return true;
		mutex_unlock(&vcpu->mutex);
	}
	w->cur = NULL;
	w->out = false;
	if (xchg(&vcpu->worker, NULL))
		vmxl_sched_put(&w->all->sched, &vcpu->se, VMXL_SCHED_BLOCK, ktime_get_ns());
	return false;
}

/* Begin with what the scheduler gave. */
static bool take(struct vmxl_worker *w, struct vmxl_sched_ent *se, u64 now)
{
	struct vmxl_vcpu *vcpu = vcpu_of(se);

	w->cur = vcpu;
	WRITE_ONCE(vcpu->worker, w);
	trace_vmxl_sched_in(vcpu, w->nr, se->rq, now - min(se->ready, now));
	vmxl_sched_run(&w->all->sched, w->nr, se, now);
	if (!lock_cur(w))
		return false;
	vcpu->entry->off = w->off;
	return true;
}

/* The vCPU's time is over, or it waits for another one: which, if any, is next? */
static void switch_cur(struct vmxl_worker *w)
{
	enum vmxl_sched_why why = READ_ONCE(w->cur->yield) == VMXL_YIELD_SPIN ?
		VMXL_SCHED_SPIN : VMXL_SCHED_SLICE;
	struct vmxl_sched *s = &w->all->sched;
	struct vmxl_sched_ent *next;
	u64 now;

	WRITE_ONCE(w->cur->yield, 0);
	if (atomic_read(&w->cur->wanted)) {
		give(w, VMXL_SCHED_BLOCK);
		return;
	}
	now = ktime_get_ns();
	next = vmxl_sched_next(s, w->nr, why, now);
	if (vmxl_quota_over(s, &w->cur->se.quota, now))
		vmxl_netlink_throttled(w->vm, w->cur, READ_ONCE(w->cur->se.nr_throttles) + 1);
	else if (!next && !vmxl_sched_out_of_quota(s, &w->cur->se, now))
		return;
	give(w, why);
	if (next)
		take(w, next, now);
}

/* ---- RUN ---- */

static bool wanted_back(const struct vmxl_worker *w)
{
	return signal_pending(current) || READ_ONCE(w->stop);
}

static bool has_call(void *arg)
{
	const struct vmxl_worker *w = arg;
	struct vmxl_sched *s = &w->all->sched;

	return READ_ONCE(w->stop) || vmxl_sched_has_work(s, w->nr) ||
	       !vmxl_sched_is_idle(s, w->nr);
}

static void idle(struct vmxl_worker *w)
{
	struct vmxl_sched *s = &w->all->sched;
	struct slot *slot = &w->all->slot[w->nr];
	u64 begin = ktime_get_ns(), misses = slot->halt.nr_misses;

	vmxl_sched_set_idle(s, w->nr, true);
	if (vmxl_halt_poll(&slot->halt, has_call, w))
		atomic_long_inc(&s->nr_poll_hits);
	else
		wait_event_interruptible(slot->wq, has_call(w));
	if (slot->halt.nr_misses != misses)
		atomic_long_inc(&s->nr_poll_misses);
	vmxl_sched_set_idle(s, w->nr, false);
	if (!signal_pending(current))
		vmxl_halt_adapt(&slot->halt, ktime_get_ns() - begin);
}

static void next(struct vmxl_worker *w)
{
	u64 now = ktime_get_ns();
	struct vmxl_sched_ent *se = vmxl_sched_next(&w->all->sched, w->nr, VMXL_SCHED_SLICE,
						    now);

	if (se) {
		take(w, se, now);
		return;
	}
	if (unlikely(READ_ONCE(w->all->sched.throttled)))
		vmxl_netlink_throttled(w->vm, NULL,
				       atomic_long_read(&w->all->sched.nr_throttles));
	idle(w);
}

static int leave(struct vmxl_worker *w)
{
	WRITE_ONCE(w->stop, false);
	if (!w->cur)
		return -EINTR;
	vmxl_vcpu_come_back(w->cur);
	give(w, VMXL_SCHED_SLICE);
	return -EINTR;
}

/* The vCPU's number: its run page says what for. The worker keeps it meanwhile. */
static int exit_to_user(struct vmxl_worker *w)
{
	struct vmxl_vcpu *vcpu = w->cur;

	w->out = true;
	vmxl_entry_release(vcpu);
	mutex_unlock(&vcpu->mutex);
	return vcpu->id;
}

/* Beside RUN's results, a vCPU's number and -EINTR: to translated code */
#define GO_IN	(-1)

static_assert(GO_IN != -EINTR);

/* A vCPU's turn after the other. w->cur is locked, if there is one. */
static int work(struct vmxl_worker *w)
{
	while (!wanted_back(w)) {
		if (!w->cur) {
			next(w);
			continue;
		}
		switch (vmxl_vcpu_turn(w->cur)) {
		case 0:
			return exit_to_user(w);
		case VMXL_RUN_ENTER:
			return GO_IN;
		case VMXL_RUN_HALT:
			w->cur->nr_halts++;
			w->cur->asleep = true;
			trace_vmxl_halt(w->cur);
			give(w, VMXL_SCHED_BLOCK);
			break;
		case VMXL_RUN_YIELD:
			switch_cur(w);
			break;
		}
		cond_resched();
	}
	return leave(w);
}

static long enter(struct vmxl_worker *w)
{
	return vmxl_entry_enter(w->cur, &w->saved, w->fd);
}

/* The thread that was in translated code with it has ended, or is another one. */
static bool is_free(struct vmxl_worker *w)
{
	bool owned;

	if (!w->cur || w->out)
		return true;
	mutex_lock(&w->cur->mutex);
	owned = vmxl_entry_owned(w->cur);
	if (!owned)
		give(w, VMXL_SCHED_SLICE);
	else
		mutex_unlock(&w->cur->mutex);
	return !owned;
}

/* The thread that is the worker from now on; its predecessor's time stays counted. */
static void set_task(struct vmxl_worker *w, struct task_struct *task)
{
	struct vmxl_sched *s = &w->all->sched;
	struct slot *slot = &w->all->slot[w->nr];
	struct task_struct *old;
	unsigned long flags;

	spin_lock_irqsave(&s->rq[w->nr].lock, flags);
	slot->delay = host_delay(s, w->nr) - (task ? vmxl_run_delay(task) : 0);
	old = slot->task;
	slot->task = task;
	spin_unlock_irqrestore(&s->rq[w->nr].lock, flags);
	if (task)
		get_task_struct(task);
	if (old)
		put_task_struct(old);
}

static long worker_run(void *obj, struct vmxl_call *call)
{
	struct vmxl_worker *w = obj;
	int ret;

	if (call->val)
		return -EINVAL;
	if (!is_free(w))
		return -EBUSY;
	if (unlikely(w->all->slot[w->nr].task != current))
		set_task(w, current);
	vmxl_sched_set_node(&w->all->sched, w->nr, numa_node_id());
	w->off = !vmxl_uregs_usable() || !w->vm->code;
	w->out = false;
	if (w->cur && lock_cur(w))
		w->cur->entry->off = w->off;
	ret = work(w);
	if (ret != GO_IN)
		return ret;
	vmxl_uregs_save(&w->saved);
	w->fd = vmxl_uregs_fd();
	return enter(w);
}

/* VMXL_USER_EXIT: translated code was left. */
static long user_exit(struct vmxl_worker *w)
{
	int ret;

	if (!w->cur || w->out || READ_ONCE(w->cur->entry->owner) != current)
		return -EINVAL;
	mutex_lock(&w->cur->mutex);
	ret = work(w);
	if (ret == GO_IN)
		return enter(w);
	vmxl_uregs_restore(&w->saved);
	return ret;
}

static const struct vmxl_ioctl worker_ioctls[] = {
	VMXL_IOCTL(VMXL_RUN, worker_run),
};

/* From any thread: RUN returns -EINTR. */
static long kick(struct vmxl_worker *w, unsigned long arg)
{
	struct vmxl_rq *rq = &w->all->sched.rq[w->nr];
	unsigned long flags;

	if (arg)
		return -EINVAL;
	WRITE_ONCE(w->stop, true);
	spin_lock_irqsave(&rq->lock, flags);
	if (rq->curr)
		vmxl_vcpu_yield(vcpu_of(rq->curr));
	spin_unlock_irqrestore(&rq->lock, flags);
	wake_up(&w->all->slot[w->nr].wq);
	return 0;
}

static long worker_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vmxl_worker *w = file->private_data;
	long ret;

	if (vmxl_check_owner(w->vm))
		return -EIO;
	if (cmd == VMXL_KICK_WORKER)
		return kick(w, arg);
	if (!mutex_trylock(&w->mutex))
		return -EBUSY;
	if (cmd == VMXL_USER_EXIT)
		ret = arg ? -EINVAL : user_exit(w);
	else
		ret = vmxl_ioctl_call(worker_ioctls, ARRAY_SIZE(worker_ioctls), w, cmd, arg);
	mutex_unlock(&w->mutex);
	return ret;
}

/* ---- life ---- */

/*
 * Nobody is in an ioctl. A thread that is in translated code still gives its vCPU
 * up when it comes to leave that (vmxl_worker_gone()).
 */
static int worker_release(struct inode *inode, struct file *file)
{
	struct vmxl_worker *w = file->private_data;
	struct vmxl_sched *s = &w->all->sched;

	if (w->cur && w->out) {
		if (xchg(&w->cur->worker, NULL))
			vmxl_sched_put(s, &w->cur->se, VMXL_SCHED_SLICE, ktime_get_ns());
	} else if (w->cur && !is_free(w)) {
		vmxl_vcpu_yield(w->cur);
	}
	set_task(w, NULL);
	mutex_lock(&w->vm->lock);
	vmxl_sched_offline(s, w->nr, ktime_get_ns());
	mutex_unlock(&w->vm->lock);
	vmxl_vm_put(w->vm);
	kfree(w);
	return 0;
}

static const struct file_operations worker_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = worker_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = worker_release,
	.llseek = noop_llseek,
};

/* With the first worker or parameters the vCPUs become the scheduler's. */
static struct vmxl_workers *get_workers(struct vmxl_vm *vm)
{
	struct vmxl_workers *all = vm->workers;
	struct vmxl_vcpu *vcpu;
	unsigned int i;

	lockdep_assert_held(&vm->lock);
	if (all)
		return all;
	all = kvzalloc(sizeof(*all), GFP_KERNEL_ACCOUNT);
	if (!all)
		return ERR_PTR(-ENOMEM);
	vmxl_sched_init(&all->sched, &host);
	for (i = 0; i < VMXL_MAX_WORKERS; i++) {
		all->slot[i].workers = all;
		init_waitqueue_head(&all->slot[i].wq);
		hrtimer_setup(&all->slot[i].tick, tick, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	}
	/* Whoever finds it finds all of it. */
	smp_store_release(&vm->workers, all);
	vmxl_for_each_vcpu(vm, vcpu, i)
		vmxl_worker_wake(vcpu);
	return all;
}

static struct vmxl_worker *create(struct vmxl_vm *vm)
{
	struct vmxl_workers *all = get_workers(vm);
	struct vmxl_worker *w;
	int nr;

	if (IS_ERR(all))
		return ERR_CAST(all);
	w = kzalloc(sizeof(*w), GFP_KERNEL_ACCOUNT);
	if (!w)
		return ERR_PTR(-ENOMEM);
	nr = vmxl_sched_online(&all->sched, ktime_get_ns());
	if (nr < 0) {
		kfree(w);
		return ERR_PTR(nr);
	}
	vmxl_vm_get(vm);
	w->vm = vm;
	w->all = all;
	w->nr = nr;
	mutex_init(&w->mutex);
	return w;
}

static void undo_create(struct vmxl_worker *w)
{
	vmxl_sched_offline(&w->all->sched, w->nr, ktime_get_ns());
	vmxl_vm_put(w->vm);
	kfree(w);
}

/**
 * vmxl_worker_create_fd() - VMXL_CREATE_WORKER
 * @vm: the VM
 *
 * Return: the worker's descriptor, -EBUSY: there are enough, or another -errno.
 */
int vmxl_worker_create_fd(struct vmxl_vm *vm)
{
	struct vmxl_worker *w;
	int fd;

	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	w = create(vm);
	if (IS_ERR(w)) {
		fd = PTR_ERR(w);
	} else {
		fd = anon_inode_getfd("vmxl-worker", &worker_fops, w, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			undo_create(w);
	}
	mutex_unlock(&vm->lock);
	return fd;
}

/* A quota of so many CPUs at most */
static bool quota_ok(u64 period, u64 runtime, u64 cpus)
{
	return period >= MIN_PERIOD_NS && period <= MAX_PERIOD_NS &&
	       (!runtime || (runtime >= MIN_RUNTIME_NS && runtime <= cpus * period));
}

/**
 * vmxl_workers_set_sched() - VMXL_SET_SCHED
 * @vm: the VM
 * @params: its argument
 *
 * Return: 0 or -errno.
 */
int vmxl_workers_set_sched(struct vmxl_vm *vm, const struct vmxl_sched_params *params)
{
	u64 slice = params->slice_ns ?: VMXL_SCHED_SLICE_NS;
	u64 period = params->period_ns ?: PERIOD_NS, now;
	struct vmxl_workers *all;
	int ret;

	if (params->flags || !VMXL_RESERVED_OK(params->reserved) ||
	    params->policy >= VMXL_SCHED_POLICIES || slice < MIN_SLICE_NS ||
	    slice > MAX_SLICE_NS || !quota_ok(period, params->runtime_ns, VMXL_MAX_WORKERS))
		return -EINVAL;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	all = get_workers(vm);
	ret = PTR_ERR_OR_ZERO(all);
	if (!ret) {
		now = ktime_get_ns();
		WRITE_ONCE(all->sched.slice_ns, slice);
		vmxl_sched_set_policy(&all->sched, params->policy, now);
		vmxl_sched_set_quota(&all->sched, period, params->runtime_ns, now);
	}
	mutex_unlock(&vm->lock);
	return ret;
}

/**
 * vmxl_workers_get_sched() - what VMXL_SET_SCHED has set
 * @vm: the VM
 * @params: out: the argument that sets the same
 *
 * Context: any process; the VM does not go.
 * Return: false: it has no workers, and so nothing for them.
 */
bool vmxl_workers_get_sched(struct vmxl_vm *vm, struct vmxl_sched_params *params)
{
	/* Pairs with get_workers(): all of it is there. */
	struct vmxl_workers *all = smp_load_acquire(&vm->workers);

	if (!all)
		return false;
	*params = (struct vmxl_sched_params){
		.policy = READ_ONCE(all->sched.policy) - vmxl_sched_policies,
		.slice_ns = READ_ONCE(all->sched.slice_ns),
		.period_ns = READ_ONCE(all->sched.quota.period) ?: PERIOD_NS,
		.runtime_ns = READ_ONCE(all->sched.quota.runtime),
	};
	return true;
}

/* What the argument of VMXL_SET_SCHED_VCPU says; -EINVAL: nothing that can be */
static int limits_of(const struct vmxl_sched_vcpu *v, struct vmxl_sched_limits *limits)
{
	*limits = (struct vmxl_sched_limits){
		.weight = v->weight ?: VMXL_SCHED_WEIGHT,
		.period = v->period_ns ?: (v->cap ? CAP_PERIOD_NS : PERIOD_NS),
		.runtime = v->runtime_ns,
		.workers = v->workers ?: ~0UL,
		.nodes = v->nodes ?: ~0UL,
	};
	if (v->flags || !VMXL_RESERVED_OK(v->reserved) || limits->weight > MAX_WEIGHT ||
	    v->cap > 100 || (v->cap && v->runtime_ns) ||
	    !quota_ok(limits->period, v->runtime_ns, 1))
		return -EINVAL;
	if (v->cap)
		limits->runtime = div_u64(limits->period * v->cap, 100);
	return 0;
}

/**
 * vmxl_workers_set_vcpu() - VMXL_SET_SCHED_VCPU
 * @vm: the VM
 * @v: its argument
 *
 * Return: 0, -ENOENT: there is no such vCPU, or another -errno.
 */
int vmxl_workers_set_vcpu(struct vmxl_vm *vm, const struct vmxl_sched_vcpu *v)
{
	struct vmxl_sched_limits limits;
	struct vmxl_workers *all;
	int ret = limits_of(v, &limits);

	if (ret)
		return ret;
	if (v->vcpu >= VMXL_MAX_VCPUS)
		return -ENOENT;
	if (mutex_lock_killable(&vm->lock))
		return -EINTR;
	all = vm->vcpus[v->vcpu] ? get_workers(vm) : ERR_PTR(-ENOENT);
	ret = PTR_ERR_OR_ZERO(all);
	if (!ret)
		vmxl_sched_set_ent(&all->sched, &vm->vcpus[v->vcpu]->se, &limits, ktime_get_ns());
	mutex_unlock(&vm->lock);
	return ret;
}

/**
 * vmxl_workers_sched() - the scheduler of a VM, to look at
 * @vm: the VM
 *
 * Return: it, or NULL: vCPUs have threads of their own.
 */
const struct vmxl_sched *vmxl_workers_sched(const struct vmxl_vm *vm)
{
	return sched_of(vm);
}

/**
 * vmxl_workers_destroy() - the VM goes
 * @vm: the VM, without workers and before its vCPUs
 */
void vmxl_workers_destroy(struct vmxl_vm *vm)
{
	struct vmxl_workers *all = vm->workers;
	unsigned int i;

	if (!all)
		return;
	for (i = 0; i < VMXL_MAX_WORKERS; i++)
		hrtimer_cancel(&all->slot[i].tick);
	vm->workers = NULL;
	kvfree(all);
}
