/* SPDX-License-Identifier: BSD-2-Clause */
/* What is needed while files are read, whether they come from the archive or into the running
 * system; and what is said of them. */
#ifndef DRVMGR_FILES_H
#define DRVMGR_FILES_H

#include "claims/admission.h"
#include "driver.h"

#define FILES_WINDOWS_MAX 32u

/* What is needed only while files are read: an incarnation that reads none does without. */
typedef struct files {
	manifest_reader_t reader;
	manifest_errors_t errors;
	admission_t admission;
	span_t windows[FILES_WINDOWS_MAX];
} files_t;

files_t *files_area(void);

/* Clears it: nothing is read yet. The root task sees each step of what follows (judge.h). */
void files_begin(manager_t *manager);

/* The driver is made of this image. */
void files_use(driver_t *driver, const image_t *image);

/* Adds an error: there is not so much memory. */
void files_say_too_large(const driver_t *driver);

/* Logs all errors, and, unless `err` is DRV_OK, that it is refused; or what it is granted. */
void files_tell(manager_t *manager, const driver_t *driver, err_t err);
void files_tell_accepted(manager_t *manager, const driver_t *driver);

#endif
