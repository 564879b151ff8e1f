/* SPDX-License-Identifier: GPL-2.0 */
/* What vmxl-jit counts */
#ifndef VMXL_BPF_VMXL_JIT_H
#define VMXL_BPF_VMXL_JIT_H

#include <linux/types.h>

enum {
	JIT_TRANSLATE, JIT_COMPILE, JIT_COMPILE_FAILED, JIT_INVALIDATE, JIT_RECLAIM,
	JIT_CODE_RECLAIM, JIT_LINK, JIT_UNLINK, JIT_COMPILE_VAIN, JIT_NR
};

#define HOT_LINE_SHIFT	7	/* code begins at a multiple of this */

/* Of a line of a process's translated code: which block's it is */
struct hot_line {
	__u32 tgid, pad;
	__u64 line;
};

struct hot_block {
	__u32 vm, pad;
	__u64 pc;
};

#endif
