/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_THREAD_INFO_H
#define SHIM_LINUX_THREAD_INFO_H

#define TIF_NOTSC		16
#define test_thread_flag(flag)	((void)(flag), 0)

#endif
