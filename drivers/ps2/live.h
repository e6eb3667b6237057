/* SPDX-License-Identifier: BSD-2-Clause */
/* The running controller: bytes to the devices they are of, and theirs to the controller. The
 * part of controller.h's step function for phase PS2_LIVE; pure. */
#ifndef PS2_LIVE_H
#define PS2_LIVE_H

#include "ps2/controller.h"
#include "ps2/i8042.h"

/* The phase begins. `again`: devices are set up; else they go on where they were. */
ps2_action_t live_begin(ps2_t *ps2, bool again);

/* It ends: all that is held is released, nothing more is said to the devices. */
void live_end(ps2_t *ps2);

ps2_action_t live_wake(ps2_t *ps2);
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

/* The operation's end, in controller.c. */
ps2_action_t ps2_give_up(ps2_t *ps2, err_t error);
ps2_action_t ps2_close(ps2_t *ps2);

#endif
