/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vCPUs that run together, with a thread each or on workers, until each has stored to
 * a device.
 */
#ifndef SELFTESTS_SMP_H
#define SELFTESTS_SMP_H

#include "lib.h"

#define SMP_MAX	256

struct smp {
	struct vm vm;
	struct vcpu vcpu[SMP_MAX];
	unsigned int nr_vcpus;
	unsigned int nr_workers;	/* 0: a thread for each vCPU */
	int worker[SMP_MAX];
	unsigned int nr_running;	/* of smp_run() */
	unsigned int nr_done;
};

/* A VM with RAM and stopped vCPUs */
void smp_new(struct smp *s, unsigned int nr_vcpus, unsigned int nr_workers);
/* The same of another VM, which is closed with the rest */
void smp_new_vm(struct smp *s, const struct vm *vm, unsigned int nr_vcpus, unsigned int nr_workers);
void smp_close(struct smp *s);
/* A vCPU starts at @pc in the next smp_run(). */
void smp_start(struct smp *s, unsigned int id, u64 pc);
/* Run vCPUs 0 to @nr - 1, all started, until each has stored to a device. */
void smp_run(struct smp *s, unsigned int nr);

#endif
