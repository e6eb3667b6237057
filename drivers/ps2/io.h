/* SPDX-License-Identifier: BSD-2-Clause */
/* All port access of the driver. */
#ifndef PS2_IO_H
#define PS2_IO_H

#include "ps2/controller.h"

/* Positions in the manifest's caps.pio. */
#define PIO_DATA    0u
#define PIO_COMMAND 1u

static inline bool io_is_access(ps2_action_type_t type)
{
	return type >= PS2_ACT_READ_STATUS && type <= PS2_ACT_WRITE_DATA;
}

/* Performs one port access and makes the event of it. DRV_OK, or what the kernel refused it
 * with. A byte that is read is in page->taken before anything else can happen. */
err_t io_perform(ps2_page_t *page, ps2_action_t action, ps2_event_t *event);

#endif
