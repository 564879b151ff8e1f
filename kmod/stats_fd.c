// SPDX-License-Identifier: GPL-2.0
/*
 * Counters as a file that describes itself, laid out as KVM's: header, name of the
 * object, descriptors, values. In: the tables of stats.c. The file holds its VM. It
 * may be handed on: it tells no more than that.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <uapi/linux/vmx_xlate.h>
#include "netlink.h"
#include "stats.h"
#include "vm.h"

#define NAME_SIZE	32u
#define DESC_SIZE	(sizeof(struct vmxl_stats_desc) + NAME_SIZE)

/**
 * struct stats_file - what a descriptor is of
 * @vm: the VM, held
 * @vcpu: a vCPU of it, or NULL: the VM itself
 * @table: its counters
 * @nr: how many
 * @hdr: how the file begins
 */
struct stats_file {
	struct vmxl_vm *vm;
	struct vmxl_vcpu *vcpu;
	const struct vmxl_stat *table;
	unsigned int nr;
	struct vmxl_stats_header hdr;
};

static const struct {
	u32 flags;
	s16 exponent;
} units[] = {
	[VMXL_STAT_NONE]	= { VMXL_STATS_UNIT_NONE, 0 },
	[VMXL_STAT_BYTES]	= { VMXL_STATS_UNIT_BYTES, 0 },
	[VMXL_STAT_NS]		= { VMXL_STATS_UNIT_SECONDS, -9 },
};

static const u32 types[] = {
	[VMXL_STAT_CUMULATIVE]	= VMXL_STATS_TYPE_CUMULATIVE,
	[VMXL_STAT_INSTANT]	= VMXL_STATS_TYPE_INSTANT,
};

static size_t file_size(const struct stats_file *sf)
{
	return sf->hdr.data_offset + sf->nr * sizeof(u64);
}

static void fill_desc(struct vmxl_stats_desc *desc, const struct vmxl_stat *stat, unsigned int i)
{
	desc->flags = types[stat->kind] | units[stat->unit].flags | VMXL_STATS_BASE_POW10;
	desc->exponent = units[stat->unit].exponent;
	desc->size = 1;
	desc->offset = i * sizeof(u64);
	snprintf(desc->name, NAME_SIZE, "%s", stat->name);
}

static void fill_id(const struct stats_file *sf, char *id)
{
	if (sf->vcpu)
		snprintf(id, NAME_SIZE, "vmxl-%u/vcpu-%u", vmxl_vm_id(sf->vm), sf->vcpu->id);
	else
		snprintf(id, NAME_SIZE, "vmxl-%u", vmxl_vm_id(sf->vm));
}

static void fill(const struct stats_file *sf, void *buf)
{
	u64 *data = buf + sf->hdr.data_offset;
	unsigned int i;

	memcpy(buf, &sf->hdr, sizeof(sf->hdr));
	fill_id(sf, buf + sf->hdr.id_offset);
	for (i = 0; i < sf->nr; i++) {
		fill_desc(buf + sf->hdr.desc_offset + i * DESC_SIZE, &sf->table[i], i);
		data[i] = sf->vcpu ? vmxl_vcpu_stat(sf->vcpu, i) : vmxl_vm_stat(sf->vm, i);
	}
}

static ssize_t stats_read(struct file *file, char __user *to, size_t n, loff_t *pos)
{
	const struct stats_file *sf = file->private_data;
	void *buf = kzalloc(file_size(sf), GFP_KERNEL);
	ssize_t ret;

	if (!buf)
		return -ENOMEM;
	fill(sf, buf);
	ret = simple_read_from_buffer(to, n, pos, buf, file_size(sf));
	kfree(buf);
	return ret;
}

static int stats_release(struct inode *inode, struct file *file)
{
	struct stats_file *sf = file->private_data;

	vmxl_vm_put(sf->vm);
	kfree(sf);
	return 0;
}

static const struct file_operations stats_fops = {
	.owner = THIS_MODULE,
	.read = stats_read,
	.release = stats_release,
	.llseek = noop_llseek,
};

static struct stats_file *new_file(struct vmxl_vm *vm, struct vmxl_vcpu *vcpu)
{
	struct stats_file *sf = kzalloc(sizeof(*sf), GFP_KERNEL_ACCOUNT);

	if (!sf)
		return NULL;
	sf->vm = vm;
	sf->vcpu = vcpu;
	sf->table = vcpu ? vmxl_vcpu_stats : vmxl_vm_stats;
	sf->nr = vcpu ? VMXL_VCPU_STAT_NR : VMXL_VM_STAT_NR;
	sf->hdr.name_size = NAME_SIZE;
	sf->hdr.num_desc = sf->nr;
	sf->hdr.id_offset = sizeof(sf->hdr);
	sf->hdr.desc_offset = sf->hdr.id_offset + NAME_SIZE;
	sf->hdr.data_offset = sf->hdr.desc_offset + sf->nr * DESC_SIZE;
	return sf;
}

/**
 * vmxl_stats_fd() - VMXL_GET_STATS_FD
 * @vm: the VM
 * @vcpu: a vCPU of it, or NULL
 * @arg: the ioctl's argument
 *
 * Return: a descriptor, or -errno.
 */
int vmxl_stats_fd(struct vmxl_vm *vm, struct vmxl_vcpu *vcpu, unsigned long arg)
{
	struct stats_file *sf;
	struct file *file;
	int fd;

	if (arg)
		return -EINVAL;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	sf = new_file(vm, vcpu);
	file = sf ? anon_inode_getfile("vmxl-stats", &stats_fops, sf, O_RDONLY) : ERR_PTR(-ENOMEM);
	if (IS_ERR(file)) {
		kfree(sf);
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	file->f_mode |= FMODE_PREAD;
	vmxl_vm_get(vm);
	fd_install(fd, file);
	return fd;
}

static_assert(sizeof(struct vmxl_stats_header) % 8 == 0 && DESC_SIZE % 8 == 0);
