/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests/bench/cost measures: a guest in the upper half, as tests/see/hot.S, that
 * computes, has many blocks compiled, and reads a device. Then it powers off.
 */
#define FINISHER	0x100000
#define PASS		0x5555
#define RTC		0x101000
#define BLOCKS		1200
#define ROUNDS		400
#define READS		2000
#define TURNS		60000000

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
main:
	li	s0, TURNS
1:	addi	s0, s0, -1
	xor	a1, a1, s0
	add	a2, a2, a1
	bnez	s0, 1b

	li	s0, ROUNDS
1:	call	blocks
	addi	s0, s0, -1
	bnez	s0, 1b

	li	s0, READS
	li	t0, RTC
1:	lw	a0, (t0)
	addi	s0, s0, -1
	bnez	s0, 1b

	li	t0, FINISHER
	li	t1, PASS
	sw	t1, (t0)
1:	j	1b

	.balign	4096
blocks:
	.rept	BLOCKS
	addi	a0, a0, 1
	xor	a1, a1, a0
	slli	a2, a1, 3
	j	2f
2:
	.endr
	ret

	.section .data
	.balign	4096
table:
	.dword	0xcf
	.dword	0
	.dword	(0x80000000 >> 2) | 0xcf
	.fill	507, 8, 0
	.dword	(0x80000000 >> 2) | 0xcf
	.dword	0
