// SPDX-License-Identifier: GPL-2.0
/*
 * `vmxl run`: a machine from its options, run until it ends, as often as the
 * guest reboots it. The loop, the consoles, the time-out and the signals stay
 * over a reboot; everything else is made anew.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "codelog.h"
#include "machine.h"
#include "run.h"

struct session {
	struct run_options opt;
	struct loop loop;
	struct console con, vcon;
	struct machine *machine;	/* while the loop runs */
	struct code_log code_log;
	int signal_fd, timer_fd;
	u64 start_ns;
};

static void on_quit(void *opaque)
{
	struct session *s = opaque;

	vm_stop(&s->machine->vm, VM_STOPPED, STATUS_OK);
}

static void on_signal(void *opaque)
{
	struct session *s = opaque;
	struct signalfd_siginfo info;

	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	error("ended by signal %u (%s)", info.ssi_signo, strsignal(info.ssi_signo));
	vm_stop(&s->machine->vm, VM_STOPPED, 128 + info.ssi_signo);
}

static void on_timeout(void *opaque)
{
	struct session *s = opaque;
	u64 expirations;

	if (read(s->timer_fd, &expirations, sizeof(expirations)) != sizeof(expirations))
		return;
	error("time-out after %llu s", (unsigned long long)s->opt.timeout_s);
	vm_stop(&s->machine->vm, VM_STOPPED, STATUS_TIMEOUT);
}

/* Blocked here, before any thread is made, and so in all of them. */
static int watch_signals(struct session *s)
{
	static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t set;
	unsigned int i;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(watched); i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signal_fd < 0)
		return error_errno("signalfd");
	return loop_add(&s->loop, s->signal_fd, NULL, on_signal, s);
}

static int watch_time(struct session *s)
{
	struct itimerspec its = { .it_value.tv_sec = s->opt.timeout_s };

	s->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->timer_fd < 0 || timerfd_settime(s->timer_fd, 0, &its, NULL))
		return error_errno("timerfd");
	return loop_add(&s->loop, s->timer_fd, NULL, on_timeout, s);
}

/* Standard input goes to the virtio console if that wants it, else to the UART. */
static int open_consoles(struct session *s)
{
	const char *vcon = s->opt.virtio_console;
	bool vcon_input = vcon && !strcmp(vcon, "stdio");

	if (console_open(&s->con, s->opt.console, !vcon_input, &s->loop, on_quit, s))
		return -1;
	if (!vcon)
		return 0;
	return console_open(&s->vcon, vcon, true, &s->loop, on_quit, s);
}

static void print_vcpu(struct vm *vm, struct vcpu *vcpu)
{
	char line[512];		/* room for each exit's name and 20 digits */
	unsigned int i;
	int len;

	len = snprintf(line, sizeof(line), "vCPU %u: %llu instructions; exits:", vcpu->index,
		       (unsigned long long)vm->isa->insn_count(vcpu));
	for (i = 0; i < ARRAY_SIZE(vcpu->nr_exits); i++) {
		if (vcpu->nr_exits[i])
			len += snprintf(line + len, sizeof(line) - len, " %s %llu",
					vcpu_exit_name(i), (unsigned long long)vcpu->nr_exits[i]);
	}
	report("%s", line);
}

static void print_stats(struct session *s)
{
	struct vm *vm = &s->machine->vm;
	double seconds = (now_ns() - s->start_ns) / 1e9;
	struct mmio_region *r;
	struct vcpu *vcpu;
	u64 insns = 0;

	for (vcpu = vm->vcpus; vcpu < vm->vcpus + vm->nr_vcpus; vcpu++) {
		insns += vm->isa->insn_count(vcpu);
		print_vcpu(vm, vcpu);
	}
	report("%.3f s, %llu instructions, %.1f MIPS", seconds, (unsigned long long)insns,
	       insns / seconds / 1e6);
	for (r = vm->mmio.regions; r < vm->mmio.regions + vm->mmio.nr_regions; r++) {
		if (r->nr_reads || r->nr_writes)
			report("%s at 0x%llx: %lu reads, %lu writes", r->ops->name,
			       (unsigned long long)r->base, r->nr_reads, r->nr_writes);
	}
	s->machine->ops->stats(s->machine);
}

static int create_machine(struct session *s)
{
	const struct machine_env env = {
		.opt = &s->opt,
		.loop = &s->loop,
		.con = &s->con,
		.vcon = s->opt.virtio_console ? &s->vcon : NULL,
	};

	s->machine = machine_find(s->opt.isa)->create(&env);
	return s->machine ? 0 : -1;
}

/* One life of the guest. Returns whether there is to be another one. */
static bool run_once(struct session *s, int *status)
{
	bool again = false;

	*status = STATUS_FAIL;
	if (create_machine(s))
		return false;
	/* A VM counts instructions from the first look at their number. */
	if (s->opt.stats)
		s->machine->vm.isa->insn_count(s->machine->vm.vcpus);
	s->start_ns = now_ns();
	if (code_log_begin(&s->code_log, &s->machine->vm))
		goto out;
	vm_run(&s->machine->vm);
	code_log_end(&s->code_log);
	*status = s->machine->vm.status;
	again = atomic_load(&s->machine->vm.outcome) == VM_RESET && !s->opt.no_reboot;
	if (s->opt.stats)
		print_stats(s);
out:
	s->machine->ops->destroy(s->machine);
	return again;
}

static int dump_dtb(struct session *s)
{
	int ret;

	if (create_machine(s))
		return STATUS_FAIL;
	ret = s->machine->ops->dump_dtb(s->machine, s->opt.dump_dtb);
	s->machine->ops->destroy(s->machine);
	return ret ? STATUS_FAIL : STATUS_OK;
}

static int run_session(struct session *s)
{
	int status;

	/* No guest will run: leave the terminal alone. */
	if (s->opt.dump_dtb) {
		s->opt.console = "none";
		s->opt.virtio_console = s->opt.virtio_console ? "none" : NULL;
	}
	if (watch_signals(s) || watch_time(s) || open_consoles(s))
		return STATUS_FAIL;
	if (s->opt.dump_dtb)
		return dump_dtb(s);
	if (code_log_open(&s->code_log, &s->opt.code_log, &s->loop))
		return STATUS_FAIL;
	while (run_once(s, &status))
		verbose("rebooting");
	return status;
}

int cmd_run(int argc, char **argv)
{
	static struct session s;
	int status;

	s = (struct session) {
		.signal_fd = -1, .timer_fd = -1, .con.out_fd = -1, .vcon.out_fd = -1,
		.con.in_fd = -1, .vcon.in_fd = -1,
	};
	options_parse(argc, argv, &s.opt);
	if (loop_init(&s.loop))
		return STATUS_FAIL;
	status = run_session(&s);
	code_log_close(&s.code_log);
	console_close(&s.vcon);
	console_close(&s.con);
	if (s.timer_fd >= 0)
		close(s.timer_fd);
	if (s.signal_fd >= 0)
		close(s.signal_fd);
	loop_destroy(&s.loop);
	return status;
}
