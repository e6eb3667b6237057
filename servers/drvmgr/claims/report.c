/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the reader is and what it has to say about it (reader.h). Decides nothing. */
#include "claims/reader.h"

#include "cap/format.h"

#define WHAT_SIZE 224u /* of an error's last part */

uint32_t reader_errors(const manifest_reader_t *reader)
{
	return reader->errors->count + reader->errors->dropped;
}

place_t reader_place_of(manifest_reader_t *reader, size_t at)
{
	json_go_to(reader->json.text, at, &reader->position);
	return (place_t){reader->position.line, reader->position.column};
}

place_t reader_place(manifest_reader_t *reader, uint32_t token)
{
	return reader_place_of(reader, json_offset(&reader->json, token));
}

bool reader_drops(manifest_reader_t *reader, uint32_t token)
{
	bool drops = manifest_is_beyond(reader->errors, reader_place(reader, token));
	if (drops)
		reader->errors->dropped++;
	return drops;
}

void reader_report(manifest_reader_t *reader, uint32_t token, const char *text, ...)
{
	char what[WHAT_SIZE];
	va_list args;
	if (reader_drops(reader, token))
		return;
	va_start(args, text);
	format_v(what, sizeof(what), text, args);
	va_end(args);
	manifest_error(reader->errors, reader->file, reader_place(reader, token), "%s%s%s",
		       reader->path, reader->path_length ? ": " : "", what);
}

void reader_report_guess(manifest_reader_t *reader, uint32_t token, const guess_t *guess,
			 const char *known, const char *text, ...)
{
	char what[WHAT_SIZE];
	va_list args;
	va_start(args, text);
	size_t length = format_v(what, sizeof(what), text, args);
	va_end(args);
	if (guess->best)
		length += format(what + length, sizeof(what) - length,
				 "; did you mean \"%s\"? Known", guess->best);
	else
		length += format(what + length, sizeof(what) - length, ". Known");
	format(what + length, sizeof(what) - length, ": %s", known);
	reader_report(reader, token, "%s", what);
}

size_t reader_push(manifest_reader_t *reader, const char *text, ...)
{
	size_t old = reader->path_length;
	va_list args;
	va_start(args, text);
	reader->path_length +=
	    format_v(reader->path + old, sizeof(reader->path) - old, text, args);
	va_end(args);
	return old;
}

void reader_pop(manifest_reader_t *reader, size_t old)
{
	reader->path_length = old;
	reader->path[old] = '\0';
}

const char *reader_lexeme(const manifest_reader_t *reader, uint32_t token,
			  char shown[LEXEME_SHOWN])
{
	const jsmntok_t *value = &reader->json.tokens[token];
	size_t length = (size_t)(value->end - value->start);
	if (length > LEXEME_SHOWN - 1)
		length = LEXEME_SHOWN - 1;
	for (size_t i = 0; i < length; i++) {
		char c = reader->json.text[(size_t)value->start + i];
		shown[i] = c >= ' ' && c <= '~' ? c : '?';
	}
	shown[length] = '\0';
	return shown;
}

bool reader_expect_array(manifest_reader_t *reader, uint32_t token)
{
	bool good = reader->json.tokens[token].type == JSMN_ARRAY;
	if (!good)
		reader_report(reader, token, "an array is expected");
	return good;
}

bool reader_expect_room(manifest_reader_t *reader, const field_t *field, uint32_t index,
			uint32_t token)
{
	if (index < field->max)
		return true;
	reader_report(reader, token, "more than %u entries", field->max);
	return false;
}
