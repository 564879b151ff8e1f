/* SPDX-License-Identifier: GPL-2.0 */
/*
 * On real eventfds. A thread polls those that have a wait queue entry and
 * calls the entries' functions as a write to the eventfd would in the kernel;
 * closing the last descriptor calls them with EPOLLHUP.
 */
#ifndef SHIM_LINUX_EVENTFD_H
#define SHIM_LINUX_EVENTFD_H

#include <linux/err.h>
#include <linux/types.h>
#include <linux/version.h>
#include <linux/wait.h>

struct eventfd_ctx;
struct file;

void eventfd_ctx_put(struct eventfd_ctx *ctx);
struct file *eventfd_fget(int fd);
struct eventfd_ctx *eventfd_ctx_fdget(int fd);
struct eventfd_ctx *eventfd_ctx_fileget(struct file *file);
void shim_eventfd_signal(struct eventfd_ctx *ctx, u64 n);
int eventfd_ctx_remove_wait_queue(struct eventfd_ctx *ctx, wait_queue_entry_t *wait, u64 *cnt);
void eventfd_ctx_do_read(struct eventfd_ctx *ctx, u64 *cnt);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define eventfd_signal(ctx)	shim_eventfd_signal(ctx, 1)
#else
#define eventfd_signal(ctx, n)	(shim_eventfd_signal(ctx, n), (u64)(n))
#endif
#define eventfd_signal_allowed()	true

#endif
