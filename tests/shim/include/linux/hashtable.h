/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_HASHTABLE_H
#define SHIM_LINUX_HASHTABLE_H

#include <linux/array_size.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/rculist.h>

#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DEFINE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)] = { }
#define HASH_SIZE(t)	ARRAY_SIZE(t)
#define HASH_BITS(t)	ilog2(HASH_SIZE(t))
#define hash_min(v, bits) hash_64(v, bits)
#define hash_init(t)	memset(t, 0, sizeof(t))
#define hash_add(t, n, key) hlist_add_head(n, &(t)[hash_min(key, HASH_BITS(t))])
#define hash_add_rcu(t, n, key) hlist_add_head_rcu(n, &(t)[hash_min(key, HASH_BITS(t))])
#define hash_del(n)	hlist_del_init(n)
#define hash_del_rcu(n)	hlist_del_init_rcu(n)
#define hash_for_each_possible(t, p, m, key) \
	hlist_for_each_entry(p, &(t)[hash_min(key, HASH_BITS(t))], m)
#define hash_for_each_possible_rcu(t, p, m, key, cond...) \
	hlist_for_each_entry_rcu(p, &(t)[hash_min(key, HASH_BITS(t))], m)
#define hash_for_each(t, i, p, m)					\
	for ((i) = 0, p = NULL; !(p) && (i) < HASH_SIZE(t); (i)++)	\
		hlist_for_each_entry(p, &(t)[i], m)
#define hash_for_each_safe(t, i, n, p, m)				\
	for ((i) = 0, p = NULL; !(p) && (i) < HASH_SIZE(t); (i)++)	\
		hlist_for_each_entry_safe(p, n, &(t)[i], m)

#endif
