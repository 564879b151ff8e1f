// SPDX-License-Identifier: GPL-2.0
/*
 * The log of translated code. See log.h. Written where code is published and taken
 * away, both of which hold cache->lock; so does who takes records out.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "../vm.h"
#include "cache.h"
#include "code.h"
#include "log.h"

#define NR_RECORDS	16384u	/* a power of 2; a boot of Debian compiles 30,000 blocks in a minute */
#define CHUNK		16u	/* records that are on the stack while they go to the user */

/**
 * struct vmxl_log - a ring
 * @head: records written, ever
 * @tail: taken out, ever
 * @lost: since they were last told of
 * @rec: the records
 */
struct vmxl_log {
	u32 head, tail;
	u64 lost;
	struct vmxl_code_record rec[NR_RECORDS];
};

static_assert(!(NR_RECORDS & (NR_RECORDS - 1)));

static void put(struct vmxl_log *log, const struct vmxl_code_record *rec)
{
	if (log->head - log->tail == NR_RECORDS)
		log->lost++;
	else
		log->rec[log->head++ % NR_RECORDS] = *rec;
}

/**
 * vmxl_log_stubs() - the code that all blocks share is there
 * @code: the region
 */
void vmxl_log_stubs(struct vmxl_code *code)
{
	struct vmxl_code_record rec = {
		.type = VMXL_CODE_STUBS,
		.host = code->x,
		.host_len = code->stub_len,
	};

	lockdep_assert_held(&code->vm->cache->lock);
	if (!code->log)
		return;
	rec.ns = ktime_get_ns();
	put(code->log, &rec);
}

/**
 * vmxl_log_block() - a block has got its code, or it is taken away
 * @code: the region
 * @type: VMXL_CODE_ADDED or VMXL_CODE_DROPPED
 * @h: the code
 */
void vmxl_log_block(struct vmxl_code *code, u32 type, const struct vmxl_hblock *h)
{
	struct vmxl_code_record rec = {
		.type = type,
		.host = code->x + h->at,
		.host_len = h->len,
		.pc = h->pc,
		.len = h->block->len,
	};

	lockdep_assert_held(&code->vm->cache->lock);
	if (!code->log)
		return;
	rec.ns = ktime_get_ns();
	put(code->log, &rec);
}

/* From now on there is a log. */
static int begin(struct vmxl_code *code)
{
	struct vmxl_cache *cache = code->vm->cache;
	struct vmxl_log *log;

	if (READ_ONCE(code->log))
		return 0;
	log = kvzalloc(sizeof(*log), GFP_KERNEL_ACCOUNT);
	if (!log)
		return -ENOMEM;
	spin_lock(&cache->lock);
	if (!code->log) {
		WRITE_ONCE(code->log, log);
		log = NULL;
		if (code->ready)
			vmxl_log_stubs(code);
	}
	spin_unlock(&cache->lock);
	kvfree(log);
	return 0;
}

static u32 take(struct vmxl_code *code, struct vmxl_code_record *rec, u32 nr, u64 *lost)
{
	struct vmxl_log *log = code->log;
	u32 i;

	spin_lock(&code->vm->cache->lock);
	nr = min(nr, log->head - log->tail);
	for (i = 0; i < nr; i++)
		rec[i] = log->rec[log->tail++ % NR_RECORDS];
	*lost += log->lost;
	log->lost = 0;
	spin_unlock(&code->vm->cache->lock);
	return nr;
}

/**
 * vmxl_log_read() - VMXL_GET_CODE_LOG
 * @code: the region, or NULL
 * @args: in: where to, and how many at most; out: how many, and how many are lost
 *
 * Context: may sleep.
 * Return: 0 or -errno; -EFAULT: what was not taken is there still, but for a few.
 */
long vmxl_log_read(struct vmxl_code *code, struct vmxl_code_log *args)
{
	struct vmxl_code_record rec[CHUNK], __user *to = u64_to_user_ptr(args->records);
	u32 room = min(args->nr, NR_RECORDS), n;
	int ret;

	if (args->flags || args->lost || args->reserved)
		return -EINVAL;
	if (!code)
		return -EOPNOTSUPP;
	ret = begin(code);
	args->nr = 0;
	while (!ret && args->nr < room) {
		n = take(code, rec, min(room - args->nr, CHUNK), &args->lost);
		if (!n)
			break;
		if (copy_to_user(to + args->nr, rec, n * sizeof(*rec)))
			ret = -EFAULT;
		args->nr += n;
	}
	return ret;
}

/**
 * vmxl_log_destroy() - free a log
 * @log: the log or NULL; its region goes
 */
void vmxl_log_destroy(struct vmxl_log *log)
{
	kvfree(log);
}
