// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory accesses: everything that the interpreter's first-level TLB
 * hit does not cover.
 */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "../bus.h"
#include "../codegen/cache.h"
#include "../memslot.h"
#include "../trace.h"
#include "../vm.h"
#include "mem.h"
#include "window.h"

#define LINE_SHIFT	6	/* reservations are kept for lines of 64 bytes */

/* An access that was translated: where its bytes are. */
struct span {
	struct vmxl_tlb_entry *e;
	u64 gpa;
	void *p;		/* NULL: a device, or a write to a read-only slot */
};

static u32 access_as(struct vmxl_vcpu *vcpu, enum vmxl_access access, bool unpriv)
{
	return unpriv ? vcpu->as_unpriv : vcpu->as[access];
}

static bool permits(const struct vmxl_tlb_entry *e, enum vmxl_access access)
{
	return e && (e->perms & BIT(access));
}

/* Walk and enter; the caller looked into the TLB. @code: out: the guest's fault code, or 0 */
static struct vmxl_tlb_entry *walk(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
				   bool unpriv, unsigned int len, int *code)
{
	struct vmxl_walk w = {
		.shift = VMXL_PAGE_SHIFT, .len = len, .stamp = vmxl_window_stamp(vcpu->vm),
	};

	u32 as = access_as(vcpu, access, unpriv);

	vcpu->tlb->nr_miss++;
	*code = vcpu->vm->guest->walk(vcpu, gva, access, unpriv, &w);
	trace_vmxl_tlb_miss(vcpu, gva, access, w.gpa, *code, vmxl_tlb_asid(vcpu->tlb, as));
	if (*code)
		return NULL;
	return vmxl_tlb_insert(vcpu, gva, as, &w);
}

static enum vmxl_act guest_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
				 int code)
{
	if (access == VMXL_ACCESS_WRITE)
		vmxl_window_want(vcpu, gva);
	return vcpu->vm->guest->fault(vcpu, gva, access, code);
}

static enum vmxl_act translate(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
			       bool unpriv, unsigned int len, struct span *s)
{
	u32 as = access_as(vcpu, access, unpriv);
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, gva, as);
	int code;

	vcpu->tlb->nr_l1_miss++;
	if (permits(e, access)) {
		trace_vmxl_tlb_hit(vcpu, gva, access, vmxl_tlb_asid(vcpu->tlb, as));
	} else {
		e = walk(vcpu, gva, access, unpriv, len, &code);
		if (!e)
			return guest_fault(vcpu, gva, access, code);
		if (IS_ERR(e))
			return vmxl_exit_internal(vcpu, VMXL_INTERNAL_ERROR_HVA, gva);
	}
	s->e = e;
	s->gpa = e->gpa | (gva & ~VMXL_PAGE_MASK);
	s->p = e->kaddr ? e->kaddr + (gva & ~VMXL_PAGE_MASK) : NULL;
	if (s->p && access == VMXL_ACCESS_WRITE && (e->slot->flags & VMXL_MEM_READONLY))
		s->p = NULL;
	vmxl_tlb_fill(vcpu, gva, e, access);
	return VMXL_ACT_NEXT;
}

static enum vmxl_act bus_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access)
{
	return vcpu->vm->guest->fault(vcpu, gva, access, VMXL_FAULT_BUS);
}

static enum vmxl_act align_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access)
{
	return vcpu->vm->guest->fault(vcpu, gva, access, VMXL_FAULT_ALIGN);
}

/*
 * A device access. In-kernel devices answer at once. Others leave for user
 * space; the instruction is executed again on return, and takes what came.
 */
static enum vmxl_act mmio(struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len, bool write, u64 *val)
{
	struct vmxl_mmio *m = &vcpu->mmio;
	struct vmxl_run *run = vcpu->run;

	if (m->done && m->gpa == gpa && m->len == len && m->is_write == write) {
		m->done = false;
		if (!write)
			memcpy(val, m->data, len);
		return VMXL_ACT_NEXT;
	}
	if (!(write ? vmxl_bus_write(vcpu, gpa, len, *val) : vmxl_bus_read(vcpu, gpa, len, val)))
		return VMXL_ACT_NEXT;
	*m = (struct vmxl_mmio) {
		.gpa = gpa, .pc = vcpu->gs->pc, .len = len, .is_write = write, .pending = true,
	};
	memset(&run->mmio, 0, sizeof(run->mmio));
	run->exit_reason = VMXL_EXIT_MMIO;
	run->mmio.phys_addr = gpa;
	run->mmio.len = len;
	run->mmio.is_write = write;
	if (write)
		memcpy(run->mmio.data, val, len);
	return VMXL_ACT_EXIT;
}

static bool misaligned(const void *p, unsigned int size)
{
	return (uintptr_t)p & (min(size, 8u) - 1);
}

/* Aligned accesses, of up to 8 bytes at least, are single-copy atomic. */
static void copy_in(u64 *val, const void *p, unsigned int size)
{
	if (misaligned(p, size)) {
		*val = 0;
		memcpy(val, p, size);
		return;
	}
	switch (size) {
	case 1:
		*val = READ_ONCE(*(const u8 *)p);
		break;
	case 2:
		*val = READ_ONCE(*(const u16 *)p);
		break;
	case 4:
		*val = READ_ONCE(*(const u32 *)p);
		break;
	case 16:
		val[1] = READ_ONCE(((const u64 *)p)[1]);
		fallthrough;
	default:
		val[0] = READ_ONCE(*(const u64 *)p);
	}
}

static void copy_out(void *p, const u64 *val, unsigned int size)
{
	if (misaligned(p, size)) {
		memcpy(p, val, size);
		return;
	}
	switch (size) {
	case 1:
		WRITE_ONCE(*(u8 *)p, *val);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)p, *val);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)p, *val);
		break;
	case 16:
		WRITE_ONCE(((u64 *)p)[1], val[1]);
		fallthrough;
	default:
		WRITE_ONCE(*(u64 *)p, val[0]);
	}
}

static void extend(u64 *val, unsigned int aux)
{
	switch (aux & VMXL_MEM_MT) {
	case VMXL_MT_S8:
		*val = (s64)(s8)*val;
		break;
	case VMXL_MT_S16:
		*val = (s64)(s16)*val;
		break;
	case VMXL_MT_S32:
		*val = (s64)(s32)*val;
		break;
	}
}

static bool crosses(u64 gva, unsigned int size)
{
	return ((gva & ~VMXL_PAGE_MASK) + size) > VMXL_PAGE_SIZE;
}

/* Both halves of an access over two pages; a device in either is a bus fault. */
static enum vmxl_act translate2(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size,
				enum vmxl_access access, bool unpriv, struct span s[2])
{
	u64 next = (gva & VMXL_PAGE_MASK) + VMXL_PAGE_SIZE;
	enum vmxl_act act;

	act = translate(vcpu, gva, access, unpriv, next - gva, &s[0]);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (!s[0].p)
		return bus_fault(vcpu, gva, access);
	act = translate(vcpu, next, access, unpriv, size - (next - gva), &s[1]);
	if (act != VMXL_ACT_NEXT)
		return act;
	return s[1].p ? VMXL_ACT_NEXT : bus_fault(vcpu, next, access);
}

static enum vmxl_act load2(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size, bool unpriv,
			   u64 *val)
{
	unsigned int first = VMXL_PAGE_SIZE - (gva & ~VMXL_PAGE_MASK);
	struct span s[2];
	enum vmxl_act act;

	act = translate2(vcpu, gva, size, VMXL_ACCESS_READ, unpriv, s);
	if (act != VMXL_ACT_NEXT)
		return act;
	memset(val, 0, size > 8 ? 16 : 8);
	memcpy(val, s[0].p, first);
	memcpy((u8 *)val + first, s[1].p, size - first);
	return VMXL_ACT_NEXT;
}

/**
 * vmxl_mem_load() - load, the slow way
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @aux: VMXL_MEM_*
 * @val: out: extended to 64 bits, or 16 bytes for V128
 *
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_load(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux, u64 *val)
{
	unsigned int size = vmxl_mt_size(aux);
	bool unpriv = aux & VMXL_MEM_UNPRIV;
	enum vmxl_act act;
	struct span s;

	if ((aux & VMXL_MEM_ALIGN) && (gva & (size - 1)))
		return align_fault(vcpu, gva, VMXL_ACCESS_READ);
	if (crosses(gva, size)) {
		act = load2(vcpu, gva, size, unpriv, val);
	} else {
		act = translate(vcpu, gva, VMXL_ACCESS_READ, unpriv, size, &s);
		if (act != VMXL_ACT_NEXT)
			return act;
		if (s.p) {
			copy_in(val, s.p, size);
		} else {
			if (size > 8)
				return bus_fault(vcpu, gva, VMXL_ACCESS_READ);
			*val = 0;
			act = mmio(vcpu, s.gpa, size, false, val);
		}
	}
	if (act == VMXL_ACT_NEXT)
		extend(val, aux);
	if (aux & (VMXL_MEM_ACQ | VMXL_MEM_REL))
		smp_mb();	/* the guest's acquire: pairs with its release */
	return act;
}

static spinlock_t *resv_lock(struct vmxl_vm *vm, u64 gpa)
{
	return &vm->resv_lock[hash_64(gpa >> LINE_SHIFT, ilog2(VMXL_RESV_LOCKS))];
}

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

/* A line is about to be written, under its lock as by every write of this file. */
static void resv_break(struct vmxl_vcpu *vcpu, u64 gpa)
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
	u32 as = access_as(vcpu, VMXL_ACCESS_READ, false);
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, gva, as);
	int code;

	vcpu->wait.p = NULL;
	/* Another reservation, or a trap, in between: who has none does not wait. */
	if (READ_ONCE(vcpu->gs->ldx) != VMXL_LDX_PAIR || (gva & (size - 1)))
		return;
	if (!permits(e, VMXL_ACCESS_READ))
		e = walk(vcpu, gva, VMXL_ACCESS_READ, false, size, &code);
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

/* After a write: blocks that were made from what it changed go. */
static void after_write(struct vmxl_vcpu *vcpu, const struct span *s, unsigned int size)
{
	if (unlikely(vmxl_memslot_has_code(s->e->slot, s->e->gpa))) {
		/* Pairs with the barrier in block_make(): write, then look for code. */
		smp_mb();
		vmxl_cache_invalidate(vcpu->vm->cache, s->gpa, size);
	}
}

static void write_span(struct vmxl_vcpu *vcpu, const struct span *s, const void *val,
		       unsigned int size)
{
	spinlock_t *lock = resv_lock(vcpu->vm, s->gpa);

	spin_lock(lock);
	resv_break(vcpu, s->gpa);
	memcpy(s->p, val, size);
	spin_unlock(lock);
	after_write(vcpu, s, size);
}

static enum vmxl_act store2(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size, bool unpriv,
			    const u64 *val)
{
	unsigned int first = VMXL_PAGE_SIZE - (gva & ~VMXL_PAGE_MASK);
	struct span s[2];
	enum vmxl_act act;

	act = translate2(vcpu, gva, size, VMXL_ACCESS_WRITE, unpriv, s);
	if (act != VMXL_ACT_NEXT)
		return act;
	write_span(vcpu, &s[0], val, first);
	write_span(vcpu, &s[1], (const u8 *)val + first, size - first);
	return VMXL_ACT_NEXT;
}

/**
 * vmxl_mem_store() - store, the slow way
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @aux: VMXL_MEM_*
 * @val: the value, 16 bytes for V128
 *
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_store(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux, const u64 *val)
{
	unsigned int size = vmxl_mt_size(aux);
	bool unpriv = aux & VMXL_MEM_UNPRIV;
	enum vmxl_act act;
	spinlock_t *lock;
	struct span s;
	u64 v = *val;

	if ((aux & VMXL_MEM_ALIGN) && (gva & (size - 1)))
		return align_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	if (aux & (VMXL_MEM_ACQ | VMXL_MEM_REL))
		smp_mb();	/* the guest's release: pairs with its acquire */
	if (crosses(gva, size))
		return store2(vcpu, gva, size, unpriv, val);
	act = translate(vcpu, gva, VMXL_ACCESS_WRITE, unpriv, size, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (!s.p) {
		if (size > 8)
			return bus_fault(vcpu, gva, VMXL_ACCESS_WRITE);
		if (size < 8)
			v &= (1ULL << (size * 8)) - 1;
		return mmio(vcpu, s.gpa, size, true, &v);
	}
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	resv_break(vcpu, s.gpa);
	copy_out(s.p, val, size);
	spin_unlock(lock);
	after_write(vcpu, &s, size);
	if ((aux & (VMXL_MEM_ACQ | VMXL_MEM_REL)) == (VMXL_MEM_ACQ | VMXL_MEM_REL))
		smp_mb();	/* sequentially consistent: before the guest's next load */
	return VMXL_ACT_NEXT;
}

/* A read-modify-write must find memory that it may write, aligned. */
static enum vmxl_act translate_atomic(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
				      struct span *s)
{
	enum vmxl_act act;

	if (gva & (vmxl_mt_size(aux) - 1))
		return align_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	act = translate(vcpu, gva, VMXL_ACCESS_WRITE, aux & VMXL_MEM_UNPRIV, vmxl_mt_size(aux), s);
	if (act == VMXL_ACT_NEXT && !s->p)
		return bus_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	return act;
}

/* Compare and exchange of 1 to 8 bytes at once; the old value, zero-extended. */
static u64 cas(void *p, u64 old, u64 new, unsigned int size)
{
	switch (size) {
	case 1:
		return cmpxchg((u8 *)p, (u8)old, (u8)new);
	case 2:
		return cmpxchg((u16 *)p, (u16)old, (u16)new);
	case 4:
		return cmpxchg((u32 *)p, (u32)old, (u32)new);
	default:
		return cmpxchg((u64 *)p, old, new);
	}
}

static u64 rmw_result(enum vmxl_rmw kind, s64 a, s64 b)
{
	switch (kind) {
	case VMXL_RMW_SWAP:
		return b;
	case VMXL_RMW_ADD:
		return (u64)a + b;
	case VMXL_RMW_AND:
		return a & b;
	case VMXL_RMW_OR:
		return a | b;
	case VMXL_RMW_XOR:
		return a ^ b;
	case VMXL_RMW_ANDN:
		return a & ~b;
	case VMXL_RMW_SMIN:
		return min(a, b);
	case VMXL_RMW_SMAX:
		return max(a, b);
	case VMXL_RMW_UMIN:
		return min((u64)a, (u64)b);
	case VMXL_RMW_UMAX:
		return max((u64)a, (u64)b);
	default:
		return a;
	}
}

/* Values as the comparisons of SMIN and its like want them */
static s64 rmw_operand(enum vmxl_rmw kind, u64 val, unsigned int size)
{
	unsigned int shift = 64 - size * 8;

	if (kind == VMXL_RMW_UMIN || kind == VMXL_RMW_UMAX)
		return (val << shift) >> shift;
	return (s64)(val << shift) >> shift;
}

/**
 * vmxl_mem_rmw() - atomic read-modify-write
 * @vcpu: the vCPU
 * @gva: guest virtual address; misaligned is a fault
 * @aux: VMXL_MEM_*, at most 8 bytes
 * @kind: what to do
 * @operand: right-hand operand
 * @old: out: the old value, extended as @aux says
 *
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_rmw(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_rmw kind, u64 operand, u64 *old)
{
	unsigned int size = vmxl_mt_size(aux);
	s64 b = rmw_operand(kind, operand, size);
	enum vmxl_act act;
	spinlock_t *lock;
	struct span s;
	u64 was, cur;

	act = translate_atomic(vcpu, gva, aux, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	resv_break(vcpu, s.gpa);
	copy_in(&cur, s.p, size);
	do {
		was = cur;
		cur = cas(s.p, was, rmw_result(kind, rmw_operand(kind, was, size), b), size);
	} while (cur != was);
	spin_unlock(lock);
	after_write(vcpu, &s, size);
	extend(&was, aux);
	*old = was;
	return VMXL_ACT_NEXT;
}

/**
 * vmxl_mem_cas() - atomic compare and swap
 * @vcpu: the vCPU
 * @gva: guest virtual address; misaligned is a fault
 * @aux: VMXL_MEM_*
 * @expected: value to compare with, 16 bytes for V128
 * @val: value to write where it is equal
 * @old: out: what was there, extended as @aux says
 *
 * 16 bytes are swapped under the lock of their line, which is atomic against
 * other CAS, LDX and STX, and against stores while a reservation is held.
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_cas(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   const u64 *expected, const u64 *val, u64 *old)
{
	unsigned int size = vmxl_mt_size(aux);
	enum vmxl_act act;
	spinlock_t *lock;
	struct span s;

	act = translate_atomic(vcpu, gva, aux, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	resv_break(vcpu, s.gpa);
	if (size == 16) {
		copy_in(old, s.p, 16);
		if (old[0] == expected[0] && old[1] == expected[1])
			copy_out(s.p, val, 16);
	} else {
		*old = cas(s.p, *expected, *val, size);
		extend(old, aux);
	}
	spin_unlock(lock);
	after_write(vcpu, &s, size);
	return VMXL_ACT_NEXT;
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
static void reserve(struct vmxl_vcpu *vcpu, const struct span *s, unsigned int size, u64 *val)
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
	struct span s;

	if (gva & (size - 1))
		return align_fault(vcpu, gva, VMXL_ACCESS_READ);
	act = translate(vcpu, gva, VMXL_ACCESS_READ, aux & VMXL_MEM_UNPRIV, size, &s);
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
	struct span s;

	if (how == VMXL_LDX_PAIR || (ldx == VMXL_LDX_PAIR && vcpu->stepping))
		return stx_pair(vcpu, gva, aux, val, failed);
	*failed = 1;
	if (gva & (size - 1))
		return align_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	if (ldx != VMXL_LDX_RESERVE) {
		vmxl_resv_drop(vcpu);
		return VMXL_ACT_NEXT;
	}
	act = translate_atomic(vcpu, gva, aux, &s);
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
		resv_break(vcpu, s.gpa);
	}
	spin_unlock(lock);
	if (!*failed)
		after_write(vcpu, &s, size);
	return VMXL_ACT_NEXT;
}

/**
 * vmxl_mem_zero() - clear a block
 * @vcpu: the vCPU
 * @gva: guest virtual address, aligned to @len
 * @len: bytes, a power of two not above the page size
 *
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_zero(struct vmxl_vcpu *vcpu, u64 gva, u64 len)
{
	enum vmxl_act act;
	spinlock_t *lock;
	struct span s;

	act = translate(vcpu, gva, VMXL_ACCESS_WRITE, false, len, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (!s.p || crosses(gva, len))
		return bus_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	resv_break(vcpu, s.gpa);
	memset(s.p, 0, len);
	spin_unlock(lock);
	after_write(vcpu, &s, len);
	return VMXL_ACT_NEXT;
}

static bool readable(struct vmxl_vcpu *vcpu, u64 gva)
{
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, gva, vcpu->as[VMXL_ACCESS_READ]);
	int code;

	if (permits(e, VMXL_ACCESS_READ))
		return true;
	e = walk(vcpu, gva, VMXL_ACCESS_READ, false, 1, &code);
	return !IS_ERR_OR_NULL(e);
}

/**
 * vmxl_mem_probe() - fault as an access would
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @access: what is probed for; RW_ANY faults as a write where neither is allowed
 *
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_probe(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access)
{
	struct span s;

	if (access == VMXL_ACCESS_RW_ANY) {
		if (readable(vcpu, gva))
			return VMXL_ACT_NEXT;
		access = VMXL_ACCESS_WRITE;
	}
	return translate(vcpu, gva, access, false, 1, &s);
}

/**
 * vmxl_fetch16() - instruction fetch
 * @vcpu: the vCPU
 * @gva: guest virtual address, even
 * @fault: deliver the guest's exception where it cannot be fetched
 * @val: out: 16 bits
 * @gpa: out: guest physical address of them, may be NULL
 *
 * Return: NEXT; with @fault what its delivery answered, without it LEAVE.
 */
enum vmxl_act vmxl_fetch16(struct vmxl_vcpu *vcpu, u64 gva, bool fault, u16 *val, u64 *gpa)
{
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, gva, vcpu->as[VMXL_ACCESS_EXEC]);
	int code = VMXL_FAULT_BUS;

	if (!permits(e, VMXL_ACCESS_EXEC))
		e = walk(vcpu, gva, VMXL_ACCESS_EXEC, false, 2, &code);
	if (IS_ERR(e))
		return fault ? vmxl_exit_internal(vcpu, VMXL_INTERNAL_ERROR_HVA, gva) :
			       VMXL_ACT_LEAVE;
	if (!e || !e->kaddr)
		return !fault ? VMXL_ACT_LEAVE :
		       vcpu->vm->guest->fault(vcpu, gva, VMXL_ACCESS_EXEC,
					      e ? VMXL_FAULT_BUS : code);
	*val = READ_ONCE(*(u16 *)(e->kaddr + (gva & ~VMXL_PAGE_MASK)));
	if (gpa)
		*gpa = e->gpa | (gva & ~VMXL_PAGE_MASK);
	return VMXL_ACT_NEXT;
}

static u64 *pte_addr(struct vmxl_vcpu *vcpu, u64 gpa, struct vmxl_memslot **slot, int *err)
{
	void *p = vmxl_gpa_map(vcpu->vm, gpa, slot);

	*err = IS_ERR(p) ? PTR_ERR(p) : 0;
	return *err ? NULL : p + (gpa & (VMXL_PAGE_SIZE - 8));
}

/**
 * vmxl_pt_read64() - read a page-table entry
 * @vcpu: the vCPU
 * @gpa: guest physical address, aligned to 8
 * @pte: out: the entry
 *
 * Return: 0, -ENXIO or -EFAULT as vmxl_gpa_map().
 */
int vmxl_pt_read64(struct vmxl_vcpu *vcpu, u64 gpa, u64 *pte)
{
	struct vmxl_memslot *slot;
	int err;
	u64 *p = pte_addr(vcpu, gpa, &slot, &err);

	if (p)
		*pte = READ_ONCE(*p);
	return err;
}

/**
 * vmxl_pt_update64() - set bits in a page-table entry
 * @vcpu: the vCPU
 * @gpa: guest physical address, aligned to 8
 * @old: what the entry was when it was read
 * @new: what it is to be
 *
 * Return: 0; -EAGAIN: it is not @old any more; -EROFS, -ENXIO, -EFAULT.
 */
int vmxl_pt_update64(struct vmxl_vcpu *vcpu, u64 gpa, u64 old, u64 new)
{
	struct vmxl_memslot *slot;
	int err;
	u64 *p = pte_addr(vcpu, gpa, &slot, &err);
	spinlock_t *lock;

	if (!p)
		return err;
	if (slot->flags & VMXL_MEM_READONLY)
		return -EROFS;
	vmxl_memslot_mark_dirty(slot, gpa);
	lock = resv_lock(vcpu->vm, gpa);
	spin_lock(lock);
	resv_break(vcpu, gpa);
	err = cmpxchg(p, old, new) == old ? 0 : -EAGAIN;
	spin_unlock(lock);
	return err;
}
