/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_STDDEF_H
#define SHIM_LINUX_STDDEF_H

#include <stdbool.h>
#include <stddef.h>
#include_next <linux/stddef.h>
#include <linux/compiler.h>

#define struct_group(name, members...) \
	union { struct { members }; struct { members } name; }
#ifndef DECLARE_FLEX_ARRAY
#define DECLARE_FLEX_ARRAY(type, name) \
	struct { struct { } __empty_##name; type name[]; }
#endif

#endif
