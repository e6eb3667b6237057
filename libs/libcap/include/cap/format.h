/* SPDX-License-Identifier: BSD-2-Clause */
/* Text formatting without a C library. */
#ifndef CAP_FORMAT_H
#define CAP_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Writes at most `size` bytes including the final NUL (none if size is 0) and returns the
 * length of what was written, so results can be chained; text that does not fit is cut.
 * Conversions: %s %c %d %i %u %x %X %p %%, flags '-' and '0', a width or '*', a precision
 * for %s, length modifiers h, hh, l, z (ll is not supported). A null %s prints "(null)". */
size_t format(char *to, size_t size, const char *text, ...)
    __attribute__((format(printf, 3, 4)));
size_t format_v(char *to, size_t size, const char *text, va_list args)
    __attribute__((format(printf, 3, 0)));

/* The name ("DRV_EPERM") and the meaning of an error number; "DRV_?" for no known one. */
const char *error_name(int error);
const char *error_text(int error);

#endif
