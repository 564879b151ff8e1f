// SPDX-License-Identifier: GPL-2.0
/*
 * Returns of VMXL_RUN by reason, and how long it had run.
 */
#include "vmxl.bpf.h"

SEC("tp/vmx_xlate/vmxl_exit")
int on_exit(const struct ev_exit *ev)
{
	count(ev->vm, ev->vcpu, ev->reason, ev->ns);
	return 0;
}
