# SPDX-License-Identifier: GPL-2.0
# Floating point. s1.5, d1.5 and h1.5 are values of the three formats, NaN-boxed;
# fcsr is flags (NX 1, UF 2, OF 4, DZ 8, NV 0x10) and the rounding mode << 5.

# F
flw f5,4(x2) | mem0=0x3f80000000000000 | f5=s1
fsw f5,4(x2) | f5=s1 mem0=0 | mem0=0x3f80000000000000
fsw f5,0(x2) | f5=0x1122334455667788 mem0=0 | mem0=0x55667788
fmadd.s f5,f6,f7,f9 | f6=s2 f7=s3 f9=s1 | f5=s7
fmsub.s f5,f6,f7,f9 | f6=s2 f7=s3 f9=s1 | f5=s5
fnmsub.s f5,f6,f7,f9 | f6=s2 f7=s3 f9=s1 | f5=s-5
fnmadd.s f5,f6,f7,f9 | f6=s2 f7=s3 f9=s1 | f5=s-7
fadd.s f5,f6,f7 | f6=s1.5 f7=s2.25 | f5=s3.75
fadd.s f5,f6,f7 | f6=d1.5 f7=s2.25 | f5=0xffffffff7fc00000
fadd.s f5,f6,f7,rup | f6=s1 f7=s1e-20 | f5=0xffffffff3f800001 fcsr=1
fadd.s f5,f6,f7,rdn | f6=s1 f7=s1e-20 | f5=s1 fcsr=1
fadd.s f5,f6,f7,dyn | f6=s1 f7=s1e-20 fcsr=0x60 | f5=0xffffffff3f800001 fcsr=0x61
fadd.s f5,f6,f7,dyn | fcsr=0xa0 | trap=2 tval=0x7372d3
fadd.s f5,f6,f7,rm5 || trap=2 tval=0x7352d3
fsub.s f5,f6,f7 | f6=s1.5 f7=s2.25 | f5=s-0.75
fsub.s f5,f6,f7 | f6=sinf f7=sinf | f5=0xffffffff7fc00000 fcsr=0x10
fmul.s f5,f6,f7 | f6=s1.5 f7=s-2 | f5=s-3
fdiv.s f5,f6,f7 | f6=s3 f7=s2 | f5=s1.5
fdiv.s f5,f6,f7 | f6=s3 f7=s0 | f5=sinf fcsr=8
fsqrt.s f5,f6 | f6=s6.25 | f5=s2.5
fsqrt.s f5,f6 | f6=s-1 | f5=0xffffffff7fc00000 fcsr=0x10
fsgnj.s f5,f6,f7 | f6=s1.5 f7=s-2 | f5=s-1.5
fsgnj.s f5,f6,f6 | f6=d1.5 | f5=0xffffffff7fc00000
fsgnjn.s f5,f6,f7 | f6=s1.5 f7=s2 | f5=s-1.5
fsgnjn.s f5,f6,f6 | f6=s1.5 | f5=s-1.5
fsgnjx.s f5,f6,f7 | f6=s-1.5 f7=s-2 | f5=s1.5
fsgnjx.s f5,f6,f6 | f6=s-1.5 | f5=s1.5
fmin.s f5,f6,f7 | f6=s-0 f7=s0 | f5=s-0
fmin.s f5,f6,f7 | f6=0xffffffff7f800001 f7=s1 | f5=s1 fcsr=0x10
fmax.s f5,f6,f7 | f6=s-0 f7=s0 | f5=s0
fmax.s f5,f6,f7 | f6=0xffffffff7fc00000 f7=s1 | f5=s1
fcvt.w.s x5,f6,rtz | f6=s-1.5 | x5=-1 fcsr=1
fcvt.w.s x5,f6,rne | f6=s3e9 | x5=0x7fffffff fcsr=0x10
fcvt.wu.s x5,f6,rtz | f6=s3e9 | x5=-0x4d2fa200
fcvt.wu.s x5,f6,rtz | f6=s-1 | x5=0 fcsr=0x10
fcvt.l.s x5,f6,rtz | f6=s-3e9 | x5=-3000000000
fcvt.lu.s x5,f6,rtz | f6=0xffffffff7fc00000 | x5=-1 fcsr=0x10
fmv.x.w x5,f6 | f6=0x1122334480000000 | x5=-0x80000000
fclass.s x5,f6 | f6=s-inf | x5=1
fclass.s x5,f6 | f6=0 | x5=0x200
feq.s x5,f6,f7 | f6=s-0 f7=s0 | x5=1
feq.s x5,f6,f7 | f6=0xffffffff7fc00000 f7=s0 | x5=0
flt.s x5,f6,f7 | f6=s-1 f7=s0 | x5=1
flt.s x5,f6,f7 | f6=0xffffffff7fc00000 f7=s0 | x5=0 fcsr=0x10
fle.s x5,f6,f7 | f6=s1 f7=s1 | x5=1
fcvt.s.w f5,x6,rne | x6=0xffffffff | f5=s-1
fcvt.s.wu f5,x6,rne | x6=-1 | f5=s4294967296 fcsr=1
fcvt.s.l f5,x6,rne | x6=-3 | f5=s-3
fcvt.s.lu f5,x6,rtz | x6=-1 | f5=0xffffffff5f7fffff fcsr=1
fmv.w.x f5,x6 | x6=0x123456789 | f5=0xffffffff23456789

# D
fld f5,8(x2) | mem1=0x1122334455667788 | f5=0x1122334455667788
fsd f5,8(x2) | f5=0x1122334455667788 | mem1=0x1122334455667788
fmadd.d f5,f6,f7,f9 | f6=d2 f7=d3 f9=d1 | f5=d7
fmsub.d f5,f6,f7,f9 | f6=d2 f7=d3 f9=d1 | f5=d5
fnmsub.d f5,f6,f7,f9 | f6=d2 f7=d3 f9=d1 | f5=d-5
fnmadd.d f5,f6,f7,f9 | f6=d2 f7=d3 f9=d1 | f5=d-7
fadd.d f5,f6,f7 | f6=d1.5 f7=d2.25 | f5=d3.75
fadd.d f5,f6,f7,rmm | f6=0x3ff0000000000001 f7=d1.1102230246251565e-16 | f5=0x3ff0000000000002 fcsr=1
fsub.d f5,f6,f7 | f6=d1.5 f7=d2.25 | f5=d-0.75
fmul.d f5,f6,f7 | f6=d1e200 f7=d1e200 | f5=dinf fcsr=5
fmul.d f5,f6,f7 | f6=d1.5 f7=d-2 | f5=d-3
fdiv.d f5,f6,f7 | f6=d-1 f7=d0 | f5=d-inf fcsr=8
fdiv.d f5,f6,f7 | f6=0x0010000000000000 f7=d3 | f5=0x0005555555555555 fcsr=3
fsqrt.d f5,f6 | f6=d6.25 | f5=d2.5
fsgnj.d f5,f6,f7 | f6=d1.5 f7=d-2 | f5=d-1.5
fsgnj.d f5,f6,f6 | f6=0x1122334455667788 | f5=0x1122334455667788
fsgnjn.d f5,f6,f7 | f6=d1.5 f7=d-2 | f5=d1.5
fsgnjx.d f5,f6,f7 | f6=d-1.5 f7=d-2 | f5=d1.5
fsgnjx.d f5,f6,f6 | f6=d-1.5 | f5=d1.5
fmin.d f5,f6,f7 | f6=d1 f7=d2 | f5=d1
fmax.d f5,f6,f7 | f6=d1 f7=d2 | f5=d2
fcvt.s.d f5,f6 | f6=d1.5 | f5=s1.5
fcvt.s.d f5,f6,rne | f6=d1e300 | f5=sinf fcsr=5
fcvt.d.s f5,f6 | f6=s1.5 | f5=d1.5
fcvt.d.s f5,f6 | f6=d1.5 | f5=0x7ff8000000000000
fcvt.w.d x5,f6,rne | f6=d2.5 | x5=2 fcsr=1
fcvt.w.d x5,f6,rmm | f6=d2.5 | x5=3 fcsr=1
fcvt.wu.d x5,f6,rtz | f6=d4294967295 | x5=-1
fcvt.l.d x5,f6,rtz | f6=d1e300 | x5=0x7fffffffffffffff fcsr=0x10
fcvt.lu.d x5,f6,rtz | f6=d1e19 | x5=10000000000000000000
fmv.x.d x5,f6 | f6=0x8122334455667788 | x5=0x8122334455667788
fclass.d x5,f6 | f6=0x7ff0000000000001 | x5=0x100
fclass.d x5,f6 | f6=1 | x5=0x20
feq.d x5,f6,f7 | f6=d1 f7=d2 | x5=0
flt.d x5,f6,f7 | f6=d1 f7=d2 | x5=1
fle.d x5,f6,f7 | f6=d3 f7=d2 | x5=0
fcvt.d.w f5,x6 | x6=0x80000000 | f5=d-2147483648
fcvt.d.wu f5,x6 | x6=-1 | f5=d4294967295
fcvt.d.l f5,x6,rne | x6=-5 | f5=d-5
fcvt.d.lu f5,x6,rne | x6=-1 | f5=d18446744073709551616 fcsr=1
fmv.d.x f5,x6 | x6=0x8122334455667788 | f5=0x8122334455667788

# Zfh
flh f5,2(x2) | mem0=0x3c000000 | f5=h1
fsh f5,2(x2) | f5=h1 mem0=0 | mem0=0x3c000000
fmadd.h f5,f6,f7,f9 | f6=h2 f7=h3 f9=h1 | f5=h7
fmsub.h f5,f6,f7,f9 | f6=h2 f7=h3 f9=h1 | f5=h5
fnmsub.h f5,f6,f7,f9 | f6=h2 f7=h3 f9=h1 | f5=h-5
fnmadd.h f5,f6,f7,f9 | f6=h2 f7=h3 f9=h1 | f5=h-7
fadd.h f5,f6,f7 | f6=h1.5 f7=h2.25 | f5=h3.75
fadd.h f5,f6,f7 | f6=s1.5 f7=h2.25 | f5=0xffffffffffff7e00
fsub.h f5,f6,f7 | f6=h1.5 f7=h2.25 | f5=h-0.75
fmul.h f5,f6,f7 | f6=h300 f7=h300 | f5=hinf fcsr=5
fdiv.h f5,f6,f7 | f6=h3 f7=h2 | f5=h1.5
fsqrt.h f5,f6 | f6=h6.25 | f5=h2.5
fsgnj.h f5,f6,f7 | f6=h1.5 f7=h-2 | f5=h-1.5
fsgnjn.h f5,f6,f7 | f6=h1.5 f7=h2 | f5=h-1.5
fsgnjx.h f5,f6,f7 | f6=h-1.5 f7=h-2 | f5=h1.5
fmin.h f5,f6,f7 | f6=h1 f7=h2 | f5=h1
fmax.h f5,f6,f7 | f6=h1 f7=h2 | f5=h2
fcvt.s.h f5,f6 | f6=h1.5 | f5=s1.5
fcvt.h.s f5,f6,rne | f6=s65520 | f5=hinf fcsr=5
fcvt.d.h f5,f6 | f6=h1.5 | f5=d1.5
fcvt.h.d f5,f6,rtz | f6=d65535 | f5=h65504 fcsr=1
fcvt.w.h x5,f6,rtz | f6=h-1.5 | x5=-1 fcsr=1
fcvt.wu.h x5,f6,rtz | f6=hinf | x5=-1 fcsr=0x10
fcvt.l.h x5,f6,rtz | f6=h65504 | x5=65504
fcvt.lu.h x5,f6,rtz | f6=h-1 | x5=0 fcsr=0x10
fmv.x.h x5,f6 | f6=0x112233445566f788 | x5=-0x878
fclass.h x5,f6 | f6=h-0 | x5=8
feq.h x5,f6,f7 | f6=h1 f7=h1 | x5=1
flt.h x5,f6,f7 | f6=h1 f7=h2 | x5=1
fle.h x5,f6,f7 | f6=h3 f7=h2 | x5=0
fcvt.h.w f5,x6,rne | x6=-1 | f5=h-1
fcvt.h.wu f5,x6,rne | x6=-1 | f5=hinf fcsr=5
fcvt.h.l f5,x6,rne | x6=2049 | f5=h2048 fcsr=1
fcvt.h.lu f5,x6,rup | x6=2049 | f5=h2050 fcsr=1
fmv.h.x f5,x6 | x6=0x12345 | f5=0xffffffffffff2345

# Zfa
fli.s f5,0 || f5=s-1
fli.s f5,1 || f5=0xffffffff00800000
fli.s f5,11 || f5=s0.4375
fli.s f5,29 || f5=s65536
fli.s f5,31 || f5=0xffffffff7fc00000
fli.d f5,2 || f5=d0.0000152587890625
fli.d f5,21 || f5=d2.5
fli.d f5,30 || f5=dinf
fli.h f5,1 || f5=0xffffffffffff0400
fli.h f5,2 || f5=0xffffffffffff0100
fli.h f5,3 || f5=0xffffffffffff0200
fli.h f5,29 || f5=hinf
fli.h f5,31 || f5=0xffffffffffff7e00
fminm.s f5,f6,f7 | f6=0xffffffff7fc00001 f7=s1 | f5=0xffffffff7fc00000
fmaxm.s f5,f6,f7 | f6=s2 f7=s1 | f5=s2
fminm.d f5,f6,f7 | f6=d-0 f7=d0 | f5=d-0
fmaxm.d f5,f6,f7 | f6=0x7ff8000000000000 f7=d1 | f5=0x7ff8000000000000
fminm.h f5,f6,f7 | f6=h1 f7=h2 | f5=h1
fmaxm.h f5,f6,f7 | f6=h1 f7=h2 | f5=h2
fround.s f5,f6,rne | f6=s2.5 | f5=s2
froundnx.s f5,f6,rne | f6=s2.5 | f5=s2 fcsr=1
fround.d f5,f6,rup | f6=d2.25 | f5=d3
froundnx.d f5,f6,rdn | f6=d-2.25 | f5=d-3 fcsr=1
fround.h f5,f6,rtz | f6=h-2.75 | f5=h-2
froundnx.h f5,f6,rmm | f6=h2.5 | f5=h3 fcsr=1
fcvtmod.w.d x5,f6 | f6=d4294967301 | x5=5 fcsr=0x10
fcvtmod.w.d x5,f6 | f6=d-1.5 | x5=-1 fcsr=1
fcvtmod.w.d x5,f6 | f6=dinf | x5=0 fcsr=0x10
fleq.s x5,f6,f7 | f6=0xffffffff7fc00000 f7=s1 | x5=0
fltq.s x5,f6,f7 | f6=s0 f7=s1 | x5=1
fleq.d x5,f6,f7 | f6=d1 f7=d1 | x5=1
fltq.d x5,f6,f7 | f6=0x7ff0000000000001 f7=d1 | x5=0 fcsr=0x10
fleq.h x5,f6,f7 | f6=h1 f7=h2 | x5=1
fltq.h x5,f6,f7 | f6=0xffffffffffff7e00 f7=h2 | x5=0


# State: off makes all of it illegal, a change makes it dirty (FS 0x6000, SD bit 63)
csrrc x0,0x300,x6 ; fadd.s f5,f6,f7 | x6=0x6000 | trap=2 tval=0x7372d3
csrrc x0,0x300,x6 ; fsw f5,0(x2) | x6=0x6000 | trap=2 tval=0x512027
csrrc x0,0x300,x6 ; c.fsdsp f5,0(x2) | x6=0x6000 | trap=2 tval=0xa016
csrrc x0,0x300,x6 ; csrrs x5,3,x0 | x6=0x6000 | trap=2 tval=0x3022f3
csrrc x0,0x300,x6 ; csrrs x0,0x300,x7 ; fsw f5,0(x2) ; csrrs x5,0x300,x0 ; and x5,x5,x9 | x6=0x6000 x7=0x2000 x9=0x8000000000006000 f5=s1 mem0=0 | x5=0x2000 mem0=0x3f800000
csrrc x0,0x300,x6 ; csrrs x0,0x300,x7 ; fmv.x.d x10,f5 ; csrrs x5,0x300,x0 ; and x5,x5,x9 | x6=0x6000 x7=0x2000 x9=0x8000000000006000 f5=s1 | x5=0x2000 x10=s1
csrrc x0,0x300,x6 ; csrrs x0,0x300,x7 ; fmv.d.x f5,x10 ; csrrs x5,0x300,x0 ; and x5,x5,x9 | x6=0x6000 x7=0x2000 x9=0x8000000000006000 x10=1 | x5=0x8000000000006000 f5=1
csrrc x0,0x300,x6 ; csrrs x0,0x300,x7 ; fld f5,0(x2) ; csrrs x5,0x300,x0 ; and x5,x5,x9 | x6=0x6000 x7=0x4000 x9=0x8000000000006000 mem0=5 | x5=0x8000000000006000 f5=5
csrrc x0,0x300,x6 ; csrrs x0,0x300,x7 ; csrrwi x0,1,0 ; csrrs x5,0x300,x0 ; and x5,x5,x9 | x6=0x6000 x7=0x4000 x9=0x8000000000006000 | x5=0x8000000000006000
csrrc x0,0x300,x6 ; csrrs x0,0x300,x7 ; feq.s x10,f6,f7 ; csrrs x5,0x300,x0 ; and x5,x5,x9 | x6=0x6000 x7=0x2000 x9=0x8000000000006000 f6=0xffffffff7f800001 | x5=0x8000000000006000 x10=0 fcsr=0x10
