/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module maps into its owner's address space: translated code, user
 * areas, windows, IOVA windows. They are mappings of a file that no descriptor ever names,
 * at offsets that tell what they are. munmap() and mremap() of them harm nobody
 * but the VM; a fork does not inherit them; when the VM goes they are
 * empty, and unmapped where that can be done.
 */
#ifndef VMXL_MAP_H
#define VMXL_MAP_H

#include <linux/types.h>

struct vm_area_struct;
struct vmxl_maps;
struct vmxl_vm;

enum vmxl_map_kind {
	VMXL_MAP_CODE,		/* one; read, execute */
	VMXL_MAP_UAREA,		/* by vCPU number; read, write */
	VMXL_MAP_WINDOW,	/* by number; read, write; pages without struct page */
	VMXL_MAP_SMMU,		/* by number; as windows: what a stream of devices sees */
	VMXL_MAP_NR
};

struct vmxl_maps *vmxl_maps_create(struct vmxl_vm *vm);
void vmxl_maps_destroy(struct vmxl_maps *maps);

bool vmxl_maps_whole(const struct vmxl_vm *vm);
struct vm_area_struct *vmxl_map_lock(struct vmxl_vm *vm, u64 addr);
void vmxl_map_unlock(struct vmxl_vm *vm);
u64 vmxl_map(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, size_t len);

/*
 * Take out what is mapped of it, wherever it is, at [off, off + len). When this
 * returns nobody has access by it any more. Any context that may sleep.
 */
void vmxl_map_zap(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, u64 off, u64 len);

#endif /* VMXL_MAP_H */
