// SPDX-License-Identifier: GPL-2.0
/*
 * The launcher's virtio devices behind the module's SMMU, in one process, by look-ups and
 * by windows. The test is the guest: it builds the SMMU's tables and the rings in guest
 * memory, programs both devices, and sees what the device model reaches and what it does
 * not.
 */
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine_rv64.h"
#include "sys.h"
#include "../unit/user_ring.h"
#include "../unit/user_tap.h"

#define SMMU		RV64_SMMU
#define VIRTIO(n)	(RV64_VIRTIO + (n) * VIRTIO_MMIO_SIZE)
#define VIRTIO_IRQ(n)	(1 + (n))

/* Guest physical: tables from 2 MiB on, data in pages that lie in reverse */
#define STRTAB		(RAM_BASE + SZ_2M)
#define EVENTQ		(STRTAB + 0x1000)
#define CD		(STRTAB + 0x2000)
#define L1		(STRTAB + 0x3000)
#define L2		(STRTAB + 0x4000)
#define L3		(STRTAB + 0x5000)
#define POOL		(RAM_BASE + 3 * SZ_1M)

/* Where the stream sees rings and buffers: page n of the pool, from the end */
#define IOVA		0x100000ULL
#define POOL_PAGES	64
#define RING_IOVA	IOVA			/* desc, avail, used: a page each */
#define BUF_IOVA	(IOVA + 0x10000)
#define BUF_LEN		(4 * 4096)

static struct loop loop;
static struct vm vm;
static struct virtio_model *rng[2], *disk;

#define DISK		2		/* its place, behind the two */
#define DISK_SIZE	SZ_1M

static u64 *word(u64 gpa)
{
	return mem_at(&vm.mem, gpa, 8);
}

static u8 *pool(u64 iova)
{
	u64 n = (iova - IOVA) / 4096;

	return mem_at(&vm.mem, POOL + (POOL_PAGES - 1 - n) * 4096 + iova % 4096, 1);
}

/* ---- the guest's drivers ---- */

static void smmu_reg(u64 off, u64 value)
{
	ok(!vm_device_set(vm.smmu_fd, "SMMU", VMXL_DEV_GRP_REGS, off, value));
}

static u64 smmu_get(u64 off)
{
	u64 value = 0;
	struct vmxl_device_attr args = {
		.group = VMXL_DEV_GRP_REGS, .attr = off, .addr = (uintptr_t)&value,
	};

	ok(!sys_ioctl(vm.smmu_fd, VMXL_GET_DEVICE_ATTR, (unsigned long)&args));
	return value;
}

static void map_page(u64 iova, bool there)
{
	u64 gpa = POOL + (POOL_PAGES - 1 - (iova - IOVA) / 4096) * 4096;

	word(L3)[iova >> 12] = there ? gpa | 0xc43 : 0;
	smmu_reg(0x80, STRTAB);		/* as a restored register, it drops what is cached */
}

/* The first and the disk's stream go by tables; of the others, there is nothing. */
static void smmu_on(void)
{
	unsigned int i;

	memset(mem_at(&vm.mem, STRTAB, 0x6000), 0, 0x6000);
	*word(L1) = L2 | 3;
	*word(L2) = L3 | 3;
	for (i = 0; i < POOL_PAGES; i++)
		map_page(IOVA + i * 4096, true);
	word(CD)[1] = L1;
	word(CD)[0] = 1ull << 31 | 1ull << 41 | 1ull << 30 | 25 | 5ull << 32 | 3ull << 45 |
		      1ull << 48;
	word(STRTAB)[8 * VIRTIO_IRQ(0)] = 1 | 5 << 1 | CD;
	word(STRTAB)[8 * VIRTIO_IRQ(DISK)] = 1 | 5 << 1 | CD;
	smmu_reg(0x88, 5);
	smmu_reg(0xa0, EVENTQ | 4);
	smmu_reg(0xa8, 0);
	smmu_reg(0xac, 0);
	smmu_reg(0x20, 5);
}

/* Events so far, and the last one */
static unsigned int events(u8 *type)
{
	unsigned int n = smmu_get(0xa8);

	if (n)
		*type = *word(EVENTQ + (n - 1) * 32);
	return n;
}

static void reg_write(unsigned int dev, u64 off, u32 value)
{
	mmio_access(&vm.mmio, VIRTIO(dev) + off, (u8 *)&value, 4, true);
}

static u32 reg_read(unsigned int dev, u64 off)
{
	u32 value = 0;

	mmio_access(&vm.mmio, VIRTIO(dev) + off, (u8 *)&value, 4, false);
	return value;
}

static void ring_address(unsigned int dev, u64 reg, u64 addr)
{
	reg_write(dev, reg, addr);
	reg_write(dev, reg + 4, addr >> 32);
}

/* Up to DRIVER_OK with rings at base; whether the device agreed. */
static bool virtio_start(unsigned int dev, u64 base, bool platform)
{
	const u32 s = VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER;

	reg_write(dev, VIRTIO_MMIO_STATUS, 0);
	reg_write(dev, VIRTIO_MMIO_STATUS, s);
	reg_write(dev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	reg_write(dev, VIRTIO_MMIO_DRIVER_FEATURES,
		  1 | (platform ? 1 << (VIRTIO_F_ACCESS_PLATFORM - 32) : 0));
	reg_write(dev, VIRTIO_MMIO_STATUS, s | VIRTIO_CONFIG_S_FEATURES_OK);
	if (!(reg_read(dev, VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_FEATURES_OK))
		return false;
	reg_write(dev, VIRTIO_MMIO_QUEUE_SEL, 0);
	reg_write(dev, VIRTIO_MMIO_QUEUE_NUM, RING_NUM);
	ring_address(dev, VIRTIO_MMIO_QUEUE_DESC_LOW, base);
	ring_address(dev, VIRTIO_MMIO_QUEUE_AVAIL_LOW, base + 0x1000);
	ring_address(dev, VIRTIO_MMIO_QUEUE_USED_LOW, base + 0x2000);
	reg_write(dev, VIRTIO_MMIO_QUEUE_READY, 1);
	reg_write(dev, VIRTIO_MMIO_STATUS,
		  s | VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK);
	return true;
}

static bool is_broken(unsigned int dev)
{
	return reg_read(dev, VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET;
}

/* A request for random bytes, with rings seen by the CPU at these places: bytes written */
static u32 request(unsigned int dev, u8 *desc, u8 *avail, u8 *used, u64 buf, u32 len)
{
	struct vring_desc d = { .addr = buf, .len = len, .flags = VRING_DESC_F_WRITE };
	u16 *a = (u16 *)avail, *u = (u16 *)used;
	u16 before = u[1];

	memcpy(desc, &d, sizeof(d));
	a[2 + a[1] % RING_NUM] = 0;
	a[1]++;
	pthread_mutex_lock(&rng[dev]->dev.lock);
	rng[dev]->dev.ops->kick(&rng[dev]->dev, 0);
	pthread_mutex_unlock(&rng[dev]->dev.lock);
	return u[1] == before ? 0 : *(u32 *)(used + 4 + 8 * (before % RING_NUM) + 4);
}

static u32 request_iova(unsigned int dev, u64 buf, u32 len)
{
	return request(dev, pool(RING_IOVA), pool(RING_IOVA + 0x1000), pool(RING_IOVA + 0x2000),
		       buf, len);
}

static bool is_zero(const u8 *p, size_t len)
{
	while (len && !*p++)
		len--;
	return !len;
}

static void clear_pool(void)
{
	memset(mem_at(&vm.mem, POOL, POOL_PAGES * 4096), 0, POOL_PAGES * 4096);
}

/* ---- tests ---- */

/* As after reset: a real guest that has no driver for the SMMU sees this. */
static void bypass(void)
{
	clear_pool();
	ok(virtio_start(0, POOL, true));
	ok(request(0, mem_at(&vm.mem, POOL, 1), mem_at(&vm.mem, POOL + 0x1000, 1),
		   mem_at(&vm.mem, POOL + 0x2000, 1), POOL + 0x3000, 64) == 64);
	ok(!is_zero(mem_at(&vm.mem, POOL + 0x3000, 64), 64));
	ok(is_zero(mem_at(&vm.mem, POOL + 0x3000 + 64, 64), 64));
	/* A driver that does not know of it gets no further. */
	ok(!virtio_start(0, POOL, false));
}

/* One buffer, which lies in four places in reverse order; its neighbours stay as they are. */
static void translated(void)
{
	u64 at;

	clear_pool();
	smmu_on();
	ok(virtio_start(0, RING_IOVA, true));
	ok(request_iova(0, BUF_IOVA + 0x800, 4096) == 4096);
	for (at = 0x800; at < 0x1800; at += 64)
		ok(!is_zero(pool(BUF_IOVA + at), 64));
	ok(is_zero(pool(BUF_IOVA), 0x800));
	ok(is_zero(pool(BUF_IOVA + 0x1800), 0x800));
	ok(smmu_get(0xa8) == 0);
	ok(!is_broken(0));
}

/*
 * What the guest has unmapped is not written to: an event, and the device asks for a reset.
 * A look-up is of all of the buffer; by a window, what comes before may be written.
 */
static void unmapped(void)
{
	u8 type = 0;

	clear_pool();
	smmu_on();
	ok(virtio_start(0, RING_IOVA, true));
	map_page(BUF_IOVA + 4096, false);
	ok(request_iova(0, BUF_IOVA + 2048, BUF_LEN - 2048) == 0);
	ok(vm.smmu == SMMU_WINDOWS || is_zero(pool(BUF_IOVA), 4096));
	ok(is_zero(pool(BUF_IOVA + 4096), 4096));
	ok(is_broken(0));
	ok(events(&type) == 1 && type == 0x10);
	/* The same of a ring, once the device is well again */
	map_page(BUF_IOVA + 4096, true);
	clear_pool();
	ok(virtio_start(0, RING_IOVA, true));
	ok(request_iova(0, BUF_IOVA, 512) == 512);
	map_page(RING_IOVA + 0x1000, false);
	ok(request_iova(0, BUF_IOVA, 512) == 0);
	ok(is_broken(0));
	ok(events(&type) == 2 && type == 0x10);
}

/* Read-only to the device: it may not write there, and says so. */
static void not_writable(void)
{
	u8 type = 0;

	clear_pool();
	smmu_on();
	ok(virtio_start(0, RING_IOVA, true));
	word(L3)[BUF_IOVA >> 12] |= 0x80;
	map_page(BUF_IOVA + 4096, true);
	ok(request_iova(0, BUF_IOVA, 16) == 0);
	ok(is_zero(pool(BUF_IOVA), 16));
	ok(events(&type) == 1 && type == 0x13);
}

/* What a window has of a buffer, it loses when the guest unmaps it, and gets back. */
static void remapped(void)
{
	unsigned int i;
	u8 type = 0;

	clear_pool();
	smmu_on();
	ok(virtio_start(0, RING_IOVA, true));
	for (i = 0; i < 3; i++) {
		ok(request_iova(0, BUF_IOVA, 64) == 64);
		ok(!is_zero(pool(BUF_IOVA), 64));
		/* Where it was, nothing may arrive any more. */
		memset(pool(BUF_IOVA), 0, 64);
		word(L3)[BUF_IOVA >> 12] = *(word(L3) + (BUF_IOVA >> 12) + 8);
		smmu_reg(0x80, STRTAB);
		ok(request_iova(0, BUF_IOVA, 64) == 64);
		ok(is_zero(pool(BUF_IOVA), 64) && !is_zero(pool(BUF_IOVA + 0x8000), 64));
		memset(pool(BUF_IOVA + 0x8000), 0, 64);
		map_page(BUF_IOVA, true);
	}
	ok(events(&type) == 0);
}

/* Addresses that no window begins at: more regions than a stream has windows for */
static void far_apart(void)
{
	u8 type = 0;
	u64 at;

	clear_pool();
	smmu_on();
	for (at = 0; at < 1ull << 39; at += 1ull << 36) {
		ok(virtio_start(0, RING_IOVA, true));
		ok(request_iova(0, at + (1ull << 36) - 8, 16) == 0);
		ok(is_broken(0));
	}
	ok(events(&type) && type == 0x10);
	clear_pool();
	ok(virtio_start(0, RING_IOVA, true));
	ok(request_iova(0, BUF_IOVA, 512) == 512);
}

/* The disk's thread has carried it out, or given up. */
static bool disk_done(u16 before)
{
	const u16 *used = (const u16 *)pool(RING_IOVA + 0x2000);
	unsigned int i;

	for (i = 0; i < 30000; i++) {
		if (__atomic_load_n(&used[1], __ATOMIC_ACQUIRE) != before || is_broken(DISK))
			return true;
		usleep(1000);
	}
	return false;
}

/* Sectors from the first on, to or from buf: the status; -1: the device gave up. */
static int disk_request(u32 type, u64 buf, u32 len)
{
	struct virtio_blk_outhdr hdr = { .type = type };
	u16 in = type == VIRTIO_BLK_T_IN ? VRING_DESC_F_WRITE : 0;
	const struct vring_desc d[] = {
		{ RING_IOVA + 0x3000, sizeof(hdr), VRING_DESC_F_NEXT, 1 },
		{ buf, len, VRING_DESC_F_NEXT | in, 2 },
		{ RING_IOVA + 0x3800, 1, VRING_DESC_F_WRITE, 0 },
	};
	u16 *avail = (u16 *)pool(RING_IOVA + 0x1000), before;

	before = ((u16 *)pool(RING_IOVA + 0x2000))[1];
	memcpy(pool(RING_IOVA), d, sizeof(d));
	memcpy(pool(RING_IOVA + 0x3000), &hdr, sizeof(hdr));
	*pool(RING_IOVA + 0x3800) = 0xff;
	avail[2 + avail[1] % RING_NUM] = 0;
	__atomic_store_n(&avail[1], avail[1] + 1, __ATOMIC_RELEASE);
	reg_write(DISK, VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	ok(disk_done(before));
	return is_broken(DISK) ? -1 : *pool(RING_IOVA + 0x3800);
}

/* System calls into what is scattered, not there yet, and not there at all */
static void disk_io(void)
{
	u8 type = 0;
	u64 at;

	clear_pool();
	smmu_on();
	ok(virtio_start(DISK, RING_IOVA, true));
	for (at = 0; at < BUF_LEN; at += 512)
		memset(pool(BUF_IOVA + at), 1 + at / 512, 512);
	ok(disk_request(VIRTIO_BLK_T_OUT, BUF_IOVA, BUF_LEN) == VIRTIO_BLK_S_OK);
	ok(disk_request(VIRTIO_BLK_T_IN, BUF_IOVA + BUF_LEN + 0x200, BUF_LEN) == VIRTIO_BLK_S_OK);
	for (at = 0; at < BUF_LEN; at += 512)
		ok(!memcmp(pool(BUF_IOVA + at), pool(BUF_IOVA + BUF_LEN + 0x200 + at), 512));
	ok(events(&type) == 0);
	map_page(BUF_IOVA + 4096, false);
	ok(disk_request(VIRTIO_BLK_T_IN, BUF_IOVA, BUF_LEN) == -1);
	ok(events(&type) && type == 0x10);
}

/* A device without a stream table entry reaches nothing, by no address. */
static void no_stream(void)
{
	u8 type = 0;

	clear_pool();
	smmu_on();
	/* By a window, it takes an access to know. */
	ok(virtio_start(1, RING_IOVA, true));
	ok(request_iova(1, BUF_IOVA, 64) == 0);
	ok(is_zero(pool(BUF_IOVA), 64));
	ok(is_broken(1));
	ok(events(&type) && type == 4);
	ok(virtio_start(1, POOL, true));
	ok(request(1, mem_at(&vm.mem, POOL, 1), mem_at(&vm.mem, POOL + 0x1000, 1),
		   mem_at(&vm.mem, POOL + 0x2000, 1), POOL + 0x3000, 64) == 0);
	ok(is_zero(mem_at(&vm.mem, POOL + 0x3000, 64), 64));
	/* The other goes on. */
	ok(virtio_start(0, RING_IOVA, true));
	clear_pool();
	ok(request_iova(0, BUF_IOVA, 256) == 256);
}

static const struct tap_test tests[] = {
	{ "a real guest's way: memory as it is", bypass },
	{ "a scattered buffer by tables", translated },
	{ "what is unmapped", unmapped },
	{ "what is not writable", not_writable },
	{ "what moves", remapped },
	{ "addresses far apart", far_apart },
	{ "a disk", disk_io },
	{ "a device without a stream", no_stream },
};

/* A file without a name of its own */
static void add_disk(void)
{
	struct virtio_place at = {
		.vm = &vm, .base = VIRTIO(DISK), .irq = VIRTIO_IRQ(DISK),
	};
	char name[] = "/tmp/vmxl-smmu.XXXXXX";
	struct disk_options opt = { .path = name };
	int fd = mkstemp(name);

	if (fd >= 0 && !ftruncate(fd, DISK_SIZE))
		disk = virtio_blk_create(&at, &opt);
	if (fd >= 0)
		unlink(name);
	close(fd);
}

static int set_up(enum smmu_way way)
{
	unsigned int i;

	if (loop_init(&loop) || vm_create(&vm, &rv64_isa_ops, 0, &loop) ||
	    vm_add_memory(&vm, RAM_BASE, RAM_SIZE))
		return -1;
	vm.smmu_fd = smmu_create(&vm, SMMU, RV64_IRQ_SMMU);
	vm.smmu = vm.smmu_fd >= 0 ? way : SMMU_NONE;
	for (i = 0; vm.smmu && i < ARRAY_SIZE(rng); i++) {
		struct virtio_place at = {
			.vm = &vm, .base = VIRTIO(i), .irq = VIRTIO_IRQ(i),
		};

		rng[i] = virtio_rng_create(&at);
	}
	add_disk();
	return rng[0] && rng[1] && disk ? 0 : -1;
}

int main(int argc, char **argv)
{
	int ret;

	if (argc != 2 || set_up(smmu_parse(argv[1])))
		return 1;
	ret = tap_run(tests, ARRAY_SIZE(tests));
	disk->destroy(disk);
	rng[0]->destroy(rng[0]);
	rng[1]->destroy(rng[1]);
	sys_close(vm.smmu_fd);
	vm_destroy(&vm);
	loop_destroy(&loop);
	return ret;
}
