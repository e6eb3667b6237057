/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver as a pure step function: an event goes in, the next action comes out. It is one
 * controller with two ports, and a keyboard and a mouse upon them, which do not know of each
 * other. It never touches a port, never reads a clock, never waits: ports are actions, time and
 * bytes are events. Every wait in it has a limit, every repetition a budget.
 *
 * The caller performs the action and feeds what came of it at once:
 *     READ_STATUS -> STATUS   READ_DATA -> DATA   WRITE_… -> WRITTEN
 * until it gets WAIT (feed TIMER after that time, IRQ if an interrupt comes earlier),
 * DONE or FAIL (the operation is over) or NONE. PROBE, START, QUIESCE and STOP may come at
 * any time and abandon what was under way.
 *
 * READ_DATA is performed so that what is read is in page->taken, with the count of such reads,
 * in the same instant as it is taken from the device (SYS_CAP_PIO_KEEP). All that must outlive
 * a death is in the page; a new driver begins with ps2_init() and ps2_open(), whatever
 * happened. */
#ifndef PS2_CONTROLLER_H
#define PS2_CONTROLLER_H

#include "abi/protocol/ps2.h"
#include "ps2/keyboard/keyboard.h"
#include "ps2/mouse/mouse.h"

/* Budgets. Times in milliseconds. */
#define PS2_TRIES	  3u	/* times that one command is sent to the controller, at most */
#define PS2_FLUSH_MAX	  64u	/* bytes thrown away before a stream counts as endless */
#define PS2_STRAY_MAX	  64u	/* bytes that may come instead of an answer */
#define PS2_DRAIN_MAX	  32u	/* bytes taken in one go while streaming */
#define PS2_SPINS	  32u	/* looks at the status before a wait sleeps */
#define PS2_POLL_MS	  1u	/* between looks after that */
#define PS2_READY_MS	  500u	/* the controller takes a byte */
#define PS2_REPLY_MS	  500u	/* the controller answers a command */
#define PS2_SLOW_POLL_MS  1000u /* while streaming, in case an interrupt was lost */
#define PS2_FAST_POLL_MS  10u /* after PS2_LOST_MAX such in a row, or while an answer is due */
#define PS2_LOST_MAX	  2u
/* Who takes so many bytes of a device in one go may have come too late for others. A real
 * keyboard says so itself; QEMU's devices do not. There (hw/input/ps2.c) a queue holds 16
 * bytes; a keyboard's code goes in byte by byte, so that none was lost before the 16th, and a
 * mouse's packet whole: four of 4 bytes, five of 3. */
#define PS2_KEYBOARD_FULL 16u
#define PS2_MOUSE_FULL	  15u

#define PS2_LOOP_BYTE 0x5au

typedef enum ps2_event_type {
	PS2_EV_PROBE,	/* is there a controller? */
	PS2_EV_START,	/* set up the controller or go on; devices follow while it runs */
	PS2_EV_QUIESCE, /* what waits is taken, all is released, ports and interrupts go off */
	PS2_EV_STOP,	/* the configuration that was found, interrupts off */
	PS2_EV_IRQ,	/* `byte`: of port enum ps2_port */
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
	PS2_ACT_NONE,	     /* nothing to do until the next operation */
	PS2_ACT_READ_STATUS, /* from here to WRITE_DATA: a port access */
	PS2_ACT_READ_DATA,
	PS2_ACT_WRITE_COMMAND, /* `byte`, to the command port */
	PS2_ACT_WRITE_DATA,    /* `byte`, to the data port */
	PS2_ACT_WAIT,	       /* for `wait_ms` or an interrupt */
	PS2_ACT_DONE,	       /* after START: feed TIMER next, for bytes may wait already */
	PS2_ACT_FAIL,	       /* with `error` */
} ps2_action_type_t;

typedef struct ps2_action {
	ps2_action_type_t type;
	uint8_t byte;
	uint32_t wait_ms;
	err_t error; /* DRV_ENODEV, DRV_ETIMEDOUT (silence), DRV_EIO (a wrong answer) */
} ps2_action_t;

/* What a byte is depends on the phase: from PS2_OPEN on it is the devices'. */
typedef enum ps2_phase {
	PS2_IDLE,
	PS2_LOOK,    /* PROBE, which leaves the data port alone */
	PS2_PROGRAM, /* the controller is talked to: rows.h */
	PS2_OPEN,    /* START goes on from the kept state, and is not done yet */
	PS2_LIVE,
	PS2_CLOSE, /* QUIESCE or STOP, which take what waits before their program */
} ps2_phase_t;

/* What began the present look at the status, until nothing waits any more. */
typedef enum ps2_woken {
	PS2_WOKEN_NOT,
	PS2_WOKEN_IRQ,
	PS2_WOKEN_TIMER,
} ps2_woken_t;

/* What is written next to a device; one that begins with a command has a second byte. */
typedef enum ps2_write {
	PS2_WRITE_NOTHING,
	PS2_WRITE_CONFIG,
	PS2_WRITE_KEYBOARD,
	PS2_WRITE_MOUSE,
} ps2_write_t;

/* Invariant PS1: `program` runs exactly in phase PS2_PROGRAM.
 *
 * Invariant PS2: devices' programs run from PS2_OPEN on only, the mouse's only if it is served.
 * One that the byte in flight begins, as an instance begins, waits in PS2_IDLE.
 *
 * Invariant PS3: between two steps turn.next is null: all that a step does is kept. */
typedef struct ps2 {
	turn_t turn;
	ps2_phase_t phase;
	uint8_t shown;	  /* enum ps2_state */
	err_t init_error; /* of the last set-up that failed, or DRV_OK */
	bool mouse_given; /* there is a line for it */
	bool quiesced;	  /* by this instance: its next start is from the beginning */
	const program_table_t *closing_with; /* follows PS2_CLOSE */
	program_t program;
	uint32_t since_ms; /* when the present wait for the controller or an answer began */
	bool stuck;	   /* while devices run: it takes nothing, since: */
	uint32_t stuck_ms;
	uint32_t spins, strays, flushed, drained;
	uint8_t status; /* as read last */
	uint8_t config; /* the same */
	bool absent;	/* every status since the wait began was all ones */
	bool more;	/* the drain before ended at its bound, or a byte is expected */
	ps2_woken_t woken;
	uint8_t irq_port;	   /* of the last interrupt */
	bool elsewhere[PS2_PORTS]; /* a byte was taken before its interrupt came */
	uint32_t lost_in_row;
	uint32_t due_ms;     /* when time passes for the devices, at the latest */
	ps2_write_t writing; /* under way: the byte or command that is being written */
	ps2_write_t second;  /* its command is written: its byte is next */
	keyboard_t keyboard;
	mouse_t mouse;
} ps2_t;

/* Are bytes the devices'? */
static inline bool ps2_is_running(const ps2_t *ps2)
{
	return ps2->phase >= PS2_OPEN;
}

/* Empties everything. Its owner sets `mouse_given` before the first START. */
void ps2_init(ps2_t *ps2);

/* Looks what instances before this one kept in the page at context->shared_cfg, and makes the
 * step over which the last one died. *kept: there was such a state; without one, events begin
 * with number `first`, and if `lost`, with a gap. Errors are those of keep_open() but for
 * DRV_ENOENT. To be called once, first. */
err_t ps2_open(ps2_t *ps2, const DriverContextV2 *context, uint32_t first, bool lost,
	       uint32_t now_ms, bool *kept);

ps2_action_t ps2_step(ps2_t *ps2, ps2_event_t event);

/* DRV_OK, or why a device that is there does not work. */
err_t ps2_health(const ps2_t *ps2);

#endif
