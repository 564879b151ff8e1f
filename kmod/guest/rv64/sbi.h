/* SPDX-License-Identifier: GPL-2.0 */
/* SBI: numbers, and what its files share. */
#ifndef VMXL_RV64_SBI_H
#define VMXL_RV64_SBI_H

#include "rv64.h"
#include "../../memslot.h"

/* Extensions */
#define SBI_BASE	0x10
#define SBI_TIME	0x54494d45
#define SBI_IPI		0x735049
#define SBI_RFENCE	0x52464e43
#define SBI_HSM		0x48534d
#define SBI_SRST	0x53525354
#define SBI_DBCN	0x4442434e
#define SBI_SUSP	0x53555350
#define SBI_PMU		0x504d55
#define SBI_STA		0x535441

#define SBI_LEGACY_SET_TIMER	0
#define SBI_LEGACY_PUTCHAR	1
#define SBI_LEGACY_GETCHAR	2
#define SBI_LEGACY_CLEAR_IPI	3
#define SBI_LEGACY_SEND_IPI	4
#define SBI_LEGACY_FENCE_I	5
#define SBI_LEGACY_SFENCE	6
#define SBI_LEGACY_SFENCE_ASID	7
#define SBI_LEGACY_SHUTDOWN	8

#define SBI_ERR_FAILED			-1
#define SBI_ERR_NOT_SUPPORTED		-2
#define SBI_ERR_INVALID_PARAM		-3
#define SBI_ERR_DENIED			-4
#define SBI_ERR_INVALID_ADDRESS		-5
#define SBI_ERR_ALREADY_AVAILABLE	-6
#define SBI_ERR_ALREADY_STARTED		-7
#define SBI_ERR_ALREADY_STOPPED		-8

/* PMU firmware events; each RECEIVED follows its SENT */
#define SBI_FW_SET_TIMER	5
#define SBI_FW_IPI_SENT		6
#define SBI_FW_IPI_RECEIVED	7
#define SBI_FW_FENCE_I_SENT	8
#define SBI_FW_SFENCE_SENT	10
#define SBI_FW_SFENCE_ASID_SENT	12

#define SBI_PMU_NR		7	/* functions 0..6 */

struct sbi_call {
	struct vmxl_vcpu *vcpu;
	u64 eid, fid;
	u64 arg[6];
	struct {
		s64 error;
		u64 value;
	} ret;
};

static inline void vmxl_rv64_fw_event(struct vmxl_vcpu *vcpu, unsigned int event)
{
	atomic_long_inc(&rv_arch(vcpu)->fw_events[event]);
}

bool vmxl_rv64_sbi_probe(u64 eid);
enum vmxl_act vmxl_rv64_sbi_pmu(struct sbi_call *c);
enum vmxl_act vmxl_rv64_sbi_sta(struct sbi_call *c);

#endif /* VMXL_RV64_SBI_H */
