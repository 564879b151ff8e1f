/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of translated code goes back to the system when that is short of it,
 * and to the control group whose it is when that is.
 */
#ifndef VMXL_SHRINK_H
#define VMXL_SHRINK_H

struct vmxl_shrink;
struct vmxl_vm;

int vmxl_shrink_init(void);
void vmxl_shrink_exit(void);

/*
 * From add on until del has returned reclaim may look at the VM's code, from any
 * context that allocates memory and may sleep: neither is called with a lock held.
 */
int vmxl_shrink_add(struct vmxl_vm *vm);
void vmxl_shrink_del(struct vmxl_vm *vm);

#endif /* VMXL_SHRINK_H */
