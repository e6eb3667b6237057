/* SPDX-License-Identifier: BSD-2-Clause */
/* The one place where jsmn's code is compiled. Parent links keep it linear. Nothing else
 * is in here. */
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>
