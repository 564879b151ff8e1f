// SPDX-License-Identifier: GPL-2.0
/*
 * What device models in user space ask an SMMU: where accesses go (a scatter
 * list in, host ranges out), what became of a stalled one, messages written by
 * devices, page requests, what the guest tells devices, windows.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include "../device.h"
#include "../memslot.h"
#include "../vm.h"
#include "internal.h"

#define MAX_LIST	1024	/* segments or ranges of a call */
#define MAX_PAGES	65536	/* translations of a call; it answers with what it has */

#define ACCESS_ALL	(VMXL_SMMU_READ | VMXL_SMMU_WRITE | VMXL_SMMU_EXEC | VMXL_SMMU_PRIV)
#define FLAGS_ACCESS	(VMXL_SMMU_SSV | VMXL_SMMU_TRANSLATED | VMXL_SMMU_NO_STALL)

static struct vmxl_smmu *to_smmu(void *obj)
{
	return container_of((struct vmxl_device *)obj, struct vmxl_smmu, m.dev);
}

static bool access_ok_for(const struct vmxl_smmu *s, u32 sid, u32 ssid, u32 access, u32 flags,
			  u32 allowed)
{
	return !(sid >> s->sidsize) && !(ssid >> SSIDSIZE) && !(access & ~ACCESS_ALL) &&
	       !(flags & ~allowed) && ((flags & VMXL_SMMU_SSV) || !ssid);
}

/* ---- LOOKUP ---- */

/**
 * struct lookup - a LOOKUP under way
 * @s: the SMMU
 * @arg: its argument, which takes the results
 * @in: segments
 * @out: ranges
 * @n: how many so far
 * @pages: translations that may still be made
 */
struct lookup {
	struct vmxl_smmu *s;
	struct vmxl_smmu_lookup *arg;
	struct vmxl_smmu_seg *in;
	struct vmxl_smmu_range *out;
	u32 n;
	u32 pages;
};

/* Join what goes on where the last range ends; false: no room for another. */
static bool join_range(struct lookup *l, u64 hva, u64 gpa, u64 len)
{
	struct vmxl_smmu_range *last = l->n ? &l->out[l->n - 1] : NULL;

	if (last && last->gpa + last->len == gpa && !last->hva == !hva &&
	    (!hva || last->hva + last->len == hva)) {
		last->len += len;
		return true;
	}
	if (l->n == l->arg->nr_out)
		return false;
	l->out[l->n++] = (struct vmxl_smmu_range) { .hva = hva, .gpa = gpa, .len = len };
	return true;
}

/* The user address of @gpa, 0 where a device model finds no memory; cuts @len at its end. */
static u64 to_hva(struct lookup *l, u64 gpa, u64 *len)
{
	struct vmxl_memslot *slot = vmxl_memslot_find(l->s->vm, gpa);
	u64 room;

	if (!slot) {
		*len = min_t(u64, *len, PAGE_SIZE - offset_in_page(gpa));
		return 0;
	}
	room = (slot->npages << PAGE_SHIFT) - (gpa - slot->gpa);
	*len = min(*len, room);
	if ((slot->flags & VMXL_MEM_READONLY) && (l->arg->access & VMXL_SMMU_WRITE))
		return 0;
	return slot->hva + (gpa - slot->gpa);
}

/* What one translation is good for; bytes, 0: stop here. */
static u64 lookup_page(struct lookup *l, u64 iova, u64 len)
{
	struct vmxl_smmu_req req = {
		.sid = l->arg->sid, .ssid = l->arg->ssid, .access = l->arg->access,
		.flags = l->arg->flags, .iova = iova,
	};
	struct vmxl_smmu_res res;
	u64 hva;

	vmxl_smmu_translate(l->s, &req, &res);
	if (res.status != VMXL_SMMU_OK) {
		l->arg->status = res.status;
		l->arg->event = res.event;
		l->arg->stag = res.stag;
		return 0;
	}
	len = min(len, (1ULL << res.shift) - (iova & ((1ULL << res.shift) - 1)));
	hva = to_hva(l, res.gpa, &len);
	return join_range(l, hva, res.gpa, len) ? len : 0;
}

static bool lookup_segment(struct lookup *l, const struct vmxl_smmu_seg *seg)
{
	u64 at, n;

	for (at = 0; at < seg->len; at += n) {
		if (!l->pages-- || fatal_signal_pending(current))
			return false;
		n = lookup_page(l, seg->iova + at, seg->len - at);
		if (!n)
			return false;
		l->arg->done += n;
	}
	return true;
}

static void lookup_all(struct lookup *l)
{
	int idx = srcu_read_lock(&l->s->vm->srcu);
	u32 i;

	for (i = 0; i < l->arg->nr_in && lookup_segment(l, &l->in[i]); i++)
		;
	l->arg->nr_out = l->n;
	srcu_read_unlock(&l->s->vm->srcu, idx);
}

static bool segments_ok(const struct lookup *l)
{
	u64 total = 0;
	u32 i;

	for (i = 0; i < l->arg->nr_in; i++)
		if (check_add_overflow(total, l->in[i].len, &total))
			return false;
	return true;
}

static long lookup_lists(struct lookup *l, void __user *user)
{
	struct vmxl_smmu_lookup *a = l->arg;

	if (copy_from_user(l->in, u64_to_user_ptr(a->in), a->nr_in * sizeof(*l->in)))
		return -EFAULT;
	if (!segments_ok(l))
		return -EINVAL;
	lookup_all(l);
	if (copy_to_user(u64_to_user_ptr(a->out), l->out, l->n * sizeof(*l->out)) ||
	    copy_to_user(user, a, sizeof(*a)))
		return -EFAULT;
	return 0;
}

static long smmu_lookup(void *obj, struct vmxl_call *call)
{
	struct vmxl_smmu_lookup *a = &call->d.smmu_lookup;
	struct lookup l = { .s = to_smmu(obj), .arg = a, .pages = MAX_PAGES };
	long ret = -ENOMEM;

	if (!access_ok_for(l.s, a->sid, a->ssid, a->access, a->flags, FLAGS_ACCESS) ||
	    !a->nr_in || !a->nr_out || a->nr_in > MAX_LIST || a->nr_out > MAX_LIST ||
	    !(a->access & (VMXL_SMMU_READ | VMXL_SMMU_WRITE)) || !VMXL_RESERVED_OK(a->reserved))
		return -EINVAL;
	a->done = 0;
	a->status = VMXL_SMMU_OK;
	a->event = 0;
	a->stag = 0;
	l.in = kmalloc_array(a->nr_in, sizeof(*l.in), GFP_KERNEL_ACCOUNT);
	l.out = kmalloc_array(a->nr_out, sizeof(*l.out), GFP_KERNEL_ACCOUNT);
	if (l.in && l.out)
		ret = lookup_lists(&l, call->user);
	kfree(l.in);
	kfree(l.out);
	return ret;
}

/* ---- the others ---- */

/* An ATS translation request is a look-up of one address. */
static long smmu_translate(void *obj, struct vmxl_call *call)
{
	struct vmxl_smmu_translation *a = &call->d.smmu_translation;
	struct vmxl_smmu *s = to_smmu(obj);
	struct vmxl_smmu_req req = {
		.sid = a->sid, .ssid = a->ssid, .access = a->access, .flags = a->flags,
		.iova = a->iova,
	};
	struct vmxl_smmu_res res;
	int idx;

	if (!access_ok_for(s, a->sid, a->ssid, a->access, a->flags,
			   FLAGS_ACCESS | VMXL_SMMU_ATS_TREQ) || !VMXL_RESERVED_OK(a->reserved))
		return -EINVAL;
	idx = srcu_read_lock(&s->vm->srcu);
	vmxl_smmu_translate(s, &req, &res);
	srcu_read_unlock(&s->vm->srcu, idx);
	a->gpa = res.gpa;
	a->status = res.status;
	a->perm = res.perm;
	a->shift = res.shift;
	a->stag = res.stag;
	a->event = res.event;
	return copy_to_user(call->user, a, sizeof(*a)) ? -EFAULT : 0;
}

static bool stall_is_over(const struct vmxl_smmu *s, u32 stag)
{
	return stag >= STALL_MAX || READ_ONCE(s->stall[stag].state) != STALL_WAITS;
}

static long smmu_stall(void *obj, struct vmxl_call *call)
{
	struct vmxl_smmu_stalled *a = &call->d.smmu_stalled;
	struct vmxl_smmu *s = to_smmu(obj);

	if (a->flags & ~VMXL_SMMU_WAIT)
		return -EINVAL;
	if ((a->flags & VMXL_SMMU_WAIT) &&
	    wait_event_interruptible(s->wq, stall_is_over(s, a->stag)))
		return -EINTR;
	a->status = vmxl_smmu_stall_poll(s, a->sid, min_t(u32, a->stag, STALL_MAX));
	return copy_to_user(call->user, a, sizeof(*a)) ? -EFAULT : 0;
}

/* A device's message: a write of 4 bytes, translated as any other. */
static long smmu_msi(void *obj, struct vmxl_call *call)
{
	struct vmxl_smmu_message *a = &call->d.smmu_message;
	struct vmxl_smmu *s = to_smmu(obj);
	struct vmxl_smmu_req req = {
		.sid = a->sid, .ssid = a->ssid, .flags = a->flags, .iova = a->iova,
		.access = VMXL_SMMU_WRITE,
	};
	struct vmxl_smmu_res res;
	long ret = 0;
	int idx;

	if (!access_ok_for(s, a->sid, a->ssid, 0, a->flags, FLAGS_ACCESS) || (a->iova & 3) ||
	    a->reserved)
		return -EINVAL;
	idx = srcu_read_lock(&s->vm->srcu);
	vmxl_smmu_translate(s, &req, &res);
	if (res.status == VMXL_SMMU_OK)
		ret = vmxl_smmu_msi(s, res.gpa, a->data);
	srcu_read_unlock(&s->vm->srcu, idx);
	a->status = res.status;
	if (!ret && copy_to_user(call->user, a, sizeof(*a)))
		ret = -EFAULT;
	return ret;
}

static long smmu_page_request(void *obj, struct vmxl_call *call)
{
	const struct vmxl_smmu_ppr *a = &call->d.smmu_ppr;
	struct vmxl_smmu *s = to_smmu(obj);
	struct vmxl_smmu_req req = {
		.sid = a->sid, .ssid = a->ssid, .flags = a->flags, .iova = a->iova,
		.access = a->access,
	};
	int idx;

	if (!access_ok_for(s, a->sid, a->ssid, a->access, a->flags,
			   VMXL_SMMU_SSV | VMXL_SMMU_PRI_LAST) || a->prgi > 511 || a->reserved)
		return -EINVAL;
	idx = srcu_read_lock(&s->vm->srcu);
	vmxl_smmu_page_request(s, &req, a->prgi);
	srcu_read_unlock(&s->vm->srcu, idx);
	return 0;
}

static long smmu_next_msg(void *obj, struct vmxl_call *call)
{
	struct vmxl_smmu_msg msg;

	if (!vmxl_smmu_next_msg(to_smmu(obj), &msg))
		return -EAGAIN;
	return copy_to_user(call->user, &msg, sizeof(msg)) ? -EFAULT : 0;
}

static long smmu_window(void *obj, struct vmxl_call *call)
{
	struct vmxl_smmu_window *a = &call->d.smmu_window;
	struct vmxl_smmu *s = to_smmu(obj);
	long ret;

	if (!access_ok_for(s, a->sid, a->ssid, 0, a->flags, VMXL_SMMU_SSV) ||
	    !VMXL_RESERVED_OK(a->reserved))
		return -EINVAL;
	ret = vmxl_smmu_win_make(s, a);
	if (!ret && copy_to_user(call->user, a, sizeof(*a)))
		ret = -EFAULT;
	return ret;
}

static long smmu_window_fault(void *obj, struct vmxl_call *call)
{
	struct vmxl_smmu_window_fault *a = &call->d.smmu_window_fault;
	long ret = vmxl_smmu_win_fault(to_smmu(obj), a);

	if (!ret && copy_to_user(call->user, a, sizeof(*a)))
		ret = -EFAULT;
	return ret;
}

const struct vmxl_ioctl vmxl_smmu_ioctls[] = {
	VMXL_IOCTL(VMXL_SMMU_LOOKUP, smmu_lookup),
	VMXL_IOCTL(VMXL_SMMU_TRANSLATE, smmu_translate),
	VMXL_IOCTL(VMXL_SMMU_STALLED, smmu_stall),
	VMXL_IOCTL(VMXL_SMMU_MESSAGE, smmu_msi),
	VMXL_IOCTL(VMXL_SMMU_PAGE_REQUEST, smmu_page_request),
	VMXL_IOCTL(VMXL_SMMU_NEXT_MSG, smmu_next_msg),
	VMXL_IOCTL(VMXL_SMMU_WINDOW, smmu_window),
	VMXL_IOCTL(VMXL_SMMU_WINDOW_FAULT, smmu_window_fault),
};

static_assert(ARRAY_SIZE(vmxl_smmu_ioctls) == VMXL_SMMU_NR_IOCTLS);
