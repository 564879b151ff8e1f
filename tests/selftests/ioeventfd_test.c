// SPDX-License-Identifier: GPL-2.0
/*
 * IOEVENTFD: stores of the guest that signal an eventfd and do not exit.
 */
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib.h"

/* Four stores of a0 to a2, of each size; then one to MMIO tells that they are done. */
static const u32 code[] = {
	RV_SB(RV_A0, 0, RV_A2),
	RV_SH(RV_A0, 0, RV_A2),
	RV_SW(RV_A0, 0, RV_A2),
	RV_SD(RV_A0, 0, RV_A2),
	RV_SD(RV_ZERO, 0, RV_A1),
};

#define IO	0x10001000ull

struct setup {
	struct vm vm;
	struct vcpu vcpu;
	int ev;
};

static struct setup set_up(void)
{
	struct setup s;

	s.vm = vm_new_ram(0);
	s.vcpu = vcpu_new(&s.vm, 0);
	s.ev = CHECK_OK(eventfd(0, EFD_NONBLOCK));
	GUEST(&s.vm, &s.vcpu, RAM, code);
	set_reg(&s.vcpu, REG_X(RV_A1), MMIO);
	return s;
}

static void tear_down(struct setup *s)
{
	close(s->ev);
	vcpu_close(&s->vcpu);
	vm_close(&s->vm);
}

static u64 signals(int ev)
{
	u64 n = 0;

	if (read(ev, &n, sizeof(n)) < 0)
		CHECK_EQ(errno, EAGAIN);
	return n;
}

/* Run the stores; the number of them that came out to user space */
static unsigned int stores(struct setup *s, u64 addr, u64 val)
{
	unsigned int exits = 0;

	set_reg(&s->vcpu, REG_PC, RAM);
	set_reg(&s->vcpu, REG_X(RV_A0), val);
	set_reg(&s->vcpu, REG_X(RV_A2), addr);
	for (;;) {
		vcpu_run(&s->vcpu, VMXL_EXIT_MMIO);
		CHECK(s->vcpu.run->mmio.is_write);
		if (s->vcpu.run->mmio.phys_addr == MMIO)
			return exits;
		CHECK_EQ(s->vcpu.run->mmio.phys_addr, addr);
		exits++;
	}
}

static void any_length(void)
{
	struct setup s = set_up();

	CHECK_OK(__vm_ioeventfd(s.vm.fd, s.ev, IO, 0, 0, 0));
	CHECK_EQ(stores(&s, IO, 1), 0);
	CHECK_EQ(signals(s.ev), 4);
	CHECK_EQ(stores(&s, IO + 8, 1), 4);
	CHECK_EQ(stores(&s, IO - 8, 1), 4);
	CHECK_EQ(signals(s.ev), 0);
	CHECK_OK(__vm_ioeventfd(s.vm.fd, s.ev, IO, 0, 0, VMXL_IOEVENTFD_DEASSIGN));
	CHECK_EQ(stores(&s, IO, 1), 4);
	CHECK_EQ(signals(s.ev), 0);
	tear_down(&s);
}

static void each_length(void)
{
	static const u32 lens[] = { 1, 2, 4, 8 };
	struct setup s = set_up();
	unsigned int i;

	for (i = 0; i < 4; i++) {
		CHECK_OK(__vm_ioeventfd(s.vm.fd, s.ev, IO, lens[i], 0, 0));
		CHECK_EQ(stores(&s, IO, 1), 3 - i);
		CHECK_EQ(signals(s.ev), i + 1);
	}
	for (i = 0; i < 4; i++) {
		CHECK_OK(__vm_ioeventfd(s.vm.fd, s.ev, IO, lens[i], 0, VMXL_IOEVENTFD_DEASSIGN));
		CHECK_EQ(stores(&s, IO, 1), i + 1);
		CHECK_EQ(signals(s.ev), 3 - i);
	}
	tear_down(&s);
}

static void datamatch(void)
{
	const u32 match = VMXL_IOEVENTFD_DATAMATCH;
	struct setup s = set_up();
	int ev2 = CHECK_OK(eventfd(0, EFD_NONBLOCK));

	CHECK_OK(__vm_ioeventfd(s.vm.fd, s.ev, IO, 4, 1, match));
	CHECK_OK(__vm_ioeventfd(s.vm.fd, ev2, IO, 4, 2, match));
	CHECK_EQ(stores(&s, IO, 1), 3);
	CHECK_EQ(signals(s.ev), 1);
	CHECK_EQ(signals(ev2), 0);
	CHECK_EQ(stores(&s, IO, 2), 3);
	CHECK_EQ(signals(s.ev), 0);
	CHECK_EQ(signals(ev2), 1);
	CHECK_EQ(stores(&s, IO, 3), 4);
	/* Only the bits that are stored count. */
	CHECK_EQ(stores(&s, IO, 0x100000001), 3);
	CHECK_EQ(signals(s.ev), 1);
	close(ev2);
	tear_down(&s);
}

static void collisions(void)
{
	const u32 match = VMXL_IOEVENTFD_DATAMATCH, del = VMXL_IOEVENTFD_DEASSIGN;
	struct setup s = set_up();
	int fd = s.vm.fd, ev = s.ev;

	CHECK_OK(__vm_ioeventfd(fd, ev, IO, 4, 1, match));
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 1, match), EEXIST);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 0, 0), EEXIST);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 0, 0, 0), EEXIST);
	CHECK_OK(__vm_ioeventfd(fd, ev, IO, 4, 2, match));
	CHECK_OK(__vm_ioeventfd(fd, ev, IO, 2, 1, match));
	CHECK_OK(__vm_ioeventfd(fd, ev, IO + 4, 0, 0, 0));
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO + 4, 8, 7, match), EEXIST);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 3, match | del), ENOENT);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 0, del), ENOENT);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 8, 1, match | del), ENOENT);
	CHECK_OK(__vm_ioeventfd(fd, ev, IO, 4, 1, match | del));
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 1, match | del), ENOENT);
	tear_down(&s);
}

/* On the in-kernel device's addresses there is no room. */
static void device_in_the_way(void)
{
	struct setup s = set_up();
	int plic = vm_plic(s.vm.fd, 31);

	CHECK_ERR(__vm_ioeventfd(s.vm.fd, s.ev, PLIC + 4, 4, 0, 0), EEXIST);
	sys_close(plic);
	tear_down(&s);
}

static void limit(void)
{
	struct setup s = set_up();
	unsigned int i;

	for (i = 0; i < 512; i++)
		CHECK_OK(__vm_ioeventfd(s.vm.fd, s.ev, IO + 8 * i, 4, 0, 0));
	CHECK_ERR(__vm_ioeventfd(s.vm.fd, s.ev, IO + 8 * i, 4, 0, 0), ENOSPC);
	CHECK_EQ(stores(&s, IO + 8 * 511, 1), 3);
	CHECK_EQ(signals(s.ev), 1);
	for (i = 0; i < 512; i += 2)
		CHECK_OK(__vm_ioeventfd(s.vm.fd, s.ev, IO + 8 * i, 4, 0, VMXL_IOEVENTFD_DEASSIGN));
	CHECK_EQ(stores(&s, IO + 8 * 511, 1), 3);
	CHECK_EQ(stores(&s, IO + 8 * 510, 1), 4);
	/* The rest goes with the VM. */
	tear_down(&s);
}

static void reject(void)
{
	const u32 match = VMXL_IOEVENTFD_DATAMATCH;
	static const u32 lens[] = { 3, 5, 6, 7, 9, 16, ~0u };
	struct vmxl_ioeventfd args = { .addr = IO, .len = 4 };
	struct setup s = set_up();
	int fd = s.vm.fd, ev = s.ev, fds[2];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		CHECK_ERR(__vm_ioeventfd(fd, ev, IO, lens[i], 0, 0), EINVAL);
		CHECK_ERR(__vm_ioeventfd(fd, ev, IO, lens[i], 1, match), EINVAL);
	}
	for (i = 2; i < 32; i++)
		CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 0, 1u << i), EINVAL);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 1, 0), EINVAL);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 0, 1, match), EINVAL);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 1, 0x100, match), EINVAL);
	CHECK_ERR(__vm_ioeventfd(fd, ev, IO, 4, 1ull << 32, match), EINVAL);
	CHECK_ERR(__vm_ioeventfd(fd, ev, ~0ull, 8, 0, 0), EINVAL);
	CHECK_ERR(__vm_ioeventfd(fd, ev, ~0ull, 0, 0, 0), EINVAL);
	CHECK_ERR(__vm_ioeventfd(fd, -1, IO, 4, 0, 0), EBADF);
	CHECK_OK(pipe(fds));
	CHECK_ERR(__vm_ioeventfd(fd, fds[0], IO, 4, 0, 0), EINVAL);
	close(fds[0]);
	close(fds[1]);
	args.fd = ev;
	for (i = 0; i < sizeof(args.reserved); i++) {
		((u8 *)args.reserved)[i] = 1;
		CHECK_ERR(sys_ioctl(fd, VMXL_IOEVENTFD, (unsigned long)&args), EINVAL);
		((u8 *)args.reserved)[i] = 0;
	}
	CHECK_OK(sys_ioctl(fd, VMXL_IOEVENTFD, (unsigned long)&args));
	tear_down(&s);
}

static const struct test tests[] = {
	TEST(any_length),
	TEST(each_length),
	TEST(datamatch),
	TEST(collisions),
	TEST(device_in_the_way),
	TEST(limit),
	TEST(reject),
};
TEST_MAIN(tests)
