/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is found to let a shared line storm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/storm.h"

#define MEMBERS 3u
#define LOOK_MS 50u
#define STORM	10000u /* interrupts in LOOK_MS */

static storm_t storm;
static uint64_t now_ms, began_ms[32], back_ms[MEMBERS];
static uint32_t apart_ms;
static uint32_t count, members, culprit, foreign, rate, failures[MEMBERS];
static storm_answer_t last;

static int fresh(void **state)
{
	(void)state;
	memset(&storm, 0, sizeof(storm));
	memset(failures, 0, sizeof(failures));
	now_ms = 0xffffff00u; /* 32 bits of it wrap in the middle */
	count = 0xfffff000u;
	members = (1u << MEMBERS) - 1;
	culprit = NOBODY;
	foreign = 0;
	apart_ms = STORM_APART_MS;
	rate = STORM;
	for (uint32_t i = 0; i < MEMBERS; i++)
		began_ms[i] = now_ms + i; /* the last one is the newest */
	return 0;
}

/* One look; who is to be taken away is, and comes back in time. */
static void look(void)
{
	now_ms += LOOK_MS;
	if (culprit != NOBODY && (members >> culprit & 1))
		count += rate;
	for (uint32_t i = 0; i < MEMBERS; i++)
		if (!(members >> i & 1) && now_ms >= back_ms[i]) {
			members |= 1u << i;
			began_ms[i] = now_ms;
		}
	storm_sight_t sight = {now_ms, count, members, began_ms, foreign};
	last = storm_look(&storm, &sight);
	if (last.cleared != NOBODY)
		failures[last.cleared]--;
	if (last.suspect == NOBODY)
		return;
	assert_true(members >> last.suspect & 1);
	failures[last.suspect]++;
	members &= ~(1u << last.suspect);
	back_ms[last.suspect] = now_ms + apart_ms;
}

/* Who is found within so many milliseconds. */
static uint32_t found_within(uint32_t ms)
{
	for (uint32_t at = 0; at < ms; at += LOOK_MS) {
		look();
		if (last.found != NOBODY)
			return last.found;
	}
	return NOBODY;
}

static void whoever_lets_it_storm_is_found_and_the_others_are_cleared(void **state)
{
	for (uint32_t i = 0; i < MEMBERS; i++) {
		fresh(state);
		culprit = i;
		assert_int_equal(found_within(1000), i);
		for (uint32_t n = 0; n < MEMBERS; n++)
			assert_int_equal(failures[n], n == i);
	}
}

static void who_was_found_before_is_taken_first(void **state)
{
	(void)state;
	culprit = 0;
	assert_int_equal(found_within(1000), 0);
	assert_int_equal(found_within(1000), 0); /* it came back, and is the only one to go */
	assert_int_equal(failures[0], 2);
	assert_int_equal(failures[1], 0);
	assert_int_equal(failures[2], 0);
}

/* The line storms on without the one that was found before: that is no mark of it any more. */
static void who_was_found_before_and_is_cleared_is_not_taken_first_again(void **state)
{
	(void)state;
	culprit = 0;
	assert_int_equal(found_within(1000), 0);
	while (members != (1u << MEMBERS) - 1)
		look();
	culprit = 1;
	while (last.cleared == NOBODY)
		look();
	assert_int_equal(last.cleared, 0);
	assert_int_equal(storm.culprit, 0);
}

/* Nothing follows from what happened meanwhile, and the search goes on. */
static void who_is_back_too_early_is_looked_for_anew(void **state)
{
	(void)state;
	culprit = 0;
	apart_ms = LOOK_MS;
	assert_int_equal(found_within(500), NOBODY);
	apart_ms = STORM_APART_MS;
	assert_int_equal(found_within(2000), 0);
}

/* Also when another one has come later. */
static void who_was_found_before_is_taken_before_who_is_newer(void **state)
{
	(void)state;
	culprit = 0;
	assert_int_equal(found_within(1000), 0);
	while (members != (1u << MEMBERS) - 1)
		look();
	began_ms[1] = now_ms + 1;
	while (last.suspect == NOBODY)
		look();
	assert_int_equal(last.suspect, 0);
	assert_int_equal(found_within(1000), 0);
}

static void another_one_is_found_after_the_first(void **state)
{
	(void)state;
	culprit = 0;
	assert_int_equal(found_within(1000), 0);
	culprit = 1;
	assert_int_equal(found_within(2000), 1);
	assert_int_equal(failures[0], 1); /* what it did itself */
	assert_int_equal(failures[2], 0);
}

static void a_line_that_is_only_busy_is_left_alone(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		count += STORM_MOST * LOOK_MS / STORM_WINDOW_MS - 1;
		look();
		assert_int_equal(last.suspect, NOBODY);
	}
}

/* Much fewer interrupts, but of all that came in a window none was anybody's. */
static void whoever_raises_interrupts_that_are_nobodys_is_found(void **state)
{
	for (uint32_t i = 0; i < MEMBERS; i++) {
		fresh(state);
		culprit = i;
		rate = STORM_FOREIGN * LOOK_MS / STORM_WINDOW_MS;
		foreign = UINT32_MAX;
		assert_int_equal(found_within(1000), i);
		for (uint32_t n = 0; n < MEMBERS; n++)
			assert_int_equal(failures[n], n == i);
	}
}

static void seldom_ones_or_somebodys_are_left_alone(void **state)
{
	(void)state;
	culprit = 0;
	foreign = UINT32_MAX;
	rate = STORM_FOREIGN * LOOK_MS / STORM_WINDOW_MS - 1;
	assert_int_equal(found_within(1000), NOBODY);
	rate = 10 * STORM_FOREIGN;
	foreign = STORM_FOREIGN - 1;
	assert_int_equal(found_within(1000), NOBODY);
	assert_int_equal(failures[0] | failures[1] | failures[2], 0);
}

static void a_line_that_storms_without_any_of_them_is_nobodys(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		count += STORM;
		look();
		assert_int_equal(last.found, NOBODY);
	}
	for (uint32_t n = 0; n < MEMBERS; n++)
		assert_int_equal(failures[n], 0);
	assert_int_equal(members, (1u << MEMBERS) - 1);
}

static void one_that_comes_back_too_early_is_neither_found_nor_cleared(void **state)
{
	(void)state;
	culprit = 0;
	while (last.suspect == NOBODY)
		look();
	uint32_t suspect = last.suspect;
	members |= 1u << suspect;
	look();
	assert_int_equal(last.cleared, NOBODY);
	assert_int_equal(last.found, NOBODY);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(whoever_lets_it_storm_is_found_and_the_others_are_cleared),
	    TEST(who_was_found_before_is_taken_before_who_is_newer),
	    TEST(who_was_found_before_is_taken_first),
	    TEST(who_is_back_too_early_is_looked_for_anew),
	    TEST(who_was_found_before_and_is_cleared_is_not_taken_first_again),
	    TEST(another_one_is_found_after_the_first),
	    TEST(a_line_that_is_only_busy_is_left_alone),
	    TEST(whoever_raises_interrupts_that_are_nobodys_is_found),
	    TEST(seldom_ones_or_somebodys_are_left_alone),
	    TEST(a_line_that_storms_without_any_of_them_is_nobodys),
	    TEST(one_that_comes_back_too_early_is_neither_found_nor_cleared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
