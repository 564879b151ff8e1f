/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_EXPORT_H
#define SHIM_LINUX_EXPORT_H

#include <linux/compiler.h>

#define EXPORT_SYMBOL(s)	struct shim_export
#define EXPORT_SYMBOL_GPL(s)	struct shim_export

struct module;
extern struct module shim_this_module;
#define THIS_MODULE	(&shim_this_module)

#endif
