// SPDX-License-Identifier: GPL-2.0
/*
 * SBI's steal-time accounting (SBI 2.0, chapter 16): 64 bytes of guest memory say
 * for how long the hart could have run and did not. They are brought up to
 * date before guest code runs again, so a guest that looks sees all of it.
 */
#include <linux/kernel.h>
#include <linux/srcu.h>
#include <asm/byteorder.h>
#include "sbi.h"

struct sta_shmem {
	__le32 sequence;	/* odd while steal is written */
	__le32 flags;
	__le64 steal;		/* ns */
	u8 preempted;
	u8 pad[47];
};

static_assert(sizeof(struct sta_shmem) == RV_STA_SIZE);

/* From now on, to @gpa */
static void begin(struct vmxl_vcpu *vcpu, u64 gpa)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);

	a->sta = gpa;
	a->sta_seen = vmxl_vcpu_stolen(vcpu);
	a->sta_preempted = false;
}

/* FID 0: the address's halves, or ~0 twice for an end; flags */
enum vmxl_act vmxl_rv64_sbi_sta(struct sbi_call *c)
{
	static const struct sta_shmem zero;
	u64 gpa = c->arg[0];
	int ret;

	if (c->arg[2] || (gpa != RV_STA_OFF && !IS_ALIGNED(gpa, RV_STA_SIZE))) {
		c->ret.error = SBI_ERR_INVALID_PARAM;
		return VMXL_ACT_NEXT;
	}
	if (gpa == RV_STA_OFF && c->arg[1] == RV_STA_OFF) {
		rv_arch(c->vcpu)->sta = RV_STA_OFF;
		return VMXL_ACT_NEXT;
	}
	/* One page: all of it is written, or nothing. */
	ret = c->arg[1] || gpa == RV_STA_OFF ? -ENXIO :
	      vmxl_gpa_write(c->vcpu->vm, gpa, &zero, sizeof(zero));
	if (ret)
		c->ret.error = ret == -EFAULT ? SBI_ERR_FAILED : SBI_ERR_INVALID_ADDRESS;
	else
		begin(c->vcpu, gpa);
	return VMXL_ACT_NEXT;
}

static int write_steal(struct vmxl_vcpu *vcpu, u64 more)
{
	u64 gpa = rv_arch(vcpu)->sta;
	struct sta_shmem s;
	u32 sequence;
	int ret = vmxl_gpa_read(vcpu->vm, gpa, &s, offsetof(struct sta_shmem, pad));

	if (ret)
		return ret;
	sequence = le32_to_cpu(s.sequence) | 1;
	s.sequence = cpu_to_le32(sequence);
	ret = vmxl_gpa_write(vcpu->vm, gpa, &s.sequence, sizeof(s.sequence));
	if (ret)
		return ret;
	smp_wmb();	/* odd, then the value, then even: a reader on another hart looks at it twice */
	s.steal = cpu_to_le64(le64_to_cpu(s.steal) + more);
	s.preempted = 0;
	ret = vmxl_gpa_write(vcpu->vm, gpa + offsetof(struct sta_shmem, steal), &s.steal,
			     offsetof(struct sta_shmem, pad) - offsetof(struct sta_shmem, steal));
	smp_wmb();	/* as above */
	s.sequence = cpu_to_le32(sequence + 1);
	return ret ?: vmxl_gpa_write(vcpu->vm, gpa, &s.sequence, sizeof(s.sequence));
}

/**
 * vmxl_rv64_sta_update() - tell the guest what was stolen
 * @vcpu: a hart that goes on, with a shared memory
 *
 * Memory that is not there any more ends it, as with KVM.
 * Context: the hart's thread, within vm->srcu.
 */
void vmxl_rv64_sta_update(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	u64 stolen = vmxl_vcpu_stolen(vcpu);

	if (likely(stolen == a->sta_seen && !a->sta_preempted))
		return;
	if (write_steal(vcpu, stolen - a->sta_seen))
		a->sta = RV_STA_OFF;
	a->sta_seen = stolen;
	a->sta_preempted = false;
}

/**
 * vmxl_rv64_preempted() - a hart that could go on gives its worker up
 * @vcpu: the hart
 *
 * Context: who runs it, vcpu->mutex held.
 */
void vmxl_rv64_preempted(struct vmxl_vcpu *vcpu)
{
	struct vmxl_rv64_vcpu *a = rv_arch(vcpu);
	const u8 yes = 1;
	int idx;

	if (likely(a->sta == RV_STA_OFF) || rv_halted(vcpu))
		return;
	idx = srcu_read_lock(&vcpu->vm->srcu);
	a->sta_preempted = !vmxl_gpa_write(vcpu->vm,
					   a->sta + offsetof(struct sta_shmem, preempted), &yes, 1);
	srcu_read_unlock(&vcpu->vm->srcu, idx);
}

/* ONE_REG: where it is told, or RV_STA_OFF. What has been told is in guest memory. */
int vmxl_rv64_sta_get(struct vmxl_vcpu *vcpu, u32 index, u64 *val)
{
	if (index != VMXL_RV64_SBI_STA_SHMEM || !rv_firmware(vcpu))
		return -ENOENT;
	*val = rv_arch(vcpu)->sta;
	return 0;
}

int vmxl_rv64_sta_set(struct vmxl_vcpu *vcpu, u32 index, u64 val)
{
	if (index != VMXL_RV64_SBI_STA_SHMEM || !rv_firmware(vcpu))
		return -ENOENT;
	if (val != RV_STA_OFF && !IS_ALIGNED(val, RV_STA_SIZE))
		return -EINVAL;
	begin(vcpu, val);
	/* The memory may still say so, of where it was saved. */
	rv_arch(vcpu)->sta_preempted = true;
	return 0;
}

int vmxl_rv64_sta_next(struct vmxl_vcpu *vcpu, u32 index)
{
	return rv_firmware(vcpu) && index <= VMXL_RV64_SBI_STA_SHMEM ? VMXL_RV64_SBI_STA_SHMEM : -1;
}
