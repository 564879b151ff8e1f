// SPDX-License-Identifier: GPL-2.0
/*
 * Workers: so many threads for all vCPUs. RUN on a worker answers the number of
 * the vCPU that has an exit, which goes on with the thread's next RUN.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"
#include "vm.h"

#define JOIN_LIMIT_NS	5000000000ULL
#define DEFAULT_PERIOD_NS 100000000ULL

static const char *const policies[] = {
	[VMXL_SCHED_POLICY_RR] = "rr",
	[VMXL_SCHED_POLICY_FAIR] = "fair",
	[VMXL_SCHED_POLICY_CREDIT] = "credit",
	[VMXL_SCHED_POLICY_GANG] = "gang",
};

static int policy_number(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (!strcmp(policies[i], name))
			return i;
	return -1;
}

/* What an item of a list gives: its value into *out, in units of so many */
struct item {
	const char *key;
	u64 min, max, unit;
	u64 *out;
};

/* The value of one of items[]; a key that is none: -1, and said so. */
static int parse_item(const char *option, const char *text, const struct item *items)
{
	const char *value;
	u64 n;

	for (; items->key; items++) {
		value = item_value(text, items->key);
		if (!value)
			continue;
		if (parse_u64(value, items->min, items->max, &n))
			return error("%s: '%s' is not %s from %llu to %llu", option, text,
				     items->key, (unsigned long long)items->min,
				     (unsigned long long)items->max);
		*items->out = n * items->unit;
		return 0;
	}
	return error("%s: unknown item '%s'", option, text);
}

/* A quota is given in percent of a CPU. */
static u64 runtime_of(u64 *period, u64 percent)
{
	if (percent && !*period)
		*period = DEFAULT_PERIOD_NS;
	return *period / 100 * percent;
}

int workers_parse(char *text, struct worker_options *opt)
{
	char *rest = text, *item = next_item(&rest);
	u64 nr;

	if (parse_u64(item, 0, VM_MAX_CPUS, &nr))
		return error("--workers: '%s' is not a number from 0 to %d", item, VM_MAX_CPUS);
	*opt = (struct worker_options){ .nr = nr };
	while ((item = next_item(&rest))) {
		if (strcmp(item, "pin"))
			return error("--workers: unknown item '%s'", item);
		opt->pin = true;
	}
	return 0;
}

int sched_parse(char *text, struct sched_options *opt)
{
	struct vmxl_sched_params params = { 0 };
	u64 slice = 0, period = 0, percent = 0;
	const struct item items[] = {
		{ "slice", 100, 1000000, 1000, &slice },
		{ "period", 1, 1000, 1000000, &period },
		{ "quota", 1, 6400, 1, &percent },
		{ 0 }
	};
	char *rest = text, *item = next_item(&rest);
	int policy = policy_number(item);

	if (policy < 0)
		return error("--sched: '%s' is not a policy", item);
	while ((item = next_item(&rest)))
		if (parse_item("--sched", item, items))
			return -1;
	params.policy = policy;
	params.slice_ns = slice;
	params.runtime_ns = runtime_of(&period, percent);
	params.period_ns = period;
	opt->params = params;
	opt->set = true;
	return 0;
}

/* N or N-M */
static int parse_range(char *text, struct sched_range *range)
{
	char *last = strchr(text, '-');
	u64 from, to;

	if (last)
		*last++ = 0;
	if (parse_u64(text, 0, VM_MAX_CPUS - 1, &from) ||
	    parse_u64(last ? last : text, from, VM_MAX_CPUS - 1, &to))
		return error("--sched-vcpu: wants vCPUs first, as N or N-M");
	range->first = from;
	range->last = to;
	return 0;
}

int sched_parse_vcpu(char *text, struct sched_options *opt)
{
	struct sched_range *range = &opt->ranges[opt->nr_ranges];
	u64 weight = 0, cap = 0, period = 0, percent = 0, workers = 0, nodes = 0;
	const struct item items[] = {
		{ "weight", 1, 65536, 1, &weight },
		{ "cap", 1, 100, 1, &cap },
		{ "period", 1, 1000, 1000000, &period },
		{ "quota", 1, 100, 1, &percent },
		{ "workers", 1, ~0ull, 1, &workers },
		{ "nodes", 1, ~0ull, 1, &nodes },
		{ 0 }
	};
	char *rest = text, *item;

	if (opt->nr_ranges == SCHED_MAX_RANGES)
		return error("--sched-vcpu: more than %d times", SCHED_MAX_RANGES);
	if (parse_range(next_item(&rest), range))
		return -1;
	while ((item = next_item(&rest)))
		if (parse_item("--sched-vcpu", item, items))
			return -1;
	if (cap && percent)
		return error("--sched-vcpu: cap and quota are the same: give one");
	range->limits = (struct vmxl_sched_vcpu){
		.weight = weight, .cap = cap, .runtime_ns = runtime_of(&period, percent),
		.period_ns = period, .workers = workers, .nodes = nodes,
	};
	opt->nr_ranges++;
	return 0;
}

static int set_vcpus(struct vm *vm, const struct sched_range *range)
{
	struct vmxl_sched_vcpu limits = range->limits;

	if (range->last >= vm->nr_vcpus)
		return error("--sched-vcpu: there is no vCPU %u", range->last);
	for (limits.vcpu = range->first; limits.vcpu <= range->last; limits.vcpu++)
		if (sys_ioctl(vm->fd, VMXL_SET_SCHED_VCPU, (unsigned long)&limits))
			return error_errno("--sched-vcpu: vCPU %u", limits.vcpu);
	return 0;
}

static int set_sched(struct vm *vm, const struct sched_options *opt)
{
	unsigned int i;

	if (opt->set && sys_ioctl(vm->fd, VMXL_SET_SCHED, (unsigned long)&opt->params))
		return error_errno("scheduling policy %s", policies[opt->params.policy]);
	for (i = 0; i < opt->nr_ranges; i++)
		if (set_vcpus(vm, &opt->ranges[i]))
			return -1;
	return 0;
}

/* The processors that the process may use, one after the other, for worker @index */
static int cpu_of(unsigned int index)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -1;
	index %= CPU_COUNT(&set);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set) && !index--)
			return cpu;
	return -1;
}

int vm_add_workers(struct vm *vm, const struct worker_options *opt,
		   const struct sched_options *sched)
{
	unsigned int max = vm_check_extension(vm, VMXL_CAP_MAX_WORKERS), nr = opt->nr, i;

	if (!nr)
		return 0;
	if (nr > max)
		return error("%u workers: the module allows %u", nr, max);
	vm->workers = calloc(nr, sizeof(*vm->workers));
	if (!vm->workers)
		return error("out of memory");
	if (set_sched(vm, sched))
		return -1;
	for (i = 0; i < nr; i++) {
		vm->workers[i] = (struct worker) {
			.vm = vm, .index = i, .cpu = opt->pin ? cpu_of(i) : -1,
			.fd = sys_ioctl(vm->fd, VMXL_CREATE_WORKER, 0),
		};
		if (vm->workers[i].fd < 0)
			return error_errno("creating worker %u", i);
		vm->nr_workers = i + 1;
	}
	return 0;
}

void worker_destroy(struct worker *w)
{
	sys_close(w->fd);
}

static void *worker_thread(void *opaque)
{
	struct worker *w = opaque;
	struct vm *vm = w->vm;
	char name[16];
	cpu_set_t set;
	int id;

	snprintf(name, sizeof(name), "worker%u", w->index);
	pthread_setname_np(pthread_self(), name);
	if (w->cpu >= 0) {
		CPU_ZERO(&set);
		CPU_SET(w->cpu, &set);
		/* As long as the process may use it. */
		pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	}
	vcpu_block_signals();
	while (!vm_stopping(vm)) {
		id = sys_ioctl(w->fd, VMXL_RUN, 0);
		if (id < 0)
			vcpu_run_failed(&vm->vcpus[0]);
		else if ((unsigned int)id < vm->nr_vcpus)
			vcpu_exit(&vm->vcpus[id]);
	}
	return NULL;
}

int worker_start(struct worker *w)
{
	errno = pthread_create(&w->thread, NULL, worker_thread, w);
	if (errno)
		return error_errno("starting worker %u", w->index);
	w->started = true;
	return 0;
}

void worker_kick(struct worker *w)
{
	if (w->started)
		sys_ioctl(w->fd, VMXL_KICK_WORKER, 0);
}

/* As vcpu_join() */
void worker_join(struct worker *w)
{
	u64 deadline = now_ns() + JOIN_LIMIT_NS;

	while (w->started) {
		if (vcpu_thread_ended(w->thread)) {
			w->started = false;
		} else if (now_ns() > deadline) {
			error("worker %u does not stop", w->index);
			exit(w->vm->status);
		} else {
			worker_kick(w);
		}
	}
}
