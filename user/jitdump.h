/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `vmxl run --jitdump DIR`: translated code for perf, in its jitdump format. The
 * file DIR/jit-PID.dump is filled from the module's log of code while the VM runs,
 * under guest symbols; `perf inject --jit` merges it into what perf has recorded.
 *
 * perf's simpler /tmp/perf-PID.map is for anonymous mappings only, and code is in
 * a mapping of the module's.
 */
#ifndef VMXL_USER_JITDUMP_H
#define VMXL_USER_JITDUMP_H

#include <stdio.h>

#include "loop.h"
#include "symbols.h"
#include "vm.h"

struct jitdump {
	FILE *file;		/* NULL: there is no dump */
	void *marker;		/* by which perf knows of the file */
	struct symbols symbols;
	int timer_fd;
	struct vm *vm;		/* whose code is looked at; NULL: none */
	u64 nr;			/* blocks told of */
	u64 lost;
};

/* symbols: a file, or NULL. A dump that has failed to open may be closed. */
int jitdump_open(struct jitdump *jd, const char *dir, const char *symbols, struct loop *loop);
void jitdump_close(struct jitdump *jd);

/* A VM begins, before it has run; it ends, before it is destroyed. No dump: nothing. */
int jitdump_begin(struct jitdump *jd, struct vm *vm);
void jitdump_end(struct jitdump *jd);

#endif
