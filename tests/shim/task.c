// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks, sleeping and waking, signals, task works.
 *
 * A task sleeps on a futex whose word is its own __state, so that a wake-up
 * that comes before the sleep is not lost. A signal handler wakes in the same
 * way: it makes the task running.
 */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/stat.h>
#include <linux/srcu.h>
#include <linux/task_work.h>
#include "internal.h"

__thread struct task_struct *shim_task;
__thread int shim_atomic_depth, shim_irqs_off, shim_in_irq;
int shim_fence_word;

static pthread_mutex_t task_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t task_once = PTHREAD_ONCE_INIT;
static pthread_key_t task_key;
static struct task_struct *task_free;
static unsigned int nr_tasks;

static void task_exit(void *arg)
{
	struct task_struct *t = arg;

	shim_run_task_works();
	shim_task = NULL;
	pthread_mutex_lock(&task_lock);
	t->next_free = task_free;
	task_free = t;
	pthread_mutex_unlock(&task_lock);
}

static void task_key_create(void)
{
	pthread_key_create(&task_key, task_exit);
}

static struct task_struct *task_slot(void)
{
	struct task_struct *t;

	pthread_mutex_lock(&task_lock);
	t = task_free;
	if (t) {
		task_free = t->next_free;
	} else {
		t = calloc(1, sizeof(*t));
		t->slot = nr_tasks++;
	}
	pthread_mutex_unlock(&task_lock);
	if (t->slot >= SHIM_MAX_TASKS)
		shim_bug(SHIM_SITE, "more than %d threads", SHIM_MAX_TASKS);
	return t;
}

struct task_struct *shim_task_new(void)
{
	struct task_struct *t;

	pthread_once(&task_once, task_key_create);
	t = task_slot();
	WRITE_ONCE(t->__state, TASK_RUNNING);
	t->flags = 0;
	t->in_kernel = 0;
	t->sigpending = 0;
	t->sigkill = 0;
	t->pid = syscall(SYS_gettid);
	t->tgid = getpid();
	prctl(PR_GET_NAME, t->comm);
	t->mm = &shim_mm;
	t->active_mm = &shim_mm;
	t->group_leader = t;
	t->works = NULL;
	t->fail_nth = 0;
	t->kthread = NULL;
	t->regs = &t->no_regs;
	t->user_jmp = NULL;
	shim_task = t;
	pthread_setspecific(task_key, t);
	return t;
}

void shim_set_mm(struct mm_struct *mm)
{
	current->mm = mm ?: &shim_mm;
}

static void deadline_to_timespec(u64 deadline, struct timespec *ts)
{
	ts->tv_sec = deadline / NSEC_PER_SEC;
	ts->tv_nsec = deadline % NSEC_PER_SEC;
}

int shim_futex_wait(unsigned int *word, unsigned int val, u64 deadline)
{
	struct timespec ts;
	bool bounded = false;
	long ret;

#ifdef SHIM_TSAN
	/* TSan keeps signals back until it sees a call that it knows. */
	u64 soon = ktime_get_ns() + 5 * NSEC_PER_MSEC;

	if (!deadline || soon < deadline) {
		deadline = soon;
		bounded = true;
	}
#endif
	deadline_to_timespec(deadline, &ts);
	ret = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, val, deadline ? &ts : NULL,
		      NULL, FUTEX_BITSET_MATCH_ANY);
	ret = ret < 0 ? -errno : 0;
	if (bounded) {
		usleep(0);
		if (ret == -ETIMEDOUT)
			ret = 0;
	}
	return ret;
}

void shim_futex_wake(unsigned int *word, int nr)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, nr, NULL, NULL, 0);
}

void shim_might_sleep(const char *site)
{
	if (unlikely(shim_atomic_depth || shim_irqs_off))
		shim_warn(site, "sleeping function called from atomic context");
#ifdef SHIM_DEBUG
	if (current->__state != TASK_RUNNING)
		shim_warn(site, "blocking while the task is not running");
#endif
}

bool shim_schedule_until(u64 deadline)
{
	struct task_struct *t = current;
	unsigned int state = __atomic_load_n(&t->__state, __ATOMIC_ACQUIRE);
	bool woken = true;

	if (shim_atomic_depth || shim_irqs_off)
		shim_warn(SHIM_SITE, "scheduling while atomic");
	if (state == TASK_RUNNING)
		sched_yield();
	while (state != TASK_RUNNING && !signal_pending_state(state, t)) {
		if (shim_futex_wait(&t->__state, state, deadline) == -ETIMEDOUT) {
			woken = false;
			break;
		}
		state = __atomic_load_n(&t->__state, __ATOMIC_ACQUIRE);
	}
	__atomic_store_n(&t->__state, TASK_RUNNING, __ATOMIC_RELEASE);
	return woken;
}

void schedule(void)
{
	shim_schedule_until(0);
}

long schedule_timeout(long timeout)
{
	u64 end;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	end = ktime_get_ns() + jiffies_to_nsecs(max(timeout, 0L));
	if (!shim_schedule_until(end))
		return 0;
	return max_t(s64, end - ktime_get_ns(), 0) / NSEC_PER_MSEC;
}

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

int wake_up_state(struct task_struct *t, unsigned int state)
{
	unsigned int old;

	smp_mb();	/* the condition before the look at the sleeper; pairs with set_current_state() */
	old = __atomic_load_n(&t->__state, __ATOMIC_ACQUIRE);
	while (old & state) {
		if (__atomic_compare_exchange_n(&t->__state, &old, TASK_RUNNING, 0,
						__ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) {
			shim_futex_wake(&t->__state, INT_MAX);
			return 1;
		}
	}
	return 0;
}

int wake_up_process(struct task_struct *t)
{
	return wake_up_state(t, TASK_NORMAL);
}

void yield(void)
{
	sched_yield();
}

int yield_to(struct task_struct *t, bool preempt)
{
	shim_might_sleep(SHIM_SITE);
	sched_yield();
	return 1;
}

void shim_delay_ns(u64 ns)
{
	struct timespec ts = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };

	nanosleep(&ts, NULL);
}

unsigned long msleep_interruptible(unsigned int ms)
{
	return schedule_timeout_interruptible(ms);
}

int shim_cpu(void)
{
	int cpu = sched_getcpu();

	return cpu < 0 ? 0 : cpu;
}

bool shim_single_task;

unsigned int num_online_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

unsigned long rlimit(unsigned int limit)
{
	struct rlimit lim;

	return getrlimit(limit, &lim) ? RLIM_INFINITY : lim.rlim_cur;
}

/* Signals */

static void task_signal(struct task_struct *t)
{
	WRITE_ONCE(t->sigpending, 1);
	wake_up_state(t, TASK_INTERRUPTIBLE | (READ_ONCE(t->sigkill) ? TASK_WAKEKILL : 0));
}

void shim_signal(struct task_struct *t, bool fatal)
{
	if (fatal)
		WRITE_ONCE(t->sigkill, 1);
	task_signal(t);
}

void shim_signal_clear(void)
{
	WRITE_ONCE(current->sigpending, 0);
	WRITE_ONCE(current->sigkill, 0);
}

static struct sigaction user_action[_NSIG];

static void user_handler(int sig, siginfo_t *info, void *uc)
{
	struct sigaction *sa = &user_action[sig];

	if (sa->sa_flags & SA_SIGINFO)
		sa->sa_sigaction(sig, info, uc);
	else
		sa->sa_handler(sig);
}

/*
 * A handler of the program's runs: if the thread is in a system call, that is
 * interrupted. The handler itself is not in it.
 */
static void signal_trampoline(int sig, siginfo_t *info, void *uc)
{
	struct task_struct *t = shim_task;
	unsigned int depth = t ? READ_ONCE(t->in_kernel) : 0;
	int saved = errno;

	if (!depth) {
		user_handler(sig, info, uc);
		return;
	}
	task_signal(t);
	errno = saved;
	WRITE_ONCE(t->in_kernel, 0);
	WRITE_ONCE(t->sigpending, 0);
	user_handler(sig, info, uc);
	WRITE_ONCE(t->in_kernel, depth);
	WRITE_ONCE(t->sigpending, 1);
}

int __wrap_sigaction(int sig, const struct sigaction *sa, struct sigaction *old);
typedef void (*shim_sighandler)(int sig);
shim_sighandler __wrap_signal(int sig, shim_sighandler fn);

static bool signal_is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE || sig == SIGTRAP;
}

/* The link wraps sigaction() and signal(): see signal_trampoline(). */
int __wrap_sigaction(int sig, const struct sigaction *sa, struct sigaction *old)
{
	struct sigaction mine, prev;
	int ret;

	if (sig <= 0 || sig >= _NSIG || signal_is_fault(sig))
		return shim_fault_sigaction(sig, sa, old);
	prev = user_action[sig];
	if (sa && sa->sa_handler != SIG_DFL && sa->sa_handler != SIG_IGN) {
		user_action[sig] = *sa;
		mine = *sa;
		mine.sa_sigaction = signal_trampoline;
		mine.sa_flags |= SA_SIGINFO;
		sa = &mine;
	}
	ret = __real_sigaction(sig, sa, old);
	if (!ret && old && old->sa_sigaction == signal_trampoline)
		*old = prev;
	return ret;
}

shim_sighandler __wrap_signal(int sig, shim_sighandler fn)
{
	struct sigaction sa = { .sa_handler = fn, .sa_flags = SA_RESTART }, old;

	return __wrap_sigaction(sig, &sa, &old) ? SIG_ERR : old.sa_handler;
}

void shim_enter(void)
{
	WRITE_ONCE(current->in_kernel, current->in_kernel + 1);
}

void shim_leave(void)
{
	struct task_struct *t = current;

	shim_run_task_works();
	if (shim_atomic_depth || shim_irqs_off)
		shim_bug(SHIM_SITE, "system call left with a lock held");
	if (t->rcu_nest)
		shim_bug(SHIM_SITE, "system call left within rcu_read_lock()");
	WRITE_ONCE(t->in_kernel, t->in_kernel - 1);
	if (!t->in_kernel)
		WRITE_ONCE(t->sigpending, 0);
}

/* Task works */

int task_work_add(struct task_struct *t, struct callback_head *head,
		  enum task_work_notify_mode mode)
{
	struct callback_head *first = READ_ONCE(t->works);

	do {
		head->next = first;
	} while (!try_cmpxchg(&t->works, &first, head));
	if (mode == TWA_SIGNAL)
		task_signal(t);
	return 0;
}

struct callback_head *task_work_cancel(struct task_struct *t, task_work_func_t fn)
{
	struct callback_head *list = xchg(&t->works, NULL), *found = NULL, *next;

	for (; list; list = next) {
		next = list->next;
		if (!found && list->func == fn)
			found = list;
		else
			task_work_add(t, list, TWA_NONE);
	}
	return found;
}

void shim_run_task_works(void)
{
	struct task_struct *t = shim_task;
	struct callback_head *list, *next;

	if (!t)
		return;
	while ((list = xchg(&t->works, NULL))) {
		for (; list; list = next) {
			next = list->next;
			list->func(list);
		}
	}
}

/* Threads of the shim */

struct thread_start {
	void *(*fn)(void *arg);
	void *arg;
	char name[TASK_COMM_LEN];
};

static void *thread_main(void *arg)
{
	struct thread_start start = *(struct thread_start *)arg;

	free(arg);
	prctl(PR_SET_NAME, start.name);
	prctl(PR_SET_TIMERSLACK, 1);
	current->mm = NULL;
	current->flags |= PF_KTHREAD;
	return start.fn(start.arg);
}

int shim_thread(void *(*fn)(void *arg), void *arg, const char *name)
{
	struct thread_start *start = calloc(1, sizeof(*start));
	sigset_t all, old;
	pthread_t thread;
	int ret;

	start->fn = fn;
	start->arg = arg;
	strncpy(start->name, name, sizeof(start->name) - 1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(&thread, NULL, thread_main, start);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (ret)
		free(start);
	else
		pthread_detach(thread);
	return -ret;
}
