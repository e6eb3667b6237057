/* SPDX-License-Identifier: BSD-2-Clause */
/* Text on the early console: boot and panic only. */
#ifndef BASE_PRINT_H
#define BASE_PRINT_H

/* %s, %u and %x (of unsigned), %%. */
void print(const char *text, ...) __attribute__((format(printf, 1, 2)));

#endif
