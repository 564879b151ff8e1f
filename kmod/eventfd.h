/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Eventfds of a VM: irqfds (a signal raises an interrupt) and ioeventfds (a
 * guest's store signals).
 */
#ifndef VMXL_EVENTFD_H
#define VMXL_EVENTFD_H

#include <linux/types.h>

struct vmxl_ioeventfd;
struct vmxl_irqfd;
struct vmxl_vm;

int vmxl_eventfd_init(void);
void vmxl_eventfd_exit(void);

int vmxl_irqfd_call(struct vmxl_vm *vm, const struct vmxl_irqfd *args);
int vmxl_ioeventfd_call(struct vmxl_vm *vm, const struct vmxl_ioeventfd *args);

void vmxl_irq_resample(struct vmxl_vm *vm, u32 gsi);

/* The VM's descriptor was closed: no irqfd is left, and no new one can come. */
void vmxl_irqfds_release(struct vmxl_vm *vm);
/* The VM goes; its bus is gone. */
void vmxl_ioeventfds_destroy(struct vmxl_vm *vm);

#endif /* VMXL_EVENTFD_H */
