// SPDX-License-Identifier: GPL-2.0
/*
 * Records and their mutation. See record.h.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "record.h"

#define REC	sizeof(struct fuzz_rec)

/* A list this short does little yet. */
#define FEW	8

static_assert(REC == 16);

bool fuzz_next(const u8 **data, size_t *size, struct fuzz_rec *rec)
{
	if (*size < REC)
		return false;
	memcpy(rec, *data, REC);
	*data += REC;
	*size -= REC;
	return true;
}

u32 fuzz_insn(struct rv_rng *rng)
{
	return rv_sample(&vmxl_rv64_rows[rv_below(rng, RV_I_ILLEGAL)], rng);
}

u64 fuzz_edge(struct rv_rng *rng)
{
	u64 bit = 1ULL << rv_below(rng, 64);

	switch (rv_below(rng, 5)) {
	case 0:
		return bit;
	case 1:
		return bit - rv_below(rng, 9);
	case 2:
		return -bit;
	case 3:
		return rv_below(rng, 16);
	default:
		return rv_rnd(rng);
	}
}

/* One record more at @at, as far as there is room */
static size_t insert(u8 *data, size_t n, size_t room, size_t at, const struct fuzz_rec *rec)
{
	if (n == room)
		return n;
	memmove(data + (at + 1) * REC, data + at * REC, (n - at) * REC);
	memcpy(data + at * REC, rec, REC);
	return n + 1;
}

static size_t mutate_list(u8 *data, size_t n, size_t room, struct rv_rng *rng, fuzz_make_fn make)
{
	size_t at = n ? rv_below(rng, n) : 0, from = n ? rv_below(rng, n) : 0;
	struct fuzz_rec rec = {};

	make(&rec, rng);
	switch (n ? rv_below(rng, 8) : 0) {
	case 0:
	case 1:
	case 2:
		return insert(data, n, room, n - rv_below(rng, n + 1), &rec);
	case 3:
		memcpy(data + at * REC, &rec, REC);
		return n;
	case 4:
		memmove(data + at * REC, data + (at + 1) * REC, (n - at - 1) * REC);
		return n > 1 ? n - 1 : n;
	case 5:
		memcpy(&rec, data + from * REC, REC);
		return insert(data, n, room, at, &rec);
	case 6:
		memcpy(&rec, data + from * REC, REC);
		memmove(data + from * REC, data + at * REC, REC);
		memcpy(data + at * REC, &rec, REC);
		return n;
	default:
		LLVMFuzzerMutate(data + at * REC, REC, REC);
		return n;
	}
}

size_t fuzz_mutate(u8 *data, size_t size, size_t max, unsigned int seed, fuzz_make_fn make)
{
	struct rv_rng rng = { .s = seed };
	size_t n = size / REC;
	unsigned int times = 1 + rv_below(&rng, n < FEW ? 2 * FEW : 4);

	if (max < REC || !rv_below(&rng, 16))
		return LLVMFuzzerMutate(data, size, max);
	while (times--)
		n = mutate_list(data, n, max / REC, &rng, make);
	return n * REC;
}
