/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's timers. Times are 32-bit milliseconds that wrap: a timer may be set for up to 24
 * days. */
#include "private.h"

#define PLAIN DRIVER_TIMERS /* driver_set_timer()'s */

static void set(struct timer *timer, uint32_t ms)
{
	*timer = (struct timer){.set = ms != DRIVER_NO_TIMER, .at = clock_ms() + ms};
}

void driver_set_timer(uint32_t ms)
{
	set(&runtime.timers[PLAIN], ms);
}

err_t driver_timer_set(unsigned index, uint32_t ms)
{
	if (index >= DRIVER_TIMERS)
		return DRV_EINVAL;
	set(&runtime.timers[index], ms);
	return DRV_OK;
}

static bool is_due(const struct timer *timer, uint32_t now)
{
	return timer->set && (int32_t)(now - timer->at) >= 0;
}

static void call_back(unsigned index)
{
	const driver_ops_t *ops = runtime.ops;
	driver_page()->work++;
	if (index == PLAIN && ops->timer)
		ops->timer();
	else if (index != PLAIN && ops->timed)
		ops->timed(index);
}

/* One that is set again for now, by its own callback or another's, has its turn next time. */
void timers_take(void)
{
	uint32_t now = clock_ms(), due = 0;
	for (unsigned i = 0; i <= PLAIN; i++)
		due |= (uint32_t)is_due(&runtime.timers[i], now) << i;
	for (unsigned i = 0; i <= PLAIN; i++) {
		if (!(due >> i & 1) || !is_due(&runtime.timers[i], now))
			continue;
		runtime.timers[i].set = false;
		call_back(i);
	}
}

uint32_t timers_left_ms(void)
{
	uint32_t now = clock_ms(), least = TIMEOUT_FOREVER;
	for (unsigned i = 0; i <= PLAIN; i++) {
		const struct timer *timer = &runtime.timers[i];
		if (!timer->set)
			continue;
		uint32_t left = is_due(timer, now) ? TIMEOUT_POLL : timer->at - now;
		if (left < least)
			least = left;
	}
	return least;
}
