/* SPDX-License-Identifier: BSD-2-Clause */
/* From an upload to a driver: the same checks as at boot, with the same words. */
#ifndef DRVMGR_PUSH_H
#define DRVMGR_PUSH_H

#include "claims/boot_list.h"
#include "driver.h"

/* Adds the upload, all of which is there, to the table of drivers, Loaded, or changes nothing
 * and answers why not: as admission_check(); or DRV_ENOMEM: there is no place or no memory.
 * What is to be said of it is in files_area()->errors, and logged. What is kept is to be
 * sealed. */
err_t push_load(manager_t *manager, const upload_t *upload);

/* Takes the driver, which has ended, out of the table, but for its record: push_forget() does
 * the rest once what is kept is sealed. */
void push_unload(manager_t *manager, driver_t *driver);
void push_forget(manager_t *manager, driver_t *driver);

/* What push_load() checks, against these others; `essential`: as if boot.list had this line.
 * Answers as admission_check(). The driver becomes what its files say and lies where the upload
 * does, but has no other memory. The place of files.h is to be begun before. */
err_t push_check(const manager_t *manager, const upload_t *upload, const registry_t *others,
		 const boot_entry_t *essential, driver_t *driver);

/* The lines that are to be said, each with a line end: whole ones, as many as fit, and one that
 * says how many others there are. The count of bytes. `size` is PUSH_LINES_MIN at least. */
#define PUSH_LINES_MIN (MANIFEST_ERROR_SIZE + 48u)
size_t push_lines(char *text, size_t size);

#endif
