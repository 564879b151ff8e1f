// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of virtqueue parsing: good chains, and every way to break the rules.
 */
#include "user_ring.h"
#include "user_tap.h"
#include "virtq.h"

#define F_NEXT	VRING_DESC_F_NEXT
#define F_WRITE	VRING_DESC_F_WRITE
#define F_IND	VRING_DESC_F_INDIRECT

static struct guest_mem mem;
static struct virtq vq;
static struct virtq_chain c;

static void setup(bool event_idx, bool indirect)
{
	memset(mem_at(&mem, RAM_BASE, RAM_SIZE), 0, RAM_SIZE);
	vq = (struct virtq) {
		.mem = &mem, .num = RING_NUM, .desc_gpa = RING_DESC(0),
		.avail_gpa = RING_AVAIL(0), .used_gpa = RING_USED(0),
	};
	ok(!virtq_enable(&vq, event_idx, indirect));
}

static void test_simple(void)
{
	setup(false, false);
	ok(virtq_pop(&vq, &c) == 0);
	ring_desc(&mem, 0, 3, DATA, 16, F_NEXT, 5);
	ring_desc(&mem, 0, 5, DATA + 64, 512, F_NEXT | F_WRITE, 1);
	ring_desc(&mem, 0, 1, DATA + 4096, 1, F_WRITE, 0);
	ring_offer(&mem, 0, 3);
	ok(virtq_pop(&vq, &c) == 1);
	ok(c.head == 3 && c.nr_out == 1 && c.nr_in == 2 && c.out_len == 16 && c.in_len == 513);
	ok(c.iov[0].iov_base == mem_at(&mem, DATA, 1));
	ok(chain_in(&c)[1].iov_base == mem_at(&mem, DATA + 4096, 1));
	virtq_push(&vq, &c, 513);
	ok(ring_used_idx(&mem, 0) == 1);
	ok(ring_used(&mem, 0, 0).id == 3 && ring_used(&mem, 0, 0).len == 513);
	ok(virtq_wants_irq(&vq));
	ok(!virtq_wants_irq(&vq));
	ok(virtq_pop(&vq, &c) == 0);
}

static void test_unpop(void)
{
	setup(false, false);
	ring_desc(&mem, 0, 0, DATA, 16, F_WRITE, 0);
	ring_offer(&mem, 0, 0);
	ok(virtq_pop(&vq, &c) == 1);
	virtq_unpop(&vq);
	ok(virtq_pop(&vq, &c) == 1);
	ok(virtq_pop(&vq, &c) == 0);
}

static void test_suppression(void)
{
	setup(false, false);
	ring_avail(&mem, 0)[0] = VRING_AVAIL_F_NO_INTERRUPT;
	ring_desc(&mem, 0, 0, DATA, 16, F_WRITE, 0);
	ring_offer(&mem, 0, 0);
	ok(virtq_pop(&vq, &c) == 1);
	virtq_push(&vq, &c, 1);
	ok(!virtq_wants_irq(&vq));
}

static void test_event_idx(void)
{
	u16 *used_event, *avail_event;
	int i;

	setup(true, false);
	used_event = &ring_avail(&mem, 0)[2 + RING_NUM];
	avail_event = mem_at(&mem, RING_USED(0) + 4 + 8 * RING_NUM, 2);
	*used_event = 2;
	for (i = 0; i < 4; i++) {
		ring_desc(&mem, 0, i, DATA, 16, F_WRITE, 0);
		ring_offer(&mem, 0, i);
	}
	for (i = 0; i < 4; i++) {
		ok(virtq_pop(&vq, &c) == 1);
		virtq_push(&vq, &c, 1);
		ok(virtq_wants_irq(&vq) == (i == 2));
	}
	ok(virtq_pop(&vq, &c) == 0);
	ok(*avail_event == 4);
}

/* 16-bit indices go round many times. */
static void test_wrap(void)
{
	long i, bad = 0;

	setup(false, false);
	ring_desc(&mem, 0, 7, DATA, 16, F_WRITE, 0);
	for (i = 0; i < 70000; i++) {
		ring_offer(&mem, 0, 7);
		bad += virtq_pop(&vq, &c) != 1;
		virtq_push(&vq, &c, i);
		bad += !virtq_wants_irq(&vq);
		bad += ring_used(&mem, 0, i).len != i;
	}
	ok(!bad);
}

static void test_indirect(void)
{
	int i;

	setup(false, true);
	ring_desc(&mem, 0, 0, DATA, 8, F_NEXT, 1);
	ring_desc(&mem, 0, 1, RING_TABLE(0), 16 * 64, F_IND, 0);
	for (i = 0; i < 63; i++)
		ring_desc_at(&mem, RING_TABLE(0), i, DATA, 10, i < 62 ? F_NEXT | F_WRITE : F_WRITE,
			     i + 1);
	ring_offer(&mem, 0, 0);
	ok(virtq_pop(&vq, &c) == 1);
	ok(c.nr_out == 1 && c.nr_in == 63 && c.in_len == 630);
}

/* What the driver did, and that the device noticed and stays that way. */
static void expect_broken(void)
{
	ring_offer(&mem, 0, 0);
	ok(virtq_pop(&vq, &c) == -1);
	ok(vq.broken);
	ok(virtq_pop(&vq, &c) == -1);
}

static void test_loop(void)
{
	setup(false, false);
	ring_desc(&mem, 0, 0, DATA, 8, F_NEXT, 1);
	ring_desc(&mem, 0, 1, DATA, 8, F_NEXT, 0);
	expect_broken();
}

static void test_bad_index(void)
{
	setup(false, false);
	ring_desc(&mem, 0, 0, DATA, 8, F_NEXT, RING_NUM);
	expect_broken();
	setup(false, false);
	ring_offer(&mem, 0, RING_NUM);
	ok(virtq_pop(&vq, &c) == -1);
	setup(false, false);
	ring_avail(&mem, 0)[1] = RING_NUM + 1;
	ok(virtq_pop(&vq, &c) == -1);
}

static void test_bad_address(void)
{
	static const struct {
		u64 addr;
		u32 len;
	} bad[] = {
		{ RAM_BASE - 1, 1 }, { RAM_BASE - 1, 2 }, { RAM_BASE + RAM_SIZE, 1 },
		{ RAM_BASE + RAM_SIZE - 1, 2 }, { 0, 1 }, { UINT64_MAX, 1 },
		{ UINT64_MAX - 1, UINT32_MAX }, { RAM_BASE, UINT32_MAX }, { DATA, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		setup(false, false);
		ring_desc(&mem, 0, 0, bad[i].addr, bad[i].len, 0, 0);
		expect_broken();
	}
}

static void test_bad_order(void)
{
	setup(false, false);
	ring_desc(&mem, 0, 0, DATA, 8, F_NEXT | F_WRITE, 1);
	ring_desc(&mem, 0, 1, DATA, 8, 0, 0);
	expect_broken();
}

static void test_bad_indirect(void)
{
	static const struct {
		u64 addr;
		u32 len;
		u16 flags;
	} bad[] = {
		{ RING_TABLE(0), 0, F_IND }, { RING_TABLE(0), 8, F_IND },
		{ RING_TABLE(0), 16, F_IND | F_NEXT }, { RAM_BASE + RAM_SIZE, 16, F_IND },
		{ RING_TABLE(0), 16 * (VIRTQ_MAX_SEGS + 1), F_IND },
		{ RAM_BASE + RAM_SIZE - 16, 32, F_IND },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		setup(false, true);
		ring_desc(&mem, 0, 0, bad[i].addr, bad[i].len, bad[i].flags, 0);
		expect_broken();
	}
	/* not negotiated; nested; a loop inside; an index out of the table */
	setup(false, false);
	ring_desc(&mem, 0, 0, RING_TABLE(0), 16, F_IND, 0);
	expect_broken();
	setup(false, true);
	ring_desc(&mem, 0, 0, RING_TABLE(0), 16, F_IND, 0);
	ring_desc_at(&mem, RING_TABLE(0), 0, RING_TABLE(0), 16, F_IND, 0);
	expect_broken();
	setup(false, true);
	ring_desc(&mem, 0, 0, RING_TABLE(0), 32, F_IND, 0);
	ring_desc_at(&mem, RING_TABLE(0), 0, DATA, 16, F_NEXT, 0);
	expect_broken();
	setup(false, true);
	ring_desc(&mem, 0, 0, RING_TABLE(0), 32, F_IND, 0);
	ring_desc_at(&mem, RING_TABLE(0), 0, DATA, 16, F_NEXT, 2);
	expect_broken();
}

/* An indirect table at an odd address is odd, but not forbidden. */
static void test_unaligned_table(void)
{
	setup(false, true);
	ring_desc(&mem, 0, 0, RING_TABLE(0) + 1, 16, F_IND, 0);
	ring_desc_at(&mem, RING_TABLE(0) + 1, 0, DATA, 16, 0, 0);
	ring_offer(&mem, 0, 0);
	ok(virtq_pop(&vq, &c) == 1);
}

static void test_enable(void)
{
	static const struct {
		u32 num;
		u64 desc, avail, used;
	} bad[] = {
		{ 0, RING_DESC(0), RING_AVAIL(0), RING_USED(0) },
		{ 3, RING_DESC(0), RING_AVAIL(0), RING_USED(0) },
		{ VIRTQ_MAX_SIZE * 2, RING_DESC(0), RING_AVAIL(0), RING_USED(0) },
		{ 0x80000000, RING_DESC(0), RING_AVAIL(0), RING_USED(0) },
		{ 16, RING_DESC(0) + 8, RING_AVAIL(0), RING_USED(0) },
		{ 16, RING_DESC(0), RING_AVAIL(0) + 1, RING_USED(0) },
		{ 16, RING_DESC(0), RING_AVAIL(0), RING_USED(0) + 2 },
		{ 16, RAM_BASE + RAM_SIZE - 16, RING_AVAIL(0), RING_USED(0) },
		{ 16, RING_DESC(0), RAM_BASE + RAM_SIZE - 36, RING_USED(0) },
		{ 16, RING_DESC(0), RING_AVAIL(0), RAM_BASE + RAM_SIZE - 132 },
		{ 16, RING_DESC(0), UINT64_MAX - 1, RING_USED(0) },
		{ 16, 0, 0, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		vq = (struct virtq) {
			.mem = &mem, .num = bad[i].num, .desc_gpa = bad[i].desc,
			.avail_gpa = bad[i].avail, .used_gpa = bad[i].used,
		};
		ok(virtq_enable(&vq, false, false));
		ok(!vq.ready);
	}
}

static void test_iov(void)
{
	char a[4] = "abcd", b[4] = "efgh", out[8] = "";
	struct iovec iov[2] = { { a, 4 }, { b, 4 } };

	ok(iov_to_buf(iov, 2, 2, out, 4) == 4 && !memcmp(out, "cdef", 4));
	ok(iov_to_buf(iov, 2, 6, out, 8) == 2);
	ok(iov_to_buf(iov, 2, 8, out, 1) == 0);
	ok(iov_from_buf(iov, 2, 3, "XY", 2) == 2 && a[3] == 'X' && b[0] == 'Y');
	ok(iov_slice(iov, 2, 3, 2) == 2 && iov[0].iov_base == a + 3 && iov[0].iov_len == 1);
	ok(iov[1].iov_base == b && iov[1].iov_len == 1);
	ok(iov_slice(iov, 2, 2, 5) == 0);
}

static const struct tap_test tests[] = {
	{ "a chain of three", test_simple },
	{ "unpop", test_unpop },
	{ "interrupt suppression", test_suppression },
	{ "event index", test_event_idx },
	{ "index wrap", test_wrap },
	{ "indirect table behind a direct descriptor", test_indirect },
	{ "unaligned indirect table", test_unaligned_table },
	{ "broken: descriptor loop", test_loop },
	{ "broken: indices", test_bad_index },
	{ "broken: addresses", test_bad_address },
	{ "broken: order", test_bad_order },
	{ "broken: indirect", test_bad_indirect },
	{ "queue set-up", test_enable },
	{ "iovec helpers", test_iov },
};

int main(void)
{
	if (mem_add(&mem, RAM_BASE, RAM_SIZE))
		return 1;
	return tap_run(tests, ARRAY_SIZE(tests));
}
