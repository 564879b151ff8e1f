/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RV64 instructions as constants, so that guest code in a test reads like
 * assembly: static const u32 code[] = { RV_ADDI(RV_A0, RV_ZERO, 1), RV_J(0) };
 * Operands are in assembly's order; branch offsets are in bytes.
 */
#ifndef SELFTESTS_RV_H
#define SELFTESTS_RV_H

enum { RV_ZERO, RV_RA, RV_SP, RV_GP, RV_TP, RV_T0, RV_T1, RV_T2, RV_S0, RV_S1,
       RV_A0, RV_A1, RV_A2, RV_A3, RV_A4, RV_A5, RV_A6, RV_A7, RV_T6 = 31 };

enum { RV_AMO_ADD, RV_AMO_SWAP, RV_AMO_LR, RV_AMO_SC, RV_AMO_XOR, RV_AMO_OR = 8, RV_AMO_AND = 12,
       RV_AMO_MIN = 16, RV_AMO_MAX = 20, RV_AMO_MINU = 24, RV_AMO_MAXU = 28 };
enum { RV_RL = 1, RV_AQ = 2, RV_AQRL = 3 };
enum { RV_W = 2, RV_D = 3 };
enum { RV_FENCE_W = 1, RV_FENCE_R = 2, RV_FENCE_RW = 3, RV_FENCE_TSO = 8 };

#define RV_BITS(v, hi, lo)	(((uint32_t)(v) >> (lo)) & ((1u << ((hi) - (lo) + 1)) - 1))

#define RV_R(op, f3, f7, rd, rs1, rs2) \
	((op) | (rd) << 7 | (f3) << 12 | (rs1) << 15 | (rs2) << 20 | (uint32_t)(f7) << 25)
#define RV_I(op, f3, rd, rs1, imm) \
	((op) | (rd) << 7 | (f3) << 12 | (rs1) << 15 | RV_BITS(imm, 11, 0) << 20)
#define RV_S(op, f3, rs2, rs1, imm) \
	((op) | RV_BITS(imm, 4, 0) << 7 | (f3) << 12 | (rs1) << 15 | (rs2) << 20 | \
	 RV_BITS(imm, 11, 5) << 25)
#define RV_B(f3, rs1, rs2, off) \
	(0x63 | RV_BITS(off, 11, 11) << 7 | RV_BITS(off, 4, 1) << 8 | (f3) << 12 | (rs1) << 15 | \
	 (rs2) << 20 | RV_BITS(off, 10, 5) << 25 | RV_BITS(off, 12, 12) << 31)

#define RV_LUI(rd, imm20)		(0x37 | (rd) << 7 | (uint32_t)(imm20) << 12)
#define RV_AUIPC(rd, imm20)		(0x17 | (rd) << 7 | (uint32_t)(imm20) << 12)
#define RV_ADDI(rd, rs, imm)		RV_I(0x13, 0, rd, rs, imm)
#define RV_SRLI(rd, rs, sh)		RV_I(0x13, 5, rd, rs, sh)
#define RV_ADD(rd, rs1, rs2)		RV_R(0x33, 0, 0, rd, rs1, rs2)
#define RV_LR_D(rd, rs1)		RV_R(0x2f, 3, 2 << 2, rd, rs1, 0)
#define RV_SC_D(rd, rs2, rs1)		RV_R(0x2f, 3, 3 << 2, rd, rs1, rs2)
#define RV_AMOADD_D(rd, rs2, rs1)	RV_R(0x2f, 3, 0, rd, rs1, rs2)
#define RV_XOR(rd, rs1, rs2)		RV_R(0x33, 4, 0, rd, rs1, rs2)
/* Atomic operations: what, RV_AQ and RV_RL, RV_W or RV_D, and operands as in assembly */
#define RV_ATOMIC(what, order, width, rd, rs2, rs1) \
	RV_R(0x2f, width, (what) << 2 | (order), rd, rs1, rs2)
#define RV_LR(order, width, rd, rs1)	RV_ATOMIC(RV_AMO_LR, order, width, rd, RV_ZERO, rs1)
#define RV_SC(order, width, rd, rs2, rs1) RV_ATOMIC(RV_AMO_SC, order, width, rd, rs2, rs1)
/* fm, predecessors and successors: RV_FENCE_R, RV_FENCE_W */
#define RV_FENCE(fm, pred, succ)	RV_I(0x0f, 0, 0, 0, (fm) << 8 | (pred) << 4 | (succ))
#define RV_LB(rd, off, rs)		RV_I(0x03, 0, rd, rs, off)
#define RV_LH(rd, off, rs)		RV_I(0x03, 1, rd, rs, off)
#define RV_LW(rd, off, rs)		RV_I(0x03, 2, rd, rs, off)
#define RV_LD(rd, off, rs)		RV_I(0x03, 3, rd, rs, off)
#define RV_LBU(rd, off, rs)		RV_I(0x03, 4, rd, rs, off)
#define RV_LWU(rd, off, rs)		RV_I(0x03, 6, rd, rs, off)
#define RV_SB(rs, off, base)		RV_S(0x23, 0, rs, base, off)
#define RV_SH(rs, off, base)		RV_S(0x23, 1, rs, base, off)
#define RV_SW(rs, off, base)		RV_S(0x23, 2, rs, base, off)
#define RV_SD(rs, off, base)		RV_S(0x23, 3, rs, base, off)
#define RV_BEQ(rs1, rs2, off)		RV_B(0, rs1, rs2, off)
#define RV_BNE(rs1, rs2, off)		RV_B(1, rs1, rs2, off)
#define RV_BLTU(rs1, rs2, off)		RV_B(6, rs1, rs2, off)
#define RV_J(off) \
	(0x6f | RV_BITS(off, 19, 12) << 12 | RV_BITS(off, 11, 11) << 20 | \
	 RV_BITS(off, 10, 1) << 21 | RV_BITS(off, 20, 20) << 31)
#define RV_JALR(rd, off, rs)		RV_I(0x67, 0, rd, rs, off)
#define RV_ECALL			0x00000073u
#define RV_EBREAK			0x00100073u
#define RV_WFI				0x10500073u
#define RV_NOP				0x00000013u
#define RV_PAUSE			0x0100000fu
#define RV_WRS_STO			0x01d00073u
#define RV_SFENCE_VMA			0x12000073u
#define RV_SRET				0x10200073u
#define RV_MRET				0x30200073u
#define RV_FENCE_I			0x0000100fu
#define RV_CSRRW(rd, csr, rs)		RV_I(0x73, 1, rd, rs, csr)
#define RV_CSRRS(rd, csr, rs)		RV_I(0x73, 2, rd, rs, csr)
#define RV_CSRRC(rd, csr, rs)		RV_I(0x73, 3, rd, rs, csr)

#define RV_CSR_SSTATUS	0x100
#define RV_CSR_SIE	0x104
#define RV_CSR_STVEC	0x105
#define RV_CSR_SCOUNTEREN 0x106
#define RV_CSR_SEPC	0x141
#define RV_CSR_STIMECMP	0x14d
#define RV_CSR_MSTATUS	0x300
#define RV_CSR_MIE	0x304
#define RV_CSR_MTVEC	0x305
#define RV_CSR_MCOUNTEREN 0x306
#define RV_CSR_MEPC	0x341
#define RV_CSR_MCAUSE	0x342
#define RV_CSR_PMPCFG0	0x3a0
#define RV_CSR_PMPADDR0	0x3b0
#define RV_CSR_MINSTRET	0xb02
#define RV_CSR_TIME	0xc01
#define RV_CSR_INSTRET	0xc02

#endif
