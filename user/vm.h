/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual machine: the module's VM, its memory, its vCPUs and their threads,
 * and how it ends. Whatever the guest's instruction set, this is the same.
 */
#ifndef VMXL_USER_VM_H
#define VMXL_USER_VM_H

#include <linux/vmx_xlate.h>
#include <pthread.h>
#include <stdatomic.h>

#include "loop.h"
#include "mem.h"
#include "mmio.h"
#include "smmu.h"

#define VM_DEVICE_PATH	"/dev/vmx_xlate"
#define VM_MAX_CPUS	512

enum vm_outcome {
	VM_RUNNING,
	VM_SHUTDOWN,	/* the guest's wish; vm->status is the exit status */
	VM_RESET,	/* the guest's wish */
	VM_STOPPED,	/* ours: a time-out, a signal, a failure */
};

struct vm;

/* A thread that runs whichever vCPU the module picks */
struct worker {
	struct vm *vm;
	unsigned int index;
	int cpu;		/* of the host; -1: any */
	int fd;
	pthread_t thread;
	bool started;
};

struct vcpu {
	struct vm *vm;
	unsigned int index;
	int fd;
	struct vmxl_run *run;
	size_t run_size;
	pthread_t thread;
	bool started;
	u64 nr_exits[VMXL_EXIT_RISCV_SBI + 1];
};

/* What only the guest's instruction set knows. */
struct vm_isa_ops {
	const char *name;
	u32 isa;
	/* Fills in run->riscv_sbi.ret; NULL where there is no such exit. */
	void (*sbi)(struct vcpu *vcpu);
	/* The registers, on stderr. */
	void (*dump_regs)(struct vcpu *vcpu);
	/* Instructions that the vCPU has executed, 0 if not known. */
	u64 (*insn_count)(struct vcpu *vcpu);
};

struct vm {
	const struct vm_isa_ops *isa;
	void *machine;		/* for the callbacks of isa */
	int sys_fd, fd;
	enum smmu_way smmu;	/* before the virtio devices: smmu_fd; or there is none */
	int smmu_fd;
	struct guest_mem mem;
	struct mmio_bus mmio;
	struct loop *loop;
	struct vcpu *vcpus;
	unsigned int nr_vcpus;
	struct worker *workers;
	unsigned int nr_workers;	/* 0: each vCPU has a thread of its own */
	pthread_mutex_t dump_lock;	/* register dumps do not mix */
	_Atomic(enum vm_outcome) outcome;
	int status;		/* written once, by whoever sets outcome */
};

/* The module's device: a descriptor, or -1 with a message */
int vm_open_module(void);
/* Opens the module, checks its version and makes a VM without memory or vCPUs. */
int vm_create(struct vm *vm, const struct vm_isa_ops *isa, u32 flags, struct loop *loop);
/* Any state of a VM, also half made ones. The threads have ended. */
void vm_destroy(struct vm *vm);

int vm_add_memory(struct vm *vm, u64 gpa, u64 size);
int vm_add_vcpus(struct vm *vm, unsigned int nr);
/* Returns what VMXL_CHECK_EXTENSION says, 0 on an error. */
int vm_check_extension(struct vm *vm, unsigned int cap);

/* A device in the module, put on the bus at gpa; its descriptor, or -1. */
int vm_create_device(struct vm *vm, const char *name, u32 type, u64 gpa);
/* The same in two steps, for attributes that come in between. */
int vm_new_device(struct vm *vm, const char *name, u32 type);
int vm_device_set(int fd, const char *name, u32 group, u64 attr, u64 value);

/* The level of an interrupt line of the in-module controller. */
void vm_irq_line(struct vm *vm, u32 gsi, bool level);
/* A guest's 4 byte write of value to gpa signals the eventfd; else it exits. */
int vm_ioeventfd(struct vm *vm, u64 gpa, u32 value, int eventfd);

/* From any thread; the first call decides. Ends the loop and then vm_run(). */
void vm_stop(struct vm *vm, enum vm_outcome outcome, int status);
/* Starts the vCPUs, runs the loop in this thread, joins the vCPUs. */
int vm_run(struct vm *vm);

static inline bool vm_stopping(struct vm *vm)
{
	return atomic_load(&vm->outcome) != VM_RUNNING;
}

#define SCHED_MAX_RANGES	32

/* What --workers says */
struct worker_options {
	unsigned int nr;		/* 0: a thread for each vCPU */
	bool pin;
};

/* What --sched and --sched-vcpu say */
struct sched_options {
	bool set;		/* params are */
	struct vmxl_sched_params params;
	struct sched_range {
		unsigned int first, last;
		struct vmxl_sched_vcpu limits;
	} ranges[SCHED_MAX_RANGES];
	unsigned int nr_ranges;
};

/* worker.c: an option's value, which is cut to pieces */
int workers_parse(char *text, struct worker_options *opt);
int sched_parse(char *text, struct sched_options *opt);
int sched_parse_vcpu(char *text, struct sched_options *opt);

/* worker.c: before vm_run() */
int vm_add_workers(struct vm *vm, const struct worker_options *opt,
		   const struct sched_options *sched);
int worker_start(struct worker *w);
void worker_kick(struct worker *w);
void worker_join(struct worker *w);
void worker_destroy(struct worker *w);

/* vcpu.c */
int vcpu_create(struct vm *vm, unsigned int index, size_t run_size);
void vcpu_destroy(struct vcpu *vcpu);
int vcpu_start(struct vcpu *vcpu);
/* Has the thread leave RUN, and waits for its end. */
void vcpu_join(struct vcpu *vcpu);
void vcpu_kick(struct vcpu *vcpu);
/* What vcpu->run says is done. */
void vcpu_exit(struct vcpu *vcpu);
/* RUN has failed: -errno of it is looked at, and ends the VM if it must. */
void vcpu_run_failed(struct vcpu *vcpu);
/* A thread that runs vCPUs leaves all signals but the kick and faults to others. */
void vcpu_block_signals(void);
/* Waits a little for a thread to end. Returns whether it has. */
bool vcpu_thread_ended(pthread_t thread);
/* Silent: errno tells. */
int vcpu_get_reg(struct vcpu *vcpu, u64 id, u64 *value);
int vcpu_set_reg(struct vcpu *vcpu, u64 id, u64 value);
int vcpu_set_mp_state(struct vcpu *vcpu, u32 state);
const char *vcpu_exit_name(unsigned int reason);

#endif
