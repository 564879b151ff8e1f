// SPDX-License-Identifier: GPL-2.0
/*
 * RUN that ends, see bound.h: guest->poll() is wrapped. The run loop calls it
 * at least once in each slice.
 */
#include <signal.h>
#include <sys/time.h>

#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "../../kmod/guest/guest.h"
#include "../../kmod/vm.h"
#include "../shim/internal.h"
#include "bound.h"

#define MAX_POLLS	200
#define MAX_INSNS	20000
#define MAX_USEC	200000

static struct vmxl_guest bounded;
static const struct vmxl_guest *real;
static unsigned int polls;
static u64 first_icount;
static struct vmxl_vcpu *volatile running;
static volatile sig_atomic_t late;	/* translated code does not say what it has executed */

static void *private_of(int fd)
{
	struct file *file = shim_file_get(fd);
	void *priv;

	if (!file)
		return NULL;
	priv = file->private_data;
	fput(file);
	return priv;
}

struct vmxl_vm *fuzz_vm_of(int fd)
{
	return private_of(fd);
}

struct vmxl_vcpu *fuzz_vcpu_of(int fd)
{
	return private_of(fd);
}

static bool would_sleep(struct vmxl_vcpu *vcpu)
{
	return READ_ONCE(vcpu->mp_state) == VMXL_MP_STOPPED ||
	       (real->halted(vcpu) && !real->runnable(vcpu));
}

static enum vmxl_act bounded_poll(struct vmxl_vcpu *vcpu)
{
	enum vmxl_act act = real->poll(vcpu);

	running = vcpu;
	if (!polls++)
		first_icount = vcpu->gs->icount;
	if (act == VMXL_ACT_EXIT)
		return act;
	if (late || polls > MAX_POLLS || vcpu->gs->icount - first_icount > MAX_INSNS) {
		vcpu->run->exit_reason = VMXL_EXIT_INTR;
		return VMXL_ACT_EXIT;
	}
	/* Let it go to sleep, and be woken by a signal. */
	if (would_sleep(vcpu))
		shim_signal(current, false);
	return act;
}

void bound_vm(struct vmxl_vm *vm)
{
	real = vm->guest == &bounded ? real : vm->guest;
	bounded = *real;
	bounded.poll = bounded_poll;
	vm->guest = &bounded;
}

static void kick(int sig)
{
	late = 1;
	if (running)
		WRITE_ONCE(running->run->kick, 1);
}

static void set_alarm(long usec)
{
	struct itimerval when = { .it_interval.tv_usec = usec, .it_value.tv_usec = usec };

	setitimer(ITIMER_VIRTUAL, &when, NULL);
}

void bound_begin(void)
{
	polls = 0;
	late = 0;
	running = NULL;
	signal(SIGVTALRM, kick);
	set_alarm(MAX_USEC);
}

void bound_end(void)
{
	set_alarm(0);
	running = NULL;
}

long fuzz_count(void)
{
	return shim_nr_tracked();
}

/* What goes by RCU, and what threads of the shim hold, may take its time: it is waited for. */
void fuzz_check_leaks(long base)
{
	unsigned int tries = 1000;

	while (fuzz_count() != base && tries--) {
		shim_run_task_works();
		shim_flush_system_wq();
		rcu_barrier();
		if (fuzz_count() != base)
			usleep(1000);
	}
	if (fuzz_count() == base)
		return;
	fprintf(stderr, "fuzz: %ld things are there, not %ld; all of them, the module's own too:\n",
		fuzz_count(), base);
	shim_track_report();
	abort();
}
