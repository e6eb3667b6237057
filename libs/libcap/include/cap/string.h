/* SPDX-License-Identifier: BSD-2-Clause */
/* The few memory and string functions of <string.h> that the system uses, for code that
 * is also compiled for the host. They do what the C standard says. */
#ifndef CAP_STRING_H
#define CAP_STRING_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t most);
char *strchr(const char *text, int byte);

#endif
