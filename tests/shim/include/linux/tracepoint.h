/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TRACEPOINT_H
#define SHIM_LINUX_TRACEPOINT_H

#include <linux/types.h>

/* Nobody looks. */
#define TP_PROTO(args...)	args
#define TP_ARGS(args...)	args

#define SHIM_TRACEPOINT(name, proto)					\
	static inline void trace_##name(proto) { }			\
	static inline bool trace_##name##_enabled(void) { return false; }

#define TRACE_EVENT(name, proto, ...)		SHIM_TRACEPOINT(name, PARAMS(proto))
#define DEFINE_EVENT(class, name, proto, ...)	SHIM_TRACEPOINT(name, PARAMS(proto))
#define DECLARE_EVENT_CLASS(name, ...)
#define PARAMS(args...)		args

#endif
