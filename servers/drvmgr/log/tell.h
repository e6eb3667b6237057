/* SPDX-License-Identifier: BSD-2-Clause */
/* What the log says of a driver's life. */
#ifndef DRVMGR_TELL_H
#define DRVMGR_TELL_H

#include "cap/syscall.h"
#include "driver.h"

/* An effect that is only to be told. */
void tell_effect(manager_t *manager, const effect_t *effect);

/* The driver failed, and why; or it was killed, for which nothing more is to be said. Called
 * before core_fail(), which changes its state. */
void tell_failure(manager_t *manager, const driver_t *driver, const char *why);

/* Writes why the driver is not started though it is wanted, "waits for serial, which it
 * requires: that one is Stopped"; nothing if nothing is missing. NUL-terminated, cut if too
 * long; the answer is its length. */
#define TELL_LACK_MAX CLAIMS_TOLD
size_t tell_lack(const manager_t *manager, const driver_t *driver, char *text, size_t size);

/* Writes a capability as `caps NAME` shows it: type, rights, scope. The answer is the text's
 * length; what does not fit into `size` bytes is cut. */
size_t tell_cap(const cap_info_t *info, char *text, size_t size);

#endif
