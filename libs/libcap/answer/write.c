/* SPDX-License-Identifier: BSD-2-Clause */
/* Values and records of cap/answer.h as JSON, and as columns. */
#include "cap/answer.h"

#include "cap/format.h"
#include "cap/report.h"
#include "cap/string.h"
#include "cap/word.h"

#define VALUE 32u /* characters of a value that is no text */

static const void *place_of(const answer_field_t *field, const void *record)
{
	return (const char *)record + field->offset;
}

static const char *text_of(const answer_field_t *field, const void *record)
{
	return *(const char *const *)place_of(field, record);
}

static uint32_t number_of(const answer_field_t *field, const void *record)
{
	return *(const uint32_t *)place_of(field, record);
}

static bool is_text(const answer_field_t *field)
{
	return field->kind == OPERATOR_TEXT_VALUE || field->kind == OPERATOR_WORDS_VALUE;
}

/* Each record begins with `set`. */
static bool is_null(const answer_table_t *table, uint32_t index, const void *record)
{
	const answer_field_t *field = &table->fields[index];
	return !(*(const uint32_t *)record >> index & 1) ||
	       (is_text(field) && !text_of(field, record));
}

/* What is no text, as characters that need no escapes. */
static void describe(const answer_field_t *field, const void *record, char text[VALUE])
{
	uint32_t value = number_of(field, record);
	switch (field->kind) {
	case OPERATOR_HEX_VALUE:
		format(text, VALUE, "0x%x", (unsigned)value);
		break;
	case OPERATOR_PERCENT_VALUE:
		format(text, VALUE, "%u.%u", (unsigned)(value / 10), (unsigned)(value % 10));
		break;
	case OPERATOR_FLAG_VALUE:
		format(text, VALUE, "%s", value ? "true" : "false");
		break;
	case OPERATOR_ERROR_VALUE:
		format(text, VALUE, "%s", error_name((int32_t)value));
		break;
	case OPERATOR_STATE_VALUE:
		memcpy(text, report_state(value), strlen(report_state(value)) + 1);
		break;
	case OPERATOR_VERSION_VALUE:
		format(text, VALUE, "%u.%u", (unsigned)(value >> 16),
		       (unsigned)(value & 0xffffu));
		break;
	default:
		format(text, VALUE, "%u", (unsigned)value);
	}
}

/* ---- JSON ---- */

static bool is_quoted(uint32_t kind)
{
	return kind == OPERATOR_HEX_VALUE || kind == OPERATOR_ERROR_VALUE ||
	       kind == OPERATOR_STATE_VALUE || kind == OPERATOR_VERSION_VALUE;
}

static void put_words(json_sink_t *sink, const char *text)
{
	const char *comma = "";
	json_put(sink, "[");
	for (word_t word = word_next(&text); word.length; word = word_next(&text)) {
		json_put(sink, comma);
		json_put_string(sink, word.at, word.length);
		comma = ",";
	}
	json_put(sink, "]");
}

static void put_value(const answer_field_t *field, const void *record, json_sink_t *sink)
{
	char text[VALUE];
	if (field->kind == OPERATOR_TEXT_VALUE) {
		json_put_text(sink, text_of(field, record));
	} else if (field->kind == OPERATOR_WORDS_VALUE) {
		put_words(sink, text_of(field, record));
	} else {
		describe(field, record, text);
		if (is_quoted(field->kind))
			json_put_text(sink, text);
		else
			json_put(sink, text);
	}
}

static void put_name(json_sink_t *sink, const char *name)
{
	json_put_text(sink, name);
	json_put(sink, ":");
}

/* All but lists, and no brace behind them. */
static void put_members(const answer_table_t *table, const void *record, json_sink_t *sink)
{
	for (uint32_t i = 0; i < table->count; i++) {
		const answer_field_t *field = &table->fields[i];
		if (field->kind == OPERATOR_LIST_VALUE)
			break; /* lists are the last ones */
		json_put(sink, i ? "," : "{");
		put_name(sink, field->name);
		if (is_null(table, i, record))
			json_put(sink, "null");
		else
			put_value(field, record, sink);
	}
}

/* The list field number `part`, from 1 on; null: there are not so many. */
static const answer_field_t *list_of(const answer_table_t *table, uint32_t part)
{
	for (uint32_t i = 0; i < table->count; i++)
		if (table->fields[i].kind == OPERATOR_LIST_VALUE && --part == 0)
			return &table->fields[i];
	return NULL;
}

static const answer_table_t *table_of(const char *name)
{
	for (uint32_t i = 0; i < ANSWER_TABLES; i++)
		if (!strcmp(answer_tables[i].name, name))
			return &answer_tables[i];
	return &answer_tables[ANSWER_OF_error];
}

static void put_object(const answer_table_t *table, const void *record, json_sink_t *sink)
{
	put_members(table, record, sink);
	json_put(sink, "}");
}

/* Ends the list that is open, and opens those up to number `part`. */
static void go_to_list(const answer_writer_t *writer, uint32_t part, json_sink_t *sink)
{
	for (uint32_t open = writer->part; open < part; open++) {
		json_put(sink, open ? "]," : ",");
		put_name(sink, list_of(writer->table, open + 1)->name);
		json_put(sink, "[");
	}
}

static void end_object(const answer_writer_t *writer, json_sink_t *sink)
{
	uint32_t lists = 0;
	while (list_of(writer->table, lists + 1))
		lists++;
	go_to_list(writer, lists, sink);
	json_put(sink, lists ? "]}" : "}");
}

static void put_record(const answer_writer_t *writer, const answer_event_t *event,
		       json_sink_t *sink)
{
	const answer_field_t *list = event->part ? list_of(writer->table, event->part) : NULL;
	if (writer->shape == OPERATOR_LIST) {
		json_put(sink, writer->begun ? "," : "[");
		put_object(writer->table, event->record, sink);
	} else if (list) {
		go_to_list(writer, event->part, sink);
		json_put(sink, writer->part == event->part && writer->count ? "," : "");
		put_object(table_of(list->heading), event->record, sink);
	} else {
		put_members(writer->table, event->record, sink);
		if (!list_of(writer->table, 1))
			json_put(sink, "}");
	}
}

void answer_json(const answer_writer_t *writer, const answer_event_t *event, json_sink_t *sink)
{
	bool lists = writer->shape == OPERATOR_LIST;
	if (event->what == ANSWER_RECORD) {
		put_record(writer, event, sink);
	} else if (event->what == ANSWER_FAILS && (lists || !writer->begun)) {
		json_put(sink, writer->begun ? "," : "");
		put_object(&answer_tables[ANSWER_OF_error], event->record, sink);
		json_put(sink, writer->begun ? "]" : "");
	} else if (lists) {
		json_put(sink, writer->begun ? "]" : "[]");
	} else {
		end_object(writer, sink);
	}
}

bool answer_advance(answer_writer_t *writer, const answer_event_t *event)
{
	if (event->what != ANSWER_RECORD)
		return true;
	writer->count = event->part == writer->part ? writer->count + 1 : 1;
	writer->part = event->part;
	writer->begun = true;
	return writer->shape == OPERATOR_OBJECT && !list_of(writer->table, 1);
}

/* ---- text ---- */

static bool is_left(uint32_t kind)
{
	return kind == OPERATOR_TEXT_VALUE || kind == OPERATOR_WORDS_VALUE ||
	       kind == OPERATOR_STATE_VALUE || kind == OPERATOR_ERROR_VALUE;
}

/* Text that is made: the screen's table is, each second, so it is made without format(). */
typedef struct row {
	char *to;
	size_t size, used;
} row_t;

static void put_some(row_t *row, const char *text, size_t length)
{
	size_t room = row->size - row->used - 1;
	length = length < room ? length : room;
	memcpy(row->to + row->used, text, length);
	row->used += length;
}

static void put_blanks(row_t *row, size_t count)
{
	size_t room = row->size - row->used - 1;
	count = count < room ? count : room;
	memset(row->to + row->used, ' ', count);
	row->used += count;
}

/* A column, and a blank before all but the first, which has its owner's width. */
static void put_column(row_t *row, const answer_field_t *field, uint32_t width,
		       const char *value)
{
	size_t length = strlen(value), wide = row->used ? field->width : width;
	size_t pad = wide > length ? wide - length : 0;
	put_blanks(row, row->used != 0);
	if (!is_left(field->kind))
		put_blanks(row, pad);
	put_some(row, value, length);
	if (is_left(field->kind))
		put_blanks(row, pad);
}

void answer_heading(const answer_table_t *table, uint32_t width, char *text, size_t size)
{
	row_t row = {.to = text, .size = size};
	for (uint32_t i = 0; i < table->count; i++)
		if (table->fields[i].width)
			put_column(&row, &table->fields[i], width, table->fields[i].heading);
	text[row.used] = '\0';
}

void answer_row(const answer_table_t *table, const void *record, uint32_t width, char *text,
		size_t size)
{
	row_t row = {.to = text, .size = size};
	for (uint32_t i = 0; i < table->count; i++) {
		const answer_field_t *field = &table->fields[i];
		char value[VALUE] = "-";
		const char *shown = value;
		bool null = is_null(table, i, record);
		if (!*field->heading || (null && !field->width))
			continue;
		if (!null && is_text(field))
			shown = text_of(field, record);
		else if (!null)
			describe(field, record, value);
		if (field->width) {
			put_column(&row, field, width, shown);
		} else if (*shown) {
			put_blanks(&row, row.used ? 2 : 0);
			put_some(&row, shown, strlen(shown));
		}
	}
	text[row.used] = '\0';
}
