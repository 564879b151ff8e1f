/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An Arm SMMUv3 (IHI 0070) as a device of the VM, whatever the guest's
 * instruction set. In: the guest's registers, and its tables and queues in
 * guest memory; out: for each access of a device a guest physical address, or
 * what becomes of the access. Documentation/smmuv3.rst tells what it is.
 *
 * Guest memory is read and written by vmxl_gpa_map() and its kin only, so
 * every function here that may touch it is for the VM's owner's process
 * context, within vm->srcu, without a spinlock.
 */
#ifndef VMXL_SMMU_H
#define VMXL_SMMU_H

#include <linux/mm_types.h>
#include <linux/types.h>
#include <uapi/linux/vmx_xlate.h>

struct vm_fault;
struct vmxl_smmu;
struct vmxl_vm;

/* The device's registers: two pages of 64 KiB, then two of its counter group */
#define VMXL_SMMU_PAGE1		0x10000
#define VMXL_SMMU_PMCG		0x20000
#define VMXL_SMMU_PMCG_PAGE1	0x30000
#define VMXL_SMMU_SIZE		0x40000

/**
 * struct vmxl_smmu_req - an access of a device
 * @sid: StreamID
 * @ssid: SubstreamID (PASID), of VMXL_SMMU_SSV
 * @iova: its address, all 64 bits
 * @access: VMXL_SMMU_READ and so on
 * @flags: VMXL_SMMU_SSV and so on
 */
struct vmxl_smmu_req {
	u32 sid;
	u32 ssid;
	u64 iova;
	u32 access;
	u32 flags;
};

/**
 * struct vmxl_smmu_res - what becomes of it
 * @status: the verdict; of ATS, how a request is answered
 * @gpa: of VMXL_SMMU_OK: guest physical address of @iova
 * @perm: of VMXL_SMMU_OK: VMXL_SMMU_READ, _WRITE, _EXEC that the access's
 *	privilege has here
 * @shift: of VMXL_SMMU_OK: what holds for @iova holds for the naturally aligned
 *	1 << @shift bytes around it
 * @event: event that was recorded, or would have been were there room in the
 *	queue; 0: none
 * @stag: of VMXL_SMMU_STALL
 */
struct vmxl_smmu_res {
	enum vmxl_smmu_status status;
	u32 perm;
	u64 gpa;
	u32 shift;
	u16 stag;
	u8 event;
};

/**
 * struct vmxl_smmu_stats - what it did, for tests and for debugging
 * @miss: translations that were not in the TLB
 * @walk: of these, those that a table walk answered, faults included
 * @walk_cached: walks that began at a cached last-level table
 * @desc_read: translation table descriptors read
 * @cfg_miss: configurations not in the cache
 * @cfg_read: STEs, CDs and their level 1 descriptors read
 * @fill: TLB entries made
 * @evict: TLB entries that made room for others
 * @drop: TLB entries that invalidation found and dropped one by one
 * @drop_gen: invalidations of whole contexts, by generation
 * @cfg_drop: configurations dropped
 * @cmds: commands consumed
 * @events: event records written
 */
struct vmxl_smmu_stats {
	u64 miss, walk, walk_cached, desc_read;
	u64 cfg_miss, cfg_read;
	u64 fill, evict, drop, drop_gen, cfg_drop;
	u64 cmds, events;
};

/*
 * A device without CREATE_DEVICE, for in-kernel users and tests. It is not on
 * the bus: registers are read and written here. The VM outlives it.
 */
struct vmxl_smmu *vmxl_smmu_new(struct vmxl_vm *vm);
void vmxl_smmu_free(struct vmxl_smmu *s);
/* VMXL_SMMU_OAS and the like, before it is used. 0, -EINVAL, -ENXIO, -EBUSY. */
int vmxl_smmu_config(struct vmxl_smmu *s, u64 attr, u64 val);

/*
 * Registers, by offset; 4 bytes or 8, aligned. A write to CMDQ_PROD carries out
 * some commands at once and leaves the rest to a worker: vmxl_smmu_flush()
 * waits until there is nothing left that can be done.
 */
u64 vmxl_smmu_mmio_read(struct vmxl_smmu *s, u64 off, unsigned int len);
void vmxl_smmu_mmio_write(struct vmxl_smmu *s, u64 off, unsigned int len, u64 val);
void vmxl_smmu_flush(struct vmxl_smmu *s);

/* May be called by any number of threads; takes no lock where the TLB has it. */
void vmxl_smmu_translate(struct vmxl_smmu *s, const struct vmxl_smmu_req *req,
			 struct vmxl_smmu_res *res);

/*
 * What became of a stalled access: VMXL_SMMU_STALL while it waits; _OK: it is to be
 * tried again; _ABORT, _RAZWI. Other than _STALL is told once, and ends the stall.
 */
enum vmxl_smmu_status vmxl_smmu_stall_poll(struct vmxl_smmu *s, u32 sid, u16 stag);

/* ---- ATS and PRI: what the SMMU tells devices, and page requests ---- */

/* A page request of group @prgi; a response that the SMMU gives itself comes as a message. */
void vmxl_smmu_page_request(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, u16 prgi);

/* The next message, if VMXL_SMMU_ATS is on; false: there is none. */
bool vmxl_smmu_next_msg(struct vmxl_smmu *s, struct vmxl_smmu_msg *msg);

void vmxl_smmu_get_stats(struct vmxl_smmu *s, struct vmxl_smmu_stats *stats);

/* ---- IOVA windows, of the VM's SMMU if it has one: for map.c and who takes pages away ---- */

vm_fault_t vmxl_smmu_fault(struct vmxl_vm *vm, unsigned int nr, u64 off, struct vm_fault *vmf);
void vmxl_smmu_zap_all(struct vmxl_vm *vm);
void vmxl_smmu_protect(struct vmxl_vm *vm, u64 gpa);

#endif /* VMXL_SMMU_H */
