// SPDX-License-Identifier: GPL-2.0
/*
 * Hart states of SBI's HSM. mp_state says whether a hart runs; a start is
 * asked for by another hart and carried out by the started one's thread.
 */
#include "../../mmu/tlb.h"
#include "../../mmu/window.h"
#include "rv64.h"

enum vmxl_rv64_hsm vmxl_rv64_hsm_state(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	enum vmxl_rv64_hsm state = RV_HSM_STARTED;

	spin_lock(&a->hsm_lock);
	if (a->start_pending)
		state = RV_HSM_START_PENDING;
	else if (READ_ONCE(vcpu->mp_state) == VMXL_MP_STOPPED)
		state = RV_HSM_STOPPED;
	else if (READ_ONCE(a->suspended))
		state = RV_HSM_SUSPENDED;
	spin_unlock(&a->hsm_lock);
	return state;
}

/* HART_START: 0, or -EALREADY for a hart that is not stopped */
int vmxl_rv64_hsm_start(struct vmxl_vcpu *vcpu, u64 addr, u64 opaque)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	int ret = -EALREADY;

	spin_lock(&a->hsm_lock);
	if (!a->start_pending && READ_ONCE(vcpu->mp_state) == VMXL_MP_STOPPED) {
		a->start_pending = true;
		a->hsm_addr = addr;
		a->hsm_opaque = opaque;
		WRITE_ONCE(vcpu->mp_state, VMXL_MP_RUNNABLE);
		ret = 0;
	}
	spin_unlock(&a->hsm_lock);
	if (!ret)
		vmxl_vcpu_request(vcpu, RV_REQ_START);
	return ret;
}

/* The state in which S-mode software is entered: translation off, interrupts off */
void vmxl_rv64_hsm_resume_at(struct vmxl_vcpu *vcpu, u64 addr, u64 opaque)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);

	r->satp = 0;
	r->mstatus &= ~RV_MSTATUS_SIE;
	r->x[10] = vcpu->id;
	r->x[11] = opaque;
	vcpu->gs->pc = addr;
	vmxl_rv64_set_mode(vcpu, RV_S);
	vmxl_rv64_mmu_update(vcpu);
}

void vmxl_rv64_hsm_begin(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	u64 addr, opaque;
	bool start;

	spin_lock(&a->hsm_lock);
	start = a->start_pending;
	a->start_pending = false;
	addr = a->hsm_addr;
	opaque = a->hsm_opaque;
	spin_unlock(&a->hsm_lock);
	if (!start)
		return;
	/* Windows are the others', too, who have kept them as they must be (fence.c). */
	vmxl_tlb_forget(vcpu);
	vmxl_window_put(vcpu);
	vmxl_rv64_reset(vcpu);
	vmxl_rv64_hsm_resume_at(vcpu, addr, opaque);
}

void vmxl_rv64_hsm_stop(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);

	spin_lock(&a->hsm_lock);
	WRITE_ONCE(vcpu->mp_state, VMXL_MP_STOPPED);
	spin_unlock(&a->hsm_lock);
	vmxl_vcpu_kick_self(vcpu);
}
