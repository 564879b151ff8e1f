/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests have from the shim beside the kernel's interfaces.
 */
#ifndef SHIM_SHIM_H
#define SHIM_SHIM_H

#include <linux/types.h>

struct mm_struct;
struct seq_file;
struct task_struct;

/* Load and unload the module; its own return value. Unloading with files open is an error. */
int shim_init(void);
void shim_exit(void);

/*
 * What was allocated, opened, pinned, started and not given back, reported on
 * stderr. Waits for call_rcu() and call_srcu(). Return: how many things.
 */
int shim_check_leaks(void);

/*
 * The @n-th thing that this thread allocates from now on cannot be had (memory,
 * pages, descriptors, files, pins, threads, SRCU domains); 0: all can. Typical:
 *
 *	for (n = 1; ; n++) {
 *		shim_fail_nth(n);
 *		ret = what_is_tested();
 *		if (!shim_fail_done())
 *			break;		(it needs less than n: all were tried)
 *		... ret must be an error, and nothing may be left ...
 *	}
 */
void shim_fail_nth(unsigned long n);
/* Did it happen? Ends failing either way. */
bool shim_fail_done(void);
/* For the shim's own allocators: this one fails. */
bool shim_should_fail(gfp_t gfp, const char *site);

/* A system call begins and ends: signals that come between the two are pending(). */
void shim_enter(void);
void shim_leave(void);
/* A signal to a task, as if by kill(2); @fatal: one that ends it. */
void shim_signal(struct task_struct *t, bool fatal);
void shim_signal_clear(void);

/*
 * Memory is short, for who allocates with @gfp: shrinkers are asked to look at
 * @nr objects, twice as many as there are at most (as by drop_caches). Return: how
 * many they gave up. How many they have.
 */
unsigned long shim_shrink(gfp_t gfp, unsigned long nr);
unsigned long shim_shrink_count(void);

/* madvise(2), which notifiers of the mm hear of */
int shim_madvise(void *p, size_t len, int advice);

/* This thread is of another process (NULL: of the usual one again). */
void shim_set_mm(struct mm_struct *mm);

/* Set a module parameter; 0, -ENOENT, -EINVAL. */
int shim_param_set(const char *name, const char *val);

/* WARN_ON() counts instead of aborting while @on; returns what was counted since. */
unsigned int shim_warn_count(bool on);

/* Threads of the shim's own: no signals, no SRCU slot given back before it ends. */
int shim_thread(void *(*fn)(void *arg), void *arg, const char *name);

/* Descriptors of the shim that are open. */
unsigned int shim_nr_fds(void);

#endif
