/* SPDX-License-Identifier: BSD-2-Clause */
/* From the driver of keyboard and mouse to the desk. Events are read by their position, which
 * is kept with what came of them in one step: neither the driver's death nor the console's
 * loses one or has one twice. */
#ifndef CONSOLE_INPUT_H
#define CONSOLE_INPUT_H

#include "cap/link.h"
#include "desk.h"

/* Takes the next events, at most DESK_BATCH, and adds to *change what is to be drawn. `traces`:
 * with lines in the log. The result: how many; 0: there are none now, *more false; or DRV_E… as
 * link_read_at(). *more: there may be others already. */
int32_t input_move(link_t *driver, bool traces, desk_change_t *change, bool *more);

#endif
