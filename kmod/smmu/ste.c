// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration: from a StreamID and SubstreamID to what the access is
 * translated by. In: the guest's stream table and context descriptors, checked
 * as IHI 0070 5.2.2 and 5.4.2 have it; out: struct smmu_cfg, which is cached
 * until a CMD_CFGI_* says otherwise, or an event.
 */
#include <asm/byteorder.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include "../memslot.h"
#include "../vm.h"
#include "internal.h"

/* ---- the cache ---- */

static unsigned int cfg_set(u64 key)
{
	return (key ^ key >> 32 ^ key >> 40) % CFG_SETS;
}

/**
 * vmxl_smmu_cfg_find() - look up a configuration
 * @s: the SMMU
 * @key: cfg_key()
 *
 * Context: within vm->srcu, for which it is valid.
 * Return: the configuration, or NULL.
 */
const struct smmu_cfg *vmxl_smmu_cfg_find(struct vmxl_smmu *s, u64 key)
{
	struct smmu_cfg **set = s->cfg[cfg_set(key)];
	unsigned int i;

	for (i = 0; i < CFG_WAYS; i++) {
		/* Pairs with smp_store_release() in cfg_enter(). */
		const struct smmu_cfg *cfg = smp_load_acquire(&set[i]);

		if (cfg && cfg->key == key)
			return cfg;
	}
	return NULL;
}

static void cfg_free_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct smmu_cfg, rcu));
}

/* tlb_lock is held */
static void cfg_kill(struct vmxl_smmu *s, struct smmu_cfg **slot)
{
	struct smmu_cfg *cfg = *slot;

	WRITE_ONCE(*slot, NULL);
	if (cfg->ctx)
		cfg->ctx->refs--;
	s->stats.cfg_drop++;
	call_srcu(&s->vm->srcu, &cfg->rcu, cfg_free_rcu);
}

/* Put it in the cache, unless there was an invalidation; it takes over @cfg->ctx's reference. */
static bool cfg_enter(struct vmxl_smmu *s, struct smmu_cfg *cfg, u64 snap)
{
	struct smmu_cfg **set = s->cfg[cfg_set(cfg->key)], **slot = NULL;
	bool ok;
	unsigned int i;

	spin_lock(&s->tlb_lock);
	ok = s->inval == snap && (READ_ONCE(s->cr0) & CR0_SMMUEN);
	for (i = 0; i < CFG_WAYS && ok; i++) {
		if (!set[i])
			slot = &set[i];
		else if (set[i]->key == cfg->key)
			ok = false;	/* another thread was first */
	}
	if (ok) {
		if (!slot) {
			slot = &set[s->hand++ % CFG_WAYS];
			cfg_kill(s, slot);
		}
		/* Pairs with smp_load_acquire() in vmxl_smmu_cfg_find(). */
		smp_store_release(slot, cfg);
	}
	spin_unlock(&s->tlb_lock);
	return ok;
}

/**
 * vmxl_smmu_cfg_drop() - invalidate configurations
 * @s: the SMMU
 * @sid: StreamID
 * @mask: bits of it that matter
 * @cd: which of the stream's: index of a context descriptor, CD_ALL that have
 *	one, CD_ANY
 *
 * Context: may sleep.
 */
void vmxl_smmu_cfg_drop(struct vmxl_smmu *s, u32 sid, u32 mask, u32 cd)
{
	struct smmu_cfg **slot = s->cfg[0];
	unsigned int i;
	bool windows;

	spin_lock(&s->tlb_lock);
	vmxl_smmu_inval_begin(s);
	for (i = 0; i < CFG_SETS * CFG_WAYS; i++, slot++) {
		if (!*slot || (((u32)(*slot)->key ^ sid) & mask))
			continue;
		if (cd == CD_ANY || (*slot)->cd == cd || (cd == CD_ALL && (*slot)->cd != CD_NONE))
			cfg_kill(s, slot);
	}
	windows = READ_ONCE(s->nr_win);
	spin_unlock(&s->tlb_lock);
	if (windows)
		vmxl_smmu_win_cfgi(s, sid, mask, cd);
}

/* ---- reading structures ---- */

static bool fault(struct smmu_xlate *x, enum smmu_event event, u64 fetch)
{
	x->event = event;
	x->fetch = fetch;
	return false;
}

static bool read_words(struct smmu_xlate *x, u64 gpa, u64 *words, unsigned int n,
		       enum smmu_event event)
{
	unsigned int i;

	gpa &= GENMASK_ULL(x->s->oas - 1, 0);
	stat_inc(x->s, cfg_read);
	pmcg_count(x->s, PMCG_CONFIG_ACCESS, x->sid);
	if (vmxl_gpa_read(x->s->vm, gpa, words, n * sizeof(*words)))
		return fault(x, event, gpa);
	for (i = 0; i < n; i++)
		words[i] = le64_to_cpu((__force __le64)words[i]);
	return true;
}

static unsigned int strtab_split(const struct vmxl_smmu *s)
{
	unsigned int split = FIELD_GET(STRTAB_CFG_SPLIT, READ_ONCE(s->strtab_cfg));

	return split == 8 || split == 10 ? split : 6;
}

static bool read_ste_2lvl(struct smmu_xlate *x, u32 sid, unsigned int log2, u64 *ste)
{
	unsigned int split = strtab_split(x->s), span;
	unsigned int top = log2 > split ? log2 - split : 0;
	u64 base = READ_ONCE(x->s->strtab_base) & STRTAB_ADDR & ~((8ULL << top) - 1);
	u64 desc;

	if (!read_words(x, base + (u64)(sid >> split) * 8, &desc, 1, EVT_F_STE_FETCH))
		return false;
	span = FIELD_GET(L1STD_SPAN, desc);
	sid &= (1u << split) - 1;
	if (!span || span > split + 1 || sid >> (span - 1))
		return fault(x, EVT_C_BAD_STREAMID, 0);
	base = desc & L1STD_L2PTR & ~((32ULL << span) - 1);
	return read_words(x, base + (u64)sid * STE_SIZE, ste, 8, EVT_F_STE_FETCH);
}

static bool read_ste(struct smmu_xlate *x, u32 sid, u64 *ste)
{
	struct vmxl_smmu *s = x->s;
	u32 cfg = READ_ONCE(s->strtab_cfg);
	unsigned int log2 = min_t(unsigned int, cfg & STRTAB_CFG_LOG2SIZE, s->sidsize);
	u64 base = READ_ONCE(s->strtab_base) & STRTAB_ADDR & ~(((u64)STE_SIZE << log2) - 1);

	if (sid >> log2)
		return fault(x, EVT_C_BAD_STREAMID, 0);
	if (FIELD_GET(STRTAB_CFG_FMT, cfg) == STRTAB_FMT_2LVL)
		return read_ste_2lvl(x, sid, log2, ste);
	return read_words(x, base + (u64)sid * STE_SIZE, ste, 8, EVT_F_STE_FETCH);
}

/* ---- fields that both descriptors have ---- */

static unsigned int ps_bits(const struct vmxl_smmu *s, unsigned int code)
{
	static const u8 bits[] = { 32, 36, 40, 42, 44, 48, 52, 52 };

	return min(bits[code], s->oas);
}

#define GRAN_BAD	0

static unsigned int tg0(unsigned int code)
{
	static const u8 gran[] = { 12, 16, 14, GRAN_BAD };

	return gran[code];
}

static unsigned int tg1(unsigned int code)
{
	static const u8 gran[] = { GRAN_BAD, 14, 12, 16 };

	return gran[code];
}

static unsigned int max_tsz(unsigned int gran)
{
	return gran == 16 ? 47 : 48;
}

/* @wide: 52 bits go into descriptors: 64K granules, or LPA2's format of the others */
static unsigned int min_tsz(bool wide)
{
	return wide ? 12 : 16;
}

static bool addr_fits(u64 addr, unsigned int bits, bool wide)
{
	return !(addr >> (wide ? bits : min(bits, 48u)));
}

/* ---- stream table entries ---- */

#define LEVEL_BAD	-2

/*
 * Level at which stage 2 starts, of S2SL0 and S2SL0_2; the address bits that this takes,
 * and whether LPA2's format, which has 52.
 */
static int s2_level(const struct smmu_stage2 *t, const u64 *ste, unsigned int oas)
{
	static const struct { s8 level; u8 oas; bool ds; } start[3][8] = {
		{ { 2 }, { 1 }, { 0, 44 }, { 3 }, { -1, 52, true },	/* 4K */
		  { LEVEL_BAD }, { LEVEL_BAD }, { LEVEL_BAD } },
		{ { 3 }, { 2 }, { 1, 42 }, { 0, 52, true } },		/* 16K */
		{ { 3 }, { 2 }, { 1, 44 }, { LEVEL_BAD } },		/* 64K */
	};
	unsigned int row = (t->gran - 12) / 2, sl = FIELD_GET(STE2_S2SL0, ste[2]);
	bool ds = t->flags & S2_DS;

	if (ds && t->gran == 12 && (ste[3] & STE3_S2SL0_2))
		sl |= 4;
	if (oas < start[row][sl].oas || start[row][sl].ds > ds)
		return LEVEL_BAD;
	return start[row][sl].level;
}

/* At most 16 tables beside each other may make up the first. */
static bool s2_level_ok(const struct smmu_stage2 *t, int level)
{
	int bits = 64 - t->tsz - t->gran - (3 - level) * (t->gran - 3);

	return level != LEVEL_BAD && bits >= 1 && bits <= t->gran - 3 + 4;
}

static bool ste_stage2(const struct vmxl_smmu *s, const u64 *ste, struct smmu_stage2 *t)
{
	bool ds, wide;
	int level;

	t->gran = tg0(FIELD_GET(STE2_S2TG, ste[2]));
	ds = s->oas == 52 && t->gran != 16 && (ste[3] & STE3_S2DS);
	wide = ds || t->gran == 16;
	t->flags = S2_ON | (ds ? S2_DS : 0);
	t->tsz = FIELD_GET(STE2_S2T0SZ, ste[2]);
	t->ps = ps_bits(s, FIELD_GET(STE2_S2PS, ste[2]));
	t->ttb = ste[3] & STE3_S2TTB;
	if (t->gran == GRAN_BAD || !(ste[2] & STE2_S2AA64) || (ste[2] & STE2_S2ENDI))
		return false;
	if (t->tsz > max_tsz(t->gran) ||
	    t->tsz < max(min_tsz(wide), 64u - s->oas))
		return false;
	level = s2_level(t, ste, s->oas);
	if (!s2_level_ok(t, level) || !addr_fits(t->ttb, t->ps, wide))
		return false;
	t->level = level;
	t->flags |= (ste[2] & STE2_S2AFFD ? S2_AFFD : 0) |
		   (ste[2] & STE2_S2HA ? S2_HA : 0) |
		   (ste[2] & STE2_S2HA && ste[2] & STE2_S2HD ? S2_HD : 0) |
		   (ste[2] & STE2_S2PTW ? S2_PTW : 0) | (ste[1] & STE1_S2FWB ? S2_FWB : 0);
	return true;
}

static bool ste_ats_ok(const u64 *ste, unsigned int config)
{
	bool stall = ste[2] & STE2_S2S;

	switch (config == STE_CONFIG_PASS ? 0 : FIELD_GET(STE1_EATS, ste[1])) {
	case EATS_FULL:
		return !((config & STE_CONFIG_S2) && stall);
	case EATS_SPLIT:
		return (config & STE_CONFIG_S1) && (config & STE_CONFIG_S2) && !stall;
	default:
		return true;
	}
}

static bool strw_used(unsigned int config)
{
	return (config & STE_CONFIG_S1) && !(config & STE_CONFIG_S2);
}

/* What of an STE is valid whatever it leads to; fills in what stage 2 is. */
static bool ste_ok(const struct vmxl_smmu *s, const u64 *ste, unsigned int config,
		   struct smmu_ctx_key *k)
{
	if (!ste_ats_ok(ste, config))
		return false;
	if (strw_used(config) && FIELD_GET(STE1_STRW, ste[1]) & 1)
		return false;
	if (config & STE_CONFIG_S1) {
		if (FIELD_GET(STE0_S1CDMAX, ste[0]) > SSIDSIZE)
			return false;
		if ((ste[0] & STE0_S1CTXPTR) >> s->oas)
			return false;
	}
	return !(config & STE_CONFIG_S2) || ste_stage2(s, ste, &k->s2);
}

static u32 ste_regime(const struct vmxl_smmu *s, const u64 *ste, unsigned int config)
{
	if (!(config & STE_CONFIG_S1))
		return REGIME_S2;
	if (!strw_used(config) || FIELD_GET(STE1_STRW, ste[1]) != STRW_EL2)
		return REGIME_EL1;
	return s->cr2 & CR2_E2H ? REGIME_EL2_E2H : REGIME_EL2;
}

/* Overrides of privilege and of what is an instruction */
static void ste_overrides(const u64 *ste, struct smmu_cfg *c)
{
	unsigned int priv = FIELD_GET(STE1_PRIVCFG, ste[1]);
	unsigned int inst = FIELD_GET(STE1_INSTCFG, ste[1]);

	c->keep = ~0u;
	if (priv & CFG_OVERRIDE) {
		c->keep &= ~VMXL_SMMU_PRIV;
		c->force |= priv & 1 ? VMXL_SMMU_PRIV : 0;
	}
	if (inst & CFG_OVERRIDE) {
		c->keep &= ~VMXL_SMMU_EXEC;
		c->force |= inst & 1 ? VMXL_SMMU_EXEC : 0;
	}
}

/* ATS is off in bypass; split-stage ATS is so without ATSCHK. */
static unsigned int ste_eats(const struct vmxl_smmu *s, const u64 *ste, unsigned int config)
{
	unsigned int eats = config == STE_CONFIG_PASS ? 0 : FIELD_GET(STE1_EATS, ste[1]);

	return eats == 3 || (eats == EATS_SPLIT && !(s->cr0 & CR0_ATSCHK)) ? 0 : eats;
}

/* ---- context descriptors ---- */

static bool cd_region(const struct vmxl_smmu *s, const u64 *cd, unsigned int r,
		      struct smmu_stage1 *t)
{
	unsigned int tsz = r ? FIELD_GET(CD0_T1SZ, cd[0]) : FIELD_GET(CD0_T0SZ, cd[0]);
	unsigned int gran = r ? tg1(FIELD_GET(CD0_TG1, cd[0])) : tg0(FIELD_GET(CD0_TG0, cd[0]));
	bool wide = gran == 16 || (t->flags & S1_DS);
	u64 word = cd[1 + r];

	if (gran == GRAN_BAD || tsz > max_tsz(gran) || tsz < min_tsz(wide))
		return false;
	t->ttb[r] = word & CD1_TTB0;
	t->tsz[r] = tsz;
	t->gran[r] = gran;
	t->flags |= (word & CD1_HAD0 ? S1_HAD(r) : 0) | (word & CD1_E0PD0 ? S1_E0PD(r) : 0);
	return addr_fits(t->ttb[r], t->ps, wide);
}

/* A region that is not used: walks fault, and its fields are ignored. */
static bool cd_disabled(const u64 *cd, unsigned int r, u32 regime)
{
	if (regime == REGIME_EL2)
		return r;
	return cd[0] & (r ? CD0_EPD1 : CD0_EPD0);
}

static u16 cd_flags(const u64 *cd, u32 regime)
{
	static const struct { u64 bit; u16 flag; } map[] = {
		{ CD0_TBI0, S1_TBI(0) }, { CD0_TBI1, S1_TBI(1) }, { CD0_AFFD, S1_AFFD },
		{ CD0_WXN, S1_WXN }, { CD0_PAN, S1_PAN }, { CD0_HA, S1_HA },
	};
	u16 flags = S1_ON;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (cd[0] & map[i].bit)
			flags |= map[i].flag;
	if ((cd[0] & CD0_HD) && (cd[0] & CD0_HA))
		flags |= S1_HD;
	return regime == REGIME_EL2 ? flags & ~(S1_PAN | S1_TBI(1)) : flags;
}

static bool cd_ok(const struct vmxl_smmu *s, const u64 *ste, const u64 *cd,
		  struct smmu_ctx_key *k)
{
	struct smmu_stage1 *t = &k->s1;
	unsigned int r;

	if (!(cd[0] & CD0_V) || !(cd[0] & CD0_AA64))
		return false;
	if ((ste[1] & STE1_S1STALLD) && (cd[0] & CD0_S))
		return false;
	t->ps = ps_bits(s, FIELD_GET(CD0_IPS, cd[0]));
	t->flags = cd_flags(cd, k->regime) | (s->oas == 52 && (cd[2] & CD2_DS) ? S1_DS : 0);
	for (r = 0; r < 2; r++) {
		if (cd_disabled(cd, r, k->regime)) {
			t->flags |= S1_EPD(r);
			t->gran[r] = 12;
		} else if ((cd[0] & CD0_ENDI) || !cd_region(s, cd, r, t)) {
			return false;
		}
	}
	if (k->regime == REGIME_EL2)
		t->flags &= ~(S1_E0PD(0) | S1_E0PD(1));
	else
		k->asid = FIELD_GET(CD0_ASID, cd[0]);
	return true;
}

/* Addresses of context descriptors are stage 2's input where there is one. */
static bool read_cd_words(struct smmu_xlate *x, struct smmu_ctx *stage2, u64 addr, u64 *words,
			  unsigned int n)
{
	if (stage2 && !vmxl_smmu_walk_s2(x, stage2, addr, CLASS_CD, VMXL_SMMU_READ, &addr))
		return false;
	return read_words(x, addr, words, n, EVT_F_CD_FETCH);
}

static bool read_cd(struct smmu_xlate *x, const u64 *ste, struct smmu_ctx *stage2, u32 index,
		    u64 *cd)
{
	static const u8 split[] = { 0, 6, 10, 0 };
	unsigned int max = FIELD_GET(STE0_S1CDMAX, ste[0]);
	unsigned int low = max ? split[FIELD_GET(STE0_S1FMT, ste[0])] : 0;
	u64 base = ste[0] & STE0_S1CTXPTR, l1cd;

	if (low) {
		base &= ~((8ULL << (max > low ? max - low : 0)) - 1);
		if (!read_cd_words(x, stage2, base + (u64)(index >> low) * 8, &l1cd, 1))
			return false;
		if (!(l1cd & L1CD_V) || (l1cd & L1CD_L2PTR) >> x->s->oas)
			return fault(x, EVT_C_BAD_SUBSTREAMID, 0);
		base = l1cd & L1CD_L2PTR;
		index &= (1u << low) - 1;
		max = low;
	}
	base &= ~(((u64)CD_SIZE << max) - 1);
	return read_cd_words(x, stage2, base + (u64)index * CD_SIZE, cd, 8);
}

static u32 cd_fault_flags(const u64 *cd)
{
	return (cd[0] & CD0_S ? CFG_S1_STALL : 0) | (cd[0] & CD0_R ? CFG_S1_RECORD : 0) |
	       (cd[0] & CD0_A ? CFG_S1_ABORT : 0);
}

/* ---- the whole way ---- */

/* The context descriptor that an access goes by; CD_NONE: stage 1 is bypassed. */
static bool pick_cd(struct smmu_xlate *x, const struct vmxl_smmu_req *req, const u64 *ste,
		    u32 *index)
{
	unsigned int max = FIELD_GET(STE0_S1CDMAX, ste[0]);
	unsigned int dss = FIELD_GET(STE1_S1DSS, ste[1]);
	bool ssv = req->flags & VMXL_SMMU_SSV;

	*index = CD_NONE;
	if (!(x->own.config & STE_CONFIG_S1))
		return !ssv || fault(x, EVT_C_BAD_SUBSTREAMID, 0);
	*index = ssv ? req->ssid : 0;
	if (ssv && (!max || req->ssid >> max))
		return fault(x, EVT_C_BAD_SUBSTREAMID, 0);
	if (!max)
		return true;
	if (ssv)
		return req->ssid || dss != S1DSS_SSID0 || fault(x, EVT_F_STREAM_DISABLED, 0);
	if (dss == S1DSS_BYPASS)
		*index = CD_NONE;
	return dss == S1DSS_BYPASS || dss == S1DSS_SSID0 || fault(x, EVT_F_STREAM_DISABLED, 0);
}

static struct smmu_ctx *get_ctx(struct smmu_xlate *x, const struct smmu_ctx_key *k)
{
	struct smmu_ctx *ctx = vmxl_smmu_ctx_get(x->s, k);

	if (!ctx) {
		/* All contexts may be in use, by configurations that are not. */
		vmxl_smmu_cfg_drop(x->s, 0, 0, CD_ANY);
		ctx = vmxl_smmu_ctx_get(x->s, k);
	}
	if (!ctx)
		fault(x, EVT_F_CD_FETCH, 0);
	return ctx;
}

/* Stage 1's part of @k, from the context descriptor that @x->own.cd says */
static bool fetch_cd(struct smmu_xlate *x, const u64 *ste, struct smmu_ctx_key *k)
{
	struct smmu_ctx_key k2 = { .s2 = k->s2, .regime = REGIME_S2, .vmid = k->vmid };
	struct smmu_ctx *stage2 = NULL;
	u64 cd[8];
	bool ok;

	if (k->s2.flags & S2_ON) {
		stage2 = get_ctx(x, &k2);
		if (!stage2)
			return false;
	}
	ok = read_cd(x, ste, stage2, x->own.cd, cd);
	vmxl_smmu_ctx_put(x->s, stage2);
	if (!ok)
		return false;
	if (!cd_ok(x->s, ste, cd, k))
		return fault(x, EVT_C_BAD_CD, 0);
	x->own.flags |= cd_fault_flags(cd);
	if (k->s1.flags & (S1_TBI(0) | S1_TBI(1)))
		x->own.flags |= CFG_TBI;
	return true;
}

/* All of @x->own but the context, of which @k becomes the key */
static bool decode(struct smmu_xlate *x, const struct vmxl_smmu_req *req, const u64 *ste,
		   struct smmu_ctx_key *k)
{
	unsigned int config = FIELD_GET(STE0_CONFIG, ste[0]);
	struct smmu_cfg *c = &x->own;

	if (!(ste[0] & STE0_V))
		return fault(x, EVT_C_BAD_STE, 0);
	c->config = config;
	if (!(config & STE_CONFIG_PASS)) {
		c->flags = CFG_ABORT;
		c->cd = CD_NONE;
		return true;
	}
	if (!ste_ok(x->s, ste, config, k))
		return fault(x, EVT_C_BAD_STE, 0);
	ste_overrides(ste, c);
	c->eats = ste_eats(x->s, ste, config);
	if (config & STE_CONFIG_S2)
		c->flags |= (ste[2] & STE2_S2S ? CFG_S2_STALL : 0) |
			    (ste[2] & STE2_S2R ? CFG_S2_RECORD : 0);
	c->cd = CD_NONE;
	if (!(req->flags & VMXL_SMMU_TRANSLATED) && !pick_cd(x, req, ste, &c->cd))
		return false;
	k->regime = c->cd == CD_NONE ? REGIME_S2 : ste_regime(x->s, ste, config);
	if (k->regime == REGIME_EL1 || k->regime == REGIME_S2)
		k->vmid = FIELD_GET(STE2_S2VMID, ste[2]);
	return c->cd == CD_NONE || fetch_cd(x, ste, k);
}

/* A copy in the cache; @x->own, without the context's reference, where that cannot be. */
static const struct smmu_cfg *keep(struct smmu_xlate *x)
{
	struct smmu_cfg *cfg = kmemdup(&x->own, sizeof(x->own), GFP_KERNEL_ACCOUNT);

	if (cfg && cfg_enter(x->s, cfg, x->snap))
		return cfg;
	kfree(cfg);
	vmxl_smmu_ctx_put(x->s, x->own.ctx);
	return &x->own;
}

/**
 * vmxl_smmu_cfg_fetch() - read the configuration of an access from memory
 * @x: the translation; @x->snap is set. The fault, if there is one
 * @req: the access
 *
 * Context: within vm->srcu, may sleep.
 * Return: the configuration, valid as long as @x and vm->srcu are held; NULL: a fault.
 */
const struct smmu_cfg *vmxl_smmu_cfg_fetch(struct smmu_xlate *x, const struct vmxl_smmu_req *req)
{
	struct smmu_ctx_key k;
	u64 ste[8];

	memset(&k, 0, sizeof(k));
	memset(&x->own, 0, sizeof(x->own));
	x->own.key = cfg_key(req);
	x->cfg = &x->own;
	stat_inc(x->s, cfg_miss);
	pmcg_count(x->s, PMCG_CONFIG_MISS, x->sid);
	if (!read_ste(x, req->sid, ste) || !decode(x, req, ste, &k))
		return NULL;
	if ((k.s1.flags & S1_ON) || (k.s2.flags & S2_ON)) {
		x->own.ctx = get_ctx(x, &k);
		if (!x->own.ctx)
			return NULL;
	}
	return keep(x);
}
