/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_NOTIFIER_H
#define SHIM_LINUX_NOTIFIER_H

#define NOTIFY_DONE	0
#define NOTIFY_OK	1

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long event, void *data);
	struct notifier_block *next;
};

#endif
