/* SPDX-License-Identifier: BSD-2-Clause */
/* From its second instance on: kills the driver "vast" and, a millisecond later each time, the
 * manager, which is then at the end or at the making of it. */
#include "cap/driver.h"
#include "cap/manager.h"

#define TARGET	 "vast"
#define MANAGER	 "drvmgr"
#define DEATHS	 12u
#define PAUSE_MS 4000u /* between two deaths of the manager: each is a first one */

static uint32_t deaths;
static bool dying;

static void ender_timer(void)
{
	if (deaths == DEATHS) {
		driver_log("end");
		return;
	}
	if (dying) {
		manager_kill(MANAGER);
		deaths++;
		driver_set_timer(PAUSE_MS);
	} else {
		manager_kill(TARGET);
		driver_set_timer(deaths);
	}
	dying = !dying;
}

static err_t ender_run(void)
{
	if (driver_context()->flags & DRIVER_FLAG_RESTARTED)
		driver_set_timer(PAUSE_MS);
	return DRV_OK;
}

int main(void)
{
	static const driver_ops_t ops = {.run = ender_run, .timer = ender_timer};
	return driver_main(&ops);
}
