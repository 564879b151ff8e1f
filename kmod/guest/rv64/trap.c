// SPDX-License-Identifier: GPL-2.0
/*
 * Traps of RV64 harts: exceptions and interrupts in, their delegation and
 * priority, and what a hart does between blocks (poll).
 *
 * Rules: a trap is taken at gstate.pc; whoever calls in here has nothing more
 * to do for the instruction. Where the module is the firmware there is no
 * M-mode: all goes to S-mode, and S-mode's ecall is an SBI call.
 */
#include <linux/kernel.h>
#include "../../mmu/mem.h"
#include "../../trace.h"
#include "rv64.h"

/* Highest priority first */
static const u8 irq_priority[] = {
	RV_IRQ_MEI, RV_IRQ_MSI, RV_IRQ_MTI, RV_IRQ_SEI, RV_IRQ_SSI, RV_IRQ_STI, RV_IRQ_LCOFI,
};

/* Change the privilege mode; the caller sees to vmxl_rv64_mmu_update(). */
void vmxl_rv64_set_mode(struct vmxl_vcpu *vcpu, enum vmxl_rv64_mode mode)
{
	if (unlikely(rv_arch(vcpu)->hpm_active))
		vmxl_rv64_hpm_sync(vcpu);
	rv_regs(vcpu)->mode = mode;
}

static u64 trap_vector(u64 tvec, u64 cause)
{
	u64 base = tvec & ~3ULL;

	return (tvec & 1) && (cause & RV_CAUSE_IRQ) ? base + 4 * (cause & ~RV_CAUSE_IRQ) : base;
}

static void trap_to_s(struct vmxl_vcpu *vcpu, u64 cause, u64 tval)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 st = r->mstatus & ~(RV_MSTATUS_SPIE | RV_MSTATUS_SPP | RV_MSTATUS_SIE);

	if (r->mstatus & RV_MSTATUS_SIE)
		st |= RV_MSTATUS_SPIE;
	if (rv_mode(vcpu) == RV_S)
		st |= RV_MSTATUS_SPP;
	r->sepc = vcpu->gs->pc;
	r->scause = cause;
	r->stval = tval;
	r->mstatus = st;
	vmxl_rv64_set_mode(vcpu, RV_S);
	vcpu->gs->pc = trap_vector(r->stvec, cause);
}

static void trap_to_m(struct vmxl_vcpu *vcpu, u64 cause, u64 tval)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 st = r->mstatus & ~(RV_MSTATUS_MPIE | RV_MSTATUS_MPP | RV_MSTATUS_MIE);

	if (r->mstatus & RV_MSTATUS_MIE)
		st |= RV_MSTATUS_MPIE;
	st |= (u64)rv_mode(vcpu) << RV_MSTATUS_MPP_SHIFT;
	r->mepc = vcpu->gs->pc;
	r->mcause = cause;
	r->mtval = tval;
	r->mstatus = st;
	vmxl_rv64_set_mode(vcpu, RV_M);
	vcpu->gs->pc = trap_vector(r->mtvec, cause);
}

static enum vmxl_act trap_take(struct vmxl_vcpu *vcpu, u64 cause, u64 tval, bool to_s)
{
	trace_vmxl_trap(vcpu, cause, tval);
	if (to_s)
		trap_to_s(vcpu, cause, tval);
	else
		trap_to_m(vcpu, cause, tval);
	vmxl_resv_drop(vcpu);
	vmxl_rv64_mmu_update(vcpu);
	return VMXL_ACT_LEAVE;
}

/**
 * vmxl_rv64_trap() - take an exception at gstate.pc
 * @vcpu: the vCPU
 * @cause: enum vmxl_rv64_cause
 * @tval: for stval or mtval
 *
 * Return: LEAVE, or EXIT from an SBI call that user space is to carry out.
 */
enum vmxl_act vmxl_rv64_trap(struct vmxl_vcpu *vcpu, u32 cause, u64 tval)
{
	u64 medeleg = rv_regs(vcpu)->medeleg & RV_MEDELEG_MASK;

	if (rv_firmware(vcpu)) {
		if (cause == RV_EXC_ECALL_S)
			return vmxl_rv64_sbi(vcpu);
		return trap_take(vcpu, cause, tval, true);
	}
	return trap_take(vcpu, cause, tval, rv_mode(vcpu) != RV_M && (medeleg >> (cause & 63) & 1));
}

/* rows: page fault, access fault, misaligned; columns: enum vmxl_access */
static const u8 fault_cause[3][4] = {
	{ RV_EXC_LOAD_PAGE, RV_EXC_STORE_PAGE, RV_EXC_INSN_PAGE, RV_EXC_STORE_PAGE },
	{ RV_EXC_LOAD_ACCESS, RV_EXC_STORE_ACCESS, RV_EXC_INSN_ACCESS, RV_EXC_STORE_ACCESS },
	{ RV_EXC_LOAD_MISALIGNED, RV_EXC_STORE_MISALIGNED, RV_EXC_INSN_MISALIGNED,
	  RV_EXC_STORE_MISALIGNED },
};

enum vmxl_act vmxl_rv64_fault(struct vmxl_vcpu *vcpu, u64 gva, enum vmxl_access access, int code)
{
	unsigned int row = code == VMXL_FAULT_ALIGN ? 2 : code == VMXL_FAULT_BUS ? 1 : 0;

	return vmxl_rv64_trap(vcpu, fault_cause[row][access & 3], gva);
}

/* The bits of the instruction at gstate.pc; 0, which tval may be, if they cannot be had. */
static u64 insn_bits(struct vmxl_vcpu *vcpu)
{
	u64 pc = vcpu->gs->pc;
	u16 lo, hi;

	if (vmxl_fetch16(vcpu, pc, false, &lo, NULL) != VMXL_ACT_NEXT)
		return 0;
	if ((lo & 3) != 3)
		return lo;
	if (vmxl_fetch16(vcpu, pc + 2, false, &hi, NULL) != VMXL_ACT_NEXT)
		return 0;
	return (u32)hi << 16 | lo;
}

enum vmxl_act vmxl_rv64_illegal(struct vmxl_vcpu *vcpu)
{
	return vmxl_rv64_trap(vcpu, RV_EXC_ILLEGAL, insn_bits(vcpu));
}

/* mip as software sees it */
u64 vmxl_rv64_mip(struct vmxl_vcpu *vcpu)
{
	unsigned long lines = READ_ONCE(rv_arch(vcpu)->lines);
	unsigned long soft = READ_ONCE(rv_arch(vcpu)->soft);

	if (vmxl_rv64_timer_on(vcpu))
		soft &= ~BIT(RV_IRQ_STI);
	else
		lines &= ~BIT(RV_IRQ_STI);
	return lines | soft;
}

bool vmxl_rv64_wakeup(struct vmxl_vcpu *vcpu)
{
	return vmxl_rv64_mip(vcpu) & rv_regs(vcpu)->mie;
}

static u64 mideleg(struct vmxl_vcpu *vcpu)
{
	return rv_firmware(vcpu) ? RV_S_IRQS : rv_regs(vcpu)->mideleg & RV_S_IRQS;
}

/*
 * Those that may be taken now: M-mode's first, then S-mode's. Guest code that
 * sets SIE looks at s_pending. What is raised after this kicks, so that it comes
 * here again; so does what changes mie.
 */
static u64 irq_takeable(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	u64 pending = vmxl_rv64_mip(vcpu) & r->mie;
	u64 m = pending & ~mideleg(vcpu), s = pending & mideleg(vcpu);
	enum vmxl_rv64_mode mode = rv_mode(vcpu);

	r->s_pending = s;
	if (m && !rv_firmware(vcpu) && (mode != RV_M || (r->mstatus & RV_MSTATUS_MIE)))
		return m;
	if (mode == RV_U || (mode == RV_S && (r->mstatus & RV_MSTATUS_SIE)))
		return s;
	return 0;
}

int vmxl_rv64_irq_pending(struct vmxl_vcpu *vcpu)
{
	u64 irqs = irq_takeable(vcpu);
	unsigned int i;

	if (likely(!irqs))
		return -1;
	for (i = 0; i < ARRAY_SIZE(irq_priority); i++)
		if (irqs & BIT_ULL(irq_priority[i]))
			return irq_priority[i];
	return -1;
}

void vmxl_rv64_irq_check(struct vmxl_vcpu *vcpu)
{
	if (irq_takeable(vcpu))
		vmxl_vcpu_kick_self(vcpu);
}

/*
 * Whether what changes mode or view is to come to its helper each time: where somebody
 * wants to know of it, or bits are set that translated code does not look at.
 */
static bool is_slow(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);

	return rv_arch(vcpu)->hpm_active || trace_vmxl_trap_enabled() ||
	       (r->mstatus & (RV_MSTATUS_MXR | RV_MSTATUS_MPRV | RV_MSTATUS_TSR)) ||
	       !(rv_firmware(vcpu) || (r->medeleg & BIT_ULL(RV_EXC_ECALL_U)));
}

static void take_requests(struct vmxl_vcpu *vcpu)
{
	if (test_and_clear_bit(RV_REQ_START, &vcpu->requests))
		vmxl_rv64_hsm_begin(vcpu);
	if (test_and_clear_bit(RV_REQ_FENCE, &vcpu->requests))
		vmxl_rv64_fence_receive(vcpu);
	if (test_and_clear_bit(RV_REQ_TIMER, &vcpu->requests))
		vmxl_rv64_timer_update(vcpu);
}

static void note_started(struct vmxl_rv64_vm *rv)
{
	unsigned long flags;

	spin_lock_irqsave(&rv->lock, flags);
	WRITE_ONCE(rv->started, true);
	spin_unlock_irqrestore(&rv->lock, flags);
}

/* The hart is to execute its SBI fence again; unless user space has moved it on. */
static bool fence_under_way(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);

	if (likely(bitmap_empty(a->fence_wait, VMXL_MAX_VCPUS)))
		return false;
	if (vcpu->gs->pc == a->fence_pc)
		return true;
	bitmap_zero(a->fence_wait, VMXL_MAX_VCPUS);
	return false;
}

/**
 * vmxl_rv64_poll() - what is due before guest code runs
 * @vcpu: the vCPU
 *
 * Carries out requests, wakes the hart if there is reason to, and takes the
 * pending interrupt of the highest priority. A hart that waits for a remote
 * fence takes none: its ecall has not retired.
 * Return: LEAVE if the pc has changed, else NEXT.
 */
enum vmxl_act vmxl_rv64_poll(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	int irq;

	if (unlikely(!READ_ONCE(rv_vm(vcpu->vm)->started)))
		note_started(rv_vm(vcpu->vm));
	if (READ_ONCE(vcpu->requests) & RV_REQ_ALL)
		take_requests(vcpu);
	if (unlikely(a->hpm_active))
		vmxl_rv64_hpm_sync(vcpu);
	if (a->halted && vmxl_rv64_wakeup(vcpu)) {
		a->halted = false;
		WRITE_ONCE(a->suspended, false);
	}
	if (rv_halted(vcpu))
		return VMXL_ACT_NEXT;
	rv_regs(vcpu)->slow = is_slow(vcpu);
	vmxl_rv64_time_update(vcpu);
	if (unlikely(a->sta != RV_STA_OFF))
		vmxl_rv64_sta_update(vcpu);
	if (fence_under_way(vcpu))
		return VMXL_ACT_NEXT;
	irq = vmxl_rv64_irq_pending(vcpu);
	if (irq < 0)
		return VMXL_ACT_NEXT;
	return trap_take(vcpu, RV_CAUSE_IRQ | irq, 0,
			 rv_firmware(vcpu) || (mideleg(vcpu) & BIT_ULL(irq)));
}
