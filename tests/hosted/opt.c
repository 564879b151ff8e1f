// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-hosted-opt: every unit goes through the passes of kmod/opt before the
 * interpreter gets it. In the environment: VMXL_OPT, bits of the passes (all);
 * VMXL_OPT_STATS=1 tells at the end how many ops each pass made superfluous.
 *
 * The linker puts this in front of vmxl_iselect() (--wrap).
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../kmod/opt/opt.h"

int __real_vmxl_iselect(const struct vmxl_ir *ir, struct vmxl_icode *out);
int __wrap_vmxl_iselect(const struct vmxl_ir *ir, struct vmxl_icode *out);

static __thread struct vmxl_opt ctx;
static struct vmxl_ir probe;	/* @lock */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static u32 enabled = VMXL_OPT_ALL;
static bool want_stats;

/* @lock */
static struct {
	u64 units, insns, ops, iops_before, iops_after;
	u64 gone[VMXL_OPT_NR], changes[VMXL_OPT_NR];
} stats;

static void report(void)
{
	unsigned int p;

	fprintf(stderr, "opt: %llu units, %llu instructions, %llu ops\n", stats.units, stats.insns,
		stats.ops);
	for (p = 0; p < VMXL_OPT_NR; p++)
		fprintf(stderr, "opt: %-8s %9llu changes, %9llu ops less\n", vmxl_opt_name(p),
			stats.changes[p], stats.gone[p]);
	fprintf(stderr, "opt: the interpreter's ops: %llu, without %llu\n", stats.iops_after,
		stats.iops_before);
}

__attribute__((constructor)) static void init(void)
{
	const char *s = getenv("VMXL_OPT");

	if (s)
		enabled = strtoul(s, NULL, 0);
	s = getenv("VMXL_OPT_STATS");
	want_stats = s && atoi(s);
	if (want_stats)
		atexit(report);
}

static void die(const char *what)
{
	fprintf(stderr, "opt: %s\n", what);
	abort();
}

static unsigned int live_ops(const struct vmxl_ir *ir)
{
	probe = *ir;
	if (vmxl_optimize(&probe, &ctx, 1u << VMXL_OPT_DCE))
		die("dce refuses a unit");
	return probe.nr_ops - 1;
}

static void optimize(struct vmxl_ir *ir)
{
	unsigned int p, was = ir->nr_ops - 1, is;

	stats.units++;
	stats.insns += ir->nr_insns;
	stats.ops += was;
	for (p = 0; p < VMXL_OPT_NR; p++) {
		if (vmxl_optimize(ir, &ctx, enabled & 1u << p))
			die("a unit is refused");
		stats.changes[p] += ctx.changes[p];
		is = live_ops(ir);
		stats.gone[p] += was - is;
		was = is;
	}
}

/* The unit is the caller's scratch memory: it may be changed. */
int __wrap_vmxl_iselect(const struct vmxl_ir *unit, struct vmxl_icode *out)
{
	struct vmxl_ir *ir = (struct vmxl_ir *)unit;
	int err;

	if (!want_stats) {
		if (vmxl_optimize(ir, &ctx, enabled) || vmxl_ir_verify(ir, NULL))
			die("a unit is refused");
		return __real_vmxl_iselect(ir, out);
	}
	pthread_mutex_lock(&lock);
	err = __real_vmxl_iselect(ir, out);
	if (!err) {
		stats.iops_before += out->nr;
		optimize(ir);
		err = __real_vmxl_iselect(ir, out);
		stats.iops_after += out->nr;
	}
	pthread_mutex_unlock(&lock);
	return err;
}
