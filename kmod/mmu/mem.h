/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory accesses behind the first-level TLB: misses, page crossing,
 * devices, code pages, reservations. Every function takes the guest virtual
 * address and aux (VMXL_MEM_*) of the op, and answers an enum vmxl_act; with
 * anything but NEXT the guest state is that before the instruction, but for
 * a trap already delivered. gstate.pc is the instruction's (the caller has
 * set it).
 *
 * Context: the vCPU's thread, within vm->srcu, may sleep.
 */
#ifndef VMXL_MEM_H
#define VMXL_MEM_H

#include "../guest/guest.h"
#include "tlb.h"

/* val: 8 bytes, 16 for V128 */
enum vmxl_act vmxl_mem_load(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux, u64 *val);
enum vmxl_act vmxl_mem_store(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux, const u64 *val);
enum vmxl_act vmxl_mem_rmw(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_rmw kind, u64 operand, u64 *old);
enum vmxl_act vmxl_mem_cas(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   const u64 *expected, const u64 *val, u64 *old);
enum vmxl_act vmxl_mem_ldx(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_ldx how, u64 *val);
enum vmxl_act vmxl_mem_stx(struct vmxl_vcpu *vcpu, u64 gva, unsigned int aux,
			   enum vmxl_ldx how, const u64 *val, u64 *failed);
enum vmxl_act vmxl_mem_zero(struct vmxl_vcpu *vcpu, u64 gva, u64 len);
enum vmxl_act vmxl_mem_probe(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access);

/* The reservation of LDX; a trap, a return from one and the like drop it. */
void vmxl_resv_drop(struct vmxl_vcpu *vcpu);
void vmxl_mem_wait(struct vmxl_vcpu *vcpu, u64 gva, unsigned int size);
bool vmxl_mem_unchanged(const struct vmxl_wait *w);
void vmxl_resv_written(struct vmxl_vm *vm, u64 gpa, u64 len);

/* Windows of either kind ask whether to show a page for stores; both take cache->lock. */
bool vmxl_page_watched(struct vmxl_vm *vm, const struct vmxl_memslot *slot, u64 gpa);
void vmxl_page_unwatch(struct vmxl_vm *vm, const struct vmxl_memslot *slot, u64 gpa);

/*
 * Instruction fetch for translators: 16 bits at gva. Other than NEXT only for
 * the first instruction; a translator that cannot fetch a later one ends the
 * block before it (@fault false: answer LEAVE without delivering anything).
 * @gpa: guest physical address of the bytes, may be NULL.
 */
enum vmxl_act vmxl_fetch16(struct vmxl_vcpu *vcpu, u64 gva, bool fault, u16 *val, u64 *gpa);

/* Guest page-table access by physical address; -ENXIO, -EFAULT where there is no memory. */
int vmxl_pt_read64(struct vmxl_vcpu *vcpu, u64 gpa, u64 *pte);
/* Set bits atomically if the entry still is @old; -EAGAIN if it is not. */
int vmxl_pt_update64(struct vmxl_vcpu *vcpu, u64 gpa, u64 old, u64 new);

#endif /* VMXL_MEM_H */
