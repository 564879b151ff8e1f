// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-jit: what translation costs, and what becomes of its results.
 */
#include <stdio.h>

#include "tool.h"
#include "vmxl-jit.h"
#include "vmxl-jit.skel.h"

static const char *const names[] = {
	[JIT_TRANSLATE] = "translate",
	[JIT_COMPILE] = "compile",
	[JIT_COMPILE_FAILED] = "compile-failed",
	[JIT_INVALIDATE] = "invalidate",
	[JIT_RECLAIM] = "reclaim",
};

static const char *name_of(__u64 what, char *buf, size_t len)
{
	if (what < sizeof(names) / sizeof(names[0]))
		return names[what];
	snprintf(buf, len, "%llu", what);
	return buf;
}

static struct tool tool = {
	.name = "vmxl-jit",
	.purpose = "Blocks translated, compiled, invalidated, reclaimed: how many, how long, how large.",
	.what = "WHAT",
	.name_of = name_of,
	.timed = true,
	.sized = true,
};

TOOL_MAIN(vmxl_jit_bpf, tool)
