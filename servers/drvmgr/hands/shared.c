/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of shared.h. */
#include "hands/shared.h"

#include "cap/syscall.h"

#define NOT_THERE DRIVER_CAPS_MAX

/* The number of the shared line in the driver's manifest, or NOT_THERE. */
static uint32_t find(const driver_t *driver, uint32_t line)
{
	const irq_list_t *list = &driver->manifest.caps.irq;
	for (uint32_t i = 0; driver->instance.alive && i < list->count; i++)
		if (list->items[i].shared && list->items[i].line == line &&
		    driver->instance.lines[i])
			return i;
	return NOT_THERE;
}

uint32_t shared_lines(const manager_t *manager)
{
	uint32_t lines = 0;
	for (uint32_t n = 0; n < manager->count; n++) {
		const driver_t *driver = &manager->drivers[n];
		const irq_list_t *list = &driver->manifest.caps.irq;
		for (uint32_t i = 0; driver->instance.alive && i < list->count; i++)
			if (list->items[i].shared)
				lines |= 1u << list->items[i].line;
	}
	return lines | manager->apart;
}

void shared_forget(manager_t *manager, const driver_t *driver)
{
	const irq_list_t *list = &driver->manifest.caps.irq;
	for (uint32_t i = 0; i < list->count; i++) {
		manager->storms[list->items[i].line] = (storm_t){0};
		manager->apart &= ~(1u << list->items[i].line);
	}
}

/* The line's interrupts in a row that all who may have been told of them say were not their
 * own. A driver can only lower the count. */
static uint32_t count_foreign(const manager_t *manager, uint32_t line)
{
	uint32_t least = UINT32_MAX;
	for (uint32_t n = 0; n < manager->count; n++) {
		const driver_t *driver = &manager->drivers[n];
		uint32_t i = find(driver, line);
		bool told = (lifecycle_holds(driver->unit.state) & HOLDS_IRQ_OPEN) ||
			    driver->unit.resets;
		if (i == NOT_THERE || !told)
			continue;
		uint32_t foreign =
		    __atomic_load_n(&driver->instance.page->foreign[i], __ATOMIC_RELAXED);
		if (foreign < least)
			least = foreign;
	}
	return least;
}

/* Whoever lives may have its device raise the line, in each state. */
static bool can_raise(const driver_t *driver, uint32_t line)
{
	const irq_list_t *list = &driver->manifest.caps.irq;
	if (!driver->instance.alive || !lifecycle_is_live(driver->unit.state))
		return false;
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].shared && list->items[i].line == line)
			return true;
	return false;
}

/* Without a member nobody opens the line, and its count stays. */
storm_answer_t shared_look(manager_t *manager, uint32_t line)
{
	static uint64_t began_ms[DRIVERS_MAX];
	inspect_irq_t report = {.count = manager->storms[line].count};
	storm_sight_t sight = {.now_ms = manager->now_ms, .began_ms = began_ms};
	for (uint32_t n = 0; n < manager->count; n++) {
		const driver_t *driver = &manager->drivers[n];
		uint32_t i = find(driver, line);
		driver_state_t state = driver->unit.state;
		if (i == NOT_THERE || (state != STATE_RUNNING && state != STATE_QUIESCED)) {
			sight.others |= (uint32_t)can_raise(driver, line) << n;
			continue;
		}
		if (!sight.members)
			cap_inspect(driver->instance.lines[i], NULL, &report, sizeof(report));
		sight.members |= 1u << n;
		began_ms[n] = driver->unit.since_ms;
	}
	sight.count = report.count;
	sight.foreign = count_foreign(manager, line);
	storm_answer_t answer = storm_look(&manager->storms[line], &sight);
	manager->apart &= ~(1u << line);
	if (manager->storms[line].apart)
		manager->apart |= 1u << line;
	return answer;
}
