# SPDX-License-Identifier: GPL-2.0
# Privileged instructions; tests begin in M-mode with all memory open to S and U.
# x20 is MPP's bits (0x1800), for clearing them; 0x800 is S, 0 U.

# To the address in x6 in the mode that x21 says
csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; addi x5,x0,1 ; addi x7,x0,2 | x20=0x1800 x21=0x1800 x6=@20 | x7=2
csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; addi x5,x0,1 ; ecall | x20=0x1800 x21=0x800 x6=@20 | trap=9
csrrc x0,0x300,x20 ; csrrw x0,0x341,x6 ; mret ; addi x5,x0,1 ; ecall | x20=0x1800 x6=@16 | trap=8
# mret and sret without the privilege
csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; mret | x20=0x1800 x21=0x800 x6=@16 | trap=2 tval=0x30200073
csrrc x0,0x300,x20 ; csrrw x0,0x341,x6 ; mret ; sret | x20=0x1800 x6=@12 | trap=2 tval=0x10200073
# sret in M-mode: SPP says where to
csrrs x0,0x300,x21 ; csrrw x0,0x141,x6 ; sret ; addi x5,x0,1 ; ecall | x21=0x100 x6=@16 | trap=9
csrrc x0,0x300,x21 ; csrrw x0,0x141,x6 ; sret ; addi x5,x0,1 ; ecall | x21=0x100 x6=@16 | trap=8
# TSR
csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; sret | x20=0x1800 x21=0x400800 x6=@16 | trap=2 tval=0x10200073
# wfi with an enabled interrupt pending (SSIP) does not wait
csrrwi x0,0x304,2 ; csrrsi x0,0x344,2 ; wfi ; csrrwi x0,0x304,0 ; csrrci x0,0x344,2 ||
# sstatus: its bits one by one, by what guest code does itself and by what it does not (SUM)
csrrci x0,0x100,2 ; csrrsi x5,0x100,2 ; csrrci x6,0x100,2 ; xor x7,x5,x6 ; csrrs x9,0x100,x0 ; xor x9,x9,x5 || x5=? x6=? x7=2 x9=0
csrrc x0,0x100,x6 ; csrrs x5,0x100,x6 ; csrrc x7,0x100,x6 ; xor x9,x5,x7 ; csrrs x10,0x100,x0 ; xor x10,x10,x5 | x6=0x122 | x5=? x7=? x9=0x122 x10=0
csrrc x0,0x100,x6 ; csrrs x5,0x100,x6 ; csrrc x7,0x100,x6 ; xor x9,x5,x7 ; csrrs x10,0x100,x0 ; xor x10,x10,x5 | x6=0x40122 | x5=? x7=? x9=0x40122 x10=0
csrrc x0,0x100,x6 ; csrrs x5,0x100,x0 ; or x6,x6,x5 ; csrrw x7,0x100,x6 ; xor x7,x7,x5 ; csrrw x9,0x100,x5 ; xor x9,x9,x5 | x6=0x122 | x5=? x6=? x7=0 x9=0x122
csrrc x0,0x100,x6 ; csrrs x5,0x100,x0 ; or x6,x6,x5 ; csrrw x7,0x100,x6 ; xor x7,x7,x5 ; csrrw x9,0x100,x5 ; xor x9,x9,x5 | x6=0xc0122 | x5=? x6=? x7=0 x9=0xc0122
csrrs x5,0x100,x0 ; srli x6,x5,63 ; srli x7,x5,32 ; andi x7,x7,3 || x5=? x6=1 x7=2
# setting SIE takes the interrupt that waited for it (SSI; stvec is x7), before the next instruction
csrrwi x0,0x303,2 ; csrrwi x0,0x304,2 ; csrrsi x0,0x344,2 ; csrrw x0,0x105,x7 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; addi x5,x0,1 ; csrrsi x0,0x100,2 ; addi x9,x0,1 ; addi x10,x0,1 ; csrrs x11,0x142,x0 ; csrrci x0,0x144,2 ; csrrwi x0,0x104,0 ; ecall | x6=@32 x7=@48 x20=0x1802 x21=0x800 | x5=1 x11=0x8000000000000001 trap=9
csrrwi x0,0x303,2 ; csrrwi x0,0x304,2 ; csrrsi x0,0x344,2 ; csrrw x0,0x105,x7 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; addi x5,x0,2 ; csrrs x0,0x100,x5 ; addi x9,x0,1 ; addi x10,x0,1 ; csrrs x11,0x142,x0 ; csrrci x0,0x144,2 ; csrrwi x0,0x104,0 ; ecall | x6=@32 x7=@48 x20=0x1802 x21=0x800 | x5=2 x11=0x8000000000000001 trap=9
# registers that are a slot each; an address keeps its lowest bit clear; not for U-mode
csrrw x0,0x140,x6 ; csrrsi x5,0x140,1 ; csrrci x7,0x140,2 ; csrrw x9,0x140,x0 | x6=0x76 | x5=0x76 x7=0x77 x9=0x75
csrrw x0,0x141,x6 ; csrrsi x5,0x141,3 ; csrrw x7,0x141,x0 | x6=0x1235 | x5=0x1234 x7=0x1236
csrrw x0,0x142,x6 ; csrrc x5,0x142,x6 ; csrrs x7,0x142,x0 | x6=-1 | x5=-1 x7=0
csrrw x6,0x143,x6 ; csrrw x6,0x143,x6 | x6=0x99 | x6=0x99
csrrc x0,0x300,x20 ; csrrw x0,0x341,x6 ; mret ; csrrs x5,0x140,x0 | x20=0x1800 x6=@12 | trap=2 tval=0x140022f3
csrrc x0,0x300,x20 ; csrrw x0,0x341,x6 ; mret ; csrrci x0,0x100,2 | x20=0x1800 x6=@12 | trap=2 tval=0x10017073
# TW: wfi is illegal below M
csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; wfi | x20=0x1800 x21=0x200800 x6=@16 | trap=2 tval=0x10500073
sfence.vma x0,x0 ||
sfence.vma x5,x6 ||
csrrc x0,0x300,x20 ; csrrw x0,0x341,x6 ; mret ; sfence.vma x0,x0 | x20=0x1800 x6=@12 | trap=2 tval=0x12000073
# TVM
csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; sfence.vma x5,x0 | x20=0x1800 x21=0x100800 x6=@16 | trap=2 tval=0x12028073
sinval.vma x5,x6 ||
csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; sinval.vma x5,x0 | x20=0x1800 x21=0x100800 x6=@16 | trap=2 tval=0x16028073
sfence.w.inval ||
csrrc x0,0x300,x20 ; csrrw x0,0x341,x6 ; mret ; sfence.w.inval | x20=0x1800 x6=@12 | trap=2 tval=0x18000073
sfence.inval.ir ||
csrrc x0,0x300,x20 ; csrrw x0,0x341,x6 ; mret ; sfence.inval.ir | x20=0x1800 x6=@12 | trap=2 tval=0x18100073

# Zawrs: nothing reserved, so nothing to wait for
wrs.nto ||
wrs.sto ||

# Zicbom, Zicboz: always allowed in M-mode
cbo.zero (x6) | x6=0x40002f47 | mem8=0 mem9=0 mem10=0 mem11=0 mem12=0 mem13=0 mem14=0 mem15=0
cbo.clean (x6) | x6=0x40002f40 |
cbo.flush (x6) | x6=0x40002f40 |
cbo.inval (x6) | x6=0x40002f40 |
# below M-mode as menvcfg says; x22 is what is set there (M to S, or to U with senvcfg)
csrrw x0,0x30a,x0 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; cbo.zero (x2) | x20=0x1800 x21=0x800 x6=@20 | trap=2 tval=0x0041200f
csrrw x0,0x30a,x22 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; cbo.zero (x2) ; ecall | x20=0x1800 x21=0x800 x22=0x80 x6=@20 | trap=9 mem0=0 mem1=0 mem2=0 mem3=0 mem4=0 mem5=0 mem6=0 mem7=0
csrrw x0,0x30a,x0 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; cbo.clean (x2) | x20=0x1800 x21=0x800 x6=@20 | trap=2 tval=0x0011200f
csrrw x0,0x30a,x22 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; cbo.flush (x2) ; ecall | x20=0x1800 x21=0x800 x22=0x40 x6=@20 | trap=9
csrrw x0,0x30a,x0 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; cbo.inval (x2) | x20=0x1800 x21=0x800 x6=@20 | trap=2 tval=0x0001200f
csrrw x0,0x30a,x22 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x6 ; mret ; cbo.inval (x2) ; ecall | x20=0x1800 x21=0x800 x22=0x10 x6=@20 | trap=9
# a fault of a cache-block operation is one of the address in rs1
csrrw x0,0x30a,x22 ; csrrw x0,0x3b0,x5 ; csrrw x0,0x3b1,x6 ; csrrw x0,0x3a0,x7 ; csrrc x0,0x300,x20 ; csrrs x0,0x300,x21 ; csrrw x0,0x341,x10 ; mret ; cbo.zero (x9) | x5=0x10000c1f x6=-1 x7=0x1f19 x9=0x40003047 x10=@32 x20=0x1800 x21=0x800 x22=0x80 | trap=7 tval=0x40003047
