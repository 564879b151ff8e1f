// SPDX-License-Identifier: GPL-2.0
/*
 * XArray by a sorted array under its lock.
 */
#include <linux/xarray.h>
#include <linux/slab.h>
#include "internal.h"

/* The first entry at or after @index */
static size_t xa_lower(const struct xarray *xa, unsigned long index)
{
	size_t lo = 0, hi = xa->nr;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (xa->e[mid].index < index)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool xa_at(const struct xarray *xa, size_t i, unsigned long index)
{
	return i < xa->nr && xa->e[i].index == index;
}

/* Room is made by malloc(), whatever the context; a failure is injected like any other's. */
static int xa_reserve(struct xarray *xa)
{
	if (xa->nr < xa->room)
		return 0;
	xa->room = xa->room ? 2 * xa->room : 16;
	xa->e = realloc(xa->e, xa->room * sizeof(*xa->e));
	return xa->e ? 0 : -ENOMEM;
}

static void *xa_put(struct xarray *xa, unsigned long index, void *p)
{
	size_t i = xa_lower(xa, index);
	void *old = NULL;

	if (xa_at(xa, i, index)) {
		old = xa->e[i].p;
		if (p) {
			xa->e[i].p = p;
		} else {
			memmove(&xa->e[i], &xa->e[i + 1], (--xa->nr - i) * sizeof(*xa->e));
		}
	} else if (p) {
		if (xa_reserve(xa))
			return ERR_PTR(-ENOMEM);
		memmove(&xa->e[i + 1], &xa->e[i], (xa->nr++ - i) * sizeof(*xa->e));
		xa->e[i] = (struct shim_xa_entry) { index, p };
	}
	if (!xa->nr) {
		free(xa->e);
		xa->e = NULL;
		xa->room = 0;
	}
	return old;
}

static void *xa_get(struct xarray *xa, unsigned long index)
{
	size_t i = xa_lower(xa, index);

	return xa_at(xa, i, index) ? xa->e[i].p : NULL;
}

#define XA_LOCKED(xa, expr) ({						\
	typeof(expr) shim_r_;						\
	unsigned long shim_f_;						\
	spin_lock_irqsave(&(xa)->xa_lock, shim_f_);			\
	shim_r_ = (expr);						\
	spin_unlock_irqrestore(&(xa)->xa_lock, shim_f_);		\
	shim_r_;							\
})

void *xa_load(struct xarray *xa, unsigned long index)
{
	return XA_LOCKED(xa, xa_get(xa, index));
}

void *xa_store(struct xarray *xa, unsigned long index, void *p, gfp_t gfp)
{
	if (p && shim_should_fail(gfp, SHIM_SITE))
		return ERR_PTR(-ENOMEM);
	return XA_LOCKED(xa, xa_put(xa, index, p));
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	return XA_LOCKED(xa, xa_put(xa, index, NULL));
}

static void *xa_cmp_put(struct xarray *xa, unsigned long index, void *old, void *p)
{
	void *was = xa_get(xa, index), *ret;

	if (was != old)
		return was;
	ret = xa_put(xa, index, p);
	return IS_ERR(ret) ? ret : was;
}

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *p, gfp_t gfp)
{
	if (p && shim_should_fail(gfp, SHIM_SITE))
		return ERR_PTR(-ENOMEM);
	return XA_LOCKED(xa, xa_cmp_put(xa, index, old, p));
}

int xa_insert(struct xarray *xa, unsigned long index, void *p, gfp_t gfp)
{
	void *was = xa_cmpxchg(xa, index, NULL, p, gfp);

	return !was ? 0 : IS_ERR(was) ? PTR_ERR(was) : -EBUSY;
}

static int xa_alloc_locked(struct xarray *xa, u32 *id, void *p, struct xa_limit limit)
{
	unsigned long index = limit.min;
	size_t i;

	for (i = xa_lower(xa, index); xa_at(xa, i, index); i++)
		index++;
	if (index > limit.max)
		return -EBUSY;
	*id = index;
	return PTR_ERR_OR_ZERO(xa_put(xa, index, p));
}

int xa_alloc(struct xarray *xa, u32 *id, void *p, struct xa_limit limit, gfp_t gfp)
{
	if (shim_should_fail(gfp, SHIM_SITE))
		return -ENOMEM;
	if (xa->flags == XA_FLAGS_ALLOC1 && !limit.min)
		limit.min = 1;
	return XA_LOCKED(xa, xa_alloc_locked(xa, id, p, limit));
}

static void *xa_find_locked(struct xarray *xa, unsigned long *index, unsigned long from,
			    unsigned long max)
{
	size_t i = xa_lower(xa, from);

	if (i >= xa->nr || xa->e[i].index > max)
		return NULL;
	*index = xa->e[i].index;
	return xa->e[i].p;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int filter)
{
	return XA_LOCKED(xa, xa_find_locked(xa, index, *index, max));
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    unsigned int filter)
{
	if (*index == ULONG_MAX)
		return NULL;
	return XA_LOCKED(xa, xa_find_locked(xa, index, *index + 1, max));
}

void xa_destroy(struct xarray *xa)
{
	free(xa->e);
	xa->e = NULL;
	xa->nr = 0;
	xa->room = 0;
}
