// SPDX-License-Identifier: GPL-2.0
/*
 * `vmxl top`: a live screen of vCPUs and what they do, those that do most first.
 */
#define _GNU_SOURCE
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vnl.h"
#include "run.h"

static const char help[] =
	"Usage: vmxl top [OPTION...]\n"
	"\n"
	"A live screen of the vCPUs that there are, the busiest first.\n"
	"  -d, --interval=S  every S seconds (default 2)\n"
	"  -n, --count=N     ends after N screens\n"
	"  -b, --batch       prints screens one after the other, without a terminal\n"
	"\n"
	"Keys: q quits; i, e, t, m sort by instructions, exits, translations, misses;\n"
	"space is the next screen, now.\n";

#define MAX_COLUMNS	160

/* By the second */
struct row {
	u32 vm, vcpu, mp_state;
	bool counted;
	char comm[16];
	u64 pc;
	double insns, exits, mmio, sbi, halts, translated, misses, flushes;
};

static const struct {
	int key;
	const char *name;
	size_t offset;
} orders[] = {
	{ 'i', "instructions", offsetof(struct row, insns) },
	{ 'e', "exits", offsetof(struct row, exits) },
	{ 't', "translations", offsetof(struct row, translated) },
	{ 'm', "misses", offsetof(struct row, misses) },
};

static unsigned int order;

static double value_of(const struct row *r)
{
	return *(const double *)((const char *)r + orders[order].offset);
}

static int compare(const void *a, const void *b)
{
	double x = value_of(a), y = value_of(b);

	if (x != y)
		return x < y ? 1 : -1;
	return memcmp(a, b, 2 * sizeof(u32));
}

static void fill(struct row *r, const struct vnl_vcpu *now, const struct vnl_vcpu *was, double s)
{
	static const struct vnl_vcpu none;

	if (!was)
		was = &none;
#define RATE(id) ((now->stat[VMXL_NL_VCPU_STAT_##id] - was->stat[VMXL_NL_VCPU_STAT_##id]) / s)
	r->vm = now->vm;
	r->vcpu = now->id;
	r->mp_state = now->mp_state;
	r->pc = now->pc;
	r->insns = RATE(INSNS);
	r->exits = RATE(RUNS);
	r->mmio = RATE(EXIT_MMIO);
	r->sbi = RATE(EXIT_RISCV_SBI);
	r->halts = RATE(HALTS);
	r->translated = RATE(TRANSLATED);
	r->misses = RATE(TLB_MISS);
	r->flushes = RATE(TLB_FLUSH) + RATE(TLB_FLUSH_PAGE);
#undef RATE
}

/* malloc()ed; NULL without memory. One that was not there before counts from 0. */
static struct row *rows(const struct vnl_snapshot *now, const struct vnl_snapshot *before)
{
	struct row *rows = calloc(now->nr_vcpus + 1, sizeof(*rows));
	double s = (now->when - before->when) / 1e9;
	size_t i;

	if (!rows)
		return NULL;
	for (i = 0; i < now->nr_vcpus; i++) {
		const struct vnl_vcpu *vcpu = &now->vcpus[i];
		const struct vnl_vm *vm = vnl_find_vm(now, vcpu->vm);

		fill(&rows[i], vcpu, vnl_find_vcpu(before, vcpu->vm, vcpu->id), s);
		if (!vm)
			continue;
		memcpy(rows[i].comm, vm->comm, sizeof(vm->comm));
		rows[i].counted = vm->stat[VMXL_NL_VM_STAT_COUNTED];
		if (!rows[i].counted)
			rows[i].insns = 0;
	}
	qsort(rows, now->nr_vcpus, sizeof(*rows), compare);
	return rows;
}

/* 1234 as 1234, 1234567 as 1235k, ... in at most 6 characters */
static const char *brief(double x, char *buf, size_t len)
{
	static const char unit[] = " kMGTP";
	unsigned int i = 0;

	while (x >= 99999.5 && unit[i + 1]) {
		x /= 1000;
		i++;
	}
	snprintf(buf, len, i ? "%.0f%c" : "%.0f", x, unit[i]);
	return buf;
}

static void summary_line(char *line, const struct vnl_snapshot *now, const struct row *r)
{
	double insns = 0;
	u64 memory = 0;
	char buf[16];
	size_t i;

	for (i = 0; i < now->nr_vms; i++)
		memory += now->vms[i].memory;
	for (i = 0; i < now->nr_vcpus; i++)
		insns += r[i].insns;
	snprintf(line, MAX_COLUMNS, "vmxl top: %zu VMs, %zu vCPUs, %llu MiB, %s instructions/s, by %s",
		 now->nr_vms, now->nr_vcpus, (unsigned long long)(memory >> 20),
		 brief(insns, buf, sizeof(buf)), orders[order].name);
}

static void header_line(char *line)
{
	snprintf(line, MAX_COLUMNS, "%5s %4s %-15s %-8s %7s %7s %7s %7s %7s %7s %7s %7s  %s", "VM",
		 "VCPU", "COMMAND", "STATE", "INSN/s", "EXIT/s", "MMIO/s", "SBI/s", "HALT/s",
		 "TRNSL/s", "MISS/s", "FLUSH/s", "PC");
}

static void row_line(char *line, const struct row *r)
{
	const double values[] = {
		r->insns, r->exits, r->mmio, r->sbi, r->halts, r->translated, r->misses, r->flushes
	};
	char buf[16];
	unsigned int i;
	int n;

	n = snprintf(line, MAX_COLUMNS, "%5u %4u %-15s %-8s", r->vm, r->vcpu, r->comm,
		     vnl_mp_name(r->mp_state));
	for (i = 0; i < ARRAY_SIZE(values); i++)
		n += snprintf(line + n, MAX_COLUMNS - n, " %7s", !i && !r->counted ? "-" :
			      brief(values[i], buf, sizeof(buf)));
	snprintf(line + n, MAX_COLUMNS - n, "  %llx", (unsigned long long)r->pc);
}

/* Lines of a screen of so many lines, one by one to out() */
static void screen(const struct vnl_snapshot *now, const struct row *r, size_t lines,
		   void (*out)(int y, const char *line, bool head))
{
	char line[MAX_COLUMNS];
	size_t i;

	summary_line(line, now, r);
	out(0, line, false);
	header_line(line);
	out(1, line, true);
	for (i = 0; i < now->nr_vcpus && i + 2 < lines; i++) {
		row_line(line, &r[i]);
		out(i + 2, line, false);
	}
}

static void out_batch(int y, const char *line, bool head)
{
	(void)y;
	(void)head;
	puts(line);
}

static void out_curses(int y, const char *line, bool head)
{
	if (head)
		attron(A_REVERSE);
	mvprintw(y, 0, "%-*.*s", COLS, COLS, line);
	if (head)
		attroff(A_REVERSE);
}

static int draw(const struct vnl_snapshot *now, const struct vnl_snapshot *before, bool batch)
{
	struct row *r = rows(now, before);

	if (!r)
		return error("no memory");
	if (batch) {
		screen(now, r, SIZE_MAX, out_batch);
		fflush(stdout);
	} else {
		erase();
		screen(now, r, LINES, out_curses);
		refresh();
	}
	free(r);
	return 0;
}

/* Waits for the next screen's time; false: quit */
static bool pause_for(u64 ms, bool batch)
{
	unsigned int i;
	int key;

	if (batch) {
		usleep(ms * 1000);
		return true;
	}
	timeout(ms);
	key = getch();
	for (i = 0; i < ARRAY_SIZE(orders); i++)
		if (orders[i].key == key)
			order = i;
	return key != 'q';
}

static int loop(struct vnl *nl, const struct vnl_options *opt)
{
	struct vnl_snapshot before, now;
	u64 n;
	int ret = vnl_snapshot(nl, 0, &before);

	for (n = 0; !ret && (!opt->count || n < opt->count); n++) {
		/* Something is seen at once. */
		if (!pause_for(n ? opt->interval_ms : 200, opt->batch))
			break;
		ret = vnl_snapshot(nl, 0, &now);
		if (ret)
			break;
		ret = draw(&now, &before, opt->batch);
		vnl_snapshot_free(&before);
		before = now;
	}
	if (!ret && n && !opt->batch)
		pause_for(opt->count ? 1 : 0, opt->batch);
	vnl_snapshot_free(&before);
	return ret;
}

int cmd_top(int argc, char **argv)
{
	struct vnl_options opt;
	struct vnl *nl;
	bool done;
	int ret = vnl_options(argc, argv, "bdn", help, &opt, &done);

	if (ret || done)
		return ret;
	if (!opt.interval_ms)
		opt.interval_ms = 2000;
	if (!opt.batch && !isatty(STDOUT_FILENO)) {
		error("top needs a terminal, or --batch");
		return STATUS_USAGE;
	}
	nl = vnl_open();
	if (!nl)
		return STATUS_FAIL;
	if (!opt.batch) {
		initscr();
		cbreak();
		noecho();
		curs_set(0);
	}
	ret = loop(nl, &opt);
	if (!opt.batch)
		endwin();
	vnl_close(nl);
	return ret ? STATUS_FAIL : STATUS_OK;
}
