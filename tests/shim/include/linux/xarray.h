/* SPDX-License-Identifier: GPL-2.0 */
/* A sorted array: small and slow, the interface is what counts. */
#ifndef SHIM_LINUX_XARRAY_H
#define SHIM_LINUX_XARRAY_H

#include <linux/err.h>
#include <linux/spinlock.h>

struct shim_xa_entry {
	unsigned long index;
	void *p;
};

struct xarray {
	spinlock_t xa_lock;
	gfp_t flags;
	size_t nr, room;
	struct shim_xa_entry *e;
};

struct xa_limit {
	u32 max, min;
};

#define XA_FLAGS_ALLOC		4u
#define XA_FLAGS_ALLOC1		12u
#define xa_limit_32b		((struct xa_limit) { .max = ~0u })
#define xa_limit_31b		((struct xa_limit) { .max = INT_MAX })
#define XA_LIMIT(lo, hi)	((struct xa_limit) { .min = (lo), .max = (hi) })
#define XARRAY_INIT(name, f)	{ .flags = (f) }
#define DEFINE_XARRAY(name)	struct xarray name = { }
#define DEFINE_XARRAY_ALLOC(name) struct xarray name = { .flags = XA_FLAGS_ALLOC }
#define xa_init_flags(xa, f)	(*(xa) = (struct xarray) { .flags = (f) })
#define xa_init(xa)		xa_init_flags(xa, 0)
#define xa_mk_value(v)		((void *)(((unsigned long)(v) << 1) | 1))
#define xa_to_value(e)		((unsigned long)(e) >> 1)
#define xa_is_value(e)		((unsigned long)(e) & 1)
#define xa_err(e)		(IS_ERR(e) ? (int)PTR_ERR(e) : 0)
#define xa_is_err(e)		IS_ERR(e)
#define xa_empty(xa)		((xa)->nr == 0)

void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *p, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *p, gfp_t gfp);
int xa_insert(struct xarray *xa, unsigned long index, void *p, gfp_t gfp);
int xa_alloc(struct xarray *xa, u32 *id, void *p, struct xa_limit limit, gfp_t gfp);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    unsigned int filter);
void xa_destroy(struct xarray *xa);

#define XA_PRESENT	8u
#define xa_for_each(xa, i, p)						\
	for (i = 0, p = xa_find(xa, &i, ULONG_MAX, XA_PRESENT); p;	\
	     p = xa_find_after(xa, &i, ULONG_MAX, XA_PRESENT))
#define xa_for_each_range(xa, i, p, lo, hi)				\
	for (i = lo, p = xa_find(xa, &i, hi, XA_PRESENT); p;		\
	     p = xa_find_after(xa, &i, hi, XA_PRESENT))

#endif
