/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RATELIMIT_TYPES_H
#define SHIM_LINUX_RATELIMIT_TYPES_H

struct ratelimit_state {
	int interval;
	int burst;
};

#define DEFAULT_RATELIMIT_INTERVAL	5000
#define DEFAULT_RATELIMIT_BURST		10
#define DEFINE_RATELIMIT_STATE(name, i, b) \
	struct ratelimit_state name = { .interval = (i), .burst = (b) }
#define ratelimit_state_init(rs, i, b)	(*(rs) = (struct ratelimit_state) { (i), (b) })

#endif
