/* SPDX-License-Identifier: BSD-2-Clause */
/* Port ranges and physical (MMIO) ranges: capabilities without an object. `object` is the
 * first port or byte, `extra` the last. */
#ifndef OBJECT_RANGE_H
#define OBJECT_RANGE_H

#include "object/slot.h"

/* A range capability of the given type covers a request if deriving it succeeds. On error
 * nothing is changed. DRV_EINVAL: the request is malformed; DRV_EPERM: not covered. */
err_t pio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

err_t mmio_narrow(reach_t *reach, uint32_t scope0, uint32_t scope1);

/* May the capability be used for this SYS_CAP_PIO_RW? DRV_EINVAL: `op` is malformed;
 * DRV_EPERM: port, width or direction is not covered. */
err_t pio_check(const slot_t *slot, uint32_t op);

#endif
