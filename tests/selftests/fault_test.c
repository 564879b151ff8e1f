// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation of each ioctl fails once: the call must answer with an error,
 * or do without, and leave everything as it was. Runs where allocations can be
 * made to fail: in user space, and on a kernel with fault injection.
 */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib.h"

#define GPA		0x100000000ull
#define MOST_FAULTS	2000

struct ctx {
	struct vm vm;
	struct vcpu vcpu;
	u8 *mem;
	void *map;
	u64 stores;
	int event, dev, fd;
};

/*
 * One call and what undoes it. Without @undo the call has no effect that needs
 * undoing; @prepare puts in place what the call takes away.
 */
struct step {
	const char *name;
	int (*call)(struct ctx *c);
	void (*undo)(struct ctx *c);
	void (*prepare)(struct ctx *c);
};

static int open_device(struct ctx *c)
{
	return c->fd = sys_open(DEVICE_PATH);
}

static int create_vm(struct ctx *c)
{
	return c->fd = __create_vm(c->vm.sys, VMXL_ISA_RV64, VMXL_VM_FIRMWARE);
}

static void close_fd(struct ctx *c)
{
	CHECK_OK(sys_close(c->fd));
}

/* A vCPU lives as long as its VM: each try takes the next number. */
static int create_vcpu(struct ctx *c)
{
	static u32 id;

	return c->fd = sys_ioctl(c->vm.fd, VMXL_CREATE_VCPU, ++id);
}

static int map_run(struct ctx *c)
{
	c->map = sys_mmap(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, c->vcpu.fd, 0);
	return c->map == MAP_FAILED ? -1 : 0;
}

static int unmap_run(struct ctx *c)
{
	return sys_munmap(c->map, PAGE);
}

static void undo_map(struct ctx *c)
{
	CHECK_OK(unmap_run(c));
}

static void prepare_map(struct ctx *c)
{
	CHECK_OK(map_run(c));
}

static int add_slot(struct ctx *c)
{
	return __vm_memory(c->vm.fd, 2, VMXL_MEM_LOG_DIRTY_PAGES, GPA, 16 * PAGE, c->mem);
}

static int change_slot(struct ctx *c)
{
	return __vm_memory(c->vm.fd, 2, VMXL_MEM_LOG_DIRTY_PAGES, GPA + PAGE, 16 * PAGE, c->mem);
}

static int delete_slot(struct ctx *c)
{
	return __vm_memory(c->vm.fd, 2, 0, 0, 0, NULL);
}

static void undo_slot(struct ctx *c)
{
	CHECK_OK(delete_slot(c));
}

static void prepare_slot(struct ctx *c)
{
	delete_slot(c);
	vm_memory(c->vm.fd, 2, 0, GPA, 16 * PAGE, c->mem);
}

static void prepare_log(struct ctx *c)
{
	delete_slot(c);
	CHECK_OK(add_slot(c));
}

static int dirty_log(struct ctx *c)
{
	u64 log = ~0ull;

	return __vm_dirty_log(c->vm.fd, 2, &log);
}

static int irq_line(struct ctx *c)
{
	return __vm_irq_line(c->vm.fd, 1, 0);
}

static int irqfd(struct ctx *c)
{
	return __vm_irqfd(c->vm.fd, c->event, 3, 0);
}

static int un_irqfd(struct ctx *c)
{
	return __vm_irqfd(c->vm.fd, c->event, 3, VMXL_IRQFD_DEASSIGN);
}

static void undo_irqfd(struct ctx *c)
{
	CHECK_OK(un_irqfd(c));
}

static void prepare_irqfd(struct ctx *c)
{
	un_irqfd(c);
	CHECK_OK(irqfd(c));
}

static int ioeventfd(struct ctx *c)
{
	return __vm_ioeventfd(c->vm.fd, c->event, MMIO, 4, 0, 0);
}

static int un_ioeventfd(struct ctx *c)
{
	return __vm_ioeventfd(c->vm.fd, c->event, MMIO, 4, 0, VMXL_IOEVENTFD_DEASSIGN);
}

static void undo_ioeventfd(struct ctx *c)
{
	CHECK_OK(un_ioeventfd(c));
}

static void prepare_ioeventfd(struct ctx *c)
{
	un_ioeventfd(c);
	CHECK_OK(ioeventfd(c));
}

static int reg_list(struct ctx *c)
{
	static struct { struct vmxl_reg_list l; u64 room[600]; } list;

	list.l.n = 600;
	return sys_ioctl(c->vcpu.fd, VMXL_GET_REG_LIST, (unsigned long)&list);
}

static int get_attr(struct ctx *c)
{
	u64 val;

	return __dev_attr(c->dev, VMXL_GET_DEVICE_ATTR, VMXL_DEV_GRP_CONFIG, 0, &val);
}

static int set_attr(struct ctx *c)
{
	u64 val = 1;

	return __dev_attr(c->dev, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_REGS, 4, &val);
}

static int has_attr(struct ctx *c)
{
	return __dev_attr(c->dev, VMXL_HAS_DEVICE_ATTR, VMXL_DEV_GRP_CONFIG, 0, NULL);
}

static int get_one_reg(struct ctx *c)
{
	u64 val;

	return __get_reg(c->vcpu.fd, REG_PC, &val);
}

static int code_log(struct ctx *c)
{
	struct vmxl_code_record rec;
	struct vmxl_code_log log = { .records = (uintptr_t)&rec, .nr = 1 };

	return sys_ioctl(c->vm.fd, VMXL_GET_CODE_LOG, (unsigned long)&log);
}

static int stats_fd(struct ctx *c)
{
	return sys_ioctl(c->vcpu.fd, VMXL_GET_STATS_FD, 0);
}

static int set_one_reg(struct ctx *c)
{
	return __set_reg(c->vcpu.fd, REG_X(RV_A5), 1);
}

static int get_mp_state(struct ctx *c)
{
	struct vmxl_mp_state mp;

	return sys_ioctl(c->vcpu.fd, VMXL_GET_MP_STATE, (unsigned long)&mp);
}

static int set_mp_state(struct ctx *c)
{
	return __mp_state(c->vcpu.fd, VMXL_MP_RUNNABLE);
}

static int guest_debug(struct ctx *c)
{
	return __guest_debug(c->vcpu.fd, 0);
}

static const struct step steps[] = {
	{ "open", open_device, close_fd, NULL },
	{ "CREATE_VM", create_vm, close_fd, NULL },
	{ "CREATE_VCPU", create_vcpu, close_fd, NULL },
	{ "mmap", map_run, undo_map, NULL },
	{ "munmap", unmap_run, NULL, prepare_map },
	{ "SET_USER_MEMORY_REGION, add", add_slot, undo_slot, NULL },
	{ "SET_USER_MEMORY_REGION, change", change_slot, undo_slot, prepare_slot },
	{ "SET_USER_MEMORY_REGION, delete", delete_slot, NULL, prepare_slot },
	{ "GET_DIRTY_LOG", dirty_log, NULL, prepare_log },
	{ "IRQ_LINE", irq_line, NULL, NULL },
	{ "IRQFD", irqfd, undo_irqfd, NULL },
	{ "IRQFD, deassign", un_irqfd, NULL, prepare_irqfd },
	{ "IOEVENTFD", ioeventfd, undo_ioeventfd, NULL },
	{ "IOEVENTFD, deassign", un_ioeventfd, NULL, prepare_ioeventfd },
	{ "GET_CODE_LOG", code_log, NULL, NULL },
	{ "GET_STATS_FD", stats_fd, close_fd, NULL },
	{ "GET_ONE_REG", get_one_reg, NULL, NULL },
	{ "SET_ONE_REG", set_one_reg, NULL, NULL },
	{ "GET_REG_LIST", reg_list, NULL, NULL },
	{ "GET_MP_STATE", get_mp_state, NULL, NULL },
	{ "SET_MP_STATE", set_mp_state, NULL, NULL },
	{ "SET_GUEST_DEBUG", guest_debug, NULL, NULL },
	{ "SET_DEVICE_ATTR", set_attr, NULL, NULL },
	{ "GET_DEVICE_ATTR", get_attr, NULL, NULL },
	{ "HAS_DEVICE_ATTR", has_attr, NULL, NULL },
};

/*
 * What there may be no room for: memory, a file, a page to copy to or from. In
 * user space a file is made of a descriptor when the module asks for it.
 */
static bool is_shortage(int err)
{
	return err == ENOMEM || err == ENFILE || err == EMFILE || err == EFAULT ||
	       (err == EBADF && !on_kernel);
}

static void need_faults(void)
{
	if (!fault_available())
		tap_skip("this kernel has no fault injection");
}

/* The guest stores 0, 1, 2, ... to MMIO. */
static const u32 counter[] = {
	RV_LUI(RV_A1, MMIO >> 12),
	RV_SD(RV_A2, 0x100, RV_A1),
	RV_ADDI(RV_A2, RV_A2, 1),
	RV_J(-8),
};

static void still_works(struct ctx *c)
{
	expect_store(&c->vcpu, MMIO + 0x100, 8, c->stores++);
}

static struct ctx set_up(void)
{
	struct ctx c = { .vm = vm_new_ram(0), .mem = pages_new(16 * PAGE) };

	c.vcpu = vcpu_new(&c.vm, 0);
	GUEST(&c.vm, &c.vcpu, RAM, counter);
	set_reg(&c.vcpu, REG_X(RV_A2), 0);
	c.dev = vm_plic(c.vm.fd, 31);
	c.event = CHECK_OK(eventfd(0, 0));
	return c;
}

static void close_all(struct ctx *c)
{
	CHECK_OK(sys_close(c->dev));
	CHECK_OK(sys_close(c->vcpu.fd));
	CHECK_OK(sys_close(c->vm.fd));
	CHECK_OK(sys_close(c->vm.sys));
}

static void free_pages(struct ctx *c)
{
	close(c->event);
	pages_free(c->vm.ram, RAM_SIZE);
	pages_free(c->mem, 16 * PAGE);
}

static void tear_down(struct ctx *c)
{
	CHECK_OK(sys_munmap(c->vcpu.run, PAGE));
	close_all(c);
	free_pages(c);
}

static void try_step(struct ctx *c, const struct step *s)
{
	unsigned int n;
	bool hit = true;
	int ret, err;

	tap_context(s->name);
	for (n = 1; hit; n++) {
		CHECK(n < MOST_FAULTS);
		if (s->prepare)
			s->prepare(c);
		fault_nth(n);
		ret = s->call(c);
		err = errno;
		hit = fault_done();
		if (ret < 0 && (!hit || !is_shortage(err)))
			FAIL("fault %u %s: %s", n, hit ? "came" : "did not come", strerror(err));
		if (ret >= 0 && s->undo)
			s->undo(c);
		still_works(c);
	}
	tap_note("%s: %u faults", s->name, n - 2);
	tap_context(NULL);
}

static void each_call(void)
{
	struct ctx c;
	unsigned int i;

	need_faults();
	c = set_up();
	for (i = 0; i < ARRAY_SIZE(steps); i++)
		try_step(&c, &steps[i]);
	tear_down(&c);
}

/* A VM has one device of a type: each try needs a VM. */
static void create_device(void)
{
	bool hit = true;
	unsigned int n;
	int ret, err, dev;

	need_faults();
	for (n = 1; hit; n++) {
		struct vm vm = vm_new(0);

		CHECK(n < MOST_FAULTS);
		fault_nth(n);
		ret = __vm_device(vm.fd, VMXL_DEV_RISCV_PLIC, 0, &dev);
		err = errno;
		hit = fault_done();
		if (ret < 0) {
			CHECK(hit && is_shortage(err));
			/* Nothing of it is left in the way. */
			dev = vm_device(vm.fd, VMXL_DEV_RISCV_PLIC);
		}
		dev_set(dev, VMXL_DEV_GRP_ADDR, 0, PLIC);
		fault_nth(n);
		ret = __dev_attr(dev, VMXL_SET_DEVICE_ATTR, VMXL_DEV_GRP_CTRL,
				 VMXL_DEV_CTRL_INIT, NULL);
		err = errno;
		hit |= fault_done();
		if (ret < 0) {
			CHECK(is_shortage(err));
			dev_init(dev);
		}
		sys_close(dev);
		vm_close(&vm);
	}
}

/* Loads, stores and jumps over some pages, then the result to MMIO */
static const u32 code[] = {
	RV_LUI(RV_T0, 1),
	RV_ADD(RV_A0, RV_A0, RV_T0),
	RV_SD(RV_A0, 0, RV_A0),
	RV_LD(RV_A2, 0, RV_A0),
	RV_ADDI(RV_A3, RV_A3, -1),
	RV_BNE(RV_A3, RV_ZERO, -16),
	RV_SD(RV_A2, 0, RV_A1),
};

/* What fails within RUN leaves with an internal error, and goes on when called again. */
static void run(void)
{
	const unsigned int pages = 40;
	bool hit = true;
	unsigned int n, errors = 0;
	int ret, err;

	need_faults();
	for (n = 1; hit; n++) {
		struct vm vm = vm_new_ram(0);
		struct vcpu vcpu = vcpu_new(&vm, 0);

		CHECK(n < MOST_FAULTS);
		GUEST(&vm, &vcpu, RAM, code);
		set_reg(&vcpu, REG_X(RV_A0), RAM);
		set_reg(&vcpu, REG_X(RV_A1), MMIO);
		set_reg(&vcpu, REG_X(RV_A3), pages);
		fault_nth(n);
		ret = __vcpu_run(&vcpu);
		err = errno;
		hit = fault_done();
		if (ret < 0)
			CHECK(hit && is_shortage(err));
		if (ret < 0 || vcpu.run->exit_reason == VMXL_EXIT_INTERNAL_ERROR) {
			errors++;
			CHECK(hit);
			CHECK_OK(__vcpu_run(&vcpu));
		}
		CHECK_EQ(vcpu.run->exit_reason, VMXL_EXIT_MMIO);
		CHECK_EQ(*(u64 *)vcpu.run->mmio.data, RAM + pages * PAGE);
		vcpu_close(&vcpu);
		vm_close(&vm);
	}
	tap_note("RUN: %u faults, %u errors", n - 2, errors);
}

/* Closing cannot fail, whatever is short; the last descriptor takes the VM down. */
static void closing(void)
{
	bool hit = true;
	unsigned int n;

	need_faults();
	for (n = 1; hit; n++) {
		struct ctx c = set_up();

		CHECK(n < MOST_FAULTS);
		CHECK_OK(irqfd(&c));
		CHECK_OK(ioeventfd(&c));
		CHECK_OK(add_slot(&c));
		still_works(&c);
		CHECK_OK(sys_munmap(c.vcpu.run, PAGE));
		fault_nth(n);
		close_all(&c);
		hit = fault_done();
		free_pages(&c);
	}
	tap_note("closing: %u faults", n - 2);
}

static const struct test tests[] = {
	TEST(each_call),
	TEST(create_device),
	TEST(closing),
	TEST(run),
};
TEST_MAIN(tests)
