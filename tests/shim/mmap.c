// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of the module's files. A mapping is reserved address space in
 * which the pages that the module inserts, or that its fault handler gives,
 * are mapped right away; where there is none an access faults for real.
 */
#include <sys/mman.h>

#include <linux/file.h>
#include <linux/mm.h>
#include "internal.h"
#include "mmap.h"

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma, *best = NULL;

	list_for_each_entry(vma, &mm->vmas, list) {
		if (vma->vm_end > addr && (!best || vma->vm_start < best->vm_start))
			best = vma;
	}
	return best;
}

struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && vma->vm_start <= addr ? vma : NULL;
}

static int vma_prot(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & VM_READ ? PROT_READ : 0) |
	       (vma->vm_flags & VM_WRITE ? PROT_WRITE : 0) |
	       (vma->vm_flags & VM_EXEC ? PROT_EXEC : 0);
}

/* Takes the reference that the mapping holds. */
static int vma_map(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	unsigned long index = (addr - vma->vm_start) >> PAGE_SHIFT;
	off_t off = shim_page_offset(page);

	if (addr < vma->vm_start || addr >= vma->vm_end || off < 0)
		return -EFAULT;
	if (vma->pages[index])
		return -EBUSY;
	if (mmap((void *)addr, PAGE_SIZE, vma_prot(vma), MAP_SHARED | MAP_FIXED, shim_page_fd(),
		 off) == MAP_FAILED)
		return -ENOMEM;
	vma->pages[index] = page;
	return 0;
}

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	int ret = vma_map(vma, addr, page);

	if (!ret)
		get_page(page);
	return ret;
}

int vm_insert_pages(struct vm_area_struct *vma, unsigned long addr, struct page **pages,
		    unsigned long *num)
{
	int ret;

	for (; *num; --*num, addr += PAGE_SIZE) {
		ret = vm_insert_page(vma, addr, *pages++);
		if (ret)
			return ret;
	}
	return 0;
}

int vm_map_pages_zero(struct vm_area_struct *vma, struct page **pages, unsigned long num)
{
	unsigned long n = vma_pages(vma);

	return n > num ? -ENXIO : vm_insert_pages(vma, vma->vm_start, pages, &n);
}

int vm_map_pages(struct vm_area_struct *vma, struct page **pages, unsigned long num)
{
	if (vma->vm_pgoff >= num)
		return -ENXIO;
	return vm_map_pages_zero(vma, pages + vma->vm_pgoff, num - vma->vm_pgoff);
}

int remap_vmalloc_range(struct vm_area_struct *vma, void *addr, unsigned long pgoff)
{
	unsigned long i;
	size_t size;
	int ret = 0;

	if (!shim_tracked(SHIM_PAGES, addr, &size))
		return -EINVAL;
	if (pgoff > PFN_UP(size) || vma_pages(vma) > PFN_UP(size) - pgoff)
		return -EINVAL;
	for (i = 0; i < vma_pages(vma) && !ret; i++)
		ret = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE,
				     addr + (pgoff + i) * PAGE_SIZE);
	vma->vm_flags |= VM_DONTEXPAND | VM_DONTDUMP;
	return ret;
}

int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		    unsigned long size, pgprot_t prot)
{
	int ret = 0;

	for (; size && !ret; size -= PAGE_SIZE, addr += PAGE_SIZE)
		ret = vm_insert_page(vma, addr, pfn_to_page(pfn++));
	vma->vm_flags |= VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP;
	return ret;
}

vm_fault_t vmf_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	int ret = vm_insert_page(vma, addr, page);

	return !ret || ret == -EBUSY ? VM_FAULT_NOPAGE :
	       ret == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

vm_fault_t vmf_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	return vmf_insert_page(vma, addr, pfn_to_page(pfn));
}

vm_fault_t vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr,
			       unsigned long pfn, pgprot_t prot)
{
	return vmf_insert_pfn(vma, addr, pfn);
}

static void vma_fault(struct vm_area_struct *vma, unsigned long index)
{
	struct vm_fault vmf = {
		.vma = vma,
		.flags = FAULT_FLAG_USER | (vma->vm_flags & VM_WRITE ? FAULT_FLAG_WRITE : 0),
		.pgoff = vma->vm_pgoff + index,
		.address = vma->vm_start + index * PAGE_SIZE,
	};
	vm_fault_t ret = vma->vm_ops->fault(&vmf);

	if (ret & (VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_NOPAGE))
		return;
	if (WARN_ON(!vmf.page))
		return;
	if (vma_map(vma, vmf.address, vmf.page))
		put_page(vmf.page);
}

static void vma_populate(struct vm_area_struct *vma)
{
	unsigned long i;

	if (!vma->vm_ops || !vma->vm_ops->fault)
		return;
	for (i = 0; i < vma_pages(vma); i++) {
		if (!vma->pages[i])
			vma_fault(vma, i);
	}
}

static void vma_free(struct vm_area_struct *vma)
{
	unsigned long i;

	munmap((void *)vma->vm_start, vma->vm_end - vma->vm_start);
	for (i = 0; i < vma_pages(vma); i++) {
		if (vma->pages[i])
			put_page(vma->pages[i]);
	}
	fput(vma->vm_file);
	shim_untrack(SHIM_VMA, vma);
	free(vma->pages);
	free(vma);
}

static unsigned long vma_flags(int prot, int flags)
{
	unsigned long f = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	f |= prot & PROT_READ ? VM_READ : 0;
	f |= prot & PROT_WRITE ? VM_WRITE : 0;
	f |= prot & PROT_EXEC ? VM_EXEC : 0;
	return f | (flags & MAP_SHARED ? VM_SHARED | VM_MAYSHARE : 0);
}

static struct vm_area_struct *vma_alloc(struct file *file, size_t len, int prot, int flags,
					unsigned long pgoff)
{
	struct vm_area_struct *vma = calloc(1, sizeof(*vma));
	void *addr = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (addr == MAP_FAILED) {
		free(vma);
		return NULL;
	}
	vma->vm_start = (unsigned long)addr;
	vma->vm_end = vma->vm_start + len;
	vma->vm_pgoff = pgoff;
	vma->vm_flags = vma_flags(prot, flags);
	vma->vm_page_prot = vma->vm_flags;
	vma->vm_file = get_file(file);
	vma->vm_mm = current->mm;
	vma->pages = calloc(len / PAGE_SIZE, sizeof(*vma->pages));
	shim_track(SHIM_VMA, vma, sizeof(*vma), "mmap");
	return vma;
}

void *shim_mmap(struct file *file, size_t len, int prot, int flags, off_t off)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int ret;

	if (!len || off < 0 || offset_in_page(off) || len > TASK_SIZE)
		return ERR_PTR(-EINVAL);
	if (!file->f_op->mmap)
		return ERR_PTR(-ENODEV);
	vma = vma_alloc(file, PAGE_ALIGN(len), prot, flags, off >> PAGE_SHIFT);
	if (!vma)
		return ERR_PTR(-ENOMEM);
	mmap_write_lock(mm);
	ret = file->f_op->mmap(file, vma);
	if (!ret) {
		list_add(&vma->list, &mm->vmas);
		vma_populate(vma);
	}
	mmap_write_unlock(mm);
	if (!ret)
		return (void *)vma->vm_start;
	vma_free(vma);
	return ERR_PTR(ret);
}

/* Whole mappings only. */
int shim_munmap(void *addr, size_t len)
{
	unsigned long start = (unsigned long)addr, end = start + PAGE_ALIGN(len);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int ret = -ENOENT;

	mmap_write_lock(mm);
	vma = find_vma(mm, start);
	if (vma && vma->vm_start < end)
		ret = vma->vm_start < start || vma->vm_end > end ? -EINVAL : 0;
	if (!ret) {
		list_del(&vma->list);
		if (vma->vm_ops && vma->vm_ops->close)
			vma->vm_ops->close(vma);
	}
	mmap_write_unlock(mm);
	if (!ret)
		vma_free(vma);
	return ret;
}
