/* SPDX-License-Identifier: BSD-2-Clause */
/* The last resort of the log: the manager writes it on the first serial port by itself, polled,
 * where no driver has that port and nobody reads the log. It never writes while a driver has
 * the port, never waits for the device, and never reads what is typed. */
#ifndef DRVMGR_WIRE_H
#define DRVMGR_WIRE_H

#include "driver.h"

#define WIRE_SILENCE_MS 5000u /* so long nobody has read the log */

/* A reader asked for the log from `position` on: it has passed on all before. */
void wire_taken(manager_t *manager, uint32_t position);

/* A new incarnation of the manager goes on where the one before it was, and gives a reader time
 * to come. */
void wire_restore(const manager_t *manager, uint32_t position);

/* The capability through which the manager writes, or CAP_NULL. */
cap_t wire_port(void);

/* The position up to which the log is on the line or with its reader. */
uint32_t wire_position(void);

/* Bytes of the log that its reader has not taken yet; 0 while nobody reads. */
uint32_t wire_backlog(const manager_t *manager);

/* The driver that lives and has the port while the manager has something to write there; null:
 * there is none. */
const driver_t *wire_holder(const manager_t *manager);

/* Writes a piece of the log if it is the manager's turn. That a character is out is kept at
 * once: over the manager's death one character, or the CR before a line's end, is there twice
 * at the most. */
void wire_tick(manager_t *manager);

/* How long until wire_tick() can do more, in milliseconds. */
uint32_t wire_wait_ms(const manager_t *manager);

#endif
