/* SPDX-License-Identifier: BSD-2-Clause */
/* What one driver does to another: it floods it, or takes the processor away from it. */
#ifndef DRVMGR_BETWEEN_H
#define DRVMGR_BETWEEN_H

#include "core/verdict.h"

#define BETWEEN_MANAGER (NOBODY - 1) /* neither a driver nor NOBODY */

/* Whom driver i waits for: an index, BETWEEN_MANAGER or NOBODY. */
uint32_t between_waits_for(const bench_t *bench, uint32_t i);

/* Names in `verdicts`, where each driver was judged alone, who harms others. */
void between_judge(const bench_t *bench, verdict_t *verdicts);

#endif
