// SPDX-License-Identifier: GPL-2.0
/*
 * kmod/netlink.c's place in a process: VMs have no numbers, and there is nobody
 * to tell of them.
 */
#include "../../kmod/netlink.h"

int vmxl_netlink_init(void)
{
	return 0;
}

void vmxl_netlink_exit(void)
{
}

int vmxl_netlink_add(struct vmxl_vm *vm)
{
	return 0;
}

void vmxl_netlink_del(struct vmxl_vm *vm)
{
}

void vmxl_netlink_vcpu_new(struct vmxl_vcpu *vcpu)
{
}

void vmxl_netlink_left(struct vmxl_vcpu *vcpu, u32 reason)
{
}

void vmxl_netlink_quota(struct vmxl_vm *vm, u64 bytes)
{
}

void vmxl_netlink_throttled(struct vmxl_vm *vm, const struct vmxl_vcpu *vcpu, u64 times)
{
}

void vmxl_netlink_code_cache(struct vmxl_vm *vm)
{
}

u32 vmxl_vm_id(const struct vmxl_vm *vm)
{
	return 0;
}
