/* SPDX-License-Identifier: BSD-2-Clause */
/* The changes of swap.h. The unit says what is wanted, the seal what is so: the first is
 * committed before the second, and again behind it. */
#include "supervisor/swap.h"

#include "hands/depot.h"
#include "kept/kept.h"
#include "load/replace.h"

static bool has_second(const manager_t *manager, const driver_t *driver, uint32_t which)
{
	return manager->second_is == which && manager->second.index == driver->index;
}

/* Of those whose units say how long. */
static void tell(manager_t *manager, const driver_t *driver)
{
	uint32_t reset_ms = driver->manifest.restart.policy.reset_ms;
	switch (driver->unit.swap) {
	case SWAP_PROBATION:
		driver_log_line(manager, driver,
				"has another image, on probation until it has run for %u ms",
				reset_ms);
		break;
	case SWAP_RETURNED:
		driver_log_at(manager, driver, LOG_WARN,
			      "failed on probation: the image before it is back");
		break;
	case SWAP_CONFIRMED:
		driver_log_line(manager, driver,
				"is confirmed: it ran for %u ms; the image before it is gone",
				reset_ms);
		break;
	default:
		break;
	}
}

/* Makes true what the unit says. */
static void change(manager_t *manager, driver_t *driver)
{
	if (driver->unit.swap == SWAP_DUE && has_second(manager, driver, SECOND_NEXT)) {
		replace_exchange(manager, driver);
		manager->second_is = SECOND_LAST;
	} else if (driver->unit.swap != SWAP_DUE && has_second(manager, driver, SECOND_LAST)) {
		if (driver->unit.swap == SWAP_BACK)
			replace_exchange(manager, driver);
		manager->second_is = SECOND_NONE;
	}
}

/* It may have been asked for twice. */
static bool is_due(const unit_t *unit)
{
	return unit_is_between(unit) || unit->swap == SWAP_CONFIRMING;
}

static void note(manager_t *manager, const driver_t *driver)
{
	core_swapped(&manager->world, driver->index, has_second(manager, driver, SECOND_LAST));
}

void swap_perform(manager_t *manager, driver_t *driver)
{
	if (!is_due(&driver->unit))
		return;
	change(manager, driver);
	depot_collect(manager);
	kept_seal(manager);
	note(manager, driver);
	kept_commit_one(manager, driver->index);
	depot_clean(manager);
	tell(manager, driver);
}

/* Is what the unit says of the second image not so any more, or not yet? */
static void follow(manager_t *manager, const driver_t *driver)
{
	bool next = has_second(manager, driver, SECOND_NEXT);
	bool last = has_second(manager, driver, SECOND_LAST);
	if (next && driver->unit.swap != SWAP_DUE)
		manager->second_is = SECOND_NONE; /* nobody had begun with it */
	else if (last ? driver->unit.swap == SWAP_DUE : !next && unit_has_second(&driver->unit))
		note(manager, driver);
}

void swap_adopt(manager_t *manager)
{
	for (uint32_t i = 0; i < manager->count; i++)
		follow(manager, &manager->drivers[i]);
}
