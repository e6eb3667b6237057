/* SPDX-License-Identifier: BSD-2-Clause */
/* The table-driven reader: walks the tokens of a proven text along the tables of fields.h.
 * It has no field of its own. */
#include "claims/reader.h"

#include "cap/format.h"
#include "cap/string.h"

#define FIELDS_SHOWN 200u

typedef void read_fn(manifest_reader_t *reader, target_t target, uint32_t token);

static void read_object(manifest_reader_t *reader, const schema_t *schema, char *base,
			uint32_t token);

/* Fills in what an empty object means; `base` is zeroed. */
static void apply_fallbacks(const schema_t *schema, char *base)
{
	for (uint32_t i = 0; i < schema->count; i++) {
		const field_t *field = &schema->fields[i];
		if (field->type == FIELD_OBJECT)
			apply_fallbacks(field->schema, base + field->offset);
		else if (field->fallback)
			memcpy(base + field->offset, &field->fallback, sizeof(field->fallback));
	}
}

static void read_struct(manifest_reader_t *reader, target_t target, uint32_t token)
{
	read_object(reader, target.field->schema, target.base + target.field->offset, token);
}

/* A list is its count, and its elements right behind it. */
static void read_list(manifest_reader_t *reader, target_t target, uint32_t token)
{
	const schema_t *schema = target.field->schema;
	uint32_t count = 0;
	if (!reader_expect_array(reader, token))
		return;
	uint32_t behind = json_behind(&reader->json, token);
	for (uint32_t at = token + 1; at < behind; at = json_behind(&reader->json, at)) {
		if (!reader_expect_room(reader, target.field, count, at))
			break;
		char *base =
		    target.base + target.field->offset + sizeof(count) + count * schema->size;
		memset(base, 0, schema->size);
		apply_fallbacks(schema, base);
		size_t old = reader_push(reader, "[%u]", count);
		read_object(reader, schema, base, at);
		reader_pop(reader, old);
		count++;
	}
	memcpy(target.base + target.field->offset, &count, sizeof(count));
}

static void read_anything(manifest_reader_t *reader, target_t target, uint32_t token)
{
	(void)reader;
	(void)target;
	(void)token;
}

static void read_later(manifest_reader_t *reader, target_t target, uint32_t token)
{
	(void)target;
	reader_report(reader, token, "is not supported by this version");
}

static read_fn *const read_functions[] = {
    [FIELD_INTEGER] = read_integer,   [FIELD_ADDRESS] = read_address,
    [FIELD_FLAG] = read_flag,	      [FIELD_WORD] = read_word,
    [FIELD_NAME] = read_name,	      [FIELD_FILE] = read_file,
    [FIELD_WIDTHS] = read_widths,     [FIELD_NAMES] = read_names,
    [FIELD_OBJECT] = read_struct,     [FIELD_LIST] = read_list,
    [FIELD_WIDTH] = read_width,	      [FIELD_DIGEST] = read_digest,
    [FIELD_ANYTHING] = read_anything, [FIELD_LATER] = read_later,
};

static void read_value(manifest_reader_t *reader, const field_t *field, char *base,
		       uint32_t token)
{
	read_functions[field->type](reader, (target_t){.field = field, .base = base}, token);
}

/* The row of a key, or a null pointer. */
static const field_t *find_field(const manifest_reader_t *reader, const schema_t *schema,
				 uint32_t key)
{
	for (uint32_t i = 0; i < schema->count; i++)
		if (json_is(&reader->json, key, schema->fields[i].name))
			return &schema->fields[i];
	return NULL;
}

static bool is_extension(const manifest_reader_t *reader, uint32_t key)
{
	size_t at = (size_t)reader->json.tokens[key].start;
	for (const char *c = FIELD_EXTENSION; *c; c++)
		if (at >= (size_t)reader->json.tokens[key].end ||
		    json_character(reader->json.text, &at) != (unsigned char)*c)
			return false;
	return true;
}

/* What there is instead; fields of later versions are not. */
static void report_unknown(manifest_reader_t *reader, const schema_t *schema, uint32_t key)
{
	char shown[LEXEME_SHOWN], known[FIELDS_SHOWN];
	size_t length = 0;
	if (reader_drops(reader, key))
		return;
	guess_t guess = {.given = reader_lexeme(reader, key, shown)};
	for (uint32_t i = 0; i < schema->count; i++) {
		const field_t *field = &schema->fields[i];
		if (field->type == FIELD_LATER || field->type == FIELD_ANYTHING)
			continue;
		guess_offer(&guess, field->name);
		length += format(known + length, sizeof(known) - length, "%s%s",
				 length ? " " : "", field->name);
	}
	reader_report_guess(reader, key, &guess, known, "there is no such field");
}

static size_t push_key(manifest_reader_t *reader, const char *key)
{
	return reader_push(reader, reader->path_length ? ".%s" : "%s", key);
}

/* Reads the members of an object; bit n of the result: row n was there. */
static uint32_t read_members(manifest_reader_t *reader, const schema_t *schema, char *base,
			     uint32_t object)
{
	char shown[LEXEME_SHOWN];
	uint32_t seen = 0;
	uint32_t behind = json_behind(&reader->json, object);
	for (uint32_t key = object + 1; key < behind;) {
		uint32_t value = key + 1;
		const field_t *field = find_field(reader, schema, key);
		size_t old = push_key(reader, reader_lexeme(reader, key, shown));
		if (field) {
			seen |= 1u << (uint32_t)(field - schema->fields);
			read_value(reader, field, base, value);
		} else if (!is_extension(reader, key)) {
			report_unknown(reader, schema, key);
		}
		reader_pop(reader, old);
		key = json_behind(&reader->json, value);
	}
	return seen;
}

static void report_missing(manifest_reader_t *reader, const schema_t *schema, uint32_t seen,
			   uint32_t object)
{
	for (uint32_t i = 0; i < schema->count; i++) {
		if (!schema->fields[i].required || (seen & (1u << i)))
			continue;
		size_t old = push_key(reader, schema->fields[i].name);
		reader_report(reader, object, "is missing");
		reader_pop(reader, old);
	}
}

static void read_object(manifest_reader_t *reader, const schema_t *schema, char *base,
			uint32_t token)
{
	uint32_t errors = reader_errors(reader);
	if (reader->json.tokens[token].type == JSMN_OBJECT)
		report_missing(reader, schema, read_members(reader, schema, base, token),
			       token);
	else if (schema->bare)
		read_value(reader, schema->bare, base, token);
	else
		reader_report(reader, token, "an object is expected");
	if (schema->place != SCHEMA_NO_PLACE && reader_errors(reader) == errors) {
		place_t place = reader_place(reader, token);
		memcpy(base + schema->place, &place, sizeof(place));
	}
}

void reader_run(manifest_reader_t *reader)
{
	char *base = (char *)&reader->draft;
	memset(base, 0, sizeof(reader->draft));
	apply_fallbacks(&manifest_schema, base);
	reader->path[0] = '\0';
	reader->path_length = 0;
	read_object(reader, &manifest_schema, base, 0);
}
