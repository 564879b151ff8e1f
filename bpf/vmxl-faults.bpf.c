// SPDX-License-Identifier: GPL-2.0
/*
 * Exceptions and interrupts that guests take, by their own cause.
 */
#include "vmxl.bpf.h"

ON(vmxl_trap, trap)
{
	count(ev->vm, ev->vcpu, ev->cause, 0);
}
