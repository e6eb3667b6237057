/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers as rows of text. Pure. */
#ifndef CAP_REPORT_H
#define CAP_REPORT_H

#include <stdbool.h>

#include "abi/protocol/manager.h"

/* "Running" and so on; "?" for a number that is no state. */
const char *report_state(uint32_t state);

/* Is there an instance in this state? */
bool report_is_live(uint32_t state);

/* The width of the column of names that fits these drivers; 16 at least. */
uint32_t report_width(const manager_status_t *drivers, uint32_t count, uint32_t least);
#define REPORT_WIDTH 16u

/* The header of the table of drivers, and one row: name, state, generation, restarts,
 * milliseconds since it last came to its event loop, in whole REPORT_LOOK_MS, as the manager
 * looks ('-' unless the driver is live), and, if it is not "", what keeps it from running. */
void report_header(uint32_t width, char *text, size_t size);
void report_row(const manager_status_t *status, uint32_t width, const char *why, char *text,
		size_t size);
#define REPORT_LOOK_MS 100u

/* Do both make the same row? */
bool report_is_same(const manager_status_t *status, const manager_status_t *other);

/* How long ago it was in its event loop, in whole REPORT_LOOK_MS: what is below says nothing.
 * Of who rests in it the age is that of the manager's last look, which can be a little late: as
 * long as the next one is not overdue, it is 0. */
uint32_t report_age_ms(const manager_status_t *status);

/* What the manager finds of a driver, "spins: it ran and did not come back to its event loop";
 * "?" for a number that is none. */
const char *report_verdict(uint32_t kind);

#endif
