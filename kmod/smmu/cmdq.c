// SPDX-License-Identifier: GPL-2.0
/*
 * The command queue. A write to its index carries out the first commands at
 * once, since an unmap waits for two or three, and leaves the rest to a worker,
 * so that no guest keeps a vCPU in the module. Each command is bounded work.
 */
#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#include "../memslot.h"
#include "../trace.h"
#include "../vm.h"
#include "internal.h"

#define INLINE_CMDS	64	/* within the store that submits them */
#define WORK_CMDS	256	/* by the worker, before others get the lock */
#define BATCH		16	/* read from the queue at once */

static const struct smmu_queue_type cmdq_type = {
	.max = LOG2_CMDQ, .shift = 4, .enable = CR0_CMDQEN,
};

/* ---- commands: return CERROR_* ---- */

static int cmd_nothing(struct vmxl_smmu *s, const u64 *cmd)
{
	return CERROR_NONE;
}

static int cmd_cfgi_ste(struct vmxl_smmu *s, const u64 *cmd)
{
	vmxl_smmu_cfg_drop(s, FIELD_GET(CMD_SID, cmd[0]), ~0u, CD_ANY);
	return CERROR_NONE;
}

static int cmd_cfgi_ste_range(struct vmxl_smmu *s, const u64 *cmd)
{
	u64 span = 2ULL << FIELD_GET(CMD1_RANGE, cmd[1]);

	vmxl_smmu_cfg_drop(s, FIELD_GET(CMD_SID, cmd[0]), ~(span - 1), CD_ANY);
	return CERROR_NONE;
}

static int cmd_cfgi_cd(struct vmxl_smmu *s, const u64 *cmd)
{
	vmxl_smmu_cfg_drop(s, FIELD_GET(CMD_SID, cmd[0]), ~0u, FIELD_GET(CMD_SSID, cmd[0]));
	return CERROR_NONE;
}

static int cmd_cfgi_cd_all(struct vmxl_smmu *s, const u64 *cmd)
{
	vmxl_smmu_cfg_drop(s, FIELD_GET(CMD_SID, cmd[0]), ~0u, CD_ALL);
	return CERROR_NONE;
}

/* Invalidations: what of a command names entries */
#define BY_VMID		(1u << 0)
#define BY_ASID		(1u << 1)
#define BY_ADDR		(1u << 2)
#define BY_IPA		(1u << 3)

static const struct tlbi_cmd {
	u8 op;
	u8 by;
	u32 regimes;
} tlbi_cmds[] = {
	{ CMD_TLBI_NH_ALL, BY_VMID, BIT(REGIME_EL1) },
	{ CMD_TLBI_NH_ASID, BY_VMID | BY_ASID, BIT(REGIME_EL1) },
	{ CMD_TLBI_NH_VA, BY_VMID | BY_ASID | BY_ADDR, BIT(REGIME_EL1) },
	{ CMD_TLBI_NH_VAA, BY_VMID | BY_ADDR, BIT(REGIME_EL1) },
	{ CMD_TLBI_EL2_ALL, 0, BIT(REGIME_EL2) | BIT(REGIME_EL2_E2H) },
	{ CMD_TLBI_EL2_ASID, BY_ASID, BIT(REGIME_EL2_E2H) },
	{ CMD_TLBI_EL2_VA, BY_ASID | BY_ADDR, BIT(REGIME_EL2) | BIT(REGIME_EL2_E2H) },
	{ CMD_TLBI_EL2_VAA, BY_ADDR, BIT(REGIME_EL2) | BIT(REGIME_EL2_E2H) },
	{ CMD_TLBI_S12_VMALL, BY_VMID, BIT(REGIME_EL1) | BIT(REGIME_S2) },
	{ CMD_TLBI_S2_IPA, BY_VMID | BY_IPA, BIT(REGIME_S2) },
	{ CMD_TLBI_NSNH_ALL, 0, BIT(REGIME_EL1) | BIT(REGIME_S2) },
};

/* Of the two EL2 regimes, addresses are of the one that CR2.E2H selects. */
static u32 el2_regime(const struct vmxl_smmu *s)
{
	return s->cr2 & CR2_E2H ? BIT(REGIME_EL2_E2H) : BIT(REGIME_EL2);
}

static int tlbi_range(const u64 *cmd, struct smmu_tlbi *t, bool ds)
{
	unsigned int num = FIELD_GET(CMD_NUM, cmd[0]), scale = FIELD_GET(CMD_SCALE, cmd[0]);

	t->len = 1ULL << 12;
	t->tg = FIELD_GET(CMD1_TG, cmd[1]);
	if (!t->tg)
		return CERROR_NONE;
	t->level = FIELD_GET(CMD1_TTL, cmd[1]);
	if (t->tg == 2 && t->level == 1 && !ds)
		t->level = 0;	/* there are no such blocks */
	if (!num && !scale && !t->level)
		return CERROR_ILL;
	t->len = (u64)(num + 1) << (scale + 10 + 2 * t->tg);
	if (t->addr + (t->len - 1) < t->addr)
		t->len = -t->addr;
	return CERROR_NONE;
}

/* Bits of VMIDs that CR0.VMW has commands not look at */
static u16 vmid_wild(const struct vmxl_smmu *s)
{
	unsigned int vmw = FIELD_GET(CR0_VMW, s->cr0);

	return vmw <= 4 ? (1u << vmw) - 1 : 0;
}

static int cmd_tlbi(struct vmxl_smmu *s, const u64 *cmd)
{
	const struct tlbi_cmd *c = tlbi_cmds;
	struct smmu_tlbi t = { .vmid = -1, .asid = -1, .leaf = cmd[1] & CMD1_LEAF };
	int err = CERROR_NONE;

	while (c->op != FIELD_GET(CMD_OP, cmd[0]))
		c++;
	t.regimes = c->regimes;
	if (c->by & BY_VMID) {
		t.vmid = FIELD_GET(CMD_VMID, cmd[0]);
		t.wild = vmid_wild(s);
	}
	if (c->by & BY_ASID)
		t.asid = FIELD_GET(CMD_ASID, cmd[0]);
	if (c->by & (BY_ADDR | BY_IPA)) {
		t.by_addr = true;
		t.addr = cmd[1] & (c->by & BY_IPA ? CMD1_IPA : CMD1_ADDR);
		err = tlbi_range(cmd, &t, s->oas == 52);
		if (t.regimes & BIT(REGIME_EL2))
			t.regimes = el2_regime(s);
		if (t.regimes == BIT(REGIME_EL2))
			t.asid = -1;
	}
	if (!err)
		vmxl_smmu_tlbi(s, &t);
	return err;
}

static int cmd_atc_inv(struct vmxl_smmu *s, const u64 *cmd)
{
	unsigned int size = FIELD_GET(CMD1_SIZE, cmd[1]);
	struct vmxl_smmu_msg msg = {
		.type = VMXL_SMMU_MSG_ATC_INV,
		.sid = FIELD_GET(CMD_SID, cmd[0]),
		.size = size + 12,
	};

	if (size > 52)
		return CERROR_ILL;
	if (cmd[0] & CMD_SSV) {
		msg.ssid = FIELD_GET(CMD_SSID, cmd[0]);
		msg.flags = VMXL_SMMU_SSV |
			    (cmd[0] & CMD_ATC_GLOBAL ? VMXL_SMMU_MSG_GLOBAL : 0);
	}
	if (size < 52)
		msg.addr = cmd[1] & ~((1ULL << (size + 12)) - 1);
	if (s->cr0 & CR0_SMMUEN)
		vmxl_smmu_send(s, &msg);
	return CERROR_NONE;
}

static int cmd_pri_resp(struct vmxl_smmu *s, const u64 *cmd)
{
	unsigned int resp = FIELD_GET(CMD_PRI_RESP, cmd[1]);
	struct vmxl_smmu_msg msg = {
		.type = VMXL_SMMU_MSG_PRI_RESP,
		.sid = FIELD_GET(CMD_SID, cmd[0]),
		.prgi = FIELD_GET(CMD1_PRI_PRGI, cmd[1]),
		.resp = resp,
	};

	if (resp == 3)
		return CERROR_ILL;
	if (cmd[0] & CMD_SSV) {
		msg.ssid = FIELD_GET(CMD_SSID, cmd[0]);
		msg.flags = VMXL_SMMU_SSV;
	}
	if (s->cr0 & CR0_SMMUEN)
		vmxl_smmu_send(s, &msg);
	return CERROR_NONE;
}

static int cmd_resume(struct vmxl_smmu *s, const u64 *cmd)
{
	enum smmu_stall_state how = STALL_RAZWI;

	if (cmd[0] & CMD_RESUME_AC)
		how = STALL_RETRY;
	else if (cmd[0] & CMD_RESUME_AB)
		how = STALL_ABORT;
	vmxl_smmu_stall_end(s, FIELD_GET(CMD_SID, cmd[0]), FIELD_GET(CMD1_STAG, cmd[1]), how);
	return CERROR_NONE;
}

static int cmd_stall_term(struct vmxl_smmu *s, const u64 *cmd)
{
	vmxl_smmu_stall_term(s, FIELD_GET(CMD_SID, cmd[0]));
	return CERROR_NONE;
}

/* All before it is complete: that is how commands are carried out here. */
static int cmd_sync(struct vmxl_smmu *s, const u64 *cmd)
{
	if (FIELD_GET(CMD_SYNC_CS, cmd[0]) == 3)
		return CERROR_ILL;
	if (s->atc_failed) {
		s->atc_failed = false;
		return CERROR_ATC_INV_SYNC;
	}
	return CERROR_NONE;
}

/* Once CONS shows that it was consumed */
static void sync_signal(struct vmxl_smmu *s, const u64 *cmd)
{
	u64 addr = cmd[1] & MSI_ADDR;

	if (FIELD_GET(CMD_SYNC_CS, cmd[0]) != CMD_SYNC_IRQ)
		return;
	vmxl_smmu_irq(s, SMMU_IRQ_SYNC);
	if (addr && vmxl_smmu_msi(s, addr, FIELD_GET(CMD_SYNC_MSIDATA, cmd[0])))
		vmxl_smmu_gerror(s, GERROR_MSI_CMDQ_ABT);
}

static const struct cmd {
	int (*fn)(struct vmxl_smmu *s, const u64 *cmd);
	bool ssec;		/* has an SSec field, which must be 0 */
} cmds[] = {
	[CMD_PREFETCH_CONFIG] = { cmd_nothing, true },
	[CMD_PREFETCH_ADDR] = { cmd_nothing, true },
	[CMD_CFGI_STE] = { cmd_cfgi_ste, true },
	[CMD_CFGI_STE_RANGE] = { cmd_cfgi_ste_range, true },
	[CMD_CFGI_CD] = { cmd_cfgi_cd, true },
	[CMD_CFGI_CD_ALL] = { cmd_cfgi_cd_all, true },
	[CMD_TLBI_NH_ALL] = { cmd_tlbi },
	[CMD_TLBI_NH_ASID] = { cmd_tlbi },
	[CMD_TLBI_NH_VA] = { cmd_tlbi },
	[CMD_TLBI_NH_VAA] = { cmd_tlbi },
	[CMD_TLBI_EL2_ALL] = { cmd_tlbi },
	[CMD_TLBI_EL2_ASID] = { cmd_tlbi },
	[CMD_TLBI_EL2_VA] = { cmd_tlbi },
	[CMD_TLBI_EL2_VAA] = { cmd_tlbi },
	[CMD_TLBI_S12_VMALL] = { cmd_tlbi },
	[CMD_TLBI_S2_IPA] = { cmd_tlbi },
	[CMD_TLBI_NSNH_ALL] = { cmd_tlbi },
	[CMD_ATC_INV] = { cmd_atc_inv },
	[CMD_PRI_RESPONSE] = { cmd_pri_resp },
	[CMD_RESUME] = { cmd_resume, true },
	[CMD_STALL_TERM] = { cmd_stall_term, true },
	[CMD_SYNC] = { cmd_sync },
};

static int carry_out(struct vmxl_smmu *s, const u64 *cmd)
{
	unsigned int op = FIELD_GET(CMD_OP, cmd[0]);

	if (op >= ARRAY_SIZE(cmds) || !cmds[op].fn)
		return CERROR_ILL;
	if (cmds[op].ssec && (cmd[0] & CMD_SSEC))
		return CERROR_ILL;
	return cmds[op].fn(s, cmd);
}

/* ---- the queue; s->lock is held ---- */

static bool has_commands(const struct vmxl_smmu *s)
{
	return (s->cr0 & CR0_CMDQEN) && !((s->gerror ^ s->gerrorn) & GERROR_CMDQ) &&
	       ((s->cmdq.prod ^ s->cmdq.cons) & queue_mask(&s->cmdq, &cmdq_type));
}

/* Commands that were read ahead: @at of @n were carried out. */
struct batch {
	unsigned int at, n;
	__le64 le[BATCH][2];
};

/* Commands from CONS on that lie beside each other, at most BATCH */
static unsigned int beside(const struct vmxl_smmu *s)
{
	u32 size = 1u << queue_log2(&s->cmdq, &cmdq_type);
	u32 there = (s->cmdq.prod - s->cmdq.cons) & queue_mask(&s->cmdq, &cmdq_type);

	return min3(there, size - (s->cmdq.cons & (size - 1)), (u32)BATCH);
}

static int read_batch(struct vmxl_smmu *s, struct batch *b)
{
	u64 gpa = queue_entry(&s->cmdq, &cmdq_type, s->cmdq.cons) & GENMASK_ULL(s->oas - 1, 0);

	/* Software writes commands, then PROD. */
	smp_rmb();
	b->at = 0;
	b->n = beside(s);
	if (!vmxl_gpa_read(s->vm, gpa, b->le, b->n * sizeof(b->le[0])))
		return CERROR_NONE;
	/* It may be a later one that cannot be read. */
	b->n = 1;
	return vmxl_gpa_read(s->vm, gpa, b->le, sizeof(b->le[0])) ? CERROR_ABT : CERROR_NONE;
}

static int fetch(struct vmxl_smmu *s, struct batch *b, u64 *cmd)
{
	int err = b->at < b->n ? CERROR_NONE : read_batch(s, b);

	if (err)
		return err;
	cmd[0] = le64_to_cpu(b->le[b->at][0]);
	cmd[1] = le64_to_cpu(b->le[b->at][1]);
	b->at++;
	return CERROR_NONE;
}

/* CONS stays at a command that cannot be carried out. */
static void step(struct vmxl_smmu *s, struct batch *b)
{
	u32 mask = queue_mask(&s->cmdq, &cmdq_type);
	u64 cmd[2] = {};
	int err = fetch(s, b, cmd);

	if (!err)
		err = carry_out(s, cmd);
	if (err) {
		s->cmdq.cons = (s->cmdq.cons & mask) | FIELD_PREP(CMDQ_CONS_ERR, err);
		vmxl_smmu_gerror(s, GERROR_CMDQ);
		trace_vmxl_smmu_cmd_error(s->vm, FIELD_GET(CMD_OP, cmd[0]), err);
		return;
	}
	s->cmdq.cons = (s->cmdq.cons + 1) & mask;
	s->stats.cmds++;
	if (FIELD_GET(CMD_OP, cmd[0]) == CMD_SYNC)
		sync_signal(s, cmd);
}

/* Whether there are more */
static bool some_steps(struct vmxl_smmu *s, unsigned int n)
{
	struct batch b;

	b.at = 0;
	b.n = 0;
	while (n-- && has_commands(s))
		step(s, &b);
	return has_commands(s);
}

/**
 * vmxl_smmu_cmdq_kick() - carry out commands, if there are any and they may be
 * @s: the SMMU; s->lock is held
 */
void vmxl_smmu_cmdq_kick(struct vmxl_smmu *s)
{
	lockdep_assert_held(&s->lock);
	if (some_steps(s, INLINE_CMDS))
		queue_work(system_unbound_wq, &s->work);
}

static void work_steps(struct vmxl_smmu *s)
{
	bool more = true;
	int idx;

	while (more) {
		idx = srcu_read_lock(&s->vm->srcu);
		mutex_lock(&s->lock);
		more = some_steps(s, WORK_CMDS) && !s->dying;
		mutex_unlock(&s->lock);
		srcu_read_unlock(&s->vm->srcu, idx);
		cond_resched();
	}
}

/**
 * vmxl_smmu_cmdq_work() - carry out the commands that are left
 * @work: of the SMMU
 */
void vmxl_smmu_cmdq_work(struct work_struct *work)
{
	struct vmxl_smmu *s = container_of(work, struct vmxl_smmu, work);
	struct mm_struct *mm = s->vm->mm;

	/* Guest memory is pinned as the owner's; without one, nobody is left to see. */
	if (!mmget_not_zero(mm))
		return;
	kthread_use_mm(mm);
	work_steps(s);
	kthread_unuse_mm(mm);
	mmput(mm);
}

/**
 * vmxl_smmu_flush() - wait until all commands that can be carried out are
 * @s: the SMMU
 */
void vmxl_smmu_flush(struct vmxl_smmu *s)
{
	flush_work(&s->work);
}
