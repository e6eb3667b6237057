/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard driver as a pure step function: an event goes in, the next action comes out.
 * It never touches a port, never reads a clock, never waits: ports are actions, time and
 * bytes are events. Every wait in it has a limit, every repetition a budget.
 *
 * The caller performs the action and feeds what came of it at once:
 *     READ_STATUS -> STATUS   READ_DATA -> DATA   WRITE_… -> WRITTEN
 * until it gets WAIT (feed TIMER after that time, IRQ if an interrupt comes earlier),
 * DONE or FAIL (the operation is over) or NONE. PROBE, START, QUIESCE and STOP may come at
 * any time and abandon what was under way. */
#ifndef PS2_CONTROLLER_H
#define PS2_CONTROLLER_H

#include "abi/protocol/driver.h"
#include "abi/protocol/ps2.h"
#include "ps2/keys.h"
#include "ps2/scancode.h"
#include "ps2/stats.h"

/* Budgets. Times in milliseconds; the wire takes about 1 ms for a byte, and [KBD] gives the
 * keyboard 20 ms to answer. A set-up that meets a dead keyboard must still end with its own
 * error inside the manager's 2 s for init, hence the limit for a reset's ACK. */
#define PS2_TRIES	 3u    /* times that one byte or command is sent, at most */
#define PS2_FLUSH_MAX	 64u   /* bytes thrown away before a stream counts as endless */
#define PS2_STRAY_MAX	 64u   /* bytes that may come instead of an answer */
#define PS2_DRAIN_MAX	 32u   /* bytes taken in one go while streaming */
#define PS2_SPINS	 32u   /* looks at the status before a wait sleeps */
#define PS2_POLL_MS	 1u    /* between looks after that */
#define PS2_READY_MS	 500u  /* the controller takes a byte */
#define PS2_REPLY_MS	 500u  /* the controller answers a command */
#define PS2_ACK_MS	 200u  /* the keyboard acknowledges a byte */
#define PS2_RESET_ACK_MS 500u  /* the same for a reset */
#define PS2_SELF_TEST_MS 4000u /* the keyboard's report after a reset */
#define PS2_SLOW_POLL_MS 1000u /* while streaming, in case an interrupt was lost */

typedef enum ps2_event_type {
	PS2_EV_PROBE,	/* is there a controller? */
	PS2_EV_START,	/* set up everything, then stream */
	PS2_EV_QUIESCE, /* ports and interrupts off, keys released */
	PS2_EV_STOP,	/* the configuration that was found, interrupts off */
	PS2_EV_IRQ,
	PS2_EV_TIMER,
	PS2_EV_STATUS,
	PS2_EV_DATA,
	PS2_EV_WRITTEN,
} ps2_event_type_t;

typedef struct ps2_event {
	ps2_event_type_t type;
	uint8_t byte; /* STATUS and DATA: what was read */
	uint32_t now_ms;
} ps2_event_t;

typedef enum ps2_action_type {
	PS2_ACT_NONE, /* nothing to do until the next operation */
	PS2_ACT_READ_STATUS,
	PS2_ACT_READ_DATA,
	PS2_ACT_WRITE_COMMAND, /* `byte`, to the command port */
	PS2_ACT_WRITE_DATA,    /* `byte`, to the data port */
	PS2_ACT_WAIT,	       /* for `wait_ms` or an interrupt */
	PS2_ACT_DONE,	       /* after START: feed TIMER next, for keys may wait already */
	PS2_ACT_FAIL,	       /* with `error` */
} ps2_action_type_t;

typedef struct ps2_action {
	ps2_action_type_t type;
	uint8_t byte;
	uint32_t wait_ms;
	err_t error; /* DRV_ENODEV, DRV_ETIMEDOUT (silence), DRV_EIO (a wrong answer) */
} ps2_action_t;

/* What the driver waits for. */
typedef enum ps2_phase {
	PS2_IDLE,
	PS2_TO_WRITE, /* the controller to take a byte */
	PS2_TO_READ,  /* an answer */
	PS2_FLUSHING,
	PS2_KEYS,
} ps2_phase_t;

struct ps2_row;

/* Invariant P1: `row` is null exactly in the phases IDLE and KEYS.
 * Invariant P2: in phase KEYS stats.state is PS2_STREAMING.
 * Invariant P3: failed_row never moves back within a program and `attempts` at it only
 *               grows, so no program repeats for ever. */
typedef struct ps2 {
	ps2_phase_t phase;
	const struct ps2_row *row;	  /* of the program that runs (sequence.h) */
	const struct ps2_row *failed_row; /* the furthest that gave no good answer, or null */
	uint32_t since_ms;		  /* when the present wait began */
	uint32_t now_ms;
	uint32_t spins, strays, flushed, drained;
	uint32_t sends;	   /* of the present byte to the keyboard */
	uint32_t attempts; /* that failed, at failed_row or before it */
	uint8_t status;	   /* as read before the byte that is read now */
	bool absent;	   /* every status since the wait began was all ones */
	bool by_irq;	   /* what started the present drain */
	bool by_timer;
	bool more;	   /* the drain before ended at its bound */
	bool config_known; /* `found` is what the machine had before any instance */
	uint8_t found;	   /* configuration, as found */
	uint8_t config;	   /* as last read */
	uint8_t wanted;	   /* as last written */
	bool notify;	   /* events came; cleared by the caller */
	scan_t scan;
	keys_t keys;
	ps2_stats_t stats;
} ps2_t;

/* Empties everything. A configuration that an earlier instance found may then be put into
 * `found` with `config_known`. Must not be moved afterwards. */
void ps2_init(ps2_t *ps2);

ps2_action_t ps2_step(ps2_t *ps2, ps2_event_t event);

/* A copy of the counters, with those of the event ring filled in. */
ps2_stats_t ps2_stats(const ps2_t *ps2);

#endif
