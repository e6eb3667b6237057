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

static bool is_of(const struct excess_link *link, const driver_t *driver)
{
	return link->index == driver->index && link->generation == driver->unit.generation;
}

bool excess_is_there(const manager_t *manager, const struct excess_link *link)
{
	const driver_t *driver = &manager->drivers[link->index];
	return driver->instance.alive && is_of(link, driver);
}

void excess_end(manager_t *manager, const driver_t *driver)
{
	for (uint32_t i = 0; i < manager->count; i++) {
		excess_t *excess = &manager->excesses[i];
		for (uint32_t n = 0; excess->noted && n < excess->count; n++)
			if (is_of(&excess->links[n], driver))
				excess->links[n].sends |=
				    manager->watches[driver->index].sent_last > EXCESS_MOST;
	}
}

/* The last of those who drive the driver that was named, and it itself: each sent much, and so
 * did all between the two. Of one that is gone all is known; an essential one is not judged. */
bool excess_culprit(const manager_t *manager, excess_t *excess, struct excess_link *culprit)
{
	bool later = false, drives = true;
	*culprit = excess->links[0];
	if (manager->world.rules[culprit->index].essential)
		culprit->index = NOBODY;
	for (uint32_t i = 1; i < excess->count; i++) {
		struct excess_link *link = &excess->links[i];
		const watch_t *watch = &manager->watches[link->index];
		uint32_t ended = watch->ended - link->ended;
		bool there = excess_is_there(manager, link);
		later |= there && ended < EXCESS_WINDOWS;
		link->sends |= there && ended && watch->sent > EXCESS_MOST;
		drives &= link->sends;
		if (drives && !manager->world.rules[link->index].essential)
			*culprit = *link;
	}
	return !later;
}
