/* SPDX-License-Identifier: BSD-2-Clause */
/* The depot: what is loaded into the running system is made of it, so that all of it comes back
 * when that is unloaded. What belongs to a driver, to an image of it that is not in force, or
 * to the upload that is under way, says so by the number of its node; a node that nobody names
 * is free. So a death of the manager between any two steps loses nothing: the next incarnation
 * collects what nobody names. */
#ifndef DRVMGR_DEPOT_H
#define DRVMGR_DEPOT_H

#include "driver.h"

/* Takes of the memory that is left as much as there is in one piece, ARENA_BITS_MAX at most; or
 * nothing, and then nothing can be loaded. Once. */
void depot_begin(manager_t *manager);

/* A free node of so many bytes, or more: its number, and from then on somebody must name it.
 * DRV_ENOMEM: there is none. */
err_t depot_take(manager_t *manager, uint32_t bytes, uint32_t *node);

/* Makes a frame of all of a node, zeroed, and maps it into the manager. */
err_t depot_make_frame(manager_t *manager, uint32_t node, cap_t *frame);

/* Maps such a frame into this incarnation. A node is always at the same address. */
err_t depot_map(manager_t *manager, uint32_t node, cap_t frame);
void *depot_address(const manager_t *manager, uint32_t node);

/* spawn_reserve() of a driver that is loaded. After an error the driver is to be forgotten. */
err_t depot_reserve(manager_t *manager, driver_t *driver);

/* Of that only what an image has of its own: the memory of its instances, of which the driver
 * says from then on where it is; at its home, where that is free. What outlives them stays as
 * it is. */
err_t depot_reserve_body(manager_t *manager, driver_t *driver);

/* What nobody names is free. Then what is free is whole again: all that was made of it goes.
 * Between the two, what is kept has to be sealed. */
void depot_collect(manager_t *manager);
void depot_clean(const manager_t *manager);

/* After the manager's death: both, and all images are mapped. */
err_t depot_adopt(manager_t *manager);

#endif
