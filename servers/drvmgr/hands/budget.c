/* SPDX-License-Identifier: BSD-2-Clause */
/* The budgets of budget.h. */
#include "hands/budget.h"

#include "cap/syscall.h"

#define THROTTLED 5u   /* milliseconds … */
#define PERIOD	  100u /* … of so many */

static err_t give(const driver_t *driver, uint32_t budget_ms, uint32_t period_ms)
{
	return thread_set(driver->instance.process.thread, THREAD_BUDGET,
			  THREAD_BUDGET_MS(budget_ms, period_ms));
}

budget_t budget_of(const driver_t *driver)
{
	const cpu_share_t *cpu = &driver->manifest.cpu;
	return (budget_t){cpu->budget_us / US_IN_MS, cpu->period_us / US_IN_MS};
}

/* Not more than its manifest gives it. */
static budget_t throttled(const driver_t *driver)
{
	budget_t whole = budget_of(driver);
	bool less = whole.budget_ms * PERIOD < THROTTLED * whole.period_ms;
	return less ? whole : (budget_t){THROTTLED, PERIOD};
}

budget_t budget_share(const driver_t *driver)
{
	uint32_t throttles = verdict_lasting(driver->unit.named) & VERDICTS_THROTTLE;
	return throttles ? throttled(driver) : budget_of(driver);
}

static void lend(manager_t *manager, const driver_t *driver, bool lent)
{
	watch_t *watch = &manager->watches[driver->index];
	watch->lent = lent;
	watch->lent_ms = (uint32_t)manager->now_ms;
}

err_t budget_begin(manager_t *manager, const driver_t *driver)
{
	used_t *used = &manager->watches[driver->index].used;
	budget_t share = budget_share(driver);
	uint32_t left_ms = used_leaves_ms(used, (uint32_t)manager->now_ms, share);
	budget_keep(manager, driver->index);
	lend(manager, driver, left_ms < share.budget_ms);
	return give(driver, left_ms, share.period_ms);
}

void budget_look(manager_t *manager, const driver_t *driver)
{
	const watch_t *watch = &manager->watches[driver->index];
	budget_t share = budget_share(driver);
	uint32_t passed_ms = (uint32_t)manager->now_ms - watch->lent_ms;
	if (!watch->lent || passed_ms < share.period_ms)
		return;
	lend(manager, driver, false);
	give(driver, share.budget_ms, share.period_ms);
}

void budget_keep(manager_t *manager, uint32_t index)
{
	const used_t *used = &manager->watches[index].used,
		     *kept = &manager->drivers[index].used;
	if (used->amount != kept->amount || used->at_ms != kept->at_ms ||
	    used->run != kept->run)
		driver_touch(manager, index)->used = *used;
}

void budget_adopt(manager_t *manager, const driver_t *driver)
{
	manager->watches[driver->index].used = driver->used;
	lend(manager, driver, driver->instance.alive);
}

void budget_throttle(const driver_t *driver)
{
	budget_t share = throttled(driver);
	if (driver->instance.alive)
		give(driver, share.budget_ms, share.period_ms);
}
