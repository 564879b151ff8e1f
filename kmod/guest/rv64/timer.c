// SPDX-License-Identifier: GPL-2.0
/*
 * A hart's clock as code reads it, and its supervisor timer: stimecmp of Sstc, which SBI's
 * set_timer writes as well. An hrtimer raises STI in the hart's lines.
 */
#include "../../compat.h"
#include "../../trace.h"
#include "csr.h"
#include "rv64.h"

static enum hrtimer_restart timer_fires(struct hrtimer *timer)
{
	struct vmxl_rv64_vcpu *a = container_of(timer, struct vmxl_rv64_vcpu, timer);

	if (vmxl_rv_timer_early(a->vcpu->vm, timer, a->deadline))
		return HRTIMER_RESTART;
	trace_vmxl_timer(a->vcpu);
	set_bit(RV_IRQ_STI, &a->lines);
	vmxl_vcpu_kick(a->vcpu);
	return HRTIMER_NORESTART;
}

void vmxl_rv64_timer_init(struct vmxl_vcpu *vcpu)
{
	hrtimer_setup(&rv_arch(vcpu)->timer, timer_fires, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
}

/* Whether STIP shows the timer: else M-mode writes it. */
bool vmxl_rv64_timer_on(struct vmxl_vcpu *vcpu)
{
	return rv_firmware(vcpu) || (vmxl_rv64_menvcfg(vcpu) & RV_ENVCFG_STCE);
}

/* After stimecmp, menvcfg.STCE or the clock have changed. Context: the vCPU's thread. */
void vmxl_rv64_timer_update(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	ktime_t when = KTIME_MAX;

	hrtimer_cancel(&a->timer);
	vmxl_clock_check(&vcpu->vm->clock);
	a->deadline = READ_ONCE(rv_regs(vcpu)->stimecmp);
	if (vmxl_rv64_timer_on(vcpu))
		when = vmxl_rv_tick_to_ktime(vcpu->vm, a->deadline);
	if (when == 0)
		set_bit(RV_IRQ_STI, &a->lines);
	else
		clear_bit(RV_IRQ_STI, &a->lines);
	if (when != 0 && when != KTIME_MAX)
		hrtimer_start(&a->timer, when, HRTIMER_MODE_ABS);
	vmxl_rv64_irq_check(vcpu);
}

/**
 * vmxl_rv64_time_update() - bring up to date what code reads the clock by
 * @vcpu: the vCPU
 *
 * Who changes the clock kicks the vCPU. Context: the thread that is to execute the code.
 */
void vmxl_rv64_time_update(struct vmxl_vcpu *vcpu)
{
	const struct vmxl_clock *c = &vcpu->vm->clock;
	struct vmxl_rv64_regs *r = rv_regs(vcpu);

	r->time_on = vmxl_clock_readable(c) ? BIT(RV_CSR_TIME & 31) : 0;
	r->time_base = c->base;
	r->time_mult = READ_ONCE(c->mult);
	r->time_offset = READ_ONCE(vcpu->vm->tick_offset);
}
