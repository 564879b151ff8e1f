/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RESOURCE_H
#define SHIM_LINUX_RESOURCE_H

#ifndef RLIMIT_MEMLOCK
#define RLIMIT_MEMLOCK	8
#endif
#ifndef RLIM_INFINITY
#define RLIM_INFINITY	(~0UL)
#endif

unsigned long rlimit(unsigned int limit);

#endif
