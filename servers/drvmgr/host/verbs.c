/* SPDX-License-Identifier: BSD-2-Clause */
/* The printers of verbs.h. They walk the tables, and know no verb and no field. */
#include "host/verbs.h"

#include <stdbool.h>
#include <string.h>

#include "abi/driver_errno.h"
#include "cap/command.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
#define NAME	"urn:castellan:operator.schema:1"

/* What fields mean, in their order, and what a record is. */
#define MEANING(kind, name, heading, width, meaning) (meaning),
#define MEANINGS(table, fields, what)                                                          \
	static const char *const table##_means[] = {fields(MEANING)};
OPERATOR_TABLES(MEANINGS)
#define MEANS(table, fields, what) {table##_means, (what)},
static const struct means {
	const char *const *fields;
	const char *record;
} means[ANSWER_TABLES] = {OPERATOR_TABLES(MEANS)};

/* ---- schema ---- */

static void print_words(FILE *to, const char *const *words, size_t count)
{
	fprintf(to, "\"enum\": [");
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%s\"%s\"", i ? ", " : "", words[i]);
	fprintf(to, ", null]");
}

static void print_errors(FILE *to)
{
#define ERROR_NAME(name, value, text) #name,
	static const char *const names[] = {DRV_ERRORS(ERROR_NAME) "DRV_?"};
#undef ERROR_NAME
	print_words(to, names, sizeof(names) / sizeof(names[0]));
}

static void print_states(FILE *to)
{
#define STATE_NAME(name, value, text) text,
	static const char *const names[] = {MANAGER_STATES(STATE_NAME) "?"};
#undef STATE_NAME
	print_words(to, names, sizeof(names) / sizeof(names[0]));
}

/* What a number counts, if it is no number of things; "" else. */
static const char *unit_of(const answer_field_t *field)
{
	return field->kind == OPERATOR_MS_VALUE	     ? " in milliseconds"
	       : field->kind == OPERATOR_BYTES_VALUE ? " in bytes"
						     : "";
}

/* Any value may be null, but a list. */
static void print_kind(FILE *to, const answer_field_t *field)
{
	switch (field->kind) {
	case OPERATOR_TEXT_VALUE:
		fprintf(to, "\"type\": [\"string\", \"null\"]");
		break;
	case OPERATOR_WORDS_VALUE:
		fprintf(to,
			"\"type\": [\"array\", \"null\"], \"items\": {\"type\": \"string\"}");
		break;
	case OPERATOR_HEX_VALUE:
		fprintf(to,
			"\"type\": [\"string\", \"null\"], \"pattern\": \"^0x[0-9a-f]{1,8}$\"");
		break;
	case OPERATOR_VERSION_VALUE:
		fprintf(
		    to,
		    "\"type\": [\"string\", \"null\"], \"pattern\": \"^[0-9]+\\\\.[0-9]+$\"");
		break;
	case OPERATOR_PERCENT_VALUE:
		fprintf(to, "\"type\": [\"number\", \"null\"], \"minimum\": 0");
		break;
	case OPERATOR_FLAG_VALUE:
		fprintf(to, "\"type\": [\"boolean\", \"null\"]");
		break;
	case OPERATOR_ERROR_VALUE:
		print_errors(to);
		break;
	case OPERATOR_STATE_VALUE:
		print_states(to);
		break;
	case OPERATOR_LIST_VALUE:
		fprintf(to, "\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}",
			field->heading);
		break;
	default:
		fprintf(to, "\"type\": [\"integer\", \"null\"], \"minimum\": 0, \"maximum\": "
			    "4294967295");
	}
}

static void print_record(FILE *to, uint32_t table)
{
	const answer_table_t *record = &answer_tables[table];
	fprintf(to,
		"    \"%s\": {\"description\": \"%s\",\n"
		"      \"type\": \"object\", \"additionalProperties\": false,\n"
		"      \"required\": [",
		record->name, means[table].record);
	for (uint32_t i = 0; i < record->count; i++)
		fprintf(to, "%s\"%s\"", i ? ", " : "", record->fields[i].name);
	fprintf(to, "],\n      \"properties\": {");
	for (uint32_t i = 0; i < record->count; i++) {
		fprintf(to, "%s\n        \"%s\": {\"description\": \"%s%s%s\", ", i ? "," : "",
			record->fields[i].name, means[table].fields[i],
			*unit_of(&record->fields[i]) ? "," : "", unit_of(&record->fields[i]));
		print_kind(to, &record->fields[i]);
		fprintf(to, "}");
	}
	fprintf(to, "\n      }}");
}

/* A list may end with an error, and an error stands in place of any answer. */
static void print_answer(FILE *to, const command_row_t *row)
{
	const char *name = answer_tables[row->table].name;
	fprintf(to, "    \"answer.%s\": {\"description\": \"%s\", \"anyOf\": [", row->word,
		row->does);
	if (row->shape == OPERATOR_LIST)
		fprintf(to,
			"{\"type\": \"array\",\n      \"items\": {\"anyOf\": [{\"$ref\": "
			"\"#/$defs/%s\"}, {\"$ref\": \"#/$defs/error\"}]}}",
			name);
	else if (row->shape == OPERATOR_FOREIGN)
		fprintf(to, "{\"type\": \"object\", \"required\": [\"name\", \"abi\"]}");
	else
		fprintf(to, "{\"$ref\": \"#/$defs/%s\"}", name);
	fprintf(to, ",\n      {\"$ref\": \"#/$defs/error\"}]}");
}

void verbs_print_schema(FILE *to)
{
	fprintf(to,
		"{\n  \"$schema\": \"" DIALECT "\",\n  \"$id\": \"" NAME "\",\n"
		"  \"title\": \"What Castellan answers an operator, version %u: that of each "
		"verb is #/$defs/answer.VERB\",\n  \"$defs\": {\n",
		OPERATOR_VERSION);
	for (uint32_t table = 0; table < ANSWER_TABLES; table++) {
		print_record(to, table);
		fprintf(to, ",\n");
	}
	for (uint32_t verb = 0; verb < COMMAND_COUNT; verb++) {
		print_answer(to, &command_rows[verb]);
		fprintf(to, verb + 1 < COMMAND_COUNT ? ",\n" : "\n");
	}
	fprintf(to, "  }\n}\n");
}

/* ---- documents ---- */

void verbs_print_table(FILE *to)
{
	operator_help_t help;
	fprintf(to, "| command | what it does |\n|---|---|\n");
	for (uint32_t verb = 0; command_help("", verb, &help); verb++)
		fprintf(to, "| `%s%s%s` | %s. %s |\n", help.verb, help.argument ? " " : "",
			help.argument ? help.argument : "", help.does, help.more);
}

static const char *kind_of(const answer_field_t *field)
{
#define KIND(kind, json) [OPERATOR_##kind##_VALUE] = (json),
	static const char *const kinds[] = {OPERATOR_KINDS(KIND)};
#undef KIND
	return kinds[field->kind];
}

void verbs_print_fields(FILE *to)
{
	fprintf(to, "| record | field | JSON | meaning |\n|---|---|---|---|\n");
	for (uint32_t table = 0; table < ANSWER_TABLES; table++) {
		const answer_table_t *record = &answer_tables[table];
		for (uint32_t i = 0; i < record->count; i++)
			fprintf(to, "| `%s` | `%s` | %s%s%s%s | %s |\n", record->name,
				record->fields[i].name, kind_of(&record->fields[i]),
				unit_of(&record->fields[i]),
				record->fields[i].kind == OPERATOR_LIST_VALUE ? " of " : "",
				record->fields[i].kind == OPERATOR_LIST_VALUE
				    ? record->fields[i].heading
				    : "",
				means[table].fields[i]);
	}
}
