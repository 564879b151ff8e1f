// SPDX-License-Identifier: GPL-2.0
/*
 * RVWMO: litmus tests (litmus.h) on vCPUs with a thread each and on workers. Every
 * run has memory of its own; the vCPUs meet before each, and go on without those who
 * do not come. Prints how often which outcome was seen: "00:12w" is one that only weak
 * memory has.
 *
 * LITMUS_MS is the time for a test (20): the soak of tests/smp/guest sets it. LITMUS_RUNS is
 * how many runs are a batch, for a slow kernel.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "litmus.h"
#include "smp.h"

static const struct litmus tests_of_model[] = {
	/* name, threads, finals, weak, forbidden */
	{ "CoRR", { "x=1", "r0=x r1=x" }, NULL, NULL, "10" },
	{ "CoRR2", { "x=1 x=2", "r0=x r1=x" }, NULL, NULL, "10 20 21" },
	{ "CoRR+lr", { "x=1 x=2", "r0=x.sc r1=x" }, NULL, NULL, "10 20 21" },
	{ "CoRR+amos", { "x=1.amo x=2.amo", "r0=x.amo r1=x.amo" }, NULL, NULL, "10 20 21" },
	{ "CoWW", { "x=1 x=2" }, "x", NULL, "1" },
	{ "CoWW+amo+sc", { "x=1.amo x=2.sc x=3" }, "x", NULL, "1 2" },
	{ "CoWR", { "x=1 r0=x", "x=2" }, "x", NULL, "01 02 21" },
	{ "CoRW1", { "r0=x x=1" }, NULL, NULL, "1" },
	{ "CoRW2", { "r0=x x=1", "x=2" }, "x", NULL, "22 11 12" },
	{ "swaps", { "r0=x=1.amo", "r1=x=2.amo" }, "x", NULL, "001 002" },
	{ "swaps+sc", { "r0=x=1.sc", "r1=x=2.sc" }, "x", NULL, "001 002" },
	{ "swaps+amo+sc", { "r0=x=1.amo", "r1=x=2.sc", "r2=x=3.amo" }, NULL, NULL, "000 100" },

	{ "SB", { "x=1 r0=y", "y=1 r1=x" }, NULL, "00", NULL },
	{ "SB+fences", { "x=1 F r0=y", "y=1 F r1=x" }, NULL, NULL, "00" },
	{ "SB+fence.w.rs", { "x=1 Fwr r0=y", "y=1 Fwr r1=x" }, NULL, NULL, "00" },
	{ "SB+fence.tsos", { "x=1 Ft r0=y", "y=1 Ft r1=x" }, NULL, "00", NULL },
	{ "SB+fence+po", { "x=1 F r0=y", "y=1 r1=x" }, NULL, "00", NULL },
	{ "SB+rl+aqs", { "x=1.rl r0=y.aq", "y=1.rl r1=x.aq" }, NULL, NULL, "00" },
	{ "SB+aqrls", { "x=1.aqrl r0=y.aqrl", "y=1.aqrl r1=x.aqrl" }, NULL, NULL, "00" },
	{ "SB+scs+fences", { "x=1.sc F r0=y", "y=1.sc F r1=x" }, NULL, NULL, "00" },
	{ "SB+scrl+lraqs", { "x=1.scrl r0=y.scaq", "y=1.scrl r1=x.scaq" }, NULL, NULL, "00" },
	{ "SB+swap+fence", { "r2=x=1.amo F r0=y", "y=1 F r1=x" }, NULL, NULL, "000" },
	{ "SB+rfi+addrs", { "x=1 r0=x a:r1=y", "y=1 r2=y a:r3=x" }, NULL, "1010", NULL },
	{ "SB+amo+rfi+addrs", { "x=1.amo r0=x a:r1=y", "y=1.amo r2=y a:r3=x" }, NULL, NULL,
	  "1010" },

	{ "MP", { "x=1 y=1", "r0=y r1=x" }, NULL, "10", NULL },
	{ "MP+fences", { "x=1 F y=1", "r0=y F r1=x" }, NULL, NULL, "10" },
	{ "MP+fence.w.w+fence.r.r", { "x=1 Fww y=1", "r0=y Frr r1=x" }, NULL, NULL, "10" },
	{ "MP+fence.tsos", { "x=1 Ft y=1", "r0=y Ft r1=x" }, NULL, NULL, "10" },
	{ "MP+fence+addr", { "x=1 F y=1", "r0=y a:r1=x" }, NULL, NULL, "10" },
	{ "MP+fence+ctrl", { "x=1 F y=1", "r0=y c:r1=x" }, NULL, "10", NULL },
	{ "MP+rl+aq", { "x=1 y=1.rl", "r0=y.aq r1=x" }, NULL, NULL, "10" },
	{ "MP+scrl+lraq", { "x=1 y=1.scrl", "r0=y.scaq r1=x" }, NULL, NULL, "10" },
	{ "MP+amos", { "x=1.amo y=1.amo", "r0=y.amo r1=x.amo" }, NULL, "10", NULL },
	{ "MP+fence+rfi-data-addr", { "x=1 F y=1", "r0=y d:z=1 r1=z a:r2=x" }, NULL,
	  NULL, "110" },
	{ "MP+fence+rfi-ctrl-addr", { "x=1 F y=1", "r0=y c:z=1 r1=z a:r2=x" }, NULL,
	  "110", NULL },
	{ "MP+fence+rsw", { "x=1 F y=1", "r0=y a:r1=z r2=z a:r3=x" }, NULL, "1000", NULL },

	{ "LB", { "r0=x y=1", "r1=y x=1" }, NULL, "11", NULL },
	{ "LB+fences", { "r0=x F y=1", "r1=y F x=1" }, NULL, NULL, "11" },
	{ "LB+fence.r.ws", { "r0=x Frw y=1", "r1=y Frw x=1" }, NULL, NULL, "11" },
	{ "LB+data+data", { "r0=x d:y=1", "r1=y d:x=1" }, NULL, NULL, "11" },
	{ "LB+addrs", { "r0=x a:y=1", "r1=y a:x=1" }, NULL, NULL, "11" },
	{ "LB+ctrls", { "r0=x c:y=1", "r1=y c:x=1" }, NULL, NULL, "11" },
	{ "LB+data+aq", { "r0=x d:y=1", "r1=y.aq x=1" }, NULL, NULL, "11" },
	{ "LB+ctrl+rl", { "r0=x c:y=1", "r1=y x=1.rl" }, NULL, NULL, "11" },
	{ "LB+scs", { "r0=x.scaq y=1.sc", "r1=y x=1.scrl" }, NULL, NULL, "11" },

	{ "S", { "x=2 y=1", "r0=y x=1" }, "x", "12", NULL },
	{ "S+fence+data", { "x=2 Fww y=1", "r0=y d:x=1" }, "x", NULL, "12" },
	{ "S+fence+addr", { "x=2 Fww y=1", "r0=y a:x=1" }, "x", NULL, "12" },
	{ "S+rl+ctrl", { "x=2 y=1.rl", "r0=y c:x=1" }, "x", NULL, "12" },
	{ "S+fence+ctrl-sc", { "x=2 F*w y=1", "r0=y c:x=1.sc" }, "x", NULL, "12" },
	{ "R", { "x=1 y=1", "y=2 r0=x" }, "y", "02", NULL },
	{ "R+fences", { "x=1 F y=1", "y=2 F r0=x" }, "y", NULL, "02" },
	{ "R+fence+fence.tso", { "x=1 F y=1", "y=2 Ft r0=x" }, "y", "02", NULL },
	{ "R+rl+rl-aq", { "x=1 y=1.rl", "y=2.rl r0=x.aq" }, "y", NULL, "02" },
	{ "2+2W", { "x=1 y=2", "y=1 x=2" }, "xy", "11", NULL },
	{ "2+2W+fences", { "x=1 Fww y=2", "y=1 Fww x=2" }, "xy", NULL, "11" },
	{ "2+2W+rls", { "x=1 y=2.rl", "y=1 x=2.rl" }, "xy", NULL, "11" },
	{ "2+2W+scrls", { "x=1 y=2.scrl", "y=1 x=2.scrl" }, "xy", NULL, "11" },

	{ "WRC", { "x=1", "r0=x y=1", "r1=y r2=x" }, NULL, "110", NULL },
	{ "WRC+fences", { "x=1", "r0=x F y=1", "r1=y F r2=x" }, NULL, NULL, "110" },
	{ "WRC+data+addr", { "x=1", "r0=x d:y=1", "r1=y a:r2=x" }, NULL, NULL, "110" },
	{ "WRC+rl+aq", { "x=1", "r0=x y=1.rl", "r1=y.aq r2=x" }, NULL, NULL, "110" },
	{ "WRC+amo+data+lraq", { "x=1.amo", "r0=x d:y=1", "r1=y.scaq r2=x" }, NULL, NULL, "110" },
	{ "RWC", { "x=1", "r0=x r1=y", "y=1 r2=x" }, NULL, "100", NULL },
	{ "RWC+fences", { "x=1", "r0=x F r1=y", "y=1 F r2=x" }, NULL, NULL, "100" },
	{ "ISA2+fence+data+addr", { "x=1 Fww y=1", "r0=y d:z=1", "r1=z a:r2=x" }, NULL, NULL,
	  "110" },
	{ "W+RWC", { "x=1 y=1", "r0=y r1=z", "z=1 r2=x" }, NULL, "100", NULL },
	{ "W+RWC+fences", { "x=1 F y=1", "r0=y F r1=z", "z=1 F r2=x" }, NULL, NULL, "100" },

	{ "IRIW", { "x=1", "y=1", "r0=x r1=y", "r2=y r3=x" }, NULL, "1010", NULL },
	{ "IRIW+fences", { "x=1", "y=1", "r0=x Frr r1=y", "r2=y Frr r3=x" }, NULL, NULL, "1010" },
	{ "IRIW+addrs", { "x=1", "y=1", "r0=x a:r1=y", "r2=y a:r3=x" }, NULL, NULL, "1010" },
	{ "IRIW+aqs", { "x=1.amo", "y=1.sc", "r0=x.aq r1=y", "r2=y.scaq r3=x" }, NULL, NULL,
	  "1010" },
};

/*
 * Runs in a batch, and how often a vCPU looks for the others before it goes on: in the
 * first run, when their threads may not be there yet; in others, half as often each time
 * in vain. ThreadSanitizer's build interprets: a look takes it a hundred times as long.
 */
#ifdef __SANITIZE_THREAD__
#define RUNS		64
#define PATIENCE_FIRST	0x1000
#define PATIENCE	0x100
#else
#define RUNS		1024
#define PATIENCE_FIRST	0x80000
#define PATIENCE	0x4000
#endif

/* Where things are in RAM */
#define CODE		0x0ul
#define CODE_SIZE	0x400ul
#define VARS		0x40000ul
#define VARS_STRIDE	256ul
#define MEET		0x80000ul
#define MEET_STRIDE	64ul
#define RESULTS		0x90000ul
#define RESULTS_STRIDE	16ul
#define NR_VARIANTS	4	/* 32 or 64 bits, variables in one cache line or in several */

#define OUTCOMES	(1u << 2 * LITMUS_DIGITS)
enum { SC = 1, WEAK = 2 };

static struct {
	const struct litmus *test;
	struct litmus_parsed p;
	u8 allowed[OUTCOMES];
	unsigned long count[OUTCOMES];
	unsigned long runs;
} now;

static struct smp smp;
static unsigned int nr_runs = RUNS;

static unsigned int nr_digits(void)
{
	return now.p.nr_regs + now.p.nr_finals;
}

static unsigned int outcome(const unsigned int *digits)
{
	unsigned int i, o = 0;

	for (i = 0; i < nr_digits(); i++)
		o = o << 2 | digits[i];
	return o;
}

static void allow_sc(void *arg, const unsigned int *digits)
{
	now.allowed[outcome(digits)] = SC;
}

static void mark(const char *list, u8 how)
{
	unsigned int digits[LITMUS_DIGITS], i, o;

	while (list && *list) {
		CHECK(strspn(list, "0123") == nr_digits());
		for (i = 0; i < nr_digits(); i++)
			digits[i] = list[i] - '0';
		o = outcome(digits);
		if (now.allowed[o])
			FAIL("outcome %.*s is one of sequential consistency", (int)nr_digits(),
			     list);
		now.allowed[o] = how;
		list += nr_digits();
		list += *list == ' ';
	}
}

static void choose(const struct litmus *t)
{
	memset(&now, 0, sizeof(now));
	now.test = t;
	tap_context(t->name);
	litmus_parse(t, &now.p);
	litmus_sc(&now.p, allow_sc, NULL);
	mark(t->forbidden, 0);
	mark(t->weak, WEAK);
}

static unsigned int apart(unsigned int variant)
{
	return variant & 2 ? 64 : 8;
}

static unsigned int width(unsigned int variant)
{
	return variant & 1 ? RV_D : RV_W;
}

static u64 code_at(unsigned int variant, unsigned int thread)
{
	return CODE + (variant * LITMUS_THREADS + thread) * CODE_SIZE;
}

/*
 * The loop around a thread's code: gp counts who has come to this run, sp is where
 * results go, ra the number of runs left, a4 the number of vCPUs, a5 1, a6 patience,
 * t6 as much of it as there is in all runs but the first.
 */
static void write_code(unsigned int variant, unsigned int thread)
{
	static const u32 meet[] = {
		RV_AMOADD_D(RV_ZERO, RV_A5, RV_GP),
		RV_ADDI(RV_A7, RV_A6, 0),
		RV_LD(RV_T0, 0, RV_GP),
		RV_BEQ(RV_T0, RV_A4, 24),
		RV_ADDI(RV_A7, RV_A7, -1),
		RV_BNE(RV_A7, RV_ZERO, -12),
		RV_SRLI(RV_A6, RV_A6, 1),
		RV_ADDI(RV_A6, RV_A6, 1),
		RV_J(8),
		RV_ADDI(RV_A6, RV_T6, 0),
	};
	static const u32 next[] = {
		RV_SW(RV_A0, 0, RV_SP),
		RV_SW(RV_A1, 4, RV_SP),
		RV_SW(RV_A2, 8, RV_SP),
		RV_SW(RV_A3, 12, RV_SP),
		RV_ADDI(RV_SP, RV_SP, RESULTS_STRIDE),
		RV_ADDI(RV_GP, RV_GP, MEET_STRIDE),
		RV_ADDI(RV_S0, RV_S0, VARS_STRIDE),
		RV_ADDI(RV_S1, RV_S1, VARS_STRIDE),
		RV_ADDI(RV_TP, RV_TP, VARS_STRIDE),
		RV_ADDI(RV_RA, RV_RA, -1),
	};
	u32 code[CODE_SIZE / 4], n = ARRAY_SIZE(meet);

	memcpy(code, meet, sizeof(meet));
	n += litmus_code(&now.p, thread, width(variant), code + n);
	memcpy(code + n, next, sizeof(next));
	n += ARRAY_SIZE(next);
	code[n] = RV_BNE(RV_RA, RV_ZERO, -4 * (int)n);
	code[n + 1] = RV_LUI(RV_A6, MMIO >> 12);
	code[n + 2] = RV_SD(RV_ZERO, 0, RV_A6);
	code[n + 3] = RV_J(0);
	memcpy(smp.vm.ram + code_at(variant, thread), code, (n + 4) * 4);
}

static u64 results_of(unsigned int thread)
{
	return RESULTS + thread * RUNS * RESULTS_STRIDE;
}

static void start_vcpu(unsigned int variant, unsigned int thread)
{
	const struct { unsigned int reg; u64 val; } regs[] = {
		{ RV_S0, RAM + VARS }, { RV_S1, RAM + VARS + apart(variant) },
		{ RV_TP, RAM + VARS + 2 * apart(variant) },
		{ RV_GP, RAM + MEET }, { RV_SP, RAM + results_of(thread) },
		{ RV_RA, nr_runs }, { RV_A4, now.p.nr_threads }, { RV_A5, 1 },
		{ RV_A6, PATIENCE_FIRST }, { RV_T6, PATIENCE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		set_reg(&smp.vcpu[thread], REG_X(regs[i].reg), regs[i].val);
	smp_start(&smp, thread, RAM + code_at(variant, thread));
}

static void write_outcome(unsigned int o, char *text)
{
	unsigned int i, n = nr_digits();

	for (i = 0; i < n; i++)
		text[i] = '0' + (o >> 2 * (n - 1 - i) & 3);
	text[n] = 0;
}

static void count_run(unsigned int variant, unsigned int run)
{
	const u8 *vars = smp.vm.ram + VARS + run * VARS_STRIDE;
	unsigned int digits[LITMUS_DIGITS], i, o;
	char text[LITMUS_DIGITS + 1];

	for (i = 0; i < now.p.nr_regs; i++)
		memcpy(&digits[i], smp.vm.ram + results_of(now.p.owner[i]) + run * RESULTS_STRIDE +
		       4 * i, 4);
	for (i = 0; i < now.p.nr_finals; i++)
		memcpy(&digits[now.p.nr_regs + i], vars + now.p.final[i] * apart(variant), 4);
	for (i = 0; i < nr_digits(); i++)
		if (digits[i] > 3)
			FAIL("value %u, which nobody has written", digits[i]);
	o = outcome(digits);
	write_outcome(o, text);
	if (!now.allowed[o])
		FAIL("forbidden outcome %s after %lu runs", text, now.runs);
	now.count[o]++;
	now.runs++;
}

static void batch(unsigned int variant)
{
	unsigned int i;

	memset(smp.vm.ram + VARS, 0, RUNS * VARS_STRIDE);
	memset(smp.vm.ram + MEET, 0, RUNS * MEET_STRIDE);
	memset(smp.vm.ram + RESULTS, 0xff, LITMUS_THREADS * RUNS * RESULTS_STRIDE);
	for (i = 0; i < now.p.nr_threads; i++)
		start_vcpu(variant, i);
	smp_run(&smp, now.p.nr_threads);
	for (i = 0; i < nr_runs; i++)
		count_run(variant, i);
}

static void print_counts(void)
{
	char line[512], text[LITMUS_DIGITS + 1];
	unsigned int o, n = 0;

	for (o = 0; o < OUTCOMES && n < sizeof(line) - 40; o++) {
		if (!now.count[o])
			continue;
		write_outcome(o, text);
		n += snprintf(line + n, sizeof(line) - n, " %s:%lu%s", text, now.count[o],
			      now.allowed[o] == WEAK ? "w" : "");
	}
	tap_note("%-24s %8lu runs%s%s%s", now.test->name, now.runs, line,
		 now.test->forbidden ? "; never " : "",
		 now.test->forbidden ? now.test->forbidden : "");
}

static u64 milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

static void run_test_of_model(const struct litmus *t, u64 ms)
{
	struct vmxl_memory_range range = { .guest_phys_addr = RAM + CODE, .size = VARS - CODE };
	unsigned int v, i;
	u64 end;

	choose(t);
	for (v = 0; v < NR_VARIANTS; v++)
		for (i = 0; i < now.p.nr_threads; i++)
			write_code(v, i);
	CHECK_OK(sys_ioctl(smp.vm.fd, VMXL_MEMORY_WRITTEN, (unsigned long)&range));
	end = milliseconds() + ms;
	do {
		for (v = 0; v < NR_VARIANTS; v++)
			batch(v);
	} while (milliseconds() < end);
	print_counts();
}

static void run_model(unsigned int nr_workers)
{
	const char *ms = getenv("LITMUS_MS"), *runs = getenv("LITMUS_RUNS");
	unsigned int i;

	if (runs)
		nr_runs = strtoul(runs, NULL, 0);
	CHECK(nr_runs >= 1 && nr_runs <= RUNS);

	smp_new(&smp, LITMUS_THREADS, nr_workers);
	for (i = 0; i < ARRAY_SIZE(tests_of_model); i++)
		run_test_of_model(&tests_of_model[i], ms ? strtoull(ms, NULL, 0) : 20);
	tap_context(NULL);
	smp_close(&smp);
}

static void on_threads(void)
{
	run_model(0);
}

static void on_two_workers(void)
{
	run_model(2);
}

static const struct test tests[] = {
	TEST(on_threads),
	TEST(on_two_workers),
};
TEST_MAIN(tests)
