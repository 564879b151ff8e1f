/* SPDX-License-Identifier: GPL-2.0 */
/* What vmxl-jit counts */
#ifndef VMXL_BPF_VMXL_JIT_H
#define VMXL_BPF_VMXL_JIT_H

enum { JIT_TRANSLATE, JIT_COMPILE, JIT_COMPILE_FAILED, JIT_INVALIDATE, JIT_RECLAIM, JIT_NR };

#endif
