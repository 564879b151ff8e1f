// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family: every command and attribute, messages that are wrong, who
 * may see what.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

#include "fam.h"

#define NOBODY		65534
#define CACHE_MIN	(1ull << 20)

static void vm_get(void)
{
	struct vcpu vcpu[2];
	struct reply r;
	struct vm vm;

	fam_open();
	vm = vm_new_ram(VMXL_VM_FIRMWARE);
	vcpu[0] = vcpu_new(&vm, 0);
	vcpu[1] = vcpu_new(&vm, 7);
	CHECK_EQ(fam_get(VMXL_NL_CMD_VM_GET, fam_newest(), &r), 0);
	CHECK_EQ(r.cmd, VMXL_NL_CMD_VM_GET);
	CHECK_EQ(ANSWER(VM_ID), fam_newest());
	CHECK_EQ(ANSWER(ISA), VMXL_ISA_RV64);
	CHECK_EQ(ANSWER(FLAGS), VMXL_VM_FIRMWARE);
	CHECK_EQ(ANSWER(UID), getuid());
	CHECK_EQ(ANSWER(PID), getpid());
	CHECK(fam_is_own(&r));
	CHECK(ANSWER(AGE) > 0 && ANSWER(AGE) < 100000000000ull);
	CHECK_EQ(ANSWER(NR_VCPUS), 2);
	CHECK_EQ(ANSWER(MEMORY), RAM_SIZE);
	CHECK(r.has[VMXL_NL_A_VM_STATS]);
	CHECK_EQ(r.nr_stats, VMXL_NL_VM_STAT_MAX - 1);
	CHECK(r.stat[VMXL_NL_VM_STAT_BLOCK_LIMIT] > 0);
	vcpu_close(&vcpu[0]);
	vcpu_close(&vcpu[1]);
	vm_close(&vm);
}

static const u32 store_code[] = { RV_SD(RV_A2, 0, RV_A1), RV_J(-4) };

/* What the module counts is what was seen from outside. */
static void vcpu_get(void)
{
	struct vcpu vcpu;
	struct reply r;
	struct vm vm;
	u64 insns;
	int i;

	fam_open();
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 3);
	GUEST(&vm, &vcpu, RAM, store_code);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	for (i = 0; i < 5; i++)
		expect_store(&vcpu, MMIO, 8, 0);
	CHECK_EQ(fam_get_vcpu(fam_newest(), 3, &r), 0);
	CHECK_EQ(ANSWER(VM_ID), fam_newest());
	CHECK_EQ(ANSWER(VCPU_ID), 3);
	CHECK_EQ(ANSWER(MP_STATE), VMXL_MP_RUNNABLE);
	CHECK_EQ(ANSWER(PC), RAM);
	CHECK(r.has[VMXL_NL_A_VCPU_STATS]);
	CHECK_EQ(r.nr_stats, VMXL_NL_VCPU_STAT_MAX - 1);
	CHECK_EQ(STAT(RUNS), 5);
	CHECK_EQ(STAT(EXIT_MMIO), 5);
	CHECK_EQ(STAT(EXIT_INTR), 0);
	CHECK(STAT(TRANSLATED) > 0);
	CHECK(STAT(TLB_MISS) > 0 && STAT(TLB_MISS) <= STAT(TLB_L1_MISS));
	insns = STAT(INSNS);
	vcpu.run->immediate_exit = 1;
	CHECK_ERR(__vcpu_run(&vcpu), EINTR);
	CHECK_EQ(fam_get_vcpu(fam_newest(), 3, &r), 0);
	CHECK_EQ(STAT(RUNS), 6);
	CHECK_EQ(STAT(EXIT_INTR), 1);
	CHECK(STAT(INSNS) >= insns);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

struct vcpus {
	u32 vm;
	unsigned int nr, of_vm;
	u64 seen;
};

static void note_vcpu(const struct reply *r, void *opaque)
{
	struct vcpus *v = opaque;

	v->nr++;
	if (r->val[VMXL_NL_A_VM_ID] != v->vm)
		return;
	v->of_vm++;
	v->seen |= 1ull << r->val[VMXL_NL_A_VCPU_ID];
}

/* More vCPUs than one message of a dump can hold */
static void vcpu_dump(void)
{
	struct vm vm[2];
	struct vcpu vcpu[2][40];
	struct vcpus v;
	struct msg m;
	int i, k;

	fam_open();
	for (k = 0; k < 2; k++) {
		vm[k] = vm_new(0);
		for (i = 0; i < 40; i++)
			vcpu[k][i] = vcpu_new(&vm[k], i);
	}
	for (k = 0; k < 2; k++) {
		v = (struct vcpus){ .vm = fam_newest() - k };
		m = fam_dump(VMXL_NL_CMD_VCPU_GET, 0);
		CHECK_EQ(nl_dump(fam.sock, &m, note_vcpu, &v), 0);
		CHECK_EQ(v.of_vm, 40);
		CHECK_EQ(v.seen, (1ull << 40) - 1);
		v = (struct vcpus){ .vm = v.vm };
		msg_put_u32(&m, VMXL_NL_A_VM_ID, v.vm);
		CHECK_EQ(nl_dump(fam.sock, &m, note_vcpu, &v), 0);
		CHECK_EQ(v.nr, 40);
		CHECK_EQ(v.seen, (1ull << 40) - 1);
	}
	/* One that is not there has none. */
	v = (struct vcpus){};
	m = fam_dump(VMXL_NL_CMD_VCPU_GET, fam_newest() + 1);
	CHECK_EQ(nl_dump(fam.sock, &m, note_vcpu, &v), 0);
	CHECK_EQ(v.nr, 0);
	for (k = 0; k < 2; k++) {
		for (i = 0; i < 40; i++)
			vcpu_close(&vcpu[k][i]);
		vm_close(&vm[k]);
	}
}

static int set_limit(u32 vm, u64 limit)
{
	struct msg m = fam_request(VMXL_NL_CMD_POLICY_SET, vm);

	msg_put_u64(&m, VMXL_NL_A_CACHE_LIMIT, limit);
	return nl_call(fam.sock, &m, NULL);
}

static void policy(void)
{
	struct reply r;
	struct vm vm;
	u64 limit;

	fam_open();
	vm = vm_new(0);
	CHECK_EQ(fam_get(VMXL_NL_CMD_POLICY_GET, fam_newest(), &r), 0);
	CHECK_EQ(ANSWER(VM_ID), fam_newest());
	limit = ANSWER(CACHE_LIMIT);
	CHECK_EQ(set_limit(fam_newest(), CACHE_MIN), 0);
	CHECK_EQ(fam_get(VMXL_NL_CMD_POLICY_GET, fam_newest(), &r), 0);
	CHECK_EQ(ANSWER(CACHE_LIMIT), CACHE_MIN);
	CHECK_EQ(set_limit(fam_newest(), limit * 2), 0);
	CHECK_EQ(set_limit(fam_newest(), limit), 0);
	CHECK_EQ(set_limit(fam_newest(), CACHE_MIN - 1), -ERANGE);
	CHECK_EQ(set_limit(fam_newest(), 0), -ERANGE);
	CHECK_EQ(set_limit(fam_newest(), ~0ull), -ERANGE);
	CHECK_EQ(set_limit(fam_newest() + 1, limit), -ENOENT);
	CHECK_EQ(fam_get(VMXL_NL_CMD_POLICY_SET, fam_newest(), NULL), -EINVAL);
	CHECK_EQ(fam_get(VMXL_NL_CMD_POLICY_GET, fam_newest(), &r), 0);
	CHECK_EQ(ANSWER(CACHE_LIMIT), limit);
	vm_close(&vm);
}

static int set_sched(u32 vm, int attr, u64 val)
{
	struct msg m = fam_request(VMXL_NL_CMD_POLICY_SET, vm);

	if (attr == VMXL_NL_A_SCHED_POLICY)
		msg_put_u32(&m, attr, val);
	else
		msg_put_u64(&m, attr, val);
	return nl_call(fam.sock, &m, NULL);
}

/* What VMXL_SET_SCHED sets */
static void sched_policy(void)
{
	struct reply r;
	struct vm vm;
	int worker;
	u32 id;

	fam_open();
	vm = vm_new(0);
	id = fam_newest();
	CHECK_EQ(fam_get(VMXL_NL_CMD_POLICY_GET, id, &r), 0);
	CHECK(!r.has[VMXL_NL_A_SCHED_POLICY]);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_POLICY, 0), -EOPNOTSUPP);
	worker = CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_WORKER, 0));
	CHECK_EQ(fam_get(VMXL_NL_CMD_POLICY_GET, id, &r), 0);
	CHECK_EQ(ANSWER(SCHED_POLICY), VMXL_SCHED_POLICY_FAIR);
	CHECK_EQ(ANSWER(SCHED_SLICE), 1000000);
	CHECK_EQ(ANSWER(SCHED_PERIOD), 100000000);
	CHECK_EQ(ANSWER(SCHED_RUNTIME), 0);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_POLICY, VMXL_SCHED_POLICY_GANG), 0);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_SLICE, 2000000), 0);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_RUNTIME, 50000000), 0);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_PERIOD, 200000000), 0);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_POLICY, 4), -EINVAL);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_SLICE, 1), -EINVAL);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_PERIOD, ~0ull), -EINVAL);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_RUNTIME, 1), -EINVAL);
	CHECK_EQ(set_sched(id + 1, VMXL_NL_A_SCHED_POLICY, 0), -ENOENT);
	CHECK_EQ(fam_get(VMXL_NL_CMD_POLICY_GET, id, &r), 0);
	CHECK_EQ(ANSWER(SCHED_POLICY), VMXL_SCHED_POLICY_GANG);
	CHECK_EQ(ANSWER(SCHED_SLICE), 2000000);
	CHECK_EQ(ANSWER(SCHED_PERIOD), 200000000);
	CHECK_EQ(ANSWER(SCHED_RUNTIME), 50000000);
	sys_close(worker);
	vm_close(&vm);
}

static int get_block(u32 vm, u64 pc, struct reply *r)
{
	struct msg m = fam_request(VMXL_NL_CMD_BLOCK_GET, vm);

	msg_put_u64(&m, VMXL_NL_A_PC, pc);
	return nl_call(fam.sock, &m, r);
}

/* A loop that is compiled, then a store that leaves */
static void block(void)
{
	static const u32 code[] = {
		RV_ADDI(RV_A0, RV_A0, -1), RV_BNE(RV_A0, RV_ZERO, -4), RV_SD(RV_A2, 0, RV_A1),
	};
	struct vcpu vcpu;
	struct reply r;
	struct vm vm;

	fam_open();
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	GUEST(&vm, &vcpu, RAM, code);
	set_reg(&vcpu, REG_X(RV_A0), 1000);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	CHECK_EQ(get_block(fam_newest(), RAM, &r), -ENOENT);
	expect_store(&vcpu, MMIO, 8, 0);
	CHECK_EQ(get_block(fam_newest(), RAM, &r), 0);
	CHECK_EQ(ANSWER(VM_ID), fam_newest());
	CHECK_EQ(ANSWER(PC), RAM);
	CHECK_EQ(ANSWER(GPA), RAM);
	CHECK(ANSWER(GUEST_LEN) >= 8 && ANSWER(GUEST_LEN) <= 256);
	CHECK(r.has[VMXL_NL_A_BLOCK_FLAGS]);
	CHECK(!memcmp(r.guest_code, code, sizeof(code)));
	if (r.has[VMXL_NL_A_HOST]) {
		CHECK(r.val[VMXL_NL_A_HOST]);
		CHECK(r.host_len > ANSWER(HOST_ENTRY));
	}
	CHECK_EQ(get_block(fam_newest(), RAM + 2, &r), -ENOENT);
	CHECK_EQ(get_block(fam_newest(), ~0ull, &r), -ENOENT);
	CHECK_EQ(get_block(fam_newest() + 1, RAM, &r), -ENOENT);
	CHECK_EQ(fam_get(VMXL_NL_CMD_BLOCK_GET, fam_newest(), NULL), -EINVAL);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* ---- messages that are wrong ---- */

static void bad_commands(void)
{
	struct msg m;
	int cmd;

	fam_open();
	for (cmd = 0; cmd < 256; cmd++) {
		if ((cmd >= VMXL_NL_CMD_VM_GET && cmd <= VMXL_NL_CMD_POLICY_SET) ||
		    cmd == VMXL_NL_CMD_BLOCK_GET)
			continue;
		m = fam_request(cmd, 0);
		CHECK_EQ(nl_call(fam.sock, &m, NULL), -EOPNOTSUPP);
		m = fam_dump(cmd, 0);
		CHECK_EQ(nl_call(fam.sock, &m, NULL), -EOPNOTSUPP);
	}
	for (cmd = VMXL_NL_CMD_POLICY_GET; cmd <= VMXL_NL_CMD_POLICY_SET; cmd++) {
		m = fam_dump(cmd, 0);
		CHECK_EQ(nl_call(fam.sock, &m, NULL), -EOPNOTSUPP);
	}
	m = fam_dump(VMXL_NL_CMD_BLOCK_GET, 0);
	CHECK_EQ(nl_call(fam.sock, &m, NULL), -EOPNOTSUPP);
}

static void missing_attributes(void)
{
	struct reply r;
	struct vm vm;
	int cmd;

	fam_open();
	vm = vm_new(0);
	for (cmd = VMXL_NL_CMD_VM_GET; cmd <= VMXL_NL_CMD_POLICY_SET; cmd++) {
		CHECK_EQ(fam_get(cmd, 0, &r), -EINVAL);
		CHECK_EQ(fam_get(cmd, fam_newest() + 1, &r), -ENOENT);
		CHECK_EQ(fam_get(cmd, ~0u, &r), -ENOENT);
	}
	CHECK_EQ(fam_get(VMXL_NL_CMD_VCPU_GET, fam_newest(), &r), -EINVAL);
	CHECK_EQ(fam_get_vcpu(fam_newest(), 0, &r), -ENOENT);
	CHECK_EQ(fam_get_vcpu(fam_newest(), 255, &r), -ENOENT);
	CHECK_EQ(fam_get_vcpu(fam_newest(), 256, &r), -ENOENT);
	CHECK_EQ(fam_get_vcpu(fam_newest(), ~0u, &r), -ENOENT);
	vm_close(&vm);
}

/* Whether a command takes an attribute */
static bool takes(int cmd, int attr)
{
	return attr == VMXL_NL_A_VM_ID ||
	       (cmd == VMXL_NL_CMD_VCPU_GET && attr == VMXL_NL_A_VCPU_ID) ||
	       (cmd == VMXL_NL_CMD_POLICY_SET &&
		(attr == VMXL_NL_A_CACHE_LIMIT ||
		 (attr >= VMXL_NL_A_SCHED_POLICY && attr <= VMXL_NL_A_SCHED_RUNTIME)));
}

static void unknown_attributes(void)
{
	int cmd, attr;
	struct msg m;

	fam_open();
	for (cmd = VMXL_NL_CMD_VM_GET; cmd <= VMXL_NL_CMD_POLICY_SET; cmd++) {
		for (attr = 0; attr <= VMXL_NL_A_MAX + 2; attr++) {
			if (takes(cmd, attr))
				continue;
			m = fam_request(cmd, 1);
			msg_put_u32(&m, attr, 0);
			CHECK_EQ(nl_call(fam.sock, &m, NULL), -EINVAL);
		}
		m = fam_request(cmd, 1);
		msg_put_u32(&m, 0x3fff, 0);
		CHECK_EQ(nl_call(fam.sock, &m, NULL), -EINVAL);
	}
}

/* An attribute of every length but its own; of a length that the message does not have */
static void wrong_lengths(void)
{
	char zero[64] = {};
	struct nlattr *a;
	struct msg m;
	size_t len;
	int ret;

	fam_open();
	for (len = 0; len < sizeof(zero); len++) {
		if (len == 4)
			continue;
		m = fam_request(VMXL_NL_CMD_VM_GET, 0);
		msg_put(&m, VMXL_NL_A_VM_ID, zero, len);
		ret = nl_call(fam.sock, &m, NULL);
		CHECK(ret == -ERANGE || ret == -EINVAL);
		m = fam_request(VMXL_NL_CMD_VM_GET, 1);
		a = (struct nlattr *)m.attrs;
		a->nla_len = len + NLA_HDRLEN;
		ret = nl_call(fam.sock, &m, NULL);
		CHECK(ret == -ERANGE || ret == -EINVAL);
	}
	for (len = 0; len < NLA_HDRLEN; len++) {
		m = fam_request(VMXL_NL_CMD_VM_GET, 1);
		((struct nlattr *)m.attrs)->nla_len = len;
		CHECK_EQ(nl_call(fam.sock, &m, NULL), -EINVAL);
	}
}

static void wrong_headers(void)
{
	struct msg m;
	int n;

	fam_open();
	m = fam_request(VMXL_NL_CMD_VM_GET, 1);
	m.genl.reserved = 1;
	CHECK_EQ(nl_call(fam.sock, &m, NULL), -EINVAL);
	/* No generic header, or only some of it */
	for (n = 0; n < (int)GENL_HDRLEN; n++) {
		m = fam_request(VMXL_NL_CMD_VM_GET, 0);
		m.nl.nlmsg_len = NLMSG_HDRLEN + n;
		CHECK_EQ(nl_call(fam.sock, &m, NULL), -EINVAL);
	}
	/* Bytes behind the attributes that are none */
	for (n = 1; n < NLA_HDRLEN; n++) {
		m = fam_request(VMXL_NL_CMD_VM_GET, 1);
		m.nl.nlmsg_len += n;
		CHECK_EQ(nl_call(fam.sock, &m, NULL), -EINVAL);
	}
	/* A dump is checked as well. */
	m = fam_dump(VMXL_NL_CMD_VCPU_GET, 0);
	msg_put_u32(&m, VMXL_NL_A_CACHE_LIMIT, 0);
	CHECK_EQ(nl_call(fam.sock, &m, NULL), -EINVAL);
}

/* ---- who may see what ---- */

static int as_nobody(u32 vm)
{
	struct reply r;
	struct msg m;

	if (setgid(NOBODY) || setuid(NOBODY))
		return 1;
	/* Neither by the socket that root opened, nor by one of its own */
	if (fam_vms(fam.sock).nr || fam_get(VMXL_NL_CMD_VM_GET, vm, &r) != -ENOENT)
		return 2;
	fam.sock = nl_socket();
	if (fam_vms(fam.sock).nr || fam_get(VMXL_NL_CMD_VM_GET, vm, &r) != -ENOENT)
		return 3;
	if (fam_get_vcpu(vm, 0, &r) != -ENOENT ||
	    fam_get(VMXL_NL_CMD_POLICY_GET, vm, &r) != -ENOENT)
		return 4;
	if (set_limit(vm, CACHE_MIN) != -ENOENT)
		return 5;
	m = fam_dump(VMXL_NL_CMD_VCPU_GET, vm);
	if (nl_dump(fam.sock, &m, note_vcpu, &(struct vcpus){}))
		return 6;
	return fam_join(fam.sock) == EPERM ? 0 : 7;
}

static void other_user(void)
{
	struct vcpu vcpu;
	struct vm vm;

	fam_open();
	if (getuid())
		tap_skip("not root");
	vm = vm_new(0);
	vcpu = vcpu_new(&vm, 0);
	in_child(as_nobody, fam_newest());
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* A user sees what is his, and may take of it but not add to it. */
static int own_vm(u32 vm)
{
	int dev = sys_open(DEVICE_PATH), fd;
	struct reply r;
	u64 limit;
	u32 id;

	if (setgid(NOBODY) || setuid(NOBODY))
		return 1;
	fam.sock = nl_socket();
	fd = __create_vm(dev, VMXL_ISA_RV64, 0);
	if (fd < 0)
		return 2;
	id = fam_newest();
	if (fam_vms(fam.sock).nr != 1 || id == vm || fam_get(VMXL_NL_CMD_POLICY_GET, id, &r))
		return 3;
	if (r.val[VMXL_NL_A_VM_ID] != id)
		return 4;
	limit = r.val[VMXL_NL_A_CACHE_LIMIT];
	if (set_limit(id, limit + 1) != -EPERM || set_limit(id, CACHE_MIN) || set_limit(id, limit))
		return 5;
	if (get_block(id, RAM, &r) != -EPERM)
		return 6;
	return 0;
}

static void own(void)
{
	struct vm vm;

	fam_open();
	if (getuid())
		tap_skip("not root");
	vm = vm_new(0);
	in_child(own_vm, fam_newest());
	vm_close(&vm);
}

static int in_namespace(u32 vm)
{
	struct reply r;
	struct vm own;
	int old = fam.sock;

	if (unshare(CLONE_NEWNET))
		return 1;
	fam.sock = nl_socket();
	if (nl_family(fam.sock, &fam.group) != fam.id)
		return 2;
	if (fam_vms(fam.sock).nr || fam_get(VMXL_NL_CMD_VM_GET, vm, &r) != -ENOENT)
		return 3;
	own = vm_new(0);
	if (fam_vms(fam.sock).of_pid != 1)
		return 4;
	/* Where the namespace was left, only what was there before is seen. */
	if (fam_vms(old).of_pid)
		return 5;
	vm_close(&own);
	return 0;
}

static void namespaces(void)
{
	struct vm vm;

	fam_open();
	if (getuid())
		tap_skip("not root");
	vm = vm_new(0);
	in_child(in_namespace, fam_newest());
	vm_close(&vm);
}

static const struct test tests[] = {
	TEST(vm_get),
	TEST(vcpu_get),
	TEST(vcpu_dump),
	TEST(policy),
	TEST(sched_policy),
	TEST(block),
	TEST(bad_commands),
	TEST(missing_attributes),
	TEST(unknown_attributes),
	TEST(wrong_lengths),
	TEST(wrong_headers),
	TEST(other_user),
	TEST(own),
	TEST(namespaces),
};
TEST_MAIN(tests)
