/* SPDX-License-Identifier: BSD-2-Clause */
/* Which reports are kept, of report/store.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/store.h"

#define FIRST 3u /* two drivers */
#define OTHER 4u

static store_t store;

static int fresh(void **state)
{
	(void)state;
	memset(&store, 0, sizeof(store));
	return 0;
}

/* A death of the driver, whose report says by its error which one it was. */
static void dies(uint32_t index, int32_t error)
{
	store_place_t *place = store_open(&store, index);
	assert_int_equal(place->facts.generation, 0); /* nothing of an earlier report is left */
	place->facts.error = error;
	place->facts.generation = (uint32_t)error;
	memset(place->stack, error, sizeof(place->stack));
	store_seal(&store, place);
}

static int32_t error_of(uint32_t index, uint32_t report)
{
	const store_place_t *place = store_find(&store, index, report);
	if (!place)
		return 0;
	assert_int_equal(place->facts.index, index);
	assert_int_equal(place->stack[0], (uint8_t)place->facts.error);
	return place->facts.error;
}

static void nobody_died_yet(void **state)
{
	death_line_t lines[DEATH_LINES];
	(void)state;
	assert_null(store_find(&store, FIRST, 0));
	assert_int_equal(store_lines(&store, FIRST, lines), 0);
	store_decide(&store, FIRST, DECIDED_RESTART, 1, 2); /* of no death: nothing happens */
	store_forgot(&store, FIRST);
	assert_null(store_find(&store, FIRST, 0));
}

static void the_last_report_comes_first(void **state)
{
	(void)state;
	dies(FIRST, 1);
	dies(OTHER, 2);
	dies(FIRST, 3);
	assert_int_equal(error_of(FIRST, 0), 3);
	assert_int_equal(error_of(FIRST, 1), 1);
	assert_int_equal(error_of(FIRST, 2), 0);
	assert_int_equal(error_of(OTHER, 0), 2);
	assert_int_equal(store_find(&store, FIRST, 0)->number, 3);
}

/* However often others die. */
static void each_driver_keeps_its_last_report(void **state)
{
	(void)state;
	for (uint32_t index = 0; index < REGISTRY_MAX; index++)
		dies(index, (int32_t)index + 1);
	for (int32_t n = 0; n < 200; n++)
		dies(FIRST, 100 + n);
	for (uint32_t index = 0; index < REGISTRY_MAX; index++)
		if (index != FIRST)
			assert_int_equal(error_of(index, 0), index + 1);
}

/* A hundred deaths in a row lose none of the newest. */
static void the_pool_has_the_newest_of_all(void **state)
{
	(void)state;
	for (uint32_t index = 0; index < REGISTRY_MAX; index++)
		dies(index, 1);
	for (int32_t n = 1; n <= 100; n++)
		dies(FIRST, n);
	/* One place more is there to be used next. */
	for (uint32_t n = 0; n <= DEATH_POOL + 1; n++)
		assert_int_equal(error_of(FIRST, n), 100 - n);
	assert_int_equal(error_of(FIRST, DEATH_POOL + 2), 0);
	for (int32_t n = 1; n <= 4; n++)
		dies(OTHER, n);
	for (uint32_t n = 0; n <= DEATH_POOL - 2; n++)
		assert_int_equal(error_of(FIRST, n), 100 - n);
	assert_int_equal(error_of(FIRST, DEATH_POOL - 1), 0); /* the oldest are out */
	assert_int_equal(error_of(OTHER, 3), 1);
}

/* A manager that dies while it takes one leaves those that were whole. */
static void a_report_that_is_not_whole_is_not_shown(void **state)
{
	(void)state;
	for (uint32_t index = 0; index < REGISTRY_MAX; index++)
		dies(index, (int32_t)index + 1);
	for (int32_t n = 0; n < 40; n++)
		dies(FIRST, 100 + n);
	store_place_t *torn = store_open(&store, FIRST);
	torn->facts.error = 77;
	memset(torn->stack, 77, sizeof(torn->stack));
	assert_int_equal(error_of(FIRST, 0), 139);
	for (uint32_t index = 0; index < REGISTRY_MAX; index++)
		assert_int_not_equal(error_of(index, 0), 77);
	assert_ptr_equal(store_open(&store, OTHER), torn); /* and its place is used again */
}

static void the_history_has_eight_lines(void **state)
{
	death_line_t lines[DEATH_LINES];
	(void)state;
	for (int32_t n = 1; n <= 3; n++)
		dies(FIRST, n);
	assert_int_equal(store_lines(&store, FIRST, lines), 3);
	assert_int_equal(lines[0].error, 3);
	assert_int_equal(lines[2].error, 1);
	for (int32_t n = 4; n <= 20; n++)
		dies(FIRST, n);
	dies(OTHER, 1);
	assert_int_equal(store_lines(&store, FIRST, lines), DEATH_LINES);
	for (int32_t n = 0; n < (int32_t)DEATH_LINES; n++)
		assert_int_equal(lines[n].error, 20 - n);
	assert_int_equal(store_lines(&store, OTHER, lines), 1);
}

static void what_became_of_an_end_is_said_of_the_last_one_alone(void **state)
{
	death_line_t lines[DEATH_LINES];
	(void)state;
	dies(FIRST, 1);
	dies(FIRST, 2);
	dies(OTHER, 3);
	store_decide(&store, FIRST, DECIDED_RESTART, 5, 100);
	store_forgot(&store, FIRST);
	const death_facts_t *facts = &store_find(&store, FIRST, 0)->facts;
	assert_int_equal(facts->decided, DECIDED_RESTART);
	assert_int_equal(facts->restart, 5);
	assert_int_equal(facts->delay_ms, 100);
	assert_int_equal(facts->forgot, 1);
	assert_int_equal(store_find(&store, FIRST, 1)->facts.decided, DECIDED_NOTHING);
	assert_int_equal(store_find(&store, FIRST, 1)->facts.forgot, 0);
	assert_int_equal(store_find(&store, OTHER, 0)->facts.decided, DECIDED_NOTHING);
	store_lines(&store, FIRST, lines);
	assert_int_equal(lines[0].decided, DECIDED_RESTART);
	assert_int_equal(lines[0].delay_ms, 100);
	assert_int_equal(lines[1].decided, DECIDED_NOTHING);
}

/* Numbers wrap after 2^32 deaths; none is 0, which is no number. */
static void what_is_dropped_is_one_driver_s_alone(void **state)
{
	death_line_t lines[DEATH_LINES];
	(void)state;
	dies(FIRST, 1);
	dies(OTHER, 2);
	dies(FIRST, 3);
	store_drop(&store, FIRST);
	assert_null(store_find(&store, FIRST, 0));
	assert_int_equal(store_lines(&store, FIRST, lines), 0);
	assert_int_equal(error_of(OTHER, 0), 2);
	assert_int_equal(store_lines(&store, OTHER, lines), 1);
	dies(FIRST, 4);
	assert_int_equal(error_of(FIRST, 0), 4);
	assert_int_equal(error_of(FIRST, 1), 0);
}

static void numbers_wrap(void **state)
{
	(void)state;
	store.last = UINT32_MAX - 1;
	dies(FIRST, 1);
	dies(FIRST, 2);
	dies(FIRST, 3);
	assert_int_equal(store_find(&store, FIRST, 0)->number, 2);
	for (uint32_t n = 0; n < 3; n++)
		assert_int_equal(error_of(FIRST, n), 3 - n);
}

/* Whatever a manager that ran wild wrote there. */
static void nonsense_is_no_driver_s_and_is_overwritten(void **state)
{
	(void)state;
	dies(FIRST, 1);
	for (uint32_t i = 0; i < STORE_PLACES; i++)
		if (!store.places[i].number) {
			store.places[i].number = 1000 + i;
			store.places[i].index = 0xdeadbeefu;
		}
	dies(FIRST, 2);
	assert_int_equal(error_of(FIRST, 0), 2);
	assert_int_equal(error_of(FIRST, 1), 1);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nobody_died_yet),
	    TEST(the_last_report_comes_first),
	    TEST(each_driver_keeps_its_last_report),
	    TEST(the_pool_has_the_newest_of_all),
	    TEST(a_report_that_is_not_whole_is_not_shown),
	    TEST(the_history_has_eight_lines),
	    TEST(what_became_of_an_end_is_said_of_the_last_one_alone),
	    TEST(what_is_dropped_is_one_driver_s_alone),
	    TEST(numbers_wrap),
	    TEST(nonsense_is_no_driver_s_and_is_overwritten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
