/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TOPOLOGY_H
#define SHIM_LINUX_TOPOLOGY_H

#define NUMA_NO_NODE	(-1)
#define numa_node_id()	0
#define cpu_to_node(c)	0

#endif
