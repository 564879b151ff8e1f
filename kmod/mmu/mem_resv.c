// SPDX-License-Identifier: GPL-2.0
/*
 * Reservations: LDX and STX, what takes one away, which pages stores to have to be
 * seen for that; and who waits for the word that it has read by LDX.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/spinlock.h>
#include "../codegen/cache.h"
#include "../memslot.h"
#include "mem_impl.h"
#include "window.h"

/* Take away reservations of the lines from @first to @last, but for those of @self. */
static void break_lines(struct vmxl_vm *vm, const struct vmxl_vcpu *self, u64 first, u64 last)
{
	struct vmxl_vcpu *other;
	unsigned int i;
	u64 r;

	if (likely(!atomic_read(&vm->nr_resv)))
		return;
	vmxl_for_each_vcpu(vm, other, i) {
		r = READ_ONCE(other->resv);
		if (other == self || r == VMXL_NO_RESV || r >> LINE_SHIFT < first >> LINE_SHIFT ||
		    r >> LINE_SHIFT > last >> LINE_SHIFT)
			continue;
		if (cmpxchg(&other->resv, r, VMXL_NO_RESV) == r)
			atomic_dec(&vm->nr_resv);
	}
}

/**
 * vmxl_resv_break() - a line is about to be written
 * @vcpu: the vCPU that does
 * @gpa: an address in it
 *
 * Context: the line's lock held.
 */
void vmxl_resv_break(struct vmxl_vcpu *vcpu, u64 gpa)
{
	break_lines(vcpu->vm, vcpu, gpa, gpa);
}

/**
 * vmxl_resv_written() - a device has stored to memory, whatever it stored
 * @vm: the VM
 * @gpa: the first address, after a full barrier behind the stores
 * @len: bytes, not 0, that do not wrap
 *
 * No reservation of it is left. An STX that comes before this finds the device's value.
 */
void vmxl_resv_written(struct vmxl_vm *vm, u64 gpa, u64 len)
{
	break_lines(vm, NULL, gpa, gpa + (len - 1));
}

/**
 * vmxl_resv_drop() - give up the vCPU's reservation
 * @vcpu: the vCPU, its own thread
 */
void vmxl_resv_drop(struct vmxl_vcpu *vcpu)
{
	vcpu->gs->ldx = VMXL_LDX_NONE;
	if (READ_ONCE(vcpu->resv) != VMXL_NO_RESV &&
	    xchg(&vcpu->resv, VMXL_NO_RESV) != VMXL_NO_RESV)
		atomic_dec(&vcpu->vm->nr_resv);
}

static u8 *page_flags(const struct vmxl_memslot *slot, u64 gpa)
{
	return &slot->pflags[vmxl_memslot_index(slot, gpa)];
}

/* Stores of translated code to the page come here, where they break reservations. */
static void watch_page(struct vmxl_vm *vm, struct vmxl_memslot *slot, u64 gpa)
{
	u8 *f = page_flags(slot, gpa);

	/* Stores may be those of other vCPUs, or of devices in IOVA windows. */
	if (READ_ONCE(vm->nr_vcpus) < 2 && !READ_ONCE(vm->smmu))
		return;
	/* Even if it is set: is_reserved() may be about to clear it. */
	spin_lock(&vm->cache->lock);
	WRITE_ONCE(*f, *f | VMXL_PF_RESV);
	spin_unlock(&vm->cache->lock);
	vmxl_window_protect(vm, slot, gpa);
}

/* Whether somebody holds a reservation in a page. Where nobody does any more its mark goes. */
static bool is_reserved(struct vmxl_vm *vm, const struct vmxl_memslot *slot, u64 gpa)
{
	u8 *f = page_flags(slot, gpa);
	struct vmxl_vcpu *vcpu;
	bool held = false;
	unsigned int i;
	u64 r;

	if (likely(!(READ_ONCE(*f) & VMXL_PF_RESV)))
		return false;
	/* Who reserves says so, then takes this lock to mark the page. */
	spin_lock(&vm->cache->lock);
	vmxl_for_each_vcpu(vm, vcpu, i) {
		r = READ_ONCE(vcpu->resv);
		held |= r != VMXL_NO_RESV && !((r ^ gpa) >> VMXL_PAGE_SHIFT);
	}
	if (!held)
		WRITE_ONCE(*f, *f & ~VMXL_PF_RESV);
	spin_unlock(&vm->cache->lock);
	return held;
}

/**
 * vmxl_page_watched() - whether stores to a page have to be seen
 * @vm: the VM
 * @slot: the page's slot
 * @gpa: an address in it
 *
 * There is translated code in it, or a reservation: no window of either kind may show
 * it for stores. Who marks a page as such calls vmxl_window_protect() then.
 */
bool vmxl_page_watched(struct vmxl_vm *vm, const struct vmxl_memslot *slot, u64 gpa)
{
	return vmxl_memslot_has_code(slot, gpa) || is_reserved(vm, slot, gpa);
}

/**
 * vmxl_page_unwatch() - a device is about to store to a page, anywhere in it
 * @vm: the VM
 * @slot: the page's slot
 * @gpa: an address in it
 *
 * What stores undo is undone: translations of it, reservations.
 */
void vmxl_page_unwatch(struct vmxl_vm *vm, const struct vmxl_memslot *slot, u64 gpa)
{
	vmxl_resv_written(vm, gpa & VMXL_PAGE_MASK, VMXL_PAGE_SIZE);
	if (vmxl_memslot_has_code(slot, gpa))
		vmxl_cache_invalidate(vm->cache, gpa & VMXL_PAGE_MASK, VMXL_PAGE_SIZE);
}

/*
 * Reserve the line, have stores to it seen, then load. One that breaks the
 * reservation before the load makes the STX fail, which is allowed.
 */
static void reserve(struct vmxl_vcpu *vcpu, const struct vmxl_span *s, unsigned int size, u64 *val)
{
	spinlock_t *lock = resv_lock(vcpu->vm, s->gpa);

	if (xchg(&vcpu->resv, s->gpa) == VMXL_NO_RESV)
		atomic_inc(&vcpu->vm->nr_resv);
	watch_page(vcpu->vm, s->e->slot, s->gpa);
	spin_lock(lock);
	smp_mb();	/* reserve, then load: a store looks at nr_resv, then writes */
	copy_in(val, s->p, size);
	vcpu->resv_val = *val;
	spin_unlock(lock);
}

/**
 * vmxl_mem_ldx() - load and reserve
 * @vcpu: the vCPU
 * @gva: guest virtual address; misaligned is a fault
 * @aux: VMXL_MEM_*, at most 8 bytes
 * @how: of a pair, it takes no reservation
 * @val: out: the value, extended as @aux says
 *
 * A reservation is broken by any other vCPU's store to its line, whatever
 * value it stores. A store looks at vm->nr_resv before it writes, so one that
 * overtakes the reservation can be ordered before this load.
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_ldx(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_ldx how, u64 *val)
{
	unsigned int size = vmxl_mt_size(aux);
	struct vmxl_gstate *gs = vcpu->gs;
	enum vmxl_act act;
	struct vmxl_span s;

	if (gva & (size - 1))
		return align_fault(vcpu, gva, VMXL_ACCESS_READ);
	act = vmxl_mem_translate(vcpu, gva, VMXL_ACCESS_READ, aux & VMXL_MEM_UNPRIV, size, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (!s.p || size > 8)
		return bus_fault(vcpu, gva, VMXL_ACCESS_READ);
	vmxl_resv_drop(vcpu);
	if (how == VMXL_LDX_PAIR) {
		smp_mb();	/* whatever order the guest asks for, */
		copy_in(val, s.p, size);
		smp_mb();	/* before and after it */
	} else {
		reserve(vcpu, &s, size, val);
	}
	extend(val, aux);
	gs->ldx = how;
	gs->ldx_val = *val;
	return VMXL_ACT_NEXT;
}

/* Of a pair: compare, store. */
static enum vmxl_act stx_pair(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux, const u64 *val,
			      u64 *failed)
{
	u64 expected = READ_ONCE(vcpu->gs->ldx_val), old;
	enum vmxl_act act = vmxl_mem_cas(vcpu, gva, aux, &expected, val, &old);

	if (act == VMXL_ACT_NEXT)
		*failed = ((old ^ expected) << (64 - 8 * vmxl_mt_size(aux))) != 0;
	return act;
}

/**
 * vmxl_mem_stx() - store if still reserved
 * @vcpu: the vCPU
 * @gva: guest virtual address; misaligned is a fault
 * @aux: VMXL_MEM_*, at most 8 bytes
 * @how: as its LDX
 * @val: the value
 * @failed: out: 0 where it was stored, 1 where not
 *
 * The reservation is gone either way; without one, only the address's alignment is
 * looked at. The compare guards against DMA and the
 * stores that the reservation cannot see (vmxl_mem_ldx()).
 *
 * Translated code may leave the STX of a pair to the interpreter, where it is
 * one like any other: gs->ldx says so. Translated code never leaves any other
 * with that in gs->ldx: after a pair's LDX they fail.
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_stx(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_ldx how, const u64 *val, u64 *failed)
{
	unsigned int size = vmxl_mt_size(aux);
	u64 held, expected = vcpu->resv_val, ldx = READ_ONCE(vcpu->gs->ldx);
	enum vmxl_act act;
	spinlock_t *lock;
	struct vmxl_span s;

	if (how == VMXL_LDX_PAIR || (ldx == VMXL_LDX_PAIR && vcpu->stepping))
		return stx_pair(vcpu, gva, aux, val, failed);
	*failed = 1;
	if (gva & (size - 1))
		return align_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	if (ldx != VMXL_LDX_RESERVE) {
		vmxl_resv_drop(vcpu);
		return VMXL_ACT_NEXT;
	}
	act = vmxl_mem_translate_atomic(vcpu, gva, aux, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (size < 8)
		expected &= (1ULL << (size * 8)) - 1;
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	held = READ_ONCE(vcpu->resv);
	vmxl_resv_drop(vcpu);
	if (held == s.gpa && size <= 8 && cas(s.p, expected, *val, size) == expected) {
		*failed = 0;
		vmxl_resv_break(vcpu, s.gpa);
	}
	spin_unlock(lock);
	if (!*failed)
		vmxl_mem_written(vcpu, &s, size);
	return VMXL_ACT_NEXT;
}

/**
 * vmxl_mem_wait() - the vCPU waits for a word to change that it has read by LDX
 * @vcpu: the vCPU, its own thread
 * @gva: the word's guest virtual address
 * @size: its bytes, 4 or 8
 *
 * Sets vcpu->wait. The guest notices nothing: where the word is not known nothing is.
 * Context: within vm->srcu.
 */
void vmxl_mem_wait(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size)
{
	struct vmxl_tlb_entry *e;
	int code;

	vcpu->wait.p = NULL;
	/* Another reservation, or a trap, in between: who has none does not wait. */
	if (READ_ONCE(vcpu->gs->ldx) != VMXL_LDX_PAIR || (gva & (size - 1)))
		return;
	e = vmxl_mem_find(vcpu, gva, VMXL_ACCESS_READ, size, &code);
	if (IS_ERR_OR_NULL(e) || !e->kaddr)
		return;
	vcpu->wait = (struct vmxl_wait){
		.p = e->kaddr + (gva & ~VMXL_PAGE_MASK), .size = size,
		.val = READ_ONCE(vcpu->gs->ldx_val),
	};
}

/**
 * vmxl_mem_unchanged() - whether a word still has the value that a vCPU read there
 * @w: the vCPU's wait, of which w->p is not NULL
 *
 * Context: any, within vm->srcu; before, the vCPU had nothing in vcpu->requests.
 * Return: true: it has, or has it again.
 */
bool vmxl_mem_unchanged(const struct vmxl_wait *w)
{
	u64 now = 0;

	copy_in(&now, w->p, w->size);
	return !((now ^ w->val) << (64 - 8 * w->size));
}
