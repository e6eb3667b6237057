/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as JSON and as columns: every kind of value, null, lists, and a sink of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cap/answer.h"

typedef struct record {
	uint32_t set;
	const char *name, *words;
	uint32_t count, hex, percent, flag;
	int32_t error;
	uint32_t state, version;
} record_t;

#define FIELD(member, kind, heading, width)                                                    \
	{                                                                                      \
#member, heading, offsetof(record_t, member), OPERATOR_##kind##_VALUE, width   \
	}
static const answer_field_t fields[] = {
    FIELD(name, TEXT, "NAME", 6),    FIELD(words, WORDS, "", 0),
    FIELD(count, COUNT, "COUNT", 5), FIELD(hex, HEX, "HEX", 6),
    FIELD(percent, PERCENT, "%", 5), FIELD(flag, FLAG, "", 0),
    FIELD(error, ERROR, "ERROR", 9), FIELD(state, STATE, "STATE", 8),
    FIELD(version, VERSION, "", 0),
};
static const answer_table_t table = {"record", fields, 9};

static char out[512];

static const char *written(const answer_writer_t *writer, const answer_event_t *event)
{
	json_sink_t sink = {.to = out, .size = sizeof(out)};
	answer_json(writer, event, &sink);
	out[sink.used] = '\0';
	assert_false(sink.full);
	return out;
}

static const record_t full = {.set = 0x1ff,
			      .name = "a",
			      .words = "b  c",
			      .count = UINT32_MAX,
			      .hex = 0x3f8,
			      .percent = 1005,
			      .flag = 1,
			      .error = DRV_EIO,
			      .state = STATE_RUNNING,
			      .version = 0x20003};

static void each_kind_has_its_form(void **state)
{
	(void)state;
	answer_writer_t writer = {.shape = OPERATOR_OBJECT, .table = &table};
	answer_event_t event = {.what = ANSWER_RECORD, .record = &full};
	assert_string_equal(written(&writer, &event),
			    "{\"name\":\"a\",\"words\":[\"b\",\"c\"],\"count\":4294967295,"
			    "\"hex\":\"0x3f8\",\"percent\":100.5,\"flag\":true,"
			    "\"error\":\"DRV_EIO\",\"state\":\"Running\",\"version\":\"2.3\"}");
	assert_true(answer_advance(&writer, &event)); /* and no more is to come */
}

static void what_is_not_set_or_no_text_is_null(void **state)
{
	(void)state;
	record_t record = full;
	record.set = 0x1ff & ~(1u << 2 | 1u << 7);
	record.name = NULL;
	record.words = "";
	answer_writer_t writer = {.shape = OPERATOR_LIST, .table = &table};
	assert_string_equal(
	    written(&writer, &(answer_event_t){.what = ANSWER_RECORD, .record = &record}),
	    "[{\"name\":null,\"words\":[],\"count\":null,\"hex\":\"0x3f8\","
	    "\"percent\":100.5,\"flag\":true,\"error\":\"DRV_EIO\",\"state\":null,"
	    "\"version\":\"2.3\"}");
}

static void a_list_is_closed_and_an_error_stands_in_it(void **state)
{
	(void)state;
	answer_writer_t writer = {.shape = OPERATOR_LIST, .table = &table};
	answer_event_t event = {.what = ANSWER_RECORD, .record = &full};
	answer_event_t end = {.what = ANSWER_ENDS};
	operator_error_t error = {0};
	ANSWER_SET(&error, error, error, DRV_EGONE);
	ANSWER_SET(&error, error, text, "gone");
	answer_event_t fails = {.what = ANSWER_FAILS, .record = &error};
	assert_string_equal(written(&writer, &end), "[]");
	assert_string_equal(written(&writer, &fails),
			    "{\"error\":\"DRV_EGONE\",\"text\":\"gone\"}");
	assert_int_equal(*written(&writer, &event), '[');
	assert_false(answer_advance(&writer, &event));
	assert_int_equal(*written(&writer, &event), ',');
	assert_string_equal(written(&writer, &end), "]");
	assert_string_equal(written(&writer, &fails),
			    ",{\"error\":\"DRV_EGONE\",\"text\":\"gone\"}]");
	assert_true(answer_advance(&writer, &end));
	assert_true(answer_advance(&writer, &fails));
}

/* Lists of an object are opened in order, also those that stay empty. */
static void an_object_has_all_its_lists(void **state)
{
	static const answer_field_t own[] = {
	    {"name", "", offsetof(record_t, name), OPERATOR_TEXT_VALUE, 0},
	    {"some", "frame", 0, OPERATOR_LIST_VALUE, 0},
	    {"more", "frame", 0, OPERATOR_LIST_VALUE, 0}};
	static const answer_table_t object = {"object", own, 3};
	(void)state;
	for (uint32_t first = 0; first < 3; first++)
		for (uint32_t second = 0; second < 3; second++) {
			char whole[512] = "", expected[512];
			answer_writer_t writer = {.shape = OPERATOR_OBJECT, .table = &object};
			operator_frame_t frame = {0};
			answer_event_t event = {.what = ANSWER_RECORD, .record = &full};
			strcat(whole, written(&writer, &event));
			assert_false(answer_advance(&writer, &event));
			event.record = &frame;
			for (uint32_t i = 0; i < first + second; i++) {
				event.part = i < first ? 1 : 2;
				strcat(whole, written(&writer, &event));
				assert_false(answer_advance(&writer, &event));
			}
			event.what = ANSWER_ENDS;
			strcat(whole, written(&writer, &event));
			const char *row = "{\"address\":null,\"function\":null,\"file\":null,"
					  "\"line\":null}";
			snprintf(expected, sizeof(expected),
				 "{\"name\":\"a\",\"some\":[%s%s%s],\"more\":[%s%s%s]}",
				 first ? row : "", first > 1 ? "," : "", first > 1 ? row : "",
				 second ? row : "", second > 1 ? "," : "",
				 second > 1 ? row : "");
			assert_string_equal(whole, expected);
		}
}

static void columns_stand_below_their_headings(void **state)
{
	char head[128], row[128];
	(void)state;
	answer_heading(&table, 8, head, sizeof(head));
	assert_string_equal(head, "NAME     COUNT    HEX     % ERROR     STATE   ");
	record_t record = full;
	record.count = 7;
	answer_row(&table, &record, 8, row, sizeof(row));
	assert_string_equal(row, "a            7  0x3f8 100.5 DRV_EIO   Running ");
	record.set = 1;
	answer_row(&table, &record, 8, row, sizeof(row));
	assert_string_equal(row, "a            -      -     - -         -       ");
	answer_row(&table, &full, 8, row, 6); /* cut, and no byte behind it */
	assert_string_equal(row, "a    ");
}

static void a_sink_keeps_what_comes_behind_what_it_had(void **state)
{
	static const char text[] = "\"\x1f\xe9\"",
			  expected[] = "\"\\\"\\u001f\\u00e9\\\"\"7null";
	(void)state;
	for (size_t skip = 0; skip <= strlen(expected); skip++)
		for (size_t size = 1; size < sizeof(expected) + 2; size++) {
			memset(out, '#', sizeof(out));
			json_sink_t sink = {.to = out, .size = size, .skip = skip};
			json_put_text(&sink, text);
			json_put_number(&sink, 7);
			json_put_text(&sink, NULL);
			size_t left = strlen(expected) - skip;
			assert_int_equal(sink.used, left < size ? left : size - 1);
			assert_int_equal(sink.full, left > size - 1);
			assert_memory_equal(out, expected + skip, sink.used);
			assert_int_equal(out[sink.used], '#');
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_has_its_form),
	    cmocka_unit_test(what_is_not_set_or_no_text_is_null),
	    cmocka_unit_test(a_list_is_closed_and_an_error_stands_in_it),
	    cmocka_unit_test(an_object_has_all_its_lists),
	    cmocka_unit_test(columns_stand_below_their_headings),
	    cmocka_unit_test(a_sink_keeps_what_comes_behind_what_it_had),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
