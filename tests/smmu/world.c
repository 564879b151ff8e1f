// SPDX-License-Identifier: GPL-2.0
/* Random tables for an SMMU, see world.h. */
#include <linux/kernel.h>
#include <linux/string.h>
#include "world.h"

static const unsigned int sizes[8] = { 32, 36, 40, 42, 44, 48, 52, 52 };
static u64 seed_now = 1;

void world_seed(u64 seed)
{
	seed_now = seed * 0x9e3779b97f4a7c15ULL | 1;
}

u64 rnd(void)
{
	seed_now ^= seed_now << 13;
	seed_now ^= seed_now >> 7;
	seed_now ^= seed_now << 17;
	return seed_now * 0x2545f4914f6cdd1dULL >> 8;
}

static u64 rnd64(void)
{
	return rnd() << 32 ^ rnd();
}

int world_read(void *opaque, const struct orc_where *where, u64 pa, void *dst, u32 len)
{
	if (pa < RAM_BASE || pa + len > RAM_BASE + RAM_SIZE)
		return -1;
	memcpy(dst, (u8 *)opaque + (pa - RAM_BASE), len);
	return 0;
}

/* Zeroed memory, or 0 if there is no more */
static u64 alloc(struct world *w, u32 size, u32 align)
{
	u32 at = (w->used + align - 1) & ~(align - 1);

	if (at + size > RAM_SIZE)
		return 0;
	w->used = at + size;
	memset(w->ram + at, 0, size);
	return RAM_BASE + at;
}

static void spot(struct world *w, u64 pa, unsigned int words)
{
	for (; words && w->nr_spots < MAX_SPOTS; words--, pa += 8)
		w->spot[w->nr_spots++] = pa;
}

static unsigned int oas(const struct world *w)
{
	return sizes[w->o->idr5 & 7];
}

static bool idr0(const struct world *w, unsigned int n)
{
	return w->o->idr0 >> n & 1;
}

static bool big_endian(const struct world *w)
{
	unsigned int e = w->o->idr0 >> 21 & 3;

	return e == 3 || (e == 0 && one_in(3));
}

static unsigned int some_granule(const struct world *w)
{
	unsigned int g;

	do {
		g = rnd_below(3);
	} while (!(w->o->idr5 >> (4 + g) & 1));
	return 12 + 2 * g;
}

static unsigned int shift_at(const struct tab *t, int level)
{
	return t->gran + (3 - level) * (t->gran - 3);
}

static u64 encode(const struct world *w, const struct tab *t, u64 addr)
{
	u64 desc = addr & (t->ds ? (1ULL << 50) - 1 : (1ULL << 48) - 1);

	if (t->ds)
		desc |= (addr >> 50 & 3) << 8;
	else if (t->gran == 16 && oas(w) == 52)
		desc |= (addr >> 48 & 15) << 12;
	return desc;
}

static u64 get_desc(struct world *w, const struct tab *t, u64 pa)
{
	u64 v = *world_at(w, pa);

	return t->be ? __builtin_bswap64(v) : v;
}

static void set_desc(struct world *w, const struct tab *t, u64 pa, u64 v)
{
	WRITE_ONCE(*world_at(w, pa), t->be ? __builtin_bswap64(v) : v);
}

/* Where the descriptor of @ia at @level is; tables on the way are made. 0: cannot be */
static u64 slot(struct world *w, const struct tab *t, u64 ia, int level)
{
	u64 table = t->root, at, desc, next;
	int l;

	for (l = t->level;; l++) {
		u64 index = ia >> shift_at(t, l);

		index &= l == t->level ? (1ULL << (t->ia - shift_at(t, l))) - 1 :
					 (1ULL << (t->gran - 3)) - 1;
		at = table + index * 8;
		if (l == level)
			return at;
		desc = get_desc(w, t, at);
		if (!(desc & 1)) {
			next = alloc(w, 1u << t->gran, 1u << t->gran);
			if (!next)
				return 0;
			desc = encode(w, t, next + t->off) | 3;
			if (!t->s2 && one_in(12))
				desc |= (rnd() & 31) << 59 & ~(1ULL << 63);
			set_desc(w, t, at, desc);
			spot(w, at, 1);
			table = next;
			continue;
		}
		if (!(desc & 2))
			return 0;
		table = desc & ((1ULL << 48) - 1) & ~((1ULL << t->gran) - 1);
		table -= t->off;
	}
}

static bool block_ok(const struct world *w, const struct tab *t, int level)
{
	if (level == 2)
		return true;
	if (t->gran == 12)
		return level == 1 || (level == 0 && t->ds);
	return level == 1 && (t->gran == 14 ? t->ds : oas(w) == 52);
}

static unsigned int group_shift(const struct tab *t, int level)
{
	if (t->gran == 12)
		return level >= 1 ? 4 : 0;
	if (t->gran == 14)
		return level == 3 ? 7 : level == 2 ? 5 : 0;
	return level >= 2 ? 5 : 0;
}

/* Attributes of a leaf */
static u64 leaf_bits(const struct tab *t, unsigned int knobs)
{
	u64 d = 1ULL << 10 | (rnd() & 3) << 8;

	if (t->ds)
		d &= ~(3ULL << 8);
	if (knobs & WORLD_TIDY && !one_in(6)) {
		d |= t->s2 ? 3 << 6 | 15 << 2 : 1 << 6;
		d |= t->ng ? 1ULL << 11 : 0;
	} else if (t->s2) {
		d |= (one_in(8) ? 0 : 1ULL << 6) | (one_in(4) ? 0 : 1ULL << 7);
		d |= (one_in(8) ? rnd() & 15 : 15) << 2 | (one_in(4) ? rnd() & 3 : 0) << 53;
	} else {
		d |= (one_in(4) ? 0 : 1ULL << 6) | (one_in(4) ? 1ULL << 7 : 0);
		d |= (one_in(4) ? rnd() & 3 : 0) << 53 | (rnd() & 7) << 2;
		d |= t->ng ? 1ULL << 11 : 0;
	}
	if (one_in(10) && !(knobs & WORLD_TIDY))
		d &= ~(1ULL << 10);
	if (t->httu && one_in(2))
		d |= 1ULL << 51;
	if (t->httu && one_in(3))
		d &= ~(1ULL << 10);
	return d;
}

/* Map @ia to @pa in a leaf of @level; contiguous entries are all made. */
static bool map(struct world *w, const struct tab *t, u64 ia, u64 out, int level,
		unsigned int knobs, struct page_at *p)
{
	unsigned int shift = shift_at(t, level), more = 0, i;
	u64 bits = leaf_bits(t, knobs) | (level == 3 ? 3 : 1), at;

	if (knobs & WORLD_CONTIG && !t->httu && one_in(4) && level > t->level)
		more = group_shift(t, level);
	ia &= ~((1ULL << (shift + more)) - 1);
	at = slot(w, t, ia, level);
	if (!at)
		return false;
	for (i = 0; i < 1u << more; i++) {
		if (get_desc(w, t, at + i * 8))
			return false;
	}
	out &= ~((1ULL << (shift + more)) - 1);
	for (i = 0; i < 1u << more; i++) {
		set_desc(w, t, at + i * 8, encode(w, t, out + ((u64)i << shift)) | bits |
			 (more ? 1ULL << 52 : 0));
		if (!more)
			spot(w, at, 1);
	}
	*p = (struct page_at) {
		.ia = ia | t->top, .desc = more ? 0 : at, .shift = shift, .level = level,
		.group = more, .first = at,
	};
	return true;
}

static int some_level(const struct world *w, const struct tab *t)
{
	int level = 3;

	while (level > t->level && level > 0 && one_in(2) && block_ok(w, t, level - 1))
		level--;
	return level;
}

static u64 some_address(unsigned int bits)
{
	return bits >= 64 ? rnd64() : rnd64() & ((1ULL << bits) - 1);
}

static void set_table(struct world *w, struct tab *t)
{
	u32 size = 8u << (t->ia - shift_at(t, t->level));

	if (size < 64)
		size = 64;
	t->root = alloc(w, size, size);
	t->used = t->root;
}

static unsigned int some_ps(const struct world *w)
{
	unsigned int ps = one_in(3) ? 3 + rnd_below(4) : w->o->idr5 & 7;

	return ps;
}

static unsigned int out_bits(const struct world *w, const struct tab *t, unsigned int ps)
{
	unsigned int bits = sizes[ps] < oas(w) ? sizes[ps] : oas(w);

	return t->gran == 16 || t->ds || bits < 48 ? bits : 48;
}

/* Stage 2: levels at which its walk may begin, with the SL0 of each */
static bool choose_s2_level(const struct world *w, struct tab *t, unsigned int *sl)
{
	static const int start[3][5] = {
		{ 2, 1, 0, 3, -1 }, { 3, 2, 1, 0, -9 }, { 3, 2, 1, -9, -9 },
	};
	unsigned int tries, i, stride = t->gran - 3, min;

	for (tries = 0; tries < 50; tries++) {
		i = rnd_below(5);
		t->level = start[(t->gran - 12) / 2][i];
		min = (3 - t->level) * stride + t->gran + 1;
		if (t->level < -1 || t->ia < min || t->ia > min + stride + 3)
			continue;
		if ((t->level == -1 || (t->gran == 14 && i == 3)) && !t->ds)
			continue;
		if (t->gran == 12 && i == 3 && !(w->o->idr3 >> 9 & 1))
			continue;
		*sl = i;
		return true;
	}
	return false;
}

static bool make_s2(struct world *w, struct s2ctx *c, unsigned int knobs)
{
	struct tab *t = &c->t;
	unsigned int ps = some_ps(w), sl, i, max, httu = w->o->idr0 >> 6 & 3;
	u64 step, a;

	*t = (struct tab) {
		.s2 = true, .gran = some_granule(w), .be = big_endian(w),
		.httu = knobs & WORLD_HTTU && httu && one_in(2),
	};
	t->ds = w->o->idr5 >> 7 & 1 && t->gran != 16 && one_in(2);
	max = t->gran == 16 || t->ds ? oas(w) : min_t(unsigned int, oas(w), 48);
	t->ia = 25 + rnd_below(max - 24);
	if (!choose_s2_level(w, t, &sl))
		return false;
	set_table(w, t);
	if (!t->used)
		return false;
	t->off = 0;
	set_bits(c->w, 143, 128, c->vmid);
	set_bits(c->w, 165, 160, 64 - t->ia);
	set_bits(c->w, 167, 166, sl & 3);
	set_bits(c->w, 194, 194, sl >> 2);
	set_bits(c->w, 195, 195, t->ds);
	set_bits(c->w, 175, 174, t->gran == 12 ? 0 : t->gran == 16 ? 1 : 2);
	set_bits(c->w, 178, 176, ps);
	set_bits(c->w, 179, 179, 1);
	set_bits(c->w, 180, 180, t->be);
	set_bits(c->w, 181, 181, one_in(3));
	set_bits(c->w, 182, 182, one_in(3));
	set_bits(c->w, 183, 183, t->httu && httu >= 2 && one_in(2));
	set_bits(c->w, 184, 184, t->httu);
	set_bits(c->w, 185, 185, knobs & WORLD_STALL && !(w->o->idr0 >> 24 & 1) && one_in(3));
	set_bits(c->w, 186, 186, !one_in(4));
	set_bits(c->w, 243, 196, t->root >> 4);
	/* RAM is at IPA 4 MiB, tables in it are used by stage 1. */
	step = 1ULL << t->gran;
	i = 3;
	if (t->gran == 12 && t->level <= 2 && one_in(2)) {
		step = 1ULL << 21;
		i = 2;
	}
	for (a = 0; a < RAM_SIZE; a += step) {
		u64 at = slot(w, t, RAM_SIZE + a, i);

		if (!at)
			return false;
		set_desc(w, t, at, encode(w, t, RAM_BASE + a) | (i == 3 ? 3 : 1) | 1ULL << 10 |
			 3ULL << 6 | 15 << 2 | 3ULL << 8 * !t->ds);
		if (one_in(64))
			spot(w, at, 1);
	}
	for (i = 0; i < 12; i++) {
		a = i && one_in(2) ? c->page[rnd_below(i)].ia + (rnd() & 0x3ffff) :
				     some_address(t->ia);
		a &= (1ULL << t->ia) - 1;
		if (c->nr < MAX_PAGES && map(w, t, a, some_address(out_bits(w, t, ps)),
					     some_level(w, t), knobs, &c->page[c->nr]))
			c->nr++;
	}
	return c->nr;
}

/* Where pages of stage 1 go: mapped in stage 2, mostly, if there is one */
static u64 some_output(struct world *w, struct s1ctx *c, const struct tab *t, unsigned int ps)
{
	struct page_at *p;

	if (!c->s2 || one_in(8))
		return some_address(out_bits(w, t, ps));
	p = &c->s2->page[rnd_below(c->s2->nr)];
	return p->ia + (some_address(p->shift) & ~0xfffULL);
}

static void make_half(struct world *w, struct s1ctx *c, unsigned int n, unsigned int ps,
		      unsigned int knobs)
{
	struct tab *t = &c->t[n];
	static const u8 tg[2][3] = { { 0, 2, 1 }, { 2, 1, 3 } };
	unsigned int min, max, i, stride, first = c->nr;

	*t = (struct tab) {
		.gran = some_granule(w), .be = orc_bits(c->cd, 15, 15),
		.off = c->s2 ? RAM_SIZE - RAM_BASE : 0, .httu = orc_bits(c->cd, 43, 43),
		.ng = c->asid, .ds = w->o->idr5 >> 7 & 1 && orc_bits(c->cd, 186, 186),
	};
	if (t->gran == 16)
		t->ds = false;
	stride = t->gran - 3;
	max = w->o->idr5 >> 10 & 3 && (t->gran == 16 || t->ds) ? 52 : 48;
	min = w->o->idr3 >> 9 & 1 ? (t->gran == 16 ? 17 : 16) : 25;
	t->ia = min + rnd_below(max - min + 1);
	t->level = 3 - (int)((t->ia - 1 - t->gran) / stride);
	t->top = n ? ~0ULL << t->ia : 0;
	set_table(w, t);
	if (!t->used)
		return;
	set_bits(c->cd, 5 + 16 * n, 16 * n, 64 - t->ia);
	set_bits(c->cd, 7 + 16 * n, 6 + 16 * n, tg[n][(t->gran - 12) / 2]);
	set_bits(c->cd, n ? 179 : 115, n ? 132 : 68, (t->root + t->off) >> 4);
	set_bits(c->cd, 38 + n, 38 + n, one_in(3));
	for (i = 0; i < 10; i++) {
		u64 va = c->nr > first && !one_in(3) ?
			 c->page[first + rnd_below(c->nr - first)].ia + (rnd() & 0x3ffff) :
			 some_address(t->ia);

		va &= (1ULL << t->ia) - 1;
		if (c->nr < MAX_PAGES && map(w, t, va, some_output(w, c, t, ps),
					     some_level(w, t), knobs, &c->page[c->nr]))
			c->nr++;
	}
}

static void make_s1(struct world *w, struct s1ctx *c, unsigned int knobs)
{
	unsigned int ps = some_ps(w), httu = w->o->idr0 >> 6 & 3;
	bool ha = knobs & WORLD_HTTU && httu && one_in(2);
	u64 *cd = c->cd;

	set_bits(cd, 15, 15, big_endian(w));
	set_bits(cd, 31, 31, 1);
	set_bits(cd, 34, 32, ps);
	set_bits(cd, 35, 35, one_in(3));
	set_bits(cd, 36, 36, one_in(6));
	set_bits(cd, 40, 40, one_in(4));
	set_bits(cd, 41, 41, 1);
	set_bits(cd, 42, 42, ha && httu >= 2 && one_in(2));
	set_bits(cd, 43, 43, ha);
	set_bits(cd, 44, 44, knobs & WORLD_STALL && !(w->o->idr0 >> 24 & 1) && one_in(3));
	set_bits(cd, 45, 45, !one_in(4));
	set_bits(cd, 46, 46, idr0(w, 26) || !one_in(4));
	set_bits(cd, 63, 48, c->asid);
	set_bits(cd, 65, 65, one_in(4));
	set_bits(cd, 129, 129, one_in(4));
	set_bits(cd, 66, 66, one_in(8));
	set_bits(cd, 130, 130, one_in(8));
	set_bits(cd, 186, 186, w->o->idr5 >> 7 & 1 && one_in(2));
	cd[3] = rnd64();
	if (c->el2 || !one_in(4))
		make_half(w, c, 0, ps, knobs);
	if (!c->el2 && (!c->t[0].used || one_in(2)))
		make_half(w, c, 1, ps, knobs);
	set_bits(cd, 14, 14, !c->t[0].used);
	set_bits(cd, 30, 30, !c->t[1].used);
}

static void make_contexts(struct world *w, unsigned int knobs)
{
	bool vmid16 = idr0(w, 18), asid16 = idr0(w, 12), hyp = idr0(w, 9);
	unsigned int i, want = idr0(w, 0) ? rnd_below(MAX_S2 + 1) : 0;

	for (i = 0; i < want; i++) {
		struct s2ctx *c = &w->s2[w->nr_s2];

		memset(c, 0, sizeof(*c));
		c->vmid = 1 + i + (vmid16 && one_in(2) ? rnd() & 0xff00 : 0);
		if (make_s2(w, c, knobs))
			w->nr_s2++;
	}
	want = idr0(w, 1) ? 1 + rnd_below(MAX_S1) : 0;
	for (i = 0; i < want; i++) {
		struct s1ctx *c = &w->s1[w->nr_s1];

		memset(c, 0, sizeof(*c));
		c->asid = 1 + i + (asid16 && one_in(2) ? rnd() & 0xff00 : 0);
		c->s2 = w->nr_s2 && one_in(2) ? &w->s2[rnd_below(w->nr_s2)] : NULL;
		c->vmid = c->s2 ? c->s2->vmid : idr0(w, 0) ? 0x40 + rnd_below(2) : 0;
		if (hyp && !c->s2 && one_in(3)) {
			c->e2h = w->o->cr2 & 1;
			c->el2 = !c->e2h && !i;
			c->vmid = c->e2h || c->el2 ? 0 : c->vmid;
			c->asid = c->el2 ? 0 : c->asid;
		}
		make_s1(w, c, knobs);
		if (c->nr)
			w->nr_s1++;
	}
}

/* A context that a stream like @like can have, too */
static struct s1ctx *another(struct world *w, struct s1ctx *like)
{
	struct s1ctx *c = &w->s1[rnd_below(w->nr_s1)];

	if (c->s2 == like->s2 && c->vmid == like->vmid && c->el2 == like->el2 &&
	    c->e2h == like->e2h)
		return c;
	return one_in(4) ? NULL : like;
}

static void put_cd(struct world *w, u64 at, const struct s1ctx *c)
{
	memcpy(world_at(w, at), c->cd, 64);
	spot(w, at, 6);
}

static void make_cds(struct world *w, struct stream *s)
{
	unsigned int ssidsize = w->o->idr1 >> 6 & 31, i, split;
	u64 at;

	s->cdmax = ssidsize && !one_in(3) ? 1 + rnd_below(min_t(unsigned int, 3, ssidsize)) : 0;
	s->fmt = s->cdmax && idr0(w, 19) ? rnd_below(3) : 0;
	if (s->fmt && ssidsize >= 12 && one_in(3))
		s->cdmax = 12;
	split = s->fmt == 1 ? 6 : 10;
	if (s->fmt)
		s->cdtab = alloc(w, 8u << (s->cdmax > split ? s->cdmax - split : 3),
				 8u << (s->cdmax > split ? s->cdmax - split + 3 : 3));
	else
		s->cdtab = alloc(w, 64u << s->cdmax, 64u << s->cdmax);
	at = s->cdtab;
	if (s->fmt && at) {
		at = alloc(w, 64u << split, 64u << split);
		if (at) {
			*world_at(w, s->cdtab) = (at + s->s1->t[!s->s1->t[0].used].off) | 1;
			spot(w, s->cdtab, 1);
		}
	}
	if (!at) {
		s->s1 = NULL;
		return;
	}
	for (i = 0; i < 8 && i < 1u << s->cdmax; i++) {
		s->ssid[i] = i ? another(w, s->s1) : s->s1;
		s->cd_at[i] = at + 64 * i;
		if (s->ssid[i])
			put_cd(w, s->cd_at[i], s->ssid[i]);
	}
}

static void fill_ste(struct world *w, struct stream *s, unsigned int knobs)
{
	u64 ste[8] = {};
	unsigned int config, off;

	if (s->s1)
		make_cds(w, s);
	if (s->s1 && s->s1->s2)
		s->s2 = s->s1->s2;
	config = s->s1 ? (s->s2 ? 7 : 5) : s->s2 ? 6 : one_in(3) ? 0 : 4;
	if (s->s2)
		memcpy(ste, s->s2->w, sizeof(ste));
	set_bits(ste, 0, 0, 1);
	set_bits(ste, 3, 1, config);
	if (s->s1) {
		off = s->s2 ? RAM_SIZE : 0;
		set_bits(ste, 5, 4, s->fmt);
		set_bits(ste, 55, 6, (off ? s->cdtab - RAM_BASE + off : s->cdtab) >> 6);
		set_bits(ste, 63, 59, s->cdmax);
		set_bits(ste, 65, 64, rnd_below(3));
		set_bits(ste, 143, 128, s->s1->vmid);
		set_bits(ste, 95, 94, s->s1->el2 || s->s1->e2h ? 2 : 0);
	}
	if (one_in(3)) {
		set_bits(ste, 113, 112, rnd_below(4));
		set_bits(ste, 115, 114, rnd_below(4));
	}
	if (!(knobs & WORLD_STALL) && one_in(4))
		set_bits(ste, 91, 91, !(w->o->idr0 >> 24 & 3));
	if (idr0(w, 10) && config & 3 && !orc_bits(ste, 185, 185) && one_in(2))
		set_bits(ste, 93, 92, config == 7 && !idr0(w, 11) ? 1 + rnd_below(2) : 1);
	memcpy(world_at(w, s->ste), ste, sizeof(ste));
	spot(w, s->ste, 6);
}

static u64 ste_at(struct world *w, u32 sid, unsigned int split)
{
	u64 l1 = w->strtab_base + (sid >> split) * 8ULL, l2;
	unsigned int span;

	if (!(w->strtab_cfg >> 16))
		return w->strtab_base + sid * 64ULL;
	if (!*world_at(w, l1)) {
		span = 1 + rnd_below(split + 1);
		l2 = alloc(w, 64u << (span - 1), 64u << (span - 1));
		if (!l2)
			return 0;
		*world_at(w, l1) = l2 | span;
		spot(w, l1, 1);
	}
	span = *world_at(w, l1) & 31;
	sid &= (1u << split) - 1;
	if (sid >> (span - 1))
		return 0;
	return (*world_at(w, l1) & ~63ULL) + sid * 64ULL;
}

static void make_streams(struct world *w, unsigned int knobs)
{
	unsigned int split = 6 + 2 * rnd_below(3), log2size, i;
	bool two = w->o->idr0 >> 27 & 3 && one_in(2);
	struct stream *s;

	log2size = two ? split + rnd_below(3) : 3 + rnd_below(4);
	if (log2size > (w->o->idr1 & 63))
		log2size = w->o->idr1 & 63;
	w->strtab_cfg = two << 16 | split << 6 | log2size;
	w->strtab_base = alloc(w, 64u << (two ? 3 : log2size), 64u << (two ? 3 : log2size));
	for (i = 0; i < MAX_STREAMS && w->strtab_base; i++) {
		s = &w->stream[w->nr_streams];
		memset(s, 0, sizeof(*s));
		s->sid = rnd_below(1u << log2size);
		s->ste = ste_at(w, s->sid, split);
		if (!s->ste || *world_at(w, s->ste))
			continue;
		if (w->nr_s1 && !one_in(3))
			s->s1 = &w->s1[rnd_below(w->nr_s1)];
		else if (w->nr_s2 && !one_in(3))
			s->s2 = &w->s2[rnd_below(w->nr_s2)];
		fill_ste(w, s, knobs);
		w->nr_streams++;
	}
}

void world_make(struct world *w, const struct orc *o, u8 *ram, unsigned int knobs)
{
	do {
		memset(w, 0, sizeof(*w));
		w->ram = ram;
		w->o = o;
		w->used = POOL_START;
		make_contexts(w, knobs);
		make_streams(w, knobs);
	} while (!w->nr_streams);
}

static const struct page_at *some_page(struct stream *s, struct s1ctx *c)
{
	if (c && c->nr)
		return &c->page[rnd_below(c->nr)];
	if (!s->s1 && s->s2 && s->s2->nr)
		return &s->s2->page[rnd_below(s->s2->nr)];
	return NULL;
}

void world_request(struct world *w, struct orc_req *req)
{
	struct stream *s = &w->stream[rnd_below(w->nr_streams)];
	struct s1ctx *c = s->s1;
	const struct page_at *p;

	*req = (struct orc_req) { .sid = s->sid, .addr = some_address(one_in(8) ? 64 : oas(w)) };
	if (s->cdmax && !one_in(4)) {
		req->ssv = true;
		req->ssid = rnd_below(one_in(8) ? 1u << (s->cdmax + 1) : 1u << min(s->cdmax, 3u));
		c = req->ssid < 8 ? s->ssid[req->ssid] : NULL;
	}
	p = some_page(s, c);
	if (p)
		req->addr = p->ia + (some_address(p->shift + p->group) ^
				     (one_in(8) ? some_address(20) : 0));
	if (one_in(8))
		req->addr ^= rnd() << 56;
	if (one_in(16))
		req->addr ^= 1ULL << rnd_below(64);
	if (one_in(16))
		req->sid ^= 1u << rnd_below(12);
	if (one_in(30))
		req->ssv = !req->ssv;
	req->access = one_in(3) ? ORC_W : ORC_R | (one_in(4) ? ORC_X : 0);
	if (one_in(20))
		req->access = ORC_R | ORC_W;
	req->access |= one_in(2) ? ORC_PRIV : 0;
}

/* A new leaf at the same level and place: another output, other rights, or none */
static void remap(struct world *w, const struct tab *t, const struct page_at *p, u64 out)
{
	u64 bits = leaf_bits(t, 0) | (p->level == 3 ? 3 : 1);

	out &= ~((1ULL << p->shift) - 1);
	set_desc(w, t, p->desc, one_in(4) ? 0 : encode(w, t, out) | bits);
}

void world_remap_s1(struct world *w, struct s1ctx *c, const struct page_at *p)
{
	const struct tab *t = &c->t[p->ia >> 55 & 1 || !c->t[0].used];

	remap(w, t, p, some_output(w, c, t, orc_bits(c->cd, 34, 32)));
}

void world_remap_group(struct world *w, struct s1ctx *c, const struct page_at *p)
{
	const struct tab *t = &c->t[p->ia >> 55 & 1 || !c->t[0].used];
	u64 bits = leaf_bits(t, 0) | (p->level == 3 ? 3 : 1) | 1ULL << 52, i;
	u64 out = some_output(w, c, t, orc_bits(c->cd, 34, 32));
	bool none = one_in(4);

	out &= ~((1ULL << (p->shift + p->group)) - 1);
	for (i = 0; i < 1ULL << p->group; i++)
		set_desc(w, t, p->first + i * 8,
			 none ? 0 : encode(w, t, out + (i << p->shift)) | bits);
}

void world_remap_s2(struct world *w, struct s2ctx *c, const struct page_at *p)
{
	remap(w, &c->t, p, some_address(out_bits(w, &c->t, orc_bits(c->w, 178, 176))));
}

/* One bit of one word of the tables, but not the contiguous hint of descriptors of either order */
void world_flip(struct world *w)
{
	u64 *word = world_at(w, w->spot[rnd_below(w->nr_spots)]);
	unsigned int n;

	do {
		n = rnd_below(64);
	} while (n == 52 || n == 12);
	*word ^= 1ULL << n;
}
