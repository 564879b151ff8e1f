// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family's events, and its dumps while VMs come and go.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fam.h"

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

struct kept {
	u32 vm;
	unsigned int nr;
};

static void note_kept(const struct reply *r, void *opaque)
{
	struct kept *kept = opaque;

	kept->nr += r->val[VMXL_NL_A_VM_ID] == kept->vm;
}

static void dump_under_churn(void)
{
	pthread_t thread[2];
	struct kept kept;
	struct vm vm;
	struct msg m;
	u32 id;
	int i;

	fam_open();
	vm = vm_new(0);
	id = fam_newest();
	stop_churn = false;
	for (i = 0; i < 2; i++)
		CHECK(!pthread_create(&thread[i], NULL, churn, NULL));
	for (i = 0; i < 200; i++) {
		CHECK(fam_vms(fam.sock).nr >= 1);
		/* What was there all the time is in each dump, once. */
		kept = (struct kept){ .vm = id };
		m = fam_dump(VMXL_NL_CMD_VM_GET, 0);
		CHECK_EQ(nl_dump(fam.sock, &m, note_kept, &kept), 0);
		CHECK_EQ(kept.nr, 1);
	}
	stop_churn = true;
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	CHECK_EQ(fam_vms(fam.sock).nr, 1);
	vm_close(&vm);
}

/* ---- events ---- */

static int listener(int size)
{
	int fd = nl_socket();

	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)));
	CHECK_EQ(fam_join(fd), 0);
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
	CHECK(fam_is_own(r));
}

static void life(void)
{
	struct vcpu vcpu;
	struct reply r;
	struct vm vm;
	int fd;
	u32 id;

	fam_open();
	fd = listener(1 << 20);
	vm = vm_new(0);
	id = fam_newest();
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

	fam_open();
	fd = listener(1 << 20);
	vm = vm_new_ram(VMXL_VM_FIRMWARE);
	vcpu = vcpu_new(&vm, 0);
	id = fam_newest();
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
	CHECK_EQ(fam_get_vcpu(id, 0, &r), 0);
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

	fam_open();
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

	fam_open();
	fd = listener(1 << 20);
	vm = vm_new_ram(0);
	vcpu = vcpu_new(&vm, 0);
	id = fam_newest();
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
		CHECK_EQ(fam_get_vcpu(id, 0, &r), 0);
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
		m->alive = fam_vms(query).nr;
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

	fam_open();
	fd = listener(size);
	for (i = 0; i < 2; i++)
		CHECK(!pthread_create(&thread[i], NULL, make_many, NULL));
	if (!room)
		for (i = 0; i < 2; i++)
			CHECK(!pthread_join(thread[i], &bad) && !bad);
	CHECK_OK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)));
	while ((ret = nl_event(fd, &r)) != -EAGAIN) {
		CHECK(!ret || ret == -ENOBUFS);
		follow(&m, &r, ret, fam.sock);
	}
	if (room)
		for (i = 0; i < 2; i++)
			CHECK(!pthread_join(thread[i], &bad) && !bad);
	tap_note("made %u, gone %u, lost %u times", m.made, m.gone, m.lost);
	if (m.lost)
		m.alive = fam_vms(fam.sock).nr;
	else
		CHECK_EQ(m.gone, NR_MANY);
	CHECK_EQ(m.alive, 0);
	CHECK_EQ(room, !m.lost);
	CHECK_EQ(fam_vms(fam.sock).nr, 0);
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
	TEST(dump_under_churn),
	TEST(life),
	TEST(system_event_and_error),
	TEST(quota),
	TEST(throttled),
	TEST(ten_thousand),
	TEST(ten_thousand_unheard),
};
TEST_MAIN(tests)
