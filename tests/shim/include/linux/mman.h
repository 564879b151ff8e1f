/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MMAN_H
#define SHIM_LINUX_MMAN_H

#include <asm/mman.h>
#include <linux/mm.h>

#define MAP_SHARED	0x01

#endif
