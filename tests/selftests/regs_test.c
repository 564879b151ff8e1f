// SPDX-License-Identifier: GPL-2.0
/*
 * ONE_REG and GET_REG_LIST.
 */
#include <stdlib.h>

#include "lib.h"


static struct vmxl_reg_list *reg_list(int fd)
{
	struct vmxl_reg_list ask = { .n = 0 }, *l;

	CHECK_ERR(sys_ioctl(fd, VMXL_GET_REG_LIST, (unsigned long)&ask), E2BIG);
	CHECK(ask.n > 64 && ask.n < 4096);
	l = calloc(1, sizeof(*l) + ask.n * sizeof(u64));
	CHECK(l);
	l->n = ask.n - 1;
	CHECK_ERR(sys_ioctl(fd, VMXL_GET_REG_LIST, (unsigned long)l), E2BIG);
	CHECK_EQ(l->n, ask.n);
	CHECK_OK(sys_ioctl(fd, VMXL_GET_REG_LIST, (unsigned long)l));
	CHECK_EQ(l->n, ask.n);
	return l;
}

static bool has_reg(const struct vmxl_reg_list *l, u64 id)
{
	u64 i;

	for (i = 0; i < l->n; i++)
		if (l->reg[i] == id)
			return true;
	return false;
}

static void list(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct vmxl_reg_list *l = reg_list(vcpu.fd);
	u64 i, j, n;

	for (i = 0; i < 32; i++) {
		CHECK(has_reg(l, REG_X(i)));
		CHECK(has_reg(l, REG(VMXL_RV64_FP, i)));
	}
	CHECK(has_reg(l, REG_MODE));
	CHECK(has_reg(l, REG_CSR(RV_CSR_MSTATUS)));
	for (i = 0; i < l->n; i++)
		for (j = 0; j < i; j++)
			CHECK(l->reg[i] != l->reg[j]);
	/* Room for more is fine. */
	n = l->n;
	l = realloc(l, sizeof(*l) + (n + 1) * sizeof(u64));
	CHECK(l);
	l->n = n + 1;
	l->reg[n] = 0x5a;
	CHECK_OK(sys_ioctl(vcpu.fd, VMXL_GET_REG_LIST, (unsigned long)l));
	CHECK_EQ(l->n, n);
	CHECK_EQ(l->reg[n], 0x5a);
	free(l);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* All that is listed can be read, and what was read can be written: migration. */
static void save_and_restore(u32 flags)
{
	struct vm vm[2] = { vm_new(flags), vm_new(flags) };
	struct vcpu vcpu[2] = { vcpu_new(&vm[0], 0), vcpu_new(&vm[1], 0) };
	struct vmxl_reg_list *l = reg_list(vcpu[0].fd);
	u64 i, *val = calloc(l->n, sizeof(u64));

	CHECK(val);
	set_reg(&vcpu[0], REG_PC, 0x80200000);
	for (i = 1; i < 32; i++)
		set_reg(&vcpu[0], REG_X(i), 0x0101010101010101 * i);
	for (i = 0; i < l->n; i++)
		val[i] = get_reg(&vcpu[0], l->reg[i]);
	for (i = 0; i < l->n; i++)
		if (__set_reg(vcpu[1].fd, l->reg[i], val[i]))
			FAIL("register 0x%llx: %s", (unsigned long long)l->reg[i],
			     strerror(errno));
	for (i = 0; i < 32; i++)
		CHECK_EQ(get_reg(&vcpu[1], REG_X(i)), get_reg(&vcpu[0], REG_X(i)));
	free(l);
	free(val);
	for (i = 0; i < 2; i++) {
		vcpu_close(&vcpu[i]);
		vm_close(&vm[i]);
	}
}

static void save_and_restore_machine(void)
{
	save_and_restore(0);
}

static void save_and_restore_firmware(void)
{
	save_and_restore(VMXL_VM_FIRMWARE);
}

static void get_and_set(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	u64 i;

	for (i = 1; i < 32; i++) {
		set_reg(&vcpu, REG_X(i), i << 56 | i);
		set_reg(&vcpu, REG(VMXL_RV64_FP, i), ~i);
	}
	for (i = 1; i < 32; i++) {
		CHECK_EQ(get_reg(&vcpu, REG_X(i)), i << 56 | i);
		CHECK_EQ(get_reg(&vcpu, REG(VMXL_RV64_FP, i)), ~i);
	}
	set_reg(&vcpu, REG_MODE, 1);
	CHECK_EQ(get_reg(&vcpu, REG_MODE), 1);
	CHECK_EQ(get_reg(&vcpu, REG(VMXL_RV64_CONFIG, VMXL_RV64_CONFIG_TIMEBASE)), 10000000);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static const u64 unknown[] = {
	0,
	~0ull,
	REG_X(31) & ~VMXL_REG_RV64,					/* no instruction set */
	(REG_X(1) & ~(0xffull << VMXL_REG_ISA_SHIFT)) | (u64)VMXL_ISA_A64 << VMXL_REG_ISA_SHIFT,
	VMXL_REG_RV64 | VMXL_REG_SIZE_U32 | VMXL_RV64_CORE | 1,		/* another size */
	VMXL_REG_RV64 | VMXL_REG_SIZE_U128 | VMXL_RV64_CORE | 1,
	VMXL_REG_RV64 | VMXL_RV64_CORE | 1,				/* no size */
	VMXL_REG_RV64 | 0xffull << VMXL_REG_SIZE_SHIFT | VMXL_RV64_CORE | 1,
	REG(VMXL_RV64_CORE, 33),
	REG(VMXL_RV64_CORE, VMXL_REG_INDEX_MASK),
	REG(VMXL_RV64_FP, 32),
	REG(VMXL_RV64_CSR, 4096),
	REG(VMXL_RV64_CSR, 0x8000),
	REG(VMXL_RV64_CONFIG, 100),
	REG(0, 1),
	REG(100ull << VMXL_REG_CLASS_SHIFT, 0),
	REG(VMXL_REG_CLASS_MASK, 0),
};

static void unknown_ids(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	unsigned int i;
	u64 val;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		CHECK_ERR(__get_reg(vcpu.fd, unknown[i], &val), ENOENT);
		CHECK_ERR(__set_reg(vcpu.fd, unknown[i], 0), ENOENT);
	}
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static void bad_values(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct vmxl_one_reg args = { .id = REG_X(1) };

	CHECK_ERR(__set_reg(vcpu.fd, REG_MODE, 2), EINVAL);
	CHECK_ERR(__set_reg(vcpu.fd, REG_MODE, 4), EINVAL);
	CHECK_ERR(__set_reg(vcpu.fd, REG(VMXL_RV64_CONFIG, VMXL_RV64_CONFIG_MMU), 7), EINVAL);
	CHECK_ERR(__set_reg(vcpu.fd, REG(VMXL_RV64_CONFIG, VMXL_RV64_CONFIG_TIMEBASE), 1), EINVAL);
	CHECK_ERR(sys_ioctl(vcpu.fd, VMXL_GET_ONE_REG, (unsigned long)&args), EFAULT);
	CHECK_ERR(sys_ioctl(vcpu.fd, VMXL_SET_ONE_REG, (unsigned long)&args), EFAULT);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static const struct test tests[] = {
	TEST(list),
	TEST(save_and_restore_machine),
	TEST(save_and_restore_firmware),
	TEST(get_and_set),
	TEST(unknown_ids),
	TEST(bad_values),
};
TEST_MAIN(tests)
