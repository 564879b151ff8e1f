// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of counters: every row is read from where it says, and RUN's
 * reasons are counted whatever user space has written.
 */
#include "../../kmod/codegen/cache.h"
#include "../../kmod/codegen/code.h"
#include "../../kmod/stats.h"
#include "rv64_env.h"
#include "../../kmod/worker.h"

static void rows(void)
{
	unsigned int i, k;

	for (i = 0; i < VMXL_VCPU_STAT_NR; i++) {
		check(vmxl_vcpu_stats[i].name && *vmxl_vcpu_stats[i].name, "vCPU row %u", i);
		for (k = 0; k < i; k++)
			check(strcmp(vmxl_vcpu_stats[i].name, vmxl_vcpu_stats[k].name),
			      "%s is there twice", vmxl_vcpu_stats[i].name);
	}
	for (i = 0; i < VMXL_VM_STAT_NR; i++) {
		check(vmxl_vm_stats[i].name && *vmxl_vm_stats[i].name, "VM row %u", i);
		for (k = 0; k < i; k++)
			check(strcmp(vmxl_vm_stats[i].name, vmxl_vm_stats[k].name),
			      "%s is there twice", vmxl_vm_stats[i].name);
	}
	ok(1, "rows have names");
}

static void values(struct env *e)
{
	struct vmxl_sched_params params = { .policy = VMXL_SCHED_POLICY_FAIR };
	struct vmxl_vcpu *v = e->v;

	v->nr_blocks_run = 0x123456789aULL;
	v->gs->icount = 77;
	v->tlb->nr_miss = 5;
	v->tlb->nr_dropped = 6;
	v->se.wait_ns = 1234;
	v->halt.nr_hits = 9;
	ok(vmxl_vcpu_stat(v, VMXL_VCPU_STAT_DISPATCHES) == 0x123456789aULL, "of the vCPU");
	ok(vmxl_vcpu_stat(v, VMXL_VCPU_STAT_INSNS) == 77, "of the guest's state");
	ok(vmxl_vcpu_stat(v, VMXL_VCPU_STAT_TLB_MISS) == 5 &&
	   vmxl_vcpu_stat(v, VMXL_VCPU_STAT_TLB_DROPPED) == 6, "of the TLB");
	ok(vmxl_vcpu_stat(v, VMXL_VCPU_STAT_WAIT_NS) == 1234 &&
	   vmxl_vcpu_stat(v, VMXL_VCPU_STAT_POLL_HITS) == 9, "of the scheduler's part");
	ok(!vmxl_vm_stat(e->vm, VMXL_VM_STAT_SCHED_STEALS), "without a scheduler there are none");
	check(!vmxl_workers_set_sched(e->vm, &params), "a scheduler");
	atomic_long_set((atomic_long_t *)&vmxl_workers_sched(e->vm)->nr_steals, 11);
	ok(vmxl_vm_stat(e->vm, VMXL_VM_STAT_SCHED_STEALS) == 11, "with one there are");
	ok(vmxl_vm_stat(e->vm, VMXL_VM_STAT_BLOCK_LIMIT) == e->vm->cache->limit, "of the cache");
	if (e->vm->code)
		e->vm->code->nr_failed = 3;
	ok(vmxl_vm_stat(e->vm, VMXL_VM_STAT_COMPILE_FAILED) == (e->vm->code ? 3 : 0),
	   "of the region of code");
}

static void exits(struct env *e)
{
	struct vmxl_vcpu *v = e->v;
	u64 runs = v->nr_exits, unknown = v->exits[VMXL_EXIT_UNKNOWN];

	vmxl_stats_run(v);
	ok(vmxl_vcpu_stat(v, VMXL_VCPU_STAT_RUNS) == runs + 1, "RUNs are counted");
	vmxl_stats_exit(v, VMXL_EXIT_MMIO);
	vmxl_stats_exit(v, VMXL_EXIT_MMIO);
	vmxl_stats_exit(v, VMXL_EXIT_SYSTEM_EVENT);
	ok(vmxl_vcpu_stat(v, VMXL_VCPU_STAT_EXIT_MMIO) == 2 &&
	   vmxl_vcpu_stat(v, VMXL_VCPU_STAT_EXIT_SYSTEM_EVENT) == 1, "by reason");
	vmxl_stats_exit(v, VMXL_NR_EXITS);
	vmxl_stats_exit(v, ~0u);
	ok(v->exits[VMXL_EXIT_UNKNOWN] == unknown + 2, "a reason that there is not is unknown");
}

int main(void)
{
	struct env e;

	env_open(&e, VMXL_VM_FIRMWARE);
	rows();
	values(&e);
	exits(&e);
	env_close(&e);
	return tap_done();
}
