# SPDX-License-Identifier: GPL-2.0
# instructions | state before | what changes (run by insn_test.c, which explains the form)

# RV64I
lui x5,0x12345 || x5=0x12345000
lui x5,0x80000 || x5=-0x80000000
lui x0,0x12345 ||
auipc x5,0x1 || x5=@0x1000
auipc x5,0x80000 || x5=@-0x80000000
jal x5,.+8 ; addi x6,x0,1 ; addi x7,x0,1 || x5=@4 x7=1
jal x0,.+4 ||
jalr x5,12(x6) ; addi x7,x0,1 ; addi x7,x7,2 ; addi x9,x0,3 | x6=@0 | x5=@4 x9=3
jalr x6,5(x6) ; addi x9,x0,3 | x6=@0 | x6=@4 x9=3
beq x5,x6,.+8 ; addi x7,x0,1 ; addi x9,x0,1 | x5=3 x6=3 | x9=1
beq x5,x6,.+8 ; addi x7,x0,1 | x5=3 x6=4 | x7=1
bne x5,x6,.+8 ; addi x7,x0,1 ; addi x9,x0,1 | x5=3 x6=4 | x9=1
bne x5,x6,.+8 ; addi x7,x0,1 | x5=3 x6=3 | x7=1
blt x5,x6,.+8 ; addi x7,x0,1 ; addi x9,x0,1 | x5=-1 x6=0 | x9=1
blt x5,x6,.+8 ; addi x7,x0,1 | x5=0 x6=-1 | x7=1
bge x5,x6,.+8 ; addi x7,x0,1 ; addi x9,x0,1 | x5=0 x6=-1 | x9=1
bge x5,x6,.+8 ; addi x7,x0,1 | x5=-1 x6=0 | x7=1
bltu x5,x6,.+8 ; addi x7,x0,1 ; addi x9,x0,1 | x5=0 x6=-1 | x9=1
bltu x5,x6,.+8 ; addi x7,x0,1 | x5=-1 x6=0 | x7=1
bgeu x5,x6,.+8 ; addi x7,x0,1 ; addi x9,x0,1 | x5=-1 x6=0 | x9=1
bgeu x5,x6,.+8 ; addi x7,x0,1 | x5=0 x6=-1 | x7=1
addi x6,x0,3 ; addi x5,x5,1 ; addi x6,x6,-1 ; bne x6,x0,.-8 | x5=0 | x5=3 x6=0
lb x5,1(x2) | mem0=0x80ff | x5=-0x80 mem0=0x80ff
lb x5,0(x2) | mem0=0x807f | x5=0x7f
lh x5,2(x2) | mem0=0x80010000 | x5=-0x7fff
lw x5,4(x2) | mem0=0x8000000100000000 | x5=-0x7fffffff
ld x5,8(x2) | mem1=0x8123456789abcdef | x5=0x8123456789abcdef
ld x5,-255(x31) | mem0=0x8877665544332211 mem1=0x99 | x5=0x9988776655443322
ld x5,-4(x31) | mem31=0x4433221100000000 mem32=0x88776655 | x5=0x8877665544332211
lbu x5,0(x2) | mem0=0x80 | x5=0x80
lhu x5,0(x2) | mem0=0x8001 | x5=0x8001
lwu x5,0(x2) | mem0=0x80000001 | x5=0x80000001
lw x0,0(x2) ||
sb x5,3(x2) | x5=0x1ff mem0=0 | mem0=0xff000000
sh x5,2(x2) | x5=0x12345 mem0=-1 | mem0=0xffffffff2345ffff
sw x5,4(x2) | x5=0x123456789 mem0=1 | mem0=0x2345678900000001
sd x5,16(x2) | x5=0x8123456789abcdef | mem2=0x8123456789abcdef
sd x5,-4(x31) | x5=0x8877665544332211 mem31=0 mem32=0 | mem31=0x4433221100000000 mem32=0x88776655
addi x5,x6,-2048 | x6=1 | x5=-2047
addi x0,x6,5 ||
addi x5,x6,0 | x6=0x123456789 | x5=0x123456789
addi x5,x0,-7 || x5=-7
slti x5,x6,-1 | x6=-2 | x5=1
slti x5,x6,-1 | x6=0 | x5=0
sltiu x5,x6,-1 | x6=-2 | x5=1
sltiu x5,x6,1 | x6=0 | x5=1
xori x5,x6,-1 | x6=0x55 | x5=-0x56
ori x5,x6,0x7f0 | x6=0xf | x5=0x7ff
ori x0,x6,0x20 ||
andi x5,x6,-16 | x6=-1 | x5=-16
andi x5,x6,0 | x6=-1 | x5=0
slli x5,x6,63 | x6=3 | x5=0x8000000000000000
srli x5,x6,63 | x6=-1 | x5=1
srai x5,x6,63 | x6=0x8000000000000000 | x5=-1
add x5,x6,x7 | x6=-1 x7=3 | x5=2
add x5,x0,x7 | x7=0x123456789 | x5=0x123456789
sub x5,x6,x7 | x6=1 x7=3 | x5=-2
sll x5,x6,x7 | x6=1 x7=0x7f | x5=0x8000000000000000
slt x5,x6,x7 | x6=-1 x7=1 | x5=1
sltu x5,x6,x7 | x6=-1 x7=1 | x5=0
xor x5,x6,x7 | x6=0xff x7=0x0f | x5=0xf0
srl x5,x6,x7 | x6=0x8000000000000000 x7=0x43 | x5=0x1000000000000000
sra x5,x6,x7 | x6=0x8000000000000000 x7=0x43 | x5=0xf000000000000000
or x5,x6,x7 | x6=0xf0 x7=0x0f | x5=0xff
and x5,x6,x7 | x6=0xfc x7=0x3f | x5=0x3c
addiw x5,x6,1 | x6=0x17fffffff | x5=-0x80000000
addiw x5,x6,0 | x6=0xffffffff | x5=-1
slliw x5,x6,31 | x6=3 | x5=-0x80000000
srliw x5,x6,1 | x6=0x1ffffffff | x5=0x7fffffff
sraiw x5,x6,4 | x6=0x80000000 | x5=-0x8000000
addw x5,x6,x7 | x6=0x7fffffff x7=1 | x5=-0x80000000
subw x5,x6,x7 | x6=0x100000000 x7=1 | x5=-1
sllw x5,x6,x7 | x6=1 x7=63 | x5=-0x80000000
srlw x5,x6,x7 | x6=0xf80000000 x7=31 | x5=1
sraw x5,x6,x7 | x6=0x80000000 x7=31 | x5=-1
fence 0x0ff ||
fence 0x000 ||
fence.tso ||
fence.i ||
pause ||
ecall || trap=11
ebreak || trap=3 tval=@0
lui x6,0x300 ; addi x6,x6,0x293 ; sw x6,20(x7) ; fence.i ; addi x5,x0,1 ; addi x5,x0,2 | x7=@0 | x5=3 x6=0x300293

# Zicsr
csrrw x5,0x340,x6 ; csrrs x7,0x340,x0 | x6=0x77 | x5=? x7=0x77
csrrw x0,0x340,x6 ; csrrw x6,0x340,x6 ; csrrs x7,0x340,x0 | x6=0x77 | x7=0x77
csrrw x0,0x340,x6 ; csrrs x5,0x340,x7 ; csrrs x9,0x340,x0 | x6=0xf0 x7=0x1f | x5=0xf0 x9=0xff
csrrw x0,0x340,x6 ; csrrc x5,0x340,x7 ; csrrs x9,0x340,x0 | x6=0xff x7=0x1f | x5=0xff x9=0xe0
csrrwi x0,0x340,21 ; csrrs x5,0x340,x0 || x5=21
csrrwi x0,0x340,16 ; csrrsi x5,0x340,3 ; csrrs x6,0x340,x0 || x5=16 x6=19
csrrwi x0,0x340,31 ; csrrci x5,0x340,3 ; csrrs x6,0x340,x0 || x5=31 x6=28
csrrw x5,3,x6 ; csrrs x7,2,x0 ; csrrs x9,1,x0 | x6=0x7f fcsr=0x21 | x5=0x21 x7=3 x9=0x1f fcsr=0x7f
csrrs x5,0xf14,x0 || x5=0
csrrw x5,0xf14,x0 || trap=2 tval=0xf14012f3
csrrs x5,0x5ff,x0 || trap=2 tval=0x5ff022f3

# M
mul x5,x6,x7 | x6=-3 x7=5 | x5=-15
mulh x5,x6,x7 | x6=-1 x7=1 | x5=-1
mulh x5,x6,x7 | x6=0x8000000000000000 x7=0x8000000000000000 | x5=0x4000000000000000
mulhsu x5,x6,x7 | x6=-1 x7=-1 | x5=-1
mulhu x5,x6,x7 | x6=-1 x7=-1 | x5=-2
div x5,x6,x7 | x6=-7 x7=2 | x5=-3
div x5,x6,x7 | x6=-7 x7=0 | x5=-1
div x5,x6,x7 | x6=0x8000000000000000 x7=-1 | x5=0x8000000000000000
divu x5,x6,x7 | x6=-1 x7=2 | x5=0x7fffffffffffffff
divu x5,x6,x7 | x6=7 x7=0 | x5=-1
rem x5,x6,x7 | x6=-7 x7=2 | x5=-1
rem x5,x6,x7 | x6=-7 x7=0 | x5=-7
rem x5,x6,x7 | x6=0x8000000000000000 x7=-1 | x5=0
remu x5,x6,x7 | x6=-1 x7=10 | x5=5
mulw x5,x6,x7 | x6=0x10000 x7=0x8000 | x5=-0x80000000
divw x5,x6,x7 | x6=0x80000000 x7=-1 | x5=-0x80000000
divuw x5,x6,x7 | x6=0xffffffff x7=1 | x5=-1
remw x5,x6,x7 | x6=0x80000001 x7=2 | x5=-1
remuw x5,x6,x7 | x6=0x80000001 x7=0 | x5=-0x7fffffff

# A
lr.w x5,(x2) ; sc.w x6,x7,(x2) | mem0=0xffffffff80000000 x7=0x155555555 | x5=-0x80000000 x6=0 mem0=0xffffffff55555555
lr.d.aqrl x5,(x2) ; sc.d.rl x6,x7,(x2) | mem0=9 x7=0x155555555 | x5=9 x6=0 mem0=0x155555555
sc.w x6,x7,(x2) || x6=1
sc.d x6,x7,(x2) || x6=1
lr.w x5,(x6) | x6=0x40002f02 | trap=4 tval=0x40002f02
sc.d x5,x7,(x6) | x6=0x40002f04 | trap=6 tval=0x40002f04
# in pairs: what is in between may branch away; another LR, register, size, access make it none
lr.w x5,(x2) ; addi x6,x5,1 ; bne x5,x7,.+8 ; sc.w x9,x6,(x2) | mem0=0xffffffff80000000 x7=-0x80000000 | x5=-0x80000000 x6=-0x7fffffff x9=0 mem0=0xffffffff80000001
lr.w x5,(x2) ; addi x6,x5,1 ; bne x5,x7,.+8 ; sc.w x9,x6,(x2) | mem0=0xffffffff80000000 x7=1 | x5=-0x80000000 x6=-0x7fffffff
lr.d x5,(x2) ; blt x5,x7,.+8 ; addi x5,x7,0 ; sc.d x9,x5,(x2) | mem0=7 x7=3 | x5=3 x9=0 mem0=3
lr.d x5,(x2) ; blt x5,x7,.+8 ; addi x5,x7,0 ; sc.d x9,x5,(x2) | mem0=2 x7=3 | x5=2 x9=0 mem0=2
lr.d x5,(x2) ; bne x5,x0,.+12 ; sc.d x9,x6,(x2) ; jal x0,.+8 ; sc.d x9,x7,(x2) | mem0=2 x6=5 x7=6 | x5=2 x9=0 mem0=6
lr.d x5,(x2) ; bne x5,x0,.+12 ; sc.d x9,x6,(x2) ; jal x0,.+8 ; sc.d x9,x7,(x2) | mem0=0 x6=5 x7=6 | x5=0 x9=0 mem0=5
lr.d x5,(x2) ; sc.d x9,x6,(x2) ; sc.d x10,x7,(x2) | mem0=2 x6=5 x7=6 | x5=2 x9=0 x10=1 mem0=5
addi x10,x2,8 ; lr.d x5,(x2) ; lr.d x6,(x10) ; sc.d x9,x7,(x2) | mem0=2 mem1=3 x7=6 | x5=2 x6=3 x9=1 x10=?
lr.w x5,(x2) ; lw x6,0(x2) ; sc.w x9,x7,(x2) | mem0=2 x7=6 | x5=2 x6=2 x9=0 mem0=6
addi x10,x2,0 ; lr.d x10,(x10) ; sc.d x9,x7,(x2) | mem0=2 x7=6 | x10=2 x9=0 mem0=6
lr.d x5,(x2) ; sc.d x2,x7,(x2) | mem0=2 x7=6 | x5=2 x2=0 mem0=6
lr.d x5,(x2) ; bne x5,x5,.+16 ; addi x5,x5,1 ; sc.d x9,x5,(x2) ; bne x9,x0,.-16 ; addi x7,x0,1 | mem0=41 | x5=42 x9=0 x7=1 mem0=42
lr.w x5,(x6) ; sc.w x7,x7,(x6) | x6=0x40002f02 | trap=4 tval=0x40002f02
amoswap.w x5,x6,(x2) | mem0=0xffffffff80000000 x6=5 | x5=-0x80000000 mem0=0xffffffff00000005
amoadd.w x5,x6,(x2) | mem0=0xffffffff x6=2 | x5=-1 mem0=1
amoxor.w x5,x6,(x2) | mem0=0xff x6=0xf | x5=0xff mem0=0xf0
amoand.w x5,x6,(x2) | mem0=0xff x6=0xf | x5=0xff mem0=0xf
amoor.w x5,x6,(x2) | mem0=0xf0 x6=0xf | x5=0xf0 mem0=0xff
amomin.w x5,x6,(x2) | mem0=1 x6=0xffffffff | x5=1 mem0=0xffffffff
amomax.w x5,x6,(x2) | mem0=0x80000000 x6=1 | x5=-0x80000000 mem0=1
amominu.w x5,x6,(x2) | mem0=1 x6=0xffffffff | x5=1 mem0=1
amomaxu.w x5,x6,(x2) | mem0=1 x6=-1 | x5=1 mem0=0xffffffff
amoswap.d.aqrl x5,x6,(x2) | mem0=-5 x6=5 | x5=-5 mem0=5
amoadd.d x5,x6,(x2) | mem0=0xffffffff x6=2 | x5=0xffffffff mem0=0x100000001
amoxor.d x5,x6,(x2) | mem0=-1 x6=0xf | x5=-1 mem0=-16
amoand.d x5,x6,(x2) | mem0=0xff x6=0xf | x5=0xff mem0=0xf
amoor.d x5,x6,(x2) | mem0=0xf0 x6=0xf | x5=0xf0 mem0=0xff
amomin.d x5,x6,(x2) | mem0=1 x6=-1 | x5=1 mem0=-1
amomax.d x5,x6,(x2) | mem0=-1 x6=1 | x5=-1 mem0=1
amominu.d x5,x6,(x2) | mem0=1 x6=-1 | x5=1 mem0=1
amomaxu.d x5,x6,(x2) | mem0=1 x6=-1 | x5=1 mem0=-1
amoadd.w x0,x6,(x2) | mem0=1 x6=1 | mem0=2
amoadd.w x5,x6,(x7) | x7=0x40002f01 | trap=6 tval=0x40002f01

# Zba
add.uw x5,x6,x7 | x6=0xfffffffff x7=1 | x5=0x100000000
add.uw x5,x6,x0 | x6=-1 | x5=0xffffffff
sh1add x5,x6,x7 | x6=-1 x7=1 | x5=-1
sh2add x5,x6,x7 | x6=3 x7=1 | x5=13
sh3add x5,x6,x7 | x6=3 x7=1 | x5=25
sh1add.uw x5,x6,x7 | x6=-1 x7=1 | x5=0x1ffffffff
sh2add.uw x5,x6,x7 | x6=-1 x7=1 | x5=0x3fffffffd
sh3add.uw x5,x6,x7 | x6=-1 x7=1 | x5=0x7fffffff9
slli.uw x5,x6,4 | x6=-1 | x5=0xffffffff0

# Zbb
andn x5,x6,x7 | x6=0xff x7=0xf | x5=0xf0
orn x5,x6,x7 | x6=1 x7=0xf | x5=-15
xnor x5,x6,x7 | x6=0xff x7=0xf | x5=-0xf1
clz x5,x6 | x6=1 | x5=63
clz x5,x6 | x6=0 | x5=64
ctz x5,x6 | x6=8 | x5=3
ctz x5,x6 | x6=0 | x5=64
cpop x5,x6 | x6=-1 | x5=64
clzw x5,x6 | x6=0xff00000001 | x5=31
clzw x5,x6 | x6=0xff00000000 | x5=32
ctzw x5,x6 | x6=0xff00000000 | x5=32
cpopw x5,x6 | x6=-1 | x5=32
max x5,x6,x7 | x6=-1 x7=1 | x5=1
maxu x5,x6,x7 | x6=-1 x7=1 | x5=-1
min x5,x6,x7 | x6=-1 x7=1 | x5=-1
minu x5,x6,x7 | x6=-1 x7=1 | x5=1
sext.b x5,x6 | x6=0x180 | x5=-0x80
sext.h x5,x6 | x6=0x18000 | x5=-0x8000
zext.h x5,x6 | x6=-1 | x5=0xffff
rol x5,x6,x7 | x6=0x8000000000000001 x7=65 | x5=3
ror x5,x6,x7 | x6=3 x7=65 | x5=0x8000000000000001
rori x5,x6,4 | x6=0xf | x5=0xf000000000000000
rolw x5,x6,x7 | x6=0xf40000001 x7=1 | x5=-0x7ffffffe
rorw x5,x6,x7 | x6=1 x7=33 | x5=-0x80000000
roriw x5,x6,1 | x6=1 | x5=-0x80000000
orc.b x5,x6 | x6=0x0100800000000010 | x5=0xff00ff00000000ff
rev8 x5,x6 | x6=0x0123456789abcdef | x5=0xefcdab8967452301

# Zbs
bclr x5,x6,x7 | x6=-1 x7=64 | x5=-2
bclri x5,x6,63 | x6=-1 | x5=0x7fffffffffffffff
bext x5,x6,x7 | x6=4 x7=66 | x5=1
bexti x5,x6,63 | x6=-1 | x5=1
binv x5,x6,x7 | x6=1 x7=0 | x5=0
binvi x5,x6,63 | x6=0 | x5=0x8000000000000000
bset x5,x6,x7 | x6=0 x7=63 | x5=0x8000000000000000
bseti x5,x6,40 | x6=1 | x5=0x10000000001

# Zbc
clmul x5,x6,x7 | x6=3 x7=3 | x5=5
clmulh x5,x6,x7 | x6=-1 x7=2 | x5=1
clmulr x5,x6,x7 | x6=0x8000000000000000 x7=3 | x5=3

# Zicond
czero.eqz x5,x6,x7 | x6=9 x7=0 | x5=0
czero.eqz x5,x6,x7 | x6=9 x7=0x100000000 | x5=9
czero.nez x5,x6,x7 | x6=9 x7=0 | x5=9
czero.nez x5,x6,x7 | x6=9 x7=1 | x5=0

# C
c.addi4spn x9,x2,1020 || x9=0x400032fc
c.fld f8,8(x8) | mem1=0x3ff0000000000000 | f8=0x3ff0000000000000
c.lw x9,4(x8) | mem0=0x8000000000000000 | x9=-0x80000000
c.ld x9,248(x8) | mem31=0x8123456789abcdef | x9=0x8123456789abcdef
c.fsd f9,16(x8) | f9=0x1122334455667788 | mem2=0x1122334455667788
c.sw x9,124(x8) | x9=0x123456789 mem15=0 | mem15=0x2345678900000000
c.sd x9,0(x8) | x9=0x1122334455667788 | mem0=0x1122334455667788
c.nop ||
c.addi x5,-32 | x5=1 | x5=-31
c.addi x5,0 ||
c.addiw x5,1 | x5=0x7fffffff | x5=-0x80000000
c.li x5,-32 || x5=-32
c.li x0,5 ||
c.addi16sp x2,-512 || x2=0x40002d00
c.addi16sp x2,496 || x2=0x400030f0
c.lui x5,0x1f || x5=0x1f000
c.lui x5,0xfffe0 || x5=-0x20000
c.lui x0,1 ||
c.srli x9,63 | x9=-1 | x9=1
c.srai x9,63 | x9=0x8000000000000000 | x9=-1
c.andi x9,-2 | x9=-1 | x9=-2
c.sub x9,x10 | x9=1 x10=3 | x9=-2
c.xor x9,x10 | x9=0xff x10=0xf | x9=0xf0
c.or x9,x10 | x9=0xf0 x10=0xf | x9=0xff
c.and x9,x10 | x9=0xfc x10=0x3f | x9=0x3c
c.subw x9,x10 | x9=0x100000000 x10=1 | x9=-1
c.addw x9,x10 | x9=0x7fffffff x10=1 | x9=-0x80000000
c.j .+4 ; c.addi x5,1 ; c.addi x6,1 | x6=0 | x6=1
c.beqz x9,.+4 ; c.addi x5,1 ; c.addi x6,1 | x9=0 x6=0 | x6=1
c.beqz x9,.+4 ; c.addi x5,1 | x9=1 x5=0 | x5=1
c.bnez x9,.+4 ; c.addi x5,1 ; c.addi x6,1 | x9=1 x6=0 | x6=1
c.bnez x9,.+4 ; c.addi x5,1 | x9=0 x5=0 | x5=1
c.slli x5,63 | x5=3 | x5=0x8000000000000000
c.slli x0,1 ||
c.fldsp f5,504(x2) | mem63=0x4000000000000000 | f5=0x4000000000000000
c.lwsp x5,252(x2) | mem31=0x8000000000000000 | x5=-0x80000000
c.ldsp x5,504(x2) | mem63=0x1122334455667788 | x5=0x1122334455667788
c.jr x5 ; c.addi x6,1 ; c.addi x7,1 | x5=@4 x7=0 | x7=1
c.mv x5,x6 | x6=0x123456789 | x5=0x123456789
c.mv x0,x6 ||
c.ebreak || trap=3 tval=@0
c.jalr x5 ; c.addi x6,1 ; c.addi x7,1 | x5=@4 x7=0 | x1=@2 x7=1
c.jalr x1 ; c.addi x6,1 ; c.addi x7,1 | x1=@4 x7=0 | x1=@2 x7=1
c.add x5,x6 | x5=1 x6=-3 | x5=-2
c.add x0,x6 ||
c.fsdsp f5,8(x2) | f5=0x1122334455667788 | mem1=0x1122334455667788
c.swsp x5,4(x2) | x5=0x123456789 mem0=0 | mem0=0x2345678900000000
c.sdsp x5,504(x2) | x5=0x1122334455667788 | mem63=0x1122334455667788

# Code that is overwritten: what comes next, what has been executed, a half of an
# instruction; and data beside code
sw x6,8(x9) ; fence.i ; addi x5,x0,1 | x6=0x00300293 x9=@0 | x5=3
addi x5,x5,1 ; addi x7,x7,-1 ; sw x6,0(x9) ; fence.i ; bne x7,x0,.-16 | x5=0 x6=0x01028293 x7=3 x9=@0 | x5=33 x7=0
addi x5,x5,1 ; addi x7,x7,-1 ; sh x6,2(x9) ; fence.i ; bne x7,x0,.-16 | x5=0 x6=0x0102 x7=3 x9=@0 | x5=33 x7=0
addi x5,x5,1 ; addi x7,x7,-1 ; sd x7,64(x9) ; ld x10,64(x9) ; bne x7,x0,.-16 | x5=0 x7=5 x9=@0 | x5=5 x7=0 x10=0
