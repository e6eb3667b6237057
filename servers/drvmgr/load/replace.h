/* SPDX-License-Identifier: BSD-2-Clause */
/* From an upload to another image of a driver that is there, and the change from one image to
 * the other. What is kept is to be sealed behind each of these. */
#ifndef DRVMGR_REPLACE_H
#define DRVMGR_REPLACE_H

#include "driver.h"

/* Makes of the upload, all of which is there, the manager's second image, SECOND_NEXT, with
 * memory for its instances; or changes nothing and answers why not: as admission_check(); or
 * DRV_ENOENT: nobody has that name; DRV_EBUSY: another one is under way, core_may_replace()
 * refuses it, or something that it requires does not run; DRV_EEXIST: it claims what another
 * one claims too, and the image that is in force does not; DRV_ENOMEM: there is no memory.
 * What is to be said of it is where push.h has it. */
err_t replace_prepare(manager_t *manager, const upload_t *upload);

/* The second image of the driver, which has no instance, and the one that is in force change
 * places. */
void replace_exchange(manager_t *manager, driver_t *driver);

#endif
