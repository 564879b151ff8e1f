// SPDX-License-Identifier: GPL-2.0
/* Defects that other emulations of the SMMU have or had: one test each. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <shim/tap.h>
#include "hand.h"

#define SID	3
#define VA	0x7654321000ULL
#define OUT	0x12345000ULL

static struct rig rig;
static struct hand hand;
static u64 root, cd_pa;

static void start(void)
{
	hand_start(&hand, &rig);
	root = hand_alloc(&hand, 4096);
	cd_pa = hand_alloc(&hand, 64);
	hand_cd(hand_at(&hand, cd_pa), 1, root);
	hand_ste_s1(hand_ste(&hand, SID), cd_pa, 0);
	hand_map(&hand, root, VA, OUT | D_DMA);
	rig_enable(&rig, HAND_STRTAB, HAND_CFG, CR2_RECINVSID);
	rig_snapshot(&rig, RAM_SIZE);
}

static bool goes(u64 addr, u32 access, u64 out)
{
	struct orc_req req = { .sid = SID, .addr = addr, .access = access };
	struct vmxl_smmu_res res;
	u64 record[4];

	rig_translate(&rig, &req, &res);
	while (rig_event(&rig, record))
		;
	if (out != ~0ULL && (res.status != VMXL_SMMU_OK || res.gpa != out))
		return false;
	if (out == ~0ULL && res.status == VMXL_SMMU_OK)
		return false;
	return rig_check(&rig, &req);
}

#define FAULTS	(~0ULL)

/* TBI of TTB1 is bit 39 of the CD, not that of TTB0. */
static void test_tbi1(void)
{
	u64 *cd, high;
	u64 va = 0xffff000000000000ULL | VA;

	start();
	cd = hand_at(&hand, cd_pa);
	high = hand_alloc(&hand, 4096);
	hand_map(&hand, high, VA, (OUT + 0x1000) | D_DMA);
	set_bits(cd, 30, 30, 0);
	set_bits(cd, 23, 16, 2 << 6 | 16);
	set_bits(cd, 179, 132, high >> 4);
	set_bits(cd, 39, 39, 1);
	rig_forget(&rig);
	rig_snapshot(&rig, RAM_SIZE);
	ok(goes(va, ORC_R, OUT + 0x1000) && goes(va ^ 0x5aULL << 56, ORC_R, OUT + 0x1000) &&
	   goes(VA, ORC_R, OUT) && goes(VA | 0x5aULL << 56, ORC_R, FAULTS),
	   "TBI1 alone: the top byte is ignored in the upper half only");
	set_bits(cd, 39, 39, 0);
	set_bits(cd, 38, 38, 1);
	rig_forget(&rig);
	rig_snapshot(&rig, RAM_SIZE);
	ok(goes(va, ORC_R, OUT + 0x1000) && goes(va ^ 0x5aULL << 56, ORC_R, FAULTS) &&
	   goes(VA | 0x5aULL << 56, ORC_R, OUT), "TBI0 alone: in the lower half only");
}

/* A full event queue turns OVFLG once and is no global error. */
static void test_overflow(void)
{
	struct orc_req req = { .sid = SID, .addr = 0x1000, .access = ORC_R };
	struct vmxl_smmu_res res;
	u64 record[4];
	u32 prod;
	int i, nr = 0;

	start();
	for (i = 0; i < (1 << EVTQ_LOG2); i++)
		rig_translate(&rig, &req, &res);
	prod = rig_rd(&rig, R_EVTQ_PROD);
	ok(!(prod >> 31) && (prod & ((2 << EVTQ_LOG2) - 1)) == 1 << EVTQ_LOG2,
	   "the queue is full, nothing is lost");
	for (i = 0; i < 5; i++)
		rig_translate(&rig, &req, &res);
	ok(rig_rd(&rig, R_EVTQ_PROD) == (prod | 1u << 31), "OVFLG turns once");
	ok(rig_rd(&rig, R_GERROR) == rig_rd(&rig, R_GERRORN), "no global error");
	while (rig_event(&rig, record))
		nr++;
	ok(nr == 1 << EVTQ_LOG2 && rig_rd(&rig, R_EVTQ_CONS) >> 31, "all that was in it is read");
	for (i = 0; i <= 1 << EVTQ_LOG2; i++)
		rig_translate(&rig, &req, &res);
	ok(!(rig_rd(&rig, R_EVTQ_PROD) >> 31), "the next time it turns back");
	while (rig_event(&rig, record))
		;
	ok(goes(0x1000, ORC_R, FAULTS), "records come again");
}

/* The format of the stream table can become linear again. */
static void test_format(void)
{
	u64 l1, l2;

	start();
	l1 = hand_alloc(&hand, 64);
	l2 = hand_alloc(&hand, 64 << 6);
	*hand_at(&hand, l1) = l2 | 7;
	memcpy(hand_at(&hand, l2 + 64 * SID), hand_ste(&hand, SID), 64);
	rig_enable(&rig, l1, 1 << 16 | 6 << 6 | 6, CR2_RECINVSID);
	rig_snapshot(&rig, RAM_SIZE);
	ok(goes(VA, ORC_R, OUT), "two levels");
	rig_enable(&rig, HAND_STRTAB, HAND_CFG, CR2_RECINVSID);
	*hand_at(&hand, l1) = 0;
	rig_snapshot(&rig, RAM_SIZE);
	ok(rig_rd(&rig, R_STRTAB_CFG) == HAND_CFG && goes(VA, ORC_R, OUT), "and one again");
}

/* What is cached is checked as what is not: read, write, execute, privilege. */
static void test_hit_permissions(void)
{
	static const struct {
		const char *what;
		u64 bits;
		u32 good, bad;
	} cases[] = {
		{ "a write to a page that is read-only", D_USER | D_RO, ORC_R, ORC_W },
		{ "a user's read of a privileged page", 0, ORC_R | ORC_PRIV, ORC_R },
		{ "a user's write to one", 0, ORC_W | ORC_PRIV, ORC_W },
		{ "a fetch from a page without execution", D_USER | 1ULL << 54, ORC_R,
		  ORC_R | ORC_X },
		{ "a privileged fetch", D_USER | D_RO | 1ULL << 53, ORC_R | ORC_X,
		  ORC_R | ORC_X | ORC_PRIV },
		{ "an atomic access to a read-only page", D_USER | D_RO, ORC_R, ORC_R | ORC_W },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		start();
		hand_map(&hand, root, VA, OUT | D_PAGE | D_NG | cases[i].bits);
		rig_snapshot(&rig, RAM_SIZE);
		ok(goes(VA, cases[i].good, OUT) && goes(VA, cases[i].bad, FAULTS) &&
		   goes(VA, cases[i].good, OUT), "%s", cases[i].what);
	}
}

/* An STE with what is not there is a bad STE, and the end of nothing else. */
static void test_s2aa64(void)
{
	u64 *ste, s2;

	start();
	ste = hand_ste(&hand, SID);
	s2 = hand_alloc(&hand, 4096);
	hand_map(&hand, s2, VA, OUT | D_AF | D_S2RW | 3);
	hand_ste_s2(ste, s2, 1);
	set_bits(ste, 179, 179, 0);
	rig_forget(&rig);
	rig_snapshot(&rig, RAM_SIZE);
	ok(goes(VA, ORC_R, FAULTS), "S2AA64 = 0");
	set_bits(ste, 179, 179, 1);
	rig_forget(&rig);
	rig_snapshot(&rig, RAM_SIZE);
	ok(goes(VA, ORC_R, OUT), "S2AA64 = 1");
}

/* Faults while a CD is fetched tell the access as the STE overrides it. */
static void test_cd_fault_overrides(void)
{
	u64 *ste, s2;

	start();
	ste = hand_ste(&hand, SID);
	s2 = hand_alloc(&hand, 4096);
	hand_ste_s2(ste, s2, 1);
	ste[0] |= cd_pa;
	set_bits(ste, 3, 1, 7);
	set_bits(ste, 113, 112, 3);
	set_bits(ste, 115, 114, 3);
	rig_forget(&rig);
	rig_snapshot(&rig, RAM_SIZE);
	ok(goes(VA, ORC_R, FAULTS), "PRIVCFG and INSTCFG in an event of class CD");
}

/* An answer holds for as much as it says, not for addresses that are too large. */
static void test_bypass_size(void)
{
	struct orc_req req = { .sid = SID, .addr = 0x1000, .access = ORC_R };
	struct vmxl_smmu_res res;
	u64 *ste;

	start();
	ste = hand_ste(&hand, SID);
	memset(ste, 0, 64);
	set_bits(ste, 3, 0, 4 << 1 | 1);
	rig_forget(&rig);
	rig_snapshot(&rig, RAM_SIZE);
	rig_translate(&rig, &req, &res);
	ok(res.status == VMXL_SMMU_OK && goes(1ULL << res.shift, ORC_R, FAULTS) &&
	   goes((1ULL << res.shift) - 1, ORC_R, (1ULL << res.shift) - 1), "bypass");
}

/* A command that is wrong stops the queue where it is; it goes on when told to. */
static void test_command_error(void)
{
	u32 at;

	start();
	at = rig.prod;
	rig_cmd(&rig, 0xff, 0);
	rig_cmd(&rig, cmd_sid(CMD_CFGI_STE, SID), 1);
	vmxl_smmu_flush(rig.smmu);
	ok((rig_rd(&rig, R_GERROR) ^ rig_rd(&rig, R_GERRORN)) == 1 &&
	   rig_rd(&rig, R_CMDQ_CONS) == (at | 1u << 24), "CERROR_ILL");
	rig_cmd(&rig, CMD_SYNC, 0);
	vmxl_smmu_flush(rig.smmu);
	ok(rig_rd(&rig, R_CMDQ_CONS) == (at | 1u << 24), "nothing is done while it is active");
	hand_at(&hand, RAM_BASE + CMDQ_AT)[(at & ((1 << CMDQ_LOG2) - 1)) * 2] = CMD_SYNC;
	rig_wr(&rig, R_GERRORN, rig_rd(&rig, R_GERROR));
	vmxl_smmu_flush(rig.smmu);
	ok((rig_rd(&rig, R_CMDQ_CONS) & 0xffffff) == rig.prod, "corrected, it goes on");
}

int main(void)
{
	rig_open(&rig, 0);
	start();
	test_tbi1();
	test_overflow();
	test_format();
	test_hit_permissions();
	test_s2aa64();
	test_cd_fault_overrides();
	test_bypass_size();
	test_command_error();
	rig_close(&rig);
	return tap_done();
}
