/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking over drivers that live. */
#ifndef DRVMGR_ADOPT_H
#define DRVMGR_ADOPT_H

#include "driver.h"

/* After kept_adopt(): finds out what was half done and what was missed in between. Drivers that
 * live do not notice. */
err_t adopt_all(manager_t *manager);

#endif
