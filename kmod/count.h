/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Live objects by kind, for the whole module: what is left at unload is a leak.
 */
#ifndef VMXL_COUNT_H
#define VMXL_COUNT_H

#include <linux/atomic.h>

#define VMXL_COUNTS(X)		\
	X(VM, "VMs")		\
	X(VCPU, "vCPUs")	\
	X(SLOT, "memory slots")	\
	X(PIN, "pinned pages")	\
	X(DEVICE, "devices")	\
	X(IRQFD, "irqfds")	\
	X(IOEVENTFD, "ioeventfds") \
	X(BLOCK, "blocks")	\
	X(MAPS, "sets of mappings")

#define X(id, text) VMXL_COUNT_##id,
enum vmxl_count { VMXL_COUNTS(X) VMXL_COUNT_NR };
#undef X

/* main.c */
extern atomic_long_t vmxl_counts[VMXL_COUNT_NR];

static inline void vmxl_count_add(enum vmxl_count kind, long n)
{
	atomic_long_add(n, &vmxl_counts[kind]);
}

#endif /* VMXL_COUNT_H */
