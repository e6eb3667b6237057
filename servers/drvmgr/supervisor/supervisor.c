/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens to drivers, on its way to core/. */
#include "supervisor/supervisor.h"

#include "cap/format.h"
#include "log/take.h"
#include "log/tell.h"
#include "supervisor/perform.h"

#define WHY_MAX 160u

void supervisor_event(manager_t *manager, driver_t *driver, lifecycle_event_t event)
{
	core_event(&manager->world, driver->index, event);
	perform_all(manager);
}

void supervisor_fail_of(manager_t *manager, driver_t *driver, const capture_end_t *end,
			const char *why)
{
	take_all(manager, driver);
	capture_take(manager, driver, end);
	tell_failure(manager, driver, why);
	core_fail(&manager->world, driver->index, end->error, end->culprit);
	perform_all(manager);
}

void supervisor_fail(manager_t *manager, driver_t *driver, death_kind_t kind, err_t error,
		     const char *why)
{
	supervisor_fail_of(
	    manager, driver,
	    &(capture_end_t){.kind = kind, .error = error, .culprit = NOBODY, .cause = why},
	    why);
}

uint32_t supervisor_culprit(const driver_t *driver, const verdict_t *verdict)
{
	uint32_t culprit = verdict_culprit(verdict);
	return culprit == NOBODY ? driver->index : culprit;
}

void supervisor_fail_by(manager_t *manager, driver_t *driver, const verdict_t *verdict,
			const char *why)
{
	core_name(&manager->world, driver->index, verdict->kind);
	supervisor_fail_of(manager, driver,
			   &(capture_end_t){.kind = DEATH_VERDICT,
					    .verdict = verdict->kind,
					    .error = verdict_error(verdict->kind),
					    .culprit = supervisor_culprit(driver, verdict),
					    .cause = why},
			   why);
}

void supervisor_done(manager_t *manager, driver_t *driver, uint32_t seq, err_t result)
{
	char why[WHY_MAX];
	err_t err = core_answer(&manager->world, driver->index, seq, result);
	if (err) {
		format(why, sizeof(why), "answered %s (%s)", error_name(err), error_text(err));
		supervisor_fail(manager, driver, DEATH_ANSWER, err, why);
	}
	perform_all(manager);
}
