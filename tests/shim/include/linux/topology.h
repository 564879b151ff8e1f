/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TOPOLOGY_H
#define SHIM_LINUX_TOPOLOGY_H

#define numa_node_id()	0

#endif
