// SPDX-License-Identifier: GPL-2.0
/*
 * CREATE_DEVICE, device attributes, IRQ_LINE, and an interrupt from end to end.
 */
#include <unistd.h>

#include "lib.h"

static void create(void)
{
	struct vm vm = vm_new(0);
	int fd = -1;

	CHECK_OK(__vm_device(vm.fd, VMXL_DEV_RISCV_PLIC, VMXL_CREATE_DEVICE_TEST, NULL));
	CHECK_OK(__vm_device(vm.fd, VMXL_DEV_RISCV_ACLINT, VMXL_CREATE_DEVICE_TEST, NULL));
	CHECK_ERR(__vm_device(vm.fd, 0, VMXL_CREATE_DEVICE_TEST, NULL), ENODEV);
	CHECK_ERR(__vm_device(vm.fd, 3, 0, NULL), ENODEV);
	CHECK_ERR(__vm_device(vm.fd, ~0u, 0, NULL), ENODEV);
	/* It was only asked whether. */
	fd = vm_device(vm.fd, VMXL_DEV_RISCV_PLIC);
	CHECK_ERR(__vm_device(vm.fd, VMXL_DEV_RISCV_PLIC, 0, NULL), EEXIST);
	CHECK_ERR(__vm_device(vm.fd, VMXL_DEV_RISCV_PLIC, VMXL_CREATE_DEVICE_TEST, NULL), EEXIST);
	sys_close(fd);
	/* A device lives as long as its VM. */
	CHECK_ERR(__vm_device(vm.fd, VMXL_DEV_RISCV_PLIC, 0, NULL), EEXIST);
	fd = vm_device(vm.fd, VMXL_DEV_RISCV_ACLINT);
	/* Closing the VM first is fine. */
	vm_close(&vm);
	CHECK_OK(sys_close(fd));
}

static void reject_create(void)
{
	struct vmxl_create_device args = { .type = VMXL_DEV_RISCV_PLIC };
	struct vm vm = vm_new(0);
	unsigned int bit;

	for (bit = 1; bit < 32; bit++)
		CHECK_ERR(__vm_device(vm.fd, VMXL_DEV_RISCV_PLIC, 1u << bit, NULL), EINVAL);
	args.reserved = 1;
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_DEVICE, (unsigned long)&args), EINVAL);
	args.reserved = 1u << 31;
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_DEVICE, (unsigned long)&args), EINVAL);
	vm_close(&vm);
}

static void attributes(void)
{
	struct vm vm = vm_new(0);
	int plic = vm_device(vm.fd, VMXL_DEV_RISCV_PLIC);
	int aclint = vm_device(vm.fd, VMXL_DEV_RISCV_ACLINT);
	u64 val = 0;

	CHECK_EQ(dev_get(plic, VMXL_DEV_GRP_CONFIG, VMXL_PLIC_NR_SOURCES), 127);
	dev_set(plic, VMXL_DEV_GRP_CONFIG, VMXL_PLIC_NR_SOURCES, 1023);
	CHECK_EQ(dev_get(plic, VMXL_DEV_GRP_CONFIG, VMXL_PLIC_NR_SOURCES), 1023);
	dev_set(plic, VMXL_DEV_GRP_ADDR, 0, PLIC);
	CHECK_EQ(dev_get(plic, VMXL_DEV_GRP_ADDR, 0), PLIC);
	CHECK_EQ(dev_get(aclint, VMXL_DEV_GRP_CONFIG, VMXL_ACLINT_TIMEBASE), 10000000);
	val = 1;
	CHECK(__dev_attr(aclint, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CONFIG, VMXL_ACLINT_TIMEBASE,
			 &val) < 0);
	val = 0;
	CHECK_ERR(__dev_attr(plic, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CONFIG,
			     VMXL_PLIC_NR_SOURCES, &val), EINVAL);
	val = 1024;
	CHECK_ERR(__dev_attr(plic, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CONFIG,
			     VMXL_PLIC_NR_SOURCES, &val), EINVAL);
	CHECK_OK(__dev_attr(plic, VMXL_HAS_DEVICE_ATTR, VMXL_DEV_GRP_ADDR, 0, NULL));
	CHECK_OK(__dev_attr(plic, VMXL_HAS_DEVICE_ATTR, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT,
			    NULL));
	dev_init(plic);
	/* Not after it is on the bus, and not twice */
	val = PLIC + 0x4000000;
	CHECK(__dev_attr(plic, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_ADDR, 0, &val) < 0);
	CHECK(__dev_attr(plic, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT,
			 NULL) < 0);
	/* On another device */
	val = PLIC + 0x1000;
	CHECK_OK(__dev_attr(aclint, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_ADDR, 0, &val));
	CHECK_ERR(__dev_attr(aclint, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT,
			     NULL), EEXIST);
	sys_close(plic);
	sys_close(aclint);
	vm_close(&vm);
}

static void reject_attributes(void)
{
	static const struct { u32 group; u64 attr; } unknown[] = {
		{ VMXL_DEV_GRP_ADDR, 1 },
		{ VMXL_DEV_GRP_CONFIG, 1 }, { VMXL_DEV_GRP_CONFIG, ~0ull },
		{ VMXL_DEV_GRP_CTRL, 1 }, { 4, 0 }, { ~0u, 0 },
	};
	struct vm vm = vm_new(0);
	int dev = vm_device(vm.fd, VMXL_DEV_RISCV_PLIC);
	static const unsigned int cmds[] = {
		VMXL_SET_DEVICE_ATTR, VMXL_GET_DEVICE_ATTR, VMXL_HAS_DEVICE_ATTR,
	};
	struct vmxl_device_attr flags = { .group = VMXL_DEV_GRP_ADDR };
	unsigned int i, c, bit;
	u64 val = 0;

	for (c = 0; c < ARRAY_SIZE(cmds); c++) {
		for (i = 0; i < ARRAY_SIZE(unknown); i++)
			CHECK_ERR(__dev_attr(dev, cmds[c], unknown[i].group, unknown[i].attr,
					     unknown[i].group == VMXL_DEV_GRP_CTRL ? NULL : &val),
				  ENXIO);
		for (bit = 0; bit < 32; bit++) {
			flags.flags = 1u << bit;
			flags.addr = (uintptr_t)&val;
			CHECK_ERR(sys_ioctl(dev, cmds[c], (unsigned long)&flags), EINVAL);
		}
	}
	CHECK_ERR(__dev_attr(dev, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_ADDR, 0, NULL), EFAULT);
	CHECK_ERR(__dev_attr(dev, VMXL_GET_DEVICE_ATTR, VMXL_DEV_GRP_CONFIG, 0, NULL), EFAULT);
	CHECK_ERR(__dev_attr(dev, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT,
			     &val), EINVAL);
	sys_close(dev);
	vm_close(&vm);
}

static void irq_line_args(void)
{
	struct vm vm = vm_new(0);
	int plic;

	CHECK_ERR(__vm_irq_line(vm.fd, 1, 1), ENXIO);
	plic = vm_plic(vm.fd, 31);
	CHECK_OK(__vm_irq_line(vm.fd, 1, 1));
	CHECK_OK(__vm_irq_line(vm.fd, 1, 1));
	CHECK_OK(__vm_irq_line(vm.fd, 1, 0));
	CHECK_OK(__vm_irq_line(vm.fd, 31, 1));
	CHECK_ERR(__vm_irq_line(vm.fd, 0, 1), EINVAL);
	CHECK_ERR(__vm_irq_line(vm.fd, 32, 1), EINVAL);
	CHECK_ERR(__vm_irq_line(vm.fd, ~0u, 1), EINVAL);
	CHECK_ERR(__vm_irq_line(vm.fd, 1, 2), EINVAL);
	CHECK_ERR(__vm_irq_line(vm.fd, 1, ~0u), EINVAL);
	sys_close(plic);
	vm_close(&vm);
}

/*
 * WFI until the PLIC has an interrupt for M-mode of hart 0; claim it, tell its
 * number by MMIO, complete it, wait again.
 * a0: PLIC, a1: MMIO, a2: PLIC + 0x200000 (context 0), a3: PLIC + 0x2000 (enables)
 */
static const u32 irq_code[] = {
	RV_ADDI(RV_T0, RV_ZERO, 1),
	RV_SW(RV_T0, 4 * 5, RV_A0),		/* priority of source 5 */
	RV_ADDI(RV_T0, RV_ZERO, 1 << 5),
	RV_SW(RV_T0, 0, RV_A3),			/* enabled in context 0 */
	RV_SW(RV_ZERO, 0, RV_A2),		/* threshold 0 */
	RV_LUI(RV_T0, 1),
	RV_ADDI(RV_T0, RV_T0, -2048),
	RV_CSRRW(RV_ZERO, RV_CSR_MIE, RV_T0),	/* MEIE */
	RV_WFI,
	RV_LW(RV_T1, 4, RV_A2),			/* claim */
	RV_BEQ(RV_T1, RV_ZERO, -8),
	RV_SW(RV_T1, 0, RV_A1),
	RV_SW(RV_T1, 4, RV_A2),			/* complete */
	RV_J(-20),
};

static void irq_setup(const struct vm *vm, const struct vcpu *vcpu)
{
	GUEST(vm, vcpu, RAM, irq_code);
	set_reg(vcpu, REG_X(RV_A0), PLIC);
	set_reg(vcpu, REG_X(RV_A1), MMIO);
	set_reg(vcpu, REG_X(RV_A2), PLIC + 0x200000);
	set_reg(vcpu, REG_X(RV_A3), PLIC + 0x2000);
}

/* The line is high until user space has seen the interrupt. */
static void interrupt(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	int plic = vm_plic(vm.fd, 31);
	struct kicker *k = kick_in(50);
	int i;

	irq_setup(&vm, &vcpu);
	CHECK_ERR(__vcpu_run(&vcpu), EINTR);
	kick_wait(k);
	for (i = 0; i < 3; i++) {
		CHECK_OK(__vm_irq_line(vm.fd, 5, 1));
		expect_store(&vcpu, MMIO, 4, 5);
		CHECK_OK(__vm_irq_line(vm.fd, 5, 0));
		/* It was lowered before it was completed: there is no second one. */
		k = kick_in(20);
		CHECK_ERR(__vcpu_run(&vcpu), EINTR);
		kick_wait(k);
	}
	/* A line that stays high interrupts again. */
	CHECK_OK(__vm_irq_line(vm.fd, 5, 1));
	for (i = 0; i < 3; i++)
		expect_store(&vcpu, MMIO, 4, 5);
	sys_close(plic);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static const struct test tests[] = {
	TEST(create),
	TEST(reject_create),
	TEST(attributes),
	TEST(reject_attributes),
	TEST(irq_line_args),
	TEST(interrupt),
};
TEST_MAIN(tests)
