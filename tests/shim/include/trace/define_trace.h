/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing is to be defined: linux/tracepoint.h */
