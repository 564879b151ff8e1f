// SPDX-License-Identifier: GPL-2.0
/*
 * What caches may hold. Tables change and commands come at random, often the
 * wrong ones or none; the oracle keeps every value that a structure had and
 * that no command has retired yet. Each answer of the model must be that of one
 * choice among those values: older ones may be used as long as nothing has
 * invalidated them, and not after. The other way round: what a command does not
 * name stays cached.
 */
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <shim/tap.h>
#include "rig.h"
#include "world.h"

#define MAX_VERSIONS	64
#define MAX_CHOICES	12
#define MAX_COMBOS	3000

/**
 * struct version - a value that something had
 * @pa, @len: what; @val: the value
 * @kind: ORC_STE, ORC_CD, ORC_S1, ORC_S2
 * @sid, @ssid: of configuration; @s1, @s2: the context of a descriptor
 * @page: what it maps; @combined: of S2: entries of both stages may hold it
 */
struct version {
	u64 pa, val[8];
	u32 len;
	enum orc_kind kind;
	u32 sid, ssid;
	struct s1ctx *s1;
	struct s2ctx *s2;
	struct page_at page;
	bool alone, combined;
};

static struct rig rig;
static struct world world;
static struct version version[MAX_VERSIONS];
static unsigned int nr_versions;
static unsigned int choice[MAX_CHOICES], choices_of[MAX_CHOICES], nr_choices;
static unsigned long queries, old_ones, ambiguous;

static bool alive(const struct version *v, const struct orc_where *where)
{
	return v->alone || (v->combined && where->for_s1);
}

/* Memory as it is, or as it was */
static int read_some(void *opaque, const struct orc_where *where, u64 pa, void *dst, u32 len)
{
	const struct version *found[MAX_VERSIONS];
	unsigned int i, n = 0, pick;

	for (i = 0; i < nr_versions; i++) {
		if (version[i].pa == pa && version[i].len == len && alive(&version[i], where))
			found[n++] = &version[i];
	}
	if (!n || nr_choices == MAX_CHOICES)
		return world_read(opaque, where, pa, dst, len);
	pick = choice[nr_choices];
	choices_of[nr_choices++] = n + 1;
	if (!pick)
		return world_read(opaque, where, pa, dst, len);
	memcpy(dst, found[pick - 1]->val, len);
	return 0;
}

/* The next combination, as an odometer whose last wheel turns first */
static bool next_combo(void)
{
	while (nr_choices) {
		if (++choice[nr_choices - 1] < choices_of[nr_choices - 1])
			return true;
		choice[--nr_choices] = 0;
	}
	return false;
}

static bool query(void)
{
	struct orc_req req;
	struct vmxl_smmu_res got = {};
	struct orc_res want;
	struct orc o = rig.o;
	u64 record[4];
	unsigned int combos = 0;
	bool has_event;

	world_request(&world, &req);
	rig_translate(&rig, &req, &got);
	has_event = rig_event(&rig, record);
	memset(choice, 0, sizeof(choice));
	o.read = read_some;
	queries++;
	do {
		nr_choices = 0;
		orc_translate(&o, &req, &want);
		if (want.unpredictable || rig_same(&rig, &want, &got, has_event, record)) {
			old_ones += combos != 0;
			return true;
		}
		ambiguous += !combos && nr_choices;
	} while (next_combo() && ++combos < MAX_COMBOS);
	if (combos >= MAX_COMBOS)
		return true;
	orc_translate(&rig.o, &req, &want);
	orc_print(&req, &want);
	printf("# model: status %u gpa 0x%llx shift %u perm %u event 0x%02x, %u combinations\n",
	       got.status, (unsigned long long)got.gpa, got.shift, got.perm, got.event, combos);
	return false;
}

static struct version *keep(u64 pa, u32 len, enum orc_kind kind)
{
	struct version *v = &version[nr_versions++];

	*v = (struct version) { .pa = pa, .len = len, .kind = kind, .alone = true };
	memcpy(v->val, world_at(&world, pa), len);
	return v;
}

static void retire(struct version *v)
{
	*v = version[--nr_versions];
}

static void retire_all(void)
{
	nr_versions = 0;
}

/* Faults are not cached: a descriptor that maps nothing leaves no trace. */
static bool cacheable(const struct tab *t, u64 val, bool affd)
{
	val = t->be ? __builtin_bswap64(val) : val;
	return val & 1 && (affd || val & 1 << 10);
}

static void change_s1(struct s1ctx *c)
{
	struct page_at *p = &c->page[rnd_below(c->nr)];
	struct version *v;

	if (!p->desc)
		return;
	v = keep(p->desc, 8, ORC_S1);
	v->s1 = c;
	v->page = *p;
	if (!cacheable(&c->t[p->ia >> 55 & 1 || !c->t[0].used], v->val[0],
		       orc_bits(c->cd, 35, 35)))
		retire(v);
	world_remap_s1(&world, c, p);
}

static void change_s2(struct s2ctx *c)
{
	struct page_at *p = &c->page[rnd_below(c->nr)];
	struct version *v;

	if (!p->desc)
		return;
	v = keep(p->desc, 8, ORC_S2);
	v->s2 = c;
	v->page = *p;
	v->combined = true;
	if (!cacheable(&c->t, v->val[0], orc_bits(c->w, 181, 181)))
		retire(v);
	world_remap_s2(&world, c, p);
}

static void change_ste(struct stream *s)
{
	u64 *ste = world_at(&world, s->ste);
	unsigned int config = s->s1 ? (s->s2 ? 7 : 5) : s->s2 ? 6 : 4;

	keep(s->ste, 64, ORC_STE)->sid = s->sid;
	set_bits(ste, 3, 1, one_in(3) ? (one_in(2) ? 4 : 0) : config);
	set_bits(ste, 0, 0, !one_in(10));
	set_bits(ste, 65, 64, rnd_below(3));
}

static void change_cd(struct stream *s)
{
	unsigned int n = rnd_below(8);
	struct s1ctx *c = s->s1 ? &world.s1[rnd_below(world.nr_s1)] : NULL;
	struct version *v;

	if (!c || !s->cd_at[n] || c->s2 != s->s1->s2 || c->vmid != s->s1->vmid ||
	    c->el2 != s->s1->el2 || c->e2h != s->s1->e2h)
		return;
	v = keep(s->cd_at[n], 64, ORC_CD);
	v->sid = s->sid;
	v->ssid = n;
	memcpy(world_at(&world, s->cd_at[n]), c->cd, 64);
	s->ssid[n] = c;
}

static void change(void)
{
	struct stream *s = &world.stream[rnd_below(world.nr_streams)];

	if (nr_versions > MAX_VERSIONS - 4) {
		rig_forget(&rig);
		retire_all();
	}
	switch (rnd_below(5)) {
	case 0:
		change_ste(s);
		break;
	case 1:
		change_cd(s);
		break;
	case 2:
		if (world.nr_s2)
			change_s2(&world.s2[rnd_below(world.nr_s2)]);
		break;
	default:
		if (world.nr_s1)
			change_s1(&world.s1[rnd_below(world.nr_s1)]);
	}
}

/* A TLBI by address, as it is in the queue */
struct by_va {
	unsigned int op, tg, ttl, num, scale;
	u16 vmid, asid;
	u64 addr, leaf;
};

static u64 span(const struct by_va *t)
{
	return t->tg ? (u64)(t->num + 1) << t->scale << (10 + 2 * t->tg) : 1;
}

/* As commands compare VMIDs: CR0.VMW has them ignore some bits. */
static bool same_vmid(u16 a, u16 b)
{
	return (a ^ b) >> rig.vmw == 0;
}

/* Is it bound to invalidate what @p of a table with @gran made? */
static bool covers(const struct by_va *t, const struct page_at *p, unsigned int gran)
{
	u64 last = p->ia + (1ULL << p->shift) - 1, end = t->addr + span(t) - 1;

	if (t->tg && t->tg != (gran - 12) / 2 + 1)
		return false;
	if (t->tg && t->ttl && t->ttl != p->level)
		return false;
	if (end < t->addr)
		end = ~0ULL;
	return t->addr <= last && end >= p->ia;
}

static const struct tab *tab_of(const struct version *v)
{
	if (v->s2)
		return &v->s2->t;
	return &v->s1->t[v->page.ia >> 55 & 1 || !v->s1->t[0].used];
}

static bool retires_s1(const struct by_va *t, const struct version *v)
{
	const struct s1ctx *c = v->s1;
	bool el2 = c->el2 || c->e2h, any = t->op == CMD_TLBI_NH_VAA || t->op == CMD_TLBI_EL2_VAA;

	if (el2 != (t->op == CMD_TLBI_EL2_VA || t->op == CMD_TLBI_EL2_VAA))
		return false;
	if (!el2 && !same_vmid(t->vmid, c->vmid))
		return false;
	if (!any && !c->el2 && t->asid != c->asid)
		return false;
	return covers(t, &v->page, tab_of(v)->gran);
}

static void by_va(const struct by_va *t)
{
	unsigned int i;

	rig_cmd(&rig, cmd_tlbi(t->op, t->vmid, t->asid) | (u64)t->num << 12 | (u64)t->scale << 20,
		(t->addr & ~0xfffULL) | t->tg << 10 | t->ttl << 8 | t->leaf);
	for (i = nr_versions; i-- > 0;) {
		struct version *v = &version[i];

		if (v->kind == ORC_S2 && t->op == CMD_TLBI_S2_IPA &&
		    same_vmid(t->vmid, v->s2->vmid) && covers(t, &v->page, v->s2->t.gran))
			v->alone = false;
		else if (v->kind == ORC_S1 && t->op != CMD_TLBI_S2_IPA && retires_s1(t, v))
			v->alone = false;
		if (!v->alone && !v->combined)
			retire(v);
	}
}

/* Some addressing of @p, perhaps beside it; TG and TTL, perhaps wrong ones */
static void aim(struct by_va *t, const struct page_at *p, unsigned int gran)
{
	t->addr = p->ia + (rnd() & ((1ULL << p->shift) - 1));
	if (one_in(4))
		t->addr ^= 1ULL << (12 + rnd_below(12));
	t->addr &= ~0xfffULL;
	t->leaf = one_in(2);
	if (!(rig.o.idr3 >> 10 & 1) || one_in(2))
		return;
	t->tg = one_in(8) ? 1 + rnd_below(3) : (gran - 12) / 2 + 1;
	t->num = one_in(2) ? rnd_below(32) : 0;
	t->scale = one_in(2) ? rnd_below(12) : 0;
	t->ttl = one_in(4) ? 1 + rnd_below(3) : one_in(2) && p->level > 0 ? p->level : 0;
	if (t->tg == 2 && t->ttl == 1 && !(rig.o.idr5 >> 7 & 1))
		t->ttl = 0;
	if (!t->ttl && !t->num && !t->scale)
		t->num = 1;
	if (t->tg)	/* an address that is not aligned is not defined */
		t->addr &= ~((1ULL << (10 + 2 * t->tg + (t->ttl ? (3 - t->ttl) *
						       (7 + 2 * t->tg) : 0))) - 1);
}

static void tlbi_s1(struct s1ctx *c)
{
	const struct page_at *p = &c->page[rnd_below(c->nr)];
	bool el2 = c->el2 || c->e2h;
	struct by_va t = {
		.vmid = el2 ? 0 : c->vmid ^ one_in(8), .asid = c->asid ^ one_in(8),
		.op = (el2 ? CMD_TLBI_EL2_VA : CMD_TLBI_NH_VA) + one_in(4),
	};

	if (t.op == CMD_TLBI_NH_VAA || t.op == CMD_TLBI_EL2_VAA)
		t.asid = 0;
	aim(&t, p, c->t[p->ia >> 55 & 1 || !c->t[0].used].gran);
	by_va(&t);
}

static void tlbi_s2(struct s2ctx *c)
{
	struct by_va t = { .op = CMD_TLBI_S2_IPA, .vmid = c->vmid ^ one_in(8) };

	aim(&t, &c->page[rnd_below(c->nr)], c->t.gran);
	by_va(&t);
}

static bool hit_by_all(const struct version *v, unsigned int op, u16 vmid, u16 asid)
{
	bool el2 = v->s1 && (v->s1->el2 || v->s1->e2h);

	switch (op) {
	case CMD_TLBI_NH_ASID:
		return v->s1 && !el2 && same_vmid(v->s1->vmid, vmid) && v->s1->asid == asid;
	case CMD_TLBI_NH_ALL:
		return v->s1 && !el2 && same_vmid(v->s1->vmid, vmid);
	case CMD_TLBI_EL2_ASID:
		return v->s1 && v->s1->e2h && v->s1->asid == asid;
	case CMD_TLBI_EL2_ALL:
		return el2;
	case CMD_TLBI_S12_VMALL:
		return !el2 && same_vmid(vmid, v->s1 ? v->s1->vmid : v->s2->vmid);
	default:
		return !el2;
	}
}

static void tlbi_all(void)
{
	static const u8 ops[] = {
		CMD_TLBI_NH_ASID, CMD_TLBI_NH_ASID, CMD_TLBI_NH_ALL, CMD_TLBI_EL2_ALL,
		CMD_TLBI_EL2_ASID, CMD_TLBI_S12_VMALL, CMD_TLBI_NSNH_ALL,
	};
	unsigned int op = ops[rnd_below(sizeof(ops))], i;
	const struct s1ctx *c = &world.s1[rnd_below(world.nr_s1)];
	u16 vmid = one_in(4) || !world.nr_s2 ? c->vmid : world.s2[rnd_below(world.nr_s2)].vmid;
	u16 asid = c->asid;

	if ((op & 0xf0) == 0x20 && op < CMD_TLBI_S12_VMALL && !(rig.o.idr0 >> 9 & 1))
		return;
	rig_cmd(&rig, cmd_tlbi(op, op == CMD_TLBI_EL2_ALL || op == CMD_TLBI_EL2_ASID ||
			       op == CMD_TLBI_NSNH_ALL ? 0 : vmid,
			       op == CMD_TLBI_NH_ASID || op == CMD_TLBI_EL2_ASID ? asid : 0), 0);
	for (i = nr_versions; i-- > 0;) {
		struct version *v = &version[i];

		if (v->kind == ORC_S1 && hit_by_all(v, op, vmid, asid))
			retire(v);
		else if (v->kind == ORC_S2 && hit_by_all(v, op, vmid, asid))
			retire(v);
		else if (v->kind == ORC_S2 && op == CMD_TLBI_NH_ALL &&
			 same_vmid(v->s2->vmid, vmid) &&
			 !v->alone)
			retire(v);
	}
}

static void cfgi(void)
{
	struct stream *s = &world.stream[rnd_below(world.nr_streams)];
	unsigned int how = rnd_below(8), range = how == 0 ? 31 : rnd_below(4), ssid, i;
	u32 sid = s->sid ^ (one_in(6) ? 1 : 0);

	ssid = rnd_below(8);
	if (how <= 1)
		rig_cmd(&rig, cmd_sid(CMD_CFGI_RANGE, sid), range);
	else if (how <= 4)
		rig_cmd(&rig, cmd_sid(CMD_CFGI_STE, sid), one_in(2));
	else if (how == 5)
		rig_cmd(&rig, cmd_sid(CMD_CFGI_CD_ALL, sid), 0);
	else
		rig_cmd(&rig, cmd_sid(CMD_CFGI_CD, sid) | (u64)ssid << 12, one_in(2));
	for (i = nr_versions; i-- > 0;) {
		struct version *v = &version[i];
		bool same = v->sid == sid;

		if (v->kind != ORC_STE && v->kind != ORC_CD)
			continue;
		if (how <= 1)
			same = range == 31 || !((v->sid ^ sid) >> (range + 1));
		if (same && (how <= 4 || (v->kind == ORC_CD && (how == 5 || v->ssid == ssid))))
			retire(v);
	}
}

static bool step(void)
{
	switch (rnd_below(24)) {
	case 0 ... 2:
		change();
		break;
	case 3:
		tlbi_s1(&world.s1[rnd_below(world.nr_s1)]);
		break;
	case 4:
		if (world.nr_s2)
			tlbi_s2(&world.s2[rnd_below(world.nr_s2)]);
		break;
	case 5:
		tlbi_all();
		break;
	case 6:
	case 7:
		cfgi();
		break;
	default:
		return query();
	}
	return rig_sync(&rig);
}

static bool stale_round(u64 seed)
{
	u32 cr2 = CR2_RECINVSID | (seed & CR2_E2H);
	unsigned int i;

	world_seed(seed);
	rig.o.cr2 = cr2;
	do {
		world_make(&world, &rig.o, rig.ram, (rnd() & WORLD_CONTIG) | WORLD_TIDY);
	} while (!world.nr_s1);
	rig.vmw = one_in(3) ? rnd_below(5) : 0;
	rig_enable(&rig, world.strtab_base, world.strtab_cfg, cr2);
	retire_all();
	for (i = 0; i < 1200; i++) {
		if (!step()) {
			printf("# seed %llu, step %u\n", (unsigned long long)seed, i);
			return false;
		}
	}
	return true;
}

int main(void)
{
	u64 seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 0) : 1;
	unsigned int nr = getenv("ROUNDS") ? atoi(getenv("ROUNDS")) : 50, i, n, bad;
	static const unsigned int oas[] = { 48, 52 };

	for (n = 0; n < 2; n++) {
		rig_open(&rig, oas[n]);
		for (i = 0, bad = 0; i < nr && bad < 10; i++)
			bad += !stale_round(seed + n * nr + i);
		ok(!bad, "%u bits, %lu accesses: nothing that a command has retired is used",
		   oas[n], queries);
		printf("# %lu times what memory does not say any more, where it may\n", old_ones);
		rig_close(&rig);
	}
	return tap_done();
}
