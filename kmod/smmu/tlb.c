// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU's TLB: translations and last-level tables, by context, and what
 * invalidation commands do to them.
 *
 * An entry is its context's as long as it has the context's generation, of
 * which no two are alike: a new generation drops all entries at once, and a
 * context that is freed leaves nothing behind. Whoever reads takes no lock;
 * entries have sequence counts. Whoever enters what it read from memory shows
 * that there was no invalidation since before it read (smmu_xlate.snap).
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include "../trace.h"
#include "../vm.h"
#include "internal.h"

/* ---- entries ---- */

static unsigned int hash_page(const struct smmu_ctx *ctx, u64 va, unsigned int shift)
{
	u64 page = va >> shift;

	return page + (page >> 10) + (page >> 21) + ctx->salt;
}

static u64 make_tag(u64 va, unsigned int shift)
{
	return (va >> shift << shift) | shift;
}

/* A consistent copy of what the entry has for the tag, if it is one of these generations */
static bool entry_read(const struct smmu_tlbe *e, u64 tag, u64 gen0, u64 gen1, u64 *out)
{
	u32 seq;
	u64 gen;

	if (READ_ONCE(e->tag) != tag)
		return false;
	/* Pairs with smp_store_release() in entry_write(). */
	seq = smp_load_acquire(&e->seq);
	gen = READ_ONCE(e->gen);
	*out = READ_ONCE(e->out);
	if (READ_ONCE(e->tag) != tag || (gen != gen0 && gen != gen1) || (seq & 1))
		return false;
	/* Pairs with smp_wmb() in entry_write(). */
	smp_rmb();
	return READ_ONCE(e->seq) == seq;
}

static void entry_write(struct smmu_tlbe *e, const struct smmu_ctx *ctx, u64 tag, u64 gen, u64 out)
{
	WRITE_ONCE(e->seq, e->seq + 1);
	/* Pairs with smp_rmb() in entry_read(). */
	smp_wmb();
	WRITE_ONCE(e->tag, tag);
	WRITE_ONCE(e->gen, gen);
	WRITE_ONCE(e->out, out);
	e->id = ctx->id;
	/* Pairs with smp_load_acquire() in entry_read(). */
	smp_store_release(&e->seq, e->seq + 1);
}

/* Readers see the old entry or none. */
static void entry_drop(struct smmu_tlbe *e)
{
	WRITE_ONCE(e->gen, 0);
}

/* The context whose the entry is, if it still is somebody's */
static struct smmu_ctx *entry_owner(struct vmxl_smmu *s, const struct smmu_tlbe *e)
{
	struct smmu_ctx *ctx = s->ctx[e->id];

	return e->gen && ctx && (e->gen == ctx->gen[0] || e->gen == ctx->gen[1]) ? ctx : NULL;
}

/**
 * vmxl_smmu_tlb_find() - look up a translation
 * @s: the SMMU
 * @ctx: context
 * @va: input address, the ignored top byte made canonical
 * @out: its smmu_tlbe.out
 * @shift: log2 of the page
 *
 * Context: within vm->srcu.
 * Return: whether there is one.
 */
bool vmxl_smmu_tlb_find(struct vmxl_smmu *s, const struct smmu_ctx *ctx, u64 va, u64 *out,
			u8 *shift)
{
	u64 gen0 = READ_ONCE(ctx->gen[0]), gen1 = READ_ONCE(ctx->gen[1]);
	u64 shifts = READ_ONCE(ctx->shifts[0]) | READ_ONCE(ctx->shifts[1]);
	unsigned int sh, i;

	for (; shifts; shifts &= shifts - 1) {
		const struct smmu_tlbe *set;
		u64 tag;

		sh = __ffs64(shifts);
		tag = make_tag(va, sh);
		set = s->tlb[hash_page(ctx, va, sh) % TLB_SETS];
		for (i = 0; i < TLB_WAYS; i++) {
			if (entry_read(&set[i], tag, gen0, gen1, out)) {
				*shift = sh;
				return true;
			}
		}
	}
	return false;
}

static struct smmu_tlbe *pick_way(struct vmxl_smmu *s, const struct smmu_ctx *ctx,
				  struct smmu_tlbe *set, u64 tag)
{
	struct smmu_tlbe *free = NULL;
	unsigned int i;

	for (i = 0; i < TLB_WAYS; i++) {
		if (!entry_owner(s, &set[i]))
			free = &set[i];
		else if (set[i].tag == tag && set[i].id == ctx->id)
			return &set[i];
	}
	if (free)
		return free;
	s->stats.evict++;
	return &set[s->hand++ % TLB_WAYS];
}

/* log2 of stage 1's page, of which the entry may be a part */
static unsigned int out_shift(u64 out)
{
	static const u8 gran[] = { 12, 12, 14, 16 };
	unsigned int g = gran[FIELD_GET(OUT_TG, out)];

	return g + (3 - FIELD_GET(OUT_LEVEL, out)) * (g - 3);
}

/**
 * vmxl_smmu_tlb_fill() - enter a translation
 * @x: the translation; nothing is entered if there was an invalidation since @x->snap
 * @ctx: context
 * @va: as for vmxl_smmu_tlb_find()
 * @out: smmu_tlbe.out, of which the address is aligned here
 * @shift: log2 of the page
 */
void vmxl_smmu_tlb_fill(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 va, u64 out, u8 shift)
{
	struct vmxl_smmu *s = x->s;
	unsigned int global = !!(out & OUT_GLOBAL);
	u64 tag = make_tag(va, shift);
	struct smmu_tlbe *set = s->tlb[hash_page(ctx, va, shift) % TLB_SETS];

	out &= ~OUT_ADDR | GENMASK_ULL(63, shift);
	spin_lock(&s->tlb_lock);
	if (s->inval == x->snap && !ctx->dead) {
		entry_write(pick_way(s, ctx, set, tag), ctx, tag, ctx->gen[global], out);
		WRITE_ONCE(ctx->shifts[global], ctx->shifts[global] | 1ULL << shift);
		ctx->split |= out_shift(out) > shift;
		s->stats.fill++;
	}
	spin_unlock(&s->tlb_lock);
}

/**
 * vmxl_smmu_wc_find() - look up a last-level table
 * @s: the SMMU
 * @ctx: context
 * @va: input address
 * @shift: log2 of what such a table maps
 * @out: its address | WC_*
 *
 * Context: within vm->srcu.
 * Return: whether it is known.
 */
bool vmxl_smmu_wc_find(struct vmxl_smmu *s, const struct smmu_ctx *ctx, u64 va, unsigned int shift,
		       u64 *out)
{
	u64 gen = READ_ONCE(ctx->gen[0]);

	return entry_read(&s->wc[hash_page(ctx, va, shift) % WC_ENTRIES], make_tag(va, shift),
			  gen, gen, out);
}

/**
 * vmxl_smmu_wc_fill() - remember a last-level table
 * @x: the translation, as for vmxl_smmu_tlb_fill()
 * @ctx: context
 * @va: input address
 * @shift: log2 of what the table maps
 * @out: its address | WC_*
 */
void vmxl_smmu_wc_fill(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 va, unsigned int shift,
		       u64 out)
{
	struct vmxl_smmu *s = x->s;

	spin_lock(&s->tlb_lock);
	if (s->inval == x->snap && !ctx->dead)
		entry_write(&s->wc[hash_page(ctx, va, shift) % WC_ENTRIES], ctx,
			    make_tag(va, shift), ctx->gen[0], out);
	spin_unlock(&s->tlb_lock);
}

/* ---- invalidation; tlb_lock is held ---- */

/**
 * vmxl_smmu_inval_begin() - what was read before this is not entered into a cache
 * @s: the SMMU; tlb_lock is held
 */
void vmxl_smmu_inval_begin(struct vmxl_smmu *s)
{
	/* Pairs with smp_load_acquire() in slow(): whoever sees it sees the new tables. */
	smp_store_release(&s->inval, s->inval + 1);
}

static void drop_context(struct vmxl_smmu *s, struct smmu_ctx *ctx, bool global)
{
	WRITE_ONCE(ctx->gen[0], ++s->gen);
	WRITE_ONCE(ctx->shifts[0], 0);
	if (global) {
		WRITE_ONCE(ctx->gen[1], ++s->gen);
		WRITE_ONCE(ctx->shifts[1], 0);
		ctx->split = false;
	}
	s->stats.drop_gen++;
}

static bool tlbi_asid(const struct smmu_tlbi *t, const struct smmu_ctx *ctx)
{
	return t->asid < 0 || t->asid == ctx->k.asid;
}

/* Whether @t is for an entry of context @ctx that it names */
static bool tlbi_hits(const struct smmu_tlbi *t, const struct smmu_ctx *ctx,
		      const struct smmu_tlbe *e)
{
	unsigned int shift = max_t(unsigned int, e->tag & 0x3f, out_shift(e->out));
	u64 first = e->tag >> shift << shift;
	u64 last = first + ((1ULL << shift) - 1);

	if (!(e->out & OUT_GLOBAL) && !tlbi_asid(t, ctx))
		return false;
	if ((t->tg && t->tg != FIELD_GET(OUT_TG, e->out)) ||
	    (t->level && t->level != FIELD_GET(OUT_LEVEL, e->out)))
		return false;
	return t->addr <= last && first <= t->addr + (t->len - 1);
}

static void tlbi_drop(struct vmxl_smmu *s, struct smmu_tlbe *e)
{
	entry_drop(e);
	s->stats.drop++;
}

static void tlbi_set(struct vmxl_smmu *s, const struct smmu_tlbi *t, struct smmu_ctx *ctx,
		     u64 va, unsigned int shift)
{
	struct smmu_tlbe *set = s->tlb[hash_page(ctx, va, shift) % TLB_SETS];
	unsigned int i;

	for (i = 0; i < TLB_WAYS; i++)
		if (set[i].tag == make_tag(va, shift) && entry_owner(s, &set[i]) == ctx &&
		    tlbi_hits(t, ctx, &set[i]))
			tlbi_drop(s, &set[i]);
}

/* Look for the pages one by one: a set each. */
static void tlbi_pages(struct vmxl_smmu *s, const struct smmu_tlbi *t, struct smmu_ctx *ctx,
		       u64 shifts)
{
	for (; shifts; shifts &= shifts - 1) {
		unsigned int shift = __ffs64(shifts);
		u64 n = ((t->addr + (t->len - 1)) >> shift) - (t->addr >> shift) + 1;
		u64 va = t->addr;

		for (; n; n--, va += 1ULL << shift)
			tlbi_set(s, t, ctx, va, shift);
	}
}

static void tlbi_scan(struct vmxl_smmu *s, const struct smmu_tlbi *t)
{
	struct smmu_tlbe *e = s->tlb[0];
	unsigned int i;

	for (i = 0; i < TLB_SETS * TLB_WAYS; i++) {
		struct smmu_ctx *ctx = entry_owner(s, &e[i]);

		if (ctx && tlbi_names(t, &ctx->k) && tlbi_hits(t, ctx, &e[i]))
			tlbi_drop(s, &e[i]);
	}
}

/* Sizes of entries that may be hit: those of other ASIDs are only if they are global. */
static u64 tlbi_shifts(const struct smmu_tlbi *t, const struct smmu_ctx *ctx)
{
	return ctx->shifts[1] | (tlbi_asid(t, ctx) ? ctx->shifts[0] : 0);
}

/* Whether going through the whole TLB is needed, or less work than looking for pages */
static bool tlbi_wants_scan(const struct smmu_tlbi *t, const struct smmu_ctx *ctx)
{
	u64 shifts = tlbi_shifts(t, ctx);

	return shifts && (ctx->split || (t->len - 1) >> __ffs64(shifts) >= TLB_SETS / 4);
}

static void tlbi_tables_of(struct vmxl_smmu *s, const struct smmu_tlbi *t, struct smmu_ctx *ctx,
			   unsigned int gran)
{
	unsigned int shift = gran + gran - 3;
	u64 first = t->addr >> shift, last = (t->addr + (t->len - 1)) >> shift, i;
	bool all = last - first >= WC_ENTRIES;
	struct smmu_tlbe *e;

	for (i = all ? 0 : first; i <= (all ? WC_ENTRIES - 1 : last); i++) {
		e = &s->wc[all ? i : hash_page(ctx, i << shift, shift) % WC_ENTRIES];
		if (e->gen == ctx->gen[0] && (e->tag & 0x3f) == shift &&
		    e->tag >> shift >= first && e->tag >> shift <= last)
			entry_drop(e);
	}
}

/* Last-level tables go when what points to them may have changed. */
static void tlbi_tables(struct vmxl_smmu *s, const struct smmu_tlbi *t, struct smmu_ctx *ctx)
{
	const struct smmu_ctx_key *k = &ctx->k;

	if (k->regime == REGIME_S2) {
		tlbi_tables_of(s, t, ctx, k->s2.gran);
		return;
	}
	tlbi_tables_of(s, t, ctx, k->s1.gran[0]);
	if (k->s1.gran[1] != k->s1.gran[0])
		tlbi_tables_of(s, t, ctx, k->s1.gran[1]);
}

static void tlbi_by_addr(struct vmxl_smmu *s, const struct smmu_tlbi *t)
{
	bool scan = false;
	unsigned int i;

	for (i = 0; i < s->nr_ctx; i++) {
		struct smmu_ctx *ctx = s->ctx[i];

		if (!ctx || !tlbi_names(t, &ctx->k))
			continue;
		if (tlbi_wants_scan(t, ctx))
			scan = true;
		else
			tlbi_pages(s, t, ctx, tlbi_shifts(t, ctx));
		if (!t->leaf && tlbi_asid(t, ctx))
			tlbi_tables(s, t, ctx);
	}
	if (scan)
		tlbi_scan(s, t);
}

static void tlbi_contexts(struct vmxl_smmu *s, const struct smmu_tlbi *t)
{
	unsigned int i;

	for (i = 0; i < s->nr_ctx; i++)
		if (s->ctx[i] && tlbi_names(t, &s->ctx[i]->k) && tlbi_asid(t, s->ctx[i]))
			drop_context(s, s->ctx[i], t->asid < 0);
}

/**
 * vmxl_smmu_tlbi() - invalidate translations
 * @s: the SMMU
 * @t: which
 *
 * Context: may sleep.
 */
void vmxl_smmu_tlbi(struct vmxl_smmu *s, const struct smmu_tlbi *t)
{
	bool windows;

	trace_vmxl_smmu_inval(s->vm, t->vmid, t->asid, t->by_addr ? t->addr : 0,
			      t->by_addr ? t->len : 0);
	spin_lock(&s->tlb_lock);
	vmxl_smmu_inval_begin(s);
	if (t->by_addr)
		tlbi_by_addr(s, t);
	else
		tlbi_contexts(s, t);
	windows = READ_ONCE(s->nr_win);
	spin_unlock(&s->tlb_lock);
	if (windows)
		vmxl_smmu_win_tlbi(s, t);
}

/**
 * vmxl_smmu_inval_all() - forget all translations
 * @s: the SMMU
 */
void vmxl_smmu_inval_all(struct vmxl_smmu *s)
{
	const struct smmu_tlbi all = { .regimes = ~0u, .vmid = -1, .asid = -1 };

	vmxl_smmu_tlbi(s, &all);
}

/* ---- contexts; tlb_lock is held but where it says otherwise ---- */

static void ctx_free_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct smmu_ctx, rcu));
}

static void ctx_kill(struct vmxl_smmu *s, struct smmu_ctx *ctx)
{
	ctx->dead = true;
	s->ctx[ctx->id] = NULL;
	if (ctx->stage2)
		ctx->stage2->refs--;
	call_srcu(&s->vm->srcu, &ctx->rcu, ctx_free_rcu);
}

static struct smmu_ctx *ctx_find(struct vmxl_smmu *s, const struct smmu_ctx_key *k)
{
	unsigned int i;

	for (i = 0; i < s->nr_ctx; i++)
		if (s->ctx[i] && !memcmp(&s->ctx[i]->k, k, sizeof(*k)))
			return s->ctx[i];
	return NULL;
}

/* A place in s->ctx, of an unused context if there is none; NR_CTX: all are used. */
static unsigned int ctx_slot(struct vmxl_smmu *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_ctx; i++)
		if (!s->ctx[i])
			return i;
	if (s->nr_ctx < NR_CTX)
		return s->nr_ctx++;
	for (i = 0; i < NR_CTX; i++) {
		if (!s->ctx[i]->refs) {
			ctx_kill(s, s->ctx[i]);
			return i;
		}
	}
	return NR_CTX;
}

/* @ctx->stage2 comes with a reference, which goes over to @ctx or is dropped. */
static struct smmu_ctx *ctx_install(struct vmxl_smmu *s, struct smmu_ctx *ctx)
{
	struct smmu_ctx *there = ctx_find(s, &ctx->k);
	unsigned int slot = there ? NR_CTX : ctx_slot(s);

	if (slot == NR_CTX) {
		if (ctx->stage2)
			ctx->stage2->refs--;
		kfree(ctx);
		if (there)
			there->refs++;
		return there;
	}
	ctx->id = slot;
	ctx->salt = slot * 0x9e3779b1u >> 7;
	ctx->gen[0] = ++s->gen;
	ctx->gen[1] = ++s->gen;
	ctx->refs = 1;
	s->ctx[slot] = ctx;
	return ctx;
}

static struct smmu_ctx *ctx_get_known(struct vmxl_smmu *s, const struct smmu_ctx_key *k)
{
	struct smmu_ctx *ctx;

	spin_lock(&s->tlb_lock);
	ctx = ctx_find(s, k);
	if (ctx)
		ctx->refs++;
	spin_unlock(&s->tlb_lock);
	return ctx;
}

/**
 * vmxl_smmu_ctx_get() - the context of a translation regime and its tables
 * @s: the SMMU
 * @k: what it is
 *
 * Context: may sleep.
 * Return: the context with a reference, or NULL where there is no memory or no room.
 */
struct smmu_ctx *vmxl_smmu_ctx_get(struct vmxl_smmu *s, const struct smmu_ctx_key *k)
{
	struct smmu_ctx *ctx = ctx_get_known(s, k), *stage2 = NULL;
	struct smmu_ctx_key k2 = { .s2 = k->s2, .regime = REGIME_S2, .vmid = k->vmid };

	if (ctx)
		return ctx;
	if (k->regime != REGIME_S2 && (k->s2.flags & S2_ON)) {
		stage2 = vmxl_smmu_ctx_get(s, &k2);
		if (!stage2)
			return NULL;
	}
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT);
	if (!ctx) {
		vmxl_smmu_ctx_put(s, stage2);
		return NULL;
	}
	memcpy(&ctx->k, k, sizeof(*k));
	ctx->stage2 = stage2;
	spin_lock(&s->tlb_lock);
	ctx = ctx_install(s, ctx);
	spin_unlock(&s->tlb_lock);
	return ctx;
}

/**
 * vmxl_smmu_ctx_put() - give a reference back
 * @s: the SMMU
 * @ctx: context, may be NULL; it stays known as long as there is room
 */
void vmxl_smmu_ctx_put(struct vmxl_smmu *s, struct smmu_ctx *ctx)
{
	if (!ctx)
		return;
	spin_lock(&s->tlb_lock);
	ctx->refs--;
	spin_unlock(&s->tlb_lock);
}

/**
 * vmxl_smmu_ctx_free_all() - free all contexts of a device that goes
 * @s: the SMMU, which nobody uses any more
 */
void vmxl_smmu_ctx_free_all(struct vmxl_smmu *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_ctx; i++)
		kfree(s->ctx[i]);
	s->nr_ctx = 0;
}
