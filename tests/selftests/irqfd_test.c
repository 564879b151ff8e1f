// SPDX-License-Identifier: GPL-2.0
/*
 * IRQFD: eventfds that interrupt the guest.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib.h"

/*
 * Poll the PLIC's pending word of sources 0..31 through claim: a0 the PLIC's
 * context 0; what was claimed goes to MMIO (a1), and is completed at once.
 * a2: PLIC, a3: its enables
 */
static const u32 claim_code[] = {
	RV_ADDI(RV_T0, RV_ZERO, 1),
	RV_SW(RV_T0, 4 * 5, RV_A2),
	RV_SW(RV_T0, 4 * 6, RV_A2),
	RV_ADDI(RV_T0, RV_ZERO, 3 << 5),
	RV_SW(RV_T0, 0, RV_A3),
	RV_SW(RV_ZERO, 0, RV_A0),
	RV_LW(RV_T1, 4, RV_A0),
	RV_SW(RV_T1, 4, RV_A0),
	RV_SW(RV_T1, 0, RV_A1),
	RV_J(-12),
};

struct setup {
	struct vm vm;
	struct vcpu vcpu;
	int plic;
};

static struct setup set_up(void)
{
	struct setup s;

	s.vm = vm_new_ram(0);
	s.vcpu = vcpu_new(&s.vm, 0);
	s.plic = vm_plic(s.vm.fd, 31);
	GUEST(&s.vm, &s.vcpu, RAM, claim_code);
	set_reg(&s.vcpu, REG_X(RV_A0), PLIC + 0x200000);
	set_reg(&s.vcpu, REG_X(RV_A1), MMIO);
	set_reg(&s.vcpu, REG_X(RV_A2), PLIC);
	set_reg(&s.vcpu, REG_X(RV_A3), PLIC + 0x2000);
	expect_store(&s.vcpu, MMIO, 4, 0);
	return s;
}

static void tear_down(struct setup *s)
{
	sys_close(s->plic);
	vcpu_close(&s->vcpu);
	vm_close(&s->vm);
}

static int event_new(void)
{
	return CHECK_OK(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

static void event_signal(int fd)
{
	u64 one = 1;

	CHECK_EQ(write(fd, &one, sizeof(one)), sizeof(one));
}

/* Let the guest look until it finds an interrupt, or for a while; what it found */
static u32 claimed(struct setup *s)
{
	unsigned int i;
	u32 got;

	for (i = 0; i < 200; i++) {
		vcpu_run(&s->vcpu, VMXL_EXIT_MMIO);
		memcpy(&got, s->vcpu.run->mmio.data, 4);
		if (got)
			return got;
		/* In user space a thread delivers the event. */
		if (!on_kernel)
			usleep(1000);
	}
	return 0;
}

static void inject(void)
{
	struct setup s = set_up();
	int ev = event_new(), i;

	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 5, 0));
	CHECK_EQ(claimed(&s), 0);
	for (i = 0; i < 5; i++) {
		event_signal(ev);
		CHECK_EQ(claimed(&s), 5);
		CHECK_EQ(claimed(&s), 0);
	}
	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 5, VMXL_IRQFD_DEASSIGN));
	event_signal(ev);
	CHECK_EQ(claimed(&s), 0);
	close(ev);
	tear_down(&s);
}

/* Between claim and completion: t1 goes to MMIO before it is written back. */
static const u32 slow_code[] = {
	RV_LW(RV_T1, 4, RV_A0),
	RV_SW(RV_T1, 0, RV_A1),
	RV_SW(RV_T1, 4, RV_A0),
	RV_J(-12),
};

/* One that comes while the last is being served is served next, however many come. */
static void while_served(void)
{
	struct setup s = set_up();
	int ev = event_new(), i;

	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 5, 0));
	GUEST(&s.vm, &s.vcpu, RAM + PAGE, slow_code);
	event_signal(ev);
	for (i = 0; i < 5; i++) {
		CHECK_EQ(claimed(&s), 5);
		event_signal(ev);
		event_signal(ev);
		/* In user space a thread delivers the event. */
		if (!on_kernel)
			usleep(20000);
	}
	CHECK_EQ(claimed(&s), 5);
	CHECK_EQ(claimed(&s), 0);
	close(ev);
	tear_down(&s);
}

/* What was signalled before counts. */
static void signalled_before(void)
{
	struct setup s = set_up();
	int ev = event_new();

	event_signal(ev);
	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 6, 0));
	CHECK_EQ(claimed(&s), 6);
	close(ev);
	tear_down(&s);
}

static void assign_rules(void)
{
	struct setup s = set_up();
	int ev = event_new(), ev2 = event_new();
	u32 first, second;

	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 5, 0));
	CHECK_ERR(__vm_irqfd(s.vm.fd, ev, 5, 0), EBUSY);
	CHECK_ERR(__vm_irqfd(s.vm.fd, ev, 6, 0), EBUSY);
	/* Two eventfds may share a line. */
	CHECK_OK(__vm_irqfd(s.vm.fd, ev2, 5, 0));
	CHECK_ERR(__vm_irqfd(s.vm.fd, ev, 6, VMXL_IRQFD_DEASSIGN), ENOENT);
	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 5, VMXL_IRQFD_DEASSIGN));
	CHECK_ERR(__vm_irqfd(s.vm.fd, ev, 5, VMXL_IRQFD_DEASSIGN), ENOENT);
	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 6, 0));
	event_signal(ev);
	event_signal(ev2);
	first = claimed(&s);
	second = claimed(&s);
	/* At the same priority the lower number comes first, where both are there at once. */
	if (on_kernel)
		CHECK_EQ(first, 5);
	CHECK_EQ(first + second, 5 + 6);
	CHECK_EQ(first == second, 0);
	close(ev);
	close(ev2);
	tear_down(&s);
}

/* An eventfd may serve two VMs. */
static void two_vms(void)
{
	struct setup s[2] = { set_up(), set_up() };
	int ev = event_new();

	CHECK_OK(__vm_irqfd(s[0].vm.fd, ev, 5, 0));
	CHECK_OK(__vm_irqfd(s[1].vm.fd, ev, 6, 0));
	event_signal(ev);
	CHECK_EQ(claimed(&s[0]) + claimed(&s[1]) > 0, 1);
	tear_down(&s[0]);
	event_signal(ev);
	CHECK_EQ(claimed(&s[1]), 6);
	tear_down(&s[1]);
	close(ev);
}

/* How often it was signalled since the last look */
static u64 event_count(int fd)
{
	u64 n = 0;

	CHECK(read(fd, &n, sizeof(n)) == sizeof(n) || errno == EAGAIN);
	return n;
}

#define PLIC_HELD	0x1200

/* In user space a thread delivers the event. */
static void wait_held(struct setup *s, u32 gsi)
{
	unsigned int i;

	for (i = 0; i < 1000 && !(dev_get(s->plic, VMXL_DEV_GRP_REGS, PLIC_HELD) >> gsi & 1); i++)
		usleep(1000);
	CHECK_EQ(dev_get(s->plic, VMXL_DEV_GRP_REGS, PLIC_HELD), 1u << gsi);
}

/* The line is up until the guest completes, however often it is signalled; then we hear of it. */
static void resample(void)
{
	struct setup s = set_up();
	int ev = event_new(), done = event_new(), i;

	CHECK_OK(__vm_irqfd_resample(s.vm.fd, ev, 5, done));
	for (i = 0; i < 3; i++) {
		event_signal(ev);
		/* A thread could come with it after the completion. */
		if (on_kernel)
			event_signal(ev);
		wait_held(&s, 5);
		CHECK_EQ(event_count(done), 0);
		CHECK_EQ(claimed(&s), 5);
		CHECK_EQ(event_count(done), 1);
		CHECK_EQ(claimed(&s), 0);
		CHECK_EQ(event_count(done), 0);
	}
	/* It is no longer heard of, and works on. */
	close(done);
	event_signal(ev);
	CHECK_EQ(claimed(&s), 5);
	CHECK_OK(__vm_irqfd(s.vm.fd, ev, 5, VMXL_IRQFD_DEASSIGN | VMXL_IRQFD_RESAMPLE));
	event_signal(ev);
	CHECK_EQ(claimed(&s), 0);
	close(ev);
	tear_down(&s);
}

/* What comes while the last is being served is up to who hears of the completion. */
static void resample_while_served(void)
{
	struct setup s = set_up();
	int ev = event_new(), done = event_new();

	CHECK_OK(__vm_irqfd_resample(s.vm.fd, ev, 5, done));
	GUEST(&s.vm, &s.vcpu, RAM + PAGE, slow_code);
	event_signal(ev);
	wait_held(&s, 5);
	CHECK_EQ(claimed(&s), 5);
	if (on_kernel)
		event_signal(ev);
	CHECK_EQ(event_count(done), 0);
	CHECK_EQ(claimed(&s), 0);
	CHECK_EQ(event_count(done), 1);
	event_signal(ev);
	CHECK_EQ(claimed(&s), 5);
	close(ev);
	close(done);
	tear_down(&s);
}

/* Two share a line with each other and with IRQ_LINE, whose level is its own. */
static void resample_shared(void)
{
	struct setup s = set_up();
	int ev[2] = { event_new(), event_new() }, done[2] = { event_new(), event_new() }, i;

	for (i = 0; i < 2; i++)
		CHECK_OK(__vm_irqfd_resample(s.vm.fd, ev[i], 5, done[i]));
	event_signal(ev[0]);
	wait_held(&s, 5);
	CHECK_OK(__vm_irq_line(s.vm.fd, 5, 0));
	CHECK_OK(__vm_irq_line(s.vm.fd, 6, 1));
	CHECK_EQ(claimed(&s), 5);
	CHECK_EQ(event_count(done[0]), 1);
	CHECK_EQ(event_count(done[1]), 1);
	CHECK_EQ(claimed(&s), 6);
	CHECK_OK(__vm_irq_line(s.vm.fd, 6, 0));
	CHECK_EQ(claimed(&s), 6);
	CHECK_EQ(claimed(&s), 0);
	CHECK_EQ(event_count(done[0]), 0);
	/* The line stays up while one of them is there. */
	event_signal(ev[1]);
	wait_held(&s, 5);
	CHECK_OK(__vm_irqfd(s.vm.fd, ev[1], 5, VMXL_IRQFD_DEASSIGN));
	wait_held(&s, 5);
	CHECK_OK(__vm_irqfd(s.vm.fd, ev[0], 5, VMXL_IRQFD_DEASSIGN));
	CHECK_EQ(dev_get(s.plic, VMXL_DEV_GRP_REGS, PLIC_HELD), 0);
	for (i = 0; i < 2; i++) {
		close(ev[i]);
		close(done[i]);
	}
	tear_down(&s);
}

/* An eventfd that is its own resample eventfd: the guest's line stays up for ever. */
static void resample_itself(void)
{
	struct setup s = set_up();
	int ev = event_new(), i;

	CHECK_OK(__vm_irqfd_resample(s.vm.fd, ev, 5, ev));
	event_signal(ev);
	for (i = 0; i < 10; i++)
		CHECK_EQ(claimed(&s), 5);
	close(ev);
	tear_down(&s);
}

/* The guest completes interrupts all the while that irqfds come and go. */
static void *assign_loop(void *opaque)
{
	const struct setup *s = opaque;
	int i;

	for (i = 0; i < 300; i++) {
		int ev = event_new(), done = event_new();

		CHECK_OK(__vm_irqfd_resample(s->vm.fd, ev, 5, done));
		event_signal(ev);
		if (i & 1)
			CHECK_OK(__vm_irqfd(s->vm.fd, ev, 5, VMXL_IRQFD_DEASSIGN));
		close(ev);
		close(done);
	}
	return NULL;
}

static void resample_race(void)
{
	struct setup s = set_up();
	pthread_t thread;
	void *ret;

	CHECK_OK(__vm_irq_line(s.vm.fd, 5, 1));
	CHECK(!pthread_create(&thread, NULL, assign_loop, &s));
	while (pthread_tryjoin_np(thread, &ret))
		vcpu_run(&s.vcpu, VMXL_EXIT_MMIO);
	tear_down(&s);
}

static void reject(void)
{
	struct vmxl_irqfd args = { .gsi = 5 };
	struct vm vm = vm_new(0);
	int ev = event_new(), plic, fds[2];
	unsigned int bit, i;

	CHECK_ERR(__vm_irqfd(vm.fd, ev, 5, 0), ENXIO);
	plic = vm_plic(vm.fd, 31);
	CHECK_ERR(__vm_irqfd(vm.fd, ev, 0, 0), EINVAL);
	CHECK_ERR(__vm_irqfd(vm.fd, ev, 32, 0), EINVAL);
	CHECK_ERR(__vm_irqfd(vm.fd, ev, ~0u, 0), EINVAL);
	CHECK_ERR(__vm_irqfd(vm.fd, -1, 5, 0), EBADF);
	CHECK_ERR(__vm_irqfd(vm.fd, 12345, 5, 0), EBADF);
	CHECK_ERR(__vm_irqfd(vm.fd, 12345, 5, VMXL_IRQFD_DEASSIGN), EBADF);
	CHECK_OK(pipe(fds));
	CHECK_ERR(__vm_irqfd(vm.fd, fds[0], 5, 0), EINVAL);
	CHECK_ERR(__vm_irqfd(vm.fd, fds[0], 5, VMXL_IRQFD_DEASSIGN), EINVAL);
	CHECK_ERR(__vm_irqfd_resample(vm.fd, ev, 5, fds[0]), EINVAL);
	close(fds[0]);
	close(fds[1]);
	for (bit = 2; bit < 32; bit++)
		CHECK_ERR(__vm_irqfd(vm.fd, ev, 5, 1u << bit), EINVAL);
	args.fd = ev;
	args.resamplefd = ev;
	CHECK_ERR(sys_ioctl(vm.fd, VMXL_IRQFD, (unsigned long)&args), EINVAL);
	CHECK_ERR(__vm_irqfd_resample(vm.fd, ev, 5, -1), EBADF);
	CHECK_ERR(__vm_irqfd_resample(vm.fd, ev, 5, 12345), EBADF);
	CHECK_ERR(__vm_irqfd_resample(vm.fd, 12345, 5, ev), EBADF);
	CHECK_ERR(__vm_irqfd_resample(vm.fd, ev, 32, ev), EINVAL);
	args.resamplefd = 0;
	for (i = 0; i < sizeof(args.reserved); i++) {
		((u8 *)args.reserved)[i] = 0x80;
		CHECK_ERR(sys_ioctl(vm.fd, VMXL_IRQFD, (unsigned long)&args), EINVAL);
		((u8 *)args.reserved)[i] = 0;
	}
	CHECK_OK(sys_ioctl(vm.fd, VMXL_IRQFD, (unsigned long)&args));
	close(ev);
	sys_close(plic);
	vm_close(&vm);
}

/* Closing the eventfd, the VM, both, in any order, with signals in flight */
static void *signal_loop(void *opaque)
{
	int ev = *(int *)opaque, i;
	u64 one = 1;

	for (i = 0; i < 2000; i++)
		if (write(ev, &one, sizeof(one)) < 0)
			break;
	return NULL;
}

static void closing(void)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		struct vm vm = vm_new(0);
		int ev = event_new(), mine = CHECK_OK(dup(ev)), plic = vm_plic(vm.fd, 31);
		pthread_t thread;

		CHECK_OK(__vm_irqfd(vm.fd, ev, 5, 0));
		CHECK(!pthread_create(&thread, NULL, signal_loop, &mine));
		if (i & 1)
			close(ev);
		if (i & 2)
			CHECK_OK(__vm_irqfd(vm.fd, mine, 5, VMXL_IRQFD_DEASSIGN));
		vm_close(&vm);
		sys_close(plic);
		pthread_join(thread, NULL);
		close(mine);
		if (!(i & 1))
			close(ev);
	}
}

/* The eventfd goes while the VM stays: the irqfd goes with it. */
static void hang_up(void)
{
	struct vm vm = vm_new(0);
	int plic = vm_plic(vm.fd, 31), i;

	for (i = 0; i < 100; i++) {
		int ev = event_new();

		CHECK_OK(__vm_irqfd(vm.fd, ev, 5, 0));
		close(ev);
	}
	sys_close(plic);
	vm_close(&vm);
}

static const struct test tests[] = {
	TEST(inject),
	TEST(while_served),
	TEST(signalled_before),
	TEST(assign_rules),
	TEST(two_vms),
	TEST(resample),
	TEST(resample_while_served),
	TEST(resample_shared),
	TEST(resample_itself),
	TEST(resample_race),
	TEST(reject),
	TEST(closing),
	TEST(hang_up),
};
TEST_MAIN(tests)
