// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-tlb: walks of guest page tables, flushes, faults in windows.
 */
#include "tool.h"
#include "vmxl-tlb.h"
#include "vmxl-tlb.skel.h"

static const char *const names[] = {
	"miss-read", "miss-write", "miss-exec", "miss-atomic",
	[TLB_FLUSH] = "flush-all", "flush-asid", "flush-page",
	[TLB_FILL] = "window-fill", "window-step", "window-walk",
	[TLB_ZAP] = "zap-fence-page", "zap-fence", "zap-recycle", "zap-protect", "zap-store",
	"zap-all",
};

static struct tool tool = {
	.name = "vmxl-tlb",
	.purpose = "TLB misses by kind of access, flushes by what is flushed; windows: faults by what\n"
		   "they came to (BYTES: of pages inserted), zaps by cause (BYTES: of the range).",
	.what = "WHAT",
	.names = names,
	.nr_names = sizeof(names) / sizeof(names[0]),
	.sized = true,
};

TOOL_MAIN(vmxl_tlb_bpf, tool)
