// SPDX-License-Identifier: GPL-2.0
/*
 * Pages, pins and the accounting of locked memory. Pages are parts of one
 * file in memory that is mapped as a whole; mmap.c maps parts of it again.
 */
#include <sys/mman.h>

#include <linux/bitmap.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/resource.h>
#include "internal.h"

#ifdef SHIM_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_register_root_region(p, n)	((void)0)
#define __lsan_unregister_root_region(p, n)	((void)0)
#define ASAN_POISON_MEMORY_REGION(p, n)		((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(p, n)	((void)0)
#endif

#define ARENA_PAGES	(1UL << 20)
#define ARENA_SIZE	(ARENA_PAGES * PAGE_SIZE)
/* Pages are used again late, so that late accesses are found; but they stay resident. */
#define ARENA_ROUND	(1UL << 16)

static pthread_once_t arena_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t arena_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long arena_used[BITS_TO_LONGS(ARENA_PAGES)];
static unsigned long arena_vmalloc[BITS_TO_LONGS(ARENA_PAGES)];	/* by first page */
static unsigned long arena_hint;
static void *arena;
static int arena_fd = -1;

static void arena_create(void)
{
	arena_fd = memfd_create("shim-pages", MFD_CLOEXEC);
	if (arena_fd < 0 || ftruncate(arena_fd, ARENA_SIZE))
		shim_bug(SHIM_SITE, "no memory file: %s", strerror(errno));
	arena = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
		     arena_fd, 0);
	if (arena == MAP_FAILED)
		shim_bug(SHIM_SITE, "no memory for pages: %s", strerror(errno));
}

int shim_page_fd(void)
{
	return arena_fd;
}

off_t shim_page_offset(const void *p)
{
	if (!arena || p < arena || p >= arena + ARENA_SIZE)
		return -1;
	return p - arena;
}

/* The next run of @nr free pages from the hint on, around once. */
static long arena_take(unsigned long nr, bool vmalloc)
{
	unsigned long i;

	pthread_mutex_lock(&arena_lock);
	i = bitmap_find_next_zero_area(arena_used, ARENA_PAGES, arena_hint, nr, 0);
	if (i + nr > ARENA_PAGES)
		i = bitmap_find_next_zero_area(arena_used, ARENA_PAGES, 0, nr, 0);
	if (i + nr <= ARENA_PAGES) {
		bitmap_set(arena_used, i, nr);
		arena_hint = i + nr < ARENA_ROUND ? i + nr : 0;
		__assign_bit(i, arena_vmalloc, vmalloc);
	}
	pthread_mutex_unlock(&arena_lock);
	return i + nr <= ARENA_PAGES ? (long)i : -1;
}

/* vmalloc() has a page behind it that nobody may touch. */
static unsigned long run_pages(unsigned long size, bool vmalloc)
{
	return PFN_UP(size) + vmalloc;
}

static void *pages_alloc(size_t size, bool vmalloc, gfp_t gfp, const char *site)
{
	unsigned long nr = run_pages(size, vmalloc);
	long index;
	void *p;

	if (shim_should_fail(gfp, site))
		return NULL;
	pthread_once(&arena_once, arena_create);
	index = arena_take(nr, vmalloc);
	if (index < 0)
		return NULL;
	p = arena + index * PAGE_SIZE;
	ASAN_UNPOISON_MEMORY_REGION(p, nr * PAGE_SIZE);
	memset(p, gfp & __GFP_ZERO ? 0 : 0x5a, PAGE_ALIGN(size));
	ASAN_POISON_MEMORY_REGION(p + size, nr * PAGE_SIZE - size);
	/* Structures may be there, and what they point to is no leak. */
	if (vmalloc)
		__lsan_register_root_region(p, size);
	shim_track(SHIM_PAGES, p, size, site);
	return p;
}

struct page *shim_alloc_pages(gfp_t gfp, unsigned int order, const char *site)
{
	if (order > 10)
		return NULL;
	return pages_alloc(PAGE_SIZE << order, false, gfp, site);
}

void *shim_vmalloc_user(size_t size, const char *site)
{
	if (!size || size > ARENA_SIZE / 2)
		return NULL;
	return pages_alloc(PAGE_ALIGN(size), true, GFP_KERNEL | __GFP_ZERO, site);
}

void *shim_vmalloc_pages(size_t size, gfp_t gfp, const char *site)
{
	return pages_alloc(size, true, gfp, site);
}

bool shim_page_is_vmalloc(const void *p)
{
	off_t off = shim_page_offset(p);

	return off >= 0 && test_bit(off / PAGE_SIZE, arena_vmalloc);
}

/* A page of a larger allocation counts with its first. */
static void *pages_head(void *p)
{
	while (!shim_tracked(SHIM_PAGES, p, NULL)) {
		p -= PAGE_SIZE;
		if (shim_page_offset(p) < 0)
			shim_bug(SHIM_SITE, "not a page");
	}
	return p;
}

void get_page(struct page *page)
{
	if (shim_page_offset(page) >= 0)
		shim_track_get(SHIM_PAGES, pages_head(page), 0, NULL);
}

void put_page(struct page *page)
{
	unsigned long index, nr;
	size_t size;
	void *p;

	if (shim_page_offset(page) < 0)
		return;
	p = pages_head(page);
	shim_tracked(SHIM_PAGES, p, &size);
	if (shim_track_put(SHIM_PAGES, p))
		return;
	index = shim_page_offset(p) / PAGE_SIZE;
	nr = run_pages(size, test_bit(index, arena_vmalloc));
	if (test_bit(index, arena_vmalloc))
		__lsan_unregister_root_region(p, size);
	memset(p, 0x6b, size);
	ASAN_POISON_MEMORY_REGION(p, nr * PAGE_SIZE);
	pthread_mutex_lock(&arena_lock);
	bitmap_clear(arena_used, index, nr);
	pthread_mutex_unlock(&arena_lock);
}

void __free_pages(struct page *page, unsigned int order)
{
	size_t size = 0;

	if (!page)
		return;
	if (!shim_tracked(SHIM_PAGES, page, &size))
		shim_bug(SHIM_SITE, "freeing page %p, which is none", page);
	if (get_order(size) != order)
		shim_bug(SHIM_SITE, "freeing %zu bytes of pages as order %u", size, order);
	put_page(page);
}

/* Page locks, by hash: who tries to lock one may find it locked because of another. */

#define PAGE_LOCKS	64

static pthread_mutex_t page_locks[PAGE_LOCKS] = {
	[0 ... PAGE_LOCKS - 1] = PTHREAD_MUTEX_INITIALIZER
};

static pthread_mutex_t *page_lock(struct page *page)
{
	return &page_locks[((unsigned long)page >> PAGE_SHIFT) % PAGE_LOCKS];
}

void lock_page(struct page *page)
{
	might_sleep();
	pthread_mutex_lock(page_lock(page));
}

bool trylock_page(struct page *page)
{
	return !pthread_mutex_trylock(page_lock(page));
}

void unlock_page(struct page *page)
{
	pthread_mutex_unlock(page_lock(page));
}

/* Pins: user memory is there and writable, then it counts as pinned. */

static int populate(unsigned long start, unsigned long len, bool write)
{
	if (!madvise((void *)start, len, write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ))
		return 0;
	return -EFAULT;
}

static long pin_pages(unsigned long start, unsigned long nr, unsigned int flags,
		      struct page **pages)
{
	unsigned long i;

	if (shim_should_fail(flags & FOLL_NOFAULT ? 0 : GFP_KERNEL, SHIM_SITE))
		return -ENOMEM;
	start &= PAGE_MASK;
	if (!nr)
		return 0;
	if (start < PAGE_SIZE || start >= TASK_SIZE || nr > (TASK_SIZE - start) / PAGE_SIZE)
		return -EFAULT;
	/* All at once as a rule; one by one up to the first that is not there. */
	if (populate(start, nr * PAGE_SIZE, flags & FOLL_WRITE)) {
		for (i = 0; i < nr; i++) {
			if (populate(start + i * PAGE_SIZE, PAGE_SIZE, flags & FOLL_WRITE))
				break;
		}
		nr = i;
	}
	for (i = 0; i < nr; i++) {
		pages[i] = (struct page *)(start + i * PAGE_SIZE);
		shim_track_get(SHIM_PIN, pages[i], PAGE_SIZE, "pin_user_pages");
	}
	return nr ?: -EFAULT;
}

int pin_user_pages_fast(unsigned long start, int nr, unsigned int flags, struct page **pages)
{
	if (WARN_ON(!current->mm))
		return -EFAULT;
	return pin_pages(start, nr, flags, pages);
}

long pin_user_pages(unsigned long start, unsigned long nr, unsigned int flags,
		    struct page **pages)
{
	mmap_assert_locked(current->mm);
	return pin_pages(start, nr, flags, pages);
}

long pin_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr,
			   unsigned int flags, struct page **pages, int *locked)
{
	return pin_pages(start, nr, flags, pages);
}

void unpin_user_page(struct page *page)
{
	shim_track_put(SHIM_PIN, page);
}

void unpin_user_pages(struct page **pages, unsigned long n)
{
	while (n--)
		unpin_user_page(pages[n]);
}

void unpin_user_pages_dirty_lock(struct page **pages, unsigned long n, bool dirty)
{
	unpin_user_pages(pages, n);
}

/* Accounting */

bool shim_capable = true;
struct user_struct shim_user = { .__count = REFCOUNT_INIT(1) };
struct cred shim_cred = { .usage = ATOMIC_INIT(1), .user = &shim_user };

struct mm_struct shim_mm = {
	.mm_users = ATOMIC_INIT(1),
	.mm_count = ATOMIC_INIT(1),
	.mmap_lock = __RWSEM_INITIALIZER(shim_mm.mmap_lock),
	.vmas = LIST_HEAD_INIT(shim_mm.vmas),
};

int account_locked_vm(struct mm_struct *mm, unsigned long pages, bool inc)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	int ret = 0;

	if (!pages || !mm)
		return 0;
	mmap_write_lock(mm);
	if (!inc) {
		WARN_ON(pages > mm->locked_vm);
		mm->locked_vm -= pages;
	} else if (!shim_capable && mm->locked_vm + pages > limit) {
		ret = -ENOMEM;
	} else {
		mm->locked_vm += pages;
	}
	mmap_write_unlock(mm);
	return ret;
}
