/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's netlink family, as its tests ask it.
 */
#ifndef SELFTESTS_FAM_H
#define SELFTESTS_FAM_H

#include "nl.h"

#define ANSWER(attr)	({ CHECK(r.has[VMXL_NL_A_##attr]); r.val[VMXL_NL_A_##attr]; })
#define STAT(id)	(r.stat[VMXL_NL_VCPU_STAT_##id])

/* The socket that requests go by, the family's number, its group's */
struct fam {
	int sock;
	int id;
	int group;
};

extern struct fam fam;

/* Find the family; without the kernel the test is skipped. */
void fam_open(void);

/* A request, and one for a dump; of VM @vm unless that is 0 */
struct msg fam_request(int cmd, u32 vm);
struct msg fam_dump(int cmd, u32 vm);

int fam_get(int cmd, u32 vm, struct reply *r);
int fam_get_vcpu(u32 vm, u32 vcpu, struct reply *r);

/* All VMs that may be seen; of those of this process how many, and the highest number */
struct vms {
	u32 last, max, pid;
	unsigned int nr, of_pid;
	bool sorted;
};

struct vms fam_vms(int fd);
/* The number of the VM that this process made last */
u32 fam_newest(void);

/* Have @fd receive events: 0 or an error */
int fam_join(int fd);

/* Whether it is this program that an answer is about */
bool fam_is_own(const struct reply *r);

#endif
