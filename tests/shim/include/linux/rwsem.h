/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RWSEM_H
#define SHIM_LINUX_RWSEM_H

#include <linux/lockdep.h>
#include <linux/wait.h>

struct rw_semaphore {
	struct shim_owner owner;	/* the writer */
	int count;			/* readers, or -1: a writer; under wq.lock */
	wait_queue_head_t wq;
};

#define __RWSEM_INITIALIZER(name) { .wq = __WAIT_QUEUE_HEAD_INITIALIZER((name).wq) }
#define DECLARE_RWSEM(name)	struct rw_semaphore name = __RWSEM_INITIALIZER(name)

void init_rwsem(struct rw_semaphore *sem);
int shim_rwsem_down(struct rw_semaphore *sem, bool write, unsigned int state);
int shim_rwsem_try(struct rw_semaphore *sem, bool write);
void up_read(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);

#define down_read(s)		((void)shim_rwsem_down(s, false, TASK_UNINTERRUPTIBLE))
#define down_write(s)		((void)shim_rwsem_down(s, true, TASK_UNINTERRUPTIBLE))
#define down_read_killable(s)	shim_rwsem_down(s, false, TASK_KILLABLE)
#define down_write_killable(s)	shim_rwsem_down(s, true, TASK_KILLABLE)
#define down_read_interruptible(s) shim_rwsem_down(s, false, TASK_INTERRUPTIBLE)
#define down_read_trylock(s)	shim_rwsem_try(s, false)
#define down_write_trylock(s)	shim_rwsem_try(s, true)

#endif
