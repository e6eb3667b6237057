/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 (FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1, 5.3.3 and 6.2). Pure; what it hashes is
 * nobody's secret, so its time is not a concern. */
#ifndef DRVMGR_SHA256_H
#define DRVMGR_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32u /* bytes of a digest */

/* The digest of `size` bytes. */
void sha256(const void *data, size_t size, uint8_t digest[SHA256_SIZE]);

#endif
