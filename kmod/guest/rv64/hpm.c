// SPDX-License-Identifier: GPL-2.0
/*
 * Performance counters of RV64 harts: mcycle, minstret, and mhpmcounter3..31,
 * each of which counts cycles or instructions and filters by mode (Sscofpmf).
 * A cycle is an instruction here.
 *
 * mcycle and minstret are gstate.icount plus a base. The others are brought
 * up to date when they are looked at, when the mode changes and in poll, and
 * only while one of them counts. Translated code counts from the first time on that
 * the guest reads or writes a counter which counts, or starts one.
 */
#include <linux/kernel.h>
#include "rv64.h"

#define EVENT_OF	BIT_ULL(63)
#define EVENT_MINH	BIT_ULL(62)
#define EVENT_SINH	BIT_ULL(61)
#define EVENT_UINH	BIT_ULL(60)
#define EVENT_CODE	0xffULL
#define EVENT_CYCLES	1
#define EVENT_INSTRET	2

static u64 inhibit_bit(enum vmxl_rv64_mode mode)
{
	return mode == RV_M ? EVENT_MINH : mode == RV_S ? EVENT_SINH : EVENT_UINH;
}

static void count(struct vmxl_vcpu *vcpu, u32 n, u64 delta)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 old = r->mhpmcounter[n];

	if (r->mhpmevent[n] & inhibit_bit(rv_mode(vcpu)))
		return;
	r->mhpmcounter[n] = old + delta;
	if (old + delta >= old || !rv_has(vcpu, VMXL_RV64_ISA_SSCOFPMF) ||
	    (r->mhpmevent[n] & EVENT_OF))
		return;
	r->mhpmevent[n] |= EVENT_OF;
	set_bit(RV_IRQ_LCOFI, &rv_arch(vcpu)->soft);
}

void vmxl_rv64_hpm_sync(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	unsigned long active = a->hpm_active;
	u64 delta = vcpu->gs->icount - a->hpm_last;
	unsigned int n;

	a->hpm_last = vcpu->gs->icount;
	for_each_set_bit(n, &active, RV_NR_HPM)
		count(vcpu, n, delta);
}

/* Which of the counters count; those that did have been synchronised. */
static void update_active(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u32 n, active = 0;

	for (n = 3; n < RV_NR_HPM; n++)
		if ((r->mhpmevent[n] & EVENT_CODE) && !(r->mcountinhibit & BIT(n)))
			active |= BIT(n);
	if (active)
		vmxl_vm_count_insns(vcpu->vm);
	rv_arch(vcpu)->hpm_active = active;
	rv_arch(vcpu)->hpm_last = vcpu->gs->icount;
}

static u64 *fixed_base(struct vmxl_vcpu *vcpu, u32 n)
{
	return n ? &rv_regs(vcpu)->minstret_base : &rv_regs(vcpu)->mcycle_base;
}

/* What a fixed counter adds to its base */
static u64 fixed_count(struct vmxl_vcpu *vcpu, u32 n)
{
	return rv_regs(vcpu)->mcountinhibit & BIT(n) ? 0 : vcpu->gs->icount;
}

static u64 fixed_value(struct vmxl_vcpu *vcpu, u32 n)
{
	return *fixed_base(vcpu, n) + fixed_count(vcpu, n);
}

static void set_fixed(struct vmxl_vcpu *vcpu, u32 n, u64 val)
{
	*fixed_base(vcpu, n) = val - fixed_count(vcpu, n);
}

/* A fixed counter is looked at, or set: one of two ends of a difference */
static void look(struct vmxl_vcpu *vcpu, u32 n)
{
	if (!(rv_regs(vcpu)->mcountinhibit & BIT(n)))
		vmxl_vm_count_insns(vcpu->vm);
}

u64 vmxl_rv64_hpm_read(struct vmxl_vcpu *vcpu, u32 n)
{
	n %= RV_NR_HPM;
	if (n < 3) {
		look(vcpu, n);
		return fixed_value(vcpu, n);
	}
	vmxl_rv64_hpm_sync(vcpu);
	return rv_regs(vcpu)->mhpmcounter[n];
}

void vmxl_rv64_hpm_write(struct vmxl_vcpu *vcpu, u32 n, u64 val)
{
	n %= RV_NR_HPM;
	if (n < 3) {
		look(vcpu, n);
		set_fixed(vcpu, n, val);
		return;
	}
	vmxl_rv64_hpm_sync(vcpu);
	rv_regs(vcpu)->mhpmcounter[n] = val;
}

void vmxl_rv64_hpm_inhibit(struct vmxl_vcpu *vcpu, u32 mask)
{
	u64 cycle = fixed_value(vcpu, 0), instret = fixed_value(vcpu, 2);

	if (rv_regs(vcpu)->mcountinhibit & ~mask & (BIT(0) | BIT(2)))
		vmxl_vm_count_insns(vcpu->vm);
	vmxl_rv64_hpm_sync(vcpu);
	rv_regs(vcpu)->mcountinhibit = mask & ~BIT(1);
	set_fixed(vcpu, 0, cycle);
	set_fixed(vcpu, 2, instret);
	update_active(vcpu);
}

void vmxl_rv64_hpm_event(struct vmxl_vcpu *vcpu, u32 n, u64 event)
{
	u64 mask = EVENT_CODE;

	if (rv_has(vcpu, VMXL_RV64_ISA_SSCOFPMF))
		mask |= EVENT_OF | EVENT_MINH | EVENT_SINH | EVENT_UINH;
	if ((event & EVENT_CODE) > EVENT_INSTRET)
		event &= ~EVENT_CODE;
	vmxl_rv64_hpm_sync(vcpu);
	rv_regs(vcpu)->mhpmevent[n % RV_NR_HPM] = event & mask;
	update_active(vcpu);
}

/* scountovf: the OF bits */
u32 vmxl_rv64_hpm_overflown(struct vmxl_vcpu *vcpu)
{
	u32 n, of = 0;

	vmxl_rv64_hpm_sync(vcpu);
	for (n = 3; n < RV_NR_HPM; n++)
		if (rv_regs(vcpu)->mhpmevent[n] & EVENT_OF)
			of |= BIT(n);
	return of;
}
