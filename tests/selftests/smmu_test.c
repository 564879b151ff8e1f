// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU: what devices ask of it, but for windows (smmu_window_test.c).
 */
#include <pthread.h>
#include <unistd.h>

#include "smmu_env.h"

/* Sources that the PLIC has pending */
static u32 pending(void)
{
	return dev_get(plic, VMXL_DEV_GRP_REGS, 0x1000);
}

/* ---- devices ---- */

static struct vmxl_smmu_range out[64];

static struct vmxl_smmu_lookup lookup(u64 iova, u64 len, u32 access)
{
	struct vmxl_smmu_seg in = { .iova = iova, .len = len };
	struct vmxl_smmu_lookup l = {
		.sid = 1, .access = access, .in = (uintptr_t)&in, .out = (uintptr_t)out,
		.nr_in = 1, .nr_out = ARRAY_SIZE(out),
	};

	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_LOOKUP, (unsigned long)&l));
	return l;
}

static void dma(void)
{
	struct vmxl_smmu_seg in[2] = { { 0x100800, 0x1000 }, { 0x10e000, 0x3000 } };
	struct vmxl_smmu_lookup l;

	setup();
	l = lookup(0x1234, 16, VMXL_SMMU_WRITE);
	CHECK_EQ(l.status, VMXL_SMMU_ABORT);	/* nothing is attached */
	CHECK_EQ(l.event, 4);
	CHECK_EQ(event(), 4);
	CHECK_EQ(pending(), 1 << 3);
	attach(0);
	l = (struct vmxl_smmu_lookup) {
		.sid = 1, .access = VMXL_SMMU_WRITE, .in = (uintptr_t)in, .out = (uintptr_t)out,
		.nr_in = 2, .nr_out = ARRAY_SIZE(out),
	};
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_LOOKUP, (unsigned long)&l));
	CHECK_EQ(l.status, VMXL_SMMU_OK);
	CHECK_EQ(l.done, 0x4000);
	CHECK_EQ(l.nr_out, 5);
	CHECK_EQ(out[0].hva, (uintptr_t)ram(DATA) + 15 * PAGE + 0x800);
	CHECK_EQ(out[0].gpa, DATA + 15 * PAGE + 0x800);
	CHECK_EQ(out[0].len, 0x800);
	CHECK_EQ(out[1].gpa, DATA + 14 * PAGE);
	CHECK_EQ(out[1].len, 0x800);
	CHECK_EQ(out[4].gpa, DATA + 16 * PAGE);
	/* What lies side by side is one range. */
	l = lookup(0x110000, 0x2000, VMXL_SMMU_READ);
	CHECK_EQ(l.nr_out, 1);
	CHECK_EQ(out[0].len, 0x2000);
	/* Up to where it faults */
	l = lookup(0x111000, 0x2000, VMXL_SMMU_READ);
	CHECK_EQ(l.done, 0x1000);
	CHECK_EQ(l.status, VMXL_SMMU_ABORT);
	CHECK_EQ(event(), 0x10);
	/* Unmapped: gone as soon as the command is complete */
	ram(L3)[256 + 16] = 0;
	cmd_sync(0x12 | 1ull << 48, 0x110000 | 1);
	l = lookup(0x110000, 16, VMXL_SMMU_READ);
	CHECK_EQ(l.status, VMXL_SMMU_ABORT);
	/* Where there is no memory */
	l = lookup(300 << 12, 16, VMXL_SMMU_WRITE);
	CHECK_EQ(l.nr_out, 1);
	CHECK_EQ(out[0].hva, 0);
	CHECK_EQ(out[0].gpa, MMIO);
	/* No room for all */
	l.nr_out = 1;
	in[1].iova = 0x102000;
	l.nr_in = 2;
	l.in = (uintptr_t)in;
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_LOOKUP, (unsigned long)&l));
	CHECK_EQ(l.status, VMXL_SMMU_OK);
	CHECK_EQ(l.done, 0x800);
	teardown();
}

static void read_only(void)
{
	void *rom = pages_new(PAGE);
	struct vmxl_smmu_lookup l;

	setup();
	attach(0);
	vm_memory(vm.fd, 1, VMXL_MEM_READONLY, 0x70000000, PAGE, rom);
	ram(L3)[302] = 0x70000000 | 0xc43;
	l = lookup(302 << 12, 16, VMXL_SMMU_READ);
	CHECK_EQ(l.status, VMXL_SMMU_OK);
	CHECK_EQ(out[0].hva, (uintptr_t)rom);
	lookup(302 << 12, 16, VMXL_SMMU_WRITE);
	CHECK_EQ(out[0].hva, 0);
	teardown();
	pages_free(rom, PAGE);
}

static void reject_lookup(void)
{
	struct vmxl_smmu_seg in[2] = { { 0, 16 }, { 0, 0 } };
	const struct vmxl_smmu_lookup good = {
		.sid = 1, .access = VMXL_SMMU_READ, .in = (uintptr_t)in, .out = (uintptr_t)out,
		.nr_in = 1, .nr_out = 1,
	};
	struct vmxl_smmu_lookup l;

	setup();
#define REJECT(err, field, val) do {						\
	l = good;								\
	l.field = (val);							\
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_LOOKUP, (unsigned long)&l), err);	\
} while (0)
	REJECT(EINVAL, sid, 1 << 16);
	REJECT(EINVAL, ssid, 1);
	REJECT(EINVAL, access, 0);
	REJECT(EINVAL, access, VMXL_SMMU_EXEC);
	REJECT(EINVAL, access, VMXL_SMMU_READ | 16);
	REJECT(EINVAL, flags, VMXL_SMMU_ATS_TREQ);
	REJECT(EINVAL, flags, 1u << 31);
	REJECT(EINVAL, nr_in, 0);
	REJECT(EINVAL, nr_in, 1025);
	REJECT(EINVAL, nr_out, 0);
	REJECT(EINVAL, nr_out, 1025);
	REJECT(EINVAL, reserved[1], 1);
	REJECT(EFAULT, in, 8);
	in[0].len = ~0ull;
	in[1].len = 1;
	REJECT(EINVAL, nr_in, 2);
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_LOOKUP, 8), EFAULT);
	CHECK_ERR(sys_ioctl(smmu, VMXL_RUN, 0), ENOTTY);
	CHECK_ERR(sys_ioctl(plic, VMXL_SMMU_NEXT_MSG, 0), ENOTTY);
	teardown();
}

/* ---- stalls ---- */

static u32 stalled_stag, stalled_status;

static void *wait_stall(void *arg)
{
	struct vmxl_smmu_stalled st = { .sid = 1, .stag = stalled_stag, .flags = VMXL_SMMU_WAIT };

	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_STALLED, (unsigned long)&st));
	stalled_status = st.status;
	return NULL;
}

static void stalls(void)
{
	struct vmxl_smmu_stalled st = { .sid = 1, .flags = 2 };
	struct vmxl_smmu_lookup l;
	pthread_t thread;

	setup();
	attach(1ull << 44);
	l = lookup(0x200000, 16, VMXL_SMMU_READ);
	CHECK_EQ(l.status, VMXL_SMMU_STALL);
	CHECK_EQ(event(), 0x10);
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_STALLED, (unsigned long)&st), EINVAL);
	st = (struct vmxl_smmu_stalled) { .sid = 1, .stag = l.stag };
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_STALLED, (unsigned long)&st));
	CHECK_EQ(st.status, VMXL_SMMU_STALL);
	stalled_stag = l.stag;
	CHECK_EQ(pthread_create(&thread, NULL, wait_stall, NULL), 0);
	usleep(20000);
	*ram(L2 + 8) = (DATA & ~0x1fffffull) | 0xc41;
	cmd_sync(0x44 | 1 << 12 | 1ull << 32, l.stag);
	pthread_join(thread, NULL);
	CHECK_EQ(stalled_status, VMXL_SMMU_OK);
	l = lookup(0x200000 + (DATA & 0x1fffff), 16, VMXL_SMMU_READ);
	CHECK_EQ(l.status, VMXL_SMMU_OK);
	CHECK_EQ(out[0].gpa, DATA);
	teardown();
}

/* ---- messages ---- */

static void messages(void)
{
	struct vmxl_smmu_message m = { .sid = 1, .iova = 301 << 12, .data = 7 };

	setup();
	attach(0);
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_MESSAGE, (unsigned long)&m));
	CHECK_EQ(m.status, VMXL_SMMU_OK);
	CHECK_EQ(pending(), 1 << 7);
	m.iova = 0x100010;
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_MESSAGE, (unsigned long)&m));
	CHECK_EQ(*(u32 *)ram(DATA + 15 * PAGE + 0x10), 7);
	m.iova = 0x300000;
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_MESSAGE, (unsigned long)&m));
	CHECK_EQ(m.status, VMXL_SMMU_ABORT);
	m.iova = 300 << 12;
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_MESSAGE, (unsigned long)&m), ENXIO);
	m.iova = 2;
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_MESSAGE, (unsigned long)&m), EINVAL);
	teardown();
}

static void ats(void)
{
	struct vmxl_smmu_translation t = {
		.sid = 1, .iova = 0x100010, .access = VMXL_SMMU_READ, .flags = VMXL_SMMU_ATS_TREQ,
	};
	struct vmxl_smmu_ppr ppr = { .sid = 1, .iova = 0x1000, .flags = VMXL_SMMU_PRI_LAST };
	struct vmxl_smmu_msg msg;

	setup();
	attach(0);
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_TRANSLATE, (unsigned long)&t));
	CHECK_EQ(t.status, VMXL_SMMU_UR);
	CHECK_EQ(event(), 5);
	ram(STRTAB + 64)[1] = 1ull << 28;
	cmd_sync(0x03 | 1ull << 32, 1);
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_TRANSLATE, (unsigned long)&t));
	CHECK_EQ(t.status, VMXL_SMMU_OK);
	CHECK_EQ(t.gpa, DATA + 15 * PAGE + 0x10);
	CHECK_EQ(t.shift, 12);
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_NEXT_MSG, (unsigned long)&msg), EAGAIN);
	dev_set(smmu, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_ATS, 1);
	cmd_sync(0x40 | 1ull << 32, 0x100000);
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_NEXT_MSG, (unsigned long)&msg));
	CHECK_EQ(msg.type, VMXL_SMMU_MSG_ATC_INV);
	CHECK_EQ(msg.addr, 0x100000);
	/* There is no PRI queue: the answer is a failure. */
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_PAGE_REQUEST, (unsigned long)&ppr));
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_NEXT_MSG, (unsigned long)&msg));
	CHECK_EQ(msg.type, VMXL_SMMU_MSG_PRI_RESP);
	CHECK_EQ(msg.resp, 0);
	ppr.prgi = 512;
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_PAGE_REQUEST, (unsigned long)&ppr), EINVAL);
	t.reserved[0] = 1;
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_TRANSLATE, (unsigned long)&t), EINVAL);
	teardown();
}

/* ---- save and restore ---- */

static bool has_reg(int dev, u64 off)
{
	return __dev_attr(dev, VMXL_HAS_DEVICE_ATTR, VMXL_DEV_GRP_REGS, off, NULL) == 0;
}

/* All state into another VM with the same memory, where a stalled access goes on */
static void save_restore(void)
{
	struct vmxl_smmu_lookup l;
	int old, old_plic;
	struct vm old_vm;
	u64 off, cr0;

	setup();
	attach(1ull << 44);
	l = lookup(0x200000, 16, VMXL_SMMU_READ);
	CHECK_EQ(l.status, VMXL_SMMU_STALL);
	old = smmu;
	old_plic = plic;
	old_vm = vm;
	vcpu_close(&vcpu);
	vm = vm_new(0);
	vm.ram = old_vm.ram;
	vm_memory(vm.fd, 0, 0, RAM, RAM_SIZE, vm.ram);
	vcpu = vcpu_new(&vm, 0);
	plic = vm_plic(vm.fd, 31);
	smmu = vm_device(vm.fd, VMXL_DEV_ARM_SMMUV3);
	dev_set(smmu, VMXL_DEV_GRP_ADDR, 0, BASE);
	dev_init(smmu);
	cr0 = dev_get(old, VMXL_DEV_GRP_REGS, 0x20);
	for (off = 0x24; off < 0x30000; off += 4)
		if (has_reg(old, off))
			dev_set(smmu, VMXL_DEV_GRP_REGS, off, dev_get(old, VMXL_DEV_GRP_REGS, off));
	dev_set(smmu, VMXL_DEV_GRP_REGS, 0x20, cr0);
	CHECK_EQ(event(), 0x10);
	stalled_stag = l.stag;
	cmd_sync(0x44 | 1ull << 32, l.stag);
	wait_stall(NULL);
	CHECK_EQ(stalled_status, VMXL_SMMU_RAZWI);
	l = lookup(0x100000, 16, VMXL_SMMU_READ);
	CHECK_EQ(out[0].gpa, DATA + 15 * PAGE);
	sys_close(old);
	sys_close(old_plic);
	sys_close(old_vm.fd);
	teardown();
	sys_close(old_vm.sys);
}

static const struct test tests[] = {
	TEST(dma),
	TEST(read_only),
	TEST(reject_lookup),
	TEST(stalls),
	TEST(messages),
	TEST(ats),
	TEST(save_restore),
};

TEST_MAIN(tests)
