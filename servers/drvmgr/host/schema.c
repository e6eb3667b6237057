/* SPDX-License-Identifier: BSD-2-Clause */
/* The printers of schema.h. What JSON Schema cannot say (end >= start, what is never
 * granted, conflicts) is in the descriptions only; drvctl check knows all of it. */
#include "host/schema.h"

#include "claims/fields.h"

#define DIALECT	  "https://json-schema.org/draft/2020-12/schema"
#define NAME	  "urn:castellan:drv.schema:1"
#define PATH_SIZE 128

static void print_object(FILE *to, const schema_t *schema, unsigned depth);

static void indent(FILE *to, unsigned depth)
{
	fprintf(to, "%*s", (int)(2 * depth), "");
}

static void print_bounds(FILE *to, const field_t *field)
{
	fprintf(to, "\"type\": \"integer\", \"minimum\": %u, \"maximum\": %u", field->min,
		field->max);
}

static void print_words(FILE *to, const field_t *field)
{
	fprintf(to, "\"enum\": [");
	for (const field_word_t *word = field->words; word->text; word++)
		fprintf(to, "%s\"%s\"", word == field->words ? "" : ", ", word->text);
	fprintf(to, "]");
}

static const char *fallback_word(const field_t *field)
{
	for (const field_word_t *word = field->words; word->text; word++)
		if (word->value == field->fallback)
			return word->text;
	return "";
}

static void print_default(FILE *to, const field_t *field)
{
	if (field->required)
		return;
	if (field->type == FIELD_INTEGER || field->type == FIELD_ADDRESS)
		fprintf(to, ", \"default\": %u", field->fallback);
	if (field->type == FIELD_WORD)
		fprintf(to, ", \"default\": \"%s\"", fallback_word(field));
	if (field->type == FIELD_WIDTH)
		fprintf(to, ", \"default\": %u", field->fallback * 8);
	if (field->type == FIELD_FLAG)
		fprintf(to, ", \"default\": %s", field->fallback ? "true" : "false");
}

/* An object, or what may stand in its place. */
static void print_struct(FILE *to, const schema_t *schema, unsigned depth)
{
	if (!schema->bare) {
		print_object(to, schema, depth);
		return;
	}
	fprintf(to, "\"anyOf\": [\n");
	indent(to, depth + 1);
	fprintf(to, "{");
	if (schema->bare->type == FIELD_WORD)
		print_words(to, schema->bare);
	else
		print_bounds(to, schema->bare);
	fprintf(to, "},\n");
	indent(to, depth + 1);
	fprintf(to, "{");
	print_object(to, schema, depth + 1);
	fprintf(to, "}\n");
	indent(to, depth);
	fprintf(to, "]");
}

static void print_list(FILE *to, const field_t *field, unsigned depth)
{
	fprintf(to, "\"type\": \"array\", \"maxItems\": %u, \"items\": {", field->max);
	print_struct(to, field->schema, depth);
	fprintf(to, "}");
}

static void print_type(FILE *to, const field_t *field, unsigned depth)
{
	switch (field->type) {
	case FIELD_INTEGER:
		print_bounds(to, field);
		break;
	case FIELD_ADDRESS:
		fprintf(to, "\"anyOf\": [{");
		print_bounds(to, field);
		fprintf(to, "}, {\"type\": \"string\", \"pattern\": \"%s\"}]",
			FIELD_ADDRESS_PATTERN);
		break;
	case FIELD_FLAG:
		fprintf(to, "\"type\": \"boolean\"");
		break;
	case FIELD_WORD:
		print_words(to, field);
		break;
	case FIELD_NAME:
		fprintf(to, "\"type\": \"string\", \"pattern\": \"%s\"", FIELD_NAME_PATTERN);
		break;
	case FIELD_FILE:
		fprintf(to, "\"type\": \"string\", \"pattern\": \"%s\"", FIELD_FILE_PATTERN);
		break;
	case FIELD_WIDTH:
		fprintf(to, "\"enum\": [8, 16, 32]");
		break;
	case FIELD_DIGEST:
		fprintf(to, "\"type\": \"string\", \"pattern\": \"%s\"", FIELD_DIGEST_PATTERN);
		break;
	case FIELD_WIDTHS:
		fprintf(to, "\"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true, "
			    "\"items\": {\"enum\": [8, 16, 32]}");
		break;
	case FIELD_NAMES:
		fprintf(to,
			"\"type\": \"array\", \"maxItems\": %u, \"uniqueItems\": true, "
			"\"items\": {\"type\": \"string\", \"pattern\": \"%s\"}",
			field->max, FIELD_NAME_PATTERN);
		break;
	case FIELD_OBJECT:
		print_struct(to, field->schema, depth);
		break;
	case FIELD_LIST:
		print_list(to, field, depth);
		break;
	case FIELD_ANYTHING:
	case FIELD_LATER:
		break;
	}
}

static void print_field(FILE *to, const field_t *field, unsigned depth)
{
	indent(to, depth);
	fprintf(to, "\"%s\": {\"description\": \"%s\"", field->name, field->help);
	if (field->type != FIELD_ANYTHING)
		fprintf(to, ", ");
	print_type(to, field, depth);
	print_default(to, field);
	fprintf(to, "}");
}

static void print_required(FILE *to, const schema_t *schema)
{
	const char *comma = "";
	for (uint32_t i = 0; i < schema->count; i++) {
		if (!schema->fields[i].required)
			continue;
		fprintf(to, "%s\"%s\"", comma, schema->fields[i].name);
		comma = ", ";
	}
}

/* Fields that this version does not support are left out, so editors refuse them, too. */
static void print_object(FILE *to, const schema_t *schema, unsigned depth)
{
	const char *comma = "";
	fprintf(to, "\"type\": \"object\", \"additionalProperties\": false, "
		    "\"patternProperties\": {\"^" FIELD_EXTENSION "\": {}},\n");
	indent(to, depth + 1);
	fprintf(to, "\"required\": [");
	print_required(to, schema);
	fprintf(to, "],\n");
	indent(to, depth + 1);
	fprintf(to, "\"properties\": {");
	for (uint32_t i = 0; i < schema->count; i++) {
		if (schema->fields[i].type == FIELD_LATER)
			continue;
		fprintf(to, "%s\n", comma);
		print_field(to, &schema->fields[i], depth + 2);
		comma = ",";
	}
	fprintf(to, "\n");
	indent(to, depth + 1);
	fprintf(to, "}");
}

void schema_print(FILE *to)
{
	fprintf(to, "{\n  \"$schema\": \"" DIALECT "\",\n  \"$id\": \"" NAME "\",\n");
	fprintf(to, "  \"title\": \"Castellan driver manifest, version 1\",\n  ");
	print_object(to, &manifest_schema, 0);
	fprintf(to, "\n}\n");
}

static void print_what(FILE *to, const field_t *field)
{
	static const char *const types[] = {
	    [FIELD_INTEGER] = "integer",
	    [FIELD_ADDRESS] = "integer or `\"0x60\"`",
	    [FIELD_FLAG] = "flag",
	    [FIELD_WORD] = "word",
	    [FIELD_NAME] = "name",
	    [FIELD_FILE] = "file name",
	    [FIELD_WIDTHS] = "subset of 8, 16, 32",
	    [FIELD_WIDTH] = "8, 16 or 32",
	    [FIELD_DIGEST] = "64 hexadecimal digits",
	    [FIELD_NAMES] = "names",
	    [FIELD_OBJECT] = "object",
	    [FIELD_LIST] = "list",
	    [FIELD_ANYTHING] = "anything",
	    [FIELD_LATER] = "not supported yet",
	};
	fprintf(to, "%s", types[field->type]);
	if (field->type == FIELD_INTEGER || field->type == FIELD_ADDRESS)
		fprintf(to, ", %u..%u", field->min, field->max);
	if (field->type == FIELD_LIST || field->type == FIELD_NAMES)
		fprintf(to, ", up to %u", field->max);
	if (field->type == FIELD_WORD)
		for (const field_word_t *word = field->words; word->text; word++)
			fprintf(to, " `%s`", word->text);
	if (field->schema && field->schema->bare)
		fprintf(to, ", %sor just its `%s`",
			field->type == FIELD_LIST ? "each an object " : "",
			field->schema->bare->name);
}

static void print_otherwise(FILE *to, const field_t *field)
{
	if (field->required)
		fprintf(to, "required");
	else if (field->type == FIELD_INTEGER || field->type == FIELD_ADDRESS)
		fprintf(to, "%u", field->fallback);
	else if (field->type == FIELD_WORD)
		fprintf(to, "`%s`", fallback_word(field));
	else if (field->type == FIELD_WIDTHS)
		fprintf(to, "all that fit");
	else if (field->type == FIELD_WIDTH)
		fprintf(to, "%u", field->fallback * 8);
	else if (field->type == FIELD_FLAG)
		fprintf(to, field->fallback ? "true" : "false");
}

static void print_rows(FILE *to, const schema_t *schema, const char *prefix)
{
	for (uint32_t i = 0; i < schema->count; i++) {
		const field_t *field = &schema->fields[i];
		char path[PATH_SIZE];
		fprintf(to, "| `%s%s` | ", prefix, field->name);
		print_what(to, field);
		fprintf(to, " | ");
		print_otherwise(to, field);
		fprintf(to, " | %s |\n", field->help);
		if (!field->schema)
			continue;
		snprintf(path, sizeof(path), "%s%s%s.", prefix, field->name,
			 field->type == FIELD_LIST ? "[]" : "");
		print_rows(to, field->schema, path);
	}
}

void schema_print_table(FILE *to)
{
	fprintf(to, "| field | type | when absent | meaning |\n|---|---|---|---|\n");
	print_rows(to, &manifest_schema, "");
}
