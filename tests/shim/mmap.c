// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of the module's files. A mapping is reserved address space, where
 * a page is mapped when the module inserts it; an access to what is not there
 * is a fault that comes to shim_fault(), and from there to the module.
 *
 * What is there is kept in tables as a processor has them, so that inserting,
 * zapping and write protection mean what they do in the kernel. The shim's own
 * pages are mapped again from their file; a user's page by mremap(), which
 * makes a second mapping of memory that is shared, and of no other.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <linux/file.h>
#include <linux/mm.h>
#include "internal.h"
#include "mmap.h"

#define LEAF_SHIFT	9
#define LEAF_PAGES	(1UL << LEAF_SHIFT)

/* An entry: the page's address and these */
#define PTE_WRITE	1UL
#define PTE_REF		2UL	/* the mapping holds a reference of the page */
#define PTE_PAGE(e)	((struct page *)((e) & PAGE_MASK))

struct shim_ptes {
	unsigned int nr;
	unsigned long e[LEAF_PAGES];
};

/* A process has 65530 mappings: runs of pages, and the empty parts between them. */
#define MAX_RUNS	30000

/* Innermost: all entries, what they stand for, and all_mapped; the mmap_lock is outside of it. */
static pthread_mutex_t pte_lock = PTHREAD_MUTEX_INITIALIZER;
static LIST_HEAD(all_mapped);
static long nr_runs;

/* Sanitizers look at mmap(): they have no business with these, and not the shadow for them. */
static long sys_mmap_fixed(unsigned long addr, size_t len, int prot, int flags, int fd, off_t off)
{
	return syscall(SYS_mmap, addr, len, prot, flags, fd, off) < 0 ? -ENOMEM : 0;
}

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

/* Where the entry of @addr is; NULL: there is none, nor memory for it. */
static unsigned long *pte_at(struct vm_area_struct *vma, unsigned long addr, bool create)
{
	unsigned long index = (addr - vma->vm_start) >> PAGE_SHIFT;
	struct shim_ptes **leaf = &vma->shim_ptes[index >> LEAF_SHIFT];

	if (!*leaf && create)
		*leaf = calloc(1, sizeof(**leaf));
	return *leaf ? &(*leaf)->e[index % LEAF_PAGES] : NULL;
}

static unsigned long pte_get(struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long *e = NULL;

	if (addr >= vma->vm_start && addr < vma->vm_end)
		e = pte_at(vma, addr, false);
	return e ? *e : 0;
}

/* Whether the kernel makes one mapping of a page and the one before it */
static bool joins(struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long e = pte_get(vma, addr), before = pte_get(vma, addr - PAGE_SIZE);

	return e && before && e == before + PAGE_SIZE;
}

/* How many mappings more there are because of a page */
static int runs_by(struct vm_area_struct *vma, unsigned long addr)
{
	return pte_get(vma, addr) ? 1 - joins(vma, addr) - joins(vma, addr + PAGE_SIZE) : 0;
}

static void pte_set(struct vm_area_struct *vma, unsigned long addr, unsigned long *e,
		    unsigned long val)
{
	int n = !!val - !!*e;

	nr_runs -= runs_by(vma, addr);
	*e = val;
	nr_runs += runs_by(vma, addr);
	vma->shim_ptes[(addr - vma->vm_start) >> (PAGE_SHIFT + LEAF_SHIFT)]->nr += n;
	vma->shim_nr += n;
}

/*
 * Another mapping of a user's pages. One that is for reading only is made
 * elsewhere and then moved, as nobody may write to it.
 */
static int alias(unsigned long addr, const void *from, size_t len, int prot)
{
	void *at;

	if (prot & PROT_WRITE)
		at = mremap((void *)from, 0, len, MREMAP_MAYMOVE | MREMAP_FIXED, addr);
	else
		at = mremap((void *)from, 0, len, MREMAP_MAYMOVE);
	if (at == MAP_FAILED)
		return errno == ENOMEM ? -ENOMEM : -EFAULT;
	if (prot & PROT_WRITE)
		return 0;
	if (!mprotect(at, len, prot) &&
	    mremap(at, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, addr) != MAP_FAILED)
		return 0;
	munmap(at, len);
	return -EFAULT;
}

/* Before a fork: what is VM_DONTCOPY is not to be inherited, whatever is in it. */
static void dont_copy(void)
{
	struct vm_area_struct *vma;

	list_for_each_entry(vma, &shim_mm.vmas, list)
		if (vma->vm_flags & VM_DONTCOPY)
			madvise((void *)vma->vm_start, vma->vm_end - vma->vm_start,
				MADV_DONTFORK);
}

static __attribute__((constructor)) void watch_forks(void)
{
	pthread_atfork(dont_copy, NULL, NULL);
}

static int place(struct vm_area_struct *vma, unsigned long addr, const void *page, size_t len,
		 bool write)
{
	int prot = vma_prot(vma) & ~(write ? 0 : PROT_WRITE);
	off_t off = shim_page_offset(page);

	if (off < 0)
		return alias(addr, page, len, prot);
	return sys_mmap_fixed(addr, len, prot, MAP_SHARED | MAP_FIXED, shim_page_fd(), off);
}

static void leaf_clear(struct vm_area_struct *vma, unsigned long addr, unsigned long end)
{
	unsigned long *e;

	for (; addr < end; addr += PAGE_SIZE) {
		e = pte_at(vma, addr, false);
		if (!*e)
			continue;
		if (*e & PTE_REF)
			put_page(PTE_PAGE(*e));
		pte_set(vma, addr, e, 0);
	}
}

/* Forget the entries of [addr, end); true, and only that, where there is one and @look. */
static bool clear(struct vm_area_struct *vma, unsigned long addr, unsigned long end, bool look)
{
	const unsigned long size = LEAF_PAGES * PAGE_SIZE;
	struct shim_ptes *leaf;
	unsigned long next;

	for (; vma->shim_nr && addr < end; addr = next) {
		next = min(vma->vm_start + round_down(addr - vma->vm_start, size) + size, end);
		leaf = vma->shim_ptes[(addr - vma->vm_start) >> (PAGE_SHIFT + LEAF_SHIFT)];
		if (!leaf || !leaf->nr)
			continue;
		if (look)
			return true;
		leaf_clear(vma, addr, next);
	}
	return false;
}

/*
 * What a fault inserts is put off until it is done: neighbours in a row are one
 * system call. Their entries are there at once; who finds them earlier faults
 * once more.
 */
static struct {
	struct vm_area_struct *vma;
	unsigned long addr;
	const char *page;
	size_t len;
	bool write;
} put_off;
static __thread bool may_put_off, was_no_good;

/* What cannot be mapped is taken back; the next one who wants it is told why. */
static void catch_up(void)
{
	struct vm_area_struct *vma = put_off.vma;

	put_off.vma = NULL;
	if (!vma || !place(vma, put_off.addr, put_off.page, put_off.len, put_off.write))
		return;
	for (; put_off.len; put_off.len -= PAGE_SIZE, put_off.addr += PAGE_SIZE)
		leaf_clear(vma, put_off.addr, put_off.addr + PAGE_SIZE);
	was_no_good = true;
}

/* A user's page. Return: whether that is all there is to do for now. */
static bool later(struct vm_area_struct *vma, unsigned long addr, const void *page, bool write)
{
	if (!may_put_off || was_no_good || shim_page_offset(page) >= 0)
		return false;
	if (put_off.vma == vma && put_off.addr + put_off.len == addr &&
	    put_off.page + put_off.len == page && put_off.write == write) {
		put_off.len += PAGE_SIZE;
		return true;
	}
	catch_up();
	put_off.vma = vma;
	put_off.addr = addr;
	put_off.page = page;
	put_off.len = PAGE_SIZE;
	put_off.write = write;
	return true;
}

/* One system call, however much there is. Pages are given back when nobody sees them. */
static void zap(struct vm_area_struct *vma, unsigned long addr, unsigned long end)
{
	if (!clear(vma, addr, end, true))
		return;
	catch_up();
	if (sys_mmap_fixed(addr, end - addr, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0))
		shim_bug(SHIM_SITE, "no mapping to be had: %s", strerror(errno));
	clear(vma, addr, end, false);
}

/* Another mapping can be made: empty the largest that is filled by faults. */
static void make_room(void)
{
	struct vm_area_struct *vma, *most = NULL;

	if (nr_runs < MAX_RUNS)
		return;
	list_for_each_entry(vma, &all_mapped, shim_mapped) {
		if ((vma->vm_flags & VM_PFNMAP) && vma->vm_ops && vma->vm_ops->fault &&
		    (!most || vma->shim_nr > most->shim_nr))
			most = vma;
	}
	if (most)
		zap(most, most->vm_start, most->vm_end);
}

static int insert_locked(struct vm_area_struct *vma, unsigned long addr, struct page *page,
			 unsigned long bits)
{
	unsigned long *e;
	int ret;

	make_room();
	e = pte_at(vma, addr, true);
	if (!e)
		return -ENOMEM;
	if (*e)
		return -EBUSY;
	if (!later(vma, addr, page, bits & PTE_WRITE)) {
		ret = place(vma, addr, page, PAGE_SIZE, bits & PTE_WRITE);
		if (ret)
			return ret;
	}
	pte_set(vma, addr, e, (unsigned long)page | bits);
	return 0;
}

/* PTE_REF: takes the caller's reference; @bits has PTE_WRITE where the mapping may have it. */
static int insert(struct vm_area_struct *vma, unsigned long addr, struct page *page,
		  unsigned long bits)
{
	int ret;

	if (addr < vma->vm_start || addr >= vma->vm_end)
		return -EFAULT;
	if (!(vma->vm_flags & VM_WRITE))
		bits &= ~PTE_WRITE;
	pthread_mutex_lock(&pte_lock);
	ret = insert_locked(vma, addr & PAGE_MASK, page, bits);
	pthread_mutex_unlock(&pte_lock);
	return ret;
}

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	int ret;

	if (shim_page_offset(page) < 0)
		return -EINVAL;
	get_page(page);
	ret = insert(vma, addr, page, PTE_WRITE | PTE_REF);
	if (ret)
		put_page(page);
	else if (!(vma->vm_flags & VM_PFNMAP))
		vma->vm_flags |= VM_MIXEDMAP;
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

static int insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		      pgprot_t prot)
{
	return insert(vma, addr, pfn_to_page(pfn), prot & VM_WRITE ? PTE_WRITE : 0);
}

int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		    unsigned long size, pgprot_t prot)
{
	int ret = 0;

	vma->vm_flags |= VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP;
	for (; size && !ret; size -= PAGE_SIZE, addr += PAGE_SIZE)
		ret = insert_pfn(vma, addr, pfn++, prot);
	return ret;
}

unsigned long shim_huge_start, shim_huge_end;

/* There are no huge entries: vma_fault() says that there is a table everywhere. */
vm_fault_t vmf_insert_pfn_pmd(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	shim_bug(SHIM_SITE, "vmf_insert_pfn_pmd() where there is a table");
	return VM_FAULT_SIGBUS;
}

/* What is there already stays as it is. */
static vm_fault_t fault_result(int ret)
{
	return !ret || ret == -EBUSY ? VM_FAULT_NOPAGE :
	       ret == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

vm_fault_t vmf_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	return fault_result(vm_insert_page(vma, addr, page));
}

vm_fault_t vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr,
			       unsigned long pfn, pgprot_t prot)
{
	if (!(vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) || !(vma->vm_flags & VM_SHARED))
		shim_bug(SHIM_SITE, "vmf_insert_pfn_prot() into a mapping of another kind");
	return fault_result(insert_pfn(vma, addr, pfn, prot));
}

vm_fault_t vmf_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	return vmf_insert_pfn_prot(vma, addr, pfn, vma->vm_page_prot);
}

void unmap_mapping_range(struct address_space *mapping, loff_t start, loff_t len, int even_cows)
{
	unsigned long first = (unsigned long)start >> PAGE_SHIFT, last = ULONG_MAX >> PAGE_SHIFT;
	struct vm_area_struct *vma;
	unsigned long from, to;

	might_sleep();
	if (len)
		last = first + (((unsigned long)len + PAGE_SIZE - 1) >> PAGE_SHIFT);
	pthread_mutex_lock(&pte_lock);
	list_for_each_entry(vma, &all_mapped, shim_mapped) {
		from = max(first, vma->vm_pgoff);
		to = min(last, vma->vm_pgoff + vma_pages(vma));
		if (vma->shim_mapping == mapping && from < to)
			zap(vma, vma->vm_start + ((from - vma->vm_pgoff) << PAGE_SHIFT),
			    vma->vm_start + ((to - vma->vm_pgoff) << PAGE_SHIFT));
	}
	pthread_mutex_unlock(&pte_lock);
}

/* Faults */

static unsigned long pte_read(struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long val;

	pthread_mutex_lock(&pte_lock);
	val = pte_get(vma, addr);
	pthread_mutex_unlock(&pte_lock);
	return val;
}

static vm_fault_t make_writable(struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long *e;

	pthread_mutex_lock(&pte_lock);
	catch_up();
	e = pte_at(vma, addr, false);
	if (e && *e && !mprotect((void *)addr, PAGE_SIZE, vma_prot(vma)))
		pte_set(vma, addr, e, *e | PTE_WRITE);
	pthread_mutex_unlock(&pte_lock);
	return VM_FAULT_NOPAGE;
}

/* As the kernel does it: whoever does not want the write has to say so. */
static vm_fault_t write_protected(struct vm_fault *vmf, unsigned long pte)
{
	const struct vm_operations_struct *ops = vmf->vma->vm_ops;
	vm_fault_t (*fn)(struct vm_fault *vmf), ret;

	fn = !ops ? NULL : pte & PTE_REF ? ops->page_mkwrite : ops->pfn_mkwrite;
	if (fn) {
		vmf->flags |= FAULT_FLAG_MKWRITE;
		vmf->page = pte & PTE_REF ? PTE_PAGE(pte) : NULL;
		ret = fn(vmf);
		if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))
			return ret;
		if (ret & VM_FAULT_RETRY)
			shim_bug(SHIM_SITE, "a mkwrite function that wants to be called again");
	}
	return make_writable(vmf->vma, vmf->address);
}

static vm_fault_t not_there(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t ret;
	int err;

	if (!vma->vm_ops || !vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	ret = vma->vm_ops->fault(vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY))
		return ret;
	if (WARN_ON(!vmf->page))
		return VM_FAULT_SIGBUS;
	err = insert(vma, vmf->address, vmf->page, PTE_WRITE | PTE_REF);
	if (ret & VM_FAULT_LOCKED)
		unlock_page(vmf->page);
	if (err)
		put_page(vmf->page);
	return fault_result(err);
}

static vm_fault_t vma_fault(struct vm_area_struct *vma, unsigned long addr, unsigned int flags)
{
	unsigned long need = flags & FAULT_FLAG_WRITE ? VM_WRITE :
			     flags & FAULT_FLAG_INSTRUCTION ? VM_EXEC : VM_ACCESS_FLAGS;
	pmd_t table = { 1 };
	struct vm_fault vmf = {
		.vma = vma, .flags = flags, .real_address = addr, .address = addr & PAGE_MASK,
		.pmd = &table,
		.pgoff = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT),
	};
	unsigned long pte;

	if (!(vma->vm_flags & need) || vma->shim_pid != getpid())
		return VM_FAULT_SIGSEGV;
	pte = pte_read(vma, vmf.address);
	if (!pte)
		return not_there(&vmf);
	if ((flags & FAULT_FLAG_WRITE) && !(pte & PTE_WRITE))
		return write_protected(&vmf, pte);
	return VM_FAULT_NOPAGE;		/* another thread was faster */
}

bool shim_fault(unsigned long addr, unsigned int flags)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	vm_fault_t ret;

	if (!mm)
		return false;
	flags |= FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE | FAULT_FLAG_INTERRUPTIBLE;
	may_put_off = true;
	do {
		mmap_read_lock(mm);
		vma = vma_lookup(mm, addr);
		ret = vma ? vma_fault(vma, addr, flags) : VM_FAULT_SIGSEGV;
		if (!(ret & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
			mmap_read_unlock(mm);
		flags |= FAULT_FLAG_TRIED;
	} while (ret & VM_FAULT_RETRY);
	may_put_off = false;
	pthread_mutex_lock(&pte_lock);
	was_no_good = false;
	catch_up();
	pthread_mutex_unlock(&pte_lock);
	return !(ret & VM_FAULT_ERROR);
}

/* Mapping and unmapping */

static void vma_free(struct vm_area_struct *vma)
{
	size_t len = vma->vm_end - vma->vm_start, i;

	pthread_mutex_lock(&pte_lock);
	catch_up();
	list_del(&vma->shim_mapped);
	munmap((void *)vma->vm_start, len);
	clear(vma, vma->vm_start, vma->vm_end, false);
	pthread_mutex_unlock(&pte_lock);
	for (i = 0; i < DIV_ROUND_UP(len >> PAGE_SHIFT, LEAF_PAGES); i++)
		free(vma->shim_ptes[i]);
	fput(vma->vm_file);
	shim_untrack(SHIM_VMA, vma);
	free(vma->shim_ptes);
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

/* What sanitizers have shadow for may be touched by code that they know. */
#define HUGE_MAPPING	(1UL << 30)

static void *reserve(size_t len)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

	if (len < HUGE_MAPPING)
		return mmap(NULL, len, PROT_NONE, flags, -1, 0);
	return (void *)syscall(SYS_mmap, NULL, len, PROT_NONE, flags, -1, 0);
}

static struct vm_area_struct *vma_alloc(struct file *file, size_t len, int prot, int flags,
					unsigned long pgoff)
{
	struct vm_area_struct *vma = calloc(1, sizeof(*vma));
	void *addr = reserve(len);

	if (addr == MAP_FAILED) {
		free(vma);
		return NULL;
	}
	vma->vm_start = (unsigned long)addr;
	vma->vm_end = vma->vm_start + len;
	vma->vm_pgoff = pgoff;
	vma->vm_flags = vma_flags(prot, flags);
	vma->vm_page_prot = vma->vm_flags & (VM_ACCESS_FLAGS | VM_SHARED);
	vma->vm_file = get_file(file);
	vma->vm_mm = current->mm;
	vma->shim_ptes = calloc(DIV_ROUND_UP(len >> PAGE_SHIFT, LEAF_PAGES),
				sizeof(*vma->shim_ptes));
	vma->shim_pid = getpid();
	INIT_LIST_HEAD(&vma->shim_mapped);
	shim_track(SHIM_VMA, vma, sizeof(*vma), "mmap");
	return vma;
}

/* From now on it can be found, and zapped. */
static void vma_link(struct vm_area_struct *vma)
{
	const struct vm_operations_struct *ops = vma->vm_ops;

	vma->vm_page_prot = vma->vm_flags & (VM_ACCESS_FLAGS | VM_SHARED);
	if (ops && (ops->page_mkwrite || ops->pfn_mkwrite))
		vma->vm_page_prot &= ~VM_WRITE;
	vma->shim_mapping = vma->vm_file->f_mapping;
	pthread_mutex_lock(&pte_lock);
	list_add(&vma->shim_mapped, &all_mapped);
	pthread_mutex_unlock(&pte_lock);
	list_add(&vma->list, &vma->vm_mm->vmas);
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
	shim_user_init();
	vma = vma_alloc(file, PAGE_ALIGN(len), prot, flags, off >> PAGE_SHIFT);
	if (!vma)
		return ERR_PTR(-ENOMEM);
	mmap_write_lock(mm);
	ret = file->f_op->mmap(file, vma);
	if (!ret)
		vma_link(vma);
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

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flags, unsigned long off)
{
	return shim_should_fail(GFP_KERNEL, SHIM_SITE) ? (unsigned long)-ENOMEM :
	       (unsigned long)shim_mmap(file, len, prot, flags, off);
}

int vm_munmap(unsigned long addr, size_t len)
{
	int ret = shim_munmap((void *)addr, len);

	return ret == -ENOENT ? 0 : ret;
}
