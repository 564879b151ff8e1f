// SPDX-License-Identifier: GPL-2.0
/*
 * The tap back-end: frames of an interface of this machine. The kernel queues
 * what the guest has no buffers for.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "net.h"

struct tap {
	struct net_backend be;	/* first */
	struct loop *loop;
	int fd;
	u8 frame[NET_MAX_FRAME];
};

static short tap_want(void *opaque)
{
	struct tap *t = opaque;

	return t->be.client.can_receive(t->be.client.opaque) ? POLLIN : 0;
}

static void tap_ready(void *opaque)
{
	struct tap *t = opaque;
	ssize_t n = read(t->fd, t->frame, sizeof(t->frame));

	if (n > 0)
		t->be.client.receive(t->be.client.opaque, t->frame, n);
}

/* A full or downed interface loses frames, as a wire does. */
static void tap_send(struct net_backend *be, const void *frame, size_t len)
{
	struct tap *t = (struct tap *)be;

	if (write(t->fd, frame, len) < 0 && errno != EAGAIN)
		verbose("tap: %s", strerror(errno));
}

static void tap_destroy(struct net_backend *be)
{
	struct tap *t = (struct tap *)be;

	loop_del(t->loop, t->fd);
	close(t->fd);
	free(t);
}

static int tap_open(const char *ifname)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd;

	if (strlen(ifname) >= sizeof(ifr.ifr_name))
		return error("tap %s: the name is too long", ifname);
	strcpy(ifr.ifr_name, ifname);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return error_errno("tap %s: /dev/net/tun", ifname);
	if (ioctl(fd, TUNSETIFF, &ifr)) {
		error_errno("tap %s", ifname);
		close(fd);
		return -1;
	}
	return fd;
}

struct net_backend *net_tap_create(const struct net_options *net, struct loop *loop,
				   const struct net_client *client)
{
	struct tap *t = calloc(1, sizeof(*t));

	if (!t) {
		error("out of memory");
		return NULL;
	}
	t->loop = loop;
	t->be = (struct net_backend) {
		.send = tap_send, .destroy = tap_destroy, .client = *client,
	};
	t->fd = tap_open(net->ifname);
	if (t->fd < 0) {
		free(t);
		return NULL;
	}
	if (loop_add(loop, t->fd, tap_want, tap_ready, t)) {
		tap_destroy(&t->be);
		return NULL;
	}
	return &t->be;
}
