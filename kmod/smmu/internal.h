/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The SMMU's own: the device, and what its files have for each other.
 *
 *	regs.c	registers		cmdq.c	commands
 *	evtq.c	events, page requests, interrupts, stalls
 *	ste.c	stream and context descriptors, the cache of configurations
 *	walk.c	translation tables	tlb.c	the TLB, contexts, invalidation
 *	ats.c	ATS, PRI, messages	pmcg.c	counters
 *	ioctl.c	for device models	state.c	save and restore
 *	translate.c  an access from end to end	window.c  IOVA windows
 *
 * Locks: s->lock (sleeps; registers, queues, stalls) before s->tlb_lock; the
 * counters' lock is a leaf. s->win_lock (sleeps) is within s->lock and mmap_lock. A
 * translation that the caches answer takes none: it is within vm->srcu, which
 * configurations and contexts outlive, and TLB entries have sequence counts.
 */
#ifndef VMXL_SMMU_INTERNAL_H
#define VMXL_SMMU_INTERNAL_H

#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "../dev/mmio_dev.h"
#include "../uabi.h"
#include "hw.h"
#include "smmu.h"

#define SIDSIZE		16
#define SSIDSIZE	20
#define STALL_MAX	64
#define NR_CTX		512	/* contexts that the TLB has entries for */
#define CFG_SETS	256
#define CFG_WAYS	4
#define TLB_SETS	1024
#define TLB_WAYS	4
#define WC_ENTRIES	1024

/* ---- what an access is translated by ---- */

/* The owner of TLB entries, as invalidation commands name it; StreamWorld */
enum smmu_regime { REGIME_EL1, REGIME_EL2, REGIME_EL2_E2H, REGIME_S2 };

#define S1_EPD(r)	(1u << (r))		/* r: 0, 1: by TTB0, TTB1 */
#define S1_TBI(r)	(1u << (2 + (r)))
#define S1_HAD(r)	(1u << (4 + (r)))
#define S1_E0PD(r)	(1u << (6 + (r)))
#define S1_AFFD		(1u << 8)
#define S1_HA		(1u << 9)
#define S1_HD		(1u << 10)
#define S1_WXN		(1u << 11)
#define S1_PAN		(1u << 12)
#define S1_DS		(1u << 13)
#define S1_ON		(1u << 15)

#define S2_AFFD		(1u << 0)
#define S2_HA		(1u << 1)
#define S2_HD		(1u << 2)
#define S2_PTW		(1u << 3)
#define S2_FWB		(1u << 4)
#define S2_DS		(1u << 5)
#define S2_ON		(1u << 15)

struct smmu_stage1 {
	u64 ttb[2];
	u8 tsz[2];
	u8 gran[2];		/* log2 of the granule */
	u8 ps;			/* output address bits */
	u8 pad;
	u16 flags;		/* S1_* */
};

struct smmu_stage2 {
	u64 ttb;
	u8 tsz;
	u8 gran;
	u8 ps;
	s8 level;		/* at which it starts: -1 to 3 */
	u16 flags;		/* S2_* */
	u16 pad;
};

/* All that a translation depends on beside address and access; compared as bytes. */
struct smmu_ctx_key {
	struct smmu_stage1 s1;
	struct smmu_stage2 s2;
	u32 regime;		/* enum smmu_regime */
	u16 asid;		/* 0 where there is none */
	u16 vmid;
};

static_assert(sizeof(struct smmu_ctx_key) == 48);	/* no holes */

/**
 * struct smmu_ctx - a context: the owner of TLB entries
 * @k: what it is; never changes
 * @gen: of its TLB entries: [0] non-global, [1] global ones. Never used before or
 *	by another: an entry of another generation is not the context's. tlb_lock
 * @shifts: as @gen, sizes of pages it may have in the TLB: 1 << log2. tlb_lock
 * @split: has entries that are only part of a stage 1 page. tlb_lock
 * @salt: for hashes
 * @id: where it is in s->ctx
 * @stage2: of nested translation: owner of the stage 2 entries
 * @refs: configurations and contexts that point here; tlb_lock
 * @dead: no longer in s->ctx; tlb_lock
 */
struct smmu_ctx {
	struct smmu_ctx_key k;
	u64 gen[2];
	u64 shifts[2];
	u32 salt;
	u32 id;
	u32 refs;
	bool split;
	bool dead;
	struct smmu_ctx *stage2;
	struct rcu_head rcu;
};

/* smmu_cfg.flags */
#define CFG_ABORT	(1u << 0)	/* STE.Config 0b000 */
#define CFG_S1_STALL	(1u << 1)
#define CFG_S1_RECORD	(1u << 2)
#define CFG_S1_ABORT	(1u << 3)	/* else RAZ/WI */
#define CFG_S2_STALL	(1u << 4)
#define CFG_S2_RECORD	(1u << 5)
#define CFG_TBI		(1u << 6)	/* for some addresses */

#define CD_NONE		(~0u)

/**
 * struct smmu_cfg - a configuration: what a stream and substream lead to
 * @key: cfg_key()
 * @cd: index of its context descriptor, or CD_NONE
 * @ctx: context; NULL: no translation
 * @flags: CFG_*
 * @keep: @force: of vmxl_smmu_req.access, what stays and what is added
 * @eats: effective STE.EATS
 * @config: STE.Config
 */
struct smmu_cfg {
	u64 key;
	struct smmu_ctx *ctx;
	u32 flags;
	u32 keep, force;
	u32 cd;
	u8 eats;
	u8 config;
	struct rcu_head rcu;
};

/* Of translated transactions only the STE matters. */
static inline u64 cfg_key(const struct vmxl_smmu_req *req)
{
	if (req->flags & VMXL_SMMU_TRANSLATED)
		return req->sid | 1ULL << 62;
	if (!(req->flags & VMXL_SMMU_SSV))
		return req->sid;
	return req->sid | (u64)req->ssid << 32 | 1ULL << 63;
}

/* ---- TLB ---- */

/* smmu_tlbe.out, low bits: permissions of privileged, then unprivileged accesses */
#define PERM_R		(1u << 0)
#define PERM_W		(1u << 1)
#define PERM_X		(1u << 2)
#define PERM_UNPRIV	3		/* shift */
#define PERM_ALL	0x3fu
#define OUT_GLOBAL	(1u << 6)
#define OUT_DEVICE	(1u << 7)	/* stage 2: maps Device memory */
#define OUT_LEVEL	GENMASK(9, 8)
#define OUT_TG		GENMASK(11, 10)	/* as in commands: 1: 4K, 2: 16K, 3: 64K */
#define OUT_ADDR	GENMASK_ULL(51, 12)

/* Which permissions an access needs: instructions need no other than to be executed. */
static inline u32 smmu_needs(u32 access)
{
	u32 perm;

	if (access & VMXL_SMMU_WRITE)
		perm = PERM_W | (access & VMXL_SMMU_READ ? PERM_R : 0);
	else
		perm = access & VMXL_SMMU_EXEC ? PERM_X : PERM_R;
	return access & VMXL_SMMU_PRIV ? perm : perm << PERM_UNPRIV;
}

/**
 * struct smmu_tlbe - an entry of the TLB
 * @seq: odd while it is written
 * @id: its context's
 * @tag: input page | log2 of its size
 * @gen: its context's; 0: no entry
 * @out: output page | permissions and so on
 */
struct smmu_tlbe {
	u32 seq;
	u32 id;
	u64 tag;
	u64 gen;
	u64 out;
};

/* A last-level table of a context, as smmu_tlbe; @out: its address | WC_* */
#define WC_PXN		(1u << 0)
#define WC_UXN		(1u << 1)
#define WC_NOEL0	(1u << 2)
#define WC_RO		(1u << 3)

/* ---- translation of one access ---- */

/**
 * struct smmu_xlate - a translation under way, and what came out
 * @s: the SMMU; @cfg: the configuration
 * @sid: the stream
 * @access: VMXL_SMMU_READ and so on, overrides applied
 * @snap: s->inval when it began
 * @event: fault; EVT_NONE: none. The next are for its record
 * @s2: of stage 2; @class: enum smmu_class; @ttr: CLASS_TT: by a read
 * @no_read: an atomic access that may write and not read
 * @ipa: @fetch: addresses
 * @bypass: F_ADDR_SIZE of a stage that does not translate
 * @missed: the TLB was asked already
 * @stage1: the address is that of stage 1, of two (split-stage ATS)
 * @out: as smmu_tlbe.out; @shift: log2 of the page
 */
struct smmu_xlate {
	struct vmxl_smmu *s;
	const struct smmu_cfg *cfg;
	u32 sid;
	u32 access;
	u64 snap;
	u8 event;
	bool s2;
	bool ttr;
	bool no_read;
	bool bypass;
	bool missed;
	bool stage1;
	u8 class;
	u8 shift;
	u64 ipa;
	u64 fetch;
	u64 out;
	struct smmu_cfg own;
};

/* ---- queues and stalls ---- */

struct smmu_queue {
	u64 base;
	u32 prod;
	u32 cons;
	u64 irq_cfg0;
	u32 irq_cfg1;
	u32 irq_cfg2;
};

#define IRQ_NONE	(~0u)

enum smmu_irq {
	SMMU_IRQ_EVENTQ, SMMU_IRQ_PRIQ, SMMU_IRQ_SYNC, SMMU_IRQ_GERROR, SMMU_IRQ_PMCG, SMMU_NR_IRQ
};

/* A stalled access: its STAG is the index. */
enum smmu_stall_state { STALL_FREE, STALL_WAITS, STALL_RETRY, STALL_ABORT, STALL_RAZWI };

/**
 * struct smmu_stall - a stalled access
 * @state: what it waits for, or its end
 * @recorded: software was told
 * @sid: StreamID
 * @rec: record, written when there is room
 */
struct smmu_stall {
	enum smmu_stall_state state;
	bool recorded;
	u32 sid;
	u64 rec[4];
};

#define NR_MSGS	256

/* ---- windows ---- */

#define NR_WIN		64
#define WRITTEN_BITS	12

struct smmu_window;

/* ---- counters ---- */

#define PMCG_COUNTERS	8

enum pmcg_event {
	PMCG_CLOCK, PMCG_TRANSACTION, PMCG_TLB_MISS, PMCG_CONFIG_MISS, PMCG_TABLE_ACCESS,
	PMCG_CONFIG_ACCESS, PMCG_ATS_REQUEST, PMCG_ATS_PASSED, PMCG_NR_EVENTS
};

/**
 * struct smmu_pmcg - the counter group
 * @lock: all of it
 * @cntr: counters; @svr: as they were when they were captured
 * @evtyper: what they count; @smr: of which streams
 * @enabled: @inten: @ovs: by counter: counts, interrupts, has overflowed
 * @cr: @irq_ctrl: @irq_cfg0: @irq_cfg1: @irq_cfg2: registers
 * @on: by event: somebody counts it
 * @clock: when the clock was looked at last
 */
struct smmu_pmcg {
	spinlock_t lock;
	u64 cntr[PMCG_COUNTERS];
	u64 svr[PMCG_COUNTERS];
	u32 evtyper[PMCG_COUNTERS];
	u32 smr[PMCG_COUNTERS];
	u32 enabled, inten, ovs;
	u32 cr, irq_ctrl;
	u64 irq_cfg0;
	u32 irq_cfg1, irq_cfg2;
	u32 on;
	u64 clock;
};

/**
 * struct vmxl_smmu - the device
 * @m: as the bus and user space know it
 * @vm: the VM
 * @lock: registers, queues, stalls
 * @cr0 ...: registers
 * @irq: inputs of the interrupt controller; IRQ_NONE: not wired
 * @msi_frame: page to which written numbers raise interrupts; ~0: none
 * @oas: bits of an output address
 * @sidsize: bits of a StreamID
 * @work: carries out commands, unless @dying
 * @ats: there are devices with ATS, which take messages
 * @atc_failed: an ATS invalidation could not be delivered; CMD_SYNC tells
 * @msg: messages to devices, from @msg_tail to @msg_head
 * @stall: stalled accesses
 * @wq: waiters for the end of a stall, and for messages
 * @pmcg: counters
 * @tlb_lock: writers of all that follows; readers have vm->srcu or a sequence count
 * @inval: invalidations; what was read before one is not entered after it
 * @gen: the last generation that was given out
 * @cfg: configurations
 * @ctx: contexts, @nr_ctx of them
 * @tlb: @wc: translations, last-level tables
 * @hand: where replacement goes on
 * @win_lock: what is in windows
 * @nr_win: windows there are; vm->lock. @win: they stay as long as the SMMU
 * @win_written: pages of guest memory that windows may store to, by hash; set with
 *	win_lock
 * @stats: counted where they happen; those of the miss path are not exact
 */
struct vmxl_smmu {
	struct vmxl_mmio_dev m;
	struct vmxl_vm *vm;
	struct mutex lock;
	u32 cr0, cr1, cr2, gbpa, irq_ctrl, gerror, gerrorn;
	u64 gerror_cfg0;
	u32 gerror_cfg1, gerror_cfg2;
	u64 strtab_base;
	u32 strtab_cfg;
	struct smmu_queue cmdq, eventq, priq;
	u32 irq[SMMU_NR_IRQ];
	u64 msi_frame;
	u8 oas;
	u8 sidsize;
	struct work_struct work;
	bool dying;
	bool ats;
	bool atc_failed;
	struct vmxl_smmu_msg msg[NR_MSGS];
	u32 msg_head, msg_tail;
	struct smmu_stall stall[STALL_MAX];
	wait_queue_head_t wq;
	struct smmu_pmcg pmcg;

	spinlock_t tlb_lock;
	u64 inval;
	u64 gen;
	struct smmu_cfg *cfg[CFG_SETS][CFG_WAYS];
	struct smmu_ctx *ctx[NR_CTX];
	unsigned int nr_ctx;
	struct smmu_tlbe tlb[TLB_SETS][TLB_WAYS];
	struct smmu_tlbe wc[WC_ENTRIES];
	u32 hand;
	struct mutex win_lock;
	unsigned int nr_win;
	struct smmu_window *win[NR_WIN];
	DECLARE_BITMAP(win_written, 1 << WRITTEN_BITS);
	struct vmxl_smmu_stats stats;
};

#define stat_inc(s, field)	WRITE_ONCE((s)->stats.field, READ_ONCE((s)->stats.field) + 1)

/* regs.c */
u64 vmxl_smmu_reg_get(struct vmxl_smmu *s, u64 off, unsigned int len);
int vmxl_smmu_reg_restore(struct vmxl_smmu *s, u64 off, u64 val);
bool vmxl_smmu_reg_is_state(u64 off);

/* state.c */
bool vmxl_smmu_is_state(u64 off);
int vmxl_smmu_set_state(struct vmxl_smmu *s, u64 off, u64 val);
int vmxl_smmu_get_state(struct vmxl_smmu *s, u64 off, u64 *val);

/* pmcg.c */
void vmxl_smmu_pmcg_count(struct vmxl_smmu *s, enum pmcg_event event, u32 sid);
u64 vmxl_smmu_pmcg_read(struct vmxl_smmu *s, u64 off, unsigned int len);
void vmxl_smmu_pmcg_write(struct vmxl_smmu *s, u64 off, unsigned int len, u64 val);
bool vmxl_smmu_pmcg_is_state(u64 off);

static __always_inline void pmcg_count(struct vmxl_smmu *s, enum pmcg_event event, u32 sid)
{
	if (unlikely(READ_ONCE(s->pmcg.on) & 1u << event))
		vmxl_smmu_pmcg_count(s, event, sid);
}

/* ioctl.c */
#define VMXL_SMMU_NR_IOCTLS	8
extern const struct vmxl_ioctl vmxl_smmu_ioctls[VMXL_SMMU_NR_IOCTLS];

/* cmdq.c */
void vmxl_smmu_cmdq_kick(struct vmxl_smmu *s);
void vmxl_smmu_cmdq_work(struct work_struct *work);

/* evtq.c; all with s->lock held */
void vmxl_smmu_gerror(struct vmxl_smmu *s, u32 bit);
void vmxl_smmu_irq(struct vmxl_smmu *s, enum smmu_irq irq);
int vmxl_smmu_msi(struct vmxl_smmu *s, u64 addr, u32 data);
bool vmxl_smmu_record(struct vmxl_smmu *s, const u64 rec[4]);
int vmxl_smmu_enqueue_pri(struct vmxl_smmu *s, const u64 rec[2], bool last);
int vmxl_smmu_stall(struct vmxl_smmu *s, u32 sid, const u64 rec[4]);
void vmxl_smmu_stall_end(struct vmxl_smmu *s, u32 sid, u32 stag, enum smmu_stall_state how);
void vmxl_smmu_stall_term(struct vmxl_smmu *s, s64 sid);
void vmxl_smmu_stall_flush(struct vmxl_smmu *s);
void vmxl_smmu_send(struct vmxl_smmu *s, const struct vmxl_smmu_msg *msg);

/**
 * struct smmu_queue_type - what queues differ in
 * @max: log2 of the number of entries
 * @shift: log2 of an entry's bytes
 * @enable: bit of CR0
 * @abort: bit of GERROR for one that is not accessible
 */
struct smmu_queue_type {
	u8 max;
	u8 shift;
	u32 enable;
	u32 abort;
};

static inline unsigned int queue_log2(const struct smmu_queue *q, const struct smmu_queue_type *t)
{
	return min_t(unsigned int, q->base & Q_LOG2SIZE, t->max);
}

/* Bits of an index and its wrap flag */
static inline u32 queue_mask(const struct smmu_queue *q, const struct smmu_queue_type *t)
{
	return (2u << queue_log2(q, t)) - 1;
}

static inline u64 queue_entry(const struct smmu_queue *q, const struct smmu_queue_type *t,
			      u32 index)
{
	unsigned int log2 = queue_log2(q, t);
	u64 base = q->base & Q_ADDR & ~((1ULL << max(log2 + t->shift, 5u)) - 1);

	return base + ((u64)(index & ((1u << log2) - 1)) << t->shift);
}

/* ste.c */
const struct smmu_cfg *vmxl_smmu_cfg_find(struct vmxl_smmu *s, u64 key);
const struct smmu_cfg *vmxl_smmu_cfg_fetch(struct smmu_xlate *x, const struct vmxl_smmu_req *req);
void vmxl_smmu_cfg_drop(struct vmxl_smmu *s, u32 sid, u32 mask, u32 cd);
#define CD_ALL		(CD_NONE - 1)	/* all that have one */
#define CD_ANY		CD_NONE		/* whether they have one or not */

/* walk.c: what a fault is, is in @x; return whether there is none */
bool vmxl_smmu_walk(struct smmu_xlate *x, u64 iova);
bool vmxl_smmu_walk_s2(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 ipa, enum smmu_class class,
		       u32 access, u64 *pa);

/* translate.c */
void vmxl_smmu_verdict(struct vmxl_smmu_res *res, enum vmxl_smmu_status status, u8 event);
void vmxl_smmu_pass(const struct vmxl_smmu *s, struct vmxl_smmu_res *res, u64 iova);
bool vmxl_smmu_do_translate(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			    struct vmxl_smmu_res *res);
void vmxl_smmu_terminate(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			 struct vmxl_smmu_res *res);
bool vmxl_smmu_peek(struct vmxl_smmu *s, const struct vmxl_smmu_req *req, struct vmxl_smmu_res *res,
		    struct smmu_ctx **ctx);

/* ats.c */
bool vmxl_smmu_ats_special(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			   struct vmxl_smmu_res *res);
void vmxl_smmu_ats_fault(const struct smmu_xlate *x, struct vmxl_smmu_res *res);
void vmxl_smmu_ats_denied(struct smmu_xlate *x, const struct vmxl_smmu_req *req,
			  struct vmxl_smmu_res *res);

/* tlb.c */
bool vmxl_smmu_tlb_find(struct vmxl_smmu *s, const struct smmu_ctx *ctx, u64 va, u64 *out,
			u8 *shift);
void vmxl_smmu_tlb_fill(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 va, u64 out, u8 shift);
bool vmxl_smmu_wc_find(struct vmxl_smmu *s, const struct smmu_ctx *ctx, u64 va, unsigned int shift,
		       u64 *out);
void vmxl_smmu_wc_fill(struct smmu_xlate *x, struct smmu_ctx *ctx, u64 va, unsigned int shift,
		       u64 out);
struct smmu_ctx *vmxl_smmu_ctx_get(struct vmxl_smmu *s, const struct smmu_ctx_key *k);
void vmxl_smmu_ctx_put(struct vmxl_smmu *s, struct smmu_ctx *ctx);
void vmxl_smmu_ctx_free_all(struct vmxl_smmu *s);
void vmxl_smmu_inval_begin(struct vmxl_smmu *s);
void vmxl_smmu_inval_all(struct vmxl_smmu *s);

/**
 * struct smmu_tlbi - an invalidation
 * @regimes: 1 << enum smmu_regime
 * @vmid: @asid: -1: any; global entries match any ASID where @addr is given
 * @wild: bits of the VMID that do not matter
 * @by_addr: @addr to @addr + @len - 1 only; else whole contexts
 * @leaf: keep tables that are not the last level
 * @tg: @level: 0: any; as in commands
 */
struct smmu_tlbi {
	u32 regimes;
	s32 vmid, asid;
	u16 wild;
	bool by_addr;
	bool leaf;
	u8 tg, level;
	u64 addr, len;
};

/* Whether @t is for entries of such a context: their ASID and address apart */
static inline bool tlbi_names(const struct smmu_tlbi *t, const struct smmu_ctx_key *k)
{
	return (t->regimes >> k->regime & 1) &&
	       (t->vmid < 0 || !((t->vmid ^ k->vmid) & ~t->wild));
}

void vmxl_smmu_tlbi(struct vmxl_smmu *s, const struct smmu_tlbi *t);

/* window.c; without tlb_lock, all but the last may sleep */
int vmxl_smmu_win_make(struct vmxl_smmu *s, struct vmxl_smmu_window *a);
int vmxl_smmu_win_fault(struct vmxl_smmu *s, struct vmxl_smmu_window_fault *a);
void vmxl_smmu_win_tlbi(struct vmxl_smmu *s, const struct smmu_tlbi *t);
void vmxl_smmu_win_cfgi(struct vmxl_smmu *s, u32 sid, u32 mask, u32 cd);
void vmxl_smmu_win_free_all(struct vmxl_smmu *s);

#endif /* VMXL_SMMU_INTERNAL_H */
