// SPDX-License-Identifier: GPL-2.0
/*
 * A shrinker for the code of all VMs. In: memory pressure. Out: blocks that
 * nobody came by for a while (vmxl_cache_shrink()), pages that no code is in any
 * more (vmxl_code_trim()).
 *
 * Its objects are blocks. The VMs are in a list_lru for its lists by node and
 * control group, by which the kernel knows whose reclaim concerns which VM.
 *
 * Called by whoever allocates memory, with any lock that is not a spinlock. So
 * nothing here waits for a lock that may be held while memory is allocated:
 * cache->lock and the list's are spinlocks, the others are only tried.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list_lru.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include "../compat.h"
#include "../vm.h"
#include "cache.h"
#include "code.h"
#include "shrink.h"

/* A VM, in its control group's list */
struct vmxl_shrink {
	struct list_head list;
	struct vmxl_vm *vm;
};

static struct kmem_cache *items;
static struct list_lru vms;
static struct shrinker *shrinker;
static bool ready;		/* @vms may be looked at */
static DEFINE_MUTEX(scanning);	/* a VM that is looked at does not go; only tried by reclaim */

static bool is_ready(void)
{
	return smp_load_acquire(&ready);	/* pairs with vmxl_shrink_init() */
}

static struct vmxl_vm *vm_of(struct list_head *item)
{
	return container_of(item, struct vmxl_shrink, list)->vm;
}

static enum lru_status count_one(VMXL_LRU_WALK_ARGS)
{
	*(unsigned long *)arg += READ_ONCE(vm_of(item)->cache->nr_blocks);
	return LRU_SKIP;
}

/* The next in turn */
static enum lru_status take_one(VMXL_LRU_WALK_ARGS)
{
	*(struct vmxl_vm **)arg = vm_of(item);
	return LRU_ROTATE;
}

static unsigned long count_objects(struct shrinker *s, struct shrink_control *sc)
{
	unsigned long nr = 0, all = ULONG_MAX;

	if (!is_ready() || !list_lru_shrink_count(&vms, sc))
		return SHRINK_EMPTY;
	list_lru_walk_one(&vms, sc->nid, sc->memcg, count_one, &nr, &all);
	return nr ?: SHRINK_EMPTY;
}

static unsigned long scan_vms(struct shrink_control *sc)
{
	unsigned long left = list_lru_shrink_count(&vms, sc), seen = 0, freed = 0, one;
	struct vmxl_vm *vm;

	for (; left && seen < sc->nr_to_scan; left--) {
		vm = NULL;
		one = 1;
		list_lru_walk_one(&vms, sc->nid, sc->memcg, take_one, &vm, &one);
		if (!vm)
			break;
		freed += vmxl_cache_shrink(vm->cache, sc->nr_to_scan - seen, &seen);
		if (vm->code)
			vmxl_code_trim(vm->code);
		cond_resched();
	}
	sc->nr_scanned = seen;
	return seen ? freed : SHRINK_STOP;	/* or we are asked for ever */
}

/* Zaps may not be waited for where file systems are not to be entered. */
static unsigned long scan_objects(struct shrinker *s, struct shrink_control *sc)
{
	unsigned long freed;

	if (!(sc->gfp_mask & __GFP_FS) || !is_ready() || !mutex_trylock(&scanning))
		return SHRINK_STOP;
	freed = scan_vms(sc);
	mutex_unlock(&scanning);
	return freed;
}

/**
 * vmxl_shrink_init() - be asked for memory
 *
 * Return: 0 or -errno.
 */
int vmxl_shrink_init(void)
{
	int ret = -ENOMEM;

	items = KMEM_CACHE(vmxl_shrink, SLAB_ACCOUNT);
	if (!items)
		return ret;
	shrinker = vmxl_shrinker_register("vmx_xlate-code", count_objects, scan_objects);
	if (!shrinker)
		goto err_items;
	ret = list_lru_init_memcg(&vms, shrinker);
	if (ret)
		goto err_shrinker;
	smp_store_release(&ready, true);	/* pairs with is_ready() */
	return 0;

err_shrinker:
	vmxl_shrinker_free(shrinker);
err_items:
	kmem_cache_destroy(items);
	return ret;
}

/**
 * vmxl_shrink_exit() - be asked no more
 *
 * There is no VM any more.
 */
void vmxl_shrink_exit(void)
{
	vmxl_shrinker_free(shrinker);
	ready = false;
	list_lru_destroy(&vms);
	kmem_cache_destroy(items);
}

/**
 * vmxl_shrink_add() - a VM's code may be asked for
 * @vm: the VM, complete; one of a process in the control group that pays for it
 *
 * Return: 0 or -ENOMEM.
 */
int vmxl_shrink_add(struct vmxl_vm *vm)
{
	if (!ready)
		return 0;
	vm->shrink = kmem_cache_alloc_lru(items, &vms, GFP_KERNEL_ACCOUNT);
	if (!vm->shrink)
		return -ENOMEM;
	vm->shrink->vm = vm;
	INIT_LIST_HEAD(&vm->shrink->list);
	vmxl_list_lru_add(&vms, &vm->shrink->list);
	return 0;
}

/**
 * vmxl_shrink_del() - a VM goes
 * @vm: the VM
 *
 * When this returns nobody looks at it on behalf of reclaim.
 */
void vmxl_shrink_del(struct vmxl_vm *vm)
{
	if (!vm->shrink)
		return;
	mutex_lock(&scanning);
	vmxl_list_lru_del(&vms, &vm->shrink->list);
	mutex_unlock(&scanning);
	kmem_cache_free(items, vm->shrink);
	vm->shrink = NULL;
}
