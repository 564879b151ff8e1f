// SPDX-License-Identifier: GPL-2.0
/*
 * The RISC-V platform-level interrupt controller (PLIC specification 1.0).
 * Context 2n is hart n's M-mode (MEI), 2n + 1 its S-mode (SEI).
 *
 * Gateways are level-triggered: a high input makes its source pending once;
 * a claim takes it into service, and completion looks at the input again. An
 * edge (an irqfd's) that comes while its source is in service is kept, too. A
 * resampled irqfd holds the input up until completion, beside its level.
 *
 * Inputs are driven from any context: one spinlock, interrupts off.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "../eventfd.h"
#include "../guest/guest.h"
#include "mmio_dev.h"
#include "rv_lines.h"

#define NR_SOURCES	1024		/* source 0 is none */
#define NR_WORDS	(NR_SOURCES / 32)
#define NR_CONTEXTS	(2 * VMXL_MAX_VCPUS)
#define MAX_PRIORITY	7

#define REG_PENDING	0x1000
#define REG_ENABLE	0x2000
#define ENABLE_STRIDE	0x80
#define REG_CONTEXT	0x200000
#define CONTEXT_STRIDE	0x1000
#define CONTEXT_CLAIM	4
#define PLIC_SIZE	(REG_CONTEXT + NR_CONTEXTS * CONTEXT_STRIDE)

/* Of user space only: the rest of the state */
#define REG_SERVICE	0x1080
#define REG_LEVEL	0x1100
#define REG_EDGE	0x1180
#define REG_HELD	0x1200

struct context {
	u32 enable[NR_WORDS];
	u32 threshold;
};

/**
 * struct plic - a PLIC
 * @m: what it shares with others of its kind
 * @lock: all of the following
 * @nr_sources: highest source
 * @priority: of each source; 0: never interrupts
 * @pending: requests that no context has claimed
 * @service: claimed, and not completed
 * @level: inputs
 * @edge: edges that came while the source was in service
 * @held: inputs that are held up until completion
 * @used: contexts that have a source enabled
 * @raised: contexts whose line is up
 * @ctx: contexts
 */
struct plic {
	struct vmxl_mmio_dev m;
	spinlock_t lock;
	u32 nr_sources;
	u8 priority[NR_SOURCES];
	u32 pending[NR_WORDS];
	u32 service[NR_WORDS];
	u32 level[NR_WORDS];
	u32 edge[NR_WORDS];
	u32 held[NR_WORDS];
	DECLARE_BITMAP(used, NR_CONTEXTS);
	DECLARE_BITMAP(raised, NR_CONTEXTS);
	struct context ctx[NR_CONTEXTS];
};

static struct plic *to_plic(struct vmxl_device *dev)
{
	return container_of(dev, struct plic, m.dev);
}

static bool get(const u32 *words, u32 n)
{
	return words[n / 32] >> (n % 32) & 1;
}

static void put(u32 *words, u32 n, bool on)
{
	if (on)
		words[n / 32] |= BIT(n % 32);
	else
		words[n / 32] &= ~BIT(n % 32);
}

/* Sources that word @w of a register has bits for */
static u32 source_mask(struct plic *p, u32 w)
{
	u32 mask = ~0u;

	if (w > p->nr_sources / 32)
		return 0;
	if (w == p->nr_sources / 32)
		mask = GENMASK(p->nr_sources % 32, 0);
	return w ? mask : mask & ~1u;
}

/* What the context would claim: the highest priority, then the lowest number; 0: nothing */
static u32 best(struct plic *p, u32 c)
{
	u32 w, src = 0, prio = p->ctx[c].threshold;

	for (w = 0; w <= p->nr_sources / 32; w++) {
		unsigned long ready = p->pending[w] & p->ctx[c].enable[w];
		unsigned int n;

		for_each_set_bit(n, &ready, 32) {
			if (p->priority[w * 32 + n] > prio) {
				src = w * 32 + n;
				prio = p->priority[src];
			}
		}
	}
	return src;
}

static void update_context(struct plic *p, u32 c)
{
	struct vmxl_vcpu *vcpu = READ_ONCE(p->m.dev.vm->vcpus[c / 2]);
	bool raise = best(p, c);

	if (!vcpu || raise == test_bit(c, p->raised))
		return;
	__assign_bit(c, p->raised, raise);
	p->m.dev.vm->guest->irq(vcpu, c & 1 ? RV_IRQ_SEI : RV_IRQ_MEI, raise);
}

static void update(struct plic *p)
{
	u32 c;

	for_each_set_bit(c, p->used, NR_CONTEXTS)
		update_context(p, c);
}

/* An input is up by its level, or by being held: @why is one of the two. */
static int drive(struct plic *p, u32 *why, u32 gsi, bool up)
{
	unsigned long flags;
	int ret = -EINVAL;

	spin_lock_irqsave(&p->lock, flags);
	if (gsi && gsi <= p->nr_sources) {
		put(why, gsi, up);
		if (up && !get(p->service, gsi) && !get(p->pending, gsi)) {
			put(p->pending, gsi, true);
			update(p);
		}
		ret = 0;
	}
	spin_unlock_irqrestore(&p->lock, flags);
	return ret;
}

static int plic_set_irq(struct vmxl_device *dev, u32 gsi, bool level)
{
	struct plic *p = to_plic(dev);

	return drive(p, p->level, gsi, level);
}

static int plic_hold_irq(struct vmxl_device *dev, u32 gsi, bool hold)
{
	struct plic *p = to_plic(dev);

	return drive(p, p->held, gsi, hold);
}

static int plic_edge_irq(struct vmxl_device *dev, u32 gsi)
{
	struct plic *p = to_plic(dev);
	unsigned long flags;
	int ret = -EINVAL;

	spin_lock_irqsave(&p->lock, flags);
	if (gsi && gsi <= p->nr_sources) {
		put(get(p->service, gsi) ? p->edge : p->pending, gsi, true);
		update(p);
		ret = 0;
	}
	spin_unlock_irqrestore(&p->lock, flags);
	return ret;
}

static u32 claim(struct plic *p, u32 c)
{
	u32 src = best(p, c);

	if (src) {
		put(p->pending, src, false);
		put(p->service, src, true);
		update(p);
	}
	return src;
}

/* Of no effect unless the source is enabled for the context; whether it was of any */
static bool complete_irq(struct plic *p, u32 c, u32 src)
{
	if (!src || src > p->nr_sources || !get(p->ctx[c].enable, src) || !get(p->service, src))
		return false;
	put(p->service, src, false);
	put(p->held, src, false);
	if (get(p->level, src) || get(p->edge, src)) {
		put(p->edge, src, false);
		put(p->pending, src, true);
		update(p);
	}
	return true;
}

static void set_enable(struct plic *p, u32 c, u32 w, u32 val)
{
	p->ctx[c].enable[w] = val & source_mask(p, w);
	__set_bit(c, p->used);
	update_context(p, c);
	if (!memchr_inv(p->ctx[c].enable, 0, sizeof(p->ctx[c].enable)))
		__clear_bit(c, p->used);
}

/* ---- registers: what an offset is ---- */

enum reg { REG_NONE, PRIORITY, PENDING, SERVICE, LEVEL, EDGE, HELD, ENABLE, THRESHOLD, CLAIM };

struct where {
	enum reg reg;
	u32 c;		/* context */
	u32 n;		/* source or word */
};

static struct where find_context(u64 off)
{
	struct where at = { .c = (off - REG_CONTEXT) / CONTEXT_STRIDE };

	if (off % CONTEXT_STRIDE == 0)
		at.reg = THRESHOLD;
	else if (off % CONTEXT_STRIDE == CONTEXT_CLAIM)
		at.reg = CLAIM;
	return at;
}

static struct where find(u64 off)
{
	static const struct { u32 base; enum reg reg; } words[] = {
		{ REG_PENDING, PENDING }, { REG_SERVICE, SERVICE }, { REG_LEVEL, LEVEL },
		{ REG_EDGE, EDGE }, { REG_HELD, HELD },
	};
	unsigned int i;

	if ((off & 3) || off >= PLIC_SIZE)
		return (struct where) { .reg = REG_NONE };
	if (off < REG_PENDING)
		return (struct where) { .reg = PRIORITY, .n = off / 4 };
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (off - words[i].base < NR_WORDS * 4)
			return (struct where) { .reg = words[i].reg,
						.n = (off - words[i].base) / 4 };
	if (off >= REG_CONTEXT)
		return find_context(off);
	if (off >= REG_ENABLE && off < REG_ENABLE + NR_CONTEXTS * ENABLE_STRIDE)
		return (struct where) { .reg = ENABLE, .c = (off - REG_ENABLE) / ENABLE_STRIDE,
					.n = off % ENABLE_STRIDE / 4 };
	return (struct where) { .reg = REG_NONE };
}

static u32 reg_read(struct plic *p, struct where at)
{
	switch (at.reg) {
	case PRIORITY:
		return p->priority[at.n];
	case PENDING:
		return p->pending[at.n];
	case SERVICE:
		return p->service[at.n];
	case LEVEL:
		return p->level[at.n];
	case EDGE:
		return p->edge[at.n];
	case HELD:
		return p->held[at.n];
	case ENABLE:
		return p->ctx[at.c].enable[at.n];
	case THRESHOLD:
		return p->ctx[at.c].threshold;
	default:
		return 0;
	}
}

/* Those that the guest can write, the claim register aside */
static void reg_write(struct plic *p, struct where at, u32 val)
{
	switch (at.reg) {
	case PRIORITY:
		if (at.n && at.n <= p->nr_sources)
			p->priority[at.n] = val & MAX_PRIORITY;
		update(p);
		break;
	case ENABLE:
		set_enable(p, at.c, at.n, val);
		break;
	case THRESHOLD:
		p->ctx[at.c].threshold = val & MAX_PRIORITY;
		update_context(p, at.c);
		break;
	default:
		break;
	}
}

/* Those that only user space writes, to restore a saved state */
static void reg_restore(struct plic *p, struct where at, u32 val)
{
	switch (at.reg) {
	case PENDING:
		p->pending[at.n] = val & source_mask(p, at.n);
		break;
	case SERVICE:
		p->service[at.n] = val & source_mask(p, at.n);
		break;
	case LEVEL:
		p->level[at.n] = val & source_mask(p, at.n);
		break;
	case EDGE:
		p->edge[at.n] = val & source_mask(p, at.n);
		break;
	case HELD:
		p->held[at.n] = val & source_mask(p, at.n);
		break;
	default:
		reg_write(p, at, val);
		return;
	}
	update(p);
}

static bool guest_sees(struct where at)
{
	return at.reg != SERVICE && at.reg != LEVEL && at.reg != EDGE && at.reg != HELD;
}

/* ---- the bus ---- */

/* Registers are 32 bits wide: other accesses read 0 and write nothing. */
static int plic_read(struct vmxl_iodev *io, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
		     u64 *val)
{
	struct plic *p = container_of(io, struct plic, m.io);
	struct where at = find(gpa - io->gpa);
	unsigned long flags;

	*val = 0;
	if (len != 4 || !guest_sees(at))
		return 0;
	spin_lock_irqsave(&p->lock, flags);
	*val = at.reg == CLAIM ? claim(p, at.c) : reg_read(p, at);
	spin_unlock_irqrestore(&p->lock, flags);
	return 0;
}

static int plic_write(struct vmxl_iodev *io, struct vmxl_vcpu *vcpu, u64 gpa, unsigned int len,
		      u64 val)
{
	struct plic *p = container_of(io, struct plic, m.io);
	struct where at = find(gpa - io->gpa);
	bool completed = false;
	unsigned long flags;

	if (len != 4)
		return 0;
	spin_lock_irqsave(&p->lock, flags);
	if (at.reg == CLAIM)
		completed = complete_irq(p, at.c, val);
	else
		reg_write(p, at, val);
	spin_unlock_irqrestore(&p->lock, flags);
	if (completed)
		vmxl_irq_resample(p->m.dev.vm, val);
	return 0;
}

static const struct vmxl_iodev_ops plic_io = { .read = plic_read, .write = plic_write };

/* ---- attributes ---- */

static int set_nr_sources(struct plic *p, u64 val)
{
	unsigned long flags;

	if (p->m.live)
		return -EBUSY;
	if (!val || val >= NR_SOURCES)
		return -EINVAL;
	spin_lock_irqsave(&p->lock, flags);
	p->nr_sources = val;
	spin_unlock_irqrestore(&p->lock, flags);
	return 0;
}

static bool is_state(u64 off)
{
	struct where at = find(off);

	return at.reg != REG_NONE && at.reg != CLAIM;
}

static int set_state(struct plic *p, u64 off, u64 val)
{
	unsigned long flags;

	if (!is_state(off))
		return -ENXIO;
	if (val >> 32)
		return -EINVAL;
	spin_lock_irqsave(&p->lock, flags);
	reg_restore(p, find(off), val);
	spin_unlock_irqrestore(&p->lock, flags);
	return 0;
}

static int get_state(struct plic *p, u64 off, u64 *val)
{
	unsigned long flags;

	if (!is_state(off))
		return -ENXIO;
	spin_lock_irqsave(&p->lock, flags);
	*val = reg_read(p, find(off));
	spin_unlock_irqrestore(&p->lock, flags);
	return 0;
}

static int plic_has_attr(struct vmxl_device *dev, u32 group, u64 attr)
{
	if (vmxl_mmio_dev_has(group, attr) ||
	    (group == VMXL_DEV_GRP_CONFIG && attr == VMXL_PLIC_NR_SOURCES) ||
	    (group == VMXL_DEV_GRP_REGS && is_state(attr)))
		return 0;
	return -ENXIO;
}

static int plic_set_attr(struct vmxl_device *dev, u32 group, u64 attr, u64 val)
{
	struct plic *p = to_plic(dev);

	if (plic_has_attr(dev, group, attr))
		return -ENXIO;
	if (group == VMXL_DEV_GRP_CONFIG)
		return set_nr_sources(p, val);
	if (group == VMXL_DEV_GRP_REGS)
		return set_state(p, attr, val);
	return vmxl_mmio_dev_set(&p->m, group, val);
}

static int plic_get_attr(struct vmxl_device *dev, u32 group, u64 attr, u64 *val)
{
	struct plic *p = to_plic(dev);

	if (plic_has_attr(dev, group, attr))
		return -ENXIO;
	if (group == VMXL_DEV_GRP_REGS)
		return get_state(p, attr, val);
	if (group != VMXL_DEV_GRP_CONFIG)
		return vmxl_mmio_dev_get(&p->m, group, val);
	*val = p->nr_sources;
	return 0;
}

static struct vmxl_device *plic_create(struct vmxl_vm *vm)
{
	struct plic *p = kvzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);

	if (!p)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&p->lock);
	p->nr_sources = 127;
	p->m.io.ops = &plic_io;
	p->m.io.len = PLIC_SIZE;
	return &p->m.dev;
}

static void plic_destroy(struct vmxl_device *dev)
{
	kvfree(to_plic(dev));
}

const struct vmxl_device_ops vmxl_plic_ops = {
	.name = "riscv-plic",
	.type = VMXL_DEV_RISCV_PLIC,
	.isa = VMXL_ISA_RV64,
	.create = plic_create,
	.destroy = plic_destroy,
	.set_attr = plic_set_attr,
	.get_attr = plic_get_attr,
	.has_attr = plic_has_attr,
	.set_irq = plic_set_irq,
	.edge_irq = plic_edge_irq,
	.hold_irq = plic_hold_irq,
};
