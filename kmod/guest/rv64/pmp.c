// SPDX-License-Identifier: GPL-2.0
/*
 * Physical memory protection. Entries are decoded into ranges when they are
 * written; a check is a search for the first that matches any byte.
 */
#include <linux/minmax.h>
#include "rv64.h"
#include "pmp.h"

static u8 pmp_cfg(const struct vmxl_rv64_regs *r, unsigned int i)
{
	return r->pmpcfg[i / 8] >> (i % 8 * 8);
}

static struct vmxl_rv64_pmp decode(const struct vmxl_rv64_regs *r, unsigned int i)
{
	u64 addr = r->pmpaddr[i] & RV_PMPADDR_MASK, low;
	struct vmxl_rv64_pmp p = { .cfg = pmp_cfg(r, i) };

	switch (p.cfg & RV_PMP_A) {
	case RV_PMP_TOR:
		p.lo = i ? (r->pmpaddr[i - 1] & RV_PMPADDR_MASK) << 2 : 0;
		p.hi = addr << 2;
		break;
	case RV_PMP_NA4:
		p.lo = addr << 2;
		p.hi = p.lo + 4;
		break;
	case RV_PMP_NAPOT:
		low = addr ^ (addr + 1);
		p.lo = (addr & ~low) << 2;
		p.hi = ((addr | low) + 1) << 2;
		break;
	}
	return p;
}

/* After any of the registers has changed. What the TLB holds was checked by the old ones. */
void vmxl_rv64_pmp_update(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	unsigned int i;

	a->nr_pmp = 0;
	for (i = 0; i < RV_NR_PMP; i++) {
		a->pmp[i] = decode(rv_regs(vcpu), i);
		if (a->pmp[i].lo < a->pmp[i].hi)
			a->nr_pmp = i + 1;
	}
	if (vcpu->tlb)
		vmxl_tlb_flush(vcpu);
}

/* Permissions of an entry as bits 1 << enum vmxl_access */
static u8 entry_perms(const struct vmxl_rv64_pmp *p, enum vmxl_rv64_mode mode)
{
	u8 perms = 0;

	if (mode == RV_M && !(p->cfg & RV_PMP_L))
		return RV_PERMS_ALL;
	if (p->cfg & RV_PMP_R)
		perms |= 1 << VMXL_ACCESS_READ;
	if (p->cfg & RV_PMP_W)
		perms |= 1 << VMXL_ACCESS_WRITE;
	if (p->cfg & RV_PMP_X)
		perms |= 1 << VMXL_ACCESS_EXEC;
	return perms;
}

/**
 * vmxl_rv64_pmp_perms() - what may be done with physical memory
 * @vcpu: the vCPU
 * @gpa: address
 * @len: bytes, not 0
 * @mode: privilege mode of the access
 * @divided: out: an entry ends or begins within [@gpa, @gpa + @len), so that the
 *	answer, which is for the access as a whole, does not hold for its parts;
 *	may be NULL
 *
 * Return: bits 1 << enum vmxl_access
 */
u8 vmxl_rv64_pmp_perms(struct vmxl_vcpu *vcpu, u64 gpa, u64 len, enum vmxl_rv64_mode mode,
		       bool *divided)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	u64 end = gpa + len;
	unsigned int i;

	if (divided)
		*divided = false;
	if (rv_firmware(vcpu))
		return RV_PERMS_ALL;
	for (i = 0; i < a->nr_pmp; i++) {
		const struct vmxl_rv64_pmp *p = &a->pmp[i];

		if (max(p->lo, gpa) >= min(p->hi, end))
			continue;
		if (p->lo <= gpa && end <= p->hi)
			return entry_perms(p, mode);
		if (divided)
			*divided = true;
		return 0;
	}
	return mode == RV_M ? RV_PERMS_ALL : 0;
}
