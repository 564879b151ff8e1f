// SPDX-License-Identifier: GPL-2.0
/* The oracle's table walks: VMSAv8-64, both stages, all granules. */
#include <linux/kernel.h>
#include <linux/string.h>
#include "oracle_int.h"

#define LAST_LEVEL	3
#define DESC_AF		(1ULL << 10)
#define DESC_AP2	(1ULL << 7)	/* stage 1: read-only; stage 2: writable */
#define DESC_CONTIG	(1ULL << 52)

/* What tables on the way forbid below them */
struct hier {
	bool no_write, no_user, no_px, no_ux;
};

static bool bit(u64 v, unsigned int n)
{
	return v >> n & 1;
}

static bool fault(struct run *r, u8 number, const struct stage *st, enum orc_class class, u64 ipa)
{
	r->fault = (struct fault) {
		.number = number, .s2 = st->nr == 2, .class = st->nr == 2 ? class : CLASS_IN,
		.ipa = ipa, .tt_read = true,
	};
	return false;
}

/* What a descriptor holds now: this access may have updated it already. */
static u64 updated(struct run *r, u64 pa, u64 val)
{
	unsigned int i;

	for (i = 0; i < r->res->nr_update; i++) {
		if (r->res->update[i].pa == pa)
			val ^= r->res->update[i].must;
	}
	return val;
}

static void update(struct run *r, u64 pa, u64 val, u64 must, u64 may)
{
	struct orc_res *res = r->res;
	unsigned int i;

	if (!must && !may)
		return;
	for (i = 0; i < res->nr_update; i++) {
		struct orc_update *u = &res->update[i];

		if (u->pa == pa) {
			u->must |= must;
			u->may = (u->may | may) & ~u->must;
			return;
		}
	}
	if (i < ORC_UPDATES)
		res->update[res->nr_update++] = (struct orc_update) { pa, val, must, may & ~must };
}

/* A descriptor at @addr (of stage 1 in nested translation: an IPA); @pa: where it really is */
static bool fetch(struct run *r, const struct stage *st, u64 addr, int level, u64 ia,
		  enum orc_class class, u64 *pa, u64 *val)
{
	struct orc_where where = {
		.kind = st->nr == 1 ? ORC_S1 : ORC_S2, .sid = r->req->sid,
		.ssid = r->cd_index, .vmid = r->vmid, .asid = r->asid, .level = level,
		.ia = ia, .for_s1 = r->has_s1 && class != CLASS_CD,
	};
	struct mapping m = { .addr = addr };

	if (st->nr == 1 && r->has_s2 && !orc_s2_walk(r, addr, ORC_R, CLASS_TT, &m))
		return false;
	if (r->o->read(r->o->opaque, &where, m.addr, val, sizeof(*val))) {
		fault(r, F_WALK_EABT, st, class, 0);
		r->fault.class = st->nr == 1 ? CLASS_TT : class;
		r->fault.fetch = m.addr;
		return false;
	}
	if (st->be)
		*val = __builtin_bswap64(*val);
	*val = updated(r, m.addr, *val);
	*pa = m.addr;
	return true;
}

/* The address in a descriptor, of something that is aligned to 1 << @shift */
static u64 output(const struct stage *st, u64 desc, unsigned int shift)
{
	u64 top = st->ds ? 1ULL << 50 : 1ULL << 48;
	u64 addr = desc & (top - 1) & ~((1ULL << shift) - 1);

	if (st->ds)
		addr |= (desc >> 8 & 3) << 50;
	else if (st->gran == 16 && st->pa52)
		addr |= (desc >> 12 & 15) << 48;
	return addr;
}

static bool block_allowed(const struct stage *st, int level)
{
	switch (st->gran) {
	case 12:
		return level == 1 || level == 2 || (level == 0 && st->ds);
	case 14:
		return level == 2 || (level == 1 && st->ds);
	default:
		return level == 2 || (level == 1 && st->pa52);
	}
}

static unsigned int contig_shift(const struct stage *st, int level)
{
	switch (st->gran) {
	case 12:
		return level >= 1 ? 4 : 0;
	case 14:
		return level == 3 ? 7 : level == 2 ? 5 : 0;
	default:
		return level >= 2 ? 5 : 0;
	}
}

/* log2 of what one entry of a table at @level covers */
static unsigned int entry_shift(const struct stage *st, int level)
{
	return st->gran + (LAST_LEVEL - level) * (st->gran - 3);
}

static u32 s1_perm(const struct stage *st, u64 desc, const struct hier *h, bool priv)
{
	bool dirty = st->hd && bit(desc, 51);
	bool w = (!(desc & DESC_AP2) || dirty) && !h->no_write;
	bool user = bit(desc, 6) && !h->no_user;
	bool ux = !bit(desc, 54) && !h->no_ux;
	bool px = !bit(desc, 53) && !h->no_px;
	bool r = true, x;

	if (st->el2)
		return ORC_R | (w ? ORC_W : 0) | (ux && !(st->wxn && w) ? ORC_X : 0);
	if (!priv) {
		r = user;
		x = ux;
		w = w && user;
	} else {
		x = px && !(w && user);
		if (st->pan && (user || (st->epan && ux))) {
			r = false;
			w = false;
		}
	}
	if (st->wxn && w)
		x = false;
	return (r ? ORC_R : 0) | (w ? ORC_W : 0) | (x ? ORC_X : 0);
}

static u32 s2_perm(const struct stage *st, u64 desc, bool priv)
{
	bool w = bit(desc, 7) || (st->hd && bit(desc, 51));
	bool x = !bit(desc, 54);

	/* XN[1:0]: 0 both may, 1 unprivileged, 2 none, 3 privileged */
	if (st->xnx && bit(desc, 53))
		x = bit(desc, 54) == priv;
	return (bit(desc, 6) ? ORC_R : 0) | (w ? ORC_W : 0) | (x ? ORC_X : 0);
}

static bool device_memory(const struct stage *st, u64 desc)
{
	unsigned int attr = desc >> 2 & 15;

	return st->fwb ? !(attr & 4) : !(attr & 12);
}

/* Does it permit the access? Atomic ones read and write; to fetch is not to read. */
static bool permits(u32 perm, u32 access)
{
	if (access & ORC_W)
		return !(access & ORC_R) ? perm & ORC_W :
		       (perm & (ORC_R | ORC_W)) == (ORC_R | ORC_W);
	return perm & (access & ORC_X ? ORC_X : ORC_R);
}

/* AF and the dirty state of a leaf; and whether the access is allowed at all */
static bool use_leaf(struct run *r, const struct stage *st, u64 addr, u64 pa, u64 desc,
		     const struct hier *h, u32 access, enum orc_class class, u64 ia,
		     struct mapping *m)
{
	bool priv = access & ORC_PRIV;
	u64 must = 0, may = 0;
	bool clean;

	m->perm = st->nr == 1 ? s1_perm(st, desc, h, priv) : s2_perm(st, desc, priv);
	clean = st->hd && bit(desc, 51) && bit(desc, 7) == (st->nr == 1);
	if (!(desc & DESC_AF) && st->ha)
		must |= DESC_AF;
	else if (!(desc & DESC_AF) && !st->affd)
		return fault(r, F_ACCESS, st, class, ia);
	if (!permits(m->perm, access)) {
		update(r, pa, desc, 0, must);
		fault(r, F_PERMISSION, st, class, ia);
		r->fault.tt_read = !(access & ORC_W);
		r->fault.only_read = access & ORC_R && access & ORC_W && m->perm & ORC_W;
		return false;
	}
	if (st->nr == 2 && class != CLASS_IN && st->ptw && device_memory(st, desc)) {
		update(r, pa, desc, 0, must);
		fault(r, F_PERMISSION, st, class, ia);
		r->fault.tt_read = !(access & ORC_W);
		return false;
	}
	if (clean && access & ORC_W) {
		must |= DESC_AP2;
		clean = false;
	} else if (clean && class == CLASS_TT) {
		may |= DESC_AP2;
	}
	if (desc & DESC_CONTIG) {
		may |= must;
		must = 0;
	}
	m->clean = clean && m->perm & ORC_W;
	if (must && st->nr == 1 && r->has_s2) {
		struct mapping table;

		if (!orc_s2_walk(r, addr, ORC_W, CLASS_TT, &table))
			return false;
	}
	update(r, pa, desc, must, may);
	return true;
}

static bool walk(struct run *r, const struct stage *st, u64 ia, u64 top, u32 access,
		 enum orc_class class, struct mapping *m)
{
	unsigned int shift = entry_shift(st, st->level);
	struct hier h = {};
	u64 table = st->base, desc, addr, pa;
	u64 index = (ia & ((1ULL << st->ia) - 1)) >> shift;
	int level = st->level;

	for (;; level++) {
		shift = entry_shift(st, level);
		addr = table + index * 8;
		if (!fetch(r, st, addr, level, top, class, &pa, &desc))
			return false;
		if (!(desc & 1) || (level == LAST_LEVEL && !(desc & 2)))
			return fault(r, F_TRANSLATION, st, class, ia);
		if (!(desc & 2) && !block_allowed(st, level))
			return fault(r, F_TRANSLATION, st, class, ia);
		if (level == LAST_LEVEL || !(desc & 2))
			break;
		table = output(st, desc, st->gran);
		if (table >> st->oa)
			return fault(r, F_ADDR_SIZE, st, class, ia);
		if (st->nr == 1 && !st->had) {
			h.no_write |= bit(desc, 62);
			h.no_user |= bit(desc, 61);
			h.no_ux |= bit(desc, 60);
			h.no_px |= bit(desc, 59);
		}
		index = ia >> entry_shift(st, level + 1) & ((1ULL << (st->gran - 3)) - 1);
	}
	m->addr = output(st, desc, shift);
	if (m->addr >> st->oa)
		return fault(r, F_ADDR_SIZE, st, class, ia);
	m->addr |= ia & ((1ULL << shift) - 1);
	m->shift = shift + (desc & DESC_CONTIG ? contig_shift(st, level) : 0);
	return use_leaf(r, st, addr, pa, desc, &h, access, class, ia, m);
}

bool orc_s2_walk(struct run *r, u64 ipa, u32 access, enum orc_class class, struct mapping *m)
{
	const struct stage *st = &r->s2;

	if (st->ia < 64 && ipa >> st->ia)
		return fault(r, F_TRANSLATION, st, class, ipa);
	return walk(r, st, ipa, ipa, access, class, m);
}

/* @va is what came in, its upper bits checked by the caller. */
bool orc_s1_walk(struct run *r, u64 va, u32 access, struct mapping *m)
{
	return walk(r, &r->s1, va, va, access, CLASS_IN, m);
}
