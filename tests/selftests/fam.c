// SPDX-License-Identifier: GPL-2.0
/*
 * The module's netlink family. See fam.h.
 */
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fam.h"

struct fam fam;

void fam_open(void)
{
	need_kernel();
	if (!fam.sock)
		fam.sock = nl_socket();
	fam.id = nl_family(fam.sock, &fam.group);
	CHECK(fam.id > 0);
}

static struct msg new_request(int flags, int cmd, u32 vm)
{
	struct msg m;

	msg_init(&m, fam.id, flags, cmd);
	if (vm)
		msg_put_u32(&m, VMXL_NL_A_VM_ID, vm);
	return m;
}

struct msg fam_request(int cmd, u32 vm)
{
	return new_request(NLM_F_REQUEST, cmd, vm);
}

struct msg fam_dump(int cmd, u32 vm)
{
	return new_request(NLM_F_REQUEST | NLM_F_DUMP, cmd, vm);
}

int fam_get(int cmd, u32 vm, struct reply *r)
{
	struct msg m = fam_request(cmd, vm);

	return nl_call(fam.sock, &m, r);
}

int fam_get_vcpu(u32 vm, u32 vcpu, struct reply *r)
{
	struct msg m = fam_request(VMXL_NL_CMD_VCPU_GET, vm);

	msg_put_u32(&m, VMXL_NL_A_VCPU_ID, vcpu);
	return nl_call(fam.sock, &m, r);
}

static void note_vm(const struct reply *r, void *opaque)
{
	struct vms *vms = opaque;
	u32 id = r->val[VMXL_NL_A_VM_ID];

	vms->sorted = vms->sorted && id > vms->last;
	vms->last = id;
	vms->nr++;
	if (r->val[VMXL_NL_A_PID] == vms->pid) {
		vms->of_pid++;
		vms->max = id;
	}
}

struct vms fam_vms(int fd)
{
	struct vms vms = { .pid = getpid(), .sorted = true };
	struct msg m = fam_dump(VMXL_NL_CMD_VM_GET, 0);

	CHECK_EQ(nl_dump(fd, &m, note_vm, &vms), 0);
	CHECK(vms.sorted);
	return vms;
}

u32 fam_newest(void)
{
	return fam_vms(fam.sock).max;
}

int fam_join(int fd)
{
	if (!setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &fam.group, sizeof(fam.group)))
		return 0;
	return errno;
}

bool fam_is_own(const struct reply *r)
{
	char name[16];

	CHECK_OK(prctl(PR_GET_NAME, name));
	return !strcmp(r->comm, name);
}
