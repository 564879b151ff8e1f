// SPDX-License-Identifier: GPL-2.0
/*
 * Speed of the interpreter: loops as a translator would write them, blocks
 * linked to themselves.
 *
 *	bench [-m million guest instructions]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "harness.h"

struct loop {
	const char *name;
	const char *text;	/* exit e0 is the way round */
	unsigned int insns;
};

/* In comments: the RV64 code that gives this. */
static const struct loop loops[] = {
	{ "sum", /* add a0,a0,a1; addi a1,a1,-1; bnez a1 */
	  "unit 0 12\nexit e0 0 3 link\nexit e1 12 3\n"
	  "insn 0\n%1 = get.i64 $x1\n%2 = get.i64 $x2\n%3 = add.i64 %1, %2\nput.i64 %3, $x1\n"
	  "insn 4\n%4 = get.i64 $x2\n%5 = const.i64 -1\n%6 = add.i64 %4, %5\nput.i64 %6, $x2\n"
	  "insn 8\n%7 = get.i64 $x2\n%8 = const.i64 0\nbr.i64.ne %7, %8, e0\njump e1\n", 3 },
	{ "copy", /* ld t0,0(a1); sd t0,0(a2); addi a1,a1,8; addi a2; andi...; bne */
	  "unit 0 24\nexit e0 0 6 link\nexit e1 24 6\n"
	  "insn 0\n%1 = get.i64 $x8\n%2 = ld.i64.u64 %1, 0\nput.i64 %2, $x5\n"
	  "insn 4\n%3 = get.i64 $x9\n%4 = get.i64 $x5\nst.i64.u64 %3, %4, 8\n"
	  "insn 8\n%5 = get.i64 $x2\n%6 = const.i64 8\n%7 = add.i64 %5, %6\nput.i64 %7, $x2\n"
	  "insn 12\n%8 = get.i64 $x3\n%9 = const.i64 8\n%10 = add.i64 %8, %9\nput.i64 %10, $x3\n"
	  "insn 16\n%11 = get.i64 $x4\n%12 = const.i64 1\n%13 = add.s32 %11, %12\n"
	  "put.i64 %13, $x4\n"
	  "insn 20\n%14 = get.i64 $x2\n%15 = get.i64 $x1\nbr.i64.ne %14, %15, e0\njump e1\n", 6 },
	{ "hash", /* lbu; xor; slli; srli; xor; mul; addi; bne */
	  "unit 0 32\nexit e0 0 8 link\nexit e1 32 8\n"
	  "insn 0\n%1 = get.i64 $x8\n%2 = ld.i64.u8 %1, 5\nput.i64 %2, $x5\n"
	  "insn 4\n%3 = get.i64 $x5\n%4 = get.i64 $x6\n%5 = xor.i64 %3, %4\nput.i64 %5, $x6\n"
	  "insn 8\n%6 = get.i64 $x6\n%7 = const.i64 13\n%8 = shl.i64 %6, %7\nput.i64 %8, $x7\n"
	  "insn 12\n%9 = get.i64 $x6\n%10 = const.i64 7\n%11 = shr.s32 %9, %10\nput.i64 %11, $x5\n"
	  "insn 16\n%12 = get.i64 $x7\n%13 = get.i64 $x5\n%14 = xor.i64 %12, %13\n"
	  "put.i64 %14, $x6\n"
	  "insn 20\n%15 = get.i64 $x6\n%16 = get.i64 $x4\n%17 = mul.i64 %15, %16\n"
	  "put.i64 %17, $x6\n"
	  "insn 24\n%18 = get.i64 $x2\n%19 = const.i64 1\n%20 = add.i64 %18, %19\n"
	  "put.i64 %20, $x2\n"
	  "insn 28\n%21 = get.i64 $x2\n%22 = get.i64 $x1\nbr.i64.ne %21, %22, e0\njump e1\n", 8 },
	{ "chase", /* ld a0,0(a0); addi a1,a1,1; bnez a0 */
	  "unit 0 12\nexit e0 0 3 link\nexit e1 12 3\n"
	  "insn 0\n%1 = get.i64 $x8\n%2 = ld.i64.u64 %1, 0\nput.i64 %2, $x8\n"
	  "insn 4\n%3 = get.i64 $x2\n%4 = const.i64 1\n%5 = add.i64 %3, %4\nput.i64 %5, $x2\n"
	  "insn 8\n%6 = get.i64 $x8\n%7 = const.i64 0\nbr.i64.ne %6, %7, e0\njump e1\n", 3 },
	{ "float", /* fmadd.d; fadd.s with boxes; addi; bne */
	  "unit 0 16\nexit e0 0 4 link\nexit e1 16 4\n"
	  "insn 0\n%1 = get.i64 $x5\n%2 = get.i64 $x6\n%3 = get.i64 $x7\n"
	  "%4 = fma.f64.rne %1, %2, %3\nput.i64 %4, $x7\n"
	  "insn 4\n%5 = get.i64 $x9\n%6 = funbox.f32 %5\n%7 = get.i64 $x10\n%8 = funbox.f32 %7\n"
	  "%9 = fadd.f32.rne %6, %8\n%10 = fbox.f32 %9\nput.i64 %10, $x9\n"
	  "insn 8\n%11 = get.i64 $x2\n%12 = const.i64 1\n%13 = add.i64 %11, %12\n"
	  "put.i64 %13, $x2\n"
	  "insn 12\n%14 = get.i64 $x2\n%15 = get.i64 $x1\nbr.i64.ne %14, %15, e0\njump e1\n", 4 },
	{ "call", /* jal to itself by an indirect jump: addi; ret */
	  "unit 0 8\ninsn 0\n%1 = get.i64 $x2\n%2 = const.i64 1\n%3 = add.i64 %1, %2\n"
	  "put.i64 %3, $x2\ninsn 4\n%4 = get.i64 $x14\njumpr %4, 2\n", 2 },
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void setup(void)
{
	machine_reset(true);
	m.gs.guest[1] = ~0ULL;
	m.gs.guest[2] = 1ULL << 60;
	m.gs.guest[4] = 0x9e3779b97f4a7c15;
	m.gs.guest[5] = 0x3ff0000000000001;
	m.gs.guest[6] = 0x3fe0000000000001;
	m.gs.guest[7] = 0x3ff8000000000000;
	m.gs.guest[8] = MEM_BASE;
	m.gs.guest[9] = MEM_BASE;
	m.gs.guest[10] = 0xffffffff3f800000;
	*(u64 *)m.mem = MEM_BASE;	/* what chase goes round on */
}

static void jcache_enter(struct vmxl_block *b)
{
	struct vmxl_jentry *e = &m.jcache.e[vmxl_jcache_hash(b->key.pc)];

	e->pc = b->key.pc;
	e->flags = b->key.flags;
	e->as = m.vcpu.as[VMXL_ACCESS_EXEC] | m.jcache.epoch;
	e->block = b;
}

static void bench(const struct loop *l, long count)
{
	struct vmxl_link *link;
	struct vmxl_block *b;
	const char *err;
	unsigned int line;
	double t;

	setup();
	if (vmxl_ir_parse(&m.ir, l->text, &err, &line)) {
		tap_ok(false, "%s:%u: %s", l->name, line, err);
		return;
	}
	b = machine_block(&m.ir);
	if (b->nr_links)
		b->links[0].to = b;
	jcache_enter(b);
	t = now();
	vmxl_interp_run(&m.vcpu, b, count, &link);
	t = now() - t;
	printf("%-8s %7.1f guest MIPS  %5.2f ns an instruction  %2u ops for %u, %u slow\n", l->name,
	       m.gs.icount / t / 1e6, t * 1e9 / m.gs.icount, b->nr_code, l->insns, m.nr_slow);
	free(b->links);
	free(b->insns);
	free(b);
}

/* What it costs to get there */
static void bench_select(const struct loop *l)
{
	unsigned int i, n = 20000;
	const char *err;
	unsigned int line;
	double t;

	machine_reset(true);
	vmxl_ir_parse(&m.ir, l->text, &err, &line);
	t = now();
	for (i = 0; i < n; i++)
		vmxl_iselect(&m.ir, &m.icode);
	t = now() - t;
	printf("%-8s %7.0f ns to select %u instructions\n", l->name, t * 1e9 / n, l->insns);
}

int main(int argc, char **argv)
{
	long count = 200;
	unsigned int i;
	int c;

	while ((c = getopt(argc, argv, "m:")) != -1)
		if (c == 'm')
			count = atol(optarg);
	for (i = 0; i < ARRAY_SIZE(loops); i++)
		bench(&loops[i], count * 1000000);
	bench_select(&loops[2]);
	return 0;
}
