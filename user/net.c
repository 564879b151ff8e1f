// SPDX-License-Identifier: GPL-2.0
/*
 * The value of --net, parsed:
 *	none
 *	user[,hostfwd=tcp:HOSTADDR:PORT-[GUESTADDR]:PORT]...[,tftp=DIR][,bootfile=FILE][,restrict]
 *	tap=IFNAME
 * and [,mac=ADDRESS] behind user or tap.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "net.h"

/* "[ADDR]:PORT"; an empty address is 0. */
static int parse_endpoint(char *text, u32 *addr, u16 *port)
{
	char *colon = strrchr(text, ':');
	struct in_addr in = {};
	u64 value;

	if (!colon)
		return -1;
	*colon = '\0';
	if (*text && !inet_aton(text, &in))
		return -1;
	if (parse_u64(colon + 1, 1, 65535, &value))
		return -1;
	*addr = in.s_addr;
	*port = value;
	return 0;
}

static int parse_fwd(const char *text, struct net_options *net)
{
	struct net_fwd *f = &net->fwd[net->nr_fwd];
	char copy[128], *dash, *host;

	if (net->nr_fwd == NET_MAX_FWD)
		return error("--net: more than %d forwarded ports", NET_MAX_FWD);
	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		goto bad;
	dash = strchr(copy, '-');
	if (!dash)
		goto bad;
	*dash = '\0';
	f->udp = !strncmp(copy, "udp:", 4);
	if (!f->udp && strncmp(copy, "tcp:", 4))
		goto bad;
	host = copy + 4;
	if (parse_endpoint(host, &f->host_addr, &f->host_port) ||
	    parse_endpoint(dash + 1, &f->guest_addr, &f->guest_port))
		goto bad;
	net->nr_fwd++;
	return 0;
bad:
	return error("--net: hostfwd=%s is not tcp|udp:[HOSTADDR]:PORT-[GUESTADDR]:PORT", text);
}

static int parse_mac(const char *text, struct net_options *net)
{
	unsigned int b[6], i;
	int used = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &used) != 6 || text[used] || (b[0] & 1))
		return error("--net: '%s' is not the MAC address of a station", text);
	for (i = 0; i < 6; i++)
		net->mac[i] = b[i];
	return 0;
}

static int parse_kind(const char *item, struct net_options *net)
{
	net->ifname = item_value(item, "tap");
	if (net->ifname && *net->ifname)
		net->kind = NET_TAP;
	else if (!strcmp(item, "user"))
		net->kind = NET_USER;
	else if (!strcmp(item, "none"))
		net->kind = NET_NONE;
	else
		return error("--net: '%s' is none of user, tap=IFNAME, none", item);
	return 0;
}

static int parse_item(const char *item, struct net_options *net)
{
	const char *value;

	value = item_value(item, "mac");
	if (value && net->kind != NET_NONE)
		return parse_mac(value, net);
	if (net->kind != NET_USER)
		return error("--net: unknown item '%s'", item);
	value = item_value(item, "hostfwd");
	if (value)
		return parse_fwd(value, net);
	value = item_value(item, "tftp");
	if (value) {
		net->tftp = value;
		return 0;
	}
	value = item_value(item, "bootfile");
	if (value) {
		net->bootfile = value;
		return 0;
	}
	if (strcmp(item, "restrict"))
		return error("--net: unknown item '%s'", item);
	net->restricted = true;
	return 0;
}

int net_parse(char *text, struct net_options *net)
{
	static const u8 default_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
	char *rest = text, *item;

	*net = (struct net_options){};
	memcpy(net->mac, default_mac, sizeof(default_mac));
	if (parse_kind(next_item(&rest), net))
		return -1;
	while ((item = next_item(&rest))) {
		if (parse_item(item, net))
			return -1;
	}
	return 0;
}
