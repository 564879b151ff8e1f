// SPDX-License-Identifier: GPL-2.0
/*
 * A vCPU with a thread of its own: which one that is, for how long the host had it
 * wait, and whom it lets on when it spins.
 *
 * The host takes the CPU from a thread without asking whether its vCPU holds a lock,
 * and those of all that spin for that lock look busy. One that spins therefore asks
 * the host to run the thread of another that could run and does not say that it spins.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include "compat.h"
#include "vcpu.h"
#include "vm.h"
#include "worker.h"

/* Some hundred instructions that wait, within this, are a spin. */
#define PAUSE_WINDOW_NS		100000

/* Threads that a spin asks the host for, one after the other */
#define TRIES			3

/**
 * vmxl_vcpu_set_thread() - the caller is the vCPU's thread from now on
 * @vcpu: the vCPU
 *
 * Context: RUN, vcpu->mutex held.
 */
void vmxl_vcpu_set_thread(struct vmxl_vcpu *vcpu)
{
	struct task_struct *old = vcpu->task;

	if (likely(old == current))
		return;
	get_task_struct(current);
	spin_lock(&vcpu->task_lock);
	vcpu->task = current;
	spin_unlock(&vcpu->task_lock);
	vcpu->delay = vmxl_run_delay(current);
	if (old)
		put_task_struct(old);
}

/**
 * vmxl_vcpu_stolen() - for how long a vCPU could have run, and did not
 * @vcpu: the vCPU
 *
 * It waited for a worker, or its thread for a CPU of the host. Only differences mean
 * something.
 * Context: who runs it.
 * Return: ns.
 */
u64 vmxl_vcpu_stolen(struct vmxl_vcpu *vcpu)
{
	u64 delay;

	if (READ_ONCE(vcpu->vm->workers))
		return READ_ONCE(vcpu->se.wait_ns) + READ_ONCE(vcpu->se.delay_ns);
	vmxl_vcpu_set_thread(vcpu);
	delay = vmxl_run_delay(current);
	vcpu->stolen += delay - vcpu->delay;
	vcpu->delay = delay;
	return vcpu->stolen;
}

/* Its thread, with a reference, if that runs or waits for a CPU, and does not spin */
static struct task_struct *ready_thread(struct vmxl_vcpu *vcpu)
{
	struct task_struct *task;

	if (READ_ONCE(vcpu->spins))
		return NULL;
	spin_lock(&vcpu->task_lock);
	task = vcpu->task;
	if (task && task_is_running(task))
		get_task_struct(task);
	else
		task = NULL;
	spin_unlock(&vcpu->task_lock);
	return task;
}

/* Whether the host was to run @other now, or nobody is to be asked for any more */
static bool let_on(struct vmxl_vcpu *other, unsigned int *tries)
{
	struct task_struct *task = ready_thread(other);
	int ret;

	if (!task)
		return false;
	ret = yield_to(task, true);
	put_task_struct(task);
	if (ret <= 0)
		return !--*tries;
	WRITE_ONCE(other->se.nr_directed, READ_ONCE(other->se.nr_directed) + 1);
	WRITE_ONCE(other->vm->let_on, other->id);
	return true;
}

/* In turn: who was let on last comes last. */
static void let_others_on(struct vmxl_vcpu *vcpu)
{
	struct vmxl_vm *vm = vcpu->vm;
	unsigned int i, last = READ_ONCE(vm->let_on), tries = TRIES;
	struct vmxl_vcpu *other;

	WRITE_ONCE(vcpu->spins, true);
	for (i = 1; i <= VMXL_MAX_VCPUS; i++) {
		other = READ_ONCE(vm->vcpus[(last + i) % VMXL_MAX_VCPUS]);
		if (other && other != vcpu && let_on(other, &tries))
			break;
	}
	WRITE_ONCE(vcpu->spins, false);
}

/**
 * vmxl_vcpu_spins() - the guest says that it waits for another vCPU
 * @vcpu: the vCPU, by its own thread
 *
 * Context: may sleep.
 */
void vmxl_vcpu_spins(struct vmxl_vcpu *vcpu)
{
	if (!READ_ONCE(vcpu->worker)) {
		vcpu->se.nr_spins++;
		let_others_on(vcpu);
		return;
	}
	WRITE_ONCE(vcpu->yield, VMXL_YIELD_SPIN);
	vmxl_vcpu_kick_self(vcpu);
}

/**
 * vmxl_vcpu_paused() - the guest has said some more times that it waits in a loop
 * @vcpu: the vCPU, by its own thread
 * @anew: it has written in between what others may wait for
 */
void vmxl_vcpu_paused(struct vmxl_vcpu *vcpu, bool anew)
{
	u64 now = ktime_get_ns(), past = now - vcpu->paused_at;

	vcpu->paused_at = now;
	vcpu->wait.p = NULL;
	if (anew || past >= PAUSE_WINDOW_NS)
		vcpu->spins_since = now;
	else if (!vmxl_worker_waits(vcpu, now))
		vmxl_vcpu_spins(vcpu);
}
