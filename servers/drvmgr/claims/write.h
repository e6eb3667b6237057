/* SPDX-License-Identifier: BSD-2-Clause */
/* A manifest in force as JSON: each field with its value, also where the file had none, along
 * the tables of fields.h. Pure. */
#ifndef DRVMGR_WRITE_H
#define DRVMGR_WRITE_H

#include "cap/json.h"
#include "claims/manifest.h"

/* Writes all of it, a line feed between two members and behind it. It is a manifest itself,
 * that reads as this one, but for what boot.list gave a driver: `priority` is left out then,
 * and is in `x-priority`; so is `cpu`, and in `x-cpu`, if the file had none. */
void manifest_write(const manifest_t *manifest, json_sink_t *sink);

#endif
