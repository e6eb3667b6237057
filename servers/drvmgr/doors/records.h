/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager tells of its log: MANAGER_LOG_RECORDS. */
#ifndef DRVMGR_RECORDS_H
#define DRVMGR_RECORDS_H

#include "driver.h"

/* So many lines are looked for at most in one request, each through all of the history. */
#define RECORDS_EACH 16u

/* Fills `data`, MANAGER_TEXT_MAX bytes, with lines as they are asked for; *next is where the
 * next request goes on: with no line, behind all that there are. The bytes; or DRV_EINVAL: what
 * is asked is no level, or its name has no end; DRV_ENOENT: nobody has that name. */
int32_t records_make(const manager_t *manager, const manager_log_ask_t *ask, char *data,
		     uint32_t *next);

#endif
