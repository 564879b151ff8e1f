/* SPDX-License-Identifier: GPL-2.0 */
/* Physical memory protection: the fields of its registers, and the check. */
#ifndef VMXL_RV64_PMP_H
#define VMXL_RV64_PMP_H

#include "../../mmu/tlb.h"
#include "rv64.h"

#define RV_PMP_R	0x01
#define RV_PMP_W	0x02
#define RV_PMP_X	0x04
#define RV_PMP_A	0x18
#define RV_PMP_TOR	0x08
#define RV_PMP_NA4	0x10
#define RV_PMP_NAPOT	0x18
#define RV_PMP_L	0x80

#define RV_PMPADDR_MASK	((1ULL << (RV_PA_BITS - 2)) - 1)

/* 1 << enum vmxl_access of READ, WRITE, EXEC */
#define RV_PERMS_ALL	0x7

u8 vmxl_rv64_pmp_perms(struct vmxl_vcpu *vcpu, u64 gpa, u64 len, enum vmxl_rv64_mode mode,
		       bool *divided);

#endif /* VMXL_RV64_PMP_H */
