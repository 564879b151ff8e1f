/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What host code is made of, as a number: code that was kept elsewhere, in a file or by
 * another VM, is found by it.
 */
#ifndef VMXL_CONTENT_H
#define VMXL_CONTENT_H

#include <linux/types.h>

struct vmxl_block;
struct vmxl_vm;

u64 vmxl_content_key(struct vmxl_vm *vm, const struct vmxl_block *b, u32 passes);

#endif /* VMXL_CONTENT_H */
