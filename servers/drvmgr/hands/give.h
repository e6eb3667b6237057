/* SPDX-License-Identifier: BSD-2-Clause */
/* One of the manager's capabilities for a driver. */
#ifndef DRVMGR_GIVE_H
#define DRVMGR_GIVE_H

#include "cap/syscall.h"
#include "driver.h"

/* Delegates it into the instance's cspace. *handle is untouched on failure. */
static inline err_t give(const driver_t *driver, cap_t cap, uint32_t rights, cap_t *handle)
{
	int32_t made = cap_delegate(driver->instance.process.cspace, cap, rights, 0);
	if (made < 0)
		return made;
	*handle = (cap_t)made;
	return DRV_OK;
}

#endif
