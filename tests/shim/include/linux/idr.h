/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_IDR_H
#define SHIM_LINUX_IDR_H

#include <linux/xarray.h>

struct ida {
	struct xarray xa;
};

#define DEFINE_IDA(name)	struct ida name = { }
#define ida_init(i)		xa_init(&(i)->xa)
#define ida_destroy(i)		xa_destroy(&(i)->xa)
#define ida_free(i, id)		((void)xa_erase(&(i)->xa, id))

static inline int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	u32 id;
	int ret = xa_alloc(&ida->xa, &id, xa_mk_value(0), XA_LIMIT(min, max), gfp);

	return ret < 0 ? ret == -EBUSY ? -ENOSPC : ret : (int)id;
}

#define ida_alloc(i, gfp)	ida_alloc_range(i, 0, INT_MAX, gfp)
#define ida_alloc_max(i, m, gfp) ida_alloc_range(i, 0, m, gfp)

#endif
