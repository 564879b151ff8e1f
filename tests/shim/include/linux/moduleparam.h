/* SPDX-License-Identifier: GPL-2.0 */
/* Parameters are found by name: shim_param_set(), or SHIM_PARAM_<name> in the environment. */
#ifndef SHIM_LINUX_MODULEPARAM_H
#define SHIM_LINUX_MODULEPARAM_H

#include <linux/types.h>

struct shim_param {
	const char *name;
	const char *type;
	void *addr;
};

#define module_param_named(pname, var, ptype, perm)			\
	static struct shim_param shim_param_##pname			\
	__used __section("shim_params") __aligned(8) =			\
	{ .name = #pname, .type = #ptype, .addr = &(var) }
#define module_param(name, type, perm) module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm) module_param_named(name, name, type, perm)
#define MODULE_PARM_DESC(name, desc)	struct shim_export

#endif
