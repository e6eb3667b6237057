/* SPDX-License-Identifier: BSD-2-Clause */
/* What the manager tells of its drivers: MANAGER_STATUS and MANAGER_REPORT. */
#ifndef DRVMGR_REPORT_H
#define DRVMGR_REPORT_H

#include "driver.h"

manager_status_t report_status(const manager_t *manager, const driver_t *driver);

/* What is believed of it is the kernel's word and the manager's own; what the driver says
 * stands beside it as its page has it. */
void report_make(const manager_t *manager, const driver_t *driver, manager_report_t *report);

#endif
