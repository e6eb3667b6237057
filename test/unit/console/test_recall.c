/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands that were typed before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "servers/console/recall.h"

static recall_t recall;

static int fresh(void **state)
{
	(void)state;
	memset(&recall, 0, sizeof(recall));
	return 0;
}

static void add(const char *text)
{
	recall_add(&recall, text, (uint32_t)strlen(text));
}

static void is_at(uint32_t at, const char *text)
{
	char found[LINE_MOST];
	uint32_t length = recall_text(&recall, at, found);
	assert_int_equal(length, strlen(text));
	assert_memory_equal(found, text, length);
}

static void they_come_back_in_order_and_an_end_is_an_end(void **state)
{
	(void)state;
	uint32_t at = recall.end;
	assert_false(recall_before(&recall, &at));
	assert_false(recall_behind(&recall, &at));
	add("ps");
	add("kill x");
	at = recall.end;
	assert_true(recall_before(&recall, &at));
	is_at(at, "kill x");
	assert_true(recall_before(&recall, &at));
	is_at(at, "ps");
	assert_false(recall_before(&recall, &at));
	is_at(at, "ps");
	assert_true(recall_behind(&recall, &at));
	is_at(at, "kill x");
	assert_true(recall_behind(&recall, &at));
	assert_int_equal(at, recall.end);
	assert_false(recall_behind(&recall, &at));
}

static void nothing_and_the_same_again_are_not_added(void **state)
{
	(void)state;
	add("ps");
	uint32_t end = recall.end;
	add("");
	add("ps");
	assert_int_equal(recall.end, end);
	add("p");
	add("ps");
	assert_true(recall.end > end);
}

static void the_oldest_are_forgotten_and_none_is_half_there(void **state)
{
	char text[LINE_MOST + 1], found[LINE_MOST];
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		memset(text, 'a' + (int)(i % 26), sizeof(text));
		text[i % LINE_MOST + 1] = '\0';
		add(text);
		uint32_t at = recall.end;
		for (unsigned back = i; recall_before(&recall, &at); back--) {
			uint32_t length = recall_text(&recall, at, found);
			assert_int_equal(length, back % LINE_MOST + 1);
			for (uint32_t n = 0; n < length; n++)
				assert_int_equal(found[n], 'a' + back % 26);
		}
		assert_true(recall.end - at <= RECALL_KEPT);
		assert_true(recall.end - at >=
			    (i < LINE_MOST ? 1 : RECALL_KEPT - 2 * LINE_MOST - 2));
	}
}

/* Who dies while it adds leaves the others whole. */
static void what_is_not_added_to_its_end_damages_none(void **state)
{
	char text[LINE_MOST];
	(void)state;
	for (unsigned i = 0; i < 100; i++)
		add(i % 2 ? "explain serial" : "log --level warn");
	recall_t before = recall;
	memset(text, 'x', sizeof(text));
	recall_add(&recall, text, LINE_MOST);
	recall.end = before.end; /* the store that did not come */
	for (uint32_t at = recall.end, other = at; recall_before(&before, &other);) {
		assert_true(recall_before(&recall, &at));
		assert_int_equal(at, other);
		is_at(at, (recall.end - at) && recall.bytes[at % RECALL_BYTES] == 'e'
			      ? "explain serial"
			      : "log --level warn");
	}
}

/* The page was somebody else's. */
static void whatever_the_bytes_are_reading_them_ends(void **state)
{
	char found[LINE_MOST];
	uint32_t seed = 1;
	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		for (uint32_t i = 0; i < RECALL_BYTES; i++) {
			seed = seed * 1664525u + 1013904223u;
			recall.bytes[i] = seed >> 30 ? (char)(seed >> 8) : '\n';
		}
		recall.end = round % 2 ? seed : round;
		uint32_t at = round % 3 ? recall.end : seed >> 3, moved = 0;
		while (recall_before(&recall, &at))
			assert_true(++moved <= RECALL_BYTES);
		while (recall_behind(&recall, &at))
			assert_true(++moved <= 3 * RECALL_BYTES);
		assert_true(recall_text(&recall, at, found) <= LINE_MOST);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(they_come_back_in_order_and_an_end_is_an_end, fresh),
	    cmocka_unit_test_setup(nothing_and_the_same_again_are_not_added, fresh),
	    cmocka_unit_test_setup(the_oldest_are_forgotten_and_none_is_half_there, fresh),
	    cmocka_unit_test_setup(what_is_not_added_to_its_end_damages_none, fresh),
	    cmocka_unit_test_setup(whatever_the_bytes_are_reading_them_ends, fresh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
