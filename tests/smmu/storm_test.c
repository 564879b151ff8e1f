// SPDX-License-Identifier: GPL-2.0
/*
 * Tables that nobody changes, and every command there is, while devices
 * translate, fault and stall: whatever is dropped and fetched again, each
 * access has the one answer that the oracle gave before.
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
#include "rig.h"
#include "world.h"

#define NR_REQS		256
#define NR_THREADS	3

static struct rig rig;
static struct world world;
static struct orc_req req[NR_REQS];
static struct orc_res want[NR_REQS];
static bool finished;
static unsigned long good, bad, stalls, ended;

static bool answers(const struct orc_res *w, const struct vmxl_smmu_res *got)
{
	if (w->unpredictable)
		return true;
	/* Where too many stall, one more is terminated. */
	if (w->verdict == ORC_STALL)
		return got->status != VMXL_SMMU_OK && got->event == w->event;
	if (w->verdict == ORC_OK)
		return got->status == VMXL_SMMU_OK && got->gpa == w->pa &&
		       got->perm == w->perm && got->shift <= w->shift;
	return got->status == (w->verdict == ORC_RAZWI ? VMXL_SMMU_RAZWI : VMXL_SMMU_ABORT) &&
	       got->event == w->event;
}

/* The device of a stalled access waits for its end, unless everything ends. */
static void wait_for_end(u32 sid, u16 stag)
{
	__atomic_add_fetch(&stalls, 1, __ATOMIC_RELAXED);
	while (vmxl_smmu_stall_poll(rig.smmu, sid, stag) == VMXL_SMMU_STALL) {
		if (__atomic_load_n(&finished, __ATOMIC_ACQUIRE))
			return;
		sched_yield();
	}
	__atomic_add_fetch(&ended, 1, __ATOMIC_RELAXED);
}

static void *device(void *arg)
{
	unsigned int n = (uintptr_t)arg, i;
	struct vmxl_smmu_res got;
	int idx;

	while (!__atomic_load_n(&finished, __ATOMIC_ACQUIRE)) {
		n = n * 1103515245 + 12345;
		i = n >> 16 & (NR_REQS - 1);
		idx = srcu_read_lock(&rig.vm->srcu);
		rig_translate(&rig, &req[i], &got);
		if (answers(&want[i], &got)) {
			__atomic_add_fetch(&good, 1, __ATOMIC_RELAXED);
		} else if (!__atomic_fetch_add(&bad, 1, __ATOMIC_RELAXED)) {
			orc_print(&req[i], &want[i]);
			printf("# model: status %u gpa 0x%llx shift %u perm %u event 0x%02x\n",
			       got.status, (unsigned long long)got.gpa, got.shift, got.perm,
			       got.event);
		}
		if (got.status == VMXL_SMMU_STALL)
			wait_for_end(req[i].sid, got.stag);
		srcu_read_unlock(&rig.vm->srcu, idx);
	}
	return NULL;
}

/* Read events as a driver does, and answer stalls. */
static void serve(void)
{
	u64 record[4];

	while (rig_event(&rig, record)) {
		if (record[1] >> 31 & 1)
			rig_cmd(&rig, cmd_sid(CMD_RESUME, record[0] >> 32) |
				rnd_below(2) << 12, record[1] & 0xffff);
	}
}

static void command(void)
{
	static const u8 ops[] = {
		CMD_PREFETCH_CONFIG, CMD_CFGI_STE, CMD_CFGI_RANGE, CMD_CFGI_CD, CMD_CFGI_CD_ALL,
		CMD_TLBI_NH_ALL, CMD_TLBI_NH_ASID, CMD_TLBI_NH_VA, CMD_TLBI_NH_VAA,
		CMD_TLBI_S12_VMALL, CMD_TLBI_S2_IPA, CMD_TLBI_NSNH_ALL, CMD_TLBI_EL2_ALL,
		CMD_TLBI_EL2_VA, CMD_TLBI_EL2_VAA,
	};
	const struct orc_req *q = &req[rnd_below(NR_REQS)];
	u32 op = ops[rnd_below(sizeof(ops))];
	u16 vmid, asid;

	if (op < CMD_TLBI_NH_ALL) {
		rig_cmd(&rig, cmd_sid(op, q->sid), op == CMD_CFGI_RANGE ? rnd_below(32) : 1);
		return;
	}
	vmid = world.nr_s2 && one_in(2) ? world.s2[rnd_below(world.nr_s2)].vmid :
	       world.nr_s1 ? world.s1[rnd_below(world.nr_s1)].vmid : 0;
	asid = world.nr_s1 ? world.s1[rnd_below(world.nr_s1)].asid : 0;
	rig_cmd(&rig, cmd_tlbi(op, vmid, asid), (q->addr & ~0xfffULL) | one_in(2));
}

static bool storm(u64 seed, unsigned int commands)
{
	pthread_t thread[NR_THREADS];
	unsigned int i;
	bool done = true;

	world_seed(seed);
	rig.o.cr2 = CR2_RECINVSID;
	world_make(&world, &rig.o, rig.ram, WORLD_TIDY | WORLD_CONTIG | (rnd() & WORLD_STALL));
	rig_enable(&rig, world.strtab_base, world.strtab_cfg, CR2_RECINVSID);
	for (i = 0; i < NR_REQS; i++) {
		world_request(&world, &req[i]);
		orc_translate(&rig.o, &req[i], &want[i]);
	}
	__atomic_store_n(&finished, false, __ATOMIC_RELEASE);
	for (i = 0; i < NR_THREADS; i++)
		pthread_create(&thread[i], NULL, device, (void *)(uintptr_t)(i + 1));
	for (i = 0; i < commands && done; i++) {
		command();
		serve();
		if (i % 8 == 0) {
			done = rig_sync(&rig);
			sched_yield();
		}
	}
	__atomic_store_n(&finished, true, __ATOMIC_RELEASE);
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(thread[i], NULL);
	return rig_sync(&rig) && done;
}

int main(void)
{
	unsigned int worlds = getenv("ROUNDS") ? atoi(getenv("ROUNDS")) : 6, i;
	u64 seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 0) : 1;
	bool done = true;

	rig_open(&rig, 0);
	for (i = 0; i < worlds && done; i++)
		done = storm(seed + i, 1000);
	ok(done, "commands are carried out, whatever devices do");
	ok(good && !bad, "%lu wrong answers of %lu", bad, good);
	printf("# %lu stalls, %lu of them seen to end\n", stalls, ended);
	rig_close(&rig);
	return tap_done();
}
