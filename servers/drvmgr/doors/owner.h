/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose object a capability is for that a driver holds. */
#ifndef DRVMGR_OWNER_H
#define DRVMGR_OWNER_H

#include "cap/syscall.h"
#include "driver.h"

#define OWNER_MANAGER "drvmgr"
#define OWNER_UNKNOWN "?"

/* The name of the driver whose endpoint, notification or reply object a capability is for, or
 * one of the two above; OWNER_UNKNOWN for every other type. `info` is from a listing of the
 * capability space that holds it: there the kernel tells the object's number. */
const char *owner_of(const manager_t *manager, const cap_info_t *info);

#endif
