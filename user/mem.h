/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory as the launcher sees it: a few slots, each a mapping of this
 * process. Every address that comes from the guest goes through mem_at().
 */
#ifndef VMXL_USER_MEM_H
#define VMXL_USER_MEM_H

#include "util.h"

#define MEM_MAX_SLOTS	4

struct mem_slot {
	u64 gpa;
	u64 size;
	u8 *hva;
};

struct guest_mem {
	struct mem_slot slots[MEM_MAX_SLOTS];
	unsigned int nr_slots;
	bool has_vm;		/* whose descriptor @vm_fd is */
	int vm_fd;
};

/* Maps fresh zeroed memory and appends it as a slot. */
int mem_add(struct guest_mem *mem, u64 gpa, u64 size);
void mem_free(struct guest_mem *mem);

/* Where [gpa, gpa + len) is, or NULL if not all of it lies in one slot. */
void *mem_at(const struct guest_mem *mem, u64 gpa, u64 len);

/* A device has written to memory, at an address that mem_at() gave: code goes with it. */
void mem_written(const struct guest_mem *mem, const void *hva, u64 len);

#endif
