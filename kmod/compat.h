/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kernels from 6.1 on call differently. The newest name is used in the
 * code; older kernels get it here.
 */
#ifndef VMXL_COMPAT_H
#define VMXL_COMPAT_H

#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/list_lru.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/shrinker.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set, vm_flags_t clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <linux/pfn_t.h>
#define vmxl_insert_pfn_pmd(vmf, pfn, write) vmf_insert_pfn_pmd(vmf, pfn_to_pfn_t(pfn), write)
#else
#define vmxl_insert_pfn_pmd(vmf, pfn, write) vmf_insert_pfn_pmd(vmf, pfn, write)
#endif

typedef unsigned long vmxl_shrink_fn(struct shrinker *s, struct shrink_control *sc);

/*
 * A shrinker that is told of nodes and control groups; NULL: there is none to be
 * had. Older kernels may call it before its list_lru is there.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
static inline struct shrinker *vmxl_shrinker_register(const char *name, vmxl_shrink_fn *count,
						      vmxl_shrink_fn *scan)
{
	static struct shrinker s;

	s = (struct shrinker) {
		.count_objects = count,
		.scan_objects = scan,
		.seeks = DEFAULT_SEEKS,
		.flags = SHRINKER_NUMA_AWARE | SHRINKER_MEMCG_AWARE,
	};
	return register_shrinker(&s, "%s", name) ? NULL : &s;
}

#define vmxl_shrinker_free(s)		unregister_shrinker(s)
#else
static inline struct shrinker *vmxl_shrinker_register(const char *name, vmxl_shrink_fn *count,
						      vmxl_shrink_fn *scan)
{
	struct shrinker *s = shrinker_alloc(SHRINKER_NUMA_AWARE | SHRINKER_MEMCG_AWARE, "%s",
					    name);

	if (!s)
		return NULL;
	s->count_objects = count;
	s->scan_objects = scan;
	shrinker_register(s);
	return s;
}

#define vmxl_shrinker_free(s)		shrinker_free(s)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define vmxl_list_lru_add(lru, item)	list_lru_add(lru, item)
#define vmxl_list_lru_del(lru, item)	list_lru_del(lru, item)
#else
#define vmxl_list_lru_add(lru, item)	list_lru_add_obj(lru, item)
#define vmxl_list_lru_del(lru, item)	list_lru_del_obj(lru, item)
#endif

/* What a function that walks a list_lru is given */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define VMXL_LRU_WALK_ARGS	\
	struct list_head *item, struct list_lru_one *list, spinlock_t *lock, void *arg
#else
#define VMXL_LRU_WALK_ARGS	\
	struct list_head *item, struct list_lru_one *list, void *arg
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define vmxl_eventfd_signal(ctx)	eventfd_signal(ctx, 1)
#else
#define vmxl_eventfd_signal(ctx)	eventfd_signal(ctx)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* Shared memory of no size; d_path() shows "/NAME (deleted)". */
static inline struct file *vmxl_shmem_file(const char *name)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
	return shmem_file_setup(name, 0, 0);
#else
	return shmem_file_setup(name, 0, (vma_flags_t){ });
#endif
}

/* How long a thread could have run and others did, in ns; 0 where the kernel does not know */
static inline u64 vmxl_run_delay(const struct task_struct *task)
{
#ifdef CONFIG_SCHED_INFO
	return READ_ONCE(task->sched_info.run_delay);
#else
	return 0;
#endif
}

#endif /* VMXL_COMPAT_H */
