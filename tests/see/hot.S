/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest kernel of a few functions: enters S-mode's upper half, as Linux does, and
 * spends its time in hot_loop(), less of it in warm_loop(); how often it will do so is in
 * left. Then it powers off.
 */
#define FINISHER	0x100000
#define PASS		0x5555
#ifndef ROUNDS
#define ROUNDS		100000
#endif

	.section .text
	.globl _start
_start:
	lla	t0, table
	srli	t0, t0, 12
	li	t1, 8 << 60
	or	t0, t0, t1
	sfence.vma
	csrw	satp, t0
	ld	t0, upper
	jr	t0
	.balign	8
upper:	.dword	main

	.balign	4096
	.globl main
main:
	li	s0, ROUNDS
1:	li	a0, 4000
	call	hot_loop
	li	a0, 500
	call	warm_loop
	addi	s0, s0, -1
	sd	s0, left, t0
	bnez	s0, 1b
	li	t0, FINISHER
	li	t1, PASS
	sw	t1, (t0)
1:	j	1b

	.balign	4096
	.type	hot_loop, @function
hot_loop:
	addi	a0, a0, -1
	xor	a1, a1, a0
	bnez	a0, hot_loop
	ret

	.balign	4096
	.type	warm_loop, @function
warm_loop:
	addi	a0, a0, -1
	add	a1, a1, a0
	bnez	a0, warm_loop
	ret

/* Three pages of a gigabyte: devices, RAM where it is, RAM in the upper half (global) */
	.section .data
	.balign	4096
table:
	.dword	0xcf
	.dword	0
	.dword	(0x80000000 >> 2) | 0xcf
	.fill	507, 8, 0
	.dword	(0x80000000 >> 2) | 0xef
	.dword	0
left:	.dword	0
