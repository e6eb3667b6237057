/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task's parts. */
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include "abi/boot.h"
#include "cap/process.h"
#include "cap/syscall.h"

static inline const boot_info_t *boot_info(void)
{
	return (const boot_info_t *)ROOT_BOOT_INFO;
}

/* -- report.c: a polled line on the serial port, used only while no driver can be alive. -- */

/* Finds the port among the boot capabilities; without one, reports go nowhere. */
void report_init(void);
void report(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* -- hand_over.c -------------------------------------------------------------------------- */

/* The untyped that the root task lives on: not given away, not revoked. */
cap_t own_untyped(void);

/* Makes drvmgr's own untyped and gives it every other resource of the machine; fills `info`
 * (at `info`, mapped writable here) with its handles. */
err_t hand_over_untyped(cap_t *untyped);
err_t hand_over_rest(const process_t *drvmgr, boot_info_t *info);

/* Takes everything back: what drvmgr was and all that it gave away is gone. */
void take_back(void);

#endif
