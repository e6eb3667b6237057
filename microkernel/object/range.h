/* SPDX-License-Identifier: BSD-2-Clause */
/* Port ranges and physical (MMIO) ranges: capabilities without an object. `object` is the
 * first port or byte, `extra` the last. */
#ifndef OBJECT_RANGE_H
#define OBJECT_RANGE_H

#include "object/slot.h"

/* Narrows to a part of the ports, or to all for scope0 == 0, and to widths (PIO_WIDTH_…), or to
 * all that it has for scope1 == 0. On error nothing is changed. DRV_EINVAL: the request is
 * malformed; DRV_EPERM: not covered. */
err_t pio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

/* Narrows to the scope1 bytes from scope0 on, whole pages, or to all where both are 0; errors
 * as above. */
err_t mmio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

/* May the capability be used for this SYS_CAP_PIO_RW? DRV_EINVAL: `op` is malformed;
 * DRV_EPERM: port, width or direction is not covered. */
err_t pio_check(const slot_t *slot, uint32_t op);

#endif
