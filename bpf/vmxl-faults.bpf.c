// SPDX-License-Identifier: GPL-2.0
/*
 * Exceptions and interrupts that guests take, by their own cause.
 */
#include "vmxl.bpf.h"

SEC("tp/vmx_xlate/vmxl_trap")
int on_trap(const struct ev_trap *ev)
{
	count(ev->vm, ev->vcpu, ev->cause, 0);
	return 0;
}
