/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MODULE_H
#define SHIM_LINUX_MODULE_H

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

struct module {
	const char *name;
	atomic_t refs;
	bool gone;
};

/* What shim_init() and shim_exit() call */
#define module_init(fn)	int shim_module_init(void) { return fn(); }
#define module_exit(fn)	void shim_module_exit(void) { fn(); }

int shim_module_init(void);
void shim_module_exit(void);
bool try_module_get(struct module *mod);
void __module_get(struct module *mod);
void module_put(struct module *mod);

#define MODULE_LICENSE(s)	struct shim_export
#define MODULE_AUTHOR(s)	struct shim_export
#define MODULE_DESCRIPTION(s)	struct shim_export
#define MODULE_VERSION(s)	struct shim_export
#define MODULE_ALIAS(s)		struct shim_export
#define MODULE_ALIAS_MISCDEV(n)	struct shim_export
#define MODULE_IMPORT_NS(ns)	struct shim_export
#define MODULE_INFO(t, i)	struct shim_export
#define MODULE_SOFTDEP(s)	struct shim_export

#endif
