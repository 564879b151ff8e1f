# SPDX-License-Identifier: GPL-2.0
# A machine without C: instructions begin at multiples of 4, and a jump to
# anything else traps where it is, without writing its rd.
jal x5,.+6 || trap=0 tval=@6
jal x5,.+8 ; addi x6,x0,1 ; addi x7,x0,1 || x5=@4 x7=1
beq x0,x0,.+6 || trap=0 tval=@6
bne x0,x0,.+6 ; addi x7,x0,1 || x7=1
blt x5,x6,.-2 | x5=1 x6=2 | trap=0 tval=@-2
jalr x5,2(x6) | x6=@8 | trap=0 tval=@10
jalr x6,3(x6) | x6=@0 | trap=0 tval=@2
jalr x5,1(x6) ; addi x7,x0,1 ; addi x9,x0,1 | x6=@8 | x5=@4 x9=1
addi x5,x0,1 ; jalr x0,2(x6) | x6=@8 | trap=0 tval=@10 x5=1
# a hint stays one
pause ||
