// SPDX-License-Identifier: GPL-2.0
/* The PLIC: by its registers, and at random against a naive model. */
#include <errno.h>
#include <unistd.h>
#include "rv64_env.h"

#define BASE	0xc000000ULL
#define M0	0	/* contexts */
#define S0	1
#define M1	2

static struct env e;
static struct vmxl_device *dev;

static u32 rd(u64 off)
{
	u64 val = 0;

	check(!vmxl_bus_read(e.v, BASE + off, 4, &val), "read of 0x%llx", (unsigned long long)off);
	return val;
}

static void wr(u64 off, u32 val)
{
	check(!vmxl_bus_write(e.v, BASE + off, 4, val), "write of 0x%llx", (unsigned long long)off);
}

static void enable(u32 c, u32 word, u32 val)
{
	wr(0x2000 + c * 0x80 + word * 4, val);
}

static void threshold(u32 c, u32 val)
{
	wr(0x200000 + c * 0x1000, val);
}

static u32 claim(u32 c)
{
	return rd(0x200004 + c * 0x1000);
}

static void complete_(u32 c, u32 src)
{
	wr(0x200004 + c * 0x1000, src);
}

static bool line(u32 c)
{
	return rv_arch(e.vcpu[c / 2])->lines >> (c & 1 ? RV_IRQ_SEI : RV_IRQ_MEI) & 1;
}

static void irq(u32 src, bool level)
{
	check(!vmxl_irq_set(e.vm, src, level), "line %u", src);
}

static void quiet(void)
{
	u32 c, src, i;

	for (src = 1; src < 128; src++) {
		irq(src, false);
		wr(src * 4, 1);
	}
	for (c = 0; c < 2 * ENV_VCPUS; c++) {
		threshold(c, 0);
		for (i = 0; i < 4; i++)
			enable(c, i, ~0u);
		while ((src = claim(c)))
			complete_(c, src);
		for (src = 1; src < 128; src++)
			complete_(c, src);
		for (i = 0; i < 4; i++)
			enable(c, i, 0);
	}
}

static void test_registers(void)
{
	u64 val = 1;

	ok(rd(4) == 0, "priorities are 0 at first");
	wr(4, ~0u);
	ok(rd(4) == 7, "seven of them");
	wr(0, ~0u);
	ok(rd(0) == 0, "source 0 has none");
	wr(127 * 4, 3);
	wr(128 * 4, 3);
	ok(rd(127 * 4) == 3 && rd(128 * 4) == 0, "nor those beyond the last");
	enable(S0, 0, ~0u);
	enable(S0, 3, ~0u);
	enable(S0, 4, ~0u);
	ok(rd(0x2080) == ~1u && rd(0x208c) == ~0u && rd(0x2090) == 0, "enables");
	enable(S0, 0, 0);
	enable(S0, 3, 0);
	threshold(S0, ~0u);
	ok(rd(0x201000) == 7, "threshold");
	threshold(S0, 0);
	wr(0x1000, ~0u);
	ok(rd(0x1000) == 0, "pending is read-only");
	ok(rd(0x1080) == 0 && rd(0x3ff000) == 0, "what is not there reads 0");
	ok(!vmxl_bus_read(e.v, BASE + 4, 8, &val) && !val, "other widths read 0");
	ok(vmxl_bus_read(e.v, BASE + 0x400000, 4, &val) == -EOPNOTSUPP, "it ends somewhere");
}

static void test_claim(void)
{
	quiet();
	wr(5 * 4, 2);
	enable(S0, 0, BIT(5));
	irq(5, true);
	ok(rd(0x1000) == BIT(5) && line(S0) && !line(M0) && !line(M1), "a source becomes pending");
	threshold(S0, 2);
	ok(!line(S0) && claim(S0) == 0, "not above the threshold");
	threshold(S0, 1);
	ok(line(S0) && claim(M0) == 0, "nobody else can claim it");
	ok(claim(S0) == 5 && !line(S0) && rd(0x1000) == 0 && claim(S0) == 0, "claimed once");
	irq(5, false);
	irq(5, true);
	ok(!rd(0x1000), "no second request while in service");
	complete_(M0, 5);
	ok(!rd(0x1000), "another context's completion is ignored");
	complete_(S0, 5);
	ok(rd(0x1000) == BIT(5) && line(S0), "completion looks at the level again");
	irq(5, false);
	ok(rd(0x1000) == BIT(5), "a request stays when the level falls");
	ok(claim(S0) == 5, "and is claimed");
	complete_(S0, 5);
	ok(!rd(0x1000) && !line(S0), "and is over");
	complete_(S0, 5);
	complete_(S0, 0);
	complete_(S0, 5000);
	ok(!rd(0x1000), "completions of nothing");
}

static void test_priority(void)
{
	quiet();
	enable(M0, 0, ~0u);
	enable(M0, 1, ~0u);
	enable(M1, 0, BIT(9));
	wr(9 * 4, 3);
	wr(7 * 4, 3);
	wr(40 * 4, 5);
	wr(11 * 4, 0);
	irq(9, true);
	irq(7, true);
	irq(40, true);
	irq(11, true);
	ok(line(M0) && line(M1), "two contexts");
	ok(claim(M0) == 40 && claim(M0) == 7 && claim(M0) == 9 && claim(M0) == 0,
	   "by priority, then by number; priority 0 never");
	ok(!line(M1), "one claims it for all");
	ok(vmxl_irq_set(e.vm, 0, 1) == -EINVAL && vmxl_irq_set(e.vm, 128, 1) == -EINVAL, "no such line");
}

static void hold(u32 src, bool up)
{
	check(!vmxl_irq_hold(e.vm, src, up), "line %u", src);
}

/* As a resampled irqfd does it: the completion lets go, and the level is another matter. */
static void test_hold(void)
{
	quiet();
	enable(M0, 0, ~0u);
	wr(5 * 4, 1);
	hold(5, true);
	hold(5, true);
	ok(claim(M0) == 5 && !claim(M0), "held up: one interrupt");
	hold(5, true);
	complete_(M0, 5);
	ok(!claim(M0), "completion lets go, also of what came in service");
	hold(5, true);
	ok(claim(M0) == 5, "held up again");
	irq(5, true);
	complete_(M0, 5);
	ok(claim(M0) == 5, "the level stays");
	irq(5, false);
	hold(5, true);
	irq(5, true);
	irq(5, false);
	complete_(M0, 5);
	ok(!claim(M0), "and goes by itself");
	hold(5, true);
	hold(5, false);
	ok(claim(M0) == 5, "what was pending stays so");
	complete_(M0, 5);
	ok(vmxl_irq_hold(e.vm, 0, true) == -EINVAL && vmxl_irq_hold(e.vm, 128, true) == -EINVAL,
	   "no such input");
}

static void test_attrs(void)
{
	const struct vmxl_device_ops *ops = dev->ops;
	u64 val;

	quiet();
	ok(ops->set_attr(dev, VMXL_DEV_GRP_ADDR, 0, 0x1000) == -EBUSY, "it has its place");
	ok(ops->set_attr(dev, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT, 0) == -EBUSY, "it is there");
	ok(ops->set_attr(dev, VMXL_DEV_GRP_CONFIG, 0, 5) == -EBUSY, "its sources are settled");
	ok(!ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, 0, &val) && val == 127, "127 sources");
	ok(!ops->get_attr(dev, VMXL_DEV_GRP_ADDR, 0, &val) && val == BASE, "its place");
	ok(ops->get_attr(dev, VMXL_DEV_GRP_CTRL, 0, &val) == -ENXIO, "nothing to get");
	ok(ops->has_attr(dev, 77, 0) == -ENXIO &&
	   ops->has_attr(dev, VMXL_DEV_GRP_ADDR, 1) == -ENXIO &&
	   ops->has_attr(dev, VMXL_DEV_GRP_REGS, 2) == -ENXIO &&
	   ops->has_attr(dev, VMXL_DEV_GRP_REGS, 0x200004) == -ENXIO &&
	   ops->has_attr(dev, VMXL_DEV_GRP_REGS, ~0ULL) == -ENXIO, "no such attributes");
	ok(ops->set_attr(dev, VMXL_DEV_GRP_REGS, 4, 1ULL << 32) == -EINVAL, "registers have 32 bits");

	enable(S0, 0, BIT(3) | BIT(4));
	irq(3, true);
	claim(S0);
	ops->get_attr(dev, VMXL_DEV_GRP_REGS, 0x1080, &val);
	ok(val == BIT(3), "in service");
	ops->get_attr(dev, VMXL_DEV_GRP_REGS, 0x1100, &val);
	ok(val == BIT(3), "level");
	ok(!ops->set_attr(dev, VMXL_DEV_GRP_REGS, 0x1000, BIT(4) | 1) && line(S0) &&
	   rd(0x1000) == BIT(4),
	   "pending is restored");
	ok(claim(S0) == 4, "and works");
}

/* ---- a naive model, and random operations on both ---- */

#define NS	128
static struct {
	u8 prio[NS], pend[NS], serv[NS], level[NS], en[2 * ENV_VCPUS][NS], thr[2 * ENV_VCPUS];
} m;

static u32 m_best(u32 c)
{
	u32 s, b = 0;

	for (s = 1; s < NS; s++)
		if (m.pend[s] && m.en[c][s] && m.prio[s] > m.thr[c] &&
		    (!b || m.prio[s] > m.prio[b]))
			b = s;
	return b;
}

static void random_op(void)
{
	u32 s = 1 + rnd() % (NS - 1), c = rnd() % (2 * ENV_VCPUS), v = rnd() >> 32, i, got, want;

	switch (rnd() % 7) {
	case 0:
		wr(4 * s, v);
		m.prio[s] = v & 7;
		break;
	case 1:
		enable(c, s / 32, v);
		for (i = 0; i < 32; i++)
			m.en[c][s / 32 * 32 + i] = v >> i & 1 && (s / 32 * 32 + i);
		break;
	case 2:
		threshold(c, v & 3);
		m.thr[c] = v & 3;
		break;
	case 3 ... 4:
		irq(s, v & 1);
		m.level[s] = v & 1;
		if (m.level[s] && !m.serv[s])
			m.pend[s] = 1;
		break;
	case 5:
		want = m_best(c);
		got = claim(c);
		check(got == want, "claim of %u: %u, expected %u", c, got, want);
		m.pend[want] = 0;
		m.serv[want] = !!want;
		break;
	case 6:
		for (i = 0; i < NS && !(m.serv[s] && m.en[c][s]); i++)
			s = s % (NS - 1) + 1;
		complete_(c, s);
		if (m.serv[s] && m.en[c][s]) {
			m.serv[s] = 0;
			m.pend[s] = m.level[s];
		}
		break;
	}
}

static void test_random(void)
{
	unsigned int i, c;

	quiet();
	for (i = 1; i < NS; i++)
		m.prio[i] = 1;
	for (i = 0; i < 30000; i++) {
		random_op();
		for (c = 0; c < 2 * ENV_VCPUS; c++)
			check(line(c) == !!m_best(c), "step %u: line of context %u", i, c);
	}
	ok(1, "random operations");
}

int main(void)
{
	int fd;

	env_open(&e, 0);
	dev = env_device(&e, VMXL_DEV_RISCV_PLIC, BASE, &fd);
	test_registers();
	test_claim();
	test_priority();
	test_hold();
	test_attrs();
	test_random();
	close(fd);
	env_close(&e);
	return tap_done();
}
