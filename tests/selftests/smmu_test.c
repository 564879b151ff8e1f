// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU: guest code is its driver (what Linux's arm-smmu-v3 does to probe, to
 * reset and to attach), the test is the devices behind it.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib.h"

#define BASE		0x40000000ull
#define FRAME		0x50000000ull	/* messages here are interrupts */
#define CMDQ		(RAM + 0x10000)
#define EVENTQ		(RAM + 0x11000)
#define STRTAB		(RAM + 0x20000)
#define CD		(RAM + 0x30000)
#define L1		(RAM + 0x31000)
#define L2		(RAM + 0x32000)
#define L3		(RAM + 0x33000)
#define DATA		(RAM + 0x40000)
#define SYNC		(RAM + 0x38000)

static struct vm vm;
static struct vcpu vcpu;
static int smmu, plic;
static u32 prod, cons;

static u64 *ram(u64 gpa)
{
	return (u64 *)(vm.ram + (gpa - RAM));
}

/* ---- the guest ---- */

static const u32 code[] = {
	RV_SW(RV_A1, 0, RV_A0), RV_SW(RV_A1, 0, RV_A2),		/* 0: write 32 bits */
	RV_SD(RV_A1, 0, RV_A0), RV_SW(RV_A1, 0, RV_A2),		/* 8: write 64 bits */
	RV_LWU(RV_A1, 0, RV_A0), RV_SW(RV_A1, 0, RV_A2),	/* 16: read 32 bits */
};

static u32 step(u32 at, u64 off, u64 val)
{
	set_reg(&vcpu, REG_X(RV_A0), BASE + off);
	set_reg(&vcpu, REG_X(RV_A1), val);
	set_reg(&vcpu, REG_X(RV_A2), MMIO);
	set_reg(&vcpu, REG_PC, RAM + at);
	vcpu_run(&vcpu, VMXL_EXIT_MMIO);
	return get_reg(&vcpu, REG_X(RV_A1));
}

static void wr(u64 off, u32 val)
{
	step(0, off, val);
}

static void wr64(u64 off, u64 val)
{
	step(8, off, val);
}

static u32 rd(u64 off)
{
	return step(16, off, 0);
}

static void wr_ack(u64 off, u64 ack, u32 val)
{
	wr(off, val);
	CHECK_EQ(rd(ack), val);
}

static void cmd(u64 w0, u64 w1)
{
	ram(CMDQ)[(prod & 15) * 2] = w0;
	ram(CMDQ)[(prod & 15) * 2 + 1] = w1;
	prod = (prod + 1) & 31;
	wr(0x98, prod);
}

/* A command and a SYNC, whose message is polled for in memory */
static void cmd_sync(u64 w0, u64 w1)
{
	cmd(w0, w1);
	*ram(SYNC) = 0;
	cmd(0x46 | 1ull << 12 | 3ull << 22 | 0xfull << 24 | 1ull << 32, SYNC);
	while (!*(volatile u64 *)ram(SYNC))
		;
	CHECK_EQ(rd(0x9c), prod);
}

/* The device's reset, step by step */
static void driver(void)
{
	CHECK_EQ(rd(0x0) & 0x80f, 0xb & 0x80f);
	CHECK_EQ(rd(0x4) >> 28 & 7, 0);
	wr(0x44, 1u << 31 | 1u << 20);
	CHECK_EQ(rd(0x44), 1u << 20);
	wr_ack(0x20, 0x24, 0);
	wr(0x28, 0xd75);
	wr(0x2c, 2);
	wr64(0x80, STRTAB | 1ull << 62);
	wr(0x88, 6);
	wr64(0x90, CMDQ | 1ull << 62 | 4);
	wr(0x98, 0);
	wr(0x9c, 0);
	wr_ack(0x20, 0x24, 8);
	cmd_sync(0x04, 31);
	cmd_sync(0x30, 0);
	wr64(0xa0, EVENTQ | 1ull << 62 | 4);
	wr(0x100a8, 0);
	wr(0x100ac, 0);
	wr_ack(0x20, 0x24, 0xc);
	wr_ack(0x50, 0x54, 0);
	wr_ack(0x50, 0x54, 5);
	wr_ack(0x20, 0x24, 0xd);
}

/* Stream 1: stage 1, 39 bits, 4K; DATA's first 16 pages at 1 MiB in reverse order */
static void attach(u64 cd_flags)
{
	u64 *ste = ram(STRTAB + 64), *cd = ram(CD);
	unsigned int i;

	*ram(L1) = L2 | 3;
	*ram(L2) = L3 | 3;
	for (i = 0; i < 16; i++)
		ram(L3)[256 + i] = (DATA + (15 - i) * PAGE) | 0xc43;
	ram(L3)[256 + 16] = (DATA + 16 * PAGE) | 0xc43;
	ram(L3)[256 + 17] = (DATA + 17 * PAGE) | 0xc43;
	ram(L3)[300] = MMIO | 0xc43;
	ram(L3)[301] = FRAME | 0xc43;
	cd[1] = L1;
	cd[0] = 1ull << 31 | 1ull << 41 | 1ull << 30 | 25 | 5ull << 32 | 3ull << 45 | 1ull << 48 |
		cd_flags;
	ste[1] = 0;
	ste[0] = 1 | 5 << 1 | CD;
	cmd_sync(0x03 | 1ull << 32, 1);
}

static void setup(void)
{
	prod = 0;
	cons = 0;
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	plic = vm_plic(vm.fd, 31);
	smmu = vm_device(vm.fd, VMXL_DEV_ARM_SMMUV3);
	dev_set(smmu, VMXL_DEV_GRP_ADDR, 0, BASE);
	dev_set(smmu, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_IRQ_EVENTQ, 3);
	dev_set(smmu, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_IRQ_GERROR, 4);
	dev_set(smmu, VMXL_DEV_GRP_CONFIG, VMXL_SMMU_MSI_FRAME, FRAME);
	dev_init(smmu);
	GUEST(&vm, &vcpu, RAM, code);
	driver();
}

static void teardown(void)
{
	sys_close(smmu);
	sys_close(plic);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* Sources that the PLIC has pending */
static u32 pending(void)
{
	return dev_get(plic, VMXL_DEV_GRP_REGS, 0x1000);
}

/* The next event, 0: none */
static u32 event(void)
{
	u32 id;

	if (rd(0x100a8) == cons)
		return 0;
	id = (u8)ram(EVENTQ)[(cons & 15) * 4];
	cons = (cons + 1) & 31;
	wr(0x100ac, cons);
	return id;
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

/* ---- windows ---- */

#define WIN_LEN		0x400000ul

static __thread sigjmp_buf no_access;

static void on_no_access(int sig)
{
	siglongjmp(no_access, 1);
}

static void catch_faults(void)
{
	struct sigaction sa = { .sa_handler = on_no_access, .sa_flags = SA_NODEFER };

	CHECK_OK(sigaction(SIGBUS, &sa, NULL));
	CHECK_OK(sigaction(SIGSEGV, &sa, NULL));
}

/* An access of a device model: whether there was one */
static bool peek(u8 *win, u64 iova, u64 *val)
{
	if (sigsetjmp(no_access, 1))
		return false;
	*val = *(volatile u64 *)(win + iova);
	return true;
}

static bool poke(u8 *win, u64 iova, u64 val)
{
	if (sigsetjmp(no_access, 1))
		return false;
	*(volatile u64 *)(win + iova) = val;
	return true;
}

static u64 see(u8 *win, u64 iova)
{
	u64 val;

	CHECK(peek(win, iova, &val));
	return val;
}

static struct vmxl_smmu_window window(u32 sid, u64 iova, u64 len)
{
	struct vmxl_smmu_window w = { .sid = sid, .iova = iova, .len = len };

	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_WINDOW, (unsigned long)&w));
	return w;
}

/* What the last access came to, that was not to be */
static struct vmxl_smmu_window_fault no_way(const struct vmxl_smmu_window *w, u64 iova, bool write)
{
	struct vmxl_smmu_window_fault f = { .id = w->id };
	u64 val, nr;

	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_WINDOW_FAULT, (unsigned long)&f));
	nr = f.nr;
	CHECK(!(write ? poke((u8 *)w->hva, iova - w->iova, 1) :
			peek((u8 *)w->hva, iova - w->iova, &val)));
	CHECK_OK(sys_ioctl(smmu, VMXL_SMMU_WINDOW_FAULT, (unsigned long)&f));
	CHECK_EQ(f.nr, nr + 1);
	CHECK_EQ(f.iova, iova & -PAGE);
	CHECK_EQ(f.access, write ? VMXL_SMMU_WRITE : VMXL_SMMU_READ);
	return f;
}

static void unmap_page(u64 iova)
{
	__atomic_store_n(&ram(L3)[iova >> 12], 0, __ATOMIC_RELAXED);
	cmd_sync(0x12 | 1ull << 48, iova | 1);
}

static void windows(void)
{
	struct vmxl_smmu_window w, other;
	unsigned int i;
	u8 *win;

	setup();
	catch_faults();
	w = window(1, 0, WIN_LEN);
	other = window(2, 0x100000, 16 * PAGE);
	CHECK(other.id != w.id && other.hva != w.hva);
	win = (u8 *)w.hva;
	/* Nothing is attached: C_BAD_STE */
	CHECK_EQ(no_way(&w, 0x100000, false).event, 4);
	CHECK_EQ(event(), 4);
	attach(0);
	for (i = 0; i < 16; i++) {
		*ram(DATA + i * PAGE) = 100 + i;
		CHECK_EQ(see(win, 0x10f000 - i * PAGE), 100 + i);
	}
	/* Stores go where loads come from, and stay in sight. */
	CHECK(poke(win, 0x100008, 77));
	CHECK_EQ(ram(DATA + 15 * PAGE)[1], 77);
	ram(DATA + 15 * PAGE)[1] = 78;
	CHECK_EQ(see(win, 0x100008), 78);
	CHECK_EQ(event(), 0);
	/* A neighbour that is unmapped stays out, with an event each time. */
	unmap_page(0x101000);
	CHECK_EQ(see(win, 0x100008), 78);
	for (i = 0; i < 2; i++) {
		struct vmxl_smmu_window_fault f = no_way(&w, 0x101010, i);

		CHECK_EQ(f.status, VMXL_SMMU_ABORT);
		CHECK_EQ(f.event, 0x10);
		CHECK_EQ(event(), 0x10);
	}
	/* Another page in its place */
	ram(L3)[0x101] = DATA | 0xc43;
	CHECK_EQ(see(win, 0x101000), 100);
	/* No memory there: nobody is told but the device model. */
	CHECK_EQ(no_way(&w, 300 << 12, true).event, 0);
	CHECK_EQ(event(), 0);
	/* Stream 2 has no way in, and never had. */
	CHECK_EQ(no_way(&other, 0x100000, false).event, 4);
	CHECK_EQ(event(), 4);
	teardown();
}

/* What invalidates a translation takes the page out, and nothing else does. */
static void window_invalidation(void)
{
	static const struct {
		u64 w0, w1;
		bool zaps;
	} cmds[] = {
		{ 0x12 | 1ull << 48, 0x100000, true },			/* TLBI_NH_VA */
		{ 0x12 | 1ull << 48, 0x104000, false },
		{ 0x12 | 1ull << 48 | 31 << 12, 0x0f0000 | 1 << 10, true },	/* a range */
		{ 0x13, 0x100000, true },				/* TLBI_NH_VAA */
		{ 0x13 | 9ull << 32, 0x100000, false },			/* of another VMID */
		{ 0x11 | 1ull << 48, 0, true },				/* TLBI_NH_ASID */
		{ 0x11 | 2ull << 48, 0, false },
		{ 0x10, 0, true },					/* TLBI_NH_ALL */
		{ 0x20, 0, false },					/* TLBI_EL2_ALL */
		{ 0x2a, 0x100000, false },				/* TLBI_S2_IPA */
		{ 0x28, 0, true },					/* TLBI_S12_VMALL */
		{ 0x30, 0, true },					/* TLBI_NSNH_ALL */
	};
	struct vmxl_smmu_window w;
	unsigned int i;
	u8 *win;

	setup();
	catch_faults();
	attach(0);
	w = window(1, 0x100000, 16 * PAGE);
	win = (u8 *)w.hva;
	*ram(DATA) = 1;
	*ram(DATA + PAGE) = 2;
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		ram(L3)[0x100] = DATA | 0xc43;
		cmd_sync(0x30, 0);
		CHECK_EQ(see(win, 0), 1);
		/* The page is there until it is taken out, whatever the tables say. */
		ram(L3)[0x100] = (DATA + PAGE) | 0xc43;
		cmd_sync(cmds[i].w0, cmds[i].w1);
		CHECK_EQ(see(win, 0), cmds[i].zaps ? 2 : 1);
	}
	teardown();
}

/* As above for the stream's configuration, and for the SMMU's own */
static void window_config(void)
{
	static const struct {
		u64 w0, w1;
		bool zaps;
	} cmds[] = {
		{ 0x03 | 1ull << 32, 1, true },				/* CFGI_STE */
		{ 0x03 | 2ull << 32, 1, false },
		{ 0x05 | 1ull << 32, 1, true },				/* CFGI_CD */
		{ 0x05 | 1ull << 32 | 1 << 12, 1, false },
		{ 0x06 | 1ull << 32, 0, true },				/* CFGI_CD_ALL */
		{ 0x04, 31, true },					/* CFGI_ALL */
	};
	struct vmxl_smmu_window w;
	unsigned int i;
	u8 *win;

	setup();
	catch_faults();
	attach(0);
	w = window(1, 0x100000, 16 * PAGE);
	win = (u8 *)w.hva;
	*ram(DATA + 15 * PAGE) = 1;
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		CHECK_EQ(see(win, 0), 1);
		ram(CD)[0] &= ~(1ull << 31);
		cmd_sync(cmds[i].w0, cmds[i].w1);
		if (cmds[i].zaps) {
			CHECK_EQ(no_way(&w, 0x100000, false).event, 10);
			CHECK_EQ(event(), 10);
		} else {
			CHECK_EQ(see(win, 0), 1);
		}
		ram(CD)[0] |= 1ull << 31;
	}
	/* The SMMU is off: addresses are memory's; GBPA says whether at all. */
	wr_ack(0x20, 0x24, 0xc);
	CHECK_EQ(no_way(&w, 0x100000, false).status, VMXL_SMMU_ABORT);
	wr(0x44, 1u << 31);
	w = window(1, RAM, RAM_SIZE);
	CHECK_EQ(see((u8 *)w.hva, DATA + 15 * PAGE - RAM), 1);
	wr(0x44, 1u << 31 | 1u << 20);
	CHECK_EQ(no_way(&w, DATA, false).status, VMXL_SMMU_ABORT);
	wr_ack(0x20, 0x24, 0xd);
	CHECK_EQ(no_way(&w, DATA, false).event, 0x10);
	teardown();
}

/* A block goes as a whole. */
static void window_block(void)
{
	struct vmxl_smmu_window w;
	u8 *win;

	setup();
	catch_faults();
	attach(0);
	*ram(DATA) = 1;
	*ram(DATA + PAGE) = 2;
	*ram(L2) = (DATA & ~0x1fffffull) | 0xc41;
	*ram(RAM + 0x100000 - PAGE) = 5;
	w = window(1, 0, WIN_LEN);
	win = (u8 *)w.hva;
	CHECK_EQ(see(win, 0xff000), 5);
	CHECK_EQ(see(win, DATA & 0x1fffff), 1);
	*ram(L2) = L3 | 3;
	ram(L3)[0xff] = (DATA + PAGE) | 0xc43;
	cmd_sync(0x12 | 1ull << 48, 0x2000 | 1);
	CHECK_EQ(see(win, 0xff000), 2);
	teardown();
}

/* Read-only and then not; the access flag and the dirty state by the SMMU */
static void window_writes(void)
{
	struct vmxl_smmu_window w;
	u64 old;

	setup();
	catch_faults();
	attach(3ull << 42);		/* HA, HD */
	w = window(1, 0x100000, 16 * PAGE);
	old = ram(L3)[0x100];
	ram(L3)[0x100] = old | 0x80;
	CHECK_EQ(see((u8 *)w.hva, 0), 0);
	CHECK_EQ(no_way(&w, 0x100000, true).event, 0x13);
	CHECK_EQ(event(), 0x13);
	ram(L3)[0x100] = old;
	cmd_sync(0x12 | 1ull << 48, 0x100000 | 1);
	CHECK(poke((u8 *)w.hva, 0, 3));
	CHECK_EQ(*ram(DATA + 15 * PAGE), 3);
	/* Writable once it is dirty (DBM), which a read does not make it */
	ram(L3)[0x101] = ((DATA + PAGE) | 0x443 | 0x80 | 1ull << 51) & ~0x400ull;
	cmd_sync(0x12 | 1ull << 48, 0x101000 | 1);
	CHECK_EQ(see((u8 *)w.hva, PAGE), *ram(DATA + PAGE));
	CHECK_EQ(ram(L3)[0x101] & 0x480, 0x480);
	CHECK(poke((u8 *)w.hva, PAGE, 4));
	CHECK_EQ(ram(L3)[0x101] & 0x480, 0x400);
	CHECK_EQ(*ram(DATA + PAGE), 4);
	teardown();
}

/* The dirty log sees stores by windows, and each anew after it was read. */
static void window_dirty_log(void)
{
	u64 bits[RAM_SIZE / PAGE / 64];
	struct vmxl_smmu_window w;
	unsigned int i;

	setup();
	catch_faults();
	attach(0);
	w = window(1, 0x100000, 16 * PAGE);
	CHECK(poke((u8 *)w.hva, 0, 1));
	vm_memory(vm.fd, 0, VMXL_MEM_LOG_DIRTY_PAGES, RAM, RAM_SIZE, vm.ram);
	for (i = 0; i < 3; i++) {
		CHECK_OK(__vm_dirty_log(vm.fd, 0, bits));
		CHECK_EQ(see((u8 *)w.hva, 0), i ? i - 1 + 5 : 1);
		CHECK(poke((u8 *)w.hva, 0, i + 5));
		CHECK_OK(__vm_dirty_log(vm.fd, 0, bits));
		CHECK_EQ(bits[0x4f / 64] >> (0x4f % 64) & 1, 1);
	}
	teardown();
}

/* Memory that goes is gone from windows; what comes in its place is seen. */
static void window_memslots(void)
{
	u64 *more = pages_new(PAGE);
	struct vmxl_smmu_window w;

	setup();
	catch_faults();
	attach(0);
	ram(L3)[302] = 0x70000000 | 0xc43;
	w = window(1, 302 << 12, PAGE);
	no_way(&w, 302 << 12, false);
	vm_memory(vm.fd, 1, 0, 0x70000000, PAGE, more);
	*more = 9;
	CHECK_EQ(see((u8 *)w.hva, 0), 9);
	CHECK(poke((u8 *)w.hva, 0, 10));
	CHECK_EQ(*more, 10);
	vm_memory(vm.fd, 1, 0, 0x70000000, 0, more);
	CHECK_EQ(no_way(&w, 302 << 12, false).event, 0);
	vm_memory(vm.fd, 1, VMXL_MEM_READONLY, 0x70000000, PAGE, more);
	CHECK_EQ(see((u8 *)w.hva, 0), 10);
	no_way(&w, 302 << 12, true);
	teardown();
	pages_free(more, PAGE);
}

/* Code that a device replaces is the code that runs. */
static void window_code(void)
{
	struct vmxl_smmu_window w;
	unsigned int i;

	setup();
	catch_faults();
	attach(0);
	w = window(1, 0x100000, 16 * PAGE);
	set_reg(&vcpu, REG_X(RV_A2), MMIO);
	for (i = 0; i < 6; i++) {
		CHECK(poke((u8 *)w.hva, 0, RV_ADDI(RV_A1, RV_ZERO, i) |
			   (u64)RV_SW(RV_A1, 0, RV_A2) << 32));
		set_reg(&vcpu, REG_PC, DATA + 15 * PAGE);
		expect_store(&vcpu, MMIO, 4, i);
	}
	teardown();
}

/* A reservation does not outlive a device's store to its page, whatever it stores. */
static void window_reservation(void)
{
	static const u32 lr_sc[] = {
		RV_LR_D(RV_A1, RV_A0), RV_SW(RV_ZERO, 0, RV_A2),
		RV_SC_D(RV_A1, RV_ZERO, RV_A0), RV_SW(RV_A1, 0, RV_A2),
	};
	struct vmxl_smmu_window w;
	unsigned int i;

	setup();
	catch_faults();
	attach(0);
	w = window(1, 0x100000, 16 * PAGE);
	guest_code(&vm, &vcpu, RAM + 0x100, lr_sc, ARRAY_SIZE(lr_sc));
	set_reg(&vcpu, REG_X(RV_A0), DATA + 15 * PAGE);
	set_reg(&vcpu, REG_X(RV_A2), MMIO);
	for (i = 0; i < 8; i++) {
		CHECK(poke((u8 *)w.hva, 8, 0));
		set_reg(&vcpu, REG_PC, RAM + 0x100);
		expect_store(&vcpu, MMIO, 4, 0);
		CHECK_EQ(see((u8 *)w.hva, 0), 0);
		if (i % 2)
			CHECK(poke((u8 *)w.hva, i % 4 * 8 - 8, 0));
		expect_store(&vcpu, MMIO, 4, i % 2);
	}
	teardown();
}

static void reject_windows(void)
{
	const struct vmxl_smmu_window good = { .sid = 1, .iova = PAGE, .len = PAGE };
	struct vmxl_smmu_window_fault f = { .id = 0 };
	struct vmxl_smmu_window w;
	unsigned int i;

	setup();
#define REJECT_WIN(err, field, val) do {					\
	w = good;								\
	w.field = (val);							\
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_WINDOW, (unsigned long)&w), err);	\
} while (0)
	REJECT_WIN(EINVAL, sid, 1 << 16);
	REJECT_WIN(EINVAL, ssid, 1);
	REJECT_WIN(EINVAL, flags, VMXL_SMMU_NO_STALL);
	REJECT_WIN(EINVAL, iova, 16);
	REJECT_WIN(EINVAL, iova, -PAGE / 2);
	REJECT_WIN(EINVAL, len, 0);
	REJECT_WIN(EINVAL, len, PAGE / 2);
	REJECT_WIN(EINVAL, len, (1ull << 38) + PAGE);
	REJECT_WIN(EINVAL, len, ~0ull << 12);
	REJECT_WIN(EINVAL, reserved, 1);
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_WINDOW, 8), EFAULT);
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_WINDOW_FAULT, (unsigned long)&f), EINVAL);
	for (i = 0; i < 64; i++) {
		w = window(i, 0, PAGE);
		CHECK_EQ(w.id, i);
	}
	REJECT_WIN(ENOSPC, len, PAGE);
	f.id = 64;
	CHECK_ERR(sys_ioctl(smmu, VMXL_SMMU_WINDOW_FAULT, (unsigned long)&f), EINVAL);
	teardown();
}

/* A device model writes while the guest maps, unmaps and is told that it is done. */
static u32 racing;
static u8 *race_win;

static void *race_model(void *arg)
{
	u64 n = 0, val;

	while (__atomic_load_n(&racing, __ATOMIC_RELAXED)) {
		if (poke(race_win, 0, ++n))
			continue;
		/* It is not mapped: then nothing of its is. */
		peek(race_win, 8, &val);
	}
	return NULL;
}

/* What is unmapped when CMD_SYNC is over is not written to any more. */
static void window_race(void)
{
	struct vmxl_smmu_window w;
	pthread_t thread;
	unsigned int i;
	u64 seen;

	setup();
	catch_faults();
	attach(0);
	w = window(1, 0x100000, PAGE);
	race_win = (u8 *)w.hva;
	__atomic_store_n(&racing, 1, __ATOMIC_RELAXED);
	CHECK_EQ(pthread_create(&thread, NULL, race_model, NULL), 0);
	for (i = 0; i < 50; i++) {
		__atomic_store_n(&ram(L3)[0x100], DATA | 0xc43, __ATOMIC_RELAXED);
		usleep(i % 4 * 50);
		unmap_page(0x100000);
		seen = *(volatile u64 *)ram(DATA);
		usleep(100);
		CHECK_EQ(*(volatile u64 *)ram(DATA), seen);
		/* Make room: the other thread has filled the queue with events. */
		cons = rd(0x100a8) & 31;
		wr(0x100ac, rd(0x100a8));
	}
	__atomic_store_n(&racing, 0, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	teardown();
}

static const struct test tests[] = {
	TEST(dma),
	TEST(read_only),
	TEST(reject_lookup),
	TEST(stalls),
	TEST(messages),
	TEST(ats),
	TEST(save_restore),
	TEST(windows),
	TEST(window_invalidation),
	TEST(window_config),
	TEST(window_block),
	TEST(window_writes),
	TEST(window_dirty_log),
	TEST(window_memslots),
	TEST(window_code),
	TEST(window_reservation),
	TEST(window_race),
	TEST(reject_windows),
};
TEST_MAIN(tests)
