/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the shim share. They use pthreads and libc freely; no
 * code of the module sees this.
 */
#ifndef SHIM_INTERNAL_H
#define SHIM_INTERNAL_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/bug.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <shim/shim.h>

/* slab.c: the table of everything that must be given back */
enum shim_kind {
	SHIM_KMALLOC, SHIM_VMALLOC, SHIM_PAGES, SHIM_OBJECT, SHIM_CACHE, SHIM_PIN, SHIM_SRCU,
	SHIM_WORKQUEUE, SHIM_KTHREAD, SHIM_MISC, SHIM_FILE, SHIM_FD, SHIM_EVENTFD, SHIM_VMA,
	SHIM_NR_KINDS
};

void shim_track(enum shim_kind kind, const void *p, size_t size, const char *site);
/* Count one reference up or down; dropping the last one drops the entry. Return: what is left. */
int shim_track_get(enum shim_kind kind, const void *p, size_t size, const char *site);
int shim_track_put(enum shim_kind kind, const void *p);
bool shim_tracked(enum shim_kind kind, const void *p, size_t *size);
size_t shim_untrack(enum shim_kind kind, const void *p);
int shim_track_report(void);
long shim_nr_tracked(void);		/* entries of the table */

/* task.c; @deadline as for shim_schedule_until() */
int shim_futex_wait(unsigned int *word, unsigned int val, u64 deadline);
void shim_futex_wake(unsigned int *word, int nr);
void shim_run_task_works(void);

/* timer.c, rcu.c, work.c: what is left is reported */
int shim_timers_report(void);
void shim_flush_system_wq(void);

/* page.c: the shared file that pages are in; -1: not one of them */
off_t shim_page_offset(const void *p);
int shim_page_fd(void);
void *shim_vmalloc_pages(size_t size, gfp_t gfp, const char *site);
bool shim_page_is_vmalloc(const void *p);	/* the first byte of what vmalloc() gave */

/* module.c */
void shim_params_from_environment(void);

/* file.c */
struct file *shim_file_alloc(const struct file_operations *fops, void *priv, int flags,
			     const char *site);
struct file *shim_file_get(int fd);	/* of the shim's own; NULL: not one */
int shim_file_open(const char *path, int flags);
int shim_file_close(int fd);		/* -EBADF: not the shim's */

struct eventfd_ctx;

/* eventfd.c */
struct eventfd_ctx *shim_eventfd_ctx(int fd);
int shim_eventfd_id(int fd);		/* -1: no eventfd, or nobody holds a context of any */
void shim_eventfd_closed(int id);	/* one of the descriptors of this eventfd */
void shim_eventfd_release(struct eventfd_ctx *ctx);	/* by a file that held it */
__poll_t shim_eventfd_poll(struct file *file, struct poll_table_struct *pt);

int __real_close(int fd);

struct sigaction;

/* user.c */
void shim_user_init(void);		/* faults are the shim's from now on */
int shim_fault_sigaction(int sig, const struct sigaction *sa, struct sigaction *old);
long shim_user_ioctl(struct file *file, unsigned int fd, unsigned int cmd, unsigned long arg);
int __real_sigaction(int sig, const struct sigaction *sa, struct sigaction *old);

#endif
