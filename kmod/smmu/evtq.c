// SPDX-License-Identifier: GPL-2.0
/*
 * What the SMMU tells software: the event and PRI queues, global errors,
 * interrupts by wire and by message; and the stalled accesses, whose records
 * wait where the queue is full. All with s->lock held.
 */
#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/lockdep.h>
#include <linux/string.h>
#include "../device.h"
#include "../memslot.h"
#include "../vm.h"
#include "internal.h"

static const struct smmu_queue_type eventq_type = {
	.max = LOG2_EVENTQ, .shift = 5, .enable = CR0_EVENTQEN, .abort = GERROR_EVENTQ_ABT,
};

static const struct smmu_queue_type priq_type = {
	.max = LOG2_PRIQ, .shift = 4, .enable = CR0_PRIQEN, .abort = GERROR_PRIQ_ABT,
};

/* ---- interrupts ---- */

struct irq_source {
	u32 enable;		/* of IRQ_CTRL; 0: always on */
	u32 abort;		/* of GERROR, where the message cannot be written */
};

static const struct irq_source irq_sources[SMMU_NR_IRQ] = {
	[SMMU_IRQ_EVENTQ] = { IRQ_EVENTQ, GERROR_MSI_EVENTQ_ABT },
	[SMMU_IRQ_PRIQ] = { IRQ_PRIQ, GERROR_MSI_PRIQ_ABT },
	[SMMU_IRQ_SYNC] = { 0, GERROR_MSI_CMDQ_ABT },
	[SMMU_IRQ_GERROR] = { IRQ_GERROR, GERROR_MSI_GERROR_ABT },
};

static void msi_config(const struct vmxl_smmu *s, enum smmu_irq irq, u64 *addr, u32 *data)
{
	*addr = 0;
	switch (irq) {
	case SMMU_IRQ_EVENTQ:
		*addr = s->eventq.irq_cfg0;
		*data = s->eventq.irq_cfg1;
		break;
	case SMMU_IRQ_PRIQ:
		*addr = s->priq.irq_cfg0;
		*data = s->priq.irq_cfg1;
		break;
	case SMMU_IRQ_GERROR:
		*addr = s->gerror_cfg0;
		*data = s->gerror_cfg1;
		break;
	default:
		break;
	}
}

/**
 * vmxl_smmu_msi() - write a message
 * @s: the SMMU
 * @addr: guest physical address: memory, or the frame whose numbers are interrupts
 * @data: what is written
 *
 * Return: 0, or -errno where nobody takes it.
 */
int vmxl_smmu_msi(struct vmxl_smmu *s, u64 addr, u32 data)
{
	__le32 le = cpu_to_le32(data);

	addr &= GENMASK_ULL(s->oas - 1, 0);
	if ((addr & ~0xfffULL) == s->msi_frame)
		return vmxl_irq_edge(s->vm, data);
	return vmxl_gpa_write(s->vm, addr, &le, sizeof(le));
}

/**
 * vmxl_smmu_irq() - raise an interrupt, if its source is enabled
 * @s: the SMMU
 * @irq: source
 */
void vmxl_smmu_irq(struct vmxl_smmu *s, enum smmu_irq irq)
{
	const struct irq_source *src = &irq_sources[irq];
	u32 data = 0;
	u64 addr;

	if (src->enable && !(s->irq_ctrl & src->enable))
		return;
	if (s->irq[irq] != IRQ_NONE)
		vmxl_irq_edge(s->vm, s->irq[irq]);
	msi_config(s, irq, &addr, &data);
	if ((addr & MSI_ADDR) && vmxl_smmu_msi(s, addr & MSI_ADDR, data))
		vmxl_smmu_gerror(s, src->abort);
}

/**
 * vmxl_smmu_gerror() - a global error becomes active, unless it is
 * @s: the SMMU
 * @bit: GERROR_*
 */
void vmxl_smmu_gerror(struct vmxl_smmu *s, u32 bit)
{
	lockdep_assert_held(&s->lock);
	if ((s->gerror ^ s->gerrorn) & bit)
		return;
	s->gerror ^= bit;
	if (bit != GERROR_MSI_GERROR_ABT)
		vmxl_smmu_irq(s, SMMU_IRQ_GERROR);
}

/* ---- output queues ---- */

static bool is_full(const struct smmu_queue *q, const struct smmu_queue_type *t)
{
	return ((q->prod ^ q->cons) & queue_mask(q, t)) == 1u << queue_log2(q, t);
}

static bool is_empty(const struct smmu_queue *q, const struct smmu_queue_type *t)
{
	return !((q->prod ^ q->cons) & queue_mask(q, t));
}

static bool is_on(const struct vmxl_smmu *s, const struct smmu_queue_type *t)
{
	return (s->cr0 & t->enable) && !((s->gerror ^ s->gerrorn) & t->abort);
}

/* The flag turns once, until software has acknowledged it. */
static void overflow(struct smmu_queue *q)
{
	if (!((q->prod ^ q->cons) & Q_OVFLG))
		q->prod ^= Q_OVFLG;
}

/* -EIO: memory that cannot be written; the queue is as before. */
static int put(struct vmxl_smmu *s, struct smmu_queue *q, const struct smmu_queue_type *t,
	       const u64 *rec)
{
	unsigned int i, n = 1u << (t->shift - 3);
	__le64 le[4];

	for (i = 0; i < n; i++)
		le[i] = cpu_to_le64(rec[i]);
	if (vmxl_gpa_write(s->vm, queue_entry(q, t, q->prod) & GENMASK_ULL(s->oas - 1, 0), le,
			   n * sizeof(*le))) {
		vmxl_smmu_gerror(s, t->abort);
		return -EIO;
	}
	/* Software reads PROD, then the record. */
	smp_wmb();
	q->prod = (q->prod & Q_OVFLG) | ((q->prod + 1) & queue_mask(q, t));
	return 0;
}

static bool put_event(struct vmxl_smmu *s, const u64 *rec)
{
	bool empty = is_empty(&s->eventq, &eventq_type);

	if (put(s, &s->eventq, &eventq_type, rec))
		return false;
	s->stats.events++;
	if (empty)
		vmxl_smmu_irq(s, SMMU_IRQ_EVENTQ);
	return true;
}

/**
 * vmxl_smmu_record() - record an event
 * @s: the SMMU
 * @rec: record
 *
 * Return: whether it is in the queue; else it is lost.
 */
bool vmxl_smmu_record(struct vmxl_smmu *s, const u64 rec[4])
{
	lockdep_assert_held(&s->lock);
	if (!is_on(s, &eventq_type))
		return false;
	if (is_full(&s->eventq, &eventq_type)) {
		overflow(&s->eventq);
		return false;
	}
	return put_event(s, rec);
}

/**
 * vmxl_smmu_enqueue_pri() - put a page request into the PRI queue
 * @s: the SMMU
 * @rec: record
 * @last: of its group
 *
 * Return: 0; -ENOSPC: overflow, until it is acknowledged; -EIO: no queue.
 */
int vmxl_smmu_enqueue_pri(struct vmxl_smmu *s, const u64 rec[2], bool last)
{
	bool empty = is_empty(&s->priq, &priq_type);
	bool last_only = s->priq.irq_cfg2 & PRIQ_CFG2_LO;
	int ret;

	lockdep_assert_held(&s->lock);
	if (!is_on(s, &priq_type))
		return -EIO;
	if (is_full(&s->priq, &priq_type))
		overflow(&s->priq);
	if ((s->priq.prod ^ s->priq.cons) & Q_OVFLG) {
		if (last_only && last)
			vmxl_smmu_irq(s, SMMU_IRQ_PRIQ);
		return -ENOSPC;
	}
	ret = put(s, &s->priq, &priq_type, rec);
	if (!ret && (last_only ? last : empty))
		vmxl_smmu_irq(s, SMMU_IRQ_PRIQ);
	return ret;
}

/* ---- stalls ---- */

/**
 * vmxl_smmu_stall_flush() - record the stalls that there was no room for
 * @s: the SMMU
 */
void vmxl_smmu_stall_flush(struct vmxl_smmu *s)
{
	struct smmu_stall *st;

	for (st = s->stall; st < s->stall + STALL_MAX; st++) {
		if (st->state != STALL_WAITS || st->recorded)
			continue;
		if (!is_on(s, &eventq_type) || is_full(&s->eventq, &eventq_type))
			return;
		st->recorded = put_event(s, st->rec);
	}
}

/**
 * vmxl_smmu_stall() - stall an access
 * @s: the SMMU
 * @sid: StreamID
 * @rec: its record, but for what says that it is stalled
 *
 * Return: its STAG, or -ENOSPC: as many as there may be are stalled.
 */
int vmxl_smmu_stall(struct vmxl_smmu *s, u32 sid, const u64 rec[4])
{
	struct smmu_stall *st;
	int stag;

	lockdep_assert_held(&s->lock);
	for (stag = 0; stag < STALL_MAX && s->stall[stag].state != STALL_FREE; stag++)
		;
	if (stag == STALL_MAX)
		return -ENOSPC;
	st = &s->stall[stag];
	WRITE_ONCE(st->state, STALL_WAITS);
	st->sid = sid;
	st->recorded = false;
	memcpy(st->rec, rec, sizeof(st->rec));
	st->rec[1] |= EVT1_STALL | stag;
	vmxl_smmu_stall_flush(s);
	return stag;
}

/**
 * vmxl_smmu_stall_end() - software says what becomes of a stalled access
 * @s: the SMMU
 * @sid: StreamID
 * @stag: which; nothing happens if it is none of the stream's
 * @how: STALL_RETRY, STALL_ABORT, STALL_RAZWI
 */
void vmxl_smmu_stall_end(struct vmxl_smmu *s, u32 sid, u32 stag, enum smmu_stall_state how)
{
	lockdep_assert_held(&s->lock);
	if (stag >= STALL_MAX || s->stall[stag].state != STALL_WAITS || s->stall[stag].sid != sid)
		return;
	WRITE_ONCE(s->stall[stag].state, how);	/* smmu_stall() looks at it */
	wake_up_all(&s->wq);
}

/**
 * vmxl_smmu_stall_term() - end all stalls of a stream by an abort
 * @s: the SMMU
 * @sid: StreamID; -1: of all streams
 */
void vmxl_smmu_stall_term(struct vmxl_smmu *s, s64 sid)
{
	u32 stag;

	for (stag = 0; stag < STALL_MAX; stag++)
		if (sid < 0 || s->stall[stag].sid == sid)
			vmxl_smmu_stall_end(s, s->stall[stag].sid, stag, STALL_ABORT);
}

/**
 * vmxl_smmu_stall_poll() - what became of a stalled access
 * @s: the SMMU
 * @sid: StreamID
 * @stag: which
 *
 * Context: process context; may sleep.
 * Return: VMXL_SMMU_STALL, or its end, which is told once; VMXL_SMMU_ABORT also
 * where there is none.
 */
enum vmxl_smmu_status vmxl_smmu_stall_poll(struct vmxl_smmu *s, u32 sid, u16 stag)
{
	static const u8 status[] = {
		[STALL_FREE] = VMXL_SMMU_ABORT, [STALL_WAITS] = VMXL_SMMU_STALL,
		[STALL_RETRY] = VMXL_SMMU_OK, [STALL_ABORT] = VMXL_SMMU_ABORT,
		[STALL_RAZWI] = VMXL_SMMU_RAZWI,
	};
	enum vmxl_smmu_status ret = VMXL_SMMU_ABORT;

	if (stag >= STALL_MAX)
		return ret;
	mutex_lock(&s->lock);
	if (s->stall[stag].sid == sid) {
		ret = status[s->stall[stag].state];
		if (s->stall[stag].state != STALL_WAITS)
			WRITE_ONCE(s->stall[stag].state, STALL_FREE);
	}
	mutex_unlock(&s->lock);
	return ret;
}
