// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU's performance monitor counter group: what Linux's arm_smmuv3_pmu
 * drives. Eight counters of 64 bits, filtered by StreamID each, an interrupt
 * when one overflows. Nothing is counted, and hardly anything costs, while no
 * counter is on.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include "../device.h"
#include "../vm.h"
#include "internal.h"

#define PMCG_EVCNTR	0x000
#define PMCG_EVTYPER	0x400
#define PMCG_SVR	0x600
#define PMCG_SMR	0xa00
#define PMCG_CNTENSET	0xc00
#define PMCG_CNTENCLR	0xc20
#define PMCG_INTENSET	0xc40
#define PMCG_INTENCLR	0xc60
#define PMCG_OVSCLR	0xc80
#define PMCG_OVSSET	0xcc0
#define PMCG_CAPR	0xd88
#define PMCG_CFGR	0xe00
#define PMCG_CR		0xe04
#define PMCG_CEID0	0xe20
#define PMCG_IRQ_CTRL	0xe50
#define PMCG_IRQ_CTRLACK 0xe54
#define PMCG_IRQ_CFG0	0xe58
#define PMCG_IRQ_CFG1	0xe60
#define PMCG_IRQ_CFG2	0xe64

#define ALL_COUNTERS	((1u << PMCG_COUNTERS) - 1)
#define EVTYPER_SPAN	(1u << 29)
#define EVTYPER_OVFCAP	(1u << 31)
#define EVTYPER_MASK	(EVTYPER_OVFCAP | EVTYPER_SPAN | 0xffffu)
/* Counters in page 1, capture, messages, 64 bits */
#define CFGR		(1u << 22 | 1u << 21 | 1u << 20 | 63u << 8 | (PMCG_COUNTERS - 1))
#define CEID		((1u << PMCG_NR_EVENTS) - 1)

/* Which events anybody counts; p->lock is held. */
static void update_on(struct smmu_pmcg *p)
{
	unsigned int i;
	u32 on = 0;

	for (i = 0; i < PMCG_COUNTERS && (p->cr & 1); i++)
		if ((p->enabled >> i & 1) && (p->evtyper[i] & 0xffff) < PMCG_NR_EVENTS)
			on |= 1u << (p->evtyper[i] & 0xffff);
	WRITE_ONCE(p->on, on);
}

/* The clock counts nanoseconds: from when it was looked at last. */
static void run_clock(struct smmu_pmcg *p)
{
	u64 now = ktime_get_ns(), delta = now - p->clock;
	unsigned int i;

	p->clock = now;
	if (!(p->on & 1u << PMCG_CLOCK))
		return;
	for (i = 0; i < PMCG_COUNTERS; i++)
		if ((p->enabled >> i & 1) && (p->evtyper[i] & 0xffff) == PMCG_CLOCK)
			p->cntr[i] += delta;
}

/* All ones match any stream; with SPAN, the bits up to the lowest zero do not matter. */
static bool sid_matches(const struct smmu_pmcg *p, unsigned int i, u32 sid)
{
	u32 smr = p->smr[i];

	if (!(p->evtyper[i] & EVTYPER_SPAN))
		return smr == sid;
	return !((smr ^ sid) & ~(smr ^ (smr + 1)));
}

static void capture(struct smmu_pmcg *p)
{
	unsigned int i;

	for (i = 0; i < PMCG_COUNTERS; i++)
		p->svr[i] = p->cntr[i];
}

/* Whether there is an interrupt to raise */
static bool count_one(struct smmu_pmcg *p, unsigned int i)
{
	if (++p->cntr[i])
		return false;
	if (p->evtyper[i] & EVTYPER_OVFCAP)
		capture(p);
	if (p->ovs >> i & 1)
		return false;
	p->ovs |= 1u << i;
	return (p->inten >> i & 1) && (p->irq_ctrl & 1);
}

static void overflow_irq(struct vmxl_smmu *s)
{
	struct smmu_pmcg *p = &s->pmcg;

	if (s->irq[SMMU_IRQ_PMCG] != IRQ_NONE)
		vmxl_irq_edge(s->vm, s->irq[SMMU_IRQ_PMCG]);
	/* Nobody is told where it cannot be written. */
	if (p->irq_cfg0 & MSI_ADDR)
		vmxl_smmu_msi(s, p->irq_cfg0 & MSI_ADDR, p->irq_cfg1);
}

/**
 * vmxl_smmu_pmcg_count() - an event that somebody counts
 * @s: the SMMU
 * @event: the event
 * @sid: of this stream
 *
 * Context: as vmxl_smmu_translate(), without a lock.
 */
void vmxl_smmu_pmcg_count(struct vmxl_smmu *s, enum pmcg_event event, u32 sid)
{
	struct smmu_pmcg *p = &s->pmcg;
	bool irq = false;
	unsigned int i;

	spin_lock(&p->lock);
	for (i = 0; i < PMCG_COUNTERS && (p->cr & 1); i++)
		if ((p->enabled >> i & 1) && (p->evtyper[i] & 0xffff) == event &&
		    sid_matches(p, i, sid))
			irq |= count_one(p, i);
	spin_unlock(&p->lock);
	if (irq)
		overflow_irq(s);
}

/* ---- registers ---- */

/* Words of 64 bits where there is one for each counter */
static u64 *counter_word(struct smmu_pmcg *p, u64 off)
{
	if (off < PMCG_EVCNTR + 8 * PMCG_COUNTERS)
		return &p->cntr[off / 8];
	if (off >= PMCG_SVR && off < PMCG_SVR + 8 * PMCG_COUNTERS)
		return &p->svr[(off - PMCG_SVR) / 8];
	return off >= PMCG_IRQ_CFG0 && off < PMCG_IRQ_CFG0 + 8 ? &p->irq_cfg0 : NULL;
}

static bool is_counter_reg(u64 off)
{
	return (off >= PMCG_EVTYPER && off < PMCG_EVTYPER + 4 * PMCG_COUNTERS) ||
	       (off >= PMCG_SMR && off < PMCG_SMR + 4 * PMCG_COUNTERS);
}

static u32 *counter_reg(struct smmu_pmcg *p, u64 off)
{
	if (!is_counter_reg(off))
		return NULL;
	return off < PMCG_SMR ? &p->evtyper[(off - PMCG_EVTYPER) / 4] :
				&p->smr[(off - PMCG_SMR) / 4];
}

static u32 get32(struct smmu_pmcg *p, u64 off)
{
	const u32 *reg = counter_reg(p, off);

	if (reg)
		return *reg;
	switch (off) {
	case PMCG_CNTENSET:
	case PMCG_CNTENCLR:
		return p->enabled;
	case PMCG_INTENSET:
	case PMCG_INTENCLR:
		return p->inten;
	case PMCG_OVSSET:
	case PMCG_OVSCLR:
		return p->ovs;
	case PMCG_CFGR:
		return CFGR;
	case PMCG_CR:
		return p->cr;
	case PMCG_CEID0:
		return CEID;
	case PMCG_IRQ_CTRL:
	case PMCG_IRQ_CTRLACK:
		return p->irq_ctrl;
	case PMCG_IRQ_CFG1:
		return p->irq_cfg1;
	case PMCG_IRQ_CFG2:
		return p->irq_cfg2;
	default:
		return 0;
	}
}

static void put32(struct smmu_pmcg *p, u64 off, u32 val)
{
	u32 *reg = counter_reg(p, off);

	if (reg)
		*reg = off < PMCG_SMR ? val & EVTYPER_MASK : val;
	switch (off) {
	case PMCG_CNTENSET:
		p->enabled |= val & ALL_COUNTERS;
		break;
	case PMCG_CNTENCLR:
		p->enabled &= ~val;
		break;
	case PMCG_INTENSET:
		p->inten |= val & ALL_COUNTERS;
		break;
	case PMCG_INTENCLR:
		p->inten &= ~val;
		break;
	case PMCG_OVSSET:
		p->ovs |= val & ALL_COUNTERS;
		break;
	case PMCG_OVSCLR:
		p->ovs &= ~val;
		break;
	case PMCG_CAPR:
		if (val & 1)
			capture(p);
		break;
	case PMCG_CR:
		p->cr = val & 1;
		break;
	case PMCG_IRQ_CTRL:
		p->irq_ctrl = val & 1;
		break;
	case PMCG_IRQ_CFG1:
		p->irq_cfg1 = val;
		break;
	case PMCG_IRQ_CFG2:
		p->irq_cfg2 = val & 0x3f;
		break;
	default:
		break;
	}
	update_on(p);
}

/* Both pages have all registers. */
static u64 offset(u64 off)
{
	return (off - VMXL_SMMU_PMCG) % (VMXL_SMMU_PMCG_PAGE1 - VMXL_SMMU_PMCG);
}

/**
 * vmxl_smmu_pmcg_read() - read a register of the counter group
 * @s: the SMMU
 * @off: offset in the device, at least VMXL_SMMU_PMCG
 * @len: 4 or 8
 *
 * Return: its value; 0 where there is none.
 */
u64 vmxl_smmu_pmcg_read(struct vmxl_smmu *s, u64 off, unsigned int len)
{
	struct smmu_pmcg *p = &s->pmcg;
	const u64 *word;
	u64 val;

	if ((len != 4 && len != 8) || (off & (len - 1)))
		return 0;
	off = offset(off);
	spin_lock(&p->lock);
	run_clock(p);
	word = counter_word(p, off);
	val = word ? *word >> (off & 4) * 8 : get32(p, off);
	spin_unlock(&p->lock);
	return len == 8 ? val : (u32)val;
}

/**
 * vmxl_smmu_pmcg_write() - write a register of the counter group
 * @s: the SMMU
 * @off: offset in the device, at least VMXL_SMMU_PMCG
 * @len: 4 or 8
 * @val: what is written
 */
void vmxl_smmu_pmcg_write(struct vmxl_smmu *s, u64 off, unsigned int len, u64 val)
{
	struct smmu_pmcg *p = &s->pmcg;
	u64 *word, mask = len == 8 ? ~0ULL : 0xffffffffULL << (off & 4) * 8;

	if ((len != 4 && len != 8) || (off & (len - 1)))
		return;
	off = offset(off);
	spin_lock(&p->lock);
	run_clock(p);
	word = off < PMCG_SVR || off >= PMCG_SMR ? counter_word(p, off) : NULL;
	if (word == &p->irq_cfg0)
		mask &= MSI_ADDR;
	if (word)
		*word = (*word & ~mask) | (val << (off & 4) * 8 & mask);
	else
		put32(p, off, val);
	spin_unlock(&p->lock);
}

/**
 * vmxl_smmu_pmcg_is_state() - whether a register is to be saved
 * @off: offset in the device
 *
 * Return: whether it is; SET registers are, CLR ones are cleared by it.
 */
bool vmxl_smmu_pmcg_is_state(u64 off)
{
	u64 o;

	if (off < VMXL_SMMU_PMCG || off >= VMXL_SMMU_PMCG_PAGE1)
		return false;
	o = offset(off);
	if (o < PMCG_EVCNTR + 8 * PMCG_COUNTERS || (o >= PMCG_IRQ_CFG0 && o < PMCG_IRQ_CFG1))
		return !(o & 7);
	return !(o & 3) && (is_counter_reg(o) || o == PMCG_CNTENSET || o == PMCG_INTENSET ||
			    o == PMCG_OVSSET || o == PMCG_CR || o == PMCG_IRQ_CTRL ||
			    o == PMCG_IRQ_CFG1 || o == PMCG_IRQ_CFG2);
}
