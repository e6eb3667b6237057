/* SPDX-License-Identifier: BSD-2-Clause */
/* What the screen shows: writes those cells of a layout that differ from what was written
 * before. It decides nothing about what is shown. */
#ifndef CONSOLE_DISPLAY_H
#define CONSOLE_DISPLAY_H

#include "cap/link.h"
#include "layout.h"

/* Nothing is known of what is on the screen: the next call writes all of it. */
void display_forget(void);

/* Are the table's rows shown as these drivers would have them? Then only the desk can make
 * a difference. */
bool display_has(const manager_status_t *drivers, uint32_t count);

/* Makes the screen show the drivers and the desk, of which only what has changed since the
 * call before is looked at. On error a part is written, and the next call writes the rest; the
 * errors are those of link_write(), and DRV_EIO for a screen that takes less. */
err_t display_draw(link_t *screen, const manager_status_t *drivers, uint32_t count,
		   const desk_t *desk, const char *history, const desk_change_t *change);

#endif
