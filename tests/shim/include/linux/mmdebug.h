/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MMDEBUG_H
#define SHIM_LINUX_MMDEBUG_H

#include <linux/bug.h>

#define VM_WARN_ON_ONCE(cond)	WARN_ON_ONCE(cond)
#define VM_WARN_ON(cond)	WARN_ON(cond)
#define VM_BUG_ON(cond)		BUG_ON(cond)

#endif
