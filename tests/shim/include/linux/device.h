/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_DEVICE_H
#define SHIM_LINUX_DEVICE_H

#include <linux/printk.h>
#include <linux/types.h>

struct attribute_group;

struct device {
	const char *name;
	void *driver_data;
};

#define dev_name(d)		((d)->name)
#define dev_err(d, fmt...)	pr_err(fmt)
#define dev_warn(d, fmt...)	pr_warn(fmt)
#define dev_info(d, fmt...)	pr_info(fmt)
#define dev_dbg(d, fmt...)	pr_debug(fmt)

#endif
