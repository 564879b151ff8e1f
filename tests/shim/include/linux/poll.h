/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_POLL_H
#define SHIM_LINUX_POLL_H

#include <sys/epoll.h>
#include <linux/types.h>
#include <linux/wait.h>

struct file;
struct poll_table_struct;

typedef void (*poll_queue_proc)(struct file *file, wait_queue_head_t *q,
				struct poll_table_struct *pt);

typedef struct poll_table_struct {
	poll_queue_proc _qproc;
	__poll_t _key;
} poll_table;

static inline void init_poll_funcptr(poll_table *pt, poll_queue_proc fn)
{
	pt->_qproc = fn;
	pt->_key = ~(__poll_t)0;
}

static inline void poll_wait(struct file *file, wait_queue_head_t *q, poll_table *pt)
{
	if (pt && pt->_qproc && q)
		pt->_qproc(file, q, pt);
}

__poll_t vfs_poll(struct file *file, struct poll_table_struct *pt);

#endif
