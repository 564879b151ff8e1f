// SPDX-License-Identifier: GPL-2.0
/*
 * What address spaces did. See spaces.h.
 */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>

#include "spaces.h"
#include "vmxl-tlb.h"

struct space {
	struct tlb_space key;
	struct tlb_use use;
};

static struct space *before;	/* what was there the last time, sorted */
static size_t nr_before;

static int compare(const void *a, const void *b)
{
	const struct tlb_space *x = &((const struct space *)a)->key;
	const struct tlb_space *y = &((const struct space *)b)->key;

	if (x->vm != y->vm)
		return x->vm < y->vm ? -1 : 1;
	return (x->asid > y->asid) - (x->asid < y->asid);
}

static size_t read_all(int fd, struct space *s)
{
	struct tlb_space *last = NULL;
	size_t nr = 0;

	while (nr < TLB_SPACES && !bpf_map_get_next_key(fd, last, &s[nr].key)) {
		last = &s[nr].key;
		if (!bpf_map_lookup_elem(fd, last, &s[nr].use))
			nr++;
	}
	qsort(s, nr, sizeof(*s), compare);
	return nr;
}

/* What was added since; pages are those of now. */
static struct tlb_use since(const struct space *now)
{
	const struct space *was = before ? bsearch(now, before, nr_before, sizeof(*now), compare) :
					   NULL;
	struct tlb_use u = now->use;

	if (was && was->use.hits <= u.hits && was->use.misses <= u.misses) {
		u.hits -= was->use.hits;
		u.misses -= was->use.misses;
		u.filled -= was->use.filled;
		u.zapped -= was->use.zapped;
	}
	return u;
}

static void print(const struct tlb_space *s, const struct tlb_use *u)
{
	__u64 all = u->hits + u->misses;
	char asid[16], rate[16];

	snprintf(asid, sizeof(asid), s->asid == TLB_ASID_ALL ? "upper half" : "0x%x", s->asid);
	snprintf(rate, sizeof(rate), all ? "%.1f%%" : "-", all ? 100.0 * u->hits / all : 0);
	printf("%5u %-15s %12llu %12llu %7s %12llu %12llu %9u %9u\n", s->vm, asid, all, u->hits,
	       rate, u->filled, u->zapped, u->live, u->most);
}

static void print_json(const struct tlb_space *s, const struct tlb_use *u)
{
	printf("{\"vm\": %u, \"asid\": %lld, \"what\": \"space\", \"count\": %llu, \"hits\": %llu, ",
	       s->vm, s->asid == TLB_ASID_ALL ? -1ll : s->asid, u->hits + u->misses, u->hits);
	printf("\"filled\": %llu, \"zapped\": %llu, \"live\": %u, \"most\": %u}\n", u->filled,
	       u->zapped, u->live, u->most);
}

void spaces_show(struct bpf_object *obj, bool json)
{
	struct space *now = calloc(TLB_SPACES, sizeof(*now));
	struct tlb_use u;
	size_t nr, i;

	if (!now)
		return;
	nr = read_all(bpf_object__find_map_fd_by_name(obj, "spaces"), now);
	if (!json && nr)
		printf("%5s %-15s %12s %12s %7s %12s %12s %9s %9s\n", "VM", "ADDRESS SPACE",
		       "LOOK-UPS", "HITS", "RATE", "FILLED", "ZAPPED", "PAGES", "MOST");
	for (i = 0; i < nr; i++) {
		u = since(&now[i]);
		if (!u.hits && !u.misses && !u.filled && !u.zapped)
			continue;
		if (json)
			print_json(&now[i].key, &u);
		else
			print(&now[i].key, &u);
	}
	free(before);
	before = now;
	nr_before = nr;
}
