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

static void take_exit(manager_t *manager, driver_t *driver, uint32_t code)
{
	char why[WHY_MAX];
	bool expected = driver->state == STATE_RUNNING || driver->state == STATE_STOPPING ||
			driver->state == STATE_QUIESCING;
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
	if (!driver->alive)
		return;
	/* Takes the thread off the reply object, so that the next fault can be received. */
	thread_suspend(driver->process.thread);
	if (label == FAULT_EXIT) {
		take_exit(manager, driver, message->word1);
		return;
	}
	thread_read(driver->process.thread, &registers);
	format(why, sizeof(why), "%s at eip 0x%x, address 0x%x, code 0x%x, esp 0x%x",
	       fault_name(label), registers.eip, message->word0, message->word1, registers.esp);
	supervisor_fail(manager, driver, DRV_EFAULT, why);
}

static void note_beats(manager_t *manager, driver_t *driver)
{
	uint32_t beats = driver->page->beats;
	if (beats == driver->beats)
		return;
	driver->beats = beats;
	driver->beats_ms = manager->now_ms;
	if (driver->state == STATE_RUNNING)
		policy_on_progress(&driver->manifest.restart.policy, &driver->history,
				   manager->now_ms);
}

/* Is there a driver of higher priority that does not keep its promise to beat? It may be
 * spinning, and then nothing below it runs: it is judged first, and until then the time of
 * those below does not count. */
static bool is_kept_from_running(const manager_t *manager, const driver_t *driver)
{
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *other = &manager->drivers[i];
		if (other->alive && other->manifest.priority > driver->manifest.priority &&
		    manager->now_ms - other->beats_ms > other->manifest.heartbeat.period_ms)
			return true;
	}
	return false;
}

/* Milliseconds since `start` that the driver has to answer for. */
static uint32_t time_since(const manager_t *manager, const driver_t *driver, uint64_t start)
{
	uint64_t from = driver->excused_ms > start ? driver->excused_ms : start;
	return (uint32_t)(manager->now_ms - from);
}

static void look_at_limit(manager_t *manager, driver_t *driver)
{
	uint32_t limit = lifecycle_limit_ms(driver->state, &driver->manifest.lifecycle,
					    driver->generation > 1);
	if (limit == LIFECYCLE_NO_LIMIT ||
	    time_since(manager, driver, driver->since_ms) < limit)
		return;
	driver->last_error = DRV_ETIMEDOUT;
	manager_log_line(manager, "drvmgr: %s: %s took longer than its limit of %u ms",
			 driver->manifest.name, lifecycle_state_name(driver->state), limit);
	supervisor_event(manager, driver, EVENT_LIMIT);
}

static void look_at_heart(manager_t *manager, driver_t *driver)
{
	const heartbeat_t *heartbeat = &driver->manifest.heartbeat;
	char why[WHY_MAX];
	uint32_t silence = time_since(manager, driver, driver->beats_ms);
	if (silence < heartbeat->period_ms * heartbeat->misses)
		return;
	format(why, sizeof(why), "no heartbeat for %u ms",
	       (uint32_t)(manager->now_ms - driver->beats_ms));
	supervisor_fail(manager, driver, DRV_ETIMEDOUT, why);
}

static void look_at_driver(manager_t *manager, driver_t *driver)
{
	if (driver->state == STATE_BACKOFF) {
		if (manager->now_ms >= driver->until_ms)
			supervisor_event(manager, driver, EVENT_TIMER);
	} else if (driver->alive) {
		if (is_kept_from_running(manager, driver))
			driver->excused_ms = manager->now_ms;
		else if (driver->state == STATE_RUNNING)
			look_at_heart(manager, driver);
		else
			look_at_limit(manager, driver);
	}
}

void supervisor_tick(manager_t *manager)
{
	for (uint32_t i = 0; i < manager->count; i++)
		if (manager->drivers[i].alive)
			note_beats(manager, &manager->drivers[i]);
	for (uint32_t i = 0; i < manager->count; i++)
		look_at_driver(manager, &manager->drivers[i]);
}

uint32_t supervisor_wait_ms(const manager_t *manager)
{
	uint32_t wait = IDLE_MS;
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *driver = &manager->drivers[i];
		uint32_t due = IDLE_MS;
		if (driver->state == STATE_BACKOFF)
			due = driver->until_ms > manager->now_ms
				  ? (uint32_t)(driver->until_ms - manager->now_ms)
				  : 0;
		else if (driver->alive)
			due = LOOK_MS;
		if (due < wait)
			wait = due;
	}
	return wait;
}
