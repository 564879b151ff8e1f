// SPDX-License-Identifier: GPL-2.0
/*
 * SBI's PMU extension: counters 0..31 are the hardware's (their number is
 * that of the user-mode CSR less CYCLE; 1, time, is none), counters 32..47 are
 * the firmware's.
 */
#include <linux/kernel.h>
#include "csr.h"
#include "sbi.h"

#define FIRST_FW	RV_NR_HPM
#define NR_COUNTERS	(FIRST_FW + RV_NR_FW_COUNTERS)

#define EVENT_TYPE(idx)	((idx) >> 16)
#define EVENT_CODE(idx)	((idx) & 0xffff)
#define TYPE_HW		0
#define TYPE_FW		15
#define HW_CYCLES	1
#define HW_INSTRET	2

#define CFG_SKIP_MATCH	BIT(0)
#define CFG_CLEAR	BIT(1)
#define CFG_START	BIT(2)
#define CFG_UINH	BIT(5)
#define CFG_SINH	BIT(6)
#define CFG_ALL		GENMASK(7, 0)
#define START_SET_VALUE	BIT(0)
#define STOP_RESET	BIT(0)

#define HPM_SINH	BIT_ULL(61)
#define HPM_UINH	BIT_ULL(60)

static bool is_counter(u64 idx)
{
	return idx < NR_COUNTERS && idx != 1;
}

static struct vmxl_rv64_fwctr *fw(struct vmxl_vcpu *vcpu, u32 idx)
{
	return &rv_arch(vcpu)->fw_ctr[idx - FIRST_FW];
}

static u64 fw_count(struct vmxl_vcpu *vcpu, const struct vmxl_rv64_fwctr *f)
{
	return f->event ? atomic_long_read(&rv_arch(vcpu)->fw_events[f->event - 1]) : 0;
}

static u64 fw_value(struct vmxl_vcpu *vcpu, const struct vmxl_rv64_fwctr *f)
{
	return f->val + (f->started ? fw_count(vcpu, f) : 0);
}

static void counter_write(struct vmxl_vcpu *vcpu, u32 idx, u64 val)
{
	if (idx < FIRST_FW) {
		vmxl_rv64_hpm_write(vcpu, idx, val);
		return;
	}
	fw(vcpu, idx)->val = val - (fw(vcpu, idx)->started ? fw_count(vcpu, fw(vcpu, idx)) : 0);
}

static bool counter_running(struct vmxl_vcpu *vcpu, u32 idx)
{
	if (idx >= FIRST_FW)
		return fw(vcpu, idx)->started;
	return !(rv_regs(vcpu)->mcountinhibit & BIT(idx)) &&
	       (idx < 3 || rv_regs(vcpu)->mhpmevent[idx]);
}

static void counter_run(struct vmxl_vcpu *vcpu, u32 idx, bool run)
{
	u32 inhibit = rv_regs(vcpu)->mcountinhibit;
	struct vmxl_rv64_fwctr *f;
	u64 val;

	if (idx < FIRST_FW) {
		vmxl_rv64_hpm_inhibit(vcpu, run ? inhibit & ~BIT(idx) : inhibit | BIT(idx));
		return;
	}
	f = fw(vcpu, idx);
	val = fw_value(vcpu, f);
	f->started = run;
	counter_write(vcpu, idx, val);
}

/* Whether a counter can count the event; the programmable ones also filter and interrupt. */
static bool counter_fits(u32 idx, u64 event)
{
	u32 code = EVENT_CODE(event);

	if (EVENT_TYPE(event) == TYPE_FW)
		return idx >= FIRST_FW && code >= SBI_FW_SET_TIMER &&
		       code <= SBI_FW_SFENCE_ASID_SENT + 1;
	if (EVENT_TYPE(event) != TYPE_HW || idx >= FIRST_FW)
		return false;
	return (code == HW_CYCLES && idx != 2) || (code == HW_INSTRET && idx != 0);
}

/* Nobody's: not configured for an event, or, for the fixed ones, not running */
static bool counter_free(struct vmxl_vcpu *vcpu, u32 idx)
{
	if (idx >= FIRST_FW)
		return !fw(vcpu, idx)->event;
	return idx < 3 ? !counter_running(vcpu, idx) : !rv_regs(vcpu)->mhpmevent[idx];
}

/* The counters that base and mask name: false, if one of them is none. */
static bool counter_set(u64 base, u64 mask, u64 *set)
{
	unsigned int i;

	*set = 0;
	for (i = 0; i < 64; i++) {
		if (!(mask >> i & 1))
			continue;
		if (base >= NR_COUNTERS || base + i >= NR_COUNTERS)
			return false;
		/* time is no counter, but Linux names it in a mask of all */
		if (base + i != 1)
			*set |= BIT_ULL(base + i);
	}
	return true;
}

static void configure(struct vmxl_vcpu *vcpu, u32 idx, u64 event, u64 flags)
{
	u64 code = EVENT_CODE(event);

	if (idx >= FIRST_FW) {
		fw(vcpu, idx)->event = code + 1;
	} else if (idx >= 3) {
		if (flags & CFG_SINH)
			code |= HPM_SINH;
		if (flags & CFG_UINH)
			code |= HPM_UINH;
		vmxl_rv64_hpm_inhibit(vcpu, rv_regs(vcpu)->mcountinhibit | BIT(idx));
		vmxl_rv64_hpm_event(vcpu, idx, code);
	}
	if (flags & CFG_CLEAR)
		counter_write(vcpu, idx, 0);
	if (flags & CFG_START)
		counter_run(vcpu, idx, true);
}

static int find_counter(struct vmxl_vcpu *vcpu, u64 set, u64 event)
{
	int idx, fixed = -1;

	for (idx = 0; idx < NR_COUNTERS; idx++) {
		if (!(set >> idx & 1) || !counter_fits(idx, event) || !counter_free(vcpu, idx))
			continue;
		if (idx >= 3)
			return idx;
		fixed = idx;
	}
	return fixed;
}

static void pmu_config(struct sbi_call *c)
{
	u64 set, flags = c->arg[2], event = c->arg[3];
	int idx;

	if (!counter_set(c->arg[0], c->arg[1], &set) || !set || (flags & ~CFG_ALL) || event >> 20) {
		c->ret.error = SBI_ERR_INVALID_PARAM;
		return;
	}
	idx = flags & CFG_SKIP_MATCH ? (int)__ffs64(set) : find_counter(c->vcpu, set, event);
	if (idx < 0 || !counter_fits(idx, event)) {
		c->ret.error = SBI_ERR_NOT_SUPPORTED;
		return;
	}
	configure(c->vcpu, idx, event, flags);
	c->ret.value = idx;
}

static void pmu_start(struct sbi_call *c)
{
	u64 set, flags = c->arg[2];
	u32 idx;

	if (!counter_set(c->arg[0], c->arg[1], &set) || !set || (flags & ~START_SET_VALUE)) {
		c->ret.error = SBI_ERR_INVALID_PARAM;
		return;
	}
	for (idx = 0; idx < NR_COUNTERS; idx++) {
		if (!(set >> idx & 1))
			continue;
		if (counter_running(c->vcpu, idx)) {
			c->ret.error = SBI_ERR_ALREADY_STARTED;
			continue;
		}
		if (flags & START_SET_VALUE)
			counter_write(c->vcpu, idx, c->arg[3]);
		counter_run(c->vcpu, idx, true);
	}
}

static void counter_reset(struct vmxl_vcpu *vcpu, u32 idx)
{
	if (idx >= FIRST_FW)
		fw(vcpu, idx)->event = 0;
	else if (idx >= 3)
		vmxl_rv64_hpm_event(vcpu, idx, 0);
}

static void pmu_stop(struct sbi_call *c)
{
	u64 set, flags = c->arg[2];
	u32 idx;

	if (!counter_set(c->arg[0], c->arg[1], &set) || !set || (flags & ~STOP_RESET)) {
		c->ret.error = SBI_ERR_INVALID_PARAM;
		return;
	}
	for (idx = 0; idx < NR_COUNTERS; idx++) {
		if (!(set >> idx & 1))
			continue;
		if (counter_running(c->vcpu, idx))
			counter_run(c->vcpu, idx, false);
		else
			c->ret.error = SBI_ERR_ALREADY_STOPPED;
		if (flags & STOP_RESET)
			counter_reset(c->vcpu, idx);
	}
}

static void pmu_info(struct sbi_call *c)
{
	if (!is_counter(c->arg[0]))
		c->ret.error = SBI_ERR_INVALID_PARAM;
	else if (c->arg[0] >= FIRST_FW)
		c->ret.value = BIT_ULL(63);
	else
		c->ret.value = (RV_CSR_CYCLE + c->arg[0]) | 63 << 12;
}

static void pmu_fw_read(struct sbi_call *c)
{
	if (c->arg[0] < FIRST_FW || c->arg[0] >= NR_COUNTERS)
		c->ret.error = SBI_ERR_INVALID_PARAM;
	else if (c->fid == 5)
		c->ret.value = fw_value(c->vcpu, fw(c->vcpu, c->arg[0]));
}

static void pmu_count(struct sbi_call *c)
{
	c->ret.value = NR_COUNTERS;
}

/* The PMU extension: hardware counters are hpm.c's, firmware counters are here */
enum vmxl_act vmxl_rv64_sbi_pmu(struct sbi_call *c)
{
	static void (*const fn[SBI_PMU_NR])(struct sbi_call *c) = {
		pmu_count, pmu_info, pmu_config, pmu_start, pmu_stop, pmu_fw_read, pmu_fw_read,
	};

	fn[c->fid](c);
	return VMXL_ACT_NEXT;
}
