// SPDX-License-Identifier: GPL-2.0
/*
 * Memory, and the table of all that must be given back: allocations, pages,
 * pins, files and the rest, by kind and address, each with the place in the
 * source that asked for it. Failures are injected here.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "internal.h"

/* The table */

#define SHARD_BITS	6
#define BUCKET_BITS	12

struct track {
	struct track *next;
	const void *p;
	size_t size;
	const char *site;
	enum shim_kind kind;
	int refs;
};

static struct shard {
	pthread_mutex_t lock;
	struct track *bucket[1 << BUCKET_BITS];
} shards[1 << SHARD_BITS] = {
	[0 ... (1 << SHARD_BITS) - 1] = { .lock = PTHREAD_MUTEX_INITIALIZER },
};

static const char * const kind_name[] = {
	[SHIM_KMALLOC] = "kmalloc memory", [SHIM_VMALLOC] = "vmalloc memory",
	[SHIM_PAGES] = "pages", [SHIM_OBJECT] = "slab object", [SHIM_CACHE] = "slab cache",
	[SHIM_PIN] = "pinned page", [SHIM_SRCU] = "SRCU domain",
	[SHIM_WORKQUEUE] = "workqueue", [SHIM_KTHREAD] = "kthread",
	[SHIM_MISC] = "misc device", [SHIM_FILE] = "file", [SHIM_FD] = "descriptor",
	[SHIM_EVENTFD] = "eventfd context", [SHIM_VMA] = "mapping",
};
static_assert(ARRAY_SIZE(kind_name) == SHIM_NR_KINDS);

static long nr_tracked;

static struct track **track_find(enum shim_kind kind, const void *p, struct shard **shard)
{
	u64 hash = ((unsigned long)p ^ ((u64)kind << 56)) * 0x9e3779b97f4a7c15ull;
	struct track **t;

	*shard = &shards[hash >> (64 - SHARD_BITS)];
	pthread_mutex_lock(&(*shard)->lock);
	t = &(*shard)->bucket[(hash >> 20) & ((1 << BUCKET_BITS) - 1)];
	while (*t && ((*t)->p != p || (*t)->kind != kind))
		t = &(*t)->next;
	return t;
}

int shim_track_get(enum shim_kind kind, const void *p, size_t size, const char *site)
{
	struct shard *shard;
	struct track **t = track_find(kind, p, &shard);
	int refs;

	if (!*t) {
		*t = malloc(sizeof(**t));
		**t = (struct track) { .p = p, .kind = kind, .size = size, .site = site };
		__atomic_fetch_add(&nr_tracked, 1, __ATOMIC_RELAXED);
	}
	refs = ++(*t)->refs;
	pthread_mutex_unlock(&shard->lock);
	return refs;
}

void shim_track(enum shim_kind kind, const void *p, size_t size, const char *site)
{
	if (shim_track_get(kind, p, size, site) != 1)
		shim_bug(site, "%s %p exists twice", kind_name[kind], p);
}

static int track_put(enum shim_kind kind, const void *p, bool last, size_t *size)
{
	struct shard *shard;
	struct track **t = track_find(kind, p, &shard), *gone;
	int refs;

	if (!*t)
		shim_bug(SHIM_SITE, "freeing %s %p, which is none", kind_name[kind], p);
	*size = (*t)->size;
	refs = --(*t)->refs;
	if (last && refs)
		shim_bug(SHIM_SITE, "freeing %s %p, which is in use", kind_name[kind], p);
	if (!refs) {
		gone = *t;
		*t = gone->next;
		free(gone);
		__atomic_fetch_sub(&nr_tracked, 1, __ATOMIC_RELAXED);
	}
	pthread_mutex_unlock(&shard->lock);
	return refs;
}

long shim_nr_tracked(void)
{
	return __atomic_load_n(&nr_tracked, __ATOMIC_RELAXED);
}

int shim_track_put(enum shim_kind kind, const void *p)
{
	size_t size;

	return track_put(kind, p, false, &size);
}

size_t shim_untrack(enum shim_kind kind, const void *p)
{
	size_t size;

	track_put(kind, p, true, &size);
	return size;
}

bool shim_tracked(enum shim_kind kind, const void *p, size_t *size)
{
	struct shard *shard;
	struct track **t = track_find(kind, p, &shard);
	bool found = *t;

	if (found && size)
		*size = (*t)->size;
	pthread_mutex_unlock(&shard->lock);
	return found;
}

#define REPORT_MAX	20

int shim_track_report(void)
{
	unsigned int i, j;
	struct track *t;
	int n = 0;

	for (i = 0; i < ARRAY_SIZE(shards); i++) {
		pthread_mutex_lock(&shards[i].lock);
		for (j = 0; j < ARRAY_SIZE(shards[i].bucket); j++) {
			for (t = shards[i].bucket[j]; t; t = t->next, n++) {
				if (n < REPORT_MAX)
					fprintf(stderr, "shim: leak: %s %p, %zu bytes, from %s\n",
						kind_name[t->kind], t->p, t->size, t->site);
			}
		}
		pthread_mutex_unlock(&shards[i].lock);
	}
	if (n > REPORT_MAX)
		fprintf(stderr, "shim: leak: and %d more\n", n - REPORT_MAX);
	return n;
}

/* Failure injection */

#define FAIL_DONE	(~0UL)

void shim_fail_nth(unsigned long n)
{
	current->fail_nth = n;
}

bool shim_fail_done(void)
{
	bool done = current->fail_nth == FAIL_DONE;

	current->fail_nth = 0;
	return done;
}

bool shim_should_fail(gfp_t gfp, const char *site)
{
	struct task_struct *t = current;

	if (gfp & __GFP_DIRECT_RECLAIM)
		shim_might_sleep(site);
	if (likely(!t->fail_nth) || t->fail_nth == FAIL_DONE || (gfp & __GFP_NOFAIL))
		return false;
	if (--t->fail_nth)
		return false;
	t->fail_nth = FAIL_DONE;
	return true;
}

/* kmalloc() and friends */

/* As the kernel's: a power of two is aligned to itself, up to a page. */
static void *mem_alloc(size_t size, gfp_t gfp)
{
	void *p;

	if (size > 16 && is_power_of_2(size))
		p = aligned_alloc(min_t(size_t, size, PAGE_SIZE), size);
	else
		p = malloc(size ?: 1);
	if (!p)
		return NULL;
	if (gfp & __GFP_ZERO)
		memset(p, 0, size);
#ifdef SHIM_DEBUG
	else
		memset(p, 0x5a, size);
#endif
	return p;
}

/* Nobody means more than this much. */
#define MEM_MAX		(1UL << 36)

static void *mem_alloc_track(enum shim_kind kind, size_t size, size_t limit, gfp_t gfp,
			     const char *site)
{
	void *p;

	if (shim_should_fail(gfp, site) || size > limit)
		return NULL;
	p = mem_alloc(size, gfp);
	if (p)
		shim_track(kind, p, size, site);
	return p;
}

void *shim_kmalloc(size_t size, gfp_t gfp, const char *site)
{
	return mem_alloc_track(SHIM_KMALLOC, size, KMALLOC_MAX_SIZE, gfp, site);
}

void *shim_kvmalloc(size_t size, gfp_t gfp, const char *site)
{
	return size <= PAGE_SIZE ? shim_kmalloc(size, gfp, site) : shim_vmalloc(size, gfp, site);
}

/* What is larger is not in pages that can be mapped; nor is all of it there. */
#define VMALLOC_PAGES_MAX	(16UL << 20)

void *shim_vmalloc(size_t size, gfp_t gfp, const char *site)
{
	void *p;

	if (size && size <= VMALLOC_PAGES_MAX)
		return shim_vmalloc_pages(size, gfp, site);
	if (shim_should_fail(gfp, site) || size > MEM_MAX || !size)
		return NULL;
	p = aligned_alloc(PAGE_SIZE, PAGE_ALIGN(size));
	if (!p)
		return NULL;
	if (gfp & __GFP_ZERO)
		memset(p, 0, PAGE_ALIGN(size));
	shim_track(SHIM_VMALLOC, p, size, site);
	return p;
}

static void mem_free(enum shim_kind kind, const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	shim_untrack(kind, p);
	free((void *)p);
}

void kfree(const void *p)
{
	mem_free(SHIM_KMALLOC, p);
}

void kfree_sensitive(const void *p)
{
	mem_free(SHIM_KMALLOC, p);
}

void vfree(const void *p)
{
	if (!p)
		return;
	if (shim_page_offset(p) >= 0) {
		size_t size;

		shim_tracked(SHIM_PAGES, p, &size);
		__free_pages((struct page *)p, get_order(size));
		return;
	}
	mem_free(SHIM_VMALLOC, p);
}

bool is_vmalloc_addr(const void *p)
{
	return shim_page_is_vmalloc(p) || shim_tracked(SHIM_VMALLOC, p, NULL);
}

void kvfree(const void *p)
{
	if (p && (is_vmalloc_addr(p) || shim_page_offset(p) >= 0))
		vfree(p);
	else
		kfree(p);
}

size_t ksize(const void *p)
{
	size_t size = 0;

	if (!ZERO_OR_NULL_PTR(p))
		shim_tracked(SHIM_KMALLOC, p, &size);
	return size;
}

void *shim_krealloc(const void *p, size_t size, gfp_t gfp, const char *site)
{
	void *new;

	if (!size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	new = shim_kmalloc(size, gfp, site);
	if (new && !ZERO_OR_NULL_PTR(p)) {
		memcpy(new, p, min(size, ksize(p)));
		kfree(p);
	}
	return new;
}

struct kmem_cache {
	size_t size, align;
	void (*ctor)(void *p);
};

struct kmem_cache *shim_kmem_cache_create(const char *name, unsigned int size,
					  unsigned int align, void (*ctor)(void *),
					  const char *site)
{
	struct kmem_cache *c;

	if (shim_should_fail(GFP_KERNEL, site))
		return NULL;
	c = malloc(sizeof(*c));
	c->align = max(align, 8u);
	c->size = ALIGN(size, c->align);
	c->ctor = ctor;
	shim_track(SHIM_CACHE, c, size, site);
	return c;
}

void kmem_cache_destroy(struct kmem_cache *c)
{
	if (!c)
		return;
	shim_untrack(SHIM_CACHE, c);
	free(c);
}

void *shim_kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp, const char *site)
{
	void *p;

	if (shim_should_fail(gfp, site))
		return NULL;
	p = aligned_alloc(c->align, c->size);
	memset(p, gfp & __GFP_ZERO ? 0 : 0x5a, c->size);
	if (c->ctor)
		c->ctor(p);
	shim_track(SHIM_OBJECT, p, c->size, site);
	return p;
}

void kmem_cache_free(struct kmem_cache *c, void *p)
{
	if (shim_untrack(SHIM_OBJECT, p) != c->size)
		shim_bug(SHIM_SITE, "object freed to another cache");
	free(p);
}

void *shim_kmemdup(const void *p, size_t n, gfp_t gfp, const char *site)
{
	void *new = shim_kmalloc(n, gfp, site);

	if (new)
		memcpy(new, p, n);
	return new;
}

char *shim_kstrdup(const char *s, gfp_t gfp, const char *site)
{
	return s ? shim_kmemdup(s, strlen(s) + 1, gfp, site) : NULL;
}

char *shim_kasprintf(gfp_t gfp, const char *site, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = shim_kmalloc(n + 1, gfp, site);
	if (!s)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(s, n + 1, fmt, ap);
	va_end(ap);
	return s;
}

void *shim_memdup_user(const void __user *p, size_t n, const char *site)
{
	void *new = shim_kvmalloc(n, GFP_KERNEL, site);

	if (!new)
		return ERR_PTR(-ENOMEM);
	if (shim_copy_from_user(new, p, n, site)) {
		kvfree(new);
		return ERR_PTR(-EFAULT);
	}
	return new;
}
