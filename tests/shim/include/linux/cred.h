/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CRED_H
#define SHIM_LINUX_CRED_H

#include <linux/capability.h>
#include <linux/refcount.h>
#include <linux/types.h>

typedef struct {
	uid_t val;
} kuid_t;

struct user_struct {
	refcount_t __count;
	atomic_long_t locked_vm;
	kuid_t uid;
};

struct cred {
	atomic_t usage;
	struct user_struct *user;
	kuid_t uid, euid;
};

extern struct user_struct shim_user;
extern struct cred shim_cred;		/* everybody's */

static inline const struct cred *get_cred(const struct cred *c)
{
	atomic_inc(&((struct cred *)c)->usage);
	return c;
}

static inline void put_cred(const struct cred *c)
{
	WARN_ON(atomic_dec_return(&((struct cred *)c)->usage) <= 0);
}

#define current_cred()		((const struct cred *)&shim_cred)
#define get_current_cred()	get_cred(current_cred())
#define current_user()	(&shim_user)
#define current_uid()	(shim_user.uid)

static inline struct user_struct *get_uid(struct user_struct *u)
{
	refcount_inc(&u->__count);
	return u;
}

static inline void free_uid(struct user_struct *u)
{
	refcount_dec(&u->__count);
}

#endif
