/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The code at IMG_BASE (image.h). Linked there, flat; executed by our machine
 * in M-mode or U-mode, and by the oracle in user mode.
 */
#include "image.h"

#define CTL_CASE	0	/* current case */
#define CTL_LEFT	8
#define CTL_RA		16
#define CTL_SP		24
#define CTL_GP		32
#define CTL_TP		40
#define CTL_S		48	/* s0..s11 */
#define CTL_X5		144
#define CTL_STATUS	152

	.option norvc
	.section .text
	.globl	_start
_start:
	j	dump
	nop
	j	run
	nop
	j	trap
	nop
	sb	zero, 0(zero)	/* a device access: leaves our machine */
	j	.
trap:
	/* only our machine comes here: M-mode */
	csrw	mscratch, x1
	lui	x31, IMG_CTL >> 12
	ld	x31, CTL_CASE(x31)
	csrr	x1, mtval
	sd	x1, CASE_TVAL(x31)
	csrr	x1, mcause
	addi	x1, x1, 1
	sd	x1, CASE_TRAP(x31)
	lui	x1, 6		/* mstatus.FS, should the test have cleared it */
	csrs	mstatus, x1
	csrr	x1, mscratch
dump:
	lui	x31, IMG_CTL >> 12
	ld	x31, CTL_CASE(x31)
	addi	x31, x31, CASE_OUT
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	sd	x\n, STATE_X + 8 * \n(x31)
	.endr
	csrr	x1, fcsr
	sd	x1, STATE_FCSR(x31)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	fsd	f\n, STATE_F + 8 * \n(x31)
	.endr
	/* the sandbox out */
	lui	t0, IMG_MIDDLE >> 12
	addi	t0, t0, IMG_SANDBOX - IMG_MIDDLE
	addi	t1, t0, IMG_MEM * 8
	mv	t2, x31
1:	ld	t3, 0(t0)
	sd	t3, STATE_MEM(t2)
	addi	t0, t0, 8
	addi	t2, t2, 8
	bne	t0, t1, 1b
	/* next */
	lui	t0, IMG_CTL >> 12
	ld	t1, CTL_CASE(t0)
	ld	t2, CTL_LEFT(t0)
	addi	t1, t1, CASE_OUT
	addi	t1, t1, CASE_SIZE - CASE_OUT
	addi	t2, t2, -1
	sd	t1, CTL_CASE(t0)
	sd	t2, CTL_LEFT(t0)
	bnez	t2, next
	ld	ra, CTL_RA(t0)
	ld	sp, CTL_SP(t0)
	ld	gp, CTL_GP(t0)
	ld	tp, CTL_TP(t0)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	ld	s\n, CTL_S + 8 * \n(t0)
	.endr
	ret
run:
	lui	t0, IMG_CTL >> 12
	sd	ra, CTL_RA(t0)
	sd	sp, CTL_SP(t0)
	sd	gp, CTL_GP(t0)
	sd	tp, CTL_TP(t0)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	sd	s\n, CTL_S + 8 * \n(t0)
	.endr
	sd	a0, CTL_CASE(t0)
	sd	a1, CTL_LEFT(t0)
next:
	lui	t0, IMG_CTL >> 12
	ld	x31, CTL_CASE(t0)
	/* the sandbox in */
	lui	t0, IMG_MIDDLE >> 12
	addi	t0, t0, IMG_SANDBOX - IMG_MIDDLE
	addi	t1, t0, IMG_MEM * 8
	mv	t2, x31
2:	ld	t3, CASE_IN + STATE_MEM(t2)
	sd	t3, 0(t0)
	addi	t0, t0, 8
	addi	t2, t2, 8
	bne	t0, t1, 2b
	sd	zero, CASE_TRAP(x31)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	fld	f\n, CASE_IN + STATE_F + 8 * \n(x31)
	.endr
	ld	x1, CASE_IN + STATE_FCSR(x31)
	csrw	fcsr, x1
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	ld	x\n, CASE_IN + STATE_X + 8 * \n(x31)
	.endr
	ld	x31, CASE_CODE(x31)
	jr	x31

	/* The S-mode of a machine whose tests are U-mode's: traps as above, */
	/* interrupts (SSIP) are taken and nothing else; a call of IMG_SYSCALL does */
	/* as an operating system does: without FP, with access to the caller's memory */
	/* where it is needed; it adds 1 to a0. U-mode has SUM clear. */
	.org	IMG_STRAP - IMG_BASE
strap:
	csrw	sscratch, x1
	csrr	x1, scause
	bltz	x1, interrupt
	addi	x1, x1, -8
	bnez	x1, exception
	lui	x1, IMG_SYSCALL >> 12
	beq	x17, x1, syscall
exception:
	lui	x1, 0x46	/* sstatus.SUM, FS */
	csrs	sstatus, x1
	csrr	x1, scause
	lui	x31, IMG_CTL >> 12
	ld	x31, CTL_CASE(x31)
	addi	x1, x1, 1
	sd	x1, CASE_TRAP(x31)
	csrr	x1, stval
	sd	x1, CASE_TVAL(x31)
	lui	x1, IMG_DUMP >> 12
	csrw	sepc, x1
	csrr	x1, sstatus
	andi	x1, x1, 0x100
	bnez	x1, 3f
	lui	x1, 0x40
	csrc	sstatus, x1
3:	csrr	x1, sscratch
	sret
syscall:
	csrr	x1, sepc
	addi	x1, x1, 4
	csrw	sepc, x1
	lui	x1, 0x46
	csrc	sstatus, x1
	lui	x1, 0x40
	csrs	sstatus, x1
	lui	x1, IMG_CTL >> 12
	sd	x5, CTL_X5(x1)
	csrr	x5, sstatus
	sd	x5, CTL_STATUS(x1)
	lui	x5, 0x40
	csrrc	x5, sstatus, x5
	addi	x10, x10, 1
	csrw	sstatus, x5
	ld	x5, CTL_X5(x1)
	lui	x1, 0x40
	csrc	sstatus, x1
	lui	x1, 6
	csrs	sstatus, x1
	csrr	x1, sscratch
	sret
interrupt:
	csrci	sip, 2
	csrr	x1, sscratch
	sret
