// SPDX-License-Identifier: GPL-2.0
/*
 * Eventfds of the module on the real ones of this process. A context holds a
 * duplicate of the descriptor; it is found again by the id that the kernel
 * shows in fdinfo. A thread waits for those that somebody queued on: each
 * write comes to the queue's functions as in the kernel, with the queue's
 * lock held, but from that thread and not from the writer.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/uio.h>

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/kref.h>
#include <linux/poll.h>
#include "internal.h"

struct eventfd_ctx {
	struct kref kref;
	struct list_head list;		/* ctx_list */
	wait_queue_head_t wqh;
	int fd;				/* duplicate */
	int id;
	bool polled;
};

static pthread_mutex_t ctx_lock = PTHREAD_MUTEX_INITIALIZER;	/* the list and all freeing */
static LIST_HEAD(ctx_list);
static unsigned int nr_ctx;
static int epoll_fd = -1;

/* The kernel's number of an eventfd; -1: it is none. */
static int eventfd_id(const char *fd)
{
	char path[64], line[128];
	int id = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%s", fd);
	f = fopen(path, "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "eventfd-id: %d", &id) == 1)
			break;
	}
	fclose(f);
	return id;
}

static struct eventfd_ctx *ctx_find(int id)
{
	struct eventfd_ctx *ctx;

	list_for_each_entry(ctx, &ctx_list, list) {
		if (ctx->id == id && kref_get_unless_zero(&ctx->kref))
			return ctx;
	}
	return NULL;
}

static struct eventfd_ctx *ctx_create(int fd, int id)
{
	struct eventfd_ctx *ctx = calloc(1, sizeof(*ctx));

	ctx->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (ctx->fd < 0) {
		free(ctx);
		return NULL;
	}
	kref_init(&ctx->kref);
	init_waitqueue_head(&ctx->wqh);
	ctx->id = id;
	list_add(&ctx->list, &ctx_list);
	WRITE_ONCE(nr_ctx, nr_ctx + 1);
	shim_track(SHIM_EVENTFD, ctx, sizeof(*ctx), "eventfd");
	return ctx;
}

static int fd_id(int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", fd);
	return eventfd_id(name);
}

int shim_eventfd_id(int fd)
{
	return READ_ONCE(nr_ctx) ? fd_id(fd) : -1;
}

/* The context of a real descriptor; NULL: it is no eventfd. */
struct eventfd_ctx *shim_eventfd_ctx(int fd)
{
	struct eventfd_ctx *ctx;
	int id = fd_id(fd);

	if (id < 0)
		return NULL;
	pthread_mutex_lock(&ctx_lock);
	ctx = ctx_find(id) ?: ctx_create(fd, id);
	pthread_mutex_unlock(&ctx_lock);
	return ctx;
}

static void ctx_free(struct kref *kref)
{
	struct eventfd_ctx *ctx = container_of(kref, struct eventfd_ctx, kref);

	list_del(&ctx->list);
	WRITE_ONCE(nr_ctx, nr_ctx - 1);
	__real_close(ctx->fd);
	shim_untrack(SHIM_EVENTFD, ctx);
	free(ctx);
}

void eventfd_ctx_put(struct eventfd_ctx *ctx)
{
	pthread_mutex_lock(&ctx_lock);
	kref_put(&ctx->kref, ctx_free);
	pthread_mutex_unlock(&ctx_lock);
}

struct eventfd_ctx *eventfd_ctx_fileget(struct file *file)
{
	struct eventfd_ctx *ctx = file->shim_event;

	if (!ctx)
		return ERR_PTR(-EINVAL);
	kref_get(&ctx->kref);
	return ctx;
}

struct file *eventfd_fget(int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return ERR_PTR(-EBADF);
	if (!file->shim_event) {
		fput(file);
		return ERR_PTR(-EINVAL);
	}
	return file;
}

struct eventfd_ctx *eventfd_ctx_fdget(int fd)
{
	struct file *file = eventfd_fget(fd);
	struct eventfd_ctx *ctx;

	if (IS_ERR(file))
		return ERR_CAST(file);
	ctx = eventfd_ctx_fileget(file);
	fput(file);
	return ctx;
}

void shim_eventfd_signal(struct eventfd_ctx *ctx, u64 n)
{
	ssize_t ret = write(ctx->fd, &n, sizeof(n));

	(void)ret;		/* full: it is signalled */
}

/* Never blocks, whether the descriptor does or not. */
void eventfd_ctx_do_read(struct eventfd_ctx *ctx, u64 *cnt)
{
	struct iovec iov = { cnt, sizeof(*cnt) };

	lockdep_assert_held(&ctx->wqh.lock);
	if (preadv2(ctx->fd, &iov, 1, -1, RWF_NOWAIT) != sizeof(*cnt))
		*cnt = 0;
}

int eventfd_ctx_remove_wait_queue(struct eventfd_ctx *ctx, wait_queue_entry_t *wait, u64 *cnt)
{
	unsigned long flags;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	eventfd_ctx_do_read(ctx, cnt);
	__remove_wait_queue(&ctx->wqh, wait);
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	return *cnt ? 0 : -EAGAIN;
}

static void ctx_wake(struct eventfd_ctx *ctx, __poll_t events)
{
	unsigned long flags;

	shim_irq_enter();
	spin_lock_irqsave(&ctx->wqh.lock, flags);
	wake_up_locked_poll(&ctx->wqh, events);
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	shim_irq_exit();
}

/* An id, not a pointer: the context may be gone by the time that its event is looked at. */
static void poll_one(int id, __poll_t events)
{
	struct eventfd_ctx *ctx;

	pthread_mutex_lock(&ctx_lock);
	ctx = ctx_find(id);
	pthread_mutex_unlock(&ctx_lock);
	if (!ctx)
		return;
	ctx_wake(ctx, events & EPOLLIN);
	eventfd_ctx_put(ctx);
}

static void *poll_thread(void *arg)
{
	struct epoll_event ev[16];
	int i, n;

	for (;;) {
		n = epoll_wait(epoll_fd, ev, ARRAY_SIZE(ev), -1);
		for (i = 0; i < n; i++)
			poll_one(ev[i].data.u32, ev[i].events);
	}
	return NULL;
}

static void ctx_poll(struct eventfd_ctx *ctx)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET, .data.u32 = ctx->id };

	pthread_mutex_lock(&ctx_lock);
	if (epoll_fd < 0) {
		epoll_fd = epoll_create1(EPOLL_CLOEXEC);
		shim_thread(poll_thread, NULL, "shim-eventfd");
	}
	if (!ctx->polled) {
		ctx->polled = true;
		epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ctx->fd, &ev);
	}
	pthread_mutex_unlock(&ctx_lock);
}

/* By epoll, as poll(2)'s header knows the same constants otherwise. */
static bool readable(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(EPOLL_CLOEXEC), n;

	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
	n = epoll_wait(ep, &ev, 1, 0);
	__real_close(ep);
	return n > 0 && (ev.events & EPOLLIN);
}

__poll_t shim_eventfd_poll(struct file *file, struct poll_table_struct *pt)
{
	struct eventfd_ctx *ctx = file->shim_event;

	if (!ctx)
		return 0;
	poll_wait(file, &ctx->wqh, pt);
	if (pt && pt->_qproc)
		ctx_poll(ctx);
	return EPOLLOUT | (readable(ctx->fd) ? EPOLLIN : 0);
}

/* How many of the descriptors are this eventfd */
static unsigned int count_fds(int id)
{
	DIR *dir = opendir("/proc/self/fdinfo");
	struct dirent *d;
	unsigned int n = 0;

	while (dir && (d = readdir(dir)))
		n += eventfd_id(d->d_name) == id;
	if (dir)
		closedir(dir);
	return n;
}

/* Nobody has the eventfd but its context: who waits on it hears of the end. */
void shim_eventfd_closed(int id)
{
	struct eventfd_ctx *ctx;

	pthread_mutex_lock(&ctx_lock);
	ctx = ctx_find(id);
	pthread_mutex_unlock(&ctx_lock);
	if (!ctx)
		return;
	if (count_fds(id) <= 1)
		ctx_wake(ctx, EPOLLHUP);
	eventfd_ctx_put(ctx);
}

/* The descriptor may have been closed while the file was held. */
void shim_eventfd_release(struct eventfd_ctx *ctx)
{
	shim_eventfd_closed(ctx->id);
	eventfd_ctx_put(ctx);
}
