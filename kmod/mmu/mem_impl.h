/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory accesses, for the files mem*.c: loads, stores and atomic operations
 * (mem.c), reservations and who waits for a word (mem_resv.c).
 *
 * Every write takes the lock of its line, takes away reservations of it, writes,
 * gives the lock back, and then sees to code that was made from what it changed.
 */
#ifndef VMXL_MEM_IMPL_H
#define VMXL_MEM_IMPL_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "../vm.h"
#include "mem.h"

/* Reservations are kept for lines of 64 bytes */
#define LINE_SHIFT	6

/* An access that was translated: where its bytes are. */
struct vmxl_span {
	struct vmxl_tlb_entry *e;
	u64 gpa;
	void *p;		/* NULL: a device, or a write to a read-only slot */
};

static inline u32 access_as(struct vmxl_vcpu *vcpu, enum vmxl_access access, bool unpriv)
{
	return unpriv ? vcpu->as_unpriv : vcpu->as[access];
}

static inline bool permits(const struct vmxl_tlb_entry *e, enum vmxl_access access)
{
	return e && (e->perms & BIT(access));
}

static inline enum vmxl_act bus_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access)
{
	return vcpu->vm->guest->fault(vcpu, gva, access, VMXL_FAULT_BUS);
}

static inline enum vmxl_act align_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access)
{
	return vcpu->vm->guest->fault(vcpu, gva, access, VMXL_FAULT_ALIGN);
}

static inline bool misaligned(const void *p, unsigned int size)
{
	return (uintptr_t)p & (min(size, 8u) - 1);
}

/* Aligned accesses, of up to 8 bytes at least, are single-copy atomic. */
static inline void copy_in(u64 *val, const void *p, unsigned int size)
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

static inline void extend(u64 *val, unsigned int aux)
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

/* Compare and exchange of 1 to 8 bytes at once; the old value, zero-extended. */
static inline u64 cas(void *p, u64 old, u64 new, unsigned int size)
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

static inline spinlock_t *resv_lock(struct vmxl_vm *vm, u64 gpa)
{
	return &vm->resv_lock[hash_64(gpa >> LINE_SHIFT, ilog2(VMXL_RESV_LOCKS))];
}

/* mem.c: */
struct vmxl_tlb_entry *vmxl_mem_find(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
				     unsigned int len, int *code);
enum vmxl_act vmxl_mem_translate(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access,
				 bool unpriv, unsigned int len, struct vmxl_span *s);
enum vmxl_act vmxl_mem_translate_atomic(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
					struct vmxl_span *s);
void vmxl_mem_written(struct vmxl_vcpu *vcpu, const struct vmxl_span *s, unsigned int size);

/* mem_resv.c, with the lock of the line held: */
void vmxl_resv_break(struct vmxl_vcpu *vcpu, u64 gpa);

#endif /* VMXL_MEM_IMPL_H */
