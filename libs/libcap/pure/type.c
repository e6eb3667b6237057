/* SPDX-License-Identifier: BSD-2-Clause */
/* The texts of type.h. */
#include "cap/type.h"

#include "abi/cap.h"

const char *type_text(uint32_t type)
{
#define TYPE_TEXT(name, value, text, rights) [value] = (text),
	static const char *const names[CAP_TYPE_COUNT] = {CAP_TYPES(TYPE_TEXT)};
#undef TYPE_TEXT
	return type < CAP_TYPE_COUNT ? names[type] : "?";
}

const char *type_rights(uint32_t rights, char text[TYPE_RIGHTS])
{
	text[0] = rights & RIGHT_READ ? 'r' : '-';
	text[1] = rights & RIGHT_WRITE ? 'w' : '-';
	text[2] = rights & RIGHT_EXEC ? 'x' : '-';
	text[3] = rights & RIGHT_GRANT ? 'g' : '-';
	text[4] = rights & RIGHT_INSPECT ? 'i' : '\0';
	text[5] = '\0';
	return text;
}
