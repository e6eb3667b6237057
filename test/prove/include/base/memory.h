/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for microkernel/base/memory.h in the proofs: memcpy() is said to copy 32-bit words,
 * because the memory model knows no bytes of words. It has a contract and no body. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/*@ requires bytes % 4 == 0;
    requires \valid(to + (0 .. bytes / 4 - 1)) && \valid_read(from + (0 .. bytes / 4 - 1));
    requires \separated(to + (0 .. bytes / 4 - 1), from + (0 .. bytes / 4 - 1));
    assigns to[0 .. bytes / 4 - 1];
    exits \false;
    ensures \forall integer i; 0 <= i < bytes / 4 ==> to[i] == \old(from[i]); */
void copy_as_words(uint32_t *to, const uint32_t *from, size_t bytes);

#define memcpy(to, from, bytes) copy_as_words((uint32_t *)(to), (const uint32_t *)(from), bytes)

void *memset(void *to, int byte, size_t bytes);

#endif
