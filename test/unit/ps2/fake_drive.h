/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's step function on the fake PC (fake_pc.h): what its glue does in the system,
 * without the system. Ports are the fake's, the page is kept over deaths, time is the fake's.
 */
#ifndef TEST_FAKE_DRIVE_H
#define TEST_FAKE_DRIVE_H

#include "fake_pc.h"
#include "ps2/controller.h"

#define DRIVE_EVENTS 1024u
#define DRIVE_SPINS  100000u /* actions in a row without a wait: more is no end */

typedef struct drive {
	fake_pc_t pc;
	ps2_t ps2;
	DriverContextV2 context;
	ps2_page_t *page; /* below 4 GiB, as in a driver process */
	bool mouse;	  /* there is a line for it */
	uint32_t before;  /* instances that died */
	uint64_t wake_us; /* when the driver's timer is due, or FAKE_NEVER */
	bool endless;	  /* it did not come to a wait */
	bool failed;	  /* it gave up while it lived: its manager starts another one */
	uint32_t position;
	uint32_t gaps;	    /* DRV_EOVERFLOW, as a reader met it */
	input_state_t held; /* as the reader believes, from events and at gaps */
	input_event_t events[DRIVE_EVENTS];
	unsigned count; /* goes on when there is no place left */
} drive_t;

/* A first instance on the machine in `pc`. */
void drive_begin(drive_t *drive, const fake_pc_t *pc, bool mouse);

/* An instance after another one that died wherever it was. `kept`: the page is still there. */
void drive_again(drive_t *drive, bool kept);

/* An operation, until it is over. */
ps2_action_t drive_do(drive_t *drive, ps2_event_type_t operation);

/* Lets the driver live for so long; then a reader takes what there is. */
void drive_run(drive_t *drive, uint32_t ms);
void drive_read(drive_t *drive);

/* The reader's log without motion from event `from` on: true if it is `count` of these. */
typedef struct drive_key {
	uint16_t code;
	int32_t value;
} drive_key_t;
bool drive_keys_are(const drive_t *drive, unsigned from, const drive_key_t *keys,
		    unsigned count);

/* The sum of all motion along an axis from event `from` on. */
int32_t drive_motion(const drive_t *drive, unsigned from, uint16_t axis);

#endif
