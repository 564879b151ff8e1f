// SPDX-License-Identifier: GPL-2.0
/*
 * The 8250 UART model. See uart8250.h.
 *
 * The transmitter is never busy. The receiver's FIFO is the console's buffer,
 * and what the far end types is held back until the guest raises RTS: a driver
 * that flushes the receiver while it starts up then loses nothing.
 */
#include <linux/serial_reg.h>
#include <string.h>

#include "uart8250.h"

static bool rx_ready(struct uart *u)
{
	if (u->mcr & UART_MCR_LOOP)
		return u->loopback_full;
	return u->brk_pending || ((u->mcr & UART_MCR_RTS) && console_pending(u->con));
}

/* The highest pending interrupt, as IIR gives it. */
static u8 interrupt_id(struct uart *u)
{
	if ((u->ier & UART_IER_RLSI) && u->brk_pending)
		return UART_IIR_RLSI;
	if ((u->ier & UART_IER_RDI) && rx_ready(u))
		return UART_IIR_RDI;
	if ((u->ier & UART_IER_THRI) && u->thr_pending)
		return UART_IIR_THRI;
	return UART_IIR_NO_INT;
}

static void update_irq(struct uart *u)
{
	bool level = interrupt_id(u) != UART_IIR_NO_INT;

	if (level == u->irq_level)
		return;
	u->irq_level = level;
	vm_irq_line(u->vm, u->irq, level);
}

static u8 read_rbr(struct uart *u)
{
	u8 c = 0;

	if (u->mcr & UART_MCR_LOOP) {
		u->loopback_full = false;
		return u->loopback;
	}
	/* A break is a zero byte with BI set in LSR. */
	if (u->brk_pending)
		u->brk_pending = false;
	else if (u->mcr & UART_MCR_RTS)
		console_read(u->con, &c, 1);
	return c;
}

static u8 read_iir(struct uart *u)
{
	u8 iir = interrupt_id(u);

	if (iir == UART_IIR_THRI)
		u->thr_pending = false;
	return iir | (u->fcr & UART_FCR_ENABLE_FIFO ? 0xc0 : 0);
}

static u8 read_lsr(struct uart *u)
{
	u8 lsr = UART_LSR_TEMT | UART_LSR_THRE;

	if (rx_ready(u))
		lsr |= UART_LSR_DR;
	if (u->brk_pending && !(u->mcr & UART_MCR_LOOP))
		lsr |= UART_LSR_BI;
	return lsr;
}

/* In loopback mode the modem inputs are wired to the outputs. */
static u8 read_msr(struct uart *u)
{
	if (!(u->mcr & UART_MCR_LOOP))
		return UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS;
	return (u->mcr & UART_MCR_DTR ? UART_MSR_DSR : 0) |
	       (u->mcr & UART_MCR_RTS ? UART_MSR_CTS : 0) |
	       (u->mcr & UART_MCR_OUT1 ? UART_MSR_RI : 0) |
	       (u->mcr & UART_MCR_OUT2 ? UART_MSR_DCD : 0);
}

static u8 read_register(struct uart *u, u64 offset)
{
	bool dlab = u->lcr & UART_LCR_DLAB;

	switch (offset) {
	case UART_RX: return dlab ? u->divisor & 0xff : read_rbr(u);
	case UART_IER: return dlab ? u->divisor >> 8 : u->ier;
	case UART_IIR: return read_iir(u);
	case UART_LCR: return u->lcr;
	case UART_MCR: return u->mcr;
	case UART_LSR: return read_lsr(u);
	case UART_MSR: return read_msr(u);
	case UART_SCR: return u->scr;
	default: return 0;
	}
}

static u64 uart_read(void *opaque, u64 offset, unsigned int len)
{
	struct uart *u = opaque;
	u8 value;

	(void)len;
	pthread_mutex_lock(&u->lock);
	value = read_register(u, offset);
	update_irq(u);
	pthread_mutex_unlock(&u->lock);
	return value;
}

static void write_thr(struct uart *u, u8 value)
{
	u->thr_pending = true;
	if (u->mcr & UART_MCR_LOOP) {
		u->loopback = value;
		u->loopback_full = true;
	} else {
		console_write(u->con, &value, 1);
	}
}

static void write_ier(struct uart *u, u8 value)
{
	/* Enabling the interrupt while the transmitter is empty raises it. */
	if (!(u->ier & UART_IER_THRI) && (value & UART_IER_THRI))
		u->thr_pending = true;
	u->ier = value & 0x0f;
}

static void write_register(struct uart *u, u64 offset, u8 value)
{
	bool dlab = u->lcr & UART_LCR_DLAB;

	switch (offset) {
	case UART_TX:
		if (dlab)
			u->divisor = (u->divisor & 0xff00) | value;
		else
			write_thr(u, value);
		break;
	case UART_IER:
		if (dlab)
			u->divisor = (u->divisor & 0xff) | value << 8;
		else
			write_ier(u, value);
		break;
	case UART_FCR:
		u->fcr = value;
		break;
	case UART_LCR:
		u->lcr = value;
		break;
	case UART_MCR:
		u->mcr = value & 0x1f;
		break;
	case UART_SCR:
		u->scr = value;
		break;
	}
}

static void uart_write(void *opaque, u64 offset, u64 value, unsigned int len)
{
	struct uart *u = opaque;

	(void)len;
	pthread_mutex_lock(&u->lock);
	write_register(u, offset, value);
	update_irq(u);
	pthread_mutex_unlock(&u->lock);
}

static const struct mmio_ops uart_ops = {
	.name = "uart", .read = uart_read, .write = uart_write,
};

static void uart_input(void *opaque)
{
	struct uart *u = opaque;

	pthread_mutex_lock(&u->lock);
	update_irq(u);
	pthread_mutex_unlock(&u->lock);
}

static void uart_break(void *opaque)
{
	struct uart *u = opaque;

	pthread_mutex_lock(&u->lock);
	u->brk_pending = true;
	update_irq(u);
	pthread_mutex_unlock(&u->lock);
}

int uart_init(struct uart *u, struct vm *vm, u64 base, u32 irq, struct console *con)
{
	struct console_events events = { .input = uart_input, .brk = uart_break, .opaque = u };

	*u = (struct uart) { .vm = vm, .con = con, .irq = irq, .divisor = 1 };
	pthread_mutex_init(&u->lock, NULL);
	console_set_events(con, &events);
	return mmio_add(&vm->mmio, base, UART_SIZE, &uart_ops, u);
}

void uart_destroy(struct uart *u)
{
	console_set_events(u->con, NULL);
	pthread_mutex_destroy(&u->lock);
}
