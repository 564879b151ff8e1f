// SPDX-License-Identifier: GPL-2.0
/*
 * Remote fences: one hart asks others to drop translations, and goes on only
 * when each has done so or will before it executes another instruction.
 *
 * The asker queues the fence and takes a ticket with each target. A target that
 * is not executing guest code is not waited for: it looks at its requests before
 * it does. Nor is one that executes in another address space than the fence is
 * for, which is not even kicked: it looks before it changes to that one. While it
 * waits the asker stays at its ecall, so that it can serve fences of others, leave
 * for a signal and come back.
 *
 * Windows are the VM's: the asker takes out of them what the fence is for, once,
 * and the targets forget what their software TLBs know. What a target enters
 * meanwhile from there bears too old a stamp (mmu/window_impl.h).
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include "../../mmu/tlb.h"
#include "../../mmu/window.h"
#include "rv64.h"

#define MAX_PAGES	64	/* more than these are flushed as an address space */

static bool is_wide(const struct vmxl_rv64_fence *f)
{
	return f->size > MAX_PAGES * VMXL_PAGE_SIZE;
}

/* For each page of a fence that is not wide */
#define for_each_page(f, gva)						\
	for ((gva) = (f)->start & VMXL_PAGE_MASK;			\
	     (gva) - ((f)->start & VMXL_PAGE_MASK) <			\
	     (f)->size + ((f)->start & ~VMXL_PAGE_MASK);		\
	     (gva) += VMXL_PAGE_SIZE)

/**
 * vmxl_rv64_fence_windows() - what a fence does to the VM's windows
 * @vcpu: who asks for it
 * @f: the fence, of whichever harts
 */
void vmxl_rv64_fence_windows(struct vmxl_vcpu *vcpu, const struct vmxl_rv64_fence *f)
{
	u64 gva;

	if (is_wide(f))
		vmxl_window_fence_asid(vcpu, f->asid);
	else
		for_each_page(f, gva)
			vmxl_window_fence_page(vcpu->vm, gva, f->asid);
}

/**
 * vmxl_rv64_fence_local() - what a fence does to a hart that it is for
 * @vcpu: the hart; vmxl_rv64_fence_windows() does the rest
 * @f: the fence
 */
void vmxl_rv64_fence_local(struct vmxl_vcpu *vcpu, const struct vmxl_rv64_fence *f)
{
	u64 gva;

	if (is_wide(f))
		vmxl_tlb_forget_asid(vcpu, f->asid);
	else
		for_each_page(f, gva)
			vmxl_tlb_forget_page(vcpu, gva, f->asid);
}

/* Whether a hart that executes guest code may use what a fence is for */
static bool concerns(struct vmxl_vcpu *to, const struct vmxl_rv64_fence *f)
{
	/* Pairs with vmxl_rv64_fence_as(): the request is made, then we look. */
	smp_mb();
	return !f || f->asid == VMXL_ASID_ALL || f->asid == READ_ONCE(rv_arch(to)->fence_asid);
}

/**
 * vmxl_rv64_fence_as() - a hart's satp may have changed
 * @vcpu: the hart
 *
 * What others have asked for of the new address space is done before it is used.
 * Context: vCPU's thread, or the vCPU does not run.
 */
void vmxl_rv64_fence_as(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	u64 satp = rv_regs(vcpu)->satp;
	u32 asid = RV_NO_ASID;

	if (satp >> RV_SATP_MODE_SHIFT)
		asid = satp >> RV_SATP_ASID_SHIFT & RV_SATP_ASID;
	if (asid == a->fence_asid)
		return;
	/* What was done in the old one comes before, requests are looked for after. */
	smp_mb();
	WRITE_ONCE(a->fence_asid, asid);
	smp_mb();	/* pairs with concerns() */
	if (test_and_clear_bit(RV_REQ_FENCE, &vcpu->requests))
		vmxl_rv64_fence_receive(vcpu);
}

/**
 * vmxl_rv64_fence_send() - ask another hart for a fence
 * @vcpu: who asks, and is going to call vmxl_rv64_fence_wait()
 * @to: who is asked; not @vcpu
 * @f: what for; NULL: nothing but that it leaves its block (fence.i)
 */
void vmxl_rv64_fence_send(struct vmxl_vcpu *vcpu, struct vmxl_vcpu *to,
			  const struct vmxl_rv64_fence *f)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu), *t = rv_arch(to);

	spin_lock(&t->fence_lock);
	if (f && t->nr_fence < RV_NR_FENCES)
		t->fence[t->nr_fence] = *f;
	if (f && t->nr_fence <= RV_NR_FENCES)
		t->nr_fence++;
	a->fence_ticket[to->id] = ++t->fence_queued;
	__set_bit(vcpu->id, t->fence_from);
	spin_unlock(&t->fence_lock);
	set_bit(RV_REQ_FENCE, &to->requests);
	if (concerns(to, f)) {
		__set_bit(to->id, a->fence_wait);
		vmxl_vcpu_kick(to);
	}
}

/* RV_REQ_FENCE: carry out what the others have asked for. */
void vmxl_rv64_fence_receive(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	struct vmxl_rv64_fence fence[RV_NR_FENCES];
	DECLARE_BITMAP(from, VMXL_MAX_VCPUS);
	unsigned int nr, i;
	u64 upto;

	spin_lock(&a->fence_lock);
	nr = a->nr_fence;
	upto = a->fence_queued;
	memcpy(fence, a->fence, sizeof(fence));
	a->nr_fence = 0;
	spin_unlock(&a->fence_lock);

	if (nr > RV_NR_FENCES)
		vmxl_tlb_forget(vcpu);
	else
		for (i = 0; i < nr; i++)
			vmxl_rv64_fence_local(vcpu, &fence[i]);

	spin_lock(&a->fence_lock);
	a->fence_done = upto;
	bitmap_copy(from, a->fence_from, VMXL_MAX_VCPUS);
	bitmap_zero(a->fence_from, VMXL_MAX_VCPUS);
	spin_unlock(&a->fence_lock);
	for_each_set_bit(i, from, VMXL_MAX_VCPUS)
		wake_up(&vcpu->vm->vcpus[i]->wq);
}

static bool fence_finished(struct vmxl_rv64_vcpu *a, struct vmxl_vcpu *to)
{
	struct vmxl_rv64_vcpu *t = rv_arch(to);
	bool done;

	/* in_guest was set before the target looked for the request that was made before this */
	smp_mb();
	if (!READ_ONCE(to->in_guest))
		return true;
	spin_lock(&t->fence_lock);
	done = t->fence_done >= a->fence_ticket[to->id];
	spin_unlock(&t->fence_lock);
	return done;
}

static bool fences_finished(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	unsigned int id;

	for_each_set_bit(id, a->fence_wait, VMXL_MAX_VCPUS)
		if (fence_finished(a, vcpu->vm->vcpus[id]))
			__clear_bit(id, a->fence_wait);
	return bitmap_empty(a->fence_wait, VMXL_MAX_VCPUS);
}

/**
 * vmxl_rv64_fence_wait() - wait for the fences that were sent
 * @vcpu: who sent them
 *
 * Gives up for a while when there is something else to do, requests of
 * other harts above all; the caller is to come back.
 * Context: the vCPU's thread, may sleep.
 * Return: whether all have been carried out.
 */
bool vmxl_rv64_fence_wait(struct vmxl_vcpu *vcpu)
{
	if (fences_finished(vcpu))
		return true;
	wait_event_interruptible_timeout(vcpu->wq, READ_ONCE(vcpu->requests) ||
					 fences_finished(vcpu), 1);
	return fences_finished(vcpu);
}
