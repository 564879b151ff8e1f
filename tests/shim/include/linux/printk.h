/* SPDX-License-Identifier: GPL-2.0 */
/* Messages go to stderr from SHIM_LOGLEVEL in the environment on; 4, warnings, if it is not set. */
#ifndef SHIM_LINUX_PRINTK_H
#define SHIM_LINUX_PRINTK_H

#include <linux/compiler.h>
#include <linux/ratelimit_types.h>

#define KERN_ERR	"<3>"

int _printk(const char *fmt, ...) __printf(1, 2);
#define printk(fmt, ...)	_printk(fmt, ##__VA_ARGS__)

#ifndef pr_fmt
#define pr_fmt(fmt)	fmt
#endif

#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)

#endif
