// SPDX-License-Identifier: GPL-2.0
/* The oracle's configuration lookup: stream table, STE, CD, and the event records. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <stdio.h>
#include "oracle_int.h"

#define TG_NONE		0

static const unsigned int pa_sizes[8] = { 32, 36, 40, 42, 44, 48, 52, 52 };
static const unsigned int tg0_bits[4] = { 12, 16, 14, TG_NONE };
static const unsigned int tg1_bits[4] = { TG_NONE, 14, 12, 16 };

struct ste {
	u64 w[8];
	unsigned int config;
	bool s1, s2;		/* which stages translate */
	bool el2, e2h;		/* StreamWorld; neither: NS-EL1 */
};

static bool idr0(const struct run *r, unsigned int n)
{
	return r->o->idr0 >> n & 1;
}

static unsigned int idr0_field(const struct run *r, unsigned int hi, unsigned int lo)
{
	return r->o->idr0 >> lo & ((1u << (hi - lo + 1)) - 1);
}

static bool idr3(const struct run *r, unsigned int n)
{
	return r->o->idr3 >> n & 1;
}

static unsigned int oas(const struct run *r)
{
	return pa_sizes[r->o->idr5 & 7];
}

static unsigned int ias(const struct run *r)
{
	return idr0(r, 2) && oas(r) < 40 ? 40 : oas(r);
}

static bool granule_supported(const struct run *r, unsigned int gran)
{
	switch (gran) {
	case 12:
		return r->o->idr5 >> 4 & 1;
	case 14:
		return r->o->idr5 >> 5 & 1;
	case 16:
		return r->o->idr5 >> 6 & 1;
	}
	return false;
}

static bool has_ds(const struct run *r)
{
	return r->o->idr5 >> 7 & 1;
}

static unsigned int min_uint(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Size of an output address that IPS or S2PS says */
static unsigned int eff_size(const struct run *r, unsigned int ps)
{
	return min_uint(pa_sizes[ps], oas(r));
}

/* One that descriptors can say, too: beyond it there is nothing that could be wrong */
static unsigned int out_size(const struct run *r, unsigned int ps, unsigned int gran, bool ds)
{
	unsigned int size = eff_size(r, ps);

	return gran == 16 || ds ? size : min_uint(size, 48);
}

static int oracle_read(struct run *r, enum orc_kind kind, u32 ssid, u64 pa, void *dst, u32 len)
{
	struct orc_where where = { .kind = kind, .sid = r->req->sid, .ssid = ssid };

	return r->o->read(r->o->opaque, &where, pa, dst, len);
}

/*
 * An address field of [55:6] or so; its bits from 52 are reserved before
 * SMMUv3.4, which allows hardware to mind them or not.
 */
static u64 address(struct run *r, u64 field)
{
	if (r->o->aidr < 4 && field >> 52 & 15) {
		r->res->unpredictable = true;
		field &= ~(15ULL << 52);
	}
	return field;
}

static bool stop(struct run *r, u8 number)
{
	r->fault = (struct fault) { .number = number };
	return false;
}

static bool stop_fetch(struct run *r, u8 number, u64 addr)
{
	r->fault = (struct fault) { .number = number, .fetch = addr };
	return false;
}

/* Streams: where the STE is. C_BAD_STREAMID, or the table is not in memory. */
static bool ste_address(struct run *r, u64 *addr)
{
	u32 cfg = r->o->strtab_cfg, sid = r->req->sid;
	unsigned int raw = cfg & 63, log2size = min_uint(raw, r->o->idr1 & 63);
	unsigned int split = cfg >> 6 & 31, span;
	bool two_level = idr0_field(r, 28, 27) && (cfg >> 16 & 3) == 1;
	u64 base = address(r, r->o->strtab_base & 0x00ffffffffffffc0ULL), desc;

	if (log2size < 32 && sid >> log2size)
		return stop(r, C_BAD_STREAMID);
	if (!two_level) {
		if (raw < 58)
			base &= ~((64ULL << raw) - 1);
		*addr = base + sid * 64ULL;
		return true;
	}
	if (split != 8 && split != 10)
		split = 6;
	if (raw > split + 3)
		base &= ~((8ULL << (raw - split)) - 1);
	base += (sid >> split) * 8ULL;
	if (base >> oas(r))
		r->res->unpredictable = true;
	if (oracle_read(r, ORC_L1STD, 0, base, &desc, 8))
		return stop_fetch(r, F_STE_FETCH, base);
	span = desc & 31;
	if (!span || span > 11 || span > split + 1)
		return stop(r, C_BAD_STREAMID);
	sid &= (1u << split) - 1;
	if (sid >> (span - 1))
		return stop(r, C_BAD_STREAMID);
	desc = address(r, desc & 0x00ffffffffffffc0ULL);
	*addr = (desc & ~((64ULL << (span - 1)) - 1)) + sid * 64ULL;
	return true;
}

static bool table_out_of_range(const struct run *r, u64 ttb, unsigned int ps, unsigned int gran,
			       bool ds)
{
	return ttb >> eff_size(r, ps) || (gran != 16 && !ds && ttb >> 48);
}

/* Level at which stage 2 begins, or -2 if S2SL0 makes no sense */
static int s2_level(const struct run *r, unsigned int gran, unsigned int sl0, bool sl2, bool ds)
{
	static const int k4[4] = { 2, 1, 0, 3 }, k16[4] = { 3, 2, 1, 0 }, k64[4] = { 3, 2, 1, -2 };

	switch (gran) {
	case 12:
		if (sl2 && ds)
			return sl0 ? -2 : -1;
		if (sl0 == 3 && !idr3(r, 9))
			return -2;
		return sl0 == 2 && oas(r) < 44 ? -2 : k4[sl0];
	case 14:
		if (sl0 == 3 && !ds)
			return -2;
		return sl0 == 2 && oas(r) < 42 ? -2 : k16[sl0];
	default:
		return sl0 == 2 && oas(r) < 44 ? -2 : k64[sl0];
	}
}

/* The first table: concatenated ones are one. */
static u64 align_table(const struct run *r, const struct stage *st, u64 ttb, unsigned int ps)
{
	unsigned int shift = st->gran + (3 - st->level) * (st->gran - 3);
	unsigned int size = st->ia > shift ? st->ia - shift + 3 : 3;

	if (eff_size(r, ps) == 52 && size < 6)
		size = 6;
	return ttb & ~((1ULL << size) - 1);
}

static bool s2_setup(struct run *r, const struct ste *ste)
{
	const u64 *w = ste->w;
	unsigned int tsz = orc_bits(w, 165, 160), ps = orc_bits(w, 178, 176);
	unsigned int gran = tg0_bits[orc_bits(w, 175, 174)], min, max;
	bool ds = has_ds(r) && gran != 16 && orc_bits(w, 195, 195);
	u64 ttb = orc_bits(w, 243, 196) << 4;
	int level, levels;

	if (!granule_supported(r, gran) || table_out_of_range(r, ttb, ps, gran, ds))
		return false;
	max = !idr3(r, 9) ? 39 : gran == 16 ? 47 : 48;
	min = gran == 16 || ds ? 12 : 16;
	if (min < 64 - ias(r))
		min = 64 - ias(r);
	if (tsz < min || tsz > max)
		return false;
	level = s2_level(r, gran, orc_bits(w, 167, 166), orc_bits(w, 194, 194), ds);
	if (level < -1)
		return false;
	levels = 3 - level;
	min = levels * (gran - 3) + gran + 1;
	max = min + gran - 3 - 1 + 4;
	if (64 - tsz < min || 64 - tsz > max)
		return false;
	r->s2 = (struct stage) {
		.nr = 2, .level = level, .gran = gran, .ia = 64 - tsz,
		.oa = out_size(r, ps, gran, ds), .be = orc_bits(w, 180, 180), .ds = ds,
		.affd = orc_bits(w, 181, 181), .ha = orc_bits(w, 184, 184),
		.hd = orc_bits(w, 184, 184) && orc_bits(w, 183, 183),
		.ptw = orc_bits(w, 182, 182), .fwb = idr3(r, 8) && orc_bits(w, 89, 89),
		.xnx = idr3(r, 4), .pa52 = oas(r) >= 52,
	};
	r->s2.base = align_table(r, &r->s2, ttb, ps);
	return true;
}

static bool endian_bad(const struct run *r, bool big)
{
	return (idr0_field(r, 22, 21) == 2 && big) || (idr0_field(r, 22, 21) == 3 && !big);
}

static bool s2_illegal(struct run *r, const struct ste *ste)
{
	const u64 *w = ste->w;
	unsigned int stall = idr0_field(r, 25, 24), httu = idr0_field(r, 7, 6);
	bool s2s = orc_bits(w, 185, 185), ha = orc_bits(w, 184, 184), hd = orc_bits(w, 183, 183);

	if (!idr0(r, 0) || !orc_bits(w, 179, 179) || !idr0(r, 3))
		return true;	/* not there, or of VMSAv8-32, which is not there */
	if ((stall == 1 && s2s) || (stall == 2 && !s2s))
		return true;
	if (((ha || hd) && !httu) || (hd && httu == 1))
		return true;
	if (httu == 3 && orc_bits(w, 187, 187) && !ha)
		return true;
	return endian_bad(r, orc_bits(w, 180, 180)) || !s2_setup(r, ste);
}

static bool s1_ste_illegal(struct run *r, const struct ste *ste)
{
	const u64 *w = ste->w;
	unsigned int ssidsize = r->o->idr1 >> 6 & 31, cdmax = orc_bits(w, 63, 59);
	unsigned int fmt = orc_bits(w, 5, 4);

	if (!idr0(r, 1))
		return true;
	if (orc_bits(w, 91, 91) && idr0_field(r, 25, 24))
		return true;
	if (ssidsize && cdmax > ssidsize)
		return true;
	if (ssidsize && cdmax && !idr0(r, 19) && (fmt == 1 || fmt == 2))
		return true;
	if (address(r, orc_bits(w, 55, 6) << 6) >> (ste->s2 ? ias(r) : oas(r))) {
		/* As an IPA it may also fault in stage 2. */
		r->res->unpredictable |= ste->s2;
		return true;
	}
	return false;
}

static bool ats_illegal(const struct run *r, const struct ste *ste)
{
	unsigned int eats = orc_bits(ste->w, 93, 92);
	bool s2s = orc_bits(ste->w, 185, 185);

	if (!idr0(r, 10) || !(ste->config & 3))
		return false;
	if (eats == 2)
		return ste->config != 7 || s2s || idr0(r, 11);
	return eats == 1 && s2s && ste->s2;
}

static bool ste_illegal(struct run *r, struct ste *ste)
{
	const u64 *w = ste->w;
	bool strw_used = idr0(r, 1) && idr0(r, 9) && !ste->s2 && ste->config != 4;
	unsigned int strw = strw_used ? orc_bits(w, 95, 94) : 0;

	if (ats_illegal(r, ste) || strw & 1)
		return true;
	ste->e2h = strw == 2 && r->o->cr2 & 1;
	ste->el2 = strw == 2 && !ste->e2h;
	if (ste->s1 && s1_ste_illegal(r, ste))
		return true;
	if (ste->s2 && s2_illegal(r, ste))
		return true;
	r->vmid = orc_bits(w, 143, 128);
	if (!idr0(r, 0) || ste->config == 4 || strw)
		r->vmid = 0;
	return r->vmid >> 8 && !idr0(r, 18);
}

static bool get_ste(struct run *r, struct ste *ste)
{
	u64 addr;

	if (!ste_address(r, &addr))
		return false;
	if (addr >> oas(r))
		r->res->unpredictable = true;
	if (oracle_read(r, ORC_STE, 0, addr, ste->w, 64))
		return stop_fetch(r, F_STE_FETCH, addr);
	ste->config = orc_bits(ste->w, 3, 1);
	ste->s1 = ste->config == 5 || ste->config == 7;
	ste->s2 = ste->config >= 6;
	if (!(ste->w[0] & 1))
		return stop(r, C_BAD_STE);
	if (ste->config < 4)
		return stop(r, 0);
	if (ste_illegal(r, ste))
		return stop(r, C_BAD_STE);
	return true;
}

/* PRIVCFG and INSTCFG; a write is of data. */
static u32 overrides(const struct run *r, const struct ste *ste)
{
	unsigned int priv = orc_bits(ste->w, 113, 112), inst = orc_bits(ste->w, 115, 114);
	u32 access = r->req->access;

	if (r->o->idr1 >> 26 & 1) {
		if (priv & 2)
			access = (access & ~ORC_PRIV) | (priv & 1 ? ORC_PRIV : 0);
		if (inst & 2)
			access = (access & ~ORC_X) | (inst & 1 ? ORC_X : 0);
	}
	if (access & ORC_W)
		access &= ~ORC_X;
	return access;
}

/* An address of a CD or L1CD, which is an IPA in nested translation */
static bool cd_read(struct run *r, enum orc_kind kind, u32 ssid, u64 addr, void *dst, u32 len)
{
	struct mapping m = { .addr = addr };

	r->cd_index = ssid;
	if (r->has_s2 && !orc_s2_walk(r, addr, ORC_R, CLASS_CD, &m))
		return false;
	if (oracle_read(r, kind, ssid, m.addr, dst, len))
		return stop_fetch(r, F_CD_FETCH, m.addr);
	return true;
}

static bool get_cd(struct run *r, const struct ste *ste, u32 ssid, u64 *cd)
{
	unsigned int cdmax = orc_bits(ste->w, 63, 59), fmt = orc_bits(ste->w, 5, 4);
	unsigned int split = fmt == 1 ? 6 : 10, table;
	u64 ptr = address(r, orc_bits(ste->w, 55, 6) << 6), l1cd;

	if (!(r->o->idr1 >> 6 & 31) || !cdmax)
		return cd_read(r, ORC_CD, 0, ptr, cd, 64);
	table = fmt == 1 || fmt == 2 ? (cdmax > split ? cdmax - split + 3 : 3) : cdmax + 6;
	if (ptr & ((1ULL << table) - 1))
		r->res->unpredictable = true;
	if (fmt == 0 || fmt == 3)
		return cd_read(r, ORC_CD, ssid, ptr + ssid * 64ULL, cd, 64);
	if (!cd_read(r, ORC_L1CD, ssid, ptr + (ssid >> split) * 8ULL, &l1cd, 8))
		return false;
	if (!(l1cd & 1))
		return stop(r, C_BAD_SUBSTREAMID);
	ptr = address(r, l1cd & 0x00fffffffffff000ULL);
	if (split == 10 && ptr & 0xf000)
		r->res->unpredictable = true;
	if (ptr >> (ste->s2 ? ias(r) : oas(r))) {
		r->res->unpredictable |= ste->s2;
		return stop(r, C_BAD_SUBSTREAMID);
	}
	return cd_read(r, ORC_CD, ssid, ptr + (ssid & ((1u << split) - 1)) * 64ULL, cd, 64);
}

/* Half 0 or 1 of the address space: EPD, TxSZ, TGx, TTBx */
struct half {
	bool disabled, tbi, had, e0pd;
	unsigned int tsz, gran;
	u64 ttb;
};

static void get_half(const struct ste *ste, const u64 *cd, unsigned int n, struct half *h)
{
	unsigned int tg = orc_bits(cd, 7 + 16 * n, 6 + 16 * n);

	*h = (struct half) {
		.disabled = !ste->el2 && orc_bits(cd, 14 + 16 * n, 14 + 16 * n),
		.tsz = orc_bits(cd, 5 + 16 * n, 16 * n),
		.gran = n ? tg1_bits[tg] : tg0_bits[tg],
		.tbi = orc_bits(cd, 38 + n, 38 + n),
		.had = orc_bits(cd, n ? 129 : 65, n ? 129 : 65),
		.e0pd = orc_bits(cd, n ? 130 : 66, n ? 130 : 66),
		.ttb = (n ? orc_bits(cd, 179, 132) : orc_bits(cd, 115, 68)) << 4,
	};
	if (n && ste->el2)
		h->disabled = true;
}

static bool half_illegal(const struct run *r, const u64 *cd, const struct half *h)
{
	bool ds = has_ds(r) && orc_bits(cd, 186, 186), vax = r->o->idr5 >> 10 & 3;
	unsigned int max = !idr3(r, 9) ? 39 : h->gran == 16 ? 47 : 48;
	unsigned int min = vax && (h->gran == 16 || ds) ? 12 : 16;

	if (h->disabled)
		return false;
	return !granule_supported(r, h->gran) || h->tsz < min || h->tsz > max ||
	       table_out_of_range(r, h->ttb, orc_bits(cd, 34, 32), h->gran, ds);
}

static bool cd_illegal(const struct run *r, const struct ste *ste, const u64 *cd,
		       const struct half *half)
{
	unsigned int stall = idr0_field(r, 25, 24), httu = idr0_field(r, 7, 6);
	bool s = orc_bits(cd, 44, 44), ha = orc_bits(cd, 43, 43), hd = orc_bits(cd, 42, 42);

	if (!orc_bits(cd, 31, 31) || !orc_bits(cd, 41, 41) || !idr0(r, 3))
		return true;
	if ((orc_bits(ste->w, 91, 91) && s) || (stall == 1 && s) || (stall == 2 && !s))
		return true;
	if (idr0(r, 26) && !orc_bits(cd, 46, 46))
		return true;
	if ((!half[0].disabled || !half[1].disabled) && endian_bad(r, orc_bits(cd, 15, 15)))
		return true;
	if (((ha || hd) && !httu) || (hd && httu == 1))
		return true;
	if (httu == 3 && orc_bits(cd, 67, 67) && !ha)
		return true;
	if (!ste->el2 && !idr0(r, 12) && orc_bits(cd, 63, 56))
		return true;
	return half_illegal(r, cd, &half[0]) || half_illegal(r, cd, &half[1]);
}

static bool s1_setup(struct run *r, const struct ste *ste, const u64 *cd)
{
	u64 va = r->req->addr;
	bool upper = va >> 55 & 1;
	unsigned int ps = orc_bits(cd, 34, 32), top;
	struct half half[2], *h = &half[upper && !ste->el2];
	bool ds, ha = orc_bits(cd, 43, 43);
	u64 rest;

	get_half(ste, cd, 0, &half[0]);
	get_half(ste, cd, 1, &half[1]);
	if (cd_illegal(r, ste, cd, half))
		return stop(r, C_BAD_CD);
	r->asid = ste->el2 ? 0 : orc_bits(cd, 63, 48);
	r->fault = (struct fault) { .number = F_TRANSLATION, .class = CLASS_IN };
	top = h->tbi ? 55 : 63;
	if (h->disabled)
		return false;
	rest = (va << (63 - top)) >> (63 - top) >> (64 - h->tsz);
	if (rest != (h == &half[1] ? ~0ULL << (63 - top) >> (63 - top) >> (64 - h->tsz) : 0))
		return false;
	if (idr3(r, 13) && h->e0pd && !ste->el2 && !(r->access & ORC_PRIV))
		return false;
	ds = has_ds(r) && h->gran != 16 && orc_bits(cd, 186, 186);
	r->s1 = (struct stage) {
		.nr = 1, .gran = h->gran, .ia = 64 - h->tsz,
		.level = 3 - (int)((64 - h->tsz - 1 - h->gran) / (h->gran - 3)),
		.oa = out_size(r, ps, h->gran, ds), .el2 = ste->el2,
		.be = orc_bits(cd, 15, 15), .ds = ds, .affd = orc_bits(cd, 35, 35), .ha = ha,
		.hd = ha && orc_bits(cd, 42, 42), .had = idr3(r, 2) && h->had,
		.wxn = orc_bits(cd, 36, 36), .pan = !ste->el2 && orc_bits(cd, 40, 40),
		.epan = idr3(r, 17) && orc_bits(cd, 123, 123), .pa52 = oas(r) >= 52,
	};
	r->s1.base = align_table(r, &r->s1, h->ttb, ps);
	r->fault = (struct fault) {};
	return true;
}

/* Which CD; or stage 1 is bypassed (*@bypass). */
static bool choose_cd(struct run *r, const struct ste *ste, u32 *ssid, bool *bypass)
{
	const struct orc_req *q = r->req;
	unsigned int ssidsize = r->o->idr1 >> 6 & 31, cdmax = orc_bits(ste->w, 63, 59);
	unsigned int dss = orc_bits(ste->w, 65, 64);

	*bypass = !ste->s1;
	*ssid = 0;
	if (q->ssv && (!ste->s1 || !ssidsize || !cdmax || q->ssid >> cdmax))
		return stop(r, C_BAD_SUBSTREAMID);
	if (!ste->s1 || !ssidsize || !cdmax)
		return true;
	if (q->ssv) {
		*ssid = q->ssid;
		return q->ssid || dss != 2 || stop(r, F_STREAM_DISABLED);
	}
	*bypass = dss == 1;
	return dss == 1 || dss == 2 || stop(r, F_STREAM_DISABLED);
}

/* Both stages: the address, the size for which it holds and the rights */
static bool translate(struct run *r, const struct ste *ste, bool bypass, struct mapping *m)
{
	struct mapping s2;

	*m = (struct mapping) {
		.addr = r->req->addr, .shift = bypass && ste->s2 ? ias(r) : oas(r),
		.perm = ORC_R | ORC_W | ORC_X,
	};
	if (bypass && m->addr >> m->shift) {
		r->fault = (struct fault) { .number = F_ADDR_SIZE, .class = CLASS_IN };
		return false;
	}
	if (!bypass && !orc_s1_walk(r, m->addr, r->access, m))
		return false;
	if (!r->has_s2)
		return true;
	if (!orc_s2_walk(r, m->addr, r->access, CLASS_IN, &s2))
		return false;
	m->addr = s2.addr;
	m->shift = min_uint(m->shift, s2.shift);
	m->clean = (m->clean || s2.clean) && (m->perm & s2.perm & ORC_W);
	m->perm &= s2.perm;
	return true;
}

static bool configure_and_translate(struct run *r, struct ste *ste, u64 *cd, struct mapping *m)
{
	bool bypass;
	u32 ssid;

	if (!get_ste(r, ste) || !choose_cd(r, ste, &ssid, &bypass))
		return false;
	r->access = overrides(r, ste);
	r->has_s2 = ste->s2;
	if (!bypass) {
		if (!get_cd(r, ste, ssid, cd))
			return false;
		r->has_s1 = true;
		if (!s1_setup(r, ste, cd))
			return false;
	}
	return translate(r, ste, bypass, m);
}

/* What there is in a record beyond its number: by event */
static void record(struct run *r)
{
	const struct orc_req *q = r->req;
	const struct fault *f = &r->fault;
	struct orc_res *res = r->res;
	u64 flags, who = (u64)q->sid << 32 | f->number;

	memset(res->mask, 0xff, sizeof(res->mask));
	res->record[0] = who | (q->ssv ? 1u << 11 | (u64)q->ssid << 12 : 0);
	if (!q->ssv)
		res->mask[0] &= ~0xfffff000ULL;		/* SubstreamID: UNKNOWN */
	switch (f->number) {
	case C_BAD_SUBSTREAMID:
		res->record[0] &= ~(1ULL << 11);
		res->mask[0] |= 0xfffff000ULL;
		break;
	case F_STREAM_DISABLED:
		res->mask[0] &= ~0xfffff800ULL;
		break;
	case F_TRANSL_FORBIDDEN:
		res->mask[0] &= ~0xfffff800ULL;
		res->record[1] = r->access & ORC_W ? 0 : 1ULL << 35;
		res->record[2] = q->addr;
		break;
	case F_STE_FETCH:
	case F_CD_FETCH:
		res->mask[1] = ~0x1ffffULL;		/* Reason, GPCF */
		res->record[3] = f->fetch & ~7ULL;
		break;
	case F_WALK_EABT ... F_PERMISSION:
		flags = (r->access & ORC_PRIV ? 1ULL << 33 : 0) |
			(r->access & ORC_X ? 1ULL << 34 : 0) |
			(r->access & ORC_W && !f->only_read ? 0 : 1ULL << 35) |
			(f->s2 ? 1ULL << 39 : 0) | (u64)f->class << 40;
		res->record[1] = flags;
		res->record[2] = q->addr;
		if (f->number == F_WALK_EABT) {
			res->mask[1] = ~0x1ffffULL;
			res->record[3] = f->fetch & ~7ULL;
			break;
		}
		if (res->verdict == ORC_STALL)
			res->record[1] |= 1ULL << 31;
		res->mask[1] &= ~0xffffULL;		/* STAG */
		if (f->number == F_PERMISSION && f->class == CLASS_TT)
			res->record[1] |= f->tt_read ? 1ULL << 44 : 0;
		else if (f->number == F_PERMISSION)
			res->mask[1] &= ~(1ULL << 44);
		if (f->s2)
			res->record[3] = f->ipa & ~0xfffULL;
		else
			res->mask[3] = 0;
		break;
	default:
		break;
	}
}

/* A fault becomes a verdict and perhaps an event, by A, R and S. */
static void conclude(struct run *r, const struct ste *ste, const u64 *cd)
{
	struct orc_res *res = r->res;
	u8 n = r->fault.number;
	bool rec = n, stall = false, abort = true;

	if (n == C_BAD_STREAMID) {
		rec = r->o->cr2 & 2;
	} else if (n >= F_TRANSLATION && r->fault.s2) {
		stall = orc_bits(ste->w, 185, 185);
		rec = orc_bits(ste->w, 186, 186) || stall;
	} else if (n >= F_TRANSLATION && r->has_s1) {
		stall = orc_bits(cd, 44, 44);
		rec = orc_bits(cd, 45, 45) || stall;
		abort = orc_bits(cd, 46, 46);
	}
	res->verdict = stall ? ORC_STALL : abort ? ORC_ABORT : ORC_RAZWI;
	if (!rec)
		return;
	res->event = n;
	record(r);
}

static void disabled(const struct run *r)
{
	struct orc_res *res = r->res;

	res->verdict = ORC_ABORT;
	if (r->o->gbpa >> 20 & 1 || r->req->addr >> oas(r))
		return;
	*res = (struct orc_res) {
		.verdict = ORC_OK, .pa = r->req->addr, .shift = oas(r),
		.perm = ORC_R | ORC_W | ORC_X,
	};
}

void orc_translate(const struct orc *o, const struct orc_req *req, struct orc_res *res)
{
	struct run r = { .o = o, .req = req, .res = res, .access = req->access };
	struct mapping m;
	struct ste ste = {};
	u64 cd[8] = {};

	memset(res, 0, sizeof(*res));
	if (!(o->cr0 & 1)) {
		disabled(&r);
		return;
	}
	if (!configure_and_translate(&r, &ste, cd, &m)) {
		conclude(&r, &ste, cd);
		return;
	}
	res->verdict = ORC_OK;
	res->pa = m.addr;
	res->shift = m.shift;
	res->perm = m.perm;
	res->clean = m.clean;
}

/* ---- ATS ---- */

/* 0: off; 1: full, 2: split-stage */
static unsigned int effective_eats(const struct run *r, const struct ste *ste)
{
	unsigned int eats = orc_bits(ste->w, 93, 92);

	if (!idr0(r, 10) || ste->config == 4 || eats == 3)
		return 0;
	return eats == 2 && !(r->o->cr0 >> 4 & 1) ? 0 : eats;
}

/* 13.7.1: what a completion grants of what the page has; nothing: it is denied */
static void grant(const struct run *r, const struct ste *ste, const struct mapping *m,
		  bool may_write, struct orc_ats *res)
{
	unsigned int inst = r->o->idr1 >> 26 & 1 ? orc_bits(ste->w, 115, 114) : 0;
	bool readable = m->perm & ORC_R, fetchable = m->perm & ORC_X;
	bool exe = r->req->access & ORC_X;

	if (inst == 3) {
		readable = fetchable;
		exe = exe && fetchable;
	} else if (inst == 2) {
		exe = exe && readable;
	} else {
		exe = exe && readable && fetchable;
	}
	res->perm = (readable ? ORC_R : 0) | (may_write ? ORC_W : 0) | (exe ? ORC_X : 0);
	res->may = !(r->req->access & ORC_W) && m->perm & ORC_W && !m->clean ? ORC_W : 0;
	if (!res->perm)
		res->verdict = ORC_ATS_DENIED;
}

/*
 * All stages, to have the address that @eats says: by a write first, if one is
 * asked for. What stage 1 grants nothing of is not translated by stage 2.
 */
static void ats_walk(struct run *r, const struct ste *ste, bool bypass, unsigned int eats,
		     struct orc_ats *res)
{
	bool inst = r->o->idr1 >> 26 & 1 && orc_bits(ste->w, 115, 114) == 3;
	u32 tries[] = { ORC_W, inst ? ORC_R | ORC_X : ORC_R }, priv = r->access & ORC_PRIV;
	struct mapping m, s1 = { .addr = r->req->addr };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		if (tries[i] == ORC_W && !(r->req->access & ORC_W))
			continue;
		r->access = tries[i] | priv;
		r->fault = (struct fault) {};
		if (translate(r, ste, bypass, &m))
			break;
		if (r->fault.number != F_PERMISSION || r->fault.class != CLASS_IN)
			break;
	}
	if (r->fault.number) {
		res->verdict = r->fault.number == F_WALK_EABT ? ORC_ATS_CA : ORC_ATS_DENIED;
		return;
	}
	if (eats == 2 && !bypass)
		orc_s1_walk(r, r->req->addr, r->access, &s1);
	res->pa = eats == 2 ? s1.addr : m.addr;
	res->shift = m.shift;
	grant(r, ste, &m, tries[i] == ORC_W, res);
}

void orc_ats_request(const struct orc *o, const struct orc_req *req, struct orc_ats *res)
{
	struct orc_req q = *req;
	struct orc_res ignored = {};
	struct run r = { .o = o, .req = &q, .res = &ignored };
	struct ste ste = {};
	unsigned int eats;
	u64 cd[8];
	bool bypass;
	u32 ssid;

	if (!q.ssv)
		q.access &= ~(ORC_X | ORC_PRIV);
	*res = (struct orc_ats) { .verdict = ORC_ATS_UR, .event = F_BAD_ATS_TREQ };
	if (!(o->cr0 & 1))
		return;
	if (!get_ste(&r, &ste)) {
		res->event = 0;
		res->verdict = r.fault.number ? ORC_ATS_CA : ORC_ATS_UR;
		goto out;
	}
	eats = effective_eats(&r, &ste);
	if (!eats)
		goto out;
	*res = (struct orc_ats) { .verdict = ORC_ATS_OK };
	r.access = overrides(&r, &ste);
	r.has_s2 = ste.s2;
	if (!choose_cd(&r, &ste, &ssid, &bypass) ||
	    (!bypass && !get_cd(&r, &ste, ssid, cd))) {
		res->verdict = r.fault.number >= F_TRANSLATION ? ORC_ATS_DENIED : ORC_ATS_CA;
		goto out;
	}
	r.has_s1 = !bypass;
	if (!bypass && !s1_setup(&r, &ste, cd))
		res->verdict = r.fault.number == C_BAD_CD ? ORC_ATS_CA : ORC_ATS_DENIED;
	else
		ats_walk(&r, &ste, bypass, eats, res);
out:
	res->unpredictable = ignored.unpredictable;
}

void orc_ats_translated(const struct orc *o, const struct orc_req *req, struct orc_res *res)
{
	struct orc_req q = *req;
	struct run r = { .o = o, .req = &q, .res = res };
	struct ste ste = {};
	struct mapping m = { .addr = req->addr, .shift = 64, .perm = ORC_R | ORC_W | ORC_X };
	unsigned int eats;

	q.ssv = false;
	q.access &= ORC_R | ORC_W;
	r.access = q.access;
	memset(res, 0, sizeof(*res));
	res->verdict = ORC_ABORT;
	if (!(o->cr0 & 1)) {
		stop(&r, F_TRANSL_FORBIDDEN);
		conclude(&r, &ste, NULL);
		return;
	}
	if (o->cr0 >> 4 & 1) {
		if (!get_ste(&r, &ste))
			return;
		eats = effective_eats(&r, &ste);
		r.access = overrides(&r, &ste);
		r.has_s2 = ste.s2;
		if (!eats)
			stop(&r, F_TRANSL_FORBIDDEN);
		if (!eats || (eats == 2 && !translate(&r, &ste, true, &m))) {
			conclude(&r, &ste, NULL);
			return;
		}
	}
	res->verdict = ORC_OK;
	res->pa = m.addr;
	res->shift = m.shift;
	res->perm = m.perm;
	res->clean = m.clean;
}

void orc_print(const struct orc_req *req, const struct orc_res *res)
{
	static const char *const verdicts[] = { "ok", "abort", "razwi", "stall" };

	printf("# sid 0x%x%s 0x%x addr 0x%llx access 0x%x: %s pa 0x%llx shift %u perm %u%s%s\n",
	       req->sid, req->ssv ? " ssid" : " -", req->ssid, (unsigned long long)req->addr,
	       req->access, verdicts[res->verdict], (unsigned long long)res->pa, res->shift,
	       res->perm, res->clean ? " clean" : "", res->unpredictable ? " ?" : "");
	if (res->event)
		printf("#   event 0x%02x: %016llx %016llx %016llx %016llx\n", res->event,
		       (unsigned long long)res->record[0], (unsigned long long)res->record[1],
		       (unsigned long long)res->record[2], (unsigned long long)res->record[3]);
}
