/* SPDX-License-Identifier: BSD-2-Clause */
/* `stats`: asks a driver for its rows, a page at a time. The driver is
 * believed in nothing: whatever it answers, or if it does not, the list has an end, and soon.
 */
#ifndef OPERATOR_STATS_H
#define OPERATOR_STATS_H

#include "cap/operator.h"

/* For all of its pages: the prompt waits for it. */
#define STATS_LIMIT_MS 25u

/* Begins a list. An error is the manager's: DRV_ENOENT, there is no such driver. */
err_t stats_begin(stats_t *stats, const char *name);

/* Row `number`, which is 0 and then one more each time. Null: there is none, and *broken says
 * whether the driver gave fewer than it says it has, or it failed with stats->error. All that
 * stats_begin() took is given back then. */
const driver_stat_t *stats_row(stats_t *stats, uint32_t number, bool *broken);

/* Gives it back where the list is not told to its end. Once more does no harm. */
void stats_end(stats_t *stats);

#endif
