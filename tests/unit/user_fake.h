/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module that is not there: sys.h for tests of the launcher. VMs, vCPUs and
 * devices are numbers, registers are remembered, and RUN does what a script
 * says. Links in place of user/sys_kernel.c.
 */
#ifndef VMXL_TEST_USER_FAKE_H
#define VMXL_TEST_USER_FAKE_H

#include <linux/vmx_xlate.h>
#include <stdbool.h>

/* Interrupt lines, as IRQ_LINE set them. */
extern bool fake_irq[1024];

/*
 * RUN of vCPU 0: the next item of the comma separated script in $VMXL_FAKE:
 *	wADDR=VALUE	4 byte write		bADDR=VALUE	1 byte write
 *	rADDR		4 byte read		pTEXT		TEXT to the UART
 *	off		shutdown		fail		shutdown, system failure
 *	reset		reset			err		internal error
 *	einval		RUN fails		hang		wait for a kick
 *	dTEXT		TEXT through the SBI debug console
 * At the end of the script: off. Other vCPUs hang.
 */

#endif
