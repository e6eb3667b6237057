/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks the manager for what the view tells beside the drivers' states: shares, deaths, and the
 * log. It asks when it was told that something is new, and for shares every few seconds. */
#ifndef CONSOLE_LOOK_H
#define CONSOLE_LOOK_H

#include "view.h"

/* Something happened: a line of the log, or a change of a state. */
void look_told(void);

/* Tells the view of all drivers as they are now. */
void look_drivers(view_t *view, const manager_status_t *drivers, uint32_t count);

/* Asks for a part of what is to be asked, and tells the view. True: there is more. `now_ms` is
 * that of driver_now_ms(). */
bool look(view_t *view, uint32_t now_ms);

#endif
