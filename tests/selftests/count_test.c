// SPDX-License-Identifier: GPL-2.0
/*
 * Translated code counts its instructions from the first look at their number, and exactly
 * then; before, it does not.
 */
#include <pthread.h>
#include <unistd.h>

#include "lib.h"

#define TURNS	200000

/*
 * In U-mode: a0 turns that nobody counts, after which a device is told; then it is told how
 * many instructions it had executed before and after as many turns.
 */
static const u32 looks[] = {
	RV_ADDI(RV_T0, RV_A0, 0),
	RV_ADDI(RV_T0, RV_T0, -1),
	RV_BNE(RV_T0, RV_ZERO, -4),
	RV_SD(RV_ZERO, 0, RV_A1),
	RV_CSRRS(RV_S0, RV_CSR_INSTRET, RV_ZERO),
	RV_ADDI(RV_T0, RV_A0, 0),
	RV_ADDI(RV_T0, RV_T0, -1),
	RV_BNE(RV_T0, RV_ZERO, -4),
	RV_CSRRS(RV_S1, RV_CSR_INSTRET, RV_ZERO),
	RV_SD(RV_S0, 0, RV_A1),
	RV_SD(RV_S1, 0, RV_A1),
	RV_J(-44),
};

/* From the first look to before the second */
#define BETWEEN	(2 + 2 * TURNS)
/* From one store of zero to the next */
#define ROUND	(ARRAY_SIZE(looks) - 4 + 4 * TURNS)

static void start(struct vm *vm, struct vcpu *vcpu, u32 nr)
{
	u32 i;

	*vm = vm_new_ram(VMXL_VM_FIRMWARE);
	for (i = 0; i < nr; i++) {
		vcpu[i] = vcpu_new(vm, i);
		guest_code(vm, &vcpu[i], RAM, looks, ARRAY_SIZE(looks));
		user_mode(vm, &vcpu[i]);
		set_reg(&vcpu[i], REG_CSR(RV_CSR_SCOUNTEREN), 7);
		set_reg(&vcpu[i], REG_X(RV_A0), TURNS);
		set_reg(&vcpu[i], REG_X(RV_A1), MMIO);
		CHECK_OK(__mp_state(vcpu[i].fd, VMXL_MP_RUNNABLE));
	}
}

static u64 stored(const struct vcpu *vcpu)
{
	u64 val;

	vcpu_run(vcpu, VMXL_EXIT_MMIO);
	CHECK(vcpu->run->mmio.is_write && vcpu->run->mmio.len == sizeof(val));
	memcpy(&val, vcpu->run->mmio.data, sizeof(val));
	return val;
}

static void round_counts(const struct vcpu *vcpu)
{
	u64 before;

	CHECK_EQ(stored(vcpu), 0);
	before = stored(vcpu);
	CHECK_EQ(stored(vcpu) - before, BETWEEN);
}

static void guest_looks(void)
{
	struct vcpu vcpu;
	struct vm vm;
	u32 i;

	start(&vm, &vcpu, 1);
	CHECK_EQ(stored(&vcpu), 0);
	CHECK_EQ(stat_of(vm.fd, "counted"), 0);
	CHECK(stat_of(vcpu.fd, "insns") < TURNS);
	set_reg(&vcpu, REG_PC, RAM);
	for (i = 0; i < 3; i++)
		round_counts(&vcpu);
	CHECK_EQ(stat_of(vm.fd, "counted"), 1);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static void vmm_looks(void)
{
	struct vcpu vcpu;
	struct vm vm;
	u64 before, i;

	start(&vm, &vcpu, 1);
	CHECK_EQ(stored(&vcpu), 0);
	before = get_reg(&vcpu, REG_ICOUNT);
	CHECK(before < TURNS);
	CHECK_EQ(stat_of(vm.fd, "counted"), 1);
	for (i = 0; i < 3; i++) {
		stored(&vcpu);
		stored(&vcpu);
		CHECK_EQ(stored(&vcpu), 0);
		CHECK_EQ(get_reg(&vcpu, REG_ICOUNT) - before, ROUND);
		before += ROUND;
	}
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* In M-mode: what is counted from here on is going to be read. */
static const u32 sets[] = {
	RV_CSRRW(RV_ZERO, RV_CSR_MINSTRET, RV_ZERO),
	RV_SD(RV_ZERO, 0, RV_A1),
};

static void guest_sets(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);

	GUEST(&vm, &vcpu, RAM, sets);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	CHECK_EQ(stat_of(vm.fd, "counted"), 0);
	CHECK_EQ(stored(&vcpu), 0);
	CHECK_EQ(stat_of(vm.fd, "counted"), 1);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static void *look_often(void *vcpu)
{
	u32 i;

	for (i = 0; i < 5; i++)
		round_counts(vcpu);
	return NULL;
}

/* Whoever looks first, while the others are anywhere: what each of them sees is exact. */
static void several_look(void)
{
	struct vcpu vcpu[3];
	pthread_t thread[ARRAY_SIZE(vcpu)];
	struct vm vm;
	u32 i, k;

	for (k = 0; k < 10; k++) {
		start(&vm, vcpu, ARRAY_SIZE(vcpu));
		for (i = 0; i < ARRAY_SIZE(vcpu); i++) {
			CHECK(!pthread_create(&thread[i], NULL, look_often, &vcpu[i]));
			usleep(100 * k);
		}
		for (i = 0; i < ARRAY_SIZE(vcpu); i++) {
			pthread_join(thread[i], NULL);
			vcpu_close(&vcpu[i]);
		}
		vm_close(&vm);
	}
}

static const struct test tests[] = {
	TEST(guest_looks),
	TEST(vmm_looks),
	TEST(guest_sets),
	TEST(several_look),
};

TEST_MAIN(tests)
