/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MMDEBUG_H
#define SHIM_LINUX_MMDEBUG_H

#include <linux/bug.h>

#endif
