// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family by libnl. See vnl.h.
 */
#include <errno.h>
#include <linux/vmx_xlate.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "vnl.h"

#define EVENT_BUFFER	(4 << 20)	/* bytes of events that may wait for us */

struct vnl {
	struct nl_sock *sock;
	int family;
	struct vnl_event *event;		/* where the next one goes */
	bool got;
};

#define VM(id, name)	[VMXL_NL_VM_STAT_##id] = name
const char *const vnl_vm_stat_names[VMXL_NL_VM_STAT_MAX + 1] = {
	VM(BLOCKS, "blocks"),
	VM(BLOCK_BYTES, "block_bytes"),
	VM(BLOCK_LIMIT, "block_limit"),
	VM(INVALIDATED, "invalidated"),
	VM(RECLAIMED, "reclaimed"),
	VM(COMPILED, "compiled"),
	VM(COMPILE_FAILED, "compile_failed"),
	VM(COMPILE_NS, "compile_ns"),
	VM(GUEST_BYTES, "guest_bytes"),
	VM(HOST_BYTES, "host_bytes"),
	VM(CODE_RECLAIMED, "code_reclaimed"),
	VM(CODE_USED, "code_used"),
	VM(SCHED_STEALS, "sched_steals"),
	VM(SCHED_MOVES, "sched_moves"),
	VM(SCHED_THROTTLES, "sched_throttles"),
	VM(SCHED_POLL_HITS, "sched_poll_hits"),
	VM(SCHED_POLL_MISSES, "sched_poll_misses"),
	VM(COUNTED, "counted"),
};

#define VCPU(id, name)	[VMXL_NL_VCPU_STAT_##id] = name
const char *const vnl_vcpu_stat_names[VMXL_NL_VCPU_STAT_MAX + 1] = {
	VCPU(RUNS, "runs"),
	VCPU(EXIT_UNKNOWN, "exit_unknown"),
	VCPU(EXIT_MMIO, "exit_mmio"),
	VCPU(EXIT_INTR, "exit_intr"),
	VCPU(EXIT_DEBUG, "exit_debug"),
	VCPU(EXIT_SYSTEM_EVENT, "exit_system_event"),
	VCPU(EXIT_INTERNAL_ERROR, "exit_internal_error"),
	VCPU(EXIT_RISCV_SBI, "exit_riscv_sbi"),
	VCPU(HALTS, "halts"),
	VCPU(INSNS, "insns"),
	VCPU(DISPATCHES, "dispatches"),
	VCPU(TRANSLATED, "translated"),
	VCPU(TLB_L1_MISS, "tlb_l1_miss"),
	VCPU(TLB_MISS, "tlb_miss"),
	VCPU(TLB_FLUSH, "tlb_flush"),
	VCPU(TLB_FLUSH_PAGE, "tlb_flush_page"),
	VCPU(TLB_DROPPED, "tlb_dropped"),
	VCPU(SWITCHES, "switches"),
	VCPU(STEALS, "steals"),
	VCPU(SPINS, "spins"),
	VCPU(DIRECTED, "directed"),
	VCPU(THROTTLES, "throttles"),
	VCPU(THROTTLED_NS, "throttled_ns"),
	VCPU(WAIT_NS, "wait_ns"),
	VCPU(DELAY_NS, "delay_ns"),
	VCPU(POLL_HITS, "poll_hits"),
	VCPU(POLL_MISSES, "poll_misses"),
	VCPU(POLL_NS, "poll_ns"),
	VCPU(WINDOW_FAULT, "window_fault"),
	VCPU(WINDOW_PAGE, "window_page"),
	VCPU(WINDOW_HUGE, "window_huge"),
	VCPU(WINDOW_AHEAD, "window_ahead"),
};

bool vnl_vm_stat_grows(int attr)
{
	switch (attr) {
	case VMXL_NL_VM_STAT_BLOCKS:
	case VMXL_NL_VM_STAT_BLOCK_BYTES:
	case VMXL_NL_VM_STAT_BLOCK_LIMIT:
	case VMXL_NL_VM_STAT_CODE_USED:
		return false;
	default:
		return true;
	}
}

const char *vnl_isa_name(u32 isa)
{
	switch (isa) {
	case VMXL_ISA_RV64: return "rv64";
	case VMXL_ISA_A64: return "a64";
	case VMXL_ISA_X86_64: return "x86-64";
	default: return "?";
	}
}

const char *vnl_mp_name(u32 mp_state)
{
	switch (mp_state) {
	case VMXL_MP_RUNNABLE: return "runnable";
	case VMXL_MP_STOPPED: return "stopped";
	default: return "halted";
	}
}

/* ---- attributes ---- */

static u32 get_u32(struct nlattr **tb, int attr)
{
	return tb[attr] && nla_len(tb[attr]) >= 4 ? nla_get_u32(tb[attr]) : 0;
}

static u64 get_u64(struct nlattr **tb, int attr)
{
	return tb[attr] && nla_len(tb[attr]) >= 8 ? nla_get_u64(tb[attr]) : 0;
}

static void get_stats(struct nlattr *nest, u64 *stat, int max)
{
	struct nlattr *tb[VMXL_NL_VCPU_STAT_MAX + VMXL_NL_VM_STAT_MAX + 1];
	int i;

	if (!nest || nla_parse_nested(tb, max, nest, NULL) < 0)
		return;
	for (i = 2; i <= max; i++)
		stat[i] = get_u64(tb, i);
}

static void get_vm(struct nlattr **tb, struct vnl_vm *vm)
{
	*vm = (struct vnl_vm){
		.id = get_u32(tb, VMXL_NL_A_VM_ID),
		.isa = get_u32(tb, VMXL_NL_A_ISA),
		.flags = get_u32(tb, VMXL_NL_A_FLAGS),
		.uid = get_u32(tb, VMXL_NL_A_UID),
		.pid = get_u32(tb, VMXL_NL_A_PID),
		.nr_vcpus = get_u32(tb, VMXL_NL_A_NR_VCPUS),
		.age = get_u64(tb, VMXL_NL_A_AGE),
		.memory = get_u64(tb, VMXL_NL_A_MEMORY),
	};
	if (tb[VMXL_NL_A_COMM])
		nla_strlcpy(vm->comm, tb[VMXL_NL_A_COMM], sizeof(vm->comm));
	get_stats(tb[VMXL_NL_A_VM_STATS], vm->stat, VMXL_NL_VM_STAT_MAX);
}

static void get_vcpu(struct nlattr **tb, struct vnl_vcpu *vcpu)
{
	*vcpu = (struct vnl_vcpu){
		.vm = get_u32(tb, VMXL_NL_A_VM_ID),
		.id = get_u32(tb, VMXL_NL_A_VCPU_ID),
		.mp_state = get_u32(tb, VMXL_NL_A_MP_STATE),
		.pc = get_u64(tb, VMXL_NL_A_PC),
	};
	get_stats(tb[VMXL_NL_A_VCPU_STATS], vcpu->stat, VMXL_NL_VCPU_STAT_MAX);
}

static void get_event(int cmd, struct nlattr **tb, struct vnl_event *e)
{
	*e = (struct vnl_event){
		.cmd = cmd,
		.has_vcpu = tb[VMXL_NL_A_VCPU_ID],
		.vcpu = get_u32(tb, VMXL_NL_A_VCPU_ID),
		.has_reason = tb[VMXL_NL_A_REASON],
		.reason = get_u32(tb, VMXL_NL_A_REASON),
		.seq = get_u64(tb, VMXL_NL_A_SEQ),
		.value = get_u64(tb, VMXL_NL_A_VALUE),
	};
	get_vm(tb, &e->vm);
}

/* ---- the family ---- */

/* libnl's error codes are its own. */
static int vnl_error(const char *what, int err)
{
	return error("%s: %s", what, nl_geterror(err));
}

struct vnl *vnl_open(void)
{
	struct vnl *nl = calloc(1, sizeof(*nl));
	int err = -NLE_NOMEM;

	if (!nl)
		goto fail;
	nl->sock = nl_socket_alloc();
	if (!nl->sock)
		goto fail;
	err = genl_connect(nl->sock);
	if (err)
		goto fail;
	nl->family = genl_ctrl_resolve(nl->sock, VMXL_NL_FAMILY_NAME);
	if (nl->family < 0) {
		error("the module vmx_xlate is not loaded");
		vnl_close(nl);
		return NULL;
	}
	nl_socket_disable_seq_check(nl->sock);
	return nl;
fail:
	vnl_error("netlink", err);
	vnl_close(nl);
	return NULL;
}

void vnl_close(struct vnl *nl)
{
	if (nl && nl->sock)
		nl_socket_free(nl->sock);
	free(nl);
}

/* ---- snapshots ---- */

static bool grow(void **array, size_t nr, size_t size)
{
	void *p;

	if (nr & (nr - 1) || (nr && nr < 16))
		return true;
	p = realloc(*array, (nr ? 2 * nr : 16) * size);
	if (p)
		*array = p;
	return p;
}

static int on_message(struct nl_msg *msg, void *opaque)
{
	struct genlmsghdr *hdr = nlmsg_data(nlmsg_hdr(msg));
	struct nlattr *tb[VMXL_NL_A_MAX + 1];
	struct vnl_snapshot *snap = opaque;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, VMXL_NL_A_MAX, NULL) < 0)
		return NL_SKIP;
	if (hdr->cmd == VMXL_NL_CMD_VM_GET) {
		if (!grow((void **)&snap->vms, snap->nr_vms, sizeof(*snap->vms)))
			return -NLE_NOMEM;
		get_vm(tb, &snap->vms[snap->nr_vms++]);
	} else if (hdr->cmd == VMXL_NL_CMD_VCPU_GET) {
		if (!grow((void **)&snap->vcpus, snap->nr_vcpus, sizeof(*snap->vcpus)))
			return -NLE_NOMEM;
		get_vcpu(tb, &snap->vcpus[snap->nr_vcpus++]);
	}
	return NL_OK;
}

/* What has a number of a VM or a @pc is about these; @flags: NLM_F_DUMP or 0 */
static int ask(struct vnl *nl, int cmd, int flags, u32 vm, const u64 *pc)
{
	struct nl_msg *msg = nlmsg_alloc();
	int err = -NLE_NOMEM;

	if (!msg)
		return err;
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, flags, cmd,
			VMXL_NL_FAMILY_VERSION) &&
	    (!vm || !nla_put_u32(msg, VMXL_NL_A_VM_ID, vm)) &&
	    (!pc || !nla_put_u64(msg, VMXL_NL_A_PC, *pc)))
		err = nl_send_auto(nl->sock, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_recvmsgs_default(nl->sock);
}

int vnl_snapshot(struct vnl *nl, u32 vm, struct vnl_snapshot *out)
{
	int err;

	*out = (struct vnl_snapshot){ .when = now_ns() };
	nl_socket_modify_cb(nl->sock, NL_CB_VALID, NL_CB_CUSTOM, on_message, out);
	err = ask(nl, VMXL_NL_CMD_VM_GET, vm ? 0 : NLM_F_DUMP, vm, NULL);
	/* An answer to a single request is followed by an acknowledgment. */
	if (!err && vm)
		err = nl_recvmsgs_default(nl->sock);
	if (!err)
		err = ask(nl, VMXL_NL_CMD_VCPU_GET, NLM_F_DUMP, vm, NULL);
	if (!err)
		return 0;
	vnl_snapshot_free(out);
	if (vm && err == -NLE_OBJ_NOTFOUND)
		return error("there is no VM %u", vm);
	return vnl_error("netlink", err);
}

void vnl_snapshot_free(struct vnl_snapshot *snap)
{
	free(snap->vms);
	free(snap->vcpus);
	*snap = (struct vnl_snapshot){};
}

const struct vnl_vm *vnl_find_vm(const struct vnl_snapshot *snap, u32 id)
{
	size_t i;

	for (i = 0; i < snap->nr_vms; i++)
		if (snap->vms[i].id == id)
			return &snap->vms[i];
	return NULL;
}

const struct vnl_vcpu *vnl_find_vcpu(const struct vnl_snapshot *snap, u32 vm, u32 id)
{
	size_t i;

	for (i = 0; i < snap->nr_vcpus; i++)
		if (snap->vcpus[i].vm == vm && snap->vcpus[i].id == id)
			return &snap->vcpus[i];
	return NULL;
}

/* ---- blocks ---- */

static size_t get_bytes(struct nlattr *a, u8 *to, size_t room)
{
	size_t len = a ? (size_t)nla_len(a) : 0;

	len = len < room ? len : room;
	if (len)
		memcpy(to, nla_data(a), len);
	return len;
}

static int on_block(struct nl_msg *msg, void *opaque)
{
	struct nlattr *tb[VMXL_NL_A_MAX + 1];
	struct vnl_block *b = opaque;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, VMXL_NL_A_MAX, NULL) < 0)
		return NL_SKIP;
	b->flags = get_u32(tb, VMXL_NL_A_BLOCK_FLAGS);
	b->gpa = get_u64(tb, VMXL_NL_A_GPA);
	b->len = get_u32(tb, VMXL_NL_A_GUEST_LEN);
	b->host = get_u64(tb, VMXL_NL_A_HOST);
	b->entry = get_u32(tb, VMXL_NL_A_HOST_ENTRY);
	b->guest_len = get_bytes(tb[VMXL_NL_A_GUEST_CODE], b->guest_code, sizeof(b->guest_code));
	b->host_len = get_bytes(tb[VMXL_NL_A_HOST_CODE], b->host_code, sizeof(b->host_code));
	return NL_OK;
}

int vnl_block(struct vnl *nl, u32 vm, u64 pc, struct vnl_block *out)
{
	int err;

	*out = (struct vnl_block){};
	nl_socket_enable_msg_peek(nl->sock);	/* it may be long */
	nl_socket_modify_cb(nl->sock, NL_CB_VALID, NL_CB_CUSTOM, on_block, out);
	err = ask(nl, VMXL_NL_CMD_BLOCK_GET, 0, vm, &pc);
	if (!err)
		err = nl_recvmsgs_default(nl->sock);	/* the acknowledgment */
	if (!err)
		return 0;
	if (err == -NLE_OBJ_NOTFOUND)
		return error("VM %u has no block at 0x%llx", vm, (unsigned long long)pc);
	if (err == -NLE_PERM)
		return error("blocks of a VM take CAP_SYS_ADMIN");
	return vnl_error("netlink", err);
}

/* ---- events ---- */

static int on_event(struct nl_msg *msg, void *opaque)
{
	struct genlmsghdr *hdr = nlmsg_data(nlmsg_hdr(msg));
	struct nlattr *tb[VMXL_NL_A_MAX + 1];
	struct vnl *nl = opaque;

	if (hdr->cmd < VMXL_NL_CMD_VM_NEW ||
	    genlmsg_parse(nlmsg_hdr(msg), 0, tb, VMXL_NL_A_MAX, NULL) < 0)
		return NL_SKIP;
	get_event(hdr->cmd, tb, nl->event);
	nl->got = true;
	return NL_STOP;
}

int vnl_listen(struct vnl *nl)
{
	int err, size = EVENT_BUFFER, fd = nl_socket_get_fd(nl->sock);
	int group = genl_ctrl_resolve_grp(nl->sock, VMXL_NL_FAMILY_NAME, VMXL_NL_MCGRP_EVENTS);

	if (group < 0)
		return vnl_error("the group of events", group);
	/* More than users are given takes CAP_NET_ADMIN; less will have to do. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	err = nl_socket_add_membership(nl->sock, group);
	if (err == -NLE_PERM)
		return error("listening to events takes CAP_SYS_ADMIN");
	if (err)
		return vnl_error("the group of events", err);
	nl_socket_modify_cb(nl->sock, NL_CB_VALID, NL_CB_CUSTOM, on_event, nl);
	return 0;
}

int vnl_next_event(struct vnl *nl, struct vnl_event *event)
{
	int err = 0;

	nl->event = event;
	nl->got = false;
	while (!nl->got && !err)
		err = nl_recvmsgs_default(nl->sock);
	if (nl->got)
		return 0;
	/* What libnl makes of ENOBUFS */
	if (err == -NLE_NOMEM) {
		*event = (struct vnl_event){};
		return 0;
	}
	if (err == -NLE_INTR)
		return -1;
	return vnl_error("netlink", err);
}
