/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `vmxl run --jitdump DIR`: translated code for perf, in its jitdump format. `perf
 * inject --jit` merges the file DIR/jit-PID.dump into what perf has recorded.
 */
#ifndef VMXL_USER_JITDUMP_H
#define VMXL_USER_JITDUMP_H

#include <linux/vmx_xlate.h>
#include <stdio.h>

#include "util.h"

struct jitdump {
	FILE *file;		/* NULL: there is no dump, and nothing is done */
	void *marker;		/* by which perf knows of the file; or NULL */
	u64 nr;
};

int jitdump_open(struct jitdump *jd, const char *dir);
void jitdump_close(struct jitdump *jd);
void jitdump_add(struct jitdump *jd, const struct vmxl_code_record *rec, const char *name);

#endif
