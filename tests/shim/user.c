// SPDX-License-Identifier: GPL-2.0
/*
 * User mode: what an ioctl returns to, and page faults there.
 *
 * Where an ioctl has changed the caller's instruction pointer, that is a
 * function (VMXL_STUB_ENTER) which is called with three arguments, di, si and
 * dx. When it returns the module is asked, by the ioctl that translated code
 * leaves by in the kernel, what comes next.
 *
 * A SIGSEGV in a mapping of the module's is a page fault. Its handler sees
 * and may change the registers, and may go on as the ioctl would have: then
 * the function is left as by longjmp(). Whose handler was there before, or is
 * installed later, gets what is nobody's page fault.
 */
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

#include <linux/mm.h>
#include <linux/ptrace.h>
#include <uapi/linux/vmx_xlate.h>
#include "internal.h"
#include "mmap.h"

#ifndef VMXL_USER_EXIT
#define VMXL_USER_EXIT	_IO(VMXL_IOC, 0x37)
#endif

#define USER_CS		0x33
#define USER_SS		0x2b
#define USER_FLAGS	0x202
#define NR_IOCTL	16

static const char user_return;		/* where ioctl() was called from */
#define USER_RETURN	((unsigned long)&user_return)

typedef void (*user_fn)(unsigned long di, unsigned long si, unsigned long dx);

static long do_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return file->f_op->unlocked_ioctl(file, cmd, arg);
}

/* False: it was left by a fault, whose handler has written the caller's registers. */
static __attribute__((__noinline__, __no_sanitize__("undefined")))
bool user_call(struct task_struct *t, const struct pt_regs *regs)
{
	void *outer = t->user_jmp;
	volatile bool came_back = false;
	sigjmp_buf back;

	if (!sigsetjmp(back, 0)) {
		WRITE_ONCE(t->user_jmp, &back);
		shim_leave();
		((user_fn)regs->ip)(regs->di, regs->si, regs->dx);
		came_back = true;
	}
	WRITE_ONCE(t->user_jmp, outer);
	shim_enter();
	return came_back;
}

long shim_user_ioctl(struct file *file, unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct task_struct *t = current;
	struct pt_regs *outer = t->regs;
	struct pt_regs regs = {
		.di = fd, .si = cmd, .dx = arg, .orig_ax = NR_IOCTL, .ip = USER_RETURN,
		.cs = USER_CS, .ss = USER_SS, .flags = USER_FLAGS,
		.sp = (unsigned long)__builtin_frame_address(0),
	};
	long ret;

	t->regs = &regs;
	ret = do_ioctl(file, cmd, arg);
	while (regs.ip != USER_RETURN) {
		if (!user_call(t, &regs)) {
			ret = regs.ax;
			break;
		}
		regs.ip = USER_RETURN;
		ret = do_ioctl(file, VMXL_USER_EXIT, 0);
	}
	t->regs = outer;
	return ret;
}

/* Signals */

static pthread_once_t user_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t next_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction next_action;	/* of the program, or of a sanitizer */
static bool user_on;

static void next_handler(int sig, siginfo_t *info, void *ctx)
{
	const ucontext_t *uc = ctx;
	struct sigaction sa;

	pthread_mutex_lock(&next_lock);
	sa = next_action;
	pthread_mutex_unlock(&next_lock);
	pthread_sigmask(SIG_SETMASK, &uc->uc_sigmask, NULL);
	if (sa.sa_flags & SA_SIGINFO) {
		sa.sa_sigaction(sig, info, ctx);
	} else if (sa.sa_handler != SIG_DFL && sa.sa_handler != SIG_IGN) {
		sa.sa_handler(sig);
	} else {
		sa.sa_handler = SIG_DFL;
		__real_sigaction(sig, &sa, NULL);	/* it comes again, and ends the process */
	}
}

#ifdef __x86_64__

#define ERR_WRITE	2	/* of the page fault's error code */
#define ERR_FETCH	16

static const struct {
	unsigned short off, greg;
} reg_map[] = {
#define REG(field, greg)	{ offsetof(struct pt_regs, field), greg }
	REG(r15, REG_R15), REG(r14, REG_R14), REG(r13, REG_R13), REG(r12, REG_R12),
	REG(r11, REG_R11), REG(r10, REG_R10), REG(r9, REG_R9), REG(r8, REG_R8),
	REG(bp, REG_RBP), REG(bx, REG_RBX), REG(ax, REG_RAX), REG(cx, REG_RCX),
	REG(dx, REG_RDX), REG(si, REG_RSI), REG(di, REG_RDI), REG(ip, REG_RIP),
	REG(sp, REG_RSP), REG(flags, REG_EFL),
};

static void get_regs(struct pt_regs *regs, const ucontext_t *uc)
{
	unsigned int i;

	*regs = (struct pt_regs) { .orig_ax = -1, .cs = USER_CS, .ss = USER_SS };
	for (i = 0; i < ARRAY_SIZE(reg_map); i++)
		*(unsigned long *)((char *)regs + reg_map[i].off) =
			uc->uc_mcontext.gregs[reg_map[i].greg];
}

static void set_regs(const struct pt_regs *regs, ucontext_t *uc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(reg_map); i++)
		uc->uc_mcontext.gregs[reg_map[i].greg] =
			*(const unsigned long *)((const char *)regs + reg_map[i].off);
}

static unsigned int fault_flags(const ucontext_t *uc)
{
	unsigned long err = uc->uc_mcontext.gregs[REG_ERR];

	return FAULT_FLAG_USER | (err & ERR_WRITE ? FAULT_FLAG_WRITE : 0) |
	       (err & ERR_FETCH ? FAULT_FLAG_INSTRUCTION : 0);
}

/* The handler has made the registers those of the ioctl's return. */
static void return_from_ioctl(struct task_struct *t, const struct pt_regs *regs,
			      const ucontext_t *uc)
{
	sigjmp_buf *back = t->user_jmp;

	if (!back)
		shim_bug(SHIM_SITE, "return from an ioctl that there is not");
	*t->regs = *regs;
	pthread_sigmask(SIG_SETMASK, &uc->uc_sigmask, NULL);
	siglongjmp(*back, 1);
}

static bool user_fault(const siginfo_t *info, ucontext_t *uc)
{
	struct task_struct *t = current;
	struct pt_regs regs, *outer = t->regs;
	bool done;

	if (info->si_code != SEGV_ACCERR || t->in_kernel)
		return false;
	get_regs(&regs, uc);
	t->regs = &regs;
	shim_enter();
	done = shim_fault((unsigned long)info->si_addr, fault_flags(uc));
	shim_leave();
	t->regs = outer;
	if (done && regs.ip == USER_RETURN)
		return_from_ioctl(t, &regs, uc);
	if (done)
		set_regs(&regs, uc);
	return done;
}

#else

static bool user_fault(const siginfo_t *info, ucontext_t *uc)
{
	return false;
}

#endif

static void on_fault(int sig, siginfo_t *info, void *ctx)
{
	int saved = errno;

	if (!user_fault(info, ctx))
		next_handler(sig, info, ctx);
	errno = saved;
}

/* No signals meanwhile, as in the kernel; but another fault ends the process where it is. */
static void user_install(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };

	sigfillset(&sa.sa_mask);
	sigdelset(&sa.sa_mask, SIGSEGV);
	sigdelset(&sa.sa_mask, SIGBUS);
	sigdelset(&sa.sa_mask, SIGABRT);
	__real_sigaction(SIGSEGV, &sa, &next_action);
	WRITE_ONCE(user_on, true);
}

void shim_user_init(void)
{
	pthread_once(&user_once, user_install);
}

/* The program installs a handler of faults. */
int shim_fault_sigaction(int sig, const struct sigaction *sa, struct sigaction *old)
{
	if (sig != SIGSEGV || !READ_ONCE(user_on))
		return __real_sigaction(sig, sa, old);
	pthread_mutex_lock(&next_lock);
	if (old)
		*old = next_action;
	if (sa)
		next_action = *sa;
	pthread_mutex_unlock(&next_lock);
	return 0;
}

#ifdef SHIM_TSAN
/* The handler is the kernel's page fault, and takes its locks and its memory. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "report_signal_unsafe=0";
}
#endif
