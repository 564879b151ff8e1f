// SPDX-License-Identifier: GPL-2.0
/*
 * As many vCPUs as a VM can have. The first starts all others by SBI's HSM; each enters an
 * address space, counts and stops; a remote fence of that address space and a range is for
 * all; and again.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "smp.h"

#ifdef __SANITIZE_THREAD__
#define NR_VCPUS	12		/* memory is many times as much */
#else
#define NR_VCPUS	256
#endif
#define TABLE		(RAM + 0x10000)
#define COUNTER		(RAM + 0x8000)
#define ENTRY		(RAM + 0x1000)
#define END		(RAM + 0x2000)
#define LEAF		0xcfull		/* valid, rwx, accessed, dirty; S-mode's */
#define ASID		5ull

/* a7 and a6: HSM's function */
#define HSM(function) \
	RV_LUI(RV_A7, 0x485), RV_ADDI(RV_A7, RV_A7, 0x34d), RV_ADDI(RV_A6, RV_ZERO, function)

/* Start the harts from 1 to tp - 1 at sp, with gp. One that has not stopped yet is asked again. */
#define START_ALL \
	RV_ADDI(RV_T0, RV_ZERO, 1), \
	RV_ADDI(RV_A0, RV_T0, 0), RV_ADDI(RV_A1, RV_SP, 0), RV_ADDI(RV_A2, RV_GP, 0), \
	HSM(0), RV_ECALL, \
	RV_BNE(RV_A0, RV_ZERO, -28), \
	RV_ADDI(RV_T0, RV_T0, 1), \
	RV_BLTU(RV_T0, RV_TP, -36)

/* s0: rounds; s1: the counter; t2: what it will be; ra: a device */
static const u32 first_code[] = {
	START_ALL,
	RV_ADD(RV_T2, RV_T2, RV_TP),
	RV_ADDI(RV_T2, RV_T2, -1),
	RV_PAUSE,
	RV_LD(RV_T1, 0, RV_S1),
	RV_BNE(RV_T1, RV_T2, -8),
	/* RFENCE, of an ASID and a page, for all harts */
	RV_LUI(RV_A7, 0x52465), RV_ADDI(RV_A7, RV_A7, -0x1bd), RV_ADDI(RV_A6, RV_ZERO, 2),
	RV_ADDI(RV_A0, RV_ZERO, -1), RV_ADDI(RV_A1, RV_ZERO, -1), RV_ADDI(RV_A2, RV_S1, 0),
	RV_LUI(RV_A3, 1), RV_ADDI(RV_A4, RV_ZERO, ASID), RV_ECALL,
	RV_ADD(RV_A5, RV_A5, RV_A0),	/* what was refused */
	RV_ADDI(RV_S0, RV_S0, -1),
	RV_BNE(RV_S0, RV_ZERO, -4 * 27),
	RV_LUI(RV_T0, 1),
	RV_ADD(RV_SP, RV_SP, RV_T0),
	START_ALL,
	RV_ADD(RV_T2, RV_T2, RV_A5),
	RV_SD(RV_T2, 0, RV_RA),
	RV_J(0),
};

/* a1: satp */
static const u32 other_code[] = {
	RV_CSRRW(RV_ZERO, 0x180, RV_A1),
	RV_SFENCE_VMA,
	RV_AUIPC(RV_T0, 7),
	RV_ADDI(RV_T0, RV_T0, -8),
	RV_ADDI(RV_T1, RV_ZERO, 1),
	RV_AMOADD_D(RV_ZERO, RV_T1, RV_T0),
	HSM(1), RV_ECALL,
	RV_J(0),
};

static const u32 end_code[] = {
	RV_LUI(RV_T0, 0x10000),
	RV_SD(RV_ZERO, 8, RV_T0),
	RV_J(0),
};

static struct smp smp;

static u64 rounds(void)
{
	const char *text = getenv("HSM_ROUNDS");

	if (text)
		return strtoul(text, NULL, 0);
	return on_kernel ? 3 : 10;
}

static void start_and_stop(unsigned int nr_workers)
{
	const u64 table[3] = { LEAF, 0, RAM >> 2 | LEAF };
	const u64 satp = 8ull << 60 | ASID << 44 | TABLE >> 12;
	const struct { unsigned int reg; u64 val; } regs[] = {
		{ RV_S0, rounds() }, { RV_S1, COUNTER }, { RV_T2, 0 }, { RV_TP, NR_VCPUS },
		{ RV_SP, ENTRY }, { RV_GP, satp }, { RV_RA, MMIO },
	};
	struct vm vm = vm_new_ram(VMXL_VM_FIRMWARE);
	unsigned int i;
	u64 told;

	smp_new_vm(&smp, &vm, NR_VCPUS, nr_workers);
	memcpy(smp.vm.ram, first_code, sizeof(first_code));
	memcpy(smp.vm.ram + (ENTRY - RAM), other_code, sizeof(other_code));
	memcpy(smp.vm.ram + (END - RAM), end_code, sizeof(end_code));
	memcpy(smp.vm.ram + (TABLE - RAM), table, sizeof(table));
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		set_reg(&smp.vcpu[0], REG_X(regs[i].reg), regs[i].val);
	set_reg(&smp.vcpu[0], REG_CSR(0x180), satp);
	smp_start(&smp, 0, RAM);
	smp_run(&smp, NR_VCPUS);
	memcpy(&told, smp.vcpu[0].run->mmio.data, 8);
	CHECK_EQ(told, rounds() * (NR_VCPUS - 1));
	CHECK_EQ(*(u64 *)(smp.vm.ram + (COUNTER - RAM)), told);
	tap_note("%llu starts and stops", (unsigned long long)told);
	smp_close(&smp);
}

static void on_threads(void)
{
	start_and_stop(0);
}

static void on_two_workers(void)
{
	start_and_stop(2);
}

static const struct test tests[] = {
	TEST(on_threads),
	TEST(on_two_workers),
};
TEST_MAIN(tests)
