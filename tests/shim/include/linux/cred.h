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

extern struct user_struct shim_user;

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
