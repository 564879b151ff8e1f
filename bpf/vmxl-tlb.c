// SPDX-License-Identifier: GPL-2.0
/*
 * vmxl-tlb: walks of guest page tables, flushes, faults in windows; by address space.
 */
#include "spaces.h"
#include "tool.h"
#include "vmxl-tlb.h"
#include "vmxl-tlb.skel.h"

static const char *const names[] = {
	"miss-read", "miss-write", "miss-exec", "miss-atomic",
	[TLB_FLUSH] = "flush-all", "flush-asid", "flush-page",
	[TLB_FILL] = "window-fill", "window-step", "window-walk",
	[TLB_ZAP] = "zap-fence-page", "zap-fence", "zap-recycle", "zap-protect", "zap-store",
	"zap-all",
	[TLB_HIT] = "hit-read", "hit-write", "hit-exec", "hit-atomic",
};

static struct tool tool = {
	.name = "vmxl-tlb",
	.purpose = "TLB misses and hits by kind of access, flushes by what is flushed; windows: faults by\n"
		   "what they came to (BYTES: of pages inserted), zaps by cause (BYTES: of the range).\n"
		   "By address space: look-ups and those that hit; pages that went into its window\n"
		   "and out of it, those in it now and the most that there were (its working set).",
	.what = "WHAT",
	.names = names,
	.nr_names = sizeof(names) / sizeof(names[0]),
	.sized = true,
	.more = spaces_show,
};

TOOL_MAIN(vmxl_tlb_bpf, tool)
