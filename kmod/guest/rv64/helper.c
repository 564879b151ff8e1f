// SPDX-License-Identifier: GPL-2.0
/*
 * What the IR's CALL reaches: instructions that are too rare or too wide in
 * their effects to be spelled out in ops. Those that answer LEAVE or EXIT have
 * moved gstate.pc and gstate.icount themselves.
 */
#include <linux/sched.h>
#include "../../mmu/mem.h"
#include "../../mmu/tlb.h"
#include "rv64.h"

#define INSN_BYTES	4	/* every instruction in here but c.ebreak */

/* The instruction retires and is followed by the one at @pc. */
static enum vmxl_act leave_to(struct vmxl_vcpu *vcpu, u64 pc)
{
	vcpu->gs->pc = pc;
	vcpu->gs->icount++;
	return VMXL_ACT_LEAVE;
}

enum vmxl_act vmxl_rv64_h_csr(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	u64 old;

	if (vmxl_rv64_csr_op(vcpu, a & 0xfff, a >> 12, b, &old))
		return vmxl_rv64_illegal(vcpu);
	if (ret)
		*ret = old;
	return VMXL_ACT_NEXT;
}

/* After a return from a trap: another mode, and perhaps an interrupt that is no longer masked */
static enum vmxl_act xret(struct vmxl_vcpu *vcpu, enum vmxl_rv64_mode mode, u64 pc)
{
	if (mode != RV_M)
		rv_regs(vcpu)->mstatus &= ~RV_MSTATUS_MPRV;
	vmxl_rv64_set_mode(vcpu, mode);
	vmxl_resv_drop(vcpu);
	vmxl_rv64_mmu_update(vcpu);
	vmxl_rv64_irq_check(vcpu);
	return leave_to(vcpu, pc);
}

enum vmxl_act vmxl_rv64_h_sret(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	enum vmxl_rv64_mode mode = rv_mode(vcpu);
	u64 old = r->mstatus, st;

	if (mode == RV_U || (mode == RV_S && (old & RV_MSTATUS_TSR)))
		return vmxl_rv64_illegal(vcpu);
	st = (old & ~(RV_MSTATUS_SIE | RV_MSTATUS_SPP)) | RV_MSTATUS_SPIE;
	if (old & RV_MSTATUS_SPIE)
		st |= RV_MSTATUS_SIE;
	r->mstatus = st;
	return xret(vcpu, old & RV_MSTATUS_SPP ? RV_S : RV_U, r->sepc);
}

enum vmxl_act vmxl_rv64_h_mret(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 old = r->mstatus, st;

	if (rv_mode(vcpu) != RV_M || rv_firmware(vcpu))
		return vmxl_rv64_illegal(vcpu);
	st = (old & ~(RV_MSTATUS_MIE | RV_MSTATUS_MPP)) | RV_MSTATUS_MPIE;
	if (old & RV_MSTATUS_MPIE)
		st |= RV_MSTATUS_MIE;
	r->mstatus = st;
	return xret(vcpu, (old & RV_MSTATUS_MPP) >> RV_MSTATUS_MPP_SHIFT, r->mepc);
}

enum vmxl_act vmxl_rv64_h_wfi(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	enum vmxl_rv64_mode mode = rv_mode(vcpu);

	if (mode == RV_U || (mode == RV_S && (rv_regs(vcpu)->mstatus & RV_MSTATUS_TW)))
		return vmxl_rv64_illegal(vcpu);
	if (!vmxl_rv64_wakeup(vcpu)) {
		rv_arch(vcpu)->halted = true;
		vmxl_vcpu_kick_self(vcpu);
	}
	return leave_to(vcpu, vcpu->gs->pc + INSN_BYTES);
}

/*
 * A stall may always be short: others get the thread, if they want it. Also where
 * an interrupt is pending that is not taken: who waits for a lock has them off. Only
 * WRS.NTO may wait for as long as what the LR read is as it was.
 */
enum vmxl_act vmxl_rv64_h_wrs(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	u64 addr = rv_regs(vcpu)->wait_addr;

	if (a)
		vmxl_mem_wait(vcpu, addr & ~1ULL, addr & 1 ? 8 : 4);
	else
		vcpu->wait.p = NULL;
	vmxl_vcpu_spins(vcpu);
	return VMXL_ACT_NEXT;
}

enum vmxl_act vmxl_rv64_h_pause(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	vmxl_vcpu_paused(vcpu, a <= RV_PAUSES);
	return VMXL_ACT_NEXT;
}

#define SFENCE_VA	BIT(0)
#define SFENCE_ASID	BIT(1)

enum vmxl_act vmxl_rv64_h_sfence(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	enum vmxl_rv64_mode mode = rv_mode(vcpu);
	u32 asid = c & SFENCE_ASID ? b & RV_SATP_ASID : VMXL_ASID_ALL;

	if (mode == RV_U || (mode == RV_S && (rv_regs(vcpu)->mstatus & RV_MSTATUS_TVM)))
		return vmxl_rv64_illegal(vcpu);
	if (c & SFENCE_VA)
		vmxl_tlb_flush_page(vcpu, a, asid);
	else
		vmxl_tlb_flush_asid(vcpu, asid);
	return VMXL_ACT_NEXT;
}

static enum vmxl_act debug_exit(struct vmxl_vcpu *vcpu)
{
	struct vmxl_run *run = vcpu->run;

	run->exit_reason = VMXL_EXIT_DEBUG;
	memset(&run->debug, 0, sizeof(run->debug));
	run->debug.pc = vcpu->gs->pc;
	run->debug.cause = VMXL_DEBUG_ENABLE;
	return VMXL_ACT_EXIT;
}

enum vmxl_act vmxl_rv64_h_ebreak(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	if (vcpu->debug & VMXL_DEBUG_ENABLE)
		return debug_exit(vcpu);
	return vmxl_rv64_trap(vcpu, RV_EXC_BREAKPOINT, vcpu->gs->pc);
}

enum vmxl_act vmxl_rv64_h_illegal(struct vmxl_vcpu *vcpu, u64 *ret, u64 a, u64 b, u64 c)
{
	return vmxl_rv64_trap(vcpu, RV_EXC_ILLEGAL, a);
}

#define X(id, func) [RV_H_##id] = { .name = #id, .fn = func },
const struct vmxl_helper vmxl_rv64_helpers[RV_H_NR] = { RV_HELPERS(X) };
#undef X
