/* SPDX-License-Identifier: BSD-2-Clause */
/* The running controller: bytes to the devices they are of, and theirs to the controller. The
 * part of controller.h's step function from phase PS2_OPEN on; pure. It does not end the phase:
 * that is controller.c's. */
#ifndef PS2_LIVE_H
#define PS2_LIVE_H

#include "ps2/controller.h"
#include "ps2/i8042.h"

/* The phase begins. `again`: devices are set up; else they go on where they were. */
ps2_action_t live_begin(ps2_t *ps2, bool again);

/* It ends: all that is held is released, nothing more is said to the devices. The caller sets
 * the phase that follows. */
void live_end(ps2_t *ps2);

ps2_action_t live_wake(ps2_t *ps2);

/* PS2_ACT_FAIL: the controller does not work any more. PS2_ACT_NONE: PS2_CLOSE has taken what
 * waited. */
ps2_action_t live_status(ps2_t *ps2, uint8_t status);

ps2_action_t live_data(ps2_t *ps2, uint8_t byte);
ps2_action_t live_written(ps2_t *ps2);

/* Was the byte damaged on the wire? A transfer that timed out leaves one of two bytes; some
 * controllers set that bit with good ones, too. */
static inline bool live_is_damaged(uint8_t status, uint8_t byte)
{
	if (!(status & (I8042_STATUS_PARITY | I8042_STATUS_TIMEOUT))) /* as with most bytes */
		return false;
	return status & I8042_STATUS_PARITY || byte == I8042_NOT_TAKEN ||
	       byte == I8042_NOT_SENT;
}

/* Takes the byte that is in page->taken, with the status before it. */
void live_take(ps2_t *ps2, uint8_t status, uint8_t byte);

/* The same of a byte over which two instances died: it is dropped, and told as a gap. */
void live_drop(ps2_t *ps2, uint8_t status);

/* ---- what both halves of the step function answer ---- */

static inline ps2_action_t act(ps2_action_type_t type)
{
	return (ps2_action_t){.type = type};
}

static inline ps2_action_t act_wait(uint32_t ms)
{
	return (ps2_action_t){.type = PS2_ACT_WAIT, .wait_ms = ms};
}

static inline ps2_action_t act_fail(err_t error)
{
	return (ps2_action_t){.type = PS2_ACT_FAIL, .error = error};
}

/* Another look at the status: at once for some times, then with others in between, and what
 * comes meanwhile was expected. */
static inline ps2_action_t act_look_again(ps2_t *ps2)
{
	if (ps2->spins >= PS2_SPINS) {
		ps2->more = true;
		return act_wait(PS2_POLL_MS);
	}
	ps2->spins++;
	return act(PS2_ACT_READ_STATUS);
}

#endif
