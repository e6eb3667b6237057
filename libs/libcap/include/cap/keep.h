/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver keeps over its own restart, in the page at DriverContextV2.shared_cfg. Write it
 * at quiet points only: a crash in the middle of a write is found by the checksum and what
 * was kept is then lost, not wrong. Pure but for the page. */
#ifndef CAP_KEEP_H
#define CAP_KEEP_H

#include "abi/protocol/driver.h"

/* Keeps `bytes` bytes under a version of the driver's own choice. DRV_EMSGSIZE: more than the
 * page holds; DRV_ENOTSUP: there is no page. */
err_t keep_save(const DriverContextV2 *context, uint32_t version, const void *data,
		uint32_t bytes);

/* Reads back exactly what was kept. DRV_ENOENT: nothing, or of another version or length, or
 * damaged; *data is then untouched. */
err_t keep_load(const DriverContextV2 *context, uint32_t version, void *data, uint32_t bytes);

#endif
