/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LLIST_H
#define SHIM_LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD(name)	struct llist_head name = { }
#define init_llist_head(h)	((h)->first = NULL)
#define llist_empty(h)		(!READ_ONCE((h)->first))
#define llist_entry(p, t, m)	container_of(p, t, m)
#define llist_del_all(h)	xchg(&(h)->first, NULL)

static inline bool llist_add(struct llist_node *n, struct llist_head *h)
{
	struct llist_node *first = READ_ONCE(h->first);

	do {
		n->next = first;
	} while (!try_cmpxchg(&h->first, &first, n));
	return !first;
}

#define shim_llist_entry(p, t, m) ({					\
	struct llist_node *shim_l_ = (p);				\
	shim_l_ ? llist_entry(shim_l_, t, m) : NULL;			\
})
#define llist_for_each_entry(p, node, m)				\
	for (p = shim_llist_entry(node, typeof(*p), m); p;		\
	     p = shim_llist_entry((p)->m.next, typeof(*p), m))
#define llist_for_each_entry_safe(p, n, node, m)			\
	for (p = shim_llist_entry(node, typeof(*p), m);			\
	     p && ({ n = shim_llist_entry((p)->m.next, typeof(*p), m); 1; }); p = n)

#endif
