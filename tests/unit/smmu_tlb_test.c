// SPDX-License-Identifier: GPL-2.0
/*
 * What the SMMU keeps of its walks, and which commands make it forget what.
 */
#include "smmu_env.h"

static void test_tlb(void)
{
	struct s1 a = new_s1(60), b = new_s1(61);
	struct vmxl_smmu_stats before;
	u64 va;

	driver_reset();
	set_ste(12, CONFIG(S1_ONLY) | a.cd, 0, 0, 0);
	set_ste(13, CONFIG(S1_ONLY) | b.cd, 0, 0, 0);
	for (va = 0; va < 0x400000; va += 0x1000) {
		map(a.table, 12, 1, 3, va, 0x90000000 + va, PTE_S1);
		map(b.table, 12, 1, 3, va, 0xa0000000 + va, PTE_S1);
	}
	map(a.table, 12, 1, 3, 0x800000, 0x91000000, PTE_S1 & ~TTD_NG);
	ok(reads(12, 0x1000, RD) == 3, "a walk");
	ok(reads(12, 0x1234, WR) == 0, "a hit");
	ok(reads(12, 0x2000, RD) == 1, "a walk from the last table");
	ok(reads(12, 0x200000, RD) == 3 && reads(12, 0x201000, RD) == 1, "which there is one of");
	check(reads(13, 0x1000, RD) == 3 && reads(13, 0x2000, RD) == 1 &&
	      reads(12, 0x800000, RD) == 3, "another context");

	before = stats();
	cmd(CMD_TLBI_NH_VA | 60ULL << 48, 0x1000 | 1);
	ok(stats().drop == before.drop + 1, "one page of one ASID");
	ok(!reads(12, 0x2000, RD) && !reads(13, 0x1000, RD) && reads(12, 0x1000, RD) == 1,
	   "and no more");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48, 0x1000);
	ok(reads(12, 0x1000, RD) == 3 && !reads(12, 0x2000, RD), "not only the leaf");
	cmd(CMD_TLBI_NH_VA | 1ULL << 32 | 60ULL << 48, 0x1000 | 1);
	cmd(CMD_TLBI_NH_VA | 62ULL << 48, 0x1000 | 1);
	ok(!reads(12, 0x1000, RD), "another VMID, another ASID");
	cmd(CMD_TLBI_NH_VAA, 0x1000 | 1);
	ok(reads(12, 0x1000, RD) == 1 && reads(13, 0x1000, RD) == 1, "of all ASIDs");
	cmd(CMD_TLBI_NH_VA | 62ULL << 48, 0x800000 | 1);
	ok(reads(12, 0x800000, RD) == 1, "global ones are of every ASID");
	cmd(CMD_TLBI_NH_ASID | 60ULL << 48, 0);
	ok(!reads(12, 0x800000, RD) && reads(12, 0x2000, RD) == 3 && !reads(13, 0x2000, RD),
	   "but go with none");
	cmd(CMD_TLBI_S12_VMALL | 1ULL << 32, 0);
	ok(!reads(12, 0x2000, RD), "another VMID");
	cmd(CMD_TLBI_NH_ALL, 0);
	ok(reads(12, 0x800000, RD) && reads(12, 0x2000, RD) && reads(13, 0x2000, RD), "all");

	/* Ranges */
	for (va = 0; va < 0x40000; va += 0x1000)
		dma(12, va, RD);
	before = stats();
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 3 << 12 | 1 << 20,
	    0x8000 | 1 | FIELD_PREP(CMD1_TG, 1) | FIELD_PREP(CMD1_TTL, 3));
	ok(stats().drop == before.drop + 8, "a range of eight");
	ok(!reads(12, 0x7000, RD) && !reads(12, 0x10000, RD) && reads(12, 0x8000, RD) == 1 &&
	   reads(12, 0xf000, RD) == 1, "just these");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48,
	    0x8000 | 1 | FIELD_PREP(CMD1_TG, 1) | FIELD_PREP(CMD1_TTL, 2));
	cmd(CMD_TLBI_NH_VA | 60ULL << 48,
	    0x8000 | 1 | FIELD_PREP(CMD1_TG, 3) | FIELD_PREP(CMD1_TTL, 3));
	ok(!reads(12, 0x8000, RD), "another level, another granule");
	before = stats();
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 31 << 12 | 31 << 20, 1 | FIELD_PREP(CMD1_TG, 1));
	ok(stats().drop - before.drop >= 56 && reads(12, 0x8000, RD) == 1 &&
	   !reads(13, 0x2000, RD), "a large one");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 31 << 12 | 31 << 20, FIELD_PREP(CMD1_TG, 1));
	ok(reads(12, 0x8000, RD) == 3, "with its tables");
	cmd(CMD_TLBI_NH_VA | 60ULL << 48 | 31 << 12 | 31 << 20,
	    ~0ULL << 40 | FIELD_PREP(CMD1_TG, 1));
	ok(!reads(12, 0x8000, RD), "that does not wrap");

	/* Configurations, and what is not theirs */
	cmd(CMD_CFGI_STE | 12ULL << 32, 1);
	ok(!reads(12, 0x8000, RD), "an STE is not its translations");
	before = stats();
	cmd(CMD_CFGI_STE_RANGE | 12ULL << 32, 0);
	ok(stats().cfg_drop == before.cfg_drop + 2, "two STEs");
	dma(12, 0x8000, RD);
	dma(14, 0x8000, RD);
	cmd(CMD_CFGI_STE | 13ULL << 32, 1);
	before = stats();
	dma(12, 0x8000, RD);
	ok(stats().cfg_miss == before.cfg_miss, "another's STE");
	while (event())
		;
	/* More than there is room for */
	for (va = 0; va < 0x400000; va += 0x1000)
		check(goes(12, va, RD, 0x90000000 + va) && goes(13, va, RD, 0xa0000000 + va),
		      "0x%llx", (unsigned long long)va);
	ok(1, "all of 4 MiB");
}

/* Sixteen pages that map alike are one entry, and go as one. */
static void test_contig(void)
{
	const u64 contig = PTE_S1 | TTD_CONTIG, va = 0x40000, pa = 0x90040000;
	struct s1 t = new_s1(34);
	unsigned int i, n = 0;

	driver_reset();
	set_ste(9, CONFIG(S1_ONLY) | t.cd, 0, 0, 0);
	for (i = 0; i < 16; i++)
		map(t.table, 12, 1, 3, va + i * 4096, pa + i * 4096, contig);
	ok(reads(9, va + 0x3000, RD) && res.shift == 16 && res.gpa == pa + 0x3000, "one entry");
	for (i = 0; i < 16; i++)
		n += reads(9, va + i * 4096, WR) || res.gpa != pa + i * 4096;
	ok(!n, "is all sixteen's");
	cmd(CMD_TLBI_NH_VA | 34ULL << 48, (va + 0x9000) | 1);
	ok(reads(9, va, RD), "and goes with any of them");
	cmd(CMD_TLBI_NH_VA | 34ULL << 48, (va + 0x9000) | 1);
	map(t.table, 12, 1, 3, va + 0x3000, 0x91000000, contig);
	ok(goes(9, va + 0x3000, RD, 0x91000000) && res.shift == 12, "one that is out of order is alone");
	put64(t.cd, cd_word0(34) | CD0_HA);
	cmd(CMD_CFGI_CD | 9ULL << 32, 1);
	ok(goes(9, va, RD, pa) && res.shift == 12, "and so are those that keep their access flags");
}

static void test_vmid_wildcard(void)
{
	struct s1 t = new_s1(35);
	unsigned int vmw, n = 0;

	driver_reset();
	map(t.table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	set_ste(9, CONFIG(S1_ONLY) | t.cd, 0, 0x20, 0);
	for (vmw = 0; vmw < 8; vmw++) {
		unsigned int bit;

		enable((rd(REG_CR0) & ~CR0_VMW) | FIELD_PREP(CR0_VMW, vmw));
		for (bit = 0; bit < 5; bit++) {
			check(goes(9, 0x5000, RD, 0x90001000), "mapped");
			cmd(CMD_TLBI_NH_ALL | (0x20ULL ^ 1 << bit) << 32, 0);
			n += !!reads(9, 0x5000, RD) != (vmw <= 4 && bit < vmw);
		}
	}
	ok(!n && rd(REG_IDR0) & IDR0_VMW, "CR0.VMW has commands not look at some bits of VMIDs");
	enable(rd(REG_CR0) & ~CR0_VMW);
}

/* More contexts than the SMMU remembers, from more substreams than it does */
static void test_many(void)
{
	u64 cds = alloc(2048 * CD_SIZE), table = alloc(4096);
	unsigned int i, n, good = 0;

	driver_reset();
	map(table, 12, 1, 3, 0x5000, 0x90001000, PTE_S1);
	for (i = 0; i < 2048; i++) {
		put64(cds + i * CD_SIZE + 8, table);
		put64(cds + i * CD_SIZE, cd_word0(i));
	}
	set_ste(14, CONFIG(S1_ONLY) | cds | 11ULL << 59, S1DSS_SSID0, 0, 0);
	for (n = 0; n < 2; n++)
		for (i = 1; i < 2048; i++)
			good += dma_as(14, VMXL_SMMU_SSV, i, 0x5000, RD) == VMXL_SMMU_OK;
	ok(good == 2 * 2047, "2047 substreams");
}

int main(void)
{
	smmu_open();
	test_tlb();
	test_contig();
	test_vmid_wildcard();
	test_many();
	return smmu_close();
}
