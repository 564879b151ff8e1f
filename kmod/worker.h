/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Workers: threads that run whichever vCPU the scheduler picks. What the rest of
 * the module sees of them.
 */
#ifndef VMXL_WORKER_H
#define VMXL_WORKER_H

#include <linux/types.h>

struct vmxl_sched;
struct vmxl_sched_params;
struct vmxl_sched_vcpu;
struct vmxl_vcpu;
struct vmxl_vm;
struct vmxl_workers;

int vmxl_worker_create_fd(struct vmxl_vm *vm);
int vmxl_workers_set_sched(struct vmxl_vm *vm, const struct vmxl_sched_params *params);
bool vmxl_workers_get_sched(struct vmxl_vm *vm, struct vmxl_sched_params *params);
int vmxl_workers_set_vcpu(struct vmxl_vm *vm, const struct vmxl_sched_vcpu *v);
void vmxl_workers_destroy(struct vmxl_vm *vm);
const struct vmxl_sched *vmxl_workers_sched(const struct vmxl_vm *vm);

/* Nothing, in a VM without workers */
void vmxl_worker_wake(struct vmxl_vcpu *vcpu);
bool vmxl_worker_waits(struct vmxl_vcpu *vcpu, u64 now);
void vmxl_worker_want(struct vmxl_vcpu *vcpu);
void vmxl_worker_unwant(struct vmxl_vcpu *vcpu);
void vmxl_worker_forget(struct vmxl_vcpu *vcpu);
void vmxl_worker_gone(struct vmxl_vcpu *vcpu);

#endif /* VMXL_WORKER_H */
