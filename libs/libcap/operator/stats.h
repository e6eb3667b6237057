/* SPDX-License-Identifier: BSD-2-Clause */
/* `stats`: asks a driver for its rows, a page at a time, and makes lines of them. The driver is
 * believed in nothing: whatever it answers, or if it does not, the list has an end, and soon.
 */
#ifndef OPERATOR_STATS_H
#define OPERATOR_STATS_H

#include "cap/operator.h"

/* For all of its pages: the prompt waits for it. */
#define STATS_LIMIT_MS 25u

/* Begins a list. An error is the manager's: DRV_ENOENT, there is no such driver. */
err_t stats_begin(stats_t *stats, const char *name);

/* Makes the line of row `number`, which is 0 and then one more each time. False: there is none,
 * and `text` says why, or is "" if the list is whole, or the driver failed with stats->error.
 * All that stats_begin() took is given back then. */
bool stats_line(stats_t *stats, uint32_t number, char *text, size_t size);

#endif
