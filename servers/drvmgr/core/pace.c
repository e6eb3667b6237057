/* SPDX-License-Identifier: BSD-2-Clause */
/* The bucket of pace.h. It is full when nothing is paid for beyond now. The manager's next
 * incarnation begins with a full one. */
#include "core/pace.h"

#include "core/world.h"

uint32_t pace_pay(world_t *world, uint32_t i)
{
	if (world->rules[i].essential)
		return 0;
	if (world->paid_ms < world->now_ms)
		world->paid_ms = world->now_ms;
	uint64_t behind_ms = world->paid_ms - world->now_ms;
	world->paid_ms += PACE_EACH_MS;
	return behind_ms > PACE_BEHIND_MS ? (uint32_t)(behind_ms - PACE_BEHIND_MS) : 0;
}
