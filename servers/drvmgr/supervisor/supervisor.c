/* SPDX-License-Identifier: BSD-2-Clause */
/* Transitions and what they entail. */
#include "supervisor/supervisor.h"

#include "cap/format.h"
#include "hands/evidence.h"
#include "hands/spawn.h"

#define WHY_MAX 160u

/* What clients of a driver without an instance are told. */
static err_t told_in(driver_state_t state)
{
	switch (state) {
	case STATE_QUARANTINED:
		return DRV_EQUARANTINED;
	case STATE_STOPPED:
		return DRV_EGONE;
	case STATE_ABSENT:
	case STATE_REJECTED:
		return DRV_ENODEV;
	default:
		return DRV_OK;
	}
}

static void send_command(driver_t *driver, uint32_t command)
{
	driver->instance.page->command = command;
	driver->instance.page->command_seq = ++driver->unit.command_seq;
	notification_signal(driver->instance.notification, DRIVER_SIGNAL_COMMAND);
}

/* Is every service that the driver requires provided by a running driver? */
static bool needs_met(manager_t *manager, const driver_t *driver)
{
	const name_list_t *needs = &driver->manifest.needs;
	for (uint32_t i = 0; i < needs->count; i++) {
		const manifest_t *provider = registry_find(&manager->registry, needs->items[i]);
		const driver_t *other = provider ? manager_find(manager, provider->name) : NULL;
		if (!other || other->unit.state != STATE_RUNNING)
			return false;
	}
	return true;
}

/* Tells those that require this driver that it runs, or no longer does. */
static void tell_dependents(manager_t *manager, const driver_t *driver, bool running)
{
	for (uint32_t i = 0; i < manager->count; i++) {
		driver_t *other = &manager->drivers[i];
		if (!other->accepted || other == driver || needs_met(manager, other) != running)
			continue;
		if (running && other->unit.state == STATE_WAITING) {
			supervisor_event(manager, other, EVENT_COMPLETE);
		} else if (running && other->unit.start_again &&
			   other->unit.state == STATE_STOPPED) {
			other->unit.start_again = false;
			supervisor_event(manager, other, EVENT_START);
		} else if (!running && other->instance.alive) {
			other->unit.start_again = true;
			supervisor_event(manager, other, EVENT_DEPENDENCY_LOST);
		}
	}
}

static void enter_probing(manager_t *manager, driver_t *driver)
{
	err_t err = spawn_start(manager, driver);
	if (err) {
		char why[WHY_MAX];
		size_t length = format(why, sizeof(why), "cannot make the process: %s (%s)",
				       error_name(err), error_text(err));
		if (err == DRV_ENOMEM)
			format(why + length, sizeof(why) - length,
			       "; memory_kib %u is too little for its image and windows",
			       (unsigned)driver->manifest.memory_kib);
		supervisor_fail(manager, driver, err, why);
		return;
	}
	driver->unit.named = 0;
	evidence_begin(manager, driver, true);
	send_command(driver, DRIVER_PROBE);
}

static void enter_initialising(manager_t *manager, driver_t *driver)
{
	err_t err = spawn_grant_irqs(manager, driver);
	if (err)
		supervisor_fail(manager, driver, err, "cannot grant its interrupts");
	else
		send_command(driver, DRIVER_INIT);
}

static void enter_running(manager_t *manager, driver_t *driver)
{
	policy_on_running(&driver->unit.history, manager->now_ms);
	send_command(driver, DRIVER_RUN);
	tell_dependents(manager, driver, true);
}

/* After an end that the policy has to judge. */
static void decide(manager_t *manager, driver_t *driver, policy_ending_t ending)
{
	policy_decision_t decision = policy_decide(
	    &driver->manifest.restart.policy, &driver->unit.history, ending, manager->now_ms);
	switch (decision.action) {
	case POLICY_STOP:
		supervisor_event(manager, driver, EVENT_TORN_DOWN_STOP);
		break;
	case POLICY_QUARANTINE:
		manager_log_line(
		    manager,
		    "drvmgr: %s: given up after %u restarts; no capability is left, "
		    "`start %s` clears it",
		    driver->manifest.name, driver->unit.restarts, driver->manifest.name);
		supervisor_event(manager, driver, EVENT_TORN_DOWN_SPENT);
		break;
	case POLICY_RESTART:
		driver->unit.restarts++;
		driver->unit.until_ms = manager->now_ms + decision.delay_ms;
		manager_log_line(manager, "drvmgr: %s: restart %u in %u ms",
				 driver->manifest.name, decision.restart, decision.delay_ms);
		supervisor_event(manager, driver, EVENT_TORN_DOWN_RETRY);
		break;
	}
}

static policy_ending_t ending_of(driver_state_t from, lifecycle_event_t event)
{
	if (from == STATE_QUIESCING || from == STATE_STOPPING)
		return ENDING_STOPPED; /* it was to go anyway */
	return event == EVENT_EXIT && from == STATE_RUNNING ? ENDING_CLEAN_EXIT
							    : ENDING_FAILURE;
}

static void enter(manager_t *manager, driver_t *driver, driver_state_t from,
		  lifecycle_event_t event)
{
	switch (driver->unit.state) {
	case STATE_LOADED:
		supervisor_event(manager, driver,
				 needs_met(manager, driver) ? EVENT_COMPLETE : EVENT_MISSING);
		break;
	case STATE_PROBING:
		enter_probing(manager, driver);
		break;
	case STATE_INITIALISING:
		enter_initialising(manager, driver);
		break;
	case STATE_RUNNING:
		enter_running(manager, driver);
		break;
	case STATE_QUIESCING:
		send_command(driver, DRIVER_QUIESCE);
		break;
	case STATE_STOPPING:
		send_command(driver, DRIVER_STOP);
		break;
	case STATE_RECOVERING:
		decide(manager, driver, ending_of(from, event));
		break;
	default:
		break;
	}
}

void supervisor_event(manager_t *manager, driver_t *driver, lifecycle_event_t event)
{
	driver_state_t from = driver->unit.state;
	driver_state_t to = lifecycle_next(from, event);
	if (to == from)
		return;
	if (lifecycle_tears_down(from, to))
		door_drain(manager, driver);
	manager_log_line(manager, "drvmgr: %s: %s -> %s (%s)", driver->manifest.name,
			 lifecycle_state_name(from), lifecycle_state_name(to),
			 lifecycle_event_name(event));
	driver->unit.state = to;
	driver->unit.since_ms = manager->now_ms;
	evidence_begin(manager, driver, false);
	manager->changed = true;
	if (lifecycle_tears_down(from, to))
		spawn_end(driver);
	if (driver->instance.endpoint && !(lifecycle_holds(to) & HOLDS_PROCESS))
		spawn_close(driver, told_in(to));
	if (event == EVENT_START || event == EVENT_CLEAR)
		policy_clear(&driver->unit.history);
	if (from == STATE_RUNNING)
		tell_dependents(manager, driver, false);
	enter(manager, driver, from, event);
}

void supervisor_fail(manager_t *manager, driver_t *driver, err_t error, const char *why)
{
	door_drain(manager, driver);
	manager_log_line(manager, "drvmgr: %s: failed in %s, generation %u: %s",
			 driver->manifest.name, lifecycle_state_name(driver->unit.state),
			 driver->unit.generation, why);
	driver->unit.last_error = error;
	supervisor_event(manager, driver, EVENT_FAILURE);
}

void supervisor_reject(manager_t *manager, driver_t *driver, err_t error)
{
	driver->unit.last_error = error;
	supervisor_event(manager, driver, EVENT_REFUSED);
}

static void step_failed(manager_t *manager, driver_t *driver, err_t result)
{
	char why[WHY_MAX];
	format(why, sizeof(why), "answered %s (%s)", error_name(result), error_text(result));
	supervisor_fail(manager, driver, result, why);
}

void supervisor_done(manager_t *manager, driver_t *driver, uint32_t seq, err_t result)
{
	if (seq != driver->unit.command_seq)
		return;
	switch (driver->unit.state) {
	case STATE_PROBING:
		if (result == DRV_ENODEV) {
			driver->unit.last_error = result;
			supervisor_event(manager, driver, EVENT_NO_DEVICE);
			return;
		}
		break;
	case STATE_QUIESCING: /* whatever it says, it is asked to stop next */
		supervisor_event(manager, driver, EVENT_DRAINED);
		return;
	case STATE_STOPPING: /* its exit follows */
		return;
	default:
		break;
	}
	if (result != DRV_OK)
		step_failed(manager, driver, result);
	else if (driver->unit.state != STATE_RUNNING)
		supervisor_event(manager, driver, EVENT_OK);
}
