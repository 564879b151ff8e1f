/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_COMPAT_H
#define SHIM_LINUX_COMPAT_H

#define in_compat_syscall()	0
#define compat_ptr(u)		((void __user *)(unsigned long)(u))

#endif
