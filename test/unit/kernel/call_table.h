/* SPDX-License-Identifier: BSD-2-Clause */
/* What the table of abi/syscalls.h says of a call's arguments, by their names, and that of
 * abi/cap.h of a type's rights. */
#ifndef CALL_TABLE_H
#define CALL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/syscalls.h"

#define CALL_ARGUMENTS 4u

/* The name of argument `at` of a call; an empty one: the call has no such argument. The name
 * lies in `name`, which has room for it. */
#define CALL_NAME_SIZE 16u
void call_argument_name(uint32_t number, uint32_t at, char name[CALL_NAME_SIZE]);

/* Is argument `at` of a call a handle? Of which type then: CAP_NONE is any. */
bool call_argument_is_handle(uint32_t number, uint32_t at, uint32_t *type);

/* The rights that exist for a type. */
uint32_t call_rights_of(uint32_t type);

#endif
