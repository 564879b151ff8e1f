// SPDX-License-Identifier: GPL-2.0
/*
 * The user-space interface as such: ioctl dispatch, capabilities, and the
 * layout of every structure, frozen field by field. In: commands and the
 * tables of the files that take them. Nothing here knows what a call does.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "codegen/code.h"
#include "guest/guest.h"
#include "sched/sched.h"
#include "uabi.h"
#include "vm.h"

/**
 * vmxl_is_zero() - whether reserved fields are zero, as they must be
 * @p: where they are
 * @len: bytes
 *
 * Return: true if they are.
 */
bool vmxl_is_zero(const void *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

/**
 * vmxl_check_owner() - whether the calling process is the one that made the VM
 * @vm: the VM
 *
 * Return: 0 or -EIO.
 */
int vmxl_check_owner(const struct vmxl_vm *vm)
{
	return vm->mm == current->mm ? 0 : -EIO;
}

static long call_row(const struct vmxl_ioctl *row, void *obj, struct vmxl_call *call)
{
	if ((_IOC_DIR(row->cmd) & _IOC_WRITE) &&
	    copy_from_user(&call->d, call->user, _IOC_SIZE(row->cmd)))
		return -EFAULT;
	return row->fn(obj, call);
}

/**
 * vmxl_ioctl_call() - carry out an ioctl
 * @table: what the file understands
 * @nr: rows of @table
 * @obj: handed to the row's function
 * @cmd: command
 * @arg: its argument
 *
 * Return: the function's result; -ENOTTY for an unknown command.
 */
long vmxl_ioctl_call(const struct vmxl_ioctl *table, unsigned int nr, void *obj,
		     unsigned int cmd, unsigned long arg)
{
	struct vmxl_call call = { .val = arg, .user = (void __user *)arg };
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (table[i].cmd == cmd)
			return call_row(&table[i], obj, &call);
	return -ENOTTY;
}

static bool has_guest(u32 isa)
{
	return vmxl_guest_find(isa);
}

/**
 * vmxl_check_extension() - VMXL_CHECK_EXTENSION, on /dev/vmx_xlate and on a VM
 * @cap: VMXL_CAP_*
 *
 * Return: 0 for what there is not, and for what nobody knows.
 */
long vmxl_check_extension(unsigned long cap)
{
	switch (cap) {
	case VMXL_CAP_NR_MEMSLOTS:
		return VMXL_NR_MEMSLOTS;
	case VMXL_CAP_MAX_VCPUS:
		return VMXL_MAX_VCPUS;
	case VMXL_CAP_MAX_WORKERS:
		return VMXL_MAX_WORKERS;
	case VMXL_CAP_ISA_RV64:
		return has_guest(VMXL_ISA_RV64);
	case VMXL_CAP_ISA_A64:
		return has_guest(VMXL_ISA_A64);
	case VMXL_CAP_ISA_X86_64:
		return has_guest(VMXL_ISA_X86_64);
	case VMXL_CAP_USER_MEMORY:
	case VMXL_CAP_FIRMWARE:
	case VMXL_CAP_ONE_REG:
	case VMXL_CAP_IRQ_LINE:
	case VMXL_CAP_IRQFD:
	case VMXL_CAP_IRQFD_RESAMPLE:
	case VMXL_CAP_IOEVENTFD:
	case VMXL_CAP_DEVICE_CTRL:
	case VMXL_CAP_READONLY_MEM:
	case VMXL_CAP_DIRTY_LOG:
	case VMXL_CAP_IMMEDIATE_EXIT:
	case VMXL_CAP_GUEST_DEBUG:
	case VMXL_CAP_MP_STATE:
	case VMXL_CAP_STATS_FD:
	case VMXL_CAP_MEMORY_WRITTEN:
		return 1;
	case VMXL_CAP_CODE_LOG:
		return !!vmxl_host;
	default:
		return 0;
	}
}

/* The layout: struct, size, then member and offset. A change here breaks users. */
#define LAYOUT(s, size)		static_assert(sizeof(struct s) == (size))
#define AT(s, m, off)		static_assert(offsetof(struct s, m) == (off))

LAYOUT(vmxl_create_vm, 56);
AT(vmxl_create_vm, isa, 0);
AT(vmxl_create_vm, flags, 4);
AT(vmxl_create_vm, reserved, 8);

LAYOUT(vmxl_memory_region, 48);
AT(vmxl_memory_region, slot, 0);
AT(vmxl_memory_region, flags, 4);
AT(vmxl_memory_region, guest_phys_addr, 8);
AT(vmxl_memory_region, memory_size, 16);
AT(vmxl_memory_region, userspace_addr, 24);
AT(vmxl_memory_region, reserved, 32);

LAYOUT(vmxl_dirty_log, 16);
AT(vmxl_dirty_log, slot, 0);
AT(vmxl_dirty_log, reserved, 4);
AT(vmxl_dirty_log, bitmap, 8);

LAYOUT(vmxl_memory_range, 16);
AT(vmxl_memory_range, guest_phys_addr, 0);
AT(vmxl_memory_range, size, 8);

LAYOUT(vmxl_irq_level, 8);
AT(vmxl_irq_level, gsi, 0);
AT(vmxl_irq_level, level, 4);

LAYOUT(vmxl_irqfd, 32);
AT(vmxl_irqfd, fd, 0);
AT(vmxl_irqfd, gsi, 4);
AT(vmxl_irqfd, flags, 8);
AT(vmxl_irqfd, resamplefd, 12);
AT(vmxl_irqfd, reserved, 16);

LAYOUT(vmxl_ioeventfd, 64);
AT(vmxl_ioeventfd, datamatch, 0);
AT(vmxl_ioeventfd, addr, 8);
AT(vmxl_ioeventfd, len, 16);
AT(vmxl_ioeventfd, fd, 20);
AT(vmxl_ioeventfd, flags, 24);
AT(vmxl_ioeventfd, reserved, 28);

LAYOUT(vmxl_create_device, 16);
AT(vmxl_create_device, type, 0);
AT(vmxl_create_device, fd, 4);
AT(vmxl_create_device, flags, 8);
AT(vmxl_create_device, reserved, 12);

LAYOUT(vmxl_code_record, 40);
AT(vmxl_code_record, ns, 0);
AT(vmxl_code_record, host, 8);
AT(vmxl_code_record, pc, 16);
AT(vmxl_code_record, host_len, 24);
AT(vmxl_code_record, len, 28);
AT(vmxl_code_record, type, 32);
AT(vmxl_code_record, reserved, 36);

LAYOUT(vmxl_code_log, 32);
AT(vmxl_code_log, records, 0);
AT(vmxl_code_log, nr, 8);
AT(vmxl_code_log, flags, 12);
AT(vmxl_code_log, lost, 16);
AT(vmxl_code_log, reserved, 24);

LAYOUT(vmxl_stats_header, 24);
AT(vmxl_stats_header, flags, 0);
AT(vmxl_stats_header, name_size, 4);
AT(vmxl_stats_header, num_desc, 8);
AT(vmxl_stats_header, id_offset, 12);
AT(vmxl_stats_header, desc_offset, 16);
AT(vmxl_stats_header, data_offset, 20);

LAYOUT(vmxl_stats_desc, 16);
AT(vmxl_stats_desc, flags, 0);
AT(vmxl_stats_desc, exponent, 4);
AT(vmxl_stats_desc, size, 6);
AT(vmxl_stats_desc, offset, 8);
AT(vmxl_stats_desc, bucket_size, 12);
AT(vmxl_stats_desc, name, 16);

LAYOUT(vmxl_device_attr, 24);
AT(vmxl_device_attr, flags, 0);
AT(vmxl_device_attr, group, 4);
AT(vmxl_device_attr, attr, 8);
AT(vmxl_device_attr, addr, 16);

LAYOUT(vmxl_one_reg, 16);
AT(vmxl_one_reg, id, 0);
AT(vmxl_one_reg, addr, 8);

LAYOUT(vmxl_reg_list, 8);
AT(vmxl_reg_list, n, 0);
AT(vmxl_reg_list, reg, 8);

LAYOUT(vmxl_mp_state, 8);
AT(vmxl_mp_state, state, 0);
AT(vmxl_mp_state, reserved, 4);

LAYOUT(vmxl_guest_debug, 32);
AT(vmxl_guest_debug, control, 0);
AT(vmxl_guest_debug, reserved, 4);
AT(vmxl_guest_debug, reserved2, 8);

LAYOUT(vmxl_sched_params, 64);
AT(vmxl_sched_params, policy, 0);
AT(vmxl_sched_params, flags, 4);
AT(vmxl_sched_params, slice_ns, 8);
AT(vmxl_sched_params, period_ns, 16);
AT(vmxl_sched_params, runtime_ns, 24);
AT(vmxl_sched_params, reserved, 32);

LAYOUT(vmxl_sched_vcpu, 64);
AT(vmxl_sched_vcpu, vcpu, 0);
AT(vmxl_sched_vcpu, flags, 4);
AT(vmxl_sched_vcpu, weight, 8);
AT(vmxl_sched_vcpu, cap, 12);
AT(vmxl_sched_vcpu, period_ns, 16);
AT(vmxl_sched_vcpu, runtime_ns, 24);
AT(vmxl_sched_vcpu, workers, 32);
AT(vmxl_sched_vcpu, nodes, 40);
AT(vmxl_sched_vcpu, reserved, 48);

LAYOUT(vmxl_run, 512);
AT(vmxl_run, immediate_exit, 0);
AT(vmxl_run, kick, 1);
AT(vmxl_run, reserved, 2);
AT(vmxl_run, exit_reason, 8);
AT(vmxl_run, flags, 12);
AT(vmxl_run, mmio.phys_addr, 16);
AT(vmxl_run, mmio.data, 24);
AT(vmxl_run, mmio.len, 40);
AT(vmxl_run, mmio.is_write, 44);
AT(vmxl_run, mmio.reserved, 45);
AT(vmxl_run, debug.pc, 16);
AT(vmxl_run, debug.cause, 24);
AT(vmxl_run, debug.reserved, 28);
AT(vmxl_run, system_event.type, 16);
AT(vmxl_run, system_event.ndata, 20);
AT(vmxl_run, system_event.data, 24);
AT(vmxl_run, internal.suberror, 16);
AT(vmxl_run, internal.ndata, 20);
AT(vmxl_run, internal.data, 24);
AT(vmxl_run, riscv_sbi.extension_id, 16);
AT(vmxl_run, riscv_sbi.function_id, 24);
AT(vmxl_run, riscv_sbi.args, 32);
AT(vmxl_run, riscv_sbi.ret, 80);
AT(vmxl_run, padding, 16);

LAYOUT(vmxl_smmu_seg, 16);
AT(vmxl_smmu_seg, iova, 0);
AT(vmxl_smmu_seg, len, 8);

LAYOUT(vmxl_smmu_range, 24);
AT(vmxl_smmu_range, hva, 0);
AT(vmxl_smmu_range, gpa, 8);
AT(vmxl_smmu_range, len, 16);

LAYOUT(vmxl_smmu_lookup, 72);
AT(vmxl_smmu_lookup, sid, 0);
AT(vmxl_smmu_lookup, ssid, 4);
AT(vmxl_smmu_lookup, access, 8);
AT(vmxl_smmu_lookup, flags, 12);
AT(vmxl_smmu_lookup, in, 16);
AT(vmxl_smmu_lookup, out, 24);
AT(vmxl_smmu_lookup, nr_in, 32);
AT(vmxl_smmu_lookup, nr_out, 36);
AT(vmxl_smmu_lookup, done, 40);
AT(vmxl_smmu_lookup, status, 48);
AT(vmxl_smmu_lookup, stag, 52);
AT(vmxl_smmu_lookup, event, 54);
AT(vmxl_smmu_lookup, reserved, 56);

LAYOUT(vmxl_smmu_translation, 64);
AT(vmxl_smmu_translation, sid, 0);
AT(vmxl_smmu_translation, ssid, 4);
AT(vmxl_smmu_translation, access, 8);
AT(vmxl_smmu_translation, flags, 12);
AT(vmxl_smmu_translation, iova, 16);
AT(vmxl_smmu_translation, gpa, 24);
AT(vmxl_smmu_translation, status, 32);
AT(vmxl_smmu_translation, perm, 36);
AT(vmxl_smmu_translation, shift, 40);
AT(vmxl_smmu_translation, stag, 44);
AT(vmxl_smmu_translation, event, 46);
AT(vmxl_smmu_translation, reserved, 48);

LAYOUT(vmxl_smmu_stalled, 16);
AT(vmxl_smmu_stalled, sid, 0);
AT(vmxl_smmu_stalled, stag, 4);
AT(vmxl_smmu_stalled, flags, 8);
AT(vmxl_smmu_stalled, status, 12);

LAYOUT(vmxl_smmu_message, 32);
AT(vmxl_smmu_message, sid, 0);
AT(vmxl_smmu_message, ssid, 4);
AT(vmxl_smmu_message, flags, 8);
AT(vmxl_smmu_message, data, 12);
AT(vmxl_smmu_message, iova, 16);
AT(vmxl_smmu_message, status, 24);
AT(vmxl_smmu_message, reserved, 28);

LAYOUT(vmxl_smmu_ppr, 32);
AT(vmxl_smmu_ppr, sid, 0);
AT(vmxl_smmu_ppr, ssid, 4);
AT(vmxl_smmu_ppr, access, 8);
AT(vmxl_smmu_ppr, flags, 12);
AT(vmxl_smmu_ppr, iova, 16);
AT(vmxl_smmu_ppr, prgi, 24);
AT(vmxl_smmu_ppr, reserved, 28);

LAYOUT(vmxl_smmu_msg, 32);
AT(vmxl_smmu_msg, type, 0);
AT(vmxl_smmu_msg, flags, 4);
AT(vmxl_smmu_msg, sid, 8);
AT(vmxl_smmu_msg, ssid, 12);
AT(vmxl_smmu_msg, addr, 16);
AT(vmxl_smmu_msg, size, 24);
AT(vmxl_smmu_msg, prgi, 28);
AT(vmxl_smmu_msg, resp, 30);

LAYOUT(vmxl_smmu_window, 48);
AT(vmxl_smmu_window, sid, 0);
AT(vmxl_smmu_window, ssid, 4);
AT(vmxl_smmu_window, flags, 8);
AT(vmxl_smmu_window, id, 12);
AT(vmxl_smmu_window, iova, 16);
AT(vmxl_smmu_window, len, 24);
AT(vmxl_smmu_window, hva, 32);
AT(vmxl_smmu_window, reserved, 40);

LAYOUT(vmxl_smmu_window_fault, 32);
AT(vmxl_smmu_window_fault, id, 0);
AT(vmxl_smmu_window_fault, access, 4);
AT(vmxl_smmu_window_fault, status, 8);
AT(vmxl_smmu_window_fault, event, 12);
AT(vmxl_smmu_window_fault, iova, 16);
AT(vmxl_smmu_window_fault, nr, 24);

/* The commands, direction and size included */
#define CMD(c, dir, nr, size)						\
	static_assert((c) == _IOC(dir, VMXL_IOC, nr, size))

CMD(VMXL_GET_API_VERSION, _IOC_NONE, 0x20, 0);
CMD(VMXL_CHECK_EXTENSION, _IOC_NONE, 0x21, 0);
CMD(VMXL_CREATE_VM, _IOC_WRITE, 0x22, 56);
CMD(VMXL_GET_VCPU_MMAP_SIZE, _IOC_NONE, 0x23, 0);
CMD(VMXL_CREATE_VCPU, _IOC_NONE, 0x24, 0);
CMD(VMXL_SET_USER_MEMORY_REGION, _IOC_WRITE, 0x25, 48);
CMD(VMXL_GET_DIRTY_LOG, _IOC_WRITE, 0x26, 16);
CMD(VMXL_IRQ_LINE, _IOC_WRITE, 0x27, 8);
CMD(VMXL_IRQFD, _IOC_WRITE, 0x28, 32);
CMD(VMXL_IOEVENTFD, _IOC_WRITE, 0x29, 64);
CMD(VMXL_CREATE_DEVICE, _IOC_READ | _IOC_WRITE, 0x2a, 16);
CMD(VMXL_GET_CODE_LOG, _IOC_READ | _IOC_WRITE, 0x2b, 32);
CMD(VMXL_GET_STATS_FD, _IOC_NONE, 0x2c, 0);
CMD(VMXL_CREATE_WORKER, _IOC_NONE, 0x2d, 0);
CMD(VMXL_SET_SCHED, _IOC_WRITE, 0x2e, 64);
CMD(VMXL_SET_SCHED_VCPU, _IOC_WRITE, 0x39, 64);
CMD(VMXL_MEMORY_WRITTEN, _IOC_WRITE, 0x2f, 16);
CMD(VMXL_RUN, _IOC_NONE, 0x30, 0);
CMD(VMXL_GET_ONE_REG, _IOC_WRITE, 0x31, 16);
CMD(VMXL_SET_ONE_REG, _IOC_WRITE, 0x32, 16);
CMD(VMXL_GET_REG_LIST, _IOC_READ | _IOC_WRITE, 0x33, 8);
CMD(VMXL_GET_MP_STATE, _IOC_READ, 0x34, 8);
CMD(VMXL_SET_MP_STATE, _IOC_WRITE, 0x35, 8);
CMD(VMXL_SET_GUEST_DEBUG, _IOC_WRITE, 0x36, 32);
CMD(VMXL_USER_EXIT, _IOC_NONE, 0x37, 0);
CMD(VMXL_KICK_WORKER, _IOC_NONE, 0x38, 0);
CMD(VMXL_SET_DEVICE_ATTR, _IOC_WRITE, 0x3a, 24);
CMD(VMXL_GET_DEVICE_ATTR, _IOC_WRITE, 0x3b, 24);
CMD(VMXL_HAS_DEVICE_ATTR, _IOC_WRITE, 0x3c, 24);
CMD(VMXL_SMMU_LOOKUP, _IOC_READ | _IOC_WRITE, 0x48, 72);
CMD(VMXL_SMMU_TRANSLATE, _IOC_READ | _IOC_WRITE, 0x49, 64);
CMD(VMXL_SMMU_STALLED, _IOC_READ | _IOC_WRITE, 0x4a, 16);
CMD(VMXL_SMMU_MESSAGE, _IOC_READ | _IOC_WRITE, 0x4b, 32);
CMD(VMXL_SMMU_PAGE_REQUEST, _IOC_WRITE, 0x4c, 32);
CMD(VMXL_SMMU_NEXT_MSG, _IOC_READ, 0x4d, 32);
CMD(VMXL_SMMU_WINDOW, _IOC_READ | _IOC_WRITE, 0x4e, 48);
CMD(VMXL_SMMU_WINDOW_FAULT, _IOC_READ | _IOC_WRITE, 0x4f, 32);
