// SPDX-License-Identifier: GPL-2.0
/* Do not edit: made by scripts/decodegen.c of the decode tables. */
#include <uapi/linux/vmx_xlate.h>
#include "insn.h"
#include "rv64.h"

static inline u32 bits(u32 w, int pos, int len)
{
	return w << (32 - pos - len) >> (32 - len);
}

static inline u32 sbits(u32 w, int pos, int len)
{
	return (s32)(w << (32 - pos - len)) >> (32 - len);
}

const struct vmxl_rv64_row vmxl_rv64_rows[RV_I_NR] = {
	[RV_I_c_addi4spn] = { "c.addi4spn", "d,s,i", 0x0000e003, 0x00000000,
		{ 0x1fe0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_C4SPN, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_c_fld] = { "c.fld", "D,i(s)", 0x0000e003, 0x00002000,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C | VMXL_RV64_ISA_D, 2, RV_FMT_CFLD, RV_TR_fload,
		{ VMXL_MT_U64, VMXL_T_F64 } },
	[RV_I_c_lw] = { "c.lw", "d,i(s)", 0x0000e003, 0x00004000,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CLW, RV_TR_load,
		{ VMXL_MT_S32 } },
	[RV_I_c_ld] = { "c.ld", "d,i(s)", 0x0000e003, 0x00006000,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CLD, RV_TR_load,
		{ VMXL_MT_U64 } },
	[RV_I_c_fsd] = { "c.fsd", "T,i(s)", 0x0000e003, 0x0000a000,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C | VMXL_RV64_ISA_D, 2, RV_FMT_CFSD, RV_TR_fstore,
		{ VMXL_MT_U64 } },
	[RV_I_c_sw] = { "c.sw", "t,i(s)", 0x0000e003, 0x0000c000,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CSW, RV_TR_store,
		{ VMXL_MT_U32 } },
	[RV_I_c_sd] = { "c.sd", "t,i(s)", 0x0000e003, 0x0000e000,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CSD, RV_TR_store,
		{ VMXL_MT_U64 } },
	[RV_I_c_nop] = { "c.nop", "", 0x0000ef83, 0x00000001,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CNOP, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_c_addi] = { "c.addi", "d,i", 0x0000e003, 0x00000001,
		{ 0xf80, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CI, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_c_addiw] = { "c.addiw", "d,i", 0x0000e003, 0x00002001,
		{ 0xf80, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CI, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_S32 } },
	[RV_I_c_li] = { "c.li", "d,i", 0x0000e003, 0x00004001,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CLI, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_c_addi16sp] = { "c.addi16sp", "d,i", 0x0000ef83, 0x00006101,
		{ 0x107c, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_C16SP, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_c_lui] = { "c.lui", "d,u", 0x0000e003, 0x00006001,
		{ 0x107c, 0xf80 }, { 0x0, 0x100 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CLUI, RV_TR_lui },
	[RV_I_c_srli] = { "c.srli", "d,i", 0x0000ec03, 0x00008001,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CSH, RV_TR_alui,
		{ VMXL_IR_SHR, VMXL_T_I64 } },
	[RV_I_c_srai] = { "c.srai", "d,i", 0x0000ec03, 0x00008401,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CSH, RV_TR_alui,
		{ VMXL_IR_SAR, VMXL_T_I64 } },
	[RV_I_c_andi] = { "c.andi", "d,i", 0x0000ec03, 0x00008801,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CANDI, RV_TR_alui,
		{ VMXL_IR_AND, VMXL_T_I64 } },
	[RV_I_c_sub] = { "c.sub", "d,t", 0x0000fc63, 0x00008c01,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CA, RV_TR_alu,
		{ VMXL_IR_SUB, VMXL_T_I64 } },
	[RV_I_c_xor] = { "c.xor", "d,t", 0x0000fc63, 0x00008c21,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CA, RV_TR_alu,
		{ VMXL_IR_XOR, VMXL_T_I64 } },
	[RV_I_c_or] = { "c.or", "d,t", 0x0000fc63, 0x00008c41,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CA, RV_TR_alu,
		{ VMXL_IR_OR, VMXL_T_I64 } },
	[RV_I_c_and] = { "c.and", "d,t", 0x0000fc63, 0x00008c61,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CA, RV_TR_alu,
		{ VMXL_IR_AND, VMXL_T_I64 } },
	[RV_I_c_subw] = { "c.subw", "d,t", 0x0000fc63, 0x00009c01,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CA, RV_TR_alu,
		{ VMXL_IR_SUB, VMXL_T_S32 } },
	[RV_I_c_addw] = { "c.addw", "d,t", 0x0000fc63, 0x00009c21,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CA, RV_TR_alu,
		{ VMXL_IR_ADD, VMXL_T_S32 } },
	[RV_I_c_j] = { "c.j", "p", 0x0000e003, 0x0000a001,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CJ, RV_TR_jal },
	[RV_I_c_beqz] = { "c.beqz", "s,p", 0x0000e003, 0x0000c001,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CB, RV_TR_branch,
		{ VMXL_CC_EQ } },
	[RV_I_c_bnez] = { "c.bnez", "s,p", 0x0000e003, 0x0000e001,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CB, RV_TR_branch,
		{ VMXL_CC_NE } },
	[RV_I_c_slli] = { "c.slli", "d,i", 0x0000e003, 0x00000002,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CSLLI, RV_TR_alui,
		{ VMXL_IR_SHL, VMXL_T_I64 } },
	[RV_I_c_fldsp] = { "c.fldsp", "D,i(s)", 0x0000e003, 0x00002002,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C | VMXL_RV64_ISA_D, 2, RV_FMT_CFLDSP, RV_TR_fload,
		{ VMXL_MT_U64, VMXL_T_F64 } },
	[RV_I_c_lwsp] = { "c.lwsp", "d,i(s)", 0x0000e003, 0x00004002,
		{ 0xf80, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CLWSP, RV_TR_load,
		{ VMXL_MT_S32 } },
	[RV_I_c_ldsp] = { "c.ldsp", "d,i(s)", 0x0000e003, 0x00006002,
		{ 0xf80, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CLDSP, RV_TR_load,
		{ VMXL_MT_U64 } },
	[RV_I_c_jr] = { "c.jr", "s", 0x0000f07f, 0x00008002,
		{ 0xf80, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CJR, RV_TR_jalr },
	[RV_I_c_mv] = { "c.mv", "d,t", 0x0000f003, 0x00008002,
		{ 0x7c, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CMV, RV_TR_alu,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_c_ebreak] = { "c.ebreak", "", 0x0000ffff, 0x00009002,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CNONE, RV_TR_ebreak },
	[RV_I_c_jalr] = { "c.jalr", "s", 0x0000f07f, 0x00009002,
		{ 0xf80, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CJALR, RV_TR_jalr },
	[RV_I_c_add] = { "c.add", "d,t", 0x0000f003, 0x00009002,
		{ 0x7c, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CADD, RV_TR_alu,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_c_fsdsp] = { "c.fsdsp", "T,i(s)", 0x0000e003, 0x0000a002,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C | VMXL_RV64_ISA_D, 2, RV_FMT_CFSDSP, RV_TR_fstore,
		{ VMXL_MT_U64 } },
	[RV_I_c_swsp] = { "c.swsp", "t,i(s)", 0x0000e003, 0x0000c002,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CSWSP, RV_TR_store,
		{ VMXL_MT_U32 } },
	[RV_I_c_sdsp] = { "c.sdsp", "t,i(s)", 0x0000e003, 0x0000e002,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_C, 2, RV_FMT_CSDSP, RV_TR_store,
		{ VMXL_MT_U64 } },
	[RV_I_lui] = { "lui", "d,u", 0x0000007f, 0x00000037,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_U, RV_TR_lui },
	[RV_I_auipc] = { "auipc", "d,u", 0x0000007f, 0x00000017,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_U, RV_TR_auipc },
	[RV_I_jal] = { "jal", "d,p", 0x0000007f, 0x0000006f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_J, RV_TR_jal },
	[RV_I_jalr] = { "jalr", "d,i(s)", 0x0000707f, 0x00000067,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_jalr },
	[RV_I_beq] = { "beq", "s,t,p", 0x0000707f, 0x00000063,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_B, RV_TR_branch,
		{ VMXL_CC_EQ } },
	[RV_I_bne] = { "bne", "s,t,p", 0x0000707f, 0x00001063,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_B, RV_TR_branch,
		{ VMXL_CC_NE } },
	[RV_I_blt] = { "blt", "s,t,p", 0x0000707f, 0x00004063,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_B, RV_TR_branch,
		{ VMXL_CC_LT } },
	[RV_I_bge] = { "bge", "s,t,p", 0x0000707f, 0x00005063,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_B, RV_TR_branch,
		{ VMXL_CC_GE } },
	[RV_I_bltu] = { "bltu", "s,t,p", 0x0000707f, 0x00006063,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_B, RV_TR_branch,
		{ VMXL_CC_LTU } },
	[RV_I_bgeu] = { "bgeu", "s,t,p", 0x0000707f, 0x00007063,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_B, RV_TR_branch,
		{ VMXL_CC_GEU } },
	[RV_I_lb] = { "lb", "d,i(s)", 0x0000707f, 0x00000003,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_load,
		{ VMXL_MT_S8 } },
	[RV_I_lh] = { "lh", "d,i(s)", 0x0000707f, 0x00001003,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_load,
		{ VMXL_MT_S16 } },
	[RV_I_lw] = { "lw", "d,i(s)", 0x0000707f, 0x00002003,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_load,
		{ VMXL_MT_S32 } },
	[RV_I_ld] = { "ld", "d,i(s)", 0x0000707f, 0x00003003,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_load,
		{ VMXL_MT_U64 } },
	[RV_I_lbu] = { "lbu", "d,i(s)", 0x0000707f, 0x00004003,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_load,
		{ VMXL_MT_U8 } },
	[RV_I_lhu] = { "lhu", "d,i(s)", 0x0000707f, 0x00005003,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_load,
		{ VMXL_MT_U16 } },
	[RV_I_lwu] = { "lwu", "d,i(s)", 0x0000707f, 0x00006003,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_L, RV_TR_load,
		{ VMXL_MT_U32 } },
	[RV_I_sb] = { "sb", "t,i(s)", 0x0000707f, 0x00000023,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_S, RV_TR_store,
		{ VMXL_MT_U8 } },
	[RV_I_sh] = { "sh", "t,i(s)", 0x0000707f, 0x00001023,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_S, RV_TR_store,
		{ VMXL_MT_U16 } },
	[RV_I_sw] = { "sw", "t,i(s)", 0x0000707f, 0x00002023,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_S, RV_TR_store,
		{ VMXL_MT_U32 } },
	[RV_I_sd] = { "sd", "t,i(s)", 0x0000707f, 0x00003023,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_S, RV_TR_store,
		{ VMXL_MT_U64 } },
	[RV_I_addi] = { "addi", "d,s,i", 0x0000707f, 0x00000013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_I, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_slti] = { "slti", "d,s,i", 0x0000707f, 0x00002013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_I, RV_TR_seti,
		{ VMXL_CC_LT } },
	[RV_I_sltiu] = { "sltiu", "d,s,i", 0x0000707f, 0x00003013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_I, RV_TR_seti,
		{ VMXL_CC_LTU } },
	[RV_I_xori] = { "xori", "d,s,i", 0x0000707f, 0x00004013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_I, RV_TR_alui,
		{ VMXL_IR_XOR, VMXL_T_I64 } },
	[RV_I_ori] = { "ori", "d,s,i", 0x0000707f, 0x00006013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_I, RV_TR_alui,
		{ VMXL_IR_OR, VMXL_T_I64 } },
	[RV_I_andi] = { "andi", "d,s,i", 0x0000707f, 0x00007013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_I, RV_TR_alui,
		{ VMXL_IR_AND, VMXL_T_I64 } },
	[RV_I_slli] = { "slli", "d,s,i", 0xfc00707f, 0x00001013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_SH6, RV_TR_alui,
		{ VMXL_IR_SHL, VMXL_T_I64 } },
	[RV_I_srli] = { "srli", "d,s,i", 0xfc00707f, 0x00005013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_SH6, RV_TR_alui,
		{ VMXL_IR_SHR, VMXL_T_I64 } },
	[RV_I_srai] = { "srai", "d,s,i", 0xfc00707f, 0x40005013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_SH6, RV_TR_alui,
		{ VMXL_IR_SAR, VMXL_T_I64 } },
	[RV_I_add] = { "add", "d,s,t", 0xfe00707f, 0x00000033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ADD, VMXL_T_I64 } },
	[RV_I_sub] = { "sub", "d,s,t", 0xfe00707f, 0x40000033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SUB, VMXL_T_I64 } },
	[RV_I_sll] = { "sll", "d,s,t", 0xfe00707f, 0x00001033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SHL, VMXL_T_I64 } },
	[RV_I_slt] = { "slt", "d,s,t", 0xfe00707f, 0x00002033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_set,
		{ VMXL_CC_LT } },
	[RV_I_sltu] = { "sltu", "d,s,t", 0xfe00707f, 0x00003033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_set,
		{ VMXL_CC_LTU } },
	[RV_I_xor] = { "xor", "d,s,t", 0xfe00707f, 0x00004033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_XOR, VMXL_T_I64 } },
	[RV_I_srl] = { "srl", "d,s,t", 0xfe00707f, 0x00005033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SHR, VMXL_T_I64 } },
	[RV_I_sra] = { "sra", "d,s,t", 0xfe00707f, 0x40005033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SAR, VMXL_T_I64 } },
	[RV_I_or] = { "or", "d,s,t", 0xfe00707f, 0x00006033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_OR, VMXL_T_I64 } },
	[RV_I_and] = { "and", "d,s,t", 0xfe00707f, 0x00007033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_AND, VMXL_T_I64 } },
	[RV_I_addiw] = { "addiw", "d,s,i", 0x0000707f, 0x0000001b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_I, RV_TR_alui,
		{ VMXL_IR_ADD, VMXL_T_S32 } },
	[RV_I_slliw] = { "slliw", "d,s,i", 0xfe00707f, 0x0000101b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_SH5, RV_TR_alui,
		{ VMXL_IR_SHL, VMXL_T_S32 } },
	[RV_I_srliw] = { "srliw", "d,s,i", 0xfe00707f, 0x0000501b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_SH5, RV_TR_alui,
		{ VMXL_IR_SHR, VMXL_T_S32 } },
	[RV_I_sraiw] = { "sraiw", "d,s,i", 0xfe00707f, 0x4000501b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_SH5, RV_TR_alui,
		{ VMXL_IR_SAR, VMXL_T_S32 } },
	[RV_I_addw] = { "addw", "d,s,t", 0xfe00707f, 0x0000003b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ADD, VMXL_T_S32 } },
	[RV_I_subw] = { "subw", "d,s,t", 0xfe00707f, 0x4000003b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SUB, VMXL_T_S32 } },
	[RV_I_sllw] = { "sllw", "d,s,t", 0xfe00707f, 0x0000103b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SHL, VMXL_T_S32 } },
	[RV_I_srlw] = { "srlw", "d,s,t", 0xfe00707f, 0x0000503b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SHR, VMXL_T_S32 } },
	[RV_I_sraw] = { "sraw", "d,s,t", 0xfe00707f, 0x4000503b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SAR, VMXL_T_S32 } },
	[RV_I_fence] = { "fence", "f", 0x0000707f, 0x0000000f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_FENCE, RV_TR_fence },
	[RV_I_fence_tso] = { "fence.tso", "", 0xfff0707f, 0x8330000f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_fence_tso },
	[RV_I_fence_i] = { "fence.i", "", 0x0000707f, 0x0000100f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_fence_i },
	[RV_I_ecall] = { "ecall", "", 0xffffffff, 0x00000073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_ecall },
	[RV_I_ebreak] = { "ebreak", "", 0xffffffff, 0x00100073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_ebreak },
	[RV_I_pause] = { "pause", "", 0xffffffff, 0x0100000f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_pause },
	[RV_I_csrrw] = { "csrrw", "d,c,s", 0x0000707f, 0x00001073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_CSR, RV_TR_csr,
		{ RV_CSR_WRITE } },
	[RV_I_csrrs] = { "csrrs", "d,c,s", 0x0000707f, 0x00002073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_CSR, RV_TR_csr,
		{ RV_CSR_SET } },
	[RV_I_csrrc] = { "csrrc", "d,c,s", 0x0000707f, 0x00003073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_CSR, RV_TR_csr,
		{ RV_CSR_CLEAR } },
	[RV_I_csrrwi] = { "csrrwi", "d,c,z", 0x0000707f, 0x00005073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_CSRI, RV_TR_csri,
		{ RV_CSR_WRITE } },
	[RV_I_csrrsi] = { "csrrsi", "d,c,z", 0x0000707f, 0x00006073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_CSRI, RV_TR_csri,
		{ RV_CSR_SET } },
	[RV_I_csrrci] = { "csrrci", "d,c,z", 0x0000707f, 0x00007073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_CSRI, RV_TR_csri,
		{ RV_CSR_CLEAR } },
	[RV_I_mul] = { "mul", "d,s,t", 0xfe00707f, 0x02000033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_MUL, VMXL_T_I64 } },
	[RV_I_mulh] = { "mulh", "d,s,t", 0xfe00707f, 0x02001033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_MULHS, VMXL_T_I64 } },
	[RV_I_mulhsu] = { "mulhsu", "d,s,t", 0xfe00707f, 0x02002033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_MULHSU, VMXL_T_I64 } },
	[RV_I_mulhu] = { "mulhu", "d,s,t", 0xfe00707f, 0x02003033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_MULHU, VMXL_T_I64 } },
	[RV_I_div] = { "div", "d,s,t", 0xfe00707f, 0x02004033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_DIVS, VMXL_T_I64 } },
	[RV_I_divu] = { "divu", "d,s,t", 0xfe00707f, 0x02005033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_DIVU, VMXL_T_I64 } },
	[RV_I_rem] = { "rem", "d,s,t", 0xfe00707f, 0x02006033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_REMS, VMXL_T_I64 } },
	[RV_I_remu] = { "remu", "d,s,t", 0xfe00707f, 0x02007033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_REMU, VMXL_T_I64 } },
	[RV_I_mulw] = { "mulw", "d,s,t", 0xfe00707f, 0x0200003b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_MUL, VMXL_T_S32 } },
	[RV_I_divw] = { "divw", "d,s,t", 0xfe00707f, 0x0200403b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_DIVS, VMXL_T_S32 } },
	[RV_I_divuw] = { "divuw", "d,s,t", 0xfe00707f, 0x0200503b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_DIVU, VMXL_T_S32 } },
	[RV_I_remw] = { "remw", "d,s,t", 0xfe00707f, 0x0200603b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_REMS, VMXL_T_S32 } },
	[RV_I_remuw] = { "remuw", "d,s,t", 0xfe00707f, 0x0200703b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_M, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_REMU, VMXL_T_S32 } },
	[RV_I_lr_w] = { "lr.w", "d,(s)", 0xf9f0707f, 0x1000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_LR, RV_TR_lr,
		{ VMXL_MT_S32 } },
	[RV_I_sc_w] = { "sc.w", "d,t,(s)", 0xf800707f, 0x1800202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_sc,
		{ VMXL_MT_U32 } },
	[RV_I_amoswap_w] = { "amoswap.w", "d,t,(s)", 0xf800707f, 0x0800202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_SWAP, VMXL_MT_S32 } },
	[RV_I_amoadd_w] = { "amoadd.w", "d,t,(s)", 0xf800707f, 0x0000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_ADD, VMXL_MT_S32 } },
	[RV_I_amoxor_w] = { "amoxor.w", "d,t,(s)", 0xf800707f, 0x2000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_XOR, VMXL_MT_S32 } },
	[RV_I_amoand_w] = { "amoand.w", "d,t,(s)", 0xf800707f, 0x6000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_AND, VMXL_MT_S32 } },
	[RV_I_amoor_w] = { "amoor.w", "d,t,(s)", 0xf800707f, 0x4000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_OR, VMXL_MT_S32 } },
	[RV_I_amomin_w] = { "amomin.w", "d,t,(s)", 0xf800707f, 0x8000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_SMIN, VMXL_MT_S32 } },
	[RV_I_amomax_w] = { "amomax.w", "d,t,(s)", 0xf800707f, 0xa000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_SMAX, VMXL_MT_S32 } },
	[RV_I_amominu_w] = { "amominu.w", "d,t,(s)", 0xf800707f, 0xc000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_UMIN, VMXL_MT_S32 } },
	[RV_I_amomaxu_w] = { "amomaxu.w", "d,t,(s)", 0xf800707f, 0xe000202f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_UMAX, VMXL_MT_S32 } },
	[RV_I_lr_d] = { "lr.d", "d,(s)", 0xf9f0707f, 0x1000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_LR, RV_TR_lr,
		{ VMXL_MT_U64 } },
	[RV_I_sc_d] = { "sc.d", "d,t,(s)", 0xf800707f, 0x1800302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_sc,
		{ VMXL_MT_U64 } },
	[RV_I_amoswap_d] = { "amoswap.d", "d,t,(s)", 0xf800707f, 0x0800302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_SWAP, VMXL_MT_U64 } },
	[RV_I_amoadd_d] = { "amoadd.d", "d,t,(s)", 0xf800707f, 0x0000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_ADD, VMXL_MT_U64 } },
	[RV_I_amoxor_d] = { "amoxor.d", "d,t,(s)", 0xf800707f, 0x2000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_XOR, VMXL_MT_U64 } },
	[RV_I_amoand_d] = { "amoand.d", "d,t,(s)", 0xf800707f, 0x6000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_AND, VMXL_MT_U64 } },
	[RV_I_amoor_d] = { "amoor.d", "d,t,(s)", 0xf800707f, 0x4000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_OR, VMXL_MT_U64 } },
	[RV_I_amomin_d] = { "amomin.d", "d,t,(s)", 0xf800707f, 0x8000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_SMIN, VMXL_MT_U64 } },
	[RV_I_amomax_d] = { "amomax.d", "d,t,(s)", 0xf800707f, 0xa000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_SMAX, VMXL_MT_U64 } },
	[RV_I_amominu_d] = { "amominu.d", "d,t,(s)", 0xf800707f, 0xc000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_UMIN, VMXL_MT_U64 } },
	[RV_I_amomaxu_d] = { "amomaxu.d", "d,t,(s)", 0xf800707f, 0xe000302f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_A, 4, RV_FMT_AMO, RV_TR_amo,
		{ VMXL_RMW_UMAX, VMXL_MT_U64 } },
	[RV_I_flw] = { "flw", "D,i(s)", 0x0000707f, 0x00002007,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FL, RV_TR_fload,
		{ VMXL_MT_U32, VMXL_T_F32 } },
	[RV_I_fsw] = { "fsw", "T,i(s)", 0x0000707f, 0x00002027,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FS, RV_TR_fstore,
		{ VMXL_MT_U32 } },
	[RV_I_fmadd_s] = { "fmadd.s", "D,S,T,R,m", 0x0600007f, 0x00000043,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F32, 0, 0 } },
	[RV_I_fmsub_s] = { "fmsub.s", "D,S,T,R,m", 0x0600007f, 0x00000047,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F32, 0, 1 } },
	[RV_I_fnmsub_s] = { "fnmsub.s", "D,S,T,R,m", 0x0600007f, 0x0000004b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F32, 1, 0 } },
	[RV_I_fnmadd_s] = { "fnmadd.s", "D,S,T,R,m", 0x0600007f, 0x0000004f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F32, 1, 1 } },
	[RV_I_fadd_s] = { "fadd.s", "D,S,T,m", 0xfe00007f, 0x00000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FADD, VMXL_T_F32 } },
	[RV_I_fsub_s] = { "fsub.s", "D,S,T,m", 0xfe00007f, 0x08000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FSUB, VMXL_T_F32 } },
	[RV_I_fmul_s] = { "fmul.s", "D,S,T,m", 0xfe00007f, 0x10000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FMUL, VMXL_T_F32 } },
	[RV_I_fdiv_s] = { "fdiv.s", "D,S,T,m", 0xfe00007f, 0x18000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FDIV, VMXL_T_F32 } },
	[RV_I_fsqrt_s] = { "fsqrt.s", "D,S,m", 0xfff0007f, 0x58000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FFM, RV_TR_fsqrt,
		{ VMXL_T_F32 } },
	[RV_I_fsgnj_s] = { "fsgnj.s", "D,S,T", 0xfe00707f, 0x20000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR, RV_TR_fsgnj,
		{ VMXL_T_F32 } },
	[RV_I_fsgnjn_s] = { "fsgnjn.s", "D,S,T", 0xfe00707f, 0x20001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR, RV_TR_fsgnjn,
		{ VMXL_T_F32 } },
	[RV_I_fsgnjx_s] = { "fsgnjx.s", "D,S,T", 0xfe00707f, 0x20002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR, RV_TR_fsgnjx,
		{ VMXL_T_F32 } },
	[RV_I_fmin_s] = { "fmin.s", "D,S,T", 0xfe00707f, 0x28000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMIN, VMXL_T_F32 } },
	[RV_I_fmax_s] = { "fmax.s", "D,S,T", 0xfe00707f, 0x28001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMAX, VMXL_T_F32 } },
	[RV_I_fcvt_w_s] = { "fcvt.w.s", "d,S,m", 0xfff0007f, 0xc0000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F32, VMXL_FINT_S32 } },
	[RV_I_fcvt_wu_s] = { "fcvt.wu.s", "d,S,m", 0xfff0007f, 0xc0100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F32, VMXL_FINT_U32 } },
	[RV_I_fcvt_l_s] = { "fcvt.l.s", "d,S,m", 0xfff0007f, 0xc0200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F32, VMXL_FINT_S64 } },
	[RV_I_fcvt_lu_s] = { "fcvt.lu.s", "d,S,m", 0xfff0007f, 0xc0300053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F32, VMXL_FINT_U64 } },
	[RV_I_fmv_x_w] = { "fmv.x.w", "d,S", 0xfff0707f, 0xe0000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_XF, RV_TR_fmv_xf,
		{ VMXL_IR_SEXT32 } },
	[RV_I_fclass_s] = { "fclass.s", "d,S", 0xfff0707f, 0xe0001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_XF, RV_TR_fclass,
		{ VMXL_T_F32 } },
	[RV_I_feq_s] = { "feq.s", "d,S,T", 0xfe00707f, 0xa0002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FEQ, VMXL_T_F32 } },
	[RV_I_flt_s] = { "flt.s", "d,S,T", 0xfe00707f, 0xa0001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLT, VMXL_T_F32 } },
	[RV_I_fle_s] = { "fle.s", "d,S,T", 0xfe00707f, 0xa0000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLE, VMXL_T_F32 } },
	[RV_I_fcvt_s_w] = { "fcvt.s.w", "D,s,m", 0xfff0007f, 0xd0000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F32, VMXL_FINT_S32 } },
	[RV_I_fcvt_s_wu] = { "fcvt.s.wu", "D,s,m", 0xfff0007f, 0xd0100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F32, VMXL_FINT_U32 } },
	[RV_I_fcvt_s_l] = { "fcvt.s.l", "D,s,m", 0xfff0007f, 0xd0200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F32, VMXL_FINT_S64 } },
	[RV_I_fcvt_s_lu] = { "fcvt.s.lu", "D,s,m", 0xfff0007f, 0xd0300053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F32, VMXL_FINT_U64 } },
	[RV_I_fmv_w_x] = { "fmv.w.x", "D,s", 0xfff0707f, 0xf0000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_F, 4, RV_FMT_FX, RV_TR_fmv_fx,
		{ VMXL_T_F32 } },
	[RV_I_fld] = { "fld", "D,i(s)", 0x0000707f, 0x00003007,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FL, RV_TR_fload,
		{ VMXL_MT_U64, VMXL_T_F64 } },
	[RV_I_fsd] = { "fsd", "T,i(s)", 0x0000707f, 0x00003027,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FS, RV_TR_fstore,
		{ VMXL_MT_U64 } },
	[RV_I_fmadd_d] = { "fmadd.d", "D,S,T,R,m", 0x0600007f, 0x02000043,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F64, 0, 0 } },
	[RV_I_fmsub_d] = { "fmsub.d", "D,S,T,R,m", 0x0600007f, 0x02000047,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F64, 0, 1 } },
	[RV_I_fnmsub_d] = { "fnmsub.d", "D,S,T,R,m", 0x0600007f, 0x0200004b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F64, 1, 0 } },
	[RV_I_fnmadd_d] = { "fnmadd.d", "D,S,T,R,m", 0x0600007f, 0x0200004f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F64, 1, 1 } },
	[RV_I_fadd_d] = { "fadd.d", "D,S,T,m", 0xfe00007f, 0x02000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FADD, VMXL_T_F64 } },
	[RV_I_fsub_d] = { "fsub.d", "D,S,T,m", 0xfe00007f, 0x0a000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FSUB, VMXL_T_F64 } },
	[RV_I_fmul_d] = { "fmul.d", "D,S,T,m", 0xfe00007f, 0x12000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FMUL, VMXL_T_F64 } },
	[RV_I_fdiv_d] = { "fdiv.d", "D,S,T,m", 0xfe00007f, 0x1a000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FDIV, VMXL_T_F64 } },
	[RV_I_fsqrt_d] = { "fsqrt.d", "D,S,m", 0xfff0007f, 0x5a000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FFM, RV_TR_fsqrt,
		{ VMXL_T_F64 } },
	[RV_I_fsgnj_d] = { "fsgnj.d", "D,S,T", 0xfe00707f, 0x22000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR, RV_TR_fsgnj,
		{ VMXL_T_F64 } },
	[RV_I_fsgnjn_d] = { "fsgnjn.d", "D,S,T", 0xfe00707f, 0x22001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR, RV_TR_fsgnjn,
		{ VMXL_T_F64 } },
	[RV_I_fsgnjx_d] = { "fsgnjx.d", "D,S,T", 0xfe00707f, 0x22002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR, RV_TR_fsgnjx,
		{ VMXL_T_F64 } },
	[RV_I_fmin_d] = { "fmin.d", "D,S,T", 0xfe00707f, 0x2a000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMIN, VMXL_T_F64 } },
	[RV_I_fmax_d] = { "fmax.d", "D,S,T", 0xfe00707f, 0x2a001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMAX, VMXL_T_F64 } },
	[RV_I_fcvt_s_d] = { "fcvt.s.d", "D,S,m", 0xfff0007f, 0x40100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FFM, RV_TR_fcvt,
		{ VMXL_T_F32, VMXL_T_F64 } },
	[RV_I_fcvt_d_s] = { "fcvt.d.s", "D,S,m", 0xfff0007f, 0x42000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FFM, RV_TR_fcvt,
		{ VMXL_T_F64, VMXL_T_F32 } },
	[RV_I_fcvt_w_d] = { "fcvt.w.d", "d,S,m", 0xfff0007f, 0xc2000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F64, VMXL_FINT_S32 } },
	[RV_I_fcvt_wu_d] = { "fcvt.wu.d", "d,S,m", 0xfff0007f, 0xc2100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F64, VMXL_FINT_U32 } },
	[RV_I_fcvt_l_d] = { "fcvt.l.d", "d,S,m", 0xfff0007f, 0xc2200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F64, VMXL_FINT_S64 } },
	[RV_I_fcvt_lu_d] = { "fcvt.lu.d", "d,S,m", 0xfff0007f, 0xc2300053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F64, VMXL_FINT_U64 } },
	[RV_I_fmv_x_d] = { "fmv.x.d", "d,S", 0xfff0707f, 0xe2000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_XF, RV_TR_fmv_xf,
		{ VMXL_IR_NONE } },
	[RV_I_fclass_d] = { "fclass.d", "d,S", 0xfff0707f, 0xe2001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_XF, RV_TR_fclass,
		{ VMXL_T_F64 } },
	[RV_I_feq_d] = { "feq.d", "d,S,T", 0xfe00707f, 0xa2002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FEQ, VMXL_T_F64 } },
	[RV_I_flt_d] = { "flt.d", "d,S,T", 0xfe00707f, 0xa2001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLT, VMXL_T_F64 } },
	[RV_I_fle_d] = { "fle.d", "d,S,T", 0xfe00707f, 0xa2000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLE, VMXL_T_F64 } },
	[RV_I_fcvt_d_w] = { "fcvt.d.w", "D,s,m", 0xfff0007f, 0xd2000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F64, VMXL_FINT_S32 } },
	[RV_I_fcvt_d_wu] = { "fcvt.d.wu", "D,s,m", 0xfff0007f, 0xd2100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F64, VMXL_FINT_U32 } },
	[RV_I_fcvt_d_l] = { "fcvt.d.l", "D,s,m", 0xfff0007f, 0xd2200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F64, VMXL_FINT_S64 } },
	[RV_I_fcvt_d_lu] = { "fcvt.d.lu", "D,s,m", 0xfff0007f, 0xd2300053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F64, VMXL_FINT_U64 } },
	[RV_I_fmv_d_x] = { "fmv.d.x", "D,s", 0xfff0707f, 0xf2000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_D, 4, RV_FMT_FX, RV_TR_fmv_fx,
		{ VMXL_T_F64 } },
	[RV_I_flh] = { "flh", "D,i(s)", 0x0000707f, 0x00001007,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FL, RV_TR_fload,
		{ VMXL_MT_U16, VMXL_T_F16 } },
	[RV_I_fsh] = { "fsh", "T,i(s)", 0x0000707f, 0x00001027,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FS, RV_TR_fstore,
		{ VMXL_MT_U16 } },
	[RV_I_fmadd_h] = { "fmadd.h", "D,S,T,R,m", 0x0600007f, 0x04000043,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F16, 0, 0 } },
	[RV_I_fmsub_h] = { "fmsub.h", "D,S,T,R,m", 0x0600007f, 0x04000047,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F16, 0, 1 } },
	[RV_I_fnmsub_h] = { "fnmsub.h", "D,S,T,R,m", 0x0600007f, 0x0400004b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F16, 1, 0 } },
	[RV_I_fnmadd_h] = { "fnmadd.h", "D,S,T,R,m", 0x0600007f, 0x0400004f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR4, RV_TR_fma,
		{ VMXL_T_F16, 1, 1 } },
	[RV_I_fadd_h] = { "fadd.h", "D,S,T,m", 0xfe00007f, 0x04000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FADD, VMXL_T_F16 } },
	[RV_I_fsub_h] = { "fsub.h", "D,S,T,m", 0xfe00007f, 0x0c000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FSUB, VMXL_T_F16 } },
	[RV_I_fmul_h] = { "fmul.h", "D,S,T,m", 0xfe00007f, 0x14000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FMUL, VMXL_T_F16 } },
	[RV_I_fdiv_h] = { "fdiv.h", "D,S,T,m", 0xfe00007f, 0x1c000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FRM, RV_TR_fbin_rm,
		{ VMXL_IR_FDIV, VMXL_T_F16 } },
	[RV_I_fsqrt_h] = { "fsqrt.h", "D,S,m", 0xfff0007f, 0x5c000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FFM, RV_TR_fsqrt,
		{ VMXL_T_F16 } },
	[RV_I_fsgnj_h] = { "fsgnj.h", "D,S,T", 0xfe00707f, 0x24000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR, RV_TR_fsgnj,
		{ VMXL_T_F16 } },
	[RV_I_fsgnjn_h] = { "fsgnjn.h", "D,S,T", 0xfe00707f, 0x24001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR, RV_TR_fsgnjn,
		{ VMXL_T_F16 } },
	[RV_I_fsgnjx_h] = { "fsgnjx.h", "D,S,T", 0xfe00707f, 0x24002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR, RV_TR_fsgnjx,
		{ VMXL_T_F16 } },
	[RV_I_fmin_h] = { "fmin.h", "D,S,T", 0xfe00707f, 0x2c000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMIN, VMXL_T_F16 } },
	[RV_I_fmax_h] = { "fmax.h", "D,S,T", 0xfe00707f, 0x2c001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMAX, VMXL_T_F16 } },
	[RV_I_fcvt_s_h] = { "fcvt.s.h", "D,S,m", 0xfff0007f, 0x40200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FFM, RV_TR_fcvt,
		{ VMXL_T_F32, VMXL_T_F16 } },
	[RV_I_fcvt_h_s] = { "fcvt.h.s", "D,S,m", 0xfff0007f, 0x44000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FFM, RV_TR_fcvt,
		{ VMXL_T_F16, VMXL_T_F32 } },
	[RV_I_fcvt_d_h] = { "fcvt.d.h", "D,S,m", 0xfff0007f, 0x42200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH | VMXL_RV64_ISA_D, 4, RV_FMT_FFM, RV_TR_fcvt,
		{ VMXL_T_F64, VMXL_T_F16 } },
	[RV_I_fcvt_h_d] = { "fcvt.h.d", "D,S,m", 0xfff0007f, 0x44100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH | VMXL_RV64_ISA_D, 4, RV_FMT_FFM, RV_TR_fcvt,
		{ VMXL_T_F16, VMXL_T_F64 } },
	[RV_I_fcvt_w_h] = { "fcvt.w.h", "d,S,m", 0xfff0007f, 0xc4000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F16, VMXL_FINT_S32 } },
	[RV_I_fcvt_wu_h] = { "fcvt.wu.h", "d,S,m", 0xfff0007f, 0xc4100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F16, VMXL_FINT_U32 } },
	[RV_I_fcvt_l_h] = { "fcvt.l.h", "d,S,m", 0xfff0007f, 0xc4200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F16, VMXL_FINT_S64 } },
	[RV_I_fcvt_lu_h] = { "fcvt.lu.h", "d,S,m", 0xfff0007f, 0xc4300053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_XFM, RV_TR_ftoi,
		{ VMXL_T_F16, VMXL_FINT_U64 } },
	[RV_I_fmv_x_h] = { "fmv.x.h", "d,S", 0xfff0707f, 0xe4000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_XF, RV_TR_fmv_xf,
		{ VMXL_IR_SEXT16 } },
	[RV_I_fclass_h] = { "fclass.h", "d,S", 0xfff0707f, 0xe4001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_XF, RV_TR_fclass,
		{ VMXL_T_F16 } },
	[RV_I_feq_h] = { "feq.h", "d,S,T", 0xfe00707f, 0xa4002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FEQ, VMXL_T_F16 } },
	[RV_I_flt_h] = { "flt.h", "d,S,T", 0xfe00707f, 0xa4001053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLT, VMXL_T_F16 } },
	[RV_I_fle_h] = { "fle.h", "d,S,T", 0xfe00707f, 0xa4000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLE, VMXL_T_F16 } },
	[RV_I_fcvt_h_w] = { "fcvt.h.w", "D,s,m", 0xfff0007f, 0xd4000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F16, VMXL_FINT_S32 } },
	[RV_I_fcvt_h_wu] = { "fcvt.h.wu", "D,s,m", 0xfff0007f, 0xd4100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F16, VMXL_FINT_U32 } },
	[RV_I_fcvt_h_l] = { "fcvt.h.l", "D,s,m", 0xfff0007f, 0xd4200053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F16, VMXL_FINT_S64 } },
	[RV_I_fcvt_h_lu] = { "fcvt.h.lu", "D,s,m", 0xfff0007f, 0xd4300053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FXM, RV_TR_itof,
		{ VMXL_T_F16, VMXL_FINT_U64 } },
	[RV_I_fmv_h_x] = { "fmv.h.x", "D,s", 0xfff0707f, 0xf4000053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFH, 4, RV_FMT_FX, RV_TR_fmv_fx,
		{ VMXL_T_F16 } },
	[RV_I_fli_s] = { "fli.s", "D,v", 0xfff0707f, 0xf0100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_F, 4, RV_FMT_FLI, RV_TR_fli,
		{ VMXL_T_F32 } },
	[RV_I_fli_d] = { "fli.d", "D,v", 0xfff0707f, 0xf2100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_FLI, RV_TR_fli,
		{ VMXL_T_F64 } },
	[RV_I_fli_h] = { "fli.h", "D,v", 0xfff0707f, 0xf4100053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_ZFH, 4, RV_FMT_FLI, RV_TR_fli,
		{ VMXL_T_F16 } },
	[RV_I_fminm_s] = { "fminm.s", "D,S,T", 0xfe00707f, 0x28002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_F, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMINM, VMXL_T_F32 } },
	[RV_I_fmaxm_s] = { "fmaxm.s", "D,S,T", 0xfe00707f, 0x28003053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_F, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMAXM, VMXL_T_F32 } },
	[RV_I_fminm_d] = { "fminm.d", "D,S,T", 0xfe00707f, 0x2a002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMINM, VMXL_T_F64 } },
	[RV_I_fmaxm_d] = { "fmaxm.d", "D,S,T", 0xfe00707f, 0x2a003053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMAXM, VMXL_T_F64 } },
	[RV_I_fminm_h] = { "fminm.h", "D,S,T", 0xfe00707f, 0x2c002053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMINM, VMXL_T_F16 } },
	[RV_I_fmaxm_h] = { "fmaxm.h", "D,S,T", 0xfe00707f, 0x2c003053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_ZFH, 4, RV_FMT_FR, RV_TR_fbin,
		{ VMXL_IR_FMAXM, VMXL_T_F16 } },
	[RV_I_fround_s] = { "fround.s", "D,S,m", 0xfff0007f, 0x40400053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_F, 4, RV_FMT_FFM, RV_TR_fround,
		{ VMXL_T_F32, 0 } },
	[RV_I_froundnx_s] = { "froundnx.s", "D,S,m", 0xfff0007f, 0x40500053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_F, 4, RV_FMT_FFM, RV_TR_fround,
		{ VMXL_T_F32, 1 } },
	[RV_I_fround_d] = { "fround.d", "D,S,m", 0xfff0007f, 0x42400053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_FFM, RV_TR_fround,
		{ VMXL_T_F64, 0 } },
	[RV_I_froundnx_d] = { "froundnx.d", "D,S,m", 0xfff0007f, 0x42500053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_FFM, RV_TR_fround,
		{ VMXL_T_F64, 1 } },
	[RV_I_fround_h] = { "fround.h", "D,S,m", 0xfff0007f, 0x44400053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_ZFH, 4, RV_FMT_FFM, RV_TR_fround,
		{ VMXL_T_F16, 0 } },
	[RV_I_froundnx_h] = { "froundnx.h", "D,S,m", 0xfff0007f, 0x44500053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_ZFH, 4, RV_FMT_FFM, RV_TR_fround,
		{ VMXL_T_F16, 1 } },
	[RV_I_fcvtmod_w_d] = { "fcvtmod.w.d", "d,S", 0xfff0707f, 0xc2801053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_XF, RV_TR_fcvtmod },
	[RV_I_fleq_s] = { "fleq.s", "d,S,T", 0xfe00707f, 0xa0004053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_F, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLEQ, VMXL_T_F32 } },
	[RV_I_fltq_s] = { "fltq.s", "d,S,T", 0xfe00707f, 0xa0005053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_F, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLTQ, VMXL_T_F32 } },
	[RV_I_fleq_d] = { "fleq.d", "d,S,T", 0xfe00707f, 0xa2004053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLEQ, VMXL_T_F64 } },
	[RV_I_fltq_d] = { "fltq.d", "d,S,T", 0xfe00707f, 0xa2005053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_D, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLTQ, VMXL_T_F64 } },
	[RV_I_fleq_h] = { "fleq.h", "d,S,T", 0xfe00707f, 0xa4004053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_ZFH, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLEQ, VMXL_T_F16 } },
	[RV_I_fltq_h] = { "fltq.h", "d,S,T", 0xfe00707f, 0xa4005053,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZFA | VMXL_RV64_ISA_ZFH, 4, RV_FMT_FCMP, RV_TR_fcmp,
		{ VMXL_IR_FLTQ, VMXL_T_F16 } },
	[RV_I_add_uw] = { "add.uw", "d,s,t", 0xfe00707f, 0x0800003b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_R, RV_TR_shadd_uw,
		{ 0 } },
	[RV_I_sh1add] = { "sh1add", "d,s,t", 0xfe00707f, 0x20002033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_R, RV_TR_shadd,
		{ 1 } },
	[RV_I_sh2add] = { "sh2add", "d,s,t", 0xfe00707f, 0x20004033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_R, RV_TR_shadd,
		{ 2 } },
	[RV_I_sh3add] = { "sh3add", "d,s,t", 0xfe00707f, 0x20006033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_R, RV_TR_shadd,
		{ 3 } },
	[RV_I_sh1add_uw] = { "sh1add.uw", "d,s,t", 0xfe00707f, 0x2000203b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_R, RV_TR_shadd_uw,
		{ 1 } },
	[RV_I_sh2add_uw] = { "sh2add.uw", "d,s,t", 0xfe00707f, 0x2000403b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_R, RV_TR_shadd_uw,
		{ 2 } },
	[RV_I_sh3add_uw] = { "sh3add.uw", "d,s,t", 0xfe00707f, 0x2000603b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_R, RV_TR_shadd_uw,
		{ 3 } },
	[RV_I_slli_uw] = { "slli.uw", "d,s,i", 0xfc00707f, 0x0800101b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBA, 4, RV_FMT_SH6, RV_TR_slli_uw },
	[RV_I_andn] = { "andn", "d,s,t", 0xfe00707f, 0x40007033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ANDN, VMXL_T_I64 } },
	[RV_I_orn] = { "orn", "d,s,t", 0xfe00707f, 0x40006033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ORN, VMXL_T_I64 } },
	[RV_I_xnor] = { "xnor", "d,s,t", 0xfe00707f, 0x40004033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_XNOR, VMXL_T_I64 } },
	[RV_I_clz] = { "clz", "d,s", 0xfff0707f, 0x60001013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_CLZ, VMXL_T_I64 } },
	[RV_I_ctz] = { "ctz", "d,s", 0xfff0707f, 0x60101013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_CTZ, VMXL_T_I64 } },
	[RV_I_cpop] = { "cpop", "d,s", 0xfff0707f, 0x60201013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_POPCNT, VMXL_T_I64 } },
	[RV_I_clzw] = { "clzw", "d,s", 0xfff0707f, 0x6000101b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_CLZ, VMXL_T_S32 } },
	[RV_I_ctzw] = { "ctzw", "d,s", 0xfff0707f, 0x6010101b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_CTZ, VMXL_T_S32 } },
	[RV_I_cpopw] = { "cpopw", "d,s", 0xfff0707f, 0x6020101b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_POPCNT, VMXL_T_S32 } },
	[RV_I_max] = { "max", "d,s,t", 0xfe00707f, 0x0a006033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SMAX, VMXL_T_I64 } },
	[RV_I_maxu] = { "maxu", "d,s,t", 0xfe00707f, 0x0a007033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_UMAX, VMXL_T_I64 } },
	[RV_I_min] = { "min", "d,s,t", 0xfe00707f, 0x0a004033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_SMIN, VMXL_T_I64 } },
	[RV_I_minu] = { "minu", "d,s,t", 0xfe00707f, 0x0a005033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_UMIN, VMXL_T_I64 } },
	[RV_I_sext_b] = { "sext.b", "d,s", 0xfff0707f, 0x60401013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_SEXT8, VMXL_T_I64 } },
	[RV_I_sext_h] = { "sext.h", "d,s", 0xfff0707f, 0x60501013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_SEXT16, VMXL_T_I64 } },
	[RV_I_zext_h] = { "zext.h", "d,s", 0xfff0707f, 0x0800403b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_ZEXT16, VMXL_T_I64 } },
	[RV_I_rol] = { "rol", "d,s,t", 0xfe00707f, 0x60001033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ROL, VMXL_T_I64 } },
	[RV_I_ror] = { "ror", "d,s,t", 0xfe00707f, 0x60005033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ROR, VMXL_T_I64 } },
	[RV_I_rori] = { "rori", "d,s,i", 0xfc00707f, 0x60005013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_SH6, RV_TR_alui,
		{ VMXL_IR_ROR, VMXL_T_I64 } },
	[RV_I_rolw] = { "rolw", "d,s,t", 0xfe00707f, 0x6000103b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ROL, VMXL_T_S32 } },
	[RV_I_rorw] = { "rorw", "d,s,t", 0xfe00707f, 0x6000503b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_ROR, VMXL_T_S32 } },
	[RV_I_roriw] = { "roriw", "d,s,i", 0xfe00707f, 0x6000501b,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_SH5, RV_TR_alui,
		{ VMXL_IR_ROR, VMXL_T_S32 } },
	[RV_I_orc_b] = { "orc.b", "d,s", 0xfff0707f, 0x28705013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_ORCB, VMXL_T_I64 } },
	[RV_I_rev8] = { "rev8", "d,s", 0xfff0707f, 0x6b805013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBB, 4, RV_FMT_R1, RV_TR_unary,
		{ VMXL_IR_BSWAP, VMXL_T_I64 } },
	[RV_I_bclr] = { "bclr", "d,s,t", 0xfe00707f, 0x48001033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_R, RV_TR_bit,
		{ VMXL_IR_ANDN } },
	[RV_I_bclri] = { "bclri", "d,s,i", 0xfc00707f, 0x48001013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_SH6, RV_TR_biti,
		{ VMXL_IR_ANDN } },
	[RV_I_bext] = { "bext", "d,s,t", 0xfe00707f, 0x48005033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_R, RV_TR_bext },
	[RV_I_bexti] = { "bexti", "d,s,i", 0xfc00707f, 0x48005013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_SH6, RV_TR_bexti },
	[RV_I_binv] = { "binv", "d,s,t", 0xfe00707f, 0x68001033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_R, RV_TR_bit,
		{ VMXL_IR_XOR } },
	[RV_I_binvi] = { "binvi", "d,s,i", 0xfc00707f, 0x68001013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_SH6, RV_TR_biti,
		{ VMXL_IR_XOR } },
	[RV_I_bset] = { "bset", "d,s,t", 0xfe00707f, 0x28001033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_R, RV_TR_bit,
		{ VMXL_IR_OR } },
	[RV_I_bseti] = { "bseti", "d,s,i", 0xfc00707f, 0x28001013,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBS, 4, RV_FMT_SH6, RV_TR_biti,
		{ VMXL_IR_OR } },
	[RV_I_clmul] = { "clmul", "d,s,t", 0xfe00707f, 0x0a001033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBC, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_CLMUL, VMXL_T_I64 } },
	[RV_I_clmulr] = { "clmulr", "d,s,t", 0xfe00707f, 0x0a002033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBC, 4, RV_FMT_R, RV_TR_clmulr },
	[RV_I_clmulh] = { "clmulh", "d,s,t", 0xfe00707f, 0x0a003033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZBC, 4, RV_FMT_R, RV_TR_alu,
		{ VMXL_IR_CLMULH, VMXL_T_I64 } },
	[RV_I_czero_eqz] = { "czero.eqz", "d,s,t", 0xfe00707f, 0x0e005033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZICOND, 4, RV_FMT_R, RV_TR_czero_eqz },
	[RV_I_czero_nez] = { "czero.nez", "d,s,t", 0xfe00707f, 0x0e007033,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZICOND, 4, RV_FMT_R, RV_TR_czero_nez },
	[RV_I_cbo_inval] = { "cbo.inval", "(s)", 0xfff07fff, 0x0000200f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZICBOM, 4, RV_FMT_CBO, RV_TR_cbo_inval },
	[RV_I_cbo_clean] = { "cbo.clean", "(s)", 0xfff07fff, 0x0010200f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZICBOM, 4, RV_FMT_CBO, RV_TR_cbo_probe },
	[RV_I_cbo_flush] = { "cbo.flush", "(s)", 0xfff07fff, 0x0020200f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZICBOM, 4, RV_FMT_CBO, RV_TR_cbo_probe },
	[RV_I_cbo_zero] = { "cbo.zero", "(s)", 0xfff07fff, 0x0040200f,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZICBOZ, 4, RV_FMT_CBO, RV_TR_cbo_zero },
	[RV_I_wrs_nto] = { "wrs.nto", "", 0xffffffff, 0x00d00073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZAWRS, 4, RV_FMT_NONE, RV_TR_wrs,
		{ 1 } },
	[RV_I_wrs_sto] = { "wrs.sto", "", 0xffffffff, 0x01d00073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_ZAWRS, 4, RV_FMT_NONE, RV_TR_wrs,
		{ 0 } },
	[RV_I_sret] = { "sret", "", 0xffffffff, 0x10200073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_xret,
		{ RV_S, RV_H_sret } },
	[RV_I_mret] = { "mret", "", 0xffffffff, 0x30200073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_xret,
		{ RV_M, RV_H_mret } },
	[RV_I_wfi] = { "wfi", "", 0xffffffff, 0x10500073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_NONE, RV_TR_wfi },
	[RV_I_sfence_vma] = { "sfence.vma", "s,t", 0xfe007fff, 0x12000073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		0, 4, RV_FMT_VMA, RV_TR_sfence,
		{ 0 } },
	[RV_I_sinval_vma] = { "sinval.vma", "s,t", 0xfe007fff, 0x16000073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_SVINVAL, 4, RV_FMT_VMA, RV_TR_sfence,
		{ 4 } },
	[RV_I_sfence_w_inval] = { "sfence.w.inval", "", 0xffffffff, 0x18000073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_SVINVAL, 4, RV_FMT_NONE, RV_TR_sinval_nop },
	[RV_I_sfence_inval_ir] = { "sfence.inval.ir", "", 0xffffffff, 0x18100073,
		{ 0x0, 0x0 }, { 0x0, 0x0 },
		VMXL_RV64_ISA_SVINVAL, 4, RV_FMT_NONE, RV_TR_sinval_nop },
	[RV_I_ILLEGAL] = { "illegal", "" },
};

void vmxl_rv64_extract(struct vmxl_rv64_insn *i, enum vmxl_rv64_fmt fmt, u32 w)
{
	switch (fmt) {
	case RV_FMT_C4SPN:
		i->rd = bits(w, 2, 3) + 8;
		i->rs1 = 2;
		i->imm = bits(w, 7, 4) << 6 | bits(w, 11, 2) << 4 | bits(w, 5, 1) << 3 | bits(w, 6, 1) << 2;
		break;
	case RV_FMT_CLW:
		i->rd = bits(w, 2, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = bits(w, 5, 1) << 6 | bits(w, 10, 3) << 3 | bits(w, 6, 1) << 2;
		break;
	case RV_FMT_CLD:
		i->rd = bits(w, 2, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = bits(w, 5, 2) << 6 | bits(w, 10, 3) << 3;
		break;
	case RV_FMT_CFLD:
		i->rd = bits(w, 2, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = bits(w, 5, 2) << 6 | bits(w, 10, 3) << 3;
		break;
	case RV_FMT_CSW:
		i->rs2 = bits(w, 2, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = bits(w, 5, 1) << 6 | bits(w, 10, 3) << 3 | bits(w, 6, 1) << 2;
		break;
	case RV_FMT_CSD:
		i->rs2 = bits(w, 2, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = bits(w, 5, 2) << 6 | bits(w, 10, 3) << 3;
		break;
	case RV_FMT_CFSD:
		i->rs2 = bits(w, 2, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = bits(w, 5, 2) << 6 | bits(w, 10, 3) << 3;
		break;
	case RV_FMT_CNOP:
		i->rd = 0;
		i->rs1 = 0;
		i->imm = sbits(w, 12, 1) << 5 | bits(w, 2, 5);
		break;
	case RV_FMT_CI:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 7, 5);
		i->imm = sbits(w, 12, 1) << 5 | bits(w, 2, 5);
		break;
	case RV_FMT_CLI:
		i->rd = bits(w, 7, 5);
		i->rs1 = 0;
		i->imm = sbits(w, 12, 1) << 5 | bits(w, 2, 5);
		break;
	case RV_FMT_C16SP:
		i->rd = 2;
		i->rs1 = 2;
		i->imm = sbits(w, 12, 1) << 9 | bits(w, 3, 2) << 7 | bits(w, 5, 1) << 6 | bits(w, 2, 1) << 5 | bits(w, 6, 1) << 4;
		break;
	case RV_FMT_CLUI:
		i->rd = bits(w, 7, 5);
		i->imm = sbits(w, 12, 1) << 17 | bits(w, 2, 5) << 12;
		break;
	case RV_FMT_CSH:
		i->rd = bits(w, 7, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = bits(w, 12, 1) << 5 | bits(w, 2, 5);
		break;
	case RV_FMT_CANDI:
		i->rd = bits(w, 7, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->imm = sbits(w, 12, 1) << 5 | bits(w, 2, 5);
		break;
	case RV_FMT_CA:
		i->rd = bits(w, 7, 3) + 8;
		i->rs1 = bits(w, 7, 3) + 8;
		i->rs2 = bits(w, 2, 3) + 8;
		break;
	case RV_FMT_CJ:
		i->rd = 0;
		i->imm = sbits(w, 12, 1) << 11 | bits(w, 8, 1) << 10 | bits(w, 9, 2) << 8 | bits(w, 6, 1) << 7 | bits(w, 7, 1) << 6 | bits(w, 2, 1) << 5 | bits(w, 11, 1) << 4 | bits(w, 3, 3) << 1;
		break;
	case RV_FMT_CB:
		i->rs1 = bits(w, 7, 3) + 8;
		i->rs2 = 0;
		i->imm = sbits(w, 12, 1) << 8 | bits(w, 5, 2) << 6 | bits(w, 2, 1) << 5 | bits(w, 10, 2) << 3 | bits(w, 3, 2) << 1;
		break;
	case RV_FMT_CSLLI:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 7, 5);
		i->imm = bits(w, 12, 1) << 5 | bits(w, 2, 5);
		break;
	case RV_FMT_CLWSP:
		i->rd = bits(w, 7, 5);
		i->rs1 = 2;
		i->imm = bits(w, 2, 2) << 6 | bits(w, 12, 1) << 5 | bits(w, 4, 3) << 2;
		break;
	case RV_FMT_CLDSP:
		i->rd = bits(w, 7, 5);
		i->rs1 = 2;
		i->imm = bits(w, 2, 3) << 6 | bits(w, 12, 1) << 5 | bits(w, 5, 2) << 3;
		break;
	case RV_FMT_CFLDSP:
		i->rd = bits(w, 7, 5);
		i->rs1 = 2;
		i->imm = bits(w, 2, 3) << 6 | bits(w, 12, 1) << 5 | bits(w, 5, 2) << 3;
		break;
	case RV_FMT_CJR:
		i->rd = 0;
		i->rs1 = bits(w, 7, 5);
		i->imm = 0;
		break;
	case RV_FMT_CJALR:
		i->rd = 1;
		i->rs1 = bits(w, 7, 5);
		i->imm = 0;
		break;
	case RV_FMT_CMV:
		i->rd = bits(w, 7, 5);
		i->rs1 = 0;
		i->rs2 = bits(w, 2, 5);
		break;
	case RV_FMT_CADD:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 7, 5);
		i->rs2 = bits(w, 2, 5);
		break;
	case RV_FMT_CNONE:
		break;
	case RV_FMT_CSWSP:
		i->rs2 = bits(w, 2, 5);
		i->rs1 = 2;
		i->imm = bits(w, 7, 2) << 6 | bits(w, 9, 4) << 2;
		break;
	case RV_FMT_CSDSP:
		i->rs2 = bits(w, 2, 5);
		i->rs1 = 2;
		i->imm = bits(w, 7, 3) << 6 | bits(w, 10, 3) << 3;
		break;
	case RV_FMT_CFSDSP:
		i->rs2 = bits(w, 2, 5);
		i->rs1 = 2;
		i->imm = bits(w, 7, 3) << 6 | bits(w, 10, 3) << 3;
		break;
	case RV_FMT_R:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		break;
	case RV_FMT_R1:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		break;
	case RV_FMT_I:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->imm = sbits(w, 20, 12);
		break;
	case RV_FMT_L:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->imm = sbits(w, 20, 12);
		break;
	case RV_FMT_SH6:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->imm = bits(w, 20, 6);
		break;
	case RV_FMT_SH5:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->imm = bits(w, 20, 5);
		break;
	case RV_FMT_S:
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		i->imm = sbits(w, 25, 7) << 5 | bits(w, 7, 5);
		break;
	case RV_FMT_B:
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		i->imm = sbits(w, 31, 1) << 12 | bits(w, 7, 1) << 11 | bits(w, 25, 6) << 5 | bits(w, 8, 4) << 1;
		break;
	case RV_FMT_U:
		i->rd = bits(w, 7, 5);
		i->imm = sbits(w, 12, 20) << 12;
		break;
	case RV_FMT_J:
		i->rd = bits(w, 7, 5);
		i->imm = sbits(w, 31, 1) << 20 | bits(w, 12, 8) << 12 | bits(w, 20, 1) << 11 | bits(w, 21, 10) << 1;
		break;
	case RV_FMT_AMO:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		i->aqrl = bits(w, 25, 2);
		break;
	case RV_FMT_LR:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->aqrl = bits(w, 25, 2);
		break;
	case RV_FMT_CSR:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->imm = bits(w, 20, 12);
		break;
	case RV_FMT_CSRI:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->imm = bits(w, 20, 12);
		break;
	case RV_FMT_FENCE:
		i->imm = bits(w, 20, 12);
		break;
	case RV_FMT_VMA:
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		break;
	case RV_FMT_CBO:
		i->rs1 = bits(w, 15, 5);
		break;
	case RV_FMT_NONE:
		break;
	case RV_FMT_FR:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		break;
	case RV_FMT_FRM:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		i->rm = bits(w, 12, 3);
		break;
	case RV_FMT_FR4:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		i->rs3 = bits(w, 27, 5);
		i->rm = bits(w, 12, 3);
		break;
	case RV_FMT_FCMP:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		break;
	case RV_FMT_FFM:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rm = bits(w, 12, 3);
		break;
	case RV_FMT_XFM:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rm = bits(w, 12, 3);
		break;
	case RV_FMT_XF:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		break;
	case RV_FMT_FXM:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->rm = bits(w, 12, 3);
		break;
	case RV_FMT_FX:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		break;
	case RV_FMT_FLI:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		break;
	case RV_FMT_FL:
		i->rd = bits(w, 7, 5);
		i->rs1 = bits(w, 15, 5);
		i->imm = sbits(w, 20, 12);
		break;
	case RV_FMT_FS:
		i->rs1 = bits(w, 15, 5);
		i->rs2 = bits(w, 20, 5);
		i->imm = sbits(w, 25, 7) << 5 | bits(w, 7, 5);
		break;
	default:
		break;
	}
}

enum vmxl_rv64_insn_id vmxl_rv64_decode16(u32 w)
{
	switch (w & 0xe003) {
	case 0x0:
		if ((w & 0x1fe0) != 0x0)
			return RV_I_c_addi4spn;
		break;
	case 0x2000:
		return RV_I_c_fld;
	case 0x4000:
		return RV_I_c_lw;
	case 0x6000:
		return RV_I_c_ld;
	case 0xa000:
		return RV_I_c_fsd;
	case 0xc000:
		return RV_I_c_sw;
	case 0xe000:
		return RV_I_c_sd;
	case 0x1:
		if ((w & 0xf80) == 0x0)
			return RV_I_c_nop;
		if ((w & 0xf80) != 0x0)
			return RV_I_c_addi;
		break;
	case 0x2001:
		if ((w & 0xf80) != 0x0)
			return RV_I_c_addiw;
		break;
	case 0x4001:
		return RV_I_c_li;
	case 0x6001:
		if ((w & 0xf80) == 0x100 && (w & 0x107c) != 0x0)
			return RV_I_c_addi16sp;
		if ((w & 0x107c) != 0x0 && (w & 0xf80) != 0x100)
			return RV_I_c_lui;
		break;
	case 0x8001:
		switch (w & 0xc00) {
		case 0x0:
			return RV_I_c_srli;
		case 0x400:
			return RV_I_c_srai;
		case 0x800:
			return RV_I_c_andi;
		case 0xc00:
			switch (w & 0x1060) {
			case 0x0:
				return RV_I_c_sub;
			case 0x20:
				return RV_I_c_xor;
			case 0x40:
				return RV_I_c_or;
			case 0x60:
				return RV_I_c_and;
			case 0x1000:
				return RV_I_c_subw;
			case 0x1020:
				return RV_I_c_addw;
			}
			break;
		}
		break;
	case 0xa001:
		return RV_I_c_j;
	case 0xc001:
		return RV_I_c_beqz;
	case 0xe001:
		return RV_I_c_bnez;
	case 0x2:
		return RV_I_c_slli;
	case 0x2002:
		return RV_I_c_fldsp;
	case 0x4002:
		if ((w & 0xf80) != 0x0)
			return RV_I_c_lwsp;
		break;
	case 0x6002:
		if ((w & 0xf80) != 0x0)
			return RV_I_c_ldsp;
		break;
	case 0x8002:
		switch (w & 0x1000) {
		case 0x0:
			if ((w & 0x7c) == 0x0 && (w & 0xf80) != 0x0)
				return RV_I_c_jr;
			if ((w & 0x7c) != 0x0)
				return RV_I_c_mv;
			break;
		case 0x1000:
			if ((w & 0xffc) == 0x0)
				return RV_I_c_ebreak;
			if ((w & 0x7c) == 0x0 && (w & 0xf80) != 0x0)
				return RV_I_c_jalr;
			if ((w & 0x7c) != 0x0)
				return RV_I_c_add;
			break;
		}
		break;
	case 0xa002:
		return RV_I_c_fsdsp;
	case 0xc002:
		return RV_I_c_swsp;
	case 0xe002:
		return RV_I_c_sdsp;
	}
	return RV_I_ILLEGAL;
}

enum vmxl_rv64_insn_id vmxl_rv64_decode32(u32 w)
{
	switch (w & 0x7f) {
	case 0x37:
		return RV_I_lui;
	case 0x17:
		return RV_I_auipc;
	case 0x6f:
		return RV_I_jal;
	case 0x67:
		if ((w & 0x7000) == 0x0)
			return RV_I_jalr;
		break;
	case 0x63:
		switch (w & 0x7000) {
		case 0x0:
			return RV_I_beq;
		case 0x1000:
			return RV_I_bne;
		case 0x4000:
			return RV_I_blt;
		case 0x5000:
			return RV_I_bge;
		case 0x6000:
			return RV_I_bltu;
		case 0x7000:
			return RV_I_bgeu;
		}
		break;
	case 0x3:
		switch (w & 0x7000) {
		case 0x0:
			return RV_I_lb;
		case 0x1000:
			return RV_I_lh;
		case 0x2000:
			return RV_I_lw;
		case 0x3000:
			return RV_I_ld;
		case 0x4000:
			return RV_I_lbu;
		case 0x5000:
			return RV_I_lhu;
		case 0x6000:
			return RV_I_lwu;
		}
		break;
	case 0x23:
		switch (w & 0x7000) {
		case 0x0:
			return RV_I_sb;
		case 0x1000:
			return RV_I_sh;
		case 0x2000:
			return RV_I_sw;
		case 0x3000:
			return RV_I_sd;
		}
		break;
	case 0x13:
		switch (w & 0x7000) {
		case 0x0:
			return RV_I_addi;
		case 0x2000:
			return RV_I_slti;
		case 0x3000:
			return RV_I_sltiu;
		case 0x4000:
			return RV_I_xori;
		case 0x6000:
			return RV_I_ori;
		case 0x7000:
			return RV_I_andi;
		case 0x1000:
			switch (w & 0xfc000000) {
			case 0x0:
				return RV_I_slli;
			case 0x60000000:
				switch (w & 0x3f00000) {
				case 0x0:
					return RV_I_clz;
				case 0x100000:
					return RV_I_ctz;
				case 0x200000:
					return RV_I_cpop;
				case 0x400000:
					return RV_I_sext_b;
				case 0x500000:
					return RV_I_sext_h;
				}
				break;
			case 0x48000000:
				return RV_I_bclri;
			case 0x68000000:
				return RV_I_binvi;
			case 0x28000000:
				return RV_I_bseti;
			}
			break;
		case 0x5000:
			switch (w & 0xfc000000) {
			case 0x0:
				return RV_I_srli;
			case 0x40000000:
				return RV_I_srai;
			case 0x60000000:
				return RV_I_rori;
			case 0x28000000:
				if ((w & 0x3f00000) == 0x700000)
					return RV_I_orc_b;
				break;
			case 0x68000000:
				if ((w & 0x3f00000) == 0x3800000)
					return RV_I_rev8;
				break;
			case 0x48000000:
				return RV_I_bexti;
			}
			break;
		}
		break;
	case 0x33:
		switch (w & 0xfe007000) {
		case 0x0:
			return RV_I_add;
		case 0x40000000:
			return RV_I_sub;
		case 0x1000:
			return RV_I_sll;
		case 0x2000:
			return RV_I_slt;
		case 0x3000:
			return RV_I_sltu;
		case 0x4000:
			return RV_I_xor;
		case 0x5000:
			return RV_I_srl;
		case 0x40005000:
			return RV_I_sra;
		case 0x6000:
			return RV_I_or;
		case 0x7000:
			return RV_I_and;
		case 0x2000000:
			return RV_I_mul;
		case 0x2001000:
			return RV_I_mulh;
		case 0x2002000:
			return RV_I_mulhsu;
		case 0x2003000:
			return RV_I_mulhu;
		case 0x2004000:
			return RV_I_div;
		case 0x2005000:
			return RV_I_divu;
		case 0x2006000:
			return RV_I_rem;
		case 0x2007000:
			return RV_I_remu;
		case 0x20002000:
			return RV_I_sh1add;
		case 0x20004000:
			return RV_I_sh2add;
		case 0x20006000:
			return RV_I_sh3add;
		case 0x40007000:
			return RV_I_andn;
		case 0x40006000:
			return RV_I_orn;
		case 0x40004000:
			return RV_I_xnor;
		case 0xa006000:
			return RV_I_max;
		case 0xa007000:
			return RV_I_maxu;
		case 0xa004000:
			return RV_I_min;
		case 0xa005000:
			return RV_I_minu;
		case 0x60001000:
			return RV_I_rol;
		case 0x60005000:
			return RV_I_ror;
		case 0x48001000:
			return RV_I_bclr;
		case 0x48005000:
			return RV_I_bext;
		case 0x68001000:
			return RV_I_binv;
		case 0x28001000:
			return RV_I_bset;
		case 0xa001000:
			return RV_I_clmul;
		case 0xa002000:
			return RV_I_clmulr;
		case 0xa003000:
			return RV_I_clmulh;
		case 0xe005000:
			return RV_I_czero_eqz;
		case 0xe007000:
			return RV_I_czero_nez;
		}
		break;
	case 0x1b:
		switch (w & 0x7000) {
		case 0x0:
			return RV_I_addiw;
		case 0x1000:
			switch (w & 0xfc000000) {
			case 0x0:
				if ((w & 0x2000000) == 0x0)
					return RV_I_slliw;
				break;
			case 0x8000000:
				return RV_I_slli_uw;
			case 0x60000000:
				switch (w & 0x3f00000) {
				case 0x0:
					return RV_I_clzw;
				case 0x100000:
					return RV_I_ctzw;
				case 0x200000:
					return RV_I_cpopw;
				}
				break;
			}
			break;
		case 0x5000:
			switch (w & 0xfe000000) {
			case 0x0:
				return RV_I_srliw;
			case 0x40000000:
				return RV_I_sraiw;
			case 0x60000000:
				return RV_I_roriw;
			}
			break;
		}
		break;
	case 0x3b:
		switch (w & 0xfe007000) {
		case 0x0:
			return RV_I_addw;
		case 0x40000000:
			return RV_I_subw;
		case 0x1000:
			return RV_I_sllw;
		case 0x5000:
			return RV_I_srlw;
		case 0x40005000:
			return RV_I_sraw;
		case 0x2000000:
			return RV_I_mulw;
		case 0x2004000:
			return RV_I_divw;
		case 0x2005000:
			return RV_I_divuw;
		case 0x2006000:
			return RV_I_remw;
		case 0x2007000:
			return RV_I_remuw;
		case 0x8000000:
			return RV_I_add_uw;
		case 0x20002000:
			return RV_I_sh1add_uw;
		case 0x20004000:
			return RV_I_sh2add_uw;
		case 0x20006000:
			return RV_I_sh3add_uw;
		case 0x8004000:
			if ((w & 0x1f00000) == 0x0)
				return RV_I_zext_h;
			break;
		case 0x60001000:
			return RV_I_rolw;
		case 0x60005000:
			return RV_I_rorw;
		}
		break;
	case 0xf:
		switch (w & 0x7000) {
		case 0x0:
			if ((w & 0xfff00000) == 0x83300000)
				return RV_I_fence_tso;
			if ((w & 0xffff8f80) == 0x1000000)
				return RV_I_pause;
			return RV_I_fence;
			break;
		case 0x1000:
			return RV_I_fence_i;
		case 0x2000:
			switch (w & 0xfff00f80) {
			case 0x0:
				return RV_I_cbo_inval;
			case 0x100000:
				return RV_I_cbo_clean;
			case 0x200000:
				return RV_I_cbo_flush;
			case 0x400000:
				return RV_I_cbo_zero;
			}
			break;
		}
		break;
	case 0x73:
		switch (w & 0x7000) {
		case 0x0:
			switch (w & 0xfe000f80) {
			case 0x0:
				switch (w & 0x1ff8000) {
				case 0x0:
					return RV_I_ecall;
				case 0x100000:
					return RV_I_ebreak;
				case 0xd00000:
					return RV_I_wrs_nto;
				case 0x1d00000:
					return RV_I_wrs_sto;
				}
				break;
			case 0x10000000:
				switch (w & 0x1ff8000) {
				case 0x200000:
					return RV_I_sret;
				case 0x500000:
					return RV_I_wfi;
				}
				break;
			case 0x30000000:
				if ((w & 0x1ff8000) == 0x200000)
					return RV_I_mret;
				break;
			case 0x12000000:
				return RV_I_sfence_vma;
			case 0x16000000:
				return RV_I_sinval_vma;
			case 0x18000000:
				switch (w & 0x1ff8000) {
				case 0x0:
					return RV_I_sfence_w_inval;
				case 0x100000:
					return RV_I_sfence_inval_ir;
				}
				break;
			}
			break;
		case 0x1000:
			return RV_I_csrrw;
		case 0x2000:
			return RV_I_csrrs;
		case 0x3000:
			return RV_I_csrrc;
		case 0x5000:
			return RV_I_csrrwi;
		case 0x6000:
			return RV_I_csrrsi;
		case 0x7000:
			return RV_I_csrrci;
		}
		break;
	case 0x2f:
		switch (w & 0xf8007000) {
		case 0x10002000:
			if ((w & 0x1f00000) == 0x0)
				return RV_I_lr_w;
			break;
		case 0x18002000:
			return RV_I_sc_w;
		case 0x8002000:
			return RV_I_amoswap_w;
		case 0x2000:
			return RV_I_amoadd_w;
		case 0x20002000:
			return RV_I_amoxor_w;
		case 0x60002000:
			return RV_I_amoand_w;
		case 0x40002000:
			return RV_I_amoor_w;
		case 0x80002000:
			return RV_I_amomin_w;
		case 0xa0002000:
			return RV_I_amomax_w;
		case 0xc0002000:
			return RV_I_amominu_w;
		case 0xe0002000:
			return RV_I_amomaxu_w;
		case 0x10003000:
			if ((w & 0x1f00000) == 0x0)
				return RV_I_lr_d;
			break;
		case 0x18003000:
			return RV_I_sc_d;
		case 0x8003000:
			return RV_I_amoswap_d;
		case 0x3000:
			return RV_I_amoadd_d;
		case 0x20003000:
			return RV_I_amoxor_d;
		case 0x60003000:
			return RV_I_amoand_d;
		case 0x40003000:
			return RV_I_amoor_d;
		case 0x80003000:
			return RV_I_amomin_d;
		case 0xa0003000:
			return RV_I_amomax_d;
		case 0xc0003000:
			return RV_I_amominu_d;
		case 0xe0003000:
			return RV_I_amomaxu_d;
		}
		break;
	case 0x7:
		switch (w & 0x7000) {
		case 0x2000:
			return RV_I_flw;
		case 0x3000:
			return RV_I_fld;
		case 0x1000:
			return RV_I_flh;
		}
		break;
	case 0x27:
		switch (w & 0x7000) {
		case 0x2000:
			return RV_I_fsw;
		case 0x3000:
			return RV_I_fsd;
		case 0x1000:
			return RV_I_fsh;
		}
		break;
	case 0x43:
		switch (w & 0x6000000) {
		case 0x0:
			return RV_I_fmadd_s;
		case 0x2000000:
			return RV_I_fmadd_d;
		case 0x4000000:
			return RV_I_fmadd_h;
		}
		break;
	case 0x47:
		switch (w & 0x6000000) {
		case 0x0:
			return RV_I_fmsub_s;
		case 0x2000000:
			return RV_I_fmsub_d;
		case 0x4000000:
			return RV_I_fmsub_h;
		}
		break;
	case 0x4b:
		switch (w & 0x6000000) {
		case 0x0:
			return RV_I_fnmsub_s;
		case 0x2000000:
			return RV_I_fnmsub_d;
		case 0x4000000:
			return RV_I_fnmsub_h;
		}
		break;
	case 0x4f:
		switch (w & 0x6000000) {
		case 0x0:
			return RV_I_fnmadd_s;
		case 0x2000000:
			return RV_I_fnmadd_d;
		case 0x4000000:
			return RV_I_fnmadd_h;
		}
		break;
	case 0x53:
		switch (w & 0xfe000000) {
		case 0x0:
			return RV_I_fadd_s;
		case 0x8000000:
			return RV_I_fsub_s;
		case 0x10000000:
			return RV_I_fmul_s;
		case 0x18000000:
			return RV_I_fdiv_s;
		case 0x58000000:
			if ((w & 0x1f00000) == 0x0)
				return RV_I_fsqrt_s;
			break;
		case 0x20000000:
			switch (w & 0x7000) {
			case 0x0:
				return RV_I_fsgnj_s;
			case 0x1000:
				return RV_I_fsgnjn_s;
			case 0x2000:
				return RV_I_fsgnjx_s;
			}
			break;
		case 0x28000000:
			switch (w & 0x7000) {
			case 0x0:
				return RV_I_fmin_s;
			case 0x1000:
				return RV_I_fmax_s;
			case 0x2000:
				return RV_I_fminm_s;
			case 0x3000:
				return RV_I_fmaxm_s;
			}
			break;
		case 0xc0000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_w_s;
			case 0x100000:
				return RV_I_fcvt_wu_s;
			case 0x200000:
				return RV_I_fcvt_l_s;
			case 0x300000:
				return RV_I_fcvt_lu_s;
			}
			break;
		case 0xe0000000:
			switch (w & 0x1f07000) {
			case 0x0:
				return RV_I_fmv_x_w;
			case 0x1000:
				return RV_I_fclass_s;
			}
			break;
		case 0xa0000000:
			switch (w & 0x7000) {
			case 0x2000:
				return RV_I_feq_s;
			case 0x1000:
				return RV_I_flt_s;
			case 0x0:
				return RV_I_fle_s;
			case 0x4000:
				return RV_I_fleq_s;
			case 0x5000:
				return RV_I_fltq_s;
			}
			break;
		case 0xd0000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_s_w;
			case 0x100000:
				return RV_I_fcvt_s_wu;
			case 0x200000:
				return RV_I_fcvt_s_l;
			case 0x300000:
				return RV_I_fcvt_s_lu;
			}
			break;
		case 0xf0000000:
			switch (w & 0x1f07000) {
			case 0x0:
				return RV_I_fmv_w_x;
			case 0x100000:
				return RV_I_fli_s;
			}
			break;
		case 0x2000000:
			return RV_I_fadd_d;
		case 0xa000000:
			return RV_I_fsub_d;
		case 0x12000000:
			return RV_I_fmul_d;
		case 0x1a000000:
			return RV_I_fdiv_d;
		case 0x5a000000:
			if ((w & 0x1f00000) == 0x0)
				return RV_I_fsqrt_d;
			break;
		case 0x22000000:
			switch (w & 0x7000) {
			case 0x0:
				return RV_I_fsgnj_d;
			case 0x1000:
				return RV_I_fsgnjn_d;
			case 0x2000:
				return RV_I_fsgnjx_d;
			}
			break;
		case 0x2a000000:
			switch (w & 0x7000) {
			case 0x0:
				return RV_I_fmin_d;
			case 0x1000:
				return RV_I_fmax_d;
			case 0x2000:
				return RV_I_fminm_d;
			case 0x3000:
				return RV_I_fmaxm_d;
			}
			break;
		case 0x40000000:
			switch (w & 0x1f00000) {
			case 0x100000:
				return RV_I_fcvt_s_d;
			case 0x200000:
				return RV_I_fcvt_s_h;
			case 0x400000:
				return RV_I_fround_s;
			case 0x500000:
				return RV_I_froundnx_s;
			}
			break;
		case 0x42000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_d_s;
			case 0x200000:
				return RV_I_fcvt_d_h;
			case 0x400000:
				return RV_I_fround_d;
			case 0x500000:
				return RV_I_froundnx_d;
			}
			break;
		case 0xc2000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_w_d;
			case 0x100000:
				return RV_I_fcvt_wu_d;
			case 0x200000:
				return RV_I_fcvt_l_d;
			case 0x300000:
				return RV_I_fcvt_lu_d;
			case 0x800000:
				if ((w & 0x7000) == 0x1000)
					return RV_I_fcvtmod_w_d;
				break;
			}
			break;
		case 0xe2000000:
			switch (w & 0x1f07000) {
			case 0x0:
				return RV_I_fmv_x_d;
			case 0x1000:
				return RV_I_fclass_d;
			}
			break;
		case 0xa2000000:
			switch (w & 0x7000) {
			case 0x2000:
				return RV_I_feq_d;
			case 0x1000:
				return RV_I_flt_d;
			case 0x0:
				return RV_I_fle_d;
			case 0x4000:
				return RV_I_fleq_d;
			case 0x5000:
				return RV_I_fltq_d;
			}
			break;
		case 0xd2000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_d_w;
			case 0x100000:
				return RV_I_fcvt_d_wu;
			case 0x200000:
				return RV_I_fcvt_d_l;
			case 0x300000:
				return RV_I_fcvt_d_lu;
			}
			break;
		case 0xf2000000:
			switch (w & 0x1f07000) {
			case 0x0:
				return RV_I_fmv_d_x;
			case 0x100000:
				return RV_I_fli_d;
			}
			break;
		case 0x4000000:
			return RV_I_fadd_h;
		case 0xc000000:
			return RV_I_fsub_h;
		case 0x14000000:
			return RV_I_fmul_h;
		case 0x1c000000:
			return RV_I_fdiv_h;
		case 0x5c000000:
			if ((w & 0x1f00000) == 0x0)
				return RV_I_fsqrt_h;
			break;
		case 0x24000000:
			switch (w & 0x7000) {
			case 0x0:
				return RV_I_fsgnj_h;
			case 0x1000:
				return RV_I_fsgnjn_h;
			case 0x2000:
				return RV_I_fsgnjx_h;
			}
			break;
		case 0x2c000000:
			switch (w & 0x7000) {
			case 0x0:
				return RV_I_fmin_h;
			case 0x1000:
				return RV_I_fmax_h;
			case 0x2000:
				return RV_I_fminm_h;
			case 0x3000:
				return RV_I_fmaxm_h;
			}
			break;
		case 0x44000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_h_s;
			case 0x100000:
				return RV_I_fcvt_h_d;
			case 0x400000:
				return RV_I_fround_h;
			case 0x500000:
				return RV_I_froundnx_h;
			}
			break;
		case 0xc4000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_w_h;
			case 0x100000:
				return RV_I_fcvt_wu_h;
			case 0x200000:
				return RV_I_fcvt_l_h;
			case 0x300000:
				return RV_I_fcvt_lu_h;
			}
			break;
		case 0xe4000000:
			switch (w & 0x1f07000) {
			case 0x0:
				return RV_I_fmv_x_h;
			case 0x1000:
				return RV_I_fclass_h;
			}
			break;
		case 0xa4000000:
			switch (w & 0x7000) {
			case 0x2000:
				return RV_I_feq_h;
			case 0x1000:
				return RV_I_flt_h;
			case 0x0:
				return RV_I_fle_h;
			case 0x4000:
				return RV_I_fleq_h;
			case 0x5000:
				return RV_I_fltq_h;
			}
			break;
		case 0xd4000000:
			switch (w & 0x1f00000) {
			case 0x0:
				return RV_I_fcvt_h_w;
			case 0x100000:
				return RV_I_fcvt_h_wu;
			case 0x200000:
				return RV_I_fcvt_h_l;
			case 0x300000:
				return RV_I_fcvt_h_lu;
			}
			break;
		case 0xf4000000:
			switch (w & 0x1f07000) {
			case 0x0:
				return RV_I_fmv_h_x;
			case 0x100000:
				return RV_I_fli_h;
			}
			break;
		}
		break;
	}
	return RV_I_ILLEGAL;
}
