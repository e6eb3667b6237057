/* SPDX-License-Identifier: BSD-2-Clause */
/* The mouse: its set-up, its packets as events, and how it is found again when bytes are lost.
 * Pure, as the keyboard is. */
#ifndef PS2_MOUSE_H
#define PS2_MOUSE_H

#include "ps2/device.h"

/* The ladder, when bytes do not fit together: each that cannot begin a packet is dropped; after
 * so many without a whole packet it is disabled and enabled; after so many of that it is set up
 * anew. */
#define MOUSE_BAD_MAX	  8u
#define MOUSE_RESYNCS_MAX 3u
#define MOUSE_GOOD_ENOUGH 16u /* packets after which it is trusted again */

/* Silence until somebody looks after it. A real mouse that is asked drops the packet that it
 * is sending, so the look is rare, unless there is a reason: bytes that are not a packet, or a
 * set-up that failed. */
#define MOUSE_LOOK_MS  60000u
#define MOUSE_DOUBT_MS 5000u

enum mouse_task {
	MOUSE_RESYNC = DEVICE_TASKS,
	MOUSE_LOOK, /* after silence: is it there, and does it report? */
};

typedef struct mouse {
	device_t device;
	uint8_t bad; /* bytes since the last whole packet that did not fit */
	uint8_t resyncs;
	uint8_t good;	/* packets since the last resynchronisation */
	uint8_t before; /* its last byte */
	bool doubt;	/* it may be another one, or none, than was set up */
} mouse_t;

void mouse_setup(mouse_t *mouse, turn_t *turn);
void mouse_resume(mouse_t *mouse, turn_t *turn);
void mouse_stop(mouse_t *mouse);

/* There is no port for it any more. */
void mouse_leave(mouse_t *mouse, turn_t *turn);

void mouse_byte(mouse_t *mouse, turn_t *turn, uint8_t byte);
void mouse_damaged(mouse_t *mouse, turn_t *turn);
void mouse_drop_half(mouse_t *mouse, turn_t *turn); /* of a packet: its rest is late */
void mouse_unwritten(mouse_t *mouse, turn_t *turn);
void mouse_time(mouse_t *mouse, turn_t *turn);

#endif
