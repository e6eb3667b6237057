/* SPDX-License-Identifier: BSD-2-Clause */
/* How often drivers start again, all together. A policy bounds one driver; what restarts cost
 * is the manager's and the essential drivers' time, which comes before everybody else's, so all
 * others pay from one bucket: PACE_AT_ONCE restarts, then one in PACE_EACH_MS. Who ends first
 * is served first: where nobody requires another or has a group, who waits does so for one
 * restart of each other driver at most, which is less than UNITS_MAX * PACE_EACH_MS. */
#ifndef DRVMGR_PACE_H
#define DRVMGR_PACE_H

#include "core/policy.h"

struct world;

/* To end an instance, to make another and to log both takes some 1.5 ms of the processor: a
 * tenth of it in the long run. */
#define PACE_EACH_MS 15u

/* So many that no driver that is alone waits longer than its own policy says: what it can fall
 * behind by is POLICY_BURST_MAX restarts at the shortest delays, the first of which is none. */
#define PACE_BEHIND_MS (PACE_EACH_MS + POLICY_BURST_MAX * (PACE_EACH_MS - POLICY_BASE_MS_MIN))
#define PACE_AT_ONCE   (PACE_BEHIND_MS / PACE_EACH_MS + 1)

/* Unit `i` ended and is to start again, for which it pays unless it is essential. The result is
 * how long it is to wait for its turn, in milliseconds; who only followed another one that
 * ended does not wait for it. */
uint32_t pace_pay(struct world *world, uint32_t i);

#endif
