/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the tables of abi/syscalls.h and abi/cap.h. */
#include "call_table.h"

#include <assert.h>
#include <string.h>

#include "abi/cap.h"

#define ARGUMENTS_OF(number, NAME, handler, args, result) [number] = (args),
static const char *const arguments[SYS_COUNT] = {SYSCALLS(ARGUMENTS_OF)};
#undef ARGUMENTS_OF

void call_argument_name(uint32_t number, uint32_t at, char name[CALL_NAME_SIZE])
{
	const char *word = arguments[number];
	for (; at > 0; at--) {
		word += strcspn(word, ",");
		word += strspn(word, ", ");
	}
	size_t length = strcspn(word, ",");
	assert(length < CALL_NAME_SIZE);
	memcpy(name, word, length);
	name[length] = '\0';
}

bool call_argument_is_handle(uint32_t number, uint32_t at, uint32_t *type)
{
#define NAME_OF(NAME, value, text, rights) [NAME] = (text),
	static const char *const types[CAP_TYPE_COUNT] = {CAP_TYPES(NAME_OF)};
#undef NAME_OF
	char name[CALL_NAME_SIZE];
	call_argument_name(number, at, name);
	*type = CAP_NONE;
	if (strcmp(name, "cap") == 0)
		return true;
	for (uint32_t i = CAP_NONE + 1; i < CAP_TYPE_COUNT; i++)
		if (strcmp(name, types[i]) == 0) {
			*type = i;
			return true;
		}
	return false;
}

uint32_t call_rights_of(uint32_t type)
{
#define RIGHTS_OF(NAME, value, text, rights) [NAME] = (rights),
	static const uint32_t rights_of[CAP_TYPE_COUNT] = {CAP_TYPES(RIGHTS_OF)};
#undef RIGHTS_OF
	return rights_of[type];
}
