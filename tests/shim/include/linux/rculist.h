/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RCULIST_H
#define SHIM_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	__atomic_store_n(&h->first, n, __ATOMIC_RELEASE);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, LIST_POISON2);
}

#define shim_hlist_rcu(n, type, m) ({					\
	struct hlist_node *shim_n_ = READ_ONCE(n);			\
	shim_n_ ? hlist_entry(shim_n_, type, m) : NULL;			\
})
#define hlist_for_each_entry_rcu(p, h, m, cond...)			\
	for (p = shim_hlist_rcu((h)->first, typeof(*(p)), m); p;	\
	     p = shim_hlist_rcu((p)->m.next, typeof(*(p)), m))
#define hlist_for_each_entry_srcu(p, h, m, cond) hlist_for_each_entry_rcu(p, h, m, cond)

#endif
