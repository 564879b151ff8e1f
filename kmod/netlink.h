/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's generic netlink family, by which other processes than a VM's
 * owner see VMs: Documentation/netlink/specs/vmx_xlate.yaml.
 *
 * In: what happens to VMs. Out: answers and events. Nothing here is needed for
 * a VM to work, and no event waits for who listens.
 */
#ifndef VMXL_NETLINK_H
#define VMXL_NETLINK_H

#include <linux/types.h>

struct vmxl_vcpu;
struct vmxl_vm;

int vmxl_netlink_init(void);
void vmxl_netlink_exit(void);

/*
 * A VM that is complete gets a number: 0 or -errno. del: does nothing for one
 * that has none; nobody looks at the VM after that.
 */
int vmxl_netlink_add(struct vmxl_vm *vm);
void vmxl_netlink_del(struct vmxl_vm *vm);

/* Events. Context: may sleep, without any spinlock. */
void vmxl_netlink_vcpu_new(struct vmxl_vcpu *vcpu);
/* RUN ended for something that is not everyday: VMXL_EXIT_SYSTEM_EVENT, INTERNAL_ERROR */
void vmxl_netlink_left(struct vmxl_vcpu *vcpu, u32 reason);
/* @bytes of memory were refused to the VM. */
void vmxl_netlink_quota(struct vmxl_vm *vm, u64 bytes);
/* Blocks were given up; told at most once a second. */
void vmxl_netlink_code_cache(struct vmxl_vm *vm);

/* A quota of run time is used up, @vcpu's or the VM's; told at most once a second. */
void vmxl_netlink_throttled(struct vmxl_vm *vm, const struct vmxl_vcpu *vcpu, u64 times);

/* The VM's number, or 0 */
u32 vmxl_vm_id(const struct vmxl_vm *vm);

#endif /* VMXL_NETLINK_H */
