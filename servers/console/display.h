/* SPDX-License-Identifier: BSD-2-Clause */
/* What the screen shows: writes those cells of a layout that differ from what was written
 * before. It decides nothing about what is shown. */
#ifndef CONSOLE_DISPLAY_H
#define CONSOLE_DISPLAY_H

#include "cap/link.h"
#include "layout.h"

/* Nothing is known of what is on the screen: the next call writes all of it. */
void display_forget(void);

/* Is the view shown as it is now? Then only the desk can make a difference. */
bool display_has(const view_t *view);

/* Makes the screen show the view and the desk, of which only what has changed since the
 * call before is looked at. On error a part is written, and the next call writes the rest; the
 * errors are those of link_write(), and DRV_EIO for a screen that takes less. */
err_t display_draw(link_t *screen, const view_t *view, const desk_t *desk,
		   const desk_around_t *around, const desk_change_t *change);

#endif
