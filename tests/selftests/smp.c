// SPDX-License-Identifier: GPL-2.0
/*
 * vCPUs that run together. See smp.h.
 */
#define _GNU_SOURCE
#include <pthread.h>

#include "smp.h"

void smp_new_vm(struct smp *s, const struct vm *vm, unsigned int nr_vcpus, unsigned int nr_workers)
{
	unsigned int i;

	CHECK(nr_vcpus <= SMP_MAX && nr_workers <= SMP_MAX);
	s->vm = *vm;
	s->nr_vcpus = nr_vcpus;
	s->nr_workers = nr_workers;
	for (i = 0; i < nr_vcpus; i++) {
		s->vcpu[i] = vcpu_new(&s->vm, i);
		CHECK_OK(__mp_state(s->vcpu[i].fd, VMXL_MP_STOPPED));
	}
	for (i = 0; i < nr_workers; i++)
		s->worker[i] = CHECK_OK(sys_ioctl(s->vm.fd, VMXL_CREATE_WORKER, 0));
}

void smp_new(struct smp *s, unsigned int nr_vcpus, unsigned int nr_workers)
{
	struct vm vm = vm_new_ram(0);

	smp_new_vm(s, &vm, nr_vcpus, nr_workers);
}

void smp_close(struct smp *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_workers; i++)
		CHECK_OK(sys_close(s->worker[i]));
	for (i = 0; i < s->nr_vcpus; i++)
		vcpu_close(&s->vcpu[i]);
	vm_close(&s->vm);
}

void smp_start(struct smp *s, unsigned int id, u64 pc)
{
	set_reg(&s->vcpu[id], REG_PC, pc);
	CHECK_OK(__mp_state(s->vcpu[id].fd, VMXL_MP_RUNNABLE));
}

/* Threads: what failed, or NULL */
struct seat {
	struct smp *smp;
	unsigned int nr;
};

static void *run_vcpu(void *arg)
{
	struct seat *seat = arg;
	struct vcpu *vcpu = &seat->smp->vcpu[seat->nr];

	while (__vcpu_run(vcpu) < 0)
		if (errno != EINTR)
			return "RUN failed";
	return vcpu->run->exit_reason == VMXL_EXIT_MMIO ? NULL : "an exit that is none of MMIO";
}

static bool all_done(struct smp *s)
{
	return __atomic_load_n(&s->nr_done, __ATOMIC_ACQUIRE) == s->nr_running;
}

static void *run_worker(void *arg)
{
	struct seat *seat = arg;
	struct smp *s = seat->smp;
	int id;

	while (!all_done(s)) {
		id = sys_ioctl(s->worker[seat->nr], VMXL_RUN, 0);
		if (id < 0 && errno == EINTR)
			continue;
		if (id < 0)
			return "RUN failed";
		if (s->vcpu[id].run->exit_reason != VMXL_EXIT_MMIO)
			return "an exit that is none of MMIO";
		if (__mp_state(s->vcpu[id].fd, VMXL_MP_STOPPED))
			return "the vCPU cannot be stopped";
		__atomic_fetch_add(&s->nr_done, 1, __ATOMIC_RELEASE);
	}
	/* Who sees that wakes those that have nothing to do. */
	for (id = 0; id < (int)s->nr_workers; id++)
		sys_ioctl(s->worker[id], VMXL_KICK_WORKER, 0);
	return NULL;
}

void smp_run(struct smp *s, unsigned int nr)
{
	unsigned int i, nr_threads = s->nr_workers ? s->nr_workers : nr;
	const char *why = NULL;
	pthread_t thread[SMP_MAX];
	struct seat seat[SMP_MAX];
	void *failed;

	s->nr_running = nr;
	s->nr_done = 0;
	for (i = 0; i < nr_threads; i++) {
		seat[i] = (struct seat){ s, i };
		CHECK(!pthread_create(&thread[i], NULL, s->nr_workers ? run_worker : run_vcpu,
				      &seat[i]));
	}
	for (i = 0; i < nr_threads; i++) {
		pthread_join(thread[i], &failed);
		why = failed ? failed : why;
	}
	if (why)
		FAIL("%s", why);
}
