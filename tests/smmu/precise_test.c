// SPDX-License-Identifier: GPL-2.0
/*
 * What each invalidation command drops: all that it names, and nothing else.
 * The model's counters tell whether an access was answered by a walk.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <shim/tap.h>
#include "hand.h"

#define NR_PAGES	8
#define BLOCK		NR_PAGES		/* one of 2 MiB */
#define GLOBAL		7			/* the same in all contexts of a VMID */
#define PAGES		0x40000000ULL
#define VA(n)		(PAGES + ((u64)(n) << 12))
#define BLOCK_VA	0x80000000ULL

enum kind { STAGE1, STAGE2, NESTED, EL2 };

struct space {
	enum kind kind;
	u32 sid;
	u16 vmid, asid;
};

static const struct space spaces[] = {
	{ STAGE1, 1, 1, 10 }, { STAGE1, 2, 1, 11 }, { STAGE1, 3, 2, 10 },
	{ STAGE2, 4, 3, 0 }, { NESTED, 5, 4, 20 }, { NESTED, 6, 4, 21 }, { EL2, 7, 0, 0 },
};

#define NR_SPACES	ARRAY_SIZE(spaces)

/* A command, and which spaces and pages it is for */
struct command {
	const char *what;
	u64 w0, w1;
	u8 spaces;		/* bit n: spaces[n] */
	u16 pages;		/* bit n: page n, or BLOCK */
};

#define S(n)		(1u << (n))
#define P(n)		(1u << (n))
#define NH_VA(v, a)	(CMD_TLBI_NH_VA | (u64)(v) << 32 | (u64)(a) << 48)
#define NH_VAA(v)	(CMD_TLBI_NH_VAA | (u64)(v) << 32)
#define RANGE(num, scale)	((u64)(num) << 12 | (u64)(scale) << 20)
#define TG4K		(1u << 10)
#define TG16K		(2u << 10)
#define TTL(n)		((n) << 8)
#define ALL_PAGES	0x1ff

static const struct command commands[] = {
	{ "SYNC alone", CMD_SYNC, 0, 0, 0 },
	{ "a page, last level", NH_VA(1, 10), VA(3) | 1, S(0), P(3) },
	{ "a page, all levels", NH_VA(1, 10), VA(3), S(0), P(3) },
	{ "of another ASID", NH_VA(1, 12), VA(3) | 1, 0, 0 },
	{ "of another VMID", NH_VA(5, 10), VA(3) | 1, 0, 0 },
	{ "no page", NH_VA(1, 10), VA(200) | 1, 0, 0 },
	{ "a global page by any ASID", NH_VA(1, 99), VA(GLOBAL) | 1, S(0) | S(1), P(GLOBAL) },
	{ "a page of all ASIDs", NH_VAA(1), VA(2) | 1, S(0) | S(1), P(2) },
	{ "a block by an address in it", NH_VA(2, 10), (BLOCK_VA + 0x7f000) | 1, S(2), P(BLOCK) },
	{ "a page of nested stages", NH_VA(4, 20), VA(1) | 1, S(4), P(1) },
	{ "a range", NH_VA(1, 10) | RANGE(1, 1), VA(2) | TG4K | 1, S(0),
	  P(2) | P(3) | P(4) | P(5) },
	{ "a range of one page, by level", NH_VA(1, 10), VA(2) | TG4K | TTL(3) | 1, S(0), P(2) },
	{ "a range of another granule", NH_VA(1, 10) | RANGE(3, 1), VA(0) | TG16K | 1, 0, 0 },
	{ "a range of blocks", NH_VA(1, 10) | RANGE(7, 9), 0x40000000 | TG4K | TTL(2) | 1, 0, 0 },
	{ "a large range", NH_VA(1, 11) | RANGE(1, 18), 0x40000000 | TG4K | 1, S(1), ALL_PAGES },
	{ "an ASID", CMD_TLBI_NH_ASID | 1ULL << 32 | 10ULL << 48, 0, S(0),
	  ALL_PAGES & ~P(GLOBAL) },
	{ "an ASID that nobody has", CMD_TLBI_NH_ASID | 1ULL << 32 | 12ULL << 48, 0, 0, 0 },
	{ "stage 1 of a VMID", CMD_TLBI_NH_ALL | 1ULL << 32, 0, S(0) | S(1), ALL_PAGES },
	{ "stage 1 of nested ones", CMD_TLBI_NH_ALL | 4ULL << 32, 0, S(4) | S(5), ALL_PAGES },
	{ "stage 1 of stage 2 alone", CMD_TLBI_NH_ALL | 3ULL << 32, 0, 0, 0 },
	{ "a page of stage 2", CMD_TLBI_S2_IPA | 3ULL << 32, VA(3) | 1, S(3), P(3) },
	{ "of another VMID's", CMD_TLBI_S2_IPA | 5ULL << 32, VA(3) | 1, 0, 0 },
	{ "both stages of a VMID", CMD_TLBI_S12_VMALL | 4ULL << 32, 0, S(4) | S(5), ALL_PAGES },
	{ "and of another", CMD_TLBI_S12_VMALL | 3ULL << 32, 0, S(3), ALL_PAGES },
	{ "a page of EL2", CMD_TLBI_EL2_VA, VA(3) | 1, S(6), P(3) },
	{ "EL2", CMD_TLBI_EL2_ALL, 0, S(6), ALL_PAGES },
	{ "all but EL2", CMD_TLBI_NSNH_ALL, 0, 0x3f, ALL_PAGES },
	{ "an STE", CMD_CFGI_STE | 1ULL << 32, 1, 0, 0 },
	{ "a CD", CMD_CFGI_CD | 1ULL << 32, 1, 0, 0 },
	{ "all configuration", CMD_CFGI_RANGE, 31, 0, 0 },
	{ "a prefetch", CMD_PREFETCH_CONFIG | 1ULL << 32, 0, 0, 0 },
};

static struct rig rig;
static struct hand hand;

static u64 va(unsigned int n)
{
	return n == BLOCK ? BLOCK_VA : VA(n);
}

static u64 out(unsigned int c, unsigned int n)
{
	return (c + 1ULL) << 32 | va(n);
}

static u64 leaf(unsigned int c, unsigned int n)
{
	if (spaces[c].kind == STAGE2)
		return out(c, n) | D_AF | D_S2RW | (n == BLOCK ? 1 : 3);
	if (n == GLOBAL)
		return out(spaces[c].vmid == 1 ? 0 : c, n) | D_AF | D_USER | 3;
	return out(c, n) | D_AF | D_USER | D_NG | (n == BLOCK ? 1 : 3);
}

static void fill(unsigned int c, u64 root)
{
	unsigned int n;

	for (n = 0; n <= BLOCK; n++)
		*hand_slot(&hand, root, va(n), n == BLOCK ? 2 : 3) = leaf(c, n);
}

/* Stage 2 of the nested ones: everything is where it is. */
static void identity(u64 root)
{
	u64 gib;

	for (gib = 0; gib < 64; gib++)
		*hand_slot(&hand, root, gib << 30, 1) = gib << 30 | D_AF | D_S2RW | 1;
}

static void make_space(unsigned int c, u64 s2)
{
	const struct space *sp = &spaces[c];
	u64 *ste = hand_ste(&hand, sp->sid), root = hand_alloc(&hand, 4096), cd;

	fill(c, root);
	if (sp->kind == STAGE2) {
		hand_ste_s2(ste, root, sp->vmid);
		return;
	}
	cd = hand_alloc(&hand, 64);
	hand_cd(hand_at(&hand, cd), sp->asid, root);
	if (sp->kind == NESTED) {
		u64 s1[8];

		hand_ste_s1(s1, cd, sp->vmid);
		hand_ste_s2(ste, s2, sp->vmid);
		ste[0] |= s1[0];
		ste[1] |= s1[1];
		set_bits(ste, 3, 1, 7);
		return;
	}
	hand_ste_s1(ste, cd, sp->vmid);
	if (sp->kind == EL2)
		set_bits(ste, 95, 94, 2);
}

/* Was it answered without a walk? */
static bool cached(unsigned int c, unsigned int n)
{
	struct orc_req req = { .sid = spaces[c].sid, .addr = va(n) + 0x10, .access = ORC_R };
	struct vmxl_smmu_stats before, after;

	vmxl_smmu_get_stats(rig.smmu, &before);
	check(rig_check(&rig, &req), "space %u, page %u", c, n);
	vmxl_smmu_get_stats(rig.smmu, &after);
	return after.walk == before.walk;
}

static unsigned int warm(void)
{
	unsigned int c, n, walks = 0;

	for (c = 0; c < NR_SPACES; c++) {
		for (n = 0; n <= BLOCK; n++)
			walks += !cached(c, n);
	}
	return walks;
}

static void try(const struct command *cmd)
{
	unsigned int c, n, kept = 0, lost = 0;

	warm();
	check(!warm(), "%s: the caches hold the working set", cmd->what);
	rig_cmd(&rig, cmd->w0, cmd->w1);
	check(rig_sync(&rig), "%s: the command is carried out", cmd->what);
	for (c = 0; c < NR_SPACES; c++) {
		for (n = 0; n <= BLOCK; n++) {
			bool named = cmd->spaces & S(c) && cmd->pages & P(n);
			bool hit = cached(c, n);

			/* Of another ASID, too; and filled in again by the first that looks. */
			if (n == GLOBAL && cmd->pages & P(n) && spaces[c].vmid == 1 &&
			    !(named && !c))
				continue;
			kept += named && hit;
			lost += !named && !hit;
		}
	}
	if (!ok(!kept && !lost, "%s", cmd->what))
		printf("# %u of what it names is there still, %u of what it does not is gone\n",
		       kept, lost);
}

/* Tables on the way are kept where only the last level is named. */
static void test_walk_cache(void)
{
	static const struct {
		const char *what;
		u64 w0, w1;
		unsigned int reads;
	} cases[] = {
		{ "last level: one descriptor is read", NH_VA(1, 10), VA(3) | 1, 1 },
		{ "all levels: four are", NH_VA(1, 10), VA(3), 4 },
		{ "a range, last level: one", NH_VA(1, 10) | RANGE(1, 1), VA(2) | TG4K | 1, 1 },
		{ "an ASID: four", CMD_TLBI_NH_ASID | 1ULL << 32 | 10ULL << 48, 0, 4 },
	};
	struct vmxl_smmu_stats before, after;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		warm();
		rig_cmd(&rig, cases[i].w0, cases[i].w1);
		check(rig_sync(&rig), "%s: the command is carried out", cases[i].what);
		vmxl_smmu_get_stats(rig.smmu, &before);
		cached(0, 3);
		vmxl_smmu_get_stats(rig.smmu, &after);
		ok_eq(after.desc_read - before.desc_read, cases[i].reads, cases[i].what);
	}
}

/* Configuration: which streams' is fetched again after a command */
static void test_config(void)
{
	static const struct {
		const char *what;
		u64 w0, w1;
		u8 streams;
	} cases[] = {
		{ "an STE's", CMD_CFGI_STE | 3ULL << 32, 1, S(3) },
		{ "a CD's", CMD_CFGI_CD | 2ULL << 32, 1, S(2) },
		{ "no CD's", CMD_CFGI_CD | 2ULL << 32 | 5 << 12, 1, 0 },
		{ "all CDs'", CMD_CFGI_CD_ALL | 5ULL << 32, 0, S(5) },
		{ "a range of four", CMD_CFGI_RANGE | 6ULL << 32, 1, S(4) | S(5) | S(6) | S(7) },
		{ "all", CMD_CFGI_RANGE, 31, 0xfe },
		{ "none: TLBs are another thing", CMD_TLBI_NSNH_ALL, 0, 0 },
	};
	struct vmxl_smmu_stats before, after;
	unsigned int i, c, missed;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		warm();
		rig_cmd(&rig, cases[i].w0, cases[i].w1);
		check(rig_sync(&rig), "%s: the command is carried out", cases[i].what);
		for (c = 0, missed = 0; c < NR_SPACES; c++) {
			vmxl_smmu_get_stats(rig.smmu, &before);
			cached(c, 0);
			vmxl_smmu_get_stats(rig.smmu, &after);
			missed |= after.cfg_miss != before.cfg_miss ? S(spaces[c].sid) : 0;
		}
		ok(missed == cases[i].streams, "configuration: %s", cases[i].what);
	}
}

int main(void)
{
	unsigned int i;
	u64 s2;

	rig_open(&rig, 0);
	hand_start(&hand, &rig);
	s2 = hand_alloc(&hand, 4096);
	identity(s2);
	for (i = 0; i < NR_SPACES; i++)
		make_space(i, s2);
	rig_enable(&rig, HAND_STRTAB, HAND_CFG, CR2_RECINVSID);
	rig_snapshot(&rig, RAM_SIZE);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		try(&commands[i]);
	test_walk_cache();
	test_config();
	rig_close(&rig);
	return tap_done();
}
