// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF tools (bpf/): a tool is started, a VM does something, and what the
 * tool has counted must be what the module has (netlink).
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fam.h"

#define EVENTS		"/sys/kernel/tracing/events/"
#define MODULE_BTF	"/sys/kernel/btf/vmx_xlate"

/* ---- a tool ---- */

struct tool {
	pid_t pid;
	FILE *out;
	char head[128];		/* the line that says that it watches */
	char text[65536];
};

static void need_tools(const char *name)
{
	char path[64];

	fam_open();
	snprintf(path, sizeof(path), "/usr/bin/%s", name);
	if (access(path, X_OK))
		tap_skip("the tool is not there");
	if (access(EVENTS "vmx_xlate", F_OK))
		tap_skip("the kernel has no tracepoints");
}

/* Returns when it watches: its first line says so. */
static void tool_start(struct tool *t, char *const argv[])
{
	int fd[2];

	CHECK_OK(pipe2(fd, O_CLOEXEC));
	t->pid = CHECK_OK(fork());
	if (!t->pid) {
		dup2(fd[1], STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(fd[1]);
	t->out = fdopen(fd[0], "r");
	CHECK(t->out);
	CHECK(fgets(t->head, sizeof(t->head), t->out));
	CHECK(strstr(t->head, argv[0]));
}

static void tool_end(struct tool *t)
{
	size_t n;
	int status;

	CHECK_OK(kill(t->pid, SIGINT));
	n = fread(t->text, 1, sizeof(t->text) - 1, t->out);
	t->text[n] = 0;
	fclose(t->out);
	CHECK_EQ(waitpid(t->pid, &status, 0), t->pid);
	CHECK_EQ(status, 0);
}

/* The sum of @field in the lines of a VM that are of @what; "" is of all */
static u64 sum(const struct tool *t, u32 vm, const char *what, const char *field)
{
	char copy[sizeof(t->text)], want_vm[32], want_what[64], name[64], *line, *p, *save;
	u64 total = 0;

	snprintf(want_vm, sizeof(want_vm), "{\"vm\": %u,", vm);
	snprintf(want_what, sizeof(want_what), "\"what\": \"%s\"", what);
	snprintf(name, sizeof(name), "\"%s\": ", field);
	strcpy(copy, t->text);
	for (line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (strncmp(line, want_vm, strlen(want_vm)) ||
		    (*what && !strstr(line, want_what)))
			continue;
		p = strstr(line, name);
		CHECK(p);
		total += strtoull(p + strlen(name), NULL, 10);
	}
	return total;
}

/* ---- the module's own counters ---- */

static struct reply counters(int cmd, u32 vm)
{
	struct reply r;

	if (cmd == VMXL_NL_CMD_VCPU_GET)
		CHECK_EQ(fam_get_vcpu(vm, 0, &r), 0);
	else
		CHECK_EQ(fam_get(cmd, vm, &r), 0);
	return r;
}

/* ---- what a VM does ---- */

static const u32 store_code[] = { RV_SD(RV_A2, 0, RV_A1), RV_J(-4) };

/* Some exits for MMIO and one for a signal, fences, and blocks that are dropped */
static u32 busy_vm(struct vm *vm, struct vcpu *vcpu)
{
	static const u32 fence_code[] = {
		RV_SFENCE_VMA, RV_SFENCE_VMA, RV_SD(RV_A2, 0, RV_A1), RV_J(-12),
	};
	int i;

	*vm = vm_new_ram(VMXL_VM_FIRMWARE);
	*vcpu = vcpu_new(vm, 0);
	GUEST(vm, vcpu, RAM, store_code);
	set_reg(vcpu, REG_X(RV_A1), MMIO);
	for (i = 0; i < 20; i++)
		expect_store(vcpu, MMIO, 8, 0);
	vcpu->run->immediate_exit = 1;
	CHECK_ERR(__vcpu_run(vcpu), EINTR);
	vcpu->run->immediate_exit = 0;
	GUEST(vm, vcpu, RAM + 0x4000, fence_code);
	for (i = 0; i < 5; i++)
		expect_store(vcpu, MMIO, 8, 0);
	return fam_newest();
}

static void done_vm(struct vm *vm, struct vcpu *vcpu)
{
	vcpu_close(vcpu);
	vm_close(vm);
}

#define VCPU(id)	(r.stat[VMXL_NL_VCPU_STAT_##id])
#define VM(id)		(r.stat[VMXL_NL_VM_STAT_##id])

/* ---- each tool, beside a VM: once by the types of events, once by their records ---- */

static bool records;

/* A tool that watches, and the VM that it watches */
struct scene {
	struct tool t;
	struct vm vm;
	struct vcpu vcpu;
	u32 id;
};

/* Starts a tool, with options or NULL, and has @make make a VM. */
static void scene_start(struct scene *s, const char *name, char *option, char *arg,
			u32 (*make)(struct vm *vm, struct vcpu *vcpu))
{
	char *argv[8] = { (char *)name, "--json" };
	int n = 2;

	need_tools(name);
	if (records)
		argv[n++] = "--records";
	argv[n++] = option;
	argv[n++] = arg;
	tool_start(&s->t, argv);
	CHECK(strstr(s->t.head, records || access(MODULE_BTF, F_OK) ? "records" : "types"));
	s->id = make(&s->vm, &s->vcpu);
}

/* The tool ends; what the module has counted until then */
static struct reply scene_end(struct scene *s, int cmd)
{
	struct reply r = counters(cmd, s->id);

	tool_end(&s->t);
	return r;
}

static u64 seen(const struct scene *s, const char *what, const char *field)
{
	return sum(&s->t, s->id, what, field);
}

#define COUNT(what)	seen(&s, what, "count")

static void exits(void)
{
	struct scene s;
	struct reply r;

	scene_start(&s, "vmxl-exits", NULL, NULL, busy_vm);
	r = scene_end(&s, VMXL_NL_CMD_VCPU_GET);
	CHECK(VCPU(EXIT_MMIO) >= 25);
	CHECK_EQ(COUNT("mmio"), VCPU(EXIT_MMIO));
	CHECK_EQ(COUNT("intr"), 1);
	CHECK_EQ(COUNT(""), VCPU(RUNS));
	CHECK(seen(&s, "mmio", "ns") > 0);
	CHECK(seen(&s, "mmio", "max_ns") <= seen(&s, "mmio", "ns"));
	done_vm(&s.vm, &s.vcpu);
}

static void tlb(void)
{
	struct scene s;
	struct reply r;
	u64 misses, hits;

	scene_start(&s, "vmxl-tlb", NULL, NULL, busy_vm);
	r = scene_end(&s, VMXL_NL_CMD_VCPU_GET);
	misses = COUNT("miss-read") + COUNT("miss-write") + COUNT("miss-exec") +
		 COUNT("miss-atomic");
	CHECK(misses > 0);
	/* No windows: each look-up is a miss of the first level; fetches are not looked up there. */
	hits = COUNT("hit-read") + COUNT("hit-write") + COUNT("hit-atomic");
	CHECK_EQ(hits + misses - COUNT("miss-exec"), VCPU(TLB_L1_MISS));
	CHECK_EQ(COUNT("space"), VCPU(TLB_L1_MISS));
	CHECK_EQ(seen(&s, "space", "hits"), hits);
	CHECK_EQ(misses, VCPU(TLB_MISS));
	CHECK_EQ(COUNT("flush-all") + COUNT("flush-asid"), VCPU(TLB_FLUSH));
	CHECK_EQ(COUNT("flush-page"), VCPU(TLB_FLUSH_PAGE));
	CHECK(VCPU(TLB_FLUSH) > 0);
	done_vm(&s.vm, &s.vcpu);
}

static void jit(void)
{
	struct scene s;
	struct reply r;

	scene_start(&s, "vmxl-jit", NULL, NULL, busy_vm);
	r = counters(VMXL_NL_CMD_VCPU_GET, s.id);
	tool_end(&s.t);
	CHECK(VCPU(TRANSLATED) >= 2);
	CHECK_EQ(COUNT("translate"), VCPU(TRANSLATED));
	CHECK(seen(&s, "translate", "bytes") >= 8);
	CHECK(seen(&s, "translate", "ns") > 0);
	r = counters(VMXL_NL_CMD_VM_GET, s.id);
	CHECK_EQ(COUNT("compile"), VM(COMPILED));
	CHECK_EQ(COUNT("invalidate"), VM(INVALIDATED));
	CHECK_EQ(COUNT("reclaim"), VM(RECLAIMED));
	done_vm(&s.vm, &s.vcpu);
}

/* A loop of two blocks in user mode: compiled, linked, and it stores by a window */
static u32 compiled_vm(struct vm *vm, struct vcpu *vcpu)
{
	static const u32 code[] = {
		RV_ADDI(RV_A0, RV_A0, -1), RV_BNE(RV_A0, RV_ZERO, 12),
		RV_SD(RV_A0, 0, RV_A1), RV_J(-12),
		RV_SD(RV_A0, 0, RV_A3), RV_J(-20),
	};

	*vm = vm_new_ram(VMXL_VM_FIRMWARE);
	*vcpu = vcpu_new(vm, 0);
	GUEST(vm, vcpu, RAM, code);
	user_mode(vm, vcpu);
	set_reg(vcpu, REG_X(RV_A0), 10000);
	set_reg(vcpu, REG_X(RV_A1), MMIO);
	set_reg(vcpu, REG_X(RV_A3), RAM + 0x20000);
	expect_store(vcpu, MMIO, 8, 0);
	return fam_newest();
}

static void compiled(void)
{
	static const char hottest[] = "\"hot\": \"0x80000000\", \"symbol\": \"0x80000000\"";
	struct scene s;
	struct reply r;

	scene_start(&s, "vmxl-jit", "--hot", "3", compiled_vm);
	/* Long enough to be seen by a clock, on a busy host as well */
	set_reg(&s.vcpu, REG_X(RV_A0), 200000000);
	expect_store(&s.vcpu, MMIO, 8, 0);
	r = scene_end(&s, VMXL_NL_CMD_VM_GET);
	CHECK(strstr(s.t.text, hottest));
	CHECK(VM(COMPILED) >= 1);
	CHECK_EQ(COUNT("compile"), VM(COMPILED));
	CHECK_EQ(seen(&s, "compile", "host_bytes"), VM(HOST_BYTES));
	CHECK_EQ(COUNT("code-reclaim"), VM(CODE_RECLAIMED));
	CHECK(COUNT("link") >= 1);
	CHECK(COUNT("unlink") <= COUNT("link"));
	done_vm(&s.vm, &s.vcpu);
}

static void windows(void)
{
	struct scene s;
	struct reply r;
	u64 live;

	/* Windows' faults are look-ups, too; those that were not answered are walks. */
	scene_start(&s, "vmxl-tlb", NULL, NULL, compiled_vm);
	r = scene_end(&s, VMXL_NL_CMD_VCPU_GET);
	CHECK_EQ(COUNT("space"), VCPU(TLB_L1_MISS) + COUNT("window-fill") + COUNT("window-walk"));
	live = seen(&s, "space", "live");
	CHECK(live >= 1);
	CHECK_EQ(live, seen(&s, "space", "filled") - seen(&s, "space", "zapped"));
	done_vm(&s.vm, &s.vcpu);

	scene_start(&s, "vmxl-tlb", NULL, NULL, compiled_vm);
	vm_memory(s.vm.fd, 0, 0, RAM, 0, NULL);
	tool_end(&s.t);
	CHECK_EQ(seen(&s, "space", "live"), 0);
	CHECK_EQ(seen(&s, "space", "filled"), seen(&s, "space", "zapped"));
	CHECK(COUNT("window-fill") >= 1);
	CHECK(seen(&s, "window-fill", "bytes") >= PAGE);
	CHECK(COUNT("zap-all") >= 1);
	done_vm(&s.vm, &s.vcpu);
}

/* An ebreak to a handler that does it again, until the handler's store leaves */
static u32 trapping_vm(struct vm *vm, struct vcpu *vcpu)
{
	static const u32 code[] = {
		RV_CSRRW(0, 0x305, RV_A3), RV_EBREAK, RV_NOP,
		RV_SD(RV_A2, 0, RV_A1), RV_EBREAK,
	};
	int i;

	*vm = vm_new_ram(0);
	*vcpu = vcpu_new(vm, 0);
	GUEST(vm, vcpu, RAM, code);
	set_reg(vcpu, REG_X(RV_A1), MMIO);
	set_reg(vcpu, REG_X(RV_A3), RAM + 12);
	for (i = 0; i < 7; i++)
		expect_store(vcpu, MMIO, 8, 0);
	return fam_newest();
}

static void faults(void)
{
	struct scene s;

	scene_start(&s, "vmxl-faults", NULL, NULL, trapping_vm);
	tool_end(&s.t);
	CHECK_EQ(COUNT("breakpoint"), 7);
	CHECK_EQ(COUNT(""), 7);
	done_vm(&s.vm, &s.vcpu);
}

/* A guest that waits is woken by a signal: it has slept, and been on a processor. */
static u32 waiting_vm(struct vm *vm, struct vcpu *vcpu)
{
	static const u32 wait_code[] = { RV_WFI, RV_J(-4) };
	struct kicker *k;
	int i;

	*vm = vm_new_ram(0);
	*vcpu = vcpu_new(vm, 0);
	GUEST(vm, vcpu, RAM, wait_code);
	for (i = 0; i < 3; i++) {
		k = kick_in(50);
		CHECK_ERR(__vcpu_run(vcpu), EINTR);
		kick_wait(k);
	}
	return fam_newest();
}

static void sched(void)
{
	struct scene s;
	struct reply r;

	scene_start(&s, "vmxl-sched", NULL, NULL, waiting_vm);
	r = scene_end(&s, VMXL_NL_CMD_VCPU_GET);
	CHECK(VCPU(HALTS) >= 3);
	CHECK_EQ(COUNT("guest-halt"), VCPU(HALTS));
	CHECK(seen(&s, "guest-halt", "ns") > 30000000);
	CHECK(COUNT("on-cpu") >= 3);
	CHECK(COUNT("wait") >= 3);
	done_vm(&s.vm, &s.vcpu);
}

static void *run_worker(void *fd)
{
	CHECK_ERR(sys_ioctl(*(int *)fd, VMXL_RUN, 0), EINTR);
	return NULL;
}

/* The vCPU of a worker sleeps; the ioctl of its own has it look again. */
static u32 shared_vm(struct vm *vm, struct vcpu *vcpu)
{
	static const u32 wait_code[] = { RV_WFI, RV_J(-4) };
	pthread_t thread;
	struct reply r;
	u32 id, i, tries;
	int fd;

	*vm = vm_new_ram(0);
	*vcpu = vcpu_new(vm, 0);
	GUEST(vm, vcpu, RAM, wait_code);
	id = fam_newest();
	fd = CHECK_OK(sys_ioctl(vm->fd, VMXL_CREATE_WORKER, 0));
	CHECK(!pthread_create(&thread, NULL, run_worker, &fd));
	for (i = 0; i < 4; i++) {
		for (tries = 0; tries < 1000; tries++) {
			usleep(50000);
			r = counters(VMXL_NL_CMD_VCPU_GET, id);
			if (VCPU(HALTS) > i)
				break;
		}
		get_reg(vcpu, REG_PC);
	}
	CHECK_OK(sys_ioctl(fd, VMXL_KICK_WORKER, 0));
	pthread_join(thread, NULL);
	sys_close(fd);
	return id;
}

static void shared(void)
{
	struct scene s;
	struct reply r;
	u64 halts, taken;

	scene_start(&s, "vmxl-sched", NULL, NULL, shared_vm);
	r = scene_end(&s, VMXL_NL_CMD_VCPU_GET);
	halts = COUNT("guest-halt");
	taken = COUNT("queue") + COUNT("steal");
	/* It may sleep now. Each time it woke a worker took it, and at first; at last perhaps not. */
	CHECK(VCPU(HALTS) - halts <= 1);
	CHECK(halts >= 3);
	CHECK(taken >= halts);
	CHECK(seen(&s, "guest-halt", "ns") > 30000000);
	CHECK(seen(&s, "queue", "ns") > 0);
	CHECK(COUNT("on-cpu") >= 3);
	done_vm(&s.vm, &s.vcpu);
}

/* Where the kernel has types, so has the module: scripts/kernel sees to that. */
static void types(void)
{
	need_kernel();
	if (access("/sys/kernel/btf/vmlinux", F_OK))
		tap_skip("the kernel has no types");
	CHECK_OK(access(MODULE_BTF, R_OK));
}

static void by_records(void)
{
	void (*const test[])(void) = { exits, tlb, jit, compiled, windows, faults, sched,
				       shared };
	unsigned int i;

	records = true;
	for (i = 0; i < ARRAY_SIZE(test); i++)
		test[i]();
}

/* Only the VM that was asked for; intervals */
static void one_vm(void)
{
	char number[16];
	char *const argv[] = { "vmxl-exits", "--json", "--vm", number, NULL };
	char *const thrice[] = { "vmxl-exits", "--json", "1", "3", NULL };
	struct vcpu vcpu[2];
	struct vm vm[2];
	struct tool t;
	int status;
	u32 id;

	need_tools(argv[0]);
	id = busy_vm(&vm[0], &vcpu[0]);
	snprintf(number, sizeof(number), "%u", id);
	tool_start(&t, argv);
	CHECK(busy_vm(&vm[1], &vcpu[1]) != id);
	expect_store(&vcpu[0], MMIO, 8, 0);
	tool_end(&t);
	CHECK_EQ(sum(&t, id, "", "count"), 1);
	CHECK_EQ(sum(&t, fam_newest(), "", "count"), 0);
	/* It ends by itself, and says each thing once. */
	tool_start(&t, thrice);
	expect_store(&vcpu[0], MMIO, 8, 0);
	t.text[fread(t.text, 1, sizeof(t.text) - 1, t.out)] = 0;
	fclose(t.out);
	CHECK_EQ(waitpid(t.pid, &status, 0), t.pid);
	CHECK_EQ(status, 0);
	CHECK_EQ(sum(&t, id, "", "count"), 1);
	done_vm(&vm[0], &vcpu[0]);
	done_vm(&vm[1], &vcpu[1]);
}

static const char *const tools[] = {
	"vmxl-exits", "vmxl-jit", "vmxl-tlb", "vmxl-sched", "vmxl-faults",
};

static int run(const char *cmd)
{
	return WEXITSTATUS(system(cmd));
}

static void arguments(void)
{
	static const char *const bad[] = {
		"--foo", "0", "-1", "x", "1 0", "1 x", "1 2 3", "--vm", "--vm 0", "--vm x",
	};
	unsigned int i, k;
	char cmd[100];

	for (i = 0; i < ARRAY_SIZE(tools); i++) {
		need_tools(tools[i]);
		tap_context(tools[i]);
		snprintf(cmd, sizeof(cmd), "%s --help | grep -q Usage", tools[i]);
		CHECK_EQ(run(cmd), 0);
		for (k = 0; k < ARRAY_SIZE(bad); k++) {
			snprintf(cmd, sizeof(cmd), "%s %s 2>/dev/null", tools[i], bad[k]);
			CHECK_EQ(run(cmd), 2);
		}
		snprintf(cmd, sizeof(cmd), "%s 1 1 | grep -q COUNT", tools[i]);
		CHECK_EQ(run(cmd), 0);
	}
}

/* ---- the events' layout, which is promised ---- */

static const struct {
	const char *event;
	const char *fields;	/* name@offset:size */
} layouts[] = {
	{ "vmx_xlate/vmxl_vm_create", "vm@8:4 isa@12:4" },
	{ "vmx_xlate/vmxl_vm_destroy", "vm@8:4 isa@12:4" },
	{ "vmx_xlate/vmxl_vcpu_create", "vm@8:4 vcpu@12:4 pc@16:8" },
	{ "vmx_xlate/vmxl_run", "vm@8:4 vcpu@12:4 pc@16:8" },
	{ "vmx_xlate/vmxl_exit", "vm@8:4 vcpu@12:4 pc@16:8 ns@24:8 reason@32:4" },
	{ "vmx_xlate/vmxl_halt", "vm@8:4 vcpu@12:4 pc@16:8" },
	{ "vmx_xlate/vmxl_sched_in", "vm@8:4 vcpu@12:4 waited@16:8 worker@24:4 from@28:4" },
	{ "vmx_xlate/vmxl_wake", "vm@8:4 vcpu@12:4 pc@16:8" },
	{ "vmx_xlate/vmxl_tlb_miss",
	  "vm@8:4 vcpu@12:4 gva@16:8 gpa@24:8 access@32:4 code@36:4 asid@40:4" },
	{ "vmx_xlate/vmxl_tlb_hit", "vm@8:4 vcpu@12:4 gva@16:8 access@24:4 asid@28:4" },
	{ "vmx_xlate/vmxl_tlb_flush", "vm@8:4 vcpu@12:4 gva@16:8 what@24:4 asid@28:4" },
	{ "vmx_xlate/vmxl_translate",
	  "vm@8:4 vcpu@12:4 pc@16:8 ns@24:8 bytes@32:4 insns@36:4 ops@40:4" },
	{ "vmx_xlate/vmxl_compile",
	  "vm@8:4 vcpu@12:4 pc@16:8 ns@24:8 bytes@32:4 host_bytes@36:4 ret@40:4 host@48:8" },
	{ "vmx_xlate/vmxl_invalidate", "vm@8:4 bytes@12:4 pc@16:8 gpa@24:8" },
	{ "vmx_xlate/vmxl_reclaim", "vm@8:4 bytes@12:4 pc@16:8 gpa@24:8" },
	{ "vmx_xlate/vmxl_window_fill",
	  "vm@8:4 vcpu@12:4 gva@16:8 window@24:4 write@28:4 what@32:4 pages@36:4 asid@40:4 "
	  "live@44:4" },
	{ "vmx_xlate/vmxl_window_zap",
	  "vm@8:4 window@12:4 gva@16:8 len@24:8 cause@32:4 pages@36:4 asid@40:4 "
	  "live@44:4 ns@48:8" },
	{ "vmx_xlate/vmxl_code_reclaim", "vm@8:4 host_bytes@12:4 pc@16:8" },
	{ "vmx_xlate/vmxl_link", "vm@8:4 pc@16:8 to@24:8" },
	{ "vmx_xlate/vmxl_unlink", "vm@8:4 pc@16:8 to@24:8" },
	{ "vmx_xlate/vmxl_smmu_fault",
	  "vm@8:4 sid@12:4 iova@16:8 ssid@24:4 access@28:4 event@32:4 status@36:4" },
	{ "vmx_xlate/vmxl_smmu_inval", "vm@8:4 vmid@12:4 addr@16:8 len@24:8 asid@32:4" },
	{ "vmx_xlate/vmxl_smmu_cmd_error", "vm@8:4 op@12:4 err@16:4" },
	{ "vmx_xlate/vmxl_irq", "vm@8:4 gsi@12:4 level@16:4" },
	{ "vmx_xlate/vmxl_timer", "vm@8:4 vcpu@12:4 pc@16:8" },
	{ "vmx_xlate/vmxl_trap", "vm@8:4 vcpu@12:4 pc@16:8 cause@24:8 val@32:8" },
	{ "sched/sched_switch", "prev_pid@24:4 prev_state@32:8 next_pid@56:4" },
	{ "sched/sched_wakeup", "pid@24:4" },
};

/* "name@offset:size " of a line "field:TYPE NAME;	offset:N;	size:N; ..." */
static void add_field(const char *line, char *out, size_t len)
{
	const char *semi = strchr(line, ';'), *name = semi;
	unsigned int offset, size;
	size_t used = strlen(out);

	if (!semi || sscanf(semi, "; offset:%u; size:%u", &offset, &size) != 2)
		return;
	while (name > line && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
		name--;
	snprintf(out + used, len - used, "%.*s@%u:%u ", (int)(semi - name), name, offset, size);
}

static void layout(void)
{
	char path[100], line[512], fields[1024], want[256], *p, *save;
	unsigned int i;
	FILE *f;

	need_kernel();
	if (access(EVENTS "vmx_xlate", F_OK))
		tap_skip("the kernel has no tracepoints");
	for (i = 0; i < ARRAY_SIZE(layouts); i++) {
		tap_context(layouts[i].event);
		snprintf(path, sizeof(path), EVENTS "%s/format", layouts[i].event);
		f = fopen(path, "r");
		CHECK(f);
		strcpy(fields, " ");
		while (fgets(line, sizeof(line), f))
			add_field(line, fields, sizeof(fields));
		fclose(f);
		strcpy(want, layouts[i].fields);
		for (p = strtok_r(want, " ", &save); p; p = strtok_r(NULL, " ", &save)) {
			snprintf(line, sizeof(line), " %s ", p);
			if (!strstr(fields, line))
				FAIL("no %s in %s", p, fields);
		}
	}
}

static const struct test tests[] = {
	TEST(layout),
	TEST(types),
	TEST(exits),
	TEST(tlb),
	TEST(jit),
	TEST(compiled),
	TEST(windows),
	TEST(faults),
	TEST(sched),
	TEST(shared),
	TEST(by_records),
	TEST(one_vm),
	TEST(arguments),
};
TEST_MAIN(tests)
