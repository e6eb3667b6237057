/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's record. The copies are made one by one: what is only padding must not differ. */
#include "kept/record.h"

#include "cap/string.h"
#include "hands/memory.h"

void record_write(record_t *record, const driver_t *driver)
{
	const door_t *door = &driver->door;
	memcpy(&record->unit, &driver->unit, sizeof(record->unit));
	memcpy(&record->instance, &driver->instance, sizeof(record->instance));
	record->unit.heard_ms = 0;
	record->over = driver->over;
	record->subscriber = driver->subscriber;
	record->endpoint = door->endpoint;
	record->signal = door->signal;
	record->lines = door->lines;
	record->generation = door->generation;
	record->done_seq = door->done_seq;
	record->no_endpoint = door->no_endpoint;
	record->no_signal = door->no_signal;
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
	return history->held <= POLICY_BURST_MAX && history->next < POLICY_BURST_MAX &&
	       are_flags(flags, sizeof(flags) / sizeof(flags[0]));
}

static bool is_unit(const unit_t *unit)
{
	const bool *flags[] = {&unit->last_killed, &unit->holds,  &unit->killed,
			       &unit->in_round,	   &unit->leaves, &unit->forgets};
	return (uint32_t)unit->state < STATE_COUNT && (uint32_t)unit->wanted < WANTED_COUNT &&
	       (uint32_t)unit->ending < ENDING_COUNT && unit->told_kind < LACK_COUNT &&
	       is_history(&unit->history) && are_flags(flags, sizeof(flags) / sizeof(flags[0]));
}

/* Where a driver's pages are seen follows from its number; one that was refused has none. */
static bool is_instance(const instance_t *instance, uint32_t index)
{
	const bool *flags[] = {&instance->alive};
	uintptr_t page = (uintptr_t)instance->page, text = (uintptr_t)instance->log_text;
	if (!page && !text)
		return are_flags(flags, 1) && !instance->alive;
	return are_flags(flags, 1) && page == MANAGER_PAGES + index * PAGE_SIZE &&
	       text == MANAGER_LOGS + index * PAGE_SIZE;
}

bool record_is_good(const record_t *record, uint32_t index)
{
	return is_unit(&record->unit) && is_instance(&record->instance, index);
}

void record_read(const record_t *record, driver_t *driver)
{
	door_t *door = &driver->door;
	driver->unit = record->unit;
	driver->instance = record->instance;
	driver->over = record->over;
	driver->subscriber = record->subscriber;
	*door = (door_t){.endpoint = record->endpoint,
			 .signal = record->signal,
			 .lines = record->lines,
			 .generation = record->generation,
			 .done_seq = record->done_seq,
			 .no_endpoint = record->no_endpoint != 0,
			 .no_signal = record->no_signal != 0};
}
