/* SPDX-License-Identifier: BSD-2-Clause */
/* In place of a driver's index: no driver. */
#ifndef DRVMGR_NOBODY_H
#define DRVMGR_NOBODY_H

#define NOBODY 0xffffffffu

#endif
