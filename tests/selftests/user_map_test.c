// SPDX-License-Identifier: GPL-2.0
/*
 * The mappings that the module made for guest code: who meddles with them in the process,
 * or from outside, ends nothing but the VM. A debugger looks on.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user_env.h"

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

/* The module's mappings of a process, up to @nr, in order */
static unsigned int maps_of(pid_t pid, unsigned long (*range)[2], unsigned int nr)
{
	char name[64], line[512];
	unsigned int n = 0;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/maps", pid);
	f = fopen(name, "r");
	while (f && n < nr && fgets(line, sizeof(line), f))
		if (strstr(line, MAP_NAME) &&
		    sscanf(line, "%lx-%lx", &range[n][0], &range[n][1]) == 2)
			n++;
	if (f)
		fclose(f);
	return n;
}

static unsigned int find_maps(unsigned long (*range)[2], unsigned int nr)
{
	return maps_of(getpid(), range, nr);
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
	unsigned int n;
	char name[64];
	int mem;

	if (run == MAP_FAILED || munmap(run, PAGE) || find_maps(r, 8))
		return 1;
	n = maps_of(owner, r, 8);
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
	int status, ready[2];
	pid_t pid;
	u64 got;
	char c;

	need_kernel();
	CHECK(!pipe(ready));
	pid = fork();
	if (!pid) {
		/* Whose own RUN must not end like that. */
		set_up(0);
		CHECK_EQ(write(ready[1], "", 1), 1);
		set_reg(&s.vcpu, REG_X(RV_A0), TRACED_TURNS);
		/* Where it is stopped on its way, RUN ends as for a signal. */
		while (__vcpu_run(&s.vcpu))
			CHECK_EQ(errno, EINTR);
		CHECK_EQ(s.vcpu.run->exit_reason, VMXL_EXIT_MMIO);
		memcpy(&got, s.vcpu.run->mmio.data, sizeof(got));
		CHECK_EQ(got, TURNS + TRACED_TURNS);
		_exit(0);
	}
	close(ready[1]);
	CHECK_EQ(read(ready[0], &c, 1), 1);
	close(ready[0]);
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

static const struct test tests[] = {
	TEST(mappings_stay),
	TEST(unmapped_meanwhile),
	TEST(meddled_with),
	TEST(from_outside),
	TEST(unmapped_before),
	TEST(window_is_not_memory),
	TEST(traced),
};

TEST_MAIN(tests)
