/* SPDX-License-Identifier: BSD-2-Clause */
/* The writer of write.h. It knows types, and of the fields only those that boot.list sets, of
 * which others say whether they count. */
#include "claims/write.h"

#include "cap/format.h"
#include "cap/string.h"
#include "claims/fields.h"

#define BITS_IN_BYTE 8u

static void write_struct(json_sink_t *sink, const schema_t *schema, const char *base,
			 const char *between);

static uint32_t load(const char *at)
{
	uint32_t value;
	memcpy(&value, at, sizeof(value));
	return value;
}

static void write_word(json_sink_t *sink, const field_t *field, uint32_t value)
{
	for (const field_word_t *word = field->words; word->text; word++)
		if (word->value == value)
			json_put_text(sink, word->text);
}

/* As it was written: in hexadecimal digits, or not. */
static void write_address(json_sink_t *sink, const field_t *field, const char *base)
{
	char text[sizeof("0xffffffff")];
	uint32_t value = load(base + field->offset);
	if (!load(base + field->hex)) {
		json_put_number(sink, value);
		return;
	}
	format(text, sizeof(text), "0x%x", value);
	json_put_text(sink, text);
}

static void write_widths(json_sink_t *sink, uint32_t widths)
{
	const char *comma = "";
	json_put(sink, "[");
	for (uint32_t bytes = 1; bytes <= 4; bytes *= 2) {
		if (!(widths & bytes))
			continue;
		json_put(sink, comma);
		json_put_number(sink, bytes * BITS_IN_BYTE);
		comma = ",";
	}
	json_put(sink, "]");
}

static void write_digest(json_sink_t *sink, const digest_t *digest)
{
	char text[3];
	json_put(sink, "\"");
	for (size_t i = 0; i < sizeof(digest->bytes); i++) {
		format(text, sizeof(text), "%02x", digest->bytes[i]);
		json_put(sink, text);
	}
	json_put(sink, "\"");
}

static void write_names(json_sink_t *sink, const name_list_t *names)
{
	json_put(sink, "[");
	for (uint32_t i = 0; i < names->count; i++) {
		json_put(sink, i ? "," : "");
		json_put_text(sink, names->items[i]);
	}
	json_put(sink, "]");
}

/* Lists all begin with their count, and items lie behind it. */
static void write_list(json_sink_t *sink, const field_t *field, const char *list)
{
	uint32_t count = load(list);
	json_put(sink, "[");
	for (uint32_t i = 0; i < count; i++) {
		json_put(sink, i ? "," : "");
		write_struct(sink, field->schema,
			     list + sizeof(count) + i * field->schema->size, ",");
	}
	json_put(sink, "]");
}

static void write_value(json_sink_t *sink, const field_t *field, const char *base)
{
	const char *at = base + field->offset;
	switch (field->type) {
	case FIELD_INTEGER:
		json_put_number(sink, load(at));
		break;
	case FIELD_ADDRESS:
		write_address(sink, field, base);
		break;
	case FIELD_FLAG:
		json_put(sink, load(at) ? "true" : "false");
		break;
	case FIELD_WORD:
		write_word(sink, field, load(at));
		break;
	case FIELD_NAME:
	case FIELD_FILE:
		json_put_text(sink, at);
		break;
	case FIELD_WIDTHS:
		write_widths(sink, load(at));
		break;
	case FIELD_WIDTH:
		json_put_number(sink, load(at) * BITS_IN_BYTE);
		break;
	case FIELD_DIGEST:
		write_digest(sink, (const digest_t *)(const void *)at);
		break;
	case FIELD_NAMES:
		write_names(sink, (const name_list_t *)(const void *)at);
		break;
	case FIELD_OBJECT:
		write_struct(sink, field->schema, at, ",");
		break;
	case FIELD_LIST:
		write_list(sink, field, at);
		break;
	default:
		break;
	}
}

/* What is not there, or means nothing, is left out: no text; an address or a port that is 0
 * where the other one stands for it; and of a group without a name, all. */
static bool is_left_out(const field_t *field, const char *base)
{
	const char *at = base + field->offset;
	switch (field->type) {
	case FIELD_NAME:
	case FIELD_FILE:
		return !*at;
	case FIELD_WIDTHS: /* all that fit are what there is without it */
		return load(at) == PIO_WIDTH_ALL;
	case FIELD_DIGEST:
		return !((const digest_t *)(const void *)at)->present;
	case FIELD_ADDRESS:
		return !field->required && load(at) == field->fallback;
	case FIELD_OBJECT:
		return field->schema->fields[0].type == FIELD_NAME && !*at;
	case FIELD_ANYTHING:
	case FIELD_LATER:
		return true;
	default:
		return false;
	}
}

/* What boot.list gave: the priority, and the budget of one whose text has none. */
static bool is_overruled(const schema_t *schema, const field_t *field, const char *base)
{
	const manifest_t *manifest = (const manifest_t *)(const void *)base;
	if (schema != &manifest_schema || !manifest->essential)
		return false;
	return field->offset == offsetof(manifest_t, priority) ||
	       (field->offset == offsetof(manifest_t, cpu) && manifest->cpu.place.line == 0);
}

static void write_struct(json_sink_t *sink, const schema_t *schema, const char *base,
			 const char *between)
{
	const char *before = "{";
	for (uint32_t i = 0; i < schema->count; i++) {
		const field_t *field = &schema->fields[i];
		if (is_left_out(field, base))
			continue;
		json_put(sink, before);
		before = between;
		json_put(sink, is_overruled(schema, field, base) ? "\"x-" : "\"");
		json_put(sink, field->name);
		json_put(sink, "\":");
		write_value(sink, field, base);
	}
	json_put(sink, *before == '{' ? "{}" : "}");
}

void manifest_write(const manifest_t *manifest, json_sink_t *sink)
{
	write_struct(sink, &manifest_schema, (const char *)manifest, ",\n");
	json_put(sink, "\n");
}
