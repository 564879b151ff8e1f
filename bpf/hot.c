// SPDX-License-Identifier: GPL-2.0
/*
 * The hottest blocks. See hot.h.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../user/symbols.h"
#include "hot.h"
#include "vmxl-jit.h"
#include "vmxl.h"

#define FREQUENCY	499	/* Hz; not what anything else beats with */

struct sample {
	struct hot_block block;
	__u64 count;
};

static int attach_cpu(struct bpf_program *prog, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_freq = FREQUENCY,
		.freq = 1,
		.exclude_kernel = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return errno == ENODEV ? 0 : -errno;	/* a processor that is not there */
	return bpf_program__attach_perf_event(prog, fd) ? 0 : -errno;
}

int hot_attach(struct bpf_object *obj)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, "on_sample");
	int cpu, nr = libbpf_num_possible_cpus(), ret = prog ? 0 : -ENOENT;

	for (cpu = 0; cpu < nr && !ret; cpu++)
		ret = attach_cpu(prog, cpu);
	return ret;
}

static int compare(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->block.pc < y->block.pc ? -1 : x->block.pc > y->block.pc;
}

/* All samples, and none is left. */
static size_t take(int fd, struct sample *s, __u64 *sum)
{
	struct hot_block *last = NULL;
	size_t nr = 0, i;

	while (nr < VMXL_CELLS && !bpf_map_get_next_key(fd, last, &s[nr].block)) {
		last = &s[nr].block;
		if (bpf_map_lookup_elem(fd, last, &s[nr].count))
			break;
		*sum += s[nr++].count;
	}
	for (i = 0; i < nr; i++)
		bpf_map_delete_elem(fd, &s[i].block);
	qsort(s, nr, sizeof(*s), compare);
	return nr;
}

static void print(const struct sample *s, const struct symbols *symbols, __u64 sum, bool json)
{
	char name[128];

	symbols_format(symbols, s->block.pc, name, sizeof(name));
	if (json)
		printf("{\"vm\": %u, \"hot\": \"0x%llx\", \"symbol\": \"%s\", \"samples\": %llu}\n",
		       s->block.vm, s->block.pc, name, s->count);
	else
		printf("%5u 0x%016llx %8llu %5.1f%%  %s\n", s->block.vm, s->block.pc, s->count,
		       100.0 * s->count / sum, name);
}

void hot_show(struct bpf_object *obj, const struct symbols *symbols, unsigned long nr, bool json)
{
	struct sample *s = calloc(VMXL_CELLS, sizeof(*s));
	__u64 sum = 0;
	size_t i, n;

	n = s ? take(bpf_object__find_map_fd_by_name(obj, "hot"), s, &sum) : 0;
	if (!json && n)
		printf("%5s %-18s %8s %6s  %s\n", "VM", "HOT BLOCK", "SAMPLES", "", "IN");
	for (i = 0; i < n && i < nr; i++)
		print(&s[i], symbols, sum, json);
	free(s);
}
