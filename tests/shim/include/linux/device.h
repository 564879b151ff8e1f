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

#endif
