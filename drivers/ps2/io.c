/* SPDX-License-Identifier: BSD-2-Clause */
/* The accesses of io.h. */
#include "ps2/io.h"

#include "cap/driver.h"
#include "ps2/i8042.h"

/* A manager that gives no frame to keep in does not keep either: then the byte of an instance
 * that dies is lost with it, and nothing else. */
static err_t take(ps2_page_t *page, uint8_t *byte)
{
	err_t err = driver_keep8(PIO_DATA, I8042_DATA, offsetof(ps2_page_t, taken), byte);
	if (err != DRV_EBADCAP)
		return err;
	err = driver_in8(PIO_DATA, I8042_DATA, byte);
	if (!err) {
		page->taken.value = *byte;
		page->taken.count++;
	}
	return err;
}

err_t io_perform(ps2_page_t *page, ps2_action_t action, ps2_event_t *event)
{
	if (action.type == PS2_ACT_READ_STATUS) {
		event->type = PS2_EV_STATUS;
		return driver_in8(PIO_COMMAND, I8042_STATUS, &event->byte);
	}
	if (action.type == PS2_ACT_READ_DATA) {
		event->type = PS2_EV_DATA;
		return take(page, &event->byte);
	}
	event->type = PS2_EV_WRITTEN;
	return action.type == PS2_ACT_WRITE_COMMAND
		   ? driver_out8(PIO_COMMAND, I8042_CMD, action.byte)
		   : driver_out8(PIO_DATA, I8042_DATA, action.byte);
}
