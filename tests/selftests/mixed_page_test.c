// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that hold code and data that the guest writes all the time. Each such store could
 * cost a fault, and drop code that is translated again: both have to become rare.
 */
#include "lib.h"

#define OTHER	(RAM + 2 * PAGE)	/* a page of a function, and of data */
#define TURNS	50000			/* stores in one go */

/* What a thousand stores may cost once it has settled: of each counter */
#define MOST	30

/* In U-mode, a0 stores each; then a device is told what a2 is, and it begins anew. */
struct guest {
	const char *name;
	const u32 *code;
	size_t nr;
	u64 data;		/* a3; 1 KiB further is a4 */
	bool counts;		/* a2 goes up with each store, else it stays 0 */
};

static const u32 atomic[] = {
	RV_AMOADD_D(RV_ZERO, RV_A5, RV_A3),
	RV_ADDI(RV_A0, RV_A0, -1),
	RV_BNE(RV_A0, RV_ZERO, -8),
	RV_LD(RV_A2, 0, RV_A3),
	RV_SD(RV_A2, 0, RV_A1),
	RV_J(-20),
};

/* From one end to the other, again and again */
static const u32 buffer[] = {
	RV_ADDI(RV_T0, RV_A3, 0),
	RV_SD(RV_A0, 0, RV_T0),
	RV_ADDI(RV_T0, RV_T0, 8),
	RV_ADDI(RV_A0, RV_A0, -1),
	RV_BEQ(RV_A0, RV_ZERO, 12),
	RV_BNE(RV_T0, RV_A4, -16),
	RV_J(-24),
	RV_SD(RV_A2, 0, RV_A1),
	RV_J(-32),
};

static const u32 two_words[] = {
	RV_SD(RV_A0, 0, RV_A3),
	RV_SD(RV_A0, 0, RV_A4),
	RV_ADDI(RV_A0, RV_A0, -2),
	RV_BNE(RV_A0, RV_ZERO, -12),
	RV_SD(RV_A2, 0, RV_A1),
	RV_J(-20),
};

/* Of the page that is written it is the function that is executed. */
static const u32 caller[] = {
	RV_JALR(RV_RA, 0, RV_S0),
	RV_SD(RV_A2, 0, RV_A3),
	RV_ADDI(RV_A0, RV_A0, -1),
	RV_BNE(RV_A0, RV_ZERO, -12),
	RV_SD(RV_A2, 0, RV_A1),
	RV_J(-20),
};

static const u32 function[] = {
	RV_ADDI(RV_A2, RV_A2, 1),
	RV_JALR(RV_ZERO, 0, RV_RA),
};

#define GUEST_OF(code, data, counts)	{ #code, code, ARRAY_SIZE(code), data, counts }

static const struct guest guests[] = {
	{ "word", guest_counts, ARRAY_SIZE(guest_counts), RAM + 0x800, true },
	GUEST_OF(atomic, RAM + 0x800, true),
	GUEST_OF(buffer, RAM + 0x800, false),
	GUEST_OF(two_words, RAM + 0x800, false),
	GUEST_OF(caller, OTHER + 0x800, true),
};

static const struct counter {
	const char *name;
	bool of_vm;
} counters[] = {
	{ "window_fault", false },
	{ "translated", false },
	{ "invalidated", true },
	{ "compiled", true },
};

#define NR_COUNTERS	ARRAY_SIZE(counters)

static void read_counters(const struct vm *vm, const struct vcpu *vcpu, u64 *val)
{
	unsigned int i;

	for (i = 0; i < NR_COUNTERS; i++)
		val[i] = stat_of(counters[i].of_vm ? vm->fd : vcpu->fd, counters[i].name);
}

static void store_often(const struct guest *g, const struct vcpu *vcpu, u64 *stored)
{
	set_reg(vcpu, REG_X(RV_A0), TURNS);
	*stored += TURNS;
	expect_store(vcpu, MMIO, 8, g->counts ? *stored : 0);
}

static void start(const struct guest *g, struct vm *vm, struct vcpu *vcpu)
{
	*vm = vm_new_ram(VMXL_VM_FIRMWARE);
	*vcpu = vcpu_new(vm, 0);
	memcpy(vm->ram + (OTHER - RAM), function, sizeof(function));
	guest_code(vm, vcpu, RAM, g->code, g->nr);
	user_mode(vm, vcpu);
	set_reg(vcpu, REG_X(RV_A1), MMIO);
	set_reg(vcpu, REG_X(RV_A2), 0);
	set_reg(vcpu, REG_X(RV_A3), g->data);
	set_reg(vcpu, REG_X(RV_A4), g->data + 1024);
	set_reg(vcpu, REG_X(RV_A5), 1);
	set_reg(vcpu, REG_X(RV_S0), OTHER);
}

/* Whatever the first stores have cost, later ones cost no more than so much. */
static void settles(void)
{
	u64 before[NR_COUNTERS], after[NR_COUNTERS], stored;
	const struct guest *g;
	struct vcpu vcpu;
	struct vm vm;
	unsigned int i;

	for (g = guests; g < guests + ARRAY_SIZE(guests); g++) {
		tap_context(g->name);
		start(g, &vm, &vcpu);
		stored = 0;
		store_often(g, &vcpu, &stored);
		read_counters(&vm, &vcpu, before);
		store_often(g, &vcpu, &stored);
		store_often(g, &vcpu, &stored);
		read_counters(&vm, &vcpu, after);
		for (i = 0; i < NR_COUNTERS; i++)
			tap_note("%s: %.2f %s in 1000 stores", g->name,
				 (after[i] - before[i]) * 1000.0 / (2 * TURNS), counters[i].name);
		for (i = 0; i < NR_COUNTERS; i++)
			CHECK((after[i] - before[i]) * 1000 <= MOST * 2ull * TURNS);
		vcpu_close(&vcpu);
		vm_close(&vm);
	}
	tap_context(NULL);
}

static const struct test tests[] = {
	TEST(settles),
};

TEST_MAIN(tests)
