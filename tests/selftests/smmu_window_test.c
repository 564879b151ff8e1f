// SPDX-License-Identifier: GPL-2.0
/*
 * Windows of the SMMU's: what a device model sees and writes through one is what the
 * SMMU permits.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include "smmu_env.h"

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

/* Stream 1 is attached, and has one on what attach() maps. */
static struct vmxl_smmu_window set_up_window(u64 len)
{
	setup();
	catch_faults();
	attach(0);
	return window(1, 0x100000, len);
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

	w = set_up_window(16 * PAGE);
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

	w = set_up_window(16 * PAGE);
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

	w = set_up_window(16 * PAGE);
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

	w = set_up_window(16 * PAGE);
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

	w = set_up_window(16 * PAGE);
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

	w = set_up_window(PAGE);
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
