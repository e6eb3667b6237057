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
#define ALL	((1u << MEMBERS) - 1)
#define LOOK_MS 50u
#define STORM	10000u /* interrupts in LOOK_MS */

static storm_t storm;
static uint64_t now_ms, began_ms[32], back_ms[MEMBERS];
static uint32_t count, members, others, culprit, foreign, rate;
static uint32_t aways[MEMBERS], cleared, named, gave_up;
static bool hides;   /* the culprit is quiet while another one is away */
static bool shorten; /* who is taken away is back before its time */
static storm_answer_t last;

static int fresh(void **state)
{
	(void)state;
	memset(&storm, 0, sizeof(storm));
	memset(aways, 0, sizeof(aways));
	now_ms = 0xffffff00u; /* 32 bits of it wrap in the middle */
	count = 0xfffff000u;
	members = ALL;
	culprit = NOBODY;
	others = foreign = cleared = gave_up = named = 0;
	hides = shorten = false;
	rate = STORM;
	last = (storm_answer_t){.suspect = NOBODY};
	for (uint32_t i = 0; i < MEMBERS; i++)
		began_ms[i] = now_ms + i; /* the last one is the newest */
	return 0;
}

static bool raises(void)
{
	return culprit != NOBODY && (members >> culprit & 1) && !(hides && members != ALL);
}

/* One look; who is to be taken away is, and comes back in time. */
static void look(void)
{
	now_ms += LOOK_MS;
	if (raises())
		count += rate;
	for (uint32_t i = 0; i < MEMBERS; i++)
		if (!(members >> i & 1) && now_ms >= back_ms[i]) {
			members |= 1u << i;
			began_ms[i] = now_ms;
		}
	storm_sight_t sight = {now_ms, count, members, others, began_ms, foreign};
	last = storm_look(&storm, &sight);
	cleared |= last.cleared == NOBODY ? 0 : 1u << last.cleared;
	named |= last.found == NOBODY ? 0 : 1u << last.found;
	gave_up += last.gave_up;
	if (last.suspect == NOBODY)
		return;
	assert_true(members >> last.suspect & 1);
	aways[last.suspect]++;
	members &= ~(1u << last.suspect);
	back_ms[last.suspect] = now_ms + (shorten ? LOOK_MS : last.ms);
}

static void looks(uint32_t ms)
{
	for (uint32_t at = 0; at < ms; at += LOOK_MS)
		look();
}

/* Who is named within so many milliseconds. */
static uint32_t found_within(uint32_t ms)
{
	for (uint32_t at = 0; at < ms; at += LOOK_MS) {
		look();
		if (last.found != NOBODY)
			return last.found;
	}
	return NOBODY;
}

static void whoever_lets_it_storm_is_named_and_the_others_are_cleared(void **state)
{
	for (uint32_t i = 0; i < MEMBERS; i++) {
		fresh(state);
		culprit = i;
		assert_int_equal(found_within(3000), i);
		assert_int_equal(cleared, ALL & ~(1u << i));
		for (uint32_t n = 0; n < MEMBERS; n++)
			assert_int_equal(aways[n], 1);
	}
}

static void the_one_that_came_last_goes_first(void **state)
{
	for (uint32_t i = 0; i < MEMBERS; i++) {
		fresh(state);
		began_ms[i] = now_ms + MEMBERS;
		culprit = i;
		while (last.suspect == NOBODY)
			look();
		assert_int_equal(last.suspect, i);
	}
}

static void whoever_is_alone_on_the_line_is_named_when_it_storms_again(void **state)
{
	(void)state;
	culprit = 1;
	members = 1u << 1;
	back_ms[0] = back_ms[2] = UINT64_MAX;
	assert_int_equal(found_within(1000), 1);
	assert_int_equal(aways[1], 1);
}

/* Its device is broken for good: the others are not asked for that again. */
static void who_was_named_before_is_the_only_one_to_go(void **state)
{
	(void)state;
	culprit = 0;
	assert_int_equal(found_within(3000), 0);
	for (uint32_t i = 2; i <= 5; i++) {
		assert_int_equal(found_within(1000), 0);
		assert_int_equal(aways[0], i);
		assert_int_equal(aways[1] + aways[2], 2);
	}
}

/* Also before one that came later; and if it storms on without it, that is no mark any more. */
static void who_was_named_before_goes_first_until_it_is_cleared(void **state)
{
	(void)state;
	culprit = 0;
	assert_int_equal(found_within(3000), 0);
	storm.loud = 0;
	culprit = 1;
	began_ms[0] = now_ms - 1;
	began_ms[2] = now_ms;
	while (last.suspect == NOBODY)
		look();
	assert_int_equal(last.suspect, 0);
	while (last.cleared == NOBODY)
		look();
	assert_int_equal(last.cleared, 0);
	assert_int_equal(storm.culprit, 0);
	assert_int_equal(found_within(3000), 1);
	assert_int_equal(named, 1u << 0 | 1u << 1);
}

/* Each search begins with an innocent, without which the line is quiet. */
static void who_is_quiet_while_another_one_is_away_frames_nobody(void **state)
{
	for (uint32_t i = 0; i < MEMBERS; i++) {
		fresh(state);
		culprit = i;
		hides = true;
		looks(STORM_REST_MS / 2);
		assert_int_equal(named, 0);
		assert_int_equal(gave_up, 1);
		for (uint32_t n = 0; n < MEMBERS; n++)
			assert_int_equal(aways[n], 2);
	}
}

/* What it costs the innocent: 1.5 s in a minute. */
static void a_line_whose_culprit_hides_is_let_be_for_a_while(void **state)
{
	(void)state;
	culprit = 0;
	hides = true;
	looks(10 * STORM_REST_MS);
	assert_in_range(gave_up, 8, 10);
	assert_in_range(aways[2], 2 * gave_up, 2 * gave_up + 2);
	hides = false;
	assert_int_equal(found_within(2 * STORM_REST_MS), 0);
	assert_int_equal(named, 1u << 0);
}

/* It storms in bursts, whoever is away, and is quiet for longer than one is away at first. */
static void who_storms_in_bursts_is_named_in_the_end(void **state)
{
	(void)state;
	for (uint32_t at = 0; at < STORM_REST_MS && !named; at += LOOK_MS) {
		culprit = at % 700 < 250 ? 0 : NOBODY;
		look();
	}
	assert_int_equal(named, 1u << 0);
}

/* Nothing follows from what happened meanwhile, and the search goes on. */
static void who_is_back_too_early_is_neither_cleared_nor_suspected(void **state)
{
	(void)state;
	culprit = 0;
	shorten = true;
	looks(1000);
	assert_int_equal(named | cleared | storm.quiet, 0);
	shorten = false;
	assert_int_equal(found_within(3000), 0);
}

/* Its device may raise the line: the others are not all that is left. */
static void who_begins_or_leaves_may_be_it(void **state)
{
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		storm.last_ms = now_ms;
		storm.quiet = 1u << 2;
		storm.loud = 1u << 1;
		members = 1u << 1 | 1u << 2;
		back_ms[0] = UINT64_MAX;
		others = i << 0;
		culprit = 2;
		assert_int_equal(found_within(200), i ? NOBODY : 2);
	}
}

/* It cannot have done it in the whole of the window. */
static void who_was_away_meanwhile_is_not_named(void **state)
{
	for (uint32_t away_at = 0; away_at <= 3; away_at++) {
		fresh(state);
		storm.last_ms = now_ms;
		storm.quiet = 1u << 2;
		storm.loud = 1u << 0 | 1u << 1;
		back_ms[2] = UINT64_MAX;
		for (uint32_t at = 0; at < 3; at++) {
			members = at == away_at ? ALL & ~(1u << 2) : ALL;
			count += STORM;
			look();
		}
		assert_int_equal(last.found, away_at < 3 ? NOBODY : 2);
	}
}

static void another_one_is_found_after_the_first(void **state)
{
	(void)state;
	culprit = 0;
	assert_int_equal(found_within(3000), 0);
	looks(STORM_APART_MS);
	culprit = NOBODY;
	looks(STORM_REST_MS + 1000);
	culprit = 1;
	assert_int_equal(found_within(3000), 1);
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

/* In so many windows so many times as much is a storm. */
static void a_look_that_comes_late_is_of_as_many_windows(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		fresh(state);
		look();
		now_ms += 3 * STORM_WINDOW_MS - LOOK_MS;
		count += 3 * STORM_MOST - 1 + i;
		look();
		assert_int_equal(last.suspect, i ? MEMBERS - 1 : NOBODY);
	}
}

/* Much fewer interrupts, but of all that came in a window none was anybody's. */
static void whoever_raises_interrupts_that_are_nobodys_is_named(void **state)
{
	for (uint32_t i = 0; i < MEMBERS; i++) {
		fresh(state);
		culprit = i;
		rate = STORM_FOREIGN * LOOK_MS / STORM_WINDOW_MS;
		foreign = UINT32_MAX;
		assert_int_equal(found_within(3000), i);
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
	assert_int_equal(aways[0] | aways[1] | aways[2], 0);
}

/* All are cleared, and nobody is asked again for a while. */
static void a_line_that_storms_without_any_of_them_is_nobodys(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		count += STORM;
		look();
	}
	assert_int_equal(named, 0);
	assert_int_equal(cleared, ALL);
	assert_int_equal(gave_up, 1);
	for (uint32_t n = 0; n < MEMBERS; n++)
		assert_int_equal(aways[n], 1);
	assert_int_equal(members, ALL);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(whoever_lets_it_storm_is_named_and_the_others_are_cleared),
	    TEST(the_one_that_came_last_goes_first),
	    TEST(whoever_is_alone_on_the_line_is_named_when_it_storms_again),
	    TEST(who_was_named_before_is_the_only_one_to_go),
	    TEST(who_was_named_before_goes_first_until_it_is_cleared),
	    TEST(who_is_quiet_while_another_one_is_away_frames_nobody),
	    TEST(a_line_whose_culprit_hides_is_let_be_for_a_while),
	    TEST(who_storms_in_bursts_is_named_in_the_end),
	    TEST(who_is_back_too_early_is_neither_cleared_nor_suspected),
	    TEST(who_begins_or_leaves_may_be_it),
	    TEST(who_was_away_meanwhile_is_not_named),
	    TEST(another_one_is_found_after_the_first),
	    TEST(a_line_that_is_only_busy_is_left_alone),
	    TEST(a_look_that_comes_late_is_of_as_many_windows),
	    TEST(whoever_raises_interrupts_that_are_nobodys_is_named),
	    TEST(seldom_ones_or_somebodys_are_left_alone),
	    TEST(a_line_that_storms_without_any_of_them_is_nobodys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
