// SPDX-License-Identifier: GPL-2.0
/* The rig, see rig.h. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <shim/shim.h>
#include "../../kmod/memslot.h"
#include "../../kmod/vm.h"
#include "rig.h"
#include "world.h"

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static u8 *pages(void)
{
	u8 *p = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("no memory");
	return p;
}

static void read_ids(struct rig *r)
{
	r->o = (struct orc) {
		.idr0 = rig_rd(r, R_IDR0), .idr1 = rig_rd(r, R_IDR1), .idr3 = rig_rd(r, R_IDR3),
		.idr5 = rig_rd(r, R_IDR5), .aidr = rig_rd(r, R_AIDR), .read = world_read,
	};
}

void rig_open(struct rig *r, unsigned int oas)
{
	struct vmxl_create_vm args = { .isa = VMXL_ISA_RV64 };
	struct vmxl_memory_region region = {
		.guest_phys_addr = RAM_BASE, .memory_size = RAM_SIZE,
	};

	memset(r, 0, sizeof(*r));
	r->ram = pages();
	r->shadow = pages();
	if (shim_init())
		die("the module does not load");
	shim_enter();
	r->vm = vmxl_vm_create(&args);
	if (IS_ERR(r->vm))
		die("no VM");
	region.userspace_addr = (uintptr_t)r->ram;
	if (vmxl_memslot_set(r->vm, &region))
		die("no memory slot");
	r->smmu = vmxl_smmu_new(r->vm);
	if (IS_ERR_OR_NULL(r->smmu))
		die("no SMMU");
	if (oas && vmxl_smmu_config(r->smmu, VMXL_SMMU_OAS, oas))
		die("no such size of addresses");
	r->srcu = srcu_read_lock(&r->vm->srcu);
	read_ids(r);
}

void rig_close(struct rig *r)
{
	srcu_read_unlock(&r->vm->srcu, r->srcu);
	vmxl_smmu_free(r->smmu);
	vmxl_vm_put(r->vm);
	shim_leave();
	munmap(r->ram, RAM_SIZE);
	munmap(r->shadow, RAM_SIZE);
	shim_exit();
	if (shim_check_leaks())
		die("something leaks");
}

void rig_disable(struct rig *r)
{
	rig_wr(r, R_CR0, 0);
	if (rig_rd(r, R_CR0ACK) & 0xf)
		die("CR0ACK does not follow CR0");
}

static void enable(struct rig *r, u32 bits)
{
	rig_wr(r, R_CR0, bits);
	if (rig_rd(r, R_CR0ACK) != bits)
		die("CR0ACK does not follow CR0");
}

void rig_enable(struct rig *r, u64 strtab_base, u32 strtab_cfg, u32 cr2)
{
	rig_disable(r);
	memset(r->ram + CMDQ_AT, 0, POOL_START);
	rig_wr(r, R_CR1, 0xd75);
	rig_wr(r, R_CR2, cr2);
	rig_wr64(r, R_STRTAB_BASE, strtab_base);
	rig_wr(r, R_STRTAB_CFG, strtab_cfg);
	rig_wr64(r, R_CMDQ_BASE, (RAM_BASE + CMDQ_AT) | CMDQ_LOG2);
	rig_wr(r, R_CMDQ_PROD, 0);
	rig_wr(r, R_CMDQ_CONS, 0);
	rig_wr64(r, R_EVTQ_BASE, (RAM_BASE + EVTQ_AT) | EVTQ_LOG2);
	rig_wr(r, R_EVTQ_PROD, 0);
	rig_wr(r, R_EVTQ_CONS, 0);
	r->prod = 0;
	r->evt_cons = 0;
	rig_wr(r, R_GERRORN, rig_rd(r, R_GERROR));
	enable(r, CR0_CMDQEN);
	enable(r, CR0_CMDQEN | CR0_EVENTQEN);
	rig_forget(r);
	enable(r, CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN | r->vmw << 6);
	r->o.strtab_base = strtab_base;
	r->o.strtab_cfg = strtab_cfg;
	r->o.cr2 = cr2;
	r->o.cr0 = CR0_SMMUEN;
	r->o.gbpa = rig_rd(r, R_GBPA);
	r->o.opaque = r->ram;
}

void rig_cmd(struct rig *r, u64 w0, u64 w1)
{
	u64 *slot = (u64 *)(r->ram + CMDQ_AT) + (r->prod & ((1u << CMDQ_LOG2) - 1)) * 2;

	slot[0] = w0;
	slot[1] = w1;
	r->prod = (r->prod + 1) & ((2u << CMDQ_LOG2) - 1);
	rig_wr(r, R_CMDQ_PROD, r->prod);
}

bool rig_sync(struct rig *r)
{
	rig_cmd(r, CMD_SYNC, 0);
	vmxl_smmu_flush(r->smmu);
	return rig_rd(r, R_CMDQ_CONS) == r->prod && rig_rd(r, R_GERROR) == rig_rd(r, R_GERRORN);
}

void rig_forget(struct rig *r)
{
	rig_cmd(r, CMD_CFGI_RANGE, 31);
	if (r->o.idr0 >> 9 & 1)
		rig_cmd(r, CMD_TLBI_EL2_ALL, 0);
	rig_cmd(r, CMD_TLBI_NSNH_ALL, 0);
	if (!rig_sync(r))
		die("invalidation does not complete");
}

bool rig_event(struct rig *r, u64 *record)
{
	u32 prod = rig_rd(r, R_EVTQ_PROD), mask = (2u << EVTQ_LOG2) - 1;

	if (((prod ^ r->evt_cons) & mask) == 0)
		return false;
	memcpy(record, r->ram + EVTQ_AT + (r->evt_cons & (mask >> 1)) * 32, 32);
	r->evt_cons = (r->evt_cons + 1) & mask;
	rig_wr(r, R_EVTQ_CONS, r->evt_cons | (prod & 1u << 31));
	return true;
}

void rig_translate(struct rig *r, const struct orc_req *req, struct vmxl_smmu_res *res)
{
	struct vmxl_smmu_req q = {
		.sid = req->sid, .ssid = req->ssid, .iova = req->addr, .access = req->access,
		.flags = req->ssv ? VMXL_SMMU_SSV : 0,
	};

	static_assert(ORC_R == VMXL_SMMU_READ && ORC_W == VMXL_SMMU_WRITE &&
		      ORC_X == VMXL_SMMU_EXEC && ORC_PRIV == VMXL_SMMU_PRIV);
	vmxl_smmu_translate(r->smmu, &q, res);
}

void rig_snapshot(struct rig *r, u32 used)
{
	memcpy(r->shadow + POOL_START, r->ram + POOL_START, used - POOL_START);
}

static enum orc_verdict verdict(const struct vmxl_smmu_res *got)
{
	switch (got->status) {
	case VMXL_SMMU_OK:
		return ORC_OK;
	case VMXL_SMMU_RAZWI:
		return ORC_RAZWI;
	case VMXL_SMMU_STALL:
		return ORC_STALL;
	default:
		return ORC_ABORT;
	}
}

bool rig_same(struct rig *r, const struct orc_res *want, const struct vmxl_smmu_res *got,
	      bool has_event, const u64 *record)
{
	unsigned int i;

	if (verdict(got) != want->verdict || got->event != want->event ||
	    has_event != !!want->event)
		return false;
	if (want->verdict == ORC_OK &&
	    (got->gpa != want->pa || got->shift > want->shift || got->shift < 12 ||
	     (got->perm ^ want->perm) & ~(want->clean || r->dirty ? ORC_W : 0)))
		return false;
	for (i = 0; want->event && i < 4; i++) {
		if ((record[i] ^ want->record[i]) & want->mask[i])
			return false;
	}
	return !want->event || want->verdict != ORC_STALL || (u16)record[1] == got->stag;
}

/* Big-endian tables: the updated bits are elsewhere in memory. */
static bool update_fits(u64 was, u64 now, const struct orc_update *u)
{
	u64 diff = was ^ now;

	if (((diff ^ u->must) & ~u->may) == 0)
		return true;
	return ((__builtin_bswap64(diff) ^ u->must) & ~u->may) == 0;
}

static bool updates_same(struct rig *r, const struct orc_res *want)
{
	unsigned int i;

	for (i = 0; i < want->nr_update; i++) {
		const struct orc_update *u = &want->update[i];
		u64 *now = (u64 *)(r->ram + (u->pa - RAM_BASE));
		u64 *was = (u64 *)(r->shadow + (u->pa - RAM_BASE));

		if (u->pa < RAM_BASE + POOL_START)
			continue;	/* a table in the queues, by a broken pointer */
		if (!update_fits(*was, *now, u)) {
			printf("# at 0x%llx: %016llx became %016llx, must %llx, may %llx\n",
			       (unsigned long long)u->pa, (unsigned long long)*was,
			       (unsigned long long)*now, (unsigned long long)u->must,
			       (unsigned long long)u->may);
			return false;
		}
		r->updates += *was != *now;
		*was = *now;
	}
	return true;
}

/* Answer a stall in one of the three ways and see the device's end of it. */
static bool end_stall(struct rig *r, const struct orc_req *req, u16 stag)
{
	static const u64 action[] = { 0, 1ULL << 12, 1ULL << 13 };	/* RAZWI, retry, abort */
	static const enum vmxl_smmu_status ends[] = {
		VMXL_SMMU_RAZWI, VMXL_SMMU_OK, VMXL_SMMU_ABORT,
	};
	unsigned int how = rnd_below(3);
	bool waits = vmxl_smmu_stall_poll(r->smmu, req->sid, stag) == VMXL_SMMU_STALL;

	if (r->o.idr0 >> 26 & 1 && !how)
		how = 2;
	rig_cmd(r, cmd_sid(CMD_RESUME, req->sid) | action[how], stag ^ 1);
	rig_cmd(r, cmd_sid(CMD_RESUME, req->sid ^ 1) | action[how], stag);
	rig_cmd(r, cmd_sid(CMD_RESUME, req->sid) | action[how], stag);
	return rig_sync(r) && waits &&
	       vmxl_smmu_stall_poll(r->smmu, req->sid, stag) == ends[how];
}

static void complain(struct rig *r, const struct orc_req *req, const struct orc_res *want,
		     const struct vmxl_smmu_res *got, bool has_event, const u64 *record)
{
	orc_print(req, want);
	printf("# model: status %u gpa 0x%llx shift %u perm %u event 0x%02x\n", got->status,
	       (unsigned long long)got->gpa, got->shift, got->perm, got->event);
	if (has_event)
		printf("#   event     : %016llx %016llx %016llx %016llx\n",
		       (unsigned long long)record[0], (unsigned long long)record[1],
		       (unsigned long long)record[2], (unsigned long long)record[3]);
}

bool rig_check(struct rig *r, const struct orc_req *req)
{
	struct vmxl_smmu_res got = {};
	struct orc_res want;
	u64 record[4] = {};
	bool has_event, good;

	orc_translate(&r->o, req, &want);
	rig_translate(r, req, &got);
	has_event = rig_event(r, record);
	r->checks++;
	r->verdicts[want.verdict]++;
	r->events[want.event & 31]++;
	if (want.unpredictable) {
		r->unpredictable++;
		memcpy(r->shadow + POOL_START, r->ram + POOL_START, RAM_SIZE - POOL_START);
		return got.status != VMXL_SMMU_STALL || end_stall(r, req, got.stag);
	}
	good = rig_same(r, &want, &got, has_event, record);
	if (!updates_same(r, &want))
		good = false;
	if (!good)
		complain(r, req, &want, &got, has_event, record);
	if (got.status == VMXL_SMMU_STALL && !end_stall(r, req, got.stag)) {
		printf("# the stall does not end as it was told to\n");
		good = false;
	}
	return good;
}

void rig_set_atschk(struct rig *r, bool on)
{
	u32 bits = on ? CR0_ATSCHK : 0;

	enable(r, CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN | bits | r->vmw << 6);
	r->o.cr0 = CR0_SMMUEN | bits;
	rig_forget(r);
}

static void translate_ats(struct rig *r, const struct orc_req *req, u32 flag,
			  struct vmxl_smmu_res *res)
{
	struct vmxl_smmu_req q = {
		.sid = req->sid, .ssid = req->ssid, .iova = req->addr, .access = req->access,
		.flags = (req->ssv ? VMXL_SMMU_SSV : 0) | flag,
	};

	vmxl_smmu_translate(r->smmu, &q, res);
	r->checks++;
}

bool rig_check_ats(struct rig *r, const struct orc_req *req)
{
	static const enum vmxl_smmu_status status[] = {
		VMXL_SMMU_OK, VMXL_SMMU_DENIED, VMXL_SMMU_UR, VMXL_SMMU_CA,
	};
	struct vmxl_smmu_res got = {};
	struct orc_ats want;
	u64 record[4] = {};
	bool has_event;

	orc_ats_request(&r->o, req, &want);
	translate_ats(r, req, VMXL_SMMU_ATS_TREQ, &got);
	has_event = rig_event(r, record);
	r->verdicts[want.verdict]++;
	memcpy(r->shadow + POOL_START, r->ram + POOL_START, RAM_SIZE - POOL_START);
	if (want.unpredictable ||
	    (got.status == status[want.verdict] && has_event == !!want.event &&
	     (!has_event || (record[0] & 0xff) == want.event) &&
	     (want.verdict != ORC_ATS_OK ||
	      (got.gpa == want.pa && got.shift <= want.shift &&
	       (got.perm | want.may) == (want.perm | want.may)))))
		return true;
	printf("# ATS: sid 0x%x%s 0x%x addr 0x%llx access 0x%x: verdict %u pa 0x%llx shift %u perm %u/%u event 0x%02x\n",
	       req->sid, req->ssv ? " ssid" : " -", req->ssid, (unsigned long long)req->addr,
	       req->access, want.verdict, (unsigned long long)want.pa, want.shift, want.perm,
	       want.may, want.event);
	printf("# model: status %u gpa 0x%llx shift %u perm %u event 0x%02x\n", got.status,
	       (unsigned long long)got.gpa, got.shift, got.perm, got.event);
	return false;
}

bool rig_check_translated(struct rig *r, const struct orc_req *req)
{
	struct vmxl_smmu_res got = {};
	struct orc_res want;
	u64 record[4] = {};
	bool has_event;

	orc_ats_translated(&r->o, req, &want);
	translate_ats(r, req, VMXL_SMMU_TRANSLATED, &got);
	has_event = rig_event(r, record);
	r->verdicts[want.verdict]++;
	r->events[want.event & 31]++;
	if (want.unpredictable) {
		memcpy(r->shadow + POOL_START, r->ram + POOL_START, RAM_SIZE - POOL_START);
		return true;
	}
	if (rig_same(r, &want, &got, has_event, record) && updates_same(r, &want))
		return true;
	printf("# translated:\n");
	complain(r, req, &want, &got, has_event, record);
	return false;
}

void rig_report(struct rig *r)
{
	unsigned int i;

	printf("# %lu ok, %lu abort, %lu RAZ/WI, %lu stall; %lu updates; %lu not defined\n",
	       r->verdicts[ORC_OK], r->verdicts[ORC_ABORT], r->verdicts[ORC_RAZWI],
	       r->verdicts[ORC_STALL], r->updates, r->unpredictable);
	printf("# events:");
	for (i = 1; i < 32; i++) {
		if (r->events[i])
			printf(" %02x:%lu", i, r->events[i]);
	}
	printf("\n");
	r->checks = 0;
	r->unpredictable = 0;
	r->updates = 0;
	memset(r->verdicts, 0, sizeof(r->verdicts));
	memset(r->events, 0, sizeof(r->events));
}
