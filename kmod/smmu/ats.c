// SPDX-License-Identifier: GPL-2.0
/*
 * PCIe ATS and PRI: translation requests, translated transactions, page
 * requests, and the messages that devices are sent (invalidations of their
 * caches, responses to page requests). IHI 0070 3.9, chapter 8.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "../vm.h"
#include "internal.h"

/**
 * vmxl_smmu_ats_denied() - a translation request where ATS is off
 * @x: the translation
 * @req: the request
 * @res: out: the answer
 */
void vmxl_smmu_ats_denied(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			  struct vmxl_smmu_res *res)
{
	/* Read is always asked for; the span is one unit, of the smallest page. */
	u64 rec[4] = {
		EVT_F_BAD_ATS_TREQ | FIELD_PREP(EVT0_SID, req->sid),
		(req->access & VMXL_SMMU_PRIV ? EVT1_PNU : 0) |
		(req->access & VMXL_SMMU_EXEC ? EVT1_IND : 0) |
		(req->access & VMXL_SMMU_WRITE ? EVT1_RNW : 0) | EVT1_RNW << 1,
		(req->iova & ~0xfffULL) | 1,
	};

	if (req->flags & VMXL_SMMU_SSV)
		rec[0] |= EVT0_SSV | FIELD_PREP(EVT0_SSID, req->ssid);
	mutex_lock(&x->s->lock);
	vmxl_smmu_record(x->s, rec);
	mutex_unlock(&x->s->lock);
	vmxl_smmu_verdict(res, VMXL_SMMU_UR, EVT_F_BAD_ATS_TREQ);
}

/**
 * vmxl_smmu_ats_fault() - the answer to a translation request that faults
 * @x: the translation with its fault
 * @res: out: the answer; no event is recorded (3.9.1.2)
 */
void vmxl_smmu_ats_fault(const struct smmu_xlate *x, struct vmxl_smmu_res *res)
{
	vmxl_smmu_verdict(res, x->event >= EVT_F_TRANSLATION ? VMXL_SMMU_DENIED : VMXL_SMMU_CA,
			  EVT_NONE);
}

/*
 * A write is asked for first, if it is: what may be written is marked dirty now,
 * since the device will write without asking. Privilege comes with a PASID.
 */
static bool ask(struct smmu_xlate *x, const struct vmxl_smmu_req *req, struct vmxl_smmu_res *res)
{
	u32 priv = req->flags & VMXL_SMMU_SSV ? req->access & VMXL_SMMU_PRIV : 0;
	struct vmxl_smmu_req r = *req;

	if (req->access & VMXL_SMMU_WRITE) {
		r.access = VMXL_SMMU_WRITE | priv;
		if (vmxl_smmu_do_translate(x, &r, res))
			return true;
		if (x->event != EVT_F_PERMISSION || x->class != CLASS_IN)
			return false;
		x->event = EVT_NONE;
	}
	r.access = VMXL_SMMU_READ | priv;
	if (!vmxl_smmu_do_translate(x, &r, res))
		return false;
	res->perm &= ~VMXL_SMMU_WRITE;
	return true;
}

/* Of what the page has, what a completion grants (13.7.1): to execute implies to read. */
static u32 granted(const struct smmu_cfg *cfg, const struct vmxl_smmu_req *req, u32 perm)
{
	bool asked = (req->access & VMXL_SMMU_EXEC) && (req->flags & VMXL_SMMU_SSV);
	u32 read = VMXL_SMMU_READ, exec = VMXL_SMMU_READ | VMXL_SMMU_EXEC;

	if (cfg->force & VMXL_SMMU_EXEC) {
		read = VMXL_SMMU_EXEC;
		exec = VMXL_SMMU_EXEC;
	} else if (!(cfg->keep & VMXL_SMMU_EXEC)) {
		exec = VMXL_SMMU_READ;
	}
	return (perm & VMXL_SMMU_WRITE) | (perm & read ? VMXL_SMMU_READ : 0) |
	       (asked && (perm & exec) == exec ? VMXL_SMMU_EXEC : 0);
}

/* Answer a translation request. */
static void ats_request(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			struct vmxl_smmu_res *res)
{
	bool split = x->cfg->eats == EATS_SPLIT;

	x->stage1 = split && (x->cfg->ctx->k.s1.flags & S1_ON);
	if (!ask(x, req, res)) {
		vmxl_smmu_ats_fault(x, res);
		return;
	}
	if (split && !x->stage1)
		res->gpa = req->iova;		/* stage 1 is bypassed */
	res->perm = granted(x->cfg, req, res->perm);
	if (!res->perm)
		vmxl_smmu_verdict(res, VMXL_SMMU_DENIED, EVT_NONE);
}

/**
 * vmxl_smmu_ats_special() - what is particular to ATS of an access
 * @x: the translation, with its configuration
 * @req: the access
 * @res: out: the verdict
 *
 * Return: whether that is all; else it is an access to stage 2.
 */
bool vmxl_smmu_ats_special(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			   struct vmxl_smmu_res *res)
{
	const struct smmu_cfg *cfg = x->cfg;

	if (req->flags & VMXL_SMMU_ATS_TREQ) {
		if (cfg->flags & CFG_ABORT)
			vmxl_smmu_verdict(res, VMXL_SMMU_UR, EVT_NONE);
		else if (!cfg->eats)
			vmxl_smmu_ats_denied(x, req, res);
		else
			ats_request(x, req, res);
		return true;
	}
	if (cfg->flags & CFG_ABORT)
		return false;
	if (cfg->eats == EATS_FULL) {
		vmxl_smmu_pass(x->s, res, req->iova);
		return true;
	}
	if (cfg->eats)
		return false;
	x->event = EVT_F_TRANSL_FORBIDDEN;
	vmxl_smmu_terminate(x, req, res);
	return true;
}

/* ---- messages ---- */

/**
 * vmxl_smmu_send() - send a message to a device
 * @s: the SMMU; s->lock is held
 * @msg: the message; dropped where no device takes any
 */
void vmxl_smmu_send(struct vmxl_smmu *s, const struct vmxl_smmu_msg *msg)
{
	lockdep_assert_held(&s->lock);
	if (!s->ats)
		return;
	if (s->msg_head - s->msg_tail >= NR_MSGS) {
		/* A device that does not answer: an invalidation timed out. */
		s->atc_failed |= msg->type == VMXL_SMMU_MSG_ATC_INV;
		return;
	}
	s->msg[s->msg_head++ % NR_MSGS] = *msg;
	wake_up_all(&s->wq);
}

/**
 * vmxl_smmu_next_msg() - take the next message to a device
 * @s: the SMMU
 * @msg: out
 *
 * Return: whether there was one.
 */
bool vmxl_smmu_next_msg(struct vmxl_smmu *s, struct vmxl_smmu_msg *msg)
{
	bool there;

	mutex_lock(&s->lock);
	there = s->msg_tail != s->msg_head;
	if (there)
		*msg = s->msg[s->msg_tail++ % NR_MSGS];
	mutex_unlock(&s->lock);
	return there;
}

/* ---- page requests ---- */

/* The SMMU answers itself, and without PASID where nothing was looked at. */
static void auto_response(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, u16 prgi, u16 resp)
{
	struct vmxl_smmu_msg msg = {
		.type = VMXL_SMMU_MSG_PRI_RESP, .sid = req->sid, .prgi = prgi, .resp = resp,
	};

	if (resp && (req->flags & VMXL_SMMU_SSV)) {
		msg.flags = VMXL_SMMU_SSV;
		msg.ssid = req->ssid;
	}
	if (req->flags & VMXL_SMMU_PRI_LAST)
		vmxl_smmu_send(s, &msg);
}

static void make_request(const struct vmxl_smmu_req *req, u16 prgi, u64 *rec)
{
	rec[0] = FIELD_PREP(PRIQ0_SID, req->sid) |
		 (req->access & VMXL_SMMU_PRIV ? PRIQ0_PRIV : 0) |
		 (req->access & VMXL_SMMU_EXEC ? PRIQ0_EXEC : 0) |
		 (req->access & VMXL_SMMU_READ ? PRIQ0_READ : 0) |
		 (req->access & VMXL_SMMU_WRITE ? PRIQ0_WRITE : 0) |
		 (req->flags & VMXL_SMMU_PRI_LAST ? PRIQ0_LAST : 0);
	if (req->flags & VMXL_SMMU_SSV)
		rec[0] |= PRIQ0_SSV | FIELD_PREP(PRIQ0_SSID, req->ssid);
	rec[1] = (req->iova & PRIQ1_ADDR) | FIELD_PREP(PRIQ1_PRGI, prgi);
}

/* Overflow is answered as a success: the device asks again, and there is room then. */
static void enqueue(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, u16 prgi)
{
	u64 rec[2];
	int ret = -EIO;

	if ((s->cr0 & CR0_SMMUEN) && (s->cr0 & CR0_PRIQEN)) {
		make_request(req, prgi, rec);
		ret = vmxl_smmu_enqueue_pri(s, rec, req->flags & VMXL_SMMU_PRI_LAST);
	}
	if (ret)
		auto_response(s, req, prgi, ret == -ENOSPC ? 2 : 0);
}

/**
 * vmxl_smmu_page_request() - a page request of a device
 * @s: the SMMU
 * @req: who asks for what access where
 * @prgi: page request group index
 *
 * Context: as vmxl_smmu_translate().
 */
void vmxl_smmu_page_request(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, u16 prgi)
{
	mutex_lock(&s->lock);
	enqueue(s, req, prgi);
	mutex_unlock(&s->lock);
}
