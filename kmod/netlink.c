// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: which VMs there are, what they count, what
 * becomes of them. Documentation/netlink/specs/vmx_xlate.yaml.
 *
 * In: requests of any process, and the module's own calls. Out: answers, and
 * events to the group "events".
 *
 * Rules: a VM belongs to the network namespace that it was made in, and is seen
 * only there, by processes of the user who made it and by those that have
 * CAP_SYS_ADMIN over that namespace; who listens to events must have that. A VM
 * that is in vms[] is complete and does not go while vms_lock is held; vm->srcu and
 * vm->lock come within it.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/user_namespace.h>
#include <linux/xarray.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <linux/vmx_xlate_netlink.h>
#include "codegen/cache.h"
#include "codegen/show.h"
#include "guest/guest.h"
#include "memslot.h"
#include "netlink.h"
#include "stats.h"
#include "trace.h"
#include "vcpu.h"
#include "vm.h"
#include "worker.h"

#define CACHE_LIMIT_MIN	(1UL << 20)

/**
 * struct vmxl_nl - what the family knows of a VM
 * @vm: the VM
 * @id: its number, not 0
 * @net: network namespace that it was made in
 * @uid: user who made it
 * @pid: the process
 * @comm: its name then
 * @seq: number of the last event
 * @told: jiffies of the last CODE_CACHE event
 * @told_throttled: of the last THROTTLED event
 * @cache_limit: what the VM began with; to have more takes CAP_SYS_ADMIN
 */
struct vmxl_nl {
	struct vmxl_vm *vm;
	u32 id;
	struct net *net;
	kuid_t uid;
	struct pid *pid;
	char comm[TASK_COMM_LEN];
	atomic64_t seq;
	unsigned long told, told_throttled;
	size_t cache_limit;
};

static DEFINE_MUTEX(vms_lock);		/* vms */
static DEFINE_XARRAY_FLAGS(vms, XA_FLAGS_ALLOC1);	/* struct vmxl_nl by number */
static u32 next_id;			/* under vms_lock */

static struct genl_family family;

#define VM_STAT(id)	static_assert(VMXL_VM_STAT_##id + 2 == VMXL_NL_VM_STAT_##id)
#define VCPU_STAT(id)	static_assert(VMXL_VCPU_STAT_##id + 2 == VMXL_NL_VCPU_STAT_##id)
#define X(id, ...) VM_STAT(id);
VMXL_VM_STATS(X)
#undef X
#define X(id, ...) VCPU_STAT(id);
VMXL_VCPU_STATS(X)
#undef X
static_assert(VMXL_VM_STAT_NR + 1 == (int)VMXL_NL_VM_STAT_MAX);
static_assert(VMXL_VCPU_STAT_NR + 1 == (int)VMXL_NL_VCPU_STAT_MAX);

/* ---- who may see what ---- */

/* Of a request: @skb is what the asking process sent. */
static bool is_admin(struct sk_buff *skb)
{
	struct net *net = sock_net(NETLINK_CB(skb).sk);

	return netlink_ns_capable(skb, net->user_ns, CAP_SYS_ADMIN);
}

static bool may_see(const struct vmxl_nl *nl, struct sk_buff *skb)
{
	return net_eq(nl->net, sock_net(NETLINK_CB(skb).sk)) &&
	       (uid_eq(nl->uid, NETLINK_CREDS(skb)->uid) || is_admin(skb));
}

/* ---- messages ---- */

static u64 vm_memory(struct vmxl_vm *vm)
{
	const struct vmxl_memslots *slots;
	unsigned int i;
	u64 pages = 0;
	int idx;

	idx = srcu_read_lock(&vm->srcu);
	slots = srcu_dereference(vm->slots, &vm->srcu);
	for (i = 0; slots && i < slots->nr; i++)
		pages += slots->slot[i]->npages;
	srcu_read_unlock(&vm->srcu, idx);
	return pages << PAGE_SHIFT;
}

static bool put_u64(struct sk_buff *skb, int attr, u64 val)
{
	return nla_put_u64_64bit(skb, attr, val, VMXL_NL_A_PAD);
}

static bool put_vm_stats(struct sk_buff *skb, const struct vmxl_vm *vm)
{
	struct nlattr *nest = nla_nest_start(skb, VMXL_NL_A_VM_STATS);
	unsigned int i;

	if (!nest)
		return true;
	for (i = 0; i < VMXL_VM_STAT_NR; i++)
		if (nla_put_u64_64bit(skb, i + 2, vmxl_vm_stat(vm, i), VMXL_NL_VM_STAT_PAD))
			return true;
	nla_nest_end(skb, nest);
	return false;
}

static bool put_vcpu_stats(struct sk_buff *skb, const struct vmxl_vcpu *vcpu)
{
	struct nlattr *nest = nla_nest_start(skb, VMXL_NL_A_VCPU_STATS);
	unsigned int i;

	if (!nest)
		return true;
	for (i = 0; i < VMXL_VCPU_STAT_NR; i++)
		if (nla_put_u64_64bit(skb, i + 2, vmxl_vcpu_stat(vcpu, i),
				      VMXL_NL_VCPU_STAT_PAD))
			return true;
	nla_nest_end(skb, nest);
	return false;
}

/* Who a VM is. All put_*(): true: there was no room. */
static bool put_identity(struct sk_buff *skb, const struct vmxl_nl *nl)
{
	const struct vmxl_vm *vm = nl->vm;

	return nla_put_u32(skb, VMXL_NL_A_VM_ID, nl->id) ||
	       nla_put_u32(skb, VMXL_NL_A_ISA, vm->guest->isa) ||
	       nla_put_u32(skb, VMXL_NL_A_FLAGS, vm->flags) ||
	       nla_put_u32(skb, VMXL_NL_A_UID, from_kuid_munged(nl->net->user_ns, nl->uid)) ||
	       nla_put_u32(skb, VMXL_NL_A_PID, pid_vnr(nl->pid)) ||
	       nla_put_string(skb, VMXL_NL_A_COMM, nl->comm);
}

static int put_vm(struct sk_buff *skb, const struct vmxl_nl *nl, u32 portid, u32 seq, int flags)
{
	struct vmxl_vm *vm = nl->vm;
	void *hdr = genlmsg_put(skb, portid, seq, &family, flags, VMXL_NL_CMD_VM_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (put_identity(skb, nl) ||
	    put_u64(skb, VMXL_NL_A_AGE, vmxl_clock_ticks(&vm->clock) * vm->clock.tick_ns) ||
	    nla_put_u32(skb, VMXL_NL_A_NR_VCPUS, READ_ONCE(vm->nr_vcpus)) ||
	    put_u64(skb, VMXL_NL_A_MEMORY, vm_memory(vm)) ||
	    put_vm_stats(skb, vm)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int put_vcpu(struct sk_buff *skb, const struct vmxl_vcpu *vcpu, u32 portid, u32 seq,
		    int flags)
{
	void *hdr = genlmsg_put(skb, portid, seq, &family, flags, VMXL_NL_CMD_VCPU_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VMXL_NL_A_VM_ID, vmxl_vm_id(vcpu->vm)) ||
	    nla_put_u32(skb, VMXL_NL_A_VCPU_ID, vcpu->id) ||
	    nla_put_u32(skb, VMXL_NL_A_MP_STATE, READ_ONCE(vcpu->mp_state)) ||
	    put_u64(skb, VMXL_NL_A_PC, READ_ONCE(vcpu->gs->pc)) ||
	    put_vcpu_stats(skb, vcpu)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* ---- requests ---- */

static const struct nla_policy policy_vm[VMXL_NL_A_VM_ID + 1] = {
	[VMXL_NL_A_VM_ID] = { .type = NLA_U32 },
};

static const struct nla_policy policy_vcpu[VMXL_NL_A_VCPU_ID + 1] = {
	[VMXL_NL_A_VM_ID] = { .type = NLA_U32 },
	[VMXL_NL_A_VCPU_ID] = { .type = NLA_U32 },
};

static const struct nla_policy policy_set[VMXL_NL_A_SCHED_RUNTIME + 1] = {
	[VMXL_NL_A_VM_ID] = { .type = NLA_U32 },
	[VMXL_NL_A_CACHE_LIMIT] = { .type = NLA_U64 },
	[VMXL_NL_A_SCHED_POLICY] = { .type = NLA_U32 },
	[VMXL_NL_A_SCHED_SLICE] = { .type = NLA_U64 },
	[VMXL_NL_A_SCHED_PERIOD] = { .type = NLA_U64 },
	[VMXL_NL_A_SCHED_RUNTIME] = { .type = NLA_U64 },
};

static const struct nla_policy policy_block[VMXL_NL_A_PC + 1] = {
	[VMXL_NL_A_VM_ID] = { .type = NLA_U32 },
	[VMXL_NL_A_PC] = { .type = NLA_U64 },
};

/* The VM of a request, or an ERR_PTR; one that may not be seen is not there. */
static struct vmxl_nl *find_vm(struct sk_buff *skb, struct genl_info *info)
{
	struct vmxl_nl *nl;

	lockdep_assert_held(&vms_lock);
	if (GENL_REQ_ATTR_CHECK(info, VMXL_NL_A_VM_ID))
		return ERR_PTR(-EINVAL);
	nl = xa_load(&vms, nla_get_u32(info->attrs[VMXL_NL_A_VM_ID]));
	return nl && may_see(nl, skb) ? nl : ERR_PTR(-ENOENT);
}

static int fill_vm(struct sk_buff *msg, struct sk_buff *skb, struct genl_info *info)
{
	struct vmxl_nl *nl = find_vm(skb, info);

	if (IS_ERR(nl))
		return PTR_ERR(nl);
	return put_vm(msg, nl, info->snd_portid, info->snd_seq, 0);
}

static int fill_vcpu(struct sk_buff *msg, struct sk_buff *skb, struct genl_info *info)
{
	struct vmxl_nl *nl = find_vm(skb, info);
	struct vmxl_vcpu *vcpu;
	u32 id;

	if (IS_ERR(nl))
		return PTR_ERR(nl);
	if (GENL_REQ_ATTR_CHECK(info, VMXL_NL_A_VCPU_ID))
		return -EINVAL;
	id = nla_get_u32(info->attrs[VMXL_NL_A_VCPU_ID]);
	/* Pairs with smp_store_release() in vmxl_vcpu_publish(). */
	vcpu = id < VMXL_MAX_VCPUS ? smp_load_acquire(&nl->vm->vcpus[id]) : NULL;
	if (!vcpu)
		return -ENOENT;
	return put_vcpu(msg, vcpu, info->snd_portid, info->snd_seq, 0);
}

static int fill_policy(struct sk_buff *msg, struct sk_buff *skb, struct genl_info *info)
{
	struct vmxl_nl *nl = find_vm(skb, info);
	struct vmxl_sched_params p;
	void *hdr;

	if (IS_ERR(nl))
		return PTR_ERR(nl);
	hdr = genlmsg_put_reply(msg, info, &family, 0, VMXL_NL_CMD_POLICY_GET);
	if (!hdr || nla_put_u32(msg, VMXL_NL_A_VM_ID, nl->id) ||
	    put_u64(msg, VMXL_NL_A_CACHE_LIMIT, READ_ONCE(nl->vm->cache->limit)))
		return -EMSGSIZE;
	if (vmxl_workers_get_sched(nl->vm, &p) &&
	    (nla_put_u32(msg, VMXL_NL_A_SCHED_POLICY, p.policy) ||
	     put_u64(msg, VMXL_NL_A_SCHED_SLICE, p.slice_ns) ||
	     put_u64(msg, VMXL_NL_A_SCHED_PERIOD, p.period_ns) ||
	     put_u64(msg, VMXL_NL_A_SCHED_RUNTIME, p.runtime_ns)))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

static int answer(struct sk_buff *skb, struct genl_info *info,
		  int (*fill)(struct sk_buff *msg, struct sk_buff *skb, struct genl_info *info))
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	int ret;

	if (!msg)
		return -ENOMEM;
	mutex_lock(&vms_lock);
	ret = fill(msg, skb, info);
	mutex_unlock(&vms_lock);
	if (ret) {
		nlmsg_free(msg);
		return ret;
	}
	return genlmsg_reply(msg, info);
}

static int vm_get(struct sk_buff *skb, struct genl_info *info)
{
	return answer(skb, info, fill_vm);
}

static int vcpu_get(struct sk_buff *skb, struct genl_info *info)
{
	return answer(skb, info, fill_vcpu);
}

static int policy_get(struct sk_buff *skb, struct genl_info *info)
{
	return answer(skb, info, fill_policy);
}

static int set_cache_limit(struct vmxl_nl *nl, struct sk_buff *skb, struct genl_info *info)
{
	struct vmxl_cache *cache = nl->vm->cache;
	u64 limit = nla_get_u64(info->attrs[VMXL_NL_A_CACHE_LIMIT]);

	if (limit < CACHE_LIMIT_MIN || limit > LONG_MAX)
		return -ERANGE;
	if (limit > nl->cache_limit && !is_admin(skb))
		return -EPERM;
	spin_lock(&cache->lock);
	WRITE_ONCE(cache->limit, limit);
	spin_unlock(&cache->lock);
	return 0;
}

static bool has_sched(const struct genl_info *info)
{
	return info->attrs[VMXL_NL_A_SCHED_POLICY] || info->attrs[VMXL_NL_A_SCHED_SLICE] ||
	       info->attrs[VMXL_NL_A_SCHED_PERIOD] || info->attrs[VMXL_NL_A_SCHED_RUNTIME];
}

static int set_sched(struct vmxl_nl *nl, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct vmxl_sched_params p;

	/* One whose vCPUs have threads of their own would not run any more. */
	if (!vmxl_workers_get_sched(nl->vm, &p))
		return -EOPNOTSUPP;
	if (attrs[VMXL_NL_A_SCHED_POLICY])
		p.policy = nla_get_u32(attrs[VMXL_NL_A_SCHED_POLICY]);
	if (attrs[VMXL_NL_A_SCHED_SLICE])
		p.slice_ns = nla_get_u64(attrs[VMXL_NL_A_SCHED_SLICE]);
	if (attrs[VMXL_NL_A_SCHED_PERIOD])
		p.period_ns = nla_get_u64(attrs[VMXL_NL_A_SCHED_PERIOD]);
	if (attrs[VMXL_NL_A_SCHED_RUNTIME])
		p.runtime_ns = nla_get_u64(attrs[VMXL_NL_A_SCHED_RUNTIME]);
	return vmxl_workers_set_sched(nl->vm, &p);
}

static int set_policy(struct vmxl_nl *nl, struct sk_buff *skb, struct genl_info *info)
{
	int ret = 0;

	if (!info->attrs[VMXL_NL_A_CACHE_LIMIT] && !has_sched(info))
		return -EINVAL;
	if (info->attrs[VMXL_NL_A_CACHE_LIMIT])
		ret = set_cache_limit(nl, skb, info);
	if (!ret && has_sched(info))
		ret = set_sched(nl, info);
	return ret;
}

static int policy_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vmxl_nl *nl;
	int ret;

	mutex_lock(&vms_lock);
	nl = find_vm(skb, info);
	ret = IS_ERR(nl) ? PTR_ERR(nl) : set_policy(nl, skb, info);
	mutex_unlock(&vms_lock);
	return ret;
}

static int put_block(struct sk_buff *msg, struct genl_info *info, u32 id, u64 pc,
		     const struct vmxl_show *s)
{
	void *hdr = genlmsg_put_reply(msg, info, &family, 0, VMXL_NL_CMD_BLOCK_GET);

	if (!hdr || nla_put_u32(msg, VMXL_NL_A_VM_ID, id) || put_u64(msg, VMXL_NL_A_PC, pc) ||
	    nla_put_u32(msg, VMXL_NL_A_BLOCK_FLAGS, s->flags) ||
	    put_u64(msg, VMXL_NL_A_GPA, s->gpa) ||
	    nla_put_u32(msg, VMXL_NL_A_GUEST_LEN, s->len) ||
	    nla_put(msg, VMXL_NL_A_GUEST_CODE, s->guest_len, s->guest_code))
		return -EMSGSIZE;
	if (s->host_len && (put_u64(msg, VMXL_NL_A_HOST, s->host) ||
			    nla_put_u32(msg, VMXL_NL_A_HOST_ENTRY, s->entry) ||
			    nla_put(msg, VMXL_NL_A_HOST_CODE, s->host_len, s->host_code)))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

static int find_block(struct sk_buff *skb, struct genl_info *info, struct vmxl_show *s)
{
	struct vmxl_nl *nl;
	int ret;

	mutex_lock(&vms_lock);
	nl = find_vm(skb, info);
	if (IS_ERR(nl))
		ret = PTR_ERR(nl);
	else if (!is_admin(skb))
		ret = -EPERM;
	else
		ret = vmxl_block_show(nl->vm, nla_get_u64(info->attrs[VMXL_NL_A_PC]), s);
	mutex_unlock(&vms_lock);
	return ret;
}

static int block_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	struct vmxl_show *s;
	int ret = -EINVAL;

	if (GENL_REQ_ATTR_CHECK(info, VMXL_NL_A_VM_ID) || GENL_REQ_ATTR_CHECK(info, VMXL_NL_A_PC))
		return ret;
	s = kvmalloc(sizeof(*s), GFP_KERNEL);
	msg = genlmsg_new(sizeof(*s) + NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	ret = s && msg ? find_block(skb, info, s) : -ENOMEM;
	if (!ret)
		ret = put_block(msg, info, nla_get_u32(info->attrs[VMXL_NL_A_VM_ID]),
				nla_get_u64(info->attrs[VMXL_NL_A_PC]), s);
	kvfree(s);
	if (!ret)
		return genlmsg_reply(msg, info);
	nlmsg_free(msg);
	return ret;
}

/* The next VM from *id on that the asking process may see */
static struct vmxl_nl *next_vm(struct netlink_callback *cb, unsigned long *id)
{
	struct vmxl_nl *nl;

	lockdep_assert_held(&vms_lock);
	for (nl = xa_find(&vms, id, ULONG_MAX, XA_PRESENT); nl;
	     nl = xa_find_after(&vms, id, ULONG_MAX, XA_PRESENT))
		if (may_see(nl, cb->skb))
			return nl;
	return NULL;
}

/* cb->args[0]: number of the VM to go on with */
static int vm_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned long id = cb->args[0];
	struct vmxl_nl *nl;

	mutex_lock(&vms_lock);
	while ((nl = next_vm(cb, &id))) {
		if (put_vm(skb, nl, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, NLM_F_MULTI))
			break;
		id++;
	}
	mutex_unlock(&vms_lock);
	cb->args[0] = nl ? id : ULONG_MAX;
	return skb->len;
}

/* true: no room; *at: the vCPU to go on with */
static bool dump_vcpus(struct sk_buff *skb, struct netlink_callback *cb, struct vmxl_nl *nl,
		       unsigned long *at)
{
	struct vmxl_vcpu *vcpu;

	for (; *at < VMXL_MAX_VCPUS; ++*at) {
		/* Pairs with smp_store_release() in vmxl_vcpu_publish(). */
		vcpu = smp_load_acquire(&nl->vm->vcpus[*at]);
		if (vcpu && put_vcpu(skb, vcpu, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				     NLM_F_MULTI))
			return true;
	}
	*at = 0;
	return false;
}

/*
 * args[0]: number of the VM to go on with, args[1]: of its vCPU, args[2]: the
 * one VM that was asked for. Another VM than the one it was at begins at vCPU 0.
 */
static int vcpu_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned long id = cb->args[0], at = cb->args[1];
	struct vmxl_nl *nl;

	mutex_lock(&vms_lock);
	while ((nl = next_vm(cb, &id)) && (!cb->args[2] || id == cb->args[2])) {
		if (id != cb->args[0])
			at = 0;
		if (dump_vcpus(skb, cb, nl, &at))
			break;
		id++;
	}
	mutex_unlock(&vms_lock);
	cb->args[0] = nl && (!cb->args[2] || id == cb->args[2]) ? id : ULONG_MAX;
	cb->args[1] = at;
	return skb->len;
}

static int vcpu_dump_start(struct netlink_callback *cb)
{
	struct nlattr *tb[ARRAY_SIZE(policy_vm)];
	struct nlattr *id;
	int ret;

	ret = genlmsg_parse(cb->nlh, &family, tb, ARRAY_SIZE(policy_vm) - 1, policy_vm,
			    cb->extack);
	if (ret)
		return ret;
	id = tb[VMXL_NL_A_VM_ID];
	cb->args[2] = id ? nla_get_u32(id) : 0;
	cb->args[0] = cb->args[2];
	return 0;
}

static const struct genl_ops ops[] = {
	{
		.cmd = VMXL_NL_CMD_VM_GET,
		.doit = vm_get,
		.dumpit = vm_dump,
		.policy = policy_vm,
		.maxattr = ARRAY_SIZE(policy_vm) - 1,
	},
	{
		.cmd = VMXL_NL_CMD_VCPU_GET,
		.doit = vcpu_get,
		.start = vcpu_dump_start,
		.dumpit = vcpu_dump,
		.policy = policy_vcpu,
		.maxattr = ARRAY_SIZE(policy_vcpu) - 1,
	},
	{
		.cmd = VMXL_NL_CMD_POLICY_GET,
		.doit = policy_get,
		.policy = policy_vm,
		.maxattr = ARRAY_SIZE(policy_vm) - 1,
	},
	{
		.cmd = VMXL_NL_CMD_POLICY_SET,
		.doit = policy_set_doit,
		.policy = policy_set,
		.maxattr = ARRAY_SIZE(policy_set) - 1,
	},
	{
		.cmd = VMXL_NL_CMD_BLOCK_GET,
		.doit = block_get,
		.policy = policy_block,
		.maxattr = ARRAY_SIZE(policy_block) - 1,
	},
};

enum { GROUP_EVENTS };

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENTS] = { .name = VMXL_NL_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_SYS_ADMIN },
};

static struct genl_family family __ro_after_init = {
	.name = VMXL_NL_FAMILY_NAME,
	.version = VMXL_NL_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = VMXL_NL_CMD_UNSPEC + 1,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* ---- events ---- */

/* What an event says beside which VM it is about; vcpu NULL, reason 0: nothing */
struct event {
	int cmd;
	const struct vmxl_vcpu *vcpu;
	u32 reason;
	u64 value;
};

static bool put_event(struct sk_buff *skb, const struct vmxl_nl *nl, const struct event *e, u64 seq)
{
	return put_identity(skb, nl) || put_u64(skb, VMXL_NL_A_SEQ, seq) ||
	       (e->vcpu && nla_put_u32(skb, VMXL_NL_A_VCPU_ID, e->vcpu->id)) ||
	       (e->reason && nla_put_u32(skb, VMXL_NL_A_REASON, e->reason)) ||
	       put_u64(skb, VMXL_NL_A_VALUE, e->value);
}

static void tell(struct vmxl_nl *nl, const struct event *e)
{
	u64 seq = atomic64_inc_return(&nl->seq);
	struct sk_buff *skb;
	void *hdr;

	if (!genl_has_listeners(&family, nl->net, GROUP_EVENTS))
		return;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return;
	hdr = genlmsg_put(skb, 0, 0, &family, 0, e->cmd);
	if (!hdr || put_event(skb, nl, e, seq)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&family, nl->net, skb, 0, GROUP_EVENTS, GFP_KERNEL);
}

/* The number is taken before the VM can be found by it. */
static int number(struct vmxl_nl *nl)
{
	int ret;

	mutex_lock(&vms_lock);
	ret = xa_alloc_cyclic(&vms, &nl->id, NULL, xa_limit_32b, &next_id, GFP_KERNEL_ACCOUNT);
	if (ret >= 0)
		ret = xa_err(xa_store(&vms, nl->id, nl, GFP_KERNEL_ACCOUNT));
	mutex_unlock(&vms_lock);
	return ret;
}

/**
 * vmxl_netlink_add() - let others find a VM
 * @vm: the VM, complete, which nobody else knows yet
 *
 * It belongs to the calling process's user and network namespace.
 * Return: 0 or -errno.
 */
int vmxl_netlink_add(struct vmxl_vm *vm)
{
	struct vmxl_nl *nl = kzalloc(sizeof(*nl), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!nl)
		return -ENOMEM;
	nl->vm = vm;
	nl->net = get_net(current->nsproxy->net_ns);
	nl->uid = current_uid();
	nl->pid = get_task_pid(current, PIDTYPE_TGID);
	get_task_comm(nl->comm, current);
	nl->told = jiffies - HZ;
	nl->told_throttled = jiffies - HZ;
	nl->cache_limit = vm->cache->limit;
	vm->nl = nl;
	ret = number(nl);
	if (ret < 0) {
		vm->nl = NULL;
		put_pid(nl->pid);
		put_net(nl->net);
		kfree(nl);
		return ret;
	}
	trace_vmxl_vm_create(vm, vm->guest->isa);
	tell(nl, &(struct event){ VMXL_NL_CMD_VM_NEW });
	return 0;
}

/**
 * vmxl_netlink_del() - a VM goes
 * @vm: the VM, of which nothing has been taken down yet
 */
void vmxl_netlink_del(struct vmxl_vm *vm)
{
	struct vmxl_nl *nl = vm->nl;

	if (!nl)
		return;
	mutex_lock(&vms_lock);
	xa_erase(&vms, nl->id);
	mutex_unlock(&vms_lock);
	trace_vmxl_vm_destroy(vm, vm->guest->isa);
	tell(nl, &(struct event){ VMXL_NL_CMD_VM_DEL });
	vm->nl = NULL;
	put_pid(nl->pid);
	put_net(nl->net);
	kfree(nl);
}

/**
 * vmxl_netlink_vcpu_new() - tell of a new vCPU
 * @vcpu: the vCPU, published
 */
void vmxl_netlink_vcpu_new(struct vmxl_vcpu *vcpu)
{
	trace_vmxl_vcpu_create(vcpu);
	if (vcpu->vm->nl)
		tell(vcpu->vm->nl, &(struct event){ VMXL_NL_CMD_VCPU_NEW, vcpu });
}

/**
 * vmxl_netlink_left() - tell why a vCPU left
 * @vcpu: the vCPU
 * @reason: VMXL_EXIT_SYSTEM_EVENT or VMXL_EXIT_INTERNAL_ERROR
 */
void vmxl_netlink_left(struct vmxl_vcpu *vcpu, u32 reason)
{
	const struct vmxl_run *run = vcpu->run;
	struct event e = { .vcpu = vcpu };

	if (!vcpu->vm->nl)
		return;
	if (reason == VMXL_EXIT_SYSTEM_EVENT) {
		e.cmd = VMXL_NL_CMD_SYSTEM_EVENT;
		e.reason = READ_ONCE(run->system_event.type);
		e.value = READ_ONCE(run->system_event.data[0]);
	} else {
		e.cmd = VMXL_NL_CMD_ERROR;
		e.reason = READ_ONCE(run->internal.suberror);
		e.value = READ_ONCE(vcpu->gs->pc);
	}
	tell(vcpu->vm->nl, &e);
}

/**
 * vmxl_netlink_quota() - tell that memory was refused to a VM
 * @vm: the VM
 * @bytes: how much
 */
void vmxl_netlink_quota(struct vmxl_vm *vm, u64 bytes)
{
	if (vm->nl)
		tell(vm->nl, &(struct event){ .cmd = VMXL_NL_CMD_QUOTA, .value = bytes });
}

/**
 * vmxl_netlink_code_cache() - tell that blocks were given up
 * @vm: the VM
 *
 * The value is how many it were in the VM's life.
 */
void vmxl_netlink_code_cache(struct vmxl_vm *vm)
{
	struct vmxl_nl *nl = vm->nl;

	if (!nl || time_before(jiffies, READ_ONCE(nl->told) + HZ))
		return;
	WRITE_ONCE(nl->told, jiffies);
	tell(nl, &(struct event){
		.cmd = VMXL_NL_CMD_CODE_CACHE,
		.value = READ_ONCE(vm->cache->nr_reclaimed),
	});
}

/**
 * vmxl_netlink_throttled() - tell that a quota of run time is used up
 * @vm: the VM
 * @vcpu: the vCPU whose it is; NULL: the VM's
 * @times: how often that was so
 */
void vmxl_netlink_throttled(struct vmxl_vm *vm, const struct vmxl_vcpu *vcpu, u64 times)
{
	struct vmxl_nl *nl = vm->nl;

	if (!nl || time_before(jiffies, READ_ONCE(nl->told_throttled) + HZ))
		return;
	WRITE_ONCE(nl->told_throttled, jiffies);
	tell(nl, &(struct event){ VMXL_NL_CMD_THROTTLED, vcpu, .value = times });
}

/**
 * vmxl_vm_id() - the number of a VM
 * @vm: the VM
 *
 * Return: its number, 0 if it has none.
 */
u32 vmxl_vm_id(const struct vmxl_vm *vm)
{
	return vm->nl ? vm->nl->id : 0;
}

/**
 * vmxl_netlink_init() - register the family
 *
 * Return: 0 or -errno.
 */
int __init vmxl_netlink_init(void)
{
	return genl_register_family(&family);
}

/**
 * vmxl_netlink_exit() - take the family away
 */
void vmxl_netlink_exit(void)
{
	genl_unregister_family(&family);
	xa_destroy(&vms);
}
