/* SPDX-License-Identifier: BSD-2-Clause */
/* What outlives the driver: its kept page. Nothing in it is a pointer.
 *
 * What the driver knows is one structure, ps2_state_t, of which the page has two, a pair of
 * cap/keep.h. A step makes the new one from the old one, puts the events that come of it into
 * the ring behind `head`, where nobody looks yet, and makes all of it so by one store. A death
 * leaves what was before the step or what is behind it.
 *
 * The byte that a step is about is not in the state but in `taken`, where the kernel put it as
 * it read the port, with the count of such reads. That count is one beyond the state's exactly
 * if the driver died between the read and the commit: the next instance then makes the step. */
#ifndef PS2_PAGE_H
#define PS2_PAGE_H

#include "abi/cap.h"
#include "abi/protocol/input.h"
#include "cap/keep.h"
#include "ps2/keyboard/scancode.h"
#include "ps2/mouse/packet.h"

#define PS2_KEPT_VERSION 5u

/* The two ports, and the places of what there is once for each. */
enum ps2_port { PS2_KEYBOARD = 0, PS2_MOUSE = 1, PS2_PORTS = 2 };
#define PS2_BOTH                                                                               \
	(INPUT_OPEN_KEYBOARD | INPUT_OPEN_MOUSE) /* their bits, where both are meant           \
						  */

#define PS2_AXES	4u  /* of motion: input_axis */
#define PS2_STEP_EVENTS 32u /* at most so many events come of one step */
/* The places beyond INPUT_HELD are those that a step writes before its commit. */
#define PS2_PLACES	(INPUT_HELD + PS2_STEP_EVENTS)

/* How far a device is. */
enum device_state {
	DEVICE_ABSENT = 0, /* nothing answers; a report of its own begins a set-up */
	DEVICE_SETTING_UP, /* a death begins it again */
	DEVICE_LIVE,	   /* its bytes are events; a death changes nothing */
};

/* The newest motion along an axis, so that more of it may be added.
 *
 * Invariant PS4: `value`, unless 0, is what the event `number` says, if that is one of
 *               oldest..head-1. Who adds, computes from `value`, not from the ring, so that a
 *               step that is made twice adds once. */
typedef struct ps2_motion {
	uint32_t number;
	int32_t value;
} ps2_motion_t;

/* A device, as kept. */
typedef struct ps2_kept_device {
	uint8_t state; /* enum device_state */
	bool owes : 1; /* a command is under way: its parameter, or an answer, may be due */
	bool setup_due : 1; /* it was plugged in, or looks so: a set-up is to come */
	uint16_t id;	    /* first byte high; 0: none */
	uint32_t received;  /* bytes, modulo 2^32 */
} ps2_kept_device_t;

/* Invariant PS5: a bit is in `held` exactly if the newest key event of its code is not
 *               INPUT_UP; the same of `buttons`.
 * Invariant PS6: events oldest..head-1 are in the ring, at most INPUT_HELD of them; that of
 *               number head is to be put at `place`. */
typedef struct ps2_kept {
	uint32_t taken;	 /* reads of the data port that are in this state */
	uint32_t head;	 /* number of the next event */
	uint32_t oldest; /* number of the oldest event that can be read */
	uint32_t held[BITS_WORDS(INPUT_KEYS_MAX)];
	uint8_t buttons;
	uint8_t locks;	 /* INPUT_LOCKS */
	uint8_t release; /* devices of which all is still to be released, by INPUT_OPEN_… */
	bool config_known;
	uint8_t found;	   /* configuration, before the first instance's first command */
	bool warm;	   /* the controller works as set up here */
	bool aux;	   /* it has a mouse port, which is served */
	bool aux_given;	   /* there was a line for it when it was set up */
	uint16_t leds;	   /* as asked for: INPUT_… or INPUT_LEDS_FOLLOW */
	uint8_t leds_sent; /* as the keyboard has them, by its own bits */
	uint8_t repeat;	   /* as asked for, by the keyboard's own byte */
	uint8_t repeat_sent;
	uint8_t motion_open; /* bit n: no event of another kind came behind motion[n] */
	uint16_t place;	     /* where the next event goes: below PS2_PLACES */
	ps2_kept_device_t devices[PS2_PORTS];
	scan_t scan;
	packet_t packet;
	ps2_motion_t motion[PS2_AXES];
} ps2_state_t;

typedef struct ps2_page {
	pio_kept_t taken;	   /* by the kernel */
	uint32_t status;	   /* of that byte; stored before it is read */
	uint32_t tried;		   /* count of the byte whose step was begun after a death */
	uint32_t answered;	   /* behind the newest event that anybody was answered */
	uint32_t empty[PS2_PORTS]; /* `received` when nothing waited last */
	uint32_t pair[KEEP_PAIR_BYTES(sizeof(ps2_state_t)) / 4];
	input_event_t events[PS2_PLACES];
} ps2_page_t;
ABI_ASSERT(sizeof(ps2_state_t) % 32 == 0, "eight words at once are summed up");
ABI_ASSERT(offsetof(ps2_page_t, taken) % 8 == 0, "where the kernel keeps a byte");
ABI_ASSERT(sizeof(ps2_page_t) <= PAGE_SIZE, "all that is kept fits into the page");

#endif
