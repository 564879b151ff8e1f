// SPDX-License-Identifier: GPL-2.0
/*
 * GET_CODE_LOG: what was compiled, where it is, and that it goes.
 */
#include "lib.h"

#define TURNS	10000
#define ROOM	64

struct setup {
	struct vm vm;
	struct vcpu vcpu;
};

/* A loop in U-mode that is compiled: a gigabyte's page for the devices and one for RAM */
static void set_up(struct setup *s)
{
	static const u32 code[] = {
		RV_ADDI(RV_A0, RV_A0, -1),
		RV_BNE(RV_A0, RV_ZERO, -4),
		RV_SD(RV_A0, 0, RV_A1),
		RV_J(-12),
	};

	s->vm = vm_new_ram(VMXL_VM_FIRMWARE);
	s->vcpu = vcpu_new(&s->vm, 0);
	GUEST(&s->vm, &s->vcpu, RAM, code);
	user_mode(&s->vm, &s->vcpu);
	set_reg(&s->vcpu, REG_X(RV_A0), TURNS);
	set_reg(&s->vcpu, REG_X(RV_A1), MMIO);
}

static void tear_down(struct setup *s)
{
	vcpu_close(&s->vcpu);
	vm_close(&s->vm);
}

static int read_log(const struct setup *s, struct vmxl_code_record *rec, u32 room, u32 *nr)
{
	struct vmxl_code_log log = { .records = (uintptr_t)rec, .nr = room };
	int ret = sys_ioctl(s->vm.fd, VMXL_GET_CODE_LOG, (unsigned long)&log);

	*nr = log.nr;
	if (!ret)
		CHECK_EQ(log.lost, 0);
	return ret;
}

static bool has_log(const struct setup *s)
{
	return sys_ioctl(s->vm.fd, VMXL_CHECK_EXTENSION, VMXL_CAP_CODE_LOG) == 1;
}

static const struct vmxl_code_record *find(const struct vmxl_code_record *rec, u32 nr, u32 type,
					   u64 pc)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (rec[i].type == type && rec[i].pc == pc)
			return &rec[i];
	return NULL;
}

/* What translated code is can be read where the record says it is. */
static void check_record(const struct vmxl_code_record *rec)
{
	const volatile u8 *p = (const u8 *)(uintptr_t)rec->host;
	u32 i, nonzero = 0;

	CHECK_EQ(rec->reserved, 0);
	CHECK(rec->ns && rec->host_len);
	for (i = 0; i < rec->host_len; i++)
		nonzero += !!p[i];
	CHECK(nonzero > rec->host_len / 4);
}

static void added_and_dropped(void)
{
	const struct vmxl_code_record *stubs, *block, *gone;
	struct vmxl_code_record rec[ROOM], last[ROOM];
	struct setup s;
	u32 nr, nr_last, i;

	set_up(&s);
	if (!has_log(&s))
		tap_skip("this host has no translated code");
	CHECK_OK(read_log(&s, NULL, 0, &nr));		/* from here on */
	CHECK_EQ(nr, 0);
	expect_store(&s.vcpu, MMIO, 8, 0);
	CHECK_OK(read_log(&s, rec, ROOM, &nr));
	stubs = find(rec, nr, VMXL_CODE_STUBS, 0);
	block = find(rec, nr, VMXL_CODE_ADDED, RAM);
	CHECK(stubs && block);
	check_record(stubs);
	check_record(block);
	CHECK_EQ(stubs->len, 0);
	CHECK(block->len >= 8);
	CHECK(block->host > stubs->host);
	for (i = 1; i < nr; i++)
		CHECK(rec[i].ns >= rec[i - 1].ns);
	CHECK_OK(read_log(&s, last, ROOM, &nr_last));
	CHECK_EQ(nr_last, 0);				/* each is told of once */
	vm_memory(s.vm.fd, 0, 0, RAM, 0, NULL);
	CHECK_OK(read_log(&s, last, ROOM, &nr_last));
	gone = find(last, nr_last, VMXL_CODE_DROPPED, RAM);
	CHECK(gone);
	CHECK_EQ(gone->host, block->host);
	CHECK_EQ(gone->host_len, block->host_len);
	tear_down(&s);
}

static void by_and_by(void)
{
	struct vmxl_code_record all[ROOM];
	struct setup s;
	u32 nr, n = 0;

	set_up(&s);
	if (!has_log(&s))
		tap_skip("this host has no translated code");
	CHECK_OK(read_log(&s, NULL, 0, &nr));
	expect_store(&s.vcpu, MMIO, 8, 0);
	do {
		CHECK(n < ROOM);
		CHECK_OK(read_log(&s, all + n, 1, &nr));
		n += nr;
	} while (nr);
	CHECK(n >= 2);
	CHECK(find(all, n, VMXL_CODE_ADDED, RAM));
	tear_down(&s);
}

/* There is a record to write: then the pointer matters. */
static void bad_room(void)
{
	static const u64 bad[] = { 0, 8, 1ull << 63, ~0ull - 7, 0xffff800000000000 };
	struct vmxl_code_record rec[ROOM];
	struct setup s;
	unsigned int i;
	u32 nr;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		set_up(&s);
		if (!has_log(&s))
			tap_skip("this host has no translated code");
		CHECK_OK(read_log(&s, rec, 0, &nr));
		expect_store(&s.vcpu, MMIO, 8, 0);
		CHECK_ERR(read_log(&s, (void *)(uintptr_t)bad[i], ROOM, &nr), EFAULT);
		CHECK_OK(read_log(&s, rec, ROOM, &nr));
		tear_down(&s);
	}
}

static const struct test tests[] = {
	TEST(added_and_dropped),
	TEST(by_and_by),
	TEST(bad_room),
};

TEST_MAIN(tests)
