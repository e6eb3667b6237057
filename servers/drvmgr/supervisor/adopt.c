/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking over, of adopt.h. What a record says of an instance was so before the dead incarnation
 * began its next step: an instance that it was making is taken apart and made again, one that
 * it was ending is ended, a command is given again under its number, which a driver performs
 * once. */
#include "supervisor/adopt.h"

#include "abi/inspect.h"
#include "cap/syscall.h"
#include "hands/budget.h"
#include "hands/depot.h"
#include "hands/ends.h"
#include "hands/evidence.h"
#include "hands/memory.h"
#include "hands/spawn.h"
#include "log/tell.h"
#include "supervisor/supervisor.h"
#include "supervisor/swap.h"

static err_t take_over(manager_t *manager, driver_t *driver)
{
	err_t err = spawn_map_pages(manager, driver);
	evidence_begin(manager, driver, true);
	budget_adopt(manager, driver);
	return err ? err : ends_make(manager, driver);
}

/* A fault that the dead incarnation had received: nobody will be told of it again. */
static void look_for_fault(manager_t *manager, driver_t *driver)
{
	inspect_thread_t thread = {0};
	if (!driver->instance.alive)
		return;
	cap_inspect(driver->instance.process.thread, NULL, &thread, sizeof(thread));
	if (thread.state != INSPECT_STOPPED || !thread.stop_label)
		return;
	supervisor_fault(manager, driver,
			 &(message_t){.info = MSG_INFO(thread.stop_label, FAULT_WORDS, 0),
				      .word0 = thread.stop_address,
				      .word1 = thread.stop_code});
}

static bool has_lines(const driver_t *driver)
{
	uint32_t count = driver->manifest.caps.irq.count;
	return count == 0 || driver->instance.lines[count - 1] != CAP_NULL;
}

err_t adopt_all(manager_t *manager)
{
	swap_adopt(manager);
	err_t err = depot_adopt(manager);
	for (uint32_t i = 0; !err && i < manager->count; i++) {
		driver_t *driver = driver_touch(manager, i);
		if (!driver->accepted)
			continue;
		err = take_over(manager, driver);
		tell_adopt(manager, driver);
		core_adopt(&manager->world, i, driver->instance.alive, has_lines(driver));
	}
	if (err)
		return err;
	for (uint32_t i = 0; i < manager->count; i++)
		look_for_fault(manager, driver_touch(manager, i));
	return DRV_OK;
}
