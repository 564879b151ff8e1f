// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink without a library. See nl.h.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "nl.h"

#define NEXT(a)		((const struct nlattr *)((const char *)(a) + NLA_ALIGN((a)->nla_len)))
#define DATA(a)		((const void *)((const char *)(a) + NLA_HDRLEN))
#define TYPE(a)		((a)->nla_type & NLA_TYPE_MASK)
#define for_each_attr(a, start, end)						\
	for (a = (const struct nlattr *)(start);				\
	     (const char *)(a) + NLA_HDRLEN <= (const char *)(end); a = NEXT(a))

int nl_socket(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int fd = CHECK_OK(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC));

	CHECK_OK(bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	return fd;
}

void msg_init(struct msg *m, int type, int flags, int cmd)
{
	static u32 seq;

	memset(m, 0, sizeof(*m));
	m->nl.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	m->nl.nlmsg_type = type;
	m->nl.nlmsg_flags = flags;
	m->nl.nlmsg_seq = ++seq;
	m->genl.cmd = cmd;
	m->genl.version = 1;
}

void msg_put(struct msg *m, int attr, const void *data, size_t len)
{
	struct nlattr *a = (struct nlattr *)((char *)m + NLMSG_ALIGN(m->nl.nlmsg_len));

	a->nla_type = attr;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((char *)a + NLA_HDRLEN, data, len);
	m->nl.nlmsg_len = NLMSG_ALIGN(m->nl.nlmsg_len) + NLA_ALIGN(a->nla_len);
}

void msg_put_u32(struct msg *m, int attr, u32 val)
{
	msg_put(m, attr, &val, sizeof(val));
}

void msg_put_u64(struct msg *m, int attr, u64 val)
{
	msg_put(m, attr, &val, sizeof(val));
}

static u64 number(const struct nlattr *a)
{
	u64 val = 0;
	size_t len = a->nla_len - NLA_HDRLEN;

	if (len <= sizeof(val))
		memcpy(&val, DATA(a), len);
	return val;
}

static void parse_stats(const struct nlattr *nest, struct reply *r)
{
	const char *end = (const char *)nest + nest->nla_len;
	const struct nlattr *a;

	for_each_attr(a, DATA(nest), end) {
		if (a->nla_len != NLA_HDRLEN + sizeof(u64) || TYPE(a) >= ARRAY_SIZE(r->stat))
			continue;
		r->stat[TYPE(a)] = number(a);
		r->nr_stats++;
	}
}

void nl_parse(const struct nlmsghdr *nl, struct reply *r)
{
	const struct genlmsghdr *genl = NLMSG_DATA(nl);
	const char *end = (const char *)nl + nl->nlmsg_len;
	const struct nlattr *a;

	memset(r, 0, sizeof(*r));
	r->cmd = genl->cmd;
	for_each_attr(a, (const char *)genl + GENL_HDRLEN, end) {
		if (TYPE(a) > VMXL_NL_A_MAX)
			continue;
		r->has[TYPE(a)] = true;
		r->val[TYPE(a)] = number(a);
		if (TYPE(a) == VMXL_NL_A_COMM && a->nla_len - NLA_HDRLEN < (int)sizeof(r->comm))
			memcpy(r->comm, DATA(a), a->nla_len - NLA_HDRLEN);
		if (TYPE(a) == VMXL_NL_A_GUEST_CODE &&
		    a->nla_len - NLA_HDRLEN >= (int)sizeof(r->guest_code))
			memcpy(r->guest_code, DATA(a), sizeof(r->guest_code));
		if (TYPE(a) == VMXL_NL_A_HOST_CODE)
			r->host_len = a->nla_len - NLA_HDRLEN;
		if (TYPE(a) == VMXL_NL_A_VM_STATS || TYPE(a) == VMXL_NL_A_VCPU_STATS)
			parse_stats(a, r);
	}
}

static int error_of(const struct nlmsghdr *nl)
{
	return ((const struct nlmsgerr *)NLMSG_DATA(nl))->error;
}

static void nl_send(int fd, const struct msg *m)
{
	CHECK_EQ(send(fd, m, m->nl.nlmsg_len, 0), m->nl.nlmsg_len);
}

/* With an acknowledgment asked for, there is always an end to wait for. */
int nl_call(int fd, const struct msg *m, struct reply *reply)
{
	struct msg copy = *m;
	char buf[NL_BUF];
	const struct nlmsghdr *nl;
	long len;

	copy.nl.nlmsg_flags |= NLM_F_ACK;
	nl_send(fd, &copy);
	for (;;) {
		len = CHECK_OK(recv(fd, buf, sizeof(buf), 0));
		for (nl = (void *)buf; NLMSG_OK(nl, len); nl = NLMSG_NEXT(nl, len)) {
			if (nl->nlmsg_seq != copy.nl.nlmsg_seq)
				continue;
			if (nl->nlmsg_type == NLMSG_ERROR)
				return error_of(nl);
			if (reply)
				nl_parse(nl, reply);
		}
	}
}

int nl_dump(int fd, const struct msg *m, void (*each)(const struct reply *r, void *opaque),
	    void *opaque)
{
	const struct nlmsghdr *nl;
	char buf[NL_BUF];
	struct reply r;
	long len;

	nl_send(fd, m);
	for (;;) {
		len = CHECK_OK(recv(fd, buf, sizeof(buf), 0));
		for (nl = (void *)buf; NLMSG_OK(nl, len); nl = NLMSG_NEXT(nl, len)) {
			if (nl->nlmsg_type == NLMSG_ERROR)
				return error_of(nl);
			if (nl->nlmsg_type == NLMSG_DONE)
				return *(const int *)NLMSG_DATA(nl);
			nl_parse(nl, &r);
			each(&r, opaque);
		}
	}
}

int nl_event(int fd, struct reply *reply)
{
	char buf[NL_BUF];
	long len = recv(fd, buf, sizeof(buf), 0);

	if (len < 0)
		return -errno;
	nl_parse((struct nlmsghdr *)buf, reply);
	return 0;
}

/* The number of the group "events" from the nest of groups */
static void find_group(const struct nlattr *groups, int *group)
{
	const char *end = (const char *)groups + groups->nla_len;
	const struct nlattr *g, *a;

	for_each_attr(g, DATA(groups), end)
		for_each_attr(a, DATA(g), (const char *)g + g->nla_len)
			if (TYPE(a) == CTRL_ATTR_MCAST_GRP_ID)
				*group = number(a);
}

int nl_family(int fd, int *group)
{
	const struct nlmsghdr *nl;
	const struct nlattr *a;
	char buf[NL_BUF];
	int family = -1;
	struct msg m;

	msg_init(&m, GENL_ID_CTRL, NLM_F_REQUEST, CTRL_CMD_GETFAMILY);
	msg_put(&m, CTRL_ATTR_FAMILY_NAME, VMXL_NL_FAMILY_NAME, sizeof(VMXL_NL_FAMILY_NAME));
	nl_send(fd, &m);
	CHECK_OK(recv(fd, buf, sizeof(buf), 0));
	nl = (struct nlmsghdr *)buf;
	if (nl->nlmsg_type == NLMSG_ERROR)
		return error_of(nl);
	for_each_attr(a, buf + NLMSG_HDRLEN + GENL_HDRLEN, buf + nl->nlmsg_len) {
		if (TYPE(a) == CTRL_ATTR_FAMILY_ID)
			family = number(a);
		if (TYPE(a) == CTRL_ATTR_MCAST_GROUPS)
			find_group(a, group);
	}
	return family;
}
