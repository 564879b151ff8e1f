// SPDX-License-Identifier: GPL-2.0
/*
 * A vCPU: its descriptor, its thread and its exits.
 *
 * A thread leaves RUN for good in one way: somebody called vm_stop(), and
 * vcpu_kick() set immediate_exit and sent SIGUSR1. immediate_exit covers a
 * signal that comes before RUN; the signal covers a vCPU that is in RUN.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "sys.h"
#include "vm.h"

#define KICK_SIGNAL	SIGUSR1
#define KICK_PERIOD_NS	20000000
#define JOIN_LIMIT_NS	5000000000ULL

int vcpu_create(struct vm *vm, unsigned int index, size_t run_size)
{
	struct vcpu *vcpu = &vm->vcpus[index];

	vcpu->vm = vm;
	vcpu->index = index;
	vcpu->fd = sys_ioctl(vm->fd, VMXL_CREATE_VCPU, index);
	if (vcpu->fd < 0)
		return error_errno("creating vCPU %u", index);
	vcpu->run = sys_mmap(run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED) {
		error_errno("mapping vCPU %u", index);
		sys_close(vcpu->fd);
		return -1;
	}
	vcpu->run_size = run_size;
	return 0;
}

void vcpu_destroy(struct vcpu *vcpu)
{
	sys_munmap(vcpu->run, vcpu->run_size);
	sys_close(vcpu->fd);
}

int vcpu_get_reg(struct vcpu *vcpu, u64 id, u64 *value)
{
	struct vmxl_one_reg args = { .id = id, .addr = (uintptr_t)value };

	return sys_ioctl(vcpu->fd, VMXL_GET_ONE_REG, (unsigned long)&args);
}

int vcpu_set_reg(struct vcpu *vcpu, u64 id, u64 value)
{
	struct vmxl_one_reg args = { .id = id, .addr = (uintptr_t)&value };

	return sys_ioctl(vcpu->fd, VMXL_SET_ONE_REG, (unsigned long)&args);
}

int vcpu_set_mp_state(struct vcpu *vcpu, u32 state)
{
	struct vmxl_mp_state args = { .state = state };

	return sys_ioctl(vcpu->fd, VMXL_SET_MP_STATE, (unsigned long)&args);
}

static const char *internal_error_name(u32 suberror)
{
	switch (suberror) {
	case VMXL_INTERNAL_ERROR_FETCH: return "no memory behind the program counter";
	case VMXL_INTERNAL_ERROR_HVA: return "the memory behind a slot could not be had";
	case VMXL_INTERNAL_ERROR_TRANSLATE: return "translation failed";
	case VMXL_INTERNAL_ERROR_MMIO: return "a device access that cannot be carried out";
	default: return "of a kind that this launcher does not know";
	}
}

/* The VM cannot go on: say why and where, end it. */
static void vcpu_fail(struct vcpu *vcpu, const char *why)
{
	struct vm *vm = vcpu->vm;

	if (vm_stopping(vm))
		return;
	pthread_mutex_lock(&vm->dump_lock);
	error("vCPU %u: internal error: %s", vcpu->index, why);
	vm->isa->dump_regs(vcpu);
	pthread_mutex_unlock(&vm->dump_lock);
	vm_stop(vm, VM_STOPPED, STATUS_INTERNAL);
}

static void exit_mmio(struct vcpu *vcpu)
{
	struct vmxl_run *run = vcpu->run;

	mmio_access(&vcpu->vm->mmio, run->mmio.phys_addr, run->mmio.data, run->mmio.len,
		    run->mmio.is_write);
}

/* A signal: the thread's loop looks whether it is to end. */
static void exit_intr(struct vcpu *vcpu)
{
	(void)vcpu;
}

static void exit_system_event(struct vcpu *vcpu)
{
	struct vm *vm = vcpu->vm;
	u64 reason = vcpu->run->system_event.ndata ? vcpu->run->system_event.data[0] : 0;

	switch (vcpu->run->system_event.type) {
	case VMXL_SYSTEM_EVENT_SHUTDOWN:
		verbose("shutdown, the guest's reason %llu", (unsigned long long)reason);
		vm_stop(vm, VM_SHUTDOWN, reason ? STATUS_FAIL : STATUS_OK);
		break;
	case VMXL_SYSTEM_EVENT_RESET:
		verbose("reset, type %llu", (unsigned long long)reason);
		vm_stop(vm, VM_RESET, STATUS_OK);
		break;
	case VMXL_SYSTEM_EVENT_SUSPEND:
		/* RUN waits for an interrupt that the guest has enabled: its clock's, a device's. */
		verbose("suspend: the guest sleeps until an interrupt wakes it");
		break;
	default:
		vcpu_fail(vcpu, "unknown system event");
	}
}

static void exit_internal(struct vcpu *vcpu)
{
	struct vmxl_run *run = vcpu->run;
	char why[128];

	snprintf(why, sizeof(why), "%s (suberror %u, address 0x%llx)",
		 internal_error_name(run->internal.suberror), run->internal.suberror,
		 run->internal.ndata > 1 ? (unsigned long long)run->internal.data[1] : 0);
	vcpu_fail(vcpu, why);
}

static void exit_debug(struct vcpu *vcpu)
{
	vcpu_fail(vcpu, "debug exit, but nobody debugs");
}

static void exit_unknown(struct vcpu *vcpu)
{
	vcpu_fail(vcpu, "unknown exit");
}

static void exit_sbi(struct vcpu *vcpu)
{
	if (vcpu->vm->isa->sbi)
		vcpu->vm->isa->sbi(vcpu);
	else
		exit_unknown(vcpu);
}

static const struct {
	const char *name;
	void (*handle)(struct vcpu *vcpu);
} exits[] = {
	[VMXL_EXIT_UNKNOWN]		= { "unknown", exit_unknown },
	[VMXL_EXIT_MMIO]		= { "mmio", exit_mmio },
	[VMXL_EXIT_INTR]		= { "interrupted", exit_intr },
	[VMXL_EXIT_DEBUG]		= { "debug", exit_debug },
	[VMXL_EXIT_SYSTEM_EVENT]	= { "system event", exit_system_event },
	[VMXL_EXIT_INTERNAL_ERROR]	= { "internal error", exit_internal },
	[VMXL_EXIT_RISCV_SBI]		= { "sbi", exit_sbi },
};

_Static_assert(ARRAY_SIZE(exits) == ARRAY_SIZE(((struct vcpu *)0)->nr_exits), "exit counters");

const char *vcpu_exit_name(unsigned int reason)
{
	return reason < ARRAY_SIZE(exits) ? exits[reason].name : "?";
}

void vcpu_run_failed(struct vcpu *vcpu)
{
	char why[64];

	if (errno == EINTR || errno == EAGAIN) {
		vcpu->nr_exits[VMXL_EXIT_INTR]++;
		return;
	}
	snprintf(why, sizeof(why), "RUN: %s", strerror(errno));
	vcpu_fail(vcpu, why);
}

void vcpu_exit(struct vcpu *vcpu)
{
	u32 reason = vcpu->run->exit_reason;

	if (reason >= ARRAY_SIZE(exits))
		reason = VMXL_EXIT_UNKNOWN;
	vcpu->nr_exits[reason]++;
	exits[reason].handle(vcpu);
}

/* The other signals are the main thread's. */
void vcpu_block_signals(void)
{
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, KICK_SIGNAL);
	sigdelset(&set, SIGSEGV);
	sigdelset(&set, SIGBUS);
	sigdelset(&set, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
}

static void *vcpu_thread(void *opaque)
{
	struct vcpu *vcpu = opaque;
	char name[16];

	snprintf(name, sizeof(name), "vcpu%u", vcpu->index);
	pthread_setname_np(pthread_self(), name);
	vcpu_block_signals();
	while (!vm_stopping(vcpu->vm)) {
		if (sys_ioctl(vcpu->fd, VMXL_RUN, 0) < 0)
			vcpu_run_failed(vcpu);
		else
			vcpu_exit(vcpu);
	}
	return NULL;
}

static void on_kick(int sig)
{
	(void)sig;
}

int vcpu_start(struct vcpu *vcpu)
{
	struct sigaction sa = { .sa_handler = on_kick };

	sigaction(KICK_SIGNAL, &sa, NULL);
	errno = pthread_create(&vcpu->thread, NULL, vcpu_thread, vcpu);
	if (errno)
		return error_errno("starting vCPU %u", vcpu->index);
	vcpu->started = true;
	return 0;
}

void vcpu_kick(struct vcpu *vcpu)
{
	if (!vcpu->started)
		return;
	__atomic_store_n(&vcpu->run->immediate_exit, 1, __ATOMIC_RELEASE);
	pthread_kill(vcpu->thread, KICK_SIGNAL);
}

bool vcpu_thread_ended(pthread_t thread)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += KICK_PERIOD_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return !pthread_timedjoin_np(thread, NULL, &until);
}

/*
 * Kicks again for a thread that was in a device model when the signal came. One
 * that never comes back (its output is read by nobody) must not keep the rest
 * of the process: exit() needs no thread's consent.
 */
void vcpu_join(struct vcpu *vcpu)
{
	u64 deadline = now_ns() + JOIN_LIMIT_NS;

	while (vcpu->started) {
		if (vcpu_thread_ended(vcpu->thread)) {
			vcpu->started = false;
		} else if (now_ns() > deadline) {
			error("vCPU %u does not stop", vcpu->index);
			exit(vcpu->vm->status);
		} else {
			vcpu_kick(vcpu);
		}
	}
}
