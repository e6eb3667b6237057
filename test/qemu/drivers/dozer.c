/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver that computes for most of a millisecond and sleeps over the tick, again and again:
 * who looks at ticks alone never sees it run. It says how often it did so in a second. */
#include "cap/driver.h"

#define ROUND_INSTRUCTIONS 112500u /* 900 us where an instruction takes 8 ns */
#define SECOND_MS	   1000u

static struct {
	uint32_t rounds, since_ms;
} count;

static void compute(void)
{
	uint32_t steps = ROUND_INSTRUCTIONS / 2;
	__asm__ volatile("1:\n\t"
			 "decl %0\n\t"
			 "jnz 1b"
			 : "+r"(steps)
			 :
			 : "cc");
}

static void dozer_timer(void)
{
	compute();
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
