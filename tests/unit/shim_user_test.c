// SPDX-License-Identifier: GPL-2.0
/*
 * Test of the shim's user mode: a toy module whose ioctl returns into code
 * that it has mapped, and which answers the page faults of that code. Output: TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/anon_inodes.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <shim/shim.h>
#include <shim/tap.h>
#include "../../user/sys.h"
#include "../shim/mmap.h"

#define WINDOW_SIZE	(1UL << 38)
#define CODE_OFF	0UL		/* places in the file that is mapped */
#define WINDOW_OFF	(1UL << 40)
#define DATA_OFF	(2UL << 40)
#define RAM_PAGES	4
#define STRIDE		(2 * PAGE_SIZE)	/* of PROG_STRIDE */

/* Programs, as functions of rdi, rsi, rdx; 32 bytes each */
enum { PROG_LOAD, PROG_STORE, PROG_TAIL, PROG_SPIN, PROG_STRIDE, NR_PROGS };

static const u8 progs[NR_PROGS][32] = {
	/* mov rax, [rsi]; mov [rdi], rax; ret */
	[PROG_LOAD] = { 0x48, 0x8b, 0x06, 0x48, 0x89, 0x07, 0xc3 },
	/* mov [rsi], rdx; ret */
	[PROG_STORE] = { 0x48, 0x89, 0x16, 0xc3 },
	/* mov [rdi], rax; ret: where faults are redirected to */
	[PROG_TAIL] = { 0x48, 0x89, 0x07, 0xc3 },
	/* mov rax, [rdi]; test rax, rax; jz back; ret */
	[PROG_SPIN] = { 0x48, 0x8b, 0x07, 0x48, 0x85, 0xc0, 0x74, 0xf8, 0xc3 },
	/* mov rax, [rsi]; add rsi, STRIDE; dec rdx; jnz back; ret */
	[PROG_STRIDE] = { 0x48, 0x8b, 0x06, 0x48, 0x81, 0xc6, 0, 0x20, 0, 0,
			  0x48, 0xff, 0xca, 0x75, 0xf1, 0xc3 },
};

enum { TOY_RUN = 1, TOY_MAP = 2 };

struct toy_run {
	unsigned long prog, di, si, dx;
	int again;		/* times that the program is entered anew */
};

/* How faults are answered, and how many were since reset() */
struct toy_how {
	bool retry, read_only, redirect, give_up, refuse_write, same;
	int nr_faults, nr_retries, nr_mkwrite;
};

static struct toy {
	int fd;
	struct file *file;		/* what is mapped */
	struct address_space mapping;
	struct page *code;
	void *data;			/* vmalloc() */
	u8 *ram;			/* user memory, pinned */
	struct page *pages[RAM_PAGES];
	unsigned long code_at, window, data_at;

	struct toy_how how;
	int nr_closed;
	unsigned int flags;		/* of the last fault */
	unsigned long ip;
} toy;

static __thread struct toy_run toy_cur;
static __thread struct pt_regs toy_saved;

static unsigned long prog(int n)
{
	return toy.code_at + n * sizeof(progs[0]);
}

/* The module */

static vm_fault_t window_fault(struct vm_fault *vmf)
{
	const unsigned long n = vmf->pgoff - (WINDOW_OFF >> PAGE_SHIFT);
	struct pt_regs *regs = current_pt_regs();
	pgprot_t prot = vm_get_page_prot(VM_SHARED | VM_READ | (toy.how.read_only ? 0 : VM_WRITE));

	/* Several threads have faults at once. */
	__atomic_store_n(&toy.flags, vmf->flags, __ATOMIC_RELAXED);
	__atomic_store_n(&toy.ip, regs->ip, __ATOMIC_RELAXED);
	if (toy.how.redirect) {
		regs->ax = 77;
		regs->ip = prog(PROG_TAIL);
		return VM_FAULT_NOPAGE;
	}
	if (toy.how.give_up) {
		*regs = toy_saved;
		regs->ax = -EBADF;
		return VM_FAULT_NOPAGE;
	}
	if (toy.how.retry && !(vmf->flags & FAULT_FLAG_TRIED)) {
		toy.how.nr_retries++;
		mmap_read_unlock(vmf->vma->vm_mm);
		return VM_FAULT_RETRY;
	}
	return vmf_insert_pfn_prot(vmf->vma, vmf->address,
				   page_to_pfn(toy.pages[toy.how.same ? 0 : n % RAM_PAGES]), prot);
}

static vm_fault_t toy_fault(struct vm_fault *vmf)
{
	void *page = toy.code;

	__atomic_fetch_add(&toy.how.nr_faults, 1, __ATOMIC_RELAXED);
	if (vmf->vma->vm_flags & VM_PFNMAP)
		return window_fault(vmf);
	if (vmf->pgoff >= DATA_OFF >> PAGE_SHIFT)
		page = toy.data + ((vmf->pgoff << PAGE_SHIFT) - DATA_OFF);
	vmf->page = page == toy.code ? page : vmalloc_to_page(page);
	get_page(vmf->page);
	return 0;
}

static vm_fault_t toy_mkwrite(struct vm_fault *vmf)
{
	toy.how.nr_mkwrite++;
	if (!toy.how.refuse_write)
		return 0;
	current_pt_regs()->ip = prog(PROG_TAIL);
	current_pt_regs()->ax = 88;
	return VM_FAULT_NOPAGE;
}

static void toy_close(struct vm_area_struct *vma)
{
	toy.nr_closed++;
}

static const struct vm_operations_struct plain_ops = { .fault = toy_fault, .close = toy_close };
static const struct vm_operations_struct notify_ops = {
	.fault = toy_fault, .close = toy_close, .pfn_mkwrite = toy_mkwrite,
};

static bool notify;

static int map_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = notify ? &notify_ops : &plain_ops;
	if (vma->vm_pgoff >= DATA_OFF >> PAGE_SHIFT)
		return 0;
	if (vma->vm_pgoff >= WINDOW_OFF >> PAGE_SHIFT)
		vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTCOPY);
	else
		vm_flags_mod(vma, VM_EXEC | VM_DONTCOPY, VM_MAYWRITE);
	return 0;
}

static const struct file_operations map_fops = { .owner = THIS_MODULE, .mmap = map_mmap };

static void toy_enter(void)
{
	struct pt_regs *regs = task_pt_regs(current);

	regs->ip = prog(toy_cur.prog);
	regs->di = toy_cur.di;
	regs->si = toy_cur.si;
	regs->dx = toy_cur.dx;
}

static long toy_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == TOY_RUN) {
		if (copy_from_user(&toy_cur, (void __user *)arg, sizeof(toy_cur)))
			return -EFAULT;
		toy_saved = *current_pt_regs();
		toy_enter();
		return 0;
	}
	if (toy_cur.again--) {
		toy_enter();
		return 0;
	}
	*current_pt_regs() = toy_saved;
	return 1234;
}

static const struct file_operations toy_fops = {
	.owner = THIS_MODULE, .unlocked_ioctl = toy_ioctl,
};

/* The program */

static unsigned long map(unsigned long off, unsigned long len, int prot)
{
	return vm_mmap(toy.file, 0, len, prot, MAP_SHARED, off);
}

static void map_window(bool with_mkwrite)
{
	if (toy.window)
		vm_munmap(toy.window, WINDOW_SIZE);
	notify = with_mkwrite;
	toy.window = map(WINDOW_OFF, WINDOW_SIZE, PROT_READ | PROT_WRITE);
	notify = false;
}

static void setup(void)
{
	toy.fd = anon_inode_getfd("toy", &toy_fops, NULL, O_RDWR);
	toy.file = anon_inode_getfile("toy-map", &map_fops, NULL, O_RDWR);
	address_space_init_once(&toy.mapping);
	toy.file->f_mapping = &toy.mapping;
	toy.code = alloc_page(GFP_KERNEL | __GFP_ZERO);
	memcpy(page_address(toy.code), progs, sizeof(progs));
	toy.data = vmalloc(2 * PAGE_SIZE);
	memset(toy.data, 0x11, 2 * PAGE_SIZE);
	toy.ram = mmap(NULL, RAM_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(toy.ram, 0x22, RAM_PAGES * PAGE_SIZE);
	ok_eq(pin_user_pages_fast((unsigned long)toy.ram, RAM_PAGES, FOLL_WRITE, toy.pages),
	      RAM_PAGES, "user memory is pinned");
	toy.code_at = map(CODE_OFF, PAGE_SIZE, PROT_READ);
	toy.data_at = map(DATA_OFF, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE);
	map_window(false);
	ok(!IS_ERR_VALUE(toy.code_at) && !IS_ERR_VALUE(toy.data_at) &&
	   !IS_ERR_VALUE(toy.window), "vm_mmap(), of half a terabyte too");
}

static void reset(void)
{
	toy.how = (struct toy_how) { };
	unmap_mapping_range(&toy.mapping, WINDOW_OFF, WINDOW_SIZE, 1);
}

static long run(int prog, void *di, unsigned long si, unsigned long dx)
{
	struct toy_run r = { prog, (unsigned long)di, si, dx };

	return sys_ioctl(toy.fd, TOY_RUN, (unsigned long)&r);
}

static void test_enter(void)
{
	struct toy_run r;
	u64 val = 0, from = 7;

	ok_eq(run(PROG_LOAD, &val, (unsigned long)&from, 0), 1234, "an ioctl returns to code");
	ok_eq(val, 7, "which runs");
	r = (struct toy_run){ PROG_LOAD, (unsigned long)&val, (unsigned long)&from, 0, 3 };
	from = 8;
	ok_eq(sys_ioctl(toy.fd, TOY_RUN, (unsigned long)&r), 1234, "it is entered again");
	ok_eq(val, 8, "and runs again");
	ok(!current->in_kernel, "nothing of it is left");
	ok_eq(sys_ioctl(toy.fd, TOY_RUN, 0), -1, "an error is an error");
	ok_eq(errno, EFAULT, "as is its number");
}

static void test_faults(void)
{
	u64 val = 0;

	reset();
	toy.ram[PAGE_SIZE + 8] = 0x33;
	run(PROG_LOAD, &val, toy.window + PAGE_SIZE + 8, 0);
	ok_eq(val, 0x2222222222222233, "a load of what was not there");
	ok_eq(toy.how.nr_faults, 1, "is one fault");
	ok_eq(toy.ip, prog(PROG_LOAD), "whose registers are the code's");
	ok((toy.flags & FAULT_FLAG_USER) && !(toy.flags & FAULT_FLAG_WRITE), "and its flags");
	run(PROG_STORE, &val, toy.window + PAGE_SIZE, 99);
	ok_eq(toy.how.nr_faults, 1, "what is there is there");
	ok_eq(*(u64 *)(toy.ram + PAGE_SIZE), 99, "the same memory");

	unmap_mapping_range(&toy.mapping, WINDOW_OFF + PAGE_SIZE, PAGE_SIZE, 1);
	toy.how.retry = true;
	run(PROG_STORE, &val, toy.window + PAGE_SIZE, 98);
	ok_eq(toy.how.nr_faults, 3, "it was zapped and faults again; retried");
	ok_eq(toy.how.nr_retries, 1, "once");
	ok((toy.flags & FAULT_FLAG_TRIED) && (toy.flags & FAULT_FLAG_WRITE), "by these flags");
	ok_eq(*(u64 *)(toy.ram + PAGE_SIZE), 98, "then the store is done");

	reset();
	run(PROG_LOAD, &val, toy.window + WINDOW_SIZE - 8, 0);
	ok_eq(val, 0x2222222222222222, "the far end");
	unmap_mapping_range(&toy.mapping, WINDOW_OFF, WINDOW_SIZE / 2, 1);
	run(PROG_LOAD, &val, toy.window + WINDOW_SIZE - 8, 0);
	ok_eq(toy.how.nr_faults, 1, "zapping the other half leaves it");
	unmap_mapping_range(&toy.mapping, 0, 0, 1);
	run(PROG_LOAD, &val, toy.window + WINDOW_SIZE - 8, 0);
	ok_eq(toy.how.nr_faults, 3, "zapping all takes the code too");
}

static void test_redirect(void)
{
	u64 val = 0;

	reset();
	toy.how.redirect = true;
	ok_eq(run(PROG_LOAD, &val, toy.window, 0), 1234, "a fault that goes on elsewhere");
	ok_eq(val, 77, "with other registers");
	toy.how.redirect = false;
	toy.how.give_up = true;
	ok_eq(run(PROG_LOAD, &val, toy.window, 0), -1, "a fault that ends the ioctl");
	ok_eq(errno, EBADF, "with its result");
	ok(!current->in_kernel && !current->user_jmp, "nothing of it is left");
	toy.how.give_up = false;
	ok_eq(run(PROG_LOAD, &val, toy.window, 0), 1234, "and the next works");
}

static void test_read_only(void)
{
	u64 val = 0;

	reset();
	toy.how.read_only = true;
	toy.ram[0] = 0x44;
	run(PROG_LOAD, &val, toy.window, 0);
	ok_eq(val & 0xff, 0x44, "inserted for reading");
	run(PROG_STORE, &val, toy.window, 5);
	ok_eq(toy.how.nr_faults, 1, "without pfn_mkwrite a write asks nobody, as in the kernel");
	ok_eq(toy.ram[0], 5, "and is done");

	map_window(true);
	reset();
	toy.how.read_only = true;
	toy.how.refuse_write = true;
	run(PROG_LOAD, &val, toy.window, 0);
	run(PROG_STORE, &val, toy.window, 6);
	ok_eq(toy.how.nr_mkwrite, 1, "with pfn_mkwrite it is asked");
	ok(toy.ram[0] == 5 && val == 88, "and may refuse");
	toy.how.refuse_write = false;
	run(PROG_STORE, &val, toy.window, 7);
	run(PROG_STORE, &val, toy.window, 8);
	ok_eq(toy.how.nr_mkwrite, 2, "or allow it for good");
	ok_eq(toy.ram[0], 8, "then it is done");
	map_window(false);
	ok_eq(toy.nr_closed, 2, "vm_munmap() closes");
}

/* What cannot be aliased: memory that is not shared. */
static void test_private(void)
{
	void *p = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vm_area_struct *vma;
	struct page *page;
	vm_fault_t ret;

	pin_user_pages_fast((unsigned long)p, 1, FOLL_WRITE, &page);
	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, toy.window);
	ret = vmf_insert_pfn_prot(vma, toy.window + 64 * PAGE_SIZE, page_to_pfn(page),
				  vm_get_page_prot(VM_SHARED | VM_READ));
	ok_eq(ret, VM_FAULT_SIGBUS, "private memory is refused");
	ret = vmf_insert_pfn_prot(vma, toy.window + 64 * PAGE_SIZE, page_to_pfn(toy.pages[0]),
				  vm_get_page_prot(VM_SHARED | VM_READ));
	ok_eq(ret, VM_FAULT_NOPAGE, "shared memory goes there");
	ret = vmf_insert_pfn_prot(vma, toy.window + 64 * PAGE_SIZE, page_to_pfn(toy.pages[1]),
				  vm_get_page_prot(VM_SHARED | VM_READ));
	ok_eq(ret, VM_FAULT_NOPAGE, "and stays");
	mmap_read_unlock(current->mm);
	unpin_user_page(page);
	munmap(p, PAGE_SIZE);
}

/* Pages of vmalloc(), read by system calls and by code that the compiler knows. */
static void test_data(void)
{
	volatile u8 *p = (u8 *)toy.data_at;
	u8 buf[16] = { };

	toy.how.nr_faults = 0;
	ok_eq(copy_from_user(buf, (u8 *)p + PAGE_SIZE - 8, 16), 0, "copy_from_user() faults in");
	ok(buf[15] == 0x11 && toy.how.nr_faults == 2, "two pages");
	unmap_mapping_range(&toy.mapping, DATA_OFF, 1, 1);
	ok_eq(copy_to_user((u8 *)p, "x", 1), 0, "copy_to_user() faults in");
	ok(*(char *)toy.data == 'x' && toy.how.nr_faults == 3, "one");
	unmap_mapping_range(&toy.mapping, DATA_OFF, 1, 1);
	errno = 5;
	p[3] = 9;
	ok(((u8 *)toy.data)[3] == 9 && toy.how.nr_faults == 4, "so does C");
	ok_eq(errno, 5, "without a trace");
}

static void on_segv(int sig)
{
	_exit(42);
}

static void test_fork(void)
{
	struct sigaction sa = { .sa_handler = on_segv }, old, was;
	u64 val = 0;
	int status;
	pid_t pid;

	reset();
	run(PROG_LOAD, &val, toy.window, 0);
	sigaction(SIGSEGV, &sa, &old);
	sigaction(SIGSEGV, NULL, &was);
	ok(was.sa_handler == on_segv, "a handler of the program's is told");
	pid = fork();
	if (!pid) {
		run(PROG_LOAD, &val, toy.window, 0);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 42,
	   "a fork inherits nothing; the program's handler is called");
	pid = fork();
	if (!pid) {
		*(volatile char *)(toy.window + 77 * PAGE_SIZE);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 42, "nor faults");
	sigaction(SIGSEGV, &old, NULL);
}

/* A handler makes an ioctl of its own while the thread is in code. */

static u64 spin_until, nested_val;
static long nested_ret;

static void on_usr1(int sig)
{
	struct toy_run outer = toy_cur;
	struct pt_regs saved = toy_saved;

	nested_ret = run(PROG_LOAD, &nested_val, toy.window + PAGE_SIZE, 0);
	toy_cur = outer;
	toy_saved = saved;
	__atomic_store_n(&spin_until, 3, __ATOMIC_SEQ_CST);
}

static void *kicker(void *arg)
{
	pthread_t t = *(pthread_t *)arg;

	msleep(20);
	pthread_kill(t, SIGUSR1);
	return NULL;
}

static void test_nested(void)
{
	struct sigaction sa = { .sa_handler = on_usr1 };
	pthread_t self = pthread_self(), t;

#ifdef SHIM_TSAN
	tap_skip("TSan keeps signals back from code that it does not know");
	return;
#endif
	reset();
	toy.how.retry = true;
	sigaction(SIGUSR1, &sa, NULL);
	pthread_create(&t, NULL, kicker, &self);
	ok_eq(run(PROG_SPIN, &spin_until, 0, 0), 1234, "the outer ioctl ends as it should");
	ok_eq(nested_ret, 1234, "and so did the inner one");
	ok((nested_val & ~0xffull) == 0x2222222222222200 || nested_val == 98, "with its fault");
	pthread_join(t, NULL);
}

/* Threads load while others zap. */

#define NR_LOADERS	3
#define NR_LOADS	300

static void *loader(void *arg)
{
	unsigned long i, bad = 0;
	u64 val;

	for (i = 0; i < NR_LOADS; i++) {
		val = 0;
		run(PROG_LOAD, &val, toy.window + (i % 64) * PAGE_SIZE + 8, 0);
		bad += val != 0x5555555555555555;
	}
	return (void *)bad;
}

static void test_threads(void)
{
	pthread_t t[NR_LOADERS];
	unsigned long bad = 0;
	void *ret;
	int i;

	reset();
	memset(toy.ram, 0x55, RAM_PAGES * PAGE_SIZE);
	for (i = 0; i < NR_LOADERS; i++)
		pthread_create(&t[i], NULL, loader, NULL);
	for (i = 0; i < 500; i++)
		unmap_mapping_range(&toy.mapping, WINDOW_OFF + (i % 64) * PAGE_SIZE,
				    PAGE_SIZE << i % 3, 1);
	for (i = 0; i < NR_LOADERS; i++) {
		pthread_join(t[i], &ret);
		bad += (unsigned long)ret;
	}
	ok_eq(bad, 0, "each load sees the memory, whatever is zapped");
}

static int nr_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	int c, n = 0;

	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

/* More pages than a process may have mappings; but neighbours are one mapping. */
static void test_many(void)
{
	int before;

	reset();
	before = nr_maps();
	run(PROG_LOAD, toy.ram, toy.window, 0);
	run(PROG_LOAD, toy.ram, toy.window + 2 * PAGE_SIZE, 0);
	run(PROG_LOAD, toy.ram, toy.window + PAGE_SIZE, 0);
	ok_eq(nr_maps() - before, 1, "a run of pages is one mapping");
	reset();
	toy.how.same = true;
	ok_eq(run(PROG_STRIDE, NULL, toy.window, 70000), 1234, "pages without end");
	ok_eq(toy.how.nr_faults, 70000, "one fault each");
	toy.how.same = false;
	reset();
}

static void teardown(void)
{
	vm_munmap(toy.window, WINDOW_SIZE);
	vm_munmap(toy.code_at, PAGE_SIZE);
	vm_munmap(toy.data_at, 2 * PAGE_SIZE);
	unpin_user_pages(toy.pages, RAM_PAGES);
	munmap(toy.ram, RAM_PAGES * PAGE_SIZE);
	vfree(toy.data);
	__free_page(toy.code);
	fput(toy.file);
	sys_close(toy.fd);
	ok_eq(shim_check_leaks(), 0, "nothing is left");
}

int main(void)
{
#ifdef __x86_64__
	setup();
	test_enter();
	test_faults();
	test_redirect();
	test_read_only();
	test_private();
	test_data();
	test_fork();
	test_nested();
	test_threads();
	test_many();
	teardown();
#else
	tap_skip("the programs are of another processor");
#endif
	return tap_done();
}
