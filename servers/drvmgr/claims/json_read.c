/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a proven text (json.h). Nothing here checks the syntax again. */
#include "claims/json.h"

#include "cap/string.h"

#define SURROGATE_BASE 0x10000u

static uint32_t read_hex4(const char *text)
{
	uint32_t value = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint32_t c = (unsigned char)text[i];
		value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20u) - 'a' + 10);
	}
	return value;
}

/* Behind a backslash. */
static uint32_t read_escape(const char *text, size_t *at)
{
	static const char escapes[] = "bfnrt";
	static const char meanings[] = "\b\f\n\r\t";
	char kind = text[(*at)++];
	if (kind != 'u') {
		const char *found = strchr(escapes, kind);
		return (unsigned char)(found ? meanings[found - escapes] : kind);
	}
	uint32_t code = read_hex4(text + *at);
	*at += 4;
	if (code < SURROGATE_HIGH || code >= SURROGATE_LOW)
		return code;
	uint32_t low = read_hex4(text + *at + 2);
	*at += 6;
	return SURROGATE_BASE + ((code - SURROGATE_HIGH) << 10) + (low - SURROGATE_LOW);
}

uint32_t json_character(const char *text, size_t *at)
{
	uint32_t lead = (unsigned char)text[(*at)++];
	if (lead == '\\')
		return read_escape(text, at);
	if (lead < 0x80)
		return lead;
	unsigned more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
	uint32_t code = lead & (0x3fu >> more);
	for (; more; more--)
		code = (code << 6) | ((unsigned char)text[(*at)++] & 0x3fu);
	return code;
}

bool json_is(const json_t *json, uint32_t token, const char *text)
{
	const jsmntok_t *string = &json->tokens[token];
	size_t at = (size_t)string->start;
	size_t end = (size_t)string->end;
	for (; *text && at < end; text++)
		if (json_character(json->text, &at) != (unsigned char)*text)
			return false;
	return *text == '\0' && at == end;
}

uint32_t json_behind(const json_t *json, uint32_t token)
{
	int end = json->tokens[token].end;
	do
		token++;
	while (token < json->count && json->tokens[token].start < end);
	return token;
}

size_t json_offset(const json_t *json, uint32_t token)
{
	const jsmntok_t *value = &json->tokens[token];
	return (size_t)value->start - (value->type == JSMN_STRING ? 1 : 0);
}

void json_go_to(const char *text, size_t at, json_position_t *position)
{
	if (!position->line || at < position->at)
		*position = (json_position_t){.line = 1, .column = 1};
	for (; position->at < at; position->at++) {
		++position->column;
		if (text[position->at] == '\n') {
			++position->line;
			position->column = 1;
		}
	}
}
