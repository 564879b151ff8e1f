// SPDX-License-Identifier: GPL-2.0
/*
 * Guest code that is compiled and executed in user mode: by the thread that
 * called RUN, in mappings that the module made. What else goes on in the process
 * meanwhile ends nothing but the VM.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib.h"

#define DATA	(RAM + RAM_SIZE)	/* slot 1 */
#define TURNS	100000

/* What /proc/PID/maps calls the module's mappings */
#define MAP_NAME	"vmxl-map"

/* The pc among the registers that ptrace(2) shows */
#if defined(__x86_64__)
#define REGSET_PC	16
#elif defined(__aarch64__)
#define REGSET_PC	32
#else
#define REGSET_PC	0
#endif

struct setup {
	struct vm vm;
	struct vcpu vcpu;
	u8 *data;
};

static struct setup s;		/* the handler's, too */

/* In U-mode, a gigabyte's page for the devices and one for RAM, each where it is */
static void set_up_on(void *data, u32 data_flags)
{
	/* Counts at DATA until a0 is 0, tells a device, and goes on for ever. */
	static const u32 code[] = {
		RV_LD(RV_A2, 0, RV_A3),
		RV_ADDI(RV_A2, RV_A2, 1),
		RV_SD(RV_A2, 0, RV_A3),
		RV_ADDI(RV_A0, RV_A0, -1),
		RV_BNE(RV_A0, RV_ZERO, -16),
		RV_SD(RV_A2, 0, RV_A1),
		RV_J(-24),
	};

	s.vm = vm_new_ram(VMXL_VM_FIRMWARE);
	s.vcpu = vcpu_new(&s.vm, 0);
	s.data = data;
	vm_memory(s.vm.fd, 1, data_flags, DATA, PAGE, s.data);
	GUEST(&s.vm, &s.vcpu, RAM, code);
	user_mode(&s.vm, &s.vcpu);
	set_reg(&s.vcpu, REG_X(RV_A0), TURNS);
	set_reg(&s.vcpu, REG_X(RV_A1), MMIO);
	set_reg(&s.vcpu, REG_X(RV_A3), DATA);
	expect_store(&s.vcpu, MMIO, 8, TURNS);
}

static void set_up(u32 data_flags)
{
	set_up_on(pages_new(PAGE), data_flags);
}

static void tear_down(void)
{
	vcpu_close(&s.vcpu);
	vm_close(&s.vm);
	pages_free(s.data, PAGE);
}

static u64 count(void)
{
	return __atomic_load_n((u64 *)s.data, __ATOMIC_RELAXED);
}

/* The module's mappings of this process, up to @nr, in order */
static unsigned int find_maps(unsigned long (*range)[2], unsigned int nr)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned int n = 0;
	char line[512];

	while (f && n < nr && fgets(line, sizeof(line), f))
		if (strstr(line, MAP_NAME) &&
		    sscanf(line, "%lx-%lx", &range[n][0], &range[n][1]) == 2)
			n++;
	if (f)
		fclose(f);
	return n;
}

/* @fn in 50 ms, while the guest executes; then RUN is ended */
static void *later(void *fn)
{
	u64 before;

	usleep(50000);
	before = count();
	((void (*)(void))fn)();
	usleep(20000);
	if (count() == before)
		usleep(200000);
	__atomic_store_n(&s.vcpu.run->immediate_exit, 1, __ATOMIC_RELEASE);
	return NULL;
}

static int run_and(void (*fn)(void))
{
	pthread_t thread;
	int ret, err;

	CHECK(!pthread_create(&thread, NULL, later, (void *)fn));
	/* More than it can count in the time */
	ret = __vcpu_run(&s.vcpu);
	err = errno;
	pthread_join(thread, NULL);
	s.vcpu.run->immediate_exit = 0;
	errno = err;
	return ret;
}

static void for_ever(void)
{
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	__atomic_store_n((u64 *)s.data, 0, __ATOMIC_RELAXED);
	CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
}

static void on_usr2(int sig)
{
	u64 val;

	/* The vCPU is this thread's own, which is in RUN. */
	CHECK_ERR(__get_reg(s.vcpu.fd, REG_PC, &val), EBUSY);
	s.vcpu.run->immediate_exit = 1;
}

static pthread_t runner;

static void *signal_runner(void *arg)
{
	usleep(50000);
	pthread_kill(runner, SIGUSR2);
	return NULL;
}

/* A handler runs on top of guest code, and ends RUN by the flag. */
static void handler_ends_run(void)
{
	struct sigaction sa = { .sa_handler = on_usr2 };
	pthread_t thread;

	need_kernel();
	set_up(0);
	runner = pthread_self();
	sigaction(SIGUSR2, &sa, NULL);
	CHECK(!pthread_create(&thread, NULL, signal_runner, NULL));
	for_ever();
	pthread_join(thread, NULL);
	CHECK(count() > TURNS);
	s.vcpu.run->immediate_exit = 0;
	tear_down();
}

static void close_vcpu(void)
{
	close(s.vcpu.fd);
}

/* Without the descriptor there is no way back but the last one. */
static void closed_meanwhile(void)
{
	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(close_vcpu), EBADF);
	munmap(s.vcpu.run, PAGE);
	vm_close(&s.vm);
	pages_free(s.data, PAGE);
}

static void delete_slot(void)
{
	vm_memory(s.vm.fd, 1, 0, DATA, 0, s.data);
}

/* What was a window's page becomes a device in the middle of a loop. */
static void slot_goes(void)
{
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_EQ(run_and(delete_slot), 0);
	CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_MMIO);
	CHECK_EQ(s.vcpu.run->mmio.phys_addr, DATA);
	tear_down();
}

static u64 seen[3];

/* However busy the machine is; ten seconds are a guest that is stuck. */
static void wait_for_store(void)
{
	u64 before = count();
	int i;

	for (i = 0; i < 10000 && count() == before; i++)
		usleep(1000);
	CHECK(count() != before);
}

static void look_at_log(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		wait_for_store();
		CHECK_OK(__vm_dirty_log(s.vm.fd, 1, &seen[i]));
	}
}

/* A page that is written all the time is dirty in each log. */
static void dirty_again(void)
{
	set_up(VMXL_MEM_LOG_DIRTY_PAGES);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(look_at_log), EINTR);
	CHECK_EQ(seen[0], 1);
	CHECK_EQ(seen[1], 1);
	CHECK_EQ(seen[2], 1);
	tear_down();
}

/* Their file is nobody's, not even root's. */
static void check_no_file(const unsigned long *range)
{
	char path[80];

	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx", range[0], range[1]);
	CHECK_ERR(open(path, O_RDONLY), ENXIO);
	CHECK_ERR(open(path, O_RDWR), ENXIO);
	CHECK(madvise((void *)range[0], range[1] - range[0], MADV_REMOVE));
}

/* The mappings stay as they are, and are not inherited. */
static void mappings_stay(void)
{
	unsigned long r[8][2];
	unsigned int i, n;
	int status = 0;
	pid_t pid;

	need_kernel();
	set_up(0);
	n = find_maps(r, 8);
	CHECK(n >= 3);		/* code, user area, window */
	for (i = 0; i < n; i++) {
		check_no_file(r[i]);
		CHECK_ERR(mprotect((void *)r[i][0], PAGE, PROT_NONE), EINVAL);
		CHECK_ERR(munmap((void *)r[i][0], PAGE), EINVAL);
		CHECK(mprotect((void *)r[i][0], r[i][1] - r[i][0],
			       PROT_READ | PROT_WRITE | PROT_EXEC));
		CHECK(mremap((void *)r[i][0], r[i][1] - r[i][0], r[i][1] - r[i][0] + PAGE,
			     MREMAP_MAYMOVE) == MAP_FAILED);
	}
	pid = fork();
	if (!pid)
		_exit(find_maps(r, 8));
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
	set_reg(&s.vcpu, REG_X(RV_A0), TURNS);
	expect_store(&s.vcpu, MMIO, 8, 2 * TURNS);
	tear_down();
	CHECK_EQ(find_maps(r, 8), 0);
}

static void unmap_all(void)
{
	unsigned long r[8][2];
	unsigned int n = find_maps(r, 8);

	while (n--)
		munmap((void *)r[n][0], r[n][1] - r[n][0]);
}

/* Who takes them away while the guest executes dies by it, and nothing else does. */
static void unmapped_meanwhile(void)
{
	int status = 0;
	pid_t pid;

	need_kernel();
	pid = fork();
	if (!pid) {
		set_up(0);
		set_reg(&s.vcpu, REG_X(RV_A0), 0);
		run_and(unmap_all);
		_exit(0);
	}
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

/* Whether @pc is in the code, the only one of the module's mappings that is executable */
static bool in_code(pid_t pid, unsigned long pc)
{
	unsigned long begin, end;
	char line[512], prot[8];
	bool found = false;
	FILE *f;

	snprintf(line, sizeof(line), "/proc/%d/maps", pid);
	f = fopen(line, "r");
	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, MAP_NAME) &&
		    sscanf(line, "%lx-%lx %7s", &begin, &end, prot) == 3 &&
		    prot[2] == 'x' && pc >= begin && pc < end)
			found = true;
	if (f)
		fclose(f);
	return found;
}

static unsigned long at[2];	/* the mapping that is meddled with */
static int refused;

static void forbid(void)
{
	refused = mprotect((void *)at[0], at[1] - at[0], PROT_NONE);
}

static void read_only(void)
{
	refused = mprotect((void *)at[0], at[1] - at[0], PROT_READ);
}

static void drop(void)
{
	refused = madvise((void *)at[0], at[1] - at[0], MADV_DONTNEED);
}

static void lock(void)
{
	refused = mlock((void *)at[0], at[1] - at[0]);
}

static void move(void)
{
	void *to = mmap(NULL, at[1] - at[0], PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(to != MAP_FAILED);
	refused = mremap((void *)at[0], at[1] - at[0], at[1] - at[0],
			 MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED;
}

/* A second mapping of the same, and one that leaves the first behind without pages */
static void double_it(void)
{
	refused = mremap((void *)at[0], 0, at[1] - at[0], MREMAP_MAYMOVE) == MAP_FAILED;
}

static void move_pages_only(void)
{
	refused = mremap((void *)at[0], at[1] - at[0], at[1] - at[0],
			 MREMAP_MAYMOVE | 4 /* MREMAP_DONTUNMAP */) == MAP_FAILED;
}

static void shrink(void)
{
	refused = mremap((void *)at[0], at[1] - at[0], PAGE, 0) == MAP_FAILED;
}

static void map_something_over(void)
{
	refused = mmap((void *)at[0], at[1] - at[0], PROT_NONE,
		       MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		       0) == MAP_FAILED;
}

static const struct meddling {
	const char *name;
	void (*fn)(void);
	bool must_fail;
} meddling[] = {
	{ "mprotect to nothing", forbid, false },
	{ "mprotect to read", read_only, false },
	{ "madvise DONTNEED", drop, false },
	{ "mlock", lock, false },
	{ "mremap to elsewhere", move, true },
	{ "mremap of nothing", double_it, true },
	{ "mremap without unmapping", move_pages_only, true },
	{ "mremap to a page", shrink, true },
	{ "mmap over it", map_something_over, false },
};

/* The guest executes while one mapping is meddled with: 0, 1: what must be refused was not */
static int meddle(const struct meddling *m, unsigned int nr)
{
	unsigned long r[8][2];

	set_up(0);
	if (nr >= find_maps(r, 8))
		return 0;
	memcpy(at, r[nr], sizeof(at));
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	run_and(m->fn);
	tear_down();
	return m->must_fail && !refused;
}

/* Whoever meddles with a mapping is refused, goes on or dies of it; nothing else does. */
static void meddled_with(void)
{
	unsigned int i, nr, dead = 0;
	int status;
	pid_t pid;

	need_kernel();
	for (i = 0; i < ARRAY_SIZE(meddling); i++)
		for (nr = 0; nr < 4; nr++) {
			pid = fork();
			if (!pid) {
				alarm(60);
				_exit(meddle(&meddling[i], nr));
			}
			CHECK_EQ(waitpid(pid, &status, 0), pid);
			tap_context(meddling[i].name);
			if (WIFSIGNALED(status)) {
				CHECK(WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS);
				CHECK(!meddling[i].must_fail);
				dead++;
			} else {
				CHECK_EQ(WEXITSTATUS(status), 0);
			}
		}
	tap_context(NULL);
	tap_note("%u of %zu died of it", dead, 4 * ARRAY_SIZE(meddling));
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), TURNS);
	expect_store(&s.vcpu, MMIO, 8, 2 * TURNS);
	tear_down();
}

/*
 * Another process, root's: it has the vCPU's page if it has the descriptor, sees no
 * window, and writes to nothing.
 */
static int look_from_outside(pid_t owner)
{
	void *run = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, s.vcpu.fd, 0);
	unsigned long r[8][2], word = 0;
	char name[64], line[512];
	unsigned int n = 0;
	FILE *f;
	int mem;

	if (run == MAP_FAILED || munmap(run, PAGE) || find_maps(r, 8))
		return 1;
	snprintf(name, sizeof(name), "/proc/%d/maps", owner);
	f = fopen(name, "r");
	while (f && n < 8 && fgets(line, sizeof(line), f))
		if (strstr(line, MAP_NAME) && sscanf(line, "%lx-%lx", &r[n][0], &r[n][1]) == 2)
			n++;
	if (f)
		fclose(f);
	if (n < 3)
		return 2;
	snprintf(name, sizeof(name), "/proc/%d/mem", owner);
	mem = open(name, O_RDWR);
	while (mem >= 0 && n--) {
		struct iovec here = { &word, 8 }, there = { (void *)(r[n][0] + PAGE), 8 };

		if (r[n][1] - r[n][0] > 1ul << 38 &&
		    (pread(mem, &word, 8, r[n][0] + PAGE) > 0 ||
		     process_vm_readv(owner, &here, 1, &there, 1, 0) > 0))
			return 3;
		if (in_code(owner, r[n][0]) &&
		    (pwrite(mem, &word, 8, r[n][0]) > 0 ||
		     process_vm_writev(owner, &here, 1, &there, 1, 0) > 0))
			return 4;
	}
	return mem < 0 ? 5 : 0;
}

static pid_t outsider;
static int outsiders_answer;

static void wait_for_outsider(void)
{
	CHECK_EQ(waitpid(outsider, &outsiders_answer, 0), outsider);
}

static void from_outside(void)
{
	pid_t owner = getpid();

	need_kernel();
	set_up(0);
	outsider = fork();
	if (!outsider)
		_exit(look_from_outside(owner));
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(wait_for_outsider), EINTR);
	CHECK(WIFEXITED(outsiders_answer));
	CHECK_EQ(WEXITSTATUS(outsiders_answer), 0);
	tear_down();
}

/* Before it executes: the interpreter goes on. */
static void unmapped_before(void)
{
	need_kernel();
	set_up(0);
	unmap_all();
	set_reg(&s.vcpu, REG_X(RV_A0), TURNS);
	expect_store(&s.vcpu, MMIO, 8, 2 * TURNS);
	tear_down();
}

/* What the owner gives back is gone for the guest as well, which goes on with new pages. */
static void give_back(void)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		CHECK_OK(pages_drop(s.data, PAGE));
		wait_for_store();
	}
}

static void given_back(void)
{
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(give_back), EINTR);
	tear_down();
}

static int file;

static void punch_hole(void)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		CHECK_OK(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
		wait_for_store();
	}
}

static void hole_in_the_file(void)
{
	void *p;

	need_kernel();
	file = CHECK_OK(memfd_create("guest", MFD_CLOEXEC));
	CHECK_OK(ftruncate(file, PAGE));
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	CHECK(p != MAP_FAILED);
	set_up_on(p, 0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(punch_hole), EINTR);
	tear_down();
	close(file);
}

/* Reclaim, if there is where to; what the guest has counted is not lost by it. */
static void page_out(void)
{
	unsigned int i;
	u64 before;

	for (i = 0; i < 100; i++) {
		before = count();
		CHECK_OK(madvise(s.data, PAGE, MADV_PAGEOUT));
		wait_for_store();
		CHECK(count() >= before);
	}
}

static void reclaimed(void)
{
	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(page_out), EINTR);
	tear_down();
}

#define HUGE		(2ul << 20)

/*
 * The host moves the page: with its neighbours into a huge one, which is then taken apart,
 * and by compaction. What the guest writes meanwhile is seen here.
 */
static void migrate(void)
{
	u8 *huge = (u8 *)((unsigned long)s.data & -HUGE);
	unsigned int i, n = 0;
	u64 before;

	for (i = 0; i < 20; i++) {
		before = count();
		memset(huge + HUGE / 2, i, HUGE / 2);
		n += !madvise(huge, HUGE, 25 /* MADV_COLLAPSE */);
		wait_for_store();
		CHECK_OK(madvise(huge + HUGE / 2, HUGE / 2, MADV_DONTNEED));
		write_file("/proc/sys/vm/compact_memory", "1");
		wait_for_store();
		CHECK(count() > before);
	}
	tap_note("%u of 20 times made a huge page", n);
}

static void migrated(void)
{
	u8 *p;

	need_kernel();
	p = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	set_up_on((u8 *)(((unsigned long)p + HUGE - 1) & -HUGE), 0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK_ERR(run_and(migrate), EINTR);
	vcpu_close(&s.vcpu);
	vm_close(&s.vm);
	CHECK_OK(munmap(p, 2 * HUGE));
}

#define NR_KICKS	100

static u64 asked[NR_KICKS], answered[NR_KICKS];
static unsigned int nr_answered;
static bool by_signal;

static u64 clock_ns(void)
{
	struct timespec ts;

	CHECK(!clock_gettime(CLOCK_MONOTONIC, &ts));
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static void on_kick(int sig)
{
	__atomic_store_n(&s.vcpu.run->immediate_exit, 1, __ATOMIC_RELAXED);
}

/* One after the other, each while the guest executes */
static void *kick_often(void *arg)
{
	unsigned int i;

	for (i = 0; i < NR_KICKS; i++) {
		usleep(1000);
		wait_for_store();
		asked[i] = clock_ns();
		if (by_signal)
			pthread_kill(runner, SIGUSR2);
		else
			__atomic_store_n(&s.vcpu.run->immediate_exit, 1, __ATOMIC_RELEASE);
		while (__atomic_load_n(&nr_answered, __ATOMIC_ACQUIRE) <= i)
			usleep(100);
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* RUN comes back when it is told to: how soon. A busy host has its say; a second is a fault. */
static void kick_latency(const char *how)
{
	u64 ns[NR_KICKS];
	pthread_t thread;
	unsigned int i;

	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	runner = pthread_self();
	nr_answered = 0;
	CHECK(!pthread_create(&thread, NULL, kick_often, NULL));
	for (i = 0; i < NR_KICKS; i++) {
		CHECK_ERR(__vcpu_run(&s.vcpu), EINTR);
		answered[i] = clock_ns();
		__atomic_store_n(&s.vcpu.run->immediate_exit, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&nr_answered, i + 1, __ATOMIC_RELEASE);
	}
	pthread_join(thread, NULL);
	for (i = 0; i < NR_KICKS; i++)
		ns[i] = answered[i] - asked[i];
	qsort(ns, NR_KICKS, sizeof(ns[0]), compare);
	tap_note("RUN comes back by %s after %llu us, median; %llu us, longest", how,
		 (unsigned long long)ns[NR_KICKS / 2] / 1000,
		 (unsigned long long)ns[NR_KICKS - 1] / 1000);
	CHECK(ns[NR_KICKS / 2] < 1000000000);
	tear_down();
}

static void kicked(void)
{
	struct sigaction sa = { .sa_handler = on_kick };

	by_signal = false;
	kick_latency("the flag");
	if (!on_kernel)
		return;
	by_signal = true;
	sigaction(SIGUSR2, &sa, NULL);
	kick_latency("a signal");
}

static void *unmap_data(void *arg)
{
	usleep(50000);
	CHECK_OK(munmap(s.data, PAGE));
	return NULL;
}

static void map_over(void *at)
{
	CHECK(mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_SHARED | MAP_ANONYMOUS,
		   -1, 0) == at);
}

/* Nothing is there any more, for the guest neither; then what is there is the guest's. */
static void memory_unmapped(void)
{
	pthread_t thread;

	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_X(RV_A0), 0);
	CHECK(!pthread_create(&thread, NULL, unmap_data, NULL));
	vcpu_run(&s.vcpu, VMXL_EXIT_INTERNAL_ERROR);
	CHECK_EQ(s.vcpu.run->internal.suberror, VMXL_INTERNAL_ERROR_HVA);
	pthread_join(thread, NULL);
	map_over(s.data);
	CHECK_ERR(run_and(wait_for_store), EINTR);
	tear_down();
}

/* Code that was translated goes with its page. */
static void code_replaced(void)
{
	static const u32 code[] = {
		RV_ADDI(RV_A2, RV_ZERO, 77),
		RV_SD(RV_A2, 0, RV_A1),
	};

	need_kernel();
	set_up(0);
	set_reg(&s.vcpu, REG_PC, RAM);
	map_over(s.vm.ram);
	memcpy(s.vm.ram, code, sizeof(code));
	expect_store(&s.vcpu, MMIO, 8, 77);
	tear_down();
}

/* Nobody but guest code has business in a window. */
static void window_is_not_memory(void)
{
	unsigned long r[8][2];
	unsigned int i, n;
	int fd[2];

	need_kernel();
	set_up(0);
	n = find_maps(r, 8);
	CHECK(!pipe(fd));
	for (i = 0; i < n; i++)
		if (r[i][1] - r[i][0] > 1ul << 38)
			CHECK_ERR(write(fd[1], (void *)(r[i][0] + PAGE), 1), EFAULT);
	close(fd[0]);
	close(fd[1]);
	tear_down();
}

/* RAM where it is and in the last region of the lower half, which programs have their stack in */
static void larger_addresses(u64 mode, u64 high)
{
	u64 *root, *above;
	u32 i;

	set_up(0);
	root = (u64 *)(s.vm.ram + (USER_TABLE + PAGE - RAM));
	above = (u64 *)(s.vm.ram + (USER_TABLE + 2 * PAGE - RAM));
	root[0] = USER_TABLE >> 2 | 1;
	root[high >> 39 & 511] = root[0];
	above[0] = (USER_TABLE + PAGE) >> 2 | 1;
	above[high >> 48] = above[0];
	set_reg(&s.vcpu, REG_CSR(0x180), mode << 60 | (USER_TABLE + (mode - 8) * PAGE) >> 12);
	for (i = 2; i < 6; i++) {
		set_reg(&s.vcpu, REG_X(RV_A0), TURNS);
		set_reg(&s.vcpu, REG_X(RV_A3), DATA + (i % 2 ? high : 0));
		expect_store(&s.vcpu, MMIO, 8, i * TURNS);
	}
	CHECK_EQ(count(), 5 * TURNS);
	tear_down();
}

static void addresses_of_48_bits(void)
{
	larger_addresses(9, 0x7f8000000000ull);
}

static void addresses_of_57_bits(void)
{
	larger_addresses(10, 0xffff8000000000ull);
}

#define TRACED_TURNS	3000000

/* What a debugger does: registers are read and written back, and single steps made. */
static bool look_at(pid_t pid, unsigned int *inside)
{
	unsigned long regs[64];
	struct iovec iov = { regs, sizeof(regs) };
	unsigned int i;
	int status;

	for (i = 0; i < 20; i++) {
		iov.iov_len = sizeof(regs);
		CHECK_OK(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov));
		if (in_code(pid, regs[REGSET_PC])) {
			*inside += 1;
			/* A breakpoint of software: code is read, and written by nobody */
			errno = 0;
			ptrace(PTRACE_PEEKTEXT, pid, regs[REGSET_PC] & -8ul, 0);
			CHECK_EQ(errno, 0);
			CHECK_ERR(ptrace(PTRACE_POKETEXT, pid, regs[REGSET_PC] & -8ul, 0), EIO);
		}
		CHECK_OK(ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &iov));
		CHECK_OK(ptrace(PTRACE_SINGLESTEP, pid, 0, 0));
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		if (!WIFSTOPPED(status))
			return false;
	}
	return true;
}

/* Stopped and stepped in the middle of it, guest code counts as if nothing was. */
static void traced(void)
{
	unsigned int i, inside = 0;
	int status;
	pid_t pid;
	u64 got;

	need_kernel();
	pid = fork();
	if (!pid) {
		set_up(0);
		set_reg(&s.vcpu, REG_X(RV_A0), TRACED_TURNS);
		/* Where it is stopped on its way, RUN ends as for a signal. */
		while (__vcpu_run(&s.vcpu))
			CHECK_EQ(errno, EINTR);
		CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_MMIO);
		memcpy(&got, s.vcpu.run->mmio.data, sizeof(got));
		CHECK_EQ(got, TURNS + TRACED_TURNS);
		_exit(0);
	}
	CHECK_OK(ptrace(PTRACE_SEIZE, pid, 0, 0));
	for (i = 0; i < 200; i++) {
		usleep(1000);
		ptrace(PTRACE_INTERRUPT, pid, 0, 0);
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		if (!WIFSTOPPED(status) || !look_at(pid, &inside))
			break;
		CHECK_OK(ptrace(PTRACE_CONT, pid, 0, 0));
	}
	if (i == 200)
		CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
	CHECK(inside > 20);
}

static void not_in_user_mode(void)
{
	set_up(0);
	CHECK_ERR(sys_ioctl(s.vcpu.fd, VMXL_USER_EXIT, 0), EINVAL);
	CHECK_ERR(sys_ioctl(s.vcpu.fd, VMXL_USER_EXIT, 1), EINVAL);
	tear_down();
}

static const struct test tests[] = {
	TEST(handler_ends_run),
	TEST(closed_meanwhile),
	TEST(slot_goes),
	TEST(dirty_again),
	TEST(mappings_stay),
	TEST(unmapped_meanwhile),
	TEST(meddled_with),
	TEST(from_outside),
	TEST(unmapped_before),
	TEST(given_back),
	TEST(hole_in_the_file),
	TEST(reclaimed),
	TEST(migrated),
	TEST(kicked),
	TEST(memory_unmapped),
	TEST(code_replaced),
	TEST(window_is_not_memory),
	TEST(addresses_of_48_bits),
	TEST(addresses_of_57_bits),
	TEST(traced),
	TEST(not_in_user_mode),
};

TEST_MAIN(tests)
