/* SPDX-License-Identifier: BSD-2-Clause */
/* What a capability is, as text. Pure. */
#ifndef CAP_TYPE_H
#define CAP_TYPE_H

#include <stdint.h>

#define TYPE_RIGHTS 6u /* bytes of its rights, with their end */

/* The name of a capability's type in abi/cap.h; "?" of a number that is none. */
const char *type_text(uint32_t type);

/* Writes rights as "rwxg", a dash for each that is missing, and behind it an "i", inspect, only
 * where that is there. The answer is `text`. */
const char *type_rights(uint32_t rights, char text[TYPE_RIGHTS]);

#endif
