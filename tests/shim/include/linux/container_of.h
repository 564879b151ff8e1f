/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CONTAINER_OF_H
#define SHIM_LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>

#define container_of(ptr, type, member) ({				\
	void *shim_mptr_ = (void *)(ptr);				\
	static_assert(__same_type(*(ptr), ((type *)0)->member) ||	\
		      __same_type(*(ptr), void), "container_of: wrong type"); \
	((type *)(shim_mptr_ - offsetof(type, member)));		\
})
#define container_of_const(ptr, type, member) container_of(ptr, type, member)
#define typeof_member(t, m) typeof(((t *)0)->m)

#endif
