/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for libs/libcap/include/cap/string.h in the proofs: memcmp() compares bytes. It
 * has a contract and no body. */
#ifndef CAP_STRING_H
#define CAP_STRING_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t bytes);

/*@ requires \valid_read(a + (0 .. bytes - 1)) && \valid_read(b + (0 .. bytes - 1));
    assigns \nothing;
    exits \false;
    ensures \result == 0 <==> \forall integer i; 0 <= i < bytes ==> a[i] == b[i]; */
int memcmp(const uint8_t *a, const uint8_t *b, size_t bytes);

#endif
