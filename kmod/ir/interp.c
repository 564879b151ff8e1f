// SPDX-License-Identifier: GPL-2.0
/*
 * Tier 0: executes struct vmxl_iop.
 *
 * Input: a block, and the guest state. Output: the guest state, exact, and
 * what to do next.
 * Rules: one handler for each op of iop.h. Operands are read before the result
 * is written. What is not the common case is a noinline function, so that the
 * loop keeps its few variables in registers. Before anything that can look at
 * the guest state, gstate.pc and gstate.icount are made exact (sync()).
 *
 * Counting: instructions are counted when a block is left, by taking them off
 * the budget; icount is end - budget at the begin of a block.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "../codegen/cache.h"
#include "../fp/fp.h"
#include "../mmu/mem.h"
#include "../vm.h"
#include "counter.h"
#include "iop.h"

static_assert(offsetof(struct vmxl_fpenv, flags) == 4);

/* Index of the guest instruction that op @n of block @b belongs to */
static unsigned int insn_index(const struct vmxl_block *b, unsigned int n)
{
	unsigned int lo = 0, hi = b->nr_insns;

	while (hi - lo > 1) {
		unsigned int mid = (lo + hi) / 2;

		if (b->insns[mid].iop <= n)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* Make pc and icount those of the instruction at hand; @icount: at the block's begin. */
static void sync(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip, u64 icount)
{
	const struct vmxl_block *b = vcpu->cur;
	unsigned int n = insn_index(b, ip - b->code);

	vcpu->gs->pc = b->key.pc + (b->nr_insns ? b->insns[n].off : 0);
	vcpu->gs->icount = icount + n;
}

static u64 *slots(struct vmxl_vcpu *vcpu)
{
	return (u64 *)vcpu->gs;
}

static void set_result(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip, const u64 val[2])
{
	slots(vcpu)[ip->d] = val[0];
	if ((ip->aux & VMXL_MEM_MT) == VMXL_MT_V128)
		slots(vcpu)[ip->d + 1] = val[1];
}

/*
 * Ordering of plain accesses: C11 fences, which cost nothing where the host
 * orders more than it must. A sequentially consistent access is a full barrier.
 */
static void order_before(unsigned int aux)
{
	if ((aux & VMXL_MEM_ACQ) && (aux & VMXL_MEM_REL))
		smp_mb();	/* what the guest asks for */
	else if (aux & (VMXL_MEM_REL | VMXL_MEM_TSO))
		__atomic_thread_fence(__ATOMIC_RELEASE);
}

static void order_after(unsigned int aux)
{
	if ((aux & VMXL_MEM_ACQ) && (aux & VMXL_MEM_REL))
		smp_mb();	/* what the guest asks for */
	else if (aux & (VMXL_MEM_ACQ | VMXL_MEM_TSO))
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static noinline enum vmxl_act slow_load(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					u64 icount)
{
	u64 val[2];
	enum vmxl_act act;

	sync(vcpu, ip, icount);
	act = vmxl_mem_load(vcpu, slots(vcpu)[ip->a] + ip->disp, ip->aux, val);
	if (act == VMXL_ACT_NEXT)
		set_result(vcpu, ip, val);
	return act;
}

static noinline enum vmxl_act slow_store(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					 u64 icount)
{
	sync(vcpu, ip, icount);
	return vmxl_mem_store(vcpu, slots(vcpu)[ip->a] + ip->disp, ip->aux,
			      &slots(vcpu)[ip->b]);
}

static noinline enum vmxl_act load_ordered(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					   u64 icount)
{
	enum vmxl_act act;

	if (ip->aux & VMXL_MEM_REL)
		order_before(ip->aux);
	act = slow_load(vcpu, ip, icount);
	order_after(ip->aux);
	return act;
}

static noinline enum vmxl_act store_ordered(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					    u64 icount)
{
	enum vmxl_act act;

	order_before(ip->aux);
	act = slow_store(vcpu, ip, icount);
	if (ip->aux & VMXL_MEM_ACQ)
		order_after(ip->aux);
	return act;
}

static noinline enum vmxl_act slow_rmw(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
				       u64 icount)
{
	u64 old;
	enum vmxl_act act;

	sync(vcpu, ip, icount);
	act = vmxl_mem_rmw(vcpu, slots(vcpu)[ip->a], ip->aux, ip->disp, slots(vcpu)[ip->b], &old);
	if (act == VMXL_ACT_NEXT)
		slots(vcpu)[ip->d] = old;
	return act;
}

/* CAS, LDX, STX: not frequent enough for a fast path */
static noinline enum vmxl_act exclusive(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					u64 icount)
{
	u64 *s = slots(vcpu), val[2] = {};
	enum vmxl_act act;

	sync(vcpu, ip, icount);
	switch (ip->op) {
	case VMXL_IOP_CAS:
		act = vmxl_mem_cas(vcpu, s[ip->a], ip->aux, &s[ip->b], &s[ip->disp], val);
		break;
	case VMXL_IOP_LDX:
		act = vmxl_mem_ldx(vcpu, s[ip->a], ip->aux, ip->disp, val);
		break;
	default:
		act = vmxl_mem_stx(vcpu, s[ip->a], ip->aux, ip->disp, &s[ip->b], val);
	}
	if (act == VMXL_ACT_NEXT)
		set_result(vcpu, ip, val);
	return act;
}

static noinline enum vmxl_act zero_or_probe(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					    u64 icount)
{
	u64 gva = slots(vcpu)[ip->a];

	sync(vcpu, ip, icount);
	if (ip->op == VMXL_IOP_PROBE)
		return vmxl_mem_probe(vcpu, gva, ip->imm);
	return vmxl_mem_zero(vcpu, gva & -(u64)ip->imm, ip->imm);
}

static noinline enum vmxl_act call_helper(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					  u64 icount)
{
	u64 *s = slots(vcpu), ret = 0;
	enum vmxl_act act;

	sync(vcpu, ip, icount);
	act = vcpu->vm->guest->helpers[ip->disp].fn(vcpu, &ret, s[ip->a], s[ip->b], s[ip->aux]);
	if (act == VMXL_ACT_NEXT)
		s[ip->d] = ret;
	return act;
}

static noinline enum vmxl_act raise_trap(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					 u64 icount)
{
	sync(vcpu, ip, icount);
	return vcpu->vm->guest->trap(vcpu, ip->imm, slots(vcpu)[ip->a]);
}

/* Left within an instruction, which will be executed again from its begin. */
static noinline enum vmxl_act leave_at_insn(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip,
					    u64 icount)
{
	sync(vcpu, ip, icount);
	return VMXL_ACT_LEAVE;
}

#define RMW_MINMAX(name, type, utype, oper)				\
static utype rmw_##name(utype *p, utype val)				\
{									\
	utype old = READ_ONCE(*p), new;					\
									\
	do {								\
		new = (type)old oper (type)val ? old : val;		\
	} while (!try_cmpxchg(p, &old, new));				\
	return old;							\
}

RMW_MINMAX(smin32, s32, u32, <)
RMW_MINMAX(smax32, s32, u32, >)
RMW_MINMAX(umin32, u32, u32, <)
RMW_MINMAX(umax32, u32, u32, >)
RMW_MINMAX(smin64, s64, u64, <)
RMW_MINMAX(smax64, s64, u64, >)
RMW_MINMAX(umin64, u64, u64, <)
RMW_MINMAX(umax64, u64, u64, >)

static noinline u32 rmw32(void *p, unsigned int kind, u32 val)
{
	switch (kind) {
	case VMXL_RMW_SWAP:
		return xchg((u32 *)p, val);
	case VMXL_RMW_ADD:
		return atomic_fetch_add(val, (atomic_t *)p);
	case VMXL_RMW_AND:
		return atomic_fetch_and(val, (atomic_t *)p);
	case VMXL_RMW_ANDN:
		return atomic_fetch_and(~val, (atomic_t *)p);
	case VMXL_RMW_OR:
		return atomic_fetch_or(val, (atomic_t *)p);
	case VMXL_RMW_XOR:
		return atomic_fetch_xor(val, (atomic_t *)p);
	case VMXL_RMW_SMIN:
		return rmw_smin32(p, val);
	case VMXL_RMW_SMAX:
		return rmw_smax32(p, val);
	case VMXL_RMW_UMIN:
		return rmw_umin32(p, val);
	default:
		return rmw_umax32(p, val);
	}
}

static noinline u64 rmw64(void *p, unsigned int kind, u64 val)
{
	switch (kind) {
	case VMXL_RMW_SWAP:
		return xchg((u64 *)p, val);
	case VMXL_RMW_ADD:
		return atomic64_fetch_add(val, (atomic64_t *)p);
	case VMXL_RMW_AND:
		return atomic64_fetch_and(val, (atomic64_t *)p);
	case VMXL_RMW_ANDN:
		return atomic64_fetch_and(~val, (atomic64_t *)p);
	case VMXL_RMW_OR:
		return atomic64_fetch_or(val, (atomic64_t *)p);
	case VMXL_RMW_XOR:
		return atomic64_fetch_xor(val, (atomic64_t *)p);
	case VMXL_RMW_SMIN:
		return rmw_smin64(p, val);
	case VMXL_RMW_SMAX:
		return rmw_smax64(p, val);
	case VMXL_RMW_UMIN:
		return rmw_umin64(p, val);
	default:
		return rmw_umax64(p, val);
	}
}

static void fence(u64 mask)
{
	if (mask & VMXL_FENCE_WR)
		smp_mb();	/* what the guest asks for */
	else if (mask & VMXL_FENCE_ALL)
		__atomic_thread_fence(__ATOMIC_ACQ_REL);
}

static struct vmxl_fpenv fp_env(const struct vmxl_fpimm *f)
{
	return (struct vmxl_fpenv){
		.rm = f->rm, .nan = f->nan, .toint = f->toint, .policy = f->policy,
	};
}

static struct vmxl_fpimm fp_imm(const struct vmxl_iop *ip)
{
	struct vmxl_fpimm f;

	memcpy(&f, &ip->imm, sizeof(f));
	return f;
}

static u64 fp_int(struct vmxl_fpenv *e, const struct vmxl_fpimm *f, u64 a)
{
	int bits = f->c & 2 ? 64 : 32;
	bool is_signed = !(f->c & 1);

	if (f->sub == VMXL_IR_FTOI)
		return vmxl_fp_to_int(e, f->fmt, a, bits, is_signed);
	return vmxl_fp_from_int(e, f->fmt, a, bits, is_signed);
}

/* Conversions and the like */
static u64 fp_convert(struct vmxl_fpenv *e, const struct vmxl_fpimm *f, u64 a)
{
	static_assert(VMXL_FINT_U32 == 1 && VMXL_FINT_S64 == 2 && VMXL_FINT_U64 == 3);

	switch (f->sub) {
	case VMXL_IR_FCLASS:
		return vmxl_fp_class(f->fmt, a);
	case VMXL_IR_FRINT:
		return vmxl_fp_rint(e, f->fmt, a, f->c & 1);
	case VMXL_IR_FCVT:
		return vmxl_fp_cvt(e, f->fmt, f->c - VMXL_T_F16, a);
	case VMXL_IR_FTOIMOD:
		return vmxl_fp_cvtmod(e, a);
	default:
		return fp_int(e, f, a);
	}
}

/*
 * Floating point, out of line for the sake of the loop's stack frame.
 * Exceptions are ORed before the result is written: it may be written to them.
 */
#define FP_OP(name, call)						\
static noinline void fp_##name(struct vmxl_vcpu *vcpu, const struct vmxl_iop *ip) \
{									\
	struct vmxl_fpimm f = fp_imm(ip);				\
	struct vmxl_fpenv env = fp_env(&f);				\
	u64 *s = slots(vcpu), a = s[ip->a], r = call;			\
									\
	s[VMXL_SLOT(fp_flags)] |= env.flags;				\
	s[ip->d] = r;							\
}

#define X(n, fn) FP_OP(fn, vmxl_fp_##fn(&env, f.fmt, a, s[ip->b]))
VMXL_IOP_FP2(X)
#undef X
FP_OP(sqrt, vmxl_fp_sqrt(&env, f.fmt, a))
FP_OP(fma, vmxl_fp_fma(&env, f.fmt, a, s[ip->b], s[f.c]))
FP_OP(other, fp_convert(&env, &f, a))

#undef FP_OP

/* The tag of an aligned access, and no tag at all of a misaligned one (mmu/tlb.h) */
#define L1_TAG(gva, size, as)	(((gva) & (VMXL_PAGE_MASK | ((size) > 8 ? 7 : (size) - 1))) | (as))

/* 16 bytes may begin at a multiple of 8 if they may be misaligned, but not cross a page. */
static __always_inline bool v128_ok(u64 gva, unsigned int aux)
{
	return !(gva & 15) ||
	       (!(aux & VMXL_MEM_ALIGN) && (gva & ~VMXL_PAGE_MASK) <= VMXL_PAGE_SIZE - 16);
}

/* Counts how often a block is used: a hot one is the dispatcher's to compile or enter. */
static __always_inline bool warm(struct vmxl_block *b)
{
	u32 heat = READ_ONCE(b->heat);

	if (unlikely(!heat))
		return false;
	WRITE_ONCE(b->heat, heat - 1);
	return true;
}

#define DISPATCH()	goto *jumptable[ip->op]
#define NEXT()		do { ip++; DISPATCH(); } while (0)
#define A		s[ip->a]
#define B		s[ip->b]
#define D		s[ip->d]
#define ICOUNT		(end - (u64)budget)

/* Call what may leave the block, and go on if it does not. */
#define SLOW(call)							\
	do {								\
		act = call(vcpu, ip, ICOUNT);				\
		if (unlikely(act != VMXL_ACT_NEXT))			\
			return act;					\
		NEXT();							\
	} while (0)

enum vmxl_act vmxl_interp_run(struct vmxl_vcpu *vcpu, struct vmxl_block *block, long budget,
			      struct vmxl_link **linkp)
{
#define X(n) [VMXL_IOP_##n] = &&op_##n,
	static const void * const jumptable[VMXL_IOP_NR] __annotate_jump_table = {
		VMXL_IOPS
	};
#undef X
	struct vmxl_gstate * const gs = vcpu->gs;
	u64 * const s = slots(vcpu);
	const struct vmxl_iop *ip;
	const struct vmxl_tlb_l1 *e;
	const struct vmxl_link *link;
	enum vmxl_act act;
	u64 end, gva;

	*linkp = NULL;
	if (block->key.limit)
		budget = 1;
	end = gs->icount + (u64)budget;
	s[VMXL_TMP_ZERO] = 0;

enter:
	vcpu->cur = block;
	WRITE_ONCE(block->used, 1);
	ip = block->code;
	DISPATCH();

op_MOV:
	D = A;
	NEXT();
op_MOVI:
	D = ip->imm;
	NEXT();
op_MOVV: {
	u64 lo = A, hi = s[ip->a + 1];

	D = lo;
	s[ip->d + 1] = hi;
	NEXT();
}

#define X(n)								\
op_##n##_64:								\
	D = alu64_##n(A, B);						\
	NEXT();								\
op_##n##_64I:								\
	D = alu64_##n(A, ip->imm);					\
	NEXT();
	VMXL_ALU2(X)
	VMXL_ALU2L(X)
#undef X

#define X(n)								\
op_##n##_S:								\
	D = (s64)(s32)alu32_##n(A, B);					\
	NEXT();								\
op_##n##_SI:								\
	D = (s64)(s32)alu32_##n(A, ip->imm);				\
	NEXT();								\
op_##n##_Z:								\
	D = alu32_##n(A, B);						\
	NEXT();								\
op_##n##_ZI:								\
	D = alu32_##n(A, ip->imm);					\
	NEXT();
	VMXL_ALU2(X)
#undef X

#define X(n)								\
op_##n##_64:								\
	D = alu64_##n(A);						\
	NEXT();								\
op_##n##_S:								\
	D = (s64)(s32)alu32_##n(A);					\
	NEXT();								\
op_##n##_Z:								\
	D = alu32_##n(A);						\
	NEXT();
	VMXL_ALU1(X)
#undef X

#define TYPED(n, expr)							\
op_##n##_64:								\
	D = (expr);							\
	NEXT();								\
op_##n##_S:								\
	D = (s64)(s32)(expr);						\
	NEXT();								\
op_##n##_Z:								\
	D = (u32)(expr);						\
	NEXT();
	TYPED(SHADD, (A << (ip->imm & 63)) + B)
	TYPED(EXTRACT, alu_extract(A, ip->b, ip->imm))
	TYPED(DEPOSIT, alu_deposit(A, B, ip->imm & 0xff, vmxl_field_mask(ip->imm)))
	TYPED(SEL, A ? B : s[ip->imm])
#undef TYPED

#define X(n)								\
op_SET_##n##_64:							\
	D = cc64_##n(A, B);						\
	NEXT();								\
op_SET_##n##_64I:							\
	D = cc64_##n(A, ip->imm);					\
	NEXT();								\
op_SET_##n##_Z:								\
	D = cc32_##n(A, B);						\
	NEXT();								\
op_SET_##n##_ZI:							\
	D = cc32_##n(A, ip->imm);					\
	NEXT();
	VMXL_CCS(X)
#undef X

op_FLAGS:
	D = vmxl_alu_flags(ip->aux & 0xff, ip->aux >> 8 & 0xff, A, B, s[ip->aux >> 16]);
	NEXT();
op_FL_TEST:
	D = vmxl_alu_fl_test(ip->imm, A);
	NEXT();
op_VEC:
	vmxl_alu_vec(ip->aux & 0xff, ip->aux >> 8, ip->disp, &D, &A, &B);
	NEXT();

/* Memory: on a first-level hit gva + addend is the kernel's address. */
#define HIT(access, size)						\
	gva = A + ip->disp;						\
	e = &vcpu->tlb->l1[access][vmxl_tlb_l1_index(gva)];			\
	if (unlikely(L1_TAG(gva, size, vcpu->as[access]) != e->tag))
#define HOST(type)	((type *)(uintptr_t)(gva + e->addend))

#define LOAD(n, type, ext)						\
op_LD_##n:								\
	HIT(VMXL_ACCESS_READ, sizeof(type))				\
		goto load_slow;						\
	D = (ext)READ_ONCE(*HOST(const type));				\
	NEXT();
	LOAD(U8, u8, u64)
	LOAD(U16, u16, u64)
	LOAD(U32, u32, u64)
	LOAD(U64, u64, u64)
	LOAD(S8, s8, s64)
	LOAD(S16, s16, s64)
	LOAD(S32, s32, s64)
#undef LOAD
op_LD_V128: {
	u64 lo, hi;

	HIT(VMXL_ACCESS_READ, 16)
		goto load_slow;
	if (unlikely(!v128_ok(gva, ip->aux)))
		goto load_slow;
	lo = READ_ONCE(HOST(const u64)[0]);
	hi = READ_ONCE(HOST(const u64)[1]);
	D = lo;
	s[ip->d + 1] = hi;
	NEXT();
}

load_slow:
	SLOW(slow_load);

/* While somebody holds a reservation stores must look whether they break it. */
#define RESERVED()	unlikely(atomic_read(&vcpu->vm->nr_resv))

#define STORE(n, type)							\
op_ST_##n:								\
	HIT(VMXL_ACCESS_WRITE, sizeof(type))				\
		goto store_slow;					\
	if (RESERVED())							\
		goto store_slow;					\
	WRITE_ONCE(*HOST(type), B);					\
	NEXT();
	STORE(8, u8)
	STORE(16, u16)
	STORE(32, u32)
	STORE(64, u64)
#undef STORE
op_ST_V128:
	HIT(VMXL_ACCESS_WRITE, 16)
		goto store_slow;
	if (RESERVED() || unlikely(!v128_ok(gva, ip->aux)))
		goto store_slow;
	WRITE_ONCE(HOST(u64)[0], B);
	WRITE_ONCE(HOST(u64)[1], s[ip->b + 1]);
	NEXT();
store_slow:
	SLOW(slow_store);

op_LDG:
	SLOW(load_ordered);
op_STG:
	SLOW(store_ordered);

#define RMW(bits, ext)							\
op_RMW_##bits:								\
	gva = A;							\
	e = &vcpu->tlb->l1[VMXL_ACCESS_WRITE][vmxl_tlb_l1_index(gva)];		\
	if (unlikely(L1_TAG(gva, bits / 8, vcpu->as[VMXL_ACCESS_WRITE]) != e->tag) || \
	    RESERVED())							\
		goto op_RMWG;						\
	D = ext rmw##bits(HOST(void), ip->disp, B);			\
	NEXT();
	RMW(32, (s64)(s32))
	RMW(64, )
#undef RMW
op_RMWG:
	SLOW(slow_rmw);
op_CAS:
op_LDX:
op_STX:
	SLOW(exclusive);
op_FENCE:
	fence(ip->imm);
	NEXT();
op_PAUSE:
	cond_resched();
	NEXT();
op_COUNTER:
	D = vmxl_counter();
	NEXT();
op_ZBLK:
op_PROBE:
	SLOW(zero_or_probe);
#undef HIT
#undef HOST

#define X(n, fn)							\
op_##n:									\
	fp_##fn(vcpu, ip);						\
	NEXT();
	VMXL_IOP_FP2(X)
	X(FSQRT, sqrt)
	X(FMA, fma)
	X(FPX, other)
#undef X
op_FUNBOX16:
	D = alu_unbox16(A);
	NEXT();
op_FUNBOX32:
	D = alu_unbox32(A);
	NEXT();

#define X(n)								\
op_BRL_##n##_64:							\
	if (cc64_##n(A, B))						\
		goto op_GOTO;						\
	NEXT();								\
op_BRL_##n##_Z:								\
	if (cc32_##n(A, B))						\
		goto op_GOTO;						\
	NEXT();
	VMXL_CCS(X)
#undef X
op_GOTO:
	/* A loop within an instruction uses up the budget, but counts nothing. */
	if (ip->imm <= 0) {
		budget--;
		end--;
		if (unlikely(budget <= 0 || vmxl_kicked(gs)))
			return leave_at_insn(vcpu, ip, ICOUNT);
	}
	ip += ip->imm;
	DISPATCH();

op_CALL:
	SLOW(call_helper);
op_TRAP:
	return raise_trap(vcpu, ip, ICOUNT);

#define X(n)								\
op_BR_##n##_64:								\
	if (cc64_##n(A, B))						\
		goto op_JUMP;						\
	NEXT();								\
op_BR_##n##_64I:							\
	if (cc64_##n(A, (s64)(s16)ip->b))				\
		goto op_JUMP;						\
	NEXT();								\
op_BR_##n##_Z:								\
	if (cc32_##n(A, B))						\
		goto op_JUMP;						\
	NEXT();								\
op_BR_##n##_ZI:								\
	if (cc32_##n(A, (s32)(s16)ip->b))				\
		goto op_JUMP;						\
	NEXT();
	VMXL_CCS(X)
#undef X

op_JUMP:
	link = (const struct vmxl_link *)(uintptr_t)ip->imm;
	budget -= link->ninsn;
	block = READ_ONCE(link->to);
	if (likely(block && budget > 0 && !vmxl_kicked(gs) && warm(block)))
		goto enter;
	gva = link->pc;
	if (link->linkable) {
		*linkp = (struct vmxl_link *)link;
		goto out;
	}
	if (unlikely(!link->ninsn))
		goto out;
	goto indirect;

op_JUMPR:
	gva = A;
	budget -= ip->imm;
indirect:
	if (likely(budget > 0 && !vmxl_kicked(gs))) {
		block = vmxl_jcache_find(vcpu, gva, vcpu->cur->key.flags);
		if (likely(block && warm(block)))
			goto enter;
	}
out:
	gs->pc = gva;
	gs->icount = ICOUNT;
	return VMXL_ACT_NEXT;

op_SWITCH:
	budget -= ip->imm;
	gs->pc = A;
	gs->icount = ICOUNT;
	gs->ldx = VMXL_LDX_NONE;
	vcpu->vm->guest->sync(vcpu);
	return VMXL_ACT_LEAVE;

op_LEAVE:
	link = (const struct vmxl_link *)(uintptr_t)ip->imm;
	budget -= link->ninsn;
	gs->pc = link->pc;
	gs->icount = ICOUNT;
	return VMXL_ACT_LEAVE;
}

/**
 * vmxl_interp_bind() - make a block's exits point to its links
 * @b: block with code and links in place
 */
void vmxl_interp_bind(struct vmxl_block *b)
{
	unsigned int i;

	for (i = 0; i < b->nr_code; i++)
		if (b->code[i].op >= VMXL_IOP_FIRST_EXIT)
			b->code[i].imm = (s64)(uintptr_t)&b->links[b->code[i].imm];
	/* Nothing may go round without using up the budget. */
	for (i = 0; i < b->nr_links; i++)
		if (!b->links[i].ninsn)
			b->links[i].linkable = false;
}
