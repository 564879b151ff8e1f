// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-jit: what translation costs, and what becomes of its results.
 */
#include "tool.h"
#include "vmxl-jit.h"
#include "vmxl-jit.skel.h"

static const char *const names[] = {
	[JIT_TRANSLATE] = "translate",
	[JIT_COMPILE] = "compile",
	[JIT_COMPILE_FAILED] = "compile-failed",
	[JIT_INVALIDATE] = "invalidate",
	[JIT_RECLAIM] = "reclaim",
	[JIT_CODE_RECLAIM] = "code-reclaim",
	[JIT_LINK] = "link",
	[JIT_UNLINK] = "unlink",
	[JIT_COMPILE_VAIN] = "compile-in-vain",
};

static struct tool tool = {
	.name = "vmxl-jit",
	.purpose = "Blocks translated, compiled, linked, invalidated, reclaimed: how many, how long, how large.",
	.what = "WHAT",
	.names = names,
	.nr_names = sizeof(names) / sizeof(names[0]),
	.timed = true,
	.sized = true,
	.hot = true,
};

TOOL_MAIN(vmxl_jit_bpf, tool)
