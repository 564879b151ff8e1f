// SPDX-License-Identifier: GPL-2.0
/*
 * What Linux's arm-smmu-v3 does with an SMMU, step by step: probe, reset,
 * attach, map and unmap with ranges as it computes them, SYNC that is polled in
 * memory, PASIDs, updates of live entries, detach. After each step accesses are
 * what they must be, by the oracle, too.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <shim/tap.h>
#include "hand.h"

#define SID		0x123
#define SPLIT		8
#define L2_CDS		1024

static struct rig rig;
static struct hand hand;
static u64 strtab, ste_pa, cd_pa, root;

static bool sees(u32 ssid, u64 iova, u64 out)
{
	struct orc_req req = {
		.sid = SID, .ssid = ssid, .ssv = ssid, .addr = iova, .access = ORC_R,
	};
	struct vmxl_smmu_res res;

	rig_translate(&rig, &req, &res);
	return res.status == VMXL_SMMU_OK && res.gpa == out && rig_check(&rig, &req);
}

/* The event of an access that fails; 0: none is recorded */
static int fails(u32 ssid, u64 iova)
{
	struct orc_req req = {
		.sid = SID, .ssid = ssid, .ssv = ssid, .addr = iova, .access = ORC_R,
	};
	struct vmxl_smmu_res res;
	u64 record[4];

	rig_translate(&rig, &req, &res);
	if (res.status == VMXL_SMMU_OK)
		return -1;
	while (rig_event(&rig, record))
		;
	return rig_check(&rig, &req) ? res.event : -2;
}

static void test_probe(void)
{
	u32 idr0 = rig_rd(&rig, R_IDR0), idr1 = rig_rd(&rig, R_IDR1);

	ok((idr0 >> 21 & 3) == 0 || (idr0 >> 21 & 3) == 2, "IDR0.TTENDIAN: little or mixed");
	ok(idr0 >> 3 & 1, "IDR0.TTF: AArch64");
	ok(idr0 & 3, "IDR0: a stage at least");
	ok(!(idr1 >> 28 & 7), "IDR1: tables and queues are not preset");
	ok((idr1 >> 21 & 31) >= 7, "IDR1.CMDQS: room for a batch");
	ok(idr0 >> 13 & 1 && idr0 >> 4 & 1, "IDR0: messages and coherent access");
	ok((idr0 >> 27 & 3) == 1, "IDR0.ST_LEVEL: two levels");
}

static u32 write_sync(u32 off, u32 ack, u32 val)
{
	rig_wr(&rig, off, val);
	return rig_rd(&rig, ack);
}

/* SYNC as Linux has it: the command's own first word becomes 0. */
static bool sync_by_message(void)
{
	u64 at = RAM_BASE + CMDQ_AT + (rig.prod & ((1u << CMDQ_LOG2) - 1)) * 16ULL;

	rig_cmd(&rig, CMD_SYNC | 1 << 12 | 3ULL << 22 | 15ULL << 24, at);
	vmxl_smmu_flush(rig.smmu);
	return !READ_ONCE(*(u32 *)hand_at(&hand, at));
}

static bool issue(u64 w0, u64 w1)
{
	rig_cmd(&rig, w0, w1);
	return sync_by_message();
}

static void test_reset(void)
{
	u32 cr0 = CR0_CMDQEN, gbpa;

	hand_start(&hand, &rig);
	strtab = hand_alloc(&hand, 8 << 8);
	gbpa = rig_rd(&rig, R_GBPA);
	rig_wr(&rig, R_GBPA, gbpa | 1u << 20 | 1u << 31);
	ok((rig_rd(&rig, R_GBPA) & (1u << 31 | 1u << 20)) == 1u << 20, "GBPA.Update is done");
	ok(!write_sync(R_CR0, R_CR0ACK, 0), "CR0 is 0");
	rig.o.gbpa = 1 << 20;
	ok(fails(0, 0x1000) == 0, "nothing passes");
	rig_wr(&rig, R_CR1, 0xd75);
	rig_wr(&rig, R_CR2, 1 << 2 | CR2_RECINVSID);
	rig_wr64(&rig, R_STRTAB_BASE, strtab | 1ULL << 62);
	rig_wr(&rig, R_STRTAB_CFG, 1 << 16 | SPLIT << 6 | 16);
	rig_wr64(&rig, R_CMDQ_BASE, (RAM_BASE + CMDQ_AT) | CMDQ_LOG2 | 1ULL << 62);
	rig_wr(&rig, R_CMDQ_PROD, 0);
	rig_wr(&rig, R_CMDQ_CONS, 0);
	rig.prod = 0;
	ok(write_sync(R_CR0, R_CR0ACK, cr0) == cr0, "CMDQEN");
	ok(issue(CMD_CFGI_RANGE, 31), "CFGI_ALL, and SYNC in memory");
	ok(issue(CMD_TLBI_EL2_ALL, 0), "TLBI_EL2_ALL");
	ok(issue(CMD_TLBI_NSNH_ALL, 0), "TLBI_NSNH_ALL");
	rig_wr64(&rig, R_EVTQ_BASE, (RAM_BASE + EVTQ_AT) | EVTQ_LOG2 | 1ULL << 62);
	rig_wr(&rig, R_EVTQ_PROD, 0);
	rig_wr(&rig, R_EVTQ_CONS, 0);
	rig.evt_cons = 0;
	cr0 |= CR0_EVENTQEN;
	ok(write_sync(R_CR0, R_CR0ACK, cr0) == cr0, "EVENTQEN");
	ok(!write_sync(R_IRQ_CTRL, R_IRQ_CTRLACK, 0), "interrupts off");
	ok(write_sync(R_IRQ_CTRL, R_IRQ_CTRLACK, 5) == 5, "and on");
	cr0 |= CR0_SMMUEN;
	ok(write_sync(R_CR0, R_CR0ACK, cr0) == cr0, "SMMUEN");
	rig.o.strtab_base = strtab;
	rig.o.strtab_cfg = 1 << 16 | SPLIT << 6 | 16;
	rig.o.cr2 = CR2_RECINVSID;
	rig.o.cr0 = CR0_SMMUEN;
	rig.o.opaque = rig.ram;
	rig_snapshot(&rig, RAM_SIZE);
}

static void write_entry(u64 *dst, const u64 *src)
{
	memcpy(dst + 1, src + 1, 56);
	WRITE_ONCE(dst[0], src[0]);
	rig_snapshot(&rig, RAM_SIZE);
}

/* The second level comes when a device of that bus does. */
static void test_attach(void)
{
	u64 l2 = hand_alloc(&hand, 64 << SPLIT), cd[8], ste[8];
	unsigned int i;

	ok(fails(0, 0x1000) == C_BAD_STREAMID, "no second level");
	for (i = 0; i < 1u << SPLIT; i++)
		hand_at(&hand, l2)[8 * i] = 1;			/* valid, aborts */
	*hand_at(&hand, strtab + (SID >> SPLIT) * 8) = l2 | (SPLIT + 1);
	ste_pa = l2 + (SID & ((1 << SPLIT) - 1)) * 64;
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 0), "CFGI_STE of all levels");
	ok(fails(0, 0x1000) == 0, "it aborts, and says nothing");

	root = hand_alloc(&hand, 4096);
	cd_pa = hand_alloc(&hand, 64);
	hand_cd(cd, 1, root);
	write_entry(hand_at(&hand, cd_pa), cd);
	ok(issue(cmd_sid(CMD_CFGI_CD, SID), 1), "the CD");
	hand_ste_s1(ste, cd_pa, 0);
	memcpy(hand_at(&hand, ste_pa) + 1, ste + 1, 56);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1) && fails(0, 0x1000) == 0,
	   "the STE but its first word");
	WRITE_ONCE(*hand_at(&hand, ste_pa), ste[0]);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1), "and that");
	rig_cmd(&rig, cmd_sid(CMD_PREFETCH_CONFIG, SID), 0);
	rig_snapshot(&rig, RAM_SIZE);
	ok(fails(0, 0x1000) == F_TRANSLATION, "nothing is mapped");
}

/* Ranges of arm_smmu_tlb_inv_range(): leaf pages, TG, TTL and powers of two */
static bool unmap_range(u64 iova, u64 pages)
{
	u64 scale, num, here;

	while (pages) {
		scale = __builtin_ctzll(pages);
		num = pages >> scale & 31;
		rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_VA, 0, 1) | (num - 1) << 12 | scale << 20,
			iova | 1 << 10 | 3 << 8 | 1);
		here = num << scale;
		iova += here << 12;
		pages -= here;
	}
	return sync_by_message();
}

static void test_map(void)
{
	u64 iova = 0xfffff000, i, bad = 0;

	hand_map(&hand, root, iova, 0x88000000 | D_DMA);
	rig_snapshot(&rig, RAM_SIZE);
	ok(sees(0, iova + 8, 0x88000008), "a page is mapped, without any command");
	hand_map(&hand, root, iova, 0);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_tlbi(CMD_TLBI_NH_VA, 0, 1), iova | 1) && fails(0, iova) == F_TRANSLATION,
	   "and unmapped");
	for (i = 0; i < 200; i++)
		hand_map(&hand, root, 0x10000000 + (i << 12), (0x90000000 + (i << 12)) | D_DMA);
	rig_snapshot(&rig, RAM_SIZE);
	for (i = 0; i < 200; i++)
		bad += !sees(0, 0x10000000 + (i << 12), 0x90000000 + (i << 12));
	ok(!bad, "200 pages");
	for (i = 40; i < 40 + 117; i++)
		hand_map(&hand, root, 0x10000000 + (i << 12), 0);
	rig_snapshot(&rig, RAM_SIZE);
	ok(unmap_range(0x10000000 + (40 << 12), 117), "117 are unmapped by ranges");
	for (i = 0; i < 200; i++) {
		if (i < 40 || i >= 157)
			bad += !sees(0, 0x10000000 + (i << 12), 0x90000000 + (i << 12));
		else
			bad += fails(0, 0x10000000 + (i << 12)) != F_TRANSLATION;
	}
	ok(!bad, "those and no others");
	hand_map(&hand, root, 0x10000000, 0);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_tlbi(CMD_TLBI_NH_ASID, 0, 1), 0) && fails(0, 0x10000000) == F_TRANSLATION,
	   "a flush of the domain (lazy mode)");
	/* A table goes: all levels of the walk are named. */
	*hand_slot(&hand, root, 0x10000000, 2) = 0x40000000 | D_AF | D_USER | D_NG | 1;
	rig_snapshot(&rig, RAM_SIZE);
	rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_VA, 0, 1) | 31 << 12 | 4 << 20,
		0x10000000 | 1 << 10);
	ok(sync_by_message() && sees(0, 0x10123456, 0x40123456), "a block in a table's place");
}

static void test_batch(void)
{
	u64 i, bad = 0;

	for (i = 0; i < 64; i++) {
		hand_map(&hand, root, 0x20000000 + (i << 12), (0xa0000000 + (i << 12)) | D_DMA);
		rig_snapshot(&rig, RAM_SIZE);
		bad += !sees(0, 0x20000000 + (i << 12), 0xa0000000 + (i << 12));
		hand_map(&hand, root, 0x20000000 + (i << 12), 0);
	}
	rig_snapshot(&rig, RAM_SIZE);
	for (i = 0; i < 64; i++)
		rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_VA, 0, 1), (0x20000000 + (i << 12)) | 1);
	bad += !sync_by_message();
	for (i = 0; i < 64; i++)
		bad += fails(0, 0x20000000 + (i << 12)) != F_TRANSLATION;
	ok(!bad, "a batch of 64 and a SYNC, the queue goes round");
}

/* PASIDs: the CD becomes a table of two levels, the STE is replaced while it is in use. */
static void test_pasid(void)
{
	u64 l1 = hand_alloc(&hand, 8 * 64), l2 = hand_alloc(&hand, 64 * L2_CDS), sva, cd[8], *ste;

	hand_map(&hand, root, 0x30000000, 0xb0000000 | D_DMA);
	*hand_at(&hand, l1) = l2 | 1;
	memcpy(hand_at(&hand, l2), hand_at(&hand, cd_pa), 64);
	ste = hand_at(&hand, ste_pa);
	/* arm_smmu_write_entry(): V = 0 where the words cannot change one by one */
	WRITE_ONCE(ste[0], 0);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1) && fails(0, 0x30000000) == C_BAD_STE, "V = 0");
	set_bits(ste, 65, 64, 2);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1), "S1DSS");
	WRITE_ONCE(ste[0], l1 | 16ULL << 59 | 2 << 4 | 5 << 1 | 1);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1) && sees(0, 0x30000000, 0xb0000000),
	   "a table of CDs; without a PASID it is CD 0");
	ok(fails(5, 0x30000000) == C_BAD_CD, "PASID 5 is not there");
	ok(fails(5 + L2_CDS, 0x30000000) == C_BAD_SUBSTREAMID, "nor a table of others");

	sva = hand_alloc(&hand, 4096);
	hand_map(&hand, sva, 0x30000000, 0xc0000000 | D_DMA);
	hand_cd(cd, 9, sva);
	write_entry(hand_at(&hand, l2 + 5 * 64), cd);
	ok(issue(cmd_sid(CMD_CFGI_CD, SID) | 5 << 12 | 1 << 11, 1) &&
	   sees(5, 0x30000000, 0xc0000000), "PASID 5 has an address space");
	l2 = hand_alloc(&hand, 64 * L2_CDS);
	*hand_at(&hand, l1 + 8) = l2 | 1;
	write_entry(hand_at(&hand, l2 + 5 * 64), cd);
	ok(issue(cmd_sid(CMD_CFGI_CD, SID) | (5 + L2_CDS) << 12 | 1 << 11, 0) &&
	   sees(5 + L2_CDS, 0x30000000, 0xc0000000), "and so has one of another table");
	/* quiet_cd: the process has gone, its device has not noticed. */
	set_bits(cd, 14, 14, 1);
	set_bits(cd, 45, 45, 0);
	write_entry(hand_at(&hand, l2 + 5 * 64), cd);
	ok(issue(cmd_sid(CMD_CFGI_CD, SID) | (5 + L2_CDS) << 12 | 1 << 11, 1) &&
	   issue(cmd_tlbi(CMD_TLBI_NH_ASID, 0, 9), 0) && fails(5 + L2_CDS, 0x30000000) == 0,
	   "a CD that is quiet");
}

/* A domain of stage 2 takes over. */
static void test_stage2(void)
{
	u64 s2 = hand_alloc(&hand, 4096), ste[8], *dst = hand_at(&hand, ste_pa);

	hand_map(&hand, s2, 0x30000000, 0xd0000000 | D_AF | D_S2RW | 3);
	hand_ste_s2(ste, s2, 7);
	WRITE_ONCE(dst[0], 1);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1) && fails(0, 0x30000000) == 0, "blocked");
	memcpy(dst + 1, ste + 1, 56);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1), "the words of stage 2");
	WRITE_ONCE(dst[0], ste[0]);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1) && sees(0, 0x30000000, 0xd0000000), "stage 2");
	hand_map(&hand, s2, 0x30000000, 0xe0000000 | D_AF | D_S2RW | 3);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_tlbi(CMD_TLBI_S2_IPA, 7, 0), 0x30000000 | 1) &&
	   sees(0, 0x30000000, 0xe0000000), "a page of it moves");
	hand_map(&hand, s2, 0x30000000, 0);
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_tlbi(CMD_TLBI_S12_VMALL, 7, 0), 0) && fails(0, 0x30000000) == F_TRANSLATION,
	   "all of it goes");
}

static void test_detach(void)
{
	u64 *dst = hand_at(&hand, ste_pa);

	WRITE_ONCE(dst[0], 4 << 1 | 1);
	dst[1] = 1ULL << 44;
	dst[2] = 0;
	rig_snapshot(&rig, RAM_SIZE);
	ok(issue(cmd_sid(CMD_CFGI_STE, SID), 1) && sees(0, 0x30000000, 0x30000000),
	   "detached: bypass");
	ok(write_sync(R_CR0, R_CR0ACK, 0) == 0, "shut down");
	rig.o.cr0 = 0;
	rig.o.gbpa = 1 << 20;
	ok(fails(0, 0x30000000) == 0, "GBPA aborts");
	rig_wr(&rig, R_GBPA, 1u << 31);
	ok(rig_rd(&rig, R_GBPA) >> 20 == 0 && rig_rd(&rig, R_GERROR) == rig_rd(&rig, R_GERRORN),
	   "GBPA passes; no global error was seen");
}

int main(void)
{
	rig_open(&rig, 0);
	test_probe();
	test_reset();
	test_attach();
	test_map();
	test_batch();
	test_pasid();
	test_stage2();
	test_detach();
	rig_close(&rig);
	return tap_done();
}
