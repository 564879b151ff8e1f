/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_JUMP_LABEL_H
#define SHIM_LINUX_JUMP_LABEL_H

#include <linux/atomic.h>

struct static_key_false {
	atomic_t enabled;
};

#define static_key_true static_key_false
#define DEFINE_STATIC_KEY_FALSE(name)	struct static_key_false name = { }
#define DEFINE_STATIC_KEY_TRUE(name)	struct static_key_false name = { ATOMIC_INIT(1) }
#define DECLARE_STATIC_KEY_FALSE(name)	extern struct static_key_false name
#define static_branch_unlikely(k)	unlikely(atomic_read(&(k)->enabled) > 0)
#define static_branch_likely(k)		likely(atomic_read(&(k)->enabled) > 0)
#define static_branch_enable(k)		atomic_set(&(k)->enabled, 1)
#define static_branch_disable(k)	atomic_set(&(k)->enabled, 0)
#define static_branch_inc(k)		atomic_inc(&(k)->enabled)
#define static_branch_dec(k)		atomic_dec(&(k)->enabled)

#endif
