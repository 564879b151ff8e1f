/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The SMMUv3 architecture in constants: registers, and the formats of what is
 * in memory. As in IHI 0070, version 3.2; all of it little-endian.
 */
#ifndef VMXL_SMMU_HW_H
#define VMXL_SMMU_HW_H

#include <linux/bits.h>
#include <linux/bitfield.h>
#include <linux/types.h>

/* ---- registers: offsets; those of the output queues are in page 1 ---- */

#define REG_IDR0		0x000
#define REG_IDR1		0x004
#define REG_IDR2		0x008
#define REG_IDR3		0x00c
#define REG_IDR4		0x010
#define REG_IDR5		0x014
#define REG_IIDR		0x018
#define REG_AIDR		0x01c
#define REG_CR0			0x020
#define REG_CR0ACK		0x024
#define REG_CR1			0x028
#define REG_CR2			0x02c
#define REG_GBPA		0x044
#define REG_IRQ_CTRL		0x050
#define REG_IRQ_CTRLACK		0x054
#define REG_GERROR		0x060
#define REG_GERRORN		0x064
#define REG_GERROR_IRQ_CFG0	0x068
#define REG_GERROR_IRQ_CFG1	0x070
#define REG_GERROR_IRQ_CFG2	0x074
#define REG_STRTAB_BASE		0x080
#define REG_STRTAB_BASE_CFG	0x088
#define REG_CMDQ_BASE		0x090
#define REG_CMDQ_PROD		0x098
#define REG_CMDQ_CONS		0x09c
#define REG_EVENTQ_BASE		0x0a0
#define REG_EVENTQ_PROD		0x0a8
#define REG_EVENTQ_CONS		0x0ac
#define REG_EVENTQ_IRQ_CFG0	0x0b0
#define REG_EVENTQ_IRQ_CFG1	0x0b8
#define REG_EVENTQ_IRQ_CFG2	0x0bc
#define REG_PRIQ_BASE		0x0c0
#define REG_PRIQ_PROD		0x0c8
#define REG_PRIQ_CONS		0x0cc
#define REG_PRIQ_IRQ_CFG0	0x0d0
#define REG_PRIQ_IRQ_CFG1	0x0d8
#define REG_PRIQ_IRQ_CFG2	0x0dc

#define IDR0_S2P		BIT(0)
#define IDR0_S1P		BIT(1)
#define IDR0_TTF_AA64		(2u << 2)
#define IDR0_COHACC		BIT(4)
#define IDR0_HTTU_AD		(2u << 6)
#define IDR0_HYP		BIT(9)
#define IDR0_ATS		BIT(10)
#define IDR0_ASID16		BIT(12)
#define IDR0_MSI		BIT(13)
#define IDR0_PRI		BIT(16)
#define IDR0_VMW		BIT(17)
#define IDR0_VMID16		BIT(18)
#define IDR0_CD2L		BIT(19)
#define IDR0_TTENDIAN_LE	(2u << 21)
#define IDR0_ST_LEVEL_2		BIT(27)
#define IDR1_ATTR_PERMS_OVR	BIT(26)
#define IDR1_CMDQS(n)		((n) << 21)
#define IDR1_EVENTQS(n)		((n) << 16)
#define IDR1_PRIQS(n)		((n) << 11)
#define IDR1_SSIDSIZE(n)	((n) << 6)
#define IDR1_SIDSIZE(n)		(n)
#define IDR3_HAD		BIT(2)
#define IDR3_XNX		BIT(4)
#define IDR3_PPS		BIT(5)
#define IDR3_FWB		BIT(8)
#define IDR3_STT		BIT(9)
#define IDR3_RIL		BIT(10)
#define IDR3_BBML2		(2u << 11)
#define IDR3_E0PD		BIT(13)
#define IDR5_GRAN		(7u << 4)	/* 4K, 16K, 64K */
#define IDR5_DS			BIT(7)
#define IDR5_VAX_52		BIT(10)
#define IDR5_STALL_MAX(n)	((n) << 16)
#define AIDR_3_2		0x02

#define CR0_SMMUEN		BIT(0)
#define CR0_PRIQEN		BIT(1)
#define CR0_EVENTQEN		BIT(2)
#define CR0_CMDQEN		BIT(3)
#define CR0_ATSCHK		BIT(4)
#define CR0_VMW			GENMASK(8, 6)
#define CR0_MASK		(0x1fu | CR0_VMW)
#define CR1_TABLE		0xfc0u
#define CR1_QUEUE		0x03fu
#define CR2_E2H			BIT(0)
#define CR2_RECINVSID		BIT(1)
#define GBPA_UPDATE		BIT(31)
#define GBPA_ABORT		BIT(20)
#define GBPA_MASK		0x001f3f1fu
#define IRQ_GERROR		BIT(0)
#define IRQ_PRIQ		BIT(1)
#define IRQ_EVENTQ		BIT(2)

#define GERROR_CMDQ		BIT(0)
#define GERROR_EVENTQ_ABT	BIT(2)
#define GERROR_PRIQ_ABT		BIT(3)
#define GERROR_MSI_CMDQ_ABT	BIT(4)
#define GERROR_MSI_EVENTQ_ABT	BIT(5)
#define GERROR_MSI_PRIQ_ABT	BIT(6)
#define GERROR_MSI_GERROR_ABT	BIT(7)
#define GERROR_MASK		0xfdu

#define STRTAB_ADDR		GENMASK_ULL(51, 6)
#define STRTAB_RA		BIT_ULL(62)
#define STRTAB_CFG_LOG2SIZE	GENMASK(5, 0)
#define STRTAB_CFG_SPLIT	GENMASK(10, 6)
#define STRTAB_CFG_FMT		GENMASK(17, 16)
#define STRTAB_FMT_2LVL		1

#define Q_ADDR			GENMASK_ULL(51, 5)
#define Q_LOG2SIZE		GENMASK_ULL(4, 0)
#define Q_HINT			BIT_ULL(62)	/* RA, WA */
#define Q_INDEX			GENMASK(19, 0)
#define Q_OVFLG			BIT(31)		/* PROD; CONS: OVACKFLG */
#define CMDQ_CONS_ERR		GENMASK(30, 24)
#define MSI_ADDR		GENMASK_ULL(51, 2)
#define PRIQ_CFG2_LO		BIT(31)

#define LOG2_CMDQ		19
#define LOG2_EVENTQ		19
#define LOG2_PRIQ		19

#define CERROR_NONE		0
#define CERROR_ILL		1
#define CERROR_ABT		2
#define CERROR_ATC_INV_SYNC	3

/* ---- stream table ---- */

#define L1STD_SPAN		GENMASK_ULL(4, 0)
#define L1STD_L2PTR		GENMASK_ULL(51, 6)

#define STE_SIZE		64
#define STE0_V			BIT_ULL(0)
#define STE0_CONFIG		GENMASK_ULL(3, 1)
#define STE_CONFIG_S1		1	/* in CONFIG, with STE_CONFIG_PASS */
#define STE_CONFIG_S2		2
#define STE_CONFIG_PASS		4
#define STE0_S1FMT		GENMASK_ULL(5, 4)
#define STE0_S1CTXPTR		GENMASK_ULL(51, 6)
#define STE0_S1CDMAX		GENMASK_ULL(63, 59)
#define STE1_S1DSS		GENMASK_ULL(1, 0)
#define S1DSS_TERMINATE		0	/* and the reserved 3 */
#define S1DSS_BYPASS		1
#define S1DSS_SSID0		2
#define STE1_S2FWB		BIT_ULL(25)
#define STE1_S1STALLD		BIT_ULL(27)
#define STE1_EATS		GENMASK_ULL(29, 28)
#define EATS_FULL		1
#define EATS_SPLIT		2
#define STE1_STRW		GENMASK_ULL(31, 30)
#define STRW_EL2		2
#define STE1_PRIVCFG		GENMASK_ULL(49, 48)
#define STE1_INSTCFG		GENMASK_ULL(51, 50)
#define CFG_OVERRIDE		2	/* of both: the override is on, and bit 0 what it is */
#define STE2_S2VMID		GENMASK_ULL(15, 0)
#define STE2_S2T0SZ		GENMASK_ULL(37, 32)
#define STE2_S2SL0		GENMASK_ULL(39, 38)
#define STE2_S2TG		GENMASK_ULL(47, 46)
#define STE2_S2PS		GENMASK_ULL(50, 48)
#define STE2_S2AA64		BIT_ULL(51)
#define STE2_S2ENDI		BIT_ULL(52)
#define STE2_S2AFFD		BIT_ULL(53)
#define STE2_S2PTW		BIT_ULL(54)
#define STE2_S2HD		BIT_ULL(55)
#define STE2_S2HA		BIT_ULL(56)
#define STE2_S2S		BIT_ULL(57)
#define STE2_S2R		BIT_ULL(58)
#define STE3_S2SL0_2		BIT_ULL(2)
#define STE3_S2DS		BIT_ULL(3)
#define STE3_S2TTB		GENMASK_ULL(51, 4)

/* ---- context descriptors ---- */

#define L1CD_V			BIT_ULL(0)
#define L1CD_L2PTR		GENMASK_ULL(51, 12)

#define CD_SIZE			64
#define CD0_T0SZ		GENMASK_ULL(5, 0)
#define CD0_TG0			GENMASK_ULL(7, 6)
#define CD0_EPD0		BIT_ULL(14)
#define CD0_ENDI		BIT_ULL(15)
#define CD0_T1SZ		GENMASK_ULL(21, 16)
#define CD0_TG1			GENMASK_ULL(23, 22)
#define CD0_EPD1		BIT_ULL(30)
#define CD0_V			BIT_ULL(31)
#define CD0_IPS			GENMASK_ULL(34, 32)
#define CD0_AFFD		BIT_ULL(35)
#define CD0_WXN			BIT_ULL(36)
#define CD0_TBI0		BIT_ULL(38)
#define CD0_TBI1		BIT_ULL(39)
#define CD0_PAN			BIT_ULL(40)
#define CD0_AA64		BIT_ULL(41)
#define CD0_HD			BIT_ULL(42)
#define CD0_HA			BIT_ULL(43)
#define CD0_S			BIT_ULL(44)
#define CD0_R			BIT_ULL(45)
#define CD0_A			BIT_ULL(46)
#define CD0_ASID		GENMASK_ULL(63, 48)
#define CD1_HAD0		BIT_ULL(1)	/* of the words with TTB0 and TTB1 */
#define CD1_E0PD0		BIT_ULL(2)
#define CD1_TTB0		GENMASK_ULL(51, 4)
#define CD2_DS			BIT_ULL(58)

/* ---- translation table descriptors, VMSAv8-64 ---- */

#define TTD_VALID		BIT_ULL(0)
#define TTD_TABLE		BIT_ULL(1)	/* at level 3: a page */
#define TTD_S2_MEMATTR		GENMASK_ULL(5, 2)
#define TTD_AP			GENMASK_ULL(7, 6)
#define TTD_AP_EL0		BIT_ULL(6)	/* stage 2: readable */
#define TTD_AP_RO		BIT_ULL(7)	/* stage 2: writable */
#define TTD_AF			BIT_ULL(10)
#define TTD_NG			BIT_ULL(11)
#define TTD_DBM			BIT_ULL(51)
#define TTD_CONTIG		BIT_ULL(52)
#define TTD_PXN			BIT_ULL(53)
#define TTD_UXN			BIT_ULL(54)	/* XN, where there is one privilege */
#define TTD_S2_XN		GENMASK_ULL(54, 53)
#define TTD_PXNTABLE		BIT_ULL(59)
#define TTD_UXNTABLE		BIT_ULL(60)
#define TTD_APTABLE_NOEL0	BIT_ULL(61)
#define TTD_APTABLE_RO		BIT_ULL(62)

/* ---- commands ---- */

#define CMD_OP			GENMASK_ULL(7, 0)
#define CMD_SSEC		BIT_ULL(10)
#define CMD_SSV			BIT_ULL(11)
#define CMD_SSID		GENMASK_ULL(31, 12)
#define CMD_SID			GENMASK_ULL(63, 32)
#define CMD_VMID		GENMASK_ULL(47, 32)
#define CMD_ASID		GENMASK_ULL(63, 48)
#define CMD_NUM			GENMASK_ULL(16, 12)
#define CMD_SCALE		GENMASK_ULL(24, 20)
#define CMD1_LEAF		BIT_ULL(0)
#define CMD1_RANGE		GENMASK_ULL(4, 0)
#define CMD1_TTL		GENMASK_ULL(9, 8)
#define CMD1_TG			GENMASK_ULL(11, 10)
#define CMD1_ADDR		GENMASK_ULL(63, 12)
#define CMD1_IPA		GENMASK_ULL(51, 12)
#define CMD1_SIZE		GENMASK_ULL(5, 0)
#define CMD_ATC_GLOBAL		BIT_ULL(9)
#define CMD_RESUME_AC		BIT_ULL(12)	/* retry; else terminate */
#define CMD_RESUME_AB		BIT_ULL(13)	/* terminate by an abort */
#define CMD1_STAG		GENMASK_ULL(15, 0)
#define CMD_SYNC_CS		GENMASK_ULL(13, 12)
#define CMD_SYNC_IRQ		1
#define CMD_SYNC_MSIDATA	GENMASK_ULL(63, 32)
#define CMD_PRI_RESP		GENMASK_ULL(13, 12)
#define CMD1_PRI_PRGI		GENMASK_ULL(8, 0)

enum smmu_cmd {
	CMD_PREFETCH_CONFIG = 0x01,
	CMD_PREFETCH_ADDR = 0x02,
	CMD_CFGI_STE = 0x03,
	CMD_CFGI_STE_RANGE = 0x04,
	CMD_CFGI_CD = 0x05,
	CMD_CFGI_CD_ALL = 0x06,
	CMD_TLBI_NH_ALL = 0x10,
	CMD_TLBI_NH_ASID = 0x11,
	CMD_TLBI_NH_VA = 0x12,
	CMD_TLBI_NH_VAA = 0x13,
	CMD_TLBI_EL2_ALL = 0x20,
	CMD_TLBI_EL2_ASID = 0x21,
	CMD_TLBI_EL2_VA = 0x22,
	CMD_TLBI_EL2_VAA = 0x23,
	CMD_TLBI_S12_VMALL = 0x28,
	CMD_TLBI_S2_IPA = 0x2a,
	CMD_TLBI_NSNH_ALL = 0x30,
	CMD_ATC_INV = 0x40,
	CMD_PRI_RESPONSE = 0x41,
	CMD_RESUME = 0x44,
	CMD_STALL_TERM = 0x45,
	CMD_SYNC = 0x46,
};

/* ---- events ---- */

enum smmu_event {
	EVT_NONE = 0,
	EVT_C_BAD_STREAMID = 0x02,
	EVT_F_STE_FETCH = 0x03,
	EVT_C_BAD_STE = 0x04,
	EVT_F_BAD_ATS_TREQ = 0x05,
	EVT_F_STREAM_DISABLED = 0x06,
	EVT_F_TRANSL_FORBIDDEN = 0x07,
	EVT_C_BAD_SUBSTREAMID = 0x08,
	EVT_F_CD_FETCH = 0x09,
	EVT_C_BAD_CD = 0x0a,
	EVT_F_WALK_EABT = 0x0b,
	EVT_F_TRANSLATION = 0x10,
	EVT_F_ADDR_SIZE = 0x11,
	EVT_F_ACCESS = 0x12,
	EVT_F_PERMISSION = 0x13,
};

#define EVT0_SSV		BIT_ULL(11)
#define EVT0_SSID		GENMASK_ULL(31, 12)
#define EVT0_SID		GENMASK_ULL(63, 32)
#define EVT1_STALL		BIT_ULL(31)
#define EVT1_PNU		BIT_ULL(33)
#define EVT1_IND		BIT_ULL(34)
#define EVT1_RNW		BIT_ULL(35)
#define EVT1_S2			BIT_ULL(39)
#define EVT1_CLASS		GENMASK_ULL(41, 40)
#define EVT1_TTRNW		BIT_ULL(44)
#define EVT3_IPA		GENMASK_ULL(51, 12)
#define EVT3_FETCH		GENMASK_ULL(51, 3)

enum smmu_class { CLASS_CD, CLASS_TT, CLASS_IN };

/* ---- page requests ---- */

#define PRIQ0_SID		GENMASK_ULL(31, 0)
#define PRIQ0_SSID		GENMASK_ULL(51, 32)
#define PRIQ0_PRIV		BIT_ULL(58)
#define PRIQ0_EXEC		BIT_ULL(59)
#define PRIQ0_READ		BIT_ULL(60)
#define PRIQ0_WRITE		BIT_ULL(61)
#define PRIQ0_LAST		BIT_ULL(62)
#define PRIQ0_SSV		BIT_ULL(63)
#define PRIQ1_PRGI		GENMASK_ULL(8, 0)
#define PRIQ1_ADDR		GENMASK_ULL(63, 12)

#endif /* VMXL_SMMU_HW_H */
