// SPDX-License-Identifier: GPL-2.0
/*
 * What there is to save and restore of an SMMU: registers by their offsets,
 * then stalled accesses and messages, which the guest does not see as such.
 * Caches are not state. CR0 is to be restored last.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/srcu.h>
#include "../vm.h"
#include "internal.h"

/* Beside registers: 5 words of each stall, 4 of each message, the number of these */
#define STATE_STALL	0x4000
#define STALL_WORDS	5
#define STATE_NR_MSG	0x5000
#define STATE_MSG	0x6000
#define MSG_WORDS	4

static_assert(sizeof(struct vmxl_smmu_msg) == MSG_WORDS * sizeof(u64));

static bool in(u64 off, u64 base, unsigned int words)
{
	return off >= base && off < base + words * 8 && !(off & 7);
}

/**
 * vmxl_smmu_is_state() - whether there is something to be saved
 * @off: its offset
 *
 * Return: whether there is.
 */
bool vmxl_smmu_is_state(u64 off)
{
	return vmxl_smmu_reg_is_state(off) || off == STATE_NR_MSG ||
	       in(off, STATE_STALL, STALL_MAX * STALL_WORDS) ||
	       in(off, STATE_MSG, NR_MSGS * MSG_WORDS) || vmxl_smmu_pmcg_is_state(off);
}

static u64 get_stall(const struct vmxl_smmu *s, unsigned int word)
{
	const struct smmu_stall *st = &s->stall[word / STALL_WORDS];

	if (word % STALL_WORDS)
		return st->rec[word % STALL_WORDS - 1];
	return st->state | (u64)st->recorded << 8 | (u64)st->sid << 32;
}

static int set_stall(struct vmxl_smmu *s, unsigned int word, u64 val)
{
	struct smmu_stall *st = &s->stall[word / STALL_WORDS];

	if (word % STALL_WORDS) {
		st->rec[word % STALL_WORDS - 1] = val;
		return 0;
	}
	if ((u8)val > STALL_RAZWI || (u32)val >> 9)
		return -EINVAL;
	WRITE_ONCE(st->state, (u8)val);
	st->recorded = val >> 8 & 1;
	st->sid = val >> 32;
	return 0;
}

/* Messages are saved from the oldest on. */
static u64 *msg_word(struct vmxl_smmu *s, unsigned int word)
{
	struct vmxl_smmu_msg *m = &s->msg[(s->msg_tail + word / MSG_WORDS) % NR_MSGS];

	return (u64 *)m + word % MSG_WORDS;
}

static int set_nr_msg(struct vmxl_smmu *s, u64 val)
{
	if (val > NR_MSGS)
		return -EINVAL;
	s->msg_head = s->msg_tail + val;
	return 0;
}

static int set_locked(struct vmxl_smmu *s, u64 off, u64 val)
{
	if (in(off, STATE_STALL, STALL_MAX * STALL_WORDS))
		return set_stall(s, (off - STATE_STALL) / 8, val);
	if (off == STATE_NR_MSG)
		return set_nr_msg(s, val);
	if (off < STATE_MSG)
		return vmxl_smmu_reg_restore(s, off, val);
	*msg_word(s, (off - STATE_MSG) / 8) = val;
	return 0;
}

/**
 * vmxl_smmu_set_state() - restore something
 * @s: the SMMU
 * @off: offset, of vmxl_smmu_is_state()
 * @val: its value
 *
 * Context: process context of the VM's owner; may sleep.
 * Return: 0 or -EINVAL.
 */
int vmxl_smmu_set_state(struct vmxl_smmu *s, u64 off, u64 val)
{
	int idx, ret;

	if (off >= VMXL_SMMU_PMCG) {
		vmxl_smmu_pmcg_write(s, off, off & 4 ? 4 : 8, val);
		return 0;
	}
	idx = srcu_read_lock(&s->vm->srcu);
	mutex_lock(&s->lock);
	ret = set_locked(s, off, val);
	mutex_unlock(&s->lock);
	srcu_read_unlock(&s->vm->srcu, idx);
	return ret;
}

/**
 * vmxl_smmu_get_state() - save something
 * @s: the SMMU
 * @off: offset, of vmxl_smmu_is_state()
 * @val: out
 *
 * Return: 0.
 */
int vmxl_smmu_get_state(struct vmxl_smmu *s, u64 off, u64 *val)
{
	if (off >= VMXL_SMMU_PMCG) {
		*val = vmxl_smmu_pmcg_read(s, off, off & 4 ? 4 : 8);
		return 0;
	}
	mutex_lock(&s->lock);
	if (in(off, STATE_STALL, STALL_MAX * STALL_WORDS))
		*val = get_stall(s, (off - STATE_STALL) / 8);
	else if (off == STATE_NR_MSG)
		*val = s->msg_head - s->msg_tail;
	else if (off >= STATE_MSG)
		*val = *msg_word(s, (off - STATE_MSG) / 8);
	else
		*val = vmxl_smmu_reg_get(s, off, 8) | vmxl_smmu_reg_get(s, off, 4);
	mutex_unlock(&s->lock);
	return 0;
}
