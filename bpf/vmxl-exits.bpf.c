// SPDX-License-Identifier: GPL-2.0
/*
 * Returns of VMXL_RUN by reason, and how long it had run.
 */
#include "vmxl.bpf.h"

ON(vmxl_exit, exit)
{
	count(ev->vm, ev->vcpu, ev->reason, ev->ns);
}
