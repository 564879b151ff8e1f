// SPDX-License-Identifier: GPL-2.0
/*
 * Test of the shim itself: that what the module's tests rest on does what the
 * kernel's interfaces promise. Output: TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/anon_inodes.h>
#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcuwait.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <shim/shim.h>
#include <shim/tap.h>
#include "../shim/mmap.h"

#define MS	1000000ULL

static pthread_t start(void *(*fn)(void *arg), void *arg)
{
	pthread_t t;

	if (pthread_create(&t, NULL, fn, arg))
		abort();
	return t;
}

/* SRCU: a reader never sees memory that was freed after a grace period */

#define READERS	4
#define ROUNDS	200

struct item {
	unsigned long magic;
	struct rcu_head rcu;
};

static struct srcu_struct srcu;
static struct item __rcu *item;
static int stop_readers;
static atomic_t nr_freed;

static struct item *item_new(void)
{
	struct item *i = kzalloc(sizeof(*i), GFP_KERNEL);

	i->magic = 42;
	return i;
}

static void item_free(struct rcu_head *head)
{
	struct item *i = container_of(head, struct item, rcu);

	i->magic = 0;
	kfree(i);
	atomic_inc(&nr_freed);
}

static void *reader(void *arg)
{
	unsigned long *bad = arg;

	while (!READ_ONCE(stop_readers)) {
		int idx = srcu_read_lock(&srcu);
		struct item *i = srcu_dereference(item, &srcu);

		if (i->magic != 42)
			(*bad)++;
		srcu_read_unlock(&srcu, idx);
	}
	return NULL;
}

static void replace_item(unsigned int n)
{
	struct item *old = rcu_replace_pointer(item, item_new(), 1);

	if (n % 2) {
		synchronize_srcu(&srcu);
		item_free(&old->rcu);
	} else {
		call_srcu(&srcu, &old->rcu, item_free);
	}
}

static void test_srcu(void)
{
	unsigned long bad[READERS] = { };
	pthread_t t[READERS];
	unsigned int i;

	ok_eq(init_srcu_struct(&srcu), 0, "init_srcu_struct()");
	item = item_new();
	for (i = 0; i < READERS; i++)
		t[i] = start(reader, &bad[i]);
	for (i = 0; i < ROUNDS; i++)
		replace_item(i);
	srcu_barrier(&srcu);
	ok_eq(atomic_read(&nr_freed), ROUNDS, "srcu_barrier() waits for all callbacks");
	WRITE_ONCE(stop_readers, 1);
	for (i = 0; i < READERS; i++) {
		pthread_join(t[i], NULL);
		ok_eq(bad[i], 0, "no reader saw freed memory");
	}
	kfree(item);
	cleanup_srcu_struct(&srcu);
}

static void *slow_reader(void *arg)
{
	struct completion *inside = arg;
	int idx = srcu_read_lock(&srcu);

	complete(inside);
	msleep(30);
	srcu_read_unlock(&srcu, idx);
	return NULL;
}

static void test_srcu_waits(void)
{
	DECLARE_COMPLETION(inside);
	pthread_t t;
	u64 begin;

	init_srcu_struct(&srcu);
	t = start(slow_reader, &inside);
	wait_for_completion(&inside);
	begin = ktime_get_ns();
	synchronize_srcu(&srcu);
	ok(ktime_get_ns() - begin > 10 * MS, "synchronize_srcu() waits for a reader");
	pthread_join(t, NULL);
	cleanup_srcu_struct(&srcu);
}

static void test_rcu(void)
{
	struct item *i = item_new();

	rcu_read_lock();
	ok(rcu_read_lock_held(), "rcu_read_lock() is known to be held");
	kfree_rcu(i, rcu);
	ok_eq(READ_ONCE(i->magic), 42, "kfree_rcu() waits for the reader");
	rcu_read_unlock();
	rcu_barrier();
	ok(!rcu_read_lock_held(), "rcu_read_unlock()");
}

/* Timers */

struct ticker {
	struct hrtimer timer;
	atomic_t n;
	int in_irq;
};

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct ticker *t = container_of(timer, struct ticker, timer);

	WRITE_ONCE(t->in_irq, in_hardirq());
	atomic_inc(&t->n);
	hrtimer_forward_now(timer, ns_to_ktime(2 * MS));
	return HRTIMER_RESTART;
}

static enum hrtimer_restart once(struct hrtimer *timer)
{
	atomic_inc(&container_of(timer, struct ticker, timer)->n);
	return HRTIMER_NORESTART;
}

static void test_timer_periodic(void)
{
	struct ticker t = { };

	hrtimer_setup(&t.timer, tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&t.timer, ns_to_ktime(2 * MS), HRTIMER_MODE_REL);
	for (int i = 0; i < 5000 && atomic_read(&t.n) < 3; i++)
		msleep(1);
	ok(hrtimer_active(&t.timer), "a periodic timer is active");
	hrtimer_cancel(&t.timer);
	ok(atomic_read(&t.n) >= 3, "it ran %d times", atomic_read(&t.n));
	ok(READ_ONCE(t.in_irq), "its callback is in interrupt");
	ok(!hrtimer_active(&t.timer), "hrtimer_cancel() ends it");
}

static void test_timer_once(void)
{
	struct ticker t = { };

	hrtimer_setup(&t.timer, once, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	ok_eq(hrtimer_cancel(&t.timer), 0, "cancelling a timer that is not started");
	hrtimer_start(&t.timer, ktime_add_ns(ktime_get(), 5000 * MS), HRTIMER_MODE_ABS);
	ok_eq(hrtimer_try_to_cancel(&t.timer), 1, "cancelling one that waits");
	hrtimer_start(&t.timer, ktime_add_ns(ktime_get(), 5000 * MS), HRTIMER_MODE_ABS);
	hrtimer_start(&t.timer, ktime_get(), HRTIMER_MODE_ABS);
	for (int i = 0; i < 4000 && !atomic_read(&t.n); i++)
		msleep(1);
	ok_eq(atomic_read(&t.n), 1, "starting anew replaces the time");
	hrtimer_start(&t.timer, KTIME_MAX, HRTIMER_MODE_REL);
	ok_eq(hrtimer_cancel(&t.timer), 1, "the end of time is in the future");
}

/* Sleeping, waking, signals */

static DECLARE_WAIT_QUEUE_HEAD(wq);
static int ready;

static void *waker(void *arg)
{
	msleep(10);
	WRITE_ONCE(ready, 1);
	wake_up(&wq);
	return NULL;
}

static void test_wait(void)
{
	pthread_t t;
	long left;

	t = start(waker, NULL);
	ok_eq(wait_event_interruptible(wq, READ_ONCE(ready)), 0, "wait_event_interruptible()");
	pthread_join(t, NULL);
	ready = 0;
	ok_eq(wait_event_timeout(wq, READ_ONCE(ready), msecs_to_jiffies(10)), 0,
	      "wait_event_timeout() times out");
	t = start(waker, NULL);
	left = wait_event_timeout(wq, READ_ONCE(ready), msecs_to_jiffies(5000));
	ok(left > 0 && left <= 5000, "wait_event_timeout() is woken");
	pthread_join(t, NULL);
}

struct sleeper {
	struct completion entered;
	int ret, pending, after;
};

static void *sleeper(void *arg)
{
	struct sleeper *s = arg;

	shim_enter();
	complete(&s->entered);
	s->ret = wait_event_interruptible(wq, false);
	s->pending = signal_pending(current);
	shim_leave();
	s->after = signal_pending(current);
	return NULL;
}

static void nothing(int sig)
{
}

static void test_signal(void)
{
	struct sigaction sa = { .sa_handler = nothing }, old;
	struct sleeper s = { };
	pthread_t t;

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR1, NULL, &old);
	ok(old.sa_handler == nothing, "sigaction() tells the program's handler");
	init_completion(&s.entered);
	t = start(sleeper, &s);
	wait_for_completion(&s.entered);
	pthread_kill(t, SIGUSR1);
	pthread_join(t, NULL);
	ok_eq(s.ret, -ERESTARTSYS, "a signal ends an interruptible wait");
	ok(s.pending && !s.after, "it is pending till the system call ends");
	raise(SIGUSR1);
	ok(!signal_pending(current), "outside of a system call none is");
}

struct rw {
	struct rcuwait w;
	int flag;
};

static void *rcuwaiter(void *arg)
{
	struct rw *r = arg;

	rcuwait_wait_event(&r->w, READ_ONCE(r->flag), TASK_INTERRUPTIBLE);
	return NULL;
}

static void test_rcuwait(void)
{
	struct rw r = { };
	pthread_t t;

	rcuwait_init(&r.w);
	t = start(rcuwaiter, &r);
	msleep(5);
	WRITE_ONCE(r.flag, 1);
	rcuwait_wake_up(&r.w);
	pthread_join(t, NULL);
	ok(!rcuwait_active(&r.w), "rcuwait");
}

/* Locks */

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spin);
static struct rw_semaphore sem;
static long counted[3];

static void *locker(void *arg)
{
	int i;

	for (i = 0; i < 5000; i++) {
		mutex_lock(&mutex);
		counted[0]++;
		mutex_unlock(&mutex);
		spin_lock(&spin);
		counted[1]++;
		spin_unlock(&spin);
		down_write(&sem);
		counted[2]++;
		up_write(&sem);
		down_read(&sem);
		up_read(&sem);
	}
	return NULL;
}

static void *interrupted_locker(void *arg)
{
	struct sleeper *s = arg;

	shim_enter();
	complete(&s->entered);
	s->ret = mutex_lock_interruptible(&mutex);
	shim_leave();
	return NULL;
}

static void test_locks(void)
{
	struct sleeper s = { };
	pthread_t t[READERS];
	int i;

	init_rwsem(&sem);
	for (i = 0; i < READERS; i++)
		t[i] = start(locker, NULL);
	for (i = 0; i < READERS; i++)
		pthread_join(t[i], NULL);
	for (i = 0; i < 3; i++)
		ok_eq(counted[i], READERS * 5000, "a lock excludes");
	mutex_lock(&mutex);
	ok(lockdep_is_held(&mutex) && !lockdep_is_held(&spin), "who holds a lock is known");
	ok(!mutex_trylock(&mutex), "mutex_trylock() of a held one");
	init_completion(&s.entered);
	t[0] = start(interrupted_locker, &s);
	wait_for_completion(&s.entered);
	pthread_kill(t[0], SIGUSR1);
	pthread_join(t[0], NULL);
	ok_eq(s.ret, -EINTR, "a signal ends mutex_lock_interruptible()");
	mutex_unlock(&mutex);
}

static void test_checks(void)
{
	shim_warn_count(true);
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
	ok_eq(shim_warn_count(true), 1, "sleeping with a spinlock held is noticed");
	lockdep_assert_held(&mutex);
	ok_eq(shim_warn_count(false), 1, "lockdep_assert_held() looks");
}

/* Work and threads */

struct job {
	struct work_struct work;
	struct delayed_work dwork;
	atomic_t n;
};

static void do_job(struct work_struct *work)
{
	msleep(2);
	atomic_inc(&container_of(work, struct job, work)->n);
}

static void do_delayed(struct work_struct *work)
{
	atomic_inc(&container_of(to_delayed_work(work), struct job, dwork)->n);
}

static int kthread_fn(void *data)
{
	atomic_t *n = data;

	while (!kthread_should_stop()) {
		atomic_inc(n);
		msleep(1);
	}
	return 7;
}

static void test_work(void)
{
	struct workqueue_struct *q = alloc_workqueue("test", WQ_UNBOUND, 0);
	struct task_struct *k;
	struct job job = { };
	atomic_t n = ATOMIC_INIT(0);

	INIT_WORK(&job.work, do_job);
	INIT_DELAYED_WORK(&job.dwork, do_delayed);
	ok(queue_work(q, &job.work), "queue_work()");
	flush_work(&job.work);
	ok_eq(atomic_read(&job.n), 1, "flush_work() waits");
	queue_work(q, &job.work);
	flush_workqueue(q);
	ok_eq(atomic_read(&job.n), 2, "flush_workqueue() waits");
	queue_delayed_work(q, &job.dwork, msecs_to_jiffies(10000));
	ok(cancel_delayed_work_sync(&job.dwork), "delayed work is cancelled");
	queue_work(q, &job.work);
	destroy_workqueue(q);
	ok_eq(atomic_read(&job.n), 3, "destroy_workqueue() finishes what is queued");
	k = kthread_run(kthread_fn, &n, "test");
	for (int i = 0; i < 5000 && !atomic_read(&n); i++)
		msleep(1);
	ok_eq(kthread_stop(k), 7, "kthread_stop() gives the thread's result");
	ok(atomic_read(&n) > 0, "the thread ran");
}

/* User memory */

static void test_uaccess(void)
{
	char *page = mmap(NULL, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char buf[64] = "x";
	u32 v = 5;

	munmap(page + PAGE_SIZE, PAGE_SIZE);
	strcpy(page, "hello");
	ok(!copy_from_user(buf, page, 6) && !strcmp(buf, "hello"), "copy_from_user()");
	ok_eq(copy_from_user(buf, NULL, 8), 8, "copy_from_user() from NULL");
	ok_eq(buf[0], 0, "what is not copied is zero");
	ok_eq(copy_from_user(buf, page + PAGE_SIZE - 16, 64), 48, "copy_from_user() across the end");
	ok_eq(copy_to_user((void *)-8192, buf, 8), 8, "copy_to_user() to a kernel address");
	ok_eq(put_user(v, (u32 *)8), -EFAULT, "put_user() to a bad address");
	ok_eq(get_user(v, (u32 *)page), 0, "get_user()");
	ok_eq(clear_user(page, 3), 0, "clear_user()");
	ok(!page[2] && page[3] == 'l', "clear_user() clears so much");
	mprotect(page, PAGE_SIZE, PROT_READ);
	ok_eq(copy_to_user(page, buf, 4), 4, "copy_to_user() to read-only memory");
	munmap(page, PAGE_SIZE);
}

static void test_pin(void)
{
	unsigned long p = (unsigned long)mmap(NULL, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE,
					      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct page *pages[4];

	munmap((void *)p + 2 * PAGE_SIZE, 2 * PAGE_SIZE);
	ok_eq(pin_user_pages_fast(p, 4, FOLL_WRITE | FOLL_LONGTERM, pages), 2, "pins what is there");
	ok((unsigned long)page_address(pages[1]) == p + PAGE_SIZE, "a page is the memory itself");
	unpin_user_pages(pages, 2);
	mprotect((void *)p, PAGE_SIZE, PROT_READ);
	ok_eq(pin_user_pages_fast(p, 1, FOLL_WRITE, pages), -EFAULT, "no writing to read-only memory");
	ok_eq(pin_user_pages_fast(p, 1, 0, pages), 1, "but reading");
	unpin_user_page(pages[0]);
	ok_eq(pin_user_pages_fast(0, 1, 0, pages), -EFAULT, "nothing is at 0");
	munmap((void *)p, 2 * PAGE_SIZE);
}

/* Files and mappings */

static int nr_released;

static int test_release(struct inode *inode, struct file *file)
{
	nr_released++;
	return 0;
}

static vm_fault_t test_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff >= 2)
		return VM_FAULT_SIGBUS;
	vmf->page = virt_to_page(vmf->vma->vm_private_data + vmf->pgoff * PAGE_SIZE);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct test_vm_ops = { .fault = test_fault };

static int test_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma_pages(vma) > 3)
		return -EINVAL;
	vma->vm_ops = &test_vm_ops;
	vma->vm_private_data = file->private_data;
	return 0;
}

static const struct file_operations test_fops = {
	.owner = THIS_MODULE, .release = test_release, .mmap = test_mmap,
};

static void test_files(void)
{
	char *pages = (char *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, 1), *map;
	struct file *file;
	int fd;

	fd = anon_inode_getfd("test", &test_fops, pages, O_RDWR | O_CLOEXEC);
	ok(fd >= 0, "anon_inode_getfd()");
	file = fget(fd);
	ok(file && file->f_op == &test_fops && file->private_data == pages, "fget()");
	map = shim_mmap(file, 3 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	ok(!IS_ERR(map), "mmap");
	map[5] = 1;
	map[PAGE_SIZE] = 2;
	ok(pages[5] == 1 && pages[PAGE_SIZE] == 2, "what is mapped are the same pages");
	ok_eq(copy_to_user(map + 2 * PAGE_SIZE, "x", 1), 1, "where there is no page is none");
	ok_eq(PTR_ERR(shim_mmap(file, 4 * PAGE_SIZE, PROT_READ, MAP_SHARED, 0)), -EINVAL,
	      "mmap that is refused");
	fput(file);
	close(fd);
	ok_eq(nr_released, 0, "the mapping holds the file");
	free_pages((unsigned long)pages, 1);
	map[6] = 3;
	ok_eq(shim_munmap(map, 3 * PAGE_SIZE), 0, "munmap");
	ok_eq(nr_released, 1, "then it is released");
	ok(!fget(fd), "fget() of a closed descriptor");
}

/* Eventfds: the wait queue function gets writes and the hang-up */

struct irqfd {
	struct eventfd_ctx *ctx;
	poll_table pt;
	wait_queue_entry_t wait;
	wait_queue_head_t *wqh;
	atomic64_t sum;
	atomic_t hup;
};

static int irqfd_wake(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	struct irqfd *i = container_of(wait, struct irqfd, wait);
	u64 cnt;

	if (key_to_poll(key) & EPOLLIN) {
		eventfd_ctx_do_read(i->ctx, &cnt);
		atomic64_add(cnt, &i->sum);
	}
	if (key_to_poll(key) & EPOLLHUP)
		atomic_inc(&i->hup);
	return 0;
}

static void irqfd_queue(struct file *file, wait_queue_head_t *wqh, poll_table *pt)
{
	struct irqfd *i = container_of(pt, struct irqfd, pt);

	i->wqh = wqh;
	add_wait_queue_priority(wqh, &i->wait);
}

static bool soon(atomic64_t *v, s64 want)
{
	int i;

	for (i = 0; i < 1000 && atomic64_read(v) != want; i++)
		msleep(1);
	return atomic64_read(v) == want;
}

static void test_eventfd(void)
{
	int fd = eventfd(0, EFD_CLOEXEC), dup_fd = dup(fd);
	struct eventfd_ctx *again;
	struct irqfd i = { };
	struct fd f;
	u64 cnt = 3;

	f = fdget(fd);
	i.ctx = eventfd_ctx_fileget(fd_file(f));
	ok(!IS_ERR(i.ctx), "eventfd_ctx_fileget()");
	again = eventfd_ctx_fdget(dup_fd);
	ok(again == i.ctx, "a duplicate has the same context");
	eventfd_ctx_put(again);
	ok_eq(PTR_ERR_OR_ZERO(eventfd_ctx_fdget(1)), -EINVAL, "what is no eventfd has none");
	ok_eq(PTR_ERR_OR_ZERO(eventfd_ctx_fdget(9999)), -EBADF, "nor has what is not open");

	init_waitqueue_func_entry(&i.wait, irqfd_wake);
	init_poll_funcptr(&i.pt, irqfd_queue);
	ok(!(vfs_poll(fd_file(f), &i.pt) & EPOLLIN), "vfs_poll(): nothing there yet");
	fdput(f);
	ok_eq(write(fd, &cnt, 8), 8, "write to the eventfd");
	ok(soon(&i.sum, 3), "comes to the wait queue");
	eventfd_signal(i.ctx);
	ok(soon(&i.sum, 4), "and so does eventfd_signal()");
	close(fd);
	ok_eq(atomic_read(&i.hup), 0, "closing one descriptor of two is no hang-up");
	close(dup_fd);
	ok_eq(atomic_read(&i.hup), 1, "closing the last is");
	eventfd_ctx_remove_wait_queue(i.ctx, &i.wait, &cnt);
	eventfd_ctx_put(i.ctx);
}

/* Failure injection and leaks */

static int allocate_three(void)
{
	void *a = kmalloc(10, GFP_KERNEL), *b, *c;
	int ret = -ENOMEM;

	if (!a)
		return ret;
	b = vzalloc(10000);
	if (!b)
		goto out_a;
	c = (void *)get_zeroed_page(GFP_KERNEL);
	if (c)
		ret = 0;
	free_page((unsigned long)c);
	vfree(b);
out_a:
	kfree(a);
	return ret;
}

static void test_fail(void)
{
	unsigned long n;
	int ret;

	for (n = 1; n < 100; n++) {
		shim_fail_nth(n);
		ret = allocate_three();
		if (!shim_fail_done())
			break;
		ok_eq(ret, -ENOMEM, "a failed allocation is told");
	}
	ok_eq(n, 4, "each of three allocations failed once");
	ok_eq(ret, 0, "then none");
}

static void test_leaks(void)
{
	void *p;

	ok_eq(shim_check_leaks(), 0, "nothing is left");
	p = kmalloc(100, GFP_KERNEL);
	freopen("/dev/null", "w", stderr);
	ok_eq(shim_check_leaks(), 1, "a leak is found");
	kfree(p);
}

static void test_xarray(void)
{
	DEFINE_XARRAY_ALLOC(xa);
	unsigned long i, sum = 0;
	DEFINE_IDA(ida);
	void *p;
	u32 id;

	xa_store(&xa, 700, xa_mk_value(7), GFP_KERNEL);
	xa_store(&xa, 5, xa_mk_value(1), GFP_KERNEL);
	ok_eq(xa_alloc(&xa, &id, xa_mk_value(2), xa_limit_32b, GFP_KERNEL), 0, "xa_alloc()");
	ok_eq(id, 0, "the lowest that is free");
	xa_for_each(&xa, i, p)
		sum += i + xa_to_value(p);
	ok_eq(sum, 705 + 10, "xa_for_each()");
	ok(xa_to_value(xa_erase(&xa, 5)) == 1 && !xa_load(&xa, 5), "xa_erase()");
	xa_destroy(&xa);
	ok_eq(ida_alloc(&ida, GFP_KERNEL), 0, "ida_alloc()");
	ok_eq(ida_alloc(&ida, GFP_KERNEL), 1, "ida_alloc() again");
	ida_free(&ida, 0);
	ok_eq(ida_alloc(&ida, GFP_KERNEL), 0, "ida_free()");
	ida_destroy(&ida);
}

static void test_library(void)
{
	unsigned long map[3] = { };
	unsigned int bit, sum = 0;
	u32 v;

	bitmap_set(map, 60, 10);
	ok_eq(bitmap_weight(map, 192), 10, "bitmap_set()");
	for_each_set_bit(bit, map, 66)
		sum += bit;
	ok_eq(sum, 60 + 61 + 62 + 63 + 64 + 65, "for_each_set_bit()");
	ok_eq(find_next_zero_bit(map, 192, 60), 70, "find_next_zero_bit()");
	ok_eq(kstrtouint("12x", 0, &v), -EINVAL, "kstrtouint() of a bad number");
	ok_eq(kstrtouint("4294967296", 0, &v), -ERANGE, "kstrtouint() of a large one");
	ok(!kstrtouint("0x10\n", 0, &v) && v == 16, "kstrtouint()");

	ok_eq(size_mul(SIZE_MAX, 2), SIZE_MAX, "size_mul() saturates");
	ok_eq(min(3, 5) + max(3ul, 5ul) + clamp(9, 1, 4), 12, "min(), max(), clamp()");
	ok_eq(round_up(5, 4) + roundup(5, 3) + ALIGN(9, 8), 8 + 6 + 16, "rounding");
	ok_eq(fls64(0) + fls64(1) + fls64(~0ULL), 65, "fls64()");
	ok_eq(mul_u64_u64_div_u64(~0ULL, 10, 20), ~0ULL / 2, "mul_u64_u64_div_u64()");
}

int main(void)
{
	test_library();
	test_xarray();
	test_srcu();
	test_srcu_waits();
	test_rcu();
	test_timer_periodic();
	test_timer_once();
	test_wait();
	test_signal();
	test_rcuwait();
	test_locks();
	test_checks();
	test_work();
	test_uaccess();
	test_pin();
	test_files();
	test_eventfd();
	test_fail();
	test_leaks();
	return tap_done();
}
