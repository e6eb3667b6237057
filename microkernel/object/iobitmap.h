/* SPDX-License-Identifier: BSD-2-Clause */
/* I/O permission bitmaps: the faster way to ports. An address space that has one installed can
 * open ports in it through its port capabilities; `in` and `out` on them then run natively. A
 * port that is opened is closed when the capability goes.
 *
 * Like a page table, a bitmap has exactly one capability. Invariant B1: a bit is clear only if
 * a port capability that is mapped in the same address space covers the port. */
#ifndef OBJECT_IOBITMAP_H
#define OBJECT_IOBITMAP_H

#include "object/vspace.h"

#define IOBITMAP_BITS 13u

/* Check and commit in one; `virt` must be 0, or DRV_EFAULT. DRV_EBUSY: installed already;
 * DRV_EEXIST: the vspace has one. */
err_t iobitmap_install(uint32_t vspace, slot_t *slot, uint32_t virt, uint32_t rights);

/* Opens the ports of a port capability. DRV_ENOTABLE: no bitmap is installed; DRV_EBUSY: the
 * capability is mapped already; DRV_EPERM: it does not have all widths, which the processor
 * could not tell apart; DRV_EEXIST: one of the ports is open already. */
err_t iobitmap_open(uint32_t vspace, slot_t *slot);

/* Closes them again, if they are open. */
void iobitmap_close(slot_t *slot);

/* For the table of types: object/object.h. */
void iobitmap_create(uint32_t object, uint32_t bits);
void iobitmap_remove(slot_t *slot);

/* What closing and removing cost, in instructions, about. */
uint32_t iobitmap_close_cost(const slot_t *slot);
uint32_t iobitmap_remove_cost(const slot_t *slot);

#endif
