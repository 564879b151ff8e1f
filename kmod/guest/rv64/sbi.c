// SPDX-License-Identifier: GPL-2.0
/*
 * The Supervisor Binary Interface, version 2.0, where the module is the
 * guest's firmware. Consoles are user space's: those calls leave.
 *
 * A handler gets the call's registers and answers error and value in struct
 * sbi_ret, which go to a0 and a1 when it answers NEXT; with anything else it
 * has seen to the registers and the pc itself.
 */
#include <linux/kernel.h>
#include "../../mmu/mem.h"
#include "sbi.h"

#define SBI_SPEC_VERSION	(2u << 24)
#define SBI_IMPL_ID		0x564d584c	/* "VMXL": none is assigned */
#define SBI_IMPL_VERSION	1

static enum vmxl_act sbi_base(struct sbi_call *c)
{
	static const u64 answers[] = {
		[0] = SBI_SPEC_VERSION, [1] = SBI_IMPL_ID, [2] = SBI_IMPL_VERSION,
		[4] = 0, [5] = 0, [6] = 0,	/* mvendorid, marchid, mimpid */
	};

	if (c->fid == 3)
		c->ret.value = vmxl_rv64_sbi_probe(c->arg[0]);
	else
		c->ret.value = answers[c->fid];
	return VMXL_ACT_NEXT;
}

static enum vmxl_act sbi_time(struct sbi_call *c)
{
	rv_regs(c->vcpu)->stimecmp = c->arg[0];
	vmxl_rv64_timer_update(c->vcpu);
	vmxl_rv64_fw_event(c->vcpu, SBI_FW_SET_TIMER);
	return VMXL_ACT_NEXT;
}

/* A hart as SBI names it, base and offset; NULL if there is none */
static struct vmxl_vcpu *hart(struct vmxl_vm *vm, u64 base, u64 offset)
{
	if (base >= VMXL_MAX_VCPUS || offset >= VMXL_MAX_VCPUS - base)
		return NULL;
	return READ_ONCE(vm->vcpus[base + offset]);
}

/*
 * The vCPUs that a hart mask names, as a bitmap. False, and the error set,
 * if one of them is not there.
 */
static bool hart_mask(struct sbi_call *c, u64 mask, u64 base, unsigned long *harts)
{
	struct vmxl_vcpu *vcpu;
	unsigned int i;

	bitmap_zero(harts, VMXL_MAX_VCPUS);
	if (base == ~0ULL) {
		vmxl_for_each_vcpu(c->vcpu->vm, vcpu, i)
			__set_bit(i, harts);
		return true;
	}
	for (i = 0; i < 64; i++) {
		if (!(mask >> i & 1))
			continue;
		if (!hart(c->vcpu->vm, base, i)) {
			c->ret.error = SBI_ERR_INVALID_PARAM;
			return false;
		}
		__set_bit(base + i, harts);
	}
	return true;
}

static void send_ipis(struct vmxl_vcpu *vcpu, const unsigned long *harts)
{
	unsigned int i;

	for_each_set_bit(i, harts, VMXL_MAX_VCPUS) {
		struct vmxl_vcpu *to = vcpu->vm->vcpus[i];

		vmxl_rv64_fw_event(vcpu, SBI_FW_IPI_SENT);
		vmxl_rv64_fw_event(to, SBI_FW_IPI_RECEIVED);
		if (!test_and_set_bit(RV_IRQ_SSI, &rv_arch(to)->soft))
			vmxl_vcpu_kick(to);
	}
}

static enum vmxl_act sbi_ipi(struct sbi_call *c)
{
	DECLARE_BITMAP(harts, VMXL_MAX_VCPUS);

	if (hart_mask(c, c->arg[0], c->arg[1], harts))
		send_ipis(c->vcpu, harts);
	return VMXL_ACT_NEXT;
}

/* Firmware events of a fence, sent; received is the next one */
static const u8 fence_events[] = {
	SBI_FW_FENCE_I_SENT, SBI_FW_SFENCE_SENT, SBI_FW_SFENCE_ASID_SENT,
};

static void send_fences(struct vmxl_vcpu *vcpu, const unsigned long *harts, u32 kind,
			const struct vmxl_rv64_fence *f)
{
	unsigned int i;

	if (f)
		vmxl_rv64_fence_windows(vcpu, f);
	for_each_set_bit(i, harts, VMXL_MAX_VCPUS) {
		struct vmxl_vcpu *to = vcpu->vm->vcpus[i];

		if (to == vcpu) {
			if (f)
				vmxl_rv64_fence_local(vcpu, f);
			continue;
		}
		/* a hart that is stopped drops all when it starts */
		if (READ_ONCE(to->mp_state) == VMXL_MP_STOPPED)
			continue;
		vmxl_rv64_fw_event(vcpu, fence_events[kind]);
		vmxl_rv64_fw_event(to, fence_events[kind] + 1);
		vmxl_rv64_fence_send(vcpu, to, f);
	}
}

/* Send once, then stay at the ecall until the others have done it. */
static enum vmxl_act remote_fence(struct sbi_call *c, const unsigned long *harts, u32 kind,
				  const struct vmxl_rv64_fence *f)
{
	struct vmxl_rv64_vcpu *a = rv_arch(c->vcpu);

	if (bitmap_empty(a->fence_wait, VMXL_MAX_VCPUS))
		send_fences(c->vcpu, harts, kind, f);
	a->fence_pc = c->vcpu->gs->pc;
	return vmxl_rv64_fence_wait(c->vcpu) ? VMXL_ACT_NEXT : VMXL_ACT_LEAVE;
}

static struct vmxl_rv64_fence fence_range(u64 start, u64 size, u32 asid)
{
	struct vmxl_rv64_fence f = { .start = start, .size = size, .asid = asid };

	if ((!start && !size) || size > ~start)
		f = (struct vmxl_rv64_fence) { .size = ~0ULL, .asid = asid };
	return f;
}

static enum vmxl_act sbi_rfence(struct sbi_call *c)
{
	DECLARE_BITMAP(harts, VMXL_MAX_VCPUS);
	struct vmxl_rv64_fence f;

	if (c->fid > 2) {
		c->ret.error = SBI_ERR_NOT_SUPPORTED;
		return VMXL_ACT_NEXT;
	}
	if (c->fid == 2 && c->arg[4] > RV_SATP_ASID) {
		c->ret.error = SBI_ERR_INVALID_PARAM;
		return VMXL_ACT_NEXT;
	}
	if (!hart_mask(c, c->arg[0], c->arg[1], harts))
		return VMXL_ACT_NEXT;
	f = fence_range(c->arg[2], c->arg[3], c->fid == 2 ? c->arg[4] : VMXL_ASID_ALL);
	return remote_fence(c, harts, c->fid, c->fid ? &f : NULL);
}

/* An address that S-mode could run from */
static bool code_address(struct vmxl_vcpu *vcpu, u64 addr)
{
	return !(addr & 1) && vmxl_memslot_find(vcpu->vm, addr);
}

static enum vmxl_act hsm_start(struct sbi_call *c)
{
	struct vmxl_vcpu *to = hart(c->vcpu->vm, 0, c->arg[0]);

	if (!to)
		c->ret.error = SBI_ERR_INVALID_PARAM;
	else if (!code_address(c->vcpu, c->arg[1]))
		c->ret.error = SBI_ERR_INVALID_ADDRESS;
	else if (vmxl_rv64_hsm_start(to, c->arg[1], c->arg[2]))
		c->ret.error = SBI_ERR_ALREADY_AVAILABLE;
	return VMXL_ACT_NEXT;
}

static enum vmxl_act hsm_stop(struct sbi_call *c)
{
	vmxl_rv64_hsm_stop(c->vcpu);
	return VMXL_ACT_NEXT;
}

static enum vmxl_act hsm_status(struct sbi_call *c)
{
	struct vmxl_vcpu *of = hart(c->vcpu->vm, 0, c->arg[0]);

	if (of)
		c->ret.value = vmxl_rv64_hsm_state(of);
	else
		c->ret.error = SBI_ERR_INVALID_PARAM;
	return VMXL_ACT_NEXT;
}

/* Go to sleep until an interrupt is pending. */
static void doze(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);

	a->halted = true;
	WRITE_ONCE(a->suspended, true);
	vmxl_vcpu_kick_self(vcpu);
}

#define SUSPEND_RETENTIVE	0u
#define SUSPEND_NON_RETENTIVE	0x80000000u

static enum vmxl_act hsm_suspend(struct sbi_call *c)
{
	u32 type = c->arg[0];

	if (type != SUSPEND_RETENTIVE && type != SUSPEND_NON_RETENTIVE) {
		c->ret.error = SBI_ERR_INVALID_PARAM;
		return VMXL_ACT_NEXT;
	}
	if (type == SUSPEND_NON_RETENTIVE && !code_address(c->vcpu, c->arg[1])) {
		c->ret.error = SBI_ERR_INVALID_ADDRESS;
		return VMXL_ACT_NEXT;
	}
	doze(c->vcpu);
	if (type == SUSPEND_RETENTIVE)
		return VMXL_ACT_NEXT;
	vmxl_rv64_hsm_resume_at(c->vcpu, c->arg[1], c->arg[2]);
	c->vcpu->gs->icount++;
	return VMXL_ACT_LEAVE;
}

static enum vmxl_act sbi_hsm(struct sbi_call *c)
{
	static enum vmxl_act (*const fn[])(struct sbi_call *c) = {
		hsm_start, hsm_stop, hsm_status, hsm_suspend,
	};

	return fn[c->fid](c);
}

static void move_on(struct vmxl_vcpu *vcpu)
{
	vcpu->gs->pc += 4;
	vcpu->gs->icount++;
}

static enum vmxl_act system_event(struct vmxl_vcpu *vcpu, u32 type, u64 data0, u64 data1)
{
	struct vmxl_run *run = vcpu->run;

	run->exit_reason = VMXL_EXIT_SYSTEM_EVENT;
	memset(&run->system_event, 0, sizeof(run->system_event));
	run->system_event.type = type;
	run->system_event.ndata = 2;
	run->system_event.data[0] = data0;
	run->system_event.data[1] = data1;
	return VMXL_ACT_EXIT;
}

static enum vmxl_act sbi_srst(struct sbi_call *c)
{
	u32 type = c->arg[0], reason = c->arg[1];

	/* vendors' types and reasons are none of ours */
	if (type > 2 || (reason > 1 && reason < 0xe0000000)) {
		c->ret.error = SBI_ERR_INVALID_PARAM;
		return VMXL_ACT_NEXT;
	}
	move_on(c->vcpu);
	if (!type)
		return system_event(c->vcpu, VMXL_SYSTEM_EVENT_SHUTDOWN, reason, 0);
	return system_event(c->vcpu, VMXL_SYSTEM_EVENT_RESET, type, reason);
}

static bool others_stopped(struct vmxl_vcpu *vcpu)
{
	struct vmxl_vcpu *other;
	unsigned int i;

	vmxl_for_each_vcpu(vcpu->vm, other, i)
		if (other != vcpu && vmxl_rv64_hsm_state(other) != RV_HSM_STOPPED)
			return false;
	return true;
}

static enum vmxl_act sbi_susp(struct sbi_call *c)
{
	if ((u32)c->arg[0])
		c->ret.error = SBI_ERR_INVALID_PARAM;
	else if (!code_address(c->vcpu, c->arg[1]))
		c->ret.error = SBI_ERR_INVALID_ADDRESS;
	else if (!others_stopped(c->vcpu))
		c->ret.error = SBI_ERR_DENIED;
	if (c->ret.error)
		return VMXL_ACT_NEXT;
	doze(c->vcpu);
	vmxl_rv64_hsm_resume_at(c->vcpu, c->arg[1], c->arg[2]);
	c->vcpu->gs->icount++;
	return system_event(c->vcpu, VMXL_SYSTEM_EVENT_SUSPEND, 0, 0);
}

#define SBI_USER	1
#define SBI_USER_LEGACY	2

/* User space carries it out and answers in run->riscv_sbi.ret; see vmxl_rv64_sbi_complete(). */
static enum vmxl_act to_user(struct sbi_call *c, u8 kind)
{
	struct vmxl_run *run = c->vcpu->run;

	run->exit_reason = VMXL_EXIT_RISCV_SBI;
	memset(&run->riscv_sbi, 0, sizeof(run->riscv_sbi));
	run->riscv_sbi.extension_id = c->eid;
	run->riscv_sbi.function_id = c->fid;
	memcpy(run->riscv_sbi.args, c->arg, sizeof(c->arg));
	run->riscv_sbi.ret[0] = SBI_ERR_NOT_SUPPORTED;
	rv_arch(c->vcpu)->sbi_user = kind;
	move_on(c->vcpu);
	return VMXL_ACT_EXIT;
}

static enum vmxl_act sbi_dbcn(struct sbi_call *c)
{
	return to_user(c, SBI_USER);
}

static enum vmxl_act legacy_console(struct sbi_call *c)
{
	return to_user(c, SBI_USER_LEGACY);
}

static enum vmxl_act legacy_clear_ipi(struct sbi_call *c)
{
	c->ret.error = test_and_clear_bit(RV_IRQ_SSI, &rv_arch(c->vcpu)->soft);
	return VMXL_ACT_NEXT;
}

/* The mask of harts 0..63 is in guest memory; no mask means all. */
static enum vmxl_act legacy_mask(struct sbi_call *c, unsigned long *harts)
{
	u64 mask = 0, bit;
	enum vmxl_act act = VMXL_ACT_NEXT;
	struct vmxl_vcpu *vcpu;
	unsigned int i;

	if (c->arg[0])
		act = vmxl_mem_load(c->vcpu, c->arg[0], VMXL_MT_U64, &mask);
	bitmap_zero(harts, VMXL_MAX_VCPUS);
	vmxl_for_each_vcpu(c->vcpu->vm, vcpu, i) {
		bit = i < 64 ? mask >> i & 1 : 0;
		if (!c->arg[0] || bit)
			__set_bit(i, harts);
	}
	return act;
}

static enum vmxl_act legacy_ipi(struct sbi_call *c)
{
	DECLARE_BITMAP(harts, VMXL_MAX_VCPUS);
	enum vmxl_act act = legacy_mask(c, harts);

	if (act == VMXL_ACT_NEXT)
		send_ipis(c->vcpu, harts);
	return act;
}

static enum vmxl_act legacy_fence(struct sbi_call *c)
{
	u32 kind = c->eid - SBI_LEGACY_FENCE_I;
	DECLARE_BITMAP(harts, VMXL_MAX_VCPUS);
	struct vmxl_rv64_fence f;
	enum vmxl_act act = legacy_mask(c, harts);

	if (act != VMXL_ACT_NEXT)
		return act;
	f = fence_range(c->arg[1], c->arg[2],
			kind == 2 ? c->arg[3] & RV_SATP_ASID : VMXL_ASID_ALL);
	return remote_fence(c, harts, kind, kind ? &f : NULL);
}

static enum vmxl_act legacy_shutdown(struct sbi_call *c)
{
	move_on(c->vcpu);
	return system_event(c->vcpu, VMXL_SYSTEM_EVENT_SHUTDOWN, 0, 0);
}

/* Legacy calls have no function number, and return in a0 alone. */
static const struct sbi_ext {
	u32 eid;
	u32 nr_fn;		/* 0: legacy */
	enum vmxl_act (*call)(struct sbi_call *c);
} sbi_table[] = {
	{ SBI_BASE,	7, sbi_base },
	{ SBI_TIME,	1, sbi_time },
	{ SBI_IPI,	1, sbi_ipi },
	{ SBI_RFENCE,	7, sbi_rfence },
	{ SBI_HSM,	4, sbi_hsm },
	{ SBI_SRST,	1, sbi_srst },
	{ SBI_DBCN,	3, sbi_dbcn },
	{ SBI_SUSP,	1, sbi_susp },
	{ SBI_PMU,	SBI_PMU_NR, vmxl_rv64_sbi_pmu },
	{ SBI_STA,	1, vmxl_rv64_sbi_sta },
	{ SBI_LEGACY_SET_TIMER,		0, sbi_time },
	{ SBI_LEGACY_PUTCHAR,		0, legacy_console },
	{ SBI_LEGACY_GETCHAR,		0, legacy_console },
	{ SBI_LEGACY_CLEAR_IPI,		0, legacy_clear_ipi },
	{ SBI_LEGACY_SEND_IPI,		0, legacy_ipi },
	{ SBI_LEGACY_FENCE_I,		0, legacy_fence },
	{ SBI_LEGACY_SFENCE,		0, legacy_fence },
	{ SBI_LEGACY_SFENCE_ASID,	0, legacy_fence },
	{ SBI_LEGACY_SHUTDOWN,		0, legacy_shutdown },
};

static const struct sbi_ext *find_ext(u64 eid)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sbi_table); i++)
		if (sbi_table[i].eid == (u32)eid)
			return &sbi_table[i];
	return NULL;
}

/* Whether the module has the extension, for the BASE extension's probe */
bool vmxl_rv64_sbi_probe(u64 eid)
{
	return find_ext(eid);
}

/**
 * vmxl_rv64_sbi() - carry out an SBI call
 * @vcpu: a hart at an ecall in S-mode
 *
 * Return: LEAVE with the pc behind the ecall (or, while a remote fence has not
 * been carried out, still at it); EXIT where user space is to do something.
 */
enum vmxl_act vmxl_rv64_sbi(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_regs *r = rv_regs(vcpu);
	struct sbi_call c = { .vcpu = vcpu, .eid = r->x[17], .fid = r->x[16] };
	const struct sbi_ext *ext = find_ext(c.eid);
	enum vmxl_act act = VMXL_ACT_NEXT;

	memcpy(c.arg, &r->x[10], sizeof(c.arg));
	if (ext && !ext->nr_fn)
		c.fid = 0;
	if (!ext || (ext->nr_fn && c.fid >= ext->nr_fn))
		c.ret.error = SBI_ERR_NOT_SUPPORTED;
	else
		act = ext->call(&c);
	if (act != VMXL_ACT_NEXT)
		return act;
	bitmap_zero(rv_arch(vcpu)->fence_wait, VMXL_MAX_VCPUS);
	r->x[10] = c.ret.error;
	if (!ext || ext->nr_fn)
		r->x[11] = c.ret.value;
	move_on(vcpu);
	return VMXL_ACT_LEAVE;
}

void vmxl_rv64_sbi_complete(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	struct vmxl_rv64_regs *r = rv_regs(vcpu);

	if (!a->sbi_user)
		return;
	r->x[10] = READ_ONCE(vcpu->run->riscv_sbi.ret[0]);
	if (a->sbi_user == SBI_USER)
		r->x[11] = READ_ONCE(vcpu->run->riscv_sbi.ret[1]);
	a->sbi_user = 0;
}
