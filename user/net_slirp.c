// SPDX-License-Identifier: GPL-2.0
/*
 * The user-mode network: libslirp's TCP/IP stack, with the addresses that QEMU
 * uses (guest 10.0.2.15, gateway 10.0.2.2, name server 10.0.2.3).
 *
 * libslirp lives in the loop's thread: its descriptors and timers go through
 * the loop's hook. Frames for which the guest has no buffer yet wait in a
 * short queue; beyond it they are lost, and TCP sends them again.
 */
#include <arpa/inet.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"

#define QUEUE_FRAMES	64
#define NS_PER_MS	1000000

struct frame {
	size_t len;
	u8 *data;
};

struct slirp_timer {
	struct slirp_timer *next;
	SlirpTimerCb cb;
	void *cb_opaque;
	s64 due_ms;		/* -1: not armed */
};

struct user_net {
	struct net_backend be;	/* first */
	struct loop *loop;
	Slirp *slirp;
	struct slirp_timer *timers;
	struct frame queue[QUEUE_FRAMES];
	unsigned int head, count;
};

static void enqueue(struct user_net *u, const void *data, size_t len)
{
	struct frame *f = &u->queue[(u->head + u->count) % QUEUE_FRAMES];

	if (u->count == QUEUE_FRAMES)
		return;
	f->data = malloc(len);
	if (!f->data)
		return;
	memcpy(f->data, data, len);
	f->len = len;
	u->count++;
}

static void drain_queue(struct user_net *u)
{
	while (u->count) {
		struct frame *f = &u->queue[u->head];

		if (!u->be.client.receive(u->be.client.opaque, f->data, f->len))
			return;
		free(f->data);
		u->head = (u->head + 1) % QUEUE_FRAMES;
		u->count--;
	}
}

static ssize_t cb_send_packet(const void *buf, size_t len, void *opaque)
{
	struct user_net *u = opaque;

	if (len > NET_MAX_FRAME)
		return len;
	drain_queue(u);
	if (u->count || !u->be.client.receive(u->be.client.opaque, buf, len))
		enqueue(u, buf, len);
	return len;
}

static void cb_guest_error(const char *msg, void *opaque)
{
	(void)opaque;
	verbose("network: %s", msg);
}

static int64_t cb_clock_get_ns(void *opaque)
{
	(void)opaque;
	return now_ns();
}

static void *cb_timer_new(SlirpTimerCb cb, void *cb_opaque, void *opaque)
{
	struct user_net *u = opaque;
	struct slirp_timer *t = calloc(1, sizeof(*t));

	if (!t)
		abort();	/* libslirp takes no for an answer no better */
	*t = (struct slirp_timer) {
		.next = u->timers, .cb = cb, .cb_opaque = cb_opaque, .due_ms = -1,
	};
	u->timers = t;
	return t;
}

static void cb_timer_free(void *timer, void *opaque)
{
	struct user_net *u = opaque;
	struct slirp_timer **p;

	for (p = &u->timers; *p; p = &(*p)->next) {
		if (*p != timer)
			continue;
		*p = (*p)->next;
		free(timer);
		return;
	}
}

static void cb_timer_mod(void *timer, int64_t expire_ms, void *opaque)
{
	(void)opaque;
	((struct slirp_timer *)timer)->due_ms = expire_ms;
}

static void cb_poll_fd(int fd, void *opaque)
{
	(void)fd;
	(void)opaque;
}

static void cb_notify(void *opaque)
{
	loop_wake(((struct user_net *)opaque)->loop);
}

static const SlirpCb callbacks = {
	.send_packet = cb_send_packet,
	.guest_error = cb_guest_error,
	.clock_get_ns = cb_clock_get_ns,
	.timer_new = cb_timer_new,
	.timer_free = cb_timer_free,
	.timer_mod = cb_timer_mod,
	.register_poll_fd = cb_poll_fd,
	.unregister_poll_fd = cb_poll_fd,
	.notify = cb_notify,
};

/* slirp's event bits and poll's, pair by pair. */
static const struct {
	int slirp;
	short poll;
} event_bits[] = {
	{ SLIRP_POLL_IN, POLLIN },
	{ SLIRP_POLL_OUT, POLLOUT },
	{ SLIRP_POLL_PRI, POLLPRI },
	{ SLIRP_POLL_ERR, POLLERR },
	{ SLIRP_POLL_HUP, POLLHUP },
};

static int add_poll(int fd, int events, void *opaque)
{
	struct user_net *u = opaque;
	short wanted = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(event_bits); i++)
		wanted |= events & event_bits[i].slirp ? event_bits[i].poll : 0;
	return loop_poll_add(u->loop, fd, wanted);
}

static int get_revents(int index, void *opaque)
{
	struct user_net *u = opaque;
	short got = loop_poll_events(u->loop, index);
	int events = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(event_bits); i++)
		events |= got & event_bits[i].poll ? event_bits[i].slirp : 0;
	return events;
}

static s64 now_ms(void)
{
	return now_ns() / NS_PER_MS;
}

static void user_fill(void *opaque, int *timeout_ms)
{
	struct user_net *u = opaque;
	u32 timeout = *timeout_ms < 0 ? UINT32_MAX : (u32)*timeout_ms;
	struct slirp_timer *t;
	s64 now = now_ms();

	slirp_pollfds_fill(u->slirp, &timeout, add_poll, u);
	for (t = u->timers; t; t = t->next) {
		if (t->due_ms >= 0)
			timeout = MIN((s64)timeout, MAX(t->due_ms - now, (s64)0));
	}
	*timeout_ms = timeout > INT32_MAX ? -1 : (int)timeout;
}

static void run_timers(struct user_net *u)
{
	struct slirp_timer *t, *next;
	s64 now = now_ms();

	for (t = u->timers; t; t = next) {
		next = t->next;
		if (t->due_ms < 0 || t->due_ms > now)
			continue;
		t->due_ms = -1;
		t->cb(t->cb_opaque);
	}
}

static void user_polled(void *opaque, bool failed)
{
	struct user_net *u = opaque;

	slirp_pollfds_poll(u->slirp, failed, get_revents, u);
	run_timers(u);
	drain_queue(u);
}

static void user_send(struct net_backend *be, const void *frame, size_t len)
{
	struct user_net *u = (struct user_net *)be;

	slirp_input(u->slirp, frame, len);
}

static void user_destroy(struct net_backend *be)
{
	struct user_net *u = (struct user_net *)be;

	u->loop->hook = (struct loop_hook){};
	if (u->slirp)
		slirp_cleanup(u->slirp);
	while (u->timers)
		cb_timer_free(u->timers, u);
	for (; u->count; u->count--, u->head = (u->head + 1) % QUEUE_FRAMES)
		free(u->queue[u->head].data);
	free(u);
}

static struct in_addr address(const char *text)
{
	return (struct in_addr) { inet_addr(text) };
}

static Slirp *make_slirp(struct user_net *u, const struct net_options *net)
{
	SlirpConfig cfg = {
		.version = 1,
		.restricted = net->restricted,
		.in_enabled = true,
		.vnetwork = address("10.0.2.0"),
		.vnetmask = address("255.255.255.0"),
		.vhost = address("10.0.2.2"),
		.vdhcp_start = address("10.0.2.15"),
		.vnameserver = address("10.0.2.3"),
		.in6_enabled = true,
		.vprefix_len = 64,
		.tftp_path = net->tftp,
		.bootfile = net->bootfile,
	};

	inet_pton(AF_INET6, "fec0::", &cfg.vprefix_addr6);
	inet_pton(AF_INET6, "fec0::2", &cfg.vhost6);
	inet_pton(AF_INET6, "fec0::3", &cfg.vnameserver6);
	return slirp_new(&cfg, &callbacks, u);
}

static int add_forwards(struct user_net *u, const struct net_options *net)
{
	const struct net_fwd *f;
	struct in_addr host, guest;

	for (f = net->fwd; f < net->fwd + net->nr_fwd; f++) {
		host.s_addr = f->host_addr;
		guest = f->guest_addr ? (struct in_addr) { f->guest_addr } : address("10.0.2.15");
		if (slirp_add_hostfwd(u->slirp, f->udp, host, f->host_port, guest, f->guest_port))
			return error("network: cannot forward %s port %u: in use, or not allowed",
				     f->udp ? "udp" : "tcp", f->host_port);
	}
	return 0;
}

struct net_backend *net_slirp_create(const struct net_options *net, struct loop *loop,
				     const struct net_client *client)
{
	struct user_net *u = calloc(1, sizeof(*u));

	if (!u) {
		error("out of memory");
		return NULL;
	}
	u->loop = loop;
	u->be = (struct net_backend) {
		.send = user_send, .destroy = user_destroy, .client = *client,
	};
	u->slirp = make_slirp(u, net);
	if (!u->slirp)
		error("network: libslirp does not start");
	if (!u->slirp || add_forwards(u, net)) {
		user_destroy(&u->be);
		return NULL;
	}
	loop->hook = (struct loop_hook) { .fill = user_fill, .polled = user_polled, .opaque = u };
	return &u->be;
}
