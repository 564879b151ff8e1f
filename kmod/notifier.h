/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to guest memory behind the VM's back: the owner unmaps it, gives
 * it back by madvise() or punches a hole into its file, or reclaim wants it. The
 * pages are pinned, so that nobody else gets them; but the guest has to see what
 * its owner sees. So they are let go, and pinned anew when they are next accessed.
 */
#ifndef VMXL_NOTIFIER_H
#define VMXL_NOTIFIER_H

#include <linux/types.h>

struct vmxl_memslot;
struct vmxl_notifier;
struct vmxl_vm;

void vmxl_notifier_init_vm(struct vmxl_vm *vm);
void vmxl_notifier_stop_vm(struct vmxl_vm *vm);
struct vmxl_notifier *vmxl_notifier_create(struct vmxl_vm *vm, struct vmxl_memslot *slot);
void vmxl_notifier_destroy(struct vmxl_notifier *n);

unsigned long vmxl_notifier_begin(struct vmxl_notifier *n);
void vmxl_notifier_end(struct vmxl_notifier *n, unsigned long seq, u64 first, u64 nr);

bool vmxl_notifier_pending(struct vmxl_vm *vm);
void vmxl_notifier_wait(struct vmxl_vm *vm);

#endif /* VMXL_NOTIFIER_H */
