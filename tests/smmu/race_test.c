// SPDX-License-Identifier: GPL-2.0
/*
 * Devices translate while a driver changes tables, invalidates and waits for
 * SYNC. Each mapping has a number that its output address tells, so that a
 * translation proves of when it is: none that was replaced before it began,
 * with the SYNC done, may be seen.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <shim/shim.h>
#include <shim/tap.h>
#include "../../kmod/vm.h"
#include "hand.h"

#define NR_PAGES	16
#define NR_THREADS	3
#define SID		5
#define VA(n)		(0x40000000ULL + ((u64)(n) << 12))

/* Number @done is in force for certain, none beyond @begun can be seen. */
struct mark {
	u32 begun, done;
};

static struct rig rig;
static struct hand hand;
static struct mark page_mark[2][NR_PAGES], cfg_mark;
static u64 *slot[2][NR_PAGES], cdtab[2];
static bool finished;
static unsigned long stale, wrong, seen, faults;

/* Every eighth is no mapping at all. */
static u64 output(unsigned int ctx, unsigned int page, u32 version)
{
	return (u64)ctx << 45 | (u64)version << 20 | (u64)page << 12;
}

static u64 leaf(unsigned int ctx, unsigned int page, u32 version)
{
	return version % 8 == 7 ? 0 : output(ctx, page, version) | D_DMA;
}

static bool between(const struct mark *m, u32 done, u32 version)
{
	return version >= done && version <= __atomic_load_n(&m->begun, __ATOMIC_ACQUIRE);
}

static bool one_without(const struct mark *m, u32 done)
{
	u32 last = __atomic_load_n(&m->begun, __ATOMIC_ACQUIRE), v;

	for (v = done; v <= last && v < done + 8; v++) {
		if (v % 8 == 7)
			return true;
	}
	return false;
}

static void look(struct vmxl_smmu_res *res, unsigned int page, const u32 *done, u32 cfg)
{
	u32 last = __atomic_load_n(&cfg_mark.begun, __ATOMIC_ACQUIRE);
	unsigned int ctx;

	if (res->status != VMXL_SMMU_OK) {
		__atomic_add_fetch(&faults, 1, __ATOMIC_RELAXED);
		if (!one_without(&page_mark[0][page], done[0]) &&
		    !one_without(&page_mark[1][page], done[1]))
			__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
		return;
	}
	ctx = res->gpa >> 45 & 1;
	if ((res->gpa >> 12 & 0xff) != page)
		__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
	else if (!between(&page_mark[ctx][page], done[ctx], res->gpa >> 20 & 0xffffff) ||
		 (cfg == last && ctx != (cfg & 1)))
		__atomic_add_fetch(&stale, 1, __ATOMIC_RELAXED);
	else
		__atomic_add_fetch(&seen, 1, __ATOMIC_RELAXED);
}

static void *device(void *arg)
{
	struct vmxl_smmu_req req = { .sid = SID, .access = VMXL_SMMU_READ };
	unsigned int n = (uintptr_t)arg, page;
	struct vmxl_smmu_res res;
	u32 done[2], cfg;
	int idx;

	while (!__atomic_load_n(&finished, __ATOMIC_ACQUIRE)) {
		n = n * 1103515245 + 12345;
		page = n >> 16 & (NR_PAGES - 1);
		req.iova = VA(page) + (n >> 20);
		cfg = __atomic_load_n(&cfg_mark.done, __ATOMIC_ACQUIRE);
		done[0] = __atomic_load_n(&page_mark[0][page].done, __ATOMIC_ACQUIRE);
		done[1] = __atomic_load_n(&page_mark[1][page].done, __ATOMIC_ACQUIRE);
		idx = srcu_read_lock(&rig.vm->srcu);
		vmxl_smmu_translate(rig.smmu, &req, &res);
		srcu_read_unlock(&rig.vm->srcu, idx);
		look(&res, page, done, cfg);
	}
	return NULL;
}

static void begin(struct mark *m)
{
	__atomic_store_n(&m->begun, m->begun + 1, __ATOMIC_RELEASE);
}

static void end(struct mark *m)
{
	__atomic_store_n(&m->done, m->begun, __ATOMIC_RELEASE);
}

static bool change_page(unsigned int ctx, unsigned int page)
{
	struct mark *m = &page_mark[ctx][page];
	u64 where = VA(page);

	begin(m);
	__atomic_store_n(slot[ctx][page], leaf(ctx, page, m->begun), __ATOMIC_RELEASE);
	switch (rnd_below(6)) {
	case 0:
		rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_ASID, 1, 10 + ctx), 0);
		break;
	case 1:
		rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_ALL, 1, 0), 0);
		break;
	case 2:
		rig_cmd(&rig, CMD_TLBI_NSNH_ALL, 0);
		break;
	case 3:
		rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_VAA, 1, 0), where);
		break;
	default:
		rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_VA, 1, 10 + ctx), where | 1);
	}
	if (!rig_sync(&rig))
		return false;
	end(m);
	return true;
}

/* The stream goes over to the other context: one word of its STE. */
static bool change_cfg(void)
{
	u64 *ste = hand_ste(&hand, SID);

	begin(&cfg_mark);
	__atomic_store_n(ste, (*ste & ~0x00ffffffffffffc0ULL) | cdtab[cfg_mark.begun & 1],
			 __ATOMIC_RELEASE);
	rig_cmd(&rig, one_in(3) ? CMD_CFGI_RANGE : cmd_sid(CMD_CFGI_STE, SID),
		one_in(3) ? 31 : 1);
	rig_cmd(&rig, cmd_sid(CMD_CFGI_STE, SID), 1);
	if (!rig_sync(&rig))
		return false;
	end(&cfg_mark);
	return true;
}

static unsigned long looks(void)
{
	return __atomic_load_n(&seen, __ATOMIC_RELAXED) +
	       __atomic_load_n(&faults, __ATOMIC_RELAXED);
}

/* Few changes at a time: on a machine with much to do the devices might sleep through all. */
static void let_devices_look(void)
{
	unsigned long now = looks();
	unsigned int i;

	for (i = 0; i < 200 && looks() < now + 10; i++)
		sched_yield();
}

static void make_tables(void)
{
	unsigned int ctx, page;
	u64 root;

	hand_start(&hand, &rig);
	for (ctx = 0; ctx < 2; ctx++) {
		root = hand_alloc(&hand, 4096);
		cdtab[ctx] = hand_alloc(&hand, 64);
		hand_cd(hand_at(&hand, cdtab[ctx]), 10 + ctx, root);
		set_bits(hand_at(&hand, cdtab[ctx]), 45, 45, 0);	/* no records */
		for (page = 0; page < NR_PAGES; page++) {
			slot[ctx][page] = hand_slot(&hand, root, VA(page), 3);
			*slot[ctx][page] = leaf(ctx, page, 0);
		}
	}
	hand_ste_s1(hand_ste(&hand, SID), cdtab[0], 1);
	rig_enable(&rig, HAND_STRTAB, HAND_CFG, CR2_RECINVSID);
}

int main(void)
{
	unsigned int changes = getenv("CHANGES") ? atoi(getenv("CHANGES")) : 2500, i, n;
	pthread_t thread[NR_THREADS];
	bool good = true;

	world_seed(1);
	rig_open(&rig, 0);
	make_tables();
	for (i = 0; i < NR_THREADS; i++)
		pthread_create(&thread[i], NULL, device, (void *)(uintptr_t)(i + 1));
	for (n = 0; n < changes && good; n++) {
		good = one_in(10) ? change_cfg() : change_page(rnd_below(2), rnd_below(NR_PAGES));
		if (n % 4 == 0)
			let_devices_look();
	}
	__atomic_store_n(&finished, true, __ATOMIC_RELEASE);
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(thread[i], NULL);
	ok(good, "%u changes of tables and configuration, each with its SYNC", n);
	ok(seen && !stale, "%lu stale translations of %lu", stale, seen);
	ok(!wrong, "%lu wrong ones; %lu faults", wrong, faults);
	rig_close(&rig);
	return tap_done();
}
