// SPDX-License-Identifier: GPL-2.0
/*
 * References and parameters of the module; what it left behind.
 */
#include <linux/cred.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include "internal.h"

struct module shim_this_module = { .name = KBUILD_MODNAME };

bool try_module_get(struct module *mod)
{
	if (!mod)
		return true;
	if (READ_ONCE(mod->gone))
		return false;
	atomic_inc(&mod->refs);
	return true;
}

void __module_get(struct module *mod)
{
	if (mod)
		atomic_inc(&mod->refs);
}

void module_put(struct module *mod)
{
	if (mod && atomic_dec_return(&mod->refs) < 0)
		shim_bug(SHIM_SITE, "module_put() of a module that nobody holds");
}

/* Parameters: the link collects them in a section. */

extern struct shim_param __start_shim_params[] __weak;
extern struct shim_param __stop_shim_params[] __weak;

static int param_parse(const struct shim_param *p, const char *val)
{
	if (!strcmp(p->type, "bool"))
		return kstrtobool(val, p->addr);
	if (!strcmp(p->type, "int"))
		return kstrtoint(val, 0, p->addr);
	if (!strcmp(p->type, "uint"))
		return kstrtouint(val, 0, p->addr);
	if (!strcmp(p->type, "ulong"))
		return kstrtoul(val, 0, p->addr);
	if (!strcmp(p->type, "charp")) {
		*(const char **)p->addr = val;
		return 0;
	}
	return -EINVAL;
}

int shim_param_set(const char *name, const char *val)
{
	struct shim_param *p;

	for (p = __start_shim_params; p < __stop_shim_params; p++) {
		if (!strcmp(p->name, name))
			return param_parse(p, val);
	}
	return -ENOENT;
}

void shim_params_from_environment(void)
{
	struct shim_param *p;
	char name[64];
	const char *val;

	for (p = __start_shim_params; p < __stop_shim_params; p++) {
		snprintf(name, sizeof(name), "SHIM_PARAM_%s", p->name);
		val = getenv(name);
		if (val && param_parse(p, val))
			fprintf(stderr, "shim: bad value of %s\n", name);
	}
}

static int counter_report(const char *what, long is, long should)
{
	if (is == should)
		return 0;
	fprintf(stderr, "shim: leak: %s is %ld, not %ld\n", what, is, should);
	return 1;
}

int shim_check_leaks(void)
{
	int n;

	shim_run_task_works();
	shim_flush_system_wq();
	rcu_barrier();
	n = shim_track_report() + shim_timers_report();
	n += counter_report("module references", atomic_read(&shim_this_module.refs), 0);
	n += counter_report("mm_users", atomic_read(&shim_mm.mm_users), 1);
	n += counter_report("mm_count", atomic_read(&shim_mm.mm_count), 1);
	n += counter_report("mm->locked_vm", shim_mm.locked_vm, 0);
	n += counter_report("mm->pinned_vm", atomic64_read(&shim_mm.pinned_vm), 0);
	n += counter_report("user references", refcount_read(&shim_user.__count), 1);
	n += counter_report("credentials", atomic_read(&shim_cred.usage), 1);
	n += counter_report("user->locked_vm", atomic_long_read(&shim_user.locked_vm), 0);
	return n;
}
