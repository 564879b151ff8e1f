/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a tool's two halves share: cells of counts by VM, vCPU and something that
 * is the tool's own. The kernel's half adds, the other one reads.
 */
#ifndef VMXL_BPF_VMXL_H
#define VMXL_BPF_VMXL_H

#include <linux/types.h>

#define VMXL_SLOTS	32	/* of a histogram: slot n is 2^n ns and up */
#define VMXL_CELLS	16384	/* cells at most */
#define VMXL_NO_VCPU	0xffffffffU

struct vmxl_key {
	__u32 vm;
	__u32 vcpu;		/* VMXL_NO_VCPU: of the VM */
	__u64 what;
};

struct vmxl_cell {
	__u64 count;
	__u64 ns, max_ns;
	__u64 bytes, host_bytes;
	__u64 hist[VMXL_SLOTS];
};

#endif
