/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address spaces: look-ups, hit rate, pages in windows: vmxl-tlb's.
 */
#ifndef VMXL_BPF_SPACES_H
#define VMXL_BPF_SPACES_H

#include <bpf/libbpf.h>
#include <stdbool.h>

/* Shows those that did something since the last time. */
void spaces_show(struct bpf_object *obj, bool json);

#endif
