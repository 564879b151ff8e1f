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

#include <linux/types.h>

struct vmxl_smmu;
struct vmxl_vm;

/* The device's registers: two pages of 64 KiB, then two of its counter group */
#define VMXL_SMMU_PAGE1		0x10000
#define VMXL_SMMU_PMCG		0x20000
#define VMXL_SMMU_PMCG_PAGE1	0x30000
#define VMXL_SMMU_SIZE		0x40000

/* vmxl_smmu_req.access: an access is a read or a write; the others qualify it */
#define VMXL_SMMU_READ		(1u << 0)
#define VMXL_SMMU_WRITE		(1u << 1)
#define VMXL_SMMU_EXEC		(1u << 2)	/* a read of instructions */
#define VMXL_SMMU_PRIV		(1u << 3)

/* vmxl_smmu_req.flags */
#define VMXL_SMMU_SSV		(1u << 0)	/* @ssid is valid */
#define VMXL_SMMU_ATS_TREQ	(1u << 1)	/* an ATS translation request */
#define VMXL_SMMU_TRANSLATED	(1u << 2)	/* an ATS translated transaction */
#define VMXL_SMMU_NO_STALL	(1u << 3)	/* terminate where it would stall */

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

/* What becomes of an access */
enum vmxl_smmu_status {
	VMXL_SMMU_OK,		/* goes to vmxl_smmu_res.gpa */
	VMXL_SMMU_ABORT,	/* ends with an error that the device sees */
	VMXL_SMMU_RAZWI,	/* ends as if it had been done: reads 0, writes nothing */
	VMXL_SMMU_STALL,	/* waits for CMD_RESUME; vmxl_smmu_res.stag */
	VMXL_SMMU_DENIED,	/* ATS: answered without permission (success, R = W = 0) */
	VMXL_SMMU_UR,		/* ATS: unsupported request */
	VMXL_SMMU_CA,		/* ATS: completer abort */
};

/**
 * struct vmxl_smmu_res - what becomes of it
 * @status: the verdict
 * @gpa: of VMXL_SMMU_OK: guest physical address of @iova
 * @perm: of VMXL_SMMU_OK: VMXL_SMMU_READ, _WRITE, _EXEC that the access's
 *	privilege has here
 * @shift: of VMXL_SMMU_OK: what holds for @iova holds for the naturally aligned
 *	1 << @shift bytes around it; 64: for everything
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

void vmxl_smmu_get_stats(struct vmxl_smmu *s, struct vmxl_smmu_stats *stats);

#endif /* VMXL_SMMU_H */
