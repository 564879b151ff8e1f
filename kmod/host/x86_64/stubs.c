// SPDX-License-Identifier: GPL-2.0
/*
 * The common stubs: how translated code is entered and left.
 *
 * ENTER is called, or jumped to by the module, as a function: rdi user area,
 * rsi window, rdx where to go. EXIT stores the hot registers and comes
 * together with FAULT, whose hot registers are stored already. The hosted build
 * returns to the caller of ENTER; the module is called by ioctl, and rewrites
 * all registers.
 *
 * Vector registers are clobbered, as by any function; MXCSR is kept.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "emit.h"

#define NR_IOCTL	16	/* x86-64's system call number */

struct stubs {
	u8 *buf;
	size_t size;
	size_t len;
	const struct vmxl_compile_args *args;
	const struct vmxl_uarea_layout *lay;
};

static const u8 saved[] = { X86_RBX, X86_RBP, X86_R12, X86_R13, X86_R14, X86_R15 };

static void emit(struct stubs *s, struct x86_insn in)
{
	if (s->len + in.len <= s->size)
		memcpy(s->buf + s->len, in.b, in.len);
	s->len += in.len;
}

static void ins(struct stubs *s, u32 opc, unsigned int reg, struct x86_rm rm)
{
	emit(s, vmxl_x86_enc(opc, reg, rm, 0, 0));
}

static struct x86_rm slot(const struct stubs *s, unsigned int n)
{
	return x86_uarea(s->lay->slot0 + 8 * (s32)n);
}

static void mxcsr(struct stubs *s, bool load, s32 off)
{
	ins(s, 0xae | X86_0F, load ? 2 : 3, x86_uarea(s->lay->mxcsr + off));
}

/* Load (0x8b) or store (0x89) the hot slots */
static void hot(struct stubs *s, u8 opc)
{
	unsigned int k;

	for (k = 0; k < s->args->nr_hot && k < X86_NR_HOT; k++)
		ins(s, opc | X86_W, vmxl_x86_hot_reg[k], slot(s, s->args->hot[k]));
}

static void enter(struct stubs *s, bool hosted)
{
	unsigned int k;

	for (k = 0; hosted && k < ARRAY_SIZE(saved); k++)
		emit(s, vmxl_x86_enc_stack(0x50, saved[k]));
	ins(s, 0x8b | X86_W, X86_R_UAREA, x86_reg(X86_RDI));
	ins(s, 0x8b | X86_W, X86_R_WINDOW, x86_reg(X86_RSI));
	mxcsr(s, false, 4);
	mxcsr(s, true, 0);
	ins(s, 0x76 | X86_0F | X86_66, X86_XBOX, x86_reg(X86_XBOX));	/* pcmpeqd */
	emit(s, vmxl_x86_enc(0x73 | X86_0F | X86_66, 6, x86_reg(X86_XBOX), 1, 32));	/* psllq */
	hot(s, 0x8b);
	ins(s, 0xff, 4, x86_reg(X86_RDX));
}

/* A short jump that land() makes lead to where we are then. Return: where it is. */
static size_t jump(struct stubs *s, u8 opc)
{
	emit(s, vmxl_x86_enc_raw(2, opc));
	return s->len;
}

static void land(struct stubs *s, size_t from)
{
	if (s->len <= s->size)
		s->buf[from - 1] = s->len - from;
}

/* rdx: offset of the entry of tag rax in context [jctx]: vmxl_ujc2_index() */
static void find_second(struct stubs *s)
{
	const unsigned int ctx_shift = VMXL_UJC2_BITS - VMXL_UJC2_CTX_BITS;

	static_assert(sizeof(struct vmxl_ujc2_entry) == 32);
	ins(s, 0x8b, X86_RDX, x86_reg(X86_RAX));
	ins(s, 0x33, X86_RDX, x86_uarea(s->lay->jctx));
	ins(s, 0x8b, X86_RCX, x86_reg(X86_RDX));
	emit(s, vmxl_x86_enc(0xc1, X86_SHR, x86_reg(X86_RCX), 1, VMXL_UJC2_SHIFT));
	ins(s, 0x33, X86_RDX, x86_reg(X86_RCX));
	emit(s, vmxl_x86_enc(0x81, X86_AND, x86_reg(X86_RDX), 4, (2 << VMXL_UJC2_BITS) - 2));
	ins(s, 0x8b | X86_W, X86_RCX, x86_uarea(s->lay->jctx));
	emit(s, vmxl_x86_enc(0x83, X86_AND, x86_reg(X86_RCX), 1, (2 << VMXL_UJC2_CTX_BITS) - 2));
	emit(s, vmxl_x86_enc(0xc1, X86_SHL, x86_reg(X86_RCX), 1, ctx_shift));
	ins(s, 0x33, X86_RDX, x86_reg(X86_RCX));
	emit(s, vmxl_x86_enc(0xc1, X86_SHL, x86_reg(X86_RDX), 1, 4));
}

static struct x86_rm second(const struct stubs *s, s32 off)
{
	return x86_mem_index(X86_R_UAREA, X86_RDX, 0, s->lay->ujc2 + off);
}

/* rax: tag that the first level has not */
static void miss(struct stubs *s, u32 off[VMXL_STUB_NR])
{
	size_t out[3];

	off[VMXL_STUB_MISS] = s->len;
	find_second(s);
	ins(s, 0x8b | X86_W, X86_RCX, x86_uarea(s->lay->jctx));
	ins(s, 0x3b | X86_W, X86_RAX, second(s, offsetof(struct vmxl_ujc2_entry, tag)));
	out[0] = jump(s, 0x70 | X86_CC_NE);
	ins(s, 0x3b | X86_W, X86_RCX, second(s, offsetof(struct vmxl_ujc2_entry, jctx)));
	out[1] = jump(s, 0x70 | X86_CC_NE);
	ins(s, 0xff, 1, second(s, offsetof(struct vmxl_ujc2_entry, uses)));	/* dec */
	out[2] = jump(s, 0x70 | X86_CC_E);
	ins(s, 0xff, 4, second(s, offsetof(struct vmxl_ujc2_entry, host)));
	land(s, out[0]);
	land(s, out[1]);
	land(s, out[2]);
	off[VMXL_STUB_OUT] = s->len;
	ins(s, 0x33 | X86_W, X86_RAX, x86_uarea(s->lay->jctx));
	ins(s, 0x89 | X86_W, X86_RAX, slot(s, VMXL_SLOT(pc)));
	emit(s, vmxl_x86_enc_movi(X86_RAX, VMXL_UEXIT_PC));
}

/* rax: pc */
static void step(struct stubs *s, u32 off[VMXL_STUB_NR])
{
	size_t exit;

	off[VMXL_STUB_STEP] = s->len;
	ins(s, 0x89 | X86_W, X86_RAX, slot(s, VMXL_SLOT(pc)));
	emit(s, vmxl_x86_enc_movi(X86_RAX, VMXL_UEXIT_STEP));
	exit = jump(s, 0xeb);
	miss(s, off);
	land(s, exit);
}

/* Flag @from of MXCSR is bit @to of gstate.fp_flags. */
static void move_flag(struct stubs *s, unsigned int from, unsigned int to)
{
	ins(s, 0x8b, X86_RDX, x86_reg(X86_RCX));
	if (from > to)
		emit(s, vmxl_x86_enc(0xc1, X86_SHR, x86_reg(X86_RDX), 1, from - to));
	else
		emit(s, vmxl_x86_enc(0xc1, X86_SHL, x86_reg(X86_RDX), 1, to - from));
	emit(s, vmxl_x86_enc(0x83, X86_AND, x86_reg(X86_RDX), 1, 1 << to));
	ins(s, 0x0b, X86_RAX, x86_reg(X86_RDX));
}

/* The guest's exceptions: into gstate.fp_flags; nothing to do where there were none */
static void merge_flags(struct stubs *s)
{
	static const u8 to[] = { 4, 0xff, 3, 2, 1, 0 };	/* of IE, DE, ZE, OE and so on */
	size_t site;
	unsigned int k;

	mxcsr(s, false, 8);
	mxcsr(s, true, 4);
	ins(s, 0x8b, X86_RCX, x86_uarea(s->lay->mxcsr + 8));
	emit(s, vmxl_x86_enc(0xf6 | X86_RM8, 0, x86_reg(X86_RCX), 1, 0x3d));
	site = jump(s, 0x70 | X86_CC_E);
	emit(s, vmxl_x86_enc_raw(2, 0xc033));		/* xor eax, eax */
	for (k = 0; k < ARRAY_SIZE(to); k++)
		if (to[k] != 0xff)
			move_flag(s, k, to[k]);
	ins(s, 0x09 | X86_W, X86_RAX, slot(s, VMXL_SLOT(fp_flags)));
	land(s, site);
}

static void leave_hosted(struct stubs *s)
{
	unsigned int k;

	for (k = ARRAY_SIZE(saved); k; k--)
		emit(s, vmxl_x86_enc_stack(0x58, saved[k - 1]));
	emit(s, vmxl_x86_enc_raw(1, 0xc3));
}

static void leave_module(struct stubs *s)
{
	ins(s, 0x8b | X86_W, X86_RDI, x86_uarea(s->lay->fd));
	emit(s, vmxl_x86_enc_movi(X86_RSI, s->args->exit_cmd));
	ins(s, 0x33, X86_RDX, x86_reg(X86_RDX));
	emit(s, vmxl_x86_enc_movi(X86_RAX, NR_IOCTL));
	emit(s, vmxl_x86_enc_raw(2, 0x050f));		/* syscall */
	/* It does not come back, unless the descriptor is no vCPU's any more. */
	ins(s, 0x8b, X86_RAX, x86_uarea(s->lay->gone));
	emit(s, vmxl_x86_enc_raw(2, 0x0b0f));		/* ud2 */
}

/**
 * vmxl_x86_stubs() - write the common stubs
 * @buf: where to
 * @size: room there
 * @hosted: translated code is a function that returns; else it leaves by ioctl
 * @args: lay, hot, nr_hot, exit_cmd
 * @off: out: where each of the stubs begins
 *
 * Return: how long they are, or -E2BIG.
 */
int vmxl_x86_stubs(u8 *buf, size_t size, bool hosted, const struct vmxl_compile_args *args,
		   u32 off[VMXL_STUB_NR])
{
	struct stubs s = { .buf = buf, .size = size, .args = args, .lay = args->lay };

	off[VMXL_STUB_ENTER] = s.len;
	enter(&s, hosted);
	step(&s, off);
	off[VMXL_STUB_EXIT] = s.len;
	hot(&s, 0x89);
	off[VMXL_STUB_FAULT] = s.len;
	ins(&s, 0x89, X86_RAX, x86_uarea(s.lay->exit_id));
	merge_flags(&s);
	if (hosted)
		leave_hosted(&s);
	else
		leave_module(&s);
	return s.len <= s.size ? (int)s.len : -E2BIG;
}
