/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_NOSPEC_H
#define SHIM_LINUX_NOSPEC_H

#define array_index_nospec(i, n) ({					\
	typeof(i) shim_i_ = (i);					\
	shim_i_ < (n) ? shim_i_ : 0;					\
})

#endif
