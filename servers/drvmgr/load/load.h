/* SPDX-License-Identifier: BSD-2-Clause */
/* From the archive to the table of drivers: manifests, images, conflicts. Starts nothing. */
#ifndef DRVMGR_LOAD_H
#define DRVMGR_LOAD_H

#include "driver.h"

/* Reads every manifest of the archive. What is refused is in the table as Rejected, with
 * the reasons in the log. DRV_ENOMEM: there is no memory for the table. */
err_t load_archive(manager_t *manager);

#endif
