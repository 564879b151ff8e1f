// SPDX-License-Identifier: GPL-2.0
/*
 * The user's half of all tools. See tool.h.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../user/symbols.h"
#include "hot.h"
#include "tool.h"

#define MAX_NUMBER	1000000000ul
#define KERNEL_BTF	"/sys/kernel/btf/vmlinux"
#define MODULE_BTF	"/sys/kernel/btf/vmx_xlate"

struct row {
	struct vmxl_key key;
	struct vmxl_cell cell;
};

struct rows {
	struct row *row;
	size_t nr;
};

struct options {
	bool json, hist;
	bool records;				/* whatever types there are */
	unsigned long vm, interval, count;	/* 0: all; until it is interrupted; for ever */
	unsigned long hot;			/* 0: not asked for */
	struct symbols symbols;
};

/* Waits for so many seconds, 0: for ever. Whether it was interrupted: SIGINT, SIGTERM are blocked. */
static bool wait_for(unsigned long seconds)
{
	struct timespec ts = { .tv_sec = seconds };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	return seconds ? sigtimedwait(&set, NULL, &ts) > 0 : sigwaitinfo(&set, NULL) > 0;
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int quiet(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, fmt, ap) : 0;
}

static void usage(const struct tool *tool)
{
	printf("Usage: %s [OPTION...] [INTERVAL [COUNT]]\n\n%s\n\n", tool->name, tool->purpose);
	printf("Prints what happened in each INTERVAL seconds, COUNT times; without them, what\n"
	       "happened until it is interrupted.\n"
	       "  -m, --vm=VM      of this VM only (see vmxl list)\n");
	if (tool->timed)
		printf("  -H, --histogram  with histograms of times\n");
	if (tool->hot)
		printf("  -b, --hot=N      and the N hottest blocks, by samples of the processors\n"
		       "  -s, --symbols=FILE  with names: an ELF file, a System.map, /proc/kallsyms\n");
	printf("  -r, --records    by the tracepoints' records, not by the module's types\n"
	       "  -j, --json       as JSON, one object a line\n"
	       "  -h, --help       this text\n");
}

/* ---- what there is ---- */

static int compare(const void *a, const void *b)
{
	const struct vmxl_key *x = &((const struct row *)a)->key;
	const struct vmxl_key *y = &((const struct row *)b)->key;

	if (x->vm != y->vm)
		return x->vm < y->vm ? -1 : 1;
	if (x->vcpu != y->vcpu)
		return x->vcpu < y->vcpu ? -1 : 1;
	return (x->what > y->what) - (x->what < y->what);
}

/* All cells, sorted. Room for as many as there can be: none is added twice. */
static void read_rows(int fd, struct rows *out)
{
	struct vmxl_key *last = NULL, key;

	out->nr = 0;
	while (out->nr < VMXL_CELLS && !bpf_map_get_next_key(fd, last, &key)) {
		out->row[out->nr].key = key;
		last = &out->row[out->nr].key;
		if (!bpf_map_lookup_elem(fd, &key, &out->row[out->nr].cell))
			out->nr++;
	}
	qsort(out->row, out->nr, sizeof(*out->row), compare);
}

/* What was added since; the greatest time is of all time. */
static struct vmxl_cell since(const struct row *now, const struct rows *before)
{
	const struct row *was = bsearch(now, before->row, before->nr, sizeof(*now), compare);
	struct vmxl_cell d = now->cell;
	int i;

	if (!was)
		return d;
	d.count -= was->cell.count;
	d.ns -= was->cell.ns;
	d.bytes -= was->cell.bytes;
	d.host_bytes -= was->cell.host_bytes;
	for (i = 0; i < VMXL_SLOTS; i++)
		d.hist[i] -= was->cell.hist[i];
	return d;
}

/* ---- how it is shown ---- */

static void print_hist(const struct vmxl_cell *c)
{
	static const char stars[] = "****************************************";
	int i, first = VMXL_SLOTS, last = -1;
	__u64 most = 0;

	for (i = 0; i < VMXL_SLOTS; i++) {
		if (!c->hist[i])
			continue;
		first = i < first ? i : first;
		last = i;
		most = c->hist[i] > most ? c->hist[i] : most;
	}
	for (i = first; i <= last; i++)
		printf("%20llu ns .. %10llu |%-40.*s| %llu\n", 1ull << i, (2ull << i) - 1,
		       (int)(c->hist[i] * 40 / most), stars, c->hist[i]);
}

static const char *name_of(const struct tool *tool, __u64 what, char *buf, size_t len)
{
	if (tool->name_of)
		return tool->name_of(what, buf, len);
	if (what < tool->nr_names)
		return tool->names[what];
	snprintf(buf, len, "%llu", what);
	return buf;
}

static void print_text(const struct tool *tool, const struct options *opt, const struct row *r,
		       const struct vmxl_cell *c)
{
	char buf[32];

	printf("%5u ", r->key.vm);
	if (r->key.vcpu == VMXL_NO_VCPU)
		printf("%4s ", "-");
	else
		printf("%4u ", r->key.vcpu);
	printf("%-18s %12llu", name_of(tool, r->key.what, buf, sizeof(buf)), c->count);
	if (tool->timed)
		printf(" %12.3f %12.1f %12.1f", c->ns / 1e6, c->count ? c->ns / 1e3 / c->count : 0,
		       c->max_ns / 1e3);
	if (tool->sized)
		printf(" %12llu %12llu", c->bytes, c->host_bytes);
	printf("\n");
	if (opt->hist && tool->timed)
		print_hist(c);
}

static void print_json(const struct tool *tool, const struct row *r, const struct vmxl_cell *c)
{
	const char *sep = "";
	char buf[32];
	int i;

	printf("{\"vm\": %u, ", r->key.vm);
	if (r->key.vcpu != VMXL_NO_VCPU)
		printf("\"vcpu\": %u, ", r->key.vcpu);
	printf("\"what\": \"%s\", \"count\": %llu", name_of(tool, r->key.what, buf, sizeof(buf)),
	       c->count);
	if (tool->timed) {
		printf(", \"ns\": %llu, \"max_ns\": %llu, \"log2_ns\": [", c->ns,
		       c->max_ns);
		for (i = 0; i < VMXL_SLOTS; i++, sep = ", ")
			printf("%s%llu", sep, c->hist[i]);
		printf("]");
	}
	if (tool->sized)
		printf(", \"bytes\": %llu, \"host_bytes\": %llu", c->bytes, c->host_bytes);
	printf("}\n");
}

static void print_head(const struct tool *tool)
{
	time_t now = time(NULL);
	char clock[16];

	strftime(clock, sizeof(clock), "%T", localtime(&now));
	printf("%s\n%5s %4s %-18s %12s", clock, "VM", "VCPU", tool->what, "COUNT");
	if (tool->timed)
		printf(" %12s %12s %12s", "TOTAL ms", "AVERAGE us", "MAX us");
	if (tool->sized)
		printf(" %12s %12s", "BYTES", "HOST BYTES");
	printf("\n");
}

static void show(const struct tool *tool, const struct options *opt, const struct rows *now,
		 const struct rows *before)
{
	struct vmxl_cell c;
	size_t i;

	if (!opt->json)
		print_head(tool);
	for (i = 0; i < now->nr; i++) {
		c = since(&now->row[i], before);
		if (!c.count)
			continue;
		if (opt->json)
			print_json(tool, &now->row[i], &c);
		else
			print_text(tool, opt, &now->row[i], &c);
	}
	if (tool->more)
		tool->more(*tool->skeleton->obj, opt->json);
	if (opt->hot)
		hot_show(*tool->skeleton->obj, &opt->symbols, opt->hot, opt->json);
	fflush(stdout);
}

static void watch(const struct tool *tool, const struct options *opt, int fd)
{
	struct rows a = { calloc(VMXL_CELLS, sizeof(struct row)), 0 };
	struct rows b = { calloc(VMXL_CELLS, sizeof(struct row)), 0 };
	struct rows *now = &a, *before = &b, *swap;
	bool end = !a.row || !b.row;
	unsigned long n;

	for (n = 0; !end && (!opt->count || n < opt->count); n++) {
		end = wait_for(opt->interval);
		read_rows(fd, now);
		show(tool, opt, now, before);
		swap = before;
		before = now;
		now = swap;
	}
	free(a.row);
	free(b.row);
}

/* ---- arguments ---- */

static bool number(const char *text, unsigned long *out)
{
	char *end;

	errno = 0;
	*out = strtoul(text, &end, 10);
	return !errno && end != text && !*end && *text != '-' && *out && *out <= MAX_NUMBER;
}

/* 0: go on; -1: --help; else the exit status */
static int parse(int argc, char **argv, const struct tool *tool, struct options *opt)
{
	static const struct option options[] = {
		{ "vm", required_argument, NULL, 'm' },
		{ "histogram", no_argument, NULL, 'H' },
		{ "hot", required_argument, NULL, 'b' },
		{ "symbols", required_argument, NULL, 's' },
		{ "records", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{}
	};
	int c;

	while ((c = getopt_long(argc, argv, "m:Hb:s:rjh", options, NULL)) != -1) {
		switch (c) {
		case 'm':
			if (!number(optarg, &opt->vm))
				return 2;
			break;
		case 'H':
			opt->hist = true;
			break;
		case 'b':
			if (!tool->hot || !number(optarg, &opt->hot))
				return 2;
			break;
		case 's':
			if (!tool->hot || symbols_read(&opt->symbols, optarg))
				return 2;
			break;
		case 'r':
			opt->records = true;
			break;
		case 'j':
			opt->json = true;
			break;
		case 'h':
			usage(tool);
			return -1;
		default:
			return 2;
		}
	}
	if (optind < argc && !number(argv[optind++], &opt->interval))
		return 2;
	if (optind < argc && !number(argv[optind++], &opt->count))
		return 2;
	return optind < argc ? 2 : 0;
}

/* Of the two programs for each of the module's events (events.bpf.h) the one for what is there */
static void pick_programs(struct bpf_object *obj, bool typed)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		const char *name = bpf_program__section_name(prog);

		if (!strncmp(name, "tp_btf/", 7))
			bpf_program__set_autoload(prog, typed);
		else if (!strncmp(name, "tp/vmx_xlate/", 13))
			bpf_program__set_autoload(prog, !typed);
	}
}

const struct bpf_object_open_opts *tool_open_opts(void)
{
	static struct bpf_object_open_opts opts = { .sz = sizeof(opts) };
	static char path[32];
	const void *raw;
	struct btf *none;
	__u32 size;
	int fd;

	if (!access(KERNEL_BTF, R_OK))
		return &opts;
	/* A file without types, as long as this process lives */
	none = btf__new_empty();
	raw = none ? btf__raw_data(none, &size) : NULL;
	fd = raw ? memfd_create("btf", MFD_CLOEXEC) : -1;
	if (fd >= 0 && write(fd, raw, size) == (ssize_t)size) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		opts.btf_custom_path = path;
	}
	btf__free(none);
	return &opts;
}

static bool typed(const struct options *opt)
{
	return !opt->records && !access(MODULE_BTF, R_OK);
}

static int load(const struct tool *tool, const struct options *opt)
{
	int ret;

	*tool->only_vm = opt->vm;
	pick_programs(*tool->skeleton->obj, typed(opt));
	ret = bpf_object__load_skeleton(tool->skeleton);
	if (!ret)
		ret = bpf_object__attach_skeleton(tool->skeleton);
	if (!ret && opt->hot)
		ret = hot_attach(*tool->skeleton->obj);
	if (ret)
		fprintf(stderr, "%s: %s (it takes root, and the module vmx_xlate)\n", tool->name,
			strerror(-ret));
	return ret;
}

int tool_main(int argc, char **argv, const struct tool *tool)
{
	struct options opt = {};
	int ret = parse(argc, argv, tool, &opt);

	if (ret == 2)
		fprintf(stderr, "%s: bad arguments (see %s --help)\n", tool->name, tool->name);
	if (ret)
		return ret < 0 ? 0 : ret;
	libbpf_set_print(quiet);
	block_signals();
	if (load(tool, &opt))
		return 1;
	if (opt.json)
		printf("{\"tool\": \"%s\", \"events\": \"%s\"}\n", tool->name,
		       typed(&opt) ? "types" : "records");
	else
		printf("Watching%s; Ctrl-C ends it.\n", opt.vm ? " one VM" : "");
	fflush(stdout);
	watch(tool, &opt, bpf_object__find_map_fd_by_name(*tool->skeleton->obj, "cells"));
	return 0;
}
