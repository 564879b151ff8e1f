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
# sstatus.FS and SUM: another view, and back
csrrc x5,0x100,x6 ; csrrs x7,0x100,x6 ; csrrs x9,0x100,x0 ; xor x7,x7,x5 ; xor x9,x9,x5 | x6=0x6000 | x5=? x7=0x8000000000006000 x9=0
csrrc x5,0x100,x6 ; csrrs x7,0x100,x6 ; csrrs x9,0x100,x0 ; xor x7,x7,x5 ; xor x9,x9,x5 | x6=0x40000 | x5=? x7=0x40000 x9=0
csrrs x5,0x100,x0 ; xor x7,x5,x6 ; csrrw x9,0x100,x7 ; csrrw x10,0x100,x5 ; xor x9,x9,x5 ; xor x10,x10,x7 | x6=0x40122 | x5=? x7=? x9=0 x10=0
csrrc x0,0x100,x6 ; fadd.d f1,f2,f3 | x6=0x6000 | trap=2 tval=0x023170d3
csrrc x0,0x100,x6 ; addi x5,x0,1 ; csrrs x0,0x100,x6 ; fadd.d f1,f2,f3 | x6=0x6000 f2=d1 f3=d2 | x5=1 f1=d3
csrrs x0,0x100,x6 ; ld x5,0(x2) ; csrrc x0,0x100,x6 ; sd x5,8(x2) | x6=0x40000 mem0=5 | x5=5 mem0=5 mem1=5
# FS becomes dirty by fflags, in the same unit
csrrc x0,0x100,x6 ; csrrs x0,0x100,x7 ; csrrwi x0,1,0 ; csrrs x9,0x100,x0 ; srli x9,x9,63 | x6=0x6000 x7=0x2000 | x9=1
# MXR is not for translated code, nor what is done while it is set
csrrs x0,0x100,x6 ; csrrs x0,0x100,x7 ; csrrc x5,0x100,x7 ; csrrc x9,0x100,x6 ; csrrs x10,0x100,x0 ; xor x5,x5,x10 ; xor x9,x9,x10 | x6=0x80000 x7=0x40000 | x5=0xc0000 x9=0x80000 x10=?
# sret: SPIE goes to SIE, SPP to the mode
csrrc x0,0x100,x9 ; csrrs x0,0x100,x20 ; csrrw x0,0x141,x6 ; sret ; addi x5,x0,1 ; csrrs x7,0x100,x0 ; and x7,x7,x9 | x9=0x122 x20=0x100 x6=@20 | x7=0x20
csrrc x0,0x100,x9 ; csrrs x0,0x100,x20 ; csrrw x0,0x141,x6 ; sret ; addi x5,x0,1 ; csrrci x7,0x100,2 ; and x7,x7,x9 | x9=0x122 x20=0x120 x6=@20 | x7=0x22
csrrs x0,0x100,x20 ; csrrw x0,0x141,x6 ; sret ; ld x5,0(x2) | x20=0x100 x6=@12 mem0=9 | x5=9 mem0=9
# what waited for SIE is taken at once, whoever sets it
csrrwi x0,0x104,2 ; csrrsi x0,0x144,2 ; csrrs x0,0x100,x20 ; csrrw x0,0x141,x6 ; sret ; addi x5,x0,1 ; csrrs x7,0x144,x0 ; csrrci x0,0x100,2 | x20=0x120 x6=@24 | x7=0
csrrwi x0,0x104,2 ; csrrsi x0,0x144,2 ; csrrs x0,0x100,x6 ; csrrs x7,0x144,x0 ; csrrc x0,0x100,x6 | x6=0x40002 | x7=0
csrrwi x0,0x104,2 ; csrrsi x0,0x144,2 ; csrrs x5,0x100,x0 ; xor x5,x5,x6 ; csrrw x0,0x100,x5 ; csrrs x7,0x144,x0 ; csrrc x0,0x100,x6 | x6=0x40002 | x5=? x7=0
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
