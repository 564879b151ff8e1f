// SPDX-License-Identifier: GPL-2.0
/*
 * The RV64 guest: what it hands to the rest of the module, and the life of a
 * hart's private part.
 */
#include <linux/build_bug.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../../mmu/tlb.h"
#include "rv64.h"

static int rv64_vm_init(struct vmxl_vm *vm)
{
	struct vmxl_rv64_vm *rv = kzalloc(sizeof(*rv), GFP_KERNEL_ACCOUNT);

	if (!rv)
		return -ENOMEM;
	spin_lock_init(&rv->lock);
	rv->isa = VMXL_RV64_ISA_ALL;
	rv->mmu = RV_MODE_SV57;
	vm->arch = rv;
	return 0;
}

static void rv64_vm_destroy(struct vmxl_vm *vm)
{
	kfree(vm->arch);
	vm->arch = NULL;
}

/* What firmware would have set up before it enters S-mode */
static void reset_firmware(struct vmxl_rv64_regs *r)
{
	r->mode = RV_S;
	r->medeleg = RV_MEDELEG_MASK & ~BIT_ULL(RV_EXC_ECALL_S);
	r->mideleg = RV_S_IRQS;
	r->mcounteren = 0xffffffff;
	r->menvcfg = RV_ENVCFG_CBIE | RV_ENVCFG_CBCFE | RV_ENVCFG_CBZE |
		     RV_ENVCFG_ADUE | RV_ENVCFG_PBMTE | RV_ENVCFG_STCE;
}

/* Registers as after power-on. Lines of devices stay as they are. */
void vmxl_rv64_reset(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);

	memset(r, 0, sizeof(*r));
	r->mode = RV_M;
	r->stimecmp = ~0ULL;
	if (rv_firmware(vcpu))
		reset_firmware(r);
	vcpu->gs->fp_flags = 0;
	a->halted = false;
	a->suspended = false;
	a->hpm_active = 0;
	a->soft = 0;
	a->sta = RV_STA_OFF;
	bitmap_zero(a->fence_wait, VMXL_MAX_VCPUS);
	memset(a->fw_ctr, 0, sizeof(a->fw_ctr));
	vmxl_rv64_pmp_update(vcpu);
	vmxl_rv64_timer_update(vcpu);
	vmxl_rv64_mmu_update(vcpu);
}

static int rv64_vcpu_init(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = kzalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);

	BUILD_BUG_ON(RV_REQ_START >= BITS_PER_LONG);
	if (!a)
		return -ENOMEM;
	a->vcpu = vcpu;
	spin_lock_init(&a->hsm_lock);
	spin_lock_init(&a->fence_lock);
	vcpu->arch = a;
	vmxl_rv64_timer_init(vcpu);
	vmxl_rv64_reset(vcpu);
	if (rv_firmware(vcpu) && vcpu->id)
		vcpu->mp_state = VMXL_MP_STOPPED;
	return 0;
}

static void rv64_vcpu_destroy(struct vmxl_vcpu *vcpu)
{
	hrtimer_cancel(&rv_arch(vcpu)->timer);
	kfree(vcpu->arch);
	vcpu->arch = NULL;
}

static bool rv64_halted(struct vmxl_vcpu *vcpu)
{
	return rv_halted(vcpu);
}

static bool rv64_runnable(struct vmxl_vcpu *vcpu)
{
	if (READ_ONCE(vcpu->requests) & RV_REQ_ALL)
		return true;
	return READ_ONCE(vcpu->mp_state) != VMXL_MP_STOPPED && vmxl_rv64_wakeup(vcpu);
}

/* Whoever has interrupts off in the kernel is not to be waited for long: a lock, perhaps. */
static bool rv64_critical(struct vmxl_vcpu *vcpu)
{
	return rv_mode(vcpu) == RV_S && !(rv_regs(vcpu)->mstatus & RV_MSTATUS_SIE);
}

/* From any context, for any vCPU */
static void rv64_irq(struct vmxl_vcpu *vcpu, unsigned int line, bool level)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);

	if (line >= BITS_PER_LONG)
		return;
	if (!level) {
		clear_bit(line, &a->lines);
		return;
	}
	if (!test_and_set_bit(line, &a->lines))
		vmxl_vcpu_kick(vcpu);
}

#define SLOT(text, member) { .name = (text), .slot = RV_SLOT(member) }

static const struct vmxl_slot_name rv64_slots[] = {
	SLOT("x0", x[0]), SLOT("ra", x[1]), SLOT("sp", x[2]), SLOT("gp", x[3]),
	SLOT("tp", x[4]), SLOT("t0", x[5]), SLOT("t1", x[6]), SLOT("t2", x[7]),
	SLOT("s0", x[8]), SLOT("s1", x[9]), SLOT("a0", x[10]), SLOT("a1", x[11]),
	SLOT("a2", x[12]), SLOT("a3", x[13]), SLOT("a4", x[14]), SLOT("a5", x[15]),
	SLOT("a6", x[16]), SLOT("a7", x[17]), SLOT("s2", x[18]), SLOT("s3", x[19]),
	SLOT("s4", x[20]), SLOT("s5", x[21]), SLOT("s6", x[22]), SLOT("s7", x[23]),
	SLOT("s8", x[24]), SLOT("s9", x[25]), SLOT("s10", x[26]), SLOT("s11", x[27]),
	SLOT("t3", x[28]), SLOT("t4", x[29]), SLOT("t5", x[30]), SLOT("t6", x[31]),
	SLOT("ft0", f[0]), SLOT("ft1", f[1]), SLOT("ft2", f[2]), SLOT("ft3", f[3]),
	SLOT("ft4", f[4]), SLOT("ft5", f[5]), SLOT("ft6", f[6]), SLOT("ft7", f[7]),
	SLOT("fs0", f[8]), SLOT("fs1", f[9]), SLOT("fa0", f[10]), SLOT("fa1", f[11]),
	SLOT("fa2", f[12]), SLOT("fa3", f[13]), SLOT("fa4", f[14]), SLOT("fa5", f[15]),
	SLOT("fa6", f[16]), SLOT("fa7", f[17]), SLOT("fs2", f[18]), SLOT("fs3", f[19]),
	SLOT("fs4", f[20]), SLOT("fs5", f[21]), SLOT("fs6", f[22]), SLOT("fs7", f[23]),
	SLOT("fs8", f[24]), SLOT("fs9", f[25]), SLOT("fs10", f[26]), SLOT("fs11", f[27]),
	SLOT("ft8", f[28]), SLOT("ft9", f[29]), SLOT("ft10", f[30]), SLOT("ft11", f[31]),
	SLOT("mode", mode), SLOT("frm", frm), SLOT("mstatus", mstatus),
	{ .name = NULL },
};

/* What compiled programs use most: arguments and temporaries, sp, s0, s1, ra */
static const u16 rv64_hot[] = {
	RV_SLOT(x[15]), RV_SLOT(x[14]), RV_SLOT(x[10]), RV_SLOT(x[11]), RV_SLOT(x[2]),
	RV_SLOT(x[12]), RV_SLOT(x[13]), RV_SLOT(x[8]), RV_SLOT(x[9]), RV_SLOT(x[1]),
	RV_SLOT(x[16]), RV_SLOT(x[17]), RV_SLOT(x[18]), RV_SLOT(x[19]), RV_SLOT(x[20]),
	RV_SLOT(x[5]),
};

const struct vmxl_guest vmxl_guest_rv64 = {
	.name = "rv64",
	.isa = VMXL_ISA_RV64,
	.tick_ns = VMXL_RV_TICK_NS,
	.helpers = vmxl_rv64_helpers,
	.nr_helpers = RV_H_NR,
	.slots = rv64_slots,
	.nr_slots = sizeof(struct vmxl_rv64_regs) / 8,
	.hot = rv64_hot,
	.nr_hot = ARRAY_SIZE(rv64_hot),

	.vm_init = rv64_vm_init,
	.vm_destroy = rv64_vm_destroy,
	.vcpu_init = rv64_vcpu_init,
	.vcpu_destroy = rv64_vcpu_destroy,

	.key = vmxl_rv64_key,
	.window = vmxl_rv64_window,
	.translate = vmxl_rv64_translate,
	.walk = vmxl_rv64_walk,
	.fault = vmxl_rv64_fault,
	.trap = vmxl_rv64_trap,
	.poll = vmxl_rv64_poll,
	.runnable = rv64_runnable,
	.halted = rv64_halted,
	.irq = rv64_irq,

	.get_reg = vmxl_rv64_get_reg,
	.set_reg = vmxl_rv64_set_reg,
	.reg_list = vmxl_rv64_reg_list,
	.sbi_complete = vmxl_rv64_sbi_complete,
	.sync = vmxl_rv64_sync,
	.view = vmxl_rv64_view,
	.critical = rv64_critical,
	.preempted = vmxl_rv64_preempted,
};
