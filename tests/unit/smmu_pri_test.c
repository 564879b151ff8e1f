// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses that wait: stalls; and devices that ask beforehand: ATS and PRI.
 */
#include "smmu_env.h"

/* ---- stalls ---- */

static void test_stalls(void)
{
	struct s1 t = new_s1(70);
	u64 rec1 = EVT1_STALL | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_IN);
	unsigned int i, n;
	u16 stag;

	driver_reset();
	put64(t.cd, (cd_word0(70) | CD0_S) & ~CD0_R);
	set_ste(15, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	ok(dma(15, 0x5000, RD) == VMXL_SMMU_STALL && event() == EVT_F_TRANSLATION &&
	   ev[1] == (rec1 | res.stag), "a stall is recorded");
	stag = res.stag;
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_STALL, "and waits");
	cmd(CMD_RESUME | CMD_RESUME_AC | 14ULL << 32, stag);
	cmd(CMD_RESUME | CMD_RESUME_AC | 15ULL << 32, stag + 1);
	cmd(CMD_RESUME | CMD_RESUME_AC | 15ULL << 32, 0xffff);
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_STALL, "for what is for it");
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	cmd(CMD_RESUME | CMD_RESUME_AC | 15ULL << 32, stag);
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_OK && goes(15, 0x5000, RD, 0x90001000),
	   "a retry");
	ok(vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_ABORT &&
	   vmxl_smmu_stall_poll(s, 15, 1000) == VMXL_SMMU_ABORT, "is told once");
	dma(15, 0x6000, RD);
	stag = res.stag;
	cmd(CMD_RESUME | 15ULL << 32, stag);
	ok(event() && vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_RAZWI, "ended as done");
	dma(15, 0x6000, RD);
	cmd(CMD_RESUME | CMD_RESUME_AB | 15ULL << 32, res.stag);
	ok(event() && vmxl_smmu_stall_poll(s, 15, res.stag) == VMXL_SMMU_ABORT, "aborted");
	ok(dma_as(15, VMXL_SMMU_NO_STALL, 0, 0x6000, RD) == VMXL_SMMU_ABORT &&
	   event() && !(ev[1] & EVT1_STALL), "a device that cannot wait");
	for (i = 0; dma(15, 0x6000, RD) == VMXL_SMMU_STALL; i++)
		;
	ok(i == rd(REG_IDR5) >> 16, "as many as it says: %u", i);
	ok(rd(P1(REG_EVENTQ_PROD)) & Q_OVFLG, "the one too many is lost");
	wr(P1(REG_EVENTQ_CONS), rd(P1(REG_EVENTQ_CONS)) | Q_OVFLG);
	for (n = 0; event() == EVT_F_TRANSLATION && ev[1] & EVT1_STALL; n++)
		;
	ok(n == i, "no stall is: %u", n);
	cmd(CMD_STALL_TERM | 15ULL << 32, 0);
	for (n = 0, stag = 0; stag < i; stag++)
		n += vmxl_smmu_stall_poll(s, 15, stag) == VMXL_SMMU_ABORT;
	ok(n == i, "CMD_STALL_TERM ends all");
	wr(P1(REG_EVENTQ_CONS), rd(P1(REG_EVENTQ_CONS)) & ~Q_OVFLG);
	dma(15, 0x6000, RD);
	enable(CR0_CMDQEN);
	ok(vmxl_smmu_stall_poll(s, 15, res.stag) == VMXL_SMMU_ABORT, "so does SMMUEN");
	/* Terminated as configured */
	driver_reset();
	put64(t.cd, cd_word0(70) & ~CD0_A);
	cmd(CMD_CFGI_CD | 15ULL << 32, 1);
	ok(dma(15, 0x6000, WR) == VMXL_SMMU_RAZWI && event() == EVT_F_TRANSLATION, "RAZ/WI");
	put64(t.cd, cd_word0(70) & ~(CD0_A | CD0_R));
	cmd(CMD_CFGI_CD | 15ULL << 32, 1);
	ok(dma(15, 0x6000, WR) == VMXL_SMMU_RAZWI && !event(), "silently");
}

/* ---- ATS and PRI ---- */

static void test_ats(void)
{
	struct s1 t = new_s1(80);

	driver_reset();
	ok(dma_as(16, TREQ, 0, 0x5000, RD) == VMXL_SMMU_CA && !event(), "a bad configuration");
	set_ste(16, CONFIG(0), 0, 0, 0);
	ok(dma_as(16, TREQ, 0, 0x5000, RD) == VMXL_SMMU_UR && !event(), "an aborting one");
	set_ste(16, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x6000, 0x90002000, PTE_S1 & ~TTD_AP_EL0);
	ok(dma_as(16, TREQ, 0, 0x5000, RD | WR) == VMXL_SMMU_UR &&
	   event() == EVT_F_BAD_ATS_TREQ && ev[2] >> 12 == 5, "without EATS");
	set_ste(16, CONFIG(S1_ONLY) | t.cd, (u64)EATS_FULL << 28, 0, 0);
	ok(dma_as(16, TREQ, 0, 0x5123, RD | WR | EX) == VMXL_SMMU_OK && res.gpa == 0x90001123 &&
	   res.perm == RD, "what may be done is granted; to execute, by PASID only");
	ok(dma_as(16, TREQ, 0, 0x6000, RD) == VMXL_SMMU_DENIED && !event(), "or nothing");
	ok(dma_as(16, TREQ, 0, 0x6000, RD | EX) == VMXL_SMMU_DENIED, "to execute alone is nothing");
	ok(dma_as(16, TREQ, 0, 0x9000, RD) == VMXL_SMMU_DENIED && !event(), "not mapped");
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123,
	   "translated traffic passes");
	enable(rd(REG_CR0) | CR0_ATSCHK);
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123,
	   "if EATS lets it");
	set_ste(16, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_F_TRANSL_FORBIDDEN && ev[2] == 0x90001123, "or not");
	set_ste(16, CONFIG(0), 0, 0, 0);
	ok(dma_as(16, TRANSL, 0, 0, RD) == VMXL_SMMU_ABORT && !event(), "silently, in abort");
	set_ste(16, 0, 0, 0, 0);
	ok(dma_as(16, TRANSL, 0, 0, RD) == VMXL_SMMU_ABORT && !event(), "or without an STE");
	/* Split-stage: what is answered is stage 1's, and stage 2 is for what comes of it. */
	nest_map_ram(PTE_S2);
	set_ste(16, CONFIG(NESTED) | t.cd, (u64)EATS_SPLIT << 28, s2_word2(16), nest_root);
	ok(dma_as(16, TREQ, 0, 0x5123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123, "split-stage");
	ok(dma_as(16, TRANSL, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0xb0001123,
	   "and the other stage");
	ok(dma_as(16, TRANSL, 0, 0x70000000, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_F_TRANSLATION && ev[1] & EVT1_S2, "which may fault");
	set_ste(16, CONFIG(NESTED) | t.cd | 1ULL << 59, (u64)EATS_SPLIT << 28 | S1DSS_BYPASS,
		s2_word2(16), nest_root);
	ok(dma_as(16, TREQ, 0, 0x90001123, RD) == VMXL_SMMU_OK && res.gpa == 0x90001123,
	   "stage 1 bypassed");
	ok(dma_as(16, TREQ, 0, 0x5123, RD) == VMXL_SMMU_DENIED, "stage 2 grants, still");
	enable(rd(REG_CR0) & ~(CR0_ATSCHK | CR0_SMMUEN));
	ok(dma_as(16, TREQ, 0, 0x5123, RD) == VMXL_SMMU_UR && event() == EVT_F_BAD_ATS_TREQ &&
	   dma_as(16, TRANSL, 0, 0x5123, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_F_TRANSL_FORBIDDEN, "SMMUEN is needed");
}

static void page_request(u32 flags, u32 access, u16 prgi)
{
	struct vmxl_smmu_req req = {
		.sid = 17, .ssid = 5, .iova = 0x5678, .flags = flags, .access = access,
	};

	vmxl_smmu_page_request(s, &req, prgi);
}

static void test_pri(void)
{
	struct vmxl_smmu_msg msg;
	u32 i;

	driver_reset();
	check(!vmxl_smmu_config(s, VMXL_SMMU_ATS, 1), "ATS");
	wr(REG_IRQ_CTRL, 0);
	wr64(REG_PRIQ_IRQ_CFG0, MSIS);
	wr(REG_PRIQ_IRQ_CFG1, 99);
	wr(REG_PRIQ_IRQ_CFG2, PRIQ_CFG2_LO);
	wr(REG_IRQ_CTRL, IRQ_PRIQ);
	put64(MSIS, 0);
	page_request(VMXL_SMMU_SSV, RD | WR, 7);
	ok(rd(P1(REG_PRIQ_PROD)) == 1 && !get64(MSIS) &&
	   get64(PRIQ) == (17 | 5ULL << 32 | PRIQ0_READ | PRIQ0_WRITE | PRIQ0_SSV) &&
	   get64(PRIQ + 8) == (0x5000 | 7), "a page request");
	page_request(VMXL_SMMU_PRI_LAST, RD | EX | PR, 7);
	ok(get64(MSIS) == 99 && get64(PRIQ + 16) == (17 | PRIQ0_READ | PRIQ0_EXEC | PRIQ0_PRIV |
						   PRIQ0_LAST), "the last interrupts");
	cmd(CMD_PRI_RESPONSE | 17ULL << 32 | CMD_SSV | 5 << 12, 2ULL << 12 | 7);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.type == VMXL_SMMU_MSG_PRI_RESP && msg.sid == 17 &&
	   msg.ssid == 5 && msg.flags == VMXL_SMMU_SSV && msg.prgi == 7 && msg.resp == 2,
	   "the response");
	cmd(CMD_ATC_INV | 17ULL << 32 | CMD_SSV | CMD_ATC_GLOBAL | 5 << 12, 0x12345000 | 4);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.type == VMXL_SMMU_MSG_ATC_INV && msg.ssid == 5 &&
	   msg.flags == (VMXL_SMMU_SSV | VMXL_SMMU_MSG_GLOBAL) && msg.addr == 0x12340000 &&
	   msg.size == 16, "an invalidation");
	cmd(CMD_ATC_INV | 17ULL << 32, 52);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.size == 64 && !msg.addr &&
	   !vmxl_smmu_next_msg(s, &msg), "of everything");
	for (i = 2; i < 16; i++)
		page_request(0, RD, i);
	put64(MSIS, 0);
	page_request(0, RD, 16);
	ok(rd(P1(REG_PRIQ_PROD)) == (16 | Q_OVFLG) && !vmxl_smmu_next_msg(s, &msg), "overflow");
	wr(P1(REG_PRIQ_CONS), 16);
	page_request(VMXL_SMMU_PRI_LAST | VMXL_SMMU_SSV, RD, 17);
	ok(rd(P1(REG_PRIQ_PROD)) == (16 | Q_OVFLG) && get64(MSIS) == 99 &&
	   vmxl_smmu_next_msg(s, &msg) && msg.resp == 2 && msg.prgi == 17 && msg.ssid == 5,
	   "is answered, until acknowledged");
	wr(P1(REG_PRIQ_CONS), 16 | Q_OVFLG);
	page_request(0, RD, 18);
	ok(rd(P1(REG_PRIQ_PROD)) == (17 | Q_OVFLG), "and over");
	enable(CR0_CMDQEN | CR0_SMMUEN);
	page_request(VMXL_SMMU_PRI_LAST | VMXL_SMMU_SSV, RD, 19);
	ok(vmxl_smmu_next_msg(s, &msg) && msg.resp == 0 && !msg.flags, "no queue: failure");
	enable(CR0_CMDQEN);
	cmd(CMD_ATC_INV | 17ULL << 32, 52);
	cmd(CMD_PRI_RESPONSE | 17ULL << 32, 0);
	ok(!vmxl_smmu_next_msg(s, &msg), "no SMMU, no messages");
	wr(REG_IRQ_CTRL, 0);
	wr64(REG_PRIQ_IRQ_CFG0, 0);
	check(!vmxl_smmu_config(s, VMXL_SMMU_ATS, 0), "no ATS");
}

int main(void)
{
	smmu_open();
	test_stalls();
	test_ats();
	test_pri();
	return smmu_close();
}
