/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of text about drivers and about the kernel's counters. Pure. */
#ifndef CAP_REPORT_H
#define CAP_REPORT_H

#include <stdbool.h>

#include "abi/audit.h"
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

/* "stats: NAME VALUE"; an error by its name, if the row is one. The name is the driver's word:
 * what is no printable character of it becomes '?'. */
void report_stat(const driver_stat_t *row, char *text, size_t size);

/* Line number `index` of the audit, "audit: NAME VALUE"; false behind the last. */
bool report_audit(const audit_report_t *audit, uint32_t index, char *text, size_t size);

#endif
