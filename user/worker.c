// SPDX-License-Identifier: GPL-2.0
/*
 * Workers: so many threads for all vCPUs. RUN on a worker answers the number of
 * the vCPU that has an exit, which goes on with the thread's next RUN.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"
#include "vm.h"

#define JOIN_LIMIT_NS	5000000000ULL

static const char *const policies[] = {
	[VMXL_SCHED_POLICY_RR] = "rr",
	[VMXL_SCHED_POLICY_FAIR] = "fair",
};

static int policy_number(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (!strcmp(policies[i], name))
			return i;
	return -1;
}

bool worker_sched_valid(const char *name)
{
	return policy_number(name) >= 0;
}

static int set_sched(struct vm *vm, const char *name)
{
	struct vmxl_sched_params params = { .policy = policy_number(name) };

	if (sys_ioctl(vm->fd, VMXL_SET_SCHED, (unsigned long)&params))
		return error_errno("scheduling policy %s", name);
	return 0;
}

int vm_add_workers(struct vm *vm, unsigned int nr, const char *sched)
{
	unsigned int max = vm_check_extension(vm, VMXL_CAP_MAX_WORKERS), i;

	if (!nr)
		return 0;
	if (nr > max)
		return error("%u workers: the module allows %u", nr, max);
	vm->workers = calloc(nr, sizeof(*vm->workers));
	if (!vm->workers)
		return error("out of memory");
	if (sched && set_sched(vm, sched))
		return -1;
	for (i = 0; i < nr; i++) {
		vm->workers[i] = (struct worker) {
			.vm = vm, .index = i,
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
	int id;

	snprintf(name, sizeof(name), "worker%u", w->index);
	pthread_setname_np(pthread_self(), name);
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
