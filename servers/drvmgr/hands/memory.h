/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's memory: untyped for drivers and objects of its own. */
#ifndef DRVMGR_MEMORY_H
#define DRVMGR_MEMORY_H

#include "driver.h"

/* Addresses in the manager. */
#define MANAGER_PAGES	0x0f000000u /* the driver pages, one per driver */
#define MANAGER_LOGS	(MANAGER_PAGES + DRIVERS_MAX * PAGE_SIZE) /* and their log pages */
#define MANAGER_SCRATCH 0x0f100000u				  /* PROCESS_SCRATCH bytes */
#define MANAGER_KEPT	0x0e000000u				  /* the frame BOOT_CAP_KEPT */
#define MANAGER_DEATHS	0x0e100000u				  /* the frame of all reports */
#define MANAGER_DRIVERS 0x0f200000u /* DRIVERS_MAX driver_t at most */
#define MANAGER_ARCHIVE 0x10000000u
#define MANAGER_LOADED	0x20000000u /* the depot's frames, each at its place in the depot */

/* The end of the kept frame, for what is needed while files are read. */
#define MANAGER_LOAD_BYTES 0xc000u
#define MANAGER_LOAD	   (MANAGER_KEPT + (1u << BOOT_KEPT_BITS) - MANAGER_LOAD_BYTES)

/* Sets up this incarnation's address space. */
err_t memory_init(manager_t *manager);

/* Takes back all that earlier incarnations gave away and takes the manager's own pool: there is
 * no driver then, and everything that the machine has is free. */
err_t memory_begin(manager_t *manager);

/* An untyped of 2^bits bytes. DRV_ENOMEM: no piece of memory has them. */
err_t memory_take(manager_t *manager, uint32_t bits, cap_t *untyped);

/* Gives back what was taken, of which nothing was made: the next one of that size has it. One
 * is kept of each size, and so of a driver that is refused nothing but what the one before it
 * gave back is lost. */
void memory_give_back(manager_t *manager, uint32_t bits, cap_t *untyped);

/* An object of the manager's own: one that outlives it, or one that ends with it. */
err_t memory_make(const manager_t *manager, uint32_t type, cap_t *cap);
err_t memory_make_body(const manager_t *manager, uint32_t type, cap_t *cap);

/* Zeroed memory for so many drivers, which ends with this incarnation, at manager->drivers; in
 * addition to what is there. */
err_t memory_add_drivers(manager_t *manager, uint32_t count);

/* Maps a frame of the manager's into its own address space. */
err_t memory_map(manager_t *manager, cap_t frame, uint32_t virt);

/* The smallest n with 2^n >= bytes. */
uint32_t memory_bits(uint32_t bytes);

#endif
