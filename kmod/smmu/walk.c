// SPDX-License-Identifier: GPL-2.0
/*
 * Translation tables (VMSAv8-64): stage 1, stage 2, one in the other; 4K, 16K
 * and 64K granules, 52 bits in each (LPA2); access flag and dirty state, by faults
 * or by hardware. In: a context and an address; out: smmu_xlate.out, which is put in
 * the TLB, or the fault.
 */
#include <asm/byteorder.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/srcu.h>
#include "../codegen/cache.h"
#include "../memslot.h"
#include "../mmu/mem.h"
#include "../vm.h"
#include "internal.h"

/* Walks that lose against other writers of a descriptor, before they give up */
#define MAX_TRIES	16

/* A page or block: the descriptor, where it is, and what the tables above say */
struct leaf {
	u64 desc;
	u64 gpa;		/* after stage 2 */
	u64 ipa;
	int level;
	unsigned int shift;	/* log2 of what maps alike, by a contiguous hint as well */
	u32 attrs;		/* WC_* */
	bool cached;		/* its table was; nothing above it was looked at */
};

enum upd { UPD_OK, UPD_AGAIN, UPD_FAULT };

static bool fault(struct smmu_xlate *x, enum smmu_event event, bool s2, enum smmu_class class,
		  u64 ipa)
{
	x->event = event;
	x->s2 = s2;
	x->class = class;
	x->ipa = ipa;
	return false;
}

static bool read_desc(struct smmu_xlate *x, u64 gpa, u64 *desc, bool s2, enum smmu_class class)
{
	void *page;

	stat_inc(x->s, desc_read);
	pmcg_count(x->s, PMCG_TABLE_ACCESS, x->sid);
	page = vmxl_gpa_map(x->s->vm, gpa, NULL);
	if (IS_ERR(page)) {
		x->fetch = gpa;
		return fault(x, EVT_F_WALK_EABT, s2, class, 0);
	}
	*desc = le64_to_cpu(READ_ONCE(*(__le64 *)(page + offset_in_page(gpa))));
	return true;
}

/* Change a descriptor that still is @old. */
static enum upd update_desc(struct smmu_xlate *x, u64 gpa, u64 old, u64 new, bool s2,
			    enum smmu_class class)
{
	struct vmxl_memslot *slot;
	void *page = vmxl_gpa_map(x->s->vm, gpa, &slot);
	__le64 *p;

	if (IS_ERR(page) || (slot->flags & VMXL_MEM_READONLY)) {
		x->fetch = gpa;
		fault(x, EVT_F_WALK_EABT, s2, class, 0);
		return UPD_FAULT;
	}
	vmxl_memslot_mark_dirty(slot, gpa);
	p = page + offset_in_page(gpa);
	if (cmpxchg(p, cpu_to_le64(old), cpu_to_le64(new)) != cpu_to_le64(old))
		return UPD_AGAIN;
	/* As for any store: see write_page() in memslot.c. */
	smp_mb();
	vmxl_resv_written(x->s->vm, gpa, sizeof(*p));
	if (vmxl_memslot_has_code(slot, gpa))
		vmxl_cache_invalidate(x->s->vm->cache, gpa, sizeof(*p));
	return UPD_OK;
}

/* ---- a stage's tables ---- */

/**
 * struct table_walk - how to go through a stage's tables
 * @ttb: table base
 * @gran: log2 of the granule
 * @tsz: 64 - bits of the input address
 * @ps: bits of an output address
 * @level: the first
 * @in: address
 * @s2: stage 2
 * @class: of what, for its faults
 * @nested: stage 2 of a stage 1 walk's accesses, or NULL
 * @attrs: whether table descriptors limit what is below them
 * @ds: descriptors of 4K and 16K have 52 bits of address (LPA2)
 * @pa52: those of 64K have
 * @contig: contiguous hints count: each descriptor has the access and dirty state of all
 */
struct table_walk {
	u64 ttb;
	unsigned int gran, tsz, ps;
	int level;
	u64 in;
	bool s2;
	enum smmu_class class;
	struct smmu_ctx *nested;
	bool attrs, ds, pa52, contig;
};

/* Address bits 51..48 are at 15..12 of 64K descriptors; of LPA2's 51..50 are at 9..8. */
static u64 desc_addr(const struct table_walk *t, u64 desc)
{
	u64 addr = desc & GENMASK_ULL(t->ds ? 49 : 47, t->gran);

	if (t->ds)
		addr |= (desc & GENMASK_ULL(9, 8)) << 42;
	else if (t->pa52)
		addr |= (desc & GENMASK_ULL(15, 12)) << 36;
	return addr;
}

static bool is_leaf(u64 desc, int level)
{
	return level == 3 || !(desc & TTD_TABLE);
}

/* Where there may be blocks: the largest go with 52 bits of address. */
static bool leaf_ok(const struct table_walk *t, u64 desc, int level)
{
	if (level == 3)
		return desc & TTD_TABLE;
	if (level == 2)
		return true;
	if (level == 1)
		return t->gran == 12 || t->ds || t->pa52;
	return level == 0 && t->gran == 12 && t->ds;
}

static unsigned int level_shift(int level, unsigned int gran)
{
	return gran + (3 - level) * (gran - 3);
}

/* log2 of how many descriptors beside each other a contiguous hint is about */
static unsigned int contig_bits(int level, unsigned int gran)
{
	static const u8 bits[3][4] = { { 0, 4, 4, 4 }, { 0, 0, 5, 7 }, { 0, 0, 5, 5 } };

	return bits[(gran - 12) / 2][level];
}

/* Of a leaf at @addr: a group is not believed whose addresses are not in order. */
static unsigned int leaf_shift(const struct table_walk *t, const struct leaf *leaf, u64 addr)
{
	unsigned int one = level_shift(leaf->level, t->gran), all;

	if (!(leaf->desc & TTD_CONTIG) || !t->contig)
		return one;
	all = one + contig_bits(leaf->level, t->gran);
	return all > 64 - t->tsz || (addr ^ t->in) & ((1ULL << all) - (1ULL << one)) ? one : all;
}

static u32 table_attrs(u64 desc)
{
	return (desc & TTD_PXNTABLE ? WC_PXN : 0) | (desc & TTD_UXNTABLE ? WC_UXN : 0) |
	       (desc & TTD_APTABLE_NOEL0 ? WC_NOEL0 : 0) | (desc & TTD_APTABLE_RO ? WC_RO : 0);
}

/* OUT_TG, OUT_LEVEL */
static u64 out_level(const struct leaf *leaf, unsigned int gran)
{
	return FIELD_PREP(OUT_TG, gran / 2 - 5) | FIELD_PREP(OUT_LEVEL, leaf->level);
}

static u64 out_addr(const struct table_walk *t, const struct leaf *leaf)
{
	u64 mask = (1ULL << leaf->shift) - 1;

	return (desc_addr(t, leaf->desc) & ~mask) | (t->in & mask);
}

static bool walk_fault(struct smmu_xlate *x, const struct table_walk *t, enum smmu_event event)
{
	return fault(x, event, t->s2, t->class, t->s2 ? t->in : 0);
}

/* Sized by what the first level's index can be, and at least 64 bytes for 52 bits */
static u64 first_table(const struct table_walk *t)
{
	unsigned int bits = 64 - t->tsz - level_shift(t->level, t->gran) + 3;

	return t->ttb & ~((1ULL << max(bits, t->ps == 52 ? 6u : 3u)) - 1);
}

static bool fetch(struct smmu_xlate *x, const struct table_walk *t, u64 table, struct leaf *leaf)
{
	u64 in = t->in & GENMASK_ULL(63 - t->tsz, 0);
	u64 mask = leaf->level == t->level ? ~0ULL : (1ULL << (t->gran - 3)) - 1;

	leaf->ipa = table + ((in >> level_shift(leaf->level, t->gran)) & mask) * 8;
	leaf->gpa = leaf->ipa;
	if (t->nested && !leaf->cached &&
	    !vmxl_smmu_walk_s2(x, t->nested, leaf->ipa, CLASS_TT, VMXL_SMMU_READ, &leaf->gpa))
		return false;
	if (!read_desc(x, leaf->gpa, &leaf->desc, t->s2, t->s2 ? t->class : CLASS_TT))
		return false;
	if (!(leaf->desc & TTD_VALID))
		return walk_fault(x, t, EVT_F_TRANSLATION);
	return true;
}

/* From the table of @leaf->level on, or the first if there is none yet, to a leaf */
static bool walk_tables(struct smmu_xlate *x, const struct table_walk *t, u64 table,
			struct leaf *leaf)
{
	u64 addr;

	for (;; leaf->level++) {
		if (!fetch(x, t, table, leaf))
			return false;
		if (is_leaf(leaf->desc, leaf->level))
			break;
		table = desc_addr(t, leaf->desc);
		if (table >> t->ps)
			return walk_fault(x, t, EVT_F_ADDR_SIZE);
		if (t->attrs)
			leaf->attrs |= table_attrs(leaf->desc);
	}
	if (!leaf_ok(t, leaf->desc, leaf->level))
		return walk_fault(x, t, EVT_F_TRANSLATION);
	addr = desc_addr(t, leaf->desc);
	if (addr >> t->ps)
		return walk_fault(x, t, EVT_F_ADDR_SIZE);
	leaf->shift = leaf_shift(t, leaf, addr);
	return true;
}

/*
 * The last-level table is known, or comes to be so: where stage 2 maps it, by
 * the address that it has after that, if it is within one of its pages.
 */
static bool walk_cached(struct smmu_xlate *x, struct smmu_ctx *ctx, const struct table_walk *t,
			bool may_use, struct leaf *leaf)
{
	unsigned int span = 2 * t->gran - 3;
	u64 out;
	bool ok;

	memset(leaf, 0, sizeof(*leaf));
	if (may_use && t->level < 3 && vmxl_smmu_wc_find(x->s, ctx, t->in, span, &out)) {
		stat_inc(x->s, walk_cached);
		leaf->cached = true;
		leaf->level = 3;
		leaf->attrs = out & (WC_PXN | WC_UXN | WC_NOEL0 | WC_RO);
		return walk_tables(x, t, out & OUT_ADDR, leaf);
	}
	leaf->level = t->level;
	ok = walk_tables(x, t, first_table(t), leaf);
	if (ok && leaf->level == 3 && t->level < 3 &&
	    (!t->nested || t->gran == 12 || t->nested->k.s2.gran >= t->gran))
		vmxl_smmu_wc_fill(x, ctx, t->in, span,
				  (leaf->gpa & ~((1ULL << t->gran) - 1)) | leaf->attrs);
	return ok;
}

/* @lacks: PERM_*. Of an atomic access, the event tells of the write first. */
static enum upd no_permission(struct smmu_xlate *x, const struct table_walk *t, u32 lacks)
{
	x->no_read = t->class == CLASS_IN && !(lacks & (PERM_W | PERM_W << PERM_UNPRIV));
	walk_fault(x, t, EVT_F_PERMISSION);
	return UPD_FAULT;
}

/* ---- stage 2 ---- */

static u32 s2_perms(u64 desc)
{
	/* execute-never: of none, of privileged, of both, of unprivileged */
	static const u8 exec[] = {
		PERM_X | PERM_X << PERM_UNPRIV, PERM_X << PERM_UNPRIV, 0, PERM_X,
	};
	u32 rw = (desc & TTD_AP_EL0 ? PERM_R : 0) | (desc & TTD_AP_RO ? PERM_W : 0);

	return rw | rw << PERM_UNPRIV | exec[FIELD_GET(TTD_S2_XN, desc)];
}

static bool s2_device(const struct smmu_stage2 *k, u64 desc)
{
	unsigned int attr = FIELD_GET(TTD_S2_MEMATTR, desc);

	return k->flags & S2_FWB ? !(attr & 4) : !(attr & 0xc);
}

/* Whether a table may not be there: it says so as a permission fault. */
static bool s2_denied(const struct smmu_stage2 *k, u64 out, enum smmu_class class, u32 need)
{
	return (out & need) != need ||
	       (class != CLASS_IN && (k->flags & S2_PTW) && (out & OUT_DEVICE));
}

/* What a stage 2 leaf allows, and the access and dirty bits that this takes. */
static enum upd s2_leaf(struct smmu_xlate *x, const struct smmu_ctx *ctx,
			const struct table_walk *t, struct leaf *leaf, u32 access, u64 *out)
{
	const struct smmu_stage2 *k = &ctx->k.s2;
	u64 old = leaf->desc, new = old;
	bool clean = (k->flags & S2_HD) && (old & TTD_DBM) && !(old & TTD_AP_RO);
	u32 perms = s2_perms(clean ? old | TTD_AP_RO : old);

	if (!(old & TTD_AF)) {
		if (!(k->flags & (S2_HA | S2_AFFD))) {
			walk_fault(x, t, EVT_F_ACCESS);
			return UPD_FAULT;
		}
		new |= k->flags & S2_HA ? TTD_AF : 0;
	}
	*out = perms | (s2_device(k, old) ? OUT_DEVICE : 0);
	if (s2_denied(k, *out, t->class, smmu_needs(access))) {
		x->ttr = !(access & VMXL_SMMU_WRITE);
		return no_permission(x, t, smmu_needs(access) & ~*out);
	}
	if (clean && (access & VMXL_SMMU_WRITE))
		new |= TTD_AP_RO;
	else if (clean)
		*out &= ~(PERM_W | PERM_W << PERM_UNPRIV);
	return new == old ? UPD_OK : update_desc(x, leaf->gpa, old, new, true, t->class);
}

static enum upd s2_try(struct smmu_xlate *x, struct smmu_ctx *ctx, struct table_walk *t,
		       u32 access, u64 *out, u8 *shift)
{
	enum upd ret;
	struct leaf leaf;

	if (!walk_cached(x, ctx, t, true, &leaf))
		return UPD_FAULT;
	ret = s2_leaf(x, ctx, t, &leaf, access, out);
	if (ret != UPD_OK)
		return ret;
	*out |= out_addr(t, &leaf) & OUT_ADDR;
	*out |= out_level(&leaf, t->gran);
	*shift = leaf.shift;
	vmxl_smmu_tlb_fill(x, ctx, t->in, *out, leaf.shift);
	return UPD_OK;
}

/* By the TLB or the tables; @out as smmu_tlbe.out for the 4K page of @ipa */
static bool s2_translate(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 ipa,
			 enum smmu_class class, u32 access, u64 *out, u8 *shift)
{
	const struct smmu_stage2 *k = &ctx->k.s2;
	struct table_walk t = {
		.ttb = k->ttb, .gran = k->gran, .tsz = k->tsz, .ps = k->ps, .level = k->level,
		.in = ipa, .s2 = true, .class = class, .ds = k->flags & S2_DS,
		.pa52 = k->gran == 16 && x->s->oas == 52, .contig = !(k->flags & (S2_HA | S2_HD)),
	};
	unsigned int tries;
	enum upd ret = UPD_AGAIN;

	if (ipa >> (64 - k->tsz))
		return walk_fault(x, &t, EVT_F_TRANSLATION);
	if (vmxl_smmu_tlb_find(x->s, ctx, ipa, out, shift) &&
	    !s2_denied(k, *out, class, smmu_needs(access))) {
		*out |= ipa & ((1ULL << *shift) - 1) & OUT_ADDR;
		return true;
	}
	for (tries = 0; ret == UPD_AGAIN && tries < MAX_TRIES; tries++)
		ret = s2_try(x, ctx, &t, access, out, shift);
	if (ret == UPD_AGAIN) {
		x->fetch = 0;
		walk_fault(x, &t, EVT_F_WALK_EABT);
	}
	return ret == UPD_OK;
}

/**
 * vmxl_smmu_walk_s2() - stage 2 of an access to a table or descriptor
 * @x: the translation; its fault
 * @ctx: stage 2's context
 * @ipa: where the descriptor is
 * @class: what it is
 * @access: VMXL_SMMU_READ or VMXL_SMMU_WRITE
 * @pa: out: guest physical address
 *
 * Context: within vm->srcu, may sleep.
 * Return: whether there was no fault.
 */
bool vmxl_smmu_walk_s2(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 ipa, enum smmu_class class,
		       u32 access, u64 *pa)
{
	u64 out;
	u8 shift;

	if (!s2_translate(x, ctx, ipa, class, access | VMXL_SMMU_PRIV, &out, &shift))
		return false;
	*pa = (out & OUT_ADDR) | (ipa & ~OUT_ADDR);
	return true;
}

/* ---- stage 1 ---- */

/* @ro: whether it is not writable, not even once it is dirty */
static u32 s1_perms(const struct smmu_ctx_key *k, u64 desc, u32 attrs, bool ro)
{
	bool el0 = (desc & TTD_AP_EL0) && !(attrs & WC_NOEL0);
	bool uxn = (desc & TTD_UXN) || (attrs & WC_UXN);
	bool pxn = (desc & TTD_PXN) || (attrs & WC_PXN);
	bool wxn = k->s1.flags & S1_WXN;
	u32 priv = PERM_R | (ro ? 0 : PERM_W), unpriv = 0;

	if (k->regime == REGIME_EL2) {
		priv |= uxn || (wxn && !ro) ? 0 : PERM_X;
		return priv | priv << PERM_UNPRIV;
	}
	if (el0)
		unpriv = PERM_R | (ro ? 0 : PERM_W);
	/* What the unprivileged may write, the privileged never execute. */
	if (!pxn && !(unpriv & PERM_W) && !(wxn && !ro))
		priv |= PERM_X;
	if (!uxn && !(wxn && (unpriv & PERM_W)))
		unpriv |= PERM_X;
	if ((k->s1.flags & S1_PAN) && el0)
		priv &= ~(PERM_R | PERM_W);
	return priv | unpriv << PERM_UNPRIV;
}

/* Write a stage 1 descriptor back, which stage 2 must allow where there is one. */
static enum upd s1_update(struct smmu_xlate *x, const struct table_walk *t,
			  const struct leaf *leaf, u64 new)
{
	u64 gpa = leaf->gpa;

	if (t->nested &&
	    !vmxl_smmu_walk_s2(x, t->nested, leaf->ipa, CLASS_TT, VMXL_SMMU_WRITE, &gpa))
		return UPD_FAULT;
	return update_desc(x, gpa, leaf->desc, new, false, CLASS_TT);
}

/* As s2_leaf(); UPD_AGAIN, too, for a walk that must not begin at a cached table. */
static enum upd s1_leaf(struct smmu_xlate *x, const struct smmu_ctx *ctx,
			const struct table_walk *t, struct leaf *leaf, unsigned int r, u64 *out)
{
	const struct smmu_stage1 *k = &ctx->k.s1;
	u64 old = leaf->desc, new = old;
	bool ro = (old & TTD_AP_RO) || (leaf->attrs & WC_RO);
	bool clean = (k->flags & S1_HD) && (old & TTD_DBM) && (old & TTD_AP_RO) &&
		     !(leaf->attrs & WC_RO);

	if (!(old & TTD_AF)) {
		if (!(k->flags & (S1_HA | S1_AFFD))) {
			walk_fault(x, t, EVT_F_ACCESS);
			return UPD_FAULT;
		}
		new |= k->flags & S1_HA ? TTD_AF : 0;
	}
	*out = s1_perms(&ctx->k, old, leaf->attrs, ro && !clean);
	if (k->flags & S1_E0PD(r))
		*out &= (1u << PERM_UNPRIV) - 1;
	if ((*out & smmu_needs(x->access)) != smmu_needs(x->access))
		return no_permission(x, t, smmu_needs(x->access) & ~*out);
	if (clean && (x->access & VMXL_SMMU_WRITE))
		new &= ~TTD_AP_RO;
	else if (clean)
		*out &= ~(PERM_W | PERM_W << PERM_UNPRIV);
	if (new == old)
		return UPD_OK;
	if (leaf->cached && t->nested)
		return UPD_AGAIN;	/* its address before stage 2 is not known */
	return s1_update(x, t, leaf, new);
}

/* The region of an address, or -1 where it is in none */
static int s1_region(const struct smmu_stage1 *k, u64 va)
{
	unsigned int r = va >> 55 & 1;

	if (k->flags & S1_EPD(r))
		return -1;
	return (s64)va >> (64 - k->tsz[r]) == -(s64)r ? r : -1;
}

static int s1_level(unsigned int tsz, unsigned int gran)
{
	return 4 - (int)DIV_ROUND_UP(64 - tsz - gran, gran - 3);
}

/* Stage 2 of what stage 1 gave, and what both allow; the address may be wanted before it. */
static bool combine(struct smmu_xlate *x, const struct smmu_ctx *ctx, u64 ipa)
{
	u64 out;
	u8 shift;

	if (!s2_translate(x, ctx->stage2, ipa, CLASS_IN, x->access, &out, &shift))
		return false;
	x->out &= out | ~(u64)(PERM_ALL);
	if (!x->stage1)
		x->out = (x->out & ~OUT_ADDR) | (out & OUT_ADDR);
	x->shift = min(x->shift, shift);
	return true;
}

static enum upd s1_try(struct smmu_xlate *x, struct smmu_ctx *ctx, const struct table_walk *t,
		       unsigned int r, bool may_use)
{
	struct leaf leaf;
	enum upd ret;
	u64 addr;

	if (!walk_cached(x, ctx, t, may_use, &leaf))
		return UPD_FAULT;
	ret = s1_leaf(x, ctx, t, &leaf, r, &x->out);
	if (ret != UPD_OK)
		return ret;
	addr = out_addr(t, &leaf);
	x->out |= (addr & OUT_ADDR) | out_level(&leaf, t->gran);
	if (!(leaf.desc & TTD_NG) || ctx->k.regime == REGIME_EL2)
		x->out |= OUT_GLOBAL;
	x->shift = leaf.shift;
	if (t->nested && !combine(x, ctx, addr))
		return UPD_FAULT;
	if (!x->stage1)
		vmxl_smmu_tlb_fill(x, ctx, t->in, x->out, x->shift);
	return UPD_OK;
}

static bool walk_s1(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 va)
{
	const struct smmu_stage1 *k = &ctx->k.s1;
	struct table_walk t = { .in = va, .class = CLASS_IN, .nested = ctx->stage2 };
	int r = s1_region(k, va);
	enum upd ret = UPD_AGAIN;
	unsigned int tries;

	if (r < 0 || ((k->flags & S1_E0PD(r)) && !(x->access & VMXL_SMMU_PRIV)))
		return walk_fault(x, &t, EVT_F_TRANSLATION);
	t.ttb = k->ttb[r];
	t.gran = k->gran[r];
	t.tsz = k->tsz[r];
	t.ps = k->ps;
	t.level = s1_level(t.tsz, t.gran);
	t.attrs = !(k->flags & S1_HAD(r));
	t.ds = (k->flags & S1_DS) && t.gran != 16;
	t.pa52 = t.gran == 16 && x->s->oas == 52;
	t.contig = !(k->flags & (S1_HA | S1_HD));
	for (tries = 0; ret == UPD_AGAIN && tries < MAX_TRIES; tries++)
		ret = s1_try(x, ctx, &t, r, !tries);
	if (ret == UPD_AGAIN) {
		x->fetch = 0;
		fault(x, EVT_F_WALK_EABT, false, CLASS_TT, 0);
	}
	return ret == UPD_OK;
}

static bool walk_s2_only(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 ipa)
{
	if (ipa >> x->s->oas) {
		x->bypass = true;
		return fault(x, EVT_F_ADDR_SIZE, false, CLASS_IN, 0);
	}
	return s2_translate(x, ctx, ipa, CLASS_IN, x->access, &x->out, &x->shift);
}

/**
 * vmxl_smmu_walk() - translate by the tables
 * @x: the translation: @x->cfg has a context, @x->access is what it is to be.
 *	Out: @x->out, for the 4K page of the address, and @x->shift; or the fault
 * @iova: address, the ignored top byte made canonical
 *
 * Context: within vm->srcu, may sleep.
 * Return: whether there was no fault.
 */
bool vmxl_smmu_walk(struct smmu_xlate *x, u64 iova)
{
	struct smmu_ctx *ctx = x->cfg->ctx;

	stat_inc(x->s, walk);
	pmcg_count(x->s, PMCG_TLB_MISS, x->sid);
	if (ctx->k.regime == REGIME_S2)
		return walk_s2_only(x, ctx, iova);
	return walk_s1(x, ctx, iova);
}
