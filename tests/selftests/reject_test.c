// SPDX-License-Identifier: GPL-2.0
/*
 * Every ioctl with every field that may not be as it is: a table of fields,
 * each with the values that must be refused and the error. Whatever is not in
 * a row is as in the command's valid argument, so that the field is the reason.
 */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib.h"
#include "../../kmod/ioctl_data.h"

enum file { SYS, VM, VCPU, DEV, NR_FILES };

#define GPA	0x100000000ull

/* Filled in when a test starts */
static int fds[NR_FILES];
static int event;
static u8 *mem;
static u64 value;

struct arg {
	union {
		union vmxl_ioctl_data d;
		u8 bytes[64];
	};
	u64 more[600];
};

static void valid_create_vm(struct arg *a)
{
	a->d.create_vm.isa = VMXL_ISA_RV64;
}

static void valid_region(struct arg *a)
{
	a->d.region.slot = 2;
	a->d.region.guest_phys_addr = GPA + 16 * PAGE;
	a->d.region.memory_size = PAGE;
	a->d.region.userspace_addr = (uintptr_t)mem;
}

static void valid_dirty_log(struct arg *a)
{
	a->d.dirty_log.slot = 1;
	a->d.dirty_log.bitmap = (uintptr_t)&value;
}

static void valid_range(struct arg *a)
{
	a->d.range.guest_phys_addr = GPA;
	a->d.range.size = PAGE;
}

static void valid_irq_level(struct arg *a)
{
	a->d.irq_level.gsi = 1;
}

static void valid_irqfd(struct arg *a)
{
	a->d.irqfd.fd = event;
	a->d.irqfd.gsi = 1;
}

static void valid_ioeventfd(struct arg *a)
{
	a->d.ioeventfd.fd = event;
	a->d.ioeventfd.addr = 0x10000000;
	a->d.ioeventfd.len = 4;
}

static void valid_create_device(struct arg *a)
{
	a->d.create_device.type = VMXL_DEV_RISCV_ACLINT;
}

static void valid_code_log(struct arg *a)
{
	a->d.code_log.records = (uintptr_t)a->more;
	a->d.code_log.nr = 16;
}

static void valid_attr(struct arg *a)
{
	a->d.attr.group = VMXL_DEV_GRP_CONFIG;
	a->d.attr.attr = VMXL_PLIC_NR_SOURCES;
	a->d.attr.addr = (uintptr_t)&value;
	value = 127;
}

static void valid_one_reg(struct arg *a)
{
	a->d.one_reg.id = REG_X(1);
	a->d.one_reg.addr = (uintptr_t)&value;
}

static void valid_reg_list(struct arg *a)
{
	a->d.reg_list.n = ARRAY_SIZE(a->more);
}

static void valid_zero(struct arg *a)
{
	(void)a;
}

/* Sets of values */
static const u64 one_bits[] = { 1, 2, 4, 0x80, 0x8000, 1u << 31, 1ull << 32, 1ull << 63, ~0ull };
static const u64 flags_from_0[] = { 1, 2, 0x80, 0x10000, 1u << 31, ~0u };
static const u64 flags_from_1[] = { 2, 4, 8, 0x80, 0x10000, 1u << 31, 3, ~0u };
static const u64 flags_from_2[] = { 4, 8, 16, 0x80, 0x10000, 1u << 31, 5, ~0u };
static const u64 bad_isas[] = { 0, 2, 3, 4, ~0u };
static const u64 bad_slots[] = { 64, 65, 1u << 31, ~0u };
static const u64 misaligned[] = { 1, 8, PAGE - 1, PAGE + 1, ~0ull };
static const u64 bad_hvas[] = { 1, PAGE + 8, 1ull << 63, ~0ull & ~(PAGE - 1), 0xffff800000000000 };
static const u64 bad_gpas[] = { 1, PAGE + 8, ~0ull & ~(PAGE - 1) };
static const u64 wrapping[] = { ~0ull, ~0ull - PAGE + 2 };
static const u64 too_long[] = { (1ull << 30) + 1, 1ull << 40, 1ull << 63, ~0ull };
static const u64 no_slots[] = { 0, 2, 63 };
static const u64 bad_pointers[] = { 0, 1, 1ull << 63, ~0ull - 7, 0xffff800000000000 };
static const u64 levels[] = { 2, 3, 1u << 31, ~0u };
static const u64 bad_gsis[] = { 0, 128, 1u << 31, ~0u };
static const u64 bad_fds[] = { 9999, 1u << 31, ~0u };
static const u64 bad_lens[] = { 3, 5, 6, 7, 9, 16, 1u << 31, ~0u };
static const u64 bad_types[] = { 0, 3, 1u << 31, ~0u };
static const u64 taken_types[] = { VMXL_DEV_RISCV_PLIC };
static const u64 bad_groups[] = { 4, 5, 1u << 31, ~0u };
static const u64 bad_attrs[] = { 1, 2, 1ull << 32, ~0ull };
static const u64 bad_ids[] = { 0, 1, VMXL_RV64_CORE, REG_X(33), REG(100ull << 32, 0), ~0ull };
static const u64 few[] = { 0, 1, 31 };
static const u64 bad_policies[] = { 4, 5, 1u << 31, ~0u };
static const u64 bad_slices[] = { 1, 99999, 1000000001, 1ull << 63, ~0ull };
static const u64 bad_periods[] = { 1, 999999, 1000000001, 1ull << 63, ~0ull };
static const u64 bad_runtimes[] = { 1, 99999, 6400000001ull, 1ull << 63, ~0ull };
static const u64 bad_weights[] = { 65537, 1u << 31, ~0u };
static const u64 bad_caps[] = { 101, 1u << 31, ~0u };
static const u64 bad_cpus[] = { 1, 255, 256, 1u << 31, ~0u };
static const u64 bad_states[] = { 2, 3, 1u << 31, ~0u };

#define F(s, m, vals, err) { #s "." #m, offsetof(struct vmxl_##s, m), \
	sizeof(((struct vmxl_##s *)0)->m), vals, ARRAY_SIZE(vals), err }

struct field {
	const char *name;
	size_t offset, size;
	const u64 *vals;
	unsigned int nr_vals;
	int err;
};

static const struct field f_create_vm[] = {
	F(create_vm, isa, bad_isas, EINVAL),
	F(create_vm, flags, flags_from_1, EINVAL),
	F(create_vm, reserved, one_bits, EINVAL),
};

static const struct field f_region[] = {
	F(memory_region, slot, bad_slots, EINVAL),
	F(memory_region, flags, flags_from_2, EINVAL),
	F(memory_region, guest_phys_addr, bad_gpas, EINVAL),
	F(memory_region, memory_size, misaligned, EINVAL),
	F(memory_region, userspace_addr, bad_hvas, EINVAL),
	F(memory_region, reserved, one_bits, EINVAL),
};

static const struct field f_range[] = {
	F(memory_range, guest_phys_addr, wrapping, EINVAL),
	F(memory_range, size, too_long, EINVAL),
};

static const struct field f_dirty_log[] = {
	F(dirty_log, slot, bad_slots, EINVAL),
	F(dirty_log, slot, no_slots, ENOENT),
	F(dirty_log, reserved, flags_from_1, EINVAL),
	F(dirty_log, bitmap, bad_pointers, EFAULT),
};

static const struct field f_irq_level[] = {
	F(irq_level, gsi, bad_gsis, EINVAL),
	F(irq_level, level, levels, EINVAL),
};

static const struct field f_irqfd[] = {
	F(irqfd, fd, bad_fds, EBADF),
	F(irqfd, gsi, bad_gsis, EINVAL),
	F(irqfd, flags, flags_from_2, EINVAL),
	F(irqfd, resamplefd, flags_from_1, EINVAL),
	F(irqfd, reserved, one_bits, EINVAL),
};

static const struct field f_ioeventfd[] = {
	F(ioeventfd, datamatch, one_bits, EINVAL),
	F(ioeventfd, len, bad_lens, EINVAL),
	F(ioeventfd, fd, bad_fds, EBADF),
	F(ioeventfd, flags, flags_from_2, EINVAL),
	F(ioeventfd, reserved, flags_from_1, EINVAL),
};

static const struct field f_create_device[] = {
	F(create_device, type, bad_types, ENODEV),
	F(create_device, type, taken_types, EEXIST),
	F(create_device, flags, flags_from_1, EINVAL),
	F(create_device, reserved, flags_from_1, EINVAL),
};

static const struct field f_code_log[] = {
	F(code_log, flags, flags_from_0, EINVAL),
	F(code_log, lost, one_bits, EINVAL),
	F(code_log, reserved, one_bits, EINVAL),
};

static const struct field f_attr[] = {
	F(device_attr, flags, flags_from_1, EINVAL),
	F(device_attr, group, bad_groups, ENXIO),
	F(device_attr, attr, bad_attrs, ENXIO),
	F(device_attr, addr, bad_pointers, EFAULT),
};

static const struct field f_has_attr[] = {
	F(device_attr, flags, flags_from_1, EINVAL),
	F(device_attr, group, bad_groups, ENXIO),
	F(device_attr, attr, bad_attrs, ENXIO),
};

static const struct field f_one_reg[] = {
	F(one_reg, id, bad_ids, ENOENT),
	F(one_reg, addr, bad_pointers, EFAULT),
};

static const struct field f_reg_list[] = {
	F(reg_list, n, few, E2BIG),
};

static const struct field f_mp_state[] = {
	F(mp_state, state, bad_states, EINVAL),
	F(mp_state, reserved, flags_from_1, EINVAL),
};

static const struct field f_debug[] = {
	F(guest_debug, control, flags_from_2, EINVAL),
	F(guest_debug, reserved, flags_from_1, EINVAL),
	F(guest_debug, reserved2, one_bits, EINVAL),
};

static const struct field f_sched[] = {
	F(sched_params, policy, bad_policies, EINVAL),
	F(sched_params, flags, flags_from_1, EINVAL),
	F(sched_params, slice_ns, bad_slices, EINVAL),
	F(sched_params, period_ns, bad_periods, EINVAL),
	F(sched_params, runtime_ns, bad_runtimes, EINVAL),
	F(sched_params, reserved, one_bits, EINVAL),
};

static const struct field f_sched_vcpu[] = {
	F(sched_vcpu, vcpu, bad_cpus, ENOENT),
	F(sched_vcpu, flags, flags_from_1, EINVAL),
	F(sched_vcpu, weight, bad_weights, EINVAL),
	F(sched_vcpu, cap, bad_caps, EINVAL),
	F(sched_vcpu, period_ns, bad_periods, EINVAL),
	F(sched_vcpu, runtime_ns, bad_runtimes, EINVAL),
	F(sched_vcpu, reserved, one_bits, EINVAL),
};

/* @accepts: the valid argument does no harm, and is tried first to prove that it is valid. */
static const struct {
	const char *name;
	unsigned int cmd;
	enum file file;
	void (*valid)(struct arg *a);
	const struct field *fields;
	unsigned int nr_fields;
	bool accepts;
} table[] = {
#define T(cmd, file, name, fields, accepts) \
	{ #cmd, cmd, file, valid_##name, fields, ARRAY_SIZE(fields), accepts }
	T(VMXL_CREATE_VM, SYS, create_vm, f_create_vm, false),
	T(VMXL_SET_USER_MEMORY_REGION, VM, region, f_region, true),
	T(VMXL_GET_DIRTY_LOG, VM, dirty_log, f_dirty_log, true),
	T(VMXL_MEMORY_WRITTEN, VM, range, f_range, true),
	T(VMXL_IRQ_LINE, VM, irq_level, f_irq_level, true),
	T(VMXL_IRQFD, VM, irqfd, f_irqfd, false),
	T(VMXL_IOEVENTFD, VM, ioeventfd, f_ioeventfd, false),
	T(VMXL_CREATE_DEVICE, VM, create_device, f_create_device, false),
	T(VMXL_GET_CODE_LOG, VM, code_log, f_code_log, true),
	T(VMXL_GET_ONE_REG, VCPU, one_reg, f_one_reg, true),
	T(VMXL_SET_ONE_REG, VCPU, one_reg, f_one_reg, true),
	T(VMXL_GET_REG_LIST, VCPU, reg_list, f_reg_list, true),
	T(VMXL_SET_MP_STATE, VCPU, zero, f_mp_state, true),
	T(VMXL_SET_GUEST_DEBUG, VCPU, zero, f_debug, true),
	T(VMXL_SET_DEVICE_ATTR, DEV, attr, f_attr, true),
	T(VMXL_GET_DEVICE_ATTR, DEV, attr, f_attr, true),
	T(VMXL_HAS_DEVICE_ATTR, DEV, attr, f_has_attr, true),
	T(VMXL_SET_SCHED, VM, zero, f_sched, true),
	T(VMXL_SET_SCHED_VCPU, VM, zero, f_sched_vcpu, true),
#undef T
};

/* Each unit of the field in turn: an array's element, or the field itself */
static void try_field(unsigned int i, const struct field *f)
{
	size_t unit = f->size > 8 ? (f->offset % 8 ? 4 : 8) : f->size, at;
	struct arg a;
	unsigned int v;

	for (at = f->offset; at < f->offset + f->size; at += unit) {
		for (v = 0; v < f->nr_vals; v++) {
			memset(&a, 0, sizeof(a));
			table[i].valid(&a);
			memcpy(a.bytes + at, &f->vals[v], unit);
			errno = 0;
			if (sys_ioctl(fds[table[i].file], table[i].cmd, (unsigned long)&a) != -1 ||
			    errno != f->err)
				FAIL("%s at %zu, value 0x%llx: %s, want %s", f->name, at,
				     (unsigned long long)f->vals[v], strerror(errno),
				     strerror(f->err));
		}
	}
}

static void rejected_fields(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct arg a;
	unsigned int i, f;

	mem = pages_new(PAGE);
	event = CHECK_OK(eventfd(0, 0));
	vm_memory(vm.fd, 1, VMXL_MEM_LOG_DIRTY_PAGES, GPA, PAGE, mem);
	fds[SYS] = vm.sys;
	fds[VM] = vm.fd;
	fds[VCPU] = vcpu.fd;
	fds[DEV] = vm_device(vm.fd, VMXL_DEV_RISCV_PLIC);
	dev_set(fds[DEV], VMXL_DEV_GRP_ADDR, 0, PLIC);
	CHECK(ARRAY_SIZE(a.more) == 600);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		tap_context(table[i].name);
		memset(&a, 0, sizeof(a));
		table[i].valid(&a);
		if (table[i].accepts)
			CHECK_OK(sys_ioctl(fds[table[i].file], table[i].cmd, (unsigned long)&a));
		for (f = 0; f < table[i].nr_fields; f++)
			try_field(i, &table[i].fields[f]);
	}
	sys_close(fds[DEV]);
	vcpu_close(&vcpu);
	vm_close(&vm);
	close(event);
	pages_free(mem, PAGE);
}

/* Commands that take a number, not a structure */
static void rejected_numbers(void)
{
	static const unsigned long bad[] = { 1, 2, PAGE, 1ul << 32, ~0ul };
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_ERR(sys_ioctl(vm.sys, VMXL_GET_API_VERSION, bad[i]), EINVAL);
		CHECK_ERR(sys_ioctl(vm.sys, VMXL_GET_VCPU_MMAP_SIZE, bad[i]), EINVAL);
		CHECK_ERR(sys_ioctl(vcpu.fd, VMXL_RUN, bad[i]), EINVAL);
		if (bad[i] >= 256)
			CHECK_ERR(sys_ioctl(vm.fd, VMXL_CREATE_VCPU, bad[i]), EINVAL);
	}
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* Random arguments: any answer is fine, as long as there is one. */
static void random_arguments(void)
{
	struct vm vm = vm_new_ram(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct arg *a = calloc(1, sizeof(*a)), copy;
	unsigned int n, i, b;
	long fd;

	CHECK(a);
	mem = pages_new(PAGE);
	event = CHECK_OK(eventfd(0, 0));
	fds[SYS] = vm.sys;
	fds[VM] = vm.fd;
	fds[VCPU] = vcpu.fd;
	fds[DEV] = vm_device(vm.fd, VMXL_DEV_RISCV_PLIC);
	srandom(1);
	for (n = 0; n < 20000; n++) {
		i = random() % ARRAY_SIZE(table);
		memset(a, 0, sizeof(*a));
		table[i].valid(a);
		for (b = random() % 3; b; b--)
			a->bytes[random() % sizeof(a->bytes)] ^= 1 << random() % 8;
		copy = *a;
		/* Nothing may be written but to memory of the test's own. */
		if (table[i].cmd == VMXL_GET_DIRTY_LOG || table[i].cmd == VMXL_GET_ONE_REG ||
		    table[i].cmd == VMXL_GET_DEVICE_ATTR)
			memcpy(a->bytes + (table[i].cmd == VMXL_GET_DEVICE_ATTR ? 16 : 8),
			       &(u64){ (uintptr_t)copy.more }, 8);
		fd = sys_ioctl(fds[table[i].file], table[i].cmd, (unsigned long)a);
		if (fd > 0 && table[i].cmd == VMXL_CREATE_VM)
			sys_close(fd);
		if (!fd && table[i].cmd == VMXL_CREATE_DEVICE && !a->d.create_device.flags)
			sys_close(a->d.create_device.fd);
	}
	free(a);
	sys_close(fds[DEV]);
	vcpu_close(&vcpu);
	vm_close(&vm);
	close(event);
	pages_free(mem, PAGE);
}

static const struct test tests[] = {
	TEST(rejected_fields),
	TEST(rejected_numbers),
	TEST(random_arguments),
};
TEST_MAIN(tests)
