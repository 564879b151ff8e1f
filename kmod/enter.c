// SPDX-License-Identifier: GPL-2.0
/*
 * Into translated code and back. RUN's ioctl returns into a stub; translated
 * code comes back by an ioctl of its own, which goes on with the run loop and
 * in the end returns where RUN would have. Between the two the vCPU belongs to
 * the thread (entry->owner), and no lock is held.
 *
 * What is in the user area is anyone's who shares the address space: an exit
 * id is checked, and nothing else there is used to find anything.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/vmalloc.h>
#include "codegen/cache.h"
#include "codegen/code.h"
#include "compat.h"
#include "enter.h"
#include "guest/guest.h"
#include "map.h"
#include "mmu/window.h"
#include "vm.h"
#include "worker.h"

/* The register points into the guest's general registers, so that they are all near. */
#define MIDDLE	offsetof(struct vmxl_uarea, gs.guest[15])
#define OFF(m)	((s32)offsetof(struct vmxl_uarea, m) - (s32)MIDDLE)

const struct vmxl_uarea_layout vmxl_uarea_layout = {
	.kick = OFF(run),
	.exit_id = OFF(gs.exit_id),
	.jctx = OFF(gs.jctx),
	.high_base = OFF(gs.high_base),
	.win_mask = OFF(gs.win_mask),
	.win_end = OFF(gs.win_end),
	.win_missed = OFF(gs.win_missed),
	.regions = (s32)VMXL_UAREA_REGIONS - (s32)MIDDLE,
	.mxcsr = OFF(gs.mxcsr),
	.fd = OFF(gs.fd),
	.jcache = OFF(ujc),
	.ujc2 = OFF(ujc2),
	.view = OFF(gs.view),
	.slot0 = OFF(gs),
	.gone = (s32)sizeof(struct vmxl_uarea) - (s32)MIDDLE,
};

/*
 * A tag is the pc xor the context's number, in the bits of the pc that are the
 * entry's index: in one entry different contexts never make the same tag,
 * whatever the guest jumps to.
 */
#define CTX_SHIFT	1
#define CTX_BITS	VMXL_UJC_BITS

/* Blocks of the upper half that are not the same in all address spaces */
#define MAX_LOCAL	1000

/**
 * vmxl_entry_init() - the part of a vCPU that user mode sees
 * @vcpu: the vCPU; its gs and run are set
 *
 * Return: 0 or -ENOMEM.
 */
int vmxl_entry_init(struct vmxl_vcpu *vcpu)
{
	struct vmxl_uarea *ua;

	vcpu->entry = kzalloc(sizeof(*vcpu->entry), GFP_KERNEL_ACCOUNT);
	ua = __vmalloc(sizeof(*ua), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!vcpu->entry || !ua || vmxl_window_init(vcpu)) {
		kfree(vcpu->entry);
		vfree(ua);
		vcpu->entry = NULL;
		return -ENOMEM;
	}
	vcpu->run = &ua->run;
	vcpu->gs = &ua->gs;
	vcpu->gs->win_mask = ~0ULL << VMXL_WIN_BITS;
	vcpu->gs->win_end = VMXL_WIN_END;
	vcpu->gs->win_missed = VMXL_WIN_FOUND;
	vcpu->ujc = ua->ujc;
	vcpu->ujc2 = ua->ujc2;
	return 0;
}

/**
 * vmxl_entry_destroy() - free it
 * @vcpu: the vCPU
 */
void vmxl_entry_destroy(struct vmxl_vcpu *vcpu)
{
	if (!vcpu->entry)
		return;
	if (vcpu->entry->owner)
		put_task_struct(vcpu->entry->owner);
	vmxl_window_destroy(vcpu);
	vfree(vmxl_uarea(vcpu));
	kfree(vcpu->entry);
}

/* One vCPU of a VM maps its code. */
static DEFINE_MUTEX(code_mutex);

static bool map_code(struct vmxl_vm *vm)
{
	struct vmxl_code *code = vm->code;

	mutex_lock(&code_mutex);
	if (!code->x)
		code->x = vmxl_map(vm, VMXL_MAP_CODE, 0, code->size);
	if (code->x && !code->ready)
		vmxl_code_ready(code);
	mutex_unlock(&code_mutex);
	return code->ready;
}

/**
 * vmxl_entry_ready() - whether translated code can be had at all
 * @vcpu: the vCPU
 *
 * Code and user area are mapped when they are first asked for.
 * Context: the vCPU's thread in an ioctl, may sleep.
 * Return: false: the interpreter is to go on.
 */
bool vmxl_entry_ready(struct vmxl_vcpu *vcpu)
{
	struct vmxl_entry *e = vcpu->entry;
	struct vmxl_vm *vm = vcpu->vm;

	if (unlikely(e->off || vcpu->debug))
		return false;
	if (likely(e->uarea))
		return vmxl_maps_whole(vm);
	if (!map_code(vm))
		return false;
	e->uarea = vmxl_map(vm, VMXL_MAP_UAREA, vcpu->id, VMXL_UAREA_LEN);
	vmxl_ujc_flush(vcpu);
	return e->uarea;
}

/*
 * Code that sees the upper half has the same in all address spaces, as a rule, and
 * one context then. A vCPU with much that is not so is an exception.
 */
static bool is_shared(struct vmxl_vcpu *vcpu, u32 flags)
{
	return (vcpu->vm->guest->window(flags) & ~VMXL_WIN_REGIONS) != VMXL_WIN_LOW &&
	       vcpu->entry->nr_local < MAX_LOCAL;
}

static bool is_current(struct vmxl_vcpu *vcpu, const struct vmxl_uctx *c)
{
	return c->flush == vcpu->jcache->nr_flush &&
	       !(c->local && c->fence != vmxl_jcache_fences(vcpu, c->as));
}

/* A number that no entry of the user jump cache has */
static u32 new_ctx(struct vmxl_vcpu *vcpu)
{
	struct vmxl_entry *e = vcpu->entry;

	if (unlikely(++e->next_ctx >> CTX_BITS)) {
		vmxl_ujc_flush(vcpu);
		memset(e->ctx, 0, sizeof(e->ctx));
		e->next_ctx = 1;
		e->wraps++;
	}
	return e->next_ctx;
}

/* Of a set, the one of @flags and @as, or the one that was not used for longest */
static struct vmxl_uctx *pick(struct vmxl_entry *e, u32 flags, u32 as)
{
	struct vmxl_uctx *set = e->ctx[hash_64((u64)flags << 32 | as, VMXL_UCTX_BITS)];
	struct vmxl_uctx *c, *old = set;

	for (c = set; c < set + VMXL_UCTX_WAYS; c++) {
		if (c->id && c->as == as && c->flags == flags)
			return c;
		if (e->ctx_used - c->used > e->ctx_used - old->used)
			old = c;
	}
	old->id = 0;
	return old;
}

/* The context: address space, mode and what was flushed */
static struct vmxl_uctx *context(struct vmxl_vcpu *vcpu, u32 flags)
{
	u32 as = is_shared(vcpu, flags) ? 0 : vcpu->as[VMXL_ACCESS_EXEC];
	struct vmxl_uctx *c = pick(vcpu->entry, flags, as);

	if (unlikely(!c->id || !is_current(vcpu, c)))
		*c = (struct vmxl_uctx){
			.flush = vcpu->jcache->nr_flush,
			.as = as,
			.flags = flags,
			.id = new_ctx(vcpu),
		};
	c->used = ++vcpu->entry->ctx_used;
	return c;
}

/* Let jumps find the block that is entered now: one has not. */
static void add_to_ujc(struct vmxl_vcpu *vcpu, struct vmxl_block *b, struct vmxl_uctx *c)
{
	if (!vmxl_jcache_note(vcpu, b)) {
		if (!c->as) {
			vcpu->entry->nr_local++;
			return;
		}
		c->local = true;
		c->fence = vmxl_jcache_fences(vcpu, c->as);
	}
	vmxl_ujc_add(vcpu, b);
}

/**
 * vmxl_entry_prepare() - make ready to enter a block
 * @vcpu: the vCPU
 * @b: block with code, at gstate.pc; vmxl_entry_ready()
 *
 * Context: the vCPU's thread, within vm->srcu; may sleep.
 * Return: whether the run loop is to leave for translated code.
 */
bool vmxl_entry_prepare(struct vmxl_vcpu *vcpu, struct vmxl_block *b)
{
	enum vmxl_window_kind kind = vcpu->vm->guest->window(b->key.flags);
	struct vmxl_entry *e = vcpu->entry;
	struct vmxl_uctx *c;

	if (!vmxl_window_select(vcpu, kind))
		return false;
	vmxl_code_enter(vcpu);
	e->at = vmxl_code_target(vcpu->vm->code, b);
	if (unlikely(!e->at)) {
		vmxl_code_leave(vcpu);
		return false;
	}
	e->flags = b->key.flags;
	c = context(vcpu, b->key.flags);
	vcpu->jctx = (u64)c->id << CTX_SHIFT;
	if (e->missed)
		add_to_ujc(vcpu, b, c);
	e->missed = false;
	return true;
}

static u64 window_base(struct vmxl_vcpu *vcpu)
{
	return vcpu->vm->guest->window(vcpu->entry->flags) == VMXL_WIN_HIGH ?
		vcpu->win.high : vcpu->win.low;
}

/*
 * What holds is another address space's, or another altogether: its views, if they are
 * known, or none.
 */
static void take_views(struct vmxl_vcpu *vcpu, const struct vmxl_views *now)
{
	struct vmxl_entry *e = vcpu->entry;
	struct vmxl_known_views *k = e->known, *old = e->known;

	for (; k < e->known + VMXL_KNOWN_VIEWS && memcmp(&k->of, now, sizeof(*now)); k++)
		if (e->views_used - k->used > e->views_used - old->used)
			old = k;
	if (k == e->known + VMXL_KNOWN_VIEWS) {
		k = old;
		k->of = *now;
		memset(k->view, 0, sizeof(k->view));
	}
	k->used = ++e->views_used;
	e->views = k;
	memcpy(vcpu->gs->view, k->view, sizeof(k->view));
}

/*
 * Translated code may come back to this view without us. What it finds there are entries
 * of a context, and a window; when these may have become others, the views are others.
 */
static void note_view(struct vmxl_vcpu *vcpu, u64 base)
{
	struct vmxl_entry *e = vcpu->entry;
	struct vmxl_views now = {
		.flush = vcpu->jcache->nr_flush,
		.fences = vmxl_jcache_fences(vcpu, vcpu->as_unpriv),
		.wraps = e->wraps,
		.low = vcpu->win.low,
		.high = vcpu->win.high,
		.as = vcpu->as_unpriv,
	};
	int n;

	if (!vcpu->vm->guest->view)
		return;
	n = vcpu->vm->guest->view(vcpu, &now.sig);
	if (!e->views || memcmp(&now, &e->views->of, sizeof(now)))
		take_views(vcpu, &now);
	if (n >= 0) {
		e->views->view[n] = (struct vmxl_view){ .jctx = vcpu->jctx, .base = base };
		vcpu->gs->view[n] = e->views->view[n];
	}
}

/* The ioctl that we are in returns into translated code. */
static long enter(struct vmxl_vcpu *vcpu)
{
	struct vmxl_code *code = vcpu->vm->code;
	struct vmxl_entry *e = vcpu->entry;
	struct vmxl_gstate *gs = vcpu->gs;
	u64 base = window_base(vcpu);

	note_view(vcpu, base);
	gs->jctx = vcpu->jctx;
	gs->high_base = vcpu->win.high;
	gs->mxcsr[0] = vmxl_host->fp_control;
	e->back = true;
	e->nr_entered++;
	vmxl_uregs_enter(code->x + code->stub[VMXL_STUB_ENTER], e->uarea + MIDDLE,
			 base, e->at);
	return 0;
}

/* Threads are at multiples of something: one multiplication alone may put many together. */
static struct vmxl_vcpu **owned_by(struct vmxl_vm *vm, const struct task_struct *task)
{
	u32 mixed = hash_64((unsigned long)task, 32);

	return vm->owned[hash_32(mixed ^ mixed >> 16, VMXL_OWNER_BITS)];
}

/*
 * Who is here may be found here. Two threads may take one place: a hint is lost then, and
 * vmxl_entry_find() looks at all vCPUs.
 */
static void note_owner(struct vmxl_vcpu *vcpu, const struct task_struct *task)
{
	struct vmxl_vcpu **set = owned_by(vcpu->vm, task), *other;
	const struct task_struct *its;
	unsigned int i;

	for (i = 0; i < VMXL_OWNER_WAYS; i++) {
		other = READ_ONCE(set[i]);
		its = other ? READ_ONCE(other->entry->owner) : NULL;
		if (!its || its == task || owned_by(vcpu->vm, its) != set)
			break;
	}
	WRITE_ONCE(set[i % VMXL_OWNER_WAYS], vcpu);
}

/**
 * vmxl_entry_own() - a thread goes to translated code with a vCPU
 * @vcpu: the vCPU
 * @task: the thread
 *
 * Context: vcpu->mutex held.
 */
void vmxl_entry_own(struct vmxl_vcpu *vcpu, struct task_struct *task)
{
	note_owner(vcpu, task);
	get_task_struct(task);
	WRITE_ONCE(vcpu->entry->owner, task);
}

static void disown(struct vmxl_vcpu *vcpu)
{
	struct vmxl_entry *e = vcpu->entry;

	put_task_struct(e->owner);
	WRITE_ONCE(e->owner, NULL);
	if (wq_has_sleeper(&vcpu->wq))
		wake_up(&vcpu->wq);
}

/**
 * vmxl_entry_owned() - whether a thread is in translated code with the vCPU
 * @vcpu: the vCPU
 *
 * A thread that ended there has left it for good.
 * Context: vcpu->mutex held.
 * Return: true: the vCPU is not to be touched.
 */
bool vmxl_entry_owned(struct vmxl_vcpu *vcpu)
{
	struct vmxl_entry *e = vcpu->entry;

	lockdep_assert_held(&vcpu->mutex);
	if (likely(!e->owner))
		return false;
	if (e->owner != current && (READ_ONCE(e->owner->flags) & PF_EXITING)) {
		e->back = false;
		vmxl_code_leave(vcpu);
		if (vcpu->vm->guest->sync)
			vcpu->vm->guest->sync(vcpu);
		/* as guarded() in vcpu_run.c */
		smp_store_release(&vcpu->in_guest, false);
		disown(vcpu);
		return false;
	}
	return true;
}

/**
 * vmxl_entry_run() - VMXL_RUN
 * @vcpu: the vCPU
 *
 * Context: its ioctl, vcpu->mutex held.
 * Return: the ioctl's result; of no meaning if it goes to translated code.
 */
long vmxl_entry_run(struct vmxl_vcpu *vcpu)
{
	long ret;

	vcpu->entry->off = !vmxl_uregs_usable() || !vcpu->vm->code;
	ret = vmxl_vcpu_run(vcpu);
	if (ret != VMXL_RUN_ENTER)
		return ret;
	vmxl_uregs_save(&vcpu->entry->saved);
	vcpu->gs->fd = vmxl_uregs_fd();
	vmxl_entry_own(vcpu, current);
	return enter(vcpu);
}

/**
 * vmxl_entry_back() - VMXL_USER_EXIT: translated code was left
 * @vcpu: the vCPU
 *
 * Context: its ioctl, vcpu->mutex held.
 * Return: RUN's result, or as vmxl_entry_run().
 */
long vmxl_entry_back(struct vmxl_vcpu *vcpu)
{
	struct vmxl_entry *e = vcpu->entry;
	long ret;

	if (e->owner != current)
		return -EINVAL;
	ret = vmxl_vcpu_continue(vcpu);
	if (ret == VMXL_RUN_ENTER)
		return enter(vcpu);
	vmxl_uregs_restore(&e->saved);
	disown(vcpu);
	return ret;
}

/**
 * vmxl_entry_enter() - a worker goes to translated code
 * @vcpu: the vCPU that it has; VMXL_RUN_ENTER was answered
 * @saved: its registers at RUN
 * @fd: its descriptor
 *
 * Context: an ioctl of the worker; vcpu->mutex is held, and released.
 * Return: the ioctl's result, of no meaning.
 */
long vmxl_entry_enter(struct vmxl_vcpu *vcpu, const struct vmxl_uregs *saved, int fd)
{
	struct vmxl_entry *e = vcpu->entry;
	long ret;

	if (!e->owner) {
		e->saved = *saved;
		vcpu->gs->fd = fd;
		vmxl_entry_own(vcpu, current);
	}
	ret = enter(vcpu);
	mutex_unlock(&vcpu->mutex);
	return ret;
}

/**
 * vmxl_entry_release() - a worker gives its vCPU up
 * @vcpu: the vCPU; not in translated code
 *
 * Context: the worker's thread, vcpu->mutex held.
 */
void vmxl_entry_release(struct vmxl_vcpu *vcpu)
{
	if (vcpu->entry->owner)
		disown(vcpu);
}

/**
 * vmxl_entry_find() - the vCPU that a thread is in translated code with
 * @vm: the VM
 * @task: the thread
 * @hinted: out: it was found at once; may be NULL
 *
 * Return: the vCPU, or NULL.
 */
struct vmxl_vcpu *vmxl_entry_find(struct vmxl_vm *vm, const struct task_struct *task,
				  bool *hinted)
{
	struct vmxl_vcpu **set = owned_by(vm, task), *vcpu;
	unsigned int i;

	if (hinted)
		*hinted = true;
	for (i = 0; i < VMXL_OWNER_WAYS; i++) {
		vcpu = READ_ONCE(set[i]);
		if (vcpu && READ_ONCE(vcpu->entry->owner) == task)
			return vcpu;
	}
	if (hinted)
		*hinted = false;
	vmxl_for_each_vcpu(vm, vcpu, i) {
		if (READ_ONCE(vcpu->entry->owner) == task) {
			note_owner(vcpu, task);
			return vcpu;
		}
	}
	return NULL;
}

/* The access is the interpreter's: make the state that before the instruction, and leave. */
static vm_fault_t to_interpreter(struct vmxl_vcpu *vcpu, struct vmxl_hblock *h)
{
	struct vmxl_code *code = vcpu->vm->code;
	struct vmxl_compile_args args;
	u64 regs[16];
	u32 ninsn;

	vmxl_code_args(vcpu->vm, &args);
	vmxl_uregs_get(regs);
	vmxl_host->fault_regs(regs, &args, (u64 *)vcpu->gs);
	vcpu->gs->pc = vmxl_code_pc(code, h, vmxl_uregs_ip(), &ninsn);
	if (args.count)
		vcpu->gs->icount += ninsn;
	vmxl_uregs_redirect(code->x + code->stub[VMXL_STUB_FAULT], vcpu->entry->uarea + MIDDLE,
			    VMXL_UEXIT_STEP);
	vmxl_code_left(code, h);
	return VM_FAULT_NOPAGE;
}

/* The ioctl by which to leave is not there any more: its descriptor was closed. */
static vm_fault_t give_up(struct vmxl_vcpu *vcpu)
{
	vmxl_vcpu_give_up(vcpu);
	/* as guarded() in vcpu_run.c */
	smp_store_release(&vcpu->in_guest, false);
	vmxl_uregs_return(&vcpu->entry->saved, -EBADF);
	disown(vcpu);
	vmxl_worker_gone(vcpu);
	return VM_FAULT_NOPAGE;
}

static vm_fault_t window_fault(struct vmxl_vcpu *vcpu, struct vm_fault *vmf)
{
	struct vmxl_hblock *h = vmxl_code_find(vcpu->vm->code, vmxl_uregs_ip());
	bool write = vmf->flags & FAULT_FLAG_WRITE;
	enum vmxl_wfault r;
	u64 gva;

	if (!h)
		return VM_FAULT_SIGSEGV;
	vcpu->entry->nr_fault++;
	if (!vmxl_window_again(vcpu) || !vmxl_window_gva(vcpu, vmf->address, &gva))
		return to_interpreter(vcpu, h);
	r = vmxl_window_fault(vcpu, vmf, gva, write);
	if (r == VMXL_WFAULT_DONE)
		return VM_FAULT_NOPAGE;
	if (r == VMXL_WFAULT_STEP || (vmf->flags & FAULT_FLAG_TRIED) ||
	    !(vmf->flags & FAULT_FLAG_ALLOW_RETRY) || (vmf->flags & FAULT_FLAG_RETRY_NOWAIT) ||
	    (vmf->flags & FAULT_FLAG_MKWRITE))
		return to_interpreter(vcpu, h);
	mmap_read_unlock(vmf->vma->vm_mm);
	if (vmxl_window_walk(vcpu, gva, write) == VMXL_WFAULT_DONE)
		return VM_FAULT_RETRY;
	return to_interpreter(vcpu, h) | VM_FAULT_COMPLETED;
}

/**
 * vmxl_entry_fault() - page fault in a window or a user area
 * @vm: the VM
 * @vmf: the fault
 * @window: in a window; else beyond the end of a user area
 *
 * Context: page fault of any thread of the owner, mmap_lock held for reading.
 * Return: VM_FAULT_*; SIGSEGV to all but translated code.
 */
vm_fault_t vmxl_entry_fault(struct vmxl_vm *vm, struct vm_fault *vmf, bool window)
{
	struct vmxl_vcpu *vcpu = vmxl_entry_find(vm, current, NULL);
	vm_fault_t ret;
	int idx;

	if (!vcpu || !(vmf->flags & FAULT_FLAG_USER))
		return VM_FAULT_SIGSEGV;
	idx = srcu_read_lock(&vm->srcu);
	ret = window ? window_fault(vcpu, vmf) : give_up(vcpu);
	srcu_read_unlock(&vm->srcu, idx);
	return ret;
}
