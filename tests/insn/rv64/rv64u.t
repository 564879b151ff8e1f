# SPDX-License-Identifier: GPL-2.0
# System calls: from U-mode to S-mode and back, with Sv39. x17 says IMG_SYSCALL, so that
# the handler of runner.S returns, with 1 added to x10; others end the test.

ecall | x17=0x5ca11000 x10=41 | x10=42
ecall ; addi x10,x10,1 ; ecall | x17=0x5ca11000 x10=1 | x10=4
ecall ; addi x5,x5,-1 ; bne x5,x0,.-8 | x17=0x5ca11000 x10=0 x5=50 | x5=0 x10=50
# memory before and after: the window is U-mode's again
sd x10,0(x2) ; ecall ; ld x11,0(x2) ; sd x10,8(x2) | x17=0x5ca11000 x10=7 | x10=8 x11=7 mem0=7 mem1=8
# FP state outlives S-mode's switching it off
fadd.d f1,f2,f3 ; ecall ; fadd.d f4,f1,f3 | x17=0x5ca11000 x10=0 f2=d1 f3=d2 | x10=1 f1=d3 f4=d5
ecall ; fadd.d f1,f2,f3 ; ecall | x17=0x5ca11000 x10=0 f2=d1 f3=d2 | x10=2 f1=d3
# what S-mode has is not U-mode's
ecall ; ld x5,0(x6) | x17=0x5ca11000 x10=0 x6=0x40006000 | x10=1 trap=13 tval=0x40006000
ecall ; ecall | x17=0x5ca11000 x10=0x5ca10ffe | x10=0x5ca11000
ecall ; addi x17,x0,0 ; ecall | x17=0x5ca11000 x10=0 | x10=1 x17=0 trap=8
# in S-mode's rounding mode and flags there is nothing of ours
csrrwi x0,2,1 ; ecall ; csrrs x5,2,x0 ; csrrwi x0,2,0 | x17=0x5ca11000 x10=0 | x10=1 x5=1
