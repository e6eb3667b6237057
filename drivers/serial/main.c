/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver's glue: performs the actions of uart.c on the ports of the manifest and
 * turns what the runtime calls into its events. Nothing here waits or decides. What was
 * taken for sending and what was received lies in the page that outlives a restart, so a crash
 * loses none of it; the byte that the device was given last may be sent twice. */
#include "cap/driver.h"
#include "cap/format.h"
#include "cap/string.h"
#include "cap/syscall.h"
#include "hw/ns16550.h"
#include "uart.h"

#define PIO_UART 0u /* position in the manifest's caps.pio */
#define IRQ_UART 0u /* and caps.irq */

/* Bytes of an instance that found nothing kept have positions of their own. */
#define NUMBERS_SHIFT 20u

/* Invariant SE1: `unsent` is UNSENT(head, tail) of the ring in `data`, free-running: one store
 * begins with what was put there, and ends with what the device was given.
 * Invariant SE2: rx_head is taken.count; or one less, if the driver died before the byte was
 * put where it goes: the next instance does that. */
typedef struct kept {
	pio_kept_t taken; /* by the kernel: of the data register, for `rx_data` */
	uint32_t magic;
	uint32_t unsent;
	uint32_t rx_head, rx_tail; /* free-running; each is stored by itself */
	uint8_t data[UART_TX_BYTES];
	uint8_t rx_data[UART_RX_BYTES];
} kept_t;
#define KEPT_MAGIC	   0x33726573u
#define UNSENT(head, tail) ((uint32_t)(head) << 16 | ((tail)&0xffffu))
#define UNSENT_TAIL(word)  ((word)&0xffffu)
#define UNSENT_USED(word)  ((((word) >> 16) - (word)) & 0xffffu)
ABI_ASSERT(0x10000u % UART_TX_BYTES == 0, "places in the ring are those of the whole numbers");
ABI_ASSERT(sizeof(kept_t) <= PAGE_SIZE, "all that is kept fits into the page");
ABI_ASSERT(offsetof(kept_t, taken) % 8 == 0, "where the kernel keeps a byte");

static uart_t uart;
static kept_t fallback; /* where there is no page that is kept */
static uint32_t base;	/* the first of its ports */
static bool step_open;	/* a lifecycle step answered DRV_EAGAIN */
static bool keeping;	/* what the instance before left is taken over, or thrown away */
static bool received;	/* it left what it had received */

static kept_t *kept(void)
{
	const DriverContextV2 *context = driver_context();
	if (!context->shared_cfg || context->shared_cfg_size < sizeof(kept_t))
		return &fallback;
	return (kept_t *)(uintptr_t)context->shared_cfg;
}

static void save_unsent(void)
{
	kept_t *to = kept();
	if (keeping)
		__atomic_store_n(&to->unsent, UNSENT(uart.tx.head, uart.tx.tail),
				 __ATOMIC_RELEASE);
}

/* In this order: what a client has read is in the ring. */
static void save_received(void)
{
	kept_t *to = kept();
	if (!keeping)
		return;
	__atomic_store_n(&to->rx_head, uart.rx.head, __ATOMIC_RELEASE);
	__atomic_store_n(&to->rx_tail, uart.rx.tail, __ATOMIC_RELEASE);
}

/* A manager that gives no frame to keep in does not keep either: then the byte of an instance
 * that dies is lost with it, and nothing else. */
static err_t take(uint16_t port, uint8_t *byte)
{
	kept_t *to = kept();
	err_t error = to == &fallback
			  ? DRV_EBADCAP
			  : driver_keep8(PIO_UART, port, offsetof(kept_t, taken), byte);
	if (error != DRV_EBADCAP)
		return error;
	error = driver_in8(PIO_UART, port, byte);
	if (error == DRV_OK) {
		to->taken.value = *byte;
		to->taken.count++;
	}
	return error;
}

static err_t access_register(uart_action_t action, uart_event_t *event)
{
	uint16_t port = (uint16_t)(base + action.reg);
	err_t error;
	if (action.type == UART_ACT_TAKE) {
		event->type = UART_EV_VALUE;
		error = take(port, &event->value);
	} else if (action.type == UART_ACT_READ) {
		event->type = UART_EV_VALUE;
		error = driver_in8(PIO_UART, port, &event->value);
	} else {
		event->type = UART_EV_WRITTEN;
		error = driver_out8(PIO_UART, port, action.value);
	}
	return error;
}

/* Runs the machine from one event to the next wait. What that takes has a bound in accesses,
 * and to ask for the time after each would cost as much as the access. DRV_OK: an operation has
 * ended well; DRV_EAGAIN: nothing has ended; else why it failed. */
static err_t run_machine(uart_event_type_t first)
{
	uart_event_t event = {.type = first, .now_ms = driver_now_ms()};
	err_t result = DRV_EAGAIN;
	for (;;) {
		uart_action_t action = uart_step(&uart, event);
		err_t refused;
		save_received();
		switch (action.type) {
		case UART_ACT_NONE:
			return result;
		case UART_ACT_FAIL:
			return action.error;
		case UART_ACT_WAIT:
			driver_set_timer(action.wait_ms);
			return result;
		case UART_ACT_DONE:
			result = DRV_OK;
			event.type = UART_EV_WAKE;
			break;
		default:
			refused = access_register(action, &event);
			if (refused != DRV_OK)
				return refused;
			save_unsent(); /* the device has the byte, if it was one */
		}
	}
}

static void announce(void)
{
	save_unsent();
	if (uart.notify)
		driver_notify();
	uart.notify = false;
}

/* A lifecycle step. */
static err_t operate(uart_event_type_t operation)
{
	driver_set_timer(DRIVER_NO_TIMER);
	err_t result = run_machine(operation);
	step_open = result == DRV_EAGAIN;
	if (!step_open)
		driver_set_health(result);
	announce();
	return result;
}

/* An interrupt, the timer, or a ring that a client has changed. */
static void wake(void)
{
	err_t result = run_machine(UART_EV_WAKE);
	announce();
	if (result == DRV_EAGAIN)
		return;
	driver_set_health(result);
	if (step_open) {
		step_open = false;
		driver_done(result);
	} else if (result != DRV_OK) {
		driver_fail(result);
	}
}

/* Which of the serial ports it drives, its manifest says. */
static err_t serial_probe(void)
{
	cap_info_t range;
	err_t error = cap_get_info(driver_context()->pio_caps[PIO_UART], &range);
	if (error != DRV_OK)
		return error;
	base = PIO_SCOPE_FIRST(range.scope0);
	return operate(UART_EV_PROBE);
}

/* With the byte over which the last instance died. */
static bool restore_received(const kept_t *from)
{
	uint32_t more = from->taken.count - from->rx_head;
	if (more > 1 || !uart_restore_received(&uart, from->rx_head, from->rx_tail))
		return false;
	if (more && !ring_free(&uart.rx))
		return false;
	if (more)
		uart_put(&uart, (uint8_t)from->taken.value);
	return true;
}

/* Damaged leftovers are no reason not to start. */
static err_t serial_recover(void)
{
	const kept_t *from = kept();
	bool whole = from->magic == KEPT_MAGIC;
	uint32_t tail = UNSENT_TAIL(from->unsent);
	bool sent = whole && uart_restore(&uart, tail + UNSENT_USED(from->unsent), tail);
	received = whole && restore_received(from);
	if (!sent || !received)
		driver_forget();
	if (ring_used(&uart.tx))
		driver_log("%u bytes were still to be sent", (unsigned)ring_used(&uart.tx));
	return DRV_OK;
}

/* Clients that have read of what is thrown away are told: they are elsewhere. */
static void begin_received(void)
{
	uint32_t first = (driver_generation() - 1) << NUMBERS_SHIFT;
	uart_restore_received(&uart, first, first);
	kept()->taken.count = first;
	received = true;
}

static err_t serial_init(void)
{
	if (!received)
		begin_received();
	keeping = true;
	save_received(); /* what is kept is whole before a byte comes */
	save_unsent();
	kept()->magic = KEPT_MAGIC;
	return operate(UART_EV_START);
}

static err_t serial_quiesce(void)
{
	return operate(UART_EV_QUIESCE);
}

static err_t serial_stop(void)
{
	return operate(UART_EV_STOP);
}

static void serial_irq(unsigned index)
{
	if (index == IRQ_UART)
		wake();
}

static int32_t serial_read(session_t *session, void *to, uint32_t bytes)
{
	if (driver_is_reserved(session))
		return DRV_EPERM;
	uint32_t taken = uart_read(&uart, to, bytes);
	save_received();
	if (taken)
		wake(); /* there is room again */
	return (int32_t)taken;
}

static int32_t serial_read_at(session_t *session, uint32_t *position, void *to, uint32_t bytes)
{
	uint32_t before = uart.rx.tail;
	if (driver_is_reserved(session))
		return DRV_EPERM;
	int32_t given = uart_read_at(&uart, position, to, bytes);
	save_received();
	if (uart.rx.tail != before)
		wake(); /* there is room again */
	return given;
}

static int32_t serial_write(session_t *session, const void *from, uint32_t bytes)
{
	if (driver_is_reserved(session))
		return DRV_EPERM;
	uint32_t taken = uart_write(&uart, from, bytes);
	if (taken)
		wake();
	return (int32_t)taken;
}

static err_t serial_ioctl(session_t *session, ioctl_t *request)
{
	if (request->code != SERIAL_IOCTL_SET_AHEAD && request->code != SERIAL_IOCTL_GET_PLACE)
		return DRV_ENOTSUP;
	if (driver_is_reserved(session))
		return DRV_EPERM;
	if (request->code == SERIAL_IOCTL_SET_AHEAD)
		return uart_set_ahead(&uart, request->argument) ? DRV_OK : DRV_EINVAL;
	request->value = uart.rx.tail;
	return DRV_OK;
}

static void serial_stats(driver_stats_t *rows)
{
	uart_stats_t stats = uart_stats(&uart);
#define SERIAL_X_ROW(name) driver_stat(rows, #name, stats.name);
	UART_STATS(SERIAL_X_ROW)
#undef SERIAL_X_ROW
}

int main(void)
{
	static const driver_ops_t ops = {
	    .probe = serial_probe,
	    .recover = serial_recover,
	    .init = serial_init,
	    .quiesce = serial_quiesce,
	    .stop = serial_stop,
	    .irq = serial_irq,
	    .timer = wake,
	    .read = serial_read,
	    .read_at = serial_read_at,
	    .write = serial_write,
	    .ioctl = serial_ioctl,
	    .stats = serial_stats,
	};
	uart_init(&uart, kept()->data, kept()->rx_data);
	return driver_main(&ops);
}
