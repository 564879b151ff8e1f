/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vmxl-tlb counts: hits and misses by access, flushes by what, windows' faults and
 * zaps; and, by address space, what became of look-ups and what its window has.
 */
#ifndef VMXL_BPF_VMXL_TLB_H
#define VMXL_BPF_VMXL_TLB_H

#include <linux/types.h>

enum {
	TLB_MISS = 0, TLB_MISS_NR = 4, TLB_FLUSH = TLB_MISS_NR, TLB_FLUSH_NR = 3,
	TLB_FILL = TLB_FLUSH + TLB_FLUSH_NR, TLB_FILL_NR = 3,
	TLB_ZAP = TLB_FILL + TLB_FILL_NR, TLB_ZAP_NR = 6, TLB_HIT = TLB_ZAP + TLB_ZAP_NR
};

#define TLB_FILLED	0	/* of a window's faults: the TLB had it, it went into the window */
#define TLB_EXEC	2	/* an access that is no look-up: of fetches only misses are seen */
#define TLB_SPACES	16384	/* address spaces at most; of more, the longest unused are lost */
#define TLB_ASID_ALL	0xffffffffU	/* all address spaces': the upper half's window */

struct tlb_space {
	__u32 vm, asid;
};

/**
 * struct tlb_use - what an address space did
 * @hits: look-ups that the TLB answered
 * @misses: those that the guest's page tables did
 * @filled: pages that went into its window
 * @zapped: pages that went from it
 * @live: pages in it now
 * @most: the most that there were
 */
struct tlb_use {
	__u64 hits, misses;
	__u64 filled, zapped;
	__u32 live, most;
};

#endif
