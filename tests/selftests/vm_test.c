// SPDX-License-Identifier: GPL-2.0
/*
 * VMs: CREATE_VM and its rejections, several VMs side by side.
 */
#include "lib.h"

static int create(int sys, const struct vmxl_create_vm *args)
{
	return sys_ioctl(sys, VMXL_CREATE_VM, (unsigned long)args);
}

static void create_and_close(void)
{
	int sys = open_dev(), fd;

	fd = CHECK_OK(__create_vm(sys, VMXL_ISA_RV64, 0));
	CHECK_OK(sys_close(fd));
	fd = CHECK_OK(__create_vm(sys, VMXL_ISA_RV64, VMXL_VM_FIRMWARE));
	/* The VM does not need the file that it came from. */
	CHECK_OK(sys_close(sys));
	CHECK_EQ(sys_ioctl(fd, VMXL_CHECK_EXTENSION, VMXL_CAP_MAX_VCPUS), 256);
	CHECK_OK(sys_close(fd));
}

static void reject_isa(void)
{
	static const u32 isas[] = { 0, VMXL_ISA_A64, VMXL_ISA_X86_64, 4, ~0u };
	int sys = open_dev();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(isas); i++)
		CHECK_ERR(__create_vm(sys, isas[i], 0), EINVAL);
	sys_close(sys);
}

static void reject_flags(void)
{
	int sys = open_dev();
	unsigned int bit;

	for (bit = 1; bit < 32; bit++)
		CHECK_ERR(__create_vm(sys, VMXL_ISA_RV64, 1u << bit), EINVAL);
	sys_close(sys);
}

static void reject_reserved(void)
{
	struct vmxl_create_vm args = { .isa = VMXL_ISA_RV64 };
	int sys = open_dev();
	unsigned int i;

	for (i = 0; i < sizeof(args.reserved); i++) {
		((u8 *)args.reserved)[i] = 1;
		CHECK_ERR(create(sys, &args), EINVAL);
		((u8 *)args.reserved)[i] = 0;
	}
	CHECK_OK(sys_close(create(sys, &args)));
	sys_close(sys);
}

/* Two VMs know nothing of each other. */
static void side_by_side(void)
{
	static const u32 code[] = {
		RV_LUI(RV_A0, 0x10000),
		RV_SD(RV_A1, 0, RV_A0),
		RV_J(-4),
	};
	struct vm vm[2];
	struct vcpu vcpu[2];
	int i, n;

	for (i = 0; i < 2; i++) {
		vm[i] = vm_new_ram(0);
		vcpu[i] = vcpu_new(&vm[i], 0);
		GUEST(&vm[i], &vcpu[i], RAM, code);
		set_reg(&vcpu[i], REG_X(RV_A1), 100 + i);
	}
	for (n = 0; n < 3; n++)
		for (i = 0; i < 2; i++)
			expect_store(&vcpu[i], MMIO, 8, 100 + i);
	for (i = 0; i < 2; i++) {
		vcpu_close(&vcpu[i]);
		vm_close(&vm[i]);
	}
}

static void many(void)
{
	int sys = open_dev(), fd[64];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fd); i++)
		fd[i] = CHECK_OK(__create_vm(sys, VMXL_ISA_RV64, 0));
	for (i = 0; i < ARRAY_SIZE(fd); i++)
		CHECK_OK(sys_close(fd[i]));
	sys_close(sys);
}

static const struct test tests[] = {
	TEST(create_and_close),
	TEST(reject_isa),
	TEST(reject_flags),
	TEST(reject_reserved),
	TEST(side_by_side),
	TEST(many),
};
TEST_MAIN(tests)
