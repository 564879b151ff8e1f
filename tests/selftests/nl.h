/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink without a library, so that messages can be wrong in every way.
 */
#ifndef SELFTESTS_NL_H
#define SELFTESTS_NL_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vmx_xlate_netlink.h>

#include "lib.h"

#define NL_BUF	32768

struct msg {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	char attrs[512];
};

/* What came back: attributes by number, of the last message that was looked at */
struct reply {
	int cmd;
	bool has[VMXL_NL_A_MAX + 1];
	u64 val[VMXL_NL_A_MAX + 1];
	char comm[32];
	u8 guest_code[16];	/* the first of it */
	unsigned int host_len;
	u64 stat[VMXL_NL_VCPU_STAT_MAX + 1];	/* of the nest that was in it: the VM has fewer */
	unsigned int nr_stats;
};

/* A socket; the family's number and its group's */
int nl_socket(void);
int nl_family(int fd, int *group);

void msg_init(struct msg *m, int type, int flags, int cmd);
void msg_put(struct msg *m, int attr, const void *data, size_t len);
void msg_put_u32(struct msg *m, int attr, u32 val);
void msg_put_u64(struct msg *m, int attr, u64 val);

/* Send and receive what it is answered by: 0 or -errno of the module. NULL: no answer wanted */
int nl_call(int fd, const struct msg *m, struct reply *reply);
/* The same for a dump; each() for every message */
int nl_dump(int fd, const struct msg *m, void (*each)(const struct reply *r, void *opaque),
	    void *opaque);
/* The next event; 0, or -errno of recv(2) */
int nl_event(int fd, struct reply *reply);
/* What a message says */
void nl_parse(const struct nlmsghdr *nl, struct reply *r);

#endif
