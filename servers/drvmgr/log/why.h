/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a driver does not run, in words. */
#ifndef DRVMGR_WHY_H
#define DRVMGR_WHY_H

#include "claims/claims.h"
#include "driver.h"

/* Writes why the driver does not run, or will not once it ends: "waits for serial, which it
 * requires: that one is Stopped", the failure of one that was given up; or, of one that lives,
 * for whose answer it has waited: "has waited 640 ms for serial, which is Running". It goes on
 * from "it"; but of a manifest that was refused it is the first error. Nothing if nothing keeps
 * it. NUL-terminated, cut if too long; the answer is its length. */
#define WHY_TEXT_MAX CLAIMS_TOLD
size_t why_text(const manager_t *manager, const driver_t *driver, char *text, size_t size);

/* The same of what it waits for alone. */
size_t why_it_waits(const manager_t *manager, const driver_t *driver, reason_t reason,
		    char *text, size_t size);

#endif
