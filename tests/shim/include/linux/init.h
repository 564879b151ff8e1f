/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_INIT_H
#define SHIM_LINUX_INIT_H

#include <linux/compiler.h>

typedef int (*initcall_t)(void);

#endif
