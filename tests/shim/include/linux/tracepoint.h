/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints are functions that do nothing; their arguments are still checked. */
#ifndef SHIM_LINUX_TRACEPOINT_H
#define SHIM_LINUX_TRACEPOINT_H

#include <linux/types.h>

#define TP_PROTO(args...)	args
#define TP_ARGS(args...)	args
#define TP_CONDITION(args...)	args
#define TRACE_EVENT(name, proto, args, rest...)				\
	static inline void trace_##name(proto) { }			\
	static inline bool trace_##name##_enabled(void) { return false; }
#define TRACE_EVENT_CONDITION(name, proto, args, cond, rest...) TRACE_EVENT(name, proto, args)
#define TRACE_EVENT_FN(name, proto, args, rest...) TRACE_EVENT(name, proto, args)
#define DECLARE_TRACE(name, proto, args) TRACE_EVENT(name, proto, args)
#define DECLARE_EVENT_CLASS(name, rest...)
#define DEFINE_EVENT(class, name, proto, args) TRACE_EVENT(name, proto, args)
#define DEFINE_EVENT_PRINT(class, name, proto, args, print) TRACE_EVENT(name, proto, args)
#define TRACE_DEFINE_ENUM(x)
#define TRACE_DEFINE_SIZEOF(x)
#define EXPORT_TRACEPOINT_SYMBOL_GPL(name) struct shim_export
#define tracepoint_enabled(name) false
#define DECLARE_TRACEPOINT(name) struct shim_export

#endif
