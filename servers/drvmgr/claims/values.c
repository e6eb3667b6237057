/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads single values of a proven text into their targets. Knows types and bounds, which
 * come from the field's row, but no field. */
#include "claims/reader.h"

#include "cap/string.h"

static const char *const reserved_names[] = {MANIFEST_OPERATOR, "manager", NULL};

/* Who else begins a line of the log with a name: the kernel, the root task, the manager, and
 * the console's trace of keys. */
static const char *const speaker_names[] = {"castellan", "init", "drvmgr", "input", NULL};

static void store_at(target_t target, size_t offset, uint32_t value)
{
	memcpy(target.base + offset, &value, sizeof(value));
}

static void store(target_t target, uint32_t value)
{
	store_at(target, target.field->offset, value);
}

#define TOO_LARGE ((uint64_t)UINT32_MAX + 1)

/* Digits of base 10 or 16 up to `end`; a number that does not fit is TOO_LARGE, which is
 * outside all bounds. False: no number. */
static bool parse_digits(const char *text, size_t at, size_t end, uint32_t base,
			 uint64_t *value)
{
	if (at == end)
		return false;
	*value = 0;
	for (; at < end; at++) {
		uint32_t digit = (unsigned char)text[at];
		if (digit >= '0' && digit <= '9')
			digit -= '0';
		else if ((digit | 0x20u) >= 'a' && (digit | 0x20u) <= 'f')
			digit = (digit | 0x20u) - 'a' + 10;
		else
			return false;
		if (digit >= base)
			return false;
		*value = *value * base + digit;
		if (*value > TOO_LARGE)
			*value = TOO_LARGE;
	}
	return true;
}

static void store_bounded(manifest_reader_t *reader, target_t target, uint32_t token,
			  uint64_t value, bool negative)
{
	char shown[LEXEME_SHOWN];
	const field_t *field = target.field;
	if (negative || value < field->min || value > field->max)
		reader_report(reader, token, "%s is outside %u..%u",
			      reader_lexeme(reader, token, shown), field->min, field->max);
	else
		store(target, (uint32_t)value);
}

void read_integer(manifest_reader_t *reader, target_t target, uint32_t token)
{
	const jsmntok_t *number = &reader->json.tokens[token];
	const char *text = reader->json.text;
	char shown[LEXEME_SHOWN];
	size_t at = (size_t)number->start;
	bool negative = text[at] == '-';
	uint64_t value;
	if (number->type == JSMN_STRING && target.field->later &&
	    json_is(&reader->json, token, target.field->later))
		reader_report(reader, token, "\"%s\" is not supported by this version",
			      target.field->later);
	else if (number->type != JSMN_PRIMITIVE)
		reader_report(reader, token, "an integer is expected");
	else if (parse_digits(text, at + negative, (size_t)number->end, 10, &value))
		store_bounded(reader, target, token, value, negative);
	else
		reader_report(reader, token, "%s is not an integer",
			      reader_lexeme(reader, token, shown));
}

#define HEX_DIGITS_MAX 8u

void read_address(manifest_reader_t *reader, target_t target, uint32_t token)
{
	const jsmntok_t *value = &reader->json.tokens[token];
	const char *text = reader->json.text + value->start;
	size_t length = (size_t)(value->end - value->start);
	uint64_t address;
	if (value->type != JSMN_STRING) {
		read_integer(reader, target, token);
		return;
	}
	store_at(target, target.field->hex, true);
	if (length >= 2 && length <= 2 + HEX_DIGITS_MAX && text[0] == '0' && text[1] == 'x' &&
	    parse_digits(text, 2, length, 16, &address))
		store_bounded(reader, target, token, address, false);
	else
		reader_report(reader, token,
			      "an integer or a string like \"0x60\" is expected");
}

void read_flag(manifest_reader_t *reader, target_t target, uint32_t token)
{
	char first = reader->json.text[reader->json.tokens[token].start];
	bool is_flag = reader->json.tokens[token].type == JSMN_PRIMITIVE;
	if (!is_flag || (first != 't' && first != 'f'))
		reader_report(reader, token, "true or false is expected");
	else if (first == 't' && target.field->max == 0)
		reader_report(reader, token, "true is not supported by this version");
	else
		store(target, first == 't');
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
	char shown[LEXEME_SHOWN];
	if (field->later && json_is(&reader->json, token, field->later))
		reader_report(reader, token, "\"%s\" is not supported by this version",
			      field->later);
	else
		reader_report(reader, token, "\"%s\" is not known here (known: \"%s\"%s)",
			      reader_lexeme(reader, token, shown), field->words->text,
			      field->words[1].text ? ", ..." : "");
}

static bool is_lower(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_name_tail(uint32_t c)
{
	return is_lower(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
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

static bool is_allowed_name(const field_t *field, const char *name)
{
	for (const char *const *reserved = reserved_names; *reserved; reserved++) {
		if (strcmp(name, *reserved) != 0)
			continue;
		for (const field_word_t *word = field->words; word && word->text; word++)
			if (strcmp(name, word->text) == 0)
				return true;
		return false;
	}
	return true;
}

static bool read_name_to(manifest_reader_t *reader, const field_t *field, char *to,
			 uint32_t token)
{
	if (!copy_string(&reader->json, token, to, MANIFEST_NAME_SIZE, is_lower, is_name_tail))
		reader_report(reader, token, "a name (%s) is expected", FIELD_NAME_PATTERN);
	else if (!is_allowed_name(field, to))
		reader_report(reader, token, "\"%s\" is a reserved name", to);
	else
		return true;
	return false;
}

void read_name(manifest_reader_t *reader, target_t target, uint32_t token)
{
	char *name = target.base + target.field->offset;
	if (!read_name_to(reader, target.field, name, token))
		return;
	for (const char *const *speaker = speaker_names; *speaker; speaker++)
		if (strcmp(name, *speaker) == 0)
			reader_report(reader, token,
				      "\"%s\" begins lines of the log that are no driver's",
				      name);
}

void read_file(manifest_reader_t *reader, target_t target, uint32_t token)
{
	if (!copy_string(&reader->json, token, target.base + target.field->offset,
			 MANIFEST_IMAGE_SIZE, is_file_head, is_file_tail))
		reader_report(reader, token, "a file name (%s) is expected",
			      FIELD_FILE_PATTERN);
}

void read_widths(manifest_reader_t *reader, target_t target, uint32_t token)
{
	if (!reader_expect_array(reader, token))
		return;
	uint32_t widths = 0;
	uint32_t behind = json_behind(&reader->json, token);
	for (uint32_t at = token + 1; at < behind; at = json_behind(&reader->json, at)) {
		const jsmntok_t *number = &reader->json.tokens[at];
		uint64_t bits = 0;
		bool good = number->type == JSMN_PRIMITIVE &&
			    parse_digits(reader->json.text, (size_t)number->start,
					 (size_t)number->end, 10, &bits);
		uint32_t width =
		    good && (bits == 8 || bits == 16 || bits == 32) ? (uint32_t)bits / 8 : 0;
		if (width == 0 || (widths & width))
			reader_report(reader, at,
				      "8, 16 and 32 are expected, each at most once");
		widths |= width;
	}
	if (behind == token + 1)
		reader_report(reader, token, "at least one width is expected");
	store(target, widths);
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
