// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings that the module makes in its owner's address space. Each VM has a
 * file for them, which no descriptor names; the mappings hold it, and it does
 * not hold the VM: when that goes, they stay behind empty, if nobody is
 * there to unmap them. The file has an inode and so an address_space of its own:
 * a part of it can be unmapped without knowing where it is mapped.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/vmalloc.h>
#include "codegen/code.h"
#include "compat.h"
#include "count.h"
#include "enter.h"
#include "map.h"
#include "mmu/window.h"
#include "smmu/smmu.h"
#include "vm.h"

/* Where things are in the file: kind, number, offset */
#define KIND_SHIFT	56
#define NR_SHIFT	40
#define MAX_LEN		(1ULL << NR_SHIFT)

/**
 * struct vmxl_maps - the mappings of a VM
 * @file: what is mapped
 * @srcu: fault handlers; waited for when the VM goes
 * @vm: NULL when it goes; within @srcu
 * @mm: the owner's; compared only
 * @nr: mappings there are that translated code needs
 * @made: such that were made
 * @lock: protects @made and @at
 * @at: where they are
 */
struct vmxl_maps {
	struct file *file;
	struct srcu_struct srcu;
	struct vmxl_vm __rcu *vm;
	struct mm_struct *mm;
	atomic_t nr;
	unsigned int made;
	struct mutex lock;
	struct list_head at;
};

struct map {
	struct list_head list;
	u64 addr;
	size_t len;
};

static u64 file_offset(enum vmxl_map_kind kind, unsigned int nr)
{
	return (u64)kind << KIND_SHIFT | (u64)nr << NR_SHIFT;
}

static vm_fault_t uarea_fault(struct vmxl_vm *vm, struct vm_fault *vmf, u64 at)
{
	u64 off = at & (MAX_LEN - 1);

	if (off < VMXL_UAREA_REGIONS)
		return vmxl_entry_fault(vm, vmf, false);
	return vmxl_window_table_fault(vm->vcpus[(u16)(at >> NR_SHIFT)], vmf,
				       off - VMXL_UAREA_REGIONS);
}

static vm_fault_t dispatch(struct vmxl_vm *vm, struct vm_fault *vmf)
{
	u64 at = (u64)vmf->pgoff << PAGE_SHIFT;

	switch (at >> KIND_SHIFT) {
	case VMXL_MAP_CODE:
		return vmxl_code_fault(vm->code, vmf);
	case VMXL_MAP_UAREA:
		return uarea_fault(vm, vmf, at);
	case VMXL_MAP_WINDOW:
		return vmxl_entry_fault(vm, vmf, true);
	case VMXL_MAP_SMMU:
		return vmxl_smmu_fault(vm, (u16)(at >> NR_SHIFT), at & (MAX_LEN - 1), vmf);
	}
	return VM_FAULT_SIGBUS;
}

static vm_fault_t map_fault(struct vm_fault *vmf)
{
	struct vmxl_maps *maps = vmf->vma->vm_file->private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	struct vmxl_vm *vm;
	int idx;

	idx = srcu_read_lock(&maps->srcu);
	vm = srcu_dereference(maps->vm, &maps->srcu);
	if (vm)
		ret = dispatch(vm, vmf);
	srcu_read_unlock(&maps->srcu, idx);
	return ret;
}

/* Translated code does without those of devices, which their owner may unmap. */
static bool code_needs(u64 off)
{
	return off >> KIND_SHIFT != VMXL_MAP_SMMU;
}

static void count_map(struct vm_area_struct *vma, int n)
{
	struct vmxl_maps *maps = vma->vm_file->private_data;

	if (code_needs((u64)vma->vm_pgoff << PAGE_SHIFT))
		atomic_add(n, &maps->nr);
}

static void map_open(struct vm_area_struct *vma)
{
	count_map(vma, 1);
}

static void map_close(struct vm_area_struct *vma)
{
	count_map(vma, -1);
}

static int map_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	return -EINVAL;
}

static int map_mremap(struct vm_area_struct *vma)
{
	return -EINVAL;
}

static const struct vm_operations_struct map_vm_ops = {
	.open = map_open,
	.close = map_close,
	.fault = map_fault,
	.pfn_mkwrite = map_fault,
	.may_split = map_may_split,
	.mremap = map_mremap,
};

static int insert_uarea(struct vmxl_vcpu *vcpu, struct vm_area_struct *vma)
{
	void *ua = vmxl_uarea(vcpu);
	unsigned long off;
	int ret = 0;

	for (off = 0; !ret && off < sizeof(struct vmxl_uarea); off += PAGE_SIZE)
		ret = vm_insert_page(vma, vma->vm_start + off, vmalloc_to_page(ua + off));
	return ret;
}

/* There is a way to the inode, /proc/PID/map_files; it ends here. */
static int map_open_file(struct inode *inode, struct file *file)
{
	return -ENXIO;
}

/* Called by vmxl_map() only: there is no descriptor of the file. */
static int map_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vmxl_maps *maps = file->private_data;
	u64 off = (u64)vma->vm_pgoff << PAGE_SHIFT;
	struct vmxl_vm *vm = rcu_dereference_protected(maps->vm, true);
	int ret = 0;

	vma->vm_ops = &map_vm_ops;
	vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY, VM_MAYEXEC);
	switch (off >> KIND_SHIFT) {
	case VMXL_MAP_CODE:
		/* The caller asks for no PROT_EXEC: the file is of a mount that may forbid it. */
		vm_flags_mod(vma, VM_EXEC, VM_MAYWRITE);
		break;
	case VMXL_MAP_UAREA:
		ret = insert_uarea(vm->vcpus[(u16)(off >> NR_SHIFT)], vma);
		break;
	default:
		vm_flags_mod(vma, VM_PFNMAP | VM_IO, 0);
	}
	if (!ret)
		count_map(vma, 1);
	return ret;
}

static int map_release(struct inode *inode, struct file *file)
{
	struct vmxl_maps *maps = file->private_data;
	struct map *m, *tmp;

	list_for_each_entry_safe(m, tmp, &maps->at, list)
		kfree(m);
	cleanup_srcu_struct(&maps->srcu);
	kfree(maps);
	vmxl_count_add(VMXL_COUNT_MAPS, -1);
	return 0;
}

static const struct file_operations map_fops = {
	.owner = THIS_MODULE,
	.open = map_open_file,
	.mmap = map_mmap,
	.release = map_release,
};

/*
 * perf takes code for what a JIT compiler has made, whose names are in
 * /tmp/perf-PID.map, where the mapping's name begins as that of shared memory does. So it is
 * made as that is: of shmem only its inode is used, which never has a page.
 */
static struct file *new_file(struct vmxl_maps *maps)
{
	struct file *file = vmxl_shmem_file("dev/zero vmxl-map");

	if (IS_ERR(file))
		return file;
	file_inode(file)->i_fop = &map_fops;
	file_inode(file)->i_flags |= S_PRIVATE | S_NOCMTIME;
	__module_get(THIS_MODULE);
	file->f_op = &map_fops;
	file->private_data = maps;
	return file;
}

/**
 * vmxl_maps_create() - a VM without mappings
 * @vm: the VM, made by the current process
 *
 * Return: what vmxl_maps_destroy() takes, or NULL without memory.
 */
struct vmxl_maps *vmxl_maps_create(struct vmxl_vm *vm)
{
	struct vmxl_maps *maps = kzalloc(sizeof(*maps), GFP_KERNEL_ACCOUNT);

	if (!maps)
		return NULL;
	if (init_srcu_struct(&maps->srcu)) {
		kfree(maps);
		return NULL;
	}
	mutex_init(&maps->lock);
	INIT_LIST_HEAD(&maps->at);
	maps->mm = vm->mm;
	rcu_assign_pointer(maps->vm, vm);
	maps->file = new_file(maps);
	if (IS_ERR(maps->file)) {
		cleanup_srcu_struct(&maps->srcu);
		kfree(maps);
		return NULL;
	}
	vmxl_count_add(VMXL_COUNT_MAPS, 1);
	return maps;
}

/* Its owner may have put something else there. */
static void unmap(struct vmxl_maps *maps, const struct map *m)
{
	struct vm_area_struct *vma;
	bool ours;

	mmap_read_lock(maps->mm);
	vma = vma_lookup(maps->mm, m->addr);
	ours = vma && vma->vm_file == maps->file && vma->vm_start == m->addr;
	mmap_read_unlock(maps->mm);
	if (ours)
		vm_munmap(m->addr, m->len);
}

/**
 * vmxl_maps_destroy() - the VM goes
 * @maps: its mappings, or NULL; nobody is in translated code on purpose
 *
 * When this returns no fault handler looks at the VM.
 * Context: may sleep, without mmap_lock.
 */
void vmxl_maps_destroy(struct vmxl_maps *maps)
{
	struct map *m;

	if (!maps)
		return;
	rcu_assign_pointer(maps->vm, NULL);
	synchronize_srcu(&maps->srcu);
	unmap_mapping_range(maps->file->f_mapping, 0, 0, 1);
	if (current->mm == maps->mm)
		list_for_each_entry(m, &maps->at, list)
			unmap(maps, m);
	fput(maps->file);
}

/**
 * vmxl_maps_whole() - whether all that was mapped still is
 * @vm: the VM
 *
 * Return: false: its owner has unmapped something, and gets no translated code.
 */
bool vmxl_maps_whole(const struct vmxl_vm *vm)
{
	return atomic_read(&vm->maps->nr) >= READ_ONCE(vm->maps->made);
}

/**
 * vmxl_map() - map something
 * @vm: the VM
 * @kind: what
 * @nr: which
 * @len: bytes, whole pages
 *
 * Context: ioctl of the VM's owner, may sleep, without mmap_lock.
 * Return: its address, or 0.
 */
u64 vmxl_map(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, size_t len)
{
	unsigned long prot = PROT_READ | (kind == VMXL_MAP_CODE ? 0 : PROT_WRITE), addr;
	struct vmxl_maps *maps = vm->maps;
	struct map *m;

	if (len > MAX_LEN || current->mm != vm->mm)
		return 0;
	m = kmalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!m)
		return 0;
	addr = vm_mmap(maps->file, 0, len, prot, MAP_SHARED, file_offset(kind, nr));
	if (IS_ERR_VALUE(addr)) {
		kfree(m);
		return 0;
	}
	*m = (struct map){ .addr = addr, .len = len };
	mutex_lock(&maps->lock);
	list_add(&m->list, &maps->at);
	if (code_needs(file_offset(kind, nr)))
		WRITE_ONCE(maps->made, maps->made + 1);
	mutex_unlock(&maps->lock);
	return addr;
}

/**
 * vmxl_map_lock() - find a mapping that was made
 * @vm: the VM
 * @addr: an address in it
 *
 * Does not wait for the lock: who has it may wait for vm->srcu.
 * Context: any thread.
 * Return: the mapping, until vmxl_map_unlock(). NULL: not now, or not any more.
 */
struct vm_area_struct *vmxl_map_lock(struct vmxl_vm *vm, u64 addr)
{
	struct vm_area_struct *vma;

	if (current->mm != vm->mm || !mmap_read_trylock(vm->mm))
		return NULL;
	vma = vma_lookup(vm->mm, addr);
	if (vma && vma->vm_file == vm->maps->file)
		return vma;
	mmap_read_unlock(vm->mm);
	return NULL;
}

/**
 * vmxl_map_unlock() - what vmxl_map_lock() found may go
 * @vm: the VM
 */
void vmxl_map_unlock(struct vmxl_vm *vm)
{
	mmap_read_unlock(vm->mm);
}

/**
 * vmxl_map_zap() - take out pages that are mapped
 * @vm: the VM
 * @kind: of what
 * @nr: which
 * @off: first byte
 * @len: bytes
 *
 * When this returns nobody has access by them any more.
 * Context: may sleep.
 */
void vmxl_map_zap(struct vmxl_vm *vm, enum vmxl_map_kind kind, unsigned int nr, u64 off, u64 len)
{
	unmap_mapping_range(vm->maps->file->f_mapping, file_offset(kind, nr) + off, len, 1);
}
