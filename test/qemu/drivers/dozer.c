/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that computes for most of a millisecond and sleeps over the tick, again and again:
 * who looks at ticks alone never sees it run. It says how often it did so in a second. */
#include "cap/driver.h"
#include "round.h"

#define SECOND_MS 1000u

static struct {
	uint32_t rounds, since_ms;
} count;

static void dozer_timer(void)
{
	compute_round();
	count.rounds++;
	uint32_t passed_ms = driver_now_ms() - count.since_ms;
	if (passed_ms >= SECOND_MS) {
		driver_log("%u rounds in %u ms", count.rounds, passed_ms);
		count.rounds = 0;
		count.since_ms += passed_ms;
	}
	driver_set_timer(1);
}

static err_t dozer_run(void)
{
	count.since_ms = driver_now_ms();
	driver_set_timer(1);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = dozer_run, .timer = dozer_timer};
	return driver_main(&ops);
}
