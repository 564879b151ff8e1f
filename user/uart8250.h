/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An ns16550a UART (16 byte FIFOs, registers one byte apart) on a console.
 */
#ifndef VMXL_USER_UART8250_H
#define VMXL_USER_UART8250_H

#include "console.h"
#include "vm.h"

#define UART_SIZE	0x100
#define UART_CLOCK_HZ	3686400

struct uart {
	struct vm *vm;
	struct console *con;
	u32 irq;
	pthread_mutex_t lock;	/* all below; outside of the console's lock */
	bool irq_level;
	bool thr_pending;	/* "transmitter empty" has not been reported yet */
	bool brk_pending;
	u8 ier, fcr, lcr, mcr, scr;
	u16 divisor;
	u8 loopback;		/* the byte in the receiver in loopback mode */
	bool loopback_full;
};

int uart_init(struct uart *uart, struct vm *vm, u64 base, u32 irq, struct console *con);
void uart_destroy(struct uart *uart);

#endif
