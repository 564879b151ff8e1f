/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RCULIST_H
#define SHIM_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

static inline void list_add_rcu(struct list_head *n, struct list_head *h)
{
	struct list_head *next = h->next;

	n->next = next;
	n->prev = h;
	__atomic_store_n(&h->next, n, __ATOMIC_RELEASE);
	next->prev = n;
}

static inline void list_add_tail_rcu(struct list_head *n, struct list_head *h)
{
	struct list_head *prev = h->prev;

	n->next = h;
	n->prev = prev;
	__atomic_store_n(&prev->next, n, __ATOMIC_RELEASE);
	h->prev = n;
}

static inline void list_del_rcu(struct list_head *e)
{
	__list_del_entry(e);
	e->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *o, struct list_head *n)
{
	n->next = o->next;
	n->prev = o->prev;
	__atomic_store_n(&n->prev->next, n, __ATOMIC_RELEASE);
	n->next->prev = n;
	o->prev = LIST_POISON2;
}

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	__atomic_store_n(&h->first, n, __ATOMIC_RELEASE);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node **p = &h->first;

	while (*p)
		p = &(*p)->next;
	n->next = NULL;
	WRITE_ONCE(n->pprev, p);
	__atomic_store_n(p, n, __ATOMIC_RELEASE);
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	__hlist_del(n);
	WRITE_ONCE(n->pprev, NULL);
}

#define list_next_rcu(p)	(*((struct list_head __rcu **)(&(p)->next)))
#define list_entry_rcu(p, type, m) container_of(READ_ONCE(p), type, m)
#define list_first_or_null_rcu(h, type, m) ({				\
	struct list_head *shim_h_ = (h), *shim_f_ = READ_ONCE(shim_h_->next); \
	shim_f_ != shim_h_ ? list_entry(shim_f_, type, m) : NULL;	\
})
#define list_for_each_entry_rcu(p, h, m, cond...)			\
	for (p = list_entry_rcu((h)->next, typeof(*p), m); &p->m != (h); \
	     p = list_entry_rcu(p->m.next, typeof(*p), m))
#define list_for_each_entry_srcu(p, h, m, cond)	list_for_each_entry_rcu(p, h, m, cond)
#define hlist_first_rcu(h)	(*((struct hlist_node __rcu **)(&(h)->first)))
#define hlist_next_rcu(n)	(*((struct hlist_node __rcu **)(&(n)->next)))
#define shim_hlist_rcu(n, type, m) ({					\
	struct hlist_node *shim_n_ = READ_ONCE(n);			\
	shim_n_ ? hlist_entry(shim_n_, type, m) : NULL;			\
})
#define hlist_for_each_entry_rcu(p, h, m, cond...)			\
	for (p = shim_hlist_rcu((h)->first, typeof(*(p)), m); p;	\
	     p = shim_hlist_rcu((p)->m.next, typeof(*(p)), m))
#define hlist_for_each_entry_srcu(p, h, m, cond) hlist_for_each_entry_rcu(p, h, m, cond)

#endif
