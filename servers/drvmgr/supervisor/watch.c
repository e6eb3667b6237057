/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager notices by itself: faults and exits, limits, delays, silence. */
#include "cap/format.h"
#include "supervisor/supervisor.h"

#define WHY_MAX 160u
#define LOOK_MS 50u   /* how often heartbeats are looked at */
#define IDLE_MS 1000u /* when no driver lives and nothing is due */

static const char *fault_name(uint32_t label)
{
	switch (label) {
	case FAULT_PAGE:
		return "page fault";
	case FAULT_PROTECTION:
		return "protection fault";
	case FAULT_OPCODE:
		return "invalid instruction";
	case FAULT_ARITHMETIC:
		return "arithmetic fault";
	case FAULT_FPU:
		return "floating-point instruction";
	case FAULT_DEBUG:
		return "debug trap";
	case FAULT_ALIGNMENT:
		return "alignment fault";
	default:
		return "unknown fault";
	}
}

static bool is_above(const driver_t *other, const driver_t *driver)
{
	return other->manifest.priority > driver->manifest.priority;
}

/* The driver ended. Those below it may not have run meanwhile: the next one that keeps them
 * from running excuses them anew. What was counted before stays counted. */
static void renew_excuses(manager_t *manager, const driver_t *driver)
{
	for (uint32_t i = 0; i < manager->count; i++)
		if (is_above(driver, &manager->drivers[i]))
			manager->drivers[i].unit.patience.excused_ms = 0;
}

static void take_exit(manager_t *manager, driver_t *driver, uint32_t code)
{
	char why[WHY_MAX];
	bool expected = driver->unit.state == STATE_RUNNING ||
			driver->unit.state == STATE_STOPPING ||
			driver->unit.state == STATE_QUIESCING;
	if (code == 0 && expected) {
		supervisor_event(manager, driver, EVENT_EXIT);
		return;
	}
	format(why, sizeof(why), "exit with code %d", (int)code);
	supervisor_fail(manager, driver, DRV_EGONE, why);
}

void supervisor_fault(manager_t *manager, driver_t *driver, const message_t *message)
{
	char why[WHY_MAX];
	uint32_t label = MSG_LABEL(message->info);
	thread_registers_t registers = {0};
	if (!driver->instance.alive)
		return;
	/* Takes the thread off the reply object, so that the next fault can be received. */
	thread_suspend(driver->instance.process.thread);
	renew_excuses(manager, driver);
	if (label == FAULT_EXIT) {
		take_exit(manager, driver, message->word1);
		return;
	}
	thread_read(driver->instance.process.thread, &registers);
	format(why, sizeof(why), "%s at eip 0x%x, address 0x%x, code 0x%x, esp 0x%x",
	       fault_name(label), registers.eip, message->word0, message->word1, registers.esp);
	supervisor_fail(manager, driver, DRV_EFAULT, why);
}

static void note_beats(manager_t *manager, driver_t *driver)
{
	uint32_t beats = driver->instance.page->beats;
	if (beats == driver->unit.beats)
		return;
	driver->unit.beats = beats;
	driver->unit.beats_ms = manager->now_ms;
	if (driver->unit.state != STATE_RUNNING)
		return;
	driver->unit.patience = (patience_t){.seen_ms = manager->now_ms};
	policy_on_progress(&driver->manifest.restart.policy, &driver->unit.history,
			   manager->now_ms);
}

/* How long the driver may be silent in its state, in milliseconds. */
static uint32_t limit_ms(const driver_t *driver)
{
	const heartbeat_t *heartbeat = &driver->manifest.heartbeat;
	if (driver->unit.state == STATE_RUNNING)
		return heartbeat->period_ms * heartbeat->misses;
	return lifecycle_limit_ms(driver->unit.state, &driver->manifest.lifecycle,
				  driver->unit.generation > 1);
}

/* For how long altogether the driver may be excused now: a more urgent one that does not keep
 * its promise to beat may be spinning, and then nothing below it runs. Whether it spins or
 * only waits cannot be seen, so this ends when that one itself would have been ended. */
static uint32_t excuse_ms(const manager_t *manager, const driver_t *driver)
{
	uint32_t longest = 0;
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *other = &manager->drivers[i];
		if (other->instance.alive && is_above(other, driver) &&
		    limit_ms(other) > longest &&
		    manager->now_ms - other->unit.beats_ms >
			other->manifest.heartbeat.period_ms)
			longest = limit_ms(other);
	}
	return longest;
}

/* Puts the time since the last look to what is counted or to what is excused. */
static void pass_time(const manager_t *manager, driver_t *driver)
{
	patience_t *patience = &driver->unit.patience;
	uint64_t passed = manager->now_ms - patience->seen_ms;
	uint64_t most = excuse_ms(manager, driver);
	uint64_t left = most > patience->excused_ms ? most - patience->excused_ms : 0;
	uint64_t excused = passed < left ? passed : left;
	patience->seen_ms = manager->now_ms;
	patience->excused_ms += excused;
	patience->counted_ms += passed - excused;
}

static void pass_limit(manager_t *manager, driver_t *driver)
{
	driver->unit.last_error = DRV_ETIMEDOUT;
	manager_log_line(manager, "drvmgr: %s: %s took longer than its limit of %u ms",
			 driver->manifest.name, lifecycle_state_name(driver->unit.state),
			 limit_ms(driver));
	supervisor_event(manager, driver, EVENT_LIMIT);
}

static void miss_heartbeat(manager_t *manager, driver_t *driver)
{
	char why[WHY_MAX];
	format(why, sizeof(why), "no heartbeat for %u ms",
	       (uint32_t)(manager->now_ms - driver->unit.beats_ms));
	supervisor_fail(manager, driver, DRV_ETIMEDOUT, why);
}

static void look_at_driver(manager_t *manager, driver_t *driver)
{
	if (driver->unit.state == STATE_BACKOFF) {
		if (manager->now_ms >= driver->unit.until_ms)
			supervisor_event(manager, driver, EVENT_TIMER);
	} else if (driver->instance.alive && limit_ms(driver) != LIFECYCLE_NO_LIMIT &&
		   driver->unit.patience.counted_ms >= limit_ms(driver)) {
		renew_excuses(manager, driver);
		if (driver->unit.state == STATE_RUNNING)
			miss_heartbeat(manager, driver);
		else
			pass_limit(manager, driver);
	}
}

/* All clocks go on before the first driver is judged: its end would change them. */
void supervisor_tick(manager_t *manager)
{
	for (uint32_t i = 0; i < manager->count; i++)
		if (manager->drivers[i].instance.alive)
			note_beats(manager, &manager->drivers[i]);
	for (uint32_t i = 0; i < manager->count; i++)
		if (manager->drivers[i].instance.alive)
			pass_time(manager, &manager->drivers[i]);
	for (uint32_t i = 0; i < manager->count; i++)
		look_at_driver(manager, &manager->drivers[i]);
}

uint32_t supervisor_wait_ms(const manager_t *manager)
{
	uint32_t wait = IDLE_MS;
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *driver = &manager->drivers[i];
		uint32_t due = IDLE_MS;
		if (driver->unit.state == STATE_BACKOFF)
			due = driver->unit.until_ms > manager->now_ms
				  ? (uint32_t)(driver->unit.until_ms - manager->now_ms)
				  : 0;
		else if (driver->instance.alive)
			due = LOOK_MS;
		if (due < wait)
			wait = due;
	}
	return wait;
}
