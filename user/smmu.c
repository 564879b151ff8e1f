// SPDX-License-Identifier: GPL-2.0
/*
 * The SMMU, and DMA through it. See smmu.h.
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "smmu.h"
#include "sys.h"
#include "vm.h"

/* Ranges of one look-up: more than a request of 1 MiB has in pages. */
#define MAX_RANGES	257

#define WINDOW_LEN	(1ULL << 36)
#define PAGE		4096ULL

/* ---- faults in windows ---- */

static __thread struct dma_guard *guarded;

/* The module's are SIGBUS; where its code is in this process they are SIGSEGV. */
static const int fault_signals[] = { SIGBUS, SIGSEGV };
static struct sigaction others[ARRAY_SIZE(fault_signals)];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A fault that is none of ours comes again, and is whose it was before. */
static void on_fault(int sig)
{
	if (guarded)
		siglongjmp(guarded->back, 1);
	sigaction(sig, &others[sig == SIGSEGV], NULL);
}

static void catch_faults(void)
{
	struct sigaction sa = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fault_signals); i++)
		sigaction(fault_signals[i], &sa, &others[i]);
}

void dma_enter(struct dma_guard *guard)
{
	guard->outer = guarded;
	guarded = guard;
	/* What is guarded stays between this and dma_end(). */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void dma_end(struct dma_guard *guard)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	guarded = guard->outer;
}

static void touch(const struct iovec *v, bool write)
{
	u8 *p = v->iov_base, *end = p + v->iov_len;

	for (; p < end; p += PAGE - (uintptr_t)p % PAGE) {
		if (write)
			__atomic_fetch_or(p, 0, __ATOMIC_RELAXED);
		else
			__atomic_load_n(p, __ATOMIC_RELAXED);
	}
}

bool dma_touch(const struct iovec *iov, unsigned int nr, bool write)
{
	struct dma_guard guard;
	unsigned int i;
	bool there = dma_begin(&guard);

	for (i = 0; there && i < nr; i++)
		touch(&iov[i], write);
	dma_end(&guard);
	return there;
}

/* ---- the device ---- */

enum smmu_way smmu_parse(const char *text)
{
	if (!strcmp(text, "lookup"))
		return SMMU_LOOKUP;
	return strcmp(text, "windows") ? SMMU_NONE : SMMU_WINDOWS;
}

static int set_up(int fd, u64 base, u32 irq)
{
	static const u32 attrs[SMMU_NR_IRQS] = {
		VMXL_SMMU_IRQ_EVENTQ, VMXL_SMMU_IRQ_PRIQ, VMXL_SMMU_IRQ_SYNC,
		VMXL_SMMU_IRQ_GERROR, VMXL_SMMU_IRQ_PMCG,
	};
	unsigned int i;

	if (vm_device_set(fd, "SMMU", VMXL_DEV_GRP_ADDR, 0, base))
		return -1;
	for (i = 0; i < SMMU_NR_IRQS; i++) {
		if (vm_device_set(fd, "SMMU", VMXL_DEV_GRP_CONFIG, attrs[i], irq + i))
			return -1;
	}
	return vm_device_set(fd, "SMMU", VMXL_DEV_GRP_CTRL, VMXL_DEV_CTRL_INIT, 0);
}

int smmu_create(struct vm *vm, u64 base, u32 irq)
{
	int fd = vm_new_device(vm, "SMMU", VMXL_DEV_ARM_SMMUV3);

	if (fd < 0 || !set_up(fd, base, irq))
		return fd;
	sys_close(fd);
	return -1;
}

/* ---- streams ---- */

void stream_init(struct stream *stream, const struct vm *vm, u32 sid)
{
	*stream = (struct stream) { .smmu_fd = vm->smmu_fd, .sid = sid };
	if (vm->smmu != SMMU_WINDOWS)
		return;
	pthread_once(&once, catch_faults);
	stream->max_win = STREAM_WINDOWS;
}

/* Where iova is in a window, which is made if there is room; NULL: it has to be looked up. */
static u8 *in_window(struct stream *stream, u64 iova)
{
	struct vmxl_smmu_window w = {
		.sid = stream->sid, .iova = iova & -WINDOW_LEN, .len = WINDOW_LEN,
	};
	unsigned int i;

	for (i = 0; i < stream->nr_win; i++) {
		if (stream->win[i].iova == w.iova)
			return stream->win[i].hva + (iova - w.iova);
	}
	if (i == stream->max_win)
		return NULL;
	if (sys_ioctl(stream->smmu_fd, VMXL_SMMU_WINDOW, (unsigned long)&w)) {
		stream->max_win = i;	/* the VM has no more */
		return NULL;
	}
	stream->win[i] = (struct stream_window) { w.iova, (u8 *)(uintptr_t)w.hva };
	stream->nr_win++;
	return stream->win[i].hva + (iova - w.iova);
}

/* Bytes from addr on that lie in one window, if one has it */
static u64 window_part(u64 addr, u64 len)
{
	return MIN(len, WINDOW_LEN - addr % WINDOW_LEN);
}

/* The ranges of a segment; 0: a part of it is not memory that the stream may have. */
static unsigned int lookup(const struct stream *stream, u64 addr, u64 len, bool write,
			   struct vmxl_smmu_range *out, unsigned int max)
{
	struct vmxl_smmu_seg in = { .iova = addr, .len = len };
	struct vmxl_smmu_lookup l = {
		.sid = stream->sid,
		.access = write ? VMXL_SMMU_WRITE : VMXL_SMMU_READ,
		.flags = VMXL_SMMU_NO_STALL,
		.in = (uintptr_t)&in,
		.out = (uintptr_t)out,
		.nr_in = 1,
		.nr_out = max,
	};
	unsigned int i;

	if (sys_ioctl(stream->smmu_fd, VMXL_SMMU_LOOKUP, (unsigned long)&l) || l.done != len)
		return 0;
	for (i = 0; i < l.nr_out; i++) {
		if (!out[i].hva)
			return 0;
	}
	return l.nr_out;
}

void *dma_at(const struct guest_mem *mem, struct stream *stream, u64 addr, u64 len, bool write)
{
	struct vmxl_smmu_range range;
	u8 *p;

	if (!stream)
		return mem_at(mem, addr, len);
	p = window_part(addr, len) == len ? in_window(stream, addr) : NULL;
	if (p || lookup(stream, addr, len, write, &range, 1) != 1)
		return p;
	return (void *)(uintptr_t)range.hva;
}

static unsigned int iov_lookup(const struct stream *stream, u64 addr, u64 len, bool write,
			       struct iovec *iov, unsigned int max)
{
	struct vmxl_smmu_range range[MAX_RANGES];
	unsigned int n, i;

	n = lookup(stream, addr, len, write, range, MIN(max, (unsigned int)MAX_RANGES));
	for (i = 0; i < n; i++)
		iov[i] = (struct iovec) { (void *)(uintptr_t)range[i].hva, range[i].len };
	return n;
}

unsigned int dma_iov(const struct guest_mem *mem, struct stream *stream, u64 addr, u64 len,
		     bool write, struct iovec *iov, unsigned int max)
{
	unsigned int n = 0, more;
	u64 part;
	u8 *p;

	if (!stream) {
		*iov = (struct iovec) { mem_at(mem, addr, len), len };
		return iov->iov_base ? 1 : 0;
	}
	if (addr + (len - 1) < addr)
		return 0;
	for (; len; n += more, addr += part, len -= part) {
		part = window_part(addr, len);
		p = n < max ? in_window(stream, addr) : NULL;
		more = 1;
		if (p)
			iov[n] = (struct iovec) { p, part };
		else
			more = iov_lookup(stream, addr, part, write, iov + n, max - n);
		if (!more)
			return 0;
	}
	return n;
}
