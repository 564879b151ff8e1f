/* SPDX-License-Identifier: GPL-2.0 */
/* A bad address answers as in the kernel: the copies are system calls of this process on itself. */
#ifndef SHIM_LINUX_UACCESS_H
#define SHIM_LINUX_UACCESS_H

#include <linux/err.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>

bool shim_access_ok(unsigned long addr, unsigned long n);
unsigned long shim_copy_to_user(void __user *to, const void *from, unsigned long n,
				const char *site) __must_check;
unsigned long shim_copy_from_user(void *to, const void __user *from, unsigned long n,
				  const char *site) __must_check;
unsigned long clear_user(void __user *to, unsigned long n) __must_check;
long strncpy_from_user(char *to, const char __user *from, long n) __must_check;
int check_zeroed_user(const void __user *from, size_t n) __must_check;
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src,
			  size_t usize) __must_check;

#define access_ok(p, n)		shim_access_ok((unsigned long)(p), n)
#define copy_to_user(to, from, n) shim_copy_to_user(to, from, n, SHIM_SITE)
#define copy_from_user(to, from, n) shim_copy_from_user(to, from, n, SHIM_SITE)
#define __copy_to_user(to, from, n) copy_to_user(to, from, n)
#define __copy_from_user(to, from, n) copy_from_user(to, from, n)
#define raw_copy_from_user(to, from, n) copy_from_user(to, from, n)
#define get_user(x, p) ({						\
	typeof(*(p)) shim_v_;						\
	int shim_e_ = copy_from_user(&shim_v_, p, sizeof(shim_v_)) ? -EFAULT : 0; \
	(x) = (typeof(x))shim_v_;					\
	shim_e_;							\
})
#define put_user(x, p) ({						\
	typeof(*(p)) shim_v_ = (x);					\
	copy_to_user(p, &shim_v_, sizeof(shim_v_)) ? -EFAULT : 0;	\
})
#define __get_user(x, p)	get_user(x, p)
#define __put_user(x, p)	put_user(x, p)
#define pagefault_disable()	((void)0)
#define pagefault_enable()	((void)0)

#endif
