/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SEQLOCK_H
#define SHIM_LINUX_SEQLOCK_H

#include <linux/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;
} seqlock_t;

typedef seqcount_t seqcount_spinlock_t;
typedef seqcount_t seqcount_mutex_t;

#define seqcount_init(s)	((s)->sequence = 0)
#define seqcount_spinlock_init(s, l) seqcount_init(s)
#define seqlock_init(s)		(*(s) = (seqlock_t) { })

static inline unsigned int read_seqcount_begin(const seqcount_t *s)
{
	unsigned int seq;

	while ((seq = smp_load_acquire(&s->sequence)) & 1)
		cpu_relax();
	return seq;
}

static inline int read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	smp_rmb();
	return READ_ONCE(s->sequence) != start;
}

static inline void write_seqcount_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	smp_wmb();
}

static inline void write_seqcount_end(seqcount_t *s)
{
	smp_store_release(&s->sequence, s->sequence + 1);
}

#define raw_write_seqcount_begin(s) write_seqcount_begin(s)
#define raw_write_seqcount_end(s) write_seqcount_end(s)
#define read_seqbegin(s)	read_seqcount_begin(&(s)->seqcount)
#define read_seqretry(s, seq)	read_seqcount_retry(&(s)->seqcount, seq)
#define write_seqlock(s)	do { spin_lock(&(s)->lock); \
				     write_seqcount_begin(&(s)->seqcount); } while (0)
#define write_sequnlock(s)	do { write_seqcount_end(&(s)->seqcount); \
				     spin_unlock(&(s)->lock); } while (0)

#endif
