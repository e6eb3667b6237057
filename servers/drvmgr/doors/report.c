/* SPDX-License-Identifier: BSD-2-Clause */
/* The reports of report.h. */
#include "doors/report.h"

#include "cap/string.h"
#include "hands/evidence.h"

/* In any other state without a process a driver holds nothing: until that is so, it is still on
 * its way. */
static driver_state_t state_of(const unit_t *unit)
{
	return unit->ends && unit->state != STATE_RECOVERING ? STATE_STOPPING : unit->state;
}

manager_status_t report_status(const manager_t *manager, const driver_t *driver)
{
	manager_status_t status = {.state = state_of(&driver->unit),
				   .generation = driver->unit.generation,
				   .restarts = driver->unit.restarts,
				   .last_error = driver->unit.last_error,
				   .index = driver->index};
	if (driver->instance.alive)
		status.beat_age_ms =
		    (uint32_t)(manager->now_ms - manager->heard_ms[driver->index]);
	memcpy(status.name, driver->manifest.name, sizeof(status.name));
	return status;
}

static void report_belief(const manager_t *manager, const driver_t *driver,
			  manager_report_t *report)
{
	const unit_t *unit = &driver->unit;
	uint32_t for_ms;
	report->state_ms = (uint32_t)(manager->now_ms - unit->since_ms);
	report->named = unit->named;
	if (!driver->instance.alive)
		return;
	manager_name(manager, evidence_server(manager, driver, &for_ms), report->waits_for);
	if (unit->state == STATE_RUNNING)
		report->silence_ms = heartbeat_silence_ms(&driver->manifest.heartbeat);
}

static void report_words(const driver_t *driver, manager_report_t *report)
{
	const driver_page_t *page = driver->instance.page;
	if (!driver->instance.alive)
		return;
	report->lives = 1;
	report->health = (int32_t)page->health;
	report->call_error = page->context.last_error;
	report->beats = page->beats;
	report->work = page->work;
}

static void report_versions(const driver_t *driver, manager_report_t *report)
{
	const driver_note_t *note = &driver->plan.note;
	report->abi = driver->abi;
	report->manifest_min = driver->manifest.abi.min;
	report->manifest_max = driver->manifest.abi.max;
	report->binary_min = note->abi_min;
	report->binary_max = note->abi_max;
	report->context = note->context_version;
	report->kernel_abi = note->kernel_abi;
	memcpy(report->build_id, driver->build_id, sizeof(report->build_id));
}

/* As it was told. */
static void report_failure(const manager_t *manager, const driver_t *driver,
			   struct manager_failure *failure)
{
	const told_t *told = &manager->told[driver->index];
	if (!told->generation)
		return;
	failure->generation = told->generation;
	failure->killed = told->killed;
	failure->state = told->state;
	failure->error = told->error;
	failure->ago_ms = (uint32_t)manager->now_ms - told->at_ms;
	failure->call_error = told->call_error;
	failure->decided = told->decided;
	failure->restart = told->number;
	failure->delay_ms = told->delay_ms;
	memcpy(failure->why, told->why, sizeof(failure->why) - 1);
	if (told->culprit != driver->index)
		manager_name(manager, told->culprit, failure->culprit);
}

void report_make(const manager_t *manager, const driver_t *driver, manager_report_t *report)
{
	memset(report, 0, sizeof(*report));
	report->status = report_status(manager, driver);
	report_belief(manager, driver, report);
	report_words(driver, report);
	report_versions(driver, report);
	report_failure(manager, driver, &report->failure);
}
