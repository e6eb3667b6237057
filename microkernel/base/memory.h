/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory functions that the compiler may call and the kernel uses. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);

#endif
