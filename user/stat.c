// SPDX-License-Identifier: GPL-2.0
/*
 * `vmxl stat`: the counters of VMs and vCPUs, as they are or by the second.
 */
#include <stdio.h>
#include <unistd.h>

#include "vnl.h"
#include "run.h"

static const char help[] =
	"Usage: vmxl stat [OPTION...] [VM]\n"
	"\n"
	"Prints what the VM counts, or all VMs do: what it is now, or with an interval\n"
	"what happened in a second of it.\n"
	"  -d, --interval=S  again and again, every S seconds\n"
	"  -n, --count=N     N times (default: once; with an interval, for ever)\n"
	"  -j, --json        as JSON, one object a line\n";

/* What there is to print: of what it is now, or of what it was before as well */
struct view {
	const struct vnl_snapshot *now;
	const struct vnl_snapshot *before;	/* NULL: totals */
};

static double shown(const struct view *v, u64 now, u64 before, bool grows)
{
	if (!v->before || !grows)
		return now;
	return (now - before) * 1e9 / (v->now->when - v->before->when);
}

static double vm_value(const struct view *v, const struct vnl_vm *vm, int attr)
{
	const struct vnl_vm *was = v->before ? vnl_find_vm(v->before, vm->id) : NULL;

	return shown(v, vm->stat[attr], was ? was->stat[attr] : 0, vnl_vm_stat_grows(attr));
}

static double vcpu_value(const struct view *v, const struct vnl_vcpu *vcpu, int attr)
{
	const struct vnl_vcpu *was = NULL;

	if (v->before)
		was = vnl_find_vcpu(v->before, vcpu->vm, vcpu->id);
	return shown(v, vcpu->stat[attr], was ? was->stat[attr] : 0, true);
}

static void print_vm(const struct view *v, const struct vnl_vm *vm)
{
	const struct vnl_vcpu *vcpus = v->now->vcpus;
	size_t k;
	int i;

	printf("VM %u (%s, %s, PID %u)%s\n", vm->id, vnl_isa_name(vm->isa), vm->comm, vm->pid,
	       v->before ? ", by the second" : "");
	for (i = 0; i <= VMXL_NL_VM_STAT_MAX; i++)
		if (vnl_vm_stat_names[i])
			printf("  %-20s %14.0f\n", vnl_vm_stat_names[i], vm_value(v, vm, i));
	printf("  %-20s", "vCPU");
	for (k = 0; k < v->now->nr_vcpus; k++)
		if (vcpus[k].vm == vm->id)
			printf(" %14u", vcpus[k].id);
	printf("\n");
	for (i = 0; i <= VMXL_NL_VCPU_STAT_MAX; i++) {
		if (!vnl_vcpu_stat_names[i])
			continue;
		printf("  %-20s", vnl_vcpu_stat_names[i]);
		for (k = 0; k < v->now->nr_vcpus; k++)
			if (vcpus[k].vm == vm->id)
				printf(" %14.0f", vcpu_value(v, &vcpus[k], i));
		printf("\n");
	}
}

static void json_vcpu(const struct view *v, const struct vnl_vcpu *vcpu)
{
	int i;

	printf("{\"vcpu\": %u, \"mp_state\": \"%s\", \"pc\": \"0x%llx\"", vcpu->id,
	       vnl_mp_name(vcpu->mp_state), (unsigned long long)vcpu->pc);
	for (i = 0; i <= VMXL_NL_VCPU_STAT_MAX; i++)
		if (vnl_vcpu_stat_names[i])
			printf(", \"%s\": %.0f", vnl_vcpu_stat_names[i], vcpu_value(v, vcpu, i));
	printf("}");
}

static void json_vm(const struct view *v, const struct vnl_vm *vm)
{
	const char *sep = "";
	size_t k;
	int i;

	printf("{\"vm\": %u, \"per_second\": %s", vm->id, v->before ? "true" : "false");
	for (i = 0; i <= VMXL_NL_VM_STAT_MAX; i++)
		if (vnl_vm_stat_names[i])
			printf(", \"%s\": %.0f", vnl_vm_stat_names[i], vm_value(v, vm, i));
	printf(", \"vcpus\": [");
	for (k = 0; k < v->now->nr_vcpus; k++) {
		if (v->now->vcpus[k].vm != vm->id)
			continue;
		printf("%s", sep);
		json_vcpu(v, &v->now->vcpus[k]);
		sep = ", ";
	}
	printf("]}\n");
}

static void print_all(const struct view *v, bool json)
{
	size_t i;

	for (i = 0; i < v->now->nr_vms; i++)
		json ? json_vm(v, &v->now->vms[i]) : print_vm(v, &v->now->vms[i]);
	fflush(stdout);
}

/* An interval that has passed, as often as was asked for */
static int repeat(struct vnl *nl, const struct vnl_options *opt)
{
	struct vnl_snapshot before, now;
	u64 n;
	int ret = vnl_snapshot(nl, opt->vm, &before);

	for (n = 0; !ret && (!opt->count || n < opt->count); n++) {
		usleep(opt->interval_ms * 1000);
		ret = vnl_snapshot(nl, opt->vm, &now);
		if (ret)
			break;
		print_all(&(struct view){ &now, &before }, opt->json);
		vnl_snapshot_free(&before);
		before = now;
	}
	vnl_snapshot_free(&before);
	return ret;
}

static int once(struct vnl *nl, const struct vnl_options *opt)
{
	struct vnl_snapshot now;
	int ret = vnl_snapshot(nl, opt->vm, &now);

	if (!ret)
		print_all(&(struct view){ &now, NULL }, opt->json);
	vnl_snapshot_free(&now);
	return ret;
}

int cmd_stat(int argc, char **argv)
{
	struct vnl_options opt;
	struct vnl *nl;
	bool done;
	int ret = vnl_options(argc, argv, "jdnv", help, &opt, &done);

	if (ret || done)
		return ret;
	if (opt.count && !opt.interval_ms)
		opt.interval_ms = 1000;
	nl = vnl_open();
	if (!nl)
		return STATUS_FAIL;
	ret = opt.interval_ms ? repeat(nl, &opt) : once(nl, &opt);
	vnl_close(nl);
	return ret ? STATUS_FAIL : STATUS_OK;
}
