/* SPDX-License-Identifier: BSD-2-Clause */
/* The prompt on the screen: the commands that are typed on the keyboard. Each is begun once, if
 * at all, over the console's own death. */
#ifndef CONSOLE_DESKTOP_H
#define CONSOLE_DESKTOP_H

#include "desk.h"

/* Tells of a command that was under way when the console ended. */
void desktop_init(desk_change_t *change);

/* Begins the next command or goes on with the one that is under way. `keyboard` and `screen`
 * are the drivers that it comes and is answered through. False: there is nothing to do now. */
bool desktop_step(const char *keyboard, const char *screen, desk_change_t *change);

/* Is there something to be done at *at without a signal? */
bool desktop_waits(uint32_t *at);

#endif
