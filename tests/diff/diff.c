// SPDX-License-Identifier: GPL-2.0
/*
 * diff: random instruction sequences, executed by our engine and by
 * qemu-riscv64; registers, flags and memory must come out the same.
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
#include "../insn/rv64/machine.h"
#include "gen.h"

#define BATCH		2000
#define SLOT_BYTES	250	/* of code, for one sequence: some cross pages */

static const char *oracle;
static void *image;
static struct image_case want[BATCH];

/* Run sequences on both; the oracle's results are in want[]. */
static void run(struct gen_seq *const *seq, unsigned int n)
{
	struct image_case *c = image_cases(image);

	for (unsigned int i = 0; i < n; i++) {
		c[i].code = IMG_CODE + (uint64_t)i * SLOT_BYTES;
		c[i].trap = 0;
		c[i].in = seq[i]->in;
		memset(&c[i].out, 0, sizeof(c[i].out));
		gen_write(seq[i], image_at(image, c[i].code));
	}
	if (oracle_run(image, n, oracle, want) || machine_run(image, n))
		exit(1);
}

/* The oracle knows illegal instructions from other exceptions, but not those from each other. */
static bool same_trap(uint64_t ours, uint64_t theirs)
{
	return ours == theirs || (ours && theirs && ours != 3 && theirs != 3);
}

static bool differs(unsigned int i)
{
	const struct image_case *a = &image_cases(image)[i], *b = &want[i];

	return memcmp(&a->out, &b->out, sizeof(a->out)) || !same_trap(a->trap, b->trap);
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

static void show(struct gen_seq *s)
{
	const struct image_state *in = &s->in, *a = &image_cases(image)[0].out, *b = &want[0].out;

	run((struct gen_seq *[]){ s }, 1);
	for (unsigned int k = 0; k < s->nr; k++)
		if (!is_nop(s->insn[k].w))
			show_insn(&s->insn[k], in);
	show_row("trap", 0, 0, image_cases(image)[0].trap, want[0].trap);
	show_row("fcsr", 0, in->fcsr, a->fcsr, b->fcsr);
	for (int n = 1; n < 31; n++)
		show_row("x", n, in->x[n], a->x[n], b->x[n]);
	for (int n = 0; n < 32; n++)
		show_row("f", n, in->f[n], a->f[n], b->f[n]);
	for (int n = 0; n < IMG_MEM; n++)
		show_row("mem", n, in->mem[n], a->mem[n], b->mem[n]);
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
	       "            [--only NAME] [--max N] [--without zfa,zicond,...] [--failures N] [--words]\n");
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

int main(int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "oracle", 1, NULL, 'o' }, { "runner", 1, NULL, 'r' }, { "seconds", 1, NULL, 't' },
		{ "seed", 1, NULL, 's' }, { "only", 1, NULL, 'n' }, { "without", 1, NULL, 'w' },
		{ "max", 1, NULL, 'm' }, { "failures", 1, NULL, 'f' }, { "count", 1, NULL, 'c' },
		{ "words", 0, NULL, 'W' }, { "help", 0, NULL, 'h' }, { }
	};
	static struct gen_seq seqs[BATCH], *list[BATCH];
	struct gen_opts opts = { .max = 36 };
	struct rv_rng r = { .s = 1 };
	unsigned int failures = 0, max_failures = 5;
	unsigned long total = 0, max_total = -1UL, insns = 0;
	const char *runner = NULL;
	bool words = false;
	u64 seconds = 10, end, seed;
	int c;

	while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
		switch (c) {
		case 'o': oracle = optarg; break;
		case 'r': runner = optarg; break;
		case 't': seconds = strtoull(optarg, NULL, 0); break;
		case 's': r.s = strtoull(optarg, NULL, 0); break;
		case 'n': opts.only = optarg; break;
		case 'w': opts.without = parse_without(optarg); break;
		case 'm': opts.max = strtoul(optarg, NULL, 0); break;
		case 'f': max_failures = strtoul(optarg, NULL, 0); break;
		case 'W': words = true; break;
		case 'c': max_total = strtoul(optarg, NULL, 0); break;
		default: usage(); return c == 'h' ? 0 : 2;
		}
	}
	if (!oracle || !runner || !opts.max || opts.max > GEN_MAX - 8) {
		usage();
		return 2;
	}
	seed = r.s;
	image = image_create(runner);
	end = now() + seconds;
	do {
		for (unsigned int i = 0; i < BATCH; i++) {
			if (words)
				gen_word(&seqs[i], &r);
			else
				gen_sequence(&seqs[i], &opts, &r);
			list[i] = &seqs[i];
			insns += seqs[i].nr;
		}
		run(list, BATCH);
		total += BATCH;
		for (unsigned int i = 0; i < BATCH && failures < max_failures; i++) {
			if (!differs(i))
				continue;
			printf("# difference %u\n", ++failures);
			minimise(&seqs[i]);
			show(&seqs[i]);
			run(list, BATCH);
		}
	} while (now() < end && failures < max_failures && total < max_total);
	printf("1..1\n%sok 1 - %lu sequences, %lu instructions, seed %llu: %u differ\n",
	       failures ? "not " : "", total, insns, (unsigned long long)seed, failures);
	return !!failures;
}
