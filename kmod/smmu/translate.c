// SPDX-License-Identifier: GPL-2.0
/*
 * An access of a device from end to end: configuration, TLB or tables, and
 * where it faults the event, the stall, or the way it is terminated.
 *
 * What the caches answer takes no lock and writes nothing.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include "../trace.h"
#include "../vm.h"
#include "internal.h"

#define ATS	(VMXL_SMMU_ATS_TREQ | VMXL_SMMU_TRANSLATED)

/* With TBI the top byte is ignored: it is taken to be bit 55, again and again. */
static u64 canonical(const struct smmu_cfg *cfg, u64 iova)
{
	u16 tbi = S1_TBI(iova >> 55 & 1);

	if (!(cfg->flags & CFG_TBI) || !(cfg->ctx->k.s1.flags & tbi))
		return iova;
	return (u64)((s64)(iova << 8) >> 8);
}

static void done(struct vmxl_smmu_res *res, u64 out, u8 shift, u64 iova, u32 access)
{
	u64 mask = (1ULL << shift) - 1;
	u32 perms = access & VMXL_SMMU_PRIV ? out : out >> PERM_UNPRIV;

	res->status = VMXL_SMMU_OK;
	res->gpa = (out & OUT_ADDR & ~mask) | (iova & mask);
	res->perm = perms & (PERM_R | PERM_W | PERM_X);
	res->shift = shift;
	res->stag = 0;
	res->event = EVT_NONE;
}

static_assert(PERM_R == VMXL_SMMU_READ && PERM_W == VMXL_SMMU_WRITE && PERM_X == VMXL_SMMU_EXEC);

static bool by_tlb(struct vmxl_smmu *s, const struct smmu_cfg *cfg, u32 access, u64 iova,
		   struct vmxl_smmu_res *res)
{
	u64 out;
	u8 shift;

	if (!cfg->ctx || !vmxl_smmu_tlb_find(s, cfg->ctx, canonical(cfg, iova), &out, &shift) ||
	    (out & smmu_needs(access)) != smmu_needs(access))
		return false;
	done(res, out, shift, iova, access);
	return true;
}

/**
 * vmxl_smmu_verdict() - an access that is not translated
 * @res: out
 * @status: what becomes of it
 * @event: event, or EVT_NONE
 */
void vmxl_smmu_verdict(struct vmxl_smmu_res *res, enum vmxl_smmu_status status, u8 event)
{
	memset(res, 0, sizeof(*res));
	res->status = status;
	res->event = event;
}

/**
 * vmxl_smmu_pass() - no translation: the address as it is
 * @s: the SMMU
 * @res: out
 * @iova: the address
 */
void vmxl_smmu_pass(const struct vmxl_smmu *s, struct vmxl_smmu_res *res, u64 iova)
{
	vmxl_smmu_verdict(res, VMXL_SMMU_OK, EVT_NONE);
	res->gpa = iova;
	res->perm = VMXL_SMMU_READ | VMXL_SMMU_WRITE | VMXL_SMMU_EXEC;
	res->shift = s->oas;
}

/* SMMUEN is 0: all traffic passes or none. */
static void global_bypass(struct vmxl_smmu *s, const struct vmxl_smmu_req *req,
			  struct vmxl_smmu_res *res)
{
	if ((READ_ONCE(s->gbpa) & GBPA_ABORT) || req->iova >> s->oas)
		vmxl_smmu_verdict(res, VMXL_SMMU_ABORT, EVT_NONE);
	else
		vmxl_smmu_pass(s, res, req->iova);
}

/* ---- faults ---- */

static bool is_configurable(const struct smmu_xlate *x)
{
	return x->event >= EVT_F_TRANSLATION && !x->bypass;
}

static u64 record_attrs(const struct smmu_xlate *x)
{
	bool write = x->access & VMXL_SMMU_WRITE, read = !write || x->no_read;

	return (x->access & VMXL_SMMU_PRIV ? EVT1_PNU : 0) | (read ? EVT1_RNW : 0) |
	       (!write && (x->access & VMXL_SMMU_EXEC) ? EVT1_IND : 0) |
	       (x->s2 ? EVT1_S2 : 0) | FIELD_PREP(EVT1_CLASS, x->class) |
	       (x->class == CLASS_TT && x->event == EVT_F_PERMISSION && x->ttr ? EVT1_TTRNW : 0);
}

static void make_record(const struct smmu_xlate *x, const struct vmxl_smmu_req *req, u64 *rec)
{
	memset(rec, 0, 4 * sizeof(*rec));
	rec[0] = x->event | FIELD_PREP(EVT0_SID, req->sid);
	if (req->flags & VMXL_SMMU_SSV)
		rec[0] |= FIELD_PREP(EVT0_SSID, req->ssid) |
			  (x->event == EVT_C_BAD_SUBSTREAMID ? 0 : EVT0_SSV);
	switch (x->event) {
	case EVT_F_STE_FETCH:
	case EVT_F_CD_FETCH:
		rec[3] = x->fetch & EVT3_FETCH;
		break;
	case EVT_F_WALK_EABT:
		rec[1] = record_attrs(x);
		rec[2] = req->iova;
		rec[3] = x->fetch & EVT3_FETCH;
		break;
	case EVT_F_TRANSL_FORBIDDEN:
		rec[1] = record_attrs(x) & EVT1_RNW;
		rec[2] = req->iova;
		break;
	case EVT_F_TRANSLATION ... EVT_F_PERMISSION:
		rec[1] = record_attrs(x);
		rec[2] = req->iova;
		rec[3] = x->s2 ? x->ipa & EVT3_IPA : 0;
		break;
	default:
		break;
	}
}

static bool wants_stall(const struct smmu_xlate *x)
{
	return is_configurable(x) && (x->cfg->flags & (x->s2 ? CFG_S2_STALL : CFG_S1_STALL));
}

static bool wants_record(const struct smmu_xlate *x)
{
	if (x->event == EVT_C_BAD_STREAMID)
		return READ_ONCE(x->s->cr2) & CR2_RECINVSID;
	return !is_configurable(x) || wants_stall(x) ||
	       (x->cfg->flags & (x->s2 ? CFG_S2_RECORD : CFG_S1_RECORD));
}

static void end_access(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
		       struct vmxl_smmu_res *res)
{
	bool abort = !is_configurable(x) || x->s2 || (x->cfg->flags & CFG_S1_ABORT);
	u64 rec[4];
	int stag;

	vmxl_smmu_verdict(res, abort ? VMXL_SMMU_ABORT : VMXL_SMMU_RAZWI, EVT_NONE);
	if (!wants_record(x))
		return;
	res->event = x->event;
	make_record(x, req, rec);
	mutex_lock(&x->s->lock);
	stag = wants_stall(x) && !(req->flags & VMXL_SMMU_NO_STALL) ?
	       vmxl_smmu_stall(x->s, req->sid, rec) : -1;
	if (stag < 0)
		vmxl_smmu_record(x->s, rec);
	mutex_unlock(&x->s->lock);
	if (stag >= 0) {
		res->status = VMXL_SMMU_STALL;
		res->stag = stag;
	}
}

/**
 * vmxl_smmu_terminate() - end an access that is at fault, or stall it
 * @x: the translation with its fault
 * @req: the access
 * @res: out: the verdict
 */
void vmxl_smmu_terminate(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			 struct vmxl_smmu_res *res)
{
	end_access(x, req, res);
	trace_vmxl_smmu_fault(x->s->vm, req->sid, req->ssid, req->iova, req->access, x->event,
			      res->status);
}

/* ---- misses ---- */

/* Stages that are off: the address is checked, and passes. */
static bool no_stage(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
		     struct vmxl_smmu_res *res)
{
	if (req->iova >> x->s->oas) {
		x->event = EVT_F_ADDR_SIZE;
		x->class = CLASS_IN;
		x->bypass = true;
		return false;
	}
	vmxl_smmu_pass(x->s, res, req->iova);
	return true;
}

/**
 * vmxl_smmu_do_translate() - translate what has a configuration
 * @x: the translation
 * @req: the access
 * @res: out: the verdict, if there is no fault
 *
 * Return: whether there is none.
 */
bool vmxl_smmu_do_translate(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			    struct vmxl_smmu_res *res)
{
	u64 va;

	x->access = (req->access & x->cfg->keep) | x->cfg->force;
	if (!x->cfg->ctx)
		return no_stage(x, req, res);
	if (!x->stage1 && !x->missed && by_tlb(x->s, x->cfg, x->access, req->iova, res))
		return true;
	va = canonical(x->cfg, req->iova);
	if (!vmxl_smmu_walk(x, va))
		return false;
	done(res, x->out, x->shift, req->iova, x->access);
	return true;
}

/* The configuration is at fault. */
static void bad_config(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
		       struct vmxl_smmu_res *res)
{
	x->cfg = &x->own;
	x->access = (req->access & x->own.keep) | x->own.force;
	if ((req->flags & VMXL_SMMU_ATS_TREQ) && x->event > EVT_C_BAD_STE && !x->own.eats)
		vmxl_smmu_ats_denied(x, req, res);
	else if (req->flags & VMXL_SMMU_ATS_TREQ)
		vmxl_smmu_ats_fault(x, res);
	else if (req->flags & VMXL_SMMU_TRANSLATED)
		vmxl_smmu_verdict(res, VMXL_SMMU_ABORT, EVT_NONE);
	else
		vmxl_smmu_terminate(x, req, res);
}

/* @own is set up by whoever uses it. */
static void begin(struct smmu_xlate *x, struct vmxl_smmu *s, const struct vmxl_smmu_req *req)
{
	memset(x, 0, offsetof(struct smmu_xlate, own));
	x->s = s;
	x->sid = req->sid;
	x->access = req->access;
}

/*
 * @cfg: with which it is not in the TLB, or NULL. If that was invalidated meanwhile,
 * what comes of it is for accesses that are under way, as this one.
 */
static void slow(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, struct vmxl_smmu_res *res,
		 const struct smmu_cfg *cfg)
{
	struct smmu_xlate x;

	begin(&x, s, req);

	stat_inc(s, miss);
	if (req->flags & VMXL_SMMU_ATS_TREQ)
		pmcg_count(s, PMCG_ATS_REQUEST, req->sid);
	/* Pairs with smp_store_release() in vmxl_smmu_inval_begin(). */
	x.snap = smp_load_acquire(&s->inval);
	x.missed = cfg;
	x.cfg = cfg ?: vmxl_smmu_cfg_find(s, cfg_key(req));
	if (!x.cfg)
		x.cfg = vmxl_smmu_cfg_fetch(&x, req);
	if (!x.cfg)
		bad_config(&x, req, res);
	else if ((req->flags & ATS) && vmxl_smmu_ats_special(&x, req, res))
		return;
	else if (x.cfg->flags & CFG_ABORT)
		vmxl_smmu_verdict(res, VMXL_SMMU_ABORT, EVT_NONE);
	else if (!vmxl_smmu_do_translate(&x, req, res))
		vmxl_smmu_terminate(&x, req, res);
}

/* SMMUEN is 0. */
static void off(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, struct vmxl_smmu_res *res)
{
	struct smmu_xlate x;

	begin(&x, s, req);
	x.cfg = &x.own;
	if (req->flags & VMXL_SMMU_ATS_TREQ) {
		vmxl_smmu_ats_denied(&x, req, res);
	} else if (req->flags & VMXL_SMMU_TRANSLATED) {
		x.event = EVT_F_TRANSL_FORBIDDEN;
		vmxl_smmu_terminate(&x, req, res);
	} else {
		global_bypass(s, req, res);
	}
}

/* Those that the stream table is not asked about */
static bool no_stream_table(struct vmxl_smmu *s, const struct vmxl_smmu_req *req,
			    struct vmxl_smmu_res *res)
{
	u32 cr0 = READ_ONCE(s->cr0);

	if (!(cr0 & CR0_SMMUEN)) {
		off(s, req, res);
		return true;
	}
	if (!(req->flags & VMXL_SMMU_TRANSLATED) || (cr0 & CR0_ATSCHK))
		return false;
	vmxl_smmu_pass(s, res, req->iova);
	return true;
}

/**
 * vmxl_smmu_peek() - what the caches say of an access
 * @s: the SMMU
 * @req: the access, with no flag but VMXL_SMMU_SSV
 * @res: out: where it goes
 * @ctx: out: its context; NULL: it is not translated
 *
 * Neither asks anybody nor tells anybody.
 *
 * Context: within vm->srcu; does not sleep.
 * Return: whether it is known, and OK.
 */
bool vmxl_smmu_peek(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, struct vmxl_smmu_res *res,
		    struct smmu_ctx **ctx)
{
	const struct smmu_cfg *cfg;

	*ctx = NULL;
	if (!(READ_ONCE(s->cr0) & CR0_SMMUEN)) {
		global_bypass(s, req, res);
		return res->status == VMXL_SMMU_OK;
	}
	cfg = vmxl_smmu_cfg_find(s, cfg_key(req));
	if (!cfg || (cfg->flags & CFG_ABORT))
		return false;
	*ctx = cfg->ctx;
	if (cfg->ctx)
		return by_tlb(s, cfg, (req->access & cfg->keep) | cfg->force, req->iova, res);
	vmxl_smmu_pass(s, res, req->iova);
	return !(req->iova >> s->oas);
}

/**
 * vmxl_smmu_translate() - what becomes of an access of a device
 * @s: the SMMU
 * @req: the access
 * @res: out: the verdict
 *
 * Context: process context of the VM's owner, within vm->srcu; may sleep. Any
 * number of threads.
 */
void vmxl_smmu_translate(struct vmxl_smmu *s, const struct vmxl_smmu_req *req,
			 struct vmxl_smmu_res *res)
{
	const struct smmu_cfg *cfg = NULL;

	pmcg_count(s, PMCG_TRANSACTION, req->sid);
	if (likely(!(req->flags & ~VMXL_SMMU_SSV))) {
		/* There are none while SMMUEN is 0. */
		cfg = vmxl_smmu_cfg_find(s, cfg_key(req));
		if (likely(cfg) && by_tlb(s, cfg, (req->access & cfg->keep) | cfg->force,
					  req->iova, res))
			return;
	}
	if (!no_stream_table(s, req, res))
		slow(s, req, res, cfg);
	if ((req->flags & VMXL_SMMU_TRANSLATED) && res->status == VMXL_SMMU_OK)
		pmcg_count(s, PMCG_ATS_PASSED, req->sid);
}
