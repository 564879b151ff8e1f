/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network back-ends: where a guest's Ethernet frames go and come from.
 */
#ifndef VMXL_USER_NET_H
#define VMXL_USER_NET_H

#include "loop.h"

#define NET_MAX_FRAME	65550	/* the largest frame of any back-end */
#define NET_MAX_FWD	16

enum net_kind {
	NET_NONE,
	NET_USER,
	NET_TAP,
};

struct net_fwd {
	bool udp;
	u32 host_addr;		/* network order, 0: any */
	u16 host_port;
	u32 guest_addr;		/* network order, 0: the DHCP address */
	u16 guest_port;
};

struct net_options {
	enum net_kind kind;
	const char *ifname;	/* tap */
	const char *tftp;	/* user: directory of the TFTP server */
	const char *bootfile;
	bool restricted;	/* user: no way out of the virtual network */
	u8 mac[6];
	struct net_fwd fwd[NET_MAX_FWD];
	unsigned int nr_fwd;
};

/* What a back-end calls; in the loop's thread, without locks. */
struct net_client {
	/* false: no room now, the frame was not taken. */
	bool (*receive)(void *opaque, const void *frame, size_t len);
	bool (*can_receive)(void *opaque);
	void *opaque;
};

struct net_backend {
	/* A frame from the guest; in the loop's thread. */
	void (*send)(struct net_backend *be, const void *frame, size_t len);
	void (*destroy)(struct net_backend *be);
	struct net_client client;
};

/* NULL, having said why, on an error. */
struct net_backend *net_slirp_create(const struct net_options *net, struct loop *loop,
				     const struct net_client *client);
struct net_backend *net_tap_create(const struct net_options *net, struct loop *loop,
				   const struct net_client *client);

/* Parses the value of --net; says what is wrong with it. text is cut up and kept. */
int net_parse(char *text, struct net_options *net);

#endif
