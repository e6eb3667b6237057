/* SPDX-License-Identifier: BSD-2-Clause */
/* How near a driver came to its limits. Pure. */
#ifndef DRVMGR_MARGIN_H
#define DRVMGR_MARGIN_H

#include "core/unit.h"
#include "core/verdict.h"

/* Of what lasts and of windows, what was seen at looks since the instance began; 0 as a limit
 * means that there is none, and no row. The count of rows. */
uint32_t margins_of(const watch_t *watch, const verdict_limits_t *limits, const unit_t *unit,
		    const policy_t *policy, uint64_t now_ms,
		    manager_margin_t rows[MARGIN_COUNT]);

#endif
