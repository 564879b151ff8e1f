// SPDX-License-Identifier: GPL-2.0
/* PCIe ATS against the oracle: translation requests and what is translated already. */
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <shim/tap.h>
#include "rig.h"
#include "world.h"

static struct rig rig;
static struct world world;

static bool one(bool cold)
{
	struct orc_req req;

	world_request(&world, &req);
	if (cold)
		rig_forget(&rig);
	if (one_in(3)) {
		req.ssv = false;
		req.access &= ORC_R | ORC_W;
		return rig_check_translated(&rig, &req);
	}
	req.access |= ORC_R | (one_in(2) ? ORC_W : 0) | (one_in(3) ? ORC_X : 0);
	return one_in(6) ? rig_check(&rig, &req) : rig_check_ats(&rig, &req);
}

static bool ats_round(u64 seed, bool cold)
{
	unsigned int i;

	world_seed(seed);
	rig.o.cr2 = CR2_RECINVSID;
	rig.dirty = true;
	world_make(&world, &rig.o, rig.ram, rnd() & (WORLD_HTTU | WORLD_CONTIG | WORLD_TIDY));
	rig_enable(&rig, world.strtab_base, world.strtab_cfg, CR2_RECINVSID);
	rig_set_atschk(&rig, !one_in(4));
	rig_snapshot(&rig, world.used);
	for (i = 0; i < 200; i++) {
		if (cold && i >= 60 && one_in(4)) {
			world_flip(&world);
			rig_snapshot(&rig, world.used);
		}
		if (!one(cold))
			return false;
	}
	rig_wr(&rig, R_CR0, CR0_CMDQEN | CR0_EVENTQEN);
	rig.o.cr0 = 0;
	return one(false);
}

static void rounds(const char *what, u64 seed, unsigned int nr, bool cold)
{
	unsigned int i, bad = 0;

	for (i = 0; i < nr && bad < 10; i++) {
		if (!ats_round(seed + i, cold)) {
			printf("# %s: seed %llu\n", what, (unsigned long long)(seed + i));
			bad++;
		}
	}
	ok(!bad, "%s: %lu requests and transactions as the oracle says", what, rig.checks);
	rig_report(&rig);
}

int main(void)
{
	u64 seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 0) : 1;
	unsigned int nr = getenv("ROUNDS") ? atoi(getenv("ROUNDS")) : 60;

	rig_open(&rig, 0);
	rounds("cold", seed, nr, true);
	rounds("warm", seed, nr, false);
	rig_close(&rig);
	return tap_done();
}
