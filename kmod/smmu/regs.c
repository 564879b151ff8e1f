// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU's registers: a table of what each keeps, what may be written when,
 * and what a write does. Updates of CR0, IRQ_CTRL and GBPA take effect at once:
 * their acknowledgements read as what was written.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/stddef.h>
#include "../vm.h"
#include "internal.h"

/* What a register may not be written under: bits of CR0, bits of IRQ_CTRL */
#define UNLESS_CR0(bits)	.cr0 = (bits)
#define UNLESS_IRQ(bits)	.irq = (bits)

/**
 * struct reg - a register
 * @off: offset
 * @size: bytes
 * @field: where it is kept, in struct vmxl_smmu
 * @mask: bits that can be written
 * @cr0: while any of these bits of CR0 is set, writes are ignored
 * @irq: the same of IRQ_CTRL
 * @wrote: after a write; it is told what was there
 */
struct reg {
	u16 off;
	u8 size;
	u16 field;
	u64 mask;
	u32 cr0, irq;
	void (*wrote)(struct vmxl_smmu *s, u64 old);
};

static void wrote_cr0(struct vmxl_smmu *s, u64 old)
{
	u32 changed = s->cr0 ^ old;

	if (changed & (CR0_SMMUEN | CR0_ATSCHK))
		vmxl_smmu_cfg_drop(s, 0, 0, CD_ANY);
	if ((changed & CR0_SMMUEN) && !(s->cr0 & CR0_SMMUEN))
		vmxl_smmu_stall_term(s, -1);
	if (changed & s->cr0 & CR0_EVENTQEN)
		vmxl_smmu_stall_flush(s);
	vmxl_smmu_cmdq_kick(s);
}

/* Attributes of tables are fixed while these are used, and so are those of queues. */
static void wrote_cr1(struct vmxl_smmu *s, u64 old)
{
	u32 fixed = s->cr0 & CR0_SMMUEN ? CR1_TABLE : 0;

	if (s->cr0 & (CR0_CMDQEN | CR0_EVENTQEN | CR0_PRIQEN))
		fixed |= CR1_QUEUE;
	s->cr1 = (s->cr1 & ~fixed) | (old & fixed);
}

/* Written only with Update, which is over at once. */
static void wrote_gbpa(struct vmxl_smmu *s, u64 old)
{
	WRITE_ONCE(s->gbpa, s->gbpa & GBPA_UPDATE ? s->gbpa & GBPA_MASK : old);
	if (!(s->cr0 & CR0_SMMUEN))
		vmxl_smmu_cfg_drop(s, 0, 0, CD_ANY);
}

static void wrote_gerrorn(struct vmxl_smmu *s, u64 old)
{
	vmxl_smmu_cmdq_kick(s);
	vmxl_smmu_stall_flush(s);
}

static void wrote_cmdq_prod(struct vmxl_smmu *s, u64 old)
{
	vmxl_smmu_cmdq_kick(s);
}

static void wrote_eventq_cons(struct vmxl_smmu *s, u64 old)
{
	vmxl_smmu_stall_flush(s);
}

#define REG(o, bytes, member, bits, ...) {				\
	.off = (o), .size = (bytes), .mask = (bits),			\
	.field = offsetof(struct vmxl_smmu, member), ##__VA_ARGS__	\
}

#define MSI_REGS(o0, o1, o2, m0, m1, m2, bits2, enable)			\
	REG(o0, 8, m0, MSI_ADDR, UNLESS_IRQ(enable)),			\
	REG(o1, 4, m1, ~0u, UNLESS_IRQ(enable)),			\
	REG(o2, 4, m2, bits2, UNLESS_IRQ(enable))

static const struct reg regs[] = {
	REG(REG_CR0, 4, cr0, CR0_MASK, .wrote = wrote_cr0),
	REG(REG_CR0ACK, 4, cr0, 0),
	REG(REG_CR1, 4, cr1, CR1_TABLE | CR1_QUEUE, .wrote = wrote_cr1),
	REG(REG_CR2, 4, cr2, CR2_E2H | CR2_RECINVSID, UNLESS_CR0(CR0_SMMUEN)),
	REG(REG_GBPA, 4, gbpa, GBPA_UPDATE | GBPA_MASK, .wrote = wrote_gbpa),
	REG(REG_IRQ_CTRL, 4, irq_ctrl, IRQ_GERROR | IRQ_PRIQ | IRQ_EVENTQ),
	REG(REG_IRQ_CTRLACK, 4, irq_ctrl, 0),
	REG(REG_GERROR, 4, gerror, 0),
	REG(REG_GERRORN, 4, gerrorn, GERROR_MASK, .wrote = wrote_gerrorn),
	MSI_REGS(REG_GERROR_IRQ_CFG0, REG_GERROR_IRQ_CFG1, REG_GERROR_IRQ_CFG2,
		 gerror_cfg0, gerror_cfg1, gerror_cfg2, 0x3f, IRQ_GERROR),
	REG(REG_STRTAB_BASE, 8, strtab_base, STRTAB_ADDR | STRTAB_RA, UNLESS_CR0(CR0_SMMUEN)),
	REG(REG_STRTAB_BASE_CFG, 4, strtab_cfg,
	    STRTAB_CFG_FMT | STRTAB_CFG_SPLIT | STRTAB_CFG_LOG2SIZE, UNLESS_CR0(CR0_SMMUEN)),
	REG(REG_CMDQ_BASE, 8, cmdq.base, Q_ADDR | Q_HINT | Q_LOG2SIZE, UNLESS_CR0(CR0_CMDQEN)),
	REG(REG_CMDQ_PROD, 4, cmdq.prod, Q_INDEX, .wrote = wrote_cmdq_prod),
	REG(REG_CMDQ_CONS, 4, cmdq.cons, Q_INDEX | CMDQ_CONS_ERR, UNLESS_CR0(CR0_CMDQEN)),
	REG(REG_EVENTQ_BASE, 8, eventq.base, Q_ADDR | Q_HINT | Q_LOG2SIZE,
	    UNLESS_CR0(CR0_EVENTQEN)),
	REG(REG_EVENTQ_PROD, 4, eventq.prod, Q_INDEX | Q_OVFLG, UNLESS_CR0(CR0_EVENTQEN)),
	REG(REG_EVENTQ_CONS, 4, eventq.cons, Q_INDEX | Q_OVFLG, .wrote = wrote_eventq_cons),
	MSI_REGS(REG_EVENTQ_IRQ_CFG0, REG_EVENTQ_IRQ_CFG1, REG_EVENTQ_IRQ_CFG2,
		 eventq.irq_cfg0, eventq.irq_cfg1, eventq.irq_cfg2, 0x3f, IRQ_EVENTQ),
	REG(REG_PRIQ_BASE, 8, priq.base, Q_ADDR | Q_HINT | Q_LOG2SIZE, UNLESS_CR0(CR0_PRIQEN)),
	REG(REG_PRIQ_PROD, 4, priq.prod, Q_INDEX | Q_OVFLG, UNLESS_CR0(CR0_PRIQEN)),
	REG(REG_PRIQ_CONS, 4, priq.cons, Q_INDEX | Q_OVFLG),
	MSI_REGS(REG_PRIQ_IRQ_CFG0, REG_PRIQ_IRQ_CFG1, REG_PRIQ_IRQ_CFG2,
		 priq.irq_cfg0, priq.irq_cfg1, priq.irq_cfg2, PRIQ_CFG2_LO | 0x3f, IRQ_PRIQ),
};

static const struct reg *find(u64 off)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		if (off >= regs[i].off && off < regs[i].off + regs[i].size)
			return &regs[i];
	return NULL;
}

static u64 load(const struct vmxl_smmu *s, const struct reg *r)
{
	const void *p = (const void *)s + r->field;

	return r->size == 8 ? *(const u64 *)p : *(const u32 *)p;
}

static void store(struct vmxl_smmu *s, const struct reg *r, u64 val)
{
	void *p = (void *)s + r->field;

	if (r->size == 8)
		WRITE_ONCE(*(u64 *)p, val);
	else
		WRITE_ONCE(*(u32 *)p, val);
}

/* ---- identification ---- */

static u32 id_oas(const struct vmxl_smmu *s)
{
	static const u8 bits[] = { 32, 36, 40, 42, 44, 48, 52 };
	u32 code = ARRAY_SIZE(bits) - 1;

	while (bits[code] > s->oas)
		code--;
	return code;
}

static u32 id_read(const struct vmxl_smmu *s, u64 off)
{
	switch (off) {
	case REG_IDR0:
		return IDR0_S2P | IDR0_S1P | IDR0_TTF_AA64 | IDR0_COHACC | IDR0_HTTU_AD |
		       IDR0_HYP | IDR0_ATS | IDR0_ASID16 | IDR0_MSI | IDR0_PRI | IDR0_VMW |
		       IDR0_VMID16 | IDR0_CD2L | IDR0_TTENDIAN_LE | IDR0_ST_LEVEL_2;
	case REG_IDR1:
		return IDR1_ATTR_PERMS_OVR | IDR1_CMDQS(LOG2_CMDQ) | IDR1_EVENTQS(LOG2_EVENTQ) |
		       IDR1_PRIQS(LOG2_PRIQ) | IDR1_SSIDSIZE(SSIDSIZE) | IDR1_SIDSIZE(s->sidsize);
	case REG_IDR3:
		return IDR3_HAD | IDR3_XNX | IDR3_PPS | IDR3_FWB | IDR3_STT | IDR3_RIL |
		       IDR3_BBML2 | IDR3_E0PD;
	case REG_IDR5:
		return IDR5_GRAN | IDR5_VAX_52 | (s->oas == 52 ? IDR5_DS : 0) |
		       IDR5_STALL_MAX(STALL_MAX) | id_oas(s);
	case REG_AIDR:
		return AIDR_3_2;
	default:
		return 0;
	}
}

/* ---- access ---- */

/* The output queues' indices are in page 1; page 0 has them, too, which is allowed. */
static u64 page0_offset(u64 off)
{
	u64 low = off - VMXL_SMMU_PAGE1;

	switch (low) {
	case REG_EVENTQ_PROD:
	case REG_EVENTQ_CONS:
	case REG_PRIQ_PROD:
	case REG_PRIQ_CONS:
		return low;
	default:
		return off;
	}
}

/* 32 bits of a register of 32 or 64, or 64 of one that has so many */
static bool is_access(const struct reg *r, u64 off, unsigned int len)
{
	return !(off & (len - 1)) && (len == 4 || (len == 8 && r->size == 8));
}

/**
 * vmxl_smmu_reg_get() - read a register
 * @s: the SMMU; s->lock is held
 * @off: offset
 * @len: bytes
 *
 * Return: its value; 0 where there is none, or for another width.
 */
u64 vmxl_smmu_reg_get(struct vmxl_smmu *s, u64 off, unsigned int len)
{
	const struct reg *r;
	u64 val;

	off = page0_offset(off);
	r = find(off);
	if (!r)
		return len == 4 && !(off & 3) ? id_read(s, off) : 0;
	if (!is_access(r, off, len))
		return 0;
	val = load(s, r) >> (off - r->off) * 8;
	return len == 8 ? val : (u32)val;
}

static void reg_put(struct vmxl_smmu *s, u64 off, unsigned int len, u64 val)
{
	const struct reg *r;
	unsigned int shift;
	u64 old, mask;

	off = page0_offset(off);
	r = find(off);
	if (!r || !is_access(r, off, len) || (s->cr0 & r->cr0) || (s->irq_ctrl & r->irq))
		return;
	shift = (off - r->off) * 8;
	mask = r->mask & (len == 8 ? ~0ULL : 0xffffffffULL << shift);
	old = load(s, r);
	store(s, r, (old & ~mask) | (val << shift & mask));
	if (r->wrote && r->mask)
		r->wrote(s, old);
}

/**
 * vmxl_smmu_mmio_read() - the guest reads a register
 * @s: the SMMU
 * @off: offset
 * @len: bytes
 *
 * Return: what it reads.
 */
u64 vmxl_smmu_mmio_read(struct vmxl_smmu *s, u64 off, unsigned int len)
{
	u64 val;

	if (off >= VMXL_SMMU_PMCG)
		return vmxl_smmu_pmcg_read(s, off, len);
	mutex_lock(&s->lock);
	val = vmxl_smmu_reg_get(s, off, len);
	mutex_unlock(&s->lock);
	return val;
}

/**
 * vmxl_smmu_mmio_write() - the guest writes a register
 * @s: the SMMU
 * @off: offset
 * @len: bytes
 * @val: what it writes
 *
 * Context: process context of the VM's owner, within vm->srcu; may sleep.
 */
void vmxl_smmu_mmio_write(struct vmxl_smmu *s, u64 off, unsigned int len, u64 val)
{
	if (off >= VMXL_SMMU_PMCG) {
		vmxl_smmu_pmcg_write(s, off, len, val);
		return;
	}
	mutex_lock(&s->lock);
	reg_put(s, off, len, val);
	mutex_unlock(&s->lock);
}

/**
 * vmxl_smmu_reg_is_state() - whether a register is to be saved
 * @off: its offset, in page 0
 *
 * Return: whether it is.
 */
bool vmxl_smmu_reg_is_state(u64 off)
{
	const struct reg *r = find(off);

	return r && r->off == off && off != REG_CR0ACK && off != REG_IRQ_CTRLACK;
}

/**
 * vmxl_smmu_reg_restore() - put a saved register back, whatever is enabled
 * @s: the SMMU; s->lock is held
 * @off: its offset, in page 0
 * @val: value
 *
 * CR0 is the last: what it enables goes on.
 *
 * Return: 0 or -EINVAL.
 */
int vmxl_smmu_reg_restore(struct vmxl_smmu *s, u64 off, u64 val)
{
	const struct reg *r = find(off);
	u64 mask = off == REG_GERROR ? GERROR_MASK : r->mask;

	if (val & ~mask)
		return -EINVAL;
	store(s, r, val);
	vmxl_smmu_cfg_drop(s, 0, 0, CD_ANY);
	vmxl_smmu_inval_all(s);
	if (off == REG_CR0)
		vmxl_smmu_cmdq_kick(s);
	return 0;
}
