// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading. Only who links this needs the whole module.
 */
#include <linux/module.h>
#include "internal.h"

int shim_init(void)
{
	int ret;

	shim_params_from_environment();
	shim_enter();
	WRITE_ONCE(shim_this_module.gone, false);
	ret = shim_module_init();
	shim_leave();
	return ret;
}

void shim_exit(void)
{
	if (atomic_read(&shim_this_module.refs))
		shim_bug(SHIM_SITE, "unloading a module that is in use");
	WRITE_ONCE(shim_this_module.gone, true);
	shim_enter();
	shim_module_exit();
	shim_leave();
}
