// SPDX-License-Identifier: GPL-2.0
/*
 * The run loop: what VMXL_RUN does. Guest code is executed in slices, each
 * within vm->srcu; between two slices signals, halted states and the scheduler
 * have their turn. A slice looks at requests and interrupts first, then
 * dispatches blocks until something redirects the guest, someone kicks, or
 * its budget is used up.
 *
 * struct vmxl_run and struct vmxl_gstate may be written by user space at any
 * time: nothing is read from them that the kernel relies on.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include "codegen/cache.h"
#include "codegen/code.h"
#include "enter.h"
#include "guest/guest.h"
#include "ir/interp.h"
#include "mmu/mem.h"
#include "mmu/tlb.h"
#include "mmu/window.h"
#include "notifier.h"
#include "stats.h"
#include "trace.h"
#include "vcpu.h"
#include "vm.h"

/* Guest instructions between two looks at signals and the scheduler */
#define SLICE_INSNS	50000

/* An instruction that loops in itself may be left within: it is gone on with so many times. */
#define STEP_TRIES	1000

/* What it counts that a block was come to from translated code, which it costs to leave */
#define EXIT_WARMTH	8

/* A block that could not be compiled for want of memory */
#define HEAT_AGAIN	1000

/* Beyond enum vmxl_act: go to translated code, vmxl_entry_prepare() said where */
#define ACT_ENTER	(VMXL_ACT_EXIT + 1)
/* Another vCPU may want the thread */
#define ACT_YIELD	(VMXL_ACT_EXIT + 2)
/* vm->srcu has to be left first */
#define ACT_AGAIN	(VMXL_ACT_EXIT + 3)

struct vmxl_request {
	int req;
	void (*fn)(struct vmxl_vcpu *vcpu);
};

/* In this order: a flush drops what refers to memory slots that are gone. */
static const struct vmxl_request requests[] = {
	{ VMXL_REQ_TLB_FLUSH,	vmxl_tlb_flush },
	{ VMXL_REQ_TLB_PROTECT,	vmxl_tlb_flush_writable },
	{ VMXL_REQ_JCACHE,	vmxl_jcache_flush },
};

#define COMMON_REQUESTS	(BIT(VMXL_REQ_TLB_FLUSH) | BIT(VMXL_REQ_TLB_PROTECT) | \
			 BIT(VMXL_REQ_JCACHE))

/*
 * Once within vm->srcu: whoever replaces something that vm->srcu protects sets
 * the request before synchronize_srcu(), so it is seen here, or this reader is
 * waited for. The rest of vcpu->requests is the guest's poll()'s.
 */
static void handle_requests(struct vmxl_vcpu *vcpu)
{
	unsigned int i;

	smp_store_mb(vcpu->run->kick, 0);	/* pairs with smp_mb() in vmxl_vcpu_kick() */
	if (likely(!(READ_ONCE(vcpu->requests) & COMMON_REQUESTS)))
		return;
	for (i = 0; i < ARRAY_SIZE(requests); i++)
		if (test_and_clear_bit(requests[i].req, &vcpu->requests))
			requests[i].fn(vcpu);
}

static bool stopped(struct vmxl_vcpu *vcpu)
{
	return READ_ONCE(vcpu->mp_state) == VMXL_MP_STOPPED;
}

static bool asleep(struct vmxl_vcpu *vcpu)
{
	const struct vmxl_guest *guest = vcpu->vm->guest;

	return guest->halted(vcpu) && !guest->runnable(vcpu);
}

/* Whether a slice could do anything: a stopped vCPU answers requests, too. */
static bool has_work(struct vmxl_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests) || !(stopped(vcpu) || asleep(vcpu));
}

static long used(struct vmxl_vcpu *vcpu, u64 since, long budget)
{
	/* gstate is not trusted: a dispatch costs one at least, at most all. */
	return min_t(u64, READ_ONCE(vcpu->gs->icount) - since, budget - 1) + 1;
}

/*
 * The next block. A fetch that traps to where it trapped would do so for ever:
 * out with it, user space knows better what to do.
 */
static enum vmxl_act next_block(struct vmxl_vcpu *vcpu, struct vmxl_block **block)
{
	u64 pc = READ_ONCE(vcpu->gs->pc);
	enum vmxl_act act = vmxl_block_get(vcpu, block);

	if (unlikely(act == VMXL_ACT_LEAVE && READ_ONCE(vcpu->gs->pc) == pc))
		act = vmxl_exit_internal(vcpu, VMXL_INTERNAL_ERROR_FETCH, pc);
	return act;
}

/*
 * Whether to go on in translated code: the block has been interpreted often
 * enough, and has code or gets it now. @warmth: what this time counts.
 */
static bool translated(struct vmxl_vcpu *vcpu, struct vmxl_block *b, u32 warmth)
{
	u32 heat = READ_ONCE(b->heat);
	int ret;

	if (heat) {
		if (heat != VMXL_HEAT_NEVER)
			WRITE_ONCE(b->heat, heat - min(heat, warmth));
		return false;
	}
	if (!vmxl_entry_ready(vcpu))
		return false;
	if (!READ_ONCE(b->host)) {
		ret = vmxl_compile(vcpu, b);
		if (ret) {
			WRITE_ONCE(b->heat, ret == -EAGAIN ? HEAT_AGAIN : VMXL_HEAT_NEVER);
			return false;
		}
	}
	return vmxl_entry_prepare(vcpu, b);
}

/* Block after block until the guest is redirected, or someone wants something. */
static enum vmxl_act dispatch(struct vmxl_vcpu *vcpu, long *budget, struct vmxl_link *link)
{
	u32 warmth = link || vcpu->entry->missed ? EXIT_WARMTH : 1;
	enum vmxl_act act = VMXL_ACT_NEXT;
	struct vmxl_block *block;

	while (act == VMXL_ACT_NEXT && *budget > 0 && !vmxl_kicked(vcpu->gs)) {
		u64 since = READ_ONCE(vcpu->gs->icount);

		act = next_block(vcpu, &block);
		if (act == VMXL_ACT_NEXT) {
			if (link)
				vmxl_block_link(vcpu->vm->cache, link, block);
			link = NULL;
			if (translated(vcpu, block, warmth))
				return ACT_ENTER;
			vcpu->entry->missed = false;
			warmth = 1;
			act = vmxl_interp_run(vcpu, block, *budget, &link);
			vcpu->nr_blocks_run++;
		}
		*budget -= used(vcpu, since, *budget);
	}
	return act;
}

/* One instruction. NEXT: it is not done yet. */
static enum vmxl_act step(struct vmxl_vcpu *vcpu)
{
	u64 pc = READ_ONCE(vcpu->gs->pc), icount = READ_ONCE(vcpu->gs->icount);
	struct vmxl_link *link;
	struct vmxl_block *block;
	enum vmxl_act act;

	vcpu->limit = 1;
	act = next_block(vcpu, &block);
	if (act == VMXL_ACT_NEXT)
		act = vmxl_interp_run(vcpu, block, 1, &link);
	vcpu->limit = 0;
	if (act == VMXL_ACT_NEXT && (READ_ONCE(vcpu->gs->pc) != pc ||
				     READ_ONCE(vcpu->gs->icount) != icount))
		act = VMXL_ACT_LEAVE;
	return act;
}

static enum vmxl_act exit_singlestep(struct vmxl_vcpu *vcpu)
{
	struct vmxl_run *run = vcpu->run;

	run->exit_reason = VMXL_EXIT_DEBUG;
	run->debug.pc = vcpu->gs->pc;
	run->debug.cause = VMXL_DEBUG_SINGLESTEP;
	run->debug.reserved = 0;
	return VMXL_ACT_EXIT;
}

/* Requests, then interrupts. NEXT: guest code may be executed; LEAVE: there is no reason to. */
static enum vmxl_act prepare(struct vmxl_vcpu *vcpu)
{
	enum vmxl_act act;

	handle_requests(vcpu);
	if (unlikely(READ_ONCE(vcpu->yield)))
		return ACT_YIELD;
	if (vmxl_notifier_pending(vcpu->vm))
		return ACT_AGAIN;
	act = vcpu->vm->guest->poll(vcpu);
	if (act == VMXL_ACT_EXIT)
		return act;
	return stopped(vcpu) || asleep(vcpu) ? VMXL_ACT_LEAVE : VMXL_ACT_NEXT;
}

/*
 * Translated code was left: make gstate.pc exact, and find out what is to be
 * done. The exit id is user space's word; an id that is none ends the VM's run.
 */
static enum vmxl_act take_exit(struct vmxl_vcpu *vcpu, struct vmxl_link **link)
{
	u32 id = READ_ONCE(vcpu->gs->exit_id), n = id >> VMXL_UEXIT_BITS & (VMXL_IR_MAX_EXITS - 1);
	struct vmxl_entry *e = vcpu->entry;
	struct vmxl_hblock *h;
	struct vmxl_block *b;

	e->back = false;
	switch (id & ((1u << VMXL_UEXIT_BITS) - 1)) {
	case VMXL_UEXIT_STEP:
		e->step = true;
		e->nr_step++;
		return VMXL_ACT_NEXT;
	case VMXL_UEXIT_PC:
		e->missed = true;
		e->nr_miss++;
		return VMXL_ACT_NEXT;
	}
	h = vmxl_code_by_id(vcpu->vm->code, id >> 8);
	if (!h || n >= h->nr_exits)
		return vmxl_exit_internal(vcpu, VMXL_INTERNAL_ERROR_STATE, id);
	vcpu->gs->pc = h->exit_pc[n];
	b = READ_ONCE(h->block);
	if (b && n < b->nr_links)
		*link = &b->links[n];
	if ((id & ((1u << VMXL_UEXIT_BITS) - 1)) == VMXL_UEXIT_POLL)
		e->nr_poll++;
	else
		e->nr_link++;
	return VMXL_ACT_NEXT;
}

/* What guest code may have done without us, or others to its registers */
static void sync_view(struct vmxl_vcpu *vcpu)
{
	if (vcpu->vm->guest->sync)
		vcpu->vm->guest->sync(vcpu);
	if (READ_ONCE(vcpu->resv) != VMXL_NO_RESV && READ_ONCE(vcpu->gs->ldx) != VMXL_LDX_RESERVE)
		vmxl_resv_drop(vcpu);
}

static enum vmxl_act come_back(struct vmxl_vcpu *vcpu, struct vmxl_link **link)
{
	enum vmxl_act act = take_exit(vcpu, link);

	sync_view(vcpu);
	/* Not before: until here the id names the code that was left. */
	vmxl_code_leave(vcpu);
	return act;
}

/**
 * vmxl_vcpu_give_up() - leave translated code for good, without RUN going on
 * @vcpu: the vCPU; its thread has stored the guest's state
 *
 * Context: the vCPU's thread, within vm->srcu.
 */
void vmxl_vcpu_give_up(struct vmxl_vcpu *vcpu)
{
	struct vmxl_link *link = NULL;

	come_back(vcpu, &link);
	vcpu->entry->step = false;
}

/* What translated code left to the interpreter */
static enum vmxl_act step_one(struct vmxl_vcpu *vcpu, long *budget)
{
	enum vmxl_act act;

	vmxl_window_missed(vcpu);
	vcpu->stepping = true;
	act = step(vcpu);
	vcpu->stepping = false;
	*budget -= 1;
	vcpu->entry->step = act == VMXL_ACT_NEXT;
	return act == VMXL_ACT_LEAVE ? VMXL_ACT_NEXT : act;
}

/* LEAVE: the vCPU has no reason to run; NEXT: the budget is used up; ENTER: to translated code. */
static enum vmxl_act slice(struct vmxl_vcpu *vcpu)
{
	struct vmxl_link *link = NULL;
	long budget = SLICE_INSNS;
	enum vmxl_act act;

	if (vcpu->entry->back) {
		act = come_back(vcpu, &link);
		if (act != VMXL_ACT_NEXT)
			return act;
	}
	while (budget > 0 && !READ_ONCE(vcpu->run->immediate_exit)) {
		act = prepare(vcpu);
		if (act != VMXL_ACT_NEXT)
			return act;
		if (link && vcpu->gs->pc != link->pc)
			link = NULL;
		if (unlikely(vcpu->debug & VMXL_DEBUG_SINGLESTEP)) {
			act = step(vcpu);
			if (act == VMXL_ACT_LEAVE)
				act = exit_singlestep(vcpu);
			budget--;
		} else if (vcpu->entry->step) {
			act = step_one(vcpu, &budget);
		} else {
			act = dispatch(vcpu, &budget, link);
		}
		link = NULL;
		if (act == VMXL_ACT_EXIT || act == ACT_ENTER)
			return act;
		budget--;	/* a kick at each block makes progress in this, too */
	}
	return VMXL_ACT_NEXT;
}

/* The instruction whose device access user space has carried out */
static enum vmxl_act step_mmio(struct vmxl_vcpu *vcpu)
{
	enum vmxl_act act = VMXL_ACT_NEXT;
	unsigned int i;

	for (i = 0; i < STEP_TRIES && act == VMXL_ACT_NEXT; i++) {
		handle_requests(vcpu);
		act = step(vcpu);
	}
	if (act == VMXL_ACT_LEAVE && (vcpu->debug & VMXL_DEBUG_SINGLESTEP))
		act = exit_singlestep(vcpu);
	return act;
}

static enum vmxl_act guarded(struct vmxl_vcpu *vcpu, enum vmxl_act (*fn)(struct vmxl_vcpu *))
{
	enum vmxl_act act;
	int idx;

	/*
	 * Whoever finds in_guest clear after it made a request knows that the
	 * request is carried out before guest code runs: in_guest is set before
	 * smp_store_mb() in handle_requests().
	 */
	vmxl_notifier_wait(vcpu->vm);
	WRITE_ONCE(vcpu->in_guest, true);
	idx = srcu_read_lock(&vcpu->vm->srcu);
	act = fn(vcpu);
	srcu_read_unlock(&vcpu->vm->srcu, idx);
	if (act == ACT_ENTER)
		return act;
	/* What guest code did comes first for whoever sees this. */
	smp_store_release(&vcpu->in_guest, false);
	return act;
}

/*
 * The result of the access goes into vcpu->mmio, and the instruction is
 * executed anew; its access takes the result instead of leaving again. User
 * space may have moved the pc meanwhile: the access is given up then.
 */
static enum vmxl_act complete_mmio(struct vmxl_vcpu *vcpu)
{
	struct vmxl_mmio *mmio = &vcpu->mmio;
	enum vmxl_act act;

	mmio->pending = false;
	if (vcpu->gs->pc != mmio->pc)
		return VMXL_ACT_NEXT;
	if (!mmio->is_write)
		memcpy(mmio->data, vcpu->run->mmio.data, sizeof(mmio->data));
	mmio->done = true;
	act = guarded(vcpu, step_mmio);
	mmio->done = false;
	return act;
}

/* What the last exit left to be done, now that user space has answered */
static enum vmxl_act complete_exit(struct vmxl_vcpu *vcpu)
{
	u32 last = vcpu->last_exit;

	vcpu->last_exit = VMXL_EXIT_UNKNOWN;
	if (last == VMXL_EXIT_RISCV_SBI && vcpu->vm->guest->sbi_complete)
		vcpu->vm->guest->sbi_complete(vcpu);
	if (vcpu->mmio.pending)
		return complete_mmio(vcpu);
	return VMXL_ACT_NEXT;
}

static int exit_intr(struct vmxl_vcpu *vcpu)
{
	vcpu->run->exit_reason = VMXL_EXIT_INTR;
	vmxl_stats_exit(vcpu, VMXL_EXIT_INTR);
	return -EINTR;
}

static int exit_done(struct vmxl_vcpu *vcpu)
{
	vcpu->last_exit = READ_ONCE(vcpu->run->exit_reason);
	vmxl_stats_exit(vcpu, vcpu->last_exit);
	return 0;
}

static enum vmxl_act only_back(struct vmxl_vcpu *vcpu)
{
	struct vmxl_link *link = NULL;

	return come_back(vcpu, &link);
}

static int turn(struct vmxl_vcpu *vcpu, enum vmxl_act act)
{
	if (act != VMXL_ACT_EXIT)
		act = guarded(vcpu, slice);
	switch ((int)act) {
	case VMXL_ACT_EXIT:
		return exit_done(vcpu);
	case ACT_ENTER:
		return VMXL_RUN_ENTER;
	case ACT_YIELD:
		return VMXL_RUN_YIELD;
	case VMXL_ACT_LEAVE:
		return VMXL_RUN_HALT;
	default:
		return VMXL_RUN_AGAIN;
	}
}

static bool is_awake(void *vcpu)
{
	return has_work(vcpu);
}

/* Wait until there is something to do, or a signal. */
static void wait_for_work(struct vmxl_vcpu *vcpu)
{
	u64 begin = ktime_get_ns();

	vcpu->nr_halts++;
	trace_vmxl_halt(vcpu);
	if (!vmxl_halt_poll(&vcpu->halt, is_awake, vcpu))
		wait_event_interruptible(vcpu->wq, has_work(vcpu));
	trace_vmxl_wake(vcpu);
	if (has_work(vcpu))
		vmxl_halt_adapt(&vcpu->halt, ktime_get_ns() - begin);
}

static int run(struct vmxl_vcpu *vcpu, enum vmxl_act act)
{
	int ret;

	for (;; act = VMXL_ACT_NEXT) {
		if (act != VMXL_ACT_EXIT &&
		    (signal_pending(current) || READ_ONCE(vcpu->run->immediate_exit))) {
			/* Before a slice has looked at where we come from, perhaps. */
			if (!vcpu->entry->back || guarded(vcpu, only_back) != VMXL_ACT_EXIT)
				return exit_intr(vcpu);
			act = VMXL_ACT_EXIT;
		}
		ret = turn(vcpu, act);
		if (ret <= VMXL_RUN_ENTER)
			return ret;
		WRITE_ONCE(vcpu->yield, 0);
		if (ret == VMXL_RUN_HALT)
			wait_for_work(vcpu);
		cond_resched();
	}
}

/**
 * vmxl_vcpu_turn() - run a vCPU for a while
 * @vcpu: the vCPU, which a worker has
 *
 * Context: a worker's thread, vcpu->mutex held.
 * Return: 0 with run->exit_reason set, or VMXL_RUN_*.
 */
int vmxl_vcpu_turn(struct vmxl_vcpu *vcpu)
{
	enum vmxl_act act = VMXL_ACT_NEXT;

	lockdep_assert_held(&vcpu->mutex);
	if (unlikely(vcpu->last_exit != VMXL_EXIT_UNKNOWN)) {
		vmxl_stats_run(vcpu);
		vcpu->run->flags = 0;
		act = complete_exit(vcpu);
	}
	if (unlikely(READ_ONCE(vcpu->run->immediate_exit))) {
		vmxl_vcpu_come_back(vcpu);
		exit_intr(vcpu);
		return 0;
	}
	return turn(vcpu, act);
}

/**
 * vmxl_vcpu_come_back() - look at the exit that translated code was left by
 * @vcpu: the vCPU, which is given up before its next turn
 */
void vmxl_vcpu_come_back(struct vmxl_vcpu *vcpu)
{
	if (vcpu->entry->back)
		guarded(vcpu, only_back);
}

/**
 * vmxl_vcpu_run() - VMXL_RUN
 * @vcpu: the vCPU
 *
 * Context: thread of the VM's owner, vcpu->mutex held.
 * Return: 0 with run->exit_reason set, -EINTR, or VMXL_RUN_ENTER.
 */
int vmxl_vcpu_run(struct vmxl_vcpu *vcpu)
{
	lockdep_assert_held(&vcpu->mutex);
	vmxl_stats_run(vcpu);
	vcpu->run->flags = 0;
	vcpu->entry->step = false;
	vcpu->entry->missed = false;
	return run(vcpu, complete_exit(vcpu));
}

/**
 * vmxl_vcpu_continue() - RUN goes on: translated code was left
 * @vcpu: the vCPU
 *
 * Context: as vmxl_vcpu_run().
 * Return: the same.
 */
int vmxl_vcpu_continue(struct vmxl_vcpu *vcpu)
{
	return run(vcpu, VMXL_ACT_NEXT);
}

/* Class 1 of every guest is its pc and general registers. */
static bool is_core(u64 id)
{
	return (id & VMXL_REG_CLASS_MASK) == 1ULL << VMXL_REG_CLASS_SHIFT;
}

static unsigned int dump_regs(struct vmxl_vcpu *vcpu, u64 *data, unsigned int room)
{
	const struct vmxl_guest *guest = vcpu->vm->guest;
	unsigned int i, n = guest->reg_list(vcpu, NULL), done = 0;
	u64 *ids = kvmalloc_array(n, sizeof(*ids), GFP_KERNEL_ACCOUNT);

	if (!ids)
		return 0;
	guest->reg_list(vcpu, ids);
	for (i = 0; i < n && done < room; i++)
		if (is_core(ids[i]) && !guest->get_reg(vcpu, ids[i], &data[done]))
			done++;
	kvfree(ids);
	return done;
}

/**
 * vmxl_exit_internal() - leave because the module cannot go on
 * @vcpu: the vCPU
 * @suberror: VMXL_INTERNAL_ERROR_*
 * @addr: address that it is about
 *
 * Return: VMXL_ACT_EXIT.
 */
enum vmxl_act vmxl_exit_internal(struct vmxl_vcpu *vcpu, u32 suberror, u64 addr)
{
	struct vmxl_run *run = vcpu->run;
	u64 data[ARRAY_SIZE(run->internal.data)] = { vcpu->gs->pc, addr };

	run->exit_reason = VMXL_EXIT_INTERNAL_ERROR;
	run->internal.suberror = suberror;
	run->internal.ndata = 2 + dump_regs(vcpu, data + 2, ARRAY_SIZE(data) - 2);
	memcpy(run->internal.data, data, sizeof(data));
	return VMXL_ACT_EXIT;
}
