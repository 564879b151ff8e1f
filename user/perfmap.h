/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `vmxl run --perf-map`: names of translated code for perf in /tmp/perf-PID.map, a line
 * "START SIZE NAME" each. perf top and perf report read the file when they first have
 * a sample in such code: it says what is there now. It stays behind, for perf report.
 */
#ifndef VMXL_USER_PERFMAP_H
#define VMXL_USER_PERFMAP_H

#include <linux/vmx_xlate.h>
#include <stdio.h>

#include "util.h"

struct perfmap {
	FILE *file;		/* NULL: there is no map, and nothing is done */
	void *lines;		/* a tree of where they are, by code */
};

int perfmap_open(struct perfmap *map);
void perfmap_close(struct perfmap *map);
void perfmap_add(struct perfmap *map, const struct vmxl_code_record *rec, const char *name);
void perfmap_drop(struct perfmap *map, const struct vmxl_code_record *rec);
void perfmap_flush(struct perfmap *map);

/* The VM is gone, and with it all its code; what is in the file stays until another has some. */
void perfmap_end(struct perfmap *map);

#endif
