/* SPDX-License-Identifier: GPL-2.0 */
/*
 * There is one address space, that of this process: "user" memory is pinned
 * by counting it; what the module maps is mapped when it is inserted, or by a
 * fault of its own (mmap.c, user.c).
 */
#ifndef SHIM_LINUX_MM_H
#define SHIM_LINUX_MM_H

#include <asm/page.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mmdebug.h>
#include <linux/pfn.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

struct address_space;
struct file;
struct vm_area_struct;
struct vm_fault;

#define VM_NONE		0x0ul
#define VM_READ		0x1ul
#define VM_WRITE	0x2ul
#define VM_EXEC		0x4ul
#define VM_SHARED	0x8ul
#define VM_MAYREAD	0x10ul
#define VM_MAYWRITE	0x20ul
#define VM_MAYEXEC	0x40ul
#define VM_MAYSHARE	0x80ul
#define VM_PFNMAP	0x400ul
#define VM_IO		0x4000ul
#define VM_DONTCOPY	0x20000ul
#define VM_DONTEXPAND	0x40000ul
#define VM_ACCOUNT	0x100000ul
#define VM_NORESERVE	0x200000ul
#define VM_HUGETLB	0x400000ul
#define VM_DONTDUMP	0x4000000ul
#define VM_MIXEDMAP	0x10000000ul
#define VM_HUGEPAGE	0x20000000ul
#define VM_WIPEONFORK	0x2000000ul
#define VM_ACCESS_FLAGS	(VM_READ | VM_WRITE | VM_EXEC)

#define VM_FAULT_OOM	0x01u
#define VM_FAULT_SIGBUS	0x02u
#define VM_FAULT_MAJOR	0x04u
#define VM_FAULT_SIGSEGV 0x40u
#define VM_FAULT_NOPAGE	0x100u
#define VM_FAULT_LOCKED	0x200u
#define VM_FAULT_RETRY	0x400u
#define VM_FAULT_COMPLETED	0x4000u
#define VM_FAULT_FALLBACK 0x800u
#define VM_FAULT_ERROR	(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV)

#define FAULT_FLAG_WRITE	0x01u
#define FAULT_FLAG_MKWRITE	0x02u
#define FAULT_FLAG_ALLOW_RETRY	0x04u
#define FAULT_FLAG_RETRY_NOWAIT	0x08u
#define FAULT_FLAG_KILLABLE	0x10u
#define FAULT_FLAG_TRIED	0x20u
#define FAULT_FLAG_USER		0x40u
#define FAULT_FLAG_INSTRUCTION	0x100u
#define FAULT_FLAG_INTERRUPTIBLE 0x200u
#define FAULT_FLAG_VMA_LOCK	0x1000u

#define FOLL_WRITE	0x01u
#define FOLL_FORCE	0x10u
#define FOLL_LONGTERM	0x100u
#define FOLL_NOFAULT	0x200u

typedef unsigned long pgprot_t;

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	int (*may_split)(struct vm_area_struct *vma, unsigned long addr);
	int (*mremap)(struct vm_area_struct *vma);
	int (*mprotect)(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			unsigned long flags);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf);
	int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len,
		      int write);
};

struct mm_struct {
	atomic_t mm_users, mm_count;
	atomic64_t pinned_vm;
	unsigned long locked_vm, total_vm;
	struct rw_semaphore mmap_lock;
	struct list_head vmas;
};

struct vm_area_struct {
	unsigned long vm_start, vm_end, vm_pgoff, vm_flags;
	pgprot_t vm_page_prot;
	const struct vm_operations_struct *vm_ops;
	void *vm_private_data;
	struct file *vm_file;
	struct mm_struct *vm_mm;
	struct list_head list;		/* vm_mm->vmas */
	struct address_space *shim_mapping;
	struct list_head shim_mapped;	/* all that exist */
	struct shim_ptes **shim_ptes;	/* what is there; NULL: nothing near */
	unsigned long shim_nr;		/* pages there */
	int shim_pid;			/* a fork does not inherit it */
};

/* Of a page-table entry that may be huge: 0: there is nothing */
typedef struct {
	unsigned long pmd;
} pmd_t;

#define pmd_none(p)		(!(p).pmd)

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned int flags;
	pgoff_t pgoff;
	unsigned long address;		/* of the page */
	unsigned long real_address;
	pmd_t *pmd;
	struct page *page;
};

extern struct mm_struct shim_mm;	/* the one that tasks have from the start */

static inline void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}

static inline void mmdrop(struct mm_struct *mm)
{
	WARN_ON(atomic_dec_return(&mm->mm_count) <= 0);
}

static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}

static inline bool mmget_not_zero(struct mm_struct *mm)
{
	return atomic_inc_not_zero(&mm->mm_users);
}

static inline void mmput(struct mm_struct *mm)
{
	WARN_ON(atomic_dec_return(&mm->mm_users) < 0);
}

#define mmput_async(mm)		mmput(mm)
#define mmap_read_lock(mm)	down_read(&(mm)->mmap_lock)
#define mmap_read_lock_killable(mm) down_read_killable(&(mm)->mmap_lock)
#define mmap_read_trylock(mm)	down_read_trylock(&(mm)->mmap_lock)
#define mmap_read_unlock(mm)	up_read(&(mm)->mmap_lock)
#define mmap_write_lock(mm)	down_write(&(mm)->mmap_lock)
#define mmap_write_lock_killable(mm) down_write_killable(&(mm)->mmap_lock)
#define mmap_write_unlock(mm)	up_write(&(mm)->mmap_lock)
#define vma_end_read(vma)	((void)(vma))
#define release_fault_lock(vmf)	mmap_read_unlock((vmf)->vma->vm_mm)
#define mmap_assert_locked(mm)	((void)(mm))
#define mmap_assert_write_locked(mm) lockdep_assert_held(&(mm)->mmap_lock)

int account_locked_vm(struct mm_struct *mm, unsigned long pages, bool inc);

struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);

#define vma_pages(v)		(((v)->vm_end - (v)->vm_start) >> PAGE_SHIFT)
#define vm_flags_set(v, f)	((void)((v)->vm_flags |= (f)))
#define vm_flags_clear(v, f)	((void)((v)->vm_flags &= ~(f)))
#define vm_flags_mod(v, s, c)	((void)((v)->vm_flags = ((v)->vm_flags | (s)) & ~(c)))
#define vm_get_page_prot(f)	((pgprot_t)(f))
#define pgprot_val(p)		(p)
#define __pgprot(v)		((pgprot_t)(v))
#define pgprot_noncached(p)	(p)
#define pgprot_writecombine(p)	(p)

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flags, unsigned long off);
int vm_munmap(unsigned long addr, size_t len);
void unmap_mapping_range(struct address_space *mapping, loff_t start, loff_t len, int even_cows);

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
int vm_insert_pages(struct vm_area_struct *vma, unsigned long addr, struct page **pages,
		    unsigned long *num);
int vm_map_pages(struct vm_area_struct *vma, struct page **pages, unsigned long num);
int vm_map_pages_zero(struct vm_area_struct *vma, struct page **pages, unsigned long num);
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		    unsigned long size, pgprot_t prot);
vm_fault_t vmf_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn);
vm_fault_t vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr,
			       unsigned long pfn, pgprot_t prot);
vm_fault_t vmf_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
vm_fault_t vmf_insert_pfn_pmd(struct vm_fault *vmf, unsigned long pfn, bool write);

int pin_user_pages_fast(unsigned long start, int nr, unsigned int flags, struct page **pages);
long pin_user_pages(unsigned long start, unsigned long nr, unsigned int flags,
		    struct page **pages);
long pin_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr,
			   unsigned int flags, struct page **pages, int *locked);
void unpin_user_page(struct page *page);
void unpin_user_pages(struct page **pages, unsigned long n);
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long n, bool dirty);

void get_page(struct page *page);
void put_page(struct page *page);
void lock_page(struct page *page);
bool trylock_page(struct page *page);
void unlock_page(struct page *page);

#define page_ref_count(p)	1
#define set_page_dirty(p)	((void)(p))
#define set_page_dirty_lock(p)	((void)(p))
/* Pages of the user's that a test has for those of huge folios, all at the same time */
struct folio;
extern unsigned long shim_huge_start, shim_huge_end;

static inline unsigned int folio_order(const struct folio *folio)
{
	unsigned long addr = (unsigned long)folio;

	return addr >= shim_huge_start && addr < shim_huge_end ? PMD_SHIFT - PAGE_SHIFT : 0;
}

#define page_folio(p)		((struct folio *)(p))
#define compound_head(p)	(p)
#define compound_order(p)	0u
#define PageCompound(p)		0
#define PageHuge(p)		0
#define PageTransHuge(p)	0
#define PageReserved(p)		0
#define nth_page(p, n)		((p) + (n))
#define split_page(p, order)	((void)(p))
#define untagged_addr(a)	(a)
#define untagged_addr_remote(mm, a) (a)
#define totalram_pages()	(1UL << 22)

#endif
