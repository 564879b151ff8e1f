/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every argument that an ioctl passes by pointer. To be included behind the UAPI
 * header, by whichever path that is: the module's dispatcher has it, and tests
 * of all ioctls, some of which see no kernel headers.
 */
#ifndef VMXL_IOCTL_DATA_H
#define VMXL_IOCTL_DATA_H

union vmxl_ioctl_data {
	struct vmxl_create_vm create_vm;
	struct vmxl_memory_region region;
	struct vmxl_dirty_log dirty_log;
	struct vmxl_memory_range range;
	struct vmxl_irq_level irq_level;
	struct vmxl_irqfd irqfd;
	struct vmxl_ioeventfd ioeventfd;
	struct vmxl_create_device create_device;
	struct vmxl_code_log code_log;
	struct vmxl_device_attr attr;
	struct vmxl_one_reg one_reg;
	struct vmxl_reg_list reg_list;
	struct vmxl_mp_state mp_state;
	struct vmxl_guest_debug debug;
	struct vmxl_sched_params sched;
	struct vmxl_sched_vcpu sched_vcpu;
	struct vmxl_smmu_lookup smmu_lookup;
	struct vmxl_smmu_translation smmu_translation;
	struct vmxl_smmu_stalled smmu_stalled;
	struct vmxl_smmu_message smmu_message;
	struct vmxl_smmu_ppr smmu_ppr;
	struct vmxl_smmu_window smmu_window;
	struct vmxl_smmu_window_fault smmu_window_fault;
};

#endif /* VMXL_IOCTL_DATA_H */
