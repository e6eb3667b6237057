/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads words, names and file names of a proven text into their targets. Knows no field. */
#include "claims/reader.h"

#include "cap/format.h"
#include "cap/string.h"

#define WORDS_SHOWN 64u

static const char *const reserved_names[] = {MANIFEST_OPERATOR, "manager", NULL};

/* Who else begins a line of the log with a name: the kernel, the root task, the manager, and
 * the console's trace of keys. */
static const char *const speaker_names[] = {"castellan", "init", "drvmgr", "input", NULL};

static void store(target_t target, uint32_t value)
{
	memcpy(target.base + target.field->offset, &value, sizeof(value));
}

/* "x" is not known here; did you mean "y"? Known: "y", "z" */
static void report_word(manifest_reader_t *reader, const field_t *field, uint32_t token)
{
	char shown[LEXEME_SHOWN], known[WORDS_SHOWN];
	size_t length = 0;
	if (reader_drops(reader, token))
		return;
	guess_t guess = {.given = reader_lexeme(reader, token, shown)};
	for (const field_word_t *word = field->words; word->text; word++) {
		guess_offer(&guess, word->text);
		length += format(known + length, sizeof(known) - length, "%s\"%s\"",
				 length ? ", " : "", word->text);
	}
	reader_report_guess(reader, token, &guess, known, "\"%s\" is not known here", shown);
}

void read_word(manifest_reader_t *reader, target_t target, uint32_t token)
{
	const field_t *field = target.field;
	if (reader->json.tokens[token].type != JSMN_STRING) {
		reader_report(reader, token, "a string is expected");
		return;
	}
	for (const field_word_t *word = field->words; word->text; word++) {
		if (json_is(&reader->json, token, word->text)) {
			store(target, word->value);
			return;
		}
	}
	if (field->later && json_is(&reader->json, token, field->later))
		reader_report(reader, token, "\"%s\" is not supported by this version",
			      field->later);
	else
		report_word(reader, field, token);
}

static bool is_lower(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_name_tail(uint32_t c)
{
	return is_lower(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool manifest_is_name(const char *name)
{
	size_t length = strlen(name);
	bool good = length > 0 && length < MANIFEST_NAME_SIZE && is_lower((uint8_t)name[0]);
	for (size_t i = 1; good && i < length; i++)
		good = is_name_tail((uint8_t)name[i]);
	return good;
}

static bool is_file_head(uint32_t c)
{
	return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_file_tail(uint32_t c)
{
	return is_file_head(c) || c == '.' || c == '_' || c == '-';
}

/* Copies a string token into `to` of `size` bytes if it is of the form, else is false and
 * leaves an empty string. */
static bool copy_string(const json_t *json, uint32_t token, char *to, size_t size,
			bool (*is_head)(uint32_t), bool (*is_tail)(uint32_t))
{
	const jsmntok_t *string = &json->tokens[token];
	size_t used = 0;
	bool good = string->type == JSMN_STRING;
	for (size_t at = (size_t)string->start; good && at < (size_t)string->end; used++) {
		uint32_t c = json_character(json->text, &at);
		good = used + 1 < size && (used == 0 ? is_head(c) : is_tail(c));
		if (good)
			to[used] = (char)c;
	}
	good = good && used > 0;
	to[good ? used : 0] = '\0';
	return good;
}

static bool is_one_of(const char *const *names, const char *name)
{
	while (*names && strcmp(name, *names) != 0)
		names++;
	return *names != NULL;
}

static bool is_allowed_name(const field_t *field, const char *name)
{
	for (const field_word_t *word = field->words; word && word->text; word++)
		if (strcmp(name, word->text) == 0)
			return true;
	return !is_one_of(reserved_names, name);
}

static bool read_name_to(manifest_reader_t *reader, const field_t *field, char *to,
			 uint32_t token)
{
	if (!copy_string(&reader->json, token, to, MANIFEST_NAME_SIZE, is_lower, is_name_tail))
		reader_report(reader, token, "a name (%s) is expected", FIELD_NAME_PATTERN);
	else if (!is_allowed_name(field, to))
		reader_report(reader, token, "\"%s\" is a reserved name", to);
	else if (field->min == FIELD_NO_SPEAKER && is_one_of(speaker_names, to))
		reader_report(reader, token,
			      "\"%s\" begins lines of the log that are no driver's", to);
	else
		return true;
	return false;
}

void read_name(manifest_reader_t *reader, target_t target, uint32_t token)
{
	read_name_to(reader, target.field, target.base + target.field->offset, token);
}

void read_file(manifest_reader_t *reader, target_t target, uint32_t token)
{
	if (!copy_string(&reader->json, token, target.base + target.field->offset,
			 MANIFEST_IMAGE_SIZE, is_file_head, is_file_tail))
		reader_report(reader, token, "a file name (%s) is expected",
			      FIELD_FILE_PATTERN);
}

void read_names(manifest_reader_t *reader, target_t target, uint32_t token)
{
	name_list_t *list = (name_list_t *)(void *)(target.base + target.field->offset);
	uint32_t errors = reader_errors(reader);
	list->count = 0;
	if (!reader_expect_array(reader, token))
		return;
	uint32_t behind = json_behind(&reader->json, token);
	for (uint32_t at = token + 1, index = 0; at < behind; index++) {
		if (!reader_expect_room(reader, target.field, index, at))
			break;
		size_t old = reader_push(reader, "[%u]", index);
		char *to = list->items[list->count];
		if (read_name_to(reader, target.field, to, at)) {
			if (manifest_lists(list, to))
				reader_report(reader, at, "\"%s\" is here twice", to);
			list->count++;
		}
		reader_pop(reader, old);
		at = json_behind(&reader->json, at);
	}
	if (reader_errors(reader) == errors)
		list->place = reader_place(reader, token);
}
