// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family: every command and attribute, messages that are wrong, who
 * may see what, dumps while VMs come and go, events.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib.h"
#include "nl.h"

#define NOBODY		65534
#define CACHE_MIN	(1ull << 20)
#define ANSWER(attr)	({ CHECK(r.has[VMXL_NL_A_##attr]); r.val[VMXL_NL_A_##attr]; })
#define STAT(id)	(r.stat[VMXL_NL_VCPU_STAT_##id])

static int sock, family, group;

static void open_family(void)
{
	need_kernel();
	if (!sock)
		sock = nl_socket();
	family = nl_family(sock, &group);
	CHECK(family > 0);
}

static struct msg request(int cmd, u32 vm)
{
	struct msg m;

	msg_init(&m, family, NLM_F_REQUEST, cmd);
	if (vm)
		msg_put_u32(&m, VMXL_NL_A_VM_ID, vm);
	return m;
}

static int get(int cmd, u32 vm, struct reply *r)
{
	struct msg m = request(cmd, vm);

	return nl_call(sock, &m, r);
}

static int get_vcpu(u32 vm, u32 vcpu, struct reply *r)
{
	struct msg m = request(VMXL_NL_CMD_VCPU_GET, vm);

	msg_put_u32(&m, VMXL_NL_A_VCPU_ID, vcpu);
	return nl_call(sock, &m, r);
}

struct ids {
	u32 last, max, pid;
	unsigned int nr, of_pid;
	bool sorted;
};

static void note_id(const struct reply *r, void *opaque)
{
	struct ids *ids = opaque;
	u32 id = r->val[VMXL_NL_A_VM_ID];

	ids->sorted = ids->sorted && id > ids->last;
	ids->last = id;
	ids->nr++;
	if (r->val[VMXL_NL_A_PID] == ids->pid) {
		ids->of_pid++;
		ids->max = id;
	}
}

/* All VMs that may be seen; the highest number of one of this process */
static struct ids dump_vms(int fd)
{
	struct ids ids = { .pid = getpid(), .sorted = true };
	struct msg m;

	msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, VMXL_NL_CMD_VM_GET);
	CHECK_EQ(nl_dump(fd, &m, note_id, &ids), 0);
	CHECK(ids.sorted);
	return ids;
}

/* The number of the VM that this process made last */
static u32 newest(void)
{
	return dump_vms(sock).max;
}

static void vm_get(void)
{
	struct vcpu vcpu[2];
	struct reply r;
	struct vm vm;

	open_family();
	vm = vm_new_ram(VMXL_VM_FIRMWARE);
	vcpu[0] = vcpu_new(&vm, 0);
	vcpu[1] = vcpu_new(&vm, 7);
	CHECK_EQ(get(VMXL_NL_CMD_VM_GET, newest(), &r), 0);
	CHECK_EQ(r.cmd, VMXL_NL_CMD_VM_GET);
	CHECK_EQ(ANSWER(VM_ID), newest());
	CHECK_EQ(ANSWER(ISA), VMXL_ISA_RV64);
	CHECK_EQ(ANSWER(FLAGS), VMXL_VM_FIRMWARE);
	CHECK_EQ(ANSWER(UID), getuid());
	CHECK_EQ(ANSWER(PID), getpid());
	CHECK(!strcmp(r.comm, "netlink_test"));
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

	open_family();
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 3);
	GUEST(&vm, &vcpu, RAM, store_code);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	for (i = 0; i < 5; i++)
		expect_store(&vcpu, MMIO, 8, 0);
	CHECK_EQ(get_vcpu(newest(), 3, &r), 0);
	CHECK_EQ(ANSWER(VM_ID), newest());
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
	CHECK_EQ(get_vcpu(newest(), 3, &r), 0);
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

	open_family();
	for (k = 0; k < 2; k++) {
		vm[k] = vm_new(0);
		for (i = 0; i < 40; i++)
			vcpu[k][i] = vcpu_new(&vm[k], i);
	}
	for (k = 0; k < 2; k++) {
		v = (struct vcpus){ .vm = newest() - k };
		msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, VMXL_NL_CMD_VCPU_GET);
		CHECK_EQ(nl_dump(sock, &m, note_vcpu, &v), 0);
		CHECK_EQ(v.of_vm, 40);
		CHECK_EQ(v.seen, (1ull << 40) - 1);
		v = (struct vcpus){ .vm = v.vm };
		msg_put_u32(&m, VMXL_NL_A_VM_ID, v.vm);
		CHECK_EQ(nl_dump(sock, &m, note_vcpu, &v), 0);
		CHECK_EQ(v.nr, 40);
		CHECK_EQ(v.seen, (1ull << 40) - 1);
	}
	/* One that is not there has none. */
	v = (struct vcpus){};
	msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, VMXL_NL_CMD_VCPU_GET);
	msg_put_u32(&m, VMXL_NL_A_VM_ID, newest() + 1);
	CHECK_EQ(nl_dump(sock, &m, note_vcpu, &v), 0);
	CHECK_EQ(v.nr, 0);
	for (k = 0; k < 2; k++) {
		for (i = 0; i < 40; i++)
			vcpu_close(&vcpu[k][i]);
		vm_close(&vm[k]);
	}
}

static int set_limit(u32 vm, u64 limit)
{
	struct msg m = request(VMXL_NL_CMD_POLICY_SET, vm);

	msg_put_u64(&m, VMXL_NL_A_CACHE_LIMIT, limit);
	return nl_call(sock, &m, NULL);
}

static void policy(void)
{
	struct reply r;
	struct vm vm;
	u64 limit;

	open_family();
	vm = vm_new(0);
	CHECK_EQ(get(VMXL_NL_CMD_POLICY_GET, newest(), &r), 0);
	CHECK_EQ(ANSWER(VM_ID), newest());
	limit = ANSWER(CACHE_LIMIT);
	CHECK_EQ(set_limit(newest(), CACHE_MIN), 0);
	CHECK_EQ(get(VMXL_NL_CMD_POLICY_GET, newest(), &r), 0);
	CHECK_EQ(ANSWER(CACHE_LIMIT), CACHE_MIN);
	CHECK_EQ(set_limit(newest(), limit * 2), 0);
	CHECK_EQ(set_limit(newest(), limit), 0);
	CHECK_EQ(set_limit(newest(), CACHE_MIN - 1), -ERANGE);
	CHECK_EQ(set_limit(newest(), 0), -ERANGE);
	CHECK_EQ(set_limit(newest(), ~0ull), -ERANGE);
	CHECK_EQ(set_limit(newest() + 1, limit), -ENOENT);
	CHECK_EQ(get(VMXL_NL_CMD_POLICY_SET, newest(), NULL), -EINVAL);
	CHECK_EQ(get(VMXL_NL_CMD_POLICY_GET, newest(), &r), 0);
	CHECK_EQ(ANSWER(CACHE_LIMIT), limit);
	vm_close(&vm);
}

static int set_sched(u32 vm, int attr, u64 val)
{
	struct msg m = request(VMXL_NL_CMD_POLICY_SET, vm);

	if (attr == VMXL_NL_A_SCHED_POLICY)
		msg_put_u32(&m, attr, val);
	else
		msg_put_u64(&m, attr, val);
	return nl_call(sock, &m, NULL);
}

/* What VMXL_SET_SCHED sets */
static void sched_policy(void)
{
	struct reply r;
	struct vm vm;
	int worker;
	u32 id;

	open_family();
	vm = vm_new(0);
	id = newest();
	CHECK_EQ(get(VMXL_NL_CMD_POLICY_GET, id, &r), 0);
	CHECK(!r.has[VMXL_NL_A_SCHED_POLICY]);
	CHECK_EQ(set_sched(id, VMXL_NL_A_SCHED_POLICY, 0), -EOPNOTSUPP);
	worker = CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_WORKER, 0));
	CHECK_EQ(get(VMXL_NL_CMD_POLICY_GET, id, &r), 0);
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
	CHECK_EQ(get(VMXL_NL_CMD_POLICY_GET, id, &r), 0);
	CHECK_EQ(ANSWER(SCHED_POLICY), VMXL_SCHED_POLICY_GANG);
	CHECK_EQ(ANSWER(SCHED_SLICE), 2000000);
	CHECK_EQ(ANSWER(SCHED_PERIOD), 200000000);
	CHECK_EQ(ANSWER(SCHED_RUNTIME), 50000000);
	sys_close(worker);
	vm_close(&vm);
}

static int get_block(u32 vm, u64 pc, struct reply *r)
{
	struct msg m = request(VMXL_NL_CMD_BLOCK_GET, vm);

	msg_put_u64(&m, VMXL_NL_A_PC, pc);
	return nl_call(sock, &m, r);
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

	open_family();
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	GUEST(&vm, &vcpu, RAM, code);
	set_reg(&vcpu, REG_X(RV_A0), 1000);
	set_reg(&vcpu, REG_X(RV_A1), MMIO);
	CHECK_EQ(get_block(newest(), RAM, &r), -ENOENT);
	expect_store(&vcpu, MMIO, 8, 0);
	CHECK_EQ(get_block(newest(), RAM, &r), 0);
	CHECK_EQ(ANSWER(VM_ID), newest());
	CHECK_EQ(ANSWER(PC), RAM);
	CHECK_EQ(ANSWER(GPA), RAM);
	CHECK(ANSWER(GUEST_LEN) >= 8 && ANSWER(GUEST_LEN) <= 256);
	CHECK(r.has[VMXL_NL_A_BLOCK_FLAGS]);
	CHECK(!memcmp(r.guest_code, code, sizeof(code)));
	if (r.has[VMXL_NL_A_HOST]) {
		CHECK(r.val[VMXL_NL_A_HOST]);
		CHECK(r.host_len > ANSWER(HOST_ENTRY));
	}
	CHECK_EQ(get_block(newest(), RAM + 2, &r), -ENOENT);
	CHECK_EQ(get_block(newest(), ~0ull, &r), -ENOENT);
	CHECK_EQ(get_block(newest() + 1, RAM, &r), -ENOENT);
	CHECK_EQ(get(VMXL_NL_CMD_BLOCK_GET, newest(), NULL), -EINVAL);
	vcpu_close(&vcpu);
	vm_close(&vm);
}

/* ---- messages that are wrong ---- */

static void bad_commands(void)
{
	struct msg m;
	int cmd;

	open_family();
	for (cmd = 0; cmd < 256; cmd++) {
		if ((cmd >= VMXL_NL_CMD_VM_GET && cmd <= VMXL_NL_CMD_POLICY_SET) ||
		    cmd == VMXL_NL_CMD_BLOCK_GET)
			continue;
		msg_init(&m, family, NLM_F_REQUEST, cmd);
		CHECK_EQ(nl_call(sock, &m, NULL), -EOPNOTSUPP);
		msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, cmd);
		CHECK_EQ(nl_call(sock, &m, NULL), -EOPNOTSUPP);
	}
	for (cmd = VMXL_NL_CMD_POLICY_GET; cmd <= VMXL_NL_CMD_POLICY_SET; cmd++) {
		msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, cmd);
		CHECK_EQ(nl_call(sock, &m, NULL), -EOPNOTSUPP);
	}
	msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, VMXL_NL_CMD_BLOCK_GET);
	CHECK_EQ(nl_call(sock, &m, NULL), -EOPNOTSUPP);
}

static void missing_attributes(void)
{
	struct reply r;
	struct vm vm;
	int cmd;

	open_family();
	vm = vm_new(0);
	for (cmd = VMXL_NL_CMD_VM_GET; cmd <= VMXL_NL_CMD_POLICY_SET; cmd++) {
		CHECK_EQ(get(cmd, 0, &r), -EINVAL);
		CHECK_EQ(get(cmd, newest() + 1, &r), -ENOENT);
		CHECK_EQ(get(cmd, ~0u, &r), -ENOENT);
	}
	CHECK_EQ(get(VMXL_NL_CMD_VCPU_GET, newest(), &r), -EINVAL);
	CHECK_EQ(get_vcpu(newest(), 0, &r), -ENOENT);
	CHECK_EQ(get_vcpu(newest(), 255, &r), -ENOENT);
	CHECK_EQ(get_vcpu(newest(), 256, &r), -ENOENT);
	CHECK_EQ(get_vcpu(newest(), ~0u, &r), -ENOENT);
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

	open_family();
	for (cmd = VMXL_NL_CMD_VM_GET; cmd <= VMXL_NL_CMD_POLICY_SET; cmd++) {
		for (attr = 0; attr <= VMXL_NL_A_MAX + 2; attr++) {
			if (takes(cmd, attr))
				continue;
			m = request(cmd, 1);
			msg_put_u32(&m, attr, 0);
			CHECK_EQ(nl_call(sock, &m, NULL), -EINVAL);
		}
		m = request(cmd, 1);
		msg_put_u32(&m, 0x3fff, 0);
		CHECK_EQ(nl_call(sock, &m, NULL), -EINVAL);
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

	open_family();
	for (len = 0; len < sizeof(zero); len++) {
		if (len == 4)
			continue;
		msg_init(&m, family, NLM_F_REQUEST, VMXL_NL_CMD_VM_GET);
		msg_put(&m, VMXL_NL_A_VM_ID, zero, len);
		ret = nl_call(sock, &m, NULL);
		CHECK(ret == -ERANGE || ret == -EINVAL);
		msg_init(&m, family, NLM_F_REQUEST, VMXL_NL_CMD_VM_GET);
		msg_put_u32(&m, VMXL_NL_A_VM_ID, 1);
		a = (struct nlattr *)m.attrs;
		a->nla_len = len + NLA_HDRLEN;
		ret = nl_call(sock, &m, NULL);
		CHECK(ret == -ERANGE || ret == -EINVAL);
	}
	for (len = 0; len < NLA_HDRLEN; len++) {
		msg_init(&m, family, NLM_F_REQUEST, VMXL_NL_CMD_VM_GET);
		msg_put_u32(&m, VMXL_NL_A_VM_ID, 1);
		((struct nlattr *)m.attrs)->nla_len = len;
		CHECK_EQ(nl_call(sock, &m, NULL), -EINVAL);
	}
}

static void wrong_headers(void)
{
	struct msg m;
	int n;

	open_family();
	m = request(VMXL_NL_CMD_VM_GET, 1);
	m.genl.reserved = 1;
	CHECK_EQ(nl_call(sock, &m, NULL), -EINVAL);
	/* No generic header, or only some of it */
	for (n = 0; n < (int)GENL_HDRLEN; n++) {
		m = request(VMXL_NL_CMD_VM_GET, 0);
		m.nl.nlmsg_len = NLMSG_HDRLEN + n;
		CHECK_EQ(nl_call(sock, &m, NULL), -EINVAL);
	}
	/* Bytes behind the attributes that are none */
	for (n = 1; n < NLA_HDRLEN; n++) {
		m = request(VMXL_NL_CMD_VM_GET, 1);
		m.nl.nlmsg_len += n;
		CHECK_EQ(nl_call(sock, &m, NULL), -EINVAL);
	}
	/* A dump is checked as well. */
	msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, VMXL_NL_CMD_VCPU_GET);
	msg_put_u32(&m, VMXL_NL_A_CACHE_LIMIT, 0);
	CHECK_EQ(nl_call(sock, &m, NULL), -EINVAL);
}

/* ---- who may see what ---- */

static int join(int fd)
{
	if (!setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return 0;
	return errno;
}

/* In a child: 0 if @fn() says so */
static void in_child(int (*fn)(u32 vm), u32 vm)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(fn(vm));
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
}

static int as_nobody(u32 vm)
{
	struct reply r;
	struct msg m;

	if (setgid(NOBODY) || setuid(NOBODY))
		return 1;
	/* Neither by the socket that root opened, nor by one of its own */
	if (dump_vms(sock).nr || get(VMXL_NL_CMD_VM_GET, vm, &r) != -ENOENT)
		return 2;
	sock = nl_socket();
	if (dump_vms(sock).nr || get(VMXL_NL_CMD_VM_GET, vm, &r) != -ENOENT)
		return 3;
	if (get_vcpu(vm, 0, &r) != -ENOENT || get(VMXL_NL_CMD_POLICY_GET, vm, &r) != -ENOENT)
		return 4;
	if (set_limit(vm, CACHE_MIN) != -ENOENT)
		return 5;
	msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, VMXL_NL_CMD_VCPU_GET);
	msg_put_u32(&m, VMXL_NL_A_VM_ID, vm);
	if (nl_dump(sock, &m, note_id, &(struct ids){}))
		return 6;
	return join(sock) == EPERM ? 0 : 7;
}

static void other_user(void)
{
	struct vcpu vcpu;
	struct vm vm;

	open_family();
	if (getuid())
		tap_skip("not root");
	vm = vm_new(0);
	vcpu = vcpu_new(&vm, 0);
	in_child(as_nobody, newest());
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
	sock = nl_socket();
	fd = __create_vm(dev, VMXL_ISA_RV64, 0);
	if (fd < 0)
		return 2;
	id = newest();
	if (dump_vms(sock).nr != 1 || id == vm || get(VMXL_NL_CMD_POLICY_GET, id, &r))
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

	open_family();
	if (getuid())
		tap_skip("not root");
	vm = vm_new(0);
	in_child(own_vm, newest());
	vm_close(&vm);
}

static int in_namespace(u32 vm)
{
	struct reply r;
	struct vm own;
	int old = sock;

	if (unshare(CLONE_NEWNET))
		return 1;
	sock = nl_socket();
	if (nl_family(sock, &group) != family)
		return 2;
	if (dump_vms(sock).nr || get(VMXL_NL_CMD_VM_GET, vm, &r) != -ENOENT)
		return 3;
	own = vm_new(0);
	if (dump_vms(sock).of_pid != 1)
		return 4;
	/* Where the namespace was left, only what was there before is seen. */
	if (dump_vms(old).of_pid)
		return 5;
	vm_close(&own);
	return 0;
}

static void namespaces(void)
{
	struct vm vm;

	open_family();
	if (getuid())
		tap_skip("not root");
	vm = vm_new(0);
	in_child(in_namespace, newest());
	vm_close(&vm);
}

/* ---- dumps while VMs come and go ---- */

static volatile bool stop_churn;

static void *churn(void *opaque)
{
	int dev = open_dev(), fd[20], i;

	while (!stop_churn) {
		for (i = 0; i < 20; i++)
			fd[i] = __create_vm(dev, VMXL_ISA_RV64, 0);
		for (i = 0; i < 20; i++)
			if (fd[i] >= 0)
				sys_close(fd[i]);
	}
	sys_close(dev);
	return NULL;
}

static void note_kept(const struct reply *r, void *opaque)
{
	struct vcpus *v = opaque;

	if (r->val[VMXL_NL_A_VM_ID] == v->vm)
		v->of_vm++;
}

static void dump_under_churn(void)
{
	pthread_t thread[2];
	struct vcpus v;
	struct vm vm;
	struct msg m;
	int i, cmd;
	u32 id;

	open_family();
	vm = vm_new(0);
	id = newest();
	stop_churn = false;
	for (i = 0; i < 2; i++)
		CHECK(!pthread_create(&thread[i], NULL, churn, NULL));
	for (i = 0; i < 200; i++) {
		CHECK(dump_vms(sock).nr >= 1);
		/* What was there all the time is in each dump, once. */
		cmd = VMXL_NL_CMD_VM_GET;
		v = (struct vcpus){ .vm = id };
		msg_init(&m, family, NLM_F_REQUEST | NLM_F_DUMP, cmd);
		CHECK_EQ(nl_dump(sock, &m, note_kept, &v), 0);
		CHECK_EQ(v.of_vm, 1);
	}
	stop_churn = true;
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	CHECK_EQ(dump_vms(sock).nr, 1);
	vm_close(&vm);
}

/* ---- events ---- */

static int listener(int size)
{
	int fd = nl_socket();

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)));
	CHECK_EQ(join(fd), 0);
	return fd;
}

static void expect_event(int fd, int cmd, u32 vm, u64 seq, struct reply *r)
{
	CHECK_EQ(nl_event(fd, r), 0);
	CHECK_EQ(r->cmd, cmd);
	CHECK_EQ(r->val[VMXL_NL_A_VM_ID], vm);
	CHECK_EQ(r->val[VMXL_NL_A_SEQ], seq);
	CHECK_EQ(r->val[VMXL_NL_A_ISA], VMXL_ISA_RV64);
	CHECK_EQ(r->val[VMXL_NL_A_UID], getuid());
	CHECK(!strcmp(r->comm, "netlink_test"));
}

static void life(void)
{
	struct vcpu vcpu;
	struct reply r;
	struct vm vm;
	int fd;
	u32 id;

	open_family();
	fd = listener(1 << 20);
	vm = vm_new(0);
	id = newest();
	expect_event(fd, VMXL_NL_CMD_VM_NEW, id, 1, &r);
	CHECK(!r.has[VMXL_NL_A_VCPU_ID]);
	vcpu = vcpu_new(&vm, 5);
	expect_event(fd, VMXL_NL_CMD_VCPU_NEW, id, 2, &r);
	CHECK_EQ(r.val[VMXL_NL_A_VCPU_ID], 5);
	vcpu_close(&vcpu);
	vm_close(&vm);
	expect_event(fd, VMXL_NL_CMD_VM_DEL, id, 3, &r);
	close(fd);
}

#define SBI_SRST	0x53525354
#define SRST_REASON	1

static const u32 reset_code[] = { RV_ECALL };

/* The guest says that it failed; then the module does. */
static void system_event_and_error(void)
{
	struct vcpu vcpu;
	struct reply r;
	struct vm vm;
	int fd;
	u32 id;

	open_family();
	fd = listener(1 << 20);
	vm = vm_new_ram(VMXL_VM_FIRMWARE);
	vcpu = vcpu_new(&vm, 0);
	id = newest();
	GUEST(&vm, &vcpu, RAM, reset_code);
	set_reg(&vcpu, REG_X(RV_A7), SBI_SRST);
	set_reg(&vcpu, REG_X(RV_A1), SRST_REASON);
	vcpu_run(&vcpu, VMXL_EXIT_SYSTEM_EVENT);
	expect_event(fd, VMXL_NL_CMD_VM_NEW, id, 1, &r);
	expect_event(fd, VMXL_NL_CMD_VCPU_NEW, id, 2, &r);
	expect_event(fd, VMXL_NL_CMD_SYSTEM_EVENT, id, 3, &r);
	CHECK_EQ(r.val[VMXL_NL_A_VCPU_ID], 0);
	CHECK_EQ(r.val[VMXL_NL_A_REASON], VMXL_SYSTEM_EVENT_SHUTDOWN);
	CHECK_EQ(r.val[VMXL_NL_A_VALUE], SRST_REASON);
	CHECK_EQ(get_vcpu(id, 0, &r), 0);
	CHECK_EQ(STAT(EXIT_SYSTEM_EVENT), 1);
	vcpu_close(&vcpu);
	vm_close(&vm);
	expect_event(fd, VMXL_NL_CMD_VM_DEL, id, 4, &r);
	close(fd);
}

/* Memory beyond a limit, for one who has no right to it */
static int over_quota(u32 vm)
{
	struct __user_cap_header_struct hdr = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	struct rlimit limit = { 16 * PAGE, 16 * PAGE };
	struct vm own;

	if (setrlimit(RLIMIT_MEMLOCK, &limit) || syscall(SYS_capget, &hdr, data))
		return 1;
	data[0].effective &= ~(1u << CAP_IPC_LOCK);
	if (syscall(SYS_capset, &hdr, data))
		return 2;
	own = vm_new(0);
	own.ram = pages_new(RAM_SIZE);
	if (__vm_memory(own.fd, 0, 0, RAM, RAM_SIZE, own.ram) != -1 || errno != ENOMEM)
		return 3;
	vm_close(&own);
	return 0;
}

static void quota(void)
{
	struct reply r;
	int fd;

	open_family();
	fd = listener(1 << 20);
	in_child(over_quota, 0);
	CHECK_EQ(nl_event(fd, &r), 0);
	CHECK_EQ(r.cmd, VMXL_NL_CMD_VM_NEW);
	CHECK_EQ(nl_event(fd, &r), 0);
	CHECK_EQ(r.cmd, VMXL_NL_CMD_QUOTA);
	CHECK_EQ(r.val[VMXL_NL_A_VALUE], RAM_SIZE);
	CHECK_EQ(nl_event(fd, &r), 0);
	CHECK_EQ(r.cmd, VMXL_NL_CMD_VM_DEL);
	close(fd);
}

static void *kick_later(void *worker)
{
	sleep(1);
	sys_ioctl(*(int *)worker, VMXL_KICK_WORKER, 0);
	return NULL;
}

/* Run time beyond a vCPU's quota */
static void throttled(void)
{
	static const u32 loop[] = { RV_J(0) };
	struct vmxl_sched_vcpu limit = { .cap = 5 };
	struct vcpu vcpu;
	pthread_t thread;
	struct reply r;
	struct vm vm;
	int fd, worker;
	unsigned int i;
	u32 id;

	open_family();
	fd = listener(1 << 20);
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	id = newest();
	GUEST(&vm, &vcpu, RAM, loop);
	CHECK_OK(sys_ioctl(vm.fd, VMXL_SET_SCHED_VCPU, (unsigned long)&limit));
	worker = CHECK_OK(sys_ioctl(vm.fd, VMXL_CREATE_WORKER, 0));
	CHECK(!pthread_create(&thread, NULL, kick_later, &worker));
	CHECK_ERR(sys_ioctl(worker, VMXL_RUN, 0), EINTR);
	pthread_join(thread, NULL);
	expect_event(fd, VMXL_NL_CMD_VM_NEW, id, 1, &r);
	expect_event(fd, VMXL_NL_CMD_VCPU_NEW, id, 2, &r);
	expect_event(fd, VMXL_NL_CMD_THROTTLED, id, 3, &r);
	CHECK_EQ(r.val[VMXL_NL_A_VCPU_ID], 0);
	CHECK(r.val[VMXL_NL_A_VALUE] >= 1);
	/* If the host was stopped while it ran, it waits longer than it could run here. */
	for (i = 0; i < 600; i++) {
		CHECK_EQ(get_vcpu(id, 0, &r), 0);
		if (STAT(THROTTLED_NS))
			break;
		usleep(100000);
	}
	CHECK(STAT(THROTTLES) >= 1 && STAT(SWITCHES) >= 1 && STAT(THROTTLED_NS) > 0);
	sys_close(worker);
	vcpu_close(&vcpu);
	vm_close(&vm);
	close(fd);
}

/* ---- 10,000 VMs ---- */

#define NR_MANY	10000

static void *make_many(void *opaque)
{
	int dev = open_dev(), i, fd;

	for (i = 0; i < NR_MANY / 2; i++) {
		fd = __create_vm(dev, VMXL_ISA_RV64, 0);
		if (fd < 0 || sys_close(fd))
			return "failed";
	}
	sys_close(dev);
	return NULL;
}

struct many {
	unsigned int made, gone, lost;
	int alive;
};

/* What a listener knows after an event; what it missed it asks for. */
static void follow(struct many *m, const struct reply *r, int ret, int query)
{
	if (ret == -ENOBUFS) {
		m->lost++;
		m->alive = dump_vms(query).nr;
	} else if (r->cmd == VMXL_NL_CMD_VM_NEW) {
		m->made++;
		m->alive++;
	} else if (r->cmd == VMXL_NL_CMD_VM_DEL) {
		m->gone++;
		m->alive--;
	}
}

/*
 * A listener with room for all is told of each; one without is told that it
 * missed something, and then asks. Both know in the end that nothing is left.
 */
static void listen_to_many(int size, bool room)
{
	struct timeval wait = { .tv_sec = 2 };
	struct many m = {};
	pthread_t thread[2];
	struct reply r;
	int fd, i, ret;
	void *bad;

	open_family();
	fd = listener(size);
	for (i = 0; i < 2; i++)
		CHECK(!pthread_create(&thread[i], NULL, make_many, NULL));
	if (!room)
		for (i = 0; i < 2; i++)
			CHECK(!pthread_join(thread[i], &bad) && !bad);
	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)));
	while ((ret = nl_event(fd, &r)) != -EAGAIN) {
		CHECK(!ret || ret == -ENOBUFS);
		follow(&m, &r, ret, sock);
	}
	if (room)
		for (i = 0; i < 2; i++)
			CHECK(!pthread_join(thread[i], &bad) && !bad);
	tap_note("made %u, gone %u, lost %u times", m.made, m.gone, m.lost);
	if (m.lost)
		m.alive = dump_vms(sock).nr;
	else
		CHECK_EQ(m.gone, NR_MANY);
	CHECK_EQ(m.alive, 0);
	CHECK_EQ(room, !m.lost);
	CHECK_EQ(dump_vms(sock).nr, 0);
	close(fd);
}

static void ten_thousand(void)
{
	listen_to_many(64 << 20, true);
}

static void ten_thousand_unheard(void)
{
	listen_to_many(1 << 16, false);
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
	TEST(dump_under_churn),
	TEST(life),
	TEST(system_event_and_error),
	TEST(quota),
	TEST(throttled),
	TEST(ten_thousand),
	TEST(ten_thousand_unheard),
};
TEST_MAIN(tests)
