/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's log of translated code while the VM runs, under guest symbols, for
 * profilers: in perf's jitdump format, or as its map of symbols, or both.
 */
#ifndef VMXL_USER_CODELOG_H
#define VMXL_USER_CODELOG_H

#include "jitdump.h"
#include "loop.h"
#include "perfmap.h"
#include "symbols.h"
#include "vm.h"

struct code_log {
	bool open;
	struct jitdump dump;
	struct perfmap map;
	struct symbols symbols;
	int timer_fd;
	struct vm *vm;		/* whose code is looked at; NULL: none */
	u64 nr;			/* pieces told of */
	u64 lost;
};

struct code_log_options {
	const char *jitdump;	/* a directory, or NULL: no dump */
	bool perf_map;
	const char *symbols;	/* a file, or NULL */
};

/* Neither is wanted: nothing. A log that has failed to open may be closed. */
int code_log_open(struct code_log *log, const struct code_log_options *opt, struct loop *loop);
void code_log_close(struct code_log *log);

/* A VM begins, before it has run; it ends, before it is destroyed. No log: nothing. */
int code_log_begin(struct code_log *log, struct vm *vm);
void code_log_end(struct code_log *log);

#endif
