/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM with the SMMU in it, driven through its registers and queues; and the
 * comparison of what it does with what the oracle says.
 */
#ifndef TESTS_SMMU_RIG_H
#define TESTS_SMMU_RIG_H

#include <linux/types.h>
#include "../../kmod/smmu/smmu.h"
#include "oracle.h"

/* Registers, as in chapter 6 */
enum {
	R_IDR0 = 0x0, R_IDR1 = 0x4, R_IDR3 = 0xc, R_IDR5 = 0x14, R_AIDR = 0x1c,
	R_CR0 = 0x20, R_CR0ACK = 0x24, R_CR1 = 0x28, R_CR2 = 0x2c, R_GBPA = 0x44,
	R_IRQ_CTRL = 0x50, R_IRQ_CTRLACK = 0x54, R_GERROR = 0x60, R_GERRORN = 0x64,
	R_STRTAB_BASE = 0x80, R_STRTAB_CFG = 0x88,
	R_CMDQ_BASE = 0x90, R_CMDQ_PROD = 0x98, R_CMDQ_CONS = 0x9c, R_EVTQ_BASE = 0xa0,
	R_EVTQ_PROD = 0x100a8, R_EVTQ_CONS = 0x100ac,
};

enum {
	CR0_SMMUEN = 1, CR0_EVENTQEN = 4, CR0_CMDQEN = 8, CR0_ATSCHK = 16,
	CR2_RECINVSID = 2, CR2_E2H = 1,
};

/* Commands, as in chapter 4 */
enum {
	CMD_PREFETCH_CONFIG = 0x01, CMD_PREFETCH_ADDR = 0x02, CMD_CFGI_STE = 0x03,
	CMD_CFGI_RANGE = 0x04, CMD_CFGI_CD = 0x05, CMD_CFGI_CD_ALL = 0x06,
	CMD_TLBI_NH_ALL = 0x10, CMD_TLBI_NH_ASID = 0x11, CMD_TLBI_NH_VA = 0x12,
	CMD_TLBI_NH_VAA = 0x13, CMD_TLBI_EL2_ALL = 0x20, CMD_TLBI_EL2_ASID = 0x21,
	CMD_TLBI_EL2_VA = 0x22, CMD_TLBI_EL2_VAA = 0x23, CMD_TLBI_S12_VMALL = 0x28,
	CMD_TLBI_S2_IPA = 0x2a, CMD_TLBI_NSNH_ALL = 0x30, CMD_ATC_INV = 0x40,
	CMD_PRI_RESP = 0x41, CMD_RESUME = 0x44, CMD_STALL_TERM = 0x45, CMD_SYNC = 0x46,
};

#define CMDQ_LOG2	8
#define EVTQ_LOG2	5
#define CMDQ_AT		0x0	/* offsets in RAM */
#define EVTQ_AT		0x2000

struct rig {
	struct vmxl_vm *vm;
	struct vmxl_smmu *smmu;
	u8 *ram;
	u8 *shadow;		/* what RAM must be, but for queues */
	int srcu;
	u32 prod;		/* of the command queue, with its wrap bit */
	u32 evt_cons;
	u32 vmw;		/* CR0.VMW, from rig_enable() on */
	struct orc o;		/* the oracle on the same registers and memory */
	bool dirty;		/* HD is in use: W of cached rights may lag behind */
	unsigned long checks, unpredictable, updates;
	unsigned long verdicts[4], events[32];	/* by enum orc_verdict, by number */
};

/* @oas: bits of an output address, 0: as it comes */
void rig_open(struct rig *r, unsigned int oas);
void rig_close(struct rig *r);

/* In a loop: only a failure is a line. */
#define check(cond, fmt...) do {	\
	if (!(cond))			\
		ok(0, fmt);		\
} while (0)

static inline u64 rig_rd(struct rig *r, u64 off)
{
	return vmxl_smmu_mmio_read(r->smmu, off, 4);
}

static inline void rig_wr(struct rig *r, u64 off, u32 val)
{
	vmxl_smmu_mmio_write(r->smmu, off, 4, val);
}

static inline void rig_wr64(struct rig *r, u64 off, u64 val)
{
	vmxl_smmu_mmio_write(r->smmu, off, 8, val);
}

/* Bring it up as a driver does, with these tables; caches are empty then. */
void rig_enable(struct rig *r, u64 strtab_base, u32 strtab_cfg, u32 cr2);
void rig_disable(struct rig *r);

/* Put a command in the queue; rig_sync(): CMD_SYNC, and it is done. False: an error */
void rig_cmd(struct rig *r, u64 w0, u64 w1);
bool rig_sync(struct rig *r);
/* Nothing is cached after this. */
void rig_forget(struct rig *r);

/* The next event record, or false */
bool rig_event(struct rig *r, u64 *record);

void rig_translate(struct rig *r, const struct orc_req *req, struct vmxl_smmu_res *res);
/* RAM has been changed by the test. */
void rig_snapshot(struct rig *r, u32 used);
/*
 * Do an access both ways and compare everything: verdict, address, rights, size,
 * event record, updates of tables. A stall is ended. Return: they agree.
 */
bool rig_check(struct rig *r, const struct orc_req *req);

/* The same of an ATS translation request; of a translated transaction. Tables may be updated. */
bool rig_check_ats(struct rig *r, const struct orc_req *req);
bool rig_check_translated(struct rig *r, const struct orc_req *req);
void rig_set_atschk(struct rig *r, bool on);

/* What was compared, as a diagnostic line or two; counts begin anew. */
void rig_report(struct rig *r);

/* Of rig_check(): whether an answer is one that @want allows */
bool rig_same(struct rig *r, const struct orc_res *want, const struct vmxl_smmu_res *got,
	      bool has_event, const u64 *record);

static inline u64 cmd_sid(unsigned int op, u32 sid)
{
	return op | (u64)sid << 32;
}

static inline u64 cmd_tlbi(unsigned int op, u16 vmid, u16 asid)
{
	return op | (u64)vmid << 32 | (u64)asid << 48;
}

#endif /* TESTS_SMMU_RIG_H */
