/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hottest blocks, by samples of where processors are: vmxl-jit's.
 */
#ifndef VMXL_BPF_HOT_H
#define VMXL_BPF_HOT_H

#include <bpf/libbpf.h>
#include <stdbool.h>

struct symbols;

/* Has a loaded object's on_sample() called on all processors; 0 or -errno. */
int hot_attach(struct bpf_object *obj);

/* Shows the nr that have the most samples since the last time, and forgets them all. */
void hot_show(struct bpf_object *obj, const struct symbols *symbols, unsigned long nr, bool json);

#endif
