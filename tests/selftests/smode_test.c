// SPDX-License-Identifier: GPL-2.0
/*
 * Translated code in S-mode: interrupts come when they are let, and no sooner; a page that
 * becomes valid needs no fence (Svvptc).
 */
#include "lib.h"

#define TURNS		1000
#define TRAP		(RAM + 0x100)
#define TABLE		(USER_TABLE + PAGE)
#define LEAF_TABLE	(USER_TABLE + 2 * PAGE)
#define DATA		(RAM + 0x20000)
#define VIRTUAL		0x40000000ull
#define NR_PAGES	256
#define PTE(gpa, flags)	((gpa) >> 12 << 10 | (flags))
#define LEAF(gpa)	PTE(gpa, 0xcf)

static struct vm vm;
static struct vcpu vcpu;

static u64 *at(u64 gpa)
{
	return (u64 *)(vm.ram + (gpa - RAM));
}

/* RAM and the device where they are, for S-mode; a0 and a1 as most code here wants them */
static void set_up(const u32 *code, size_t nr, const u32 *trap, size_t nr_trap)
{
	u64 *root;

	vm = vm_new_ram(VMXL_VM_FIRMWARE);
	vcpu = vcpu_new(&vm, 0);
	root = user_mode(&vm, &vcpu);
	root[MMIO >> 30] = LEAF(0);
	root[RAM >> 30] = LEAF(RAM);
	guest_code(&vm, &vcpu, TRAP, trap, nr_trap);
	guest_code(&vm, &vcpu, RAM, code, nr);
	set_reg(&vcpu, REG_MODE, 1);
	set_reg(&vcpu, REG_CSR(RV_CSR_STVEC), TRAP);
	set_reg(&vcpu, REG_X(RV_A0), TURNS);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
}

static void tear_down(void)
{
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* The timer's interrupt waits while sstatus is written, FS off and on with it, and SIE is not. */
static void masked(void)
{
	static const u32 code[] = {
		RV_CSRRS(RV_ZERO, RV_CSR_SSTATUS, RV_T0),
		RV_CSRRC(RV_ZERO, RV_CSR_SSTATUS, RV_T2),
		RV_CSRRS(RV_ZERO, RV_CSR_SSTATUS, RV_T2),
		RV_ADDI(RV_A4, RV_A4, 1),
		RV_BNE(RV_A4, RV_A0, -16),
		RV_CSRRS(RV_ZERO, RV_CSR_SSTATUS, RV_T1),
		RV_ADDI(RV_A4, RV_ZERO, 0),
		RV_SD(RV_A4, 0, RV_A1),
	};
	static const u32 trap[] = { RV_SD(RV_A4, 0, RV_A1) };

	set_up(code, ARRAY_SIZE(code), trap, ARRAY_SIZE(trap));
	set_reg(&vcpu, REG_X(RV_T0), 0);
	set_reg(&vcpu, REG_X(RV_T1), 2);
	set_reg(&vcpu, REG_X(RV_T2), 3 << 13);
	set_reg(&vcpu, REG_CSR(RV_CSR_SIE), 1 << 5);
	set_reg(&vcpu, REG_CSR(RV_CSR_STIMECMP), 0);
	expect_store(&vcpu, MMIO, 8, TURNS);
	CHECK_EQ(get_reg(&vcpu, REG_CSR(RV_CSR_SEPC)), RAM + 6 * 4);
	tear_down();
}

/* Each page is read where it is not there, mapped, and read again: one trap for each. */
static void no_fence(void)
{
	static const u32 code[] = {
		RV_LD(RV_A2, 0, RV_A3),
		RV_ADD(RV_S0, RV_S0, RV_A2),
		RV_ADD(RV_A3, RV_A3, RV_A6),
		RV_BLTU(RV_A3, RV_A4, -12),
		RV_SD(RV_A5, 0, RV_A1),
		RV_SD(RV_S0, 0, RV_A1),
	};
	static const u32 trap[] = {
		RV_ADDI(RV_A5, RV_A5, 1),
		RV_SD(RV_T1, 0, RV_T0),
		RV_ADDI(RV_T0, RV_T0, 8),
		RV_SRET,
	};

	set_up(code, ARRAY_SIZE(code), trap, ARRAY_SIZE(trap));
	at(USER_TABLE)[VIRTUAL >> 30] = PTE(TABLE, 1);
	at(TABLE)[0] = PTE(LEAF_TABLE, 1);
	*at(DATA) = 3;
	set_reg(&vcpu, REG_X(RV_A3), VIRTUAL);
	set_reg(&vcpu, REG_X(RV_A4), VIRTUAL + NR_PAGES * PAGE);
	set_reg(&vcpu, REG_X(RV_A6), PAGE);
	set_reg(&vcpu, REG_X(RV_T0), LEAF_TABLE);
	set_reg(&vcpu, REG_X(RV_T1), LEAF(DATA));
	expect_store(&vcpu, MMIO, 8, NR_PAGES);
	expect_store(&vcpu, MMIO, 8, 3 * NR_PAGES);
	tear_down();
}

static const struct test tests[] = {
	TEST(masked),
	TEST(no_fence),
};

TEST_MAIN(tests)
