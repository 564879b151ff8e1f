/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An SMMU, and guest code that is its driver: what Linux's arm-smmu-v3 does to probe, to
 * reset and to attach. The test is the devices behind it.
 */
#ifndef SELFTESTS_SMMU_ENV_H
#define SELFTESTS_SMMU_ENV_H

#include "lib.h"

#define BASE		0x40000000ull
#define FRAME		0x50000000ull	/* messages here are interrupts */
#define CMDQ		(RAM + 0x10000)
#define EVENTQ		(RAM + 0x11000)
#define STRTAB		(RAM + 0x20000)
#define CD		(RAM + 0x30000)
#define L1		(RAM + 0x31000)
#define L2		(RAM + 0x32000)
#define L3		(RAM + 0x33000)
#define DATA		(RAM + 0x40000)
#define SYNC		(RAM + 0x38000)

static struct vm vm;
static struct vcpu vcpu;
static int smmu, plic;
static u32 prod, cons;

static inline u64 *ram(u64 gpa)
{
	return (u64 *)(vm.ram + (gpa - RAM));
}

static const u32 code[] = {
	RV_SW(RV_A1, 0, RV_A0), RV_SW(RV_A1, 0, RV_A2),		/* 0: write 32 bits */
	RV_SD(RV_A1, 0, RV_A0), RV_SW(RV_A1, 0, RV_A2),		/* 8: write 64 bits */
	RV_LWU(RV_A1, 0, RV_A0), RV_SW(RV_A1, 0, RV_A2),	/* 16: read 32 bits */
};

static inline u32 step(u32 at, u64 off, u64 val)
{
	set_reg(&vcpu, REG_X(RV_A0), BASE + off);
	set_reg(&vcpu, REG_X(RV_A1), val);
	set_reg(&vcpu, REG_X(RV_A2), MMIO);
	set_reg(&vcpu, REG_PC, RAM + at);
	vcpu_run(&vcpu, VMXL_EXIT_MMIO);
	return get_reg(&vcpu, REG_X(RV_A1));
}

static inline void wr(u64 off, u32 val)
{
	step(0, off, val);
}

static inline void wr64(u64 off, u64 val)
{
	step(8, off, val);
}

static inline u32 rd(u64 off)
{
	return step(16, off, 0);
}

static inline void wr_ack(u64 off, u64 ack, u32 val)
{
	wr(off, val);
	CHECK_EQ(rd(ack), val);
}

static inline void cmd(u64 w0, u64 w1)
{
	ram(CMDQ)[(prod & 15) * 2] = w0;
	ram(CMDQ)[(prod & 15) * 2 + 1] = w1;
	prod = (prod + 1) & 31;
	wr(0x98, prod);
}

/* A command and a SYNC, whose message is polled for in memory */
static inline void cmd_sync(u64 w0, u64 w1)
{
	cmd(w0, w1);
	*ram(SYNC) = 0;
	cmd(0x46 | 1ull << 12 | 3ull << 22 | 0xfull << 24 | 1ull << 32, SYNC);
	while (!*(volatile u64 *)ram(SYNC))
		;
	CHECK_EQ(rd(0x9c), prod);
}

/* The device's reset, step by step */
static inline void driver(void)
{
	CHECK_EQ(rd(0x0) & 0x80f, 0xb & 0x80f);
	CHECK_EQ(rd(0x4) >> 28 & 7, 0);
	wr(0x44, 1u << 31 | 1u << 20);
	CHECK_EQ(rd(0x44), 1u << 20);
	wr_ack(0x20, 0x24, 0);
	wr(0x28, 0xd75);
	wr(0x2c, 2);
	wr64(0x80, STRTAB | 1ull << 62);
	wr(0x88, 6);
	wr64(0x90, CMDQ | 1ull << 62 | 4);
	wr(0x98, 0);
	wr(0x9c, 0);
	wr_ack(0x20, 0x24, 8);
	cmd_sync(0x04, 31);
	cmd_sync(0x30, 0);
	wr64(0xa0, EVENTQ | 1ull << 62 | 4);
	wr(0x100a8, 0);
	wr(0x100ac, 0);
	wr_ack(0x20, 0x24, 0xc);
	wr_ack(0x50, 0x54, 0);
	wr_ack(0x50, 0x54, 5);
	wr_ack(0x20, 0x24, 0xd);
}

/* Stream 1: stage 1, 39 bits, 4K; DATA's first 16 pages at 1 MiB in reverse order */
static inline void attach(u64 cd_flags)
{
	u64 *ste = ram(STRTAB + 64), *cd = ram(CD);
	unsigned int i;

	*ram(L1) = L2 | 3;
	*ram(L2) = L3 | 3;
	for (i = 0; i < 16; i++)
		ram(L3)[256 + i] = (DATA + (15 - i) * PAGE) | 0xc43;
	ram(L3)[256 + 16] = (DATA + 16 * PAGE) | 0xc43;
	ram(L3)[256 + 17] = (DATA + 17 * PAGE) | 0xc43;
	ram(L3)[300] = MMIO | 0xc43;
	ram(L3)[301] = FRAME | 0xc43;
	cd[1] = L1;
	cd[0] = 1ull << 31 | 1ull << 41 | 1ull << 30 | 25 | 5ull << 32 | 3ull << 45 | 1ull << 48 |
		cd_flags;
	ste[1] = 0;
	ste[0] = 1 | 5 << 1 | CD;
	cmd_sync(0x03 | 1ull << 32, 1);
}

static inline void setup(void)
{
	prod = 0;
	cons = 0;
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	plic = vm_plic(vm.fd, 31);
	smmu = vm_device(vm.fd, VMXL_DEV_ARM_SMMUV3);
	dev_set(smmu, VMXL_DEV_GRP_ADDR, 0, BASE);
	dev_set(smmu, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_IRQ_EVENTQ, 3);
	dev_set(smmu, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_IRQ_GERROR, 4);
	dev_set(smmu, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_MSI_FRAME, FRAME);
	dev_init(smmu);
	GUEST(&vm, &vcpu, RAM, code);
	driver();
}

static inline void teardown(void)
{
	sys_close(smmu);
	sys_close(plic);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* The next event, 0: none */
static inline u32 event(void)
{
	u32 id;

	if (rd(0x100a8) == cons)
		return 0;
	id = (u8)ram(EVENTQ)[(cons & 15) * 4];
	cons = (cons + 1) & 31;
	wr(0x100ac, cons);
	return id;
}

#endif
