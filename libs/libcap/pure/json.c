/* SPDX-License-Identifier: BSD-2-Clause */
/* The writer of cap/json.h. It keeps nothing between two calls but where the sink is. */
#include "cap/json.h"

#include "cap/format.h"
#include "cap/string.h"

static void put_byte(json_sink_t *sink, char byte)
{
	if (sink->skip)
		sink->skip--;
	else if (sink->used + 1 < sink->size)
		sink->to[sink->used++] = byte;
	else
		sink->full = true;
}

void json_put(json_sink_t *sink, const char *text)
{
	while (*text)
		put_byte(sink, *text++);
}

void json_put_string(json_sink_t *sink, const char *bytes, size_t length)
{
	char code[sizeof("\\u00ff")];
	put_byte(sink, '"');
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			put_byte(sink, '\\');
		if (bytes[i] >= ' ' && bytes[i] <= '~') {
			put_byte(sink, bytes[i]);
			continue;
		}
		format(code, sizeof(code), "\\u%04x", (unsigned)(unsigned char)bytes[i]);
		json_put(sink, code);
	}
	put_byte(sink, '"');
}

void json_put_text(json_sink_t *sink, const char *text)
{
	if (text)
		json_put_string(sink, text, strlen(text));
	else
		json_put(sink, "null");
}

void json_put_number(json_sink_t *sink, uint32_t number)
{
	char text[sizeof("4294967295")];
	format(text, sizeof(text), "%u", (unsigned)number);
	json_put(sink, text);
}
