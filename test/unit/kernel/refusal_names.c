/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked about the world of refusal_world.h. */
#include "refusal_world.h"

uint32_t type_rights(uint32_t type)
{
	return object_types[type].rights;
}

cap_t full_cap(uint32_t type)
{
	return world.by_rights[type][type_rights(type)];
}

const char *type_name(uint32_t type)
{
#define REFUSAL_X(NAME, value, text, rights) text,
	static const char *const names[] = {CAP_TYPES(REFUSAL_X)};
#undef REFUSAL_X
	return names[type];
}

const char *dead_name(uint32_t dead)
{
#define REFUSAL_X(name, text) text,
	static const char *const names[] = {DEAD_HANDLES(REFUSAL_X)};
#undef REFUSAL_X
	return names[dead];
}
