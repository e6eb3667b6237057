/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial driver as a step function: an event goes in, one register access or a wait
 * comes out. Pure: no I/O and no clock. It never waits for the device without a limit, never
 * throws away what the device still holds, and leaves the rate of the line as it was found. */
#ifndef SERIAL_UART_H
#define SERIAL_UART_H

#include <stdbool.h>

#include "abi/protocol/serial.h"
#include "cap/program.h"
#include "cap/ring.h"

#define UART_RX_BYTES 1024u
#define UART_TX_BYTES SERIAL_AHEAD_MAX

#define UART_EMPTY_MS	400u  /* what is under way is sent or taken within */
#define UART_SILENCE_MS 2u    /* without a byte: nothing is on its way */
#define UART_DRAIN_MS	400u  /* the ring is sent within, when quiescing */
#define UART_POLL_MS	1000u /* a lost interrupt is made up for within */
#define UART_PAUSE_MS	10u   /* for a device that asks for nothing in particular */
#define UART_ROUNDS	64u   /* looks at the device in one turn */

/* More turns in so many milliseconds are a flood: a line of 115,200 bit/s brings no more than
 * 116 bytes in that time. Then its interrupt is let be, the sender is told to hold back, and
 * the device is read by the timer until it has nothing. */
#define UART_FLOOD_TURNS 128u
#define UART_FLOOD_MS	 10u
#define UART_FLOOD_BYTES 16u /* taken in each millisecond of one: what the FIFO holds */

/* What is counted: rows of DRV_IOCTL_GET_STATS. X(name) */
#define UART_STATS(X)                                                                          \
	X(received)	  /* bytes put into the receive ring */                                \
	X(sent)		  /* bytes given to the device */                                      \
	X(overruns)	  /* times that the device lost received bytes */                      \
	X(parity_errors)  /* bytes received, but damaged; they are passed on */                \
	X(framing_errors) /* the same */                                                       \
	X(breaks)	  /* break conditions; their byte is dropped */                        \
	X(floods)	  /* times that its interrupt was let be, since too much came */       \
	X(throttles)	  /* times that the receive ring was full and the sender told so */    \
	X(refused)	  /* writes of which not all could be taken */                         \
	X(rx_high_water)  /* most bytes ever held */                                           \
	X(tx_high_water)

#define UART_X_FIELD(name) uint32_t name;
typedef struct uart_stats {
	UART_STATS(UART_X_FIELD)
} uart_stats_t;
#undef UART_X_FIELD

typedef enum uart_event_type {
	/* Operations; a new one ends the one before. */
	UART_EV_PROBE,
	UART_EV_START,
	UART_EV_QUIESCE,
	UART_EV_STOP,
	UART_EV_WAKE, /* interrupt, timer, or a ring has changed */
	/* Answers to an action. */
	UART_EV_VALUE,
	UART_EV_WRITTEN,
} uart_event_type_t;

typedef struct uart_event {
	uart_event_type_t type;
	uint8_t value;	 /* UART_EV_VALUE */
	uint32_t now_ms; /* wraps */
} uart_event_t;

typedef enum uart_action_type {
	UART_ACT_NONE,	/* nothing until the next operation or wake */
	UART_ACT_READ,	/* register `reg`; answer with UART_EV_VALUE */
	UART_ACT_TAKE,	/* the same of the data register: it takes the next byte of `rx` */
	UART_ACT_WRITE, /* `value` into it; answer with UART_EV_WRITTEN */
	UART_ACT_WAIT,	/* UART_EV_WAKE in `wait_ms`, or sooner */
	UART_ACT_DONE,	/* the operation has ended well; send UART_EV_WAKE once */
	UART_ACT_FAIL,	/* the operation has ended with `error` */
} uart_action_type_t;

typedef struct uart_action {
	uart_action_type_t type;
	uint8_t reg, value;
	uint32_t wait_ms;
	err_t error;
} uart_action_t;

/* Invariant UA1: `program` runs while an operation is performed, and does not else.
 * Invariant UA2: `running` implies that `enable` and `modem` are what the device was last
 *               given.
 * Invariant UA3: the byte of each UART_ACT_TAKE is put into rx, for which it has room, before
 *               anything else is done. */
typedef struct uart {
	program_t program;
	bool running;  /* bytes are moved */
	bool draining; /* quiescing: until the ring is empty */
	bool notify;   /* readers or writers can go on; the owner clears it */
	bool tx_short; /* a write was not taken whole */
	uint8_t phase; /* what the last access was for */
	uint8_t enable, modem;
	uint8_t depth;		  /* bytes that the device takes at once */
	uint8_t burst;		  /* of those, still to be given */
	bool drop;		  /* the byte about to be read is a break, not data */
	bool taking;		  /* in a row: the access under way takes a byte */
	bool moved;		  /* a byte was moved in this turn */
	bool flooded;		  /* its interrupt is let be until nothing comes */
	uint32_t turns, turns_ms; /* that began since then */
	uint32_t rounds;	  /* in this turn */
	uint32_t now_ms, silent_at;
	uint32_t limit_at; /* of draining */
	uint32_t ahead;	   /* most bytes that wait in tx */
	ring_t rx, tx;
	uart_stats_t stats;
} uart_t;

/* Empties everything. `tx_data` holds UART_TX_BYTES, `rx_data` UART_RX_BYTES; neither is
 * touched. */
void uart_init(uart_t *uart, void *tx_data, void *rx_data);

uart_action_t uart_step(uart_t *uart, uart_event_t event);

/* From now on at most `bytes` (1..UART_TX_BYTES) wait to be sent. False, and no effect:
 * outside. */
static inline bool uart_set_ahead(uart_t *uart, uint32_t bytes)
{
	if (bytes == 0 || bytes > UART_TX_BYTES)
		return false;
	uart->ahead = bytes;
	return true;
}

/* Takes bytes for sending, as many as there is room for, and returns the count. */
uint32_t uart_write(uart_t *uart, const void *from, uint32_t bytes);

/* Gives received bytes, at most `bytes`, and returns the count. */
static inline uint32_t uart_read(uart_t *uart, void *to, uint32_t bytes)
{
	return ring_get(&uart->rx, to, bytes);
}

/* The same from that position on: those before it are read, and make room. *position moves
 * behind what is given. DRV_EOVERFLOW, and nothing changes: it is none of those held. */
int32_t uart_read_at(uart_t *uart, uint32_t *position, void *to, uint32_t bytes);

/* The counters, with those of the rings. */
uart_stats_t uart_stats(const uart_t *uart);

/* Takes over an unsent rest: what lies in `tx_data` between the free-running positions
 * `tail` and `head`. False, and no effect, if that is no possible state. */
bool uart_restore(uart_t *uart, uint32_t head, uint32_t tail);

/* The same of what was received, in `rx_data`. */
bool uart_restore_received(uart_t *uart, uint32_t head, uint32_t tail);

/* Puts a byte that was taken from the device. There is room. */
void uart_put(uart_t *uart, uint8_t byte);

#endif
