/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 (FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1, 5.3.3 and 6.2). Pure; what it hashes is
 * nobody's secret, so its time is not a concern. */
#ifndef DRVMGR_SHA256_H
#define DRVMGR_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE  32u /* bytes of a digest */
#define SHA256_BLOCK 64u

typedef struct sha256 {
	uint32_t h[8];
} sha256_t;

/* A digest in pieces: it begins, so many whole blocks are added, as often as there are any, and
 * it ends with the last bytes, `size` of them in all. */
void sha256_begin(sha256_t *hash);
void sha256_add(sha256_t *hash, const void *data, size_t blocks);
void sha256_end(sha256_t *hash, const void *rest, size_t size, uint8_t digest[SHA256_SIZE]);

#endif
