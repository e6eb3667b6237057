/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of `health`, `version` and `why`: one driver, as the manager reports it. Pure. What
 * the driver itself says is marked as its word. */
#ifndef ANSWER_ABOUT_H
#define ANSWER_ABOUT_H

#include <stdbool.h>

#include "abi/protocol/manager.h"

/* Each makes line number `index`, from 0; false behind the last. `lack` is what keeps the
 * driver from running, or will, as the manager says; or "". */
bool about_health(const manager_report_t *report, const char *lack, uint32_t index, char *text,
		  size_t size);
bool about_version(const manager_report_t *report, const char *lack, uint32_t index, char *text,
		   size_t size);
bool about_why(const manager_report_t *report, const char *lack, uint32_t index, char *text,
	       size_t size);

#endif
