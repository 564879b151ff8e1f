// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the launcher's device models through their registers, as a driver
 * sees them: virtio transport, disk, entropy, UART, clock, finisher, SBI console.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/serial_reg.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "finisher.h"
#include "machine_rv64.h"
#include "rtc_goldfish.h"
#include "uart8250.h"
#include "user_fake.h"
#include "user_ring.h"
#include "user_tap.h"
#include "virtio_models.h"

#define BASE	0x10001000ULL
#define IRQ	5
#define SECTORS	64

static struct vm vm;
static struct loop loop;
static struct console con;
static struct virtio_model *model;
static char disk_path[] = "/tmp/vmxl-test-disk-XXXXXX";
static char out_path[] = "/tmp/vmxl-test-out-XXXXXX";

static void wr(u64 addr, u64 value, unsigned int len)
{
	u8 data[16] = {};

	memcpy(data, &value, sizeof(value));
	mmio_access(&vm.mmio, addr, data, len, true);
}

static u64 rd(u64 addr, unsigned int len)
{
	u8 data[16];
	u64 value = 0;

	memset(data, 0xee, sizeof(data));
	mmio_access(&vm.mmio, addr, data, len, false);
	memcpy(&value, data, MIN(len, 8U));
	return value;
}

static void reg_wr(u64 offset, u32 value)
{
	wr(BASE + offset, value, 4);
}

static u32 reg_rd(u64 offset)
{
	return rd(BASE + offset, 4);
}

static void quit(void *opaque)
{
	(void)opaque;
}

static void setup(void)
{
	vm = (struct vm) { .isa = &rv64_isa_ops, .sys_fd = 1000, .fd = 1001, .loop = &loop };
	ok(!loop_init(&loop));
	ok(!mem_add(&vm.mem, RAM_BASE, RAM_SIZE));
	ok(!console_open(&con, "none", false, &loop, quit, NULL));
	memset(fake_irq, 0, sizeof(fake_irq));
}

static void teardown(void)
{
	if (model)
		model->destroy(model);
	model = NULL;
	console_close(&con);
	mem_free(&vm.mem);
	loop_destroy(&loop);
}

/* What a driver does up to DRIVER_OK, with all features that it is offered but drop. */
static void driver_start(unsigned int nr_queues, u64 drop)
{
	unsigned int q;
	u64 features;

	reg_wr(VIRTIO_MMIO_STATUS, 0);
	reg_wr(VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	reg_wr(VIRTIO_MMIO_STATUS, VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER);
	features = reg_rd(VIRTIO_MMIO_DEVICE_FEATURES);
	reg_wr(VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	features |= (u64)reg_rd(VIRTIO_MMIO_DEVICE_FEATURES) << 32;
	features &= ~drop;
	reg_wr(VIRTIO_MMIO_DRIVER_FEATURES, features);
	reg_wr(VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	reg_wr(VIRTIO_MMIO_DRIVER_FEATURES, features >> 32);
	reg_wr(VIRTIO_MMIO_STATUS, 0xb);
	ok(reg_rd(VIRTIO_MMIO_STATUS) == 0xb);
	for (q = 0; q < nr_queues; q++) {
		reg_wr(VIRTIO_MMIO_QUEUE_SEL, q);
		ok(reg_rd(VIRTIO_MMIO_QUEUE_NUM_MAX) == VIRTQ_MAX_SIZE);
		reg_wr(VIRTIO_MMIO_QUEUE_NUM, RING_NUM);
		reg_wr(VIRTIO_MMIO_QUEUE_DESC_LOW, RING_DESC(q));
		reg_wr(VIRTIO_MMIO_QUEUE_AVAIL_LOW, RING_AVAIL(q));
		reg_wr(VIRTIO_MMIO_QUEUE_USED_LOW, RING_USED(q));
		reg_wr(VIRTIO_MMIO_QUEUE_READY, 1);
		ok(reg_rd(VIRTIO_MMIO_QUEUE_READY) == 1);
	}
	reg_wr(VIRTIO_MMIO_STATUS, 0xf);
	ok(reg_rd(VIRTIO_MMIO_STATUS) == 0xf);
}

static void make_rng(void)
{
	struct virtio_place at = { &vm, BASE, IRQ };

	setup();
	model = virtio_rng_create(&at);
	ok(model);
}

static void make_disk(bool readonly)
{
	struct virtio_place at = { &vm, BASE, IRQ };
	struct disk_options disk = { disk_path, readonly };

	setup();
	ok(!truncate(disk_path, 0) && !truncate(disk_path, SECTORS * 512));
	model = virtio_blk_create(&at, &disk);
	ok(model);
}

static void test_identity(void)
{
	make_rng();
	ok(reg_rd(VIRTIO_MMIO_MAGIC_VALUE) == 0x74726976);
	ok(reg_rd(VIRTIO_MMIO_VERSION) == 2);
	ok(reg_rd(VIRTIO_MMIO_DEVICE_ID) == 4);
	ok(reg_rd(VIRTIO_MMIO_SHM_LEN_LOW) == 0xffffffff);
	/* neither width nor alignment of a register, nor a register at all */
	ok(rd(BASE, 1) == 0 && rd(BASE + 2, 4) == 0 && rd(BASE, 8) == 0);
	ok(rd(BASE + 0xffc, 4) == 0);
	wr(BASE + VIRTIO_MMIO_STATUS, 1, 2);
	ok(reg_rd(VIRTIO_MMIO_STATUS) == 0);
	teardown();
}

static void test_negotiation(void)
{
	make_rng();
	/* without VERSION_1 */
	reg_wr(VIRTIO_MMIO_STATUS, 3);
	reg_wr(VIRTIO_MMIO_STATUS, 0xb);
	ok(reg_rd(VIRTIO_MMIO_STATUS) == 3);
	/* with a feature that is not offered */
	reg_wr(VIRTIO_MMIO_DRIVER_FEATURES, 1);
	reg_wr(VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	reg_wr(VIRTIO_MMIO_DRIVER_FEATURES, 1);
	reg_wr(VIRTIO_MMIO_STATUS, 0xb);
	ok(reg_rd(VIRTIO_MMIO_STATUS) == 3);
	/* DRIVER_OK without FEATURES_OK */
	reg_wr(VIRTIO_MMIO_STATUS, 7);
	ok(reg_rd(VIRTIO_MMIO_STATUS) == 3);
	/* a queue before FEATURES_OK, and queues that are not there */
	reg_wr(VIRTIO_MMIO_QUEUE_READY, 1);
	ok(reg_rd(VIRTIO_MMIO_QUEUE_READY) == 0);
	reg_wr(VIRTIO_MMIO_QUEUE_SEL, 1);
	ok(reg_rd(VIRTIO_MMIO_QUEUE_NUM_MAX) == 0);
	reg_wr(VIRTIO_MMIO_QUEUE_SEL, 0xffffffff);
	reg_wr(VIRTIO_MMIO_QUEUE_NUM, 1);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0xffffffff);
	driver_start(1, 0);
	/* features are fixed now, so are the rings */
	reg_wr(VIRTIO_MMIO_DRIVER_FEATURES, 0);
	ok(model->dev.driver_features & (1ULL << VIRTIO_F_VERSION_1));
	reg_wr(VIRTIO_MMIO_QUEUE_NUM, 4);
	ok(model->dev.vq[0].num == RING_NUM);
	reg_wr(VIRTIO_MMIO_STATUS, 0);
	ok(reg_rd(VIRTIO_MMIO_QUEUE_READY) == 0 && reg_rd(VIRTIO_MMIO_STATUS) == 0);
	teardown();
}

/* A source of the loop that ends it when everything before it was served. */
static void stop_ready(void *opaque)
{
	event_drain(*(int *)opaque);
	loop_stop(&loop);
}

/* Rounds of the loop until it has served what was there before. */
static void run_loop(void)
{
	static int fd;

	fd = event_create();
	loop_add(&loop, fd, NULL, stop_ready, &fd);
	event_signal(fd);
	loop_run(&loop);
	loop_del(&loop, fd);
	close(fd);
}

static void test_rng(void)
{
	u8 *data;
	int i, zeros = 0;

	make_rng();
	driver_start(1, 1ULL << VIRTIO_RING_F_EVENT_IDX);
	data = mem_at(&vm.mem, DATA, 8192);
	ring_desc(&vm.mem, 0, 0, DATA, 8192, VRING_DESC_F_WRITE, 0);
	ring_offer(&vm.mem, 0, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	run_loop();
	ok(ring_used_idx(&vm.mem, 0) == 1);
	ok(ring_used(&vm.mem, 0, 0).len == 4096);
	for (i = 0; i < 4096; i++)
		zeros += !data[i];
	ok(zeros < 100);
	ok(fake_irq[IRQ] && reg_rd(VIRTIO_MMIO_INTERRUPT_STATUS) == 1);
	reg_wr(VIRTIO_MMIO_INTERRUPT_ACK, 1);
	ok(!fake_irq[IRQ]);
	teardown();
}

static void test_needs_reset(void)
{
	make_rng();
	driver_start(1, 0);
	ring_desc(&vm.mem, 0, 0, 0, 8192, VRING_DESC_F_WRITE, 0);
	ring_offer(&vm.mem, 0, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	run_loop();
	ok(reg_rd(VIRTIO_MMIO_STATUS) == (0xf | VIRTIO_CONFIG_S_NEEDS_RESET));
	ok(fake_irq[IRQ] && reg_rd(VIRTIO_MMIO_INTERRUPT_STATUS) == 2);
	reg_wr(VIRTIO_MMIO_STATUS, 0);
	ok(!fake_irq[IRQ]);
	memset(mem_at(&vm.mem, RING_PAGE(0), 0x4000), 0, 0x4000);
	driver_start(1, 0);
	ring_desc(&vm.mem, 0, 0, DATA, 64, VRING_DESC_F_WRITE, 0);
	ring_offer(&vm.mem, 0, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	run_loop();
	ok(ring_used_idx(&vm.mem, 0) == 1);
	teardown();
}

static u16 disk_requests;

/* Header at DATA, status at DATA + 64, the rest by the caller's descriptor. */
static u8 disk_request(u32 type, u64 sector, u64 data, u32 len, bool write)
{
	struct virtio_blk_outhdr *hdr = mem_at(&vm.mem, DATA, sizeof(*hdr));
	u8 *status = mem_at(&vm.mem, DATA + 64, 1);
	int i;

	*hdr = (struct virtio_blk_outhdr) { .type = type, .sector = sector };
	*status = 0xff;
	ring_desc(&vm.mem, 0, 0, DATA, sizeof(*hdr), VRING_DESC_F_NEXT, len ? 1 : 2);
	ring_desc(&vm.mem, 0, 1, data, len,
		  VRING_DESC_F_NEXT | (write ? 0 : VRING_DESC_F_WRITE), 2);
	ring_desc(&vm.mem, 0, 2, DATA + 64, 1, VRING_DESC_F_WRITE, 0);
	ring_offer(&vm.mem, 0, 0);
	disk_requests++;
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	for (i = 0; i < 5000 && ring_used_idx(&vm.mem, 0) != disk_requests; i++)
		usleep(1000);
	return *status;
}

static void disk_start(bool readonly)
{
	make_disk(readonly);
	driver_start(1, 0);
	disk_requests = 0;
}

static void test_disk_rw(void)
{
	u8 *data;

	disk_start(false);
	data = mem_at(&vm.mem, DATA + 4096, 8192);
	ok(rd(BASE + 0x100, 8) == SECTORS && rd(BASE + 0x100, 4) == SECTORS);
	ok(rd(BASE + 0x100, 1) == SECTORS && rd(BASE + 0x114, 4) == 512);
	memset(data, 0x5a, 1024);
	ok(disk_request(VIRTIO_BLK_T_OUT, 3, DATA + 4096, 1024, true) == 0);
	memset(data, 0, 2048);
	ok(disk_request(VIRTIO_BLK_T_IN, 2, DATA + 4096, 2048, false) == 0);
	ok(ring_used(&vm.mem, 0, 1).len == 2049);
	ok(data[511] == 0 && data[512] == 0x5a && data[1535] == 0x5a && data[1536] == 0);
	ok(disk_request(VIRTIO_BLK_T_FLUSH, 0, 0, 0, true) == 0);
	ok(disk_request(VIRTIO_BLK_T_GET_ID, 0, DATA + 4096, 20, false) == 0);
	ok(!memcmp(data, "vmxl-disk-", 10));
	ok(disk_request(VIRTIO_BLK_T_GET_ID, 0, DATA + 4096, 19, false) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(99, 0, 0, 0, true) == VIRTIO_BLK_S_UNSUPP);
	teardown();
}

static void test_disk_limits(void)
{
	disk_start(false);
	ok(disk_request(VIRTIO_BLK_T_IN, SECTORS, DATA + 4096, 512, false) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_IN, SECTORS - 1, DATA + 4096, 1024, false) ==
	   VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_IN, UINT64_MAX, DATA + 4096, 512, false) ==
	   VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_OUT, UINT64_MAX / 512, DATA + 4096, 512, true) ==
	   VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_OUT, 0, DATA + 4096, 511, true) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_IN, 0, DATA + 4096, 513, false) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_IN, SECTORS - 1, DATA + 4096, 512, false) == 0);
	teardown();
}

static void test_disk_ranges(void)
{
	struct virtio_blk_discard_write_zeroes *r;
	u8 *data;

	disk_start(false);
	r = mem_at(&vm.mem, DATA + 128, 256);
	data = mem_at(&vm.mem, DATA + 4096, 4096);
	memset(data, 1, 4096);
	ok(disk_request(VIRTIO_BLK_T_OUT, 0, DATA + 4096, 4096, true) == 0);
	r[0] = (struct virtio_blk_discard_write_zeroes) { .sector = 1, .num_sectors = 1 };
	r[1] = (struct virtio_blk_discard_write_zeroes) {
		.sector = 3, .num_sectors = 2, .flags = VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP };
	ok(disk_request(VIRTIO_BLK_T_WRITE_ZEROES, 0, DATA + 128, 32, true) == 0);
	ok(disk_request(VIRTIO_BLK_T_IN, 0, DATA + 4096, 4096, false) == 0);
	ok(data[0] && !data[512] && data[1024] && !data[1536] && !data[2559] && data[2560]);
	r[0].flags = 2;
	ok(disk_request(VIRTIO_BLK_T_WRITE_ZEROES, 0, DATA + 128, 16, true) == VIRTIO_BLK_S_UNSUPP);
	r[0].flags = 0;
	ok(disk_request(VIRTIO_BLK_T_DISCARD, 0, DATA + 128, 16, true) == 0);
	ok(disk_request(VIRTIO_BLK_T_DISCARD, 0, DATA + 128, 17, true) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_DISCARD, 0, DATA + 128, 0, true) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_DISCARD, 0, DATA + 128, 17 * 16, true) == VIRTIO_BLK_S_IOERR);
	r[0].sector = UINT64_MAX;
	ok(disk_request(VIRTIO_BLK_T_DISCARD, 0, DATA + 128, 16, true) == VIRTIO_BLK_S_IOERR);
	teardown();
}

static void test_disk_readonly(void)
{
	disk_start(true);
	ok(model->dev.features & (1ULL << VIRTIO_BLK_F_RO));
	ok(disk_request(VIRTIO_BLK_T_OUT, 0, DATA + 4096, 512, true) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_DISCARD, 0, DATA + 128, 16, true) == VIRTIO_BLK_S_IOERR);
	ok(disk_request(VIRTIO_BLK_T_IN, 0, DATA + 4096, 512, false) == 0);
	teardown();
}

/* No status byte, or no header: no request at all. */
static void test_disk_layout(void)
{
	int i;

	disk_start(false);
	ring_desc(&vm.mem, 0, 0, DATA, 16, 0, 0);
	ring_offer(&vm.mem, 0, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	for (i = 0; i < 5000 && !(reg_rd(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET); i++)
		usleep(1000);
	ok(reg_rd(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET);
	teardown();
}

/* Resets while the worker is busy. */
static void test_disk_reset_race(void)
{
	int i;

	make_disk(false);
	for (i = 0; i < 200; i++) {
		memset(mem_at(&vm.mem, RING_PAGE(0), 0x4000), 0, 0x4000);
		driver_start(1, 0);
		ring_desc(&vm.mem, 0, 0, DATA, 16, VRING_DESC_F_NEXT, 1);
		ring_desc(&vm.mem, 0, 1, DATA + 4096, 16384 + 1, VRING_DESC_F_WRITE, 0);
		ring_offer(&vm.mem, 0, 0);
		ring_offer(&vm.mem, 0, 0);
		reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
		if (i % 3)
			usleep(i % 7 * 20);
		reg_wr(VIRTIO_MMIO_STATUS, 0);
		ok(!fake_irq[IRQ]);
	}
	teardown();
}

/* Offers a receive buffer, sends a frame, and waits for an answer. */
static u32 net_exchange(const u8 *frame, size_t len)
{
	u8 *tx = mem_at(&vm.mem, DATA, 2048);
	int i;

	memset(tx, 0, 12);
	memcpy(tx + 12, frame, len);
	ring_desc(&vm.mem, 0, 0, DATA + 4096, 2048, VRING_DESC_F_WRITE, 0);
	ring_offer(&vm.mem, 0, 0);
	ring_desc(&vm.mem, 1, 0, DATA, 12 + len, 0, 0);
	ring_offer(&vm.mem, 1, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 1);
	for (i = 0; i < 100 && !ring_used_idx(&vm.mem, 0); i++)
		run_loop();
	ok(ring_used_idx(&vm.mem, 1) == 1);
	return ring_used_idx(&vm.mem, 0) ? ring_used(&vm.mem, 0, 0).len : 0;
}

/* Who has 10.0.2.2? */
static void test_net_user(void)
{
	static const u8 arp[60] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 10, 0, 2, 15,
		0, 0, 0, 0, 0, 0, 10, 0, 2, 2,
	};
	struct virtio_place at = { &vm, BASE, IRQ };
	char spec[] = "user,restrict,hostfwd=tcp:127.0.0.1:0-:22";
	char good[] = "user,restrict,mac=52:54:00:12:34:56";
	struct net_options net;
	const u8 *rx;

	setup();
	ok(net_parse(spec, &net));
	ok(!net_parse(good, &net));
	model = virtio_net_create(&at, &net);
	ok(model);
	ok(rd(BASE + 0x100, 4) == 0x12005452 && rd(BASE + 0x106, 2) == 1);
	driver_start(2, 0);
	ok(net_exchange(arp, sizeof(arp)) >= 12 + 42);
	rx = mem_at(&vm.mem, DATA + 4096, 2048);
	ok(rx[10] == 1 && rx[12 + 13] == 6 && rx[12 + 21] == 2 && rx[12 + 28] == 10 &&
	   rx[12 + 31] == 2);
	ok(fake_irq[IRQ]);
	/* a frame without room for its own header */
	ring_desc(&vm.mem, 1, 0, DATA, 11, 0, 0);
	ring_offer(&vm.mem, 1, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 1);
	run_loop();
	ok(reg_rd(VIRTIO_MMIO_STATUS) & VIRTIO_CONFIG_S_NEEDS_RESET);
	teardown();
}

static void feed_console(const char *text)
{
	pthread_mutex_lock(&con.lock);
	while (*text)
		con.buf[(con.head + con.count++) % CONSOLE_BUF] = *text++;
	pthread_mutex_unlock(&con.lock);
	con.events.input(con.events.opaque);
}

static void test_uart(void)
{
	const u64 b = 0x10000000;
	struct uart uart;

	setup();
	ok(!uart_init(&uart, &vm, b, 10, &con));
	/* what 8250 drivers look at to tell the chip */
	wr(b + UART_SCR, 0xa5, 1);
	ok(rd(b + UART_SCR, 1) == 0xa5);
	wr(b + UART_FCR, UART_FCR_ENABLE_FIFO, 1);
	ok(rd(b + UART_IIR, 1) == 0xc1);
	ok(rd(b + UART_LSR, 1) == 0x60);
	ok(rd(b + UART_MSR, 1) == 0xb0);
	wr(b + UART_MCR, UART_MCR_LOOP | 0x0a, 1);
	ok((rd(b + UART_MSR, 1) & 0xf0) == 0x90);
	wr(b + UART_TX, 'z', 1);
	ok(rd(b + UART_LSR, 1) & 1);
	ok(rd(b + UART_RX, 1) == 'z' && !(rd(b + UART_LSR, 1) & 1));
	wr(b + UART_MCR, 0, 1);
	wr(b + UART_LCR, UART_LCR_DLAB, 1);
	wr(b + UART_DLL, 0x34, 1);
	wr(b + UART_DLM, 0x12, 1);
	ok(rd(b + UART_DLL, 1) == 0x34 && rd(b + UART_DLM, 1) == 0x12);
	wr(b + UART_LCR, 3, 1);
	/* transmitter empty: raised when enabled, cleared by reading IIR */
	wr(b + UART_IER, UART_IER_THRI, 1);
	ok(fake_irq[10] && rd(b + UART_IIR, 1) == 0xc2 && !fake_irq[10]);
	wr(b + UART_TX, 'x', 1);
	ok(fake_irq[10]);
	wr(b + UART_IER, UART_IER_RDI, 1);
	ok(!fake_irq[10]);
	/* input is held back until RTS */
	feed_console("ab");
	ok(!fake_irq[10] && !(rd(b + UART_LSR, 1) & 1) && rd(b + UART_RX, 1) == 0);
	wr(b + UART_MCR, UART_MCR_RTS | UART_MCR_OUT2, 1);
	ok(fake_irq[10] && rd(b + UART_IIR, 1) == 0xc4);
	ok(rd(b + UART_RX, 1) == 'a' && fake_irq[10] && rd(b + UART_RX, 1) == 'b' && !fake_irq[10]);
	con.events.brk(con.events.opaque);
	ok((rd(b + UART_LSR, 1) & 0x11) == 0x11 && rd(b + UART_RX, 1) == 0);
	ok(!(rd(b + UART_LSR, 1) & 0x11));
	ok(rd(b + 0xff, 1) == 0);
	uart_destroy(&uart);
	teardown();
}

static void test_virtio_console(void)
{
	struct virtio_place at = { &vm, BASE, IRQ };
	char path[] = "/tmp/vmxl-test-con-XXXXXX", text[8] = "";
	int fd = mkstemp(path);

	setup();
	con.out_fd = dup(fd);
	model = virtio_console_create(&at, &con);
	ok(model);
	driver_start(2, 0);
	feed_console("xyz");	/* before there is a buffer */
	ring_desc(&vm.mem, 0, 0, DATA, 2, VRING_DESC_F_WRITE, 0);
	ring_desc(&vm.mem, 0, 1, DATA + 2, 2, VRING_DESC_F_WRITE, 0);
	ring_offer(&vm.mem, 0, 0);
	ring_offer(&vm.mem, 0, 1);
	memcpy(mem_at(&vm.mem, DATA + 64, 5), "hello", 5);
	ring_desc(&vm.mem, 1, 0, DATA + 64, 2, VRING_DESC_F_NEXT, 1);
	ring_desc(&vm.mem, 1, 1, DATA + 66, 3, 0, 0);
	ring_offer(&vm.mem, 1, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	reg_wr(VIRTIO_MMIO_QUEUE_NOTIFY, 1);
	run_loop();
	ok(ring_used_idx(&vm.mem, 0) == 2 && ring_used(&vm.mem, 0, 1).len == 1);
	ok(!memcmp(mem_at(&vm.mem, DATA, 3), "xyz", 3));
	ok(ring_used_idx(&vm.mem, 1) == 1 && ring_used(&vm.mem, 1, 0).len == 0);
	ok(pread(fd, text, 5, 0) == 5 && !memcmp(text, "hello", 5));
	close(fd);
	unlink(path);
	teardown();
}

static void test_rtc(void)
{
	const u64 b = 0x101000;
	struct rtc rtc;
	u64 t;

	setup();
	ok(!rtc_init(&rtc, &vm, b, 11));
	t = rd(b, 4);
	t |= rd(b + 4, 4) << 32;
	ok(t / 1000000000 > 1700000000);
	wr(b + 4, 0, 4);
	wr(b, 0, 4);
	rd(b, 4);
	ok(rd(b + 4, 4) == 0);
	wr(b + 0x10, 1, 4);
	wr(b + 0xc, 0, 4);
	wr(b + 0x8, 0, 4);	/* long gone */
	ok(rd(b + 0x18, 4) == 1);
	usleep(2000);
	run_loop();
	ok(fake_irq[11] && rd(b + 0x18, 4) == 0);
	wr(b + 0x1c, 1, 4);
	ok(!fake_irq[11]);
	wr(b + 0xc, 0xffffffff, 4);
	wr(b + 0x8, 0xffffffff, 4);
	ok(rd(b + 0x18, 4) == 1);
	wr(b + 0x14, 1, 4);
	ok(rd(b + 0x18, 4) == 0);
	rtc_destroy(&rtc);
	teardown();
}

static void finish_with(u64 value, enum vm_outcome outcome, int status)
{
	setup();
	ok(!finisher_init(&vm, 0x100000));
	wr(0x100000, value, 4);
	ok(vm.outcome == outcome && vm.status == status);
	teardown();
}

static void test_finisher(void)
{
	finish_with(0x5555, VM_SHUTDOWN, 0);
	finish_with(0x33333, VM_SHUTDOWN, 3);
	finish_with(0x3333, VM_SHUTDOWN, 1);
	finish_with(0x1003333, VM_SHUTDOWN, 1);
	finish_with(0x7777, VM_RESET, 0);
	finish_with(0, VM_RUNNING, 0);
}

static s64 dbcn(struct vcpu *vcpu, u64 function, u64 a0, u64 a1, u64 a2)
{
	struct vmxl_run *run = vcpu->run;

	run->riscv_sbi.extension_id = 0x4442434e;
	run->riscv_sbi.function_id = function;
	run->riscv_sbi.args[0] = a0;
	run->riscv_sbi.args[1] = a1;
	run->riscv_sbi.args[2] = a2;
	rv64_sbi_exit(vcpu);
	return run->riscv_sbi.ret[0];
}

static void test_sbi(void)
{
	struct rv64_machine *m = calloc(1, sizeof(*m));
	struct vmxl_run run = {};
	struct vcpu vcpu = { .vm = &m->base.vm, .run = &run };
	char text[8] = "";
	int fd;

	setup();
	fd = mkstemp(out_path);
	ok(fd >= 0);
	con.out_fd = dup(fd);
	m->base.vm.mem = vm.mem;
	m->base.vm.machine = m;
	m->con = &con;
	memcpy(mem_at(&vm.mem, DATA, 3), "abc", 3);
	ok(dbcn(&vcpu, 0, 3, DATA, 0) == 0 && run.riscv_sbi.ret[1] == 3);
	ok(dbcn(&vcpu, 2, 'd', 0, 0) == 0);
	ok(dbcn(&vcpu, 0, 0x10000, DATA, 0) == 0 && run.riscv_sbi.ret[1] == 4096);
	ok(dbcn(&vcpu, 0, 1, RAM_BASE - 1, 0) == -3);
	ok(dbcn(&vcpu, 0, 2, RAM_BASE + RAM_SIZE - 1, 0) == -3);
	ok(dbcn(&vcpu, 0, UINT64_MAX, DATA, 0) == -3);
	ok(dbcn(&vcpu, 1, 1, DATA, 1) == -3);
	ok(dbcn(&vcpu, 1, 8, DATA, 0) == 0 && run.riscv_sbi.ret[1] == 0);
	ok(dbcn(&vcpu, 3, 0, 0, 0) == -2);
	run.riscv_sbi.extension_id = 0x12345;
	rv64_sbi_exit(&vcpu);
	ok((s64)run.riscv_sbi.ret[0] == -2);
	ok(pread(fd, text, 7, 0) == 7 && !memcmp(text, "abcdabc", 7));
	close(fd);
	unlink(out_path);
	free(m);
	teardown();
}

static void test_unclaimed(void)
{
	setup();
	ok(rd(0xdead0000, 8) == 0 && rd(0xdead0000, 16) == 0);
	wr(0xdead0000, 1, 4);
	ok(vm.mmio.nr_unclaimed == 3);
	teardown();
}

static const struct tap_test tests[] = {
	{ "virtio: identity and odd accesses", test_identity },
	{ "virtio: negotiation", test_negotiation },
	{ "virtio: a broken ring asks for a reset", test_needs_reset },
	{ "rng", test_rng },
	{ "disk: read, write, flush, id", test_disk_rw },
	{ "disk: limits", test_disk_limits },
	{ "disk: discard and write zeroes", test_disk_ranges },
	{ "disk: read-only", test_disk_readonly },
	{ "disk: request layout", test_disk_layout },
	{ "disk: resets in flight", test_disk_reset_race },
	{ "network: user mode", test_net_user },
	{ "virtio console", test_virtio_console },
	{ "uart", test_uart },
	{ "rtc", test_rtc },
	{ "finisher", test_finisher },
	{ "SBI debug console", test_sbi },
	{ "unclaimed addresses", test_unclaimed },
};

int main(void)
{
	int fd = mkstemp(disk_path), ret;

	if (fd < 0)
		return 1;
	close(fd);
	ret = tap_run(tests, ARRAY_SIZE(tests));
	unlink(disk_path);
	return ret;
}
