/* SPDX-License-Identifier: GPL-2.0 */
/* What vmxl-tlb counts: misses by access, flushes by what, windows' faults and zaps */
#ifndef VMXL_BPF_VMXL_TLB_H
#define VMXL_BPF_VMXL_TLB_H

enum {
	TLB_MISS = 0, TLB_MISS_NR = 4, TLB_FLUSH = TLB_MISS_NR, TLB_FLUSH_NR = 3,
	TLB_FILL = TLB_FLUSH + TLB_FLUSH_NR, TLB_FILL_NR = 3,
	TLB_ZAP = TLB_FILL + TLB_FILL_NR, TLB_ZAP_NR = 6
};

#endif
