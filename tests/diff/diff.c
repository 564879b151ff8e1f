// SPDX-License-Identifier: GPL-2.0
/*
 * diff: random instruction sequences, executed by our interpreter, by our
 * compiler and by qemu-riscv64; registers, flags and memory must come out the
 * same. How the compiler is used changes with each batch: from the first or the
 * second use of a block on, with which passes, whether translated code is left
 * at every place where it can be, and whether the guest has an interrupt there.
 *
 * What is privileged is for our two only (--system): system calls of U-mode (u), or
 * S-mode's registers and returns (s).
 *
 * A difference is made smaller by putting no-ops in the place of instructions
 * for as long as it stays, and printed. Output: TAP.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uapi/linux/vmx_xlate.h>
#include "../../kmod/opt/opt.h"
#include "../insn/rv64/machine.h"
#include "gen.h"

#define BATCH		2000
#define SLOT_BYTES	250	/* of code, for one sequence: some cross pages */
#define NR_SUBJECTS	2

static const struct subject {
	const char *name;
	enum machine_kind kind;
} user[NR_SUBJECTS] = {
	{ "interpreter", MACHINE_U }, { "compiler", MACHINE_COMPILED },
}, supervisor[NR_SUBJECTS] = {
	{ "interpreter", MACHINE_S }, { "compiler", MACHINE_S },
}, *subjects = user;

static const char *oracle;
static void *image;
static struct machine_how how;
static struct gen_opts opts = { .max = 36 };
static struct image_case want[BATCH], got[NR_SUBJECTS][BATCH];

static void write_cases(struct gen_seq *const *seq, unsigned int n)
{
	struct image_case *c = image_cases(image);

	/* What is around the sandbox may have been written, too. */
	memset(image_at(image, IMG_DATA), 0, IMG_HOLE - IMG_DATA);
	for (unsigned int i = 0; i < n; i++) {
		c[i].code = IMG_CODE + (uint64_t)i * SLOT_BYTES;
		c[i].trap = 0;
		c[i].tval = 0;
		c[i].in = seq[i]->in;
		memset(&c[i].out, 0, sizeof(c[i].out));
		gen_write(seq[i], image_at(image, c[i].code));
	}
}

/* Run sequences on all: each begins with the code as it was. */
static void run(struct gen_seq *const *seq, unsigned int n)
{
	static const struct machine_how interpreted = { .threshold = -1U };

	write_cases(seq, n);
	if (!opts.system && oracle_run(image, n, oracle, want))
		exit(1);
	for (unsigned int k = 0; k < NR_SUBJECTS; k++) {
		machine_set_how(k ? &how : &interpreted);
		write_cases(seq, n);
		if (machine_run(image, n, subjects[k].kind))
			exit(1);
		memcpy(got[k], image_cases(image), n * sizeof(got[k][0]));
	}
	if (opts.system)
		memcpy(want, got[0], n * sizeof(want[0]));
}

/* The oracle knows illegal instructions from other exceptions, but not those from each other. */
static bool same_trap(uint64_t ours, uint64_t theirs)
{
	return ours == theirs || (ours && theirs && ours != 3 && theirs != 3);
}

static bool subject_differs(unsigned int k, unsigned int i)
{
	const struct image_case *a = &got[k][i], *b = &want[i], *first = &got[0][i];

	return memcmp(&a->out, &b->out, sizeof(a->out)) || !same_trap(a->trap, b->trap) ||
	       a->trap != first->trap || a->tval != first->tval;
}

static bool differs(unsigned int i)
{
	for (unsigned int k = 0; k < NR_SUBJECTS; k++)
		if (subject_differs(k, i))
			return true;
	return false;
}

static void replace(struct gen_insn *i)
{
	i->w = gen_insn_len(i->w) == 4 ? 0x13 : 1;
	i->dest = -1;
}

static bool is_nop(u32 w)
{
	return w == 0x13 || w == 1;
}

/* Fewer instructions, the same difference: one no-op more a round */
static void minimise(struct gen_seq *s)
{
	static struct gen_seq variants[GEN_MAX], *list[GEN_MAX];
	unsigned int which[GEN_MAX], n;
	bool any;

	do {
		n = 0;
		for (unsigned int k = 0; k < s->nr; k++) {
			if (s->insn[k].keep || is_nop(s->insn[k].w))
				continue;
			variants[n] = *s;
			replace(&variants[n].insn[k]);
			list[n] = &variants[n];
			which[n++] = k;
		}
		run(list, n);
		any = false;
		for (unsigned int k = 0; k < n && !any; k++) {
			any = differs(k);
			if (any)
				replace(&s->insn[which[k]]);
		}
	} while (any);
}

static void show_row(const char *what, int n, u64 in, u64 ours, u64 theirs)
{
	if (ours != theirs)
		printf("#   %s%-3d %016llx -> %016llx, oracle %016llx\n", what, n,
		       (unsigned long long)in, (unsigned long long)ours,
		       (unsigned long long)theirs);
}

static void show_insn(const struct gen_insn *g, const struct image_state *in)
{
	unsigned int pc = IMG_CODE + 4 + g->off;
	struct vmxl_rv64_insn i;
	char text[64];

	rv_print(text, sizeof(text), g->w, pc);
	vmxl_rv64_decode(&i, g->w);
	printf("#   %08x: %08x %s\n", pc, g->w, text);
	printf("#     at entry x%d=%llx x%d=%llx f%d=%llx f%d=%llx f%d=%llx\n",
	       i.rs1, (unsigned long long)in->x[i.rs1], i.rs2, (unsigned long long)in->x[i.rs2],
	       i.rs1, (unsigned long long)in->f[i.rs1], i.rs2, (unsigned long long)in->f[i.rs2],
	       i.rs3, (unsigned long long)in->f[i.rs3]);
}

static void show_subject(unsigned int k, const struct image_state *in)
{
	const struct image_state *a = &got[k][0].out, *b = &want[0].out;

	printf("#   %s%s\n", subjects[k].name, subject_differs(k, 0) ? ":" : ": the same");
	show_row("trap", 0, 0, got[k][0].trap, want[0].trap);
	show_row("tval", 0, 0, got[k][0].tval, got[0][0].tval);
	show_row("fcsr", 0, in->fcsr, a->fcsr, b->fcsr);
	for (int n = 1; n < 31; n++)
		show_row("x", n, in->x[n], a->x[n], b->x[n]);
	for (int n = 0; n < 32; n++)
		show_row("f", n, in->f[n], a->f[n], b->f[n]);
	for (int n = 0; n < IMG_MEM; n++)
		show_row("mem", n, in->mem[n], a->mem[n], b->mem[n]);
}

static void show(struct gen_seq *s)
{
	run((struct gen_seq *[]){ s }, 1);
	printf("#   threshold %u, passes %#x%s%s\n", how.threshold, how.passes,
	       how.kick ? ", kicked" : "", how.interrupt ? ", interrupted" : "");
	for (unsigned int k = 0; k < s->nr; k++)
		if (!is_nop(s->insn[k].w))
			show_insn(&s->insn[k], &s->in);
	for (unsigned int k = 0; k < NR_SUBJECTS; k++)
		show_subject(k, &s->in);
}

static void choose_how(struct rv_rng *r)
{
	static const u32 thresholds[] = { 0, 0, 0, 1, 2, 8 };

	how.threshold = thresholds[rv_below(r, 6)];
	how.passes = rv_below(r, 2) ? VMXL_OPT_ALL : rv_rnd(r) & VMXL_OPT_ALL;
	how.kick = !rv_below(r, 4);
	/* S-mode's sequences see what an interrupt leaves behind. */
	how.interrupt = !rv_below(r, 8) && opts.system != 's';
	opts.no_sc = how.interrupt;	/* no reservation survives an SRET */
}

static u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static void usage(void)
{
	printf("usage: diff --oracle PROGRAM --runner FILE [--seconds N] [--seed S] [--count N]\n"
	       "            [--only NAME] [--max N] [--without zfa,zicond,...] [--failures N] [--words]\n"
	       "            [--system u|s]\n");
}

/* Extensions that the oracle lacks, by the names of the decode table's rows */
static u32 parse_without(char *list)
{
	static const struct { const char *name; u32 bits; } ext[] = {
		{ "zfa", VMXL_RV64_ISA_ZFA }, { "zfh", VMXL_RV64_ISA_ZFH },
		{ "zicond", VMXL_RV64_ISA_ZICOND }, { "zbc", VMXL_RV64_ISA_ZBC },
	};
	u32 bits = 0;

	for (char *w = strtok(list, ","); w; w = strtok(NULL, ","))
		for (size_t i = 0; i < sizeof(ext) / sizeof(ext[0]); i++)
			if (!strcmp(w, ext[i].name))
				bits |= ext[i].bits;
	return bits;
}

/* What is to be done */
static struct rv_rng rng = { .s = 1 };
static unsigned int failures, max_failures = 5;
static unsigned long max_total = -1UL;
static u64 seconds = 10;
static const char *runner;
static bool words;

static bool parse_options(int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "oracle", 1, NULL, 'o' }, { "runner", 1, NULL, 'r' }, { "seconds", 1, NULL, 't' },
		{ "seed", 1, NULL, 's' }, { "only", 1, NULL, 'n' }, { "without", 1, NULL, 'w' },
		{ "max", 1, NULL, 'm' }, { "failures", 1, NULL, 'f' }, { "count", 1, NULL, 'c' },
		{ "words", 0, NULL, 'W' }, { "system", 1, NULL, 'S' }, { }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
		switch (c) {
		case 'o': oracle = optarg; break;
		case 'r': runner = optarg; break;
		case 't': seconds = strtoull(optarg, NULL, 0); break;
		case 's': rng.s = strtoull(optarg, NULL, 0); break;
		case 'n': opts.only = optarg; break;
		case 'w': opts.without = parse_without(optarg); break;
		case 'm': opts.max = strtoul(optarg, NULL, 0); break;
		case 'f': max_failures = strtoul(optarg, NULL, 0); break;
		case 'W': words = true; break;
		case 'S': opts.system = *optarg; break;
		case 'c': max_total = strtoul(optarg, NULL, 0); break;
		default: return false;
		}
	}
	if (opts.system == 's')
		subjects = supervisor;
	return oracle && runner && opts.max && opts.max <= GEN_MAX - 8;
}

static struct gen_seq seqs[BATCH], *list[BATCH];

static unsigned long make_batch(void)
{
	unsigned long insns = 0;

	choose_how(&rng);
	for (unsigned int i = 0; i < BATCH; i++) {
		if (words)
			gen_word(&seqs[i], &rng);
		else
			gen_sequence(&seqs[i], &opts, &rng);
		list[i] = &seqs[i];
		insns += seqs[i].nr;
	}
	return insns;
}

static void look_at_batch(void)
{
	for (unsigned int i = 0; i < BATCH && failures < max_failures; i++) {
		if (!differs(i))
			continue;
		printf("# difference %u\n", ++failures);
		minimise(&seqs[i]);
		show(&seqs[i]);
		run(list, BATCH);
	}
}

static void report_compiled(void)
{
	struct machine_count c;

	machine_get_count(&c);
	printf("%sok 2 - %llu blocks compiled, %llu not; code was entered %llu times, left %llu to the interpreter, %llu polls, %llu faults\n",
	       c.compiled && c.entered > c.compiled ? "" : "not ", (unsigned long long)c.compiled,
	       (unsigned long long)c.failed, (unsigned long long)c.entered,
	       (unsigned long long)c.step, (unsigned long long)c.poll,
	       (unsigned long long)c.fault);
}

int main(int argc, char **argv)
{
	unsigned long total = 0, insns = 0;
	u64 end, seed;

	if (!parse_options(argc, argv)) {
		usage();
		return 2;
	}
	seed = rng.s;
	image = image_create(runner);
	end = now() + seconds;
	do {
		insns += make_batch();
		run(list, BATCH);
		total += BATCH;
		look_at_batch();
	} while (now() < end && failures < max_failures && total < max_total);
	printf("1..2\n%sok 1 - %lu sequences, %lu instructions, seed %llu: %u differ\n",
	       failures ? "not " : "", total, insns, (unsigned long long)seed, failures);
	report_compiled();
	return !!failures;
}
