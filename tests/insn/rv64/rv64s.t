# SPDX-License-Identifier: GPL-2.0
# What needs privilege, in compiled code: tests begin in S-mode with Sv39, with
# pages that are not U-mode's, and trap to S-mode. x20 is SPP's bit (0x100).

csrrw x0,0x141,x6 ; csrrs x0,0x100,x20 ; sret ; addi x5,x0,1 ; addi x7,x0,2 | x6=@16 x20=0x100 | x7=2
mret || trap=2 tval=0x30200073
ecall || trap=9
ebreak || trap=3 tval=@0
c.ebreak || trap=3 tval=@0
addi x5,x0,1 ; csrrw x6,0x140,x7 ; csrrs x9,0x140,x0 ; addi x5,x5,1 | x7=0x123 | x5=2 x6=? x9=0x123
csrrw x0,0x140,x7 ; csrrc x6,0x140,x9 ; csrrs x5,0x140,x0 | x7=0x123 x9=0x21 | x6=0x123 x5=0x102
# CSRs of M-mode
addi x5,x0,1 ; csrrs x6,0x300,x0 || trap=2 tval=0x30002373 x5=1
# wfi with an enabled interrupt pending (SSIP) does not wait
csrrwi x0,0x104,2 ; csrrsi x0,0x144,2 ; wfi ; csrrwi x0,0x104,0 ; csrrci x0,0x144,2 ||
# an interrupt is taken at once, and the instruction after it is the next
csrrwi x0,0x104,2 ; addi x5,x0,1 ; csrrsi x0,0x144,2 ; csrrsi x0,0x100,2 ; addi x5,x5,1 ; csrrci x0,0x100,2 ; csrrs x6,0x144,x0 || x5=2 x6=0
addi x5,x0,1 ; sfence.vma x0,x0 ; addi x5,x5,1 || x5=2
addi x5,x0,1 ; sfence.vma x6,x7 ; addi x5,x5,1 | x6=0x40010000 x7=0 | x5=2
sinval.vma x5,x6 ; addi x7,x0,1 || x7=1
sfence.w.inval ; addi x7,x0,1 || x7=1
sfence.inval.ir ; addi x7,x0,1 || x7=1
ld x5,0(x2) ; addi x5,x5,1 ; sd x5,8(x2) | mem0=41 | x5=42 mem0=41 mem1=42
# a fault in the middle of a unit: what is before it was done, what is after it was not
addi x5,x0,1 ; ld x6,0(x9) ; addi x5,x5,1 | x9=0x40004008 | trap=13 tval=0x40004008 x5=1
addi x5,x0,1 ; sd x6,0(x9) ; addi x5,x5,1 | x9=0x40005008 | trap=15 tval=0x40005008 x5=1
