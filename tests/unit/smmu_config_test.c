// SPDX-License-Identifier: GPL-2.0
/*
 * What the SMMU finds in memory about a stream: stream tables, STEs, CDs.
 */
#include "smmu_env.h"

static void test_streams(void)
{
	driver_reset();
	memset(e.ram + (STRTAB - ENV_RAM), 0, 0x10000);
	ok(faults(1, 0, RD, EVT_C_BAD_STE), "an STE that is not valid");
	set_ste(1, CONFIG(0), 0, 0, 0);
	ok(dma(1, 0, RD) == VMXL_SMMU_ABORT && !res.event && !event(), "abort, silently");
	set_ste(1, CONFIG(4), 0, 0, 0);
	ok(goes(1, 0x12345, WR, 0x12345), "bypass");
	ok(faults(1, 1ULL << 48, WR, EVT_F_ADDR_SIZE) && ev[2] == 1ULL << 48 &&
	   ev[1] == FIELD_PREP(EVT1_CLASS, CLASS_IN), "of what is an address");
	ok(dma_as(1, VMXL_SMMU_SSV, 3, 0, RD) == VMXL_SMMU_ABORT &&
	   event() == EVT_C_BAD_SUBSTREAMID && ev[0] == (0x08 | 3 << 12 | 1ULL << 32),
	   "without substreams");
	ok(faults(64, 0, RD, EVT_C_BAD_STREAMID), "beyond the table");
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr(REG_CR2, 0);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(dma(64, 0, RD) == VMXL_SMMU_ABORT && !event(), "recorded only with RECINVSID");
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr64(REG_STRTAB_BASE, 0x1000);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(faults(2, 0, RD, EVT_F_STE_FETCH) && ev[3] == 0x1080, "no memory");
}

static void test_two_level(void)
{
	u64 l1 = alloc(4096), l2 = alloc(64 * STE_SIZE);

	driver_reset();
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr64(REG_STRTAB_BASE, l1);
	wr(REG_STRTAB_BASE_CFG, 1u << 16 | 6u << 6 | 12);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(faults(70, 0, RD, EVT_C_BAD_STREAMID), "no second level");
	put64(l1 + 8, l2 | 4);
	put64(l2 + 6 * STE_SIZE, CONFIG(4));
	ok(goes(70, 0x77, RD, 0x77), "a second level");
	ok(faults(64 + 8, 0, RD, EVT_C_BAD_STREAMID), "of eight");
	put64(l1 + 16, l2 | 8);
	ok(faults(128, 0, RD, EVT_C_BAD_STREAMID), "a span beyond the split");
	put64(l1 + 24, 0x1000 | 7);
	ok(faults(193, 0, RD, EVT_F_STE_FETCH) && ev[3] == 0x1040, "that is no memory");
	/* Linear again: the format is not remembered. */
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr64(REG_STRTAB_BASE, STRTAB);
	wr(REG_STRTAB_BASE_CFG, LOG2_SIDS);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	ok(goes(1, 0x12345, WR, 0x12345), "linear again");
}

static void bad_cd(struct s1 *t, u64 w0, const char *what)
{
	put64(t->cd, w0);
	cmd(CMD_CFGI_CD | 4ULL << 32, 1);
	ok(faults(4, 0x5000, RD, EVT_C_BAD_CD), "C_BAD_CD: %s", what);
}

static void test_bad_cd(void)
{
	struct s1 t = new_s1(3);
	u64 w0 = cd_word0(3);

	driver_reset();
	set_ste(4, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	bad_cd(&t, w0 & ~CD0_V, "not valid");
	bad_cd(&t, w0 & ~CD0_AA64, "AArch32");
	bad_cd(&t, w0 | CD0_ENDI, "big-endian");
	bad_cd(&t, w0 | CD0_TG0, "a reserved granule");
	bad_cd(&t, (w0 & ~CD0_T0SZ) | 49, "T0SZ too large");
	bad_cd(&t, (w0 & ~CD0_T0SZ) | 15, "T0SZ too small");
	bad_cd(&t, w0 & ~CD0_EPD1, "nothing in TTB1's fields");
	put64(t.cd + 8, 1ULL << 48 | t.table);
	bad_cd(&t, w0, "a table beyond IPS");
	put64(t.cd + 8, t.table);
	set_ste(4, CONFIG(S1_ONLY) | t.cd, STE1_S1STALLD, 0, 0);
	bad_cd(&t, w0 | CD0_S, "stalls where they are disabled");
	set_ste(4, CONFIG(S1_ONLY) | 0x1000, 0, 0, 0);
	ok(faults(4, 0x5000, RD, EVT_F_CD_FETCH) && ev[3] == 0x1000, "a CD that is no memory");
}

static void test_bad_ste(void)
{
	static const struct { u64 w0, w1, w2; const char *what; } ste[] = {
		{ CONFIG(S1_ONLY), 1ULL << 30, 0, "STRW" },
		{ CONFIG(S1_ONLY) | 21ULL << 59, 0, 0, "S1CDMax" },
		{ CONFIG(S2_ONLY), 0, 0, "stage 2 in AArch32" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 3ULL << 46 | 25ULL << 32, "S2TG" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | STE2_S2ENDI | 25ULL << 32 | 1ULL << 38,
		  "S2ENDI" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 49ULL << 32, "S2T0SZ too large" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 15ULL << 32 | 2ULL << 38, "or too small" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 25ULL << 32 | 2ULL << 38, "S2SL0 too high" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 25ULL << 32 | 3ULL << 38, "or too low" },
		{ CONFIG(S2_ONLY), 0, STE2_S2AA64 | 3ULL << 38 | 2ULL << 46 | 25ULL << 32,
		  "or reserved" },
		{ CONFIG(S2_ONLY), 1ULL << 28, STE2_S2AA64 | STE2_S2S | 25ULL << 32 | 1ULL << 38,
		  "ATS and stalls" },
		{ CONFIG(S1_ONLY), 2ULL << 28, 0, "split-stage ATS with one stage" },
	};
	unsigned int i;

	driver_reset();
	for (i = 0; i < ARRAY_SIZE(ste); i++) {
		set_ste(5, ste[i].w0, ste[i].w1, ste[i].w2, 0);
		ok(faults(5, 0, RD, EVT_C_BAD_STE), "C_BAD_STE: %s", ste[i].what);
	}
	set_ste(5, CONFIG(S2_ONLY), 0, s2_word2(1) & ~STE2_S2PS, 1ULL << 33);
	ok(faults(5, 0, RD, EVT_C_BAD_STE), "C_BAD_STE: S2TTB beyond S2PS");
}

static void test_substreams(void)
{
	struct s1 t[3] = { new_s1(10), new_s1(11), new_s1(12) };
	u64 cds = alloc(8 * CD_SIZE), l1 = alloc(1 << 17), l2 = alloc(65536);
	unsigned int i;

	driver_reset();
	for (i = 0; i < 3; i++) {
		map(t[i].table, 12, 1, 3, 0x5000, 0x90001000 + (i << 12), PTE_S1);
		memcpy(e.ram + (cds + i * CD_SIZE - ENV_RAM), e.ram + (t[i].cd - ENV_RAM), CD_SIZE);
		memcpy(e.ram + (l2 + i * CD_SIZE - ENV_RAM), e.ram + (t[i].cd - ENV_RAM), CD_SIZE);
	}
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_SSID0, 0, 0);
	ok(goes(6, 0x5000, RD, 0x90001000), "S1DSS: without a substream, CD 0");
	ok(dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD) == VMXL_SMMU_OK && res.gpa == 0x90002000 &&
	   dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD) == VMXL_SMMU_OK && res.gpa == 0x90003000,
	   "substreams have their own");
	dma_as(6, VMXL_SMMU_SSV, 0, 0x5000, RD);
	ok(res.status == VMXL_SMMU_ABORT && event() == EVT_F_STREAM_DISABLED, "not substream 0");
	dma_as(6, VMXL_SMMU_SSV, 8, 0x5000, RD);
	ok(event() == EVT_C_BAD_SUBSTREAMID, "nor one beyond the table");
	dma_as(6, VMXL_SMMU_SSV, 5, 0x6000, RD);
	ok(event() == EVT_C_BAD_CD && ev[0] == (0x0a | EVT0_SSV | 5 << 12 | 6ULL << 32),
	   "nor one that is not valid");
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_BYPASS, 0, 0);
	ok(goes(6, 0x5000, RD, 0x5000), "S1DSS: bypass");
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_TERMINATE, 0, 0);
	ok(faults(6, 0x5000, RD, EVT_F_STREAM_DISABLED), "S1DSS: terminate");
	for (i = 1; i < 3; i++) {
		set_ste(6, CONFIG(S1_ONLY) | l1 | 20ULL << 59 | i << 4, S1DSS_SSID0, 0, 0);
		put64(l1, l2 | 1);
		put64(l1 + 8, 1ULL << 48 | 1);
		ok(dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD) == VMXL_SMMU_OK &&
		   res.gpa == 0x90003000, "two levels of CDs, leaves of %u KiB", i == 1 ? 4 : 64);
		dma_as(6, VMXL_SMMU_SSV, i == 1 ? 64 : 1024, 0x5000, RD);
		ok(event() == EVT_C_BAD_SUBSTREAMID, "out of range");
		dma_as(6, VMXL_SMMU_SSV, i == 1 ? 640 : 10240, 0x5000, RD);
		ok(event() == EVT_C_BAD_SUBSTREAMID, "not there");
	}
	put64(cds, cd_word0(10) & ~CD0_V);
	set_ste(6, CONFIG(S1_ONLY) | cds | 3ULL << 59, S1DSS_SSID0, 0, 0);
	dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD);
	put64(cds + CD_SIZE, 0);
	ok(dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD) == VMXL_SMMU_OK, "CDs are cached");
	cmd(CMD_CFGI_CD | 6ULL << 32 | 2 << 12, 1);
	ok(dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD) == VMXL_SMMU_OK, "each");
	cmd(CMD_CFGI_CD | 6ULL << 32 | 1 << 12, 1);
	dma_as(6, VMXL_SMMU_SSV, 1, 0x5000, RD);
	ok(event() == EVT_C_BAD_CD, "until invalidated");
	dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD);
	put64(cds + 2 * CD_SIZE, 0);
	cmd(CMD_CFGI_CD_ALL | 6ULL << 32, 0);
	dma_as(6, VMXL_SMMU_SSV, 2, 0x5000, RD);
	ok(event() == EVT_C_BAD_CD, "all of them");
}

int main(void)
{
	smmu_open();
	test_streams();
	test_two_level();
	test_bad_cd();
	test_bad_ste();
	test_substreams();
	return smmu_close();
}
