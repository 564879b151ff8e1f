// SPDX-License-Identifier: GPL-2.0
/*
 * A hart's supervisor timer: stimecmp of Sstc, which SBI's set_timer writes
 * as well. An hrtimer raises STI in the hart's lines.
 */
#include "../../compat.h"
#include "../../trace.h"
#include "rv64.h"

static enum hrtimer_restart timer_fires(struct hrtimer *timer)
{
	struct vmxl_rv64_vcpu *a = container_of(timer, struct vmxl_rv64_vcpu, timer);

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
	if (vmxl_rv64_timer_on(vcpu))
		when = vmxl_rv_tick_to_ktime(vcpu->vm, rv_regs(vcpu)->stimecmp);
	if (when == 0)
		set_bit(RV_IRQ_STI, &a->lines);
	else
		clear_bit(RV_IRQ_STI, &a->lines);
	if (when != 0 && when != KTIME_MAX)
		hrtimer_start(&a->timer, when, HRTIMER_MODE_ABS);
	vmxl_rv64_irq_check(vcpu);
}
