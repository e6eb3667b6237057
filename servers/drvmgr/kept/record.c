/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's record. */
#include "kept/record.h"

#include "cap/string.h"
#include "hands/memory.h"

#define HISTORY offsetof(driver_t, unit.history)
_Static_assert(RECORD_AT % 4 == 0, "a record is of words");
_Static_assert(offsetof(driver_t, instance) > RECORD_AT &&
		   offsetof(driver_t, used) > RECORD_AT &&
		   offsetof(driver_t, over) > RECORD_AT &&
		   offsetof(driver_t, subscriber) > RECORD_AT && HISTORY > RECORD_AT &&
		   HISTORY + sizeof(policy_history_t) == sizeof(driver_t),
	       "a record has all that is to be kept, and the history is its end");
_Static_assert(offsetof(policy_history_t, failures) +
		       POLICY_BURST_MAX * sizeof(((policy_history_t *)0)->failures[0]) ==
		   sizeof(policy_history_t),
	       "and the failures are the history's end");

size_t record_bytes(const driver_t *driver)
{
	const policy_history_t *history = &driver->unit.history;
	return HISTORY + offsetof(policy_history_t, failures) +
	       history->held * sizeof(history->failures[0]) - RECORD_AT;
}

void record_clear(driver_t *driver)
{
	uint32_t generation = driver->unit.generation;
	memset((char *)driver + RECORD_AT, 0, sizeof(*driver) - RECORD_AT);
	core_empty(&driver->unit, generation);
}

/* A flag is a byte, of which the compiler believes that it is 0 or 1. */
static bool are_flags(const bool *flags[], uint32_t count)
{
	uint8_t byte;
	for (uint32_t i = 0; i < count; i++) {
		memcpy(&byte, flags[i], 1);
		if (byte > 1)
			return false;
	}
	return true;
}

static bool is_history(const policy_history_t *history)
{
	const bool *flags[] = {&history->running, &history->ever_ran};
	return history->held <= POLICY_BURST_MAX &&
	       are_flags(flags, sizeof(flags) / sizeof(flags[0]));
}

static bool is_unit(const unit_t *unit)
{
	const bool *flags[] = {&unit->last_killed, &unit->holds,  &unit->killed,
			       &unit->in_round,	   &unit->leaves, &unit->resets,
			       &unit->forgets,	   &unit->ends};
	return (uint32_t)unit->state < STATE_COUNT && unit->end_from < STATE_COUNT &&
	       unit->end_event < EVENT_COUNT && (uint32_t)unit->wanted < WANTED_COUNT &&
	       (uint32_t)unit->ending < ENDING_COUNT && unit->told_kind < LACK_COUNT &&
	       unit->swap < SWAP_COUNT && is_history(&unit->history) &&
	       are_flags(flags, sizeof(flags) / sizeof(flags[0]));
}

/* Where a driver's pages are seen follows from its number; one that was refused has none. */
static bool is_instance(const instance_t *instance, uint32_t index)
{
	const bool *flags[] = {&instance->alive};
	for (uint32_t place = 0; place <= MANIFEST_PLACES; place++)
		if (instance->servers[place] >= DRIVERS_MAX)
			return false;
	uintptr_t page = (uintptr_t)instance->page, text = (uintptr_t)instance->log_text;
	if (!page && !text)
		return are_flags(flags, 1) && !instance->alive;
	return are_flags(flags, 1) && page == MANAGER_PAGES + index * PAGE_SIZE &&
	       text == MANAGER_LOGS + index * PAGE_SIZE;
}

static bool is_door(const door_t *door)
{
	const bool *flags[] = {&door->no_endpoint, &door->no_signal};
	return are_flags(flags, sizeof(flags) / sizeof(flags[0]));
}

bool record_is_good(const driver_t *driver)
{
	return is_unit(&driver->unit) && is_instance(&driver->instance, driver->index) &&
	       is_door(&driver->door);
}
