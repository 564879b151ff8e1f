/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A task is a thread. Task structures are never freed but used again, so that
 * a late wake-up finds one. The state is the word that a sleeper's futex is on.
 */
#ifndef SHIM_LINUX_SCHED_H
#define SHIM_LINUX_SCHED_H

#include <asm/barrier.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/types.h>

#define TASK_RUNNING		0
#define TASK_INTERRUPTIBLE	1
#define TASK_UNINTERRUPTIBLE	2
#define TASK_WAKEKILL		0x100
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_IDLE		TASK_UNINTERRUPTIBLE
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_COMM_LEN		16
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX
#define PF_KTHREAD		0x00200000
#define PF_EXITING		0x00000004

struct cred;
struct mm_struct;
struct signal_struct;
struct user_struct;

struct task_struct {
	unsigned int __state;
	unsigned int flags;
	unsigned int slot;		/* unique among living tasks: index of per-thread counters */
	unsigned int in_kernel;		/* depth of shim_enter() */
	int sigpending;
	int sigkill;
	int pid, tgid;
	char comm[TASK_COMM_LEN];
	struct mm_struct *mm;
	struct mm_struct *active_mm;
	struct signal_struct *signal;
	struct task_struct *group_leader;
	struct callback_head *works;
	unsigned long fail_nth;
	int rcu_nest, rcu_idx;
	void *kthread;
	struct pt_regs *regs;		/* of the system call or fault that it is in */
	struct pt_regs no_regs;
	void *user_jmp;			/* sigjmp_buf of the ioctl that called translated code */
	struct task_struct *next_free;
};

extern __thread struct task_struct *shim_task;
struct task_struct *shim_task_new(void);

static __always_inline struct task_struct *shim_current(void)
{
	struct task_struct *t = shim_task;

	return likely(t) ? t : shim_task_new();
}

#define current			shim_current()
#define get_current()		shim_current()
#define __set_current_state(s)	WRITE_ONCE(current->__state, s)
#define set_current_state(s) \
	((void)__atomic_exchange_n(&current->__state, s, __ATOMIC_SEQ_CST))
#define get_current_state()	READ_ONCE(current->__state)
#define task_is_running(t)	(READ_ONCE((t)->__state) == TASK_RUNNING)

void schedule(void);
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);
/* True where woken, false where @deadline (ktime_get_ns(), 0: none) came first. */
bool shim_schedule_until(u64 deadline);
int wake_up_process(struct task_struct *t);
int wake_up_state(struct task_struct *t, unsigned int state);
void yield(void);
/* A process cannot say which thread is to run instead. */
int yield_to(struct task_struct *t, bool preempt);
#define kick_process(t)		((void)(t))

static inline struct task_struct *get_task_struct(struct task_struct *t)
{
	return t;
}

static inline void put_task_struct(struct task_struct *t)
{
}

static inline int signal_pending(struct task_struct *t)
{
	return READ_ONCE(t->sigpending);
}

static inline int fatal_signal_pending(struct task_struct *t)
{
	return READ_ONCE(t->sigkill);
}

static inline int signal_pending_state(unsigned int state, struct task_struct *t)
{
	return (state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) &&
	       (fatal_signal_pending(t) || ((state & TASK_INTERRUPTIBLE) && signal_pending(t)));
}

#define need_resched()		0
#define cond_resched()		({ might_sleep(); 0; })
#define task_pid_nr(t)		((t)->pid)
#define task_tgid_nr(t)		((t)->tgid)
#define task_pid_vnr(t)		((t)->pid)
#define same_thread_group(a, b)	((a)->tgid == (b)->tgid)
#define get_task_comm(buf, t)	strscpy(buf, (t)->comm, sizeof(buf))

#endif
