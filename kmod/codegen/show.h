/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A block of a VM that runs, copied for those who want to look at it.
 */
#ifndef VMXL_SHOW_H
#define VMXL_SHOW_H

#include <linux/types.h>

struct vmxl_vm;

#define VMXL_SHOW_GUEST	256	/* bytes of guest code: 64 instructions */
#define VMXL_SHOW_HOST	16384	/* of host code, at most */

/**
 * struct vmxl_show - a block
 * @flags: of its key, what it was translated for
 * @gpa: guest physical address of its first byte
 * @len: bytes of guest code that it is of
 * @guest_len: bytes from @gpa on that are in @guest_code, more if there are
 * @host: address of its host code in the owner's address space; 0: it has none
 * @entry: where in that it is entered
 * @host_len: bytes of it that are in @host_code
 */
struct vmxl_show {
	u32 flags;
	u64 gpa;
	u32 len, guest_len;
	u64 host;
	u32 entry, host_len;
	u8 guest_code[VMXL_SHOW_GUEST];
	u8 host_code[VMXL_SHOW_HOST];
};

int vmxl_block_show(struct vmxl_vm *vm, u64 pc, struct vmxl_show *s);

#endif /* VMXL_SHOW_H */
