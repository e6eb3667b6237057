/* SPDX-License-Identifier: BSD-2-Clause */
/* The judgements of excess.h. */
#include "supervisor/excess.h"

#include "hands/evidence.h"

static void add(const manager_t *manager, excess_t *excess, uint32_t index)
{
	excess->links[excess->count++] =
	    (struct excess_link){.index = index,
				 .generation = manager->drivers[index].unit.generation,
				 .ended = manager->watches[index].ended};
}

excess_t excess_begin(const manager_t *manager, const driver_t *driver, const driver_t *victim)
{
	excess_t excess = {
	    .noted = true, .victim = victim->index, .at_ms = (uint32_t)manager->now_ms};
	const driver_t *server = driver;
	add(manager, &excess, driver->index);
	while (excess.count < EXCESS_LINKS) {
		uint32_t client = evidence_client(manager, server);
		if (client == NOBODY)
			break;
		add(manager, &excess, client);
		server = &manager->drivers[client];
	}
	return excess;
}

static bool is_there(const manager_t *manager, const struct excess_link *link)
{
	const driver_t *driver = &manager->drivers[link->index];
	return driver->instance.alive && driver->unit.generation == link->generation;
}

/* The last of those who drive the driver that was named: each sent much, and so did all between
 * the two. With any link gone nobody is blamed. */
bool excess_culprit(const manager_t *manager, excess_t *excess, uint32_t *culprit)
{
	uint32_t blamed = excess->links[0].index;
	bool later = false, drives = true;
	*culprit = NOBODY;
	if (!is_there(manager, &excess->links[0]))
		return true;
	for (uint32_t i = 1; i < excess->count; i++) {
		struct excess_link *link = &excess->links[i];
		const watch_t *watch = &manager->watches[link->index];
		if (!is_there(manager, link))
			return true;
		uint32_t ended = watch->ended - link->ended;
		later |= ended < EXCESS_WINDOWS;
		link->sends |= ended && watch->sent > EXCESS_MOST;
		drives &= link->sends;
		if (drives && !manager->world.rules[link->index].essential)
			blamed = link->index;
	}
	if (!later)
		*culprit = blamed;
	return !later;
}
