// SPDX-License-Identifier: GPL-2.0
/*
 * GET_STATS_FD: a file that describes itself, of a VM and of a vCPU; its values.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib.h"

#define MAX_SIZE	16384

struct stats {
	int fd;
	u8 buf[MAX_SIZE];
	size_t len;
	const struct vmxl_stats_header *hdr;
};

static void read_stats(struct stats *s)
{
	ssize_t len = sys_pread(s->fd, s->buf, sizeof(s->buf), 0);

	CHECK(len > (ssize_t)sizeof(*s->hdr) && len < MAX_SIZE);
	s->len = len;
	s->hdr = (void *)s->buf;
}

static void open_stats(struct stats *s, int fd)
{
	s->fd = CHECK_OK(sys_ioctl(fd, VMXL_GET_STATS_FD, 0));
	read_stats(s);
}

static const struct vmxl_stats_desc *desc(const struct stats *s, u32 i)
{
	size_t size = sizeof(struct vmxl_stats_desc) + s->hdr->name_size;

	return (const void *)(s->buf + s->hdr->desc_offset + i * size);
}

static const struct vmxl_stats_desc *find(const struct stats *s, const char *name)
{
	u32 i;

	for (i = 0; i < s->hdr->num_desc; i++)
		if (!strcmp(desc(s, i)->name, name))
			return desc(s, i);
	FAIL("no counter is called %s", name);
}

static u64 value(const struct stats *s, const char *name)
{
	u64 val;

	memcpy(&val, s->buf + s->hdr->data_offset + find(s, name)->offset, sizeof(val));
	return val;
}

/* Nothing overlaps, all of it is within, each name is there once. */
static void check_layout(const struct stats *s, const char *id)
{
	const struct vmxl_stats_header *h = s->hdr;
	size_t size = sizeof(struct vmxl_stats_desc) + h->name_size;
	u32 i, k;

	CHECK_EQ(h->flags, 0);
	CHECK(h->num_desc > 5 && h->id_offset >= sizeof(*h));
	CHECK(h->desc_offset >= h->id_offset + h->name_size);
	CHECK(h->data_offset >= h->desc_offset + h->num_desc * size);
	CHECK_EQ(s->len, h->data_offset + h->num_desc * sizeof(u64));
	CHECK(!strcmp((const char *)s->buf + h->id_offset, id));
	for (i = 0; i < h->num_desc; i++) {
		const struct vmxl_stats_desc *d = desc(s, i);

		CHECK(*d->name && strnlen(d->name, h->name_size) < h->name_size);
		CHECK_EQ(d->offset, i * sizeof(u64));
		CHECK_EQ(d->size, 1);
		CHECK_EQ(d->bucket_size, 0);
		CHECK_EQ(d->flags & ~(VMXL_STATS_TYPE_MASK | VMXL_STATS_UNIT_MASK), 0);
		for (k = 0; k < i; k++)
			CHECK(strcmp(d->name, desc(s, k)->name));
	}
}

/* Where the module gives numbers to VMs, they are its own. */
static void name_of(const struct stats *s, char *id, size_t len, const char *suffix)
{
	const char *is = (const char *)s->buf + s->hdr->id_offset;

	CHECK(!strncmp(is, "vmxl-", 5));
	snprintf(id, len, "vmxl-%lu%s", strtoul(is + 5, NULL, 10), suffix);
}

static void layout(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 3);
	struct stats s;
	char id[64];

	open_stats(&s, vm.fd);
	name_of(&s, id, sizeof(id), "");
	check_layout(&s, id);
	sys_close(s.fd);
	open_stats(&s, vcpu.fd);
	name_of(&s, id, sizeof(id), "/vcpu-3");
	check_layout(&s, id);
	sys_close(s.fd);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static void kinds_and_units(void)
{
	struct vm vm = vm_new(0);
	struct stats s;

	open_stats(&s, vm.fd);
	CHECK_EQ(find(&s, "blocks")->flags, VMXL_STATS_TYPE_INSTANT | VMXL_STATS_UNIT_NONE);
	CHECK_EQ(find(&s, "block_bytes")->flags, VMXL_STATS_TYPE_INSTANT | VMXL_STATS_UNIT_BYTES);
	CHECK_EQ(find(&s, "compile_ns")->flags,
		 VMXL_STATS_TYPE_CUMULATIVE | VMXL_STATS_UNIT_SECONDS);
	CHECK_EQ(find(&s, "compile_ns")->exponent, -9);
	CHECK_EQ(find(&s, "blocks")->exponent, 0);
	sys_close(s.fd);
	vm_close(&vm);
}

static void values(void)
{
	static const u32 code[] = {
		RV_SD(RV_A0, 0, RV_A1), RV_SD(RV_A0, 0, RV_A1), RV_SD(RV_A0, 0, RV_A1),
	};
	struct vm vm = vm_new_ram(VMXL_VM_FIRMWARE);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct stats s;
	u64 insns;

	GUEST(&vm, &vcpu, RAM, code);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	open_stats(&s, vcpu.fd);
	CHECK_EQ(value(&s, "exit_mmio"), 0);
	expect_store(&vcpu, MMIO, 8, 0);
	expect_store(&vcpu, MMIO, 8, 0);
	expect_store(&vcpu, MMIO, 8, 0);
	read_stats(&s);
	CHECK_EQ(value(&s, "exit_mmio"), 3);
	CHECK_EQ(value(&s, "runs"), 3);
	insns = value(&s, "insns");
	CHECK(insns >= 2 && insns <= 3);
	sys_close(s.fd);
	open_stats(&s, vm.fd);
	CHECK(value(&s, "blocks") >= 1);
	CHECK(value(&s, "block_bytes") > 0 && value(&s, "block_bytes") < value(&s, "block_limit"));
	sys_close(s.fd);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* From any offset, in pieces; behind the end there is nothing. */
static void in_pieces(void)
{
	struct vm vm = vm_new(0);
	struct stats s;
	u8 piece[7];
	ssize_t n;
	long at;

	open_stats(&s, vm.fd);
	for (at = 0; at < s.hdr->data_offset; at += n) {
		n = sys_pread(s.fd, piece, sizeof(piece), at);
		CHECK(n > 0 && !memcmp(piece, s.buf + at, n));
	}
	CHECK_EQ(sys_pread(s.fd, piece, sizeof(piece), s.len), 0);
	CHECK_EQ(sys_pread(s.fd, piece, sizeof(piece), s.len - 1), 1);
	CHECK_EQ(sys_pread(s.fd, piece, sizeof(piece), 1l << 40), 0);
	CHECK_ERR(sys_pread(s.fd, piece, sizeof(piece), -1), EINVAL);
	CHECK_ERR(sys_pread(s.fd, (void *)8, sizeof(piece), 0), EFAULT);
	sys_close(s.fd);
	vm_close(&vm);
}

/* It holds the VM, and can be read when all else is closed. */
static void outlives(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct stats s, t;

	open_stats(&s, vm.fd);
	open_stats(&t, vcpu.fd);
	vcpu_close(&vcpu);
	vm_close(&vm);
	read_stats(&s);
	read_stats(&t);
	CHECK_EQ(value(&s, "blocks"), 0);
	CHECK_EQ(value(&t, "runs"), 0);
	sys_close(s.fd);
	read_stats(&t);
	sys_close(t.fd);
}

static void refused(void)
{
	struct vm vm = vm_new(0);
	struct vcpu vcpu = vcpu_new(&vm, 0);
	struct stats s;

	CHECK_ERR(sys_ioctl(vm.fd, VMXL_GET_STATS_FD, 1), EINVAL);
	CHECK_ERR(sys_ioctl(vcpu.fd, VMXL_GET_STATS_FD, 1ul << 63), EINVAL);
	open_stats(&s, vm.fd);
	CHECK_ERR(sys_ioctl(s.fd, VMXL_GET_STATS_FD, 0), ENOTTY);
	CHECK_ERR(sys_ioctl(s.fd, VMXL_CREATE_VCPU, 1), ENOTTY);
	if (on_kernel) {
		CHECK(fcntl(s.fd, F_GETFD) & FD_CLOEXEC);
		CHECK_ERR(write(s.fd, &s, 1), EBADF);
		CHECK(sys_mmap(PAGE, 1, 2, s.fd, 0) == (void *)-1l);
	}
	sys_close(s.fd);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

static const struct test tests[] = {
	TEST(layout),
	TEST(kinds_and_units),
	TEST(values),
	TEST(in_pieces),
	TEST(outlives),
	TEST(refused),
};

TEST_MAIN(tests)
