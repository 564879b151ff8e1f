// SPDX-License-Identifier: GPL-2.0
/*
 * list: random instruction words with the names that our decoder gives them,
 * for comparison with another disassembler.
 * Usage: list SAMPLES SEED; output: lines "word length name".
 */
#include <stdio.h>
#include <stdlib.h>
#include "asm.h"

static void show(u32 w)
{
	struct vmxl_rv64_insn i;

	if ((w & 3) != 3)
		w &= 0xffff;
	vmxl_rv64_decode(&i, w);
	printf("%x %d %s\n", w, (w & 3) == 3 ? 4 : 2, i.row->name);
}

int main(int argc, char **argv)
{
	int samples = argc > 1 ? atoi(argv[1]) : 10;
	struct rv_rng r = { .s = argc > 2 ? strtoull(argv[2], NULL, 0) : 1 };

	for (int n = 0; n < RV_I_ILLEGAL; n++)
		for (int k = 0; k < samples; k++)
			show(rv_sample(&vmxl_rv64_rows[n], &r));
	/* and anything, but for the reserved long lengths */
	for (int k = 0; k < samples * RV_I_ILLEGAL; k++) {
		u32 w = rv_rnd(&r);

		if ((w & 0x1f) != 0x1f)
			show(w);
	}
	return 0;
}
