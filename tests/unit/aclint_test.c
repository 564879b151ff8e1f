// SPDX-License-Identifier: GPL-2.0
/* The ACLINT: software interrupts, timers, and a clock that can be set. */
#include <errno.h>
#include <unistd.h>
#include "rv64_env.h"

#define BASE	0x2000000ULL

static struct env e;
static struct vmxl_device *dev;

static u64 rd(u64 off, unsigned int len)
{
	u64 val = 0;

	check(!vmxl_bus_read(e.v, BASE + off, len, &val), "read of 0x%llx",
	      (unsigned long long)off);
	return val;
}

static void wr(u64 off, unsigned int len, u64 val)
{
	check(!vmxl_bus_write(e.v, BASE + off, len, val), "write of 0x%llx",
	      (unsigned long long)off);
}

static bool line(u32 hart, u32 n)
{
	return READ_ONCE(rv_arch(e.vcpu[hart])->lines) >> n & 1;
}

static void test_msip(void)
{
	wr(4, 4, ~0u);
	ok(rd(4, 4) == 1 && line(1, RV_IRQ_MSI) && !line(0, RV_IRQ_MSI), "msip of hart 1");
	wr(4, 4, 2);
	ok(!rd(4, 4) && !line(1, RV_IRQ_MSI), "has one bit");
	wr(0, 8, 1);
	ok(!line(0, RV_IRQ_MSI), "and is 4 bytes wide");
	wr(0, 1, 1);
	ok(!line(0, RV_IRQ_MSI), "no less");
	wr(255 * 4, 4, 1);
	ok(rd(255 * 4, 4) == 1, "harts that are not there");
}

static void test_timer(void)
{
	u64 now = rd(0xbff8, 8);

	ok(rd(0x4000, 8) == ~0ULL && !line(0, RV_IRQ_MTI), "no timer at first");
	wr(0x4000, 8, now);
	ok(line(0, RV_IRQ_MTI) && !line(1, RV_IRQ_MTI), "one that has passed");
	wr(0x4004, 4, 0x1000);
	ok(!line(0, RV_IRQ_MTI) && rd(0x4000, 8) == (0x1000ULL << 32 | (u32)now), "by halves");
	ok(rd(0x4004, 4) == 0x1000 && rd(0x4000, 4) == (u32)now, "reads, too");
	wr(0x4008, 8, rd(0xbff8, 8) + 2000000);	/* 200 ms */
	ok(!line(1, RV_IRQ_MTI), "one that has not");
	ok(eventually(line(1, RV_IRQ_MTI)), "fires");
	wr(0x4008, 8, rd(0xbff8, 8) + 10000000);
	wr(0x4008, 8, ~0ULL);
	usleep(50000);
	ok(!line(1, RV_IRQ_MTI), "but not when it was put off");
}

static void test_clock(void)
{
	u64 a = rd(0xbff8, 8), b, val;

	usleep(10000);
	b = rd(0xbff8, 8);
	ok(b - a >= 100000 && b - a < 1000000000, "mtime runs at 10 MHz: %llu",
	   (unsigned long long)(b - a));
	wr(0x4000, 8, 1ULL << 40);
	wr(0xbff8, 8, (1ULL << 40) - 1000000000);
	ok(!line(0, RV_IRQ_MTI) && rd(0xbff8, 8) >> 32, "it can be set");
	vmxl_rv64_csr_get(e.v, RV_CSR_TIME, &val);
	ok(val >= (1ULL << 40) - 1000000000 && val < 1ULL << 40, "which the time CSR shows");
	wr(0xbff8, 8, 1ULL << 40);
	ok(line(0, RV_IRQ_MTI), "timers follow");
	ok(test_bit(VMXL_REQ_RV_TIMER, &e.vcpu[2]->requests), "so do the harts' own");
	wr(0xbff8, 8, 0);
	ok(!line(0, RV_IRQ_MTI) && rd(0xbff8, 8) < 100000000, "back again");
	wr(0xbffc, 4, 7);
	ok(rd(0xbffc, 4) == 7, "by halves");
	wr(0xbff8, 8, ~0ULL - 1000);
	ok(rd(0xbff8, 8) != 0, "it wraps");
	wr(0x4000, 8, ~0ULL);
	wr(0xbff8, 8, 5);
}

static void test_attrs(void)
{
	const struct vmxl_device_ops *ops = dev->ops;
	u64 val;

	ok(!ops->get_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_ACLINT_TIMEBASE, &val) && val == 10000000,
	   "its frequency");
	ok(ops->set_attr(dev, VMXL_DEV_GRP_CONFIG, VMXL_ACLINT_TIMEBASE, 1) == -EINVAL, "is fixed");
	ok(ops->set_attr(dev, VMXL_DEV_GRP_ADDR, 0, 0) == -EBUSY, "so is its place");
	ok(!ops->set_attr(dev, VMXL_DEV_GRP_REGS, 0x4004, 5) && rd(0x4000, 8) >> 32 == 5, "mtimecmp");
	ok(!ops->get_attr(dev, VMXL_DEV_GRP_REGS, 0x4004, &val) && val == 5, "and back");
	ok(ops->has_attr(dev, VMXL_DEV_GRP_REGS, 0x8000) == -ENXIO &&
	   ops->has_attr(dev, VMXL_DEV_GRP_REGS, 3) == -ENXIO &&
	   ops->has_attr(dev, VMXL_DEV_GRP_REGS, 0xc000) == -ENXIO, "no such registers");
	ok(ops->set_attr(dev, VMXL_DEV_GRP_REGS, 0, 1ULL << 32) == -EINVAL, "32 bits");
	ok(rd(0x8000, 8) == 0 && rd(0x4800, 8) == 0, "holes read 0");
	wr(0x8000, 8, 1);
}

int main(void)
{
	int fd;

	env_open(&e, 0);
	dev = env_device(&e, VMXL_DEV_RISCV_ACLINT, BASE, &fd);
	test_msip();
	test_timer();
	test_clock();
	test_attrs();
	close(fd);
	env_close(&e);
	return tap_done();
}
