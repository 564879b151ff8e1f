// SPDX-License-Identifier: GPL-2.0
/*
 * The model against the oracle on random tables: cold, where any bit of the
 * tables may be wrong and nothing is cached; and warm, where tables change as
 * guests change them and the caches are told exactly as much as they must be.
 */
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <shim/tap.h>
#include "rig.h"
#include "world.h"

static struct rig rig;
static struct world world;

static u32 tidy_knobs(void)
{
	return rnd() & (WORLD_HTTU | WORLD_STALL | WORLD_CONTIG | WORLD_TIDY);
}

static void begin(u64 seed, u32 cr2)
{
	u32 knobs;

	world_seed(seed);
	rig.o.cr2 = cr2;
	knobs = tidy_knobs();
	rig.dirty = knobs & WORLD_HTTU;
	world_make(&world, &rig.o, rig.ram, knobs);
	rig_enable(&rig, world.strtab_base, world.strtab_cfg, cr2);
	rig_snapshot(&rig, world.used);
}

static bool cold_round(u64 seed)
{
	struct orc_req req;
	unsigned int i;

	begin(seed, CR2_RECINVSID | (seed & CR2_E2H));
	for (i = 0; i < 160; i++) {
		if (i >= 40 && i % 4 == 0) {
			world_flip(&world);
			rig_snapshot(&rig, world.used);
		}
		world_request(&world, &req);
		rig_forget(&rig);
		if (!rig_check(&rig, &req))
			return false;
	}
	return true;
}

/* Of the same scope or wider: what is at @ia in stage 1 of @c has changed. */
static void tell_s1(const struct s1ctx *c, const struct page_at *p)
{
	bool el2 = c->el2 || c->e2h, leaf = one_in(2);
	u64 page = p->ia & ~0xfffULL, one = cmd_tlbi(CMD_TLBI_NH_VA, c->vmid, c->asid);
	const struct tab *t = &c->t[p->ia >> 55 & 1 || !c->t[0].used];
	u64 tg = (t->gran - 12) / 2 + 1;

	if (el2)
		one = cmd_tlbi(CMD_TLBI_EL2_VA, 0, c->asid);
	switch (rnd_below(7)) {
	case 0:
		rig_cmd(&rig, one + 1, page | leaf);	/* any ASID */
		break;
	case 1:
		rig_cmd(&rig, el2 && c->e2h ? cmd_tlbi(CMD_TLBI_EL2_ASID, 0, c->asid) :
			      el2 ? CMD_TLBI_EL2_ALL : c->t[0].ng || c->t[1].ng ?
			      cmd_tlbi(CMD_TLBI_NH_ASID, c->vmid, c->asid) :
			      cmd_tlbi(CMD_TLBI_NH_ALL, c->vmid, 0), 0);
		break;
	case 2:
		rig_cmd(&rig, el2 ? CMD_TLBI_EL2_ALL : cmd_tlbi(CMD_TLBI_NH_ALL, c->vmid, 0), 0);
		break;
	case 3:
	case 4:
		if (rig.o.idr3 >> 10 & 1 && !p->group) {
			u64 pages = 1ULL << (p->shift - t->gran), scale = 0;
			bool ttl = p->level > 0 && !(p->level == 1 && t->gran == 14);

			for (; pages > 1; pages >>= 1)
				scale++;
			if (scale > 31 || (!ttl && !scale))
				scale = 31;
			rig_cmd(&rig, one | scale << 20,
				(p->ia & ~((1ULL << p->shift) - 1)) | tg << 10 |
				(ttl && one_in(2) ? (u64)p->level << 8 :
				 !scale ? (u64)p->level << 8 : 0) | leaf);
			break;
		}
		fallthrough;
	default:
		rig_cmd(&rig, one, page | leaf);
	}
}

/* All of a contiguous group: each address of it, or so many at once */
static void tell_group(const struct s1ctx *c, const struct page_at *p)
{
	u64 one = c->el2 || c->e2h ? cmd_tlbi(CMD_TLBI_EL2_VA, 0, c->asid) :
				     cmd_tlbi(CMD_TLBI_NH_VA, c->vmid, c->asid);
	unsigned int i;

	for (i = 0; i < 1u << p->group; i++)
		rig_cmd(&rig, one, (p->ia + ((u64)i << p->shift)) | 1);
}

static void tell_s2(const struct s2ctx *c, const struct page_at *p)
{
	if (one_in(4)) {
		rig_cmd(&rig, cmd_tlbi(CMD_TLBI_S12_VMALL, c->vmid, 0), 0);
		return;
	}
	rig_cmd(&rig, cmd_tlbi(CMD_TLBI_S2_IPA, c->vmid, 0), (p->ia & ~0xfffULL) | one_in(2));
	rig_cmd(&rig, cmd_tlbi(CMD_TLBI_NH_ALL, c->vmid, 0), 0);
}

static void change_ste(struct stream *s)
{
	u64 *ste = world_at(&world, s->ste);
	unsigned int config = s->s1 ? (s->s2 ? 7 : 5) : s->s2 ? 6 : 4;

	set_bits(ste, 3, 1, one_in(3) ? (one_in(2) ? 4 : 0) : config);
	set_bits(ste, 0, 0, !one_in(10));
	if (one_in(2))
		set_bits(ste, 65, 64, rnd_below(3));
	if (one_in(3))
		rig_cmd(&rig, cmd_sid(CMD_CFGI_RANGE, s->sid), rnd_below(5));
	else
		rig_cmd(&rig, cmd_sid(CMD_CFGI_STE, s->sid), one_in(2));
}

static void change_cd(struct stream *s)
{
	unsigned int n = rnd_below(8);
	struct s1ctx *c = s->s1 ? &world.s1[rnd_below(world.nr_s1)] : NULL;

	if (!c || !s->cd_at[n] || c->s2 != s->s1->s2 || c->vmid != s->s1->vmid ||
	    c->el2 != s->s1->el2 || c->e2h != s->s1->e2h)
		return;
	memcpy(world_at(&world, s->cd_at[n]), c->cd, 64);
	s->ssid[n] = c;
	if (!n)
		s->s1 = c;
	if (one_in(4))
		rig_cmd(&rig, cmd_sid(CMD_CFGI_CD_ALL, s->sid), 0);
	else
		rig_cmd(&rig, cmd_sid(CMD_CFGI_CD, s->sid) | (u64)n << 12, one_in(2));
}

static void change(void)
{
	struct stream *s = &world.stream[rnd_below(world.nr_streams)];
	struct page_at *p;

	if (one_in(4)) {
		change_ste(s);
	} else if (one_in(3)) {
		change_cd(s);
	} else if (world.nr_s2 && one_in(3)) {
		struct s2ctx *c = &world.s2[rnd_below(world.nr_s2)];

		p = &c->page[rnd_below(c->nr)];
		if (!p->desc)
			return;
		world_remap_s2(&world, c, p);
		tell_s2(c, p);
	} else if (world.nr_s1) {
		struct s1ctx *c = &world.s1[rnd_below(world.nr_s1)];

		p = &c->page[rnd_below(c->nr)];
		if (p->group) {
			world_remap_group(&world, c, p);
			tell_group(c, p);
			return;
		}
		if (!p->desc)
			return;
		world_remap_s1(&world, c, p);
		tell_s1(c, p);
	}
}

static bool warm_round(u64 seed)
{
	struct orc_req req;
	unsigned int i;

	begin(seed, CR2_RECINVSID | (seed & CR2_E2H));
	for (i = 0; i < 600; i++) {
		if (one_in(6)) {
			change();
			if (!rig_sync(&rig))
				return ok(0, "the queue stops at 0x%llx, GERROR 0x%llx",
						rig_rd(&rig, R_CMDQ_CONS),
						rig_rd(&rig, R_GERROR));
			rig_snapshot(&rig, world.used);
		}
		world_request(&world, &req);
		if (one_in(20))
			rig_cmd(&rig, cmd_sid(CMD_PREFETCH_CONFIG, req.sid), 0);
		if (!rig_check(&rig, &req))
			return false;
	}
	return true;
}

static void rounds(const char *what, bool (*round)(u64 seed), u64 seed, unsigned int nr)
{
	unsigned int i, bad = 0;

	for (i = 0; i < nr && bad < 10; i++) {
		if (!round(seed + i)) {
			printf("# %s: seed %llu\n", what, (unsigned long long)(seed + i));
			bad++;
		}
	}
	ok(!bad, "%s: %lu accesses as the oracle says, of %u worlds", what, rig.checks, i);
	rig_report(&rig);
}

int main(void)
{
	u64 seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 0) : 1;
	unsigned int nr = getenv("ROUNDS") ? atoi(getenv("ROUNDS")) : 60, i;
	static const unsigned int oas[] = { 48, 52, 44 };

	for (i = 0; i < 3; i++) {
		printf("# addresses of %u bits\n", oas[i]);
		rig_open(&rig, oas[i]);
		rounds("cold", cold_round, seed, nr);
		rounds("warm", warm_round, seed, nr);
		rig_close(&rig);
	}
	return tap_done();
}
