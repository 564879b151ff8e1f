// SPDX-License-Identifier: GPL-2.0
/*
 * Walks of either stage and of both: sizes, granules, permissions, access flag
 * and dirty state, and the faults that come of them.
 */
#include "smmu_env.h"

/* ---- stage 1 ---- */

static void test_stage1(void)
{
	struct s1 t = new_s1(1);

	driver_reset();
	set_ste(2, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x12345000, 0x90001000, PTE_S1);
	map(t.table, 12, 1, 3, 0x12346000, 0x90002000, PTE_S1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x12347000, 0x90003000, (PTE_S1 | TTD_PXN | TTD_UXN) & ~TTD_AP_EL0);
	map(t.table, 12, 1, 3, 0x12348000, 0x90004000, PTE_S1 & ~TTD_AF);
	map(t.table, 12, 1, 2, 0x40000000, 0xa0000000, PTE_S1);
	map(t.table, 12, 1, 1, 0x80000000, 0xc0000000, PTE_S1);
	ok(goes(2, 0x12345678, RD | WR, 0x90001678) && res.shift == 12 &&
	   res.perm == (RD | WR | EX), "a page");
	ok(goes(2, 0x12345fff, WR, 0x90001fff), "again");
	ok(goes(2, 0x12346001, RD, 0x90002001) && res.perm == (RD | EX), "a read-only page");
	ok(faults(2, 0x12346001, WR, EVT_F_PERMISSION) && ev[2] == 0x12346001 &&
	   ev[1] == FIELD_PREP(EVT1_CLASS, CLASS_IN), "is not written");
	ok(goes(2, 0x12347000, WR | PR, 0x90003000) && res.perm == (RD | WR), "a privileged page");
	ok(faults(2, 0x12347000, RD, EVT_F_PERMISSION) &&
	   ev[1] == (EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_IN)), "is for them");
	ok(faults(2, 0x12347000, EX | RD | PR, EVT_F_PERMISSION) &&
	   ev[1] == (EVT1_RNW | EVT1_IND | EVT1_PNU | FIELD_PREP(EVT1_CLASS, CLASS_IN)),
	   "not for execution");
	ok(faults(2, 0x12348000, RD, EVT_F_ACCESS), "the access flag");
	ok(faults(2, 0x12349000, RD, EVT_F_TRANSLATION), "nothing");
	ok(goes(2, 0x401fffff, RD, 0xa01fffff) && res.shift == 21, "2 MiB");
	ok(goes(2, 0x81234567, RD, 0xc1234567) && res.shift == 30, "1 GiB");
	ok(faults(2, 1ULL << 39, RD, EVT_F_TRANSLATION), "beyond T0SZ");
	ok(faults(2, ~0ULL, RD, EVT_F_TRANSLATION), "EPD1");
	map(t.table, 12, 1, 2, 0x40200000, 1ULL << 47, PTE_S1);
	put64(t.cd, cd_word0(1) & ~FIELD_PREP(CD0_IPS, 4));
	cmd(CMD_CFGI_CD | 2ULL << 32, 1);
	ok(faults(2, 0x40200000, RD, EVT_F_ADDR_SIZE), "an address beyond IPS");
	map(t.table, 12, 1, 1, 0xc0000000, 0x1000, 3);
	ok(faults(2, 0xc0000000, RD, EVT_F_WALK_EABT) && ev[3] == 0x1000 &&
	   ev[1] == (EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_TT)), "tables that are no memory");
	map(t.table, 12, 1, 3, 0x1234a000, 0x90004000, TTD_VALID | TTD_AF);
	put64(desc_at(t.table, 12, 1, 3, 0x1234a000), 0x90004000 | TTD_VALID | TTD_AF);
	ok(faults(2, 0x1234a000, RD, EVT_F_TRANSLATION), "no blocks at level 3");
}

/* The two halves of the address space, top byte ignored in each by its own bit */
static void test_ttb1(void)
{
	struct s1 t = new_s1(2);
	u64 high = alloc(4096), w0 = (cd_word0(2) & ~CD0_EPD1) | FIELD_PREP(CD0_T1SZ, 25) |
				     FIELD_PREP(CD0_TG1, 2);

	put64(t.cd + 16, high);
	put64(t.cd, w0);
	driver_reset();
	set_ste(3, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	map(high, 12, 1, 3, 0x6000, 0x90002000, PTE_S1);
	ok(goes(3, 0x5123, RD, 0x90001123), "by TTB0");
	ok(goes(3, 0xffffff8000006123, RD, 0x90002123), "by TTB1");
	ok(faults(3, 0x12ffff8000006123, RD, EVT_F_TRANSLATION), "no TBI");
	put64(t.cd, w0 | CD0_TBI0);
	cmd(CMD_CFGI_CD | 3ULL << 32, 1);
	ok(goes(3, 0x1200000000005123, RD, 0x90001123) && goes(3, 0x34005123, RD, 0x90001123) == 0,
	   "TBI0 is for TTB0");
	check(event() == EVT_F_TRANSLATION, "unmapped");
	ok(faults(3, 0x12ffff8000006123, RD, EVT_F_TRANSLATION), "only");
	put64(t.cd, w0 | CD0_TBI1);
	cmd(CMD_CFGI_CD | 3ULL << 32, 1);
	ok(goes(3, 0x12ffff8000006123, RD, 0x90002123) &&
	   goes(3, 0x00ffff8000006456, RD, 0x90002456), "TBI1 is for TTB1");
	ok(faults(3, 0x1200000000005123, RD, EVT_F_TRANSLATION) &&
	   ev[2] == 0x1200000000005123, "only; events have the address as it was");
}

/* ---- stage 2, and both ---- */

static void test_stage2(void)
{
	u64 root = alloc(4096);

	driver_reset();
	set_ste(7, CONFIG(S2_ONLY), 0, s2_word2(1), root);
	map(root, 12, 1, 3, 0x7000, 0x90007000, PTE_S2);
	map(root, 12, 1, 3, 0x8000, 0x90008000, PTE_S2 & ~TTD_AP_RO);
	map(root, 12, 1, 3, 0x9000, 0x90009000, PTE_S2 | 1ULL << 53);	/* XN: not privileged */
	map(root, 12, 1, 3, 0xa000, 0x9000a000, PTE_S2 | 2ULL << 53);
	map(root, 12, 1, 3, 0xb000, 0x9000b000, PTE_S2 & ~TTD_AF);
	ok(goes(7, 0x7abc, RD | WR, 0x90007abc) && res.perm == (RD | WR | EX), "stage 2");
	ok(faults(7, 0x8000, WR, EVT_F_PERMISSION) && ev[3] == 0x8000 &&
	   ev[1] == (EVT1_S2 | FIELD_PREP(EVT1_CLASS, CLASS_IN)), "a read-only page");
	ok(goes(7, 0x9000, EX | RD, 0x90009000) && faults(7, 0x9000, EX | PR, EVT_F_PERMISSION),
	   "execute-never of the privileged");
	ok(faults(7, 0xa000, EX, EVT_F_PERMISSION), "of all");
	ok(faults(7, 0xb000, RD, EVT_F_ACCESS), "the access flag");
	ok(faults(7, 0xc000, RD, EVT_F_TRANSLATION), "nothing");
	ok(faults(7, 1ULL << 39, RD, EVT_F_TRANSLATION), "beyond S2T0SZ");
	ok(faults(7, 1ULL << 48, RD, EVT_F_ADDR_SIZE) && !(ev[1] & EVT1_S2), "beyond all");
	set_ste(7, CONFIG(S2_ONLY), 0, s2_word2(1) & ~STE2_S2R, root);
	ok(dma(7, 0xc000, RD) == VMXL_SMMU_ABORT && !res.event && !event(), "not recorded");
	/* Overrides */
	set_ste(7, CONFIG(S2_ONLY), FIELD_PREP(STE1_PRIVCFG, 3) | FIELD_PREP(STE1_INSTCFG, 3),
		s2_word2(1), root);
	ok(faults(7, 0x9000, RD, EVT_F_PERMISSION) && ev[1] & EVT1_PNU && ev[1] & EVT1_IND,
	   "all is privileged, and instructions");
	set_ste(7, CONFIG(S2_ONLY), FIELD_PREP(STE1_PRIVCFG, 2) | FIELD_PREP(STE1_INSTCFG, 2),
		s2_word2(1), root);
	ok(goes(7, 0xa000, EX | PR, 0x9000a000), "or nothing is");
}

static void test_nested(void)
{
	struct s1 t = new_s1(20);
	u64 at;

	nest_map_ram(PTE_S2);
	driver_reset();
	set_ste(8, CONFIG(NESTED) | t.cd, 0, s2_word2(8), nest_root);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	map(t.table, 12, 1, 3, 0x6000, 0xa0000000, PTE_S1);
	map(t.table, 12, 1, 2, 0x200000, ENV_RAM, PTE_S1);
	ok(goes(8, 0x5123, WR, 0xb0001123) && res.shift == 12, "nested");
	ok(goes(8, 0x205678, WR, ENV_RAM + 0x5678) && res.shift == 12, "the smaller page");
	ok(faults(8, 0x6000, RD, EVT_F_TRANSLATION) && ev[3] == 0xa0000000 && ev[2] == 0x6000 &&
	   ev[1] == (EVT1_S2 | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_IN)), "stage 2 of it");
	/* A stage 1 block is invalidated by any address in it. */
	check(goes(8, 0x207000, WR, ENV_RAM + 0x7000), "mapped");
	put64(desc_at(t.table, 12, 1, 2, 0x200000), 0);
	cmd(CMD_TLBI_NH_VA | 8ULL << 32 | 20ULL << 48, 0x210000 | 1);
	ok(faults(8, 0x207000, RD, EVT_F_TRANSLATION) && faults(8, 0x205000, RD, EVT_F_TRANSLATION),
	   "all that a stage 1 block was split to");
	/* Tables that stage 2 does not map */
	at = desc_at(t.table, 12, 1, 3, 0x5000) & ~0xfffULL;
	put64(desc_at(nest_root, 12, 1, 3, at), 0);
	cmd(CMD_TLBI_S12_VMALL | 8ULL << 32, 0);
	ok(faults(8, 0x5000, RD, EVT_F_TRANSLATION) && ev[3] == at &&
	   ev[1] == (EVT1_S2 | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_TT)), "tables' stage 2");
	map(nest_root, 12, 1, 3, at, at, PTE_S2 & ~0x3cULL);
	set_ste(8, CONFIG(NESTED) | t.cd, 0, s2_word2(8) | STE2_S2PTW, nest_root);
	cmd(CMD_TLBI_S12_VMALL | 8ULL << 32, 0);
	dma(8, 0x5000, RD);
	event();
	map(nest_root, 12, 1, 3, t.cd & ~0xfffULL, t.cd & ~0xfffULL, PTE_S2);
	ok(faults(8, 0x5000, RD, EVT_F_PERMISSION) && ev[1] & EVT1_TTRNW, "S2PTW");
	set_ste(8, CONFIG(NESTED) | t.cd, STE1_S2FWB, s2_word2(8) | STE2_S2PTW, nest_root);
	ok(faults(8, 0x5000, RD, EVT_F_PERMISSION), "and with S2FWB");
	map(nest_root, 12, 1, 3, at, at, PTE_S2);
	put64(desc_at(nest_root, 12, 1, 3, t.cd), 0);
	cmd(CMD_TLBI_S12_VMALL | 8ULL << 32, 0);
	set_ste(8, CONFIG(NESTED) | t.cd, 0, s2_word2(8), nest_root);
	ok(faults(8, 0x5000, RD, EVT_F_TRANSLATION) && ev[3] == (t.cd & ~0xfffULL) &&
	   ev[1] == (EVT1_S2 | EVT1_RNW | FIELD_PREP(EVT1_CLASS, CLASS_CD)), "the CD's stage 2");
	map(nest_root, 12, 1, 3, t.cd & ~0xfffULL, 0x1000, PTE_S2);
	ok(faults(8, 0x5000, RD, EVT_F_CD_FETCH) && ev[3] >> 12 == 1, "a CD that is no memory");
}

/* ---- granules ---- */

static void test_granules(void)
{
	static const struct { u8 gran, tg, tsz, from, block; } g[] = {
		{ 12, 0, 16, 0, 1 }, { 12, 0, 48, 3, 0 }, { 14, 2, 17, 1, 2 }, { 14, 2, 28, 2, 2 },
		{ 16, 1, 22, 2, 2 }, { 16, 1, 16, 1, 2 }, { 12, 0, 39, 2, 2 },
	};
	unsigned int i;

	driver_reset();
	for (i = 0; i < ARRAY_SIZE(g); i++) {
		u64 cd = alloc(CD_SIZE), root = alloc(1ULL << g[i].gran);
		u64 va = 1ULL << g[i].gran, block = 1ULL << lshift(g[i].gran, g[i].block);

		put64(cd + 8, root);
		put64(cd, (cd_word0(30 + i) & ~CD0_T0SZ) | g[i].tsz | (u64)g[i].tg << 6);
		set_ste(9, CONFIG(S1_ONLY) | cd, 0, 0, 0);
		map(root, g[i].gran, g[i].from, 3, va, 0x90000000, PTE_S1);
		ok(goes(9, va + 0x123, RD, 0x90000123) && res.shift == g[i].gran,
		   "granule 1 << %u, T0SZ %u", g[i].gran, g[i].tsz);
		if (!g[i].block)
			continue;
		map(root, g[i].gran, g[i].from, g[i].block, block, 1ULL << 40, PTE_S1);
		ok(goes(9, block + 0x12345, RD, (1ULL << 40) + 0x12345) &&
		   1ULL << res.shift == block, "a block");
		put64(desc_at(root, g[i].gran, g[i].from, g[i].from, 0), 1);
		ok(g[i].from >= g[i].block || faults(9, 0, RD, EVT_F_TRANSLATION),
		   "no blocks above");
	}
}

static void test_52_bits(void)
{
	struct vmxl_smmu *old = s;
	u64 cd = alloc(CD_SIZE), root = alloc(1 << 16), l2;

	s = vmxl_smmu_new(e.vm);
	check(!vmxl_smmu_config(s, VMXL_SMMU_OAS, 52), "52 bits");
	driver_reset();
	ok((rd(REG_IDR5) & 7) == 6, "52 bits");
	put64(cd + 8, root);
	put64(cd, (cd_word0(1) & ~(CD0_T0SZ | CD0_IPS)) | 12 | 1 << 6 | 6ULL << 32);
	set_ste(9, CONFIG(S1_ONLY) | cd, 0, 0, 0);
	map(root, 16, 1, 3, 5ULL << 48, 0, PTE_S1 | 0xaULL << 12);
	ok(goes(9, (5ULL << 48) + 0x1234, RD, (0xaULL << 48) + 0x1234), "both ways");
	map(root, 16, 1, 1, 6ULL << 42, 3ULL << 42, PTE_S1);
	ok(goes(9, (6ULL << 42) + 0x1234567, RD, (3ULL << 42) + 0x1234567) && res.shift == 42,
	   "4 TiB blocks");
	l2 = desc_at(root, 16, 1, 1, 7ULL << 42);
	put64(l2, get64(l2) | 3 | 1 << 12);
	put64(cd, (get64(cd) & ~CD0_IPS) | 5ULL << 32);
	cmd(CMD_CFGI_CD | 9ULL << 32, 1);
	ok(faults(9, 7ULL << 42, RD, EVT_F_ADDR_SIZE), "not beyond IPS");
	vmxl_smmu_free(s);
	s = old;
}

#define LPA2_VA		(3ULL << 48 | 0x5000000)
#define LPA2_PA		0xf000090000000ULL
#define LPA2_BLOCK	(5ULL << 39)

/* A page, and a block as large as they are with 52 bits only */
static u64 lpa2_tables(unsigned int gran, u64 attrs)
{
	u64 root = alloc(1ULL << gran), top = alloc(64);

	/* Bits 51 and 50 are at 9 and 8. */
	map(root, gran, 0, 3, LPA2_VA, (LPA2_PA & GENMASK_ULL(49, 12)) | 3 << 8, attrs);
	map(root, gran, 0, gran == 12 ? 0 : 1, LPA2_BLOCK, 3 << 8, attrs);
	if (gran == 14)
		return root;	/* of 32 entries */
	put64(top + (LPA2_VA >> 48) * 8, root | 3);
	put64(top, root | 3);
	return top;
}

static bool lpa2_works(unsigned int gran, unsigned int block)
{
	return goes(9, LPA2_VA + 0x123, RD, LPA2_PA + 0x123) && res.shift == gran &&
	       goes(9, LPA2_BLOCK + 0x1234567, RD, (3ULL << 50) + 0x1234567) && res.shift == block;
}

/* LPA2: 52 bits by 4K and 16K granules, in either stage */
static void test_lpa2(void)
{
	static const struct { u8 gran, tg, block, sl0; u64 sl2; } g[] = {
		{ 12, 0, 39, 0, STE3_S2SL0_2 }, { 14, 2, 36, 3, 0 },
	};
	struct vmxl_smmu *old = s;
	unsigned int i;

	s = vmxl_smmu_new(e.vm);
	check(!vmxl_smmu_config(s, VMXL_SMMU_OAS, 52), "52 bits");
	driver_reset();
	ok(rd(REG_IDR5) & IDR5_DS, "LPA2 comes with 52 bits");
	for (i = 0; i < ARRAY_SIZE(g); i++) {
		u64 cd = alloc(CD_SIZE), w2 = s2_word2(9) & ~(STE2_S2T0SZ | STE2_S2SL0 | STE2_S2PS);
		u64 w3 = lpa2_tables(g[i].gran, PTE_S2);

		put64(cd + 8, lpa2_tables(g[i].gran, PTE_S1));
		put64(cd + 16, CD2_DS);
		put64(cd, (cd_word0(30 + i) & ~(CD0_T0SZ | CD0_IPS)) | 12 | g[i].tg << 6 |
			  6ULL << 32);
		set_ste(9, CONFIG(S1_ONLY) | cd, 0, 0, 0);
		ok(lpa2_works(g[i].gran, g[i].block), "granule 1 << %u, stage 1", g[i].gran);
		put64(cd, (get64(cd) & ~CD0_IPS) | 5ULL << 32);
		cmd(CMD_CFGI_CD | 9ULL << 32, 1);
		ok(faults(9, LPA2_VA, RD, EVT_F_ADDR_SIZE), "not beyond IPS");
		put64(cd + 16, 0);
		cmd(CMD_CFGI_CD | 9ULL << 32, 1);
		ok(faults(9, LPA2_VA, RD, EVT_C_BAD_CD), "nor without DS");
		w2 |= 12ULL << 32 | FIELD_PREP(STE2_S2SL0, g[i].sl0) | (u64)g[i].tg << 46 |
		      6ULL << 48;
		set_ste(9, CONFIG(S2_ONLY), 0, w2, w3 | STE3_S2DS | g[i].sl2);
		ok(lpa2_works(g[i].gran, g[i].block), "stage 2");
		set_ste(9, CONFIG(S2_ONLY), 0, w2, w3);
		ok(faults(9, LPA2_VA, RD, EVT_C_BAD_STE), "not without S2DS");
	}
	vmxl_smmu_free(s);
	s = old;
}

/* ---- access flag and dirty state ---- */

static void test_httu(void)
{
	struct s1 t = new_s1(40);
	u64 pte = desc_at(t.table, 12, 1, 3, 0x5000), s2;

	driver_reset();
	put64(t.cd, cd_word0(40) | CD0_HA | CD0_HD);
	set_ste(10, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, (PTE_S1 & ~TTD_AF) | TTD_AP_RO | TTD_DBM);
	ok(goes(10, 0x5000, RD, 0x90001000) && get64(pte) & TTD_AF && get64(pte) & TTD_AP_RO,
	   "read: accessed");
	ok(goes(10, 0x5000, WR, 0x90001000) && !(get64(pte) & TTD_AP_RO), "written: dirty");
	ok(!reads(10, 0x5000, WR), "and cached as such");
	map(t.table, 12, 1, 3, 0x6000, 0x90002000, (PTE_S1 & ~TTD_AF) | TTD_AP_RO);
	ok(faults(10, 0x6000, WR, EVT_F_PERMISSION), "not what is read-only");
	put64(t.cd, cd_word0(40) | CD0_AFFD);
	cmd(CMD_CFGI_CD | 10ULL << 32, 1);
	ok(goes(10, 0x6000, RD, 0x90002000) &&
	   !(get64(desc_at(t.table, 12, 1, 3, 0x6000)) & TTD_AF), "AFFD: no flag, no fault");
	/* Both stages: stage 1's tables must be writable at stage 2, and are dirty then. */
	t = new_s1(41);
	pte = desc_at(t.table, 12, 1, 3, 0x5000);
	put64(t.cd, cd_word0(41) | CD0_HA | CD0_HD);
	nest_map_ram((PTE_S2 & ~(TTD_AF | TTD_AP_RO)) | TTD_DBM);
	s2 = desc_at(nest_root, 12, 1, 3, pte);
	map(t.table, 12, 1, 3, 0x5000, ENV_RAM, (PTE_S1 & ~TTD_AF) | TTD_AP_RO | TTD_DBM);
	set_ste(10, CONFIG(NESTED) | t.cd, 0, s2_word2(10) | STE2_S2HA | STE2_S2HD, nest_root);
	ok(goes(10, 0x5000, RD, ENV_RAM) && get64(pte) & TTD_AF && get64(s2) & TTD_AP_RO &&
	   !(get64(desc_at(nest_root, 12, 1, 3, ENV_RAM)) & TTD_AP_RO), "nested, read");
	ok(goes(10, 0x5000, WR, ENV_RAM) && !(get64(pte) & TTD_AP_RO) &&
	   get64(desc_at(nest_root, 12, 1, 3, ENV_RAM)) & TTD_AP_RO, "nested, written");
	put64(pte, get64(pte) & ~TTD_AF);
	put64(s2, get64(s2) & ~(TTD_AP_RO | TTD_DBM));
	cmd(CMD_TLBI_S12_VMALL | 10ULL << 32, 0);
	ok(faults(10, 0x5000, RD, EVT_F_PERMISSION) && !(ev[1] & EVT1_TTRNW) && ev[1] & EVT1_S2 &&
	   ev[3] == (pte & ~0xfffULL), "tables that stage 2 does not let be written");
	set_ste(10, CONFIG(NESTED) | t.cd, 0, s2_word2(10) | STE2_S2AFFD, nest_root);
	ok(goes(10, 0x5000, RD, ENV_RAM) == 0, "without HTTU at stage 2");
	event();
}

/* ---- permissions of stage 1 ---- */

static bool grants(u32 sid, u64 va, u32 priv, u32 unpriv)
{
	static const u32 access[] = { RD, WR, EX };
	unsigned int i;
	bool good = true;

	for (i = 0; i < 3; i++) {
		good &= (dma(sid, va, access[i] | PR) == VMXL_SMMU_OK) == !!(priv & access[i]);
		good &= (dma(sid, va, access[i]) == VMXL_SMMU_OK) == !!(unpriv & access[i]);
	}
	while (event())
		;
	return good;
}

static void test_perms(void)
{
	struct s1 t = new_s1(50);
	u64 el1 = PTE_S1 & ~TTD_AP_EL0, l2;

	driver_reset();
	set_ste(11, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	map(t.table, 12, 1, 3, 0x1000, 0x90001000, el1);
	map(t.table, 12, 1, 3, 0x2000, 0x90001000, PTE_S1);
	map(t.table, 12, 1, 3, 0x3000, 0x90001000, el1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x4000, 0x90001000, PTE_S1 | TTD_AP_RO);
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1 | TTD_AP_RO | TTD_UXN | TTD_PXN);
	ok(grants(11, 0x1000, RD | WR | EX, EX) && grants(11, 0x2000, RD | WR, RD | WR | EX) &&
	   grants(11, 0x3000, RD | EX, EX) && grants(11, 0x4000, RD | EX, RD | EX) &&
	   grants(11, 0x5000, RD, RD), "EL1 and EL0");
	put64(t.cd, cd_word0(50) | CD0_WXN);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x1000, RD | WR, EX) && grants(11, 0x2000, RD | WR, RD | WR) &&
	   grants(11, 0x4000, RD | EX, RD | EX), "WXN");
	put64(t.cd, cd_word0(50) | CD0_PAN);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x1000, RD | WR | EX, EX) && grants(11, 0x2000, 0, RD | WR | EX) &&
	   grants(11, 0x4000, EX, RD | EX), "PAN");
	put64(t.cd, cd_word0(50));
	put64(t.cd + 8, t.table | CD1_E0PD0);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x2000, RD | WR, 0) && faults(11, 0x2000, RD, EVT_F_TRANSLATION), "E0PD");
	put64(t.cd + 8, t.table);
	l2 = desc_at(t.table, 12, 1, 2, 0);
	put64(l2, get64(l2) | TTD_APTABLE_NOEL0 | TTD_PXNTABLE);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	cmd(CMD_TLBI_NH_ALL, 0);
	ok(grants(11, 0x2000, RD | WR, EX) && grants(11, 0x4000, RD, EX), "APTable, PXNTable");
	put64(l2, get64(l2) | TTD_APTABLE_RO | TTD_UXNTABLE);
	cmd(CMD_TLBI_NH_ALL, 0);
	ok(grants(11, 0x2000, RD, 0), "all of them");
	put64(t.cd + 8, t.table | CD1_HAD0);
	cmd(CMD_CFGI_CD | 11ULL << 32, 1);
	ok(grants(11, 0x2000, RD | WR, RD | WR | EX), "HAD");
	/* EL2: one privilege, no ASID */
	put64(t.cd, cd_word0(50) & ~CD0_EPD1);
	set_ste(11, CONFIG(S1_ONLY) | t.cd, (u64)STRW_EL2 << 30, 0, 0);
	ok(grants(11, 0x1000, RD | WR | EX, RD | WR | EX) &&
	   grants(11, 0x5000, RD, RD), "EL2");
	ok(faults(11, ~0xfffULL, RD, EVT_F_TRANSLATION), "has no TTB1");
	enable(CR0_CMDQEN | CR0_EVENTQEN);
	wr(REG_CR2, CR2_E2H | CR2_RECINVSID);
	enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN);
	put64(t.cd, cd_word0(50));
	ok(grants(11, 0x1000, RD | WR | EX, EX), "E2H");
	check(reads(11, 0x2000, RD) && !reads(11, 0x2000, RD), "cached");
	cmd(CMD_TLBI_EL2_ASID | 51ULL << 48, 0);
	ok(!reads(11, 0x2000, RD), "another ASID");
	cmd(CMD_TLBI_EL2_ASID | 50ULL << 48, 0);
	ok(reads(11, 0x2000, RD), "its own");
	cmd(CMD_TLBI_EL2_VA | 50ULL << 48, 0x2001);
	ok(reads(11, 0x2000, RD) == 1, "by address");
	cmd(CMD_TLBI_EL2_VAA, 0x2001);
	ok(reads(11, 0x2000, RD) == 1, "of all ASIDs");
}

int main(void)
{
	smmu_open();
	test_stage1();
	test_ttb1();
	test_stage2();
	test_nested();
	test_granules();
	test_52_bits();
	test_lpa2();
	test_httu();
	test_perms();
	return smmu_close();
}
