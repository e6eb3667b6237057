/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task of the test of run time. It computes alone, and then below a thread that has a
 * budget: one that computes all the time, and one that sleeps over the ticks. Of each it says
 * what the kernel tells. */
#include "abi/inspect.h"
#include "bench.h"
#include "round.h"

#define RATE_MS	  20u /* within them the rate is counted */
#define PHASE_MS  1000u
#define BUDGET_MS 5u
#define PERIOD_MS 50u

int main(void);

static cap_t own_thread(void)
{
	return boot_info()->caps[BOOT_CAP_THREAD].cap;
}

static void compute_until(uint32_t end_ms)
{
	while (clock_ms() < end_ms)
		;
}

static void spin(void)
{
	for (;;)
		;
}

static void doze(void)
{
	for (;;) {
		compute_round();
		shared()->count++;
		rest(1);
	}
}

/* A second is less than 2^32 ticks in the emulator. */
static void say(const char *name, cap_t thread, uint32_t ticks_before)
{
	inspect_thread_t now;
	must("inspect", cap_inspect(thread, NULL, &now, sizeof(now)));
	report("run_time: %s ran %u ticks, %u a millisecond, %u rounds", name,
	       now.run_low - ticks_before, now.ticks_per_ms, shared()->count);
}

/* Computes for a second, alone or below a thread with a budget. */
static void phase(const char *name, const space_t *space, void (*entry)(void), uint32_t stack)
{
	inspect_thread_t before;
	cap_t thread = CAP_NULL;
	shared()->count = 0;
	must("inspect", cap_inspect(own_thread(), NULL, &before, sizeof(before)));
	uint32_t end_ms = clock_ms() + PHASE_MS;
	if (entry) {
		thread = thread_make(space, PRIORITY_WORKER, entry, stack);
		must("set a budget",
		     thread_set(thread, THREAD_BUDGET, THREAD_BUDGET_MS(BUDGET_MS, PERIOD_MS)));
		must("start", thread_resume(thread));
	}
	compute_until(end_ms);
	if (entry) {
		must("suspend", thread_suspend(thread));
		say(name, thread, 0);
	}
	say("root", own_thread(), before.run_low);
}

int main(void)
{
	report_init();
	world_init();
	space_t space = space_clone();
	compute_until(clock_ms() + RATE_MS);
	phase("nobody", NULL, NULL, 0);
	phase("spinner", &space, spin, STACK_CLIENT);
	phase("dozer", &space, doze, STACK_SERVER);
	finish();
}
