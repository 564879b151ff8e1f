// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory accesses: everything that the interpreter's first-level TLB
 * hit does not cover.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "../bus.h"
#include "../codegen/cache.h"
#include "../memslot.h"
#include "../trace.h"
#include "mem_impl.h"
#include "window.h"

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

/**
 * vmxl_mem_find() - what the TLB has, or a walk gets it
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @access: the access it is for
 * @len: bytes of it, within a page
 * @code: out: the guest's fault code, or 0; as it was where the TLB has it
 *
 * Delivers no fault.
 * Return: the entry, which permits the access; NULL: the guest's tables do not; an
 * error of vmxl_tlb_insert().
 */
struct vmxl_tlb_entry *vmxl_mem_find(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
				     unsigned int len, int *code)
{
	struct vmxl_tlb_entry *e = vmxl_tlb_lookup(vcpu, gva, vcpu->as[access]);

	return permits(e, access) ? e : walk(vcpu, gva, access, false, len, code);
}

static enum vmxl_act guest_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
				 int code)
{
	if (access == VMXL_ACCESS_WRITE)
		vmxl_window_want(vcpu, gva);
	return vcpu->vm->guest->fault(vcpu, gva, access, code);
}

/**
 * vmxl_mem_translate() - where the bytes of an access are
 * @vcpu: the vCPU
 * @gva: guest virtual address
 * @access: what is to be done there
 * @unpriv: as the unprivileged mode does it
 * @len: bytes, within a page
 * @s: out: where, if NEXT is returned
 *
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_translate(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
				 bool unpriv, unsigned int len, struct vmxl_span *s)
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

static bool crosses(u64 gva, unsigned int size)
{
	return ((gva & ~VMXL_PAGE_MASK) + size) > VMXL_PAGE_SIZE;
}

/* Both halves of an access over two pages; a device in either is a bus fault. */
static enum vmxl_act translate2(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size,
				enum vmxl_access access, bool unpriv, struct vmxl_span s[2])
{
	u64 next = (gva & VMXL_PAGE_MASK) + VMXL_PAGE_SIZE;
	enum vmxl_act act;

	act = vmxl_mem_translate(vcpu, gva, access, unpriv, next - gva, &s[0]);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (!s[0].p)
		return bus_fault(vcpu, gva, access);
	act = vmxl_mem_translate(vcpu, next, access, unpriv, size - (next - gva), &s[1]);
	if (act != VMXL_ACT_NEXT)
		return act;
	return s[1].p ? VMXL_ACT_NEXT : bus_fault(vcpu, next, access);
}

static enum vmxl_act load2(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size, bool unpriv,
			   u64 *val)
{
	unsigned int first = VMXL_PAGE_SIZE - (gva & ~VMXL_PAGE_MASK);
	struct vmxl_span s[2];
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
	struct vmxl_span s;

	if ((aux & VMXL_MEM_ALIGN) && (gva & (size - 1)))
		return align_fault(vcpu, gva, VMXL_ACCESS_READ);
	if (crosses(gva, size)) {
		act = load2(vcpu, gva, size, unpriv, val);
	} else {
		act = vmxl_mem_translate(vcpu, gva, VMXL_ACCESS_READ, unpriv, size, &s);
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

/**
 * vmxl_mem_written() - after a write: blocks that were made from what it changed go
 * @vcpu: the vCPU
 * @s: where it was
 * @size: its bytes
 */
void vmxl_mem_written(struct vmxl_vcpu *vcpu, const struct vmxl_span *s, unsigned int size)
{
	if (unlikely(vmxl_memslot_has_code(s->e->slot, s->e->gpa))) {
		/* Pairs with the barrier in block_make(): write, then look for code. */
		smp_mb();
		vmxl_cache_invalidate(vcpu->vm->cache, s->gpa, size);
	}
}

static void write_span(struct vmxl_vcpu *vcpu, const struct vmxl_span *s, const void *val,
		       unsigned int size)
{
	spinlock_t *lock = resv_lock(vcpu->vm, s->gpa);

	spin_lock(lock);
	vmxl_resv_break(vcpu, s->gpa);
	memcpy(s->p, val, size);
	spin_unlock(lock);
	vmxl_mem_written(vcpu, s, size);
}

static enum vmxl_act store2(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size, bool unpriv,
			    const u64 *val)
{
	unsigned int first = VMXL_PAGE_SIZE - (gva & ~VMXL_PAGE_MASK);
	struct vmxl_span s[2];
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
	struct vmxl_span s;
	u64 v = *val;

	if ((aux & VMXL_MEM_ALIGN) && (gva & (size - 1)))
		return align_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	if (aux & (VMXL_MEM_ACQ | VMXL_MEM_REL))
		smp_mb();	/* the guest's release: pairs with its acquire */
	if (crosses(gva, size))
		return store2(vcpu, gva, size, unpriv, val);
	act = vmxl_mem_translate(vcpu, gva, VMXL_ACCESS_WRITE, unpriv, size, &s);
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
	vmxl_resv_break(vcpu, s.gpa);
	copy_out(s.p, val, size);
	spin_unlock(lock);
	vmxl_mem_written(vcpu, &s, size);
	if ((aux & (VMXL_MEM_ACQ | VMXL_MEM_REL)) == (VMXL_MEM_ACQ | VMXL_MEM_REL))
		smp_mb();	/* sequentially consistent: before the guest's next load */
	return VMXL_ACT_NEXT;
}

/**
 * vmxl_mem_translate_atomic() - where the bytes of a read-modify-write are
 * @vcpu: the vCPU
 * @gva: guest virtual address; misaligned is a fault
 * @aux: VMXL_MEM_*
 * @s: out: where, if NEXT is returned: memory that it may write
 *
 * Return: enum vmxl_act.
 */
enum vmxl_act vmxl_mem_translate_atomic(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
					struct vmxl_span *s)
{
	unsigned int size = vmxl_mt_size(aux);
	enum vmxl_act act;

	if (gva & (size - 1))
		return align_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	act = vmxl_mem_translate(vcpu, gva, VMXL_ACCESS_WRITE, aux & VMXL_MEM_UNPRIV, size, s);
	if (act == VMXL_ACT_NEXT && !s->p)
		return bus_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	return act;
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
	struct vmxl_span s;
	u64 was, cur;

	act = vmxl_mem_translate_atomic(vcpu, gva, aux, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	vmxl_resv_break(vcpu, s.gpa);
	copy_in(&cur, s.p, size);
	do {
		was = cur;
		cur = cas(s.p, was, rmw_result(kind, rmw_operand(kind, was, size), b), size);
	} while (cur != was);
	spin_unlock(lock);
	vmxl_mem_written(vcpu, &s, size);
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
	struct vmxl_span s;

	act = vmxl_mem_translate_atomic(vcpu, gva, aux, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	vmxl_resv_break(vcpu, s.gpa);
	if (size == 16) {
		copy_in(old, s.p, 16);
		if (old[0] == expected[0] && old[1] == expected[1])
			copy_out(s.p, val, 16);
	} else {
		*old = cas(s.p, *expected, *val, size);
		extend(old, aux);
	}
	spin_unlock(lock);
	vmxl_mem_written(vcpu, &s, size);
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
	struct vmxl_span s;

	act = vmxl_mem_translate(vcpu, gva, VMXL_ACCESS_WRITE, false, len, &s);
	if (act != VMXL_ACT_NEXT)
		return act;
	if (!s.p || crosses(gva, len))
		return bus_fault(vcpu, gva, VMXL_ACCESS_WRITE);
	lock = resv_lock(vcpu->vm, s.gpa);
	spin_lock(lock);
	vmxl_resv_break(vcpu, s.gpa);
	memset(s.p, 0, len);
	spin_unlock(lock);
	vmxl_mem_written(vcpu, &s, len);
	return VMXL_ACT_NEXT;
}

static bool readable(struct vmxl_vcpu *vcpu, u64 gva)
{
	int code;

	return !IS_ERR_OR_NULL(vmxl_mem_find(vcpu, gva, VMXL_ACCESS_READ, 1, &code));
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
	struct vmxl_span s;

	if (access == VMXL_ACCESS_RW_ANY) {
		if (readable(vcpu, gva))
			return VMXL_ACT_NEXT;
		access = VMXL_ACCESS_WRITE;
	}
	return vmxl_mem_translate(vcpu, gva, access, false, 1, &s);
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
	int code = VMXL_FAULT_BUS;
	struct vmxl_tlb_entry *e = vmxl_mem_find(vcpu, gva, VMXL_ACCESS_EXEC, 2, &code);

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
	vmxl_resv_break(vcpu, gpa);
	err = cmpxchg(p, old, new) == old ? 0 : -EAGAIN;
	spin_unlock(lock);
	return err;
}
