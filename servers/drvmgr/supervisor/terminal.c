/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial line of terminal.h. */
#include "supervisor/terminal.h"

#include "log/wire.h"

/* Does anybody live, or is anybody just being made, for whom the driver could carry text? */
static bool has_client(const manager_t *manager, const driver_t *driver)
{
	for (uint32_t i = 0; i < manager->count; i++) {
		const driver_t *other = &manager->drivers[i];
		if (other != driver && lifecycle_is_live(other->unit.state) &&
		    manifest_uses_driver(&other->manifest, &driver->manifest))
			return true;
	}
	return false;
}

/* Stops the driver that has the line for nobody, or leaves it be. */
static void take_from(manager_t *manager, const driver_t *holder)
{
	if (has_client(manager, holder) || !unit_is_wanted(&holder->unit))
		return;
	driver_log_at(manager, holder, LOG_WARN,
		      "is stopped: it has the serial line, no driver that uses it runs, and "
		      "nobody reads the log");
	driver_log_at(
	    manager, holder, LOG_WARN,
	    "starts again with the first that uses it%s; if the log does not say that one "
	    "will, a reset of the machine brings the prompt back",
	    unit_is_held(&holder->unit) ? " and `release`" : "");
	manager->none_away = false;
	core_want(&manager->world, holder->index,
		  unit_is_held(&holder->unit) ? WANTED_HELD_AWAY : WANTED_AWAY);
}

/* Starts the driver that take_from() stopped when it is wanted again. */
static void give_back(manager_t *manager)
{
	if (manager->none_away)
		return;
	manager->none_away = true;
	for (uint32_t i = 0; i < manager->count; i++) {
		const unit_t *unit = &manager->drivers[i].unit;
		if (!unit_is_away(unit))
			continue;
		if (has_client(manager, &manager->drivers[i]))
			core_want(&manager->world, i,
				  unit_is_held(unit) ? WANTED_HELD : WANTED_UP);
		else
			manager->none_away = false;
	}
}

void terminal_tick(manager_t *manager)
{
	give_back(manager);
	const driver_t *holder = wire_holder(manager);
	if (holder)
		take_from(manager, holder);
}
